"""A rise of platforms' fees: from some day on more of every public sale is theirs.

No household sees it and none acts otherwise; it is paid for by contribution, and the less so the
more an operator sells in its own channel.
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
Public platforms take {{ rise | percent }} of the price more than before; what is sold in the
operator's own channel pays them nothing.
"""
NAMES = {"en": "rise of platform fees", "zh": "平台佣金上调"}
IN_CHINESE = {"rise": "平台佣金上调的幅度，占售价的比例"}


@dataclass
class Parameters(ShockParameters):
    """Platforms that take more."""

    rise: float = quantity("share of price", "taken beyond the ordinary, at size 1", 0, 1)


@compiled
def plan(world: World, day: int, today: Plan) -> None:
    """More of today's public sales goes to platforms."""
    own = world.shocks.fee_rise
    today.commission_share = own.size * own.rise


def odd(own: Parameters, config: Any) -> Iterator[str]:
    """Fees that leave nothing."""
    if config.operator.operations.commission_share + own.size * own.rise > 1.0:
        yield "fee_rise leaves nothing of a public sale: a larger size changes nothing."
