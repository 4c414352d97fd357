"""Broadcast messages: the same text to a whole audience.

A fresh message brings the operator to mind; some of those who get it follow it to the operator's
channel and see what it offers; every one adds to fatigue. A random share of households can be held
out, as in a field experiment (X01, X02): they see whatever they saw before.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.behaviour.drift import parent_audience
from sim.behaviour.ordering import BY_MESSAGE
from sim.compilation.compiled import compiled
from sim.operator.common import LeverParameters
from sim.operator.deals import given_by_deal
from sim.operator.steps import ACTED, ORDERED
from sim.parameters.quantity import Choice, choice, quantity
from sim.world.draws import HOUSEHOLD, uniform
from sim.world.household import AUDIENCES, COMMUNITY, HELD_OUT, PRIVATE, SUBSCRIBED
from sim.world.protocols import Counters, EventRecord, Inbox, Parent, Plan
from sim.world.state import World

if TYPE_CHECKING:
    from sim.operator.hooks import Running

WHO = {"subscribers": SUBSCRIBED, "private_domain": PRIVATE, "group_members": COMMUNITY}
NEEDED = tuple(WHO.values())  # by the place of the word

SENTENCE = """
Sends {{ per_week | count("message") }} a week to
{{ {"subscribers": "all subscribers", "private_domain": "everyone in the private domain",
    "group_members": "the members of group chats"}[recipients] }}
({{ yuan_per_message | number }} yuan each)
{%- if offer_cut %}, offering {{ offer_cut | percent }} off to whoever follows it{% endif %}.
{% if held_out_share %}For an experiment {{ held_out_share | percent }} of households are
never written to.{% endif %}
"""
NAMES = {"en": "mass messages", "zh": "群发消息"}
DOSE = "per_week"
IN_CHINESE = {"offer_cut": "消息中优惠的降价幅度"}
REACH = {
    "eligible": "may be written to",
    "reached": "was sent a message, awake or asleep",
    "acted": "followed a message to the channel",
    "ordered": "ordered for what a message offered",
}
REACH_IN_CHINESE = {
    "eligible": "可群发触达的家庭",
    "reached": "收到消息",
    "acted": "点开消息并到访",
    "ordered": "因消息中的优惠下单",
}
IDLE_WITHOUT = ("per_week",)
BY_AUDIENCE = True  # visits and messages can be told to some alone


@dataclass
class Parameters(LeverParameters):
    """Mass messages."""

    per_week: float = quantity("messages a week", "to each household of the audience", 0, 21)
    recipients: Choice = choice("who gets them", tuple(WHO))
    offer_cut: float = quantity("share", "price cut of what a message offers", 0, 0.9)
    held_out_share: float = quantity("share", "of households never written to", 0, 1)
    yuan_per_message: float = quantity("yuan", "for sending one", 0, 10)


@compiled
def plan(world: World, day: int, today: Plan) -> None:
    """Send on evenly spread days; a message is fresh on its day and the next."""
    own = world.levers.broadcast
    if own.power <= 0.0:
        return
    per_day = own.power * own.per_week / 7.0
    sent = np.floor((day + 1) * per_day) - np.floor(day * per_day)
    before = np.floor(day * per_day) - np.floor((day - 1) * per_day)
    today.message_offer_cut = own.offer_cut
    for audience in range(AUDIENCES):
        if not written_to(audience, own):
            continue
        today.broadcasts[audience] = sent
        if sent + before > 0.0:
            today.fresh_message[audience] = 1.0


@compiled
def written_to(audience: int, own: Parameters) -> bool:
    """Whether it writes to those of an audience: its recipients, but for the control group."""
    asked = audience & NEEDED[own.recipients] > 0 and audience & SUBSCRIBED > 0
    return asked and audience & HELD_OUT == 0


@compiled
def offer(parent: Parent, place: int, world: World, day: int, inbox: Inbox) -> None:
    """Put a household that becomes reachable into the control group, or not, for good."""
    own = world.levers.broadcast
    if own.power > 0.0 and own.held_out_share > 0.0:
        luck = uniform(world.seed, HOUSEHOLD, place, parent.family, own.purpose)
        parent.held_out = 1 if luck < own.held_out_share else 0


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
    """Give up the price that its offers cut."""
    if event.list_fen > 0 and event.cause == BY_MESSAGE:
        own = world.levers.broadcast
        counters.discount_fen[own.line] += given_by_deal(world, inbox, event)


@compiled
def daily_cost_yuan(own: Parameters, running: "Running") -> float:
    """Sending."""
    return float(running.messages * own.yuan_per_message)


@compiled
def eligible(parent: Parent, place: int, world: World, day: int) -> bool:
    """Whom it writes to, but for the control group."""
    return written_to(parent_audience(parent), world.levers.broadcast)


@compiled
def reach(
    parent: Parent, place: int, world: World, day: int, inbox: Inbox, event: EventRecord
) -> int:
    """Messages followed, and orders for their offers; that they were sent is noted by the plan."""
    ordered = event.list_fen > 0 and event.cause == BY_MESSAGE
    return (ACTED if inbox.followed > 0.0 else 0) + (ORDERED if ordered else 0)
