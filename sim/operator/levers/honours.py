"""Honours and powers in the community: badges, moderators from among members, co-creation, pay.

Once a month the members of each chat who have written most get a badge of it; the first of them
look after the chat and answer questions, as far as their time goes; who has a badge is asked to
help make products. What comes of an honour is the rules' business: a motive to write of one's own
(`sim.behaviour.talk.motive`), a reason to stay (`sim.behaviour.stay.draw_of_leaving`). Members can
be paid for what they tell, which adds a motive and takes from their own.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sim.behaviour.talk import motive
from sim.compilation.compiled import compiled
from sim.operator.audiences import addressed
from sim.operator.common import LeverParameters
from sim.operator.contacts import advise
from sim.operator.contract import COUNT, DAY, FEW, FLAG, MOST_KEPT, MOST_OF_FEW, PLACE, Event, State
from sim.operator.steps import ACTED, REACHED
from sim.parameters.quantity import quantity
from sim.world.draws import HOUSEHOLD, uniform
from sim.world.household import NEVER
from sim.world.protocols import Counters, EventRecord, Inbox, Parent, Records
from sim.world.state import World

CHOOSING_DAYS = 30  # between two choices of whom to honour: assumed

SENTENCE = """
Honours the {{ share_honoured | percent }} of each chat's members who wrote most in the month before
with a badge ({{ yuan_per_badge_month | number }} yuan a month each).
{{ moderators | count("of them looks", "of them look") }} after the chat: each has time for
{{ answers_per_week | count("answer") }} a week, of quality {{ answer_quality | number }} (0 to 1).
{{ making_share | percent }} of those with a badge are asked every
{{ days_between_makings | count("day") }} to help make a product
({{ yuan_per_maker | number }} yuan for each who does).
{{ "Members are paid " + yuan_per_post | number + " yuan for each story they tell" if yuan_per_post
   else "Nobody is paid for writing" }}.
"""
NAMES = {"en": "honours and co-creation", "zh": "荣誉与共治"}
IN_CHINESE = {
    "share_honoured": "每群获得荣誉勋章的成员比例",
    "moderators": "每群由成员担任的管理员人数",
    "answers_per_week": "每位管理员每周可答疑次数",
    "answer_quality": "管理员答疑的质量（0 到 1）",
    "making_share": "每期共创邀请的勋章成员比例",
    "days_between_makings": "两期产品共创的间隔天数",
    "yuan_per_post": "成员每发一条分享的报酬",
    "yuan_per_badge_month": "每枚勋章每月的成本",
    "yuan_per_maker": "每位共创参与者的成本",
}
DOSE = "share_honoured"
REACH = {
    "eligible": "in a group chat",
    "reached": "looked in with a badge, where members answer, or where stories are paid for",
    "acted": "wrote or reacted then, or helped to make a product",
}
REACH_IN_CHINESE = {
    "eligible": "群成员",
    "reached": "持有勋章、群内有成员管理员或分享有报酬时到访",
    "acted": "到访时发言、互动或参与产品共创",
}
OF_HOUSEHOLDS = (
    State("wrote", "posts", "in its chat since badges were last given", COUNT),
    State("badge_of", "number", "of the chat of which it has a badge, -1 none", PLACE, -1),
    State("moderates", "0 or 1", "1: it looks after that chat", FLAG),
    State("moderators", "members", "who look after its chat today", FEW),
    State("made_day", "day", "it last helped to make a product", DAY, -NEVER),
    State("next_writer", "place", "of who wrote in the same chat, -1 none", PLACE, -1),
    State("first_writer", "place", "of who wrote in the chat of this number, -1 none", PLACE, -1),
    State("of_chat", "members", "who look after the chat of this number", FEW),
)
OF_OPERATOR = (
    State("badges", "members", "who have a badge of their chat today", int),
    State("moderating", "members", "who look after their chats today", int),
)
EVENTS = (
    Event("paid", "posts", "that were paid for", "Was paid for what it told."),
    Event("made", "households", "that helped to make a product", "Helped to make a product."),
)
IDLE_WITHOUT = ("share_honoured", "yuan_per_post")


@dataclass
class Parameters(LeverParameters):
    """Honours; at part of its strength fewer get them, and pay is less."""

    share_honoured: float = quantity("share", "of a chat's members who get a badge", 0, 1)
    moderators: int = quantity("members", "of those with a badge, who look after a chat", 0, 50)
    answers_per_week: float = quantity("answers a week", "for which each of them has time", 0, 200)
    answer_quality: float = quantity("0 to 1", "of these answers", 0, 1)
    making_share: float = quantity(
        "share", "of those with a badge, asked to help make a product", 0, 1
    )
    days_between_makings: int = quantity("days", "from one product to the next", 1, 365)
    yuan_per_post: float = quantity("yuan a post", "paid to members for a story", 0, 100)
    yuan_per_badge_month: float = quantity("yuan a month", "gifts and care for one badge", 0, 1000)
    yuan_per_maker: float = quantity("yuan", "for one who helps to make a product", 0, 1e5)


@compiled
def prepare(world: World, households: Records[Parent], day: int) -> None:
    """Once a month badges are given anew; every morning moderators are counted for their chats."""
    own, total = world.levers.honours, world.states.honours_shared[0]
    total.badges = total.moderating = 0
    if own.power <= 0.0:
        return
    if (day - own.from_day) % CHOOSING_DAYS == 0:
        _list_writers(world, households, day)
        _give_badges(world, day)
    _count_moderators(world, households)


@compiled
def _list_writers(world: World, households: Records[Parent], day: int) -> None:
    """For each chat a list of those who wrote there."""
    own, states = world.levers.honours, world.states.honours
    for number in range(len(states)):
        states[number].first_writer = -1
    for place in range(len(states)):
        state, known = states[place], households[place]
        state.badge_of = -1
        state.moderates = 0
        chat = known.group
        if state.wrote > 0 and 0 <= chat < len(states) and addressed(known, place, world, day, own):
            state.next_writer = states[chat].first_writer
            states[chat].first_writer = place


@compiled
def _rank(place: int, world: World, day: int) -> float:
    """Posts that it wrote, and luck between 0 and 1 among equals."""
    luck = uniform(world.seed, HOUSEHOLD, place, day, world.levers.honours.purpose)
    return float(world.states.honours[place].wrote) + luck


@compiled
def _give_badges(world: World, day: int) -> None:
    """Of each chat's writers the first get a badge, and the first of these look after it."""
    own, states = world.levers.honours, world.states.honours
    for chat in range(min(len(world.groups), len(states))):
        places = own.power * own.share_honoured * world.groups[chat].members
        writer = int(states[chat].first_writer)
        while writer >= 0:
            before = _ranked_before(world, chat, _rank(writer, world, day), day)
            if before < places:
                states[writer].badge_of = chat
                states[writer].moderates = 1 if before < own.moderators else 0
            writer = int(states[writer].next_writer)
    for place in range(len(states)):
        states[place].wrote = 0


@compiled
def _ranked_before(world: World, chat: int, rank: float, day: int) -> int:
    """How many of a chat's writers rank higher; among equals luck decides, not their place."""
    states, before = world.states.honours, 0
    writer = int(states[chat].first_writer)
    while writer >= 0:
        before += 1 if _rank(writer, world, day) > rank else 0
        writer = int(states[writer].next_writer)
    return before


@compiled
def _count_moderators(world: World, households: Records[Parent]) -> None:
    """Badges that are still worn, and how many members look after each household's chat."""
    states, total = world.states.honours, world.states.honours_shared[0]
    for number in range(len(states)):
        states[number].of_chat = 0
    for place in range(len(states)):
        chat = households[place].group
        if has_badge(states[place], chat):
            total.badges += 1
            total.moderating += states[place].moderates
            looking_after = int(states[chat].of_chat) + int(states[place].moderates)
            states[chat].of_chat = min(looking_after, MOST_OF_FEW)
    for place in range(len(states)):
        chat = households[place].group
        states[place].moderators = states[chat].of_chat if 0 <= chat < len(states) else 0


@compiled
def has_badge(state: Any, chat: int) -> bool:
    """Whether a household has a badge of the chat that it is in."""
    return bool(chat >= 0 and state.badge_of == chat)


@compiled
def answered(moderators: int, questions_per_day: float, answers_per_week: float) -> float:
    """Share of a chat's questions for which its moderators have time."""
    able = moderators * answers_per_week / 7.0
    return 1.0 if questions_per_day <= able else able / questions_per_day


@compiled
def is_asked(place: int, world: World, day: int) -> bool:
    """Whether a member with a badge is asked to help make the present product, and has not yet."""
    own = world.levers.honours
    since = day - (day - own.from_day) % own.days_between_makings
    if world.states.honours[place].made_day >= since:
        return False
    luck = uniform(world.seed, HOUSEHOLD, place, since, own.purpose + 1)
    return luck < own.power * own.making_share


@compiled
def offer(parent: Parent, place: int, world: World, day: int, inbox: Inbox) -> None:
    """The badge, moderators who answer, a product to help with, and pay for stories."""
    own, state = world.levers.honours, world.states.honours[place]
    if own.power <= 0.0 or parent.group < 0:
        return
    inbox.yuan_per_post = own.power * own.yuan_per_post
    if state.moderators > 0:
        asked = world.groups[parent.group].help_rate
        able = answered(state.moderators, asked, own.answers_per_week)
        advise(inbox, own.power * able, own.answer_quality, 0.0)
    if has_badge(state, parent.group):
        inbox.honour = 1.0
        inbox.making = 1.0 if is_asked(place, world, day) else 0.0


@compiled
def charge(
    parent: Parent, place: int, world: World, day: int, inbox: Inbox, event: Any, counters: Counters
) -> None:
    """Pay for stories, and for who helped to make a product."""
    own = world.levers.honours
    if inbox.yuan_per_post > 0.0 and event.story_posts > 0:
        event.honours_paid = event.story_posts
        counters.cost_fen[own.line] += int(event.story_posts * inbox.yuan_per_post * 100.0)
    if inbox.makes > 0.0 and inbox.making >= inbox.trial:  # else it tests for another lever
        event.honours_made = 1
        world.states.honours[place].made_day = day
        counters.cost_fen[own.line] += int(own.yuan_per_maker * 100.0)


@compiled
def notice(world: World, day: int, event: EventRecord) -> None:
    """Overnight: what was written in a chat, complaints aside, is counted for its writer."""
    if event.group >= 0 and world.levers.honours.power > 0.0:
        state = world.states.honours[event.household]
        wrote = int(state.wrote) + int(event.help_posts) + int(event.story_posts)
        state.wrote = min(wrote, MOST_KEPT)


@compiled
def settle(world: World, day: int, counters: Counters) -> None:
    """A day of every badge that is worn."""
    own, badges = world.levers.honours, world.states.honours_shared[0].badges
    counters.cost_fen[own.line] += int(badges * own.yuan_per_badge_month * 100.0 / 30.0)


@compiled
def eligible(parent: Parent, place: int, world: World, day: int) -> bool:
    """Members of chats."""
    return parent.group >= 0


@compiled
def reach(parent: Parent, place: int, world: World, day: int, inbox: Inbox, event: Any) -> int:
    """Visits of members whom it concerns, and what they did."""
    moderated = event.group >= 0 and world.states.honours[place].moderators > 0
    concerned = inbox.honour + inbox.yuan_per_post > 0.0 or moderated
    if event.looked == 0 or not concerned or world.levers.honours.power <= 0.0:
        return 0
    did = event.reacted + event.help_posts + event.story_posts + event.honours_made
    return REACHED + (ACTED if did > 0 else 0)


def odd(own: Parameters, config: Any) -> Iterator[str]:
    """Pay that takes more than it adds; moderators whom nobody can be."""
    if own.yuan_per_post > 0.0 and motive(0.0, own.yuan_per_post, config.behaviour.talk) < 0.0:
        yield (
            f"honours pays {own.yuan_per_post:g} yuan for a story, of which fewer are told than "
            "for nothing: payment takes more of members' own motives than it adds."
        )
    if own.moderators > 0 and own.share_honoured == 0.0:
        yield "honours has moderators but no badges, of whose holders they are chosen."
