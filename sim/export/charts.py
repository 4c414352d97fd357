"""Charts that are a slide's own: whoever opens it can edit their numbers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any

import numpy as np
import pandas as pd
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION, XL_MARKER_STYLE
from pptx.enum.chart import XL_TICK_LABEL_POSITION as LABELS
from pptx.oxml import parse_xml
from pptx.util import Pt

from sim.report.figure import Exhibit, Panel
from sim.report.palette import Look
from sim.store.tables import as_words
from sim.text.outgoing import visible

CHART = "http://schemas.openxmlformats.org/drawingml/2006/chart"
SUM, MORE, LESS = "#5B6770", "#117733", "#CC6677"  # subtotals, what adds, what takes away
PALE = "#C9CED3"
GREY = RGBColor(0xD5, 0xD9, 0xDD)


@dataclass(frozen=True)
class Place:
    """Where on a slide a chart goes, in the library's units."""

    left: int
    top: int
    width: int
    height: int


@dataclass(frozen=True)
class Painter:
    """Puts charts on a slide; knows the strategies' looks by the names that readers see."""

    looks: Mapping[str, Look]

    def draw(self, slide: Any, place: Place, exhibit: Exhibit, panel: Panel) -> Any:
        """A panel of a figure of the report as a chart.

        Raises
        ------
        KeyError
            When figures of its form cannot be one.
        """
        forms = {"dots": self.dots, "lines": self.lines, "bars": self.bars, "balance": self.balance}
        return forms[exhibit.form](slide, place, exhibit, panel)

    def dots(self, slide: Any, place: Place, exhibit: Exhibit, panel: Panel) -> Any:
        """Bars with intervals, the best on top."""
        rows = panel.rows.iloc[::-1]
        names = list(rows["strategy"])
        series = {panel.title: rows["mean"]}
        chart = self._chart(slide, place, XL_CHART_TYPE.BAR_CLUSTERED, names, series, panel)
        plot = chart.plots[0]
        plot.gap_width = 60
        for point, name in enumerate(names):
            _fill(plot.series[0].points[point].format, self.looks[name].colour)
        _intervals(plot.series[0], rows["mean"], rows["low"], rows["high"])
        _reach(chart.value_axis, rows)
        return chart

    def lines(self, slide: Any, place: Place, exhibit: Exhibit, panel: Panel) -> Any:
        """A line for every strategy."""
        wide = panel.rows.pivot(index="x", columns="strategy", values="mean")
        names = [name for name in self.looks if name in wide]
        series = {name: wide[name] for name in names}
        kind = XL_CHART_TYPE.LINE_MARKERS if len(wide) < 6 else XL_CHART_TYPE.LINE
        told = [f"{x:g}" for x in wide.index]
        chart = self._chart(slide, place, kind, told, series, panel, legend=True)
        for name, line in zip(names, chart.plots[0].series, strict=True):
            line.smooth = False
            line.format.line.color.rgb = _colour(self.looks[name].colour)
            line.format.line.width = Pt(2)
            if kind == XL_CHART_TYPE.LINE_MARKERS:
                line.marker.style = XL_MARKER_STYLE.CIRCLE
                _fill(line.marker.format, self.looks[name].colour)
        return chart

    def bars(self, slide: Any, place: Place, exhibit: Exhibit, panel: Panel) -> Any:
        """Stacked bars, a colour for each part."""
        wide = panel.rows.pivot(index="strategy", columns="part", values="value")
        names = [name for name in reversed(list(self.looks)) if name in wide.index]
        series = {part: wide.loc[names, part] for part in exhibit.parts if part in wide}
        kind = XL_CHART_TYPE.BAR_STACKED
        chart = self._chart(slide, place, kind, names, series, panel, legend=True)
        _stack(chart, [exhibit.parts[part] for part in series])
        return chart

    def balance(self, slide: Any, place: Place, exhibit: Exhibit, panel: Panel) -> Any:
        """What is won to the right, what is lost to the left."""
        left, _, right = panel.x.partition("←")
        lost, _, won = (left.strip(), "", right.rpartition("→")[2].strip())
        rows = panel.rows.iloc[::-1]
        series = {won: rows["won"], lost: rows["lost"]}
        kind, names = XL_CHART_TYPE.BAR_STACKED, list(rows["label"])
        chart = self._chart(slide, place, kind, names, series, panel, legend=True)
        _stack(chart, [MORE, LESS])
        return chart

    def waterfall(
        self, slide: Any, place: Place, title: str, unit: str, steps: Sequence["Step"]
    ) -> Any:
        """From one subtotal to the next: bars that begin where the one before them ended.

        Three stacked series: what a bar stands on, which is not seen, and its parts above and
        below zero.
        """
        parts = [_standing(step.start, step.end) for step in steps]
        names = [step.name for step in steps]
        series = dict(zip(("", title, f"{title} < 0"), np.array(parts).T, strict=True))
        panel = Panel(title, pd.DataFrame(), "", unit)
        kind = XL_CHART_TYPE.COLUMN_STACKED
        chart = self._chart(slide, place, kind, names, series, panel)
        _stack(chart, [SUM] * 3)
        ground, *shown = chart.plots[0].series
        ground.format.fill.background()
        for one in shown:
            for i, step in enumerate(steps):
                colour = SUM if step.total else MORE if step.end >= step.start else LESS
                _fill(one.points[i].format, colour)
        return chart

    def _chart(
        self,
        slide: Any,
        place: Place,
        kind: Any,
        names: Sequence[str],
        series: Mapping[str, Any],
        panel: Panel,
        legend: bool = False,
    ) -> Any:
        data = CategoryChartData(number_format="General")
        data.categories = [as_words(name) for name in names]  # they go into a workbook
        for name, values in series.items():
            numbers = [float(value) for value in values]
            data.add_series(as_words(name), [n if isfinite(n) else None for n in numbers])
        frame = slide.shapes.add_chart(kind, place.left, place.top, place.width, place.height, data)
        chart = frame.chart
        chart.font.size = Pt(11)
        chart.has_title = True
        _say(chart.chart_title, panel.title, 12, bold=True)
        chart.has_legend = legend
        if legend:
            chart.legend.position = XL_LEGEND_POSITION.BOTTOM
            chart.legend.include_in_layout = False
        values, across = chart.value_axis, chart.category_axis
        values.major_gridlines.format.line.color.rgb = GREY
        values.format.line.fill.background()
        values.tick_labels.number_format = "#,##0.##" if _small(series) else "#,##0"
        values.tick_labels.number_format_is_linked = False
        across.tick_label_position = LABELS.LOW  # not among bars that go below zero
        across.format.line.color.rgb = GREY
        _every_name(across)
        lying = kind in (XL_CHART_TYPE.BAR_CLUSTERED, XL_CHART_TYPE.BAR_STACKED)
        for axis, said in (
            (values, panel.x if lying else panel.y),
            (across, panel.y if lying else panel.x),
        ):
            if said:
                axis.has_title = True
                _say(axis.axis_title, said, 10)
        return chart


@dataclass(frozen=True)
class Step:
    """A bar of a waterfall; a total stands on zero and is neither gain nor loss."""

    name: str
    start: float
    end: float
    total: bool


def _standing(start: float, end: float) -> tuple[float, float, float]:
    """What a bar stands on, and how far it reaches above and below zero."""
    low, high = min(start, end), max(start, end)
    ground = low if low > 0 else high if high < 0 else 0.0
    return ground, max(high, 0.0) - max(low, 0.0), min(low, 0.0) - min(high, 0.0)


def _intervals(series: Any, means: Any, lows: Any, highs: Any) -> None:
    """Give the bars of a series their intervals, which the library has no way for."""
    if not np.isfinite(np.asarray(lows, float)).any():
        return
    ends = ""
    for name, others, sign in (("plus", highs, 1), ("minus", lows, -1)):
        far = enumerate(sign * (np.asarray(others, float) - np.asarray(means, float)))
        points = "".join(
            f'<c:pt idx="{i}"><c:v>{float(end)!r}</c:v></c:pt>' for i, end in far if isfinite(end)
        )
        count = f'<c:ptCount val="{len(means)}"/>'
        ends += f"<c:{name}><c:numLit>{count}{points}</c:numLit></c:{name}>"
    kind = '<c:errBarType val="both"/><c:errValType val="cust"/><c:noEndCap val="0"/>'
    bars = parse_xml(f'<c:errBars xmlns:c="{CHART}">{kind}{ends}</c:errBars>')
    series._element.find(f"{{{CHART}}}cat").addprevious(bars)


def _reach(axis: Any, rows: pd.DataFrame) -> None:
    """Let an axis hold zero and all intervals, and end at round numbers: it sees bars alone."""
    ends = rows[["mean", "low", "high"]].to_numpy(float)
    values = ends[np.isfinite(ends)]
    low, high = float(values.min(initial=0.0)), float(values.max(initial=0.0))
    if low == high:
        return
    rough = (high - low) / 5
    size = 10.0 ** np.floor(np.log10(rough))
    step = float(size * next(each for each in (1, 2, 5, 10) if each * size >= rough))
    axis.minimum_scale = step * float(np.floor(low / step))
    axis.maximum_scale = step * float(np.ceil(high / step))
    axis.major_unit = step


def _every_name(axis: Any) -> None:
    """Have no name of an axis left out, and none laid aslant, where there is little room."""
    axis.tick_labels.font.size = Pt(9)
    axis._element.txPr.bodyPr.set("rot", "0")
    skip = parse_xml(f'<c:tickLblSkip xmlns:c="{CHART}" val="1"/>')
    axis._element.find(f"{{{CHART}}}noMultiLvlLbl").addprevious(skip)


def _stack(chart: Any, colours: Sequence[str]) -> None:
    plot = chart.plots[0]
    plot.overlap, plot.gap_width = 100, 50
    for series, colour in zip(plot.series, colours, strict=True):
        series.invert_if_negative = False
        _fill(series.format, colour)


def _small(series: Mapping[str, Any]) -> bool:
    """Whether whole numbers would be too coarse on an axis."""
    sizes = np.abs(np.concatenate([np.asarray(values, float) for values in series.values()]))
    return bool(np.nanmax(sizes, initial=0.0) < 10)


def _fill(form: Any, colour: str) -> None:
    form.fill.solid()
    form.fill.fore_color.rgb = _colour(colour)


def _colour(colour: str) -> Any:
    return RGBColor.from_string(colour.removeprefix("#"))


def _say(title: Any, text: str, size: int, bold: bool = False) -> None:
    """Write the title of a chart or of an axis."""
    frame = title.text_frame
    frame.text = visible(text)
    font = frame.paragraphs[0].font
    font.size, font.bold = Pt(size), bold


__all__ = ["Painter", "Place", "Step"]
