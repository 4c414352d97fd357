"""The budget: what a strategy may spend, and how levers are held to it.

A strategy states yuan per customer and month. Every day each lever's pace is set from what is
left of the month's money and what a day at full strength has been costing; pace multiplies
strength. It depends on totals of the day before, never on the order of households.
"""

from math import fsum

import numpy as np

from sim.compilation.compiled import compiled
from sim.operator.hooks import MONTH_DAYS, MONTHLY_COSTS
from sim.operator.protocols import Budget
from sim.operator.schedule import phases
from sim.parameters.quantity import ConfigurationError
from sim.parameters.schema import Simulation
from sim.world.protocols import Operator, Records

MEMORY_DAYS = 7.0  # over which the cost of a full day is smoothed: assumed
LEAST_TELLING_PACE = 0.05  # below it a day's cost tells little of a full day's: assumed


def monthly_cost_yuan(operator: Operator, customers: float) -> dict[str, float]:
    """Cost of each lever that does not depend on what households do, at its strength."""
    costs = {}
    for name, cost in MONTHLY_COSTS.items():
        own = getattr(operator, name)
        if own.strength > 0:
            costs[name] = own.strength * cost(own, customers)
    return costs


def check_affordable(config: Simulation) -> None:
    """Refuse a strategy whose fixed costs alone exceed its budget, or whose funds stand open.

    Raises
    ------
    ConfigurationError
        Naming the strategy, what it would cost on whatever days, and its dearest lever; or how the
        strengths are found at which its levers spend their funds.
    """
    if config.strategy.fund:
        raise ConfigurationError(
            f"Strategy {config.strategy.name} has a fund for {', '.join(config.strategy.fund)}, "
            "and the strength that spends it is found by living through it, which `repurchase run`,"
            " `check --try` and `compare` do: here, write the strength that they tell instead."
        )
    for phase in phases(config):
        budget = phase.budget_yuan_per_customer_month
        costs = monthly_cost_yuan(phase.operator, 1.0)
        total = fsum(costs.values())
        if total > budget:
            dearest = max(costs, key=lambda name: costs[name])
            days = f" from day {phase.first_day} on" if phase.first_day else ""
            raise ConfigurationError(
                f"Strategy {config.strategy.name} costs {total:.2f} yuan per customer and month "
                f"before anything happens, over its budget of {budget:.2f}{days}: raise "
                f"strategy.budget_yuan_per_customer_month or lower operator.{dearest} "
                f"({costs[dearest]:.2f} yuan)."
            )


BUDGET = np.dtype(
    [
        ("yuan_per_customer_month", "f8"),
        ("month_fen", "f8"),  # this month's money
        ("spent_fen", "i8"),  # of it
        ("full_day_fen", "f8"),  # what a day at full strength has been costing
        ("granted", "f8"),  # share of that which may be spent, 0 to 1
        ("pace", "f8"),  # share of their strength at which levers work, 0 to 1
    ],
    align=True,
)


def new_budget(yuan_per_customer_month: float) -> Records[Budget]:
    """Money that no day has been charged to, shape (1,)."""
    budget = np.zeros(1, BUDGET).view(np.recarray)
    budget.yuan_per_customer_month = yuan_per_customer_month
    budget.granted = budget.pace = 1.0
    return budget


def change_budget(budget: Budget, yuan_per_customer_month: float, customers: int, day: int) -> None:
    """From today on another budget: what is left of the month gets its share of the change."""
    left = (MONTH_DAYS - day % MONTH_DAYS) / MONTH_DAYS
    change = yuan_per_customer_month - budget.yuan_per_customer_month
    budget.month_fen = max(budget.month_fen + change * 100.0 * max(customers, 1) * left, 0.0)
    budget.yuan_per_customer_month = yuan_per_customer_month


@compiled
def open_budget(budget: Budget, customers: int, day: int) -> None:
    """Morning: today's pace, from what is left of the month's money."""
    if day % MONTH_DAYS == 0 or budget.month_fen == 0.0:
        budget.month_fen = budget.yuan_per_customer_month * 100.0 * max(customers, 1)
        budget.spent_fen = 0
    left = max(budget.month_fen - budget.spent_fen, 0.0)
    wanted = budget.full_day_fen * (MONTH_DAYS - day % MONTH_DAYS)
    budget.pace = min(1.0 if wanted <= left else left / wanted, budget.granted)


@compiled
def close_budget(budget: Budget, spent_fen: int) -> None:
    """Evening: a day's spending, price cuts included, and what a full day would have cost."""
    budget.spent_fen += spent_fen
    full = spent_fen / max(budget.pace, LEAST_TELLING_PACE)
    budget.full_day_fen += (full - budget.full_day_fen) / MEMORY_DAYS
