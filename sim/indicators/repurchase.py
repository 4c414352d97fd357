"""Repurchase: how many customers order again, and after how long."""

from functools import partial

import numpy as np

from sim.indicators.book import Book
from sim.indicators.observed import MONTH_DAYS, YEAR_DAYS, Array
from sim.indicators.registry import Measured, annual, ended_by, indicator, ratio
from sim.indicators.survival import Durations
from sim.world.catalogue import AGE_MONTHS, EXPECTING_DAYS
from sim.world.household import CATEGORIES, NEVER

WINDOWS_DAYS = (7, 30, 90)
QUARTILES = {"p25": 0.25, "median": 0.5, "p75": 0.75}
DIAPERS = CATEGORIES.index("diapers")


@indicator(
    "repurchase_rate_365d",
    "share",
    "customers with at least two orders in the trailing 365 days",
    "customers with at least one order in the trailing 365 days",
    needs_days=annual,
)
def repurchase_rate_year(book: Book) -> Measured:
    """Share of the year's customers who ordered twice or more."""
    return ratio(book, book.orders_in_year >= 2, book.orders_in_year >= 1)


def again_within(book: Book, first: int, span_days: int, windows: int = 1) -> tuple[Array, Array]:
    """Who ordered in a window, and who of them again as long after the first order in it.

    Parameters
    ----------
    first, span_days
        First day and length of the window; the follow-up is as long.
    windows
        Number of windows, one after the other.

    Returns
    -------
    family, again
        For each window the families with an order in it, and whether the next came in time.
    """
    orders = book.orders
    after = first + span_days * windows
    inside = np.flatnonzero((orders.day >= first) & (orders.day < after))
    window = (orders.day[inside] - first) // span_days
    same = np.zeros(len(inside), bool)  # family and window as the order before
    same[1:] = (np.diff(orders.family[inside]) == 0) & (np.diff(window) == 0)
    earliest = inside[~same]
    return orders.family[earliest], orders.next_day[earliest] <= orders.day[earliest] + span_days


def _rate_within(book: Book, span_days: int) -> Measured:
    windows = max((book.days - book.first) // span_days - 1, 0)
    family, again = again_within(book, book.first, span_days, windows)
    return ratio(book, book.per_family(family[again]), book.per_family(family))


for _days in WINDOWS_DAYS:
    indicator(
        f"repurchase_rate_{_days}d",
        "share",
        f"of those, who ordered again within {_days} days after the first order in the window",
        f"customers with an order in a window of {_days} days, summed over the windows of the "
        "measurement year whose follow-up is complete",
        needs_days=2 * _days,
    )(partial(_rate_within, span_days=_days))


def used_all_along(book: Book, category: int) -> Array:
    """Families whose child used the category through every month of the measurement year.

    Of the families that came after day 0 only the last in each place is known well enough.
    """
    age, month, last, there = book.once(_ages)
    unused = np.cumsum(book.observed.use_per_day[category] <= 0, axis=1)
    unused = np.concatenate([np.zeros((len(unused), 1), int), unused], axis=1)
    feeding = book.lasting("feeding")
    used = unused[feeding, last + 1] == unused[feeding, month]
    if category == DIAPERS:
        used &= age + YEAR_DAYS <= book.lasting("toilet_training_days")
    return np.asarray(used & there)


def _ages(book: Book) -> tuple[Array, Array, Array, Array]:
    """Child's age when the year begins, its months when it begins and ends, who was there."""
    families = book.families
    age = book.first - book.lasting("birth_day")
    first, last = (
        np.clip((days + EXPECTING_DAYS) // MONTH_DAYS, 0, AGE_MONTHS - 1)
        for days in (age, age + YEAR_DAYS - 1)
    )
    there = (families.entered_day <= book.first) & (families.left_day >= book.days)
    return age, first, last, there & ((families.generation == 0) | families.is_last)


def orders_of_category(book: Book, category: int) -> Array:
    """Rows of `book.orders` in the measurement year that hold the category."""
    return np.flatnonzero(book.once(_ordered_in_year)[:, category])


def _ordered_in_year(book: Book) -> Array:
    packs = book.observed.events["packs"][book.orders.row]
    return np.asarray((packs > 0) & book.year[:, None])


def _category_rate(book: Book, category: int) -> Measured:
    bought = book.per_family(book.orders.family[orders_of_category(book, category)])
    steady = used_all_along(book, category)
    return ratio(book, steady & (bought >= 2), steady & (bought >= 1))


for _index, _category in enumerate(CATEGORIES):
    indicator(
        f"category_repurchase_rate_365d_{_category}",
        "share",
        f"of those, who ordered {_category} at least twice in the trailing 365 days",
        f"customers who ordered {_category} in the trailing 365 days and whose child used it "
        "all along",
        needs_days=annual,
    )(partial(_category_rate, category=_index))


def gaps(book: Book, among: Array | None = None) -> Durations:
    """Days from each order of the measurement year to the family's next.

    The last gap is censored by the end of the run or by graduation.

    Parameters
    ----------
    among
        Families to look at, all by default.
    """
    orders, families = book.orders, book.families
    chosen = book.year if among is None else book.year & among[orders.family]
    family, day = orders.family[chosen], orders.day[chosen]
    following = orders.next_day[chosen]
    watched = np.minimum(families.left_day[family], book.days - 1)
    ended = following < NEVER
    return Durations(family, np.where(ended, following, watched) - day, ended)


def _gaps_of_repurchasers(book: Book) -> Durations:
    return gaps(book, book.orders_in_year >= 2)


def _interpurchase(book: Book, share: float) -> Measured:
    return ended_by(book, gaps, share)


def _cycle(book: Book, share: float) -> Measured:
    return ended_by(book, _gaps_of_repurchasers, share)


for _name, _share in QUARTILES.items():
    indicator(
        f"interpurchase_time_{_name}",
        "days",
        f"day by which {_share:.0%} of the gaps have ended (Kaplan-Meier)",
        "gaps from each order of the measurement year to the next, the last one censored, all "
        "customers",
    )(partial(_interpurchase, share=_share))
    indicator(
        f"repurchase_cycle_{_name}",
        "days",
        f"day by which {_share:.0%} of the gaps have ended (Kaplan-Meier)",
        "the same gaps of customers with at least two orders in the trailing 365 days",
        needs_days=annual,
    )(partial(_cycle, share=_share))


__all__ = ["again_within", "gaps", "orders_of_category", "used_all_along"]
