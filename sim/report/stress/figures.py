"""The figures of stressed strategies: what is left of the undisturbed self's, day by day."""

import pandas as pd

from sim.report.figure import Exhibit, Panel
from sim.report.stress.answer import shock_name
from sim.report.stress.reading import Stress
from sim.report.words import Words, capital

OUTCOMES = ("orders", "revenue_yuan")
PERCENT = 100.0


def exhibits(stress: Stress, words: Words) -> list[Exhibit]:
    """A figure for orders and one for revenue, with a panel for each shock."""
    found = []
    for outcome in OUTCOMES:
        panels = [_panel(stress, words, outcome, shock) for shock in stress.befell]
        shown = [panel for panel in panels if len(panel.rows)]
        name = f"courses_{outcome}"
        title, caption = (words(f"stress.exhibits.{each}") for each in (outcome, "caption"))
        if shown:
            found.append(Exhibit(name, "lines", title, caption, shown))
    return found


def _panel(stress: Stress, words: Words, outcome: str, shock: str) -> Panel:
    table = stress.courses
    here = (table["outcome"] == outcome) & (table["shock"] == shock) & table["mean"].notna()
    rows = table[here]
    order = {name: place for place, name in enumerate(stress.names)}
    rows = rows.iloc[rows["strategy"].map(order).argsort(kind="stable")]
    numbers = {each: rows[each].astype(float) * PERCENT for each in ("mean", "low", "high")}
    shown = {"strategy": rows["strategy"].map(words.strategy), "x": rows["day"], **numbers}
    title = capital(shock_name(words, shock))
    axes = words("stress.exhibits.x"), words("stress.exhibits.y")
    return Panel(title, pd.DataFrame(shown), *axes)


__all__ = ["exhibits"]
