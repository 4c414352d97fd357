"""Points: earned by spending, redeemed for goods or as part of a payment, expiring when old."""

from dataclasses import dataclass

from sim.compilation.compiled import compiled
from sim.operator.common import LeverParameters
from sim.operator.deals import given_by_points
from sim.operator.steps import ACTED, ORDERED, REACHED
from sim.parameters.quantity import quantity
from sim.world.protocols import Counters, EventRecord, Inbox, Parent
from sim.world.state import World

SENTENCE = """
Gives {{ points_per_yuan | count("point") }} a yuan, worth {{ yuan_per_point | number }} yuan each:
{{ (points_per_yuan * yuan_per_point) | percent }} of spending. From {{ least_points | number }}
points
on, up to {{ share_payable | percent }} of an order can be paid with them. Plainness of the
rules: {{ transparency | number }} (0 to 1). Running it costs {{ yuan_per_member_month | number }}
yuan
per customer and month.
"""
NAMES = {"en": "points", "zh": "积分"}
DOSE = "points_per_yuan"
IN_CHINESE = {"share_payable": "一单中可用积分支付的比例"}
REACH = {
    "eligible": "a customer",
    "reached": "in the programme: enrolled at an order, or earned or spent points at one",
    "acted": "paid with points",
    "ordered": "ordered, earning or spending points",
}
REACH_IN_CHINESE = {
    "eligible": "客户",
    "reached": "参与积分：下单时入会，或下单积分、用分",
    "acted": "用积分抵扣",
    "ordered": "下单并获得或使用积分",
}
IDLE_WITHOUT = ("points_per_yuan",)


@dataclass
class Parameters(LeverParameters):
    """The points programme."""

    points_per_yuan: float = quantity("points a yuan", "earned by spending", 0, 100)
    yuan_per_point: float = quantity("yuan", "value of a point when redeemed", 0, 1)
    share_payable: float = quantity("share", "of an order payable with points", 0, 1)
    least_points: float = quantity("points", "before any can be redeemed", 0, 1e6)
    transparency: float = quantity("0 to 1", "plainness of the rules", 0, 1)
    yuan_per_member_month: float = quantity("yuan a month", "running it, per customer", 0, 100)


@compiled
def offer(parent: Parent, place: int, world: World, day: int, inbox: Inbox) -> None:
    """Offer to enrol; to members, earning and redeeming."""
    own = world.levers.points
    if own.power <= 0.0:
        return
    inbox.enrolment = max(inbox.enrolment, own.power)
    if parent.loyalty_member > 0:
        inbox.points_per_yuan = own.power * own.points_per_yuan
        inbox.yuan_per_point = own.yuan_per_point
        inbox.points_share = own.share_payable
        inbox.points_least = own.least_points
        inbox.points_clarity = own.transparency


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
    """Points redeemed are price given up."""
    if event.points_redeemed > 0:
        own = world.levers.points
        counters.discount_fen[own.line] += given_by_points(inbox, event)


@compiled
def monthly_cost_yuan(own: Parameters, customers: float) -> float:
    """Running the programme."""
    return float(own.yuan_per_member_month * customers)


@compiled
def eligible(parent: Parent, place: int, world: World, day: int) -> bool:
    """The programme is for customers."""
    return parent.orders > 0


@compiled
def reach(
    parent: Parent, place: int, world: World, day: int, inbox: Inbox, event: EventRecord
) -> int:
    """Enrolment, points earned and points spent."""
    earned = event.points_issued + event.points_redeemed
    steps = REACHED if event.enrolled > 0 or earned > 0 else 0
    steps += ACTED if event.points_redeemed > 0 else 0
    return steps + (ORDERED if event.list_fen > 0 and earned > 0 else 0)
