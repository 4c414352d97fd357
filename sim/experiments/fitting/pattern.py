"""How customers buy again, in some figures that a log and a simulated world are held together by.

Everybody is followed on a clock that begins with the first purchase, up to the cut; simulated
customers are followed for as long as those of the log are.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from sim.experiments.fitting.new_customers import NewCustomers
from sim.experiments.samplers.emulated import Target
from sim.order_log.history import Purchases, Whole

TIMES = (1, 2, 3, 4)  # the chance of a purchase after so many
GAP_DAYS = (7, 14, 28, 56, 112)
MONTH_DAYS, MOST_MONTHS = 28, 13
LAST_PART = 0.25  # assumed; of the time that a customer is known
LEAST = 5  # assumed; customers or gaps without which a figure says nothing
# Assumed: how far a world may be off and still be as good as there is; what the model leaves out.
LEFT_OUT = {"next": 0.015, "gap": 0.015, "month": 0.05, "recent": 0.015}
FEW_A_MONTH = 0.1  # assumed; purchases a month, beside which so few more or less are no matter


class Figure(NamedTuple):
    """A figure of how customers buy again, with the spread that chance gives it."""

    value: float
    error: float


UNKNOWN = Figure(float("nan"), float("nan"))  # in place of one that too few tell


@dataclass(frozen=True)
class Followed:
    """Purchases of customers, each followed for so many days from the first.

    Attributes
    ----------
    customer, day
        In order of both; day counts from the customer's first purchase, which is day 0.
    age
        Days that each is followed for.
    """

    customer: Whole
    day: Whole
    age: Whole


def followed_in_log(purchases: Purchases, cut: int) -> Followed:
    """Customers of a log won before the cut, up to it."""
    first = purchases.first_days()
    return Followed(purchases.customer, purchases.day - first[purchases.customer], cut - 1 - first)


def followed_alike(simulated: NewCustomers, age: Whole) -> Followed:
    """Simulated customers, followed for as long as customers of a log: the same spread of ages."""
    ages = np.sort(age)
    # By lot, since a customer's number tells when it was won.
    spread = np.random.default_rng(0).permutation(simulated.customers)
    own = ages[(spread * len(ages)) // max(simulated.customers, 1)]
    seen = simulated.day <= own[simulated.customer]
    return Followed(simulated.customer[seen], simulated.day[seen], own)


def pattern(seen: Followed) -> dict[str, Figure]:
    """How these customers buy again; a figure is missing where too few tell it."""
    count = np.bincount(seen.customer, minlength=len(seen.age))
    found: dict[str, Figure] = {}
    for times in TIMES:
        _add_share(found, f"next_{times}", count[count >= times] > times)
    gaps = np.diff(seen.day)[np.diff(seen.customer) == 0]
    for days in GAP_DAYS:
        _add_share(found, f"gap_{days}", gaps <= days)
    for month in range(1, MOST_MONTHS + 1):
        known = seen.age >= month * MONTH_DAYS
        own = (seen.day > (month - 1) * MONTH_DAYS) & (seen.day <= month * MONTH_DAYS)
        bought = np.bincount(seen.customer[own], minlength=len(seen.age))[known]
        if len(bought) >= LEAST:
            error = float(bought.std() / np.sqrt(len(bought)))
            found[f"month_{month}"] = Figure(float(bought.mean()), error)
    last = seen.day > (1.0 - LAST_PART) * seen.age[seen.customer]
    again = np.bincount(seen.customer[last & (seen.day > 0)], minlength=len(seen.age)) > 0
    _add_share(found, "recent", again[seen.age >= MONTH_DAYS])
    return found


def _add_share(found: dict[str, Figure], name: str, happened: np.ndarray) -> None:
    if len(happened) >= LEAST:
        share = float(happened.mean())
        error = float(np.sqrt(max(share * (1.0 - share), 0.25 / len(happened)) / len(happened)))
        found[name] = Figure(share, error)


def targets(log: Mapping[str, Figure], world: Mapping[str, Figure]) -> dict[str, Target]:
    """What figures of a world should be, and how far off chance and the model may leave them.

    Parameters
    ----------
    log
        The pattern of the log.
    world
        Of any one world of the size that is searched in; it tells the chance of a world.
    """
    found = {}
    for name, (value, error) in log.items():
        kind = name.partition("_")[0]
        left_out = LEFT_OUT[kind] * (value + FEW_A_MONTH if kind == "month" else 1.0)
        other = world[name].error if name in world else error
        found[name] = Target(value, float(np.sqrt(error**2 + other**2 + left_out**2)))
    return found


__all__ = [
    "UNKNOWN",
    "Figure",
    "Followed",
    "followed_alike",
    "followed_in_log",
    "pattern",
    "targets",
]
