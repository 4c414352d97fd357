"""The tables of who lived in a run: households, customers' lives, group chats."""

from typing import Any

import numpy as np
import pandas as pd

from sim.indicators.book import Book
from sim.indicators.churn import customer_lives, lapsed
from sim.indicators.community import group_watches
from sim.indicators.horizons import established, fared, reads, suffix
from sim.indicators.money import FEN
from sim.indicators.observed import Array, Observed
from sim.indicators.tables import as_book, coded
from sim.world.household import NEVER, STAGES

WAYS = ("advertisement", "koc", "deal", "own")  # what brought a first order about
PERSONAL = ("persona", "cohort")  # segments that the next family in a place does not share


def household_table(observed: Observed | Book) -> pd.DataFrame:
    """One row per family that lived in the run (of the panel): its segments, and how it fared.

    First those of day 0, a row per place; then, a generation after another, those who came into a
    place whose family had graduated. `household` and `family` together name a row, and are those
    of the order log. Segments are as on day 0, of who came later as they came; the persona and
    cohort of a family that both came and left in the run are not on record, and missing. Outcomes
    are those of the family over the final 365 days: whether it bought (`customer`), bought again
    (`repurchased`), was established and active (`churn_base`) and was lost (`churned`); its orders
    and spending. `first_order_day` is missing where there was none; `way` is what brought a first
    order of the run about (`WAYS`, missing otherwise). `entered_day` is missing for those of
    day 0, `left_day` for those who live there at the end. `established` are customers of day 0,
    the same under every strategy; `group` is the group chat they were in on that day, -1 for none.
    `active`, `orders_since_start` and `margin_since_start_yuan` are of the run's end, and what ends
    in `_12m` is read at that horizon (`sim.indicators.horizons`).
    """
    book = as_book(observed)
    families = book.families
    base = lapsed(book, book.first, book.days, least_orders=2)
    paid = book.per_family(book.orders.family[book.year], book.orders.paid_fen[book.year])
    table: dict[str, Any] = {
        "household": families.place.astype(np.int32) * np.int32(book.observed.panel),
        "family": families.number,
    }
    passing = (families.generation > 0) & ~families.is_last
    for by, (names, code) in book.segments.codes.items():
        table[by] = coded(np.where(passing, -1, code) if by in PERSONAL else code, names)
    count = book.orders_in_year
    table["customer"], table["repurchased"] = count >= 1, count >= 2
    table["churn_base"], table["churned"] = base.at_risk, base.lost
    table["orders"], table["spending_yuan"] = count.astype(np.int32), paid / FEN
    table["first_order_day"] = _days(book.first_order_day)
    table["way"] = coded(book.once(first_ways), WAYS)
    table["entered_day"], table["left_day"] = _days(families.entered_day), _days(families.left_day)
    table["established"] = established(book)
    first = families.generation == 0
    table["group"] = np.where(first, book.observed.start["group"][families.place], -1)
    for day in reads(book.days):
        read = fared(book, day)
        table |= {f"{name}{suffix(day, book.days)}": read[name] for name in sorted(read)}
    return pd.DataFrame(table)


def _days(day: Array) -> Array:
    """Days as tables have them: missing where there was none."""
    return np.where(abs(day) < NEVER, day, np.nan).astype(np.float32)


def of_day_0(households: pd.DataFrame) -> pd.DataFrame:
    """The rows of `household_table` of those who were there on day 0, under every strategy."""
    return households[households["entered_day"].isna()]


def first_ways(book: Book) -> Array:
    """Index of WAYS of each family's first order in the run, -1 where there was none."""
    orders = book.orders
    row = orders.row[orders.day == book.first_order_day[orders.family]]
    said = [book.column(name)[row] > 0 for name in ("advertised", "by_koc", "clicked")]
    way = np.full(book.families.count, -1)
    way[book.event_family[row]] = np.select(said, range(len(said)), len(said))
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


__all__ = ["WAYS", "first_ways", "group_table", "household_table", "lives_table", "of_day_0"]
