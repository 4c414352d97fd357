"""What is measured: every indicator once, its denominator in words.

Importing the package fills `REGISTRY`: each module below declares the indicators of one subject.
"""

from sim.indicators import churn, community, feelings, lifetime, money, repurchase, shocks
from sim.indicators.accounts import accounts_table
from sim.indicators.book import Book
from sim.indicators.ladder import ladder_table
from sim.indicators.neighbours import neighbour_table, no_neighbours
from sim.indicators.observed import Observed
from sim.indicators.people import group_table, household_table, lives_table, of_day_0
from sim.indicators.reach import Reached, reach_table
from sim.indicators.registry import REGISTRY, Indicator
from sim.indicators.tables import (
    daily_table,
    indicators_of,
    measured,
    monthly_table,
    order_log,
    orders_in,
    retention_table,
    summarise,
)

SUBJECTS = (repurchase, churn, community, money, lifetime, feelings, shocks)

__all__ = [
    "REGISTRY",
    "SUBJECTS",
    "Book",
    "Indicator",
    "Observed",
    "Reached",
    "accounts_table",
    "daily_table",
    "group_table",
    "household_table",
    "indicators_of",
    "ladder_table",
    "lives_table",
    "measured",
    "monthly_table",
    "neighbour_table",
    "no_neighbours",
    "of_day_0",
    "order_log",
    "orders_in",
    "reach_table",
    "retention_table",
    "summarise",
]
