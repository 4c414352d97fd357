"""Replenishment reminders: a message some days before stock is expected to end.

The operator reckons from its own last order, as it would in reality; it needs consent to
service use of data. The reminder makes the need salient before a rival is thought of, and stays
at hand for a while: stock often lasts longer than the operator can know.
"""

from dataclasses import dataclass

from sim.behaviour.ordering import BY_REMINDER
from sim.compilation.compiled import compiled
from sim.operator.common import LeverParameters
from sim.operator.contacts import may_serve, wake_in
from sim.operator.steps import ORDERED, REACHED
from sim.parameters.quantity import quantity, switch
from sim.world.household import NEVER
from sim.world.protocols import Counters, EventRecord, Inbox, Parent
from sim.world.state import World

SENTENCE = """
Reminds customers {{ days_before | count("day") }} before what they bought should run
out{% if most_per_order > 1 %}, and again every {{ again_days | count("day") }} until they order,
{{ most_per_order | count("time") }} at most{% endif %}
({{ yuan_per_message | number }} yuan a message), kept at hand for
{{ at_hand_days | count("day") }},
{{ "with consent only" if needs_consent else "whether they consented or not" }}.
"""
NAMES = {"en": "reminders", "zh": "补货提醒"}
IN_CHINESE = {
    "at_hand_days": "提醒消息可供查看的天数",
    "needs_consent": "仅在同意服务用途时提醒",
    "most_per_order": "下次下单前最多提醒的次数",
    "again_days": "两次提醒之间的天数",
}
REACH = {
    "eligible": "a customer who may be reminded",
    "reached": "was sent a reminder",
    "ordered": "ordered with a reminder at hand",
}
REACH_IN_CHINESE = {
    "eligible": "可提醒的客户",
    "reached": "收到补货提醒",
    "ordered": "在提醒有效期内下单",
}


@dataclass
class Parameters(LeverParameters):
    """Reminders."""

    days_before: int = quantity("days", "before the expected end of stock", 0, 60)
    at_hand_days: int = quantity("days", "a reminder stays at hand", 1, 60)
    most_per_order: int = quantity("messages", "at most, until the next order", 1, 12)
    again_days: int = quantity("days", "from one reminder to the next", 1, 365)
    needs_consent: bool = switch("only with consent to service use")
    yuan_per_message: float = quantity("yuan", "for sending one", 0, 10)


@compiled
def offer(parent: Parent, place: int, world: World, day: int, inbox: Inbox) -> None:
    """Remind on the day that was set at the last order, and again while no order comes of it."""
    own = world.levers.reminders
    age = since_latest(parent, world, day)
    at_hand = 0 <= age < own.at_hand_days
    more = 0 <= day - age - parent.reminder_day < (own.most_per_order - 1) * own.again_days
    if own.power <= 0.0 or not (at_hand or more) or not may_remind(parent, place, world):
        return
    if at_hand:
        inbox.reminder = 1.0
    if age == 0:
        inbox.personal_messages += 1.0
        inbox.reminded = 1.0
    if more:
        wake_in(inbox, own.again_days - age)


@compiled
def since_latest(parent: Parent, world: World, day: int) -> int:
    """Days since the latest reminder of what was last bought, 0 on its day; below, none yet."""
    own = world.levers.reminders
    since = day - parent.reminder_day
    if since < 0:
        return since
    return since - min(since // own.again_days, own.most_per_order - 1) * own.again_days


@compiled
def may_remind(parent: Parent, place: int, world: World) -> bool:
    """Whether the household may be reminded: a service, no advertisement."""
    return world.levers.reminders.needs_consent == 0 or may_serve(parent, place, world)


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
    """Pay for the message; at an order, set the next reminder."""
    own = world.levers.reminders
    if own.power <= 0.0:
        return
    if since_latest(parent, world, day) == 0 and may_remind(parent, place, world):
        counters.reminders += 1
        counters.cost_fen[own.line] += int(own.yuan_per_message * 100.0)
    if event.list_fen > 0 and event.unfilled == 0:
        if not may_remind(parent, place, world):
            return
        first_end = NEVER
        for category in range(len(event.days_bought)):
            if event.days_bought[category] > 0:
                first_end = min(first_end, event.days_bought[category])
        if first_end < NEVER:
            parent.reminder_day = day + max(first_end - own.days_before, 1)


@compiled
def eligible(parent: Parent, place: int, world: World, day: int) -> bool:
    """Customers who may be reminded."""
    return parent.orders > 0 and may_remind(parent, place, world)


@compiled
def reach(
    parent: Parent, place: int, world: World, day: int, inbox: Inbox, event: EventRecord
) -> int:
    """Reminders sent, and orders with one at hand."""
    ordered = event.list_fen > 0 and event.cause == BY_REMINDER
    return (REACHED if inbox.reminded > 0.0 else 0) + (ORDERED if ordered else 0)
