"""Who buys how often at which shop, the rivals' buyers among them.

A world keeps a record of every order with the operator. Orders with rivals it keeps of households
that do something with the operator on the same day, and of nobody else. But every order, wherever,
moves the household's habit by a known step (`choose.habit_after`), so what happened in a week can
be told from the habits at its two ends: which orders, in which sequence, make the one of the other.
"""

from collections.abc import Iterator
from itertools import pairwise, product

import numpy as np

from sim.evidence.dirichlet import Dirichlet, nbd_chances, nbd_shape
from sim.evidence.readings import share
from sim.indicators import Book
from sim.indicators.observed import Array
from sim.world.household import NEVER, STORES

SHOPS = ("operator", *STORES[2:])  # both of the operator's channels are one shop
WEEK_DAYS, QUARTER_DAYS = 7, 91
CENSUS_DAYS = tuple(range(WEEK_DAYS, QUARTER_DAYS, WEEK_DAYS))
MOST_ORDERS = 3  # of a household within a week
MOST_UNTOLD = 0.01  # assumed; share of households that may be left out, which buy most
AS_STORED = 1e-6  # habits are stored with seven digits
Step = tuple[int, float]  # a store, and how far habit moves towards it

# Where each number stands among those of `buying`.
_n = len(SHOPS)
BOUGHT, OFTEN, BOUGHT_EXPECTED, OFTEN_EXPECTED = (slice(i * _n, (i + 1) * _n) for i in range(4))
MEAN, VARIANCE, ONCE, ONCE_EXPECTED = range(4 * _n, 4 * _n + 4)
NOTHING = (np.nan,) * (4 * _n + 4)


def buying(book: Book) -> tuple[float, ...]:
    """What a quarter's purchases at all shops come to, and what the Dirichlet fitted to them says.

    Buyers of each shop and purchases of these, as they are and as expected; mean and variance of a
    household's purchases; of the operator's buyers those who bought once, and by its NBD.
    """
    found: tuple[float, ...] = book.once(_buying)
    return found


def _buying(book: Book) -> tuple[float, ...]:
    counts = purchases(book)
    if len(counts) == 0 or not counts.sum(axis=0).all():
        return NOTHING
    fitted, total = Dirichlet.fitted(counts), counts.sum(axis=1)
    buyers = (counts > 0).sum(axis=0)
    own = counts[:, 0]
    chances = nbd_chances(own.mean(), nbd_shape(float(own.mean()), float((own == 0).mean())))
    return (
        *map(float, buyers / len(counts)),
        *map(float, counts.sum(axis=0) / buyers),
        *map(float, fitted.penetrations),
        *map(float, fitted.frequencies),
        float(total.mean()),
        float(total.var()),
        share((own == 1).sum(), (own > 0).sum()),
        share(chances[1], chances[1:].sum()),
    )


def purchases(book: Book) -> Array:
    """Orders of each household at each of `SHOPS` in the run, shape (households, shops).

    Of families that lived there throughout and whose every week can be told; nobody, where no
    census was taken every week, or where more than `MOST_UNTOLD` would be left out.
    """
    seen, choose = book.observed, book.observed.choose
    if not seen.between or choose is None:
        return np.zeros((0, len(SHOPS)), int)
    censuses = [seen.start, *(seen.between[day] for day in sorted(seen.between)), seen.end]
    stays = (censuses[0]["family"] == censuses[-1]["family"]) & (seen.end["birth_day"] < NEVER)
    habits = [census["habit"][stays].astype(float) for census in censuses]
    smoothing = float(choose.habit_smoothing)
    steps = [(store, smoothing) for store in range(len(STORES))]
    steps += [(store, smoothing * float(choose.deal_habit)) for store in (0, 1)]  # deals are its
    weeks = [orders_between(before, after, steps) for before, after in pairwise(habits)]
    known = np.all([told for _, told in weeks], axis=0)
    if known.mean() < 1.0 - MOST_UNTOLD:
        return np.zeros((0, len(SHOPS)), int)
    counts = np.sum([count for count, _ in weeks], axis=0)[known]
    return np.column_stack([counts[:, 0] + counts[:, 1], counts[:, 2:]])


def orders_between(before: Array, after: Array, steps: list[Step]) -> tuple[Array, Array]:
    """Orders at each store that make one habit of another, as few as will do.

    Parameters
    ----------
    before, after
        Habits, shape (households, stores).
    steps
        What an order can do to them.

    Returns
    -------
    counts, told
        Shape (households, stores); and whether any sequence of orders does it.
    """
    counts = np.zeros(before.shape, int)
    open_still = np.flatnonzero((before != after).any(axis=1))
    for number in range(1, MOST_ORDERS + 1):
        best = np.full(len(open_still), AS_STORED)
        for habit, orders in _sequences(before[open_still], steps, number):
            off = np.abs(habit - after[open_still]).max(axis=1)
            better = off < best
            best[better] = off[better]
            counts[open_still[better]] = orders
        open_still = open_still[best == AS_STORED]
    told = np.ones(len(before), bool)
    told[open_still] = False
    return counts, told


def _sequences(habit: Array, steps: list[Step], number: int) -> Iterator[tuple[Array, Array]]:
    """Habits after every sequence of so many orders, with the orders at each store."""
    for sequence in product(steps, repeat=number):
        moved, orders = habit.copy(), np.zeros(habit.shape[1], int)
        for store, weight in sequence:
            moved *= 1.0 - weight
            moved[:, store] += weight
            orders[store] += 1
        yield moved, orders


__all__ = [
    "BOUGHT",
    "BOUGHT_EXPECTED",
    "CENSUS_DAYS",
    "MEAN",
    "OFTEN",
    "OFTEN_EXPECTED",
    "ONCE",
    "ONCE_EXPECTED",
    "QUARTER_DAYS",
    "SHOPS",
    "VARIANCE",
    "buying",
    "orders_between",
    "purchases",
]
