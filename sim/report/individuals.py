"""Which customers a strategy moves, and for whom it pays: a table, sentences, a figure."""

from pathlib import Path
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from rich.table import Table

from sim.report import style
from sim.report.audit.answer import policy_sentence
from sim.report.estimates import estimate, estimated, rows_of
from sim.report.levers import change
from sim.report.palette import COLOURS
from sim.report.terminal import WORDS
from sim.store.folders import alone, plain_errors
from sim.store.runs import read_manifest, read_table
from sim.text.outgoing import visible

ORDERS_PER = 1000.0  # customers
NOTE = (
    "Customers of day {index}, followed to day {end} in two lives, under {strategy} and under "
    "{reference}; means over {worlds}, with 95% intervals. Won: order in the life under {strategy} "
    "alone. Lost: under {reference} alone."
)


def segments_table(folder: Path) -> Table:
    """A row per segment: customers won and lost, orders more or less.

    Raises
    ------
    ResultsError
        When the folder holds something else or is torn.
    """
    manifest = read_manifest(folder)
    table = Table(
        title=f"Whom {visible(manifest['strategy'])} moves",
        caption=_note(manifest),
        title_justify="left",
        caption_justify="left",
    )
    table.add_column("customers", overflow="fold")
    for heading in ("how many", "won", "lost", "orders more"):
        table.add_column(heading, justify="right", overflow="fold")
    for row in _by_segment(folder):
        table.add_row(
            row["label"],
            f"{row['customers']:,.0f}",
            change(pd.Series(row["won"])),
            change(pd.Series(row["lost"])),
            change(pd.Series(row["orders"])),
        )
    return table


def _note(manifest: dict[str, Any]) -> str:
    count = manifest["replications"]
    return (
        NOTE.format(
            index=manifest["index_day"],
            end=manifest["end"],
            strategy=visible(manifest["strategy"]),
            reference=visible(manifest["reference"]),
            worlds="one world" if count == 1 else f"{count} worlds",
        )
        + " Won and lost per 10,000, orders per 1,000 customers of the segment."
    )


def _by_segment(folder: Path) -> list[dict[str, Any]]:
    """Each segment's won, lost and orders, everybody first."""
    changed, effects = read_table(folder, "changed"), read_table(folder, "effects")
    effects = effects[effects["outcome"].astype(str) == "orders"]
    rows = []
    for each in rows_of(effects):
        own = changed[
            (changed["by"].astype(str) == str(each["by"]))
            & (changed["segment"].astype(str) == str(each["segment"]))
        ]
        moved = {str(row["what"]): row for row in rows_of(own)}
        by, segment = str(each["by"]), str(each["segment"]).replace("_", " ")
        label = "all" if by == "all" else f"{WORDS.name('audit_divisions', by)}: {segment}"
        rows.append(
            {
                "label": visible(label),
                "by": by,
                "customers": each["customers"],
                "won": moved["won"],
                "lost": moved["lost"],
                "orders": {k: each[k] * ORDERS_PER for k in ("mean", "low", "high")},
            }
        )
    return rows


def sentences(folder: Path) -> list[str]:
    """How many are moved, and for whom it pays."""
    manifest, changed = read_manifest(folder), read_table(folder, "changed")
    own = {str(row["what"]): row for row in rows_of(changed[changed["by"].astype(str) == "all"])}
    strategy = visible(manifest["strategy"])
    said = [
        f"Of 10,000 customers {_told(own['won'])} order again under {strategy} alone, "
        f"{_told(own['lost'])} under {visible(manifest['reference'])} alone; the other "
        f"{own['unmoved']['mean']:,.0f} do, or do not, in both lives."
    ]
    leaves, policies = (read_table(folder, name) for name in ("leaves", "policies"))
    if len(policies):
        cost = read_table(folder, "households")["extra_cost_yuan"].mean()
        said.append(
            policy_sentence(leaves, policies, WORDS)
            + f" {strategy} costs {cost:,.0f} yuan a customer more, which is taken off."
        )
    return said


def _told(row: dict[str, Any]) -> str:
    return estimated(estimate(row, 1.0), WORDS)


def write_figure(folder: Path) -> Path:
    """Draw who is won and lost, by segment.

    PNG and SVG in the subfolder `figures`, which is returned.
    """
    manifest, rows, home = read_manifest(folder), _by_segment(folder), folder / "figures"
    with alone(folder), plain_errors(home), style.applied():
        home.mkdir(exist_ok=True)
        figure = Figure(figsize=(8.5, 1.4 + 0.26 * len(rows)))
        _draw(figure.subplots(), rows)
        strategy, reference = (visible(manifest[name]) for name in ("strategy", "reference"))
        figure.axes[0].set_title(f"Whom {strategy} moves, against {reference}", loc="left")
        style.save(figure, home, "moved")
    return home


def _draw(axes: Axes, rows: list[dict[str, Any]]) -> None:
    axes.axvline(0, color="#333333", linewidth=0.9)
    for number, (what, sign) in enumerate((("won", 1.0), ("lost", -1.0))):
        for place, row in enumerate(rows):
            own = row[what]
            low, high = sorted((sign * own["low"], sign * own["high"]))
            axes.barh(place, sign * own["mean"], color=COLOURS[number], height=0.6, alpha=0.75)
            axes.plot([low, high], [place, place], color="#333333", linewidth=1.0)
    axes.set_yticks(range(len(rows)), [row["label"] for row in rows], fontsize=8)
    axes.invert_yaxis()
    axes.set_xlabel("Customers in 10,000 of the segment: lost to the left, won to the right")
    axes.xaxis.set_major_formatter(lambda value, _: f"{abs(value):,.0f}")


__all__ = ["segments_table", "sentences", "write_figure"]
