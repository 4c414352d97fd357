"""Conclusions under other assumptions as a table for the terminal."""

from pathlib import Path

from rich.table import Table

from sim.report.robustness import answer
from sim.report.robustness.reading import read_robustness
from sim.report.robustness.tables import conclusions
from sim.report.terminal import WORDS


def conclusions_table(folder: Path) -> Table:
    """A row per conclusion by the goal.

    Parameters
    ----------
    folder
        What `repurchase robustness` wrote.

    Raises
    ------
    ResultsError
        When the folder holds something else or is torn.
    """
    shown = conclusions(read_robustness(folder), WORDS)
    table = Table(
        title=shown.title, caption=shown.note, title_justify="left", caption_justify="left"
    )
    for heading in shown.head:
        table.add_column(heading, overflow="fold")
    for row in shown.rows:
        table.add_row(*row)
    return table


def sentences(folder: Path) -> list[str]:
    """What holds under every assumption, and what hangs on which."""
    return answer.sentences(read_robustness(folder), WORDS)


__all__ = ["conclusions_table", "sentences"]
