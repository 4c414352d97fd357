"""Readings of regularities of repeat buying that nobody tuned the model to."""

import numpy as np

from sim.evidence.readings import (
    STAPLES,
    mean,
    rate,
    share,
)
from sim.indicators import Book
from sim.indicators.churn import silences
from sim.indicators.observed import ACTIVE_DAYS, MONTH_DAYS, Array
from sim.world.events import CAUSES
from sim.world.household import NEVER

COHORT_DAYS = 90  # customers won in the first quarter, as in D1
SHORT_DAYS = 14  # P12
EARLY_MONTHS, LATE_MONTHS = (2, 3, 4), (10, 11, 12)  # 30-day periods after the first order, P11


def second_after_festival(book: Book) -> float:
    """Of customers won in a festival, who ordered again within 180 days."""
    orders = book.orders
    firsts = (orders.day == book.first_order_day[orders.family]) & (orders.day + 180 < book.days)
    festival = book.observed.events["cause"][orders.row] == CAUSES.index("festival")
    chosen = firsts & festival
    return mean((orders.next_day - orders.day)[chosen] <= 180)


def _cohort(book: Book) -> Array:
    won_day = book.first_order_day
    return (won_day >= 0) & (won_day < COHORT_DAYS) & (book.families.left_day >= book.days)


def _counts(book: Book) -> Array:
    seen = (book.orders.day >= 0) & (book.orders.day < book.days)
    return book.per_family(book.orders.family[seen])


def chances_of_next(book: Book) -> tuple[float, ...]:
    """Chance of a next purchase after the k-th, k = 1..4, of the first quarter's new customers."""
    count = _counts(book)[_cohort(book)]
    return tuple(rate(count >= k, count >= k + 1) for k in range(1, 5))


def one_time_share(book: Book) -> float:
    """One-time buyers among the first year's new customers a year later."""
    won_day = book.first_order_day
    new = (won_day >= 0) & (won_day < 365) & (book.families.left_day >= book.days)
    return rate(new, _counts(book) == 1) if book.days >= 730 else float("nan")


def gini_of_counts(book: Book) -> float:
    """Gini coefficient of purchase counts of the first quarter's new customers."""
    counts = np.sort(_counts(book)[_cohort(book)]).astype(float)
    if len(counts) == 0:
        return float("nan")
    n = len(counts)
    return float((2 * np.arange(1, n + 1) - n - 1) @ counts / (n * counts.sum()))


def regularity(book: Book) -> float:
    """Wheat & Morrison (1990): gamma shape of gaps from the last two of each customer.

    With gaps t1, t2 of one customer, t1 / (t1 + t2) is Beta(r, r): its variance is
    1 / (4 (2 r + 1)) whatever the customer's pace.
    """
    packs = book.observed.events["packs"][book.orders.row]
    staple = (packs[:, STAPLES] > 0).any(axis=1) & book.year
    family, day = book.orders.family[staple], book.orders.day[staple]
    if len(family) < 3:
        return float("nan")
    last = np.ones(len(family), bool)
    last[:-1] = family[1:] != family[:-1]
    third = np.flatnonzero(last)
    third = third[third >= 2]
    third = third[family[third] == family[third - 2]]
    first_gap = day[third - 1] - day[third - 2]
    second_gap = day[third] - day[third - 1]
    if len(third) < 2:
        return float("nan")
    variance = float(np.var(first_gap / (first_gap + second_gap)))
    return share(1 - 4 * variance, 8 * variance)


def comeback(book: Book) -> float:
    """Chance to order within 180 days after 90 silent days."""
    return mean(silences(book)[1])


def long_gaps(book: Book) -> float:
    """90th percentile over median of observed gaps of repurchasing customers."""
    orders = book.orders
    gap = (orders.next_day - orders.day)[book.year & (orders.next_day < NEVER)]
    if len(gap) == 0:
        return float("nan")
    return share(float(np.quantile(gap, 0.9)), float(np.median(gap)))


def short_gaps(book: Book) -> float:
    """Share of observed gaps of repurchasing customers of at most 14 days."""
    orders = book.orders
    gap = (orders.next_day - orders.day)[book.year & (orders.next_day < NEVER)]
    return mean(gap <= SHORT_DAYS)


def late_and_early_months(book: Book) -> tuple[float, float]:
    """Mean share of new customers who order in a 30-day period after their first order.

    In the 10th to 12th, and in the 2nd to 4th.
    """
    monthly = ordering_by_month(book)
    late, early = (np.mean([monthly[k - 1] for k in m]) for m in (LATE_MONTHS, EARLY_MONTHS))
    return float(late), float(early)


def ordering_by_month(book: Book) -> tuple[float, ...]:
    """Share of new customers who order in each of twelve 30-day periods after their first order.

    Of customers won in the run and followed through the 12th.
    """
    won_day = book.first_order_day
    followed = LATE_MONTHS[-1] * MONTH_DAYS
    new = (won_day >= 0) & (won_day + followed < book.days)
    new &= book.families.left_day > won_day + followed
    since = book.orders.day - won_day[book.orders.family]
    month = (since - 1) // MONTH_DAYS + 1  # the first day after the order opens the first

    def ordering(k: int) -> float:
        there = np.zeros(book.families.count, bool)
        there[book.orders.family[(since >= 1) & (month == k)]] = True
        return rate(new, there)

    return tuple(ordering(k) for k in range(1, LATE_MONTHS[-1] + 1))


def campaign_redeemers(book: Book) -> float:
    """Of active subscribed customers at day 0, who used a coupon within 60 days."""
    start = book.observed.start
    known = (start["subscribed"] > 0) & (start["last_order_day"] >= -ACTIVE_DAYS)
    used = book.events("coupon_fen")
    redeemed = np.zeros(book.families.count, bool)
    redeemed[used.family[used.day < 2 * MONTH_DAYS]] = True
    return rate(known, redeemed[: len(start)])


def before_birth(book: Book) -> float:
    """Share of orders made before the index child's birth."""
    family = book.orders.family[book.year]
    known = (book.families.generation == 0) | book.families.is_last
    born = book.lasting("birth_day")[family]
    return mean((book.orders.day[book.year] < born)[known[family]])


def user_messages(book: Book) -> float:
    """Share of messages in group chats written by members."""
    groups = book.observed.groups
    members = float(groups["member_posts"].sum())
    return share(members, members + float(groups["operator_posts"].sum()))


def eleventh_november(book: Book) -> float:
    """Sales of 11 November over an average day of the year."""
    day = np.arange(book.first, book.days)
    the_day = day[(day + book.observed.start_day_of_year) % 365 == 314]
    if len(the_day) == 0:
        return float("nan")
    paid = np.bincount(book.orders.day[book.year], book.orders.paid_fen[book.year], book.days)
    return share(paid[the_day[0]], paid[book.first :].mean())
