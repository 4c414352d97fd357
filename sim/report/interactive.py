"""Figures for the page: an exhibit's panels as Vega-Lite, which the page's own script draws.

A specification holds no numbers and no look: numbers come from the page under the name `rows`
(and `links`), one look for all from `CONFIG`. Two parameters are set from outside: `chosen`, the
segment or strategy of a menu, and `focus`, the strategy brought forward.
"""

from collections.abc import Mapping
from typing import Any

import altair as alt
import pandas as pd

from sim.report.exhibits import ALL, Exhibit, Panel
from sim.report.style import Look
from sim.report.words import Words

ROWS, LINKS = alt.NamedData("rows"), alt.NamedData("links")
ROW_HEIGHT, PLOT_HEIGHT, CELL_HEIGHT = 26, 230, 24
NETWORK_HEIGHT = 460
SHAPES = {"o": "circle", "s": "square", "^": "triangle-up", "D": "diamond", "v": "triangle-down"}
SHAPES |= {"P": "cross", "X": "wedge", "<": "triangle-left", ">": "triangle-right"}
CONFIG = {
    "font": "system-ui, 'Segoe UI', 'Noto Sans', 'Noto Sans CJK SC', 'PingFang SC', sans-serif",
    "view": {"stroke": None},
    "axis": {"labelFontSize": 11, "titleFontSize": 11, "titleFontWeight": "normal"}
    | {"gridColor": "#E4E4E4", "domainColor": "#999", "tickColor": "#999", "labelLimit": 170},
    "title": {"fontSize": 13, "anchor": "start", "offset": 8},
    "legend": {"disable": True},
}


class Drawing:
    """Draws panels; knows the strategies' looks and the reader's words.

    Parameters
    ----------
    looks
        Look of every strategy, by its name in the reader's language, from best to worst.
    reference
        The reference's name.
    """

    def __init__(self, looks: Mapping[str, Look], reference: str, words: Words) -> None:
        self.looks = looks
        self.reference = reference
        self.words = words
        names = list(looks)
        self.colour = alt.Color(
            "strategy:N",
            scale=alt.Scale(domain=names, range=[look.colour for look in looks.values()]),
        )
        self.shape = alt.Shape(
            "strategy:N",
            scale=alt.Scale(domain=names, range=[SHAPES[look.marker] for look in looks.values()]),
        )
        self.focus = alt.param(name="focus", value="")

    def spec(self, exhibit: Exhibit, panel: Panel) -> dict[str, Any]:
        """Vega-Lite of one panel, without numbers and look."""
        layers, height = getattr(self, exhibit.form)(exhibit, panel)
        title: Any = panel.title
        if exhibit.choice == "segment" and not chooses(exhibit, panel):
            title = alt.TitleParams(title, subtitle=self.words("whole_only"))
        chart = alt.layer(*layers).add_params(self._first(exhibit), self.focus)
        chart = chart.properties(width="container", height=height, title=title)
        made: dict[str, Any] = chart.to_dict(validate=False)
        for left_out in ("$schema", "config", "datasets"):
            made.pop(left_out, None)
        return made

    def _first(self, exhibit: Exhibit) -> alt.Parameter:
        """What is chosen before anybody chooses: all households, or the best strategy."""
        others = [name for name in self.looks if name != self.reference]
        names = [*others, self.reference]
        return alt.param(name="chosen", value=names[0] if exhibit.choice == "strategy" else ALL)

    def _rows(self, exhibit: Exhibit, panel: Panel) -> alt.Chart:
        """The panel's rows: all, or those of what is chosen."""
        chart = alt.Chart(ROWS)
        if not chooses(exhibit, panel):
            return chart
        return chart.transform_filter(f"datum.{exhibit.choice} === chosen")

    def dots(self, exhibit: Exhibit, panel: Panel) -> tuple[list[Any], Any]:
        """A dot with its interval per strategy."""
        rows = self._rows(exhibit, panel)
        y = alt.Y("strategy:N", sort=list(self.looks), title=None, axis=alt.Axis(grid=True))
        tooltip = [self._name("strategy"), *self._numbers(panel, "mean", "low", "high")]
        scale = alt.Scale(zero=False, nice=True)
        lines = rows.transform_filter("isValid(datum.low)").mark_rule(strokeWidth=2)
        points = rows.mark_point(filled=True, size=75, opacity=1)
        layers = [
            lines.encode(
                x=alt.X("low:Q", title=panel.x, scale=scale), x2="high:Q", y=y, color=self.colour
            ),
            points.encode(x="mean:Q", y=y, color=self.colour, shape=self.shape, tooltip=tooltip),
        ]
        count = panel.rows["strategy"].nunique()
        return [*([_zero()] if panel.zero else []), *layers], ROW_HEIGHT * count

    def lines(self, exhibit: Exhibit, panel: Panel) -> tuple[list[Any], Any]:
        """A line with its band per strategy."""
        rows = self._rows(exhibit, panel)
        seen = self._seen()
        x = alt.X("x:Q", title=panel.x, scale=alt.Scale(zero=False, nice=False))
        y = alt.Y("mean:Q", title=panel.y, scale=alt.Scale(zero=False))
        tooltip = [
            self._name("strategy"),
            alt.Tooltip("x:Q", title=panel.x, format="d"),
            *self._numbers(panel, "mean", "low", "high"),
        ]
        band = rows.mark_area().encode(
            x=x,
            y=alt.Y("low:Q", title=panel.y, scale=alt.Scale(zero=False)),
            y2="high:Q",
            color=self.colour,
            opacity=seen.then(alt.value(0.1)).otherwise(alt.value(0.02)),
        )
        return [
            *([band] if panel.rows["low"].notna().any() else []),
            rows.mark_line(strokeWidth=2, clip=True).encode(
                x=x,
                y=y,
                color=self.colour,
                opacity=seen.then(alt.value(1)).otherwise(alt.value(0.12)),
            ),
            rows.mark_point(size=90, filled=True, opacity=0).encode(x=x, y=y, tooltip=tooltip),
        ], PLOT_HEIGHT

    def bars(self, exhibit: Exhibit, panel: Panel) -> tuple[list[Any], Any]:
        """A bar per strategy, stacked of parts."""
        domain, colours = list(exhibit.parts), list(exhibit.parts.values())
        tooltip = [self._name("strategy"), self._name("part"), *self._numbers(panel, "value")]
        bars = self._rows(exhibit, panel).mark_bar(height=alt.RelativeBandSize(0.7))
        made = bars.encode(
            y=alt.Y("strategy:N", sort=list(self.looks), title=None),
            x=alt.X("sum(value):Q", title=panel.x),
            color=alt.Color("part:N", scale=alt.Scale(domain=domain, range=colours)),
            order="order:Q",
            tooltip=tooltip,
        )
        return [made], ROW_HEIGHT * panel.rows["strategy"].nunique()

    def balance(self, exhibit: Exhibit, panel: Panel) -> tuple[list[Any], Any]:
        """Won to the right, lost to the left, and the balance."""
        rows = self._rows(exhibit, panel)
        order = list(dict.fromkeys(panel.rows["label"]))
        y = alt.Y("label:N", sort=order, title=None)
        numbers = self._numbers(panel, "won", "lost", "balance", "low", "high")
        name = alt.Tooltip("label:N", title=self.words("page.household"))
        encoded = {"y": y, "color": self.colour, "tooltip": [name, *numbers]}
        bars = rows.mark_bar(height=alt.RelativeBandSize(0.7))
        pale = rows.mark_bar(height=alt.RelativeBandSize(0.7), fillOpacity=0.35)
        return [
            bars.encode(x=alt.X("won:Q", title=panel.x), **encoded),
            pale.encode(x=alt.X("lost:Q"), **encoded),
            rows.transform_filter("isValid(datum.low)")
            .mark_rule(color="black")
            .encode(x="low:Q", x2="high:Q", y=y),
            rows.mark_tick(color="black", thickness=2.5).encode(x="mean:Q", y=y),
            _zero(),
        ], ROW_HEIGHT * len(order)

    def cells(self, exhibit: Exhibit, panel: Panel) -> tuple[list[Any], Any]:
        """A table of cells whose colour is their value."""
        rows = self._rows(exhibit, panel)
        largest = float(panel.rows["value"].max())
        places = {
            "x": alt.X("since:O", title=panel.x, axis=alt.Axis(labelAngle=0)),
            "y": alt.Y("cohort:O", title=panel.y),
        }
        scale = alt.Scale(scheme="blues", domain=[0, largest])
        keys = [
            alt.Tooltip(f"{name}:Q", title=self.words(f"page.{name}"))
            for name in ("cohort", "since")
        ]
        dark = alt.when(f"datum.value > {0.6 * largest:.6g}")
        return [
            rows.mark_rect().encode(
                **places,
                color=alt.Color("value:Q", scale=scale),
                tooltip=[*keys, *self._numbers(panel, "value")],
            ),
            rows.mark_text(fontSize=10).encode(
                **places,
                text=alt.Text("value:Q", format=".0f"),
                color=dark.then(alt.value("white")).otherwise(alt.value("#222")),
            ),
        ], CELL_HEIGHT * panel.rows["cohort"].nunique()

    def scatter(self, exhibit: Exhibit, panel: Panel) -> tuple[list[Any], Any]:
        """A point with its intervals on both axes per strategy."""
        rows = self._rows(exhibit, panel)
        x = alt.X("x:Q", title=panel.x, scale=alt.Scale(zero=False))
        y = alt.Y("mean:Q", title=panel.y, scale=alt.Scale(zero=False))
        tooltip = [self._name("strategy")]
        for name, title in (("x", "spend"), ("mean", "contribution")):
            tooltip.append(
                alt.Tooltip(f"{name}:Q", title=self.words(f"page.{title}"), format=",.2f")
            )
        bounded = rows.transform_filter("isValid(datum.low)")
        rule = bounded.mark_rule(strokeWidth=1.5)
        across = {"x": alt.X("x_low:Q", title=panel.x), "x2": "x_high:Q", "y": y}
        along = {"x": x, "y": alt.Y("low:Q", title=panel.y), "y2": "high:Q"}
        level = rows.transform_filter(alt.datum.strategy == self.reference)
        points = rows.mark_point(filled=True, size=110)
        seen = self._seen().then(alt.value(1)).otherwise(alt.value(0.12))
        return [
            level.mark_rule(strokeDash=[3, 3], color="#333").encode(y=y),
            rule.encode(color=self.colour, opacity=seen, **across),
            rule.encode(color=self.colour, opacity=seen, **along),
            points.encode(
                x=x, y=y, color=self.colour, shape=self.shape, opacity=seen, tooltip=tooltip
            ),
        ], int(PLOT_HEIGHT * 1.4)

    def network(self, exhibit: Exhibit, panel: Panel) -> tuple[list[Any], Any]:
        """Households on circles and their ties."""
        bare = alt.Axis(labels=False, ticks=False, grid=False, domain=False, title=None)
        x, y = alt.X("x:Q", axis=bare), alt.Y("y:Q", axis=bare)
        domain, colours = list(exhibit.parts), list(exhibit.parts.values())
        tooltip = [
            self._name("household"),
            alt.Tooltip("told:N", title=" "),
            alt.Tooltip("part:N", title="  "),
            alt.Tooltip("friends_before:Q", title=self.words("page.friends")),
        ]
        ties = alt.Chart(LINKS).mark_rule(color="#9AA5AE", opacity=0.45, strokeWidth=0.8)
        nodes = self._rows(exhibit, panel).mark_circle(stroke="#555", strokeWidth=0.6, opacity=1)
        return [
            ties.encode(x=x, y=y, x2="x2:Q", y2="y2:Q"),
            nodes.encode(
                x=x,
                y=y,
                color=alt.Color("part:N", scale=alt.Scale(domain=domain, range=colours)),
                size=alt.Size("size:Q", scale=alt.Scale(domain=[1, 2], range=[70, 170])),
                tooltip=tooltip,
            ),
        ], NETWORK_HEIGHT

    def _seen(self) -> Any:
        """Nothing is brought forward, or this strategy is."""
        return alt.when("focus === '' || datum.strategy === focus")

    def _name(self, field: str) -> alt.Tooltip:
        return alt.Tooltip(f"{field}:N", title=self.words(f"page.{field}"))

    def _numbers(self, panel: Panel, *fields: str) -> list[alt.Tooltip]:
        found = {"balance": "mean"}
        columns = [(name, found.get(name, name)) for name in fields]
        return [
            alt.Tooltip(f"{column}:Q", title=self.words(f"page.{name}"), format=_digits(panel.rows))
            for name, column in columns
        ]


def chooses(exhibit: Exhibit, panel: Panel) -> bool:
    """Whether what a panel shows depends on the menu."""
    if not exhibit.choice:
        return False
    return exhibit.choice == "strategy" or set(panel.rows["segment"]) != {ALL}


def _zero() -> alt.Chart:
    """One line at zero, however many rows there are."""
    one = alt.Chart(ROWS).transform_aggregate(rows="count()")
    line: alt.Chart = one.mark_rule(color="#333").encode(x=alt.datum(0))
    return line


def _digits(rows: pd.DataFrame) -> str:
    column = next(name for name in ("mean", "value") if name in rows)
    return ",.0f" if rows[column].abs().max() >= 1_000 else ",.2f"


__all__ = ["CONFIG", "Drawing", "chooses"]
