"""The facts: what the literature reports, with bounds, one row each.

The table lies in ``conf/evidence/facts.csv``, or in ``evidence/facts.csv`` of the user's folder;
``docs/evidence/sources.md`` says what the sources are and how a row is read.
"""

import csv
import io
import math
from collections import Counter
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from sim.parameters.quantity import ConfigurationError
from sim.text.incoming import UnreadableError, read_text
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


def facts_file(config_dir: Path | None = None) -> Path:
    """Where the table lies: in the user's folder if there is one, else in `conf/`."""
    from sim.config.composing import CONF

    homes = [CONF] if config_dir is None else [config_dir, CONF]
    files = [home / "evidence" / "facts.csv" for home in homes]
    return next((file for file in files if file.exists()), files[-1])


def load_facts(path: Path | None = None, config_dir: Path | None = None) -> tuple[Fact, ...]:
    """Read and check the table of facts.

    Parameters
    ----------
    path
        A table of the same columns; the one that `facts_file` finds by default.
    config_dir
        A folder of the user's own, laid out like `conf/`.

    Raises
    ------
    ConfigurationError
        Naming the row and what is wrong with it.
    """
    file = facts_file(config_dir) if path is None else path
    try:
        text = read_text(file)
    except UnreadableError as error:
        raise ConfigurationError(f"The facts {file} cannot be read: {error}.") from None
    except OSError as error:
        raise ConfigurationError(f"The facts {file} cannot be read: {error.strerror}.") from error
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    columns = [item.name for item in fields(Fact)]
    try:
        if list(reader.fieldnames or ()) != columns:
            raise ConfigurationError(
                f"{file} must have the columns {', '.join(columns)}, in this order."
            )
        facts = tuple(_fact(row, f"{file}, line {reader.line_num}") for row in reader)
    except csv.Error as error:
        raise ConfigurationError(
            f"{file}, line {reader.line_num} cannot be read: {error}."
        ) from None
    counts = Counter(fact.id for fact in facts)
    repeated = [name for name, count in counts.items() if count > 1]
    if repeated:
        raise ConfigurationError(
            f"{file} has {cited(min(repeated))} twice: give each row its own id."
        )
    return facts


def _fact(row: dict[str, Any], where: str) -> Fact:
    """A row as a fact; where it stands is told if it is none."""
    if None in row or None in row.values():
        raise ConfigurationError(f"{where} has more or fewer cells than there are columns.")
    numbers: dict[str, Any] = {}
    for name in NUMBERS:
        try:
            numbers[name] = float(row[name])
        except ValueError as error:
            raise ConfigurationError(
                f"{where}: {name} of {cited(row['id'])} is {cited(repr(row[name]))}, "
                "it must be a number."
            ) from error
    words: dict[str, Any] = {name: row[name].strip() for name in row if name not in NUMBERS}
    fact = Fact(**words, **numbers)
    if not fact.id:
        raise ConfigurationError(f"{where} has no id: give each row its own.")
    if fact.kind not in KINDS or fact.role not in ROLES:
        raise ConfigurationError(
            f"{where}: {cited(fact.id)} is of kind {cited(fact.kind)} and role "
            f"{cited(fact.role)}; kinds are {', '.join(KINDS)}, roles {', '.join(ROLES)}."
        )
    if not (fact.low <= fact.value <= fact.high and math.isfinite(fact.high - fact.low)):
        raise ConfigurationError(
            f"{where}: the value of {cited(fact.id)} lies outside its bounds, mend one of the "
            "three."
        )
    return fact


__all__ = ["KINDS", "ROLES", "Fact", "facts_file", "load_facts"]
