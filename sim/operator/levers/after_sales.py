"""After-sales care: how to use it, a call and a gift after a complaint, and goods to test.

With its first order in each childcare stage a customer gets a letter that explains the goods, on
the day they come: a thing is judged in use, and part of what seems defective was only used in the
wrong way. Whoever has complained is called some days later and given a coupon; a failure that is
made good later is forgiven by some who had turned away. For a while it is also asked, more strongly
than others, into a chat, and there to test goods. What comes of it is the rules' business
(`sim.behaviour.judge`).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sim.compilation.compiled import compiled
from sim.operator.common import LeverParameters
from sim.operator.contacts import wake_in, write_letter
from sim.operator.contract import DAY, Event, State, Whole
from sim.operator.deals import put_coupon, spends_coupon
from sim.operator.steps import ACTED, ORDERED, REACHED
from sim.parameters.quantity import quantity
from sim.world.draws import HOUSEHOLD, uniform
from sim.world.household import NEVER, STAGES, stage_of
from sim.world.protocols import Counters, Inbox, Parent
from sim.world.state import World

SENTENCE = """
Sends a letter on how to use them with the first goods of each childcare stage
({{ yuan_per_letter | number }} yuan each), which explains {{ explained | percent }} of it. Whoever
has complained is called after {{ gift_after_days | count("day") }}
({{ yuan_per_gift | number }} yuan, gift included), which makes good {{ recovery | percent }} of the
failure{% if gift_percent %}, and gets a coupon of {{ gift_percent }} percent for
{{ gift_days | count("day") }}{% else %}, and gets no coupon, which would be valid for
{{ gift_days | count("day") }}{% endif %}. For {{ trial_days | count("day") }} it is asked, with
strength {{ trial | number }} (0 to 1), into a chat and to test goods there, once in
{{ days_between_trials | count("day") }} ({{ yuan_per_pack | number }} yuan a pack).
"""
NAMES = {"en": "after-sales care", "zh": "售后关怀"}
IN_CHINESE = {
    "explained": "使用指导讲清楚的程度（0 到 1）",
    "yuan_per_letter": "每条使用指导的成本",
    "recovery": "回访补救挽回失误的程度（0 到 1）",
    "gift_after_days": "投诉后第几天回访并赠礼",
    "gift_percent": "补救券的优惠幅度（%）",
    "gift_days": "补救券有效天数",
    "yuan_per_gift": "每次回访及小礼品的成本",
    "trial": "邀请试用的力度（0 到 1）",
    "trial_days": "投诉后多少天内邀请试用",
    "days_between_trials": "两次试用的间隔天数",
    "yuan_per_pack": "每份试用装的成本",
}
REACH = {
    "eligible": "a customer, if it is among those cared for",
    "reached": "was sent a letter on use, or called after a complaint",
    "acted": "followed the letter, came back after the call, or tested goods",
    "ordered": "ordered with the coupon given for a complaint",
}
REACH_IN_CHINESE = {
    "eligible": "纳入售后关怀的客户",
    "reached": "收到使用指导，或投诉后接到回访",
    "acted": "点开使用指导，回访后重新接受，或参与试用",
    "ordered": "用补救券下单",
}
OF_STAGES = Whole(-1, len(STAGES) - 1)
OF_HOUSEHOLDS = (
    State(
        "explained_stage", "index of STAGES", "for which use was explained, -1 none", OF_STAGES, -1
    ),
    State("explained", "0 to 1", "how well"),
    State("letter_day", "day", "it was last sent a letter", DAY, -NEVER),
    State("cared_day", "day", "it was last among those cared for, while awake", DAY, -NEVER),
    State("complained_day", "day", "of its last complaint", DAY, -NEVER),
    State("call_day", "day", "on which it is to be called, 30000 if on none", DAY, NEVER),
    State("called_day", "day", "it was last called", DAY, -NEVER),
    State("tested_day", "day", "it last tested goods", DAY, -NEVER),
)
EVENTS = (
    Event("called", "households", "called after a complaint", "Was called about its complaint."),
    Event(
        "forgave",
        "households",
        "that had turned away, and came back after such a call",
        "Forgave the failure.",
    ),
    Event("tested", "households", "that tested goods", "Tested goods for the operator."),
)
IDLE_WITHOUT = ("explained", "recovery", "trial")


@dataclass
class Parameters(LeverParameters):
    """After-sales care; at part of its strength a part of customers, by lot, gets it."""

    explained: float = quantity("0 to 1", "of wrong use, that a letter prevents", 0, 1)
    yuan_per_letter: float = quantity("yuan", "for a letter on use", 0, 100)
    recovery: float = quantity("0 to 1", "how far a call makes good what had failed", 0, 1)
    gift_after_days: int = quantity("days", "after a complaint one is called", 1, 365)
    gift_percent: int = quantity("percent", "price cut of the coupon given then", 0, 90)
    gift_days: int = quantity("days", "that coupon is valid", 1, 365)
    yuan_per_gift: float = quantity("yuan", "for a call and a small gift", 0, 1000)
    trial: float = quantity("0 to 1", "strength of the invitation to test goods", 0, 1)
    trial_days: int = quantity("days", "after a complaint one is invited", 1, 3650)
    days_between_trials: int = quantity("days", "from one test to the next", 1, 365)
    yuan_per_pack: float = quantity("yuan", "for a trial pack", 0, 10000)


@compiled
def cared_for(parent: Parent, place: int, world: World) -> bool:
    """Whether it is meant for this household: a customer, drawn by lot."""
    own = world.levers.after_sales
    if own.power <= 0.0 or parent.orders == 0:
        return False
    return uniform(world.seed, HOUSEHOLD, place, parent.family, own.purpose) < own.power


@compiled
def is_tester(kept: Any, day: int, own: Parameters) -> bool:
    """Whether a household has complained lately, and has no pack to test at present."""
    lately = day - kept.complained_day < own.trial_days
    return bool(lately and day - kept.tested_day >= own.days_between_trials)


@compiled
def lasting(parent: Parent, place: int, world: World, day: int, inbox: Inbox) -> None:
    """What was explained for the present stage is known, whatever the operator does now."""
    kept = world.states.after_sales[place]
    if kept.explained_stage == stage_of(day - parent.birth_day):
        inbox.explained = kept.explained


@compiled
def offer(parent: Parent, place: int, world: World, day: int, inbox: Inbox) -> None:
    """Explain with goods that come today; call and give when it is time; invite to test."""
    own, kept = world.levers.after_sales, world.states.after_sales[place]
    if not cared_for(parent, place, world):
        return
    kept.cared_day = day
    stage = stage_of(day - parent.birth_day)
    reachable = parent.in_private_domain + parent.subscribed > 0
    new = kept.explained_stage != stage and own.explained > 0.0
    if new and reachable and parent.arrival_day <= day:
        write_letter(inbox)
        kept.letter_day = day
        kept.explained_stage = stage
        kept.explained = inbox.explained = own.explained
    if own.recovery > 0.0 and kept.call_day <= day:
        kept.call_day = NEVER
        kept.called_day = day
        inbox.personal_messages += 1.0
        inbox.recovery = own.recovery
        if own.gift_percent > 0:
            put_coupon(inbox, own, own.gift_percent, own.gift_days)
    if is_tester(kept, day, own):
        inbox.trial = own.trial


@compiled
def charge(
    parent: Parent, place: int, world: World, day: int, inbox: Inbox, event: Any, counters: Counters
) -> None:
    """Pay for letters, calls and packs, answer for the coupon's cut; who complains is noted."""
    own, kept = world.levers.after_sales, world.states.after_sales[place]
    if event.graduated > 0:
        return  # another family lives here from today on
    if kept.letter_day == day:
        counters.cost_fen[own.line] += int(own.yuan_per_letter * 100.0)
    if kept.called_day == day:
        counters.cost_fen[own.line] += int(own.yuan_per_gift * 100.0)
        event.after_sales_called = 1
        event.after_sales_forgave = int(inbox.forgives)
    if inbox.makes > 0.0 and inbox.trial > inbox.making:
        counters.cost_fen[own.line] += int(own.yuan_per_pack * 100.0)
        kept.tested_day = day
        event.after_sales_tested = 1
    if spends_coupon(parent, event, own):
        counters.discount_fen[own.line] += event.coupon_fen
    if kept.cared_day == day and event.ticket > 0:
        kept.complained_day = day
        kept.call_day = day + own.gift_after_days
    if kept.cared_day == day and own.recovery > 0.0 and kept.call_day < NEVER:
        wake_in(inbox, kept.call_day - day)


@compiled
def eligible(parent: Parent, place: int, world: World, day: int) -> bool:
    """Customers for whom it is meant."""
    return cared_for(parent, place, world)


@compiled
def reach(parent: Parent, place: int, world: World, day: int, inbox: Inbox, event: Any) -> int:
    """Letters and calls, what came of them, and orders with the coupon."""
    written = world.states.after_sales[place].letter_day == day
    steps = REACHED if written or event.after_sales_called > 0 else 0
    followed = written and inbox.letter_followed > 0.0
    did = event.after_sales_forgave + event.after_sales_tested > 0
    steps += ACTED if followed or did else 0
    return steps + (ORDERED if spends_coupon(parent, event, world.levers.after_sales) else 0)


def odd(own: Parameters, config: Any) -> Iterator[str]:
    """Testers for whom there is no chat."""
    if own.trial > 0.0 and config.operator.community.strength == 0.0:
        yield "after_sales asks testers into chats, and community, which has them, is off."
