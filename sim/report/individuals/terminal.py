"""Whom a strategy moves as a table for the terminal."""

from pathlib import Path

import pandas as pd
from rich.table import Table

from sim.report.individuals import answer
from sim.report.individuals.reading import LOST, WON, read_moved
from sim.report.levers import change
from sim.report.terminal import WORDS
from sim.text.outgoing import visible

HEADINGS = ("how many", "won", "lost", "orders more")


def segments_table(folder: Path) -> Table:
    """A row per segment: customers won and lost, orders more or less.

    Parameters
    ----------
    folder
        What `repurchase individuals` wrote.

    Raises
    ------
    ResultsError
        When the folder holds something else or is torn.
    """
    moved = read_moved(folder)
    strategy, reference = (visible(WORDS.strategy(n)) for n in (moved.strategy, moved.reference))
    table = Table(
        title=WORDS("moved.title", strategy=strategy, reference=reference),
        caption=answer.done(moved, WORDS),
        title_justify="left",
        caption_justify="left",
    )
    table.add_column("customers", overflow="fold")
    for heading in HEADINGS:
        table.add_column(heading, justify="right", overflow="fold")
    count = moved.customers()
    columns = (moved.moved(WON), moved.moved(LOST), moved.ordered())
    for place, label in moved.segments(WORDS).items():
        cells = [change(pd.Series(each[place]._asdict(), dtype=float)) for each in columns]
        table.add_row(visible(label), f"{count[place]:,.0f}", *cells)
    return table


def sentences(folder: Path) -> list[str]:
    """How many are moved, and for whom it pays."""
    return answer.sentences(read_moved(folder), WORDS)


__all__ = ["segments_table", "sentences"]
