"""The same families in two worlds: what followed an event that only one of them had."""

import numpy as np
import pandas as pd

from sim.indicators import Book
from sim.indicators.observed import ACTIVE_DAYS, MONTH_DAYS, Array
from sim.world.household import NEVER

FOLLOWED_DAYS = ACTIVE_DAYS
MONEY = ("list_fen", "paid_fen", "coupon_fen")
SOLVED = 1  # code of a ticket solved at first contact
KEY = 2 * NEVER  # above any day: family and day in one number

# Of a coupon that every customer on the list is sent once, on a day of its own (E04)
SENT_FROM, SENT_UNTIL = 30, 60
COUPON_DAYS = 7
GONE_DAY = SENT_UNTIL + COUPON_DAYS  # by which the last of them has run out
MONTH_AFTER = range(GONE_DAY, GONE_DAY + MONTH_DAYS)


def record(book: Book) -> pd.DataFrame:
    """Orders, tickets and unfilled orders of a run: what `Store` keeps for a comparison.

    Returns
    -------
    pandas.DataFrame
        ``place, generation, day, ordered, ticket, unfilled, list_fen, paid_fen, coupon_fen``, from
        day 0; money of orders that were filled.
    """
    events = book.observed.events
    ordered = np.zeros(len(events), bool)
    ordered[book.orders.row] = True
    told = ordered | (events["ticket"] > 0) | (events["unfilled"] > 0)
    row = np.flatnonzero(told & (events["day"] >= 0) & (book.event_family >= 0))
    family = book.event_family[row]
    return pd.DataFrame(
        {
            "place": book.families.place[family],
            "generation": book.families.generation[family],
            "day": events["day"][row],
            "ordered": ordered[row],
            "ticket": events["ticket"][row],
            "unfilled": events["unfilled"][row] > 0,
            **{name: np.where(ordered[row], events[name][row], 0) for name in MONEY},
        }
    )


def _next_order(rows: pd.DataFrame, after: pd.DataFrame) -> Array:
    """Days from each row of `after` to the family's next order in `rows`; NEVER if none."""
    orders = rows[rows["ordered"]]
    known = np.sort(_family(orders) * KEY + orders["day"].to_numpy(np.int64))
    family = _family(after)
    asked = family * KEY + after["day"].to_numpy(np.int64)
    at = np.searchsorted(known, asked, side="right")
    found = np.append(known, -1)[np.minimum(at, len(known))]
    return np.asarray(np.where(found // KEY == family, found - asked, NEVER))


def _family(rows: pd.DataFrame) -> Array:
    return np.asarray(rows["place"], np.int64) * 256 + np.asarray(rows["generation"], np.int64)


def repurchase_after_recovery(failing: pd.DataFrame, flawless: pd.DataFrame) -> float:
    """Repurchase within 90 days of a failure solved at once, over the same without the failure.

    The families and days are those of the world with failures; the one without is asked what
    the same families did after the same days.
    """
    last = failing["day"].max()
    recovered = failing[(failing["ticket"] == SOLVED) & (failing["day"] + FOLLOWED_DAYS <= last)]
    with_failure, without = (
        np.mean(_next_order(rows, recovered) <= FOLLOWED_DAYS) if len(recovered) else 0.0
        for rows in (failing, flawless)
    )
    return float(with_failure / without) if without else float("nan")


def delay_after_unfilled(short: pd.DataFrame, stocked: pd.DataFrame) -> float:
    """Relative delay of the next order after an unfilled one, against no stock-out.

    In the world of ample stock the order was filled on that day; its next order is awaited from
    there. Only families that ordered again in both worlds are compared.
    """
    unfilled = short[short["unfilled"]]
    if len(unfilled) == 0:
        return float("nan")
    wait, usual = _next_order(short, unfilled), _next_order(stocked, unfilled)
    both = (wait < NEVER) & (usual < NEVER)
    return float(wait[both].mean() / usual[both].mean() - 1) if both.any() else float("nan")


def price_after_coupon(with_coupon: pd.DataFrame, without: pd.DataFrame) -> float:
    """Price paid in the month after by who spent a coupon, over that of the same without one.

    Prices are of the same goods: what was paid over what they are listed at. The families are those
    that spent a coupon of the one world; the other, in which none is sent, is asked what the same
    families paid on the same days.
    """
    sent = with_coupon["day"].isin(range(SENT_FROM, GONE_DAY))
    spent = with_coupon[sent & (with_coupon["coupon_fen"] > 0)]
    families = np.unique(_family(spent))
    after, usual = (_price(rows, families) for rows in (with_coupon, without))
    return after / usual if usual > 0 else float("nan")


def _price(rows: pd.DataFrame, families: Array) -> float:
    """Paid over list price in the month after, of these families; NaN if none bought."""
    own = rows["day"].isin(MONTH_AFTER) & np.isin(_family(rows), families)
    paid, listed = (int(rows.loc[own, name].sum()) for name in ("paid_fen", "list_fen"))
    return paid / listed if listed else float("nan")


__all__ = [
    "delay_after_unfilled",
    "price_after_coupon",
    "record",
    "repurchase_after_recovery",
]
