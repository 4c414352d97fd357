"""Member tiers: price benefits by spending over a year, and the pull of the next tier.

A family buys more with a newborn than with a child at preschool age: thresholds may follow the
stage, and a tier may outlast the beginning of a new one for a while.
"""

from dataclasses import dataclass

from sim.compilation.compiled import compiled
from sim.operator.by_stage import days_in_stage, ratio_of_stage
from sim.operator.common import LeverParameters
from sim.operator.contract import DAY, State
from sim.operator.deals import given_by_tier
from sim.operator.steps import ORDERED, REACHED
from sim.parameters.quantity import quantity
from sim.world.household import NEVER
from sim.world.protocols import Counters, EventRecord, Inbox, Parent
from sim.world.state import World

SENTENCE = """
Adds three tiers by the spending of a year: silver from {{ silver_yuan | number }} yuan
({{ silver_cut | percent }} off), gold from {{ gold_yuan | number }} yuan
({{ gold_cut | percent }} off), platinum from {{ platinum_yuan | number }} yuan
({{ platinum_cut | percent }} off); running them costs {{ yuan_per_customer_month | number }} yuan
per
customer and month.
{% set ratios = (pregnancy_ratio, newborn_ratio, weaning_ratio, toddler_ratio, preschool_ratio) -%}
{% if ratios != (1, 1, 1, 1, 1) -%}
What a tier takes is multiplied by {{ pregnancy_ratio | number }} in pregnancy,
{{ newborn_ratio | number }} for newborns, {{ weaning_ratio | number }} at weaning,
{{ toddler_ratio | number }} for toddlers, {{ preschool_ratio | number }} at preschool age.
{% endif %}{% if grace_days -%}
No tier is lowered in the first {{ grace_days | count("day") }} of a childcare stage.{% endif %}
"""
NAMES = {"en": "member tiers", "zh": "会员等级"}
IN_CHINESE = {
    "grace_days": "进入新育儿阶段后的保级天数",
    "pregnancy_ratio": "孕期的升级门槛倍数",
    "newborn_ratio": "新生儿期的升级门槛倍数",
    "weaning_ratio": "辅食期的升级门槛倍数",
    "toddler_ratio": "学步期的升级门槛倍数",
    "preschool_ratio": "学龄前的升级门槛倍数",
}
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
EVERYDAY = True
OF_HOUSEHOLDS = (State("review_day", "day", "a tier that was kept is reviewed", DAY, NEVER),)


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
    grace_days: int = quantity("days", "of a new stage, in which no tier is lowered", 0, 365)
    pregnancy_ratio: float = quantity("ratio", "of what a tier takes, in pregnancy", 0.01, 100)
    newborn_ratio: float = quantity("ratio", "of what a tier takes, to half a year", 0.01, 100)
    weaning_ratio: float = quantity("ratio", "of what a tier takes, to one year", 0.01, 100)
    toddler_ratio: float = quantity("ratio", "of what a tier takes, to three years", 0.01, 100)
    preschool_ratio: float = quantity("ratio", "of what a tier takes, to six years", 0.01, 100)


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
def tier_earned(parent: Parent, day: int, own: Parameters) -> int:
    """Tier that this year's spending earns at the child's stage."""
    ratio = ratio_of_stage(day - parent.birth_day, own)
    return tier_reached(parent.tier_spending_fen / 100.0 / ratio, own)


@compiled
def review(parent: Parent, place: int, world: World, day: int, inbox: Inbox) -> None:
    """Put off lowering a tier that falls into the grace of a new stage, and lower it afterwards.

    Once a year a tier falls by one (`sim.behaviour.day.count_points`) and must be earned anew.
    """
    own, kept = world.levers.tiers, world.states.tiers[place]
    grace = max(own.grace_days - days_in_stage(day - parent.birth_day), 0)
    if day >= parent.points_expire_day:  # the year ends today
        inbox.tier_kept = 1.0 if grace > 0 else 0.0
        kept.review_day = day + grace if grace > 0 else NEVER
    elif day >= kept.review_day and grace > 0:  # another stage has begun meanwhile
        kept.review_day = day + grace
    elif day >= kept.review_day:
        kept.review_day = NEVER
        if tier_earned(parent, day, own) < parent.tier:
            parent.tier -= 1


@compiled
def offer(parent: Parent, place: int, world: World, day: int, inbox: Inbox) -> None:
    """Offer to enrol; to members, the benefits of their tier and the goal of the next."""
    own = world.levers.tiers
    if own.power <= 0.0:
        return
    inbox.enrolment = max(inbox.enrolment, own.power)
    if parent.loyalty_member == 0:
        return
    review(parent, place, world, day, inbox)
    ratio = ratio_of_stage(day - parent.birth_day, own)
    if parent.tier == 0:
        inbox.tier_goal_yuan = own.silver_yuan * ratio
    elif parent.tier == 1:
        inbox.tier_cut = own.power * own.silver_cut
        inbox.tier_goal_yuan = own.gold_yuan * ratio
    elif parent.tier == 2:
        inbox.tier_cut = own.power * own.gold_cut
        inbox.tier_goal_yuan = own.platinum_yuan * ratio
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
        parent.tier = max(parent.tier, tier_earned(parent, day, own))


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
