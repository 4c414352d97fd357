"""Sheets of levels and differences: what each world says, and what follows from it by formulas."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import pandas as pd

from sim.export import intervals
from sim.export.intervals import Floats, Row, largest
from sim.export.sheets import Book, Sheet, span
from sim.report.figure import ALL
from sim.report.outcomes import PEOPLE, months
from sim.report.reading import Comparison
from sim.report.words import Words

SHEETS = ("levels", "differences")
ABOUT = ("outcome", "months", "strategy", "unit")
FIRST = 3  # row of the first numbers: below title, note and heads
WORLD = len(ABOUT) + len(intervals.COLUMNS)  # column of the first world
ENDS = ("mean", "low", "high")
MEAN = len(ABOUT)  # column of the mean; the ends of its interval follow
CHANGED = ("won", "lost")  # are differences already
WIDTHS = (34, 8, 22, 22, 13, 13, 13, 8, 13, 10, 13, 34)


class Reading(NamedTuple):
    """What a row is of."""

    outcome: str
    day: int
    strategy: str


@dataclass(frozen=True)
class Paired:
    """The two sheets, with the row and the worlds of every reading that stands on them."""

    levels: Sheet
    differences: Sheet
    level: dict[Reading, Row] = field(default_factory=dict)
    difference: dict[Reading, Row] = field(default_factory=dict)


def outcome_name(words: Words, outcome: str) -> str:
    """What an outcome of the table `worlds` is called."""
    if outcome in CHANGED:
        return words(f"page.{outcome}")
    key = f"outcomes.{outcome}"
    return words(key) if words.says(key) else words.indicator(outcome)


def write_paired(book: Book, comparison: Comparison, words: Words) -> Paired:
    """Write both sheets.

    The first has a row for each outcome, horizon and strategy with what each world says; the
    second subtracts, world by world, what the reference has there.
    """
    worlds = dict(_worlds(comparison))
    seeds = list(comparison.worlds["seed"].drop_duplicates())
    sheets = [
        book.sheet(words(f"export.sheets.{name}"), [*WIDTHS, *[13] * len(seeds)]) for name in SHEETS
    ]
    paired = Paired(sheets[0], sheets[1])
    for sheet, name in zip(sheets, SHEETS, strict=True):
        reference = words.strategy(comparison.reference)
        sheet.text(0, 0, words(f"export.sheets.{name}"), "title")
        sheet.text(1, 0, words(f"export.notes.{name}", reference=reference))
        heads = [words(f"export.columns.{each}") for each in (*ABOUT, *intervals.COLUMNS)]
        numbered = enumerate(seeds, 1)
        heads += [words("export.columns.world", number=n, seed=seed) for n, seed in numbered]
        sheet.row(FIRST - 1, heads, "head")
    _write_levels(paired, comparison, worlds, words)
    _write_differences(paired, comparison, worlds, words)
    for sheet, rows in zip(sheets, (paired.level, paired.difference), strict=True):
        sheet.freeze(FIRST, 3, FIRST + len(rows) - 1, WORLD + len(seeds) - 1)
    return paired


Worlds = dict[tuple[str, int], pd.DataFrame]  # by outcome and day: worlds down, strategies across


def _worlds(comparison: Comparison) -> Iterator[tuple[tuple[str, int], pd.DataFrame]]:
    order = {outcome: place for place, outcome in enumerate((*PEOPLE, *CHANGED))}
    place = comparison.worlds["outcome"].map(order).fillna(len(order))
    table = comparison.worlds.assign(place=place).sort_values(["place", "outcome", "day"])
    for (outcome, day), rows in table.groupby(["outcome", "day"], sort=False, observed=True):
        wide = rows.pivot(index="seed", columns="strategy", values="value")
        if wide.notna().any(axis=None):
            yield (str(outcome), int(str(day))), wide[comparison.names].astype(float)


def _write_levels(paired: Paired, comparison: Comparison, worlds: Worlds, words: Words) -> None:
    units = _units(comparison)
    for (outcome, day), values in worlds.items():
        how = "share" if units[outcome] == "share" else "number"
        for strategy in comparison.names:
            own = values[strategy].to_numpy()
            row = Row(paired.levels, FIRST + len(paired.level), MEAN, WORLD, own, how)
            paired.level[Reading(outcome, day, strategy)] = row
            _write_about(row, Reading(outcome, day, strategy), units[outcome], words)
            for column, value in enumerate(own, WORLD):
                row.sheet.number(row.row, column, value, how)
            here = span(row.row, WORLD, row.row, WORLD + len(own) - 1)
            row.write(largest(here), _size(own), "", np.nan, words)


def _write_differences(
    paired: Paired, comparison: Comparison, worlds: Worlds, words: Words
) -> None:
    units, methods, levels = _units(comparison), _methods(comparison), paired.levels
    for (outcome, day), values in worlds.items():
        if outcome in CHANGED:
            continue
        how = "change" if units[outcome] == "share" else "number"
        rows = [paired.level[Reading(outcome, day, name)].row for name in comparison.names]
        there = paired.level[Reading(outcome, day, comparison.reference)].row
        whole = values.where(values.notna().all(axis=1))  # where every strategy says something
        everything = levels.range(rows[0], WORLD, rows[-1], WORLD + len(values) - 1)
        for strategy, here in zip(comparison.names, rows, strict=True):
            if here == there:
                continue
            reading = Reading(outcome, day, strategy)
            own = (whole[strategy] - whole[comparison.reference]).to_numpy()
            row = Row(paired.differences, FIRST + len(paired.difference), MEAN, WORLD, own, how)
            paired.difference[reading] = row
            _write_about(row, reading, units[outcome], words)
            for column, value in enumerate(own, WORLD):
                block = levels.range(rows[0], column, rows[-1], column)
                minus = f"{levels.cell(here, column)}-{levels.cell(there, column)}"
                formula = f'IF(COUNT({block})<{len(rows)},"",{minus})'
                row.sheet.formula(row.row, column, formula, value, how)
            size = _size(values.to_numpy())
            row.write(largest(everything), size, *methods[outcome, day], words)


def _write_about(row: Row, reading: Reading, unit: str, words: Words) -> None:
    names = outcome_name(words, reading.outcome), months(reading.day)
    told = [*names, words.strategy(reading.strategy), words.own("units", unit)]
    row.sheet.row(row.row, told)


def _size(values: Floats) -> float:
    """The largest value, whatever its sign."""
    return float(np.abs(values[np.isfinite(values)]).max(initial=0.0))


def _units(comparison: Comparison) -> dict[str, str]:
    table = comparison.worlds.drop_duplicates("outcome")
    return dict(zip(table["outcome"].astype(str), table["unit"].astype(str), strict=True))


def _methods(comparison: Comparison) -> dict[tuple[str, int], tuple[str, float]]:
    """How intervals of differences were found, and their standard errors, by outcome and day."""
    people = comparison.horizon[["outcome", "day", "strategy", "method", "critical"]]
    rates = comparison.differences[comparison.differences["by"] == ALL]
    rates = rates.rename(columns={"indicator": "outcome"}).assign(day=comparison.days)
    table = pd.concat([rates[list(people)], people])
    table = table[table["strategy"] != comparison.reference]
    keys = zip(table["outcome"].astype(str), table["day"].astype(int), strict=True)
    found = zip(table["method"].astype(str), table["critical"].astype(float), strict=True)
    return dict(zip(keys, found, strict=True))


__all__ = ["ENDS", "MEAN", "Paired", "Reading", "outcome_name", "write_paired"]
