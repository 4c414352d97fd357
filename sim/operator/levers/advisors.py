"""Professional advisors: questions answered by somebody who knows, advice that fits the stage.

An advisor looks after so many parents and so many hours; the fewer parents, the likelier an
answer while it is still wanted.
"""

from dataclasses import dataclass

from sim.compilation.compiled import compiled
from sim.operator.common import LeverParameters
from sim.operator.contacts import advise
from sim.operator.steps import ACTED, REACHED
from sim.parameters.quantity import quantity
from sim.world.protocols import EventRecord, Inbox, Parent, Plan
from sim.world.state import World

SENTENCE = """
Employs an advisor for every {{ parents_per_advisor | number }} parents,
{{ hours_per_day | count("hour") }} a day, at {{ wage_yuan_per_month | number }} yuan a month.
{{ care_share | percent }} of customers are in their care. Answers are of quality
{{ quality | number }} (0 to 1) and certain while an advisor has at most
{{ least_parents | number }} parents, if a question can wait for
{{ patience_hours | count("hour") }}; each chat gets {{ group_posts_per_day | count("post") }} a day
of the advisor's own.
"""
NAMES = {"en": "advisors", "zh": "专业顾问"}
REACH = {
    "eligible": "in the private domain",
    "reached": "looked in while an advisor was there, and got advice for the stage",
    "acted": "asked a question in the chat then",
}
REACH_IN_CHINESE = {
    "eligible": "私域用户",
    "reached": "顾问在线时到访，并得到适龄建议",
    "acted": "当时在群内提问",
}


@dataclass
class Parameters(LeverParameters):
    """Advice."""

    parents_per_advisor: float = quantity("households", "one advisor looks after", 10, 100000)
    hours_per_day: float = quantity("hours", "advisors are there", 0, 24)
    quality: float = quantity("0 to 1", "of answers", 0, 1)
    group_posts_per_day: float = quantity("posts a day", "an advisor's own, in each chat", 0, 20)
    wage_yuan_per_month: float = quantity("yuan a month", "of one advisor", 0, 100000)
    least_parents: float = quantity("households", "at whom an answer is certain", 1, 100000)
    patience_hours: float = quantity("hours", "a question can wait for", 0.1, 24)
    care_share: float = quantity("share", "of customers in the advisors' care", 0, 1)


@compiled
def plan(world: World, day: int, today: Plan) -> None:
    """Advisors' own posts in every chat."""
    own = world.levers.advisors
    today.group_expert_per_day = own.power * own.group_posts_per_day
    if own.power > 0.0:
        today.group_professionalism = own.quality


@compiled
def offer(parent: Parent, place: int, world: World, day: int, inbox: Inbox) -> None:
    """Be there for private-domain customers: answers, and advice that fits the stage."""
    own = world.levers.advisors
    if own.power <= 0.0 or parent.in_private_domain == 0:
        return
    there = min(own.least_parents / own.parents_per_advisor, 1.0) * own.hours_per_day / 24.0
    answer = own.power * min(there * (24.0 / own.patience_hours), 1.0)
    advise(inbox, answer, own.quality, own.power * there * own.quality)


@compiled
def monthly_cost_yuan(own: Parameters, customers: float) -> float:
    """Wages for the customers in the advisors' care."""
    return float(own.care_share * customers / own.parents_per_advisor * own.wage_yuan_per_month)


@compiled
def eligible(parent: Parent, place: int, world: World, day: int) -> bool:
    """Advisors look after the private domain."""
    return parent.in_private_domain > 0


@compiled
def reach(
    parent: Parent, place: int, world: World, day: int, inbox: Inbox, event: EventRecord
) -> int:
    """Advice on a visit, and questions."""
    if inbox.answer <= 0.0 or event.looked == 0:
        return 0
    return REACHED + (ACTED if event.help_posts > 0 else 0)
