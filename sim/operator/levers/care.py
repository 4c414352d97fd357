"""Value-added services: consultations on health, feeding, worries and play, as far as hours go.

Each kind is for an age of the child: medical advice until weaning, nutrition while weaning,
emotional support for parents through the first year, early education afterwards. Whoever is in the
private domain may ask for one on a visit; overnight what hours there are go by lot to those who
asked, and the others go without. What a consultation does is the rules' business
(`sim.behaviour.visiting.have_consultation`). It is free, or paid with points.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sim.compilation.compiled import compiled
from sim.operator.common import LeverParameters
from sim.operator.contacts import wake_in
from sim.operator.contract import DAY, PLACE, Event, State
from sim.operator.steps import ACTED, REACHED, SEEN
from sim.parameters.quantity import quantity, switch
from sim.world.draws import HOUSEHOLD, uniform
from sim.world.household import NEVER, TODDLER_DAYS, WEANING_DAYS
from sim.world.protocols import Counters, Inbox, Parent
from sim.world.state import World

HALVINGS = 53  # the bits of a lot: no two that differ are left together

SENTENCE = """
Offers the private domain consultations
({{ [["medical advice until weaning", medical], ["nutrition while weaning", nutrition],
     ["emotional support through the first year", support],
     ["early education afterwards", education]]
    | selectattr(1) | map(attribute=0) | join(", ") or "of no kind" }}), as many as
{{ consultations_per_1000 | number }} a month for 1,000 customers, of quality
{{ quality | number }} (0 to 1);
{{ "each is paid with " + (points_price | count("point")) if points_price else "they are free" }}.
One costs {{ yuan_per_consultation | number }} yuan.
"""
NAMES = {"en": "value-added services", "zh": "增值服务"}
IN_CHINESE = {
    "medical": "医疗咨询（孕期至添加辅食前）",
    "nutrition": "营养指导（辅食期）",
    "support": "情感支持（产后一年内）",
    "education": "早教指导（一岁以后）",
    "consultations_per_1000": "每千名客户每月可提供的咨询次数",
    "quality": "咨询质量（0 到 1）",
    "points_price": "每次咨询所需积分（0 为免费）",
    "yuan_per_consultation": "每次咨询的成本",
}
DOSE = "consultations_per_1000"
REACH = {
    "eligible": "in the private domain, with a child of an age for which there is a service",
    "reached": "looked in, and could ask for a consultation",
    "seen": "asked for one",
    "acted": "had it",
}
REACH_IN_CHINESE = {
    "eligible": "孩子处于服务年龄段的私域用户",
    "reached": "到访并可预约咨询",
    "seen": "预约咨询",
    "acted": "完成咨询",
}
OF_HOUSEHOLDS = (
    State("asked_day", "day", "it last asked for a consultation", DAY, -NEVER),
    State("due_day", "day", "it is to have one, -30000: none is due", DAY, -NEVER),
    State("next_asker", "place", "of who asked on the same day, -1 none", PLACE, -1),
)
OF_OPERATOR = (
    State("part", "consultations", "the part that is made of the next", float),
    State("turned_away", "households", "that asked yesterday and found no time left", int),
)
EVENTS = (
    Event("asked", "households", "that asked for a consultation", "Asked for a consultation."),
    Event("had", "households", "that had a consultation", "Had a consultation."),
)
IDLE_WITHOUT = ("consultations_per_1000",)


@dataclass
class Parameters(LeverParameters):
    """Consultations; at part of its strength to a part of families, by lot, and fewer of them."""

    medical: bool = switch("medical advice, until weaning")
    nutrition: bool = switch("nutrition, while weaning")
    support: bool = switch("emotional support, in the first year")
    education: bool = switch("early education, after the first year")
    consultations_per_1000: float = quantity(
        "consultations a month", "for which there is time, per 1,000 customers", 0, 10000
    )
    quality: float = quantity("0 to 1", "of a consultation", 0, 1)
    points_price: int = quantity("points", "that one costs, 0: it is free", 0, 1_000_000)
    yuan_per_consultation: float = quantity("yuan", "for one", 0, 10000)


@compiled
def kinds_for(age_days: int, own: Parameters) -> int:
    """How many kinds of service there are for a family whose child is so old."""
    if age_days >= TODDLER_DAYS:
        return int(own.education)
    support = int(own.support) if age_days >= 0 else 0
    return support + int(own.nutrition if age_days >= WEANING_DAYS else own.medical)


@compiled
def offer(parent: Parent, place: int, world: World, day: int, inbox: Inbox) -> None:
    """The consultation that is due; else what may be asked for, by families drawn by lot."""
    own, kept = world.levers.care, world.states.care[place]
    if own.power <= 0.0:
        return
    inbox.consultation_quality = own.quality
    inbox.consultation_points = float(own.points_price)
    if kept.due_day > -NEVER:
        inbox.consultation_due = 1.0 if kept.due_day <= day else 0.0
    elif parent.in_private_domain > 0:
        lot = uniform(world.seed, HOUSEHOLD, place, parent.family, own.purpose)
        kinds = kinds_for(day - parent.birth_day, own) if lot < own.power else 0
        inbox.consultations = float(kinds)


@compiled
def charge(
    parent: Parent, place: int, world: World, day: int, inbox: Inbox, event: Any, counters: Counters
) -> None:
    """Pay for a consultation; put it off by a day where one shopped; note who asks for one."""
    own, kept = world.levers.care, world.states.care[place]
    if event.graduated > 0:
        return  # another family lives here from today on
    if inbox.asks_consultation > 0.0:
        event.care_asked = 1
        kept.asked_day = day
    if inbox.consulted > 0.0:
        event.care_had = 1
        counters.cost_fen[own.line] += int(own.yuan_per_consultation * 100.0)
    if kept.due_day <= day:
        kept.due_day = -NEVER
        if inbox.consultation_due > 0.0 and event.list_fen > 0:
            kept.due_day = day + 1
            wake_in(inbox, 1)


@compiled
def spread(world: World, households: Any, wake_schedules: Any, friends: Any, day: int) -> None:
    """Overnight: tomorrow's time goes by lot to those who asked; what nobody asks for is lost."""
    own, kept, shared = world.levers.care, world.states.care, world.states.care_shared[0]
    shared.turned_away = 0
    if own.power <= 0.0:
        return
    customers = asked = 0
    first = -1
    for place in range(len(kept)):
        customers += 1 if households[place].orders > 0 else 0
        if kept[place].asked_day == day:
            kept[place].next_asker = first
            first = place
            asked += 1
    able = shared.part + own.power * own.consultations_per_1000 * customers / 1000.0 / 30.0
    served = min(int(able), asked)
    shared.part = able - int(able)
    shared.turned_away = asked - served
    bound = _bound_of_lots(world, first, served, day)
    place = first
    while place >= 0:
        if _lot(place, world, day) < bound:
            kept[place].due_day = day + 1
            wake_schedules[place].wake_day = min(wake_schedules[place].wake_day, day + 1)
        place = int(kept[place].next_asker)


@compiled
def _lot(place: int, world: World, day: int) -> float:
    """What a household that has asked on a day draws, 0 to 1; the lowest are served."""
    return float(uniform(world.seed, HOUSEHOLD, place, day, world.levers.care.purpose + 1))


@compiled
def _bound_of_lots(world: World, first: int, served: int, day: int) -> float:
    """Below which there are as many lots as are served, found by halving where it can lie."""
    low, high = 0.0, 1.0
    for _ in range(HALVINGS):
        middle = (low + high) / 2.0
        if _drawn_below(world, first, middle, day) < served:
            low = middle
        else:
            high = middle
    return high if served > 0 else 0.0


@compiled
def _drawn_below(world: World, first: int, bound: float, day: int) -> int:
    """How many of those who asked have drawn a lower lot."""
    kept, below, place = world.states.care, 0, first
    while place >= 0:
        below += 1 if _lot(place, world, day) < bound else 0
        place = int(kept[place].next_asker)
    return below


@compiled
def eligible(parent: Parent, place: int, world: World, day: int) -> bool:
    """The private domain, at an age for which there is a service."""
    kinds = kinds_for(day - parent.birth_day, world.levers.care)
    return parent.in_private_domain > 0 and kinds > 0


@compiled
def reach(parent: Parent, place: int, world: World, day: int, inbox: Inbox, event: Any) -> int:
    """Visits on which one could ask, who asked, and consultations."""
    steps = REACHED if inbox.consultations > 0.0 and event.looked > 0 else 0
    steps += SEEN if event.care_asked > 0 else 0
    return steps + (ACTED if event.care_had > 0 else 0)


def odd(own: Parameters, config: Any) -> Iterator[str]:
    """Services of no kind, for a private domain that nobody enters, or for points nobody has."""
    if not (own.medical or own.nutrition or own.support or own.education):
        yield "care is on and offers no kind of service."
    if config.operator.funnel.strength == 0.0:
        yield "care is for the private domain, and funnel, which leads there, is off."
    if own.points_price > 0 and config.operator.points.strength == 0.0:
        yield "care asks for points, and nobody earns any: points is off."
