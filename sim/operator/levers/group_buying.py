"""Group buying: a lower price for whoever finds others to buy along, and so a reason to call them.

Now and then a round is open for some days. Whoever looks in, or is called by a friend, may put its
name down; overnight each finds its group: that of the friend who called, of another friend, or of
its chat, where all can see it, else a new one; and calls its friends in turn. When the round
closes, groups that are large enough get their goods, the larger the cheaper; all others get nothing
and may buy as usual. So buyers who want the price do the seller's work of telling others (Jing &
Xie 2011).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sim.compilation.compiled import compiled
from sim.operator.audiences import addressed
from sim.operator.common import LeverParameters
from sim.operator.contract import DAY, FEW, FLAG, MOST_OF_FEW, PLACE, Event, State
from sim.operator.deals import given_by_deal, has_pledged, put_due, put_pledge
from sim.operator.steps import ACTED, ORDERED, REACHED
from sim.parameters.quantity import quantity
from sim.world.household import NEVER
from sim.world.market_path import nobody_lives_with
from sim.world.protocols import Counters, Inbox, Parent
from sim.world.state import World
from sim.world.ties import friends_of

SENTENCE = """
Opens a group purchase every {{ days_between | count("day") }} for {{ open_days | count("day") }}
({{ yuan_per_round | number }} yuan each): {{ least_members }} members together get
{{ cut | percent }} off, and {{ cut_per_member | percent }} more for each member beyond, down to
{{ deepest_cut | percent }}; smaller groups get nothing.
"""
NAMES = {"en": "group buying", "zh": "拼团"}
IN_CHINESE = {
    "days_between": "两期拼团的间隔天数",
    "open_days": "每期拼团的开放天数",
    "least_members": "成团人数",
    "cut": "成团降价幅度",
    "cut_per_member": "每多一人再降幅度",
    "deepest_cut": "最大降价幅度",
    "yuan_per_round": "每期筹备成本",
}
DOSE = "cut"
REACH = {
    "eligible": "looks into the channel, or was called by a friend",
    "reached": "looked in during a round, or as a friend had called",
    "acted": "joined a group",
    "ordered": "got its goods, as the group was filled",
}
REACH_IN_CHINESE = {
    "eligible": "会访问自有渠道的家庭，或被好友邀请参团",
    "reached": "拼团期间到访，或应好友邀请查看",
    "acted": "参团",
    "ordered": "成团下单",
}
CAUSE = "group_buying"
OF_HOUSEHOLDS = (
    State("joined", "0 or 1", "1: it joins a group tonight", FLAG),
    State("group", "number", "of its group in this round, -1 none", PLACE, -1),
    State("called_day", "day", "friends called it last", DAY, -NEVER),
    State("calls", "friends", "who called it on that day", FEW),
    State("caller", "place", "of the first of them", PLACE, -1),
    State("due_day", "day", "it gets what its group has bought", DAY, -NEVER),
    State("due_cut", "share", "off that", float),
    State("of_chat", "number", "of a group in the chat of this number, -1 none", PLACE, -1),
    State("members", "households", "in the group of this number, as the round closes", PLACE),
)
OF_OPERATOR = (
    State("open_groups", "groups", "of the round, tonight", int),
    State("in_groups", "households", "in these", int),
    State("started", "groups", "so far", int),
    State("filled", "groups", "so far", int),
    State("expired", "groups", "so far, too small when their round closed", int),
    State("granted", "households", "so far, in groups that were filled", int),
)
EVENTS = (
    Event("joins", "households", "that joined a group purchase", "Joined a group purchase."),
    Event(
        "looked_in",
        "households",
        "that looked at a group purchase as friends had called",
        "Looked at a group purchase, as friends had called.",
    ),
    Event("bought", "orders", "of groups that were filled", "The group was filled: got its goods."),
)


@dataclass
class Parameters(LeverParameters):
    """Group purchases among friends."""

    days_between: int = quantity("days", "from one round to the next", 1, 365)
    open_days: int = quantity("days", "a round is open", 1, 365)
    least_members: int = quantity("members", "a group needs", 2, 100)
    cut: float = quantity("share", "price cut for a group of that size", 0, 0.9)
    cut_per_member: float = quantity("share", "further cut for each member beyond", 0, 0.5)
    deepest_cut: float = quantity("share", "price cut, however large the group", 0, 0.9)
    yuan_per_round: float = quantity("yuan", "for preparing a round", 0, 1e6)


@compiled
def day_of_round(own: Parameters, day: int) -> int:
    """Days since the present round was opened."""
    return (day - own.from_day) % own.days_between


@compiled
def is_open(own: Parameters, day: int) -> bool:
    """Whether one can join on a day."""
    return own.power > 0.0 and day_of_round(own, day) < own.open_days


@compiled
def price_cut(own: Parameters, members: int) -> float:
    """Price cut for a group of so many members, 0 if they are too few."""
    if members < own.least_members:
        return 0.0
    more = own.cut_per_member * (members - own.least_members)
    return own.power * max(own.cut, min(own.cut + more, own.deepest_cut))


@compiled
def offer(parent: Parent, place: int, world: World, day: int, inbox: Inbox) -> None:
    """What its group has bought; else, during a round, a group to join, and friends' calls."""
    own, state = world.levers.group_buying, world.states.group_buying[place]
    if state.due_day == day:  # granted is granted, whatever the operator does now
        put_due(inbox, own, state.due_cut)
    elif state.group < 0 and is_open(own, day):
        put_pledge(inbox, own, own.power * own.cut)
        if state.called_day == day:
            inbox.friend_call += float(state.calls)


@compiled
def charge(
    parent: Parent, place: int, world: World, day: int, inbox: Inbox, event: Any, counters: Counters
) -> None:
    """Price given up; who joins is noted."""
    own, state = world.levers.group_buying, world.states.group_buying[place]
    if event.graduated > 0:
        return  # another family lives here from today on
    if has_pledged(inbox, own):
        state.joined = 1
        event.group_buying_joins = 1
    if inbox.call_followed > 0.0 and inbox.pledge_cause == own.cause and state.called_day == day:
        event.group_buying_looked_in = 1
    if event.list_fen > 0 and event.cause == own.cause:
        counters.discount_fen[own.line] += given_by_deal(world, inbox, event)
        event.group_buying_bought = 1


@compiled
def settle(world: World, day: int, counters: Counters) -> None:
    """A round is paid for on its first day."""
    own = world.levers.group_buying
    if own.power > 0.0 and day_of_round(own, day) == 0:
        counters.cost_fen[own.line] += int(own.yuan_per_round * 100.0)


@compiled
def spread(world: World, households: Any, wake_schedules: Any, friends: Any, day: int) -> None:
    """Overnight: joiners find their groups and call friends; on the last night groups are counted.

    A round is also over where the operator has stopped.
    """
    own, total = world.levers.group_buying, world.states.group_buying_shared[0]
    if is_open(own, day):
        _find_groups(world, households, friends, day)
        if is_open(own, day + 1) and day_of_round(own, day + 1) > 0:
            _call_friends(world, households, wake_schedules, friends, day)
            return
    if total.open_groups > 0:
        _close(world, wake_schedules, day)


@compiled
def _find_groups(world: World, households: Any, friends: Any, day: int) -> None:
    """By place, each joiner goes to the friend who called, another friend, its chat, or begins."""
    states, total = world.states.group_buying, world.states.group_buying_shared[0]
    for number in range(len(states)):
        states[number].of_chat = -1
    for place in range(len(states)):
        _show_in_chat(states, households[place].group, states[place].group)
    total.in_groups = 0
    for place in range(len(states)):
        state, chat = states[place], households[place].group
        if state.joined > 0:
            if state.called_day == day:
                state.group = states[state.caller].group
            found = friends_of(place, world.ties, friends) if state.group < 0 else 0
            for i in range(found):
                if state.group < 0:
                    state.group = states[friends[i]].group
            if state.group < 0 and 0 <= chat < len(states):
                state.group = states[chat].of_chat
            if state.group < 0:
                state.group = total.open_groups
                total.open_groups += 1
                total.started += 1
            _show_in_chat(states, chat, state.group)
        total.in_groups += 1 if state.group >= 0 else 0


@compiled
def _show_in_chat(states: Any, chat: int, group: int) -> None:
    """Of the groups in a chat its members see the first one, which they fill before another."""
    if group >= 0 and 0 <= chat < len(states) and states[chat].of_chat < 0:
        states[chat].of_chat = group


@compiled
def _call_friends(
    world: World, households: Any, wake_schedules: Any, friends: Any, day: int
) -> None:
    """Whoever has joined calls its friends who are in no group; they wake tomorrow."""
    own, states = world.levers.group_buying, world.states.group_buying
    for place in range(len(states)):
        if states[place].joined == 0:
            continue
        states[place].joined = 0
        for i in range(friends_of(place, world.ties, friends)):
            friend = friends[i]
            state, known = states[friend], households[friend]
            if state.group >= 0 or nobody_lives_with(known):
                continue
            if not addressed(known, friend, world, day, own):
                continue
            if state.called_day != day + 1:
                state.called_day = day + 1
                state.calls = 0
                state.caller = place
            state.calls = min(int(state.calls) + 1, MOST_OF_FEW)
            wake_schedules[friend].wake_day = min(wake_schedules[friend].wake_day, day + 1)


@compiled
def _close(world: World, wake_schedules: Any, day: int) -> None:
    """Groups are counted: who is in one that is large enough gets its goods tomorrow."""
    own, states = world.levers.group_buying, world.states.group_buying
    total = world.states.group_buying_shared[0]
    for number in range(total.open_groups):
        states[number].members = 0
    for place in range(len(states)):
        if states[place].group >= 0:
            states[states[place].group].members += 1
    for number in range(total.open_groups):
        filled = price_cut(own, int(states[number].members)) > 0.0
        total.filled += 1 if filled else 0
        total.expired += 0 if filled else 1
    for place in range(len(states)):
        state = states[place]
        state.joined = 0
        if state.group >= 0:
            cut = price_cut(own, int(states[state.group].members))
            state.group = -1
            if cut > 0.0:
                state.due_day = day + 1
                state.due_cut = cut
                total.granted += 1
                wake_schedules[place].wake_day = min(wake_schedules[place].wake_day, day + 1)
    total.open_groups = total.in_groups = 0


@compiled
def eligible(parent: Parent, place: int, world: World, day: int) -> bool:
    """Who ever looks into the channel, or was called."""
    called = world.states.group_buying[place].called_day > -NEVER
    return parent.in_private_domain + parent.subscribed > 0 or called


@compiled
def reach(parent: Parent, place: int, world: World, day: int, inbox: Inbox, event: Any) -> int:
    """Who met a round, who joined, who got its goods."""
    own = world.levers.group_buying
    looked = event.looked > 0 or inbox.call_followed > 0.0
    met = looked and inbox.pledge_cut > 0.0 and inbox.pledge_cause == own.cause
    steps = (REACHED if met else 0) + (ACTED if event.group_buying_joins > 0 else 0)
    return steps + (ORDERED if event.group_buying_bought > 0 else 0)


def odd(own: Parameters, config: Any) -> Iterator[str]:
    """A price that nobody is tempted by; one that falls no further."""
    if own.cut == 0.0:
        yield "group_buying has nothing to join for: its cut is zero."
    if own.deepest_cut < own.cut:
        yield "group_buying is no deeper for larger groups: its deepest_cut is below its cut."
