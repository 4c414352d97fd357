"""Conclusions under other assumptions as a table for the terminal."""

from pathlib import Path

from rich.table import Table

from sim.report.robustness import answer
from sim.report.robustness.reading import read_robustness
from sim.report.robustness.tables import conclusions
from sim.report.terminal import WORDS, table_of


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
    return table_of(conclusions(read_robustness(folder), WORDS))


def sentences(folder: Path) -> list[str]:
    """What holds under every assumption, and what hangs on which."""
    return answer.sentences(read_robustness(folder), WORDS)


__all__ = ["conclusions_table", "sentences"]
