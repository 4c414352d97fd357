"""Why a strategy contributes more or less: its steps as a table and a waterfall, and by group."""

from collections.abc import Iterable
from math import isfinite
from typing import Any

import numpy as np
import pandas as pd

from sim.report.figure import ALL, Exhibit, Maker, Panel, scaled
from sim.report.palette import COLOURS, REFERENCE_COLOUR
from sim.report.reading import Comparison
from sim.report.tables import Shown, shown_table
from sim.report.words import Words, minus, whole

LATER, NOBODY, TOTAL = "later", "nobody", "contribution"
GROUPS = ("stage", "region", "channel", "membership")
TOLD = 0.1  # of the largest step: a sentence tells no smaller ones
RATES = ("orders_per_customer", "basket", "serving")
ENDS = ("mean", "low", "high")
NUMBERS = [*ENDS, "reference_level", "level"]
SHOWN = ("customers", "orders_per_customer", TOTAL)  # of groups

Row = dict[str, Any]


def strategy_shown(comparison: Comparison) -> str:
    """The strategy whose steps the tables show: the first that is not the reference, if any."""
    return next((name for name in comparison.names if name != comparison.reference), "")


def _rows(comparison: Comparison, strategy: str) -> pd.DataFrame:
    """Its rows at the end of the run."""
    table = comparison.why
    end = table["day"].max() if len(table) else 0
    return table[(table["strategy"] == strategy) & (table["day"] == end)]


def _of_everybody(comparison: Comparison, strategy: str) -> list[Row]:
    rows = _rows(comparison, strategy)
    rows = rows[rows["by"] == ALL]
    return [dict(zip(rows.columns, row, strict=True)) for row in rows.itertuples(index=False)]


def steps(comparison: Comparison, words: Words) -> Shown:
    """Where the extra contribution comes from, in whole yuan that add up."""
    strategy = strategy_shown(comparison)
    found = _of_everybody(comparison, strategy)
    rounded = _adding_up(found)
    rows = []
    for row, yuan in zip(found, rounded, strict=True):
        step, lever = row["step"], row["lever"]
        heading = words.name("why_steps", step)
        if lever:
            heading = words("tables.why.of", lever=words.name("levers", lever))
        levels = [_level(words, step, row[name]) for name in ("reference_level", "level")]
        rows.append([heading, *levels, _adds(words, yuan, row["low"], row["high"])])
    names = [words.strategy(name) for name in (comparison.reference, strategy)]
    head = [words("tables.why.head"), *names, words("tables.why.adds")]
    told = words.joined(sentence(comparison, words), words("tables.why.note", reference=names[0]))
    return shown_table(words, "why", head, rows, told)


def _adds(words: Words, yuan: float, low: float, high: float) -> str:
    """What a step adds, and its interval; nothing more is said of what adds nothing."""
    if yuan == low == high == 0:
        return "0"
    told = minus(f"{yuan:+,.0f}") if round(yuan) else "0"
    return f"{told}\n{words.counts(low, high)}" if isfinite(low) else told


def _adding_up(rows: list[Row]) -> list[float]:
    """Whole yuan such that steps add up to the last row, and levers to their step."""
    found, exact, of_levers, before = [], 0.0, 0.0, 0.0
    for row in rows:
        if row["step"] == TOTAL:
            found.append(float(np.rint(exact)))
        elif row["lever"]:
            start, of_levers = np.rint(before + of_levers), of_levers + row["mean"]
            found.append(float(np.rint(before + of_levers) - start))
        else:
            before, of_levers, exact = exact, 0.0, exact + row["mean"]
            found.append(float(np.rint(exact) - np.rint(before)))
    return found


def _level(words: Words, step: str, value: float) -> str:
    if step in RATES:
        return words.number(value)
    if step in ("price_cut", "goods", "commission"):
        return words.number(value, "share")
    return whole(value)


def groups(comparison: Comparison, words: Words) -> Shown:
    """The same by group of day 0: customers, orders of each, what they add."""
    strategy = strategy_shown(comparison)
    table = _rows(comparison, strategy)
    table = table[table["lever"] == ""]
    keyed = {
        key: dict(zip(part["step"], part[NUMBERS].itertuples(index=False), strict=True))
        for key, part in table.groupby(["by", "segment"], sort=False)
    }
    rows = []
    for by in (*GROUPS, LATER, NOBODY, ALL):
        for segment in words.ordered(by, table.loc[table["by"] == by, "segment"]):
            found = keyed[by, segment]
            cells = [_from_to(words, step, found.get(step)) for step in SHOWN]
            total = found[TOTAL]
            extra = _adds(words, total.mean, total.low, total.high)
            rows.append([_group(words, by, segment), *cells, extra])
    head = [words("tables.why_groups.head")]
    head += [words.name("why_steps", step) for step in SHOWN]
    head.append(words("tables.why.adds"))
    names = {
        "strategy": words.strategy(strategy),
        "reference": words.strategy(comparison.reference),
    }
    note = words("tables.why_groups.note", **names)
    return shown_table(words, "why_groups", head, rows, note)


def _group(words: Words, by: str, segment: str) -> str:
    own = {LATER: "why.later", NOBODY: "why.nobody"}
    return words(own[by]) if by in own else words.segment(by, segment)


def _from_to(words: Words, step: str, row: Any) -> str:
    if row is None:
        return "–"
    before, after = (_level(words, step, end) for end in (row.reference_level, row.level))
    return words("why.from_to", before=before, after=after)


def orders(comparison: Comparison, words: Words) -> str:
    """How many customers order, and how often; where what each lever adds is told."""
    strategy = strategy_shown(comparison)
    found = {row["step"]: row for row in _of_everybody(comparison, strategy) if not row["lever"]}
    if not found:
        return ""
    customers, each = found["customers"], found["orders_per_customer"]
    more, often = (row["level"] >= row["reference_level"] for row in (customers, each))
    return words(
        "why.orders",
        verdict=words(f"why.{'more' if more else 'fewer'}_{'often' if often else 'seldom'}"),
        strategy=words.strategy(strategy),
        reference=words.strategy(comparison.reference),
        customers=whole(customers["level"]),
        customers_there=whole(customers["reference_level"]),
        orders=words.number(each["level"]),
        orders_there=words.number(each["reference_level"]),
        command=f"repurchase decompose {strategy}",
    )


def sentence(comparison: Comparison, words: Words) -> str:
    """Where the extra contribution of the strategy shown comes from; empty of one alone."""
    strategy = strategy_shown(comparison)
    found = [row for row in _of_everybody(comparison, strategy) if not row["lever"]]
    if not found:
        return ""
    *parts, total = found
    largest = max(abs(row["mean"]) for row in parts)
    parts = [row for row in parts if largest > 0 and abs(row["mean"]) >= TOLD * largest]
    parts.sort(key=lambda row: -abs(row["mean"]))
    steps = [(words.name("why_steps", row["step"]), row["mean"]) for row in parts]
    rest = total["mean"] - sum(yuan for _, yuan in steps)
    steps += [(words("why.rest"), rest)] if abs(rest) >= 1 else []
    told = [words("why.part", step=step, yuan=words.count(yuan)) for step, yuan in steps]
    return words(
        f"why.{'more' if total['mean'] >= 0 else 'less'}",
        strategy=words.strategy(strategy),
        reference=words.strategy(comparison.reference),
        yuan=whole(abs(total["mean"])),
        parts=words.listed(told),
    )


def why(maker: Maker) -> Exhibit | None:
    """From the reference's contribution to each strategy's, step by step."""
    table = _figures(maker)
    table = table[(table["by"] == ALL) & (table["lever"] == "")]
    if table.empty:
        return None
    scale, unit = _scale(maker, table)
    parts = []
    for strategy, rows in table.groupby("strategy", sort=False):
        ends = np.cumsum(rows["mean"].to_numpy(float)) / scale
        last = len(rows) - 1
        ends[last] = rows["mean"].iloc[last] / scale
        starts = np.r_[0.0, ends[: last - 1], 0.0]
        labels = [maker.words.name("why_steps", step) for step in rows["step"]]
        parts.append(_spans(maker, str(strategy), rows, labels, starts, ends, scale, last))
    panel = maker.panel("why", pd.concat(parts, ignore_index=True), unit=unit)
    return maker.exhibit("why", "waterfall", [panel], "strategy", _colours(maker))


def why_groups(maker: Maker) -> Exhibit | None:
    """The extra contribution of each strategy in the groups of day 0."""
    table = _figures(maker)
    table = table[table["step"] == TOTAL]
    table = table[table["by"].isin([*GROUPS, LATER, NOBODY])]
    if table.empty:
        return None
    scale, unit = _scale(maker, table)
    return maker.exhibit(
        "why_groups",
        "waterfall",
        [_group_panel(maker, table, by, scale, unit) for by in GROUPS],
        "strategy",
        _colours(maker),
    )


def _group_panel(maker: Maker, table: pd.DataFrame, by: str, scale: float, unit: str) -> Panel:
    segments = maker.words.ordered(by, table.loc[table["by"] == by, "segment"])
    order = [*((by, segment) for segment in segments), (LATER, LATER), (NOBODY, NOBODY)]
    keyed = table.set_index(["strategy", "by", "segment"])
    parts = []
    for strategy in table["strategy"].unique():
        rows = keyed.loc[[(strategy, *key) for key in order]]
        labels = [maker.words.name(by, segment) for segment in segments]
        labels += [maker.words("why.later"), maker.words.name("why_steps", "lever_cost")]
        ends = rows["mean"].to_numpy(float) / scale
        parts.append(_spans(maker, strategy, rows, labels, np.zeros(len(rows)), ends, scale))
    return maker.panel(f"why_{by}", pd.concat(parts, ignore_index=True), unit=unit)


def _figures(maker: Maker) -> pd.DataFrame:
    names = [name for name in maker.labels if name != maker.comparison.reference]
    empty = maker.comparison.why.iloc[:0]
    return pd.concat([empty, *(_rows(maker.comparison, name) for name in names)])


def _scale(maker: Maker, table: pd.DataFrame) -> tuple[float, str]:
    return scaled(float(table["mean"].abs().max()), maker.words)


def _spans(
    maker: Maker,
    strategy: str,
    rows: pd.DataFrame,
    labels: Iterable[str],
    starts: np.ndarray,
    ends: np.ndarray,
    scale: float,
    total: int = -1,
) -> pd.DataFrame:
    """Bars of one strategy with the intervals about their ends, each coloured by what it does."""
    mean, low, high = (rows[name].to_numpy(float) / scale for name in ENDS)
    part = [maker.words(f"why.{'adds' if value >= 0 else 'takes'}") for value in mean]
    if total >= 0:
        part[total] = maker.words("why.total")
    return pd.DataFrame(
        {
            "strategy": maker.labels[strategy],
            "label": list(labels),
            "part": part,
            "start": starts,
            "end": ends,
            "mean": mean,
            "low": low,
            "high": high,
            "left": ends - mean + low,
            "right": ends - mean + high,
        }
    )


def _colours(maker: Maker) -> dict[str, str]:
    words = maker.words
    return {
        words("why.adds"): COLOURS[2],
        words("why.takes"): COLOURS[1],
        words("why.total"): REFERENCE_COLOUR,
    }


__all__ = ["groups", "orders", "sentence", "steps", "strategy_shown", "why", "why_groups"]
