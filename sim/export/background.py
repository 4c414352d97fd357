"""Sheets of what a comparison rests on, of every table as it is kept, and of how to read it all."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sim.export.sheets import Book, Sheet
from sim.report.reading import Comparison
from sim.report.words import Words
from sim.store.folders import tables_in
from sim.store.tables import DICTIONARY
from sim.text.incoming import read_text

MOST_ROWS = 1_000_000  # of a table; a sheet has few more
READ_ME = (26, 110)  # columns of the first sheet, in characters
WIDE, NARROW = 60, 16  # columns of prose and of anything else, in characters
Meanings = Mapping[str, Mapping[str, Any]]  # of columns by name


def write_assumptions(book: Book, comparison: Comparison, words: Words) -> None:
    """Every setting with unit and source, and what each strategy sets it to where that differs."""
    table = comparison.assumptions
    names = [name for name in comparison.names if name != comparison.reference]
    sheet = book.sheet(
        words("export.sheets.assumptions"), [44, 14, 22, 50, 22, 12, 40, *[16] * len(names)]
    )
    reference = words.strategy(comparison.reference)
    sheet.text(0, 0, words("export.sheets.assumptions"), "title")
    sheet.text(1, 0, words("export.notes.assumptions", reference=reference))
    heads = [words(f"export.columns.{name}") for name in
             ("key", "value", "unit", "what", "rests_on", "facts", "source")]  # fmt: skip
    sheet.row(2, [*heads, *map(words.strategy, names)], "head")
    changed = comparison.changes.set_index(["key", "strategy"])["value"].to_dict()
    for i, row in enumerate(table.to_dict("records"), 3):
        key = str(row["key"])
        sheet.text(i, 0, key)
        sheet.value(i, 1, _number(str(row["value"])))
        about = words.own("units", str(row["unit"])), words.own("settings", key, str(row["what"]))
        sheet.row(i, about, "prose", 2)
        sheet.text(i, 4, words(f"tables.rests_on.{row['rests_on']}"))
        sheet.row(i, [row["facts"], words.own("sources", key, str(row["source"]))], "prose", 5)
        for column, name in enumerate(names, 7):
            if (key, name) in changed:
                sheet.value(i, column, _number(str(changed[key, name])))
    sheet.freeze(3, 1, 2 + len(table), 6 + len(names))


def write_tables(book: Book, folder: Path, manifest: Mapping[str, Any], words: Words) -> list[str]:
    """Every table that a folder holds as a plain sheet, what its columns mean above them.

    Returns
    -------
    list of str
        The names of the sheets.
    """
    meanings = _meanings(folder, manifest)
    return [
        _write_table(book, name, table, meanings.get(name, {}), words)
        for name, table in _tables(folder, manifest)
    ]


def write_read_me(
    sheet: Sheet, title: str, told: list[tuple[str, str]], answer: list[str], words: Words
) -> int:
    """Write the first sheet: the answer, how it was made, how to read it.

    Returns
    -------
    int
        The first row below.
    """
    sheet.text(0, 0, title, "title")
    row = 2
    if answer:
        sheet.text(row, 0, words("page.answer"), "bold")
        for sentence in answer:
            sheet.prose(row, 1, sentence, READ_ME[1])
            row += 1
        row += 1
    for name, value in told:
        sheet.text(row, 0, name, "bold")
        sheet.prose(row, 1, value, READ_ME[1])
        row += 1
    return row + 1


def _tables(folder: Path, manifest: Mapping[str, Any]) -> Iterator[tuple[str, pd.DataFrame]]:
    read = tables_in(folder, manifest).read
    for file in sorted(manifest["files"]):
        if file.endswith(".parquet"):
            name = file.removesuffix(".parquet")
            yield name, read(name)


def _meanings(folder: Path, manifest: Mapping[str, Any]) -> Mapping[str, Meanings]:
    """What the columns of its tables mean, as the folder itself says."""
    if DICTIONARY not in manifest["files"]:
        return {}
    found: Mapping[str, Meanings] = json.loads(read_text(folder / DICTIONARY))
    return found


def _write_table(
    book: Book, name: str, table: pd.DataFrame, meanings: Meanings, words: Words
) -> str:
    prose = {column for column in table if meanings.get(str(column), {}).get("type") == "text"}
    widths = [WIDE if column in prose else NARROW for column in table]
    sheet = book.sheet(words("export.sheets.table", name=name), widths)
    for i, column in enumerate(table):
        about = meanings.get(str(column), {})
        sheet.text(0, i, about.get("meaning", ""), "note")
        sheet.text(1, i, about.get("unit", ""), "note")
        sheet.text(2, i, column, "head")
    shown = table.head(MOST_ROWS)
    for i, column in enumerate(shown):
        for row, value in enumerate(_plain(shown[column]), 3):
            sheet.value(row, i, value)
    sheet.freeze(3, 1, 2 + len(shown), len(table.columns) - 1)
    return sheet.name


def _plain(column: "pd.Series[Any]") -> list[Any]:
    """Values as a sheet takes them: numbers, switches, text; what is missing is no number."""
    if column.dtype.kind == "b":
        return [bool(value) for value in column]
    if column.dtype.kind in "iuf":
        return list(column.to_numpy(dtype=float, na_value=np.nan))
    return list(column.astype(object).where(column.notna(), ""))


def _number(text: str) -> float | str:
    """A setting's value as a number, if it is one."""
    try:
        return float(text.replace(",", ""))
    except ValueError:
        return text


__all__ = ["READ_ME", "write_assumptions", "write_read_me", "write_tables"]
