"""What an operator's own records hold: its customers on a day, and every contact with them.

An analyst sees this and nothing else: who is on the customer list and what it says of them, what
they ordered, where they belong. What they feel, what they like, what they need, what they buy
elsewhere and what luck they had is in no record.
"""

import numpy as np
import pandas as pd

from sim.indicators.book import Book
from sim.indicators.money import FEN
from sim.indicators.observed import Array
from sim.indicators.tables import coded
from sim.world.household import NEVER

CUSTOMERS = (
    "household", "family", "day", "region", "city_tier", "child_age_days", "won_by", "orders",
    "spending_yuan", "days_since_first_order", "days_since_order", "days_since_visit", "subscribed",
    "consent", "in_private_domain", "in_chat", "chat", "loyalty_member", "tier", "points", "posts",
)  # fmt: skip
CONTACTS = (
    "household", "day", "ordered", "paid_yuan", "margin_yuan", "coupon", "private", "visited",
    "ticket", "by_koc", "joined_chat", "entered_private_domain", "enrolled", "stock_days",
)  # fmt: skip
OF_THE_DAY = {  # columns of contacts that are fields of the event record
    "visited": "looked",
    "by_koc": "by_koc",
    "joined_chat": "joined",
    "entered_private_domain": "entered_private_domain",
    "enrolled": "enrolled",
}


def customers(book: Book) -> pd.DataFrame:
    """The customer list on the days of the censuses between, of families that stay to the end.

    Whoever never ordered before the day is on the list too, with no orders. A child's age is on
    record, so who will have outgrown the market by the end is known in advance.

    Returns
    -------
    pandas.DataFrame
        `CUSTOMERS`: a row per household and day. What has never happened is `NEVER` days ago.
    """
    observed = book.observed
    first = observed.between[min(observed.between)]
    stays = np.flatnonzero(first["family"] == observed.end["family"])
    parts = [_on(observed.between[day][stays], stays, day) for day in sorted(observed.between)]
    table = pd.concat(parts, ignore_index=True)
    table["household"] *= observed.panel
    table["region"] = coded(table["region"].to_numpy(), observed.regions)
    table["won_by"] = coded(table["won_by"].to_numpy(), observed.causes)
    return table[list(CUSTOMERS)]


def _on(own: Array, place: Array, day: int) -> pd.DataFrame:
    """Those of some places as the list has them on a day."""
    bought = own["orders"] > 0
    return pd.DataFrame(
        {
            "household": place,
            "family": own["family"],
            "day": day,
            "region": own["region"].astype(np.int64),
            "city_tier": own["city_tier"],
            "child_age_days": day - own["birth_day"].astype(np.int64),
            "won_by": np.where(bought, own["won_by"].astype(np.int64), -1),
            "orders": own["orders"].astype(np.int64),
            "spending_yuan": own["spending_fen"] / FEN,
            "days_since_first_order": _since(own["first_order_day"], day),
            "days_since_order": _since(own["last_order_day"], day),
            "days_since_visit": _since(own["last_look_day"], day),
            "subscribed": own["subscribed"] > 0,
            "consent": own["consent"],
            "in_private_domain": own["in_private_domain"] > 0,
            "in_chat": own["group"] >= 0,
            "chat": own["group"].astype(np.int64),
            "loyalty_member": own["loyalty_member"] > 0,
            "tier": own["tier"],
            "points": own["points_new"].astype(np.int64) + own["points_old"],
            "posts": own["posts"].astype(np.int64),
        }
    )


def _since(when: Array, day: int) -> Array:
    known = abs(when.astype(np.int64)) < NEVER
    return np.where(known, day - when.astype(np.int64), NEVER)


def contacts(book: Book) -> pd.DataFrame:
    """Every day on which a family that stays to the end had to do with the operator.

    Returns
    -------
    pandas.DataFrame
        `CONTACTS`, by household and day, from day 0 on. `ticket` is 0 for none, 1 for one solved
        at first contact, 2 for another; `stock_days` how long the first of the goods ordered will
        last, as the operator reckons; 0 where it cannot.
    """
    observed, events = book.observed, book.observed.events
    first = observed.between[min(observed.between)]["family"]
    stays = first == observed.end["family"]
    ordered = np.zeros(len(events), bool)
    ordered[book.orders.row] = True
    told = ordered | (book.column("ticket") > 0)
    for field in OF_THE_DAY.values():
        told |= book.column(field) > 0
    place = book.column("household")
    told &= (book.column("day") >= 0) & stays[place] & (book.column("family") == first[place])
    row = np.flatnonzero(told)
    row = row[np.lexsort((events["day"][row], place[row]))]
    mine, paid = ordered[row], events["paid_fen"][row].astype(np.int64)
    until = np.where(events["days_bought"][row] > 0, events["days_bought"][row], NEVER).min(axis=1)
    table = pd.DataFrame(
        {
            "household": place[row].astype(np.int64) * observed.panel,
            "day": events["day"][row].astype(np.int64),
            "ordered": mine,
            "paid_yuan": np.where(mine, paid / FEN, 0.0),
            "margin_yuan": np.where(mine, (paid - events["goods_cost_fen"][row]) / FEN, 0.0),
            "coupon": mine & (events["coupon_fen"][row] > 0),
            "private": mine & (events["store"][row] == 0),
            "ticket": events["ticket"][row],
            "stock_days": np.where(mine & (until < NEVER), until, 0).astype(np.int64),
            **{name: book.column(field)[row] > 0 for name, field in OF_THE_DAY.items()},
        }
    )
    return table[list(CONTACTS)]


__all__ = ["CONTACTS", "CUSTOMERS", "contacts", "customers"]
