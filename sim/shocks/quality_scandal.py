"""A quality scandal of the operator's own: defective orders for some days, and talk of them.

Whoever gets a defective order on these days tells of it, and so does whoever hears. On a night a
household that does not know hears with the chance of Goldenberg, Libai & Muller (2001),
1 - (1 - strong)^m (1 - weak)^j, of m friends and j members of its chat who tell of it; weak ties
carry bad news out of the circle of friends (Goldenberg, Libai, Moldovan & Muller 2007; Granovetter
1973). Each tells for some days and falls silent; nobody hears it twice, so the news dies out. What
a household makes of it is the rules' business (`sim.behaviour.believe.hear`).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sim.compilation.compiled import compiled
from sim.operator.common import ShockParameters
from sim.operator.contract import DAY, FEW, MOST_OF_FEW, Event, State, Whole
from sim.operator.news import put_news
from sim.parameters.quantity import quantity
from sim.world.draws import HOUSEHOLD, uniform
from sim.world.market_path import nobody_lives_with
from sim.world.portable_math import power
from sim.world.protocols import Counters, Inbox, Parent, Plan
from sim.world.state import World
from sim.world.ties import friends_of

UNHEARD, OWN_ORDER, FRIENDS, CHAT = range(4)  # whom a household knows it from

SENTENCE = """
{{ defect_ratio | number }} times as many orders as usual arrive defective, and whoever got one
tells of it for {{ told_days | count("day") }}, as does whoever hears: every night with a chance of
{{ friend_chance | percent }} from each friend who tells and {{ chat_chance | percent }} from each
such member of one's chat. The news speaks of the operator as {{ news_evidence | number }}
(0 against it, 1 for it); it weighs as much as {{ friend_weight | count("own order") }} from a
friend, as {{ chat_weight | number }} of one from a chat.
"""
NAMES = {"en": "quality scandal", "zh": "质量丑闻"}
IN_CHINESE = {
    "defect_ratio": "到货的瑕疵订单相对平时的倍数",
    "friend_chance": "每晚从一位转告的朋友处得知的几率",
    "chat_chance": "每晚从群内一位转告的成员处得知的几率",
    "told_days": "知情者持续转告的天数",
    "news_evidence": "消息对运营方的评价",
    "friend_weight": "朋友所说消息的分量",
    "chat_weight": "群内消息的分量",
}
OF_HOUSEHOLDS = (
    State(
        "known_from",
        "index",
        "0 unheard, 1 own order, 2 friends, 3 chat",
        Whole(UNHEARD, CHAT),
    ),
    State("known_since", "day", "on which it was told, or got its own", DAY),
    State("telling", "households", "among its friends that tell of it tonight", FEW),
)
OF_OPERATOR = (
    State("carriers", "households", "that will tell of it tomorrow", int),
    State("knowing", "households", "that know of it, telling or not", int),
)
EVENTS = (
    Event(
        "own_order",
        "households",
        "that got a defective order in the scandal",
        "An order of its own was part of the scandal.",
    ),
    Event(
        "from_friends",
        "households",
        "that heard of the scandal from friends",
        "Heard of the scandal from friends.",
    ),
    Event(
        "from_chat",
        "households",
        "that heard of the scandal in a chat",
        "Heard of the scandal in the chat.",
    ),
)


@dataclass
class Parameters(ShockParameters):
    """A quality scandal of the operator's own."""

    defect_ratio: float = quantity("ratio", "defective orders over the ordinary, at size 1", 1, 100)
    friend_chance: float = quantity("chance a day", "to hear of it from a friend who tells", 0, 1)
    chat_chance: float = quantity("chance a day", "the same, from a member of the chat", 0, 1)
    told_days: int = quantity("days", "that whoever knows tells of it", 1, 365)
    news_evidence: float = quantity("0 to 1", "how well the news speaks of the operator", 0, 1)
    friend_weight: float = quantity("orders' worth of evidence", "of a friend's news", 0, 10)
    chat_weight: float = quantity("orders' worth of evidence", "of news in a chat", 0, 10)


@compiled
def plan(world: World, day: int, today: Plan) -> None:
    """More of what is sent out is defective."""
    own = world.shocks.quality_scandal
    today.defect_share = 1.0 + own.size * (own.defect_ratio - 1.0)


@compiled
def offer(parent: Parent, place: int, world: World, day: int, inbox: Inbox) -> None:
    """Whoever was told last night has the news before them."""
    own, state = world.shocks.quality_scandal, world.states.quality_scandal[place]
    if state.known_since == day and state.known_from >= FRIENDS:
        by_friend = state.known_from == FRIENDS
        put_news(inbox, own.news_evidence, own.friend_weight if by_friend else own.chat_weight)


@compiled
def charge(
    parent: Parent, place: int, world: World, day: int, inbox: Inbox, event: Any, counters: Counters
) -> None:
    """A defective order of one's own is something to tell; how each came to know is noted."""
    own, state = world.shocks.quality_scandal, world.states.quality_scandal[place]
    if event.graduated > 0:
        return  # another family lives here from today on
    if own.size > 0.0 and event.defect > 0 and state.known_from == UNHEARD:
        state.known_from = OWN_ORDER
        state.known_since = day
    if state.known_since == day:
        event.quality_scandal_own_order = 1 if state.known_from == OWN_ORDER else 0
        event.quality_scandal_from_friends = 1 if state.known_from == FRIENDS else 0
        event.quality_scandal_from_chat = 1 if state.known_from == CHAT else 0


@compiled
def _tells(state: Any, day: int, told_days: int) -> bool:
    """Whether a household tells of it on a day."""
    if state.known_from == UNHEARD:
        return False
    return bool(0 <= day - int(state.known_since) < told_days)


@compiled
def _passed_by(chance: float, tellers: int) -> float:
    """Chance that none of so many tells it."""
    if tellers == 0:
        return 1.0
    return power(1.0 - chance, float(tellers)) if chance < 1.0 else 0.0


@compiled
def spread(world: World, households: Any, wake_schedules: Any, friends: Any, day: int) -> None:
    """Overnight: all who tell are counted before anybody hears, so that no order matters."""
    own, states = world.shocks.quality_scandal, world.states.quality_scandal
    for group in range(len(world.groups)):
        world.groups[group].telling = 0
    for place in range(len(states)):
        states[place].telling = 0
    for place in range(len(states)):
        if _tells(states[place], day, own.told_days):
            for i in range(friends_of(place, world.ties, friends)):
                told_of = states[friends[i]]
                told_of.telling = min(int(told_of.telling) + 1, MOST_OF_FEW)
            if households[place].group >= 0:
                world.groups[households[place].group].telling += 1
    carriers = knowing = 0
    for place in range(len(states)):
        state, group = states[place], households[place].group
        in_chat = world.groups[group].telling if group >= 0 else 0
        told = int(state.telling) + in_chat > 0 and not nobody_lives_with(households[place])
        if state.known_from == UNHEARD and told:
            not_friends = _passed_by(own.friend_chance, int(state.telling))
            nobody = not_friends * _passed_by(own.chat_chance, in_chat)
            u = uniform(world.seed, HOUSEHOLD, place, day, own.purpose)
            if u < 1.0 - nobody:
                state.known_from = FRIENDS if u < 1.0 - not_friends else CHAT
                state.known_since = day + 1
                wake_schedules[place].wake_day = min(wake_schedules[place].wake_day, day + 1)
        carriers += 1 if _tells(state, day + 1, own.told_days) else 0
        knowing += 1 if state.known_from != UNHEARD else 0
    world.states.quality_scandal_shared[0].carriers = carriers
    world.states.quality_scandal_shared[0].knowing = knowing


def odd(own: Parameters, config: Any) -> Iterator[str]:
    """More than all orders defective; a scandal that nobody tells of."""
    share = config.operator.operations.defect_share * (1.0 + own.size * (own.defect_ratio - 1.0))
    if share > 1.0:
        yield "quality_scandal makes every order defective: a larger size changes nothing."
    if own.friend_chance == own.chat_chance == 0.0:
        yield "quality_scandal is told to nobody: its friend_chance and chat_chance are zero."
