"""Tables and paragraphs in the terminal: the one place from which commands speak.

Whatever is said may hold what others wrote, so a terminal finds nothing in it to obey.
"""

import shutil
import sys
import textwrap
from typing import Any

import typer

from sim.text.outgoing import in_one_line, visible


def say(text: str) -> None:
    """Say a line."""
    typer.echo(visible(text))


def complain(error: object) -> None:
    """Say on stderr, in one sentence, what is wrong."""
    sys.stderr.write(f"{in_one_line(error)}\n")


def show(title: str, table: Any) -> None:
    """Print any table under a title."""
    from rich.table import Table

    shown = Table(title=title, title_justify="left")
    for name in table.columns:
        number = table[name].dtype.kind in "if"
        shown.add_column(
            str(name), justify="right" if number else "left", no_wrap=number, overflow="fold"
        )
    for row in table.itertuples(index=False):
        shown.add_row(*(word(value) for value in row))
    print_table(shown)


def print_table(table: Any) -> None:
    """As wide as the terminal; in a pipe, wide enough to be read.

    Where the terminal is too narrow for the words of every column, a line for each cell.
    """
    from rich.console import Console

    # What stands in brackets or colons is text, not rich's own markup.
    width = None if sys.stdout.isatty() else 160
    console = Console(width=width, markup=False, emoji=False)
    _make_visible(table)
    for column in table.columns:
        if column.no_wrap:  # of which the library would measure the longest word
            lines = [console.measure(cell).maximum for cell in (column.header, *column.cells)]
            column.min_width = max(lines)
    needed = console.measure(table, options=console.options.update(max_width=10_000)).minimum
    if needed <= console.width:
        console.print(table)
    else:
        _print_line_by_line(console, table)


def _make_visible(table: Any) -> None:
    table.title, table.caption = visible(table.title or "") or None, visible(table.caption or "")
    for column in table.columns:
        column.header = visible(column.header)
        column._cells[:] = [_cell(each) for each in column.cells]


def _cell(cell: Any) -> Any:
    return visible(cell) if isinstance(cell, str) else cell  # a styled text holds numbers


def _print_line_by_line(console: Any, table: Any) -> None:
    """Every row as a block of lines, each a heading and a cell."""
    from rich.table import Table

    console.print(table.title or "", style="italic")
    headings = [str(column.header).replace("\n", " ") for column in table.columns]
    width = max(map(len, headings), default=0)
    columns = [list(column.cells) for column in table.columns]
    for row in zip(*columns, strict=True):
        console.print()
        block = Table.grid(padding=(0, 2, 0, 0))
        block.add_column(width=min(width, console.width // 2), overflow="fold")
        block.add_column(overflow="fold")
        for heading, cell in zip(headings, row, strict=True):
            if str(cell).strip():
                block.add_row(heading, str(cell).strip().replace("\n", ", "))
        console.print(block)
    if table.caption:
        console.print()
        console.print(table.caption, style="dim italic")


def paragraph(text: str, indent: int, first: str = "") -> str:
    """Text as wide as the terminal, up to 100 columns, indented; `first` stands before it."""
    width = min(shutil.get_terminal_size((100, 24)).columns, 100)
    lead = f"{first:{indent}}" if len(first) < indent else f"{first} "
    return textwrap.fill(
        text, width, initial_indent=lead, subsequent_indent=" " * indent, break_long_words=False
    )


def word(value: Any) -> str:
    """A cell; numbers to four digits."""
    if isinstance(value, float):
        return "" if value != value else f"{value:,.4g}" if abs(value) < 1e4 else f"{value:,.0f}"
    return str(value)
