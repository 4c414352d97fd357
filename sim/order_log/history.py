"""A log as purchases, one a customer and day, cut into a part to learn from and one to tell."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from sim.order_log.checking import checked
from sim.order_log.columns import Columns
from sim.order_log.reading import Named, OrderLogError, read_table
from sim.text.outgoing import cited

Whole = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
WEEK_DAYS = 7
CENT = 0.005  # yuan: less than that is nothing left of what was paid
LONG_GAP = 14.0  # days without an order, in usual days between two, that make one ask


@dataclass(frozen=True)
class Purchases:
    """Days on which customers bought, in order of customer and day, each once.

    Attributes
    ----------
    customer
        Number of the customer, from 0.
    day
        Counted from the first day there is.
    amount
        Yuan paid that day; None where it is not known.
    """

    customer: Whole
    day: Whole
    amount: Floats | None = None

    @property
    def customers(self) -> int:
        """How many there are."""
        return int(self.customer[-1]) + 1 if len(self.customer) else 0

    def first_days(self) -> Whole:
        """Day of the first purchase of each."""
        starts = np.flatnonzero(np.r_[True, np.diff(self.customer) > 0])
        return self.day[starts]


@dataclass(frozen=True)
class OrderLog:
    """An order log that was read and checked.

    Attributes
    ----------
    purchases
        What counts: one row per customer and day.
    first_date
        The day that is day 0.
    days
        How many days it spans.
    rows
        Rows of the file as checked, refunds and repetitions among them.
    notes
        What was found and done, by name: how many rows or days.
    """

    purchases: Purchases
    first_date: pd.Timestamp
    days: int
    rows: pd.DataFrame
    notes: Mapping[str, int]


def read_log(path: Path, columns: Columns, time_format: str = "", time_zone: str = "") -> OrderLog:
    """Read, check and settle an order log.

    Purchases of a customer on one day count as one, as models of repeat buying have it. What
    was sent back is no purchase: a row that is marked as refund, and one above zero whose money
    a later refund of the same customer takes back. A row that stands there twice with the same
    time of day counts once.

    Parameters
    ----------
    path, columns
        The file, and which of its columns means what.
    time_format, time_zone
        As for `sim.order_log.times.moments`.

    Raises
    ------
    OrderLogError
        In one sentence that names row and column.
    """
    name = cited(str(path))
    log = Named(name, columns)
    rows = checked(read_table(path, columns), log, time_format, time_zone)
    notes = {"rows": len(rows)}
    kept = _without_refunds(rows, notes)
    kept = _without_repetitions(kept, notes)
    if not len(kept):
        raise OrderLogError(f"{name} holds nothing but refunds: no order is left.")
    days = (kept["time"].dt.normalize() - kept["time"].min().normalize()).dt.days
    found = pd.DataFrame({"customer": kept["customer"].to_numpy(), "day": days.to_numpy(np.int64)})
    found["amount"] = kept["amount"].to_numpy(float) if "amount" in kept else np.nan
    found = found.groupby(["customer", "day"], sort=True)["amount"].sum(min_count=1).reset_index()
    notes["on_a_day_that_counts_already"] = len(kept) - len(found)
    codes, _ = pd.factorize(found["customer"])
    purchases = Purchases(
        np.asarray(codes, np.int64),
        found["day"].to_numpy(np.int64),
        found["amount"].to_numpy(float) if "amount" in kept else None,
    )
    span = int(found["day"].max()) + 1
    notes["days_without_orders"] = _longest_gap(found["day"].to_numpy(np.int64))
    return OrderLog(purchases, kept["time"].min().normalize(), span, rows, notes)


def _without_refunds(rows: pd.DataFrame, notes: dict[str, int]) -> pd.DataFrame:
    """Orders that were kept: neither marked as refund nor taken back by a later one."""
    if "refund" not in rows:
        return rows
    back = rows["refund"].to_numpy(bool)
    notes["refunds"] = int(back.sum())
    if "amount" not in rows:
        return rows[~back]
    amount = rows["amount"].to_numpy(float).copy()
    stamps = rows["time"].to_numpy()
    by_customer = {who: list(own) for who, own in rows.groupby("customer").indices.items()}
    for place in np.flatnonzero(back & (amount < 0)):
        left = -amount[place]
        before = [
            at
            for at in by_customer[rows["customer"].iloc[place]]
            if not back[at] and amount[at] > 0 and stamps[at] <= stamps[place]
        ]
        for at in sorted(before, key=lambda each: stamps[each], reverse=True):
            taken = min(left, amount[at])
            amount[at] -= taken
            left -= taken
            if left < CENT:
                break
    taken_back = ~back & (amount < CENT) & (rows["amount"].to_numpy(float) >= CENT)
    notes["taken_back"] = int(taken_back.sum())
    kept: pd.DataFrame = rows.assign(amount=amount)[~back & ~taken_back]
    return kept


def _without_repetitions(rows: pd.DataFrame, notes: dict[str, int]) -> pd.DataFrame:
    """Rows that do not stand there twice; of days alone nobody can tell."""
    timed = (rows["time"] != rows["time"].dt.normalize()).to_numpy()
    again = rows.duplicated().to_numpy() & timed
    notes["repeated"] = int(again.sum())
    kept: pd.DataFrame = rows[~again]
    return kept


def _longest_gap(day: Whole) -> int:
    """Days in a row without any order, where so many are no chance; 0 otherwise."""
    every = np.unique(day)
    if len(every) < 2:
        return 0
    longest = int(np.diff(every).max()) - 1
    usual = max(float(every[-1] - every[0]) / (len(every) - 1), 1.0)
    return longest if longest >= LONG_GAP * usual else 0


class Period(NamedTuple):
    """How a log is cut: so many days to learn from, and so many after them to be told."""

    first_days: int
    next_days: int

    @property
    def ends(self) -> Whole:
        """Days from the cut to the end of each week that is told; the last may be shorter."""
        full = np.arange(WEEK_DAYS, self.next_days + WEEK_DAYS, WEEK_DAYS)
        return np.minimum(full, self.next_days)


@dataclass(frozen=True)
class History:
    """What is known of every customer at the cut, and what came of them.

    Attributes
    ----------
    repeats
        Days on which they bought again before the cut.
    recency
        Days from the first purchase to the last one before the cut.
    age
        Days from the first purchase to the last day before the cut.
    mean_amount
        Yuan of a repeat purchase, of those who made one; NaN elsewhere, None where unknown.
    later
        Purchases in each week after the cut, a row per customer.
    later_amount
        Yuan paid after the cut; None where unknown.
    """

    repeats: Whole
    recency: Whole
    age: Whole
    mean_amount: Floats | None
    later: Whole
    later_amount: Floats | None

    @property
    def customers(self) -> int:
        """How many there are."""
        return len(self.repeats)

    def kinds(self) -> tuple["History", Whole]:
        """One customer of each kind that models tell apart, and of which kind each is."""
        seen = np.stack([self.repeats, self.recency, self.age], axis=1)
        _, first, kind = np.unique(seen, axis=0, return_index=True, return_inverse=True)
        one = History(
            self.repeats[first], self.recency[first], self.age[first], None, self.later[:0], None
        )
        return one, np.asarray(kind.reshape(-1), np.int64)


def history_of(purchases: Purchases, period: Period) -> History:
    """What is known of the customers won before the cut."""
    cut, last = period.first_days, period.first_days + period.next_days
    first = purchases.first_days()
    known = np.flatnonzero(first < cut)
    place = np.full(purchases.customers, -1, np.int64)
    place[known] = np.arange(len(known))
    own, day = place[purchases.customer], purchases.day
    before = (own >= 0) & (day < cut)
    after = (own >= 0) & (day >= cut) & (day < last)
    count = len(known)
    repeats = np.bincount(own[before], minlength=count) - 1
    latest = np.zeros(count, np.int64)
    np.maximum.at(latest, own[before], day[before])
    weeks = len(period.ends)
    later = np.zeros((count, weeks), np.int64)
    np.add.at(later, (own[after], (day[after] - cut) // WEEK_DAYS), 1)
    mean_amount = later_amount = None
    if purchases.amount is not None:
        again = before & (day > first[purchases.customer])
        paid = np.bincount(own[again], purchases.amount[again], minlength=count)
        with np.errstate(invalid="ignore", divide="ignore"):
            mean_amount = np.where(repeats > 0, paid / repeats, np.nan)
        paid_later = np.bincount(own[after], purchases.amount[after], minlength=count)
        later_amount = paid_later.astype(float)
    return History(
        repeats.astype(np.int64),
        latest - first[known],
        cut - 1 - first[known],
        mean_amount,
        later,
        later_amount,
    )


def described(log: OrderLog, columns: Columns) -> pd.DataFrame:
    """What a log says of its customers beside when they bought.

    Returns
    -------
    pandas.DataFrame
        ``what, of, value, unit``: shares of rows by category and channel (the ten largest of
        each), age of the child at the purchase, orders of members over those of others, refunds,
        pieces a row.
    """
    rows = log.rows
    bought = rows[~rows["refund"]] if "refund" in rows else rows
    found: list[tuple[str, str, float, str]] = []
    for meaning in ("category", "channel"):
        if meaning in bought:
            shares = bought[meaning].value_counts(normalize=True).head(10)
            found += [(meaning, str(name), float(share), "share") for name, share in shares.items()]
    if "child_born" in bought:
        months = (bought["time"] - bought["child_born"]).dt.days.dropna() / 30.0
        found.append(("child_known", "", float(bought["child_born"].notna().mean()), "share"))
        for quantile in (0.25, 0.5, 0.75):
            if len(months):
                value = float(months.quantile(quantile))
                found.append(("age_of_child", str(quantile), value, "months"))
    if "member" in bought:
        own = bought.groupby("customer")["member"].any()
        count = bought.groupby("customer").size()
        found.append(("members", "", float(own.mean()), "share"))
        if own.any() and not own.all():
            ratio = float(count[own].mean() / count[~own].mean())
            found.append(("orders_of_members", "", ratio, "ratio"))
    if "quantity" in bought:
        found.append(("pieces", "", float(bought["quantity"].mean()), "pieces"))
    if "refund" in rows:
        found.append(("refunds", "", float(rows["refund"].mean()), "share"))
    return pd.DataFrame(found, columns=["what", "of", "value", "unit"]).astype(
        {"what": object, "of": object, "value": float, "unit": object}
    )


__all__ = [
    "History",
    "OrderLog",
    "Period",
    "Purchases",
    "described",
    "history_of",
    "read_log",
]
