"""Strategies put through shocks, as they lie on disk."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pandas as pd

from sim.report.columns import wrong
from sim.report.reading import Estimate, Strategies, read_whole

# Columns of each table that a report reads: texts | numbers.
COLUMNS = {
    "resilience": "strategy shock outcome measure unit | mean low high n",
    "effects": "strategy shock outcome unit | mean low high",
    "compared": "strategy reference shock outcome measure unit | mean low high",
    "courses": "strategy shock outcome | day mean low high",
    "shocks": "shock what | size from_day until_day",
    "strategies": "strategy title what why cost facts |",
}
BETTER = {"churn_rate_365d": -1}  # less is better; of all others more is
Place = tuple[str, str]  # strategy, shock


@dataclass(frozen=True)
class Stress(Strategies):
    """Tables and manifest of strategies put through shocks; see `sim.experiments.stress.stress`."""

    resilience: pd.DataFrame
    effects: pd.DataFrame
    compared: pd.DataFrame
    courses: pd.DataFrame
    shocks: pd.DataFrame
    runs: pd.DataFrame

    @property
    def names(self) -> list[str]:
        """The strategies, the one that others are compared with last."""
        return [*self.others, self.reference]

    @property
    def others(self) -> list[str]:
        """The strategies but the first."""
        return [str(name) for name in self.manifest["strategies"] if name != self.reference]

    @property
    def asked(self) -> list[str]:
        """The strategies as they were named."""
        return [self.reference, *self.others]

    @cached_property
    def befell(self) -> list[str]:
        """Names of the shocks."""
        return list(self.shocks["shock"])

    @property
    def worlds(self) -> int:
        """How many."""
        return int(self.manifest["replications"])

    @property
    def outcome(self) -> str:
        """The outcome that is told first."""
        return str(self.manifest["outcome"])

    @property
    def beside(self) -> str:
        """The outcome that is told beside it: money, or orders where that is money."""
        return "contribution_yuan" if self.outcome != "contribution_yuan" else "orders"

    @property
    def missing(self) -> float:
        """Share that a strategy may lack and still counts as recovered."""
        return 1.0 - float(self.manifest["band"])

    def measured(self, outcome: str, measure: str) -> dict[Place, Estimate]:
        """A measure of resilience by strategy and shock."""
        return _placed(_of(self.resilience, outcome=outcome, measure=measure))

    def effect(self, outcome: str) -> dict[Place, Estimate]:
        """The difference to the undisturbed self over the whole run."""
        return _placed(_of(self.effects, outcome=outcome))

    def lost_more(self, outcome: str, measure: str = "lost") -> dict[Place, Estimate]:
        """How much more than the first strategy the others lose."""
        return _placed(_of(self.compared, outcome=outcome, measure=measure))


def _of(table: pd.DataFrame, **where: str) -> pd.DataFrame:
    for column, value in where.items():
        table = table[table[column] == value]
    return table


def _placed(table: pd.DataFrame) -> dict[Place, Estimate]:
    numbers = (table[name].astype(float) for name in ("mean", "low", "high"))
    places = zip(table["strategy"].astype(str), table["shock"].astype(str), strict=True)
    return {place: Estimate(*found) for place, *found in zip(places, *numbers, strict=True)}


def read_stress(directory: Path) -> Stress:
    """Read and verify what `repurchase stress` wrote.

    Raises
    ------
    ResultsError
        When the folder holds something else or is torn.
    """
    return read_whole(directory, "stress", Stress, _wrong, _astray)


def _wrong(stress: Stress) -> Iterator[str]:
    for name, columns in COLUMNS.items():
        yield from wrong(name, getattr(stress, name), columns)


def _astray(stress: Stress) -> Iterator[str]:
    """Tables that tell of other strategies or shocks than there are, or twice of the same."""
    told = [str(name) for name in stress.manifest["strategies"]]
    if stress.reference not in told or stress.reference not in stress.manifest["configurations"]:
        yield "its manifest says nothing of the strategy that others are compared with"
    if sorted(stress.strategies["strategy"]) != sorted(told):
        yield "its table strategies does not tell of every strategy once"
    if stress.shocks["shock"].duplicated().any() or not len(stress.shocks):
        yield "its table shocks does not tell of every shock once"
    places = {(strategy, shock) for strategy in told for shock in stress.befell}
    for name, key in (("resilience", ["outcome", "measure"]), ("effects", ["outcome"])):
        table = getattr(stress, name)
        if table.duplicated(["strategy", "shock", *key]).any():
            yield f"its table {name} tells the same twice"
        if set(zip(table["strategy"], table["shock"], strict=True)) != places:
            yield f"its table {name} does not tell of every strategy and shock"


__all__ = ["BETTER", "Stress", "read_stress"]
