"""A sweep as it lies on disk."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sim.report.columns import wrong
from sim.report.reading import Estimate, Strategies, read_whole

# Columns of each table that a report reads: texts | numbers.
COLUMNS = {
    "runs": "key | point seed",
    "outcomes": "indicator unit better |",
    "differences": "strategy reference indicator unit method | point mean low high",
    "steps": "strategy indicator unit method | point mean low high",
    "settings": "key unit what values scale | low high",
    "strategies": "strategy title what why cost facts |",
}


@dataclass(frozen=True)
class Sweep(Strategies):
    """Tables and manifest of a sweep; see `sim.experiments.sweep.sweep`."""

    points: pd.DataFrame
    runs: pd.DataFrame
    outcomes: pd.DataFrame
    differences: pd.DataFrame
    steps: pd.DataFrame
    settings: pd.DataFrame

    @property
    def names(self) -> list[str]:
        """The strategies, the reference last, as in a comparison's legends."""
        return [*self.others, self.reference]

    @cached_property
    def others(self) -> list[str]:
        """The strategies but the reference, as they were named."""
        return [name for name in self.manifest["strategies"] if name != self.reference]

    @property
    def is_grid(self) -> bool:
        """Whether points are all combinations of values."""
        return bool(self.manifest["method"] == "grid")

    @property
    def keys(self) -> list[str]:
        """The settings that were varied, by dotted key."""
        return list(self.settings["key"])

    def unit_of_setting(self, key: str) -> str:
        """Unit of a setting; empty where it has none."""
        return str(self.settings.set_index("key")["unit"].get(key, ""))

    @cached_property
    def main(self) -> list[str]:
        """The outcomes that sweeps turn on, of those that were measured at some point."""
        named = self.outcomes.loc[self.outcomes["better"] != "", "indicator"]
        return [name for name in named if self.points[name].notna().any()]

    def direction(self, indicator: str) -> int:
        """1 where higher is better, -1 where lower is."""
        better = self.outcomes.set_index("indicator")["better"]
        return -1 if better[indicator] == "lower" else 1

    def unit(self, indicator: str) -> str:
        """Unit of an outcome."""
        return str(self.outcomes.set_index("indicator")["unit"][indicator])

    def rows(self) -> list[dict[str, Any]]:
        """The rows of `table`, one after the other."""
        found = self.table.to_dict("records")
        return [{str(name): value for name, value in row.items()} for row in found]

    @cached_property
    def table(self) -> pd.DataFrame:
        """`points` with a column `strategy`, whoever was swept."""
        if "strategy" in self.points:
            return self.points
        return self.points.assign(strategy=self.reference)

    def levels(self, indicator: str) -> pd.DataFrame:
        """``point, strategy, mean, low, high`` of an outcome, with every setting's value."""
        names = {indicator: "mean", f"{indicator}_low": "low", f"{indicator}_high": "high"}
        found: pd.DataFrame = self.table[["point", "strategy", *self.keys, *names]]
        return found.rename(columns=names)

    def compared(self, indicator: str) -> pd.DataFrame:
        """The same of differences to the reference at the same point."""
        return self._placed(self.differences, indicator)

    def stepped(self, indicator: str) -> pd.DataFrame:
        """The same of differences to the first point, which by itself has none."""
        levels = self.levels(indicator)
        first = levels[levels["point"] == levels["point"].min()].assign(mean=0.0, low=0.0, high=0.0)
        steps = self._placed(self.steps, indicator)[list(first.columns)]
        return pd.concat([first, steps], ignore_index=True)

    def _placed(self, table: pd.DataFrame, indicator: str) -> pd.DataFrame:
        """Rows of an outcome with every setting's value."""
        table = table[table["indicator"] == indicator]
        values = self.table.drop_duplicates("point")[["point", *self.keys]]
        return table.merge(values, on="point", validate="many_to_one")

    def difference(self, indicator: str) -> dict[tuple[int, str], Estimate]:
        """Differences to the reference by point and strategy."""
        return estimates(self.differences[self.differences["indicator"] == indicator])

    def is_number(self, key: str) -> bool:
        """Whether a setting's values are numbers."""
        return bool(pd.api.types.is_numeric_dtype(self.points[key]))

    def values(self, key: str) -> list[Any]:
        """The different values of a setting: numbers rising, words as they were given."""
        found = list(self.points[key].unique())
        return sorted(found) if self.is_number(key) else found


def estimates(table: pd.DataFrame) -> dict[tuple[int, str], Estimate]:
    """Rows of a table with ``point, strategy, mean, low, high`` by point and strategy."""
    numbers = (table[name].astype(float) for name in ("mean", "low", "high"))
    places = zip(table["point"].astype(int), table["strategy"].astype(str), strict=True)
    return {place: Estimate(*found) for place, *found in zip(places, *numbers, strict=True)}


def read_sweep(directory: Path) -> Sweep:
    """Read and verify a sweep's tables.

    Raises
    ------
    ResultsError
        When the folder holds something else or is torn.
    """
    return read_whole(directory, "sweep", Sweep, _wrong, _astray)


def _wrong(sweep: Sweep) -> Iterator[str]:
    for name, columns in COLUMNS.items():
        yield from wrong(name, getattr(sweep, name), columns)
    measured = [str(name) for name in sweep.outcomes["indicator"]]
    bounds = [f"{name}{end}" for name in measured for end in ("", "_low", "_high")]
    yield from wrong("points", sweep.points, f"| point replications {' '.join(bounds)}")
    for key in sweep.keys:
        if key not in sweep.points:
            yield f"its table points has no column {key}"


def _astray(sweep: Sweep) -> Iterator[str]:
    """Tables that tell of other strategies or points than there are, or twice of the same."""
    told = set(sweep.manifest["strategies"])
    if sweep.reference not in told & set(sweep.manifest["configurations"]):
        yield "its manifest says nothing of the reference"
    if set(sweep.strategies["strategy"]) != told or len(sweep.strategies) != len(told):
        yield "its table strategies does not tell of every strategy once"
    places = set(zip(sweep.table["point"], sweep.table["strategy"], strict=True))
    if len(places) != len(sweep.table) or {name for _, name in places} != told:
        yield "its table points does not tell of every strategy once"
    for name in ("differences", "steps"):
        table = getattr(sweep, name)
        if table.duplicated(["point", "strategy", "indicator"]).any():
            yield f"its table {name} tells the same twice"
        if not set(zip(table["point"], table["strategy"], strict=True)) <= places:
            yield f"its table {name} tells of points that are not there"
    if not len(sweep.settings) or not np.isfinite(sweep.points["point"]).all():
        yield "nothing varies in it"


__all__ = ["Sweep", "estimates", "read_sweep"]
