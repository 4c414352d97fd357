"""Personalised recommendation: on visits and orders, something picked from what a household bought.

It learns from every order of whoever lets it use the data, and fits the better the more orders it
has seen; it picks from categories that were bought before, and so shows ever the same. Whether it
is looked at, what is taken of it, and how a wrong one wears out is the rules' business
(`sim.behaviour.recommend`, `sim.behaviour.ordering.see_recommendation`).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sim.behaviour.recommend import worn_later
from sim.compilation.compiled import compiled
from sim.operator.common import LeverParameters
from sim.operator.contacts import may_personalise
from sim.operator.contract import BITS, COUNT, DAY, MOST_KEPT, Event, State
from sim.operator.steps import ORDERED, REACHED, SEEN
from sim.parameters.quantity import quantity, switch
from sim.world.draws import HOUSEHOLD, uniform
from sim.world.protocols import Counters, Inbox, Parent
from sim.world.state import World

SENTENCE = """
Shows {{ coverage | percent }} of customers, on visits and at orders, something picked from the
categories that they bought before; once {{ half_known_orders | number }} orders of theirs are known
it fits in {{ (quality / 2) | percent }} of cases, with ever more in {{ quality | percent }},
{{ "if they consented to personal use of their data" if needs_consent
   else "whether they consented or not" }}. Algorithm and data cost
{{ yuan_per_customer_month | number }} yuan per customer and month.
"""
NAMES = {"en": "personalised recommendation", "zh": "个性化推荐"}
IN_CHINESE = {
    "coverage": "展示个性化推荐的客户占比",
    "quality": "算法质量：历史订单足够多时推荐合适的比例",
    "half_known_orders": "推荐准确度达到一半所需的历史订单数",
    "needs_consent": "仅限同意个性化使用数据的客户",
    "yuan_per_customer_month": "每位客户每月的算法与数据费用",
}
REACH = {
    "eligible": "a customer of whom an order is known, and whose data may be used",
    "reached": "met a recommendation, on a visit or at an order",
    "seen": "looked at it",
    "ordered": "took something of it along with an order",
}
REACH_IN_CHINESE = {
    "eligible": "已有订单记录且可使用其数据的客户",
    "reached": "到访或下单时看到推荐",
    "seen": "浏览推荐商品",
    "ordered": "下单时加购推荐商品",
}
OF_HOUSEHOLDS = (
    State("known", "orders", "that it has learnt from", COUNT),
    State("bought", "bits", "of categories bought with them", BITS),
    State("wrong", "recommendations", "that did not fit, as remembered on that day", float),
    State("wrong_day", "day", "the last of these was looked at", DAY),
)
EVENTS = (Event("taken", "orders", "with something recommended", "Took what was recommended."),)
IDLE_WITHOUT = ("quality",)


@dataclass
class Parameters(LeverParameters):
    """Recommendations; at part of its strength fewer households, by lot, are shown any."""

    coverage: float = quantity("share", "of customers who are shown any", 0, 1)
    quality: float = quantity("0 to 1", "chance to fit, of somebody who is known well", 0, 1)
    half_known_orders: float = quantity("orders", "known, at which it is half as good", 0, 1000)
    needs_consent: bool = switch("only with consent to personal use of data")
    yuan_per_customer_month: float = quantity("yuan a month", "algorithm and data", 0, 100)


@compiled
def may_learn(parent: Parent, place: int, world: World) -> bool:
    """Whether a household's data may be used."""
    needs_consent = world.levers.recommendation.needs_consent
    return needs_consent == 0 or may_personalise(parent, place, world)


@compiled
def is_shown(parent: Parent, place: int, world: World) -> bool:
    """Whether a household is shown recommendations: known from orders, willing, drawn by lot."""
    own = world.levers.recommendation
    if own.power <= 0.0 or world.states.recommendation[place].known == 0:
        return False
    if not may_learn(parent, place, world):
        return False
    lot = uniform(world.seed, HOUSEHOLD, place, parent.family, own.purpose)
    return lot < own.power * own.coverage


@compiled
def fit_of(known: int, own: Parameters) -> float:
    """Chance that a recommendation fits, with so many orders known."""
    return own.quality * known / (known + own.half_known_orders)


@compiled
def offer(parent: Parent, place: int, world: World, day: int, inbox: Inbox) -> None:
    """How well what is recommended fits, what it is picked from, and how tired of it one is."""
    if not is_shown(parent, place, world):
        return
    own, kept = world.levers.recommendation, world.states.recommendation[place]
    days = float(day - kept.wrong_day)
    inbox.recommended_fit = fit_of(kept.known, own)
    inbox.recommended_worn = worn_later(kept.wrong, days, world.behaviour.recommend)
    inbox.recommended_categories = float(kept.bought)


@compiled
def charge(
    parent: Parent, place: int, world: World, day: int, inbox: Inbox, event: Any, counters: Counters
) -> None:
    """Note what was taken and what was wrong; learn from an order."""
    own, kept = world.levers.recommendation, world.states.recommendation[place]
    if event.graduated > 0 or own.power <= 0.0:
        return  # another family lives here from today on
    if inbox.recommendation_taken > 0.0 and event.list_fen > 0:
        event.recommendation_taken = 1
    elif inbox.recommendation_seen > 0.0 and inbox.recommendation_fits == 0.0:
        kept.wrong = inbox.recommended_worn + 1.0
        kept.wrong_day = day
    if not may_learn(parent, place, world):
        kept.known = kept.bought = 0
    elif event.list_fen > 0:
        kept.known = min(kept.known + 1, MOST_KEPT)
        for category in range(len(event.packs)):
            if event.packs[category] > 0:
                kept.bought |= 1 << category


@compiled
def monthly_cost_yuan(own: Parameters, customers: float) -> float:
    """Algorithm and data of whoever is shown any."""
    return float(own.yuan_per_customer_month * own.coverage * customers)


@compiled
def eligible(parent: Parent, place: int, world: World, day: int) -> bool:
    """Customers who are known and willing."""
    known = world.states.recommendation[place].known > 0
    return known and may_learn(parent, place, world)


@compiled
def reach(parent: Parent, place: int, world: World, day: int, inbox: Inbox, event: Any) -> int:
    """Recommendations met, looked at, and taken."""
    steps = REACHED if inbox.recommendation_met > 0.0 else 0
    steps += SEEN if inbox.recommendation_seen > 0.0 else 0
    return steps + (ORDERED if event.recommendation_taken > 0 else 0)


def odd(own: Parameters, config: Any) -> Iterator[str]:
    """Recommendations for nobody."""
    if own.coverage == 0.0:
        yield "recommendation is on and shown to nobody: its coverage is zero."
