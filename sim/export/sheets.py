"""A workbook that is written cell by cell: text stays text, formulas carry what they give."""

import re
from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from math import isfinite
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from sim.store.tables import FORMULA
from sim.text.outgoing import visible

LONGEST_TEXT = 32_000  # characters; a cell holds little more
FORBIDDEN = re.compile(r"[\[\]:*?/\\']")  # in the name of a sheet
LONGEST_NAME = 31  # characters of the same
LATIN, LINE_POINTS = 0x2E80, 15.0  # letters from there on are twice as wide; a line's height
FORMATS: dict[str, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 14},
    "head": {"bold": True, "text_wrap": True, "valign": "top", "bottom": 1, "bg_color": "#EEF1F4"},
    "note": {"italic": True, "font_color": "#666666", "text_wrap": True, "valign": "top"},
    "text": {"valign": "top"},
    "quoted": {"valign": "top", "quote_prefix": True},  # stays text when somebody edits it
    "prose": {"text_wrap": True, "valign": "top"},
    "bold": {"bold": True, "valign": "top"},
    "": {"valign": "top"},  # of numbers
    "left": {"align": "left"},
    "count": {"num_format": "#,##0"},
    "number": {"num_format": "#,##0.00"},
    "share": {"num_format": "0.00%"},
    "change": {"num_format": "+0.00%;-0.00%;0.00%"},
    "sum": {"num_format": "#,##0.00", "bold": True, "top": 1},
    "critical": {"num_format": "0.0000"},
}
GIVEN = {"font_color": "#0000C8"}  # numbers that no formula gives are blue


class Book:
    """A workbook in memory; the same content gives the same bytes."""

    def __init__(self, title: str, written: datetime) -> None:
        self._bytes = BytesIO()
        self._book = Workbook(self._bytes, {"in_memory": True})
        self._book.set_properties({"title": title, "created": written, "author": "repurchase"})
        self._book.set_calc_mode("auto")
        self._formats: dict[tuple[str, bool], Format] = {}
        self._names: set[str] = set()

    def sheet(self, name: str, widths: Sequence[float] = ()) -> "Sheet":
        """A new sheet, its name cut where it is too long, and told apart from others."""
        free = cut = FORBIDDEN.sub(" ", visible(name))[:LONGEST_NAME]
        number = 1
        while free.lower() in self._names:
            number += 1
            free = f"{cut[: LONGEST_NAME - 4]} {number}"
        self._names.add(free.lower())
        page = self._book.add_worksheet(free)
        for column, width in enumerate(widths):
            page.set_column(column, column, width)
        return Sheet(self, free, page)

    def define(self, name: str, place: str) -> None:
        """Give a cell a name that formulas may use."""
        self._book.define_name(name, f"={place}")

    def format(self, name: str, given: bool = False) -> Format:
        """One of `FORMATS`; `given` is a number that no formula gives."""
        known = (name, given)
        if known not in self._formats:
            how = {**FORMATS[name], **(GIVEN if given else {})}
            self._formats[known] = self._book.add_format(how)
        return self._formats[known]

    def content(self) -> bytes:
        """The finished file."""
        self._book.close()
        return self._bytes.getvalue()


class Sheet:
    """A sheet of a workbook; rows and columns count from zero."""

    def __init__(self, book: Book, name: str, page: Worksheet) -> None:
        self.name = name
        self._book, self._page = book, page

    def text(self, row: int, column: int, text: object, how: str = "text") -> None:
        """Write text, never as a formula, a number or a link."""
        told = visible(text)[:LONGEST_TEXT]
        if how == "text" and FORMULA.match(told):
            how = "quoted"
        self._page.write_string(row, column, told, self._book.format(how))

    def prose(self, row: int, column: int, text: str, width: int) -> None:
        """Write text of several lines in a column of so many letters; rows do not grow alone."""
        self.text(row, column, text, "prose")
        letters = sum(2 if ord(letter) > LATIN else 1 for letter in text)
        self._page.set_row(row, LINE_POINTS * (1 + letters // width))

    def number(self, row: int, column: int, value: float, how: str = "") -> None:
        """Write a number that no formula gives; a missing one leaves the cell empty."""
        if isfinite(value):
            self._page.write_number(row, column, value, self._book.format(how, given=True))

    def formula(
        self, row: int, column: int, formula: str, value: float | str, how: str = ""
    ) -> None:
        """Write a formula with what it gives, a number or text; a missing number is empty text."""
        told = value if isinstance(value, str) or isfinite(value) else ""
        self._page.write_formula(row, column, f"={formula}", self._book.format(how), told)

    def value(self, row: int, column: int, value: object) -> None:
        """Write a value as it is: a number, a switch or text."""
        if isinstance(value, bool):
            self._page.write_boolean(row, column, value, self._book.format("text"))
        elif isinstance(value, int | float):
            self.number(row, column, float(value))
        else:
            self.text(row, column, value)

    def row(self, row: int, texts: Sequence[object], how: str = "text", first: int = 0) -> None:
        """Write texts into cells side by side."""
        for column, text in enumerate(texts, first):
            self.text(row, column, text, how)

    def freeze(self, row: int, column: int, last_row: int = 0, last_column: int = 0) -> None:
        """Keep what is above and left in sight; rows down to the last can be filtered."""
        self._page.freeze_panes(row, column)
        if last_row >= row:
            self._page.autofilter(row - 1, 0, last_row, last_column)

    def cell(self, row: int, column: int, fixed: bool = False) -> str:
        """A cell of this sheet as formulas of others name it."""
        return f"'{self.name}'!{at(row, column, fixed)}"

    def range(self, row: int, column: int, last_row: int, last_column: int) -> str:
        """A range of cells of this sheet as formulas of others name it."""
        return f"'{self.name}'!{span(row, column, last_row, last_column)}"


def at(row: int, column: int, fixed: bool = False) -> str:
    """A cell as formulas of its own sheet name it."""
    return str(xl_rowcol_to_cell(row, column, fixed, fixed))


def span(row: int, column: int, last_row: int, last_column: int) -> str:
    """A range of cells as formulas of its own sheet name it."""
    return f"{at(row, column)}:{at(last_row, last_column)}"


__all__ = ["Book", "Sheet", "at", "span"]
