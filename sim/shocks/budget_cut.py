"""A budget cut: for some days the operator may spend only a part of what its levers cost.

All levers are slowed alike, as by a budget that binds (`sim.operator.budget`): each works at no
more than this part of its strength, and is paid for as much. What is granted today is spent
tomorrow.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sim.compilation.compiled import compiled
from sim.operator.common import ShockParameters
from sim.parameters.quantity import quantity
from sim.world.protocols import Plan
from sim.world.state import World

SENTENCE = """
From the day after it begins levers may cost {{ spending_ratio | percent }} of what they cost at
full strength, and work at no more than this part of it.
"""
NAMES = {"en": "budget cut", "zh": "预算削减"}
IN_CHINESE = {"spending_ratio": "仍可支出的费用比例"}


@dataclass
class Parameters(ShockParameters):
    """Less to spend."""

    spending_ratio: float = quantity("share", "of full cost that may be spent, at size 1", 0, 1)


@compiled
def plan(world: World, day: int, today: Plan) -> None:
    """Less is granted for tomorrow."""
    own = world.shocks.budget_cut
    today.spending_ratio = max(1.0 - own.size * (1.0 - own.spending_ratio), 0.0)


def odd(own: Parameters, config: Any) -> Iterator[str]:
    """A cut that takes nothing."""
    if own.spending_ratio == 1.0:
        yield "budget_cut cuts nothing: its spending_ratio is 1."
