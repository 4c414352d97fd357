"""How each figure is read from a run, the way its source would have read it from its records.

A reading is one number, or a few that a comparison of worlds combines. NaN means that the run
holds nobody of whom the figure could be said.
"""

from collections.abc import Callable

import numpy as np

from sim.indicators import REGISTRY, Book
from sim.indicators.observed import MONTH_DAYS, Array, columns_with_prefix
from sim.indicators.repurchase import orders_of_category
from sim.world.events import REASONS
from sim.world.household import CATEGORIES

Reading = Callable[[Book], float | tuple[float, ...]]

# Reasons of leaving that a member did not choose
NO_CHOICE = tuple(REASONS.index(name) for name in ("graduated", "closed"))
STAPLES = tuple(CATEGORIES.index(name) for name in ("formula", "diapers", "complementary_food"))


def share(above: float, below: float) -> float:
    """Quotient, NaN if there is nothing to divide by."""
    return float(above) / float(below) if below else float("nan")


def rate(among: Array, those: Array) -> float:
    """Share of `among` who are also `those`; boolean arrays."""
    return share((among & those).sum(), among.sum())


def mean(values: Array) -> float:
    """Mean, NaN of nothing."""
    return float(np.mean(values)) if len(values) else float("nan")


def median(values: Array) -> float:
    """Median, NaN of nothing."""
    return float(np.median(values)) if len(values) else float("nan")


def indicator(name: str) -> Reading:
    """The indicator of that name, of the whole."""

    def read(book: Book) -> float:
        item = REGISTRY[name]
        return float(item.measure(book).value[0]) if item.why_not(book.days) is None else np.nan

    return read


# Groups of customers


def bought_in_year(book: Book) -> Array:
    """Families with an order in the measurement year."""
    return book.orders_in_year >= 1


def repurchased(book: Book) -> Array:
    """Families with two or more."""
    return book.orders_in_year >= 2


def in_regions(book: Book, *words: str) -> Array:
    """Families in the regions whose name holds one of the words."""
    names = [name.lower() for name in book.observed.regions]
    wanted = [i for i, name in enumerate(names) if any(word in name for word in words)]
    return np.isin(book.lasting("region"), wanted)


def rate_in_regions(*words: str) -> Reading:
    """Annual repurchase rate in regions."""
    return lambda book: rate(in_regions(book, *words) & bought_in_year(book), repurchased(book))


def rate_in_counties(book: Book) -> float:
    """Annual repurchase rate in counties and villages (city tiers 4 and 5)."""
    return rate((book.lasting("city_tier") >= 4) & bought_in_year(book), repurchased(book))


# Levels


def heavy_share(book: Book) -> float:
    """Share with six or more repeat orders in the year among those who repurchased."""
    return rate(repurchased(book), book.orders_in_year >= 7)


def repeat_orders(book: Book) -> float:
    """Mean repeat orders in the year of those who repurchased."""
    return mean(book.orders_in_year[repurchased(book)] - 1)


def staple_interpurchase(book: Book) -> float:
    """Median observed gap in formula, diapers and food, of those who bought it three times."""
    gaps = []
    for category in STAPLES:
        rows = orders_of_category(book, category)
        family, day = book.orders.family[rows], book.orders.day[rows]
        often = book.per_family(family)[family] >= 3
        same = (np.diff(family) == 0) & often[1:]
        gaps.append(np.diff(day)[same])
    return median(np.concatenate(gaps))


def _monthly(book: Book, chosen: Callable[[int], Array]) -> float:
    """30-day repurchase rate of orders chosen month by month, over the months followed up."""
    orders, above, below = book.orders, 0, 0
    for first in book.months():
        if first + 2 * MONTH_DAYS > book.days:
            break
        here = np.flatnonzero((orders.day >= first) & (orders.day < first + MONTH_DAYS))
        opens = np.ones(len(here), bool)
        opens[1:] = np.diff(orders.family[here]) != 0
        here = here[opens]
        here = here[chosen(first)[here]]
        below += len(here)
        above += int((orders.next_day[here] <= orders.day[here] + MONTH_DAYS).sum())
    return share(above, below)


def monthly_rate_of_active(book: Book) -> float:
    """30-day repurchase rate of members who reacted in the month."""
    return _monthly(
        book, lambda first: book.active_members(first, first + MONTH_DAYS)[book.orders.family]
    )


def monthly_rate_private(book: Book) -> float:
    """30-day repurchase rate of customers who were in the private domain when ordering."""
    private = book.observed.events["in_private_domain"][book.orders.row] > 0
    return _monthly(book, lambda first: private)


def reasons_share(reason: str) -> Reading:
    """Share of leavings of group chats for a reason, of those that were the member's choice."""

    def read(book: Book) -> float:
        why = book.events("left_group").value
        why = why[~np.isin(why, NO_CHOICE)]
        return share((why == REASONS.index(reason)).sum(), len(why))

    return read


def gross_margin_share(book: Book) -> float:
    """Money paid less cost of goods, over money paid, in the year."""
    paid = book.orders.paid_fen[book.year].sum()
    return share(paid - book.orders.goods_cost_fen[book.year].sum(), paid)


def active_member_share(book: Book) -> float:
    """Share of customers of the last 90 days who are active members of a group chat."""
    return rate(
        book.active_customers(book.days) & book.families.is_last,
        book.from_end(book.active_member_at_end) > 0,
    )


def first_order_cause(book: Book) -> Array:
    """What brought each family's first order about; of older customers as the record has it."""
    cause = np.full(book.families.count, -1)
    at_start = book.observed.start
    old = (book.families.generation == 0) & (at_start["orders"][book.families.place] > 0)
    cause[old] = at_start["won_by"][book.families.place[old]]
    orders = book.orders
    firsts = orders.day == book.first_order_day[orders.family]
    cause[orders.family[firsts]] = book.observed.events["cause"][orders.row[firsts]]
    return cause


# Inputs that can be read back


def start_share(field: str, test: Callable[[Array], Array]) -> Reading:
    """Share of households at day 0 for whom a field passes a test."""
    return lambda book: mean(test(book.observed.start[field]))


def first_contact_share(book: Book) -> float:
    """Share of tickets solved at first contact."""
    return mean(book.events("ticket").value == 1)


def commission_share(book: Book) -> float:
    """Commission over sales made in the public channel."""
    kept = columns_with_prefix(book.observed, "operations_")
    public = book.year & (book.orders.store == 1)
    if "commission" not in kept:
        return float("nan")
    return share(kept["commission"][book.first :].sum(), book.orders.paid_fen[public].sum())
