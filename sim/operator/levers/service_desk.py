"""Service desk: how many tickets are solved at first contact, and how long parents wait.

The ordinary desk is part of operations; this lever lifts its quality towards a leading one (I08)
and its capacity. The queue is kept in `sim.operator.operations`.
"""

from dataclasses import dataclass

from sim.compilation.compiled import compiled
from sim.operator.common import LeverParameters
from sim.operator.steps import ACTED, REACHED
from sim.parameters.quantity import quantity
from sim.world.protocols import EventRecord, Inbox, Parent, Plan
from sim.world.state import World

SENTENCE = """
Solves {{ first_contact_resolution | percent }} of tickets at first contact, can take
{{ capacity_ratio | number }} times the tickets of the ordinary desk, and sends out
{{ defect_ratio | number }} times its defects; costs {{ yuan_per_customer_month | number }} yuan per
customer and month.
"""
NAMES = {"en": "service desk", "zh": "客服"}
IN_CHINESE = {"first_contact_resolution": "全力运营时的首次解决率"}
REACH = {
    "eligible": "a customer",
    "reached": "brought a complaint to the desk; that fewer orders are defective "
    "reaches all, and is not counted",
    "acted": "had it solved at first contact",
}
REACH_IN_CHINESE = {
    "eligible": "客户",
    "reached": "向客服投诉；次品减少惠及所有人，不计在内",
    "acted": "首次联系即解决",
}
FOR_EVERYBODY = "one desk and one warehouse serve everybody"


@dataclass
class Parameters(LeverParameters):
    """A better service desk."""

    first_contact_resolution: float = quantity("share", "of tickets, at full strength", 0, 1)
    capacity_ratio: float = quantity("ratio", "tickets a day over the ordinary desk", 0.1, 20)
    defect_ratio: float = quantity("ratio", "defects over the ordinary operations", 0, 2)
    yuan_per_customer_month: float = quantity(
        "yuan a month", "more than the ordinary desk", 0, 1000
    )


@compiled
def plan(world: World, day: int, today: Plan) -> None:
    """Better answers, fewer defects sent out."""
    own = world.levers.service_desk
    gap = own.first_contact_resolution - world.operations.first_contact_resolution
    today.first_contact_resolution = own.power * gap
    today.defect_share = 1.0 - own.power * (1.0 - own.defect_ratio)
    today.desk_ratio = 1.0 + own.power * (own.capacity_ratio - 1.0)


@compiled
def monthly_cost_yuan(own: Parameters, customers: float) -> float:
    """Staff and software."""
    return float(own.yuan_per_customer_month * customers)


@compiled
def eligible(parent: Parent, place: int, world: World, day: int) -> bool:
    """One desk for all customers."""
    return parent.orders > 0


@compiled
def reach(
    parent: Parent, place: int, world: World, day: int, inbox: Inbox, event: EventRecord
) -> int:
    """Complaints, and those solved at first contact."""
    return (REACHED if event.ticket > 0 else 0) + (ACTED if event.ticket == 1 else 0)
