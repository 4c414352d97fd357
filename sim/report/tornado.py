"""How far assumptions move a strategy's difference: tables, sentences on the choice, tornados."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, StrMethodFormatter
from rich.table import Table

from sim.report import style
from sim.report.decompose import TITLES, TOLD
from sim.report.levers import change
from sim.report.palette import PARTS
from sim.report.terminal import WORDS
from sim.report.words import minus
from sim.store.folders import alone, plain_errors
from sim.store.runs import read_manifest, read_table
from sim.text.outgoing import visible

LOW, AS_IT_IS, HIGH = "low", "as it is", "high"
MOST_ROWS = 12  # of a table in the terminal
MOST_BARS = 20  # of a figure
MOST_SHOWN = 10  # sentences of a kind; the table `choice` has all
NOTE = (
    "{title}, {strategy} less {reference}, in the same {worlds} over {days:,} days; as it is "
    "{now}. Change: what the difference differs by from that, with its own 95% interval{luck}. "
    "The {shown} widest of {count} assumptions, each moved alone: odds of shares and chances, and "
    "other numbers, divided and multiplied by {factor:g}; logits and utilities moved by its "
    "logarithm."
)
LUCK = "; one in twenty of so many leaves out zero by luck alone"
ENDS = {LOW: (-0.17, PARTS[0]), HIGH: (0.17, PARTS[1])}  # place beside the row's middle, colour

Bars = dict[str, dict[str, Any]]  # rows of the table `tornado` by assumption and point


def tornado_tables(folder: Path) -> Iterator[Table]:
    """A table per strategy, of the assumptions that move its difference farthest.

    Raises
    ------
    ResultsError
        When the folder holds something else or is torn.
    """
    manifest, tornado = read_manifest(folder), read_table(folder, "tornado")
    for strategy in manifest["strategies"]:
        bars = _bars(tornado, strategy)
        table = Table(
            title=f"What assumptions do to {strategy}",
            caption=_note(manifest, strategy, bars),
            title_justify="left",
            caption_justify="left",
        )
        table.add_column("assumption", no_wrap=True)
        for heading in ("low to high", "at low", "change", "at high", "change"):
            table.add_column(heading, justify="right", no_wrap=True)
        for key, bar in list(bars.items())[:MOST_ROWS]:
            table.add_row(key, _range(bar), *(cell for end in ENDS for cell in _end(bar[end])))
        yield table


def _bars(tornado: pd.DataFrame, strategy: str) -> Bars:
    """Rows of a strategy by assumption and point, the widest first."""
    found: Bars = {}
    for row in tornado[tornado["strategy"] == strategy].to_dict("records"):
        found.setdefault(str(row["assumption"]), {})[str(row["point"])] = row
    return found


def _range(bar: dict[str, Any]) -> str:
    return f"{_value(bar[LOW])} to {_value(bar[HIGH])}"


def _value(row: dict[Any, Any]) -> str:
    return minus(f"{row['value']:.4g}")


def _end(row: dict[str, Any]) -> tuple[Any, Any]:
    """The difference at an end, and by how much that is another one."""
    ends = {end: row[f"change_{end}"] for end in ("low", "high")}
    moved = pd.Series({"mean": row["change"], **ends})
    return WORDS.number(row["mean"], signed=True), change(moved)


def _note(manifest: dict[str, Any], strategy: str, bars: Bars) -> str:
    now, worlds = next(iter(bars.values()))[AS_IT_IS], manifest["replications"]
    mean = WORDS.number(now["mean"], signed=True)
    return NOTE.format(
        title=TITLES[now["outcome"]],
        strategy=strategy,
        reference=manifest["reference"],
        worlds="world" if worlds == 1 else f"{worlds} worlds",
        days=manifest["configurations"][strategy]["run"]["days"],
        now=f"{mean} ({WORDS.interval(now['low'], now['high'], signed=True)})",
        luck=LUCK if len(bars) > MOST_ROWS else "",
        shown=min(MOST_ROWS, len(bars)),
        count=len(bars),
        factor=manifest["factor"],
    )


def sentences(folder: Path) -> list[str]:
    """Which assumptions change who comes first, or the sign of a difference; or that none does."""
    manifest = read_manifest(folder)
    choice, tornado = (read_table(folder, name) for name in ("choice", "tornado"))
    return in_words(choice, tornado, manifest["reference"])


def in_words(choice: pd.DataFrame, tornado: pd.DataFrame, reference: str) -> list[str]:
    """The same, from the tables `choice` and `tornado`."""
    if tornado["low"].isna().all():
        return ["There is no interval, so whether an assumption changes the choice cannot be said."]
    count, usual = choice["assumption"].nunique(), choice["first_as_it_is"].iloc[0]
    rows = choice.to_dict("records")
    firsts = [_first(row) for row in rows if row["changes_first"]]
    signs = [
        _sign(row, tornado, strategy, reference)
        for row in rows
        for strategy in filter(None, str(row["changes_sign"]).split(", "))
        if not (row["changes_first"] and {strategy, reference} == {row["first"], usual})
    ]
    changing = {row["assumption"] for row in rows if row["changes_first"] or row["changes_sign"]}
    number = len(changing) or "None"
    verb = "change" if len(changing) > 1 else "changes"
    of_all = f"of {count} assumptions" if count > 1 else "of 1 assumption"
    told = [f"{number} {of_all} {verb} the choice: as it is, {usual} comes first."]
    told += [*_open_as_it_is(tornado, reference), *_some(firsts), *_some(signs)]
    open_ones = {
        str(row["assumption"]): str(row["first"])
        for row in rows
        if row["first"] != usual and not row["changes_first"]
    }
    if open_ones:
        named = [f"{first} with {key}" for key, first in list(open_ones.items())[:MOST_SHOWN]]
        more = len(open_ones) - len(named)
        listed = WORDS.listed([*named, *([f"{more} more"] if more else [])])
        told.append(f"Within luck another one comes first at an end: {listed}.")
    return told


def _open_as_it_is(tornado: pd.DataFrame, reference: str) -> list[str]:
    """That some differences are within luck before anything is moved."""
    now = tornado[tornado["point"] == AS_IT_IS].drop_duplicates("strategy")
    clear = (now["low"] > 0) | (now["high"] < 0)
    names = now["strategy"][~clear].astype(str).tolist()
    if not names:
        return []
    verb = "does" if len(names) == 1 else "do"
    return [f"As it is, {WORDS.listed(names)} {verb} not differ from {reference} beyond luck."]


def _some(told: list[str]) -> list[str]:
    more = len(told) - MOST_SHOWN
    rest = [f"{more} more are in the table `choice`."] if more > 0 else []
    return [*told[:MOST_SHOWN], *rest]


def _first(row: dict[Any, Any]) -> str:
    """Who comes first instead, and by how much."""
    lead = WORDS.number(row["mean"])
    within = WORDS.interval(row["low"], row["high"])
    return (
        f"With {row['assumption']} at {_value(row)} {row['first']} comes first, {lead} "
        f"({within}) {TOLD[row['outcome']]} better than {row['first_as_it_is']}."
    )


def _sign(row: dict[Any, Any], tornado: pd.DataFrame, strategy: str, reference: str) -> str:
    """A difference that turns, at the point and as it is."""
    own = tornado[
        (tornado["strategy"] == strategy) & (tornado["assumption"] == row["assumption"])
    ].set_index("point")
    there, now = own.loc[row["point"]], own.loc[AS_IT_IS]
    within = WORDS.interval(there["low"], there["high"], signed=True)
    mean, before = (WORDS.number(each["mean"], signed=True) for each in (there, now))
    return (
        f"With {row['assumption']} at {_value(row)} {strategy} differs from {reference} by "
        f"{mean} ({within}) {TOLD[row['outcome']]}, as it is by {before}."
    )


def write_figures(folder: Path) -> Path:
    """Draw a tornado per strategy as PNG and SVG into the subfolder `figures`, and return that."""
    manifest, home = read_manifest(folder), folder / "figures"
    tornado = read_table(folder, "tornado")
    with alone(folder), plain_errors(home), style.applied():
        home.mkdir(exist_ok=True)
        for strategy in manifest["strategies"]:
            bars = dict(list(_bars(tornado, strategy).items())[:MOST_BARS])
            figure = Figure(figsize=(8.6, 1.7 + 0.32 * len(bars)))
            _draw(figure.subplots(), bars, strategy, manifest["reference"])
            style.save(figure, home, f"tornado_{strategy}")
    return home


def _draw(axes: Axes, bars: Bars, strategy: str, reference: str) -> None:
    """From the difference as it is to that at either end; whiskers are intervals of the change."""
    for place, bar in enumerate(bars.values()):
        now = bar[AS_IT_IS]["mean"]
        for end, (beside, colour) in ENDS.items():
            row, y = bar[end], place + beside
            label = f"{end} end" if place == 0 else None
            axes.barh(y, row["change"], left=now, height=0.32, color=colour, label=label)
            if row["change_low"] < row["change_high"]:
                ends = [now + row["change_low"], now + row["change_high"]]
                axes.plot(ends, [y, y], color="#333333", linewidth=0.9, solid_capstyle="butt")
    usual = next(iter(bars.values()))[AS_IT_IS]
    axes.axvline(usual["mean"], color="#333333", linewidth=0.9)
    axes.axvline(0, color="#333333", linewidth=0.9, linestyle=":")
    labels = [visible(f"{key}  {_range(bar)}") for key, bar in bars.items()]
    axes.set_yticks(range(len(bars)), labels)
    axes.set_ylim(len(bars) - 0.4, -0.6)
    axes.grid(visible=False, axis="y")
    axes.xaxis.set_major_locator(MaxNLocator(6))
    axes.xaxis.set_major_formatter(StrMethodFormatter("{x:,.10g}"))
    axes.set_xlabel(visible(f"{strategy} less {reference}"))
    axes.set_title(TITLES[usual["outcome"]])
    axes.legend(loc="lower right", bbox_to_anchor=(1, 1), ncols=2)


__all__ = ["in_words", "sentences", "tornado_tables", "write_figures"]
