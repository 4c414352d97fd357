"""A price war: for some days all rivals sell for less, whatever the operator does.

A household that compares stores weighs the lower prices as it does any (`sim.behaviour.weighing`);
what rivals match of the operator's own cuts comes on top of it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sim.behaviour.weighing import DEEPEST_CUT
from sim.compilation.compiled import compiled
from sim.operator.common import ShockParameters
from sim.parameters.quantity import quantity
from sim.world.protocols import Plan
from sim.world.state import World

SENTENCE = """
All rivals cut their prices by {{ cut | percent }}, beside what they match and promote anyway.
"""
NAMES = {"en": "price war of rivals", "zh": "竞争对手价格战"}
IN_CHINESE = {"cut": "竞争对手的降价幅度"}


@dataclass
class Parameters(ShockParameters):
    """Rivals' lower prices."""

    cut: float = quantity("share", "of every rival's price, at size 1", 0, DEEPEST_CUT)


@compiled
def plan(world: World, day: int, today: Plan) -> None:
    """Every rival is cheaper today."""
    own = world.shocks.price_war
    today.rival_price = 1.0 - min(own.size * own.cut, DEEPEST_CUT)


def odd(own: Parameters, config: Any) -> Iterator[str]:
    """A war that nobody can wage."""
    if own.size * own.cut > DEEPEST_CUT:
        yield f"price_war cannot cut more than {DEEPEST_CUT:.0%}: a larger size changes nothing."
