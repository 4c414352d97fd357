"""At which days of a run outcomes are read, and how each household fares until then."""

from typing import NamedTuple

import numpy as np

from sim.indicators.book import Book
from sim.indicators.money import FEN
from sim.indicators.observed import ACTIVE_DAYS, YEAR_DAYS, Array

HORIZONS = {12: 365, 24: 730, 36: 1095}  # months of the calendar: days


class Outcome(NamedTuple):
    """What is read of every run at every horizon.

    Attributes
    ----------
    name, unit, about
        In words.
    better
        1: more is better, -1: less is, 0: neither.
    needs_days
        Of the run, before which it cannot be read.
    """

    name: str
    unit: str
    better: int
    needs_days: int
    about: str


NET = "repurchasing_households"
DAY0_REPURCHASE, DAY0_ORDERS, DAY0_CHURN = "day0_repurchase", "day0_orders", "day0_churn"
NEW = "new_customers"
OUTCOMES = (
    Outcome(
        NET,
        "households per 10,000",
        1,
        YEAR_DAYS,
        "households of the market that order at least twice in the 365 days before the horizon",
    ),
    Outcome(
        DAY0_REPURCHASE,
        "share",
        1,
        YEAR_DAYS,
        "of the customers of day 0 (households that had ordered before day 0) who do not graduate "
        "before the horizon: order at least twice in the 365 days before it",
    ),
    Outcome(
        DAY0_ORDERS,
        "orders a customer",
        1,
        1,
        "orders of the customers of day 0 from then to the horizon, over their number on day 0",
    ),
    Outcome(
        DAY0_CHURN,
        "share",
        -1,
        ACTIVE_DAYS,
        "of those established on day 0 (two or more orders, the last in the 90 days before) who do "
        "not graduate before the horizon: no order in the 90 days before it",
    ),
    Outcome(
        NEW,
        "households per 10,000",
        1,
        1,
        "households of the market whose first order falls between day 0 and the horizon",
    ),
)


def reads(days: int) -> list[int]:
    """Days at which a run is read: each horizon that lies in it, and its end."""
    return sorted({*(day for day in HORIZONS.values() if day < days), days})


def suffix(day: int, days: int) -> str:
    """What ends the names of columns that are read at a horizon before a run's end."""
    months = {horizon: months for months, horizon in HORIZONS.items()}
    return "" if day == days else f"_{months[day]}m"


def established(book: Book) -> Array:
    """Families with two or more orders before day 0, the last of them in the 90 days before."""
    before = book.history(0)
    return (before.orders >= 2) & (before.last_order_day >= -ACTIVE_DAYS)


def fared(book: Book, day: int) -> dict[str, Array]:
    """How each family fares in the first so many days of a run.

    Returns
    -------
    dict
        ``repurchased``: at least two orders in the 365 days before the horizon (all there are,
        in a shorter run); ``active``: an order in its last 90 days; ``orders_since_start`` and
        ``margin_since_start_yuan``: from day 0 on.
    """
    orders = book.orders
    since = (orders.day >= 0) & (orders.day < day)
    margin_fen = (orders.paid_fen - orders.goods_cost_fen)[since]
    return {
        "repurchased": _orders(book, max(day - YEAR_DAYS, 0), day) >= 2,
        "active": book.active_customers(day),
        "orders_since_start": _orders(book, 0, day).astype(np.int32),
        "margin_since_start_yuan": book.per_family(orders.family[since], margin_fen) / FEN,
    }


def _orders(book: Book, first: int, after: int) -> Array:
    """Orders of each family from a day to before another."""
    inside = (book.orders.day >= first) & (book.orders.day < after)
    return book.per_family(book.orders.family[inside])


__all__ = [
    "DAY0_CHURN",
    "DAY0_ORDERS",
    "DAY0_REPURCHASE",
    "HORIZONS",
    "NET",
    "NEW",
    "OUTCOMES",
    "Outcome",
    "established",
    "fared",
    "reads",
    "suffix",
]
