"""Readings of experiments: an A/B test inside a run, and sums that two worlds are compared by."""

import numpy as np

from sim.evidence.readings import (
    Reading,
    mean,
    rate,
)
from sim.indicators import REGISTRY, Book
from sim.indicators.community import POSTS
from sim.indicators.observed import MONTH_DAYS, Array
from sim.operator.splits import in_split
from sim.world.household import NEVER


def ab_test(
    events: Array, treated: Array, window: tuple[int, int], base: Array | None = None
) -> tuple[float, float]:
    """Purchase incidence of treated and untreated in a window of days.

    Parameters
    ----------
    events
        Filled orders with the operator: a pair of arrays, place or family index and day.
    treated
        Who was drawn into the treatment, one entry per index.
    window
        First day, and the day after the last.
    base
        Of whom the test is read; everybody by default.
    """
    index, day = events
    bought = np.zeros(len(treated), bool)
    bought[index[(day >= window[0]) & (day < window[1])]] = True
    among = np.ones(len(treated), bool) if base is None else base
    return rate(among & treated, bought), rate(among & ~treated, bought)


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


def message_test(window_days: int, windows: int, silent: bool, held_out_share: float) -> Reading:
    """Incidence with and without one broadcast message, over windows of one message each.

    Read of those on the operator's list when a window opens: only they can be written to, and
    field experiments draw their lots among them.

    Parameters
    ----------
    silent
        Read it of customers who last ordered 30 to 365 days ago; else of all of the last year.
    """

    def read(book: Book) -> tuple[float, float]:
        written_to = ~drawn(book, "broadcast", held_out_share)
        orders = np.array([book.orders.family, book.orders.day])
        rates = []
        for first in range(0, windows * window_days, window_days):
            since = first - book.history(first).last_order_day
            base = (since <= 365) & ((since > MONTH_DAYS) | (not silent)) & on_list(book, first)
            base &= book.families.left_day >= first + window_days
            rates.append(ab_test(orders, written_to, (first, first + window_days), base))
        written, left_alone = np.mean(rates, axis=0)
        return float(written), float(left_alone)

    return read


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
