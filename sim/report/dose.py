"""Dose curves: a table for the terminal, a sentence and a figure for each."""

import textwrap
from pathlib import Path
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from rich.table import Table

from sim.report import style
from sim.report.levers import change
from sim.report.palette import COLOURS, REFERENCE_COLOUR
from sim.report.terminal import WORDS
from sim.store.folders import alone, plain_errors
from sim.store.runs import read_manifest, read_table
from sim.text.outgoing import visible

CONTRIBUTION, NET = "contribution_yuan", "repurchasing_households"
SHOWN = {
    CONTRIBUTION: "contribution",
    NET: "repurchasing\nhouseholds",
    "orders": "orders",
    "churn_rate_365d": "churn",
}
AXES = {
    CONTRIBUTION: "Contribution, yuan per 1,000 households",
    NET: "Repurchasing households per 10,000",
}
NOTE = (
    "Differences to the usual dose in the same {worlds}, each with its own 95% interval, over "
    "{days:,} days: yuan and orders per 1,000 households, repurchasing households per 10,000, "
    "churn in points. In bold the dose that contributes most."
)


def dose_table(folder: Path) -> Table:
    """A row per curve and dose.

    Parameters
    ----------
    folder
        What `repurchase dose` wrote.

    Raises
    ------
    ResultsError
        When the folder holds something else or is torn.
    """
    manifest, curves = read_manifest(folder), read_table(folder, "curves")
    units = read_table(folder, "doses").set_index("curve")["unit"]
    best = _by_curve(read_table(folder, "optima"), CONTRIBUTION)
    count, days = manifest["replications"], manifest["configuration"]["run"]["days"]
    worlds = "world" if count == 1 else f"{count} worlds"
    table = Table(
        title=f"Doses of {manifest['scenario']}",
        caption=NOTE.format(worlds=worlds, days=days),
        title_justify="left",
        caption_justify="left",
    )
    table.add_column("curve", overflow="fold")
    for heading in ("dose", *SHOWN.values()):
        table.add_column(heading, justify="right", no_wrap=True)
    before = None
    for key, rows in curves.groupby(["curve", "dose"], sort=False):
        name, each = str(key[0]), float(str(key[1]))
        if before not in (None, name):
            table.add_section()
        told, before = "" if name == before else f"{name}\n{units[name]}", name
        usual = bool(rows["as_it_is"].iloc[0])
        cells = {row["outcome"]: row for _, row in rows.iterrows()}
        bold = best[name]["best"] == each
        table.add_row(
            told,
            f"{_number(each)}{' usual' if usual else ''}",
            *(change(cells[outcome]) for outcome in SHOWN),
            style="bold" if bold else "dim" if usual else "",
        )
    return table


def sentences(folder: Path) -> dict[str, str]:
    """Of each curve, where the best dose lies and how sure that is."""
    return in_words(read_table(folder, "optima"), read_table(folder, "doses"))


def in_words(optima: pd.DataFrame, doses: pd.DataFrame) -> dict[str, str]:
    """The same, from the tables `optima` and `doses`."""
    told, about = {}, doses.set_index("curve")
    for name, money in _by_curve(optima, CONTRIBUTION).items():
        people = _by_curve(optima, NET)[name]
        title, unit = about["title"][name], about["unit"][name]
        told[name] = (
            f"{title} ({unit}; usual {_number(money['usual'])}): contribution "
            f"{_where(money, 'is')}; repurchasing households {_where(people, 'are')}."
        )
    return told


def _where(row: dict[str, Any], verb: str) -> str:
    """Where an optimum lies, in words."""
    least, most = _number(row["least"]), _number(row["most"])
    if row["best"] != row["best"]:
        return f"{verb} not known"
    best, low, high = (_number(row[key]) for key in ("best", "low", "high"))
    mean = f"{verb} best at {best}"
    if row["verdict"] == "inside":
        certain = "for certain" if low == high else f"any from {low} to {high} may be the best"
        return f"{mean}, inside the range of {least} to {most} ({certain})"
    if row["verdict"] != "cannot be told":
        return f"{mean}, {row['verdict']} of the range of {least} to {most}"
    chance = row["probability"]
    sure = f", with a probability of {WORDS.probability(chance)}" if chance == chance else ""
    return (
        f"{mean} on average{sure}, but whether inside the range cannot be told: "
        f"any from {low} to {high} may be the best"
    )


def _by_curve(optima: pd.DataFrame, outcome: str) -> dict[str, dict[str, Any]]:
    rows = optima[optima["outcome"] == outcome].to_dict("records")
    return {str(row["curve"]): {str(key): value for key, value in row.items()} for row in rows}


def _number(value: float) -> str:
    return f"{value:,.4g}"


def write_figures(folder: Path) -> Path:
    """Draw every curve as PNG and SVG into the subfolder `figures`, and return that."""
    curves, optima, doses = (read_table(folder, each) for each in ("curves", "optima", "doses"))
    told, home = in_words(optima, doses), folder / "figures"
    with alone(folder), plain_errors(home), style.applied():
        home.mkdir(exist_ok=True)
        for about in doses.to_dict("records"):
            name = str(about["curve"])
            figure = Figure(figsize=(9.2, 4.0))
            panels = figure.subplots(1, 2)
            for axes, outcome in zip(panels, AXES, strict=True):
                optimum = _by_curve(optima, outcome)[name]
                rows = curves[(curves["curve"] == name) & (curves["outcome"] == outcome)]
                _draw(axes, rows, optimum, outcome)
                axes.set_xlabel(visible(f"{about['title']}, {about['unit']}"))
            text = "\n".join(textwrap.wrap(visible(told[name]), 118))
            figure.suptitle(text, x=0.01, ha="left", fontsize=9)
            style.save(figure, home, name)
    return home


def _draw(axes: Axes, rows: pd.DataFrame, optimum: dict[str, Any], outcome: str) -> None:
    """A curve with its band, the usual dose and the best one."""
    colour = COLOURS[0]
    axes.axhline(0, color="#333333", linewidth=0.9)
    axes.axvline(optimum["usual"], color=REFERENCE_COLOUR, linestyle=(0, (5, 4)), linewidth=1.1)
    axes.plot(rows["dose"], rows["mean"], color=colour, marker="o", markersize=4)
    axes.fill_between(rows["dose"], rows["low"], rows["high"], color=colour, alpha=0.14, lw=0)
    if optimum["best"] == optimum["best"]:
        axes.axvspan(optimum["low"], optimum["high"], color=COLOURS[5], alpha=0.25, lw=0)
        best = rows[rows["dose"] == optimum["best"]]
        axes.plot(best["dose"], best["mean"], marker="*", color=COLOURS[1], markersize=13)
    axes.set_title(f"{AXES[outcome]},\ndifference to the usual dose")


__all__ = ["dose_table", "in_words", "sentences", "write_figures"]
