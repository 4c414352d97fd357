"""Readings of what programmes leave behind: consent, transparency, referral, prediction."""

import numpy as np

from sim.evidence.readings import first_order_cause, mean, rate, share
from sim.indicators import Book
from sim.indicators.observed import ACTIVE_DAYS, MONTH_DAYS, YEAR_DAYS, Array
from sim.operator.discovery import CAUSES
from sim.world.events import REASONS

OVER_PRIVACY = REASONS.index("privacy")
BEST_QUARTER = 0.75  # of order values, the quantile from which on a customer is of the highest


def lost_over_privacy(book: Book) -> float:
    """Of the year's members of the private domain, who left or fell silent over privacy.

    Left: the private domain, a chat or the messages, for that reason. Fallen silent: still in a
    chat at the end, and more concerned than it can live with; wrote there (a reaction, a post, a
    check-in) in the year or in the 90 days before it, and no more in the last 90 days.
    """
    start, families = book.observed.start, book.families
    member = (families.generation == 0) & (start["in_private_domain"][families.place] > 0)
    member[book.events("entered_private_domain").family] = True
    gone = np.zeros(families.count, bool)
    for field in ("left_group", "left_private", "unsubscribed"):
        left = book.events(field)
        gone[left.family[left.value == OVER_PRIVACY]] = True
    end = book.observed.end
    wrote = end["last_reaction_day"].astype(np.int64)
    silent = book.member_at_end & (end["privacy_concern"] > end["privacy_tolerance"])
    silent &= (wrote >= book.first - ACTIVE_DAYS) & (wrote < book.days - ACTIVE_DAYS)
    return rate(member, gone | (book.from_end(silent) > 0))


def trust_after_and_before(book: Book) -> tuple[float, float]:
    """Mean trust of the customers of day 0 at the end of the run and at its start."""
    start, end = book.observed.start, book.observed.end
    stays = (start["orders"] > 0) & (start["family"] == end["family"])
    return mean(end["trust"][stays]), mean(start["trust"][stays])


def churn_of_best(book: Book) -> float:
    """Churn of established, active customers of day 0 whose orders are worth most (a quarter)."""
    start, families = book.observed.start, book.families
    here = families.generation == 0
    place = families.place
    orders = start["orders"][place].astype(np.int64)
    active = start["last_order_day"][place] >= -ACTIVE_DAYS
    base = here & (orders >= 2) & active & (families.left_day >= book.days)
    if not base.any():
        return float("nan")
    value = start["spending_fen"][place] / np.maximum(orders, 1)
    best = base & (value >= np.quantile(value[base], BEST_QUARTER))
    silent = book.history(book.days).last_order_day < book.days - ACTIVE_DAYS
    return rate(best, silent)


def conversion_of_invited(book: Book) -> float:
    """Of invited friends who looked in, those who ordered for the first time within 30 days."""
    if "referral_looked_in" not in (book.observed.events.dtype.names or ()):
        return float("nan")
    looked_in = book.events("referral_looked_in")
    followed = looked_in.day + MONTH_DAYS <= book.days
    day, first = looked_in.day[followed], book.first_order_day[looked_in.family[followed]]
    return mean((first >= day) & (first < day + MONTH_DAYS))


def _new_customers(book: Book) -> tuple[Array, Array]:
    """New customers followed for a year, and who of them came by a friend."""
    won_day = book.first_order_day
    new = (won_day >= 0) & (won_day + YEAR_DAYS <= book.days)
    new &= book.families.left_day >= won_day + YEAR_DAYS
    return new, first_order_cause(book) == CAUSES.index("referral")


def churn_of_referred(book: Book) -> tuple[float, float]:
    """New customers without an order in the last 90 days of their first year: referred, others."""
    new, referred = _new_customers(book)
    age = book.orders.day - book.first_order_day[book.orders.family]
    late = np.zeros(book.families.count, bool)
    late[book.orders.family[(age >= YEAR_DAYS - ACTIVE_DAYS) & (age < YEAR_DAYS)]] = True
    return rate(new & referred, ~late), rate(new & ~referred, ~late)


def margin_of_referred(book: Book) -> tuple[float, float]:
    """Margin after price cuts in a new customer's first year, yuan: referred, others."""
    new, referred = _new_customers(book)
    orders = book.orders
    age = orders.day - book.first_order_day[orders.family]
    within = (age >= 0) & (age < YEAR_DAYS)
    margin = (orders.paid_fen - orders.goods_cost_fen)[within] / 100.0
    total = book.per_family(orders.family[within], margin)
    return mean(total[new & referred]), mean(total[new & ~referred])


def referrals_of_referred(book: Book) -> tuple[float, float]:
    """Friends that customers who came by a friend would invite in the year, and their days."""
    if "referral_wished" not in (book.observed.events.dtype.names or ()):
        return float("nan"), float("nan")
    since = book.first_order_day + 1
    came = (first_order_cause(book) == CAUSES.index("referral")) & (since < book.days)
    wished = book.events("referral_wished")
    made = came[wished.family] & (wished.day >= since[wished.family])
    until = np.minimum(book.families.left_day, book.days)
    days = (until - np.maximum(since, book.first))[came]
    return float(made.sum()), float(np.maximum(days, 0).sum())


def accuracy_of_prediction(book: Book) -> float:
    """Share of unseen customers that the last study's model told right."""
    studied = np.flatnonzero(_daily(book, "prediction_customers") > 0)
    told = _daily(book, "prediction_accuracy")
    return float(told[studied[-1]]) if len(studied) else float("nan")


def conversion_of_picked(book: Book) -> tuple[float, float]:
    """Of customers drawn by lot who ordered in time: with a predicted coupon, and without."""
    names = ("picks_came", "picks", "others_came", "others")
    came, picks, others_came, others = (_daily(book, f"prediction_{n}")[-1] for n in names)
    return share(came, picks), share(others_came, others)


def _daily(book: Book, name: str) -> Array:
    """A column of a lever's own, zeros where the run has none."""
    daily = book.observed.daily
    known = name in (daily.dtype.names or ())
    return np.asarray(daily[name]) if known else np.zeros(book.days)


__all__ = [
    "accuracy_of_prediction",
    "churn_of_best",
    "churn_of_referred",
    "conversion_of_invited",
    "conversion_of_picked",
    "lost_over_privacy",
    "margin_of_referred",
    "referrals_of_referred",
    "trust_after_and_before",
]
