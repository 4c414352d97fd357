"""A sweep as a table for the terminal."""

import textwrap
from pathlib import Path
from typing import Any

from rich.table import Table
from rich.text import Text

from sim.report.reading import Estimate
from sim.report.sweep.reading import Sweep, read_sweep
from sim.report.terminal import WORDS, level

COMPARED = 3  # outcomes shown with differences beside them; there is no room for more


def sweep_table(directory: Path) -> Table:
    """A row per point and strategy: the main outcomes, and differences to the reference.

    Parameters
    ----------
    directory
        A folder that `repurchase sweep` wrote.

    Raises
    ------
    ResultsError
        When the folder holds something else or is torn.
    """
    sweep = read_sweep(directory)
    several = bool(sweep.others)
    reference = WORDS.strategy(sweep.reference)
    table = Table(
        title=f"{'Strategies' if several else sweep.reference}: mean and 95% interval",
        caption=_caption(reference) if several else None,
        title_justify="left",
        caption_justify="left",
    )
    for key in sweep.keys:
        unit, short = sweep.unit_of_setting(key), ".".join(key.split(".")[-2:])
        heading = _heading(f"{short}, {unit}" if unit else short)
        table.add_column(heading, justify="right", no_wrap=True)
    if several:
        table.add_column("strategy", no_wrap=True)
    shown = _compared(sweep) if several else sweep.main
    for name in shown:
        table.add_column(_heading(WORDS.indicator(name)), justify="right", no_wrap=True)
        if several:
            table.add_column("Δ", justify="right", no_wrap=True)
    changes = {name: sweep.difference(name) for name in shown}
    previous = None
    for row in sweep.rows():
        place = (int(row["point"]), row["strategy"])
        cells: list[str | Text] = [_value(row[key]) for key in sweep.keys]
        if several:
            if previous not in (None, place[0]):
                table.add_section()
            previous = place[0]
            cells.append(WORDS.strategy(place[1]))
        for name in shown:
            found = Estimate(row[name], row[f"{name}_low"], row[f"{name}_high"])
            measured = found.mean == found.mean
            cells.append(level(found, sweep.unit(name)) if measured else "not measured")
            if several:
                cells.append(_change(changes[name].get(place), sweep.unit(name)))
        dim = several and place[1] == sweep.reference
        table.add_row(*cells, style="dim" if dim else "")
    return table


def _compared(sweep: Sweep) -> list[str]:
    """Repurchase, churn and contribution where they were measured, else what was."""
    wanted = ("repurchase_rate_365d", "churn_rate_365d", "contribution_per_customer_month_yuan")
    return [name for name in wanted if name in sweep.main] or sweep.main[:COMPARED]


def _caption(reference: str) -> str:
    return (
        f"Δ: difference to {reference} at the same point in the same worlds, shares in points, "
        "with 95% intervals that hold for all points and strategies at once."
    )


def _change(value: Estimate | None, unit: str) -> str | Text:
    if value is None or value.mean != value.mean:
        return ""
    mean = WORDS.number(value.mean, unit, signed=True).removesuffix(" points")
    within = WORDS.interval(value.low, value.high, unit, signed=True) if value.bounded else ""
    return Text.assemble(mean, "\n", (within, "dim")) if within else mean


def _value(value: Any) -> str:
    """A setting's value; numbers to four digits."""
    if isinstance(value, float):
        return f"{value:,.4g}" if abs(value) < 1e4 else f"{value:,.0f}"
    return str(value)


def _heading(text: str) -> str:
    """Not much wider than the interval below it."""
    return "\n".join(textwrap.wrap(text, 14, break_long_words=False, break_on_hyphens=False))


__all__ = ["sweep_table"]
