"""What each lever adds to a strategy's effect: a table, sentences on pairs, a waterfall."""

from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, StrMethodFormatter
from rich.table import Table

from sim.report import style
from sim.report.dose import AXES
from sim.report.levers import HEADINGS as BESIDE
from sim.report.levers import change
from sim.report.palette import COLOURS, REFERENCE_COLOUR, looks
from sim.report.terminal import WORDS
from sim.store.folders import alone, plain_errors
from sim.store.runs import read_manifest, read_table
from sim.text.outgoing import visible

HEADINGS = {  # of an outcome beside the goal, and of a goal
    **BESIDE,
    "contribution": "contribution",
    "day0_repurchase": "repurchase of\nday 0",
    "churn": "churn of\nday 0",
    "repurchase_rate": "repurchase\nrate",
    "own": "worth",
}
TITLES = {
    **AXES,
    "orders": "Orders per 1,000 households",
    "churn_rate_365d": "Churn of a year, points",
    "contribution": "Contribution, yuan per 10,000 households",
    "day0_repurchase": "Repurchase of the customers of day 0, points",
    "churn": "Churn of the customers established on day 0, points",
    "repurchase_rate": "The trade's repurchase rate, points",
    "own": "Worth by a set of goals of one's own",
}
TOLD = {  # how a sentence calls the outcome
    "repurchasing_households": "repurchasing households per 10,000",
    "orders": "orders per 1,000 households",
    "contribution_yuan": "yuan of contribution per 1,000 households",
    "churn_rate_365d": "points of churn",
    "contribution": "yuan of contribution per 10,000 households",
    "day0_repurchase": "points of repurchase of the customers of day 0",
    "churn": "points of churn of the customers established on day 0",
    "repurchase_rate": "points of the trade's repurchase rate",
    "own": "of worth",
}
LESS_IS_BETTER = ("churn", "churn_rate_365d")
NOTE = (
    "Differences in the same {worlds}, each with its own 95% interval, over {days:,} days: "
    "{goal}households per 10,000, orders and yuan per 1,000 households, churn in points. Alone: "
    "added to {reference}. At last: what {scenario} lacks without it. Share: after Shapley, the "
    "mean of what it adds over {orders}; the shares add up to the last row.{rest}"
)
OF_GOAL = "{title}; beside it "
OTHERS = "all others"  # as the second of a pair
MOST_SHOWN = 10  # sentences on pairs; the table `interactions` has all


Row: TypeAlias = "pd.Series[Any]"


class Told(NamedTuple):
    """What a folder tells, the outcomes in the order in which they are shown, the goal first."""

    manifest: dict[str, Any]
    shares: pd.DataFrame
    total: dict[str, Row]
    outcomes: list[str]

    @property
    def goal(self) -> str:
        """The outcome that comes first."""
        return self.outcomes[0]

    def ranked(self, outcome: str) -> list[str]:
        """Players from the largest share to the smallest."""
        own = self.rows("shapley", outcome)
        return sorted(own, key=lambda player: -own[player]["mean"])

    def rows(self, measure: str, outcome: str) -> dict[str, Row]:
        """Rows of a measure and an outcome, by player."""
        here = (self.shares["measure"] == measure) & (self.shares["outcome"] == outcome)
        return _by(self.shares[here], "player")


def _by(table: pd.DataFrame, column: str) -> dict[str, Row]:
    return {str(row[column]): row for _, row in table.iterrows()}


def told(folder: Path) -> Told:
    """What `repurchase decompose` wrote.

    Raises
    ------
    ResultsError
        When the folder holds something else or is torn.
    """
    manifest, shares = read_manifest(folder), read_table(folder, "shares")
    total = _by(read_table(folder, "total"), "outcome")
    return Told(manifest, shares, total, [*dict.fromkeys(shares["outcome"].astype(str))])


def decomposition_table(folder: Path) -> Table:
    """A row per player, the largest share of the goal first, and the whole.

    Raises
    ------
    ResultsError
        When the folder holds something else or is torn.
    """
    found = told(folder)
    manifest = found.manifest
    table = Table(
        title=f"What each lever adds to {manifest['scenario']}",
        caption=_note(folder, found),
        title_justify="left",
        caption_justify="left",
    )
    table.add_column("lever", no_wrap=True)
    goal = HEADINGS[found.goal]
    for heading in (f"{goal}:\nalone", "at last", "share"):
        table.add_column(heading, justify="right", no_wrap=True)
    for outcome in found.outcomes[1:]:
        table.add_column(f"{HEADINGS[outcome]}:\nshare", justify="right", no_wrap=True)
    measures = ("add_one_in", "leave_one_out", "shapley")
    columns = [found.rows(measure, found.goal) for measure in measures]
    columns += [found.rows("shapley", outcome) for outcome in found.outcomes[1:]]
    for player in found.ranked(found.goal):
        table.add_row(player, *(change(column[player]) for column in columns))
    table.add_section()
    whole = [change(found.total[outcome]) for outcome in found.outcomes]
    table.add_row("all together", "", "", *whole, style="bold")
    return table


def _note(folder: Path, found: Told) -> str:
    manifest = found.manifest
    count, days = manifest["replications"], manifest["configuration"]["run"]["days"]
    orders = manifest["permutations"]
    drawn = f"{orders} orders in which levers join, drawn for each world by itself"
    what = read_table(folder, "players").set_index("player")["what"]
    rest = f" Rest, which is no lever: {what['rest']}." if "rest" in what else ""
    return NOTE.format(
        worlds="world" if count == 1 else f"{count} worlds",
        days=days,
        goal="" if found.goal in BESIDE else OF_GOAL.format(title=TITLES[found.goal]),
        reference=manifest["reference"],
        scenario=manifest["scenario"],
        orders=drawn if orders else "all orders in which levers can join",
        rest=rest,
    )


def sentences(folder: Path) -> list[str]:
    """Of each pair that does more or less together, what it does; by the goal."""
    found = told(folder)
    interactions, purposes = (read_table(folder, name) for name in ("interactions", "purposes"))
    return in_words(interactions, purposes, found.goal)


def in_words(interactions: pd.DataFrame, purposes: pd.DataFrame, outcome: str) -> list[str]:
    """The same, from the tables `interactions` and `purposes`; the largest come first."""
    rows = interactions[interactions["outcome"] == outcome]
    if rows.empty:
        return []
    if rows["low"].isna().all():
        return ["There is no interval, so whether levers act together cannot be said."]
    rows = rows.loc[rows["mean"].abs().sort_values(ascending=False, kind="stable").index]
    clear = (rows["low"] > 0) | (rows["high"] < 0)
    paired = rows["second"] != OTHERS
    shown = [_apart(row) for row in rows[clear & ~paired].to_dict("records")]
    pairs = [
        _pair(row) + _why(purposes, row["first"], row["second"])
        for row in rows[clear & paired].to_dict("records")
    ]
    shown += pairs[:MOST_SHOWN]
    if len(pairs) > MOST_SHOWN:
        shown.append(f"{len(pairs) - MOST_SHOWN} more pairs are in the table `interactions`.")
    if not pairs:
        largest = rows[paired].to_dict("records")[0]
        shown.append(
            "No pair does clearly more or less together than the sum of the two alone, in "
            f"{TOLD[outcome]}. Farthest from it: {_pair(largest)}"
        )
    return shown


def _apart(row: dict[Any, Any]) -> str:
    """A lever that does more or less beside all others than alone."""
    last = row["together"] - row["second_alone"]
    alone, last = (WORDS.number(each, signed=True) for each in (row["first_alone"], last))
    return (
        f"{row['first']}: {alone} {TOLD[row['outcome']]} alone, {last} beside all others, "
        f"{_size(row)}."
    )


def _pair(row: dict[Any, Any]) -> str:
    alone = [WORDS.number(row[key], signed=True) for key in ("first_alone", "second_alone")]
    together = WORDS.number(row["together"], signed=True)
    return (
        f"{row['first']} and {row['second']}: {alone[0]} and {alone[1]} {TOLD[row['outcome']]} "
        f"alone, {together} together, {_size(row)} than the sum."
    )


def _size(row: dict[Any, Any]) -> str:
    """By how much more or less, with the interval of that."""
    more, sign = ("more", 1) if row["mean"] > 0 else ("less", -1)
    low, high = sorted(sign * row[key] for key in ("low", "high"))
    within = WORDS.interval(low, high)
    return f"{WORDS.number(abs(row['mean']))} ({within}) {more}"


def _why(purposes: pd.DataFrame, first: str, second: str) -> str:
    """What one of a pair clearly does to what the other is for, as a sentence for each."""
    rows = purposes[
        purposes["player"].isin([first, second])
        & purposes["beside"].isin([first, second])
        & ((purposes["low"] > 0) | (purposes["high"] < 0))
    ]
    told = []
    for row in rows.to_dict("records"):
        alone, beside = (WORDS.number(row[key], signed=True) for key in ("alone", "together"))
        told.append(
            f" Beside {row['beside']}, {row['player']} moves {row['meant_for']} by {beside}, alone "
            f"by {alone} {row['unit']}."
        )
    return "".join(told)


def write_figures(folder: Path) -> Path:
    """Draw waterfalls as PNG and SVG into the subfolder `figures`, and return that."""
    found, home = told(folder), folder / "figures"
    second = next(outcome for outcome in AXES if outcome in found.outcomes[1:])
    with alone(folder), plain_errors(home), style.applied():
        home.mkdir(exist_ok=True)
        figure = Figure(figsize=(10.4, 1.6 + 0.3 * len(found.ranked(found.goal))))
        panels = figure.subplots(1, 2)
        for axes, outcome in zip(panels, (found.goal, second), strict=True):
            _draw(axes, found, outcome)
        style.save(figure, home, "waterfall")
    return home


def _draw(axes: Axes, found: Told, outcome: str) -> None:
    """From the reference to the strategy, a step for each share."""
    names = found.ranked(outcome)
    rows, total = found.rows("shapley", outcome), found.total[outcome]
    scenario, reference = found.manifest["scenario"], found.manifest["reference"]
    better = -1 if outcome in LESS_IS_BETTER else 1
    start = 0.0
    for place, name in enumerate(names, 1):
        row = rows[name]
        good = row["mean"] * better >= 0
        axes.barh(place, row["mean"], left=start, height=0.62, color=COLOURS[2 if good else 1])
        _whisker(axes, place, row, start)
        start += row["mean"]
        axes.plot([start] * 2, [place, place + 1], color=REFERENCE_COLOUR, linewidth=0.8)
    last = len(names) + 1
    colour = looks([scenario], reference)[scenario].colour
    axes.barh(last, total["mean"], height=0.62, color=colour)
    _whisker(axes, last, total, 0.0)
    axes.axvline(0, color="#333333", linewidth=0.9)
    level, before = (WORDS.number(total[key]) for key in ("level", "reference"))
    labels = [f"{reference}: {before}", *names, f"{scenario}: {level}"]
    axes.set_yticks(range(last + 1), [visible(label) for label in labels])
    axes.set_ylim(last + 0.6, -0.6)
    axes.grid(visible=False, axis="y")
    axes.xaxis.set_major_locator(MaxNLocator(6))
    axes.xaxis.set_major_formatter(StrMethodFormatter("{x:,.10g}"))
    axes.set_xlabel(visible(f"Difference to {reference}"))
    axes.set_title(TITLES[outcome])


def _whisker(axes: Axes, place: int, row: Row, start: float) -> None:
    """The interval of a step, about its end."""
    if row["low"] == row["low"]:
        ends = [start + row["low"], start + row["high"]]
        axes.plot(ends, [place, place], color="#333333", linewidth=1.2, solid_capstyle="butt")


__all__ = ["decomposition_table", "in_words", "sentences", "told", "write_figures"]
