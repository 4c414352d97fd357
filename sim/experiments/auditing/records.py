"""One life as its records tell it, looked at from the index day: who, before, and after.

Days are those of the run. History is what the records held on the morning of the index day; who is
treated is settled between that day and the landmark; outcomes count from the landmark on, so that
nobody is sorted by what happened while the outcome was already running (immortal time: Suissa
2008; landmark design: Anderson, Cain & Gelber 1983).
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.experiments.statistics import Floats
from sim.indicators.observed import MONTH_DAYS, stage_at
from sim.parameters.quantity import ConfigurationError
from sim.text.outgoing import cited
from sim.world.household import STAGES

Flags = NDArray[np.bool_]
OUTCOMES = {
    "orders": "orders a customer",
    "repurchased": "share of customers",
    "margin_yuan": "yuan a customer",
}


class Dates(NamedTuple):
    """When an audit looks; days of the run.

    Attributes
    ----------
    index_day
        The day from which on the lever is at work in one life and withheld in the other.
    landmark
        The day by which it is settled who was treated, and from which on outcomes count.
    end
        The day after the last one that counts.
    """

    index_day: int
    landmark: int
    end: int

    @property
    def history(self) -> int:
        """First day of the history, as long as the time in which outcomes count."""
        return max(0, self.index_day - (self.end - self.landmark))


@dataclass(frozen=True)
class Life:
    """What the operator's records hold of one life of a world.

    Parameters
    ----------
    customers, contacts
        See `sim.evidence.operator_records`.
    dates
        When it is looked at.
    """

    customers: pd.DataFrame
    contacts: pd.DataFrame
    dates: Dates

    @cached_property
    def before(self) -> pd.DataFrame:
        """The list on the morning of the index day: whoever had ordered by then."""
        own = self.customers[self.customers["day"] == self.dates.index_day]
        return own[own["orders"] > 0].reset_index(drop=True)

    @cached_property
    def after(self) -> pd.DataFrame:
        """The same customers on the morning of the landmark."""
        own = self.customers[self.customers["day"] == self.dates.landmark]
        kept = own["household"].isin(self.before["household"])
        return own[kept].reset_index(drop=True)

    @cached_property
    def known(self) -> pd.DataFrame:
        """The contacts with these customers; `customer` is their row in `before`."""
        names = self.before["household"].to_numpy()
        household = self.contacts["household"].to_numpy()
        place = np.searchsorted(names, household)
        place[place == len(names)] = 0
        mine = names[place] == household if len(names) else np.zeros(len(household), bool)
        return self.contacts[mine].assign(customer=place[mine]).reset_index(drop=True)

    def between(self, first: int, after: int) -> pd.DataFrame:
        """Contacts from one day to before another."""
        day = self.known["day"].to_numpy()
        return self.known[(day >= first) & (day < after)]

    def total(self, first: int, after: int, what: str) -> Floats:
        """Sum of a column of contacts over some days, one number per customer."""
        seen = self.between(first, after)
        return _sum(seen["customer"], seen[what], len(self.before))

    def ever(self, first: int, after: int, what: str) -> Flags:
        """Whether a column of contacts was above zero on any of some days."""
        return np.asarray(self.total(first, after, what) > 0.0)

    def outcome(self, name: str) -> Floats:
        """An outcome of `OUTCOMES` (or `visited`) from the landmark on, one number per customer."""
        return self._measured(name, self.dates.landmark, self.dates.end)

    def earlier(self, name: str) -> Floats:
        """The same over the history; a share of the days of the outcome is scaled up to them."""
        dates = self.dates
        days, same = dates.index_day - dates.history, dates.end - dates.landmark
        value = self._measured(name, dates.history, dates.index_day)
        return value if name == "repurchased" else value * (same / days if days else np.nan)

    def months(self, what: str) -> Floats:
        """Sum of a column of contacts by whole months from the index day; (customers, months)."""
        index, end = self.dates.index_day, self.dates.end
        firsts = range(index, end - MONTH_DAYS + 1, MONTH_DAYS)
        found = [self.total(first, first + MONTH_DAYS, what) for first in firsts]
        return np.array(found).reshape(len(found), len(self.before)).T

    def _measured(self, name: str, first: int, after: int) -> Floats:
        if name in ("margin_yuan", "visited"):
            return self.total(first, after, name)
        orders = self.total(first, after, "ordered")
        return orders if name == "orders" else (orders > 0.0).astype(float)


def _sum(who: Any, what: Any, count: int) -> Floats:
    weight = np.asarray(what, float)
    return np.asarray(np.bincount(np.asarray(who, np.int64), weight, minlength=count), float)


FAR_DAYS = 400.0  # what never happened counts as so long ago
SOME_DAYS = (30, 90, 180)  # spans over which orders are counted


def history(life: Life) -> pd.DataFrame:
    """What an analyst adjusts for: numbers per customer, of the days before the index day alone.

    Recency, frequency and value over spans that end on the eve of the index day, ties to the
    operator on that morning, where they live, how old the child is. No feeling and no taste.
    """
    own, day, first = life.before, life.dates.index_day, life.dates.history
    spans = [span for span in SOME_DAYS if span <= day - first] or [day - first]
    table: dict[str, Floats] = {
        f"orders_{span}d": life.total(day - span, day, "ordered") for span in spans
    }
    table |= {f"visits_{span}d": life.total(day - span, day, "visited") for span in spans}
    for name in ("paid_yuan", "coupon", "private", "by_koc"):
        table[name] = life.total(first, day, name)
    table["tickets"] = life.ever(first, day, "ticket").astype(float)
    for name in ("days_since_first_order", "days_since_order", "days_since_visit"):
        table[name] = np.minimum(own[name].to_numpy(float), FAR_DAYS)
    table["new"] = np.asarray(own["days_since_first_order"] <= MONTH_DAYS, float)
    for name in ("orders", "spending_yuan", "points"):
        table[f"log_{name}"] = np.log1p(own[name].to_numpy(float))
    for name in ("subscribed", "in_private_domain", "in_chat", "loyalty_member", "city_tier"):
        table[name] = own[name].to_numpy(float)
    table["consent"] = own["consent"].to_numpy(float)
    table["posts"] = np.log1p(own["posts"].to_numpy(float))
    table["child_age_years"] = own["child_age_days"].to_numpy(float) / 365.0
    for code, stage in enumerate(STAGES[1:], 1):
        table[stage] = (_stage(own) == code).astype(float)
    for region in own["region"].cat.categories[1:]:
        table[f"region_{region}"] = (own["region"] == region).to_numpy(np.float64)
    return pd.DataFrame(table)


def _stage(own: pd.DataFrame) -> NDArray[np.int64]:
    return np.asarray(stage_at(own["child_age_days"].to_numpy()), np.int64)


PAST_ORDERS = ("1", "2", "3 to 5", "6 and more")


def segments(life: Life) -> dict[str, NDArray[np.str_]]:
    """Divisions of the customers on the index day, by words."""
    own = life.before
    orders = np.digitize(own["orders"].to_numpy(), (2, 3, 6))
    return {
        "stage": np.asarray(STAGES)[_stage(own)],
        "region": own["region"].astype(str).to_numpy(str),
        "won_by": own["won_by"].astype(str).to_numpy(str),
        "past_orders": np.asarray(PAST_ORDERS)[orders],
    }


Maker = Callable[[Life], pd.DataFrame]


def leaks(make: Maker, life: Life) -> list[str]:
    """Columns that are not the same when the records end on the eve of the index day.

    What a column knows of later days, of outcomes above all, is gone from those records.
    """
    day = life.dates.index_day
    ended = Life(
        life.customers[life.customers["day"] <= day],
        life.contacts[life.contacts["day"] < day],
        life.dates,
    )
    whole, past = make(life), make(ended)
    return [str(name) for name in whole if name not in past or not whole[name].equals(past[name])]


def check_history(make: Maker, life: Life) -> pd.DataFrame:
    """The history; refused where it knows the future.

    Raises
    ------
    ConfigurationError
        Naming the columns.
    """
    if known := leaks(make, life):
        raise ConfigurationError(
            f"{cited(', '.join(known))} would tell the analyst what happened after the index day: "
            "nothing of it may be adjusted for."
        )
    return make(life)


__all__ = [
    "OUTCOMES",
    "PAST_ORDERS",
    "Dates",
    "Flags",
    "Life",
    "check_history",
    "history",
    "leaks",
    "segments",
]
