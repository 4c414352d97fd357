"""Experiments that happened as they lie on disk: as published, as predicted, and the score."""

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
from sim.text.outgoing import cited

RIGHT, WRONG, UNDECIDED, NO_DIRECTION, NOT_PREDICTED = DIRECTIONS = (
    "right", "wrong", "undecided", "none published", "not predicted",
)  # fmt: skip
MEETS, MISSES = "yes", "no"
OVERLAPS = (MEETS, MISSES, UNDECIDED, NOT_PREDICTED)
BLIND, NOT_BLIND = WHO = ("blind", "not blind")
RATIO = "ratio"  # the unit whose figure is 1 where a treatment does nothing; it is 0 of all others
# Columns of each table that a report reads: texts | numbers.
COLUMNS = {
    "experiments": "id what who treatment outcome unit direction overlap fitted yardstick "
    "here source why | effect low high predicted predicted_low predicted_high worlds",
    "score": "who | experiments right wrong undecided no_direction accuracy accuracy_low "
    "accuracy_high correlation correlation_low correlation_high correlated overlapping compared",
    "yardsticks": "name what source | tests accuracy correlation",
}
LOOKS = {MEETS: placing.MET, MISSES: placing.MISSED, UNDECIDED: placing.OPEN}


class Experiment(NamedTuple):
    """An experiment that happened, and what was predicted of it."""

    id: str
    what: str
    who: str
    treatment: str
    outcome: str
    unit: str
    published: Estimate  # the effect within its bounds
    predicted: Estimate  # NaN where nothing was
    direction: str
    overlap: str
    blind: bool
    fitted: str
    yardstick: str
    here: str
    source: str
    why: str

    @property
    def raises(self) -> bool:
        """Whether the treatment was found to raise the figure."""
        return self.published.mean > (1.0 if self.unit == RATIO else 0.0)


@dataclass(frozen=True)
class Backtest(Findings):
    """Tables and manifest, see `sim.experiments.backtest.backtest`."""

    experiments: pd.DataFrame
    score: pd.DataFrame
    yardsticks: pd.DataFrame

    @cached_property
    def rows(self) -> list[Experiment]:
        """Every experiment."""
        return [_experiment(row) for row in self.experiments.to_dict("records")]

    def predicted(self, blind: bool) -> list[Experiment]:
        """Those that were predicted, blindly or not."""
        return [row for row in self.rows if row.direction != NOT_PREDICTED and row.blind == blind]

    @cached_property
    def apart(self) -> list[Experiment]:
        """Those that were not predicted."""
        return [row for row in self.rows if row.direction == NOT_PREDICTED]

    def scored(self, who: str) -> dict[str, Any]:
        """How well the blind ones were predicted, or the others."""
        own = self.score[self.score["who"].astype(str) == who]
        return {str(name): value for name, value in own.to_dict("records")[0].items()}

    def named_looks(self, words: Words) -> dict[str, Look]:
        """Experiments by whether their bounds are met."""
        rows = [row for row in self.rows if row.overlap in LOOKS]
        return {label(row, words): LOOKS[row.overlap] for row in rows}

    def named_reference(self, words: Words) -> str:
        """What was published."""
        return words("backtest.tables.published")


def told(row: Experiment, words: Words) -> str:
    """What was tried, and what was read of it, in the reader's language."""
    parts = dict.fromkeys((row.what, row.treatment, row.outcome))  # of a fact all but one are one
    fact = words.own("facts", row.id, "; ".join(parts))
    return words.own("experiments", row.id, fact)


def label(row: Experiment, words: Words) -> str:
    """An experiment as it stands beside a dot."""
    return placing.label(row.id, told(row, words), words)


def _experiment(row: dict[Any, Any]) -> Experiment:
    texts = (
        "id", "what", "who", "treatment", "outcome", "unit", "direction", "overlap",
        "fitted", "yardstick", "here", "source", "why",
    )  # fmt: skip
    return Experiment(
        **{name: str(row[name]) for name in texts},
        published=Estimate(*(float(row[name]) for name in ("effect", "low", "high"))),
        predicted=Estimate(
            *(float(row[name]) for name in ("predicted", "predicted_low", "predicted_high"))
        ),
        blind=bool(row["blind"]),
    )


def read_backtest(directory: Path) -> Backtest:
    """Read and verify what `repurchase backtest` wrote.

    Raises
    ------
    ResultsError
        When the folder holds something else or is torn.
    """
    return read_whole(directory, "backtest", Backtest, _wrong, _astray)


def _wrong(found: Backtest) -> Iterator[str]:
    for name, columns in COLUMNS.items():
        yield from wrong(name, getattr(found, name), columns)
    if "blind" not in found.experiments or not is_bool_dtype(found.experiments["blind"]):
        yield "blind in its table experiments is no switch"


def _astray(found: Backtest) -> Iterator[str]:
    """Words that a report has no sentence for, and rows that it needs and lacks."""
    for column, known in (("direction", DIRECTIONS), ("overlap", OVERLAPS)):
        if other := sorted(set(found.experiments[column].astype(str)) - set(known)):
            yield f"{column} in its table experiments is {cited(other[0])}"
    if sorted(found.score["who"].astype(str)) != sorted(WHO):
        yield "its table score does not tell of those that are blind and of the others"
    if found.experiments["id"].duplicated().any():
        yield "its table experiments tells of an experiment twice"
    if found.experiments.empty:
        yield "its table experiments is empty"


__all__ = [
    "BLIND",
    "DIRECTIONS",
    "MEETS",
    "MISSES",
    "NOT_BLIND",
    "NOT_PREDICTED",
    "NO_DIRECTION",
    "OVERLAPS",
    "RIGHT",
    "UNDECIDED",
    "WRONG",
    "Backtest",
    "Experiment",
    "label",
    "read_backtest",
    "told",
]
