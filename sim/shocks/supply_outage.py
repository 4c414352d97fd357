"""A supply outage: for some days suppliers send less than households buy.

Shelves are full at first and empty as stock runs down; orders for what is out go unfilled, and a
household that met an empty shelf tries elsewhere (`sim.operator.operations`,
`sim.behaviour.ordering`). What was asked for in vain is still asked for, so the operator orders it
again as soon as suppliers can send.
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
Suppliers send no more than {{ supply_share | percent }} of what households usually ask for.
"""
NAMES = {"en": "supply outage", "zh": "断供"}
IN_CHINESE = {"supply_share": "供应商能满足的日常需求比例"}


@dataclass
class Parameters(ShockParameters):
    """Suppliers that send less."""

    supply_share: float = quantity("share", "of usual demand that is sent, at size 1", 0, 1)


@compiled
def plan(world: World, day: int, today: Plan) -> None:
    """Suppliers send no more than this part of what is usually asked for."""
    own = world.shocks.supply_outage
    today.supply = max(1.0 - own.size * (1.0 - own.supply_share), 0.0)


def odd(own: Parameters, config: Any) -> Iterator[str]:
    """An outage that stock bridges."""
    cover = config.operator.operations.stock_cover_days
    if own.until_day - own.from_day < cover:
        yield (
            f"supply_outage lasts {own.until_day - own.from_day} days and stock {cover:.0f}: "
            "hardly anybody will notice."
        )
