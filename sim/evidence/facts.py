"""The facts: what the literature reports, with bounds, one row each.

The table lies in ``conf/evidence/facts.csv``; ``docs/evidence/sources.md`` says what the sources
are and how a row is read.
"""

import csv
from dataclasses import dataclass, fields
from pathlib import Path

from sim.quantity import ConfigurationError

KINDS = ("input", "level", "contrast", "causal", "pattern")
ROLES = ("input", "fit", "check")
NUMBERS = ("value", "low", "high")


@dataclass(frozen=True)
class Fact:
    """One figure of the literature.

    Attributes
    ----------
    id, kind, role
        Its name, one of `KINDS`, one of `ROLES` (`check` rows are never used in fitting).
    kpi, who, condition
        What was measured, of whom, under which circumstances.
    value, low, high, unit
        The figure and the bounds it holds within.
    source, note
        Ids in the list of sources, separated by commas, and a remark.
    """

    id: str
    kind: str
    kpi: str
    who: str
    condition: str
    value: float
    low: float
    high: float
    unit: str
    role: str
    source: str
    note: str

    def holds(self, value: float) -> bool:
        """Whether a measured value lies within the bounds."""
        return self.low <= value <= self.high


def facts_file() -> Path:
    """Where the table lies, in a checkout and in an installed package."""
    from sim.composing import CONF

    return CONF / "evidence" / "facts.csv"


def load_facts(path: Path | None = None) -> tuple[Fact, ...]:
    """Read and check the table of facts.

    Parameters
    ----------
    path
        A table of the same columns; the package's own by default.

    Raises
    ------
    ConfigurationError
        Naming the row and what is wrong with it.
    """
    file = facts_file() if path is None else path
    try:
        with file.open(encoding="utf-8", newline="") as text:
            reader = csv.DictReader(text)
            columns = [item.name for item in fields(Fact)]
            if list(reader.fieldnames or ()) != columns:
                raise ConfigurationError(
                    f"{file.name} must have the columns {', '.join(columns)}, in this order."
                )
            facts = tuple(_fact(row, file.name) for row in reader)
    except OSError as error:
        raise ConfigurationError(f"The facts {file} cannot be read: {error.strerror}.") from error
    repeated = {fact.id for fact in facts if sum(fact.id == other.id for other in facts) > 1}
    if repeated:
        raise ConfigurationError(
            f"{file.name} has {min(repeated)} twice: give each row its own id."
        )
    return facts


def _fact(row: dict[str, str], file: str) -> Fact:
    numbers = {}
    for name in NUMBERS:
        try:
            numbers[name] = float(row[name])
        except (TypeError, ValueError) as error:
            raise ConfigurationError(
                f"{file}: {name} of {row['id']} is {row[name]!r}, it must be a number."
            ) from error
    words = {name: (row[name] or "").strip() for name in row if name not in NUMBERS}
    fact = Fact(**words, **numbers)  # type: ignore[arg-type]
    if fact.kind not in KINDS or fact.role not in ROLES:
        raise ConfigurationError(
            f"{file}: {fact.id} is of kind {fact.kind!r} and role {fact.role!r}; "
            f"kinds are {', '.join(KINDS)}, roles {', '.join(ROLES)}."
        )
    if not fact.low <= fact.value <= fact.high:
        raise ConfigurationError(
            f"{file}: the value of {fact.id} lies outside its bounds, mend one of the three."
        )
    return fact


__all__ = ["KINDS", "ROLES", "Fact", "facts_file", "load_facts"]
