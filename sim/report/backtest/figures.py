"""The figure of experiments that happened: each prediction between the published bounds."""

import pandas as pd

from sim.report.backtest.reading import NOT_PREDICTED, Backtest, Experiment, label
from sim.report.estimates import told_in_words
from sim.report.figure import Exhibit, Panel
from sim.report.placing import placed
from sim.report.words import Words

DRAWN = {"blind": True, "not_blind": False}


def exhibits(found: Backtest, words: Words) -> list[Exhibit]:
    """A dot with its interval for every experiment, the blind ones apart from the others."""
    panels = [_panel(found, words, name, blind) for name, blind in DRAWN.items()]
    shown = [panel for panel in panels if len(panel.rows)]
    title, caption = (words(f"backtest.exhibit.{part}") for part in ("title", "caption"))
    return [Exhibit("predicted", "dots", title, caption, shown)] if shown else []


def _panel(found: Backtest, words: Words, name: str, blind: bool) -> Panel:
    own = [row for row in found.predicted(blind) if _can_be_placed(row)]
    rows = pd.DataFrame(
        [
            {"strategy": label(row, words), **placed(row.published, row.predicted)._asdict()}
            for row in own
        ],
        columns=["strategy", "mean", "low", "high"],
    )
    title = words(f"backtest.exhibit.{name}")
    said = [
        f"{label(row, words)}{words('comma')}{words(f'backtest.overlap.{row.overlap}')}"
        for row in own
    ]
    told = told_in_words(words, title, said)
    return Panel(title, rows, words("backtest.exhibit.x"), zero=True, told=told)


def _can_be_placed(row: Experiment) -> bool:
    return row.overlap != NOT_PREDICTED and row.published.high > row.published.low


__all__ = ["exhibits"]
