"""What one run of a strategy gives back."""

from dataclasses import dataclass, field

import pandas as pd


@dataclass(frozen=True)
class Result:
    """Everything an experiment, a report or a reader may want from one run.

    Attributes
    ----------
    indicators
        One row per indicator and segment: ``indicator, by, segment, numerator, denominator,
        value, unit``; ``by='all', segment='all'`` is the whole population.
    daily
        One row per day of the strategy, day 0 first: orders, revenue, margin, the cost of each
        lever, customers, posts, members.
    monthly
        One row per month of 30 days: repurchase, churn, orders, contribution.
    households
        One row per family that lived in the run, those of day 0 first: its segments and its
        outcomes over the final 365 days. Every order joins to one by household and family.
    groups
        One row per group chat that lived in the run.
    orders
        The operator's order log, one row per order, or None when it was not asked for.
    lives
        Lives of customers, from their first order until they fell silent or were last seen; equal
        ones counted together.
    neighbours
        Some neighbouring households, their ties, and when each became a customer.
    ladder
        From list price to contribution, in fen, added up to each horizon.
    accounts
        Customers, orders and money of each group of day 0, added up to each horizon.
    reach
        Whom each lever reached, step by step, and what it cost.
    info
        What the run took: household-days, seconds, memory.
    """

    indicators: pd.DataFrame
    daily: pd.DataFrame
    monthly: pd.DataFrame
    households: pd.DataFrame
    groups: pd.DataFrame
    orders: pd.DataFrame | None = None
    info: dict[str, float | str] = field(default_factory=dict)
    lives: pd.DataFrame | None = None
    neighbours: pd.DataFrame | None = None
    ladder: pd.DataFrame | None = None
    accounts: pd.DataFrame | None = None
    reach: pd.DataFrame | None = None


__all__ = ["Result"]
