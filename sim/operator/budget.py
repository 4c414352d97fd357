"""The budget: what a strategy may spend, and how levers are held to it.

A strategy states yuan per customer and month. Every day each lever's pace is set from what is
left of the month's money and what a day at full strength has been costing; pace multiplies
strength. It depends on totals of the day before, never on the order of households.
"""

from typing import Any

from sim.operator.lever import MONTH_DAYS, MONTHLY_COSTS
from sim.quantity import ConfigurationError


def monthly_cost_yuan(operator: Any, customers: float) -> dict[str, float]:
    """Cost of each lever that does not depend on what households do, at its strength."""
    costs = {}
    for name, cost in MONTHLY_COSTS.items():
        own = getattr(operator, name)
        if own.strength > 0:
            costs[name] = own.strength * cost(own, customers)
    return costs


def check_affordable(config: Any) -> None:
    """Refuse a strategy whose fixed costs alone exceed its budget.

    Raises
    ------
    ConfigurationError
        Naming the strategy, what it would cost, and its dearest lever.
    """
    budget = config.strategy.budget_yuan_per_customer_month
    costs = monthly_cost_yuan(config.operator, 1.0)
    total = sum(costs.values())
    if total > budget:
        dearest = max(costs, key=lambda name: costs[name])
        raise ConfigurationError(
            f"Strategy {config.strategy.name} costs {total:.2f} yuan per customer and month before "
            f"anything happens, over its budget of {budget:.2f}: raise "
            f"strategy.budget_yuan_per_customer_month or lower operator.{dearest} "
            f"({costs[dearest]:.2f} yuan)."
        )


class Budget:
    """Money left this month, and the pace it allows."""

    def __init__(self, yuan_per_customer_month: float) -> None:
        self.yuan_per_customer_month = yuan_per_customer_month
        self.month_fen = 0.0
        self.spent_fen = 0
        self.full_day_fen = 0.0
        self.pace = 1.0

    def open_day(self, day: int, customers: int) -> None:
        """Set today's pace."""
        if day % MONTH_DAYS == 0 or self.month_fen == 0.0:
            self.month_fen = self.yuan_per_customer_month * 100.0 * max(customers, 1)
            self.spent_fen = 0
        left = max(self.month_fen - self.spent_fen, 0.0)
        days_left = MONTH_DAYS - day % MONTH_DAYS
        wanted = self.full_day_fen * days_left
        self.pace = 1.0 if wanted <= left else left / wanted

    def close_day(self, spent_fen: int) -> None:
        """Book a day's spending, price cuts included; learn what a full day costs."""
        self.spent_fen += spent_fen
        full = spent_fen / max(self.pace, 0.05)
        self.full_day_fen += (full - self.full_day_fen) / 7.0
