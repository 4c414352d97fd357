"""Private-domain funnel: a hook in the parcel moves a buyer into owned channels.

Touch, interest, lead, landing: whoever orders is offered a hook (a sample, a service group, a
manual); landing takes hands, which cost, and as many may land on a day as want to.
"""

from dataclasses import dataclass
from typing import Any

from sim.compilation.compiled import compiled
from sim.operator.common import LeverParameters
from sim.parameters.quantity import quantity


@dataclass
class Parameters(LeverParameters):
    """From public buyer to private-domain customer."""

    appeal: float = quantity("logit", "of the hook", -10, 10)
    gift_yuan: float = quantity("yuan", "given to whoever lands", 0, 1000)
    yuan_per_landing: float = quantity("yuan", "staff time for a landing", 0, 1000)


@compiled
def offer(parent: Any, place: int, world: Any, day: int, inbox: Any) -> None:
    """Offer the hook to whoever is not yet in the private domain."""
    own = world.levers.funnel
    if parent.in_private_domain == 0:
        inbox.landing = own.power
        inbox.landing_appeal = own.appeal


@compiled
def charge(
    parent: Any, place: int, world: Any, day: int, inbox: Any, deed: Any, tally: Any
) -> None:
    """Pay for each landing."""
    own = world.levers.funnel
    if deed.entered_private_domain > 0:
        tally.cost_fen[own.line] += int((own.gift_yuan + own.yuan_per_landing) * 100.0)
