"""Consent design: how consent is asked, how contacts show what is known, and what is used unasked.

The operator asks in one of four ways. *data_hungry*: one box for all uses, ticked already; what is
known shows on every page, and data of some who refuse are used all the same. *layered*: each use
is asked for by itself when it is of use, and explained. *minimal*: what a service needs, and
nothing more. *privacy_computing*: as layered, but data are computed on without being seen, which
costs. Whoever consented before may be asked anew. Whether a household consents, and what it makes
of being known, is the rules' business (`sim.behaviour.consent`, `sim.behaviour.stay`).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sim.compilation.compiled import compiled
from sim.operator.common import LeverParameters
from sim.operator.contract import DAY, Event, State
from sim.operator.steps import ACTED, REACHED
from sim.parameters.quantity import Choice, choice, quantity, switch
from sim.world.draws import HOUSEHOLD, uniform
from sim.world.household import NEVER
from sim.world.protocols import Counters, Inbox, Parent, Plan
from sim.world.state import World

DESIGNS = ("data_hungry", "layered", "minimal", "privacy_computing")
DATA_HUNGRY, LAYERED, MINIMAL, PRIVACY_COMPUTING = range(len(DESIGNS))

SENTENCE = """
{{ {"data_hungry": "Asks for all uses of data in one box that is ticked already",
    "layered": "Asks for each use of data by itself, when it is of use, and explains it",
    "minimal": "Asks for what a service needs alone, and explains it",
    "privacy_computing": "Asks for each use of data by itself, and computes on data unseen"}
   [design] }}
{%- if asks_anew %}, anew of whoever consented before{% endif %}. That adds
{{ (bundled_logit if design == "data_hungry" else explained_logit) | number }} to the logit of
consent, and a contact raises privacy concern by
{{ {"data_hungry": hungry_intrusion, "layered": layered_intrusion, "minimal": minimal_intrusion,
    "privacy_computing": computing_intrusion}[design] | number }} times as much as today.
{% if design == "data_hungry" -%}
Data of {{ unasked_share | percent }} of those who refuse are used all the same, and a visit shows
{{ hungry_pages | number }} times as much of what is known as a contact does today.
{%- elif design == "privacy_computing" -%}
Computing unseen costs {{ computing_yuan_per_customer_month | number }} yuan per customer and month.
{%- else %}Nobody's data are used unasked.{% endif %}
"""
NAMES = {"en": "consent design", "zh": "授权设计"}
IN_CHINESE = {
    "design": "授权方式",
    "bundled_logit": "一揽子默认勾选带来的同意倾向（logit）",
    "explained_logit": "逐项说明用途带来的同意倾向（logit）",
    "hungry_intrusion": "过度采集下每次触达的侵扰感（相对现状）",
    "hungry_pages": "过度采集下每次到访页面所暴露的已知信息（相对现状下的一次触达）",
    "layered_intrusion": "分层授权下每次触达的侵扰感（相对现状）",
    "minimal_intrusion": "最小必要下每次触达的侵扰感（相对现状）",
    "computing_intrusion": "隐私计算下每次触达的侵扰感（相对现状）",
    "unasked_share": "过度采集下未同意而仍被使用数据的家庭比例",
    "asks_anew": "向此前已同意者重新征求授权",
    "computing_yuan_per_customer_month": "每位客户每月的隐私计算费用",
}
REACH = {
    "eligible": "every household",
    "reached": "was asked what may be done with its data",
    "acted": "allowed some use",
}
REACH_IN_CHINESE = {
    "eligible": "全部家庭",
    "reached": "被征求数据授权",
    "acted": "同意某种用途",
}
FOR_EVERYBODY = "one text asks everybody"
OF_HOUSEHOLDS = (
    State("asked_day", "day", "since which its consent is one to this design", DAY, -NEVER),
)
EVENTS = (
    Event(
        "asked",
        "households",
        "that were asked anew for consent",
        "Was asked anew, by another design, what may be done with its data.",
    ),
)


@dataclass
class Parameters(LeverParameters):
    """Consent design; each number of a design acts with it alone."""

    design: Choice = choice("how consent is asked", DESIGNS)
    bundled_logit: float = quantity("logit", "more consent to one ticked box", -10, 10)
    explained_logit: float = quantity("logit", "more consent to a use explained", -10, 10)
    hungry_intrusion: float = quantity("ratio", "of a contact to today's, data_hungry", 0, 20)
    hungry_pages: float = quantity("ratio", "of a visit to today's contact, data_hungry", 0, 20)
    layered_intrusion: float = quantity("ratio", "of a contact to today's, layered", 0, 20)
    minimal_intrusion: float = quantity("ratio", "of a contact to today's, minimal", 0, 20)
    computing_intrusion: float = quantity(
        "ratio", "of a contact to today's, privacy_computing", 0, 20
    )
    unasked_share: float = quantity("share", "of refusals that data_hungry overrides", 0, 1)
    asks_anew: bool = switch("whoever consented before is asked anew")
    computing_yuan_per_customer_month: float = quantity(
        "yuan a month", "computing on data unseen, per customer", 0, 100
    )


@compiled
def intrusion_of(own: Parameters) -> float:
    """How intrusive contacts are to today's, under the design."""
    if own.design == DATA_HUNGRY:
        return float(own.hungry_intrusion)
    if own.design == LAYERED:
        return float(own.layered_intrusion)
    if own.design == MINIMAL:
        return float(own.minimal_intrusion)
    return float(own.computing_intrusion)


@compiled
def plan(world: World, day: int, today: Plan) -> None:
    """How consent is asked today, how contacts feel, and what is used unasked."""
    own = world.levers.consent_design
    today.intrusion_ratio = 1.0 + own.power * (intrusion_of(own) - 1.0)
    if own.design == DATA_HUNGRY:
        today.service_asking = today.personal_asking = own.power * own.bundled_logit
        today.unasked_use = own.power * own.unasked_share
        today.data_shown = own.power * own.hungry_pages
        return
    today.service_asking = own.power * own.explained_logit
    if own.design == MINIMAL:
        today.personal_asked = 1.0 - own.power
    else:
        today.personal_asking = own.power * own.explained_logit


@compiled
def asks(parent: Parent, place: int, world: World) -> bool:
    """Whether a household is among those who are asked anew: at part of its strength some."""
    own = world.levers.consent_design
    lot = uniform(world.seed, HOUSEHOLD, place, parent.family, own.purpose)
    return bool(lot < own.power)


@compiled
def offer(parent: Parent, place: int, world: World, day: int, inbox: Inbox) -> None:
    """Ask anew, once, whoever consented to another design."""
    own, kept = world.levers.consent_design, world.states.consent_design[place]
    if own.power <= 0.0 or not own.asks_anew:
        return
    if parent.consent == 0:
        kept.asked_day = day  # what it allows from now on, it allows this design
    elif kept.asked_day == -NEVER and asks(parent, place, world):
        kept.asked_day = day
        inbox.asked_anew = 1.0


@compiled
def charge(
    parent: Parent, place: int, world: World, day: int, inbox: Inbox, event: Any, counters: Counters
) -> None:
    """It is noted who was asked anew."""
    asked = world.states.consent_design[place].asked_day == day and inbox.asked_anew > 0.0
    event.consent_design_asked = 1 if asked and event.graduated == 0 else 0


@compiled
def monthly_cost_yuan(own: Parameters, customers: float) -> float:
    """Computing on data that nobody sees; the other designs cost no more than today's."""
    if own.design != PRIVACY_COMPUTING:
        return 0.0
    return float(own.computing_yuan_per_customer_month * customers)


@compiled
def eligible(parent: Parent, place: int, world: World, day: int) -> bool:
    """Whoever may become a customer is asked one day."""
    return True


@compiled
def reach(parent: Parent, place: int, world: World, day: int, inbox: Inbox, event: Any) -> int:
    """Questions asked, at a first order, on entering the private domain, or anew; and consent."""
    asked = event.first_order + event.entered_private_domain > 0 or inbox.asked_anew > 0.0
    if not asked:
        return 0
    return REACHED + (ACTED if parent.consent > 0 else 0)


def odd(own: Parameters, config: Any) -> Iterator[str]:
    """Data that are used against the law."""
    if own.design == "data_hungry" and own.unasked_share > 0.0:
        yield (
            "consent_design uses data of those who refused, which the personal information law "
            "forbids."
        )
