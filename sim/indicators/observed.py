"""What indicators are computed from: the events of a run and the population at both its ends."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.world.catalogue import AGE_MONTHS
from sim.world.events import CAUSES
from sim.world.household import (
    CATEGORIES,
    FEEDING,
    PRESCHOOL_DAYS,
    TODDLER_DAYS,
    WEANING_DAYS,
)

Array = NDArray[Any]

MONTH_DAYS = 30
YEAR_DAYS = 365
FEES = "fees_fen"  # a column that only runs have whose households paid one
FINES = "operations_fines_fen"  # a column that only runs have that paid one
ACTIVE_DAYS = 90  # an order this recent makes an active customer (definition of churn)
REACTED_DAYS = 30  # a reaction this recent makes an active member


@dataclass(frozen=True)
class Observed:
    """One run, as the operator's records and a census at both ends hold it.

    Of a large population, records and census are of a panel: one household in `panel`. Figures in
    `daily` and `groups` are always of everybody.

    Attributes
    ----------
    events
        EVENT rows in any order; days before 0 (warm-up) may be there or not. `household` counts
        the rows of `start`.
    start, end
        HOUSEHOLD arrays, shape (households,): at the start of day 0 and after the last day,
        with every decaying state brought up to that day.
    daily
        One row per day of the run from 0. Columns are read by name: ``day``; ``cost_<lever>``
        in fen; ``discount_<lever>``, price cuts in fen; ``operations_<what>``, costs in fen of
        doing business that belong to no lever (commission, fulfilment); ``customers``,
        ``members``, ``member_visits``. Others pass through.
    groups
        One row per group chat that lived in the run, GROUP_RECORD or alike.
    days
        Days of the run.
    regions
        Names of the population's regions.
    use_per_day
        Shape (8, 3, AGE_MONTHS): `sim.world.catalogue.use_table`.
    seed
        Seed of the run, for the lots drawn in an A/B test.
    start_day_of_year
        Day 0 in the calendar, 0 for the first of January.
    causes
        What orders come from, by the number that event records have.
    own_events
        Columns of `events` that are levers' own events, with unit and meaning.
    shock_days
        First day with a shock, and the first after the last; None where there is none.
    acquisition_levers
        Levers whose cost is spent on winning new customers.
    discount_rate_per_year
        For lifetime value.
    panel
        Row r of `start` and `end` is household r times this, and stands for so many households.
    operations
        What orders cost to serve (`sim.operator.operations.Parameters`), from which day on.
    reach
        Whom each lever that was ever on reached, a `sim.indicators.reach.Reached` by its name.
    judge, choose
        How orders and service were judged (`sim.behaviour.judge.Parameters`) and shops chosen
        (`sim.behaviour.choose.Parameters`), if that is known.
    between
        HOUSEHOLD arrays like `start`, by the day on whose morning they were taken.
    earlier_orders
        EVENT rows of the operator's orders in the warm-up, for the order log alone; None where
        nobody asked for them.
    """

    events: Array
    start: Array
    end: Array
    daily: Array
    groups: Array
    days: int
    regions: Sequence[str]
    categories: Sequence[str] = CATEGORIES
    use_per_day: Array = field(
        default_factory=lambda: np.zeros((len(CATEGORIES), len(FEEDING), AGE_MONTHS))
    )
    seed: int = 0
    start_day_of_year: int = 0
    causes: Sequence[str] = CAUSES
    own_events: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    shock_days: tuple[int, int] | None = None
    acquisition_levers: Sequence[str] = ("acquisition", "referral")
    discount_rate_per_year: float = 0.10
    panel: int = 1
    operations: Sequence[tuple[int, Any]] = ()
    reach: Mapping[str, Any] = field(default_factory=dict)
    judge: Any = None
    choose: Any = None
    between: Mapping[int, Array] = field(default_factory=dict)
    earlier_orders: Array | None = None

    @property
    def first(self) -> int:
        """First day of the measurement year, the final 365 days (or all, if shorter)."""
        return max(0, self.days - YEAR_DAYS)


def daily_column(observed: Observed, name: str) -> Array | None:
    """A column of `daily` from day 0 on, one number per day, or None if it was not kept."""
    names = observed.daily.dtype.names or ()
    if name not in names:
        return None
    column = observed.daily[name]
    if "day" in names:
        day = observed.daily["day"]
        column = column[(day >= 0) & (day < observed.days)]
    return np.asarray(column)


def columns_with_prefix(observed: Observed, prefix: str) -> dict[str, Array]:
    """Columns `<prefix><what>[_fen]` of `daily` by `<what>`, one number per day, in fen."""
    found = {}
    for name in observed.daily.dtype.names or ():
        if name.startswith(prefix):
            column = daily_column(observed, name)
            if column is not None and (name != FINES or column.any()):
                found[name.removeprefix(prefix).removesuffix("_fen")] = column
    return found


def fees_of(observed: Observed) -> Array:
    """Fees of households for memberships, fen of each day; none, where no lever takes any."""
    column = daily_column(observed, FEES)
    return np.zeros(observed.days, np.int64) if column is None else column


def stage_at(age_days: Array) -> Array:
    """Index of STAGES by the child's age in days (negative before birth)."""
    return np.digitize(age_days, (0, WEANING_DAYS, TODDLER_DAYS, PRESCHOOL_DAYS))


__all__ = [
    "ACTIVE_DAYS",
    "MONTH_DAYS",
    "REACTED_DAYS",
    "YEAR_DAYS",
    "Array",
    "Observed",
    "columns_with_prefix",
    "daily_column",
    "stage_at",
]
