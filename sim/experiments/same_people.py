"""What becomes of the same people: outcomes whose base no strategy can change.

Households of the market, customers of day 0 and those established on day 0 are the same under
every strategy, so a difference is a difference of treatment. Rates of the trade are taken over
customers, of whom a strategy has more or fewer; they stand beside these and rank nothing.
"""

import numpy as np
import pandas as pd

from sim.indicators.horizons import (
    DAY0_CHURN,
    DAY0_ORDERS,
    DAY0_REPURCHASE,
    NET,
    NEW,
    OUTCOMES,
    suffix,
)
from sim.indicators.observed import YEAR_DAYS

PER = 1e4  # households
OF_PEOPLE = ("household", "family", "entered_day", "left_day", "first_order_day", "established")
FARED = ("repurchased", "active", "orders_since_start")  # with a horizon's end, if any


CHANGED = ("won", "lost")  # households per 10,000, of which NET changes by the difference


def is_of_people(name: str) -> bool:
    """Whether a column of a run's households is read here."""
    return name in OF_PEOPLE or name.startswith(FARED)


def is_counted(name: str) -> bool:
    """Whether a column of a run's households is read of people, or tells who repurchased."""
    return name == "repurchased" or is_of_people(name)


def outcomes_of(people: pd.DataFrame, day: int, days: int) -> dict[str, float]:
    """Outcomes of one run at a horizon, NaN where it cannot be read or nobody is in the base.

    Parameters
    ----------
    people
        `Result.households`.
    day
        The horizon, in days; one of `sim.indicators.horizons.reads`.
    days
        Of the run.
    """
    end = suffix(day, days)
    repurchased, active = (people[f"{name}{end}"].to_numpy(bool) for name in FARED[:2])
    orders = people[f"orders_since_start{end}"].to_numpy(float)
    first_order, left = people["first_order_day"].to_numpy(), people["left_day"].to_numpy()
    stays = ~(left < day)  # also whoever is there at the end
    before = first_order < 0
    established = people["established"].to_numpy(bool) & stays
    market = float(places(people))
    found = {
        NET: _ratio(PER * repurchased.sum(), market),
        DAY0_REPURCHASE: _ratio(repurchased[before & stays].sum(), (before & stays).sum()),
        DAY0_ORDERS: _ratio(orders[before].sum(), before.sum()),
        DAY0_CHURN: _ratio((established & ~active).sum(), established.sum()),
        NEW: _ratio(PER * ((first_order >= 0) & (first_order < day)).sum(), market),
    }
    return {each.name: found[each.name] if day >= each.needs_days else np.nan for each in OUTCOMES}


def changed(own: pd.DataFrame, reference: pd.DataFrame, day: int, days: int) -> dict[str, float]:
    """Households per 10,000 that repurchase in one of two worlds alone: won, and lost.

    A household is a family in its place; all that live in the market are counted, so that won
    less lost is what `repurchasing_households` differs by.
    """
    if day < YEAR_DAYS:
        return dict.fromkeys(CHANGED, np.nan)
    column = f"repurchased{suffix(day, days)}"
    mine, theirs = (_keys(each[each[column].to_numpy(bool)]) for each in (own, reference))
    both = len(np.intersect1d(mine, theirs, assume_unique=True))
    counts = zip(CHANGED, (len(mine) - both, len(theirs) - both), strict=True)
    return {name: PER * count / places(reference) for name, count in counts}


def places(people: pd.DataFrame) -> int:
    """Places of the households whose table it is: each had one family on day 0."""
    return int(people["entered_day"].isna().sum())


def _keys(people: pd.DataFrame) -> np.ndarray:
    """A number for each household: its place and family, a byte."""
    place, family = (people[name].to_numpy(np.int64) for name in ("household", "family"))
    return np.asarray(place * 256 + family)


def _ratio(above: float, below: float) -> float:
    return float(above / below) if below else float("nan")


__all__ = ["CHANGED", "PER", "changed", "is_counted", "is_of_people", "outcomes_of", "places"]
