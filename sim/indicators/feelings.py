"""Rewards, feelings and the funnel: where customers stand at the end of the run."""

from functools import partial

import numpy as np

from sim.indicators.book import Book
from sim.indicators.observed import YEAR_DAYS, Array
from sim.indicators.registry import Measured, annual, indicator, ratio, spread, total
from sim.world.household import TIERS

STATES = ("trust", "satisfaction", "engagement", "fatigue")

# Reichheld (2003) on his scale of 0 to 10: promoters answer 9 or 10, detractors 6 or less.
PROMOTER_SATISFACTION = 0.85
DETRACTOR_SATISFACTION = 0.65


def _points(book: Book, field: str) -> Array:
    booked = book.events(field)
    return book.per_family(booked.family, booked.value)


def _points_total(book: Book, field: str) -> Measured:
    return total(book, _points(book, field))


for _kind in ("issued", "redeemed", "expired"):
    indicator(f"points_{_kind}", "points", f"points {_kind} in the measurement year", "one")(
        partial(_points_total, field=f"points_{_kind}")
    )


@indicator(
    "points_redemption_rate",
    "share",
    "points redeemed in the last 365 days",
    "points issued in the last 365 days",
    needs_days=annual,
)
def redemption_rate(book: Book) -> Measured:
    """How many of the points issued are used."""
    return ratio(book, _points(book, "points_redeemed"), _points(book, "points_issued"))


def _customer(book: Book) -> Array:
    return np.asarray(book.observed.end["orders"] > 0)


@indicator(
    "loyalty_share",
    "share",
    "of those, enrolled in points and tiers at the end",
    "customers (one or more orders ever) at the end",
)
def loyalty_share(book: Book) -> Measured:
    """Participation in the loyalty programme."""
    enrolled = _customer(book) & (book.observed.end["loyalty_member"] > 0)
    return ratio(book, book.from_end(enrolled), book.from_end(_customer(book)))


def _tier_share(book: Book, tier: int) -> Measured:
    end = book.observed.end
    member = end["loyalty_member"] > 0
    here = member & (end["tier"] == tier)
    return ratio(book, book.from_end(here), book.from_end(member))


for _code, _tier in enumerate(TIERS):
    indicator(
        f"tier_share_{_tier}",
        "share",
        f"of those, in tier {_tier} at the end",
        "members of the loyalty programme at the end",
    )(partial(_tier_share, tier=_code))


def _mean(book: Book, state: str) -> Measured:
    value = np.where(_customer(book), book.observed.end[state], 0.0)
    return ratio(book, book.from_end(value), book.from_end(_customer(book)))


def _deviation(book: Book, state: str) -> Measured:
    value = book.from_end(book.observed.end[state].astype(float))
    return spread(book, value, book.from_end(_customer(book)) > 0)


for _state in STATES:
    _unit = "messages" if _state == "fatigue" else "0 to 1"
    indicator(
        f"{_state}_mean", _unit, f"sum of {_state} at the end", "customers (ever) at the end"
    )(partial(_mean, state=_state))
    indicator(
        f"{_state}_sd",
        _unit,
        f"standard deviation of {_state} at the end",
        "customers (ever) at the end",
    )(partial(_deviation, state=_state))


@indicator(
    "net_promoter_balance",
    "share",
    "customers of the measurement year with satisfaction of .85 or more, less those under .65 "
    "(9 and 10, and 0 to 6, on the scale of 0 to 10)",
    "customers of the measurement year still there at the end",
)
def net_promoter_balance(book: Book) -> Measured:
    """Promoters less detractors, as satisfaction stands for the answer to the question."""
    satisfaction = book.observed.end["satisfaction"]
    bought = book.orders_in_year[book.at_end] > 0
    promoter = bought & (satisfaction >= PROMOTER_SATISFACTION)
    detractor = bought & (satisfaction < DETRACTOR_SATISFACTION)
    balance = promoter.astype(float) - detractor
    return ratio(book, book.from_end(balance), book.from_end(bought))


FUNNEL = ("touch", "first_order", "landing", "tiering", "repurchase")
_FUNNEL_WORDS = (
    "visited the operator's channels, followed one of its deals, or had it in mind on a shopping "
    "trip in the measurement year",
    "have ordered from it, ever",
    "are in its private domain",
    "are enrolled in its loyalty programme",
    "have ordered at least twice, ever",
)


def _funnel(book: Book, step: int) -> Measured:
    end = book.observed.end
    steps = (
        end["last_met_day"] >= max(book.first, book.days - YEAR_DAYS),
        end["orders"] >= 1,
        end["in_private_domain"] > 0,
        end["loyalty_member"] > 0,
        end["orders"] >= 2,
    )
    before = np.logical_and.reduce((np.ones(len(end), bool), *steps[:step]))
    return ratio(book, book.from_end(before & steps[step]), book.from_end(before))


for _step, _stage in enumerate(FUNNEL):
    indicator(
        f"funnel_{_stage}_share",
        "share",
        f"of those, who {_FUNNEL_WORDS[_step]}",
        "households at the end"
        + ("" if _step == 0 else f" that reached the step before ({FUNNEL[_step - 1]})"),
    )(partial(_funnel, step=_step))


__all__ = ["FUNNEL", "STATES"]
