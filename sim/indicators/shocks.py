"""What a shock does to orders: how deep they fall, and how long they take to come back.

Orders of 30 days running are held against those of the 30 days before the first shock begins, in
the same run. Season and growth move them too: what the shock alone has done is the difference to a
strategy without it, in the same worlds.
"""

from functools import partial
from typing import NamedTuple

import numpy as np

from sim.indicators.book import Book
from sim.indicators.money import sales_by_day
from sim.indicators.observed import MONTH_DAYS, Array
from sim.indicators.registry import Measured, indicator, whole

BACK = 0.95  # of the orders before: they count as back (model definition)


class Course(NamedTuple):
    """Orders around the shocks of a run."""

    before: float  # in the 30 days before the first begins
    first: int  # day on which it begins
    end: int  # first day after the last
    after: Array  # orders of 30 days running, by the first of these, from `first` on


UNKNOWN = Course(float("nan"), 0, 0, np.array([np.nan]))
of_shocks = partial(indicator, by_segment=False, with_shock=True)


def _course(book: Book) -> Course:
    """Not known where there is no shock, or not 30 days on either side of its beginning."""
    days = book.observed.shock_days
    if days is None or days[0] < MONTH_DAYS or book.days - days[0] < MONTH_DAYS:
        return UNKNOWN
    first, end = days
    sums = np.cumsum(np.concatenate([[0], sales_by_day(book)["orders"]]))
    running = (sums[MONTH_DAYS:] - sums[:-MONTH_DAYS]).astype(float)
    return Course(float(running[first - MONTH_DAYS]), first, end, running[first:])


@of_shocks(
    "shock_orders_lost_share",
    "share",
    "orders of the 30 days before the first shock, less those of the fewest 30 days running since",
    "orders of the 30 days before the first shock",
)
def orders_lost(book: Book) -> Measured:
    """Deepest loss of orders since a shock began; below zero where they only rose."""
    course = book.once(_course)
    return whole(book, course.before - float(course.after.min()), course.before)


@of_shocks(
    "shock_recovery_days",
    "days",
    "days from the last shock's end until, after the fewest, orders of 30 days running begin that "
    "reach 95% of those of the 30 days before the first shock; 0 if they never fell below",
    "one",
)
def recovery_days(book: Book) -> Measured:
    """Days until orders are back; missing where the run ends before."""
    course = book.once(_course)
    back = course.after >= BACK * course.before
    if back.all():
        return whole(book, 0.0)
    deepest = int(course.after.argmin())
    later = np.flatnonzero(back[deepest:])
    if len(later) == 0:
        return whole(book, float("nan"))
    return whole(book, float(max(course.first + deepest + int(later[0]) - course.end, 0)))


__all__ = ["BACK", "orders_lost", "recovery_days"]
