"""The figure of an A/B test: for each way of drawing, what the test says and what is so."""

import pandas as pd

from sim.report.abtest.reading import ABTest, Drawn
from sim.report.estimates import estimated, told_in_words
from sim.report.figure import Exhibit, Panel
from sim.report.words import Words, capital

NAME = "test"


def exhibits(test: ABTest, words: Words) -> list[Exhibit]:
    """A panel for each way of drawing, all to one scale."""
    panels = [_panel(test, words, unit, found) for unit, found in test.drawn.items()]
    title, caption = (words(f"abtest.exhibit.{part}") for part in ("title", "caption"))
    shown = [panel for panel in panels if len(panel.rows)]
    return [Exhibit(NAME, "dots", title, caption, shown)] if shown else []


def _panel(test: ABTest, words: Words, unit: str, found: Drawn) -> Panel:
    known = {words(f"abtest.parts.{name}"): each for name, each in found.parts.items()
             if each.mean == each.mean}  # fmt: skip
    rows = pd.DataFrame([{"strategy": label, **each._asdict()} for label, each in known.items()])
    title = capital(words(f"abtest.drawn.{unit}"))
    said = [f"{label} {estimated(each, words)}" for label, each in known.items()]
    x = words(f"abtest.titles.{test.outcome}")
    return Panel(title, rows, x, zero=True, told=told_in_words(words, title, said))


__all__ = ["NAME", "exhibits"]
