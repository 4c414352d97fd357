"""A welcome for new customers: letters and advice, a coupon for the second order, a trial pack.

Many who order once never do again, and each order makes the next likelier (P01): what is done in
the days after the first is meant for the second. Letters tire as every message does; advice acts
on visits alone, and where a question is asked. A trial pack comes with a parcel, of something that
runs down at the child's age and that the household has not ordered here yet; whether it is tried,
and what that does, is the rules' business (`sim.behaviour.day.try_sample`).
"""

from dataclasses import dataclass
from typing import Any

from sim.compilation.compiled import compiled
from sim.operator.common import LeverParameters
from sim.operator.contacts import advise, wake_in, write_letter
from sim.operator.contract import BITS, DAY, State, Whole
from sim.operator.deals import gets_coupon, put_coupon, spends_coupon
from sim.operator.steps import ACTED, ORDERED, REACHED
from sim.parameters.quantity import quantity
from sim.world.catalogue import age_month
from sim.world.draws import HOUSEHOLD, uniform
from sim.world.household import CATEGORIES, NEVER
from sim.world.protocols import Counters, EventRecord, Inbox, Parent
from sim.world.state import World

WEEK_DAYS = 7  # of letters and advice
WHICH_PACK = 3  # of its draws; the second decides who is in its audience

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
{% if trial_pack -%}
{{ trial_pack | percent }} of them find a trial pack of what they have not ordered yet in their
parcel ({{ yuan_per_pack | number }} yuan each).{% endif %}
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
    "trial_pack": "新客包裹中附赠试用装的几率",
    "yuan_per_pack": "每份试用装的成本",
}
REACH = {
    "eligible": "a new customer who may be written to",
    "reached": "was sent a letter, the coupon or a trial pack",
    "acted": "followed a letter to the channel, or liked the trial pack",
    "ordered": "ordered with the coupon",
}
REACH_IN_CHINESE = {
    "eligible": "可触达的新客",
    "reached": "收到欢迎消息、二单券或试用装",
    "acted": "点开欢迎消息并到访，或试用后满意",
    "ordered": "用二单券下单",
}
OF_HOUSEHOLDS = (
    State("letter_day", "day", "it was last sent a letter", DAY, -NEVER),
    State("coupon_day", "day", "it was last sent the coupon", DAY, -NEVER),
    State("pack_day", "day", "it was last sent a trial pack", DAY, -NEVER),
    State(
        "tried",
        "category",
        "of a pack it liked, until ordered: index and 1, 0 none",
        Whole(0, len(CATEGORIES)),
    ),
    State("ordered", "bits", "categories that it has ordered, the first the lowest", BITS),
)
IDLE_WITHOUT = ("messages", "coupon_percent", "trial_pack")


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
    trial_pack: float = quantity("chance", "that a new customer's parcel has a trial pack", 0, 1)
    yuan_per_pack: float = quantity("yuan", "for a trial pack", 0, 1000)


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
def wants_pack(parent: Parent, place: int, world: World, day: int) -> bool:
    """Whether a parcel arrives today that may carry the trial pack: once."""
    own = world.levers.welcome
    sent = world.states.welcome[place].pack_day >= parent.first_order_day
    return own.trial_pack > 0.0 and day >= parent.arrival_day and not sent


@compiled
def is_new_to(parent: Parent, place: int, world: World, month: int, category: int) -> bool:
    """Whether a category runs down at the child's age and has not been ordered here yet."""
    used = world.use_per_day[category, parent.feeding, month] > 0.0
    ordered = world.states.welcome[place].ordered & (1 << category)
    return used and world.category[category].by_stock > 0 and ordered == 0


@compiled
def pack_for(parent: Parent, place: int, world: World, day: int) -> int:
    """Category of a household's trial pack, as an index and 1, by lot; 0 if it gets none."""
    own = world.levers.welcome
    if uniform(world.seed, HOUSEHOLD, place, parent.family, own.purpose + 1) >= own.trial_pack:
        return 0
    month = age_month(day - parent.birth_day)
    fitting = 0
    for category in range(len(world.category)):
        if is_new_to(parent, place, world, month, category):
            fitting += 1
    u = uniform(world.seed, HOUSEHOLD, place, parent.family, own.purpose + WHICH_PACK)
    left = int(u * fitting)
    for category in range(len(world.category)):
        if is_new_to(parent, place, world, month, category):
            if left == 0:
                return category + 1
            left -= 1
    return 0


@compiled
def note_order(kept: Any, event: EventRecord) -> None:
    """Note what an order has in it; what was tried and is now bought need not be remembered."""
    for category in range(len(event.packs)):
        if event.packs[category] > 0:
            kept.ordered |= 1 << category
            if kept.tried == category + 1:
                kept.tried = 0


@compiled
def offer(parent: Parent, place: int, world: World, day: int, inbox: Inbox) -> None:
    """Write, advise, and send the coupon and the pack when they fall due."""
    own, kept = world.levers.welcome, world.states.welcome[place]
    if kept.tried > 0:
        inbox.tried_category = float(kept.tried)
        inbox.tried_days = float(day - kept.pack_day)
    if not welcomed(parent, place, world, day):
        return
    if wants_pack(parent, place, world, day):
        inbox.sample = float(pack_for(parent, place, world, day))
    days = day - parent.first_order_day
    if own.messages > 0 and days <= WEEK_DAYS:
        advise(inbox, own.answers, own.quality, own.quality)
    if letter_due(days, own):
        write_letter(inbox)
        kept.letter_day = day
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
    own, kept = world.levers.welcome, world.states.welcome[place]
    if kept.letter_day == day:
        counters.cost_fen[own.line] += int(own.yuan_per_message * 100.0)
    if gets_coupon(inbox, own):
        counters.cost_fen[own.line] += int(own.yuan_per_coupon * 100.0)
        kept.coupon_day = day
    if inbox.sample > 0.0:
        counters.cost_fen[own.line] += int(own.yuan_per_pack * 100.0)
        kept.pack_day = day
        kept.tried = int(inbox.sample) if inbox.sample_liked > 0.0 else 0
    if event.list_fen > 0:
        note_order(kept, event)
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
    """Letters, coupons and packs sent, letters followed, packs liked, orders with the coupon."""
    own = world.levers.welcome
    written = world.states.welcome[place].letter_day == day
    steps = REACHED if written or gets_coupon(inbox, own) or inbox.sample > 0.0 else 0
    followed = written and inbox.letter_followed > 0.0
    steps += ACTED if followed or (inbox.sample > 0.0 and inbox.sample_liked > 0.0) else 0
    return steps + (ORDERED if spends_coupon(parent, event, own) else 0)
