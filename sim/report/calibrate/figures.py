"""The figures of a calibration: facts between their bounds, settings in their ranges."""

import pandas as pd

from sim.report.calibrate.reading import Calibration, Setting, Target, label, named
from sim.report.estimates import told_in_words
from sim.report.figure import Exhibit, Panel
from sim.report.placing import placed
from sim.report.reading import Estimate
from sim.report.words import Words

FACTS, SETTINGS = "facts", "settings"


def exhibits(found: Calibration, words: Words) -> list[Exhibit]:
    """Where the facts lie at the best point and over draws, and what is left of each range."""
    panels = {FACTS: _facts(found, words), SETTINGS: _settings(found, words)}
    return [
        Exhibit(name, "dots", *_said(words, name), [panel])
        for name, panel in panels.items()
        if len(panel.rows)
    ]


def _said(words: Words, name: str) -> tuple[str, str]:
    title, caption = (words(f"calibrate.exhibits.{name}.{part}") for part in ("title", "caption"))
    return title, caption


def _facts(found: Calibration, words: Words) -> Panel:
    own = [row for row in found.facts if row.reported.high > row.reported.low]
    rows = [_row(label(row, words), placed(row.reported, row.told)) for row in own]
    said = [f"{label(row, words)}{words('comma')}{_inside(row, words)}" for row in own]
    return _panel(words, FACTS, rows, said, zero=True)


def _inside(row: Target, words: Words) -> str:
    return words(f"calibrate.{'inside' if row.inside else 'outside'}")


def _settings(found: Calibration, words: Words) -> Panel:
    rows = [_row(named(row.key, words), in_range(row)) for row in found.estimated]
    said = [
        f"{named(row.key, words)}{words('comma')}{words.number(row.found.mean)}"
        for row in found.estimated
    ]
    return _panel(words, SETTINGS, rows, said)


def in_range(row: Setting) -> Estimate:
    """The best point and the draws where they lie in what was thought possible, 0 to 1."""
    return Estimate(*(row.place(value) for value in row.found))


def _row(name: str, place: Estimate) -> dict[str, object]:
    return {"strategy": name, **place._asdict()}


def _panel(
    words: Words, name: str, rows: list[dict[str, object]], said: list[str], zero: bool = False
) -> Panel:
    title, x = (words(f"calibrate.exhibits.{name}.{part}") for part in ("panel", "x"))
    told = told_in_words(words, title, said)
    drawn = pd.DataFrame(rows, columns=["strategy", "mean", "low", "high"])
    return Panel(title, drawn, x, zero=zero, told=told)


__all__ = ["FACTS", "SETTINGS", "exhibits", "in_range"]
