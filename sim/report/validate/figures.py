"""The figures of a validation: facts between their bounds, cohorts, and a market that takes up."""

import math

import pandas as pd

from sim.report.estimates import told_in_words
from sim.report.figure import Exhibit, Panel
from sim.report.placing import placed
from sim.report.reading import Estimate
from sim.report.validate.reading import (
    CURVES,
    EXPECTED,
    FOUND,
    NOT_MEASURED,
    Row,
    Validation,
    label,
)
from sim.report.words import Words

DRAWN = ("fit", "check")  # roles of facts that have a figure


def exhibits(validation: Validation, words: Words) -> list[Exhibit]:
    """A figure for facts of each role, and two of curves beside what is expected."""
    made = []
    for role in DRAWN:
        shown = _placed(validation, words, role)
        if len(shown.rows):
            made.append(_exhibit(words, f"facts_{role}", "dots", shown))
    for measure in CURVES:
        shown = _curve(validation, words, measure)
        if len(shown.rows):
            made.append(_exhibit(words, measure, "lines", shown))
    return made


def _exhibit(words: Words, name: str, form: str, panel: Panel) -> Exhibit:
    title, caption = (words(f"validate.exhibits.{name}.{part}") for part in ("title", "caption"))
    return Exhibit(name, "dots" if form == "dots" else "lines", title, caption, [panel])


def _placed(validation: Validation, words: Words, role: str) -> Panel:
    """Facts of a role, each where it lies between its bounds: −1 the lower, 1 the upper."""
    own = [row for row in validation.of_role(role) if row.verdict != NOT_MEASURED]
    own = [row for row in own if row.reported.high > row.reported.low]
    rows = pd.DataFrame(
        [
            {"strategy": label(row, words), **placed(row.reported, row.measured)._asdict()}
            for row in own
        ],
        columns=["strategy", "mean", "low", "high"],
    )
    title, x = (words(f"validate.panels.facts_{role}.{part}") for part in ("title", "x"))
    said = [f"{label(row, words)}{words('comma')}{_verdict(words, row)}" for row in own]
    told = told_in_words(words, title, said)
    return Panel(title, rows, x, zero=True, told=told)


def _verdict(words: Words, row: Row) -> str:
    return words(f"tables.facts.verdicts.{row.verdict}")


def _curve(validation: Validation, words: Words, measure: str) -> Panel:
    """What was found month by month, and what is expected where that is known."""
    rows = []
    for number in validation.numbers(measure):
        month = float(number.item)
        for name, one in ((FOUND, number.found), (EXPECTED, Estimate(number.expected, *NONE))):
            if not math.isnan(one.mean):
                rows.append({"strategy": words(f"validate.{name}"), "x": month, **one._asdict()})
    drawn = pd.DataFrame(rows, columns=["strategy", "x", "mean", "low", "high"])
    drawn = drawn.sort_values(["strategy", "x"], kind="stable", ignore_index=True)
    title, x, y = (words(f"validate.panels.{measure}.{part}") for part in ("title", "x", "y"))
    last = drawn.groupby("strategy", sort=False)["mean"].last()
    said = [f"{name} {words.number(float(value))}" for name, value in last.items()]
    told = told_in_words(words, title, said)
    return Panel(title, drawn, x, y, zero=True, told=told)


NONE = (float("nan"), float("nan"))

__all__ = ["CURVES", "DRAWN", "exhibits"]
