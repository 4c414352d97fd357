"""The figure of whom a strategy moves: won, lost and orders more, by segment."""

from collections.abc import Mapping

import pandas as pd

from sim.report.customers import Segment
from sim.report.estimates import estimated, told_in_words
from sim.report.figure import Exhibit, Panel
from sim.report.individuals.reading import LOST, WON, Moved
from sim.report.reading import Estimate
from sim.report.words import Words

NAME = "moved"


def exhibits(moved: Moved, words: Words) -> list[Exhibit]:
    """A panel each for won, lost and orders."""
    panels = [
        _panel(moved, words, "won", moved.moved(WON)),
        _panel(moved, words, "lost", moved.moved(LOST)),
        _panel(moved, words, "orders", moved.ordered()),
    ]
    title, caption = (words(f"moved.exhibit.{part}") for part in ("title", "caption"))
    shown = [panel for panel in panels if len(panel.rows)]
    return [Exhibit(NAME, "dots", title, caption, shown)] if shown else []


def _panel(moved: Moved, words: Words, key: str, found: Mapping[Segment, Estimate]) -> Panel:
    known = {label: found[place] for place, label in moved.segments(words).items()
             if found[place].mean == found[place].mean}  # fmt: skip
    rows = pd.DataFrame([{"strategy": label, **each._asdict()} for label, each in known.items()])
    title, x = (words(f"moved.panels.{key}.{part}") for part in ("title", "x"))
    signed = key == "orders"
    said = [f"{label} {estimated(each, words, signed)}" for label, each in known.items()]
    return Panel(title, rows, x, zero=True, told=told_in_words(words, title, said))


__all__ = ["NAME", "exhibits"]
