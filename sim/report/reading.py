"""A comparison as it lies on disk, and what it has in common with a sweep."""

import os
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain
from math import isfinite, isnan
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import pandas as pd

from sim.report.columns import (
    BUDGETS,
    PLAUSIBLE,
    REGIONAL,
    TURNING,
    WORTH_KNOWING,
    WORTH_TRYING,
    checked,
)
from sim.report.palette import Look, looks
from sim.report.words import Words
from sim.store.folders import MANIFEST, readable, steadily, tables_in, unreadable
from sim.store.folders.kinds import EXPERIMENTS
from sim.store.runs import ResultsError, read_manifest

Told = TypeVar("Told")


@dataclass(frozen=True)
class Findings(ABC):
    """What a page is about: what an experiment found, and what its figures tell apart."""

    manifest: dict[str, Any]

    @abstractmethod
    def named_looks(self, words: Words) -> dict[str, Look]:
        """Colour and marker of all that figures tell apart, by what it is called."""

    @abstractmethod
    def named_reference(self, words: Words) -> str:
        """What that is called which the others are held against."""


@dataclass(frozen=True)
class Strategies(Findings):
    """What an experiment with strategies tells of them, whatever else it has."""

    strategies: pd.DataFrame  # what they are, in their own words

    @property
    @abstractmethod
    def names(self) -> list[str]:
        """All strategies, in the order in which they are shown."""

    @property
    def reference(self) -> str:
        """The strategy the others are compared with."""
        return str(self.manifest["reference"])

    @property
    def contradicted(self) -> frozenset[str]:
        """Ids of facts that the model does not meet, as far as they are told."""
        return frozenset()

    @cached_property
    def looks(self) -> dict[str, Look]:
        """Colour and marker of every strategy."""
        return looks(self.names, self.reference)

    def named_looks(self, words: Words) -> dict[str, Look]:
        """The same by the strategies' names in the reader's language."""
        return {words.strategy(name): self.looks[name] for name in self.names}

    def named_reference(self, words: Words) -> str:
        """The name of the strategy the others are compared with."""
        return words.strategy(self.reference)


class Estimate(NamedTuple):
    """A mean over replications with its interval, not finite where there is none."""

    mean: float
    low: float
    high: float

    @property
    def bounded(self) -> bool:
        """Whether there is an interval."""
        return isfinite(self.low) and isfinite(self.high)

    @property
    def differs(self) -> bool:
        """Whether the interval leaves out zero."""
        return self.bounded and (self.low > 0 or self.high < 0)

    def over(self, scale: float) -> "Estimate":
        """The same in a larger unit."""
        return Estimate(self.mean / scale, self.low / scale, self.high / scale)


class Changed(NamedTuple):
    """Households won and lost against the reference, means per world."""

    households: float
    won: float
    lost: float
    net_share: float


class Aimed(NamedTuple):
    """How a strategy does by a goal: its level, its difference, whether it is best."""

    mean: float
    low: float
    high: float
    extra: float
    extra_low: float
    extra_high: float
    probability_best: float

    @property
    def gain(self) -> Estimate:
        """The difference to the reference."""
        return Estimate(self.extra, self.extra_low, self.extra_high)


AIMED = Aimed._fields
Estimates = dict[str, Estimate]


@dataclass(frozen=True)
class Comparison(Strategies):
    """Tables and manifest of a comparison; see `sim.experiments.compare.tables`."""

    levels: pd.DataFrame
    differences: pd.DataFrame
    ranking: pd.DataFrame
    precision: pd.DataFrame
    money: pd.DataFrame
    won_lost: pd.DataFrame
    monthly: pd.DataFrame
    survival: pd.DataFrame
    news: pd.DataFrame
    sample: pd.DataFrame
    assumptions: pd.DataFrame
    changes: pd.DataFrame
    phases: pd.DataFrame
    facts: pd.DataFrame
    people: pd.DataFrame
    ladder: pd.DataFrame
    horizon: pd.DataFrame
    why: pd.DataFrame
    reach: pd.DataFrame
    payback: pd.DataFrame
    pilot: pd.DataFrame
    goals: pd.DataFrame
    worlds: pd.DataFrame
    budgets: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=BUDGETS))
    regional: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=REGIONAL))
    turning: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=TURNING))
    plausible: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=PLAUSIBLE))
    worth_knowing: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=WORTH_KNOWING))
    worth_trying: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=WORTH_TRYING))

    @property
    def unknown_interval(self) -> str:
        """The text that stands for a missing interval: of one world, or of a few equal ones."""
        return "unknown_interval" if self.manifest["replications"] > 1 else "no_interval"

    @cached_property
    def names(self) -> list[str]:
        """Strategies from best to worst by the goal."""
        return list(self.goals.loc[self.goals["goal"] == self.goal, "strategy"].astype(str))

    @property
    def contradicted(self) -> frozenset[str]:
        """Ids of facts that the model does not meet."""
        return frozenset(self.facts.loc[self.facts["verdict"] == "outside", "id"].astype(str))

    @property
    def goal(self) -> str:
        """The goal that decides, a word of the table `goals`."""
        return str(self.manifest["goal"])

    @property
    def days(self) -> int:
        """Days of its runs."""
        return int(self.horizon["day"].max())

    def aimed(self, goal: str) -> "dict[str, Aimed]":
        """How strategies do by a goal, from best to worst."""
        table = self.goals[self.goals["goal"] == goal]
        return {name: Aimed(*numbers) for name, *numbers in _rows(table, ("strategy",), AIMED)}

    @cached_property
    def goals_read(self) -> list[str]:
        """Goals that the run is long enough for, the one that decides first if it is."""
        known = self.goals[self.goals["mean"].notna()]
        return list(dict.fromkeys(known["goal"].astype(str)))

    def outcome(self, name: str, day: int | None = None) -> Estimates:
        """Levels of an outcome of people or money at a horizon, the end if none is said."""
        return self._outcomes.get((name, day or self.days), ({}, {}))[0]

    def extra(self, name: str, day: int | None = None) -> Estimates:
        """What such an outcome differs by from the reference, by strategy."""
        return self._outcomes.get((name, day or self.days), ({}, {}))[1]

    def level(self, indicator: str) -> Estimates:
        """Levels of an indicator in the whole population, by strategy."""
        return self._levels.get(indicator, {})

    def difference(self, indicator: str) -> Estimates:
        """Differences of an indicator in the whole population, by strategy."""
        return self._differences.get(indicator, {})

    def spent(self, item: str) -> Estimates:
        """An item of the money table, by strategy."""
        return self._money.get(item, {})

    def changed(self, by: str = "all", segment: str = "all") -> dict[str, Changed]:
        """Households won and lost in a segment, by strategy."""
        return self._changed.get((by, segment), {})

    def present(self, indicators: Sequence[str]) -> list[str]:
        """Those of the indicators that were measured."""
        levels = {name: self.level(name).values() for name in indicators}
        return [name for name, found in levels.items() if any(not isnan(e.mean) for e in found)]

    def unit(self, indicator: str) -> str:
        """Unit of an indicator."""
        return self._units[indicator]

    @cached_property
    def _outcomes(self) -> dict[tuple[str, int], tuple[Estimates, Estimates]]:
        found: dict[tuple[str, int], tuple[Estimates, Estimates]] = {}
        numbers = ("day", *Estimate._fields, "extra", "extra_low", "extra_high")
        for name, strategy, day, *ends in _rows(self.horizon, ("outcome", "strategy"), numbers):
            levels, extras = found.setdefault((name, int(day)), ({}, {}))
            levels[strategy] = Estimate(*ends[:3])
            if strategy != self.reference:
                extras[strategy] = Estimate(*ends[3:])
        return found

    @cached_property
    def _levels(self) -> dict[str, Estimates]:
        return _estimates(self.levels[self.levels["by"] == "all"], "indicator")

    @cached_property
    def _differences(self) -> dict[str, Estimates]:
        return _estimates(self.differences[self.differences["by"] == "all"], "indicator")

    @cached_property
    def _money(self) -> dict[str, Estimates]:
        return _estimates(self.money, "item")

    @cached_property
    def _changed(self) -> dict[tuple[str, str], dict[str, Changed]]:
        found: dict[tuple[str, str], dict[str, Changed]] = {}
        for by, segment, strategy, *numbers in _rows(
            self.won_lost, ("by", "segment", "strategy"), Changed._fields
        ):
            found.setdefault((by, segment), {})[strategy] = Changed(*numbers)
        return found

    @cached_property
    def _units(self) -> dict[str, str]:
        first = self.levels.drop_duplicates("indicator")
        return dict(zip(first["indicator"], first["unit"].astype(str), strict=True))


def read_comparison(directory: Path) -> Comparison:
    """Read and verify a comparison's tables.

    Raises
    ------
    ResultsError
        When the folder holds something else or is torn.
    """
    return steadily(
        directory, lambda: checked(Comparison(**read_tables(directory, "compare")), directory)
    )


def read_tables(directory: Path, experiment: str) -> dict[str, Any]:
    """Manifest and tables of the folder of an experiment, verified; refuses another's."""
    manifest = read_manifest(directory)
    if manifest.get("experiment") != experiment:
        raise ResultsError(
            f"{directory} was not written by `repurchase {experiment}`: name a folder that was."
        )
    read, kind = tables_in(directory, manifest).read, EXPERIMENTS[experiment]
    asked = [name for name in kind.at_times if f"{name}.parquet" in manifest["files"]]
    return {"manifest": manifest, **{name: read(name) for name in (*kind.tables, *asked)}}


def read_whole(
    directory: Path,
    experiment: str,
    form: Callable[..., Told],
    *complaints: Callable[[Told], Iterator[str]],
) -> Told:
    """Manifest and tables of the folder of an experiment in the form a report reads them in.

    Parameters
    ----------
    directory, experiment
        The folder, and what must have written it.
    form
        Made of ``manifest`` and of every table by name.
    complaints
        What is wrong with it, one after the other: the next is asked only where the one before has
        nothing to say.

    Raises
    ------
    ResultsError
        When the folder holds something else or is torn, with the first complaint.
    """

    def read() -> Told:
        found = form(**read_tables(directory, experiment))
        for complaint in chain.from_iterable(said(found) for said in complaints):
            raise unreadable(directory, complaint)
        return found

    return steadily(directory, read)


def comparison_folder(place: Path) -> Path:
    """The comparison meant by a folder: itself, or the only one in a folder of results.

    Raises
    ------
    ResultsError
        When there is none, or several.
    """
    with readable(place):
        return _comparison_folder(place)


def _comparison_folder(place: Path) -> Path:
    if not place.is_dir():
        raise ResultsError(f"{place} is not a folder: name one that `repurchase compare` wrote.")
    if os.path.lexists(place / MANIFEST):
        return place
    if not (place / "compare").is_dir():
        raise ResultsError(
            f"{place} holds no comparison: name a folder that `repurchase compare` wrote."
        )
    found = sorted(path.parent for path in place.glob(f"compare/[!.]*/{MANIFEST}"))
    if len(found) != 1:
        told = f"there are {', '.join(path.name for path in found)}" if found else "there is none"
        raise ResultsError(f"Name one comparison of {place / 'compare'}: {told}.")
    return found[0]


def _estimates(table: pd.DataFrame, key: str) -> dict[str, Estimates]:
    """Estimates by what is estimated and by strategy."""
    found: dict[str, Estimates] = {}
    for name, strategy, *numbers in _rows(table, (key, "strategy"), Estimate._fields):
        found.setdefault(name, {})[strategy] = Estimate(*numbers)
    return found


def _rows(table: pd.DataFrame, names: Sequence[str], numbers: Sequence[str]) -> Iterator[Any]:
    """Rows of a table: texts, then numbers."""
    texts = [table[name].astype(str) for name in names]
    return zip(*texts, *(table[name].astype(float) for name in numbers), strict=True)


__all__ = [
    "Aimed",
    "Changed",
    "Comparison",
    "Estimate",
    "Estimates",
    "Findings",
    "Strategies",
    "comparison_folder",
    "read_comparison",
    "read_whole",
]
