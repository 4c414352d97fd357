"""How far each way of telling the second part of a log was off, as a table for the terminal."""

from pathlib import Path

from rich.table import Table

from sim.report.fit import answer
from sim.report.fit.reading import read_fitted
from sim.report.fit.tables import scores
from sim.report.terminal import WORDS, table_of


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
    return table_of(scores(read_fitted(folder), WORDS))


def sentences(folder: Path) -> list[str]:
    """What the log says, and how near each came."""
    return answer.sentences(read_fitted(folder), WORDS)


__all__ = ["scores_table", "sentences"]
