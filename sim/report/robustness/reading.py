"""Conclusions under other assumptions, as they lie on disk."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import pandas as pd
from pandas.api.types import is_bool_dtype

from sim.report import palette
from sim.report.columns import wrong
from sim.report.estimates import estimate, rows_of
from sim.report.palette import Look
from sim.report.reading import Estimate, Strategies, read_whole
from sim.report.words import Words
from sim.text.outgoing import cited

# Columns of each table that a report reads: texts | numbers.
COLUMNS = {
    "conclusions": "goal kind strategy against as_it_is holds reversed undecided verdict |",
    "differences": "assumption goal unit strategy against | mean low high",
    "firsts": "goal assumption strategy |",
    "assumptions": "assumption title why source settings moved | off farther",
    "fit": "assumption id kpi unit | reported reported_low reported_high mean low high deviations",
    "strategies": "strategy title what why cost facts |",
}
SWITCHES = {"firsts": "sure", "assumptions": "fits"}
AS_IT_IS, PLAUSIBLE = "as_it_is", "plausible"
BEST, SIGN, ORDER = KINDS = ("best", "sign", "order")
BETTER, WORSE, UNDECIDED = SIDES = ("better", "worse", "undecided")
IN_ALL, HANGS, UNSURE, OPEN = VERDICTS = ("holds in all", "hangs on", "not reversed", "open")


class Conclusion(NamedTuple):
    """What is said of strategies as it is, and the assumptions under which it is so."""

    kind: str
    strategy: str
    against: str
    as_it_is: str
    holds: list[str]
    reversed: list[str]
    undecided: list[str]
    verdict: str


class First(NamedTuple):
    """The strategy that comes first under an assumption."""

    assumption: str
    strategy: str
    sure: bool


class Assumption(NamedTuple):
    """What is assumed, why, and how far off the facts it is."""

    name: str
    title: str
    why: str
    source: str
    settings: str
    moved: str
    off: float
    farther: float
    fits: bool


@dataclass(frozen=True)
class Robustness(Strategies):
    """Tables and manifest; see `sim.experiments.robustness.robustness`."""

    conclusions: pd.DataFrame
    differences: pd.DataFrame
    firsts: pd.DataFrame
    assumptions: pd.DataFrame
    fit: pd.DataFrame
    runs: pd.DataFrame

    @property
    def names(self) -> list[str]:
        """The strategies, the one that others are compared with last."""
        return [*self.others, self.reference]

    @property
    def others(self) -> list[str]:
        """The strategies but the reference."""
        return [str(name) for name in self.manifest["strategies"] if name != self.reference]

    @property
    def goal(self) -> str:
        """The goal that decides."""
        return str(self.manifest["goal"])

    @property
    def worlds(self) -> int:
        """How many."""
        return int(self.manifest["replications"])

    @cached_property
    def assumed(self) -> list[Assumption]:
        """All assumptions, the behaviour as it is first."""
        return [
            Assumption(
                name=str(row["assumption"]),
                title=str(row["title"]),
                why=str(row["why"]),
                source=str(row["source"]),
                settings=str(row["settings"]),
                moved=str(row["moved"]),
                off=float(row["off"]),
                farther=float(row["farther"]),
                fits=bool(row["fits"]),
            )
            for row in rows_of(self.assumptions)
        ]

    @cached_property
    def goals(self) -> list[str]:
        """Goals that the runs tell, the one that decides first."""
        return list(dict.fromkeys(self.conclusions["goal"].astype(str)))

    def concluded(self, goal: str) -> list[Conclusion]:
        """All conclusions by a goal."""
        return [
            Conclusion(
                kind=str(row["kind"]),
                strategy=str(row["strategy"]),
                against=str(row["against"]),
                as_it_is=str(row["as_it_is"]),
                holds=str(row["holds"]).split(),
                reversed=str(row["reversed"]).split(),
                undecided=str(row["undecided"]).split(),
                verdict=str(row["verdict"]),
            )
            for row in rows_of(self.conclusions, goal=goal)
        ]

    def first(self, goal: str) -> list[First]:
        """The strategy that comes first under each assumption."""
        rows = rows_of(self.firsts, goal=goal)
        return [
            First(str(row["assumption"]), str(row["strategy"]), bool(row["sure"])) for row in rows
        ]

    def ahead(self, strategy: str) -> dict[str, Estimate]:
        """What a strategy differs by from the reference by the goal, by assumption."""
        about = {"goal": self.goal, "strategy": strategy, "against": self.reference}
        rows = rows_of(self.differences, **about)
        return {str(row["assumption"]): estimate(row, 1.0) for row in rows}

    @cached_property
    def unit(self) -> str:
        """Unit of the goal."""
        return str(rows_of(self.differences, goal=self.goal)[0]["unit"])

    def named_looks(self, words: Words) -> dict[str, Look]:
        """Colour and marker of every assumption, which figures tell apart."""
        looks = palette.looks([each.name for each in self.assumed], AS_IT_IS)
        return {assumption(words, each.name): looks[each.name] for each in self.assumed}

    def named_reference(self, words: Words) -> str:
        """The behaviour as it is."""
        return assumption(words, AS_IT_IS)


def assumption(words: Words, name: str) -> str:
    """What an assumption is called."""
    return words.name("alternatives", name)


def read_robustness(directory: Path) -> Robustness:
    """Read and verify what `repurchase robustness` wrote.

    Raises
    ------
    ResultsError
        When the folder holds something else or is torn.
    """
    return read_whole(directory, "robustness", Robustness, _wrong, _astray)


def _wrong(found: Robustness) -> Iterator[str]:
    for name, columns in COLUMNS.items():
        yield from wrong(name, getattr(found, name), columns)
    for name, column in SWITCHES.items():
        table = getattr(found, name)
        if column not in table or not is_bool_dtype(table[column]):
            yield f"{column} in its table {name} is no switch"


def _astray(found: Robustness) -> Iterator[str]:
    """Words that a report has no sentence for, and strategies that it needs and lacks."""
    for column, known in (("kind", KINDS), ("as_it_is", SIDES), ("verdict", VERDICTS)):
        if other := sorted(set(found.conclusions[column].astype(str)) - set(known)):
            yield f"{column} in its table conclusions is {cited(other[0])}"
    told = {str(name) for name in found.manifest["strategies"]}
    if found.reference not in told or found.reference not in found.manifest["configurations"]:
        yield "its manifest says nothing of the strategy that others are compared with"
    if set(found.strategies["strategy"].astype(str)) != told:
        yield "its table strategies does not tell of every strategy"
    if found.goal not in found.goals:
        yield f"its table conclusions has nothing of {cited(found.goal)}"
    yield from _other_assumptions(found)


def _other_assumptions(found: Robustness) -> Iterator[str]:
    """Tables that tell of other assumptions than there are, or not of all."""
    names = {each.name for each in found.assumed}
    if AS_IT_IS not in names or len(names) < len(found.assumed):
        yield "its table assumptions does not tell of every assumption once"
    for name in ("differences", "firsts", "fit"):
        if set(getattr(found, name)["assumption"].astype(str)) - names:
            yield f"its table {name} tells of other assumptions"
    for strategy in found.others:
        if set(found.ahead(strategy)) != names:
            yield f"its table differences does not tell all of {cited(strategy)}"
    for goal in found.goals:
        if {each.assumption for each in found.first(goal)} != names:
            yield "its table firsts does not tell of every assumption"
        for each in found.concluded(goal):
            if {*each.holds, *each.reversed, *each.undecided} - names:
                yield "its table conclusions tells of other assumptions"


__all__ = [
    "AS_IT_IS",
    "BEST",
    "HANGS",
    "IN_ALL",
    "OPEN",
    "ORDER",
    "PLAUSIBLE",
    "SIGN",
    "UNDECIDED",
    "UNSURE",
    "Assumption",
    "Conclusion",
    "Robustness",
    "assumption",
    "read_robustness",
]
