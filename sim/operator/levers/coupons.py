"""Coupons and promotions: a lower price for some, for a while.

Deep cuts sell today and lower the price that parents are used to (reference price erosion), so
they sell less tomorrow (X03).
"""

from dataclasses import dataclass

import numpy as np

from sim.compilation.compiled import compiled
from sim.operator.common import LeverParameters
from sim.operator.deals import gets_coupon, given_by_sale, put_coupon, spends_coupon
from sim.operator.steps import ORDERED, REACHED
from sim.parameters.quantity import quantity, switch
from sim.world.draws import HOUSEHOLD, uniform
from sim.world.protocols import Counters, EventRecord, Inbox, Parent, Plan
from sim.world.state import World

ACTIVE_DAYS = 90  # whoever ordered so lately is active, as in the definition of churn

SENTENCE = """
{% if coupon_percent and (to_active or to_silent) -%}
Sends customers who ordered
{{ "at any time" if to_active and to_silent else "in the last 90 days" if to_active
   else "more than 90 days ago" }}
a coupon of {{ coupon_percent }} percent about every {{ days_between | count("day") }}, valid for
{{ coupon_days | count("day") }} ({{ yuan_per_coupon | number }} yuan for sending one).
{%- else %}Sends no coupons.{% endif %}
Cuts all prices by {{ promotion_cut | percent }} on {{ promotion_days_per_month }} of 30 days, and
by
{{ festival_cut | percent }} on the greatest festival.
"""
NAMES = {"en": "coupons", "zh": "优惠券"}
DOSE = "promotion_cut"
REACH = {
    "eligible": "a coupon may be sent to it; or it bought in a sale",
    "reached": "got a coupon, or bought in a sale",
    "ordered": "ordered with a coupon, or in a sale",
}
REACH_IN_CHINESE = {
    "eligible": "可发券的家庭，或在促销日下单的家庭",
    "reached": "收到优惠券，或在促销日下单",
    "ordered": "用券下单，或在促销日下单",
}
IDLE_WITHOUT = ("coupon_percent", "promotion_days_per_month", "festival_cut")


@dataclass
class Parameters(LeverParameters):
    """Coupons to households, and price cuts for everyone on promotion days."""

    coupon_percent: int = quantity("percent", "price cut of a coupon", 0, 90)
    coupon_days: int = quantity("days", "a coupon is valid", 1, 365)
    days_between: float = quantity("days", "from one coupon to the next, at full strength", 1, 3650)
    to_active: bool = switch("whoever ordered in the last 90 days")
    to_silent: bool = switch("whoever ordered before that")
    promotion_days_per_month: int = quantity("days of 30", "with a price cut for everyone", 0, 30)
    promotion_cut: float = quantity("share", "that price cut", 0, 0.9)
    festival_cut: float = quantity("share", "price cut for everyone, greatest festival", 0, 0.9)
    yuan_per_coupon: float = quantity("yuan", "for sending one", 0, 10)


@compiled
def plan(world: World, day: int, today: Plan) -> None:
    """Price cuts for everyone on promotion days and festivals."""
    own = world.levers.coupons
    cut = own.festival_cut * world.today[0].festival
    if day % 30 < own.promotion_days_per_month:
        cut = max(cut, own.promotion_cut)
    today.cut_public = own.power * cut
    today.cut_private = own.power * cut


@compiled
def wanted(parent: Parent, world: World, day: int) -> bool:
    """Whether coupons are meant for this household today."""
    own = world.levers.coupons
    if own.coupon_percent == 0 or parent.orders == 0 or parent.subscribed == 0:
        return False
    active = day - parent.last_order_day <= ACTIVE_DAYS
    return bool(own.to_active if active else own.to_silent)


@compiled
def offer(parent: Parent, place: int, world: World, day: int, inbox: Inbox) -> None:
    """A coupon when one falls due: every so many days, from a day of the household's own luck.

    Who was asleep that day finds it on waking, and no more than one.
    """
    own = world.levers.coupons
    if own.power <= 0.0 or not wanted(parent, world, day):
        return
    since = parent.felt_day  # awake for the last time, of whoever is subscribed
    if own.from_day > 0:
        since = max(since, own.from_day - 1)
    own_luck = uniform(world.seed, HOUSEHOLD, place, parent.family, own.purpose)
    a_day = own.power / own.days_between
    if np.floor(a_day * day + own_luck) > np.floor(a_day * since + own_luck):
        put_coupon(inbox, own, own.coupon_percent, own.coupon_days)


@compiled
def answers_for(parent: Parent, event: EventRecord, own: Parameters) -> bool:
    """Whether an order's cut is this lever's: not where the coupon of another was spent."""
    return event.list_fen > 0 and (event.coupon_fen == 0 or spends_coupon(parent, event, own))


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
    """Sending costs little; the price given up by coupons and promotions is what costs."""
    own = world.levers.coupons
    if gets_coupon(inbox, own):
        counters.cost_fen[own.line] += int(own.yuan_per_coupon * 100.0)
    if answers_for(parent, event, own):
        counters.discount_fen[own.line] += given_by_sale(world, event)


@compiled
def eligible(parent: Parent, place: int, world: World, day: int) -> bool:
    """Whom coupons are sent to."""
    return wanted(parent, world, day)


@compiled
def reach(
    parent: Parent, place: int, world: World, day: int, inbox: Inbox, event: EventRecord
) -> int:
    """Coupons sent, and orders with a coupon or at a price that was cut for everybody."""
    own = world.levers.coupons
    ordered = answers_for(parent, event, own) and given_by_sale(world, event) > 0
    return (REACHED if gets_coupon(inbox, own) else 0) + (ORDERED if ordered else 0)
