"""What an A/B test inside a run says, what is so, and what spilled over: table, words, figure."""

from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from rich.table import Table

from sim.report import style
from sim.report.levers import change
from sim.report.palette import COLOURS, REFERENCE_COLOUR
from sim.store.folders import alone, plain_errors
from sim.store.runs import read_manifest, read_table
from sim.text.outgoing import visible

UNITS = {
    "household": "household by household",
    "chat": "chat by chat",
    "friends": "by circles of friends",
    "city": "city by city",
}
OUTCOMES = {
    "orders": "orders per 1,000 customers",
    "repurchased": "customers in 1,000 who order",
    "margin_yuan": "yuan a customer, less cost of goods",
    "visited": "days with a visit per 1,000 customers",
}
SHOWN_PER = {"orders": 1000.0, "repurchased": 1000.0, "visited": 1000.0}  # tables are of one
OF_WHOM = {
    "customers": "customers of day {day}",
    "private_domain": "customers in the private domain on day {day}",
    "members": "customers in a group chat on day {day}",
}
PARTS = {
    "value": "the test says",
    "on_offered": "it did to those offered",
    "on_others": "it did to the others",
    "caused": "it does where all have it",
}
NOTE = (
    "{outcome}, {whom}, from then to day {end}; means over {worlds} with 95% intervals. Did: less "
    "the same households' life without the lever. Error: that the operator would state, knowing "
    "who was drawn together."
)


class Told(NamedTuple):
    """What a folder tells of the outcome that comes first."""

    manifest: dict[str, Any]
    rows: list[dict[str, Any]]  # by way of drawing, in the unit shown

    @property
    def outcome(self) -> str:
        """In words."""
        return OUTCOMES[str(self.manifest["outcome"])]


def told(folder: Path) -> Told:
    """What `repurchase abtest` wrote.

    Raises
    ------
    ResultsError
        When the folder holds something else or is torn.
    """
    manifest, table = read_manifest(folder), read_table(folder, "tests")
    table = table[table["outcome"].astype(str) == manifest["outcome"]]
    per = SHOWN_PER.get(manifest["outcome"], 1.0)
    scaled = [n for n in table if n.removesuffix("_low").removesuffix("_high") in SCALED]
    table = table.assign(**{name: table[name] * per for name in scaled})
    rows = [{str(key): value for key, value in row.items()} for row in table.to_dict("records")]
    return Told(manifest, rows)


SCALED = ("value", "caused", "on_offered", "on_others", "missed", "error", "without")


def test_table(folder: Path) -> Table:
    """A row per way of drawing: what the test says, and what is so.

    Raises
    ------
    ResultsError
        When the folder holds something else or is torn.
    """
    found = told(folder)
    manifest, worlds = found.manifest, found.manifest["replications"]
    table = Table(
        title=f"A/B test of {visible(manifest['lever'])} in {visible(manifest['scenario'])}",
        caption=NOTE.format(
            outcome=found.outcome[:1].upper() + found.outcome[1:],
            whom=OF_WHOM[manifest["of_whom"]].format(day=manifest["index_day"]),
            end=manifest["end"],
            worlds="one world" if worlds == 1 else f"{worlds} worlds",
        ),
        title_justify="left",
        caption_justify="left",
    )
    table.add_column("drawn", overflow="fold")
    for heading in ("units", "the test says", "error", "did to offered", "did to others", "causes"):
        table.add_column(heading, justify="right", overflow="fold")
    for row in found.rows:
        table.add_row(
            UNITS[row["draw_by"]],
            f"{row['units']:,.0f}",
            change(_of(row, "value")),
            f"{row['error']:,.1f}",
            change(_of(row, "on_offered")),
            change(_of(row, "on_others")),
            change(_of(row, "caused")),
        )
    return table


def _of(row: dict[str, Any], name: str) -> "pd.Series[Any]":
    return pd.Series({"mean": row[name], "low": row[f"{name}_low"], "high": row[f"{name}_high"]})


def sentences(folder: Path) -> list[str]:
    """What a test of each way of drawing misses, and how sure it can be."""
    found = told(folder)
    said = [_missed(row, found.outcome) for row in found.rows]
    surest = min(found.rows, key=lambda row: float(row["error"]))
    said += [
        f"Drawn {UNITS[row['draw_by']]} the error is {row['error']:,.1f}, drawn "
        f"{UNITS[surest['draw_by']]} {surest['error']:,.1f}: as sure a test takes "
        f"{(row['error'] / surest['error']) ** 2:,.1f} times as many customers."
        for row in found.rows
        if row is not surest and surest["error"] > 0.0
    ]
    return said


def _missed(row: dict[str, Any], outcome: str) -> str:
    """What spills over, and what the halves of a test therefore do not differ by."""
    drawn, spilled = UNITS[row["draw_by"]], _in_words(row, "on_others")
    if not _clear(row, "missed"):
        return f"Drawn {drawn}: no spill-over is seen ({spilled} on the others, {outcome})."
    return (
        f"Drawn {drawn}: the test misses {_in_words(row, 'missed')} of {row['caused']:+,.1f} "
        f"{outcome}: the lever does {spilled} to those it is not offered to, and less to the "
        "offered than where all have it."
    ).replace("-", "−")


def _clear(row: dict[str, Any], name: str) -> bool:
    return bool(row[f"{name}_low"] > 0.0 or row[f"{name}_high"] < 0.0)


def _in_words(row: dict[str, Any], name: str) -> str:
    mean, low, high = (row[f"{name}{end}"] for end in ("", "_low", "_high"))
    told = f"{mean:+,.1f}" if low != low else f"{mean:+,.1f} ({low:+,.1f} to {high:+,.1f})"
    return told.replace("-", "−")


def write_figure(folder: Path) -> Path:
    """Draw, for each way of drawing, what the test says and what is so.

    PNG and SVG in the subfolder `figures`, which is returned.
    """
    found, home = told(folder), folder / "figures"
    with alone(folder), plain_errors(home), style.applied():
        home.mkdir(exist_ok=True)
        figure = Figure(figsize=(8.5, 1.6 + 1.3 * len(found.rows)))
        _draw(figure.subplots(), found)
        style.save(figure, home, "test")
    return home


def _draw(axes: Axes, found: Told) -> None:
    axes.axvline(0, color="#333333", linewidth=0.9)
    place, ticks = 0, []
    for row in found.rows:
        for number, (name, words) in enumerate(PARTS.items()):
            part = _of(row, name)
            colour = REFERENCE_COLOUR if name == "caused" else COLOURS[number]
            axes.plot([part["low"], part["high"]], [place, place], color=colour, linewidth=2.2)
            axes.plot(part["mean"], place, "o", color=colour, markersize=5)
            ticks.append((place, f"{UNITS[row['draw_by']]}: {words}" if number == 0 else words))
            place += 1
        place += 1
    axes.set_yticks([where for where, _ in ticks], [words for _, words in ticks])
    axes.invert_yaxis()
    lever = visible(str(found.manifest["lever"])).replace("_", " ")
    axes.set_title(f"A/B test of {lever}: what it says, and what is so", loc="left")
    axes.set_xlabel(found.outcome[:1].upper() + found.outcome[1:])


__all__ = ["Told", "sentences", "test_table", "told", "write_figure"]
