"""An A/B test as a table for the terminal."""

from pathlib import Path

import pandas as pd
from rich.table import Table

from sim.report.abtest import answer
from sim.report.abtest.reading import CAUSED, ON_OFFERED, ON_OTHERS, SAYS, read_test
from sim.report.levers import change
from sim.report.terminal import WORDS
from sim.text.outgoing import visible

HEADINGS = ("units", "the test says", "error", "did to offered", "did to others", "causes")


def test_table(folder: Path) -> Table:
    """A row per way of drawing: what the test says, and what is so.

    Parameters
    ----------
    folder
        What `repurchase abtest` wrote.

    Raises
    ------
    ResultsError
        When the folder holds something else or is torn.
    """
    test = read_test(folder)
    lever, scenario = (visible(str(test.manifest[name])) for name in ("lever", "scenario"))
    table = Table(
        title=WORDS("abtest.title", lever=lever, scenario=scenario),
        caption=answer.done(test, WORDS),
        title_justify="left",
        caption_justify="left",
    )
    table.add_column("drawn", overflow="fold")
    for heading in HEADINGS:
        table.add_column(heading, justify="right", overflow="fold")
    for unit, found in test.drawn.items():
        told = {
            name: change(pd.Series(each._asdict(), dtype=float))
            for name, each in found.parts.items()
        }
        table.add_row(
            WORDS(f"abtest.drawn.{unit}"),
            f"{found.units:,.0f}",
            told[SAYS],
            f"{found.error:,.1f}",
            *(told[name] for name in (ON_OFFERED, ON_OTHERS, CAUSED)),
        )
    return table


def sentences(folder: Path) -> list[str]:
    """What a test of each way of drawing says and misses, and how sure it can be."""
    return answer.sentences(read_test(folder), WORDS)


__all__ = ["sentences", "test_table"]
