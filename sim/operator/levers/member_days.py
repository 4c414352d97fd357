"""Member days: a deal for members, on fixed days of the month and before festivals, while it lasts.

Members of the programme and of the private domain find it when they look in; one order of a sale
is a household's share. What is left is counted overnight, so that nothing depends on who comes
first within a day: a day may sell more than was left in the morning, and `left` then lies below
zero. So a sale that is to be scarce must be longer than a day.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sim.compilation.compiled import compiled
from sim.operator.common import LeverParameters
from sim.operator.contract import DAY, Event, State
from sim.operator.deals import given_by_deal, put_deal
from sim.operator.steps import ORDERED, REACHED
from sim.parameters.quantity import quantity
from sim.world.household import AUDIENCES, NEVER, PRIVATE
from sim.world.protocols import Counters, Inbox, Parent, Plan
from sim.world.state import World

SENTENCE = """
Offers members of the programme and of the private domain {{ cut | percent }} off, on
{{ days | count("day") }} a month from its day {{ first_day }} on
{%- if presale_days %} and {{ presale_days | count("day") }} before each great festival{% endif %},
an order for each household and {{ per_1000 | number }} orders per 1,000 households of the market
in a sale. The private domain looks in {{ pull | percent }} more often while it lasts. Running it
costs {{ yuan_per_month | number }} yuan a month per 10,000 customers.
"""
NAMES = {"en": "member days", "zh": "会员日"}
DOSE = "cut"
IN_CHINESE = {
    "first_day": "会员日从每月第几天开始",
    "days": "每场会员日的天数",
    "presale_days": "大促前预售的天数",
    "cut": "会员日降价幅度",
    "per_1000": "每场限量（每千户家庭的订单数）",
    "pull": "会员日私域来访的增加",
    "yuan_per_month": "每万名客户每月的会员日运营费",
}
REACH = {
    "eligible": "in the programme of points and tiers, or in the private domain",
    "reached": "looked in while a sale was on",
    "ordered": "ordered for its deal",
}
REACH_IN_CHINESE = {
    "eligible": "会员或私域用户",
    "reached": "会员日期间到访",
    "ordered": "会员日下单",
}
CAUSE = "member_day"
OF_HOUSEHOLDS = (State("bought_day", "day", "it last bought on a member day", DAY, -NEVER),)
OF_OPERATOR = (
    State("left", "orders", "that the sale can still take, below zero where a day sold more", int),
    State("opened_day", "day", "the last sale opened", int, -NEVER),
)
EVENTS = (Event("bought", "orders", "bought on a member day", "Bought on the member day."),)
IDLE_WITHOUT = ("days", "presale_days")
BY_AUDIENCE = True  # visits can be prompted by some alone


@dataclass
class Parameters(LeverParameters):
    """Member days; at part of its strength cut and pull are a part."""

    first_day: int = quantity("day of 30", "on which a sale opens, from 0", 0, 29)
    days: int = quantity("days", "a sale is on", 0, 30)
    presale_days: int = quantity("days", "before a great festival, a sale of its own", 0, 30)
    cut: float = quantity("share", "price cut of the deal", 0, 0.9)
    per_1000: float = quantity("orders", "a sale takes, per 1,000 households", 0, 1000)
    pull: float = quantity("ratio", "more visits of the private domain while it is on", 0, 10)
    yuan_per_month: float = quantity("yuan a month", "running it, per 10,000 customers", 0, 1e6)


@compiled
def is_on(day: int, festival_day: int, own: Parameters) -> bool:
    """Whether a sale is on: `festival_day` is that of the next great festival."""
    of_month = (day - own.first_day) % 30 < own.days
    return of_month or 0 < festival_day - day <= own.presale_days


@compiled
def on_sale(world: World, day: int) -> bool:
    """Whether a sale is on today with something left."""
    own = world.levers.member_days
    if own.power <= 0.0 or world.states.member_days_shared[0].left <= 0:
        return False
    return is_on(day, world.calendar[day - world.first_day].next_festival_day, own)


@compiled
def plan(world: World, day: int, today: Plan) -> None:
    """The private domain hears of it, and looks in."""
    own = world.levers.member_days
    if not on_sale(world, day):
        return
    for audience in range(AUDIENCES):
        if audience & PRIVATE > 0:
            today.prompt[audience] = 1.0 + own.power * own.pull


@compiled
def is_member(parent: Parent) -> bool:
    """Whom member days are for."""
    return parent.loyalty_member + parent.in_private_domain > 0


@compiled
def has_share(parent: Parent, place: int, world: World, day: int) -> bool:
    """Whether the deal is there for a household: a member that has not had its share."""
    if not (is_member(parent) and on_sale(world, day)):
        return False
    opened = world.states.member_days_shared[0].opened_day
    return bool(world.states.member_days[place].bought_day < opened)


@compiled
def offer(parent: Parent, place: int, world: World, day: int, inbox: Inbox) -> None:
    """The deal, to a member that has not bought in this sale, while there is something left."""
    own = world.levers.member_days
    if has_share(parent, place, world, day):
        put_deal(inbox, own, own.power * own.cut)


@compiled
def charge(
    parent: Parent,
    place: int,
    world: World,
    day: int,
    inbox: Inbox,
    event: Any,
    counters: Counters,
) -> None:
    """Price given up; who bought is noted."""
    own = world.levers.member_days
    if event.list_fen > 0 and event.cause == own.cause:
        counters.discount_fen[own.line] += given_by_deal(world, inbox, event)
        event.member_days_bought = 1
        world.states.member_days[place].bought_day = day


@compiled
def notice(world: World, day: int, event: Any) -> None:
    """Overnight: what was sold is no longer there."""
    world.states.member_days_shared[0].left -= event.member_days_bought


@compiled
def settle(world: World, day: int, counters: Counters) -> None:
    """In the night before a sale, put aside what it can take."""
    own = world.levers.member_days
    festival_day = world.calendar[day - world.first_day].next_festival_day
    opens = is_on(day + 1, festival_day, own) and not is_on(day, festival_day, own)
    if own.power > 0.0 and opens:
        shared = world.states.member_days_shared[0]
        shared.left = int(own.per_1000 * len(world.ordered_on) / 1000.0)
        shared.opened_day = day + 1


@compiled
def monthly_cost_yuan(own: Parameters, customers: float) -> float:
    """Preparing and announcing for 30 days."""
    return float(own.yuan_per_month * customers / 10000.0)


@compiled
def eligible(parent: Parent, place: int, world: World, day: int) -> bool:
    """Members."""
    return is_member(parent)


@compiled
def reach(parent: Parent, place: int, world: World, day: int, inbox: Inbox, event: Any) -> int:
    """Visits while a sale is on, and who bought."""
    met = is_member(parent) and event.looked > 0 and on_sale(world, day)
    return (REACHED if met else 0) + (ORDERED if event.member_days_bought > 0 else 0)


def odd(own: Parameters, config: Any) -> Iterator[str]:
    """A sale that nobody can buy in."""
    if own.per_1000 * config.population.households / 1000.0 < 1.0:
        yield "member_days is on, and so few orders per 1,000 households are none at all."
