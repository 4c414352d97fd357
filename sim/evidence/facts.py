"""The facts: what the literature reports, with bounds, one row each.

The table lies in ``conf/evidence/facts.csv``, or in ``evidence/facts.csv`` of the user's folder;
``docs/evidence/sources.md`` says what the sources are and how a row is read.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from sim.evidence.lists import check_once, list_file, number_in, rows_of
from sim.parameters.quantity import ConfigurationError
from sim.text.outgoing import cited

KINDS = ("input", "level", "contrast", "causal", "pattern")
ROLES = ("input", "fit", "check")
NUMBERS = ("value", "low", "high")


@dataclass(frozen=True)
class Fact:
    """One figure of the literature.

    Attributes
    ----------
    id, kind, role
        Its name, one of `KINDS` (other lists have their own), one of `ROLES` (`check` rows are
        never used in fitting).
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


def facts_file(config_dir: Path | None = None) -> Path:
    """Where the table lies: in the user's folder if there is one, else in `conf/`."""
    return list_file("facts.csv", config_dir)


def load_facts(
    path: Path | None = None, config_dir: Path | None = None, kinds: Sequence[str] = KINDS
) -> tuple[Fact, ...]:
    """Read and check the table of facts.

    Parameters
    ----------
    path
        A table of the same columns; the one that `facts_file` finds by default.
    config_dir
        A folder of the user's own, laid out like `conf/`.
    kinds
        That there may be.

    Raises
    ------
    ConfigurationError
        Naming the row and what is wrong with it.
    """
    file = facts_file(config_dir) if path is None else path
    columns = [item.name for item in fields(Fact)]
    facts = tuple(_fact(row, where, kinds) for row, where in rows_of(file, "facts", columns))
    check_once((fact.id for fact in facts), file)
    return facts


def _fact(row: dict[str, str], where: str, kinds: Sequence[str]) -> Fact:
    """A row as a fact; where it stands is told if it is none."""
    numbers: dict[str, Any] = {name: number_in(row, name, where) for name in NUMBERS}
    words: dict[str, Any] = {name: row[name].strip() for name in row if name not in NUMBERS}
    fact = Fact(**words, **numbers)
    if not fact.id:
        raise ConfigurationError(f"{where} has no id: give each row its own.")
    if fact.kind not in kinds or fact.role not in ROLES:
        raise ConfigurationError(
            f"{where}: {cited(fact.id)} is of kind {cited(fact.kind)} and role "
            f"{cited(fact.role)}; kinds are {', '.join(kinds)}, roles {', '.join(ROLES)}."
        )
    if not (fact.low <= fact.value <= fact.high and math.isfinite(fact.high - fact.low)):
        raise ConfigurationError(
            f"{where}: the value of {cited(fact.id)} lies outside its bounds, mend one of the "
            "three."
        )
    return fact


__all__ = ["KINDS", "ROLES", "Fact", "facts_file", "load_facts"]
