"""Readings of experiments: lots drawn inside a run, and figures that two worlds are compared by."""

from collections.abc import Sequence

import numpy as np

from sim.evidence.readings import Reading, mean, rate
from sim.indicators import REGISTRY, Book
from sim.indicators.community import POSTS
from sim.indicators.observed import MONTH_DAYS, YEAR_DAYS, Array
from sim.operator.splits import in_split
from sim.world.household import NEVER


def drawn(book: Book, lever: str, drawn_share: float) -> Array:
    """Which families the lever's lot fell on."""
    families = book.families
    family = (book.observed.start["family"][families.place] + families.generation) % 256
    split = in_split(
        book.observed.seed,
        lever,
        families.place.astype(np.int64),
        family.astype(np.int64),
        drawn_share,
    )
    return np.asarray(split)


def on_list(book: Book, day: int) -> Array:
    """Whether each family gets the operator's messages on the morning of a day, 0 or later."""
    families, start = book.families, book.observed.start
    subscribed = (families.generation == 0) & (start["subscribed"][families.place] > 0)
    begun = np.where(subscribed, -1, -NEVER)
    for kind in ("first_order", "entered_private_domain"):
        events = book.events(kind)
        np.maximum.at(begun, events.family[events.day < day], events.day[events.day < day])
    ended = np.full(families.count, -NEVER)
    stopped = book.events("unsubscribed")
    np.maximum.at(ended, stopped.family[stopped.day < day], stopped.day[stopped.day < day])
    return np.asarray(begun > ended)


def incidence_after_message(sent_days: Sequence[int], window_days: int, silent: bool) -> Reading:
    """Purchase incidence in the days from a message on, of those who could get it.

    Read in worlds with one message each and in one with none, which are one until that is sent: so
    with and without it are read of the same customers, those on the operator's list that morning.

    Parameters
    ----------
    sent_days, window_days
        Of a message each, whether it was sent or not; days from that day on.
    silent
        Read it of customers who last ordered 30 to 365 days ago; else of all of the last year.
    """

    def incidence(book: Book, sent_day: int) -> float:
        after = sent_day + window_days
        if after > book.days:
            return float("nan")
        since = sent_day - book.history(sent_day).last_order_day
        base = (since <= YEAR_DAYS) & ((since > MONTH_DAYS) | (not silent))
        base &= on_list(book, sent_day) & (book.families.left_day >= after)
        day = book.orders.day
        bought = np.zeros(book.families.count, bool)
        bought[book.orders.family[(day >= sent_day) & (day < after)]] = True
        return rate(base, bought)

    return lambda book: tuple(incidence(book, day) for day in sent_days)


def spending_by_invitation(invited_share: float) -> Reading:
    """Spending in the year of customers invited to the community by lot, and of the others.

    Those who were members when the lot was drawn are left out: the invitation changed nothing
    for them.
    """

    def read(book: Book) -> tuple[float, float]:
        invited = drawn(book, "community", invited_share)
        start = book.observed.start
        first = book.families.generation == 0
        outside = first & (start["group"][book.families.place] < 0)
        base = outside & (start["orders"][book.families.place] > 0)
        paid = book.per_family(book.orders.family[book.year], book.orders.paid_fen[book.year])
        return mean(paid[base & invited]), mean(paid[base & ~invited])

    return read


def sales_and_members_sales(book: Book) -> tuple[float, float]:
    """Sales of the year, and the part of them made to loyalty members."""
    paid = book.orders.paid_fen[book.year]
    member = book.observed.events["loyalty_member"][book.orders.row[book.year]] > 0
    return float(paid.sum()), float(paid[member].sum())


def sales_and_posts(book: Book) -> tuple[float, float]:
    """Sales of the year and posts in group chats."""
    posts = sum(int(book.events(kind).value.sum()) for kind in POSTS)
    return float(book.orders.paid_fen[book.year].sum()), float(posts)


def contribution(book: Book) -> float:
    """Contribution of the year, yuan."""
    return float(REGISTRY["contribution_yuan"].measure(book).value[0])


def revenue_of_listed(book: Book) -> float:
    """Revenue of the year from customers of day 0 who were on the list of messages, yuan."""
    base = on_list(book, 0) & (book.history(0).orders > 0)
    own = book.year & base[book.orders.family]
    return float(book.orders.paid_fen[own].sum()) / 100.0
