"""Figures for slides: the exhibits as PNG and SVG."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import matplotlib.font_manager
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter, MaxNLocator

from sim.report import style
from sim.report.figure import ALL, Exhibit, Panel, chooses
from sim.report.palette import Look
from sim.report.reading import Findings
from sim.report.words import Words, minus
from sim.text.outgoing import visible

WIDTH, ROW, PLOT = 9.2, 0.3, 2.5  # inches
FONTS = {  # families with Chinese characters by their files, the one .ci/run installs first
    "NotoSansCJK-Regular": "Noto Sans CJK JP",
    "SourceHanSansSC-Regular": "Source Han Sans SC",
    "wqy-microhei": "WenQuanYi Micro Hei",
    "PingFang": "PingFang SC",
    "msyh": "Microsoft YaHei",
    "simhei": "SimHei",
}
FIRST = ("differences",)  # what the answer turns on
CAPS: Any = [{"marker": mark, "s": 36, "linewidths": 1} for mark in "|_"]  # of intervals
FEAST: Any = {"linestyle": (0, (1, 3)), "linewidth": 0.8, "color": "#777777", "zorder": 1}
CHANGE: Any = {"linestyle": (0, (5, 4)), "linewidth": 1.1, "alpha": 0.7}
ZERO: Any = {"color": "#333333", "linewidth": 0.9}

Column: TypeAlias = "pd.Series[Any]"


def chinese_font() -> str | None:
    """A font family of this machine that has Chinese characters."""
    manager = matplotlib.font_manager.fontManager
    known = {font.name for font in manager.ttflist}
    for file, family in FONTS.items():
        if family in known:
            return family
        # matplotlib keeps its list of fonts and misses what was installed since
        for path in matplotlib.font_manager.findSystemFonts():
            if Path(path).stem == file:
                bold = Path(path.replace("-Regular", "-Bold"))
                for each in {path, *([str(bold)] if bold.exists() else [])}:
                    manager.addfont(each)
                return family
    return None


def readable(words: Words) -> Words:
    """The words, or English ones where no font has their characters."""
    if words.language == "zh" and chinese_font() is None:
        return Words("en")
    return words


def write(made: Sequence[Exhibit], found: Findings, words: Words, folder: Path) -> None:
    """Draw every exhibit into a folder as PNG and SVG.

    Of what can be chosen on the page, slides show all households, or the best strategy.
    """
    folder.mkdir(exist_ok=True)
    looks = found.named_looks(words)
    font = None if all(map(_is_latin, looks)) and words.language != "zh" else chinese_font()
    for exhibit in made:
        with style.applied(font):
            figure = Slide(looks, found.named_reference(words)).draw(exhibit)
            style.save(figure, folder, exhibit.name, font)


def _is_latin(text: str) -> bool:
    """Whether the usual font has all of its characters."""
    return all(ord(letter) < 0x2E80 for letter in text)


class Slide:
    """Draws exhibits; knows the strategies' looks.

    Parameters
    ----------
    looks
        Look of every strategy by its name in the reader's language, from best to worst.
    reference
        The reference's name.
    """

    def __init__(self, looks: dict[str, Look], reference: str) -> None:
        self.looks = looks
        self.reference = reference

    def draw(self, exhibit: Exhibit) -> Figure:
        """One figure with all panels."""
        count = len(exhibit.panels)
        columns = min(count, 2)
        rows = -(-count // columns)
        height = max(_height(exhibit, panel) for panel in exhibit.panels)
        figure = Figure(figsize=(WIDTH, rows * (height + 0.75) + 0.7))
        # the same names on every panel, or the same scale, told once a row
        alike = exhibit.form in ("dots", "bars") or exhibit.alike
        grid = list(figure.subplots(rows, columns, squeeze=False, sharey=alike).flat)
        form = {"points": "scattered"}.get(exhibit.form, exhibit.form)
        draw: Callable[[Axes, Exhibit, Panel, pd.DataFrame], None] = getattr(self, f"_{form}")
        subtitle = ""
        for axes, panel in zip(grid, exhibit.panels, strict=False):
            shown, subtitle = self._shown(exhibit, panel)
            draw(axes, exhibit, panel, shown)
            axes.set_title(panel.title, y=1.0)  # no need to look for room: there are no ticks above
            axes.set_xlabel(panel.x)
            axes.set_ylabel(panel.y)
        for axes in grid[count:]:
            axes.remove()
        figure.suptitle(
            f"{exhibit.title}{f': {subtitle}' if subtitle else ''}",
            x=0.01,
            ha="left",
            fontsize=12.5,
            fontweight="bold",
        )
        self._legend(figure, exhibit)
        style.literal(figure)
        return figure

    def _shown(self, exhibit: Exhibit, panel: Panel) -> tuple[pd.DataFrame, str]:
        """The rows that the page shows before anybody chooses."""
        if not chooses(exhibit, panel):
            return panel.rows, ""
        names = [name for name in self.looks if name != self.reference] or list(self.looks)
        value = ALL if exhibit.choice == "segment" else names[0]
        return panel.rows[panel.rows[exhibit.choice] == value], "" if value == ALL else value

    def _legend(self, figure: Figure, exhibit: Exhibit) -> None:
        handles: list[Any] = [
            Patch(color=colour, label=part) for part, colour in exhibit.parts.items()
        ]
        if exhibit.form in ("lines", "curves", "points") and len(self.looks) > 1:
            handles = [
                Line2D([], [], color=self.looks[name].colour, label=name, linewidth=2.4)
                for name in self._names(exhibit)
            ]
        if handles:
            figure.legend(handles=handles, loc="outside lower center", ncols=min(len(handles), 5))

    def _places(self, axes: Axes, names: Sequence[str]) -> dict[str, int]:
        """A row for every name, the first on top."""
        axes.set_yticks(range(len(names)), [visible(name) for name in names])
        axes.set_ylim(len(names) - 0.4, -0.6)
        axes.xaxis.set_major_locator(MaxNLocator(6))
        axes.xaxis.set_major_formatter(FuncFormatter(_tick))
        return {name: place for place, name in enumerate(names)}

    def _names(self, exhibit: Exhibit) -> list[str]:
        """Strategies of an exhibit, in the order of their looks."""
        return [name for name in self.looks if name in exhibit.names]

    def _dots(self, axes: Axes, exhibit: Exhibit, panel: Panel, rows: pd.DataFrame) -> None:
        place = self._places(axes, self._names(exhibit))
        if panel.zero:
            axes.axvline(0, **ZERO)
        at = rows["strategy"].map(place)
        _intervals(axes, rows, at, self._colours(rows))
        self._points(axes, rows["mean"], at, rows["strategy"], 6.5)

    def _colours(self, rows: pd.DataFrame) -> list[str]:
        return [self.looks[name].colour for name in rows["strategy"]]

    def _points(self, axes: Axes, x: Column, y: Column, names: Column, size: float) -> None:
        for each_x, each_y, name in zip(x, y, names, strict=True):
            look = self.looks[name]
            axes.plot(each_x, each_y, look.marker, color=look.colour, markersize=size)

    def _lines(self, axes: Axes, exhibit: Exhibit, panel: Panel, rows: pd.DataFrame) -> None:
        for name, part in rows.groupby("strategy", sort=False):
            look = self.looks[str(name)]
            front = 3 if name == self.reference else 4
            axes.plot(part["x"], part["mean"], color=look.colour, zorder=front)
            axes.fill_between(
                part["x"], part["low"], part["high"], color=look.colour, alpha=0.12, lw=0
            )
        for mark in [] if panel.marks is None else panel.marks.to_dict("records"):
            axes.axvline(mark["x"], color=self.looks[mark["strategy"]].colour, **CHANGE)
        for feast in [] if panel.festivals is None else panel.festivals.to_dict("records"):
            if rows["x"].min() <= feast["x"] <= rows["x"].max():
                axes.axvline(feast["x"], **FEAST)
        axes.xaxis.set_major_locator(MaxNLocator(8, integer=True))
        if panel.months:
            axes.xaxis.set_major_formatter(FuncFormatter(lambda x, _: panel.month(x)))
        axes.yaxis.set_major_formatter(FuncFormatter(_tick))

    def _curves(self, axes: Axes, exhibit: Exhibit, panel: Panel, rows: pd.DataFrame) -> None:
        self._responses(axes, panel, rows, joined=True)

    def _scattered(self, axes: Axes, exhibit: Exhibit, panel: Panel, rows: pd.DataFrame) -> None:
        self._responses(axes, panel, rows, joined=False)

    def _responses(self, axes: Axes, panel: Panel, rows: pd.DataFrame, joined: bool) -> None:
        words = rows["x"].dtype.kind not in "if"
        names = list(dict.fromkeys(rows["x"]))
        at = rows["x"].map(names.index) if words else rows["x"]
        if words:
            axes.set_xticks(range(len(names)), [visible(str(name)) for name in names])
        if panel.zero:
            axes.axhline(0, **ZERO)
        for name, part in rows.assign(at=at).groupby("strategy", sort=False):
            colour = self.looks[str(name)].colour
            front = 3 if name == self.reference else 4
            if joined:
                axes.plot(part["at"], part["mean"], color=colour, zorder=front)
            if joined and not words:
                axes.fill_between(
                    part["at"], part["low"], part["high"], color=colour, alpha=0.14, lw=0
                )
            else:
                _intervals(axes, part, part["at"], [colour] * len(part), upright=True)
        self._points(axes, at, rows["mean"], rows["strategy"], 5)
        if not words:
            axes.xaxis.set_major_formatter(FuncFormatter(_tick))
        axes.yaxis.set_major_formatter(FuncFormatter(_tick))

    def _bars(self, axes: Axes, exhibit: Exhibit, panel: Panel, rows: pd.DataFrame) -> None:
        names = self._names(exhibit)
        place = self._places(axes, names)
        axes.grid(axis="y", visible=False)
        ends = dict.fromkeys(names, 0.0)
        for part, colour in exhibit.parts.items():
            of_part = rows[rows["part"] == part]
            lefts = [ends[name] for name in of_part["strategy"]]
            at = of_part["strategy"].map(place)
            axes.barh(at, of_part["value"], left=lefts, color=colour, height=0.7)
            for name, value in zip(of_part["strategy"], of_part["value"], strict=True):
                ends[name] += value

    def _balance(self, axes: Axes, exhibit: Exhibit, panel: Panel, rows: pd.DataFrame) -> None:
        place = self._places(axes, list(dict.fromkeys(rows["label"])))
        axes.grid(axis="y", visible=False)
        at, colours = rows["label"].map(place), self._colours(rows)
        axes.barh(at, rows["won"], color=colours, height=0.66)
        axes.barh(at, rows["lost"], color=colours, alpha=0.35, height=0.66)
        _intervals(axes, rows, at, ["black"] * len(rows))
        axes.plot(rows["mean"], at, "|", color="black", markersize=12, markeredgewidth=2)
        axes.axvline(0, **ZERO)

    def _waterfall(self, axes: Axes, exhibit: Exhibit, panel: Panel, rows: pd.DataFrame) -> None:
        place = self._places(axes, list(dict.fromkeys(rows["label"])))
        axes.grid(axis="y", visible=False)
        at, colours = rows["label"].map(place), rows["part"].map(exhibit.parts)
        axes.barh(at, rows["end"] - rows["start"], left=rows["start"], color=colours, height=0.66)
        if "left" in rows:
            ends = {"mean": rows["end"], "low": rows["left"], "high": rows["right"]}
            _intervals(axes, pd.DataFrame(ends), at, ["black"] * len(rows))
        axes.axvline(0, **ZERO)

    def _cells(self, axes: Axes, exhibit: Exhibit, panel: Panel, rows: pd.DataFrame) -> None:
        wide = rows.pivot(index="cohort", columns="since", values="value")
        largest = float(panel.rows["value"].max())
        axes.grid(visible=False)
        axes.imshow(wide.to_numpy(), cmap="Blues", vmin=0, vmax=largest, aspect="auto")
        axes.set_xticks(range(len(wide.columns)), wide.columns.astype(str))
        axes.set_yticks(range(len(wide)), [panel.month(each) or str(each) for each in wide.index])
        for (i, j), cell in np.ndenumerate(wide.to_numpy()):
            if np.isfinite(cell):
                colour = "white" if cell > 0.6 * largest else "#222222"
                axes.text(j, i, f"{cell:.0f}", ha="center", va="center", color=colour, fontsize=8)

    def _scatter(self, axes: Axes, exhibit: Exhibit, panel: Panel, rows: pd.DataFrame) -> None:
        colours = self._colours(rows)
        spent = {"mean": rows["x"], "low": rows["x_low"], "high": rows["x_high"]}
        _intervals(axes, pd.DataFrame(spent), rows["mean"], colours)
        _intervals(axes, rows, rows["x"], colours, upright=True)
        self._points(axes, rows["x"], rows["mean"], rows["strategy"], 8)
        for level in rows.loc[rows["strategy"] == self.reference, "mean"]:
            axes.axhline(level, ls=":", **ZERO)
        axes.yaxis.set_major_formatter(FuncFormatter(_tick))
        axes.margins(0.08)
        self._labels_beside(axes, rows)

    def _labels_beside(self, axes: Axes, rows: pd.DataFrame) -> None:
        """Names in a column right of the axes, spread so that none covers another."""
        (left, right), (low, high) = axes.get_xlim(), axes.get_ylim()
        ordered = rows.sort_values(["mean", "strategy"])
        wanted = ((ordered["mean"] - low) / (high - low)).to_numpy()
        for row, place in zip(ordered.to_dict("records"), spread(wanted, 0.062), strict=True):
            name, at = row["strategy"], low + place * (high - low)
            line: Any = {"color": self.looks[name].colour, "linewidth": 0.7, "alpha": 0.6}
            x = [row["x"], right + 0.025 * (right - left)]
            axes.plot(x, [row["mean"], at], clip_on=False, zorder=1.9, **line)
            axes.text(right + 0.03 * (right - left), at, name, va="center")
        axes.set_xlim(left, right)
        axes.set_ylim(low, high)

    def _network(self, axes: Axes, exhibit: Exhibit, panel: Panel, rows: pd.DataFrame) -> None:
        assert panel.links is not None
        ends = panel.links[["x", "y", "x2", "y2"]].to_numpy(float).reshape(-1, 2, 2)
        ties = LineCollection(list(ends), colors="#9AA5AE", linewidths=0.5, alpha=0.5, zorder=1)
        axes.add_collection(ties)
        axes.scatter(
            rows["x"],
            rows["y"],
            s=60 * rows["size"],
            c=rows["part"].map(exhibit.parts),
            edgecolors="#555555",
            linewidths=0.5,
            zorder=2,
        )
        axes.set_aspect("equal")
        axes.set_axis_off()


def _height(exhibit: Exhibit, panel: Panel) -> float:
    """Inches that a panel's axes want."""
    if exhibit.form in ("dots", "bars"):
        return ROW * panel.rows["strategy"].nunique()
    if exhibit.form in ("balance", "waterfall"):
        return ROW * panel.rows["label"].nunique()
    return {"cells": 3.4, "scatter": 3.4, "network": 6.2}.get(exhibit.form, PLOT)


def _intervals(
    axes: Axes, rows: pd.DataFrame, at: Column, colours: Sequence[str], upright: bool = False
) -> None:
    """Intervals with caps where there are any: side by side, or upright."""
    there = np.isfinite(rows["low"]) & np.isfinite(rows["high"])
    mean, place, colour = rows["mean"][there], at[there], np.array(colours)[there]
    ends = np.minimum(rows["low"][there], mean), np.maximum(rows["high"][there], mean)
    caps = np.concatenate(ends), np.tile(place, 2)
    draw = axes.vlines if upright else axes.hlines
    draw(place, *ends, colors=colour, linewidth=1.6)
    axes.scatter(*(caps[::-1] if upright else caps), c=np.tile(colour, 2), **CAPS[upright])


def _tick(value: float, _: int) -> str:
    return minus(f"{value:,.0f}" if abs(value) >= 1_000 else f"{value:.3g}")


def spread(wanted: np.ndarray, gap: float) -> np.ndarray:
    """Rising places at least `gap` apart, near those wanted and balanced around them."""
    steps = gap * np.arange(len(wanted))
    upward = np.maximum.accumulate(wanted - steps) + steps
    downward = np.minimum.accumulate((wanted - steps)[::-1])[::-1] + steps
    return np.asarray((upward + downward) / 2)


__all__ = ["FONTS", "Slide", "chinese_font", "readable", "spread", "write"]
