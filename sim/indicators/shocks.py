"""What a shock does: how deep orders fall, how long they take to come back, what stays missing.

Within one run, orders of 30 days running are held against those of the 30 days before the first
shock begins. Season and growth move them too: what the shock alone has done is the difference to
the undisturbed self, the same strategy in the same world without it. `resilience` reckons that of
any two such runs, in 30 days running as well.
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
    running = _running(sales_by_day(book)["orders"])
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
    since = course.first + _first_back(back, deepest) - course.end
    return whole(book, max(since, 0.0) if since == since else since)


def _first_back(back: Array, deepest: int) -> float:
    """The first place from the deepest on that is back; missing where none is."""
    later = np.flatnonzero(back[deepest:])
    return float(deepest + later[0]) if len(later) else float("nan")


class Resilience(NamedTuple):
    """What a shock took from a strategy, held against its undisturbed self.

    Attributes
    ----------
    depth
        Share of the undisturbed self's that is missing in the worst 30 days running.
    duration
        Days from the shock's first until, after the worst, 30 days running begin that are back
        within the band; 0 if they never left it, missing where the run ends before.
    permanent
        Share that is missing in the last 30 days of the run.
    total
        Share that is missing of all from the shock's first day to the end of the run.
    """

    depth: float
    duration: float
    permanent: float
    total: float


RESILIENCE_UNITS = ("share", "days", "share", "share")


def kept(disturbed: Array, undisturbed: Array, first: int) -> Array:
    """Share that 30 days running bring of what they bring the undisturbed self.

    A value for each first of such days; missing where they bring the undisturbed self nothing.

    Parameters
    ----------
    disturbed, undisturbed
        Orders, yuan, or whatever is added up, a value a day from day 0.
    first
        Day on which the shock begins, 30 days or more before the end.
    """
    own, other = (_running(each[first:]) for each in (disturbed, undisturbed))
    return own / np.where(other > 0.0, other, np.nan)


def _running(days: Array) -> Array:
    sums = np.cumsum(np.concatenate([[0.0], days]))
    return np.asarray(sums[MONTH_DAYS:] - sums[:-MONTH_DAYS])


def resilience(disturbed: Array, undisturbed: Array, first: int, band: float = BACK) -> Resilience:
    """How much of what a strategy brings a shock takes, and for how long.

    Parameters
    ----------
    disturbed, undisturbed, first
        As for `kept`.
    band
        Share of the undisturbed self's from which on it counts as back.
    """
    share, all_of = kept(disturbed, undisturbed, first), undisturbed[first:].sum()
    back, known = share >= band, not np.isnan(share).any()
    lasted = 0.0 if back.all() else _first_back(back, int(share.argmin()))
    return Resilience(
        depth=1.0 - float(share.min()),
        duration=lasted if known else float("nan"),
        permanent=1.0 - float(share[-1]),
        total=1.0 - float(disturbed[first:].sum() / all_of) if all_of > 0.0 else float("nan"),
    )


__all__ = [
    "BACK",
    "RESILIENCE_UNITS",
    "Resilience",
    "kept",
    "orders_lost",
    "recovery_days",
    "resilience",
]
