"""How far each way of telling the second part of a log was off, as a table for the terminal."""

from pathlib import Path

from rich.table import Table

from sim.report.fit import answer
from sim.report.fit.reading import read_fitted
from sim.report.fit.tables import scores
from sim.report.terminal import WORDS
from sim.text.outgoing import visible


def scores_table(folder: Path) -> Table:
    """A row per way of telling, the log itself first.

    Parameters
    ----------
    folder
        What `repurchase fit` wrote.

    Raises
    ------
    ResultsError
        When the folder holds something else or is torn.
    """
    shown = scores(read_fitted(folder), WORDS)
    table = Table(
        title=visible(shown.title), caption=shown.note, title_justify="left", caption_justify="left"
    )
    for number, heading in enumerate(shown.head):
        table.add_column(heading, justify="right" if number else "left", overflow="fold")
    for row in shown.rows:
        table.add_row(*map(visible, row))
    return table


def sentences(folder: Path) -> list[str]:
    """What the log says, and how near each came."""
    return answer.sentences(read_fitted(folder), WORDS)


__all__ = ["scores_table", "sentences"]
