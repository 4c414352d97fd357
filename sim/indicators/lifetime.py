"""Lifetime value: what a new customer is worth over the months to come."""

from functools import partial

import numpy as np

from sim.indicators.book import Book
from sim.indicators.churn import customer_survival
from sim.indicators.money import FEN
from sim.indicators.observed import MONTH_DAYS, YEAR_DAYS, Array
from sim.indicators.registry import Measured, annual, indicator
from sim.indicators.survival import survival_at
from sim.world.household import NEVER

LIFETIME_MONTHS = (12, 36)
MOST_MONTHS = max(LIFETIME_MONTHS)
FEW = 30  # customer-months below which a month's margin is carried on, not measured (assumed)


def _worth_by_month(book: Book) -> tuple[Array, Array]:
    """Expected discounted margin of a new customer by month, and customer-months seen.

    The period method: as life expectancy is computed from one year's deaths, the margin per
    customer in each month since the first order, and the chance to graduate in it, are those of
    customers seen in that month during the measurement year. Months hardly anybody was seen in
    carry on the last measured margin, shrinking at the pace at which customers fall silent.

    Returns
    -------
    worth, seen
        Shape (36, segments).
    """
    seen, graduated, earned = _customers_by_month(book)
    middle = (np.arange(MOST_MONTHS) + 0.5) * MONTH_DAYS / YEAR_DAYS
    discount = (1 + book.observed.discount_rate_per_year) ** -middle
    staying = np.cumprod(1.0 - np.minimum(graduated / np.maximum(seen, 1), 1.0), axis=0)
    staying = np.concatenate([np.ones_like(staying[:1]), staying[:-1]])
    flow = _carried_on(earned, seen, _monthly_survival(book))
    return flow * staying * discount[:, None], seen


def _lifetime_value(book: Book, months: int) -> Measured:
    worth, seen = book.once(_worth_by_month)
    value = worth[:months].sum(axis=0)
    return Measured(np.full(len(value), np.nan), seen[:months].sum(axis=0), value)


def _customers_by_month(book: Book) -> tuple[Array, Array, Array]:
    """Customer-months seen, graduations and yuan of margin by month since the first order."""
    first_order, left = book.first_order_day, book.families.left_day
    until = np.minimum(left, book.days)
    customer = np.flatnonzero((first_order < NEVER) & (until > book.first))
    longest = MOST_MONTHS * MONTH_DAYS
    age_from = np.clip(book.first - first_order[customer], 0, longest)
    age_to = np.clip(until[customer] - first_order[customer], 0, longest)
    entries, exits = (book.segments.count(customer, age, longest + 1) for age in (age_from, age_to))
    watched = np.cumsum(entries - exits, axis=1)[:, :-1]  # customers seen at each day of age
    gone = (left[customer] < book.days) & (age_to < longest)
    graduated = book.segments.count(customer[gone], age_to[gone] // MONTH_DAYS, MOST_MONTHS)
    family = book.orders.family[book.year]
    age = book.orders.day[book.year] - first_order[family]
    margin = (book.orders.paid_fen - book.orders.goods_cost_fen)[book.year] / FEN
    young = (age >= 0) & (age < longest)
    earned = book.segments.count(
        family[young], age[young] // MONTH_DAYS, MOST_MONTHS, margin[young]
    )
    seen = watched.reshape(len(watched), MOST_MONTHS, MONTH_DAYS).sum(axis=2) / MONTH_DAYS
    return seen.T, graduated.T, earned.T


def _monthly_survival(book: Book) -> float:
    """Share of established customers who stay a month, from the second half-year's survival."""
    curve = customer_survival(book)
    half, year = (float(survival_at(curve[None, :], day)[0]) for day in (180, YEAR_DAYS))
    if not (half > 0 and np.isfinite(year)):
        return float("nan")
    return float((year / half) ** (MONTH_DAYS / (YEAR_DAYS - 180)))


def _carried_on(margin: Array, seen: Array, survival: float) -> Array:
    """Margin per customer by month and segment; thin months follow the one before."""
    flow = np.full(margin.shape, np.nan)
    for month in range(len(margin)):
        measured = margin[month] / np.where(seen[month] > 0, seen[month], 1.0)
        if month == 0:
            flow[0] = np.where(seen[0] > 0, measured, np.nan)
            continue
        recent = np.mean(flow[max(0, month - 3) : month], axis=0)
        flow[month] = np.where(seen[month] >= FEW, measured, recent * survival)
    return flow


for _months in LIFETIME_MONTHS:
    indicator(
        f"lifetime_value_{_months}m_yuan",
        "yuan a customer",
        f"discounted gross margin expected in the first {_months} months after a first order: "
        "margin per customer by month since that order, as seen in the measurement year; months "
        "seen for fewer than 30 customer-months carry on the last three, shrinking at the pace "
        "at which customers fall silent",
        "customer-months seen",
        needs_days=annual,
    )(partial(_lifetime_value, months=_months))
