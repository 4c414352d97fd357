"""Estimates as they stand in rows of tables, in sentences and in cells."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from sim.report.reading import Estimate
from sim.report.words import Words


def rows_of(table: pd.DataFrame, **where: str) -> list[dict[str, Any]]:
    """The rows whose columns hold these words, by the names of their columns."""
    for column, value in where.items():
        table = table[table[column].astype(str) == value]
    return [{str(key): value for key, value in row.items()} for row in table.to_dict("records")]


def estimate(row: Mapping[str, Any], per: float, mean: str = "mean", ends: str = "") -> Estimate:
    """A mean of a row with its interval, of so many: `ends` stands before `low` and `high`."""
    return Estimate(*(per * float(row[name]) for name in (mean, f"{ends}low", f"{ends}high")))


def estimated(found: Estimate, words: Words, signed: bool = True) -> str:
    """A difference (or a level) and in brackets its interval, if any."""
    mean = words.number(found.mean, signed=signed)
    if not found.bounded:
        return mean
    within = words.interval(found.low, found.high, signed=signed)
    return words("estimated", mean=mean, interval=within)


def cell(found: Estimate, words: Words, unit: str = "", signed: bool = True) -> str:
    """A difference (or a level), and its interval in a line below where there is one."""
    mean = words.number(found.mean, unit, signed=signed)
    if not found.bounded or found.low == found.high:
        return mean
    return f"{mean}\n{words.interval(found.low, found.high, unit, signed=signed)}"


def told_in_words(words: Words, title: str, said: Sequence[str]) -> str:
    """What a panel shows, for whoever does not see it."""
    return words("seen", title=title, said=words("semicolon").join(said))


__all__ = ["cell", "estimate", "estimated", "rows_of", "told_in_words"]
