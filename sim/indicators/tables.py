"""The tables a run gives back: indicators, days, months, orders, cohorts."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd

from sim.indicators.book import Book
from sim.indicators.churn import lapsed
from sim.indicators.community import POSTS
from sim.indicators.money import FEN, lever_costs, sales_by_day
from sim.indicators.observed import (
    ACTIVE_DAYS,
    FEES,
    MONTH_DAYS,
    YEAR_DAYS,
    Array,
    Observed,
    columns_with_prefix,
    daily_column,
    fees_of,
)
from sim.indicators.own import own_events
from sim.indicators.registry import REGISTRY, Indicator
from sim.indicators.repurchase import again_within
from sim.world.household import STORES

STOCKS = ("members", "active_members", "groups_living", "private_domain", "loyalty_members")
MOST_COHORT_MONTHS = 12


def as_book(observed: Observed | Book) -> Book:
    """The book of a run; hand in a book to several tables and it is read only once."""
    return observed if isinstance(observed, Book) else Book(observed)


def indicators_of(observed: Observed | Book) -> list[Indicator]:
    """Every indicator of a run: the registry, each lever's cost, each event of its own.

    Those that are about a shock are indicators of runs with a shock alone.
    """
    book = as_book(observed)
    shocked = book.observed.shock_days is not None
    common = [each for each in REGISTRY.values() if shocked or not each.with_shock]
    return [*common, *lever_costs(book), *own_events(book)]


def summarise(observed: Observed | Book) -> pd.DataFrame:
    """Every indicator in every segment.

    Parameters
    ----------
    observed
        A run, or its book.

    Returns
    -------
    pandas.DataFrame
        ``indicator, by, segment, numerator, denominator, value, unit``. Indicators kept for the
        whole only have one row; what a run is too short for is NaN (`Indicator.why_not` says).
    """
    book = as_book(observed)
    labels = book.segments.labels
    chosen = indicators_of(book)
    rows = [len(labels) if item.by_segment else 1 for item in chosen]
    numbers = np.full((3, sum(rows)), np.nan)
    at = 0
    for item, count in zip(chosen, rows, strict=True):
        if item.why_not(book.days) is None:
            for column, values in zip(numbers, item.measure(book), strict=True):
                column[at : at + count] = values[:count]
        at += count
    which = np.repeat(np.arange(len(chosen)), rows)
    segment = np.concatenate([np.arange(count) for count in rows])
    by, name = (_category([label[i] for label in labels], segment) for i in (0, 1))
    return pd.DataFrame(
        {
            "indicator": _category([item.name for item in chosen], which),
            "by": by,
            "segment": name,
            "numerator": numbers[0],
            "denominator": numbers[1],
            "value": numbers[2],
            "unit": _category([item.unit for item in chosen], which),
        }
    )


def measured(observed: Observed | Book, names: Iterable[str]) -> dict[str, float]:
    """Some indicators of the whole population, as `summarise` has them, and nothing else.

    NaN where the run has no such indicator: it is too short, or nothing befell it.
    """
    book = as_book(observed)
    there = {each.name: each for each in indicators_of(book) if each.why_not(book.days) is None}
    return {
        name: float(there[name].measure(book).value[0]) if name in there else float("nan")
        for name in names
    }


def _category(names: list[str], codes: Array) -> pd.Categorical:
    unique, place = _places(tuple(names))
    return coded(place[codes], unique)


@lru_cache(maxsize=64)
def _places(names: tuple[str, ...]) -> tuple[tuple[str, ...], Array]:
    """The different ones among them, and for each which one it is."""
    number = {name: place for place, name in enumerate(dict.fromkeys(names))}
    return tuple(number), np.array([number[name] for name in names])


def coded(codes: Array, names: Sequence[str]) -> pd.Categorical:
    """Words by their index."""
    given: Any = codes
    return pd.Categorical.from_codes(given, dtype=_words(tuple(names)))


@lru_cache(maxsize=256)
def _words(names: tuple[str, ...]) -> pd.CategoricalDtype:
    return pd.CategoricalDtype(pd.Index(names))


def daily_table(observed: Observed | Book) -> pd.DataFrame:
    """One row per day from 0: sales from the orders, everything else from the daily counters.

    Where the orders are a panel's, sales come from the counters too: every figure is of everybody.
    Columns in fen become yuan; lever costs are named ``cost_<lever>_yuan``, the price cuts a lever
    gave ``discount_<lever>_yuan``.
    """
    return pd.DataFrame(as_book(observed).once(_by_day))


def _by_day(book: Book) -> dict[str, Array]:
    """The columns of the daily table."""
    sales = sales_by_day(book)
    revenue, goods = sales["revenue_fen"], sales["goods_cost_fen"]
    columns: dict[str, Array] = {
        "day": np.arange(book.days),
        "orders": sales["orders"],
        "revenue_yuan": revenue / FEN,
        "gross_margin_yuan": (revenue - goods) / FEN,
        "private_revenue_yuan": sales["private_revenue_fen"] / FEN,
        "new_customers": sales["new_customers"],
    }
    spent, kept = np.zeros(book.days), book.observed.daily.dtype.names or ()
    for prefix in ("cost_", "operations_"):
        for name, fen in columns_with_prefix(book.observed, prefix).items():
            columns[f"{prefix}{name}_yuan"] = fen / FEN
            spent = spent + fen / FEN
    fees = fees_of(book.observed)
    if fees.any():
        columns["fees_yuan"] = fees / FEN
    columns["contribution_yuan"] = columns["gross_margin_yuan"] + fees / FEN - spent
    for name, fen in columns_with_prefix(book.observed, "discount_").items():
        columns[f"discount_{name}_yuan"] = fen / FEN
    for name in kept:
        plain = name.removesuffix("_fen")
        if (
            name == FEES
            or name.startswith(("cost_", "operations_", "discount_"))
            or plain in columns
            or f"{plain}_yuan" in columns
        ):
            continue
        column = daily_column(book.observed, name)
        if column is not None and column.ndim == 1:
            columns[f"{plain}_yuan" if name != plain else name] = (
                column / FEN if name != plain else column
            )
    return columns


def monthly_table(observed: Observed | Book) -> pd.DataFrame:
    """One row per whole 30-day month from day 0.

    Sums of the daily money columns, and the rates of that month: `repurchase_rate_30d` of the
    month's customers (NaN in the last, whose follow-up is not over); `churn_rate_90d`, the
    established customers active 90 days before the month's end who have been silent since
    (NaN while that lies before day 0); `repurchase_rate_365d` of the 365 days to its end;
    `ordering_after_<k>m`, see `retention_table`, of the customers won in the month. Stocks
    (members and the like) are those of its last day. Of a panel are only the rates, and the
    numbers of customers, which count each household for all it stands for.
    """
    book = as_book(observed)
    months = book.days // MONTH_DAYS
    table: dict[str, Array] = {"month": np.arange(months)} | _monthly_sums(book, months)
    rates = [_month_rates(book, month) for month in range(months)]
    table |= {name: np.array([rate[name] for rate in rates]) for name in (rates or [{}])[0]}
    for name in STOCKS:
        column = daily_column(book.observed, name)
        if column is not None:
            table[name] = column[MONTH_DAYS - 1 : months * MONTH_DAYS : MONTH_DAYS]
    return pd.DataFrame(table | _cohorts(book, months))


def _monthly_sums(book: Book, months: int) -> dict[str, Array]:
    """Sums of the daily money columns, and of orders and posts, by month."""
    summed = {
        name: column[: months * MONTH_DAYS].reshape(months, MONTH_DAYS)
        for name, column in book.once(_by_day).items()
        if name.endswith("_yuan") or name in ("orders", "new_customers", *POSTS)
    }
    money = {name: days for name, days in summed.items() if days.dtype.kind == "f"}
    sums = dict(zip(money, _summed(np.stack(list(money.values()))), strict=True))
    return {name: sums[name] if name in sums else days.sum(axis=1) for name, days in summed.items()}


def _summed(amounts: Array) -> Array:
    """Sums over the last axis in its order, compensated (Kahan 1965) as pandas' are."""
    total, missed = np.zeros((2, *amounts.shape[:-1]))
    for day in range(amounts.shape[-1]):
        amount = amounts[..., day] - missed
        further = total + amount
        missed = further - total - amount
        total = further
    return np.asarray(total)


def _cohorts(book: Book, months: int) -> dict[str, Array]:
    """Retention with a row per cohort and a column per month since."""
    size, ordering = book.once(_retention)
    share = ordering / np.where(size > 0, size, np.nan)[:, None]
    seen = [book.days // MONTH_DAYS - 1 - since for since in range(1, MOST_COHORT_MONTHS + 1)]
    return {
        f"ordering_after_{since}m": np.where(
            np.arange(months) < cohorts, share[:months, since], np.nan
        )
        for since, cohorts in enumerate(seen, 1)
        if cohorts > 0
    }


def _month_rates(book: Book, month: int) -> dict[str, float]:
    first, after = month * MONTH_DAYS, (month + 1) * MONTH_DAYS
    family, again = again_within(book, first, MONTH_DAYS)
    orders = book.orders
    here = (orders.day >= first) & (orders.day < after)
    paid = orders.paid_fen[here]
    rates = {
        "customers": float(len(family)) * book.observed.panel,
        "active_customers_90d": float(book.active_customers(after).sum()) * book.observed.panel,
        "average_order_value_yuan": _share(paid.sum() / FEN, len(paid)),
        "private_domain_sales_share": _share(paid[orders.store[here] == 0].sum(), paid.sum()),
        "repurchase_rate_30d": float("nan"),
        "churn_rate_90d": float("nan"),
        "repurchase_rate_365d": float("nan"),
    }
    if after + MONTH_DAYS <= book.days:
        rates["repurchase_rate_30d"] = _share(again.sum(), len(again))
    if after >= ACTIVE_DAYS:
        base = lapsed(book, after - ACTIVE_DAYS, after, least_orders=2)
        rates["churn_rate_90d"] = _share(base.lost.sum(), base.at_risk.sum())
    if after >= YEAR_DAYS:
        year = (orders.day >= after - YEAR_DAYS) & (orders.day < after)
        count = book.per_family(orders.family[year])
        rates["repurchase_rate_365d"] = _share((count >= 2).sum(), (count >= 1).sum())
    return rates


def _share(above: float, below: float) -> float:
    return float(above / below) if below else float("nan")


def orders_in(events: Array, first_day: int) -> Array:
    """Those of some event records that are orders from the operator, on that day or later."""
    mine = (events["day"] >= first_day) & (events["list_fen"] > 0)
    mine &= (events["store"] == 0) | (events["store"] == 1)
    return np.asarray(events[np.flatnonzero(mine)])


def order_log(observed: Observed | Book) -> pd.DataFrame:
    """The operator's orders, one row each, in readable columns.

    They are those from day 0, and of the warm-up, on days below 0, where these were kept.
    """
    book = as_book(observed)
    log = orders_in(book.observed.events, 0)
    if book.observed.earlier_orders is not None:
        log = np.concatenate([book.observed.earlier_orders, log])
    log = log[np.lexsort((log["household"], log["day"]))]
    table: dict[str, Any] = {name: log[name] for name in ("day", "household", "family", "group")}
    table["household"] *= book.observed.panel  # its place in the population
    table["channel"] = coded(log["store"], STORES[:2])
    table["cause"] = coded(log["cause"], book.observed.causes)
    for name in ("list", "paid", "goods_cost", "coupon"):
        table[f"{name}_yuan"] = log[f"{name}_fen"] / FEN
    for name in ("points_issued", "points_redeemed"):
        table[name] = log[name]
    for name in ("loyalty_member", "in_private_domain"):
        table[name] = log[name] > 0
    for name in book.observed.own_events:
        table[name] = log[name]
    for i, category in enumerate(book.observed.categories):
        table[f"packs_{category}"] = log["packs"][:, i]
    return pd.DataFrame(table)


def retention_table(observed: Observed | Book) -> pd.DataFrame:
    """Cohort retention: of the customers won in a month, the share ordering k months later.

    Returns
    -------
    pandas.DataFrame
        ``cohort_month, months_since, customers, ordering, share``; month 0 is 1 by definition
        and only months that lie wholly in the run are listed.
    """
    book = as_book(observed)
    months = book.days // MONTH_DAYS
    size, ordering = book.once(_retention)
    rows = [
        (c, k, int(size[c]), int(ordering[c, k]), _share(ordering[c, k], size[c]))
        for c in range(months)
        for k in range(months - c)
        if k == 0 or (c + k + 2) * MONTH_DAYS <= book.days
    ]
    names = ["cohort_month", "months_since", "customers", "ordering", "share"]
    return pd.DataFrame(rows, columns=names)


def _retention(book: Book) -> tuple[Array, Array]:
    """Customers won in each month, and how many of them ordered each number of months later."""
    won = book.first_order_day
    new = np.flatnonzero((won >= 0) & (won < book.days))
    months = book.days // MONTH_DAYS
    cohort = won // MONTH_DAYS
    size = np.bincount(cohort[new], minlength=months + 1)
    after = (book.orders.day >= 0) & (won[book.orders.family] >= 0)
    family = book.orders.family[after]
    since = (book.orders.day[after] - won[family]) // MONTH_DAYS
    seen = np.unique(family * (months + 1) + since)
    who, since = seen // (months + 1), seen % (months + 1)
    ordering = np.zeros((months + 1, months + 1))
    np.add.at(ordering, (cohort[who], since), 1)
    return size, ordering


__all__ = [
    "as_book",
    "coded",
    "daily_table",
    "indicators_of",
    "measured",
    "monthly_table",
    "order_log",
    "orders_in",
    "retention_table",
    "summarise",
]
