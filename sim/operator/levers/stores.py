"""Offline stores and local events: a store nearby, and meeting the operator there in person.

Whoever lives near a store sees it, fetches there what it orders in either channel, and likes it
as it likes shops nearby. Now and then every store invites those of the private domain around it;
who comes is the rules' business (`sim.behaviour.visiting.come_to_event`). Stores make a brand known
where it is not, and take from its own online sales where it is (Wang & Goldfarb 2017, abstract);
here an order is made in the channels, and a store has no sales of its own.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.behaviour.weighing import PUBLIC_STORE
from sim.compilation.compiled import compiled
from sim.operator.audiences import addressed
from sim.operator.common import LeverParameters
from sim.operator.contract import Event, State
from sim.operator.places import households_counted, lives_near
from sim.operator.steps import ACTED, ORDERED, REACHED
from sim.parameters.quantity import quantity
from sim.world.protocols import Counters, Inbox, Parent, Records
from sim.world.state import World

SENTENCE = """
Has stores near {{ coverage | percent }} of households, a store for
{{ households_per_store | count("household") }} at {{ yuan_per_store_month | number }} yuan a month,
where orders can be fetched at once
{%- if events_per_month %}; {{ events_per_month | count("time") }} a month each invites the private
domain around it to an event ({{ yuan_per_message | number }} yuan an invitation,
{{ yuan_per_guest | number }} yuan a guest){% else %}; holds no events, for which an invitation
would cost {{ yuan_per_message | number }} yuan and a guest {{ yuan_per_guest | number }} yuan
{%- endif %}.
"""
NAMES = {"en": "stores and local events", "zh": "线下门店与活动"}
DOSE = "coverage"
IN_CHINESE = {
    "coverage": "门店覆盖的家庭比例",
    "households_per_store": "每家门店覆盖的家庭数",
    "yuan_per_store_month": "每家门店每月的租金与人工",
    "events_per_month": "每家门店每月的线下活动场次",
    "yuan_per_message": "每条活动邀约的成本",
    "yuan_per_guest": "活动每到店一位的成本",
}
REACH = {
    "eligible": "lives near a store",
    "reached": "was invited to an event, or ordered where a store is nearby",
    "acted": "came to an event",
    "ordered": "ordered where a store is nearby",
}
REACH_IN_CHINESE = {
    "eligible": "门店覆盖范围内的家庭",
    "reached": "收到活动邀约，或在门店覆盖范围内下单",
    "acted": "到店参加活动",
    "ordered": "在门店覆盖范围内下单",
}
OF_OPERATOR = (
    State("households", "households", "of its audience, at the last count", int),
    State("open", "stores", "that are paid for", float),
)
EVENTS = (Event("came", "guests", "came to an event at a store", "Came to an event at the store."),)
IDLE_WITHOUT = ("coverage",)


@dataclass
class Parameters(LeverParameters):
    """Stores; at part of its strength they are near a part of these households."""

    coverage: float = quantity("share", "of households that live near a store", 0, 1)
    households_per_store: float = quantity("households", "around one store", 1, 1e6)
    yuan_per_store_month: float = quantity("yuan a month", "rent and staff of one", 0, 1e7)
    events_per_month: float = quantity("events a month", "at every store", 0, 30)
    yuan_per_message: float = quantity("yuan", "for an invitation to an event", 0, 100)
    yuan_per_guest: float = quantity("yuan", "for whoever comes to one", 0, 10000)


@compiled
def has_event(own: Parameters, day: int) -> bool:
    """Whether every store holds an event: so many a month, evenly spread."""
    per_day = own.events_per_month / 30.0
    return bool(np.floor((day + 1) * per_day) > np.floor(day * per_day))


@compiled
def prepare(world: World, households: Records[Parent], day: int) -> None:
    """In the morning: how many stores the households that live near one take."""
    own, shared = world.levers.stores, world.states.stores_shared[0]
    shared.households = households_counted(shared.households, households, world, day, own)
    shared.open = own.power * own.coverage * shared.households / own.households_per_store


@compiled
def offer(parent: Parent, place: int, world: World, day: int, inbox: Inbox) -> None:
    """A store nearby; on the day of an event an invitation, to the private domain."""
    own = world.levers.stores
    if not lives_near(parent, place, world, own, own.coverage):
        return
    inbox.store_near = 1.0
    if parent.in_private_domain > 0 and has_event(own, day):
        inbox.local_event = 1.0
        inbox.personal_messages += 1.0


@compiled
def charge(
    parent: Parent, place: int, world: World, day: int, inbox: Inbox, event: Any, counters: Counters
) -> None:
    """Invitations, and guests, who are noted."""
    own = world.levers.stores
    if inbox.local_event > 0.0:
        counters.cost_fen[own.line] += int(own.yuan_per_message * 100.0)
    if inbox.came_to_event > 0.0:
        counters.cost_fen[own.line] += int(own.yuan_per_guest * 100.0)
        event.stores_came = 1


@compiled
def settle(world: World, day: int, counters: Counters) -> None:
    """Overnight: a day's rent and staff."""
    own, shared = world.levers.stores, world.states.stores_shared[0]
    month_fen = shared.open * own.yuan_per_store_month * 100.0
    counters.cost_fen[own.line] += int(month_fen / 30.0)


@compiled
def spread(world: World, households: Any, wake_schedules: Any, friends: Any, day: int) -> None:
    """In the night before an event: whoever is invited wakes to it."""
    own = world.levers.stores
    if own.power <= 0.0 or not has_event(own, day + 1):
        return
    for place in range(len(households)):
        parent = households[place]
        if parent.in_private_domain == 0 or not addressed(parent, place, world, day + 1, own):
            continue
        if lives_near(parent, place, world, own, own.coverage):
            wake_schedules[place].wake_day = min(wake_schedules[place].wake_day, day + 1)


@compiled
def eligible(parent: Parent, place: int, world: World, day: int) -> bool:
    """Who lives near a store."""
    own = world.levers.stores
    return lives_near(parent, place, world, own, own.coverage)


@compiled
def reach(parent: Parent, place: int, world: World, day: int, inbox: Inbox, event: Any) -> int:
    """Invitations and orders near a store, and guests."""
    ordered = inbox.store_near > 0.0 and 0 <= event.store <= PUBLIC_STORE
    steps = REACHED if ordered or inbox.local_event > 0.0 else 0
    steps += ACTED if event.stores_came > 0 else 0
    return steps + (ORDERED if ordered else 0)


def odd(own: Parameters, config: Any) -> Iterator[str]:
    """Events for a private domain that nobody can enter."""
    if own.events_per_month > 0.0 and config.operator.funnel.strength == 0.0:
        yield "stores invites the private domain to events, and funnel, which leads there, is off."
