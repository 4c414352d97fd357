"""Churn: who stops buying, who comes back, who leaves the community and why."""

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import numpy as np

from sim.indicators.book import Book, Events
from sim.indicators.community import chat_months, mutings, private_leavings, private_months
from sim.indicators.families import Segments
from sim.indicators.observed import ACTIVE_DAYS, Array
from sim.indicators.registry import Measured, annual, indicator, quotient, ratio, surviving
from sim.indicators.survival import Durations, kaplan_meier
from sim.world.events import REASONS
from sim.world.household import NEVER

COMEBACK_DAYS = 180  # P05
SURVIVAL_DAYS = (180, 365)


class Base(NamedTuple):
    """Customers at risk of churning and those who did."""

    at_risk: Array
    lost: Array


def lapsed(book: Book, start: int, end: int, least_orders: int) -> Base:
    """Customers active at `start` who ordered nothing in the 90 days before `end`.

    Parameters
    ----------
    start, end
        Days; who graduates between them is left out.
    least_orders
        Orders ever before `start`: 2 for established customers, 1 for all.
    """
    before = book.history(start)
    families = book.families
    at_risk = (
        (before.orders >= least_orders)
        & (before.last_order_day >= start - ACTIVE_DAYS)
        & (families.left_day >= end)
    )
    late = (book.orders.day >= end - ACTIVE_DAYS) & (book.orders.day < end)
    ordered = book.per_family(book.orders.family[late]) > 0
    return Base(at_risk, at_risk & ~ordered)


@indicator(
    "churn_rate_365d",
    "share",
    "of those, who ordered nothing in the year's last 90 days",
    "established customers (two or more orders ever) with an order in the 90 days before the "
    "year, not graduating in it",
    needs_days=annual,
)
def churn_rate(book: Book) -> Measured:
    """Share of established customers lost over the measurement year."""
    base = lapsed(book, book.first, book.days, least_orders=2)
    return ratio(book, base.lost, base.at_risk)


@indicator(
    "lapse_rate_365d",
    "share",
    "of those, who ordered nothing in the year's last 90 days",
    "all customers (one or more orders ever) with an order in the 90 days before the year, not "
    "graduating in it",
    needs_days=annual,
)
def lapse_rate(book: Book) -> Measured:
    """The same for all customers, one-time buyers included."""
    base = lapsed(book, book.first, book.days, least_orders=1)
    return ratio(book, base.lost, base.at_risk)


def silences(book: Book) -> tuple[Array, Array]:
    """Silences of 90 days with 180 days of follow-up, and whether an order broke them.

    Returns
    -------
    family, came_back
        One entry per silence; families that graduated before the follow-up ended are left out.
    """
    before = book.history(book.first)
    known = np.flatnonzero(before.orders > 0)
    orders = book.orders
    # The last order before the year opens a gap too: its next order is the year's first.
    first_in_year = np.full(book.families.count, NEVER)
    inside = orders.day >= book.first
    first_in_year[orders.family[inside][::-1]] = orders.day[inside][::-1]
    family = np.r_[known, orders.family[book.year]]
    day = np.r_[before.last_order_day[known], orders.day[book.year]]
    following = np.r_[first_in_year[known], orders.next_day[book.year]]
    silent_day = day + ACTIVE_DAYS
    counted = (
        (silent_day >= book.first)
        & (following > silent_day)
        & (silent_day + COMEBACK_DAYS < book.days)
        & (book.families.left_day[family] > silent_day + COMEBACK_DAYS)
    )
    return family[counted], following[counted] <= silent_day[counted] + COMEBACK_DAYS


@indicator(
    "comeback_share_180d",
    "share",
    "of those, the silences broken by an order within the next 180 days",
    "silences of 90 days of customers, reached in the measurement year with 180 days of it left, "
    "none of whom graduated in these",
    needs_days=COMEBACK_DAYS + 1,
)
def comeback_share(book: Book) -> Measured:
    """How far silence is from certain churn."""
    family, back = silences(book)
    return ratio(book, book.per_family(family[back]), book.per_family(family))


def customer_lives(book: Book) -> Durations:
    """Days from a customer's first order to the 90th day of a silence that lasted to the end.

    Watched from the start of the measurement year (late entry), censored by its end and by
    graduation.
    """
    last = book.history(book.days).last_order_day
    first_order, left = book.first_order_day, book.families.left_day
    watched_until = np.minimum(left, book.days)
    silent_day = last + ACTIVE_DAYS
    gone = silent_day < watched_until
    until = np.where(gone, silent_day, watched_until)
    customer = np.flatnonzero((first_order < NEVER) & (until > book.first))
    entry = np.maximum(0, book.first - first_order[customer])
    return Durations(customer, until[customer] - first_order[customer], gone[customer], entry)


def _survival(book: Book, day: int) -> Measured:
    return surviving(book, customer_lives, day)


for _day in SURVIVAL_DAYS:
    indicator(
        f"customer_survival_{_day}d",
        "share",
        f"customers not fallen silent (90 days without an order until the end) {_day} days after "
        "their first order (Kaplan-Meier)",
        "customers alive at some time of the measurement year, watched from its start, censored "
        "at its end and at graduation",
        needs_days=ACTIVE_DAYS + 1,
    )(partial(_survival, day=_day))


def customer_survival(book: Book) -> Array:
    """Survival curve of customers by day since their first order, the whole population."""
    alone = Segments({})
    return np.asarray(kaplan_meier(alone, customer_lives(book))[0][0])


def _chat_leavings(book: Book) -> Events:
    return book.events("left_group")


def _hazard(
    book: Book,
    leavings_of: Callable[[Book], Events],
    reason: int,
    months: Callable[[Book], Array],
) -> Measured:
    """Leavings for a reason over months as a member."""
    leavings = book.once(leavings_of)
    family = leavings.family[leavings.value == reason]
    left = book.segments.sum(book.per_family(family))
    return quotient(left, book.segments.sum(book.once(months)))


for _code, _reason in enumerate(REASONS):
    if _code == 0:
        continue
    indicator(
        f"group_leaving_hazard_{_reason}",
        "leavings a member-month",
        f"leavings of a group chat in the measurement year for the reason '{_reason}'",
        "member-months in group chats in the measurement year",
    )(partial(_hazard, leavings_of=_chat_leavings, reason=_code, months=chat_months))
    indicator(
        f"private_leaving_hazard_{_reason}",
        "leavings a month in the private domain",
        f"private domain left in the measurement year for the reason '{_reason}'",
        "months in the private domain in the measurement year",
    )(partial(_hazard, leavings_of=private_leavings, reason=_code, months=private_months))
    indicator(
        f"unsubscription_hazard_{_reason}",
        "stops a month in the private domain",
        f"messages stopped there in the measurement year for the reason '{_reason}'",
        "months in the private domain in the measurement year",
    )(partial(_hazard, leavings_of=mutings, reason=_code, months=private_months))


__all__ = ["customer_lives", "customer_survival", "lapsed", "silences"]
