"""A privacy breach: data of the operator's customers are out, and they hear of it.

Every night some of those who have not heard of it do, from media or the letter that the law
demands. It speaks against the operator by the rule that hears news; whoever is a customer has own
data out there and worries, by the rules of privacy (`sim.behaviour.consent`,
`sim.behaviour.stay`), on which consent, chats and messages hang. Some ask, and keep the desk busy.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sim.compilation.compiled import compiled
from sim.operator.common import ShockParameters
from sim.operator.contract import DAY, Event, State
from sim.operator.news import UNHEARD, let_media_tell, put_news
from sim.parameters.quantity import quantity
from sim.world.protocols import Counters, Inbox, Parent, Plan
from sim.world.state import World

SENTENCE = """
Every night {{ heard_share | percent }} of the parents who do not know of it hear that customers'
data are out. It says {{ news_evidence | number }} of the operator (0 against it, 1 for it), weighs
as much as {{ news_weight | count("own order") }}, and closes {{ alarm | percent }} of a customer's
gap to full privacy concern. Whoever asks leaves the desk {{ desk_ratio | percent }} of its
capacity.
"""
NAMES = {"en": "privacy breach", "zh": "数据泄露"}
IN_CHINESE = {
    "heard_share": "尚不知情的家长每晚得知的几率",
    "news_evidence": "消息对运营方的评价",
    "news_weight": "消息的分量",
    "alarm": "客户隐私担忧距满值的差距缩小的比例",
    "desk_ratio": "客服余下的服务能力",
}
OF_HOUSEHOLDS = (State("heard_day", "day", "on which it heard of the breach", DAY, UNHEARD),)
OF_OPERATOR = (State("knowing", "households", "that have heard of the breach", int),)
EVENTS = (
    Event(
        "heard",
        "households",
        "that heard of the privacy breach",
        "Heard that data of the operator's customers are out.",
    ),
)


@dataclass
class Parameters(ShockParameters):
    """Customers' data that are out."""

    heard_share: float = quantity("chance a day", "to hear of it, at size 1", 0, 1)
    news_evidence: float = quantity("0 to 1", "how well the news speaks of the operator", 0, 1)
    news_weight: float = quantity("orders' worth of evidence", "of the news", 0, 10)
    alarm: float = quantity("share", "of a customer's gap to full concern that it closes", 0, 1)
    desk_ratio: float = quantity("ratio", "capacity left to the desk, at size 1", 0.01, 1)


@compiled
def plan(world: World, day: int, today: Plan) -> None:
    """Whoever asks keeps the desk busy."""
    own = world.shocks.privacy_breach
    today.desk_ratio = 1.0 - min(own.size, 1.0) * (1.0 - own.desk_ratio)


@compiled
def offer(parent: Parent, place: int, world: World, day: int, inbox: Inbox) -> None:
    """Whoever heard last night has the news before them; to a customer it is about own data."""
    own = world.shocks.privacy_breach
    if world.states.privacy_breach[place].heard_day == day:
        put_news(inbox, own.news_evidence, own.news_weight)
        if parent.orders > 0:
            inbox.privacy_news = own.alarm


@compiled
def charge(
    parent: Parent, place: int, world: World, day: int, inbox: Inbox, event: Any, counters: Counters
) -> None:
    """It is noted who heard."""
    if world.states.privacy_breach[place].heard_day == day and event.graduated == 0:
        event.privacy_breach_heard = 1


@compiled
def spread(world: World, households: Any, wake_schedules: Any, friends: Any, day: int) -> None:
    """Overnight some of those who have not heard do."""
    own, states = world.shocks.privacy_breach, world.states.privacy_breach
    chance = min(own.size * own.heard_share, 1.0)
    world.states.privacy_breach_shared[0].knowing = let_media_tell(
        world.seed, states, households, wake_schedules, day, chance, own.purpose
    )


def odd(own: Parameters, config: Any) -> Iterator[str]:
    """A breach that nobody hears of."""
    if own.heard_share == 0.0:
        yield "privacy_breach is heard by nobody: its heard_share is zero."
