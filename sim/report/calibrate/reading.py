"""A calibration as it lies on disk: facts, settings, waves, and how far it can be trusted."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
from pandas.api.types import is_bool_dtype

from sim.report import placing
from sim.report.columns import wrong
from sim.report.palette import Look
from sim.report.reading import Estimate, Findings, read_whole
from sim.report.words import Words

UNEVEN = 0.05  # chance below which ranks are told to be uneven
STABLE = 1.1  # of Gelman & Rubin's ratio
# Columns of each table that a report reads: texts | numbers.
COLUMNS = {
    "targets": "id kpi unit | reported low high usual best told_low told_high without_low "
    "without_high worst_without emulator_error",
    "settings": "setting unit | usual lowest highest best low high pinned even",
    "correlations": "first second | correlation",
    "waves": "| wave points left inside",
}
SWITCHES = ("inside", "covered")  # of the table targets
LOG = ",log)"  # how a range that is even over its logarithm ends


class Target(NamedTuple):
    """A fact that was aimed at, and what was found of it."""

    id: str
    kpi: str
    unit: str
    reported: Estimate  # within its bounds
    usual: float
    best: float
    told: Estimate  # at the best point, between where 90 % of the draws last lived lie
    without: Estimate  # the same had the fact not been known; of no best point
    worst_without: float
    emulator_error: float
    inside: bool
    covered: bool


class Setting(NamedTuple):
    """A setting that was estimated."""

    key: str
    unit: str
    usual: float
    lowest: float
    highest: float
    found: Estimate  # the best point, between where 90 % of the draws lie
    pinned: float
    even: float
    by_log: bool

    def place(self, value: float) -> float:
        """Where a value lies in what was thought possible, 0 to 1."""
        ends = (self.lowest, self.highest, value)
        low, high, own = (math.log(end) for end in ends) if self.by_log else ends
        return (own - low) / (high - low)


@dataclass(frozen=True)
class Calibration(Findings):
    """Tables and manifest, see `sim.experiments.calibrate.calibrate`."""

    targets: pd.DataFrame
    settings: pd.DataFrame
    correlations: pd.DataFrame
    waves: pd.DataFrame
    draws: pd.DataFrame
    ranks: pd.DataFrame
    points: pd.DataFrame

    @cached_property
    def facts(self) -> list[Target]:
        """Every fact that was aimed at."""
        return [_target(row) for row in self.targets.to_dict("records")]

    @cached_property
    def estimated(self) -> list[Setting]:
        """Every setting, the one that is pinned down most first."""
        asked = [str(each) for each in self.manifest["search"]["settings"]]
        by_log = {each.partition("=")[0] for each in asked if each.replace(" ", "").endswith(LOG)}
        rows = [_setting(row, by_log) for row in self.settings.to_dict("records")]
        return sorted(rows, key=lambda row: (-row.pinned, row.key))

    @property
    def nothing_left(self) -> bool:
        """Whether no point that was lived bears all facts."""
        return not (self.waves["inside"] > 0).any()

    @property
    def walkers_agree(self) -> float:
        """Gelman & Rubin's ratio; 1 is best."""
        return float(self.manifest["walkers_agree"])

    @property
    def emulators_off(self) -> float:
        """By how many of the deviations that they state; 1 is honest."""
        return float(self.manifest["emulators_off"])

    def named_looks(self, words: Words) -> dict[str, Look]:
        """Facts by whether the best point is inside; settings all alike."""
        facts = {
            label(row, words): placing.MET if row.inside else placing.MISSED for row in self.facts
        }
        return facts | {named(row.key, words): placing.OPEN for row in self.estimated}

    def named_reference(self, words: Words) -> str:
        """The evidence."""
        return words("calibrate.tables.reported")


def label(row: Target, words: Words) -> str:
    """A fact as it stands beside a dot."""
    return placing.label(row.id, words.own("facts", row.id, row.kpi), words)


def named(key: str, words: Words) -> str:
    """A setting's name in the reader's language; in English its key, without the first room."""
    said = words.setting(key)
    return key.partition(".")[2] if said == key else said


def _target(row: dict[Any, Any]) -> Target:
    nothing = float("nan")
    return Target(
        id=str(row["id"]),
        kpi=str(row["kpi"]),
        unit=str(row["unit"]),
        reported=Estimate(*(float(row[name]) for name in ("reported", "low", "high"))),
        usual=float(row["usual"]),
        best=float(row["best"]),
        told=Estimate(*(float(row[name]) for name in ("best", "told_low", "told_high"))),
        without=Estimate(nothing, float(row["without_low"]), float(row["without_high"])),
        worst_without=float(row["worst_without"]),
        emulator_error=float(row["emulator_error"]),
        inside=bool(row["inside"]),
        covered=bool(row["covered"]),
    )


def _setting(row: dict[Any, Any], by_log: set[str]) -> Setting:
    key = str(row["setting"])
    return Setting(
        key=key,
        unit=str(row["unit"]),
        usual=float(row["usual"]),
        lowest=float(row["lowest"]),
        highest=float(row["highest"]),
        found=Estimate(*(float(row[name]) for name in ("best", "low", "high"))),
        pinned=float(row["pinned"]),
        even=float(row["even"]),
        by_log=key in by_log and float(row["lowest"]) > 0,
    )


def read_calibration(directory: Path) -> Calibration:
    """Read and verify what `repurchase calibrate` wrote.

    Raises
    ------
    ResultsError
        When the folder holds something else or is torn.
    """
    return read_whole(directory, "calibrate", Calibration, _wrong, _astray)


def _wrong(found: Calibration) -> Iterator[str]:
    for name, columns in COLUMNS.items():
        yield from wrong(name, getattr(found, name), columns)
    for name in SWITCHES:
        if name not in found.targets or not is_bool_dtype(found.targets[name]):
            yield f"{name} in its table targets is no switch"


def _astray(found: Calibration) -> Iterator[str]:
    for name, column in (("targets", "id"), ("settings", "setting")):
        table = getattr(found, name)
        if table.empty or table[column].duplicated().any():
            yield f"its table {name} does not tell of every {column} once"
    if found.waves.empty:
        yield "its table waves is empty"
    if (found.settings["highest"] <= found.settings["lowest"]).any():
        yield "its table settings has a range without room"


__all__ = [
    "STABLE",
    "UNEVEN",
    "Calibration",
    "Setting",
    "Target",
    "label",
    "named",
    "read_calibration",
]
