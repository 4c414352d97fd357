"""Public reach shrinks: platforms show less of what the operator and its KOCs publish.

Advertisements meet fewer trips, public deals get fewer clicks, posts of KOCs fewer readers. The
media cost what they did, so that each contact costs more (`sim.operator.levers.acquisition`).
Chats, messages and the operator's own channel are out of platforms' hands.
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
Platforms let through {{ reach_share | percent }} of advertisements, public deals and KOC posts;
media cost what they did.
"""
NAMES = {"en": "shrinking public reach", "zh": "公域流量收缩"}
IN_CHINESE = {"reach_share": "仍能触达的公域曝光比例"}


@dataclass
class Parameters(ShockParameters):
    """Platforms that let less through."""

    reach_share: float = quantity("share", "of public contacts left, at size 1", 0, 1)


@compiled
def plan(world: World, day: int, today: Plan) -> None:
    """Less of what is published today is seen."""
    own = world.shocks.shrinking_reach
    today.public_reach = max(1.0 - own.size * (1.0 - own.reach_share), 0.0)


def odd(own: Parameters, config: Any) -> Iterator[str]:
    """Reach that cannot shrink."""
    if own.reach_share == 1.0:
        yield "shrinking_reach shrinks nothing: its reach_share is 1."
