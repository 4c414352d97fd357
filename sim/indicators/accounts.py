"""Accounts of households: what each group of day 0 bought, and what that cost, until each horizon.

Lever costs and fines stand in the ladder alone: most are paid for nobody in particular.
"""

from typing import Any

import numpy as np
import pandas as pd

from sim.indicators.book import Book
from sim.indicators.horizons import reads
from sim.indicators.observed import Array, Observed, daily_column
from sim.indicators.tables import as_book

LATER = "later"
AMOUNTS = ("list_fen", "price_cut_fen", "goods_fen", "commission_fen", "serving_fen")
COUNTS = ("customers", "orders")


def accounts_table(observed: Observed | Book) -> pd.DataFrame:
    """Customers, orders and money of everybody and of each group, from day 0 to each horizon.

    Returns
    -------
    pandas.DataFrame
        ``days, by, segment, customers, orders`` and amounts in fen: list price, price cuts
        (points among them), goods, commission, serving. Of `all` everybody; of every division the
        households of day 0; `later` are those that came after it, who are in no group. Of a panel
        each household counts for all it stands for.
    """
    book = as_book(observed)
    days = reads(book.days)
    labels = [*book.segments.labels, (LATER, LATER)]
    table: dict[str, Any] = {"days": np.repeat(days, len(labels))}
    for name, words in zip(("by", "segment"), zip(*labels, strict=True), strict=True):
        table[name] = pd.Categorical(words * len(days), categories=list(dict.fromkeys(words)))
    found = np.concatenate([_account(book, day) for day in days])
    return pd.DataFrame(table | dict(zip((*COUNTS, *AMOUNTS), found.T, strict=True)))


def _account(book: Book, days: int) -> Array:
    """Counts and amounts of the first so many days, of every segment and of who came later."""
    orders = book.orders
    here = (orders.day >= 0) & (orders.day < days)
    family = orders.family[here]
    count = book.per_family(family)
    amounts = [book.per_family(family, fen[here]) for fen in book.once(_amounts)]
    later = book.families.generation > 0
    columns = []
    for each in ((count > 0).astype(float), count, *amounts):
        groups = book.segments.sum(np.where(later, 0, each))
        came = each[later].sum()
        columns.append([groups[0] + came, *groups[1:], came])
    return np.rint(np.array(columns).T).astype(np.int64) * book.observed.panel


def _amounts(book: Book) -> list[Array]:
    """Fen of each order by `AMOUNTS`; what operations cost, as they worked on its day."""
    orders, observed = book.orders, book.observed
    listed = observed.events["list_fen"][orders.row].astype(np.int64)
    commission, serving = np.zeros((2, len(listed)), np.int64)
    private = orders.store == 0
    taken = daily_column(observed, "commission_share")  # of public sales, day by day
    lived = np.clip(orders.day, 0, observed.days - 1)
    for first_day, terms in observed.operations:
        since = orders.day >= first_day
        public_fen, ratio = terms.serving_yuan * 100.0, terms.serving_private_ratio
        each = np.where(private, int(public_fen * ratio), int(public_fen))
        share = terms.commission_share if taken is None else taken[lived]
        taken_fen = (orders.paid_fen * share).astype(np.int64)
        commission = np.where(since, np.where(private, 0, taken_fen), commission)
        serving = np.where(since, each, serving)
    return [listed, listed - orders.paid_fen, orders.goods_cost_fen, commission, serving]


__all__ = ["AMOUNTS", "COUNTS", "LATER", "accounts_table"]
