"""Member tiers: price benefits by spending over a year, and the pull of the next tier."""

from dataclasses import dataclass

from sim.compilation.compiled import compiled
from sim.operator.common import LeverParameters
from sim.operator.deals import given_by_tier
from sim.operator.steps import ORDERED, REACHED
from sim.parameters.quantity import quantity
from sim.world.protocols import Counters, EventRecord, Inbox, Parent
from sim.world.state import World

SENTENCE = """
Adds three tiers by the spending of a year: silver from {{ silver_yuan | number }} yuan
({{ silver_cut | percent }} off), gold from {{ gold_yuan | number }} yuan
({{ gold_cut | percent }} off), platinum from {{ platinum_yuan | number }} yuan
({{ platinum_cut | percent }} off); running them costs {{ yuan_per_customer_month | number }} yuan
per
customer and month.
"""
NAMES = {"en": "member tiers", "zh": "会员等级"}
REACH = {
    "eligible": "in the programme of points and tiers",
    "reached": "had a tier above the basic one on a day of an order or a visit",
    "ordered": "ordered at the price of a tier",
}
REACH_IN_CHINESE = {
    "eligible": "会员",
    "reached": "下单或到访时等级高于基础级",
    "ordered": "享受等级价下单",
}


@dataclass
class Parameters(LeverParameters):
    """Tiers above the basic one."""

    silver_yuan: float = quantity("yuan a year", "spending for silver", 0, 1e6)
    gold_yuan: float = quantity("yuan a year", "spending for gold", 0, 1e6)
    platinum_yuan: float = quantity("yuan a year", "spending for platinum", 0, 1e6)
    silver_cut: float = quantity("share", "price cut for silver", 0, 0.9)
    gold_cut: float = quantity("share", "price cut for gold", 0, 0.9)
    platinum_cut: float = quantity("share", "price cut for platinum", 0, 0.9)
    yuan_per_customer_month: float = quantity("yuan a month", "running it, per customer", 0, 100)


@compiled
def tier_reached(spending_yuan: float, own: Parameters) -> int:
    """Tier that a year's spending earns, an index of TIERS."""
    if spending_yuan >= own.platinum_yuan:
        return 3
    if spending_yuan >= own.gold_yuan:
        return 2
    if spending_yuan >= own.silver_yuan:
        return 1
    return 0


@compiled
def offer(parent: Parent, place: int, world: World, day: int, inbox: Inbox) -> None:
    """Offer to enrol; to members, the benefits of their tier and the goal of the next."""
    own = world.levers.tiers
    if own.power <= 0.0:
        return
    inbox.enrolment = max(inbox.enrolment, own.power)
    if parent.loyalty_member == 0:
        return
    if parent.tier == 0:
        inbox.tier_goal_yuan = own.silver_yuan
    elif parent.tier == 1:
        inbox.tier_cut = own.power * own.silver_cut
        inbox.tier_goal_yuan = own.gold_yuan
    elif parent.tier == 2:
        inbox.tier_cut = own.power * own.gold_cut
        inbox.tier_goal_yuan = own.platinum_yuan
    else:
        inbox.tier_cut = own.power * own.platinum_cut


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
    """Raise the tier when spending has earned it; the cut is price given up."""
    own = world.levers.tiers
    if own.power <= 0.0 or parent.loyalty_member == 0:
        return
    if event.list_fen > 0:
        counters.discount_fen[own.line] += given_by_tier(world, inbox, event)
        reached = tier_reached(parent.tier_spending_fen / 100.0, own)
        parent.tier = max(parent.tier, reached)


@compiled
def monthly_cost_yuan(own: Parameters, customers: float) -> float:
    """Running the programme."""
    return float(own.yuan_per_customer_month * customers)


@compiled
def eligible(parent: Parent, place: int, world: World, day: int) -> bool:
    """Members of the programme."""
    return parent.loyalty_member > 0


@compiled
def reach(
    parent: Parent, place: int, world: World, day: int, inbox: Inbox, event: EventRecord
) -> int:
    """Benefits in hand, and orders with them."""
    if inbox.tier_cut <= 0.0:
        return 0
    ordered = event.list_fen > 0
    return (REACHED if ordered or event.looked > 0 else 0) + (ORDERED if ordered else 0)
