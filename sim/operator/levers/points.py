"""Points: earned by spending, redeemed for goods or as part of a payment, expiring when old.

What an order earns may follow the child's stage. A point may come to be worth less, by a change of
its value on a date or year by year; each member is shown how much less than when it last looked,
and what it makes of that is the rules' business (`sim.behaviour.rewards`).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sim.compilation.compiled import compiled
from sim.operator.by_stage import ratio_of_stage
from sim.operator.common import LeverParameters
from sim.operator.contract import State
from sim.operator.deals import given_by_points
from sim.operator.steps import ACTED, ORDERED, REACHED
from sim.parameters.quantity import quantity
from sim.world.portable_math import exp, log
from sim.world.protocols import Counters, EventRecord, Inbox, Parent
from sim.world.state import World

YEAR_DAYS = 365

SENTENCE = """
Gives {{ points_per_yuan | count("point") }} a yuan, worth {{ yuan_per_point | number }} yuan each:
{{ (points_per_yuan * yuan_per_point) | percent }} of spending
{%- if devaluation_per_year %}, and {{ devaluation_per_year | percent }} less with every year
{%- endif %}.
{% set ratios = (pregnancy_ratio, newborn_ratio, weaning_ratio, toddler_ratio, preschool_ratio) -%}
{% if ratios != (1, 1, 1, 1, 1) -%}
So many points times {{ pregnancy_ratio | number }} in pregnancy, {{ newborn_ratio | number }} for
newborns, {{ weaning_ratio | number }} at weaning, {{ toddler_ratio | number }} for toddlers,
{{ preschool_ratio | number }} at preschool age. {% endif %}From {{ least_points | number }}
points
on, up to {{ share_payable | percent }} of an order can be paid with them. Plainness of the
rules: {{ transparency | number }} (0 to 1). Running it costs {{ yuan_per_member_month | number }}
yuan
per customer and month.
"""
NAMES = {"en": "points", "zh": "积分"}
DOSE = "points_per_yuan"
IN_CHINESE = {
    "share_payable": "一单中可用积分支付的比例",
    "devaluation_per_year": "积分每年贬值的比例",
    "pregnancy_ratio": "孕期的积分倍数",
    "newborn_ratio": "新生儿期的积分倍数",
    "weaning_ratio": "辅食期的积分倍数",
    "toddler_ratio": "学步期的积分倍数",
    "preschool_ratio": "学龄前的积分倍数",
}
REACH = {
    "eligible": "a customer",
    "reached": "in the programme: enrolled at an order, or earned or spent points at one",
    "acted": "paid with points",
    "ordered": "ordered, earning or spending points",
}
REACH_IN_CHINESE = {
    "eligible": "客户",
    "reached": "参与积分：下单时入会，或下单积分、用分",
    "acted": "用积分抵扣",
    "ordered": "下单并获得或使用积分",
}
EVERYDAY = True
OF_HOUSEHOLDS = (State("worth_seen", "yuan", "that a point was worth when it last looked"),)
IDLE_WITHOUT = ("points_per_yuan",)


@dataclass
class Parameters(LeverParameters):
    """The points programme."""

    points_per_yuan: float = quantity("points a yuan", "earned by spending", 0, 100)
    yuan_per_point: float = quantity("yuan", "value of a point when redeemed", 0, 1)
    share_payable: float = quantity("share", "of an order payable with points", 0, 1)
    least_points: float = quantity("points", "before any can be redeemed", 0, 1e6)
    transparency: float = quantity("0 to 1", "plainness of the rules", 0, 1)
    yuan_per_member_month: float = quantity("yuan a month", "running it, per customer", 0, 100)
    devaluation_per_year: float = quantity(
        "share", "of its worth that a point loses a year, from the lever's first day on", 0, 0.9
    )
    pregnancy_ratio: float = quantity("ratio", "of points a yuan, in pregnancy", 0, 10)
    newborn_ratio: float = quantity("ratio", "of points a yuan, to half a year", 0, 10)
    weaning_ratio: float = quantity("ratio", "of points a yuan, to one year", 0, 10)
    toddler_ratio: float = quantity("ratio", "of points a yuan, to three years", 0, 10)
    preschool_ratio: float = quantity("ratio", "of points a yuan, to six years", 0, 10)


@compiled
def worth_of_point(day: int, own: Parameters) -> float:
    """Yuan that a point is worth on a day."""
    if own.devaluation_per_year <= 0.0:
        return float(own.yuan_per_point)
    years = max(day - own.from_day, 0) / YEAR_DAYS
    return float(own.yuan_per_point * exp(log(1.0 - own.devaluation_per_year) * years))


@compiled
def lost_share(worth: float, seen: float, points: int) -> float:
    """Share of their worth that points in hand have lost since it was seen; 0 of none."""
    if points <= 0 or worth >= seen:
        return 0.0
    return 1.0 - worth / seen


@compiled
def offer(parent: Parent, place: int, world: World, day: int, inbox: Inbox) -> None:
    """Offer to enrol; to members, earning and redeeming, and what their points have lost."""
    own = world.levers.points
    if own.power <= 0.0:
        return
    inbox.enrolment = max(inbox.enrolment, own.power)
    if parent.loyalty_member > 0:
        ratio = ratio_of_stage(day - parent.birth_day, own)
        inbox.points_per_yuan = own.power * own.points_per_yuan * ratio
        inbox.yuan_per_point = worth_of_point(day, own)
        inbox.points_share = own.share_payable
        inbox.points_least = own.least_points
        inbox.points_clarity = own.transparency
        kept = world.states.points[place]
        held = parent.points_new + parent.points_old
        inbox.points_lost_share = lost_share(inbox.yuan_per_point, kept.worth_seen, held)
        if inbox.points_lost_share <= 0.0:
            kept.worth_seen = inbox.yuan_per_point  # nothing that anybody could mind


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
    """Points that pay an order are price given up; a loss once noticed is not shown again."""
    if event.list_fen > 0 and event.points_redeemed > 0:
        own = world.levers.points
        counters.discount_fen[own.line] += given_by_points(inbox, event)
    if inbox.points_loss_noticed > 0.0:
        world.states.points[place].worth_seen = inbox.yuan_per_point


@compiled
def monthly_cost_yuan(own: Parameters, customers: float) -> float:
    """Running the programme."""
    return float(own.yuan_per_member_month * customers)


@compiled
def eligible(parent: Parent, place: int, world: World, day: int) -> bool:
    """The programme is for customers."""
    return parent.orders > 0


@compiled
def reach(
    parent: Parent, place: int, world: World, day: int, inbox: Inbox, event: EventRecord
) -> int:
    """Enrolment, points earned and points spent."""
    earned = event.points_issued + event.points_redeemed
    steps = REACHED if event.enrolled > 0 or earned > 0 else 0
    steps += ACTED if event.points_redeemed > 0 else 0
    return steps + (ORDERED if event.list_fen > 0 and earned > 0 else 0)


def odd(own: Parameters, config: Any) -> Iterator[str]:
    """A programme in which nobody earns anything, whatever the stage."""
    ratios = (own.pregnancy_ratio, own.newborn_ratio, own.weaning_ratio, own.toddler_ratio)
    if not any((*ratios, own.preschool_ratio)):
        yield "points is on and nobody earns any: its ratios of all five stages are zero."
