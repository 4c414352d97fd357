"""Both lives of the same customers as they lie on disk: whom a strategy moves, whom it pays for."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from pandas.api.types import is_bool_dtype

from sim.report import customers
from sim.report.columns import wrong
from sim.report.customers import ALL, DIVISIONS, Segment
from sim.report.estimates import estimate, rows_of
from sim.report.palette import Look
from sim.report.reading import Estimate, Findings, read_whole
from sim.report.words import Words
from sim.text.outgoing import cited

# Columns of each table that a report reads: texts | numbers.
COLUMNS = {
    "changed": "by segment what | customers mean low high",
    "effects": "outcome by segment | customers mean low high",
    "households": "| extra_cost_yuan",
    "leaves": "rule | share mean low high",
    "policies": "policy | share mean low high over_mean over_low over_high",
}
ROWS = {"changed": "by segment what", "effects": "outcome by segment", "policies": "policy"}
WON, LOST, UNMOVED = WHAT = ("won", "lost", "unmoved")
ORDERS, ORDERS_PER = "orders", 1000.0  # customers


@dataclass(frozen=True)
class Moved(Findings):
    """Tables and manifest of `sim.experiments.individuals.individuals`; numbers as shown."""

    changed: pd.DataFrame
    effects: pd.DataFrame
    households: pd.DataFrame
    orders: pd.DataFrame
    leaves: pd.DataFrame
    policies: pd.DataFrame
    runs: pd.DataFrame

    @property
    def strategy(self) -> str:
        """The strategy."""
        return str(self.manifest["strategy"])

    @property
    def reference(self) -> str:
        """The strategy it is held against."""
        return str(self.manifest["reference"])

    @property
    def count(self) -> int:
        """How many worlds there are."""
        return int(self.manifest["replications"])

    def moved(self, what: str) -> dict[Segment, Estimate]:
        """Customers in 10,000 of each segment who are won, lost or unmoved."""
        rows = rows_of(self.changed, what=what)
        return {(str(row["by"]), str(row["segment"])): estimate(row, 1.0) for row in rows}

    def ordered(self) -> dict[Segment, Estimate]:
        """Orders more, per 1,000 customers of each segment."""
        rows = rows_of(self.effects, outcome=ORDERS)
        return {(str(row["by"]), str(row["segment"])): estimate(row, ORDERS_PER) for row in rows}

    def customers(self) -> dict[Segment, float]:
        """How many there are."""
        rows = rows_of(self.effects, outcome=ORDERS)
        return {(str(row["by"]), str(row["segment"])): float(row["customers"]) for row in rows}

    @property
    def extra_cost(self) -> float:
        """What the strategy costs more, yuan a customer."""
        return float(self.households["extra_cost_yuan"].mean())

    def segments(self, words: Words) -> dict[Segment, str]:
        """What the segments are called, everybody first."""
        return customers.named(self.ordered(), words)

    def named_looks(self, words: Words) -> dict[str, Look]:
        """Segments by division."""
        return customers.looks(self.segments(words))

    def named_reference(self, words: Words) -> str:
        """Everybody."""
        return words("customers.everybody")


def read_moved(directory: Path) -> Moved:
    """Read and verify what `repurchase individuals` wrote.

    Raises
    ------
    ResultsError
        When the folder holds something else or is torn.
    """
    return read_whole(directory, "individuals", Moved, _wrong, _astray)


def _wrong(moved: Moved) -> Iterator[str]:
    for name, columns in COLUMNS.items():
        yield from wrong(name, getattr(moved, name), columns)
    for name, of in ROWS.items():
        if getattr(moved, name).duplicated(of.split()).any():
            yield f"its table {name} tells the same twice"
    if len(moved.leaves) and not is_bool_dtype(moved.leaves["addressed"]):
        yield "addressed in its table leaves is no switch"


def _astray(moved: Moved) -> Iterator[str]:
    """Segments that are missing or that a report has no words for."""
    if other := sorted(set(moved.effects["by"].astype(str)) - {ALL, *DIVISIONS}):
        yield f"by in its table effects is {cited(other[0])}"
    if (ALL, ALL) not in moved.ordered():
        yield "its table effects does not tell of everybody"
    for what in WHAT:
        if set(moved.moved(what)) != set(moved.ordered()):
            yield "its table changed does not tell of everybody"
    if len(moved.policies) and "tree" not in set(moved.policies["policy"].astype(str)):
        yield "its table policies has nothing of the tree"


__all__ = ["LOST", "UNMOVED", "WON", "Moved", "read_moved"]
