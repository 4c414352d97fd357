"""What the report shows: each figure's numbers, title, axes and caption, however it is drawn.

An exhibit is made from the tables of a comparison. `interactive` draws it for the page, `slides`
for PNG and SVG; both from the same numbers.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np
import pandas as pd

from sim.report.calendar import MONTH_DAYS, festivals, month_names
from sim.report.reading import Comparison
from sim.report.words import Words, capital

Form = Literal[
    "dots",
    "lines",
    "bars",
    "balance",
    "cells",
    "scatter",
    "network",
    "curves",
    "points",
    "waterfall",
]
Choice = Literal["", "segment", "strategy"]
SEGMENTATIONS = ("stage", "region", "persona", "tier", "cohort", "channel", "membership")
ALL = "all"


@dataclass(frozen=True)
class Panel:
    """One pair of axes with its numbers, as the form of its exhibit reads them.

    Attributes
    ----------
    title, x, y
        What it shows, and the axes with their units.
    rows
        ``strategy`` and ``mean, low, high`` (dots, lines with ``x``), ``part, value`` (bars), ...;
        ``segment`` or ``strategy`` of what can be chosen.
    zero
        Whether zero is drawn.
    links
        Of a network: ``x, y, x2, y2``.
    marks
        Of lines: ``strategy, x, told``, where something changes.
    months
        Of months: what the calendar calls the first, the second, ... of the run.
    festivals
        Of lines over months: ``x, told``.
    told
        The same in words, for whoever does not see it.
    """

    title: str
    rows: pd.DataFrame
    x: str
    y: str = ""
    zero: bool = False
    links: pd.DataFrame | None = None
    marks: pd.DataFrame | None = None
    months: tuple[str, ...] = ()
    festivals: pd.DataFrame | None = None
    told: str = ""

    def month(self, number: float) -> str:
        """What the calendar calls a month of the run, from 1; nothing beyond those it knows."""
        place = round(number) - 1
        return self.months[place] if place == number - 1 and 0 <= place < len(self.months) else ""


@dataclass(frozen=True)
class Exhibit:
    """A figure: panels of one form under a title, with a caption that says how to read it."""

    name: str
    form: Form
    title: str
    caption: str
    panels: list[Panel]
    choice: Choice = ""
    parts: dict[str, str] = field(default_factory=dict)  # colour by part, where parts are coloured
    alike: bool = False  # whether all panels are drawn to one scale, since they show the same

    @property
    def legend(self) -> bool:
        """Whether strategies are told by colours alone."""
        return self.form in ("lines", "scatter", "curves", "points")

    @property
    def names(self) -> frozenset[str]:
        """Strategies on any of the panels, which may share their rows: one may lack some."""
        return frozenset(name for panel in self.panels for name in panel.rows["strategy"])


class Maker:
    """Makes the exhibits of a comparison in one language."""

    def __init__(self, comparison: Comparison, words: Words) -> None:
        self.comparison = comparison
        self.words = words
        self.reference = words.strategy(comparison.reference)
        self.labels = {name: words.strategy(name) for name in comparison.names}

    def exhibit(
        self,
        name: str,
        form: Form,
        panels: Iterable[Panel | None],
        choice: Choice = "",
        parts: Mapping[str, str] | None = None,
        **values: object,
    ) -> Exhibit | None:
        """An exhibit of the panels that have something to show; None if none has."""
        shown = [panel for panel in panels if panel is not None and len(panel.rows)]
        if not shown:
            return None
        values = {"reference": self.reference, **values}
        title, caption = (
            self.words(f"exhibits.{name}.{what}", **values) for what in ("title", "caption")
        )
        return Exhibit(name, form, title, caption, shown, choice, dict(parts or {}))

    def panel(self, key: str, rows: pd.DataFrame, zero: bool = False, **values: object) -> Panel:
        """A panel whose title and axes stand under `panels.<key>`."""
        values = {"reference": self.reference, **values}
        x = self.words(f"panels.{key}.x", **values)
        y = self.words(f"panels.{key}.y", **values) if self.words.says(f"panels.{key}.y") else ""
        return Panel(self.words(f"panels.{key}.title", **values), rows, x, y, zero)

    def labelled(self, table: pd.DataFrame) -> pd.DataFrame:
        """Strategies as they are called, in the order of the ranking."""
        order = {name: place for place, name in enumerate(self.labels)}
        places = table["strategy"].map(order).to_numpy(float)  # missing, so last, where unknown
        known = table.iloc[np.argsort(places, kind="stable")[: np.isfinite(places).sum()]]
        return known.assign(strategy=known["strategy"].map(self.labels))

    def indicator(self, key: str, name: str, scale: float = 1.0) -> Panel | None:
        """Dots of an indicator by strategy in every segment, with intervals."""
        table = self.comparison.levels
        rows = self._estimates(table[table["indicator"] == name], scale)
        if rows is None:
            return None
        if self.comparison.unit(name) == "share":
            rows[["low", "high"]] = rows[["low", "high"]].clip(0, 100)
        return self.panel(key, rows)

    def difference(self, key: str, name: str, scale: float = 1.0) -> Panel | None:
        """Dots of an indicator's difference to the reference, with intervals."""
        table = self.comparison.differences
        rows = self._estimates(table[table["indicator"] == name], scale)
        return None if rows is None else self.panel(key, rows, zero=True)

    def _estimates(self, table: pd.DataFrame, scale: float) -> pd.DataFrame | None:
        table = table[table["mean"].notna()]
        if table.empty:
            return None
        rows = self.labelled(table)
        segment = [segment_key(*pair) for pair in zip(rows["by"], rows["segment"], strict=True)]
        return pd.DataFrame(
            {"strategy": rows["strategy"], "segment": segment, **_scaled(rows, scale)}
        )

    def series(self, key: str, name: str, scale: float = 1.0) -> Panel | None:
        """A monthly series of every strategy."""
        table = self.comparison.monthly
        rows = table[table["series"] == name].assign(x=table["month"] + 1)
        return self.dated(self.lines(key, rows, scale))

    def dated(self, panel: Panel | None) -> Panel | None:
        """A panel over months with what the calendar calls them, and its festivals."""
        if panel is None:
            return None
        days = int(self.comparison.monthly["month"].max() + 1) * MONTH_DAYS
        names = tuple(month_names(self.comparison, self.words, days // MONTH_DAYS))
        feasts = festivals(self.comparison, self.words, days) if "x" in panel.rows else None
        return replace(panel, months=names, festivals=feasts)

    def lines(self, key: str, table: pd.DataFrame, scale: float = 1.0) -> Panel | None:
        """Lines over `x` with bands."""
        table = self.labelled(table[table["mean"].notna()])
        if table.empty:
            return None
        shown = {"strategy": table["strategy"], "x": table["x"], **_scaled(table, scale)}
        return self.panel(key, pd.DataFrame(shown))


def _scaled(rows: pd.DataFrame, scale: float) -> dict[str, "pd.Series[float]"]:
    return {name: rows[name].astype(float) * scale for name in ("mean", "low", "high")}


def chooses(exhibit: Exhibit, panel: Panel) -> bool:
    """Whether what a panel shows depends on the menu."""
    if not exhibit.choice:
        return False
    return exhibit.choice == "strategy" or bool((panel.rows["segment"] != ALL).any())


def extent(tables: Iterable[pd.DataFrame]) -> tuple[float, float]:
    """Lowest and highest of all estimates and their intervals, with a twentieth of room."""
    values = pd.concat(tables)[["mean", "low", "high"]].astype(float)
    low, high = float(values.min().min()), float(values.max().max())
    room = 0.05 * (high - low) or abs(high) or 1.0
    return low - room, high + room


def segment_key(by: str, segment: str) -> str:
    """A segment as menus name it."""
    return ALL if by == ALL else f"{by}: {segment}"


def scaled(largest: float, words: Words) -> tuple[float, str]:
    """What to divide yuan by, and the unit then."""
    if largest >= 2e6:
        return 1e6, words("yuan_millions")
    return (1e3, words("yuan_thousands")) if largest >= 2e3 else (1.0, words("yuan"))


MakeExhibit = Callable[[Maker], Exhibit | None]

__all__ = [
    "ALL",
    "SEGMENTATIONS",
    "Choice",
    "Exhibit",
    "Form",
    "MakeExhibit",
    "Maker",
    "Panel",
    "capital",
    "chooses",
    "extent",
    "scaled",
    "segment_key",
]
