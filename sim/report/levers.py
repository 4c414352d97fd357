"""Levers one at a time, as a table for the terminal."""

from pathlib import Path

import pandas as pd
from rich.table import Table
from rich.text import Text

from sim.report.terminal import WORDS
from sim.store.runs import read_manifest, read_table

NET, WON, LOST = "repurchasing_households", "won", "lost"
HEADINGS = {
    NET: "repurchasing\nhouseholds",
    WON: "won",
    LOST: "lost",
    "orders": "orders",
    "contribution_yuan": "contribution",
    "churn_rate_365d": "churn",
}
INTERVALS = (NET, "orders", "contribution_yuan", "churn_rate_365d")
NOTE = (
    "Differences to {scenario} as it is, in the same {worlds}, each with its own 95% interval. "
    "Households per 10,000, net of those won and lost; orders and yuan per 1,000 households, "
    "over {days:,} days; churn in points. The last column is what a lever is for, on its way to "
    "all this; figures of days per 1,000 households."
)


def levers_table(folder: Path) -> Table:
    """A row per lever and strength: what differs, and what the lever is for.

    Parameters
    ----------
    folder
        What `repurchase levers` wrote.

    Raises
    ------
    ResultsError
        When the folder holds something else or is torn.
    """
    manifest, effects = read_manifest(folder), read_table(folder, "effects")
    purpose = read_table(folder, "levers").set_index("lever")["meant_for"]
    scenario, count = manifest["scenario"], manifest["replications"]
    worlds = "world" if count == 1 else f"{count} worlds"
    days = manifest["configuration"]["run"]["days"]
    table = Table(
        title=f"One lever at a time over {scenario}",
        caption=NOTE.format(scenario=scenario, worlds=worlds, days=days),
        title_justify="left",
        caption_justify="left",
    )
    table.add_column("lever", no_wrap=True)
    for heading in ("strength", *HEADINGS.values()):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("what it is for", justify="right")
    before = None
    for key, rows in effects.groupby(["lever", "strength"], sort=False):
        lever, strength = str(key[0]), float(str(key[1]))
        if before not in (None, lever):
            table.add_section()
        told, before = "" if lever == before else lever, lever
        usual = bool(rows["as_it_is"].iloc[0])
        cells = {row["outcome"]: row for _, row in rows.iterrows()}
        shown = [change(cells[name], name in INTERVALS) for name in HEADINGS]
        meant = str(purpose[lever])
        table.add_row(
            told,
            f"{strength:.4g}{' as it is' if usual else ''}",
            *shown,
            purposeful(cells[meant]) if meant in cells else "",
            style="dim" if usual else "",
        )
    return table


def change(row: "pd.Series[float]", interval: bool = True) -> str | Text:
    """A difference and, in a line below, its interval."""
    mean = WORDS.number(row["mean"], signed=interval)
    if not interval or row["low"] != row["low"] or row["low"] == row["high"]:
        return mean
    within = WORDS.interval(row["low"], row["high"], signed=True)
    return Text.assemble(mean, "\n", (within, "dim"))


def purposeful(row: "pd.Series[float]") -> Text:
    """What a lever is for and how far it moves that."""
    name = WORDS.indicator(str(row["outcome"])).replace("_", " ")
    unit = str(row["unit"]).removesuffix(" per 1,000 households")
    told = name if unit in name else f"{name}, {unit}"
    return Text.assemble(f"{told}: ", change(row))


__all__ = ["HEADINGS", "change", "levers_table"]
