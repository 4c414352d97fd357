"""A validation as it lies on disk: facts, what is said beyond them, earlier states."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from sim.report import placing
from sim.report.columns import wrong
from sim.report.palette import COLOURS, Look
from sim.report.reading import Estimate, Findings, read_whole
from sim.report.words import Words
from sim.text.outgoing import cited

INSIDE, OUTSIDE, UNDECIDED, NOT_MEASURED = VERDICTS = (
    "inside", "outside", "undecided", "not measured",
)  # fmt: skip
ROLES = ("fit", "check", "input")
REGULARITY, KNOWN_MODEL, BACK_CAST = KINDS = ("regularity", "known model", "back-cast")
FOUND, EXPECTED = "found", "expected"
SHOPS = ("operator", "platform", "specialist", "offline")
MEASURES = (
    "buyers", "purchases_of_a_buyer", "cohort", "age_lower", "age_median", "age_upper", "adopted",
    "second_year_switched_off", "second_year_as_it_is",
)  # fmt: skip
CURVES = ("cohort", "adopted")  # of which an item is a month
# Columns of the tables that a report reads: texts | numbers.
_ROW = "id kind role kpi who unit source verdict | reported low high value low95 high95 worlds"
COLUMNS = {
    "facts": _ROW.replace("source ", ""),
    "regularities": _ROW,
    "beside": "measure item unit | expected value low95 high95 worlds",
    "history": "id version date verdict | measured",
}
LOOKS = {
    INSIDE: placing.MET,
    OUTSIDE: placing.MISSED,
    UNDECIDED: placing.OPEN,
    FOUND: Look(COLOURS[0], "o"),
    EXPECTED: placing.OPEN,
}


class Row(NamedTuple):
    """A fact or a regularity: as reported and as measured."""

    id: str
    kind: str
    role: str
    what: str
    who: str
    unit: str
    source: str
    reported: Estimate  # its value with the bounds
    measured: Estimate
    worlds: int
    verdict: str


class Number(NamedTuple):
    """One of the numbers that are shown one by one: as expected and as found."""

    item: str
    unit: str
    expected: float
    found: Estimate


@dataclass(frozen=True)
class Validation(Findings):
    """Tables and manifest of a validation, see `sim.experiments.validate.validate`."""

    facts: pd.DataFrame
    summary: pd.DataFrame
    looks: pd.DataFrame
    regularities: pd.DataFrame
    beside: pd.DataFrame
    history: pd.DataFrame

    @cached_property
    def rows(self) -> list[Row]:
        """Every fact."""
        return _rows(self.facts)

    @cached_property
    def others(self) -> list[Row]:
        """Everything beyond the facts."""
        return _rows(self.regularities)

    def of_role(self, role: str) -> list[Row]:
        """Facts of a role."""
        return [row for row in self.rows if row.role == role]

    def of_kind(self, kind: str) -> list[Row]:
        """What is beyond the facts, of a kind."""
        return [row for row in self.others if row.kind == kind]

    def numbers(self, measure: str) -> list[Number]:
        """Numbers that are shown one by one, in their order."""
        own = self.beside[self.beside["measure"].astype(str) == measure]
        return [
            Number(
                str(row["item"]),
                str(row["unit"]),
                float(row["expected"]),
                Estimate(float(row["value"]), float(row["low95"]), float(row["high95"])),
            )
            for row in own.to_dict("records")
        ]

    @cached_property
    def states(self) -> dict[str, dict[str, tuple[float, str]]]:
        """Earlier states, oldest first: what each measured of a fact, and its verdict."""
        found: dict[str, dict[str, tuple[float, str]]] = {}
        for row in self.history.to_dict("records"):
            name = f"{row['version']}\n{row['date']}"
            told = (float(row["measured"]), str(row["verdict"]))
            found.setdefault(name, {})[str(row["id"])] = told
        return found

    def named_looks(self, words: Words) -> dict[str, Look]:
        """Facts by their verdicts; what was found, and what is expected."""
        rows = [row for row in self.rows if row.verdict != NOT_MEASURED]
        named = {label(row, words): LOOKS[row.verdict] for row in rows}
        return named | {words(f"validate.{name}"): LOOKS[name] for name in (FOUND, EXPECTED)}

    def named_reference(self, words: Words) -> str:
        """What is expected."""
        return words(f"validate.{EXPECTED}")


def label(row: Row, words: Words) -> str:
    """A fact as it stands beside a dot."""
    return placing.label(row.id, words.own("facts", row.id, row.what), words)


def counted(rows: Sequence[Row]) -> dict[str, int]:
    """How many rows have which verdict."""
    return {verdict: sum(row.verdict == verdict for row in rows) for verdict in VERDICTS}


def _rows(table: pd.DataFrame) -> list[Row]:
    return [
        Row(
            id=str(row["id"]),
            kind=str(row["kind"]),
            role=str(row["role"]),
            what=str(row["kpi"]),
            who=str(row["who"]),
            unit=str(row["unit"]),
            source=str(row.get("source", "")),
            reported=Estimate(*(float(row[name]) for name in ("reported", "low", "high"))),
            measured=Estimate(*(float(row[name]) for name in ("value", "low95", "high95"))),
            worlds=int(row["worlds"]),
            verdict=str(row["verdict"]),
        )
        for row in table.to_dict("records")
    ]


def read_validation(directory: Path) -> Validation:
    """Read and verify what `repurchase validate` wrote.

    Raises
    ------
    ResultsError
        When the folder holds something else or is torn.
    """
    return read_whole(directory, "validate", Validation, _wrong, _astray)


def _wrong(validation: Validation) -> Iterator[str]:
    for name, columns in COLUMNS.items():
        yield from wrong(name, getattr(validation, name), columns)


def _astray(validation: Validation) -> Iterator[str]:
    """Words that a report has no sentence for, and rows that stand there twice."""
    for name, column, known in (
        ("facts", "verdict", VERDICTS),
        ("facts", "role", ROLES),
        ("regularities", "verdict", VERDICTS),
        ("regularities", "kind", KINDS),
        ("beside", "measure", MEASURES),
        ("history", "verdict", VERDICTS),
    ):
        found = set(getattr(validation, name)[column].astype(str))
        if other := sorted(found - set(known)):
            yield f"{column} in its table {name} is {cited(other[0])}"
    for name, keys in (
        ("facts", ["id"]),
        ("regularities", ["id"]),
        ("beside", ["measure", "item"]),
    ):
        if getattr(validation, name).duplicated(keys).any():
            yield f"its table {name} tells the same twice"
    for measure in CURVES:
        if other := [n.item for n in validation.numbers(measure) if not n.item.isdigit()]:
            yield f"a month of {measure} in its table beside is {cited(other[0])}"
    if not len(validation.facts):
        yield "its table facts tells of none"


__all__ = [
    "BACK_CAST",
    "COLUMNS",
    "CURVES",
    "EXPECTED",
    "FOUND",
    "INSIDE",
    "KINDS",
    "KNOWN_MODEL",
    "LOOKS",
    "MEASURES",
    "NOT_MEASURED",
    "OUTSIDE",
    "REGULARITY",
    "ROLES",
    "SHOPS",
    "VERDICTS",
    "Number",
    "Row",
    "Validation",
    "counted",
    "label",
    "read_validation",
]
