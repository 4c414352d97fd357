"""Birthdays and milestones: a personal letter when the child turns a year older, or a stage begins.

It uses the child's birthday, so it goes to customers who consented to service use alone. For some
days after it, whoever looks in finds advice for the new stage: solids, first steps, nursery.
"""

from dataclasses import dataclass

from sim.compilation.compiled import compiled
from sim.operator.common import LeverParameters
from sim.operator.contacts import advise, may_serve, wake_in, write_letter
from sim.operator.contract import DAY, State
from sim.operator.deals import put_coupon, spends_coupon
from sim.operator.steps import ACTED, ORDERED, REACHED
from sim.parameters.quantity import quantity, switch
from sim.world.draws import HOUSEHOLD, uniform
from sim.world.household import (
    GRADUATION_DAYS,
    NEVER,
    PRESCHOOL_DAYS,
    TODDLER_DAYS,
    WEANING_DAYS,
    stage_of,
)
from sim.world.protocols import Counters, EventRecord, Inbox, Parent
from sim.world.state import World

YEAR_DAYS = 365

SENTENCE = """
Writes to customers who consented
{{ "on the child's birthdays and when a childcare stage begins" if birthdays and stages
   else "on the child's birthdays" if birthdays else "when a childcare stage begins" if stages
   else "on no day" }} ({{ yuan_per_message | number }} yuan a letter), with advice of quality
{{ quality | number }} (0 to 1) at hand for {{ advice_days | count("day") }}
{%- if gift_percent %} and a coupon of {{ gift_percent }} percent, valid for
{{ gift_days | count("day") }}{% else %} and no coupon, which would be valid for
{{ gift_days | count("day") }}{% endif %}.
"""
NAMES = {"en": "birthdays and milestones", "zh": "生日与成长关怀"}
IN_CHINESE = {
    "birthdays": "在孩子生日发送祝福",
    "stages": "在进入新的育儿阶段时发送关怀",
    "quality": "成长建议的质量（0 到 1）",
    "advice_days": "成长建议可供查看的天数",
    "gift_percent": "礼券的优惠幅度（%）",
    "gift_days": "礼券有效天数",
    "yuan_per_message": "每条关怀消息的成本",
}
REACH = {
    "eligible": "a customer who consented and may be written to",
    "reached": "was sent a letter",
    "acted": "followed it to the channel",
    "ordered": "ordered with the coupon in it",
}
REACH_IN_CHINESE = {
    "eligible": "已同意服务用途且可触达的客户",
    "reached": "收到生日或成长关怀消息",
    "acted": "点开消息并到访",
    "ordered": "用礼券下单",
}
OF_HOUSEHOLDS = (State("letter_day", "day", "it was last sent a letter", DAY, -NEVER),)
IDLE_WITHOUT = ("birthdays", "stages")


@dataclass
class Parameters(LeverParameters):
    """Letters; at part of its strength a part of customers, by lot, gets them."""

    birthdays: bool = switch("on the child's birthdays")
    stages: bool = switch("when a childcare stage begins, birth included")
    quality: float = quantity("0 to 1", "of the advice that comes with a letter", 0, 1)
    advice_days: int = quantity("days", "that advice is at hand", 1, 60)
    gift_percent: int = quantity("percent", "price cut of the coupon in a letter", 0, 90)
    gift_days: int = quantity("days", "that coupon is valid", 1, 365)
    yuan_per_message: float = quantity("yuan", "for a letter", 0, 100)


@compiled
def cared_for(parent: Parent, place: int, world: World, day: int) -> bool:
    """Whether letters are meant for this household: a customer, consenting, drawn by lot."""
    own = world.levers.milestones
    if own.power <= 0.0 or parent.orders == 0 or not may_serve(parent, place, world):
        return False
    if parent.in_private_domain + parent.subscribed == 0:
        return False
    return uniform(world.seed, HOUSEHOLD, place, parent.family, own.purpose) < own.power


@compiled
def is_milestone(age_days: int, own: Parameters) -> bool:
    """Whether a letter is due at this age."""
    birthday = age_days > 0 and age_days % YEAR_DAYS == 0
    return bool(
        (own.birthdays and birthday)
        or (own.stages and stage_of(age_days) != stage_of(age_days - 1))
    )


@compiled
def next_milestone(age_days: int, own: Parameters) -> int:
    """Age in days at the next letter; that of leaving the market, if there is none before."""
    age = GRADUATION_DAYS
    if own.birthdays:
        age = min(age, (max(age_days, 0) // YEAR_DAYS + 1) * YEAR_DAYS)
    if own.stages:
        for begins in (0, WEANING_DAYS, TODDLER_DAYS, PRESCHOOL_DAYS):
            if begins > age_days:
                age = min(age, begins)
    return age


@compiled
def offer(parent: Parent, place: int, world: World, day: int, inbox: Inbox) -> None:
    """Write on the day itself; the advice stays at hand for a while."""
    own = world.levers.milestones
    if not cared_for(parent, place, world, day):
        return
    kept = world.states.milestones[place]
    if is_milestone(day - parent.birth_day, own):
        kept.letter_day = day
        write_letter(inbox)
        if own.gift_percent > 0:
            put_coupon(inbox, own, own.gift_percent, own.gift_days)
    if day - kept.letter_day < own.advice_days:
        advise(inbox, 0.0, 0.0, own.quality)


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
    """Pay for the letter, answer for the coupon's cut, and call for the next milestone."""
    own = world.levers.milestones
    if world.states.milestones[place].letter_day == day:
        counters.cost_fen[own.line] += int(own.yuan_per_message * 100.0)
    if spends_coupon(parent, event, own):
        counters.discount_fen[own.line] += event.coupon_fen
    if cared_for(parent, place, world, day):
        age_days = day - parent.birth_day
        wake_in(inbox, next_milestone(age_days, own) - age_days)


@compiled
def eligible(parent: Parent, place: int, world: World, day: int) -> bool:
    """Customers who consented."""
    return cared_for(parent, place, world, day)


@compiled
def reach(
    parent: Parent, place: int, world: World, day: int, inbox: Inbox, event: EventRecord
) -> int:
    """Letters sent and followed, and orders with their coupons."""
    written = world.states.milestones[place].letter_day == day
    steps = REACHED if written else 0
    steps += ACTED if written and inbox.letter_followed > 0.0 else 0
    return steps + (ORDERED if spends_coupon(parent, event, world.levers.milestones) else 0)
