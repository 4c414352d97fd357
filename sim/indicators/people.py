"""The tables of who lived in a run: households, customers' lives, group chats."""

from typing import Any

import numpy as np
import pandas as pd

from sim.indicators.book import Book
from sim.indicators.churn import customer_lives, lapsed
from sim.indicators.community import group_watches
from sim.indicators.money import FEN
from sim.indicators.observed import Array, Observed
from sim.indicators.tables import as_book, coded
from sim.world.household import NEVER, STAGES

WAYS = ("advertisement", "koc", "deal", "own")  # what brought a first order about


def household_table(observed: Observed | Book) -> pd.DataFrame:
    """One row per household place (of the panel): its family's segments on day 0, how it fared.

    Outcomes are those of that family over the final 365 days: whether it bought
    (`customer`), bought again (`repurchased`), was established and active (`churn_base`) and
    was lost (`churned`); its orders and spending. `first_order_day` is missing where there was
    none; `way` is what brought a first order of the run about (`WAYS`, missing otherwise).
    """
    book = as_book(observed)
    places = len(book.observed.start)
    base = lapsed(book, book.first, book.days, least_orders=2)
    paid = book.per_family(book.orders.family[book.year], book.orders.paid_fen[book.year])
    table: dict[str, Any] = {
        "household": np.arange(places, dtype=np.int32) * np.int32(book.observed.panel),
        "family": book.observed.start["family"],
    }
    for by, (names, code) in book.segments.codes.items():
        table[by] = coded(code[:places], names)
    count = book.orders_in_year[:places]
    table["customer"], table["repurchased"] = count >= 1, count >= 2
    table["churn_base"], table["churned"] = base.at_risk[:places], base.lost[:places]
    table["orders"], table["spending_yuan"] = count.astype(np.int32), paid[:places] / FEN
    first = book.first_order_day[:places]
    table["first_order_day"] = np.where(first < NEVER, first, np.nan).astype(np.float32)
    table["way"] = coded(book.once(first_ways)[:places], WAYS)
    return pd.DataFrame(table)


def first_ways(book: Book) -> Array:
    """Index of WAYS of each family's first order in the run, -1 where there was none."""
    orders = book.orders
    row = orders.row[orders.day == book.first_order_day[orders.family]]
    said = [book.column(name)[row] > 0 for name in ("advertised", "by_koc", "clicked")]
    way = np.full(book.families.count, -1)
    way[book.deed_family[row]] = np.select(said, range(len(said)), len(said))
    return way


def lives_table(observed: Observed | Book) -> pd.DataFrame:
    """Lives of customers as `customer_lives` tells them, equal ones counted together.

    Returns
    -------
    pandas.DataFrame
        ``entry_days, days, ended, customers``: days since the first order when watched first
        and last, whether the customer fell silent then, and how many lived so.
    """
    lives = customer_lives(as_book(observed))
    entry = np.zeros_like(lives.days) if lives.entry is None else lives.entry
    longest = int(lives.days.max(initial=0)) + 1
    kinds, customers = np.unique(
        (entry * longest + lives.days) * 2 + lives.ended, return_counts=True
    )
    spans = kinds // 2
    return pd.DataFrame(
        {
            "entry_days": (spans // longest).astype(np.int32),
            "days": (spans % longest).astype(np.int32),
            "ended": kinds % 2 == 1,
            "customers": customers,
        }
    )


def group_table(observed: Observed | Book) -> pd.DataFrame:
    """One row per group chat of the run, in the order of founding: topic, life, posts, members.

    `life_days` runs from founding until the chat fell silent; missing while it lives. Chats that
    count for the life of groups (see `group_watches`) have the ages at which they were watched
    first and last, `watched_from_days` and `watched_to_days`, and whether they `fell_silent` then.
    """
    book = as_book(observed)
    seen, watch = book.observed, group_watches(book)
    groups = seen.groups
    silent = groups["silent_day"] < NEVER
    stages = np.array(["any", *STAGES])
    regions = np.array(["any", *seen.regions])
    return pd.DataFrame(
        {
            "group": np.arange(len(groups)),
            "stage": stages[groups["stage"] + 1],
            "region": regions[groups["region"] + 1],
            "founded_day": groups["founded_day"],
            "life_days": np.where(silent, groups["silent_day"] - groups["founded_day"], np.nan),
            "members": groups["members"],
            "joined": groups["joined"],
            "member_posts": groups["member_posts"],
            "operator_posts": groups["operator_posts"],
            "watched_from_days": np.where(watch.counts, watch.entry, np.nan),
            "watched_to_days": np.where(watch.counts, watch.days, np.nan),
            "fell_silent": watch.ended & watch.counts,
        }
    )


__all__ = ["WAYS", "first_ways", "group_table", "household_table", "lives_table"]
