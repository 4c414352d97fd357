"""Whom each lever reaches, at what cost, and which hardly reaches anybody."""

from math import isfinite
from typing import Any

import numpy as np
import pandas as pd

from sim.report.figure import Exhibit, Maker
from sim.report.own_words import own_reach
from sim.report.palette import PARTS
from sim.report.reading import Comparison
from sim.report.tables import Shown, shown_table
from sim.report.words import Words, capital, whole

STEPS = ("eligible", "reached", "seen", "acted", "ordered")
PERCENT = 100.0

Steps = dict[str, dict[str, Any]]  # rows of a lever in a strategy, by step


def _levers(comparison: Comparison) -> dict[tuple[str, str], Steps]:
    """Each lever as the best strategy that has it runs it, by lever and strategy."""
    table = comparison.reach
    found: dict[tuple[str, str], Steps] = {}
    for name in comparison.names:
        there = {lever for lever, _ in found}
        for lever, rows in table[table["strategy"] == name].groupby("lever", sort=False):
            if str(lever) not in there:
                each = (dict(zip(rows.columns, row, strict=True)) for row in rows.itertuples(False))
                found[str(lever), name] = {row["step"]: row for row in each}
    return found


def table(comparison: Comparison, words: Words) -> Shown:
    """How far each lever reaches, and what each household that it reached cost."""
    rows = []
    for (lever, name), steps in _levers(comparison).items():
        cost = steps[STEPS[0]]["cost_yuan"]
        heading = f"{words.name('levers', lever)}\n{words.strategy(name)}"
        rows.append([heading, *(_cell(words, steps[step]) for step in STEPS), whole(cost)])
    head = [words("tables.reach.head"), *(words.name("reach_steps", step) for step in STEPS)]
    note = words.joined(*sentences(comparison, words), words("tables.reach.note"))
    return shown_table(words, "reach", [*head, words("tables.reach.cost")], rows, note)


def _cell(words: Words, row: dict[str, Any]) -> str:
    """Households, their share of those eligible, what each cost."""
    if not isfinite(row["mean"]):
        return "–"
    each = words.number(row["yuan_per_household"])
    told = "each" if row["step"] != STEPS[0] and isfinite(row["share"]) else "each_eligible"
    if not isfinite(row["yuan_per_household"]):
        return whole(row["mean"])
    share = words.number(row["share"], "share")
    return f"{whole(row['mean'])}\n{words(f'tables.reach.{told}', share=share, yuan=each)}"


def meanings(comparison: Comparison, words: Words) -> Shown:
    """What each step means for each lever."""
    own = own_reach(words.language)
    rows = []
    for (lever, _), steps in _levers(comparison).items():
        told = {step: own.get(lever, {}).get(step) or steps[step]["meaning"] for step in STEPS}
        rows.append([words.name("levers", lever), *(told[step] or "–" for step in STEPS)])
    head = [words("tables.reach.head"), *(words.name("reach_steps", step) for step in STEPS)]
    return shown_table(words, "reach_meanings", head, rows, prose=True)


def told(comparison: Comparison, words: Words) -> str:
    """Which share of those eligible each lever reached, and which hardly reaches anybody."""
    reached = {lever: steps[STEPS[1]] for (lever, _), steps in _levers(comparison).items()}
    known = {lever: row for lever, row in reached.items() if isfinite(row["share"])}
    parts = [
        words(
            "reach.part",
            lever=words.name("levers", lever),
            share=words.number(row["share"], "share"),
        )
        for lever, row in sorted(known.items(), key=lambda each: -each[1]["share"])
    ]
    about = words("reach.reached", parts=words.listed(parts)) if parts else ""
    return words.joined(about, *sentences(comparison, words))


def sentences(comparison: Comparison, words: Words) -> list[str]:
    """Of each lever that hardly reaches anybody, how few; where it reaches most, if in several."""
    few = comparison.reach[comparison.reach["hardly"].astype(bool)]
    told = []
    for lever, rows in few.groupby("lever", sort=False):
        share = float(np.nanmax([0.0, *rows["share"]]))
        names = [name for name in comparison.names if name in set(rows["strategy"])]
        told.append(
            words(
                "reach.hardly",
                lever=capital(words.name("levers", str(lever))),
                strategies=words.listed([words.strategy(name) for name in names]),
                count=words.number(1_000 * share) if share < 0.01 else whole(1_000 * share),
            )
        )
    return told


def reach(maker: Maker) -> Exhibit | None:
    """Share reached of those eligible, and what a household reached cost, lever by lever."""
    rows = maker.comparison.reach
    rows = maker.labelled(rows[(rows["step"] == STEPS[1]) & rows["share"].notna()])
    if rows.empty:
        return None
    hardly = rows["hardly"].astype(bool)
    spans = pd.DataFrame(
        {
            "strategy": rows["strategy"],
            "label": [maker.words.name("levers", lever) for lever in rows["lever"]],
            "part": np.where(hardly, maker.words("reach.few"), maker.words("reach.some")),
            "start": 0.0,
        }
    )
    panels = []
    for key, column, scale in (
        ("reach_share", "share", PERCENT),
        ("reach_cost", "yuan_per_household", 1.0),
    ):
        values = rows[column].astype(float) * scale
        panels.append(maker.panel(key, spans.assign(end=values, mean=values)[values.notna()]))
    parts = {maker.words("reach.some"): PARTS[0], maker.words("reach.few"): PARTS[1]}
    return maker.exhibit("reach", "waterfall", panels, "strategy", parts)


__all__ = ["meanings", "reach", "sentences", "table", "told"]
