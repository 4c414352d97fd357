"""Readings that follow customers from an event or a landmark on.

Whoever sorts a year's customers by what happened to them in it gives those who stayed longer more
time for it to happen (immortal time: Suissa 2008). Here a customer's group is settled on one day,
and what counts is what came after.
"""

import numpy as np

from sim.evidence.readings import bought_in_year, rate, repurchased
from sim.indicators import Book
from sim.indicators.observed import YEAR_DAYS
from sim.world.household import NEVER


def repurchase_after_ticket(book: Book) -> float:
    """Of customers with a service ticket, who ordered again within 365 days after the first one.

    Tickets with a whole year behind them, of families that were still in the market then.
    """
    families = book.families
    day = book.column("day").astype(np.int64)
    row = np.flatnonzero((book.column("ticket") > 0) & (day >= 0) & (book.event_family >= 0))
    first = np.full(families.count, NEVER)
    np.minimum.at(first, book.event_family[row], day[row])
    followed = (first + YEAR_DAYS < book.days) & (families.left_day > first + YEAR_DAYS)
    since = book.orders.day - first[book.orders.family]
    again = np.zeros(families.count, bool)
    again[book.orders.family[(since >= 1) & (since <= YEAR_DAYS)]] = True
    return rate(followed, again)


def rates_by_channel_at_first_order(book: Book) -> tuple[float, float]:
    """Annual repurchase rate of customers in the private domain and of others.

    Who is in it is settled on the evening of the year's first order; who enters later stays with
    the others, to whom they belonged when their time began.
    """
    orders = book.orders
    year = np.flatnonzero(book.year)
    opens = np.ones(len(year), bool)
    opens[1:] = np.diff(orders.family[year]) != 0
    first = year[opens]
    row = orders.row[first]
    inside = book.column("in_private_domain")[row] + book.column("entered_private_domain")[row] > 0
    inside &= book.column("unsubscribed")[row] == 0
    private = np.zeros(book.families.count, bool)
    private[orders.family[first]] = inside
    customer = bought_in_year(book)
    return rate(private & customer, repurchased(book)), rate(~private & customer, repurchased(book))
