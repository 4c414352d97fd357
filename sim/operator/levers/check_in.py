"""Check-in challenges: small daily tasks in group chats, with rewards and milestones.

Mastery at a fitting difficulty builds self-efficacy (Bandura 1997); reward brings participants.
"""

from dataclasses import dataclass

from sim.compilation.compiled import compiled
from sim.operator.common import LeverParameters
from sim.operator.steps import ACTED, REACHED
from sim.parameters.quantity import quantity
from sim.world.household import AUDIENCES, COMMUNITY
from sim.world.protocols import Counters, EventRecord, Inbox, Parent, Plan
from sim.world.state import World

SENTENCE = """
Runs a check-in challenge in the group chats on {{ days_per_month | number }} of 30 days, with
{{ reward_yuan | number }} yuan for each day's check-in and a task of difficulty
{{ difficulty | number }} (0 to 1); members look in {{ pull | percent }} more often on such days.
Running it costs {{ yuan_per_month | number }} yuan a month per 10,000 customers.
"""
NAMES = {"en": "check-in challenges", "zh": "打卡挑战"}
DOSE = "reward_yuan"
REACH = {
    "eligible": "in a group chat",
    "reached": "looked in on a day with a challenge",
    "acted": "checked in",
}
REACH_IN_CHINESE = {
    "eligible": "群成员",
    "reached": "在打卡日到访",
    "acted": "完成打卡",
}
IDLE_WITHOUT = ("days_per_month",)
BY_AUDIENCE = True  # visits and messages can be told to some alone


@dataclass
class Parameters(LeverParameters):
    """Challenges."""

    days_per_month: float = quantity("days of 30", "with a challenge on", 0, 30)
    reward_yuan: float = quantity("yuan", "for one day's check-in", 0, 100)
    difficulty: float = quantity("0 to 1", "of the task", 0, 1)
    pull: float = quantity("ratio", "more visits of members on such days", 0, 10)
    yuan_per_month: float = quantity("yuan a month", "running it, per 10,000 customers", 0, 1e6)


@compiled
def plan(world: World, day: int, today: Plan) -> None:
    """Members look in more often while a challenge is on."""
    own = world.levers.check_in
    if day % 30 >= own.days_per_month:
        return
    for audience in range(AUDIENCES):
        if audience & COMMUNITY > 0:
            today.prompt[audience] = 1.0 + own.power * own.pull


@compiled
def offer(parent: Parent, place: int, world: World, day: int, inbox: Inbox) -> None:
    """Offer the day's task to a member of a chat."""
    own = world.levers.check_in
    if parent.group >= 0 and day % 30 < own.days_per_month:
        inbox.check_in = own.power
        inbox.check_in_reward_yuan = own.reward_yuan
        inbox.check_in_difficulty = own.difficulty


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
    """Pay the reward."""
    own = world.levers.check_in
    if event.check_in > 0:
        counters.cost_fen[own.line] += int(own.reward_yuan * 100.0)


@compiled
def monthly_cost_yuan(own: Parameters, customers: float) -> float:
    """Running the challenge for 30 days."""
    return float(own.yuan_per_month * customers / 10000.0)


@compiled
def eligible(parent: Parent, place: int, world: World, day: int) -> bool:
    """Challenges are run in the chats."""
    return parent.group >= 0


@compiled
def reach(
    parent: Parent, place: int, world: World, day: int, inbox: Inbox, event: EventRecord
) -> int:
    """Visits on days with a challenge, and check-ins."""
    if inbox.check_in <= 0.0 or event.looked == 0:
        return 0
    return REACHED + (ACTED if event.check_in > 0 else 0)
