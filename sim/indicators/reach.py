"""Whom each lever reached, from being allowed to an order, and what that cost for each."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from sim.indicators.book import Book
from sim.indicators.ladder import LEVER_COST, POINTS, PRICE_CUT, REDEEMED, steps
from sim.indicators.money import FEN
from sim.indicators.observed import Array, Observed
from sim.indicators.tables import as_book, coded

OF_REACH = ("eligible", "reached", "seen", "acted", "ordered")


class Reached(NamedTuple):
    """What a run noted of one lever; a number for each of `OF_REACH`.

    Attributes
    ----------
    households
        Families that took the step in the run at least once.
    times
        Days on which a household took it; messages one by one.
    meanings
        What the steps mean for this lever, in words; those that make no sense are left out.
    """

    households: Array
    times: Array
    meanings: dict[str, str]


def reach_table(observed: Observed | Book) -> pd.DataFrame:
    """A row for each step of each lever that was on in the run.

    Returns
    -------
    pandas.DataFrame
        ``lever, step, households, times, cost_yuan, meaning``. Households are families that took
        the step at least once, times the days on which one did; both are missing where the step
        makes no sense for the lever. The cost is the lever's over the run, paid and given up.
    """
    book = as_book(observed)
    spent = _spent(book.observed)
    rows = [
        (lever, step, *_counts(found, place, book.observed.panel), spent.get(lever, 0.0),
         found.meanings.get(step, ""))
        for lever, found in book.observed.reach.items()
        for place, step in enumerate(OF_REACH)
    ]  # fmt: skip
    names = ["lever", "step", "households", "times", "cost_yuan", "meaning"]
    table = pd.DataFrame(rows, columns=names).astype({"households": float, "times": float})
    for name, words in (("lever", tuple(book.observed.reach)), ("step", OF_REACH)):
        codes = np.array([words.index(word) for word in table[name]], np.int64)
        table[name] = coded(codes, words)
    return table


def _counts(found: Reached, place: int, panel: int) -> tuple[float, float]:
    """Households and times of a step; of those allowed no days are noted."""
    if OF_REACH[place] not in found.meanings:
        return np.nan, np.nan
    times = found.times[place] * panel if place > 0 else np.nan
    return float(found.households[place] * panel), float(times)


def _spent(observed: Observed) -> dict[str, float]:
    """Yuan that each lever gave up or paid in the run."""
    spent: dict[str, float] = {}
    for line, lever, fen in steps(observed):
        name = POINTS if line == REDEEMED else lever
        if line in (PRICE_CUT, REDEEMED, LEVER_COST):
            spent[name] = spent.get(name, 0.0) - float(fen.sum()) / FEN
    return spent


__all__ = ["OF_REACH", "Reached", "reach_table"]
