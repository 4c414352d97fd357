"""The figures of an audit: what methods say and how far they are off; of whom, and when."""

from collections.abc import Mapping

import pandas as pd

from sim.report.audit.reading import TREATED, WHO, Audit
from sim.report.estimates import estimated, told_in_words
from sim.report.figure import Exhibit, Form, Panel
from sim.report.reading import Estimate
from sim.report.words import Words

MONTH_DAYS = 30
METHODS, SEGMENTS, MONTHS = "observed_and_caused", "segments", "months"


def exhibits(audit: Audit, words: Words) -> list[Exhibit]:
    """Bias by method, the effect caused by segment, and over time."""
    made = (_methods(audit, words), _segments(audit, words), _months(audit, words))
    return [exhibit for exhibit in made if exhibit.panels]


def _methods(audit: Audit, words: Words) -> Exhibit:
    """Every estimate of the effect on the treated beside it, and how far off each is."""
    found = {name: each for name, each in audit.findings.items() if each.of == TREATED}
    says = {words(f"audit.methods.{name}"): each.says for name, each in found.items()}
    gaps = {words(f"audit.methods.{name}"): each.gap for name, each in found.items()}
    says[audit.named_reference(words)] = audit.naive.caused
    unit = words(f"audit.titles.{audit.outcome}")
    panels = [_dots(words, "says", says, unit), _dots(words, "gap", gaps, unit)]
    return _exhibit(words, METHODS, "dots", panels)


def _segments(audit: Audit, words: Words) -> Exhibit:
    effects, names = audit.effects_on(TREATED), audit.segments(words)
    found = {label: effects[place] for place, label in names.items()}
    unit = words(f"audit.titles.{audit.outcome}")
    return _exhibit(words, SEGMENTS, "dots", [_dots(words, "segments", found, unit)])


def _months(audit: Audit, words: Words) -> Exhibit:
    rows = [
        {"strategy": words(f"audit.who.{who}"), "x": month + 1, **found._asdict()}
        for who in WHO
        for month, found in audit.by_month(who).items()
        if found.mean == found.mean
    ]
    landmark = (audit.manifest["landmark"] - audit.manifest["index_day"]) / MONTH_DAYS + 0.5
    told = words("audit.landmark", day=audit.manifest["landmark"])
    mark = {"strategy": audit.named_reference(words), "x": landmark, "told": told}
    title, x, y = (words(f"audit.panels.months.{part}") for part in ("title", "x", "y"))
    said = [
        words("audit.month_said", month=month + 1, effect=estimated(found, words))
        for month, found in audit.by_month(TREATED).items()
        if found.mean == found.mean
    ]
    panel = Panel(
        title,
        pd.DataFrame(rows),
        x,
        y,
        marks=pd.DataFrame([mark]),
        months=tuple(str(month + 1) for month in audit.by_month(TREATED)),
        told=told_in_words(words, title, said),
    )
    return _exhibit(words, MONTHS, "lines", [panel])


def _dots(words: Words, key: str, found: Mapping[str, Estimate], unit: str) -> Panel:
    """Estimates by what they are of, those that are known."""
    known = {label: each for label, each in found.items() if each.mean == each.mean}
    rows = [{"strategy": label, **each._asdict()} for label, each in known.items()]
    title = words(f"audit.panels.{key}")
    said = [f"{label} {estimated(each, words)}" for label, each in known.items()]
    return Panel(title, pd.DataFrame(rows), unit, zero=True, told=told_in_words(words, title, said))


def _exhibit(words: Words, name: str, form: Form, panels: list[Panel]) -> Exhibit:
    title, caption = (words(f"audit.exhibits.{name}.{part}") for part in ("title", "caption"))
    return Exhibit(name, form, title, caption, [panel for panel in panels if len(panel.rows)])


__all__ = ["METHODS", "MONTHS", "MONTH_DAYS", "SEGMENTS", "exhibits"]
