"""A welcome for new customers: letters and advice in the first week, a coupon for the second order.

Many who order once never do again, and each order makes the next likelier (P01): what is done in
the days after the first is meant for the second. Letters tire as every message does; advice acts
on visits alone, and where a question is asked.
"""

from dataclasses import dataclass

from sim.compilation.compiled import compiled
from sim.operator.common import LeverParameters
from sim.operator.contacts import advise, wake_in, write_letter
from sim.operator.contract import State
from sim.operator.deals import gets_coupon, put_coupon, spends_coupon
from sim.operator.steps import ACTED, ORDERED, REACHED
from sim.parameters.quantity import quantity
from sim.world.draws import HOUSEHOLD, uniform
from sim.world.household import NEVER
from sim.world.protocols import Counters, EventRecord, Inbox, Parent
from sim.world.state import World

WEEK_DAYS = 7  # of letters and advice

SENTENCE = """
Welcomes new customers{% if messages %} with {{ messages | count("letter") }} in the week after the
first order ({{ yuan_per_message | number }} yuan each), in which a question is answered with a
chance of {{ answers | percent }} and a visit finds advice of quality {{ quality | number }}
(0 to 1)
{%- endif %}{% if coupon_percent %}{{ ", and" if messages }} with a coupon of
{{ coupon_percent }} percent for the second order, sent {{ coupon_after_days | count("day") }} after
the first and valid for {{ coupon_days | count("day") }}
({{ yuan_per_coupon | number }} yuan for sending one){% endif %}. Somebody is new for
{{ new_days | count("day") }}.
"""
NAMES = {"en": "new-customer welcome", "zh": "新客欢迎计划"}
IN_CHINESE = {
    "messages": "首单后一周内的欢迎消息数",
    "answers": "首周内提问得到解答的几率",
    "quality": "首周解答与建议的质量（0 到 1）",
    "coupon_percent": "二单券的优惠幅度（%）",
    "coupon_days": "二单券有效天数",
    "coupon_after_days": "首单后第几天发二单券",
    "new_days": "首单后多少天内算新客",
    "yuan_per_message": "每条欢迎消息的成本",
    "yuan_per_coupon": "每张二单券的发放成本",
}
REACH = {
    "eligible": "a new customer who may be written to",
    "reached": "was sent a letter or the coupon",
    "acted": "followed a letter to the channel",
    "ordered": "ordered with the coupon",
}
REACH_IN_CHINESE = {
    "eligible": "可触达的新客",
    "reached": "收到欢迎消息或二单券",
    "acted": "点开欢迎消息并到访",
    "ordered": "用二单券下单",
}
OF_HOUSEHOLDS = (
    State("letter_day", "day", "it was last sent a letter", int, -NEVER),
    State("coupon_day", "day", "it was last sent the coupon", int, -NEVER),
)
IDLE_WITHOUT = ("messages", "coupon_percent")


@dataclass
class Parameters(LeverParameters):
    """The welcome; at part of its strength a part of new customers, by lot, gets it."""

    messages: int = quantity("messages", "letters in the week after the first order", 0, 7)
    answers: float = quantity("chance", "that a question is answered in that week", 0, 1)
    quality: float = quantity("0 to 1", "of answers and advice in that week", 0, 1)
    coupon_percent: int = quantity("percent", "price cut of the second order's coupon", 0, 90)
    coupon_days: int = quantity("days", "that coupon is valid", 1, 365)
    coupon_after_days: int = quantity("days", "after the first order it is sent", 1, 365)
    new_days: int = quantity("days", "after the first order somebody is new", 7, 365)
    yuan_per_message: float = quantity("yuan", "for a letter", 0, 100)
    yuan_per_coupon: float = quantity("yuan", "for sending a coupon", 0, 10)


@compiled
def welcomed(parent: Parent, place: int, world: World, day: int) -> bool:
    """Whether the welcome is meant for this household: new, reachable, drawn by lot."""
    own = world.levers.welcome
    if parent.orders == 0 or day - parent.first_order_day > own.new_days:
        return False
    if own.power <= 0.0 or parent.in_private_domain + parent.subscribed == 0:
        return False
    return uniform(world.seed, HOUSEHOLD, place, parent.family, own.purpose) < own.power


@compiled
def letter_due(days: int, own: Parameters) -> bool:
    """Whether a letter falls due so many days after the first order: evenly spread over a week."""
    if days < 1 or days > WEEK_DAYS:
        return False
    return days * own.messages // WEEK_DAYS > (days - 1) * own.messages // WEEK_DAYS


@compiled
def wants_coupon(parent: Parent, place: int, world: World) -> bool:
    """Whether the coupon is still to be sent: before a second order, and once."""
    own = world.levers.welcome
    sent = world.states.welcome[place].coupon_day >= parent.first_order_day
    return own.coupon_percent > 0 and parent.orders == 1 and not sent


@compiled
def offer(parent: Parent, place: int, world: World, day: int, inbox: Inbox) -> None:
    """Write, advise, and send the coupon when it falls due."""
    own = world.levers.welcome
    if not welcomed(parent, place, world, day):
        return
    days = day - parent.first_order_day
    if own.messages > 0 and days <= WEEK_DAYS:
        advise(inbox, own.answers, own.quality, own.quality)
    if letter_due(days, own):
        write_letter(inbox)
        world.states.welcome[place].letter_day = day
    if days >= own.coupon_after_days and wants_coupon(parent, place, world):
        put_coupon(inbox, own, own.coupon_percent, own.coupon_days)


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
    """Pay for what was sent, answer for the coupon's cut, and call for what is due next."""
    own = world.levers.welcome
    if world.states.welcome[place].letter_day == day:
        counters.cost_fen[own.line] += int(own.yuan_per_message * 100.0)
    if gets_coupon(inbox, own):
        counters.cost_fen[own.line] += int(own.yuan_per_coupon * 100.0)
        world.states.welcome[place].coupon_day = day
    if spends_coupon(parent, event, own):
        counters.discount_fen[own.line] += event.coupon_fen
    if welcomed(parent, place, world, day):
        wake_in(inbox, due_in(parent, place, world, day))


@compiled
def due_in(parent: Parent, place: int, world: World, day: int) -> int:
    """Days until the next letter or the coupon, whichever comes first; 0 for neither."""
    own = world.levers.welcome
    days = day - parent.first_order_day
    coupon = max(own.coupon_after_days, days + 1) if wants_coupon(parent, place, world) else 0
    for later in range(days + 1, WEEK_DAYS + 1):
        if letter_due(later, own) or later == coupon:
            return later - days
    return max(coupon - days, 0)


@compiled
def eligible(parent: Parent, place: int, world: World, day: int) -> bool:
    """New customers for whom it is meant."""
    return welcomed(parent, place, world, day)


@compiled
def reach(
    parent: Parent, place: int, world: World, day: int, inbox: Inbox, event: EventRecord
) -> int:
    """Letters and coupons sent, letters followed, and orders with the coupon."""
    own = world.levers.welcome
    written = world.states.welcome[place].letter_day == day
    steps = REACHED if written or gets_coupon(inbox, own) else 0
    steps += ACTED if written and inbox.letter_followed > 0.0 else 0
    return steps + (ORDERED if spends_coupon(parent, event, own) else 0)
