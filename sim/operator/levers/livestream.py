"""Livestreams: a reason to visit, and deals that tempt whoever watches."""

from dataclasses import dataclass

import numpy as np

from sim.behaviour.ordering import BY_LIVESTREAM
from sim.compilation.compiled import compiled
from sim.operator.common import LeverParameters
from sim.operator.deals import given_by_deal
from sim.operator.steps import ORDERED, REACHED, SEEN
from sim.parameters.quantity import quantity
from sim.world.household import AUDIENCES
from sim.world.protocols import Counters, EventRecord, Inbox, Parent, Plan
from sim.world.state import World

SENTENCE = """
Goes live {{ per_week | count("time") }} a week ({{ yuan_each | number }} yuan each per 10,000
customers). Customers look in {{ pull | percent }} more often on such days, a fully engaged visitor
watches with a chance of {{ watch_chance | percent }}, and what is shown is {{ cut | percent }} off.
"""
NAMES = {"en": "livestreams", "zh": "直播"}
DOSE = "per_week"
REACH = {
    "eligible": "in the private domain, or subscribed: who ever looks in",
    "reached": "looked in on a day with a livestream",
    "seen": "watched",
    "ordered": "ordered what was shown",
}
REACH_IN_CHINESE = {
    "eligible": "私域用户或订阅用户",
    "reached": "在直播日到访",
    "seen": "观看直播",
    "ordered": "直播下单",
}
IDLE_WITHOUT = ("per_week",)
BY_AUDIENCE = True  # visits and messages can be told to some alone


@dataclass
class Parameters(LeverParameters):
    """Livestreams."""

    per_week: float = quantity("livestreams a week", "at most one a day", 0, 7)
    cut: float = quantity("share", "price cut of what is shown", 0, 0.9)
    pull: float = quantity("ratio", "more visits on a day with a livestream", 0, 10)
    watch_chance: float = quantity("chance", "of a fully engaged visitor to watch", 0, 1)
    yuan_each: float = quantity("yuan", "for one livestream per 10,000 customers", 0, 1e6)


@compiled
def plan(world: World, day: int, today: Plan) -> None:
    """On evenly spread days."""
    own = world.levers.livestream
    per_day = own.power * own.per_week / 7.0
    if np.floor((day + 1) * per_day) > np.floor(day * per_day):
        today.livestream = 1.0
        for audience in range(AUDIENCES):
            today.prompt[audience] = 1.0 + own.pull


@compiled
def offer(parent: Parent, place: int, world: World, day: int, inbox: Inbox) -> None:
    """A visitor may meet the livestream."""
    own = world.levers.livestream
    if world.today[0].livestream > 0.0:
        inbox.livestream = own.watch_chance
        inbox.livestream_cut = own.cut


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
    """Price given up on what was shown."""
    if event.list_fen > 0 and event.cause == BY_LIVESTREAM:
        own = world.levers.livestream
        counters.discount_fen[own.line] += given_by_deal(world, inbox, event)


@compiled
def monthly_cost_yuan(own: Parameters, customers: float) -> float:
    """Hosts and studio for 30 days."""
    return float(own.per_week * 30.0 / 7.0 * own.yuan_each * customers / 10000.0)


@compiled
def eligible(parent: Parent, place: int, world: World, day: int) -> bool:
    """Who ever looks into the channel."""
    return parent.in_private_domain + parent.subscribed > 0


@compiled
def reach(
    parent: Parent, place: int, world: World, day: int, inbox: Inbox, event: EventRecord
) -> int:
    """Visits on days with a livestream, viewers, and orders."""
    if inbox.livestream <= 0.0 or event.looked == 0:
        return 0
    ordered = event.list_fen > 0 and event.cause == BY_LIVESTREAM
    return REACHED + (SEEN if event.livestream > 0 else 0) + (ORDERED if ordered else 0)
