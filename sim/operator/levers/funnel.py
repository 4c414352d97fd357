"""Private-domain funnel: a hook in the parcel moves a buyer into owned channels.

Touch, interest, lead, landing: whoever orders is offered a hook (a sample, a service group, a
manual); landing takes hands, which cost, and as many may land on a day as want to.
"""

from dataclasses import dataclass

from sim.compilation.compiled import compiled
from sim.operator.common import LeverParameters
from sim.operator.steps import ACTED, REACHED
from sim.parameters.quantity import quantity
from sim.world.protocols import Counters, EventRecord, Inbox, Parent
from sim.world.state import World

SENTENCE = """
With each order, offers whoever is not yet there a way into the private domain; whoever comes gets
{{ gift_yuan | number }} yuan and takes {{ yuan_per_landing | number }} yuan of staff time.
{% if appeal %}The offer's appeal is {{ appeal | number }} logits against an average one.{% endif %}
"""
NAMES = {"en": "private-domain funnel", "zh": "私域引流"}
REACH = {
    "eligible": "a customer outside the private domain",
    "reached": "found the hook in a parcel",
    "acted": "entered the private domain",
}
REACH_IN_CHINESE = {
    "eligible": "尚未进入私域的客户",
    "reached": "随包裹收到引流钩子",
    "acted": "进入私域",
}


@dataclass
class Parameters(LeverParameters):
    """From public buyer to private-domain customer."""

    appeal: float = quantity("logit", "of the hook", -10, 10)
    gift_yuan: float = quantity("yuan", "given to whoever lands", 0, 1000)
    yuan_per_landing: float = quantity("yuan", "staff time for a landing", 0, 1000)


@compiled
def offer(parent: Parent, place: int, world: World, day: int, inbox: Inbox) -> None:
    """Offer the hook to whoever is not yet in the private domain."""
    own = world.levers.funnel
    if parent.in_private_domain == 0:
        inbox.landing = own.power
        inbox.landing_appeal = own.appeal


@compiled
def charge(
    parent: Parent,
    place: int,
    world: World,
    day: int,
    inbox: Inbox,
    event: EventRecord,
    counters: Counters,
) -> None:
    """Pay for each landing."""
    own = world.levers.funnel
    if event.entered_private_domain > 0:
        counters.cost_fen[own.line] += int((own.gift_yuan + own.yuan_per_landing) * 100.0)


@compiled
def eligible(parent: Parent, place: int, world: World, day: int) -> bool:
    """Customers who are not there yet."""
    return parent.orders > 0 and parent.in_private_domain == 0


@compiled
def reach(
    parent: Parent, place: int, world: World, day: int, inbox: Inbox, event: EventRecord
) -> int:
    """Hooks with orders, and who followed one."""
    if event.list_fen == 0 or event.in_private_domain > 0:
        return 0
    return REACHED + (ACTED if event.entered_private_domain > 0 else 0)
