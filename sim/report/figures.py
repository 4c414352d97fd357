"""The figures of a comparison: each a function of its tables, with a caption of its own."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, MaxNLocator

from sim.report import style
from sim.report.reading import Comparison, Estimate, Estimates
from sim.report.words import label, minus

WIDTH = 9.2  # inches
BARS: Any = {"fmt": "none", "capsize": 3, "elinewidth": 1.6}
ZERO: Any = {"color": "#333333", "linewidth": 0.9}


class Drawn(NamedTuple):
    """A figure with what a reader needs beside it."""

    name: str
    figure: Figure
    caption: str


def levels(comparison: Comparison) -> Drawn | None:
    """Repurchase and churn by strategy with 95% intervals; None in runs too short for both."""
    shown = comparison.present(["repurchase_rate_365d", "churn_rate_365d"])
    if not shown:
        return None
    names = comparison.names[::-1]
    with style.applied():
        figure = Figure(figsize=(WIDTH, 1.3 + 0.34 * len(names)))
        for axes, indicator in zip(_row_of(figure, len(shown)), shown, strict=True):
            _dots(axes, comparison, comparison.level(indicator), names)
            axes.set_title(_headline(indicator))
            _unit_axis(axes, indicator, comparison.unit(indicator))
    caption = (
        "Mean over replications (worlds) with 95% t intervals. The intervals include the luck "
        "that all strategies share: whether two strategies differ is told by the paired "
        "differences, not by overlap here."
    )
    return Drawn("levels", figure, caption)


def differences(comparison: Comparison) -> Drawn | None:
    """Paired differences to the reference with simultaneous intervals, if any was measured."""
    wanted = ["repurchase_rate_365d", "churn_rate_365d", "repurchase_rate_30d"]
    shown = comparison.present([*wanted, "contribution_per_customer_month_yuan"])
    names = [name for name in comparison.names[::-1] if name != comparison.reference]
    if not (shown and names):
        return None
    rows = (len(shown) + 1) // 2
    with style.applied():
        figure = Figure(figsize=(WIDTH, rows * (1.25 + 0.3 * max(len(names), 1))))
        grid = figure.subplots(rows, 2, squeeze=False, sharey=True).flat
        for axes, indicator in zip(grid, shown, strict=False):
            axes.axvline(0, **ZERO)
            _dots(axes, comparison, comparison.difference(indicator), names)
            axes.set_title(_headline(indicator))
            _difference_axis(axes, indicator, comparison)
        for axes in list(grid)[len(shown) :]:
            axes.remove()
    caption = (
        f"Mean difference to {label(comparison.reference)} in the same worlds. The 95% intervals "
        "hold for all strategies at once; one that leaves out zero is a difference. Less churn is "
        "better."
    )
    return Drawn("differences", figure, caption)


def monthly(comparison: Comparison) -> Drawn | None:
    """How the main series run, month by month, with bands; None in less than a month."""
    wanted = ("repurchase_rate_30d", "churn_rate_90d", "orders", "contribution_yuan")
    table = comparison.monthly[comparison.monthly["mean"].notna()]
    shown = [name for name in wanted if (table["series"] == name).any()]
    if not shown:
        return None
    rows = (len(shown) + 1) // 2
    with style.applied():
        figure = Figure(figsize=(WIDTH, 0.7 + 2.5 * rows))
        grid = list(figure.subplots(rows, 2, squeeze=False).flat)
        for axes, series in zip(grid, shown, strict=False):
            for name in comparison.names:
                _band(axes, comparison, table, series, name)
            axes.set_title(_headline(series))
            axes.set_xlabel("month of 30 days since the start")
            axes.xaxis.set_major_locator(MaxNLocator(8, integer=True))
            _series_axis(axes, series)
        for axes in grid[len(shown) :]:
            axes.remove()
        _legend(figure, comparison)
    caption = (
        "Mean over replications by month, with bands of 95% t intervals. Month 1 is the first of "
        "the strategy; all strategies start from the same warmed-up world."
    )
    return Drawn("monthly", figure, caption)


def money(comparison: Comparison) -> Drawn:
    """What each strategy spends against what it contributes."""
    spend = comparison.spent("spend_yuan_per_customer_month")
    contribution = comparison.spent("contribution_yuan")
    scale, unit = _scale(contribution)
    height = {name: value.over(scale) for name, value in contribution.items()}
    with style.applied():
        figure = Figure(figsize=(WIDTH, 4.4))
        axes = figure.subplots()
        for name in comparison.names:
            x, y, look = spend[name], height[name], comparison.looks[name]
            axes.errorbar(x.mean, y.mean, _arms(y), _arms(x), **BARS, color=look.colour, alpha=0.7)
            axes.plot(x.mean, y.mean, look.marker, color=look.colour, markersize=8)
        axes.axhline(height[comparison.reference].mean, ls=":", **ZERO)
        axes.set_title("Spend against contribution")
        axes.set_xlabel("spend on levers, yuan per customer and month")
        axes.set_ylabel(f"contribution in the whole run, {unit}")
        axes.margins(0.08)
        _labels_beside(axes, comparison, spend, height)
    caption = (
        "Contribution is gross margin less levers, commission and fulfilment, of the whole market "
        f"over the run; the dotted line is that of {label(comparison.reference)}. Bars are 95% t "
        "intervals over replications."
    )
    return Drawn("money", figure, caption)


def won_lost(comparison: Comparison) -> Drawn | None:
    """Households won and lost against the reference, if there is another strategy."""
    changed = comparison.changed()
    names = [name for name in comparison.names[::-1] if name != comparison.reference]
    if not names:
        return None
    reference = label(comparison.reference)
    mark: Any = {"marker": "|", "color": "black", "markersize": 13, "markeredgewidth": 2}
    with style.applied():
        figure = Figure(figsize=(WIDTH, 1.4 + 0.34 * len(names)))
        axes = figure.subplots()
        for place, name in enumerate(names):
            colour = comparison.looks[name].colour
            size = changed[name].households
            won, lost = changed[name].won / size, changed[name].lost / size
            axes.barh(place, won, color=colour, height=0.62)
            axes.barh(place, -lost, height=0.62, facecolor="white", edgecolor=colour, hatch="////")
            axes.plot(won - lost, place, linestyle="none", **mark)
        axes.axvline(0, **ZERO)
        axes.set_yticks(range(len(names)), [label(name) for name in names])
        axes.grid(axis="y", visible=False)
        axes.set_title(f"Households won and lost, against {reference}")
        axes.set_xlabel("lost ← share of all households → won")
        axes.xaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{100 * abs(x):.3g}%"))
        axes.xaxis.set_major_locator(MaxNLocator(9))
    caption = (
        f"Filled: households that repurchased here and not under {reference}. Hatched: the "
        "reverse. Black mark: the balance. The same households with the same luck in both worlds."
    )
    return Drawn("won_lost", figure, caption)


FIGURES: tuple[Callable[[Comparison], Drawn | None], ...] = (
    levels,
    differences,
    won_lost,
    money,
    monthly,
)


def draw(comparison: Comparison) -> list[Drawn]:
    """All figures that the comparison has something for."""
    return [drawn for make in FIGURES if (drawn := make(comparison)) is not None]


def _row_of(figure: Figure, count: int) -> Sequence[Axes]:
    axes = figure.subplots(1, count, squeeze=False, sharey=True)
    return list(axes.flat)


def _dots(axes: Axes, comparison: Comparison, estimates: Estimates, names: Sequence[str]) -> None:
    """One dot with its interval per strategy, from bottom to top."""
    for place, name in enumerate(names):
        value, look = estimates[name], comparison.looks[name]
        axes.errorbar(value.mean, place, xerr=_arms(value), **BARS, color=look.colour)
        axes.plot(value.mean, place, look.marker, color=look.colour, markersize=6.5)
    axes.set_yticks(range(len(names)), [label(name) for name in names])
    axes.set_ylim(-0.6, len(names) - 0.4)


def _arms(value: Estimate) -> list[list[float]] | None:
    """Lengths of an interval's arms; none where there is no interval."""
    return [[value.mean - value.low], [value.high - value.mean]] if value.bounded else None


def _band(axes: Axes, comparison: Comparison, table: pd.DataFrame, series: str, name: str) -> None:
    part = table[(table["series"] == series) & (table["strategy"] == name)]
    look = comparison.looks[name]
    month = part["month"].to_numpy() + 1
    front = 1 if name == comparison.reference else 2
    axes.plot(month, part["mean"], color=look.colour, zorder=2 + front)
    axes.fill_between(month, part["low"], part["high"], color=look.colour, alpha=0.13, lw=0)


def _legend(figure: Figure, comparison: Comparison) -> None:
    handles = [
        Line2D([], [], color=comparison.looks[name].colour, label=label(name), linewidth=2.4)
        for name in comparison.names
    ]
    figure.legend(handles=handles, loc="outside lower center", ncols=min(len(handles), 5))


def _labels_beside(axes: Axes, comparison: Comparison, x: Estimates, y: Estimates) -> None:
    """Names in a column right of the axes, spread so that none covers another, with leaders."""
    (left, right), (low, high) = axes.get_xlim(), axes.get_ylim()
    order = sorted(comparison.names, key=lambda name: (y[name].mean, name))
    wanted = np.array([(y[name].mean - low) / (high - low) for name in order])
    for name, place in zip(order, spread(wanted, 0.062), strict=True):
        axes.annotate(
            label(name),
            xy=(x[name].mean, y[name].mean),
            xytext=(right + 0.03 * (right - left), low + place * (high - low)),
            va="center",
            annotation_clip=False,
            arrowprops={
                "arrowstyle": "-",
                "color": comparison.looks[name].colour,
                "linewidth": 0.7,
                "alpha": 0.6,
            },
        )
    axes.set_xlim(left, right)
    axes.set_ylim(low, high)


def spread(wanted: np.ndarray, gap: float) -> np.ndarray:
    """Rising places at least `gap` apart, near those wanted and balanced around them."""
    steps = gap * np.arange(len(wanted))
    upward = np.maximum.accumulate(wanted - steps) + steps
    downward = np.minimum.accumulate((wanted - steps)[::-1])[::-1] + steps
    return np.asarray((upward + downward) / 2)


def _headline(name: str) -> str:
    text = label(name)
    return text[0].upper() + text[1:]


def _points(share: float) -> str:
    return minus(f"{100 * share:+.3g}") if abs(share) > 1e-9 else "0"


def _percent(axis: Axis) -> None:
    axis.set_major_formatter(FuncFormatter(lambda x, _: f"{100 * x:.3g}%"))


def _unit_axis(axes: Axes, indicator: str, unit: str) -> None:
    axes.set_xlabel(_base(indicator) if unit == "share" else unit)
    axes.xaxis.set_major_locator(MaxNLocator(6))
    if unit == "share":
        _percent(axes.xaxis)


def _difference_axis(axes: Axes, indicator: str, comparison: Comparison) -> None:
    unit = comparison.unit(indicator)
    unit_in_words = "percentage points" if unit == "share" else unit
    axes.set_xlabel(f"{unit_in_words} more than {label(comparison.reference)}")
    axes.xaxis.set_major_locator(MaxNLocator(6))
    if unit == "share":
        axes.xaxis.set_major_formatter(FuncFormatter(lambda x, _: _points(x)))


def _series_axis(axes: Axes, series: str) -> None:
    if "rate" in series or "share" in series:
        axes.set_ylabel(_base(series))
        _percent(axes.yaxis)
        return
    axes.set_ylabel("yuan a month" if series.endswith("_yuan") else f"{label(series)} a month")
    axes.yaxis.set_major_formatter(FuncFormatter(lambda y, _: f"{y:,.0f}"))


def _base(indicator: str) -> str:
    return f"share of {'established ' if 'churn' in indicator else ''}customers"


def _scale(values: Estimates) -> tuple[float, str]:
    largest = max(abs(value.mean) for value in values.values())
    if largest >= 2e6:
        return 1e6, "million yuan"
    return (1e3, "thousand yuan") if largest >= 2e3 else (1.0, "yuan")


__all__ = ["FIGURES", "Drawn", "differences", "draw", "levels", "money", "monthly", "won_lost"]
