"""Tables in the terminal."""

import sys
from typing import Any


def show(title: str, table: Any) -> None:
    """Print any table under a title."""
    from rich.table import Table

    shown = Table(title=title, title_justify="left")
    for name in table.columns:
        number = table[name].dtype.kind in "if"
        shown.add_column(str(name), justify="right" if number else "left", no_wrap=number)
    for row in table.itertuples(index=False):
        shown.add_row(*(word(value) for value in row))
    print_table(shown)


def print_table(table: Any) -> None:
    """As wide as the terminal; in a pipe, wide enough to be read."""
    from rich.console import Console

    Console(width=None if sys.stdout.isatty() else 160).print(table)


def word(value: Any) -> str:
    """A cell; numbers to four digits."""
    if isinstance(value, float):
        return "" if value != value else f"{value:,.4g}" if abs(value) < 1e4 else f"{value:,.0f}"
    return str(value)
