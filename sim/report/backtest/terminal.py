"""Experiments that happened as tables for the terminal, and how well they were predicted."""

from pathlib import Path

from rich.table import Table

from sim.report.backtest import answer, tables
from sim.report.backtest.reading import read_backtest
from sim.report.terminal import WORDS, table_of


def score_tables(folder: Path) -> list[Table]:
    """Every experiment as published and as predicted, the score, and what was not predicted.

    Parameters
    ----------
    folder
        What `repurchase backtest` wrote.

    Raises
    ------
    ResultsError
        When the folder holds something else or is torn.
    """
    found = read_backtest(folder)
    shown = [
        tables.experiments(found, WORDS, blind=True),
        tables.experiments(found, WORDS, blind=False),
        tables.score(found, WORDS),
        tables.apart(found, WORDS),
    ]
    return [table_of(each) for each in shown if each.rows]


def sentences(folder: Path) -> list[str]:
    """Directions, what guessing would have told, sizes, and what is missed."""
    return answer.sentences(read_backtest(folder), WORDS)


__all__ = ["score_tables", "sentences"]
