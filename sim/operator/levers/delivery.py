"""Delivery from forward warehouses: where there is one nearby, goods come sooner.

A warehouse serves the streets around it, so that whether an order can be sent from one is a matter
of where a household lives, and lasts. What is late for want of stock is late there too. When a
retailer's second distribution centre shortened delivery from seven business days, online sales
rose by 1.5 percent for each day (Fisher, Gallino & Xu 2019, as summed up by the American Marketing
Association).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sim.compilation.compiled import compiled
from sim.operator.common import LeverParameters
from sim.operator.contract import State
from sim.operator.places import households_counted, lives_near
from sim.operator.steps import REACHED
from sim.parameters.quantity import quantity
from sim.world.protocols import Counters, EventRecord, Inbox, Parent, Records
from sim.world.state import World

SENTENCE = """
Sends the orders of {{ share | percent }} of households, by where they live, from a forward
warehouse nearby, {{ days_saved | count("day") }} sooner than usual; an order sent so costs
{{ yuan_per_order | number }} yuan more, and a warehouse for
{{ households_per_warehouse | count("household") }} {{ yuan_per_warehouse_month | number }} yuan a
month.
"""
NAMES = {"en": "fast delivery", "zh": "前置仓配送"}
DOSE = "share"
IN_CHINESE = {
    "share": "前置仓可覆盖的家庭比例",
    "days_saved": "比平时早到的天数",
    "yuan_per_order": "前置仓每单增加的配送成本",
    "households_per_warehouse": "每个前置仓覆盖的家庭数",
    "yuan_per_warehouse_month": "每个前置仓每月的租金与人工",
}
REACH = {
    "eligible": "lives where a forward warehouse delivers",
    "reached": "had an order sent from there",
}
REACH_IN_CHINESE = {"eligible": "住在前置仓配送范围内", "reached": "有订单由前置仓发出"}
OF_OPERATOR = (
    State("households", "households", "of its audience, at the last count", int),
    State("warehouses", "warehouses", "that are paid for", float),
)
IDLE_WITHOUT = ("share",)


@dataclass
class Parameters(LeverParameters):
    """Forward warehouses; at part of its strength they serve a part of these households."""

    share: float = quantity("share", "of households that a warehouse can serve", 0, 1)
    days_saved: float = quantity("days", "that their orders arrive sooner", 0, 30)
    yuan_per_order: float = quantity("yuan", "more than the ordinary delivery of an order", 0, 1000)
    households_per_warehouse: float = quantity("households", "that one can serve", 1, 1e6)
    yuan_per_warehouse_month: float = quantity("yuan a month", "rent and staff of one", 0, 1e7)


@compiled
def prepare(world: World, households: Records[Parent], day: int) -> None:
    """In the morning: how many warehouses the households that it serves take."""
    own, shared = world.levers.delivery, world.states.delivery_shared[0]
    shared.households = households_counted(shared.households, households, world, day, own)
    served = own.power * own.share * shared.households
    shared.warehouses = served / own.households_per_warehouse


@compiled
def offer(parent: Parent, place: int, world: World, day: int, inbox: Inbox) -> None:
    """Whoever lives near one gets goods sooner."""
    own = world.levers.delivery
    if lives_near(parent, place, world, own, own.share):
        inbox.days_saved = max(inbox.days_saved, own.days_saved)


@compiled
def sent_from_warehouse(
    parent: Parent, place: int, world: World, inbox: Inbox, event: EventRecord
) -> bool:
    """Whether an order was made today that goes out from a warehouse; none that is fetched does."""
    own = world.levers.delivery
    to_send = event.list_fen > 0 and inbox.store_near <= 0.0
    return to_send and lives_near(parent, place, world, own, own.share)


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
    """A courier for each order."""
    own = world.levers.delivery
    if sent_from_warehouse(parent, place, world, inbox, event):
        counters.cost_fen[own.line] += int(own.yuan_per_order * 100.0)


@compiled
def settle(world: World, day: int, counters: Counters) -> None:
    """Overnight: a day's rent and staff."""
    own, shared = world.levers.delivery, world.states.delivery_shared[0]
    month_fen = shared.warehouses * own.yuan_per_warehouse_month * 100.0
    counters.cost_fen[own.line] += int(month_fen / 30.0)


@compiled
def eligible(parent: Parent, place: int, world: World, day: int) -> bool:
    """Who lives near one."""
    own = world.levers.delivery
    return lives_near(parent, place, world, own, own.share)


@compiled
def reach(
    parent: Parent, place: int, world: World, day: int, inbox: Inbox, event: EventRecord
) -> int:
    """Orders sent from there."""
    return REACHED if sent_from_warehouse(parent, place, world, inbox, event) else 0


def odd(own: Parameters, config: Any) -> Iterator[str]:
    """Warehouses that save nothing; more days saved than there are."""
    longest = max(region.delivery_days for region in config.population.regions)
    if own.days_saved == 0.0:
        yield "delivery is on and saves no days: its days_saved is zero."
    elif own.days_saved > longest:
        yield f"delivery saves {own.days_saved:g} days; no region waits longer than {longest:g}."
