"""Figures for the page: an exhibit's panels as Vega-Lite, which the page's own script draws.

A specification holds no numbers and no look: numbers come from the page under the name `rows`
(and `links`), one look for all from `CONFIG`. Two parameters are set from outside: `chosen`, the
segment or strategy of a menu, and `focus`, the strategy brought forward.
"""

import json
from collections.abc import Mapping

import pandas as pd

from sim.report.figure import ALL, Exhibit, Panel, chooses, extent
from sim.report.palette import Look
from sim.report.vega import (
    BOUNDED,
    SEEN,
    Spec,
    either,
    layer,
    line_at,
    mapped,
    named_line_at,
    nominal,
    ordinal,
    quantitative,
    zero_line,
)
from sim.report.words import Words

ROW_HEIGHT, PLOT_HEIGHT, CELL_HEIGHT = 26, 230, 24
NETWORK_HEIGHT = 460
SHAPES = {"o": "circle", "s": "square", "^": "triangle-up", "D": "diamond", "v": "triangle-down"}
SHAPES |= {"P": "cross", "X": "wedge", "<": "triangle-left", ">": "triangle-right"}
CONFIG = {
    "font": "system-ui, 'Segoe UI', 'Noto Sans', 'Noto Sans CJK SC', 'PingFang SC', sans-serif",
    "view": {"stroke": None},
    "axis": {"labelFontSize": 11, "titleFontSize": 11, "titleFontWeight": "normal"}
    | {"gridColor": "#E4E4E4", "domainColor": "#999", "tickColor": "#999", "labelLimit": 170}
    # A last label that is moved inward covers the one before; numbers need a gap between them.
    | {"labelFlush": False, "labelSeparation": 6},
    "padding": {"left": 5, "top": 5, "right": 18, "bottom": 5},  # room for half a label
    "title": {"fontSize": 13, "anchor": "start", "offset": 8},
    "legend": {"disable": True},
}
BAR = {"type": "bar", "height": {"band": 0.7}}
FREE = {"zero": False}  # a scale that need not begin at zero

Layers = tuple[list[Spec], int]  # and how high the panel is


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
        self.names = list(looks)
        self.reference = reference
        self.words = words
        colours = [look.colour for look in looks.values()]
        shapes = [SHAPES[look.marker] for look in looks.values()]
        self.colours = dict(zip(self.names, colours, strict=True))
        self.colour = nominal("strategy", scale=mapped(self.names, colours))
        self.shape = nominal("strategy", scale=mapped(self.names, shapes))

    def spec(self, exhibit: Exhibit, panel: Panel) -> Spec:
        """Vega-Lite of one panel, without numbers and look."""
        layers, height = getattr(self, exhibit.form)(exhibit, panel)
        whole_only = exhibit.choice == "segment" and not chooses(exhibit, panel)
        title = {"text": panel.title, "subtitle": self.words("whole_only")}
        return {
            "data": {"name": "rows"},
            "layer": layers,
            "params": [
                {"name": "chosen", "value": self._first(exhibit)},
                {"name": "focus", "value": ""},
            ],
            "width": "container",
            "height": height,
            "title": title if whole_only else panel.title,
            **({"description": panel.told} if panel.told else {}),
        }

    def _first(self, exhibit: Exhibit) -> str:
        """What is chosen before anybody chooses: all households, or the best strategy."""
        others = [name for name in self.names if name != self.reference]
        return [*others, self.reference][0] if exhibit.choice == "strategy" else ALL

    def dots(self, exhibit: Exhibit, panel: Panel) -> Layers:
        """A dot with its interval per strategy."""
        rows = _rows(exhibit, panel)
        y = nominal("strategy", sort=self.names, title=None, axis={"grid": True})
        x = quantitative("low", title=panel.x, scale={"zero": False, "nice": True})
        tooltip = [self._name("strategy"), *self._numbers(panel, "mean", "low", "high")]
        interval = layer(
            {"type": "rule", "strokeWidth": 2},
            [*rows, BOUNDED],
            x=x,
            x2={"field": "high"},
            y=y,
            color=self.colour,
        )
        layers = [
            *([interval] if _bounded(panel) else []),
            layer(
                {"type": "point", "filled": True, "size": 75, "opacity": 1},
                rows,
                x=quantitative("mean"),
                y=y,
                color=self.colour,
                shape=self.shape,
                tooltip=tooltip,
            ),
        ]
        count = panel.rows["strategy"].nunique()
        return [*([zero_line()] if panel.zero else []), *layers], ROW_HEIGHT * count

    def lines(self, exhibit: Exhibit, panel: Panel) -> Layers:
        """A line with its band per strategy."""
        rows = _rows(exhibit, panel)
        dated = {"axis": _calendar(panel)} if panel.months else {}
        x = quantitative("x", title=panel.x, scale={"zero": False, "nice": False}, **dated)
        y = quantitative("mean", title=panel.y, scale=FREE)
        tooltip = [
            self._name("strategy"),
            quantitative("x", title=panel.x, format="d"),
            *self._numbers(panel, "mean", "low", "high"),
        ]
        band = layer(
            {"type": "area"},
            rows,
            x=x,
            y=quantitative("low", title=panel.y, scale=FREE),
            y2={"field": "high"},
            color=self.colour,
            opacity=either(SEEN, 0.1, 0.02),
        )
        line = {"type": "line", "strokeWidth": 2, "clip": True}
        bare = {"type": "point", "size": 90, "filled": True, "opacity": 0}
        marks = [] if panel.marks is None else panel.marks.to_dict("records")
        feasts = [] if panel.festivals is None else panel.festivals.to_dict("records")
        ends = panel.rows["x"].min(), panel.rows["x"].max()
        return [
            *(
                part
                for each in feasts
                if ends[0] <= each["x"] <= ends[1]
                for part in named_line_at(each["x"], each["told"])
            ),
            *(line_at(mark["x"], self.colours[mark["strategy"]], mark["told"]) for mark in marks),
            *([band] if _bounded(panel) else []),
            layer(line, rows, x=x, y=y, color=self.colour, opacity=either(SEEN, 1, 0.12)),
            layer(bare, rows, x=x, y=y, tooltip=tooltip),
        ], PLOT_HEIGHT

    def curves(self, exhibit: Exhibit, panel: Panel) -> Layers:
        """A line with its band through the points at which a strategy lived."""
        return self._responses(exhibit, panel, joined=True), PLOT_HEIGHT

    def points(self, exhibit: Exhibit, panel: Panel) -> Layers:
        """Every point with its interval, unjoined: between them other settings vary as well."""
        return self._responses(exhibit, panel, joined=False), PLOT_HEIGHT

    def _responses(self, exhibit: Exhibit, panel: Panel, joined: bool) -> list[Spec]:
        words = panel.rows["x"].dtype.kind not in "if"
        if words:
            order = list(dict.fromkeys(panel.rows["x"]))
            x = nominal("x", title=panel.x, sort=order, axis={"labelAngle": 0})
        else:
            x = quantitative("x", title=panel.x, scale={**FREE, "nice": False})
        scale = {"domain": _ends(exhibit)} if exhibit.alike else FREE
        y = quantitative("mean", title=panel.y, scale=scale)
        bounds = {"x": x, "y": quantitative("low", title=panel.y, scale=scale),
                  "y2": {"field": "high"}, "color": self.colour}  # fmt: skip
        where = nominal("x", title=panel.x) if words else quantitative("x", title=panel.x)
        tooltip = [self._name("strategy"), where]
        tooltip += self._numbers(panel, "mean", "low", "high")
        rule, line = {"type": "rule", "strokeWidth": 1.5}, {"type": "line", "strokeWidth": 2}
        dot = {"type": "point", "filled": True, "size": 55}
        faint = either(SEEN, 0.6, 0.06)
        marks = [layer(rule, [BOUNDED], **bounds, opacity=faint)]
        if joined and not words:
            marks = [layer({"type": "area"}, [], **bounds, opacity=either(SEEN, 0.13, 0.02))]
        seen = {"x": x, "y": y, "color": self.colour, "opacity": either(SEEN, 1, 0.12)}
        marks += [layer(line, [], **seen)] if joined else []
        marks.append(layer(dot, [], **seen, shape=self.shape, tooltip=tooltip))
        return [*([zero_line("y")] if panel.zero else []), *marks]

    def bars(self, exhibit: Exhibit, panel: Panel) -> Layers:
        """A bar per strategy, stacked of parts."""
        bars = layer(
            BAR,
            _rows(exhibit, panel),
            y=nominal("strategy", sort=self.names, title=None),
            x=quantitative("value", aggregate="sum", title=panel.x),
            color=_parts(exhibit),
            order=quantitative("order"),
            tooltip=[self._name("strategy"), self._name("part"), *self._numbers(panel, "value")],
        )
        return [bars], ROW_HEIGHT * panel.rows["strategy"].nunique()

    def balance(self, exhibit: Exhibit, panel: Panel) -> Layers:
        """Won to the right, lost to the left, and the balance."""
        rows = _rows(exhibit, panel)
        order = list(dict.fromkeys(panel.rows["label"]))
        y = nominal("label", sort=order, title=None)
        numbers = self._numbers(panel, "won", "lost", "balance", "low", "high")
        name = nominal("label", title=self.words("page.household"))
        encoded = {"y": y, "color": self.colour, "tooltip": [name, *numbers]}
        arms = {"x": quantitative("low"), "x2": {"field": "high"}, "y": y}
        arm = layer({"type": "rule", "color": "black"}, [*rows, BOUNDED], **arms)
        tick = {"type": "tick", "color": "black", "thickness": 2.5}
        return [
            layer(BAR, rows, x=quantitative("won", title=panel.x), **encoded),
            layer({**BAR, "fillOpacity": 0.35}, rows, x=quantitative("lost"), **encoded),
            *([arm] if _bounded(panel) else []),
            layer(tick, rows, x=quantitative("mean"), y=y),
            zero_line(),
        ], ROW_HEIGHT * len(order)

    def waterfall(self, exhibit: Exhibit, panel: Panel) -> Layers:
        """A bar from `start` to `end` for each label, with the interval about its end, if any."""
        rows = _rows(exhibit, panel)
        order = list(dict.fromkeys(panel.rows["label"]))
        y = nominal("label", sort=order, title=None)
        name = nominal("label", title=self.words("page.part"))
        ends = {"x": quantitative("start", title=panel.x), "x2": {"field": "end"}, "y": y}
        numbers = [each for each in ("mean", "low", "high") if each in panel.rows]
        tooltip = [name, *self._numbers(panel, *numbers)]
        arms = {"x": quantitative("left"), "x2": {"field": "right"}, "y": y}
        arm = layer({"type": "rule", "color": "black"}, [*rows, BOUNDED], **arms)
        return [
            layer(BAR, rows, **ends, color=_parts(exhibit), tooltip=tooltip),
            *([arm] if _bounded(panel) else []),
            zero_line(),
        ], ROW_HEIGHT * len(order)

    def cells(self, exhibit: Exhibit, panel: Panel) -> Layers:
        """A table of cells whose colour is their value."""
        rows = _rows(exhibit, panel)
        largest = float(panel.rows["value"].max())
        places = {
            "x": ordinal("since", title=panel.x, axis={"labelAngle": 0}),
            "y": ordinal("cohort", title=panel.y, axis=_calendar(panel)),
        }
        scale = {"scheme": "blues", "domain": [0, largest]}
        keys = [
            quantitative(name, title=self.words(f"page.{name}")) for name in ("cohort", "since")
        ]
        return [
            layer(
                {"type": "rect"},
                rows,
                **places,
                color=quantitative("value", scale=scale),
                tooltip=[*keys, *self._numbers(panel, "value")],
            ),
            layer(
                {"type": "text", "fontSize": 10},
                rows,
                **places,
                text=quantitative("value", format=".0f"),
                color=either(f"datum.value > {0.6 * largest:.6g}", "white", "#222"),
            ),
        ], CELL_HEIGHT * panel.rows["cohort"].nunique()

    def scatter(self, exhibit: Exhibit, panel: Panel) -> Layers:
        """A point with its intervals on both axes per strategy."""
        rows = _rows(exhibit, panel)
        x = quantitative("x", title=panel.x, scale=FREE)
        y = quantitative("mean", title=panel.y, scale=FREE)
        across = {"x": quantitative("x_low", title=panel.x), "x2": {"field": "x_high"}, "y": y}
        along = {"x": x, "y": quantitative("low", title=panel.y), "y2": {"field": "high"}}
        titles = {"x": self.words("page.spend"), "mean": self.words("page.contribution")}
        tooltip = [
            self._name("strategy"),
            *(quantitative(name, title=title, format=",.2f") for name, title in titles.items()),
        ]
        level = {"type": "rule", "strokeDash": [3, 3], "color": "#333"}
        rule = {"type": "rule", "strokeWidth": 1.5}
        point = {"type": "point", "filled": True, "size": 110}
        seen = {"color": self.colour, "opacity": either(SEEN, 1, 0.12)}
        reference = f"datum.strategy === {json.dumps(self.reference, ensure_ascii=False)}"
        return [
            layer(level, [*rows, reference], y=y),
            *(
                layer(rule, [*rows, BOUNDED], **seen, **way)
                for way in (across, along)
                if _bounded(panel)
            ),
            layer(point, rows, x=x, y=y, **seen, shape=self.shape, tooltip=tooltip),
        ], int(PLOT_HEIGHT * 1.4)

    def network(self, exhibit: Exhibit, panel: Panel) -> Layers:
        """Households on circles and their ties."""
        bare = {"labels": False, "ticks": False, "grid": False, "domain": False, "title": None}
        x, y = quantitative("x", axis=bare), quantitative("y", axis=bare)
        tooltip = [
            self._name("household"),
            nominal("told", title=" "),
            nominal("part", title="  "),
            quantitative("friends_before", title=self.words("page.friends")),
        ]
        tie = {"type": "rule", "color": "#9AA5AE", "opacity": 0.45, "strokeWidth": 0.8}
        node = {"type": "circle", "stroke": "#555", "strokeWidth": 0.6, "opacity": 1}
        ties = layer(tie, (), x=x, y=y, x2={"field": "x2"}, y2={"field": "y2"})
        nodes = layer(
            node,
            _rows(exhibit, panel),
            x=x,
            y=y,
            color=_parts(exhibit),
            size=quantitative("size", scale=mapped([1, 2], [70, 170])),
            tooltip=tooltip,
        )
        return [{"data": {"name": "links"}, **ties}, nodes], NETWORK_HEIGHT

    def _name(self, field: str) -> Spec:
        return nominal(field, title=self.words(f"page.{field}"))

    def _numbers(self, panel: Panel, *fields: str) -> list[Spec]:
        digits = _digits(panel.rows)
        return [
            quantitative(
                {"balance": "mean"}.get(name, name),
                title=self.words(f"page.{name}"),
                format=digits,
            )
            for name in fields
        ]


def _calendar(panel: Panel) -> Spec:
    """An axis of months by what the calendar calls them."""
    names = json.dumps(panel.months, ensure_ascii=False)
    return {"labelExpr": f"{names}[datum.value - 1] || ''", "tickMinStep": 1}


def _bounded(panel: Panel) -> bool:
    """Whether any row has an interval; without one Vega finds no ends for the axis."""
    return "low" in panel.rows and bool(panel.rows["low"].notna().any())


def _rows(exhibit: Exhibit, panel: Panel) -> list[str]:
    """What tells the panel's rows: nothing if all are shown, else what is chosen."""
    return [f"datum.{exhibit.choice} === chosen"] if chooses(exhibit, panel) else []


def _parts(exhibit: Exhibit) -> Spec:
    """The colours of an exhibit's parts."""
    return nominal("part", scale=mapped(list(exhibit.parts), list(exhibit.parts.values())))


def _ends(exhibit: Exhibit) -> list[float]:
    """Lowest and highest of all panels, with a little room."""
    low, high = extent([panel.rows for panel in exhibit.panels])
    return [float(f"{end:.4g}") for end in (low, high)]


def _digits(rows: pd.DataFrame) -> str:
    column = next(name for name in ("mean", "value") if name in rows)
    return ",.0f" if rows[column].abs().max() >= 1_000 else ",.2f"


__all__ = ["CONFIG", "Drawing"]
