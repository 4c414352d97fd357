"""Stressed strategies as a table for the terminal."""

import textwrap
from pathlib import Path

from rich.table import Table

from sim.report.stress import answer
from sim.report.stress.reading import read_stress
from sim.report.stress.tables import resilience
from sim.report.words import Words

WORDS = Words("en")
HEADING = 14  # characters in a line of one


def resilience_table(folder: Path) -> Table:
    """A row per shock and strategy.

    Parameters
    ----------
    folder
        What `repurchase stress` wrote.

    Raises
    ------
    ResultsError
        When the folder holds something else or is torn.
    """
    shown = resilience(read_stress(folder), WORDS)
    table = Table(
        title=shown.title, caption=shown.note, title_justify="left", caption_justify="left"
    )
    for place, heading in enumerate(shown.head):
        told = textwrap.fill(heading, HEADING)
        table.add_column(told, justify="left" if place < 2 else "right", no_wrap=place > 1)
    before = ""
    for shock, *cells in shown.rows:
        if before not in ("", shock):
            table.add_section()
        table.add_row("" if shock == before else shock, *cells)
        before = shock
    return table


def sentences(folder: Path) -> list[str]:
    """What hurts most, what is recovered from, and who loses less."""
    return answer.sentences(read_stress(folder), WORDS)


__all__ = ["resilience_table", "sentences"]
