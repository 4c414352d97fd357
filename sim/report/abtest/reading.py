"""An A/B test inside a run as it lies on disk: what it says, what is so, what spilled over."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from sim.report.columns import wrong
from sim.report.estimates import estimate, rows_of
from sim.report.palette import COLOURS, REFERENCE_COLOUR, Look
from sim.report.reading import Estimate, Findings, read_whole
from sim.report.words import Words
from sim.text.outgoing import cited

SAYS, ON_OFFERED, ON_OTHERS, CAUSED = PARTS = ("value", "on_offered", "on_others", "caused")
MISSED = "missed"
# Columns of the table that a report reads: texts | numbers.
COLUMNS = "draw_by outcome | units error covered " + " ".join(
    f"{name}{end}" for name in (*PARTS, MISSED) for end in ("", "_low", "_high")
)
UNITS = ("household", "chat", "friends", "city")
OF_WHOM = ("customers", "private_domain", "members")
OUTCOMES = ("orders", "repurchased", "margin_yuan", "visited")
SHOWN_PER = {"orders": 1000.0, "repurchased": 1000.0, "visited": 1000.0}  # tables are of one


class Drawn(NamedTuple):
    """What a test of one way of drawing says, and what is so."""

    units: float
    error: float
    covered: float
    parts: dict[str, Estimate]  # by `PARTS`
    missed: Estimate


@dataclass(frozen=True)
class ABTest(Findings):
    """Tables and manifest of a test, see `sim.experiments.ab_test.ab_test`; numbers as shown."""

    tests: pd.DataFrame
    worlds: pd.DataFrame
    runs: pd.DataFrame

    @property
    def outcome(self) -> str:
        """The outcome that is told."""
        return str(self.manifest["outcome"])

    @property
    def count(self) -> int:
        """How many worlds there are."""
        return int(self.manifest["replications"])

    @cached_property
    def drawn(self) -> dict[str, Drawn]:
        """What each way of drawing says."""
        rows = rows_of(self.tests, outcome=self.outcome)
        per = SHOWN_PER.get(self.outcome, 1.0)
        return {str(row["draw_by"]): _drawn(row, per) for row in rows}

    @property
    def surest(self) -> str:
        """The way of drawing with the smallest error."""
        return min(self.drawn, key=lambda unit: self.drawn[unit].error)

    def named_looks(self, words: Words) -> dict[str, Look]:
        """What the test says, and what is so: did to the offered and the others, and causes."""
        colours = (*COLOURS[: len(PARTS) - 1], REFERENCE_COLOUR)
        return {
            words(f"abtest.parts.{name}"): Look(colour, "D" if name == CAUSED else "o")
            for name, colour in zip(PARTS, colours, strict=True)
        }

    def named_reference(self, words: Words) -> str:
        """What the test is held against."""
        return words(f"abtest.parts.{CAUSED}")


def _drawn(row: Mapping[str, Any], per: float) -> Drawn:
    units, error, covered = (float(row[name]) for name in ("units", "error", "covered"))
    parts = {name: estimate(row, per, name, f"{name}_") for name in PARTS}
    missed = estimate(row, per, MISSED, f"{MISSED}_")
    return Drawn(units, per * error, covered, parts, missed)


def read_test(directory: Path) -> ABTest:
    """Read and verify what `repurchase abtest` wrote.

    Raises
    ------
    ResultsError
        When the folder holds something else or is torn.
    """
    return read_whole(directory, "abtest", ABTest, _wrong, _astray)


def _wrong(test: ABTest) -> Iterator[str]:
    yield from wrong("tests", test.tests, COLUMNS)


def _astray(test: ABTest) -> Iterator[str]:
    """Words that a report has no sentence for, and rows that it needs and that are missing."""
    manifest = test.manifest
    for told, known in (
        (manifest["draw_by"], UNITS),
        ([manifest["of_whom"]], OF_WHOM),
        ([manifest["outcome"]], OUTCOMES),
    ):
        if other := sorted(set(told) - set(known)):
            yield f"its manifest tells of {cited(other[0])}"
    if test.tests.duplicated(["draw_by", "outcome"]).any():
        yield "its table tests tells the same twice"
    if not test.drawn or set(test.drawn) != set(manifest["draw_by"]):
        yield "its table tests does not tell of every way of drawing"


__all__ = [
    "CAUSED",
    "OF_WHOM",
    "ON_OFFERED",
    "ON_OTHERS",
    "OUTCOMES",
    "PARTS",
    "SAYS",
    "UNITS",
    "ABTest",
    "Drawn",
    "read_test",
]
