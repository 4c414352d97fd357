"""A scandal of the whole trade: media tell of bad goods, the operator's and its rivals' alike.

Every night some of those who have not heard of it do. Whoever hears doubts the operator, by the
rule that hears news (`sim.behaviour.believe`): in China's scandal of 2008 the first brand's
melamine tainted many others (Financial Times Lexicon, "product-harm crisis"). Households keep no
trust in rivals; these lose appeal for everybody, as far as the news has got around, and have it
back by and by.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sim.compilation.compiled import compiled
from sim.operator.common import ShockParameters
from sim.operator.contract import DAY, Event, State
from sim.operator.news import UNHEARD, let_media_tell, put_news
from sim.parameters.quantity import quantity
from sim.world.portable_math import decay_factor
from sim.world.protocols import Counters, Inbox, Parent, Plan
from sim.world.state import World

SENTENCE = """
Every night {{ heard_share | percent }} of the parents who do not know of it hear that goods of the
whole trade are bad. It says {{ news_evidence | number }} of the operator (0 against it, 1 for it)
and weighs as much as {{ news_weight | count("own order") }}. Once all know, every rival has lost
{{ rivals_loss | number }} of utility; half of that is back after
{{ rivals_half_life_days | count("day") }}.
"""
NAMES = {"en": "scandal of the trade", "zh": "行业质量丑闻"}
IN_CHINESE = {
    "heard_share": "尚不知情的家长每晚得知的几率",
    "news_evidence": "消息对运营方的评价",
    "news_weight": "消息的分量",
    "rivals_loss": "尽人皆知时每个竞争对手失去的吸引力",
    "rivals_half_life_days": "竞争对手恢复一半吸引力的天数",
}
OF_HOUSEHOLDS = (State("heard_day", "day", "on which it heard of the scandal", DAY, UNHEARD),)
OF_OPERATOR = (
    State("knowing", "households", "that have heard of the scandal of the trade", int),
    State("rivals_lost", "utility", "that every rival lacks through it"),
)
EVENTS = (
    Event(
        "heard",
        "households",
        "that heard of the scandal of the trade",
        "Heard of a scandal of the whole trade.",
    ),
)


@dataclass
class Parameters(ShockParameters):
    """A scandal of the whole trade."""

    heard_share: float = quantity("chance a day", "to hear of it, at size 1", 0, 1)
    news_evidence: float = quantity("0 to 1", "how well the news speaks of the operator", 0, 1)
    news_weight: float = quantity("orders' worth of evidence", "of the news", 0, 10)
    rivals_loss: float = quantity("utility", "of every rival once all know, at size 1", 0, 5)
    rivals_half_life_days: float = quantity("days", "until half of it is back", 1, 3650)


@compiled
def plan(world: World, day: int, today: Plan) -> None:
    """Rivals lack what they have lost and not yet won back."""
    own, shared = world.shocks.industry_scandal, world.states.industry_scandal_shared[0]
    known = shared.knowing / len(world.states.industry_scandal)
    kept = decay_factor(1.0, own.rivals_half_life_days)
    shared.rivals_lost = max(kept * shared.rivals_lost, own.size * own.rivals_loss * known)
    today.rival_appeal = -shared.rivals_lost


@compiled
def offer(parent: Parent, place: int, world: World, day: int, inbox: Inbox) -> None:
    """Whoever heard last night has the news before them."""
    own = world.shocks.industry_scandal
    if world.states.industry_scandal[place].heard_day == day:
        put_news(inbox, own.news_evidence, own.news_weight)


@compiled
def charge(
    parent: Parent, place: int, world: World, day: int, inbox: Inbox, event: Any, counters: Counters
) -> None:
    """It is noted who heard."""
    if world.states.industry_scandal[place].heard_day == day and event.graduated == 0:
        event.industry_scandal_heard = 1


@compiled
def spread(world: World, households: Any, wake_schedules: Any, friends: Any, day: int) -> None:
    """Overnight media tell some of those who have not heard."""
    own, states = world.shocks.industry_scandal, world.states.industry_scandal
    chance = min(own.size * own.heard_share, 1.0)
    world.states.industry_scandal_shared[0].knowing = let_media_tell(
        world.seed, states, households, wake_schedules, day, chance, own.purpose
    )


def odd(own: Parameters, config: Any) -> Iterator[str]:
    """A scandal that nobody hears of."""
    if own.heard_share == 0.0:
        yield "industry_scandal is heard by nobody: its heard_share is zero."
