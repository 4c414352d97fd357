"""Broadcast messages: the same text to a whole audience.

A fresh message brings the operator to mind and prompts a visit; every one adds to fatigue. A
random share of households can be held out, as in a field experiment (X01, X02).
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.compilation.compiled import compiled
from sim.operator.common import LeverParameters
from sim.parameters.quantity import Choice, choice, quantity
from sim.world.draws import HOUSEHOLD, uniform
from sim.world.household import AUDIENCES, COMMUNITY, HELD_OUT, PRIVATE, SUBSCRIBED
from sim.world.protocols import Inbox, Parent, Plan
from sim.world.state import World

if TYPE_CHECKING:
    from sim.operator.hooks import Running

WHO = {"subscribers": SUBSCRIBED, "private_domain": PRIVATE, "group_members": COMMUNITY}
NEEDED = tuple(WHO.values())  # by the place of the word

SENTENCE = """
Sends {{ per_week | count("message") }} a week to
{{ {"subscribers": "all subscribers", "private_domain": "everyone in the private domain",
    "group_members": "the members of group chats"}[recipients] }}
({{ yuan_per_message | number }} yuan each); on such a day they look in {{ pull | percent }} more
often. {% if held_out_share %}For an experiment {{ held_out_share | percent }} of households are
never written to.{% endif %}
"""
NAMES = {"en": "mass messages", "zh": "群发消息"}
IN_CHINESE = {"pull": "发消息当天增加的访问"}
IDLE_WITHOUT = ("per_week",)
BY_AUDIENCE = True  # visits and messages can be told to some alone


@dataclass
class Parameters(LeverParameters):
    """Mass messages."""

    per_week: float = quantity("messages a week", "to each household of the audience", 0, 21)
    recipients: Choice = choice("who gets them", tuple(WHO))
    pull: float = quantity("ratio", "more visits on the day of a message", 0, 20)
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
    today.channel_promotion_per_day = per_day
    for audience in range(AUDIENCES):
        if audience & NEEDED[own.recipients] == 0 or audience & HELD_OUT > 0:
            continue
        today.broadcasts[audience] = sent
        today.prompt[audience] = 1.0 + own.pull * min(sent, 1.0)
        if sent + before > 0.0:
            today.fresh_message[audience] = 1.0


@compiled
def offer(parent: Parent, place: int, world: World, day: int, inbox: Inbox) -> None:
    """Put a household that becomes reachable into the control group, or not, for good."""
    own = world.levers.broadcast
    if own.power > 0.0 and own.held_out_share > 0.0:
        luck = uniform(world.seed, HOUSEHOLD, place, parent.family, own.purpose)
        parent.held_out = 1 if luck < own.held_out_share else 0


@compiled
def daily_cost_yuan(own: Parameters, running: "Running") -> float:
    """Sending."""
    return float(running.messages * own.yuan_per_message)
