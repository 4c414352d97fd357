"""Paid membership: a yearly fee, and for it a price cut on every order.

Whether a fee is worth it households reckon from their own orders, so that whoever joins would have
bought much anyway: what members buy more than others is mostly who they are. The fee is income of
its own, `fees`, beside what goods bring; the cut is price given up.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sim.compilation.compiled import compiled
from sim.operator.common import LeverParameters
from sim.operator.contract import DAY, State
from sim.operator.deals import given_by_membership
from sim.operator.steps import ACTED, ORDERED, REACHED
from sim.parameters.quantity import quantity
from sim.world.draws import HOUSEHOLD, uniform
from sim.world.household import NEVER
from sim.world.protocols import Counters, EventRecord, Inbox, Parent
from sim.world.state import World

YEAR_DAYS = 365

SENTENCE = """
Sells a membership for {{ fee_yuan | number }} yuan a year, which takes {{ cut | percent }} off
every order; it is offered at orders of customers who have ordered
{{ entry_orders | count("time") }} before, and again in the last {{ renewal_days | count("day") }}
of a year. Running it costs {{ yuan_per_customer_month | number }} yuan per customer and month, and
{{ yuan_per_member | number }} yuan for each year that is sold.
"""
NAMES = {"en": "paid membership", "zh": "付费会员"}
DOSE = "cut"
IN_CHINESE = {
    "fee_yuan": "会员年费",
    "cut": "付费会员的折扣幅度",
    "entry_orders": "开放购买所需的历史订单数",
    "renewal_days": "到期前多少天可续费",
    "yuan_per_member": "每位会员每年的权益服务成本",
    "yuan_per_customer_month": "每位客户每月的付费会员运营费",
}
REACH = {
    "eligible": "a customer with enough orders, or a member",
    "reached": "was offered membership at an order, or ordered as a member",
    "acted": "paid the fee",
    "ordered": "ordered as a member",
}
REACH_IN_CHINESE = {
    "eligible": "历史订单达标的客户或付费会员",
    "reached": "下单时看到会员购买入口，或以会员身份下单",
    "acted": "开通或续费",
    "ordered": "以付费会员身份下单",
}
OF_HOUSEHOLDS = (State("until_day", "day", "it is a member before", DAY, -NEVER),)
OF_OPERATOR = (State("members", "households", "that have paid for this day", int),)


@dataclass
class Parameters(LeverParameters):
    """The membership; at part of its strength it is offered to a part of households, by lot."""

    fee_yuan: float = quantity("yuan a year", "paid by a member", 1, 10000)
    cut: float = quantity("share", "price cut of every order of a member", 0, 0.9)
    entry_orders: int = quantity("orders", "needed to be offered it", 0, 100)
    renewal_days: int = quantity("days", "before its end a year can be renewed", 1, 365)
    yuan_per_member: float = quantity("yuan", "for each year that is sold", 0, 10000)
    yuan_per_customer_month: float = quantity("yuan a month", "running it, per customer", 0, 100)


@compiled
def is_member(place: int, world: World, day: int) -> bool:
    """Whether a household has paid for today."""
    return bool(day < world.states.paid_membership[place].until_day)


@compiled
def may_join(parent: Parent, place: int, world: World, day: int) -> bool:
    """Whether membership is for sale: to customers drawn by lot, whose year is (nearly) over."""
    own = world.levers.paid_membership
    if own.power <= 0.0 or parent.orders < own.entry_orders:
        return False
    if day < world.states.paid_membership[place].until_day - own.renewal_days:
        return False
    return uniform(world.seed, HOUSEHOLD, place, parent.family, own.purpose) < own.power


@compiled
def offer(parent: Parent, place: int, world: World, day: int, inbox: Inbox) -> None:
    """The cut, to members in full; the fee, to whoever may join or renew."""
    own = world.levers.paid_membership
    if own.power > 0.0 and is_member(place, world, day):
        inbox.paid_cut = own.cut
    if may_join(parent, place, world, day):
        inbox.fee_yuan = own.fee_yuan
        inbox.fee_cut = own.cut


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
    """Price given up; a fee that was paid is income, and begins or adds a year from tomorrow on."""
    own = world.levers.paid_membership
    if event.list_fen > 0:
        counters.discount_fen[own.line] += given_by_membership(world, inbox, event)
    if event.paid_fee > 0:
        kept = world.states.paid_membership[place]
        kept.until_day = max(kept.until_day, day + 1) + YEAR_DAYS
        counters.fees_fen += int(own.fee_yuan * 100.0)
        counters.cost_fen[own.line] += int(own.yuan_per_member * 100.0)


@compiled
def settle(world: World, day: int, counters: Counters) -> None:
    """Overnight: how many had paid for today."""
    members = 0
    for place in range(len(world.states.paid_membership)):
        members += 1 if is_member(place, world, day) else 0
    world.states.paid_membership_shared[0].members = members


@compiled
def monthly_cost_yuan(own: Parameters, customers: float) -> float:
    """Running the programme."""
    return float(own.yuan_per_customer_month * customers)


@compiled
def eligible(parent: Parent, place: int, world: World, day: int) -> bool:
    """Members, and to whom membership is for sale."""
    return is_member(place, world, day) or may_join(parent, place, world, day)


@compiled
def reach(
    parent: Parent, place: int, world: World, day: int, inbox: Inbox, event: EventRecord
) -> int:
    """Offers at orders, fees paid, and orders as a member."""
    if event.list_fen == 0:
        return 0
    as_member = inbox.paid_cut > 0.0
    steps = REACHED if as_member or inbox.fee_yuan > 0.0 else 0
    return steps + (ACTED if event.paid_fee > 0 else 0) + (ORDERED if as_member else 0)


def odd(own: Parameters, config: Any) -> Iterator[str]:
    """A fee for nothing."""
    if own.cut == 0.0:
        yield "paid_membership asks a fee for no price cut: nobody saves anything by it."
