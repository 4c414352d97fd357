"""The figure of conclusions under other assumptions: each strategy's difference under each."""

import pandas as pd

from sim.report.estimates import estimated, told_in_words
from sim.report.figure import Exhibit, Panel
from sim.report.robustness.answer import goal_name
from sim.report.robustness.reading import Robustness, assumption
from sim.report.words import Words, capital

DIFFERENCES = "by_assumption"


def exhibits(found: Robustness, words: Words) -> list[Exhibit]:
    """A dot with its interval for every assumption, and a panel for every strategy."""
    panels = [_panel(found, words, strategy) for strategy in found.others]
    shown = [panel for panel in panels if len(panel.rows)]
    about = {
        "reference": words.strategy(found.reference),
        "goal": goal_name(words, found.goal),
        "worlds": found.worlds,
    }
    title, caption = (words(f"robustness.exhibit.{part}", **about) for part in ("title", "caption"))
    return [Exhibit(DIFFERENCES, "dots", title, caption, shown)] if shown else []


def _panel(found: Robustness, words: Words, strategy: str) -> Panel:
    known = {
        assumption(words, name): each
        for name, each in found.ahead(strategy).items()
        if each.mean == each.mean
    }
    rows = [{"strategy": name, **each._asdict()} for name, each in known.items()]
    title = capital(words.strategy(strategy))
    said = [f"{name} {estimated(each, words)}" for name, each in known.items()]
    unit = words.own("units", found.unit)
    return Panel(title, pd.DataFrame(rows), unit, zero=True, told=told_in_words(words, title, said))


__all__ = ["DIFFERENCES", "exhibits"]
