"""How a column is declared: a line of text, its parts between bars."""

from collections.abc import Mapping
from typing import Any, NamedTuple

TYPES = {"whole": "iu", "number": "f", "switch": "b", "word": "OUT", "text": "OUT"}


class Column(NamedTuple):
    """A column of a table that is written.

    Attributes
    ----------
    name
        As it stands in the table; a part in angle brackets stands for one of several words.
    type
        One of `TYPES`: a whole number, a number that may be missing, true or false, a word of
        those in `labels` or of a name elsewhere, or prose.
    unit
        Empty where there is none.
    meaning
        In words.
    labels
        The words there are, where they are few and always the same.
    """

    name: str
    type: str
    unit: str
    meaning: str
    labels: tuple[str, ...] = ()

    def told(self) -> dict[str, Any]:
        """As a folder tells it."""
        about = {"type": self.type, "unit": self.unit, "meaning": self.meaning}
        return {**about, "labels": list(self.labels)} if self.labels else about


def declared(text: str, **labels: tuple[str, ...]) -> tuple[Column, ...]:
    """Columns from lines ``name | type | unit | meaning``, with the labels of some by name."""
    rows = ([part.strip() for part in line.split("|")] for line in text.strip().splitlines())
    columns = [
        Column(name, kind, unit, meaning, labels.get(name, ()))
        for name, kind, unit, meaning in rows
    ]
    if missing := set(labels) - {column.name for column in columns}:
        raise ValueError(f"labels of columns that are not declared: {missing}")
    return tuple(columns)


Declared = Mapping[str, tuple[Column, ...]]  # by table

__all__ = ["TYPES", "Column", "Declared", "declared"]
