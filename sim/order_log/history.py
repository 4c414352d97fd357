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
from sim.order_log.reading import Named, OrderLogError, read_table, row_of
from sim.text.outgoing import cited

Whole = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
WEEK_DAYS = 7
CENT = 0.005  # yuan: less than that is nothing left of what was paid
LONG_GAP = 14.0  # assumed; days without an order, in usual days between two, that make one ask
MOST_DAYS = 7300  # assumed; twenty years


@dataclass(frozen=True)
class Purchases:
    """Days on which customers bought before the cut, in order of customer and day, each once.

    Attributes
    ----------
    customer
        Number of the customer, from 0; every number has a purchase.
    day
        Counted from the first day of the log.
    """

    customer: Whole
    day: Whole

    def first_days(self) -> Whole:
        """Day of the first purchase of each."""
        starts = np.flatnonzero(np.r_[True, np.diff(self.customer) > 0][: len(self.customer)])
        return self.day[starts]


@dataclass(frozen=True)
class OrderLog:
    """An order log that was read and checked.

    Attributes
    ----------
    rows
        Rows as checked, each once, in order of time, with ``who``, the number of the customer,
        and ``day``, counted from the first.
    first_date
        The day that is day 0.
    notes
        What was found and done, by name: how many rows or days.
    unused
        Meanings that a column bears as its name, though nobody said that the log has it.
    """

    rows: pd.DataFrame
    first_date: pd.Timestamp
    notes: Mapping[str, int]
    unused: list[str]

    @property
    def days(self) -> int:
        """How many days it spans."""
        return int(self.rows["day"].iloc[-1]) + 1

    @property
    def tells_amounts(self) -> bool:
        """Whether it says what was paid."""
        return "amount" in self.rows

    def bought(self, until: int) -> pd.DataFrame:
        """What was bought before a day, by what was known then: ``who, day, amount``.

        One row per customer and day, in order of both; refunds from that day on are not known.
        """
        kept = _without_refunds(self.rows[self.rows["day"] < until])
        if not self.tells_amounts:
            kept = kept.assign(amount=np.nan)
        return kept.groupby(["who", "day"], sort=True)["amount"].sum(min_count=1).reset_index()


def read_log(path: Path, columns: Columns, time_format: str = "", time_zone: str = "") -> OrderLog:
    """Read and check an order log.

    Purchases of a customer on one day count as one, as models of repeat buying have it. What
    was sent back is no purchase: a row that is marked as refund or below zero, and one whose
    money a later refund of the same customer takes back. A row that stands there twice with the
    same time of day counts once.

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
    log = Named(cited(str(path)), columns)
    table = read_table(path, columns)
    every = checked(table.rows, log, time_format, time_zone)
    notes = {"rows": len(every)}
    rows = _without_repetitions(every, notes).sort_values("time", kind="stable")
    first = rows["time"].iloc[0].normalize()
    days = (rows["time"].dt.normalize() - first).dt.days.to_numpy(np.int64)
    if days[-1] >= MOST_DAYS:
        at = row_of(int(rows.index[0])), row_of(int(rows.index[-1]))
        raise OrderLogError(
            f"{log.name} spans {days[-1] + 1:,} days, from row {at[0]} to row {at[1]}, more than "
            f"{MOST_DAYS:,}: look for a mistyped year."
        )
    rows = rows.assign(who=pd.factorize(rows["customer"], sort=True)[0], day=days)
    kept = _without_refunds(rows)
    if not len(kept):
        raise OrderLogError(f"{log.name} holds nothing but refunds: no order is left.")
    notes["refunds"] = int(_sent_back(rows).sum())
    notes["taken_back"] = len(rows) - notes["refunds"] - len(kept)
    notes["on_a_day_that_counts_already"] = int(kept.duplicated(["who", "day"]).sum())
    notes["days_without_orders"] = _longest_gap(kept["day"].to_numpy(np.int64))
    return OrderLog(rows, first, notes, table.unused)


def _sent_back(rows: pd.DataFrame) -> np.ndarray:
    """Rows that are refunds: marked so, or below zero."""
    back = np.zeros(len(rows), bool)
    if "refund" in rows:
        back |= rows["refund"].to_numpy(bool)
        if "amount" in rows:
            back |= rows["amount"].to_numpy(float) < 0
    return back


def _without_refunds(rows: pd.DataFrame) -> pd.DataFrame:
    """Orders that were kept, with what was left of them: the latest are taken back first."""
    back = _sent_back(rows)
    if "amount" not in rows or not back.any():
        return rows[~back]
    paid = rows["amount"].to_numpy(float)
    left, who = paid.copy(), rows["who"].to_numpy()
    open_orders: dict[int, list[int]] = {int(one): [] for one in who[back]}
    for place in np.flatnonzero(np.isin(who, who[back])):  # in order of time
        orders = open_orders[int(who[place])]
        if not back[place]:
            orders.append(int(place))
            continue
        owed = max(-paid[place], 0.0)
        while orders and owed >= CENT:
            taken = min(owed, left[orders[-1]])
            left[orders[-1]] -= taken
            owed -= taken
            if left[orders[-1]] < CENT:
                orders.pop()
    taken_back = (left < CENT) & (paid >= CENT)
    kept: pd.DataFrame = rows.assign(amount=left)[~back & ~taken_back]
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
    """How a log is cut.

    Attributes
    ----------
    first_days
        Days to learn from.
    next_days
        Days after them, to be forecast.
    left_out_days
        Whoever bought within so many days of the log's beginning is left out: of an extract from a
        running shop nobody knows who of them is new.
    """

    first_days: int
    next_days: int
    left_out_days: int = 0

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


def before_the_cut(log: OrderLog, period: Period) -> tuple[Purchases, pd.DataFrame]:
    """Purchases of customers won before the cut, by what was known then.

    Returns
    -------
    purchases
        With customers numbered anew.
    bought
        The same with ``who``, the customer's number in the log, and ``amount``.

    Raises
    ------
    OrderLogError
        Where there are no such customers.
    """
    bought = log.bought(period.first_days)
    first = bought.groupby("who")["day"].transform("min")
    bought = bought[first >= period.left_out_days]
    if not len(bought):
        raise OrderLogError(
            f"Nobody is left of the log who was won before day {period.first_days:,} and not "
            f"within the first {period.left_out_days:,}: change experiment.first_days or "
            "experiment.left_out_days."
        )
    number = pd.factorize(bought["who"])[0]
    return Purchases(np.asarray(number, np.int64), bought["day"].to_numpy(np.int64)), bought


def history_of(
    log: OrderLog, period: Period, before: tuple[Purchases, pd.DataFrame] | None = None
) -> History:
    """What is known at the cut of the customers won before it, and what came of them.

    `before` is what `before_the_cut` gives of both, where it is there already.
    """
    purchases, bought = before or before_the_cut(log, period)
    cut, last = period.first_days, period.first_days + period.next_days
    own, day, first = purchases.customer, purchases.day, purchases.first_days()
    count = len(first)
    repeats = np.bincount(own, minlength=count) - 1
    latest = np.zeros(count, np.int64)
    np.maximum.at(latest, own, day)
    number = pd.Series(np.arange(count), index=bought["who"].drop_duplicates().to_numpy())
    then = log.bought(log.days)
    then = then[(then["day"] >= cut) & (then["day"] < last) & then["who"].isin(number.index)]
    who = number.loc[then["who"].to_numpy()].to_numpy(np.int64)
    later = np.zeros((count, len(period.ends)), np.int64)
    np.add.at(later, (who, (then["day"].to_numpy(np.int64) - cut) // WEEK_DAYS), 1)
    mean_amount = later_amount = None
    if log.tells_amounts:
        again = day > first[own]
        paid = np.bincount(own[again], bought["amount"].to_numpy(float)[again], minlength=count)
        with np.errstate(invalid="ignore", divide="ignore"):
            mean_amount = np.where(repeats > 0, paid / repeats, np.nan)
        paid_later = np.bincount(who, then["amount"].to_numpy(float), minlength=count)
        later_amount = paid_later.astype(float)
    return History(
        repeats.astype(np.int64), latest - first, cut - 1 - first, mean_amount, later, later_amount
    )


def described(log: OrderLog) -> pd.DataFrame:
    """What a log says of its customers beside when they bought.

    Returns
    -------
    pandas.DataFrame
        ``what, of, value, unit``: shares of rows by category and channel (the ten largest of
        each), age of the child at the purchase, orders of members over those of others, refunds,
        pieces a row.
    """
    rows = log.rows
    bought = rows[~_sent_back(rows)]
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
        count = bought.groupby("customer")["day"].nunique()
        found.append(("members", "", float(own.mean()), "share"))
        if own.any() and not own.all():
            ratio = float(count[own].mean() / count[~own].mean())
            found.append(("orders_of_members", "", ratio, "ratio"))
    if "quantity" in bought:
        found.append(("pieces", "", float(bought["quantity"].mean()), "pieces"))
    if "refund" in rows:
        found.append(("refunds", "", float(_sent_back(rows).mean()), "share"))
    return pd.DataFrame(found, columns=["what", "of", "value", "unit"]).astype(
        {"what": object, "of": object, "value": float, "unit": object}
    )


__all__ = [
    "History",
    "OrderLog",
    "Period",
    "Purchases",
    "before_the_cut",
    "described",
    "history_of",
    "read_log",
]
