"""New customers of a simulated operator: on which days after their first order they bought."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from sim.config.loading import Simulation, from_resolved, resolved
from sim.experiments.plan import PlannedRun
from sim.experiments.workers import OnDay
from sim.indicators import Book, daily_table
from sim.order_log.history import Whole
from sim.store.folders.kinds import INDICATORS
from sim.store.result import Result
from sim.store.runs import Store, run_key


@dataclass(frozen=True)
class NewCustomers:
    """Purchases of simulated customers, each on a clock that begins with the first one.

    Attributes
    ----------
    customer, day
        In order of both; every customer has a purchase on day 0.
    """

    customer: Whole
    day: Whole

    @property
    def customers(self) -> int:
        """How many there are."""
        return int(self.customer[-1]) + 1 if len(self.customer) else 0


def planned(config: Simulation, seed: int, label: str, won_days: int) -> PlannedRun:
    """A run of which the new customers of its first days are kept.

    `config.run.days` is `won_days` and as many as each shall be followed for.
    """
    values = resolved(config)
    # Another key than that of an ordinary run: what is kept of it is something else.
    kept = f"purchases of customers won within {won_days} days"
    return PlannedRun(label, values, seed, False, run_key({**values, "kept": kept}, seed))


def kept_purchases(run: PlannedRun, on_day: OnDay, *, won_days: int) -> Result:
    """Live through one run; `households` holds a row per purchase of its new customers."""
    from sim.experiments.simulate import observe

    book = Book(observe(from_resolved(run.config), run.seed, on_day=on_day))
    won, orders = book.first_order_day, book.orders
    since = orders.day - won[orders.family]
    new = (won[orders.family] >= 0) & (won[orders.family] < won_days)
    own = new & (since >= 0) & (since <= book.days - won_days)
    bought = pd.DataFrame({"customer": orders.family[own], "day": since[own].astype(np.int64)})
    bought = bought.drop_duplicates().sort_values(["customer", "day"], ignore_index=True)
    bought["customer"] = pd.factorize(bought["customer"])[0]
    return Result(
        indicators=pd.DataFrame(columns=list(INDICATORS)),
        daily=daily_table(book),
        monthly=pd.DataFrame({"month": []}),
        households=bought,
        groups=pd.DataFrame({"founded_day": []}),
    )


def new_customers(store: Store, runs: Sequence[PlannedRun]) -> NewCustomers:
    """The new customers of all these runs together."""
    customer, day, count = [], [], 0
    for run in runs:
        bought = store.table(run.key, "households")
        customer.append(bought["customer"].to_numpy(np.int64) + count)
        day.append(bought["day"].to_numpy(np.int64))
        count += int(bought["customer"].max()) + 1 if len(bought) else 0
    return NewCustomers(np.concatenate(customer), np.concatenate(day))


__all__ = ["NewCustomers", "kept_purchases", "new_customers", "planned"]
