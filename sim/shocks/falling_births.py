"""Births fall: fewer families follow those whose children grow out of the market.

A place that nobody moves into stays empty for good. Who does not come is decided by luck that no
strategy moves (`sim.world.market_path`), so the same families are missing under every strategy.
Families arrive months before the birth: what shows first is missing are pregnant households.
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
{{ births_ratio | number }} times as many families as before come into the market.
"""
NAMES = {"en": "falling births", "zh": "出生人口下降"}
IN_CHINESE = {"births_ratio": "新进入市场的家庭相对以前的倍数"}


@dataclass
class Parameters(ShockParameters):
    """Fewer births."""

    births_ratio: float = quantity("ratio", "births to those before, at size 1", 0, 1)


@compiled
def plan(world: World, day: int, today: Plan) -> None:
    """Fewer families come today."""
    own = world.shocks.falling_births
    today.births = max(1.0 - own.size * (1.0 - own.births_ratio), 0.0)


def odd(own: Parameters, config: Any) -> Iterator[str]:
    """Births that do not fall."""
    if own.births_ratio == 1.0:
        yield "falling_births lets nothing fall: its births_ratio is 1."
