"""Outcomes that experiments turn on, each with the direction in which it is better."""

from typing import Literal, NamedTuple


class Outcome(NamedTuple):
    """An indicator of the whole population that an experiment judges by.

    Attributes
    ----------
    name
        The indicator's name in the registry.
    direction
        1: higher is better, -1: lower is better.
    """

    name: str
    direction: Literal[1, -1]

    @property
    def better(self) -> str:
        """In a word."""
        return "higher" if self.direction > 0 else "lower"


MAIN = (
    Outcome("repurchase_rate_365d", 1),
    Outcome("churn_rate_365d", -1),
    Outcome("repurchase_rate_30d", 1),
    Outcome("orders_per_customer", 1),
    Outcome("contribution_per_customer_month_yuan", 1),
    Outcome("community_active_share", 1),
)

__all__ = ["MAIN", "Outcome"]
