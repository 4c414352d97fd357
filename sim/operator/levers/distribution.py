"""Distribution: members sell on to friends for a commission, and for a bonus on whom they bring.

Members of the private domain may become distributors. Now and then a distributor sends all its
friends a link to a deal; whoever buys by it brings the distributor a share of what it pays, and if
it becomes a distributor in turn, a smaller share of what it sells: of one level and no more.
Friends heed such a call less than one that earns nothing, and each makes what friends say count
less for a while (`sim.behaviour.look.call_heed`, `sim.behaviour.believe.word_kept`): reach along
ties is bought with their wear. Who sells, who follows and who buys is the rules' business.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.behaviour.believe import worn_later
from sim.compilation.compiled import compiled
from sim.operator.audiences import addressed
from sim.operator.common import LeverParameters
from sim.operator.contract import DAY, FEN, FEW, FLAG, MOST_OF_FEW, PLACE, Event, State, Whole
from sim.operator.deals import given_by_deal, put_deal
from sim.operator.steps import ACTED, ORDERED, REACHED
from sim.parameters.quantity import quantity
from sim.world.draws import HOUSEHOLD, uniform
from sim.world.household import NEVER
from sim.world.market_path import nobody_lives_with
from sim.world.protocols import Counters, Inbox, Parent
from sim.world.state import World
from sim.world.ties import friends_of

MONTH_DAYS = 30

SENTENCE = """
Lets members of the private domain sell on, at most {{ most_per_1000 | number }} of 1,000
households: {{ calls_per_month | count("time") }} a month a distributor sends its friends a link
that takes {{ cut | percent }} off for {{ link_days | count("day") }}, and earns
{{ commission | percent }} of what they pay, and {{ team_bonus | percent }} of what is sold by
friends whom it brought to selling; together at most {{ most_yuan_per_month | number }} yuan a
month. A distributor costs {{ yuan_per_distributor_month | number }} yuan a month.
"""
NAMES = {"en": "distribution", "zh": "社交分销"}
DOSE = "commission"
IN_CHINESE = {
    "commission": "分销佣金比例",
    "team_bonus": "团队奖比例（仅一级）",
    "most_yuan_per_month": "每位分销员每月收入上限",
    "most_per_1000": "分销员人数上限（每千户）",
    "calls_per_month": "每位分销员每月向好友转发次数",
    "cut": "分享链接的好友价优惠幅度",
    "link_days": "分享链接有效天数（锁客期）",
    "yuan_per_distributor_month": "每位分销员每月的工具与培训成本",
}
REACH = {
    "eligible": "a member of the private domain, or whom distributors have called",
    "reached": "was offered to sell on, or called by a distributor",
    "acted": "wished to sell on, or looked at a distributor's link",
    "ordered": "ordered by such a link",
}
REACH_IN_CHINESE = {
    "eligible": "私域成员，或曾收到分销员分享的家庭",
    "reached": "看到分销招募，或收到分销员分享",
    "acted": "申请成为分销员，或点开分享链接",
    "ordered": "通过分享链接下单",
}
CAUSE = "distribution"
MONTHS = Whole(-NEVER // MONTH_DAYS, NEVER // MONTH_DAYS)
OF_HOUSEHOLDS = (
    State("wishes", "0 or 1", "1: it would sell on from tomorrow", FLAG),
    State("since_day", "day", "it has been a distributor, 30000 if it is none", DAY, NEVER),
    State(
        "recruiter", "place", "of the distributor by whose link it had bought, -1 none", PLACE, -1
    ),
    State("month", "count", "months of the strategy when it last earned", MONTHS),
    State("earned_fen", "fen", "earned in that month", FEN),
    State("called_day", "day", "distributors called it last", DAY, -NEVER),
    State("calls", "friends", "who did on that day", FEW),
    State("link_day", "day", "it was last sent the link that it has", DAY, -NEVER),
    State("seller", "place", "of the distributor whose link that is, -1 none", PLACE, -1),
    State(
        "bought_of", "place", "of the distributor by whose link it last bought, -1 none", PLACE, -1
    ),
    State("sale_fen", "fen", "paid today for an order by that link", FEN),
    State("worn", "calls", "of distributors that it had not forgotten on `worn_day`"),
    State("worn_day", "day", "distributors called it last, as far as it is worn", DAY, -NEVER),
)
OF_OPERATOR = (
    State("distributors", "households", "that sell on", int),
    State("recruits", "households", "of these, whom another distributor's link had brought", int),
    State("sales", "fen", "paid so far for orders by links", int),
    State("commissions", "fen", "earned so far by whose links these were", int),
    State("bonuses", "fen", "earned so far by whoever had brought these to selling", int),
)
EVENTS = (
    Event("wished", "households", "that wished to sell on", "Would sell on to friends."),
    Event("called", "calls", "of friends who earn by it", "Friends called who earn by it."),
    Event(
        "looked_in",
        "households",
        "that looked at a link of a friend who earns by it",
        "Looked at the link of a friend who earns by it.",
    ),
    Event("bought", "orders", "by such a link", "Ordered by a friend's link."),
)


@dataclass
class Parameters(LeverParameters):
    """Selling on; at part of its strength fewer sell, who call less often to a smaller cut."""

    commission: float = quantity("share", "of what friends pay, to who sold to them", 0, 0.9)
    team_bonus: float = quantity("share", "of that, to who brought the seller to selling", 0, 0.5)
    most_yuan_per_month: float = quantity("yuan a month", "that a distributor earns", 0, 1e6)
    most_per_1000: float = quantity("households", "of 1,000, that may sell on", 0, 1000)
    calls_per_month: float = quantity("calls a month", "of a distributor, to all friends", 0, 30)
    cut: float = quantity("share", "price cut of what a link leads to", 0, 0.9)
    link_days: int = quantity("days", "a link holds", 1, 365)
    yuan_per_distributor_month: float = quantity("yuan a month", "tools and training", 0, 10000)


@compiled
def sells_on(state: Any, day: int) -> bool:
    """Whether a household is a distributor today."""
    return bool(state.since_day <= day)


@compiled
def has_link(state: Any, day: int, own: Parameters) -> bool:
    """Whether a household has a distributor's link that still holds."""
    return bool(0 <= day - int(state.link_day) < own.link_days)


@compiled
def lasting(parent: Parent, place: int, world: World, day: int, inbox: Inbox) -> None:
    """Calls that it has not forgotten, whatever the operator does now."""
    state = world.states.distribution[place]
    days = float(day - int(state.worn_day))
    inbox.friends_worn = worn_later(state.worn, days, world.behaviour.believe)


@compiled
def offer(parent: Parent, place: int, world: World, day: int, inbox: Inbox) -> None:
    """The link it holds, and who calls to it; to whoever is none yet, to be a distributor."""
    own, state = world.levers.distribution, world.states.distribution[place]
    if own.power <= 0.0 or sells_on(state, day):
        return
    if parent.in_private_domain > 0:
        inbox.may_sell = own.power
        inbox.sell_commission = own.commission
        inbox.sell_bonus = own.team_bonus
    if has_link(state, day, own):
        put_deal(inbox, own, own.power * own.cut)
        if state.called_day == day:
            inbox.friend_call += float(state.calls)
            inbox.call_paid += float(state.calls)


@compiled
def charge(
    parent: Parent, place: int, world: World, day: int, inbox: Inbox, event: Any, counters: Counters
) -> None:
    """Price given up; who wishes to sell on, who bought of whom, and calls wear."""
    own, state = world.levers.distribution, world.states.distribution[place]
    if event.graduated > 0:
        return  # another family lives here from today on
    if inbox.sells > 0.0:
        state.wishes = 1
        event.distribution_wished = 1
    if inbox.call_paid > 0.0 and state.called_day == day:
        event.distribution_called = state.calls
        event.distribution_looked_in = 1 if inbox.call_followed > 0.0 else 0
        state.worn = inbox.friends_worn + state.calls
        state.worn_day = day
    if event.list_fen > 0 and event.cause == own.cause:
        counters.discount_fen[own.line] += given_by_deal(world, inbox, event)
        event.distribution_bought = 1
        state.sale_fen = event.paid_fen
        state.bought_of = state.seller


@compiled
def settle(world: World, day: int, counters: Counters) -> None:
    """Overnight: commissions and bonuses for the day's sales; a day of every distributor."""
    own, states = world.levers.distribution, world.states.distribution
    for place in range(len(states)):
        if states[place].sale_fen > 0:
            counters.cost_fen[own.line] += _pay(world, place, day)
            states[place].sale_fen = 0
    if own.power > 0.0:
        sellers = world.states.distribution_shared[0].distributors
        counters.cost_fen[own.line] += int(
            sellers * own.yuan_per_distributor_month * 100.0 / MONTH_DAYS
        )


@compiled
def _pay(world: World, place: int, day: int) -> int:
    """Who sold to a household earns its commission, who brought the seller a bonus: both, in fen.

    Whoever has moved away since, or has given up selling, earns nothing.
    """
    own, states = world.levers.distribution, world.states.distribution
    sale, total = states[place], world.states.distribution_shared[0]
    total.sales += sale.sale_fen
    seller = states[sale.seller]
    if seller.since_day > sale.link_day:
        return 0
    commission = _earn(seller, int(own.commission * int(sale.sale_fen)), day, own)
    total.commissions += commission
    bonus = 0
    if seller.recruiter >= 0 and states[seller.recruiter].since_day < seller.since_day:
        bonus = _earn(states[seller.recruiter], int(own.team_bonus * int(sale.sale_fen)), day, own)
        total.bonuses += bonus
    return int(commission + bonus)


@compiled
def _earn(who: Any, fen: int, day: int, own: Parameters) -> int:
    """What a distributor gets of what it has earned: no more than it may in a month."""
    month = day // MONTH_DAYS
    if who.month != month:
        who.month = month
        who.earned_fen = 0
    left = int(own.most_yuan_per_month * 100.0) - int(who.earned_fen)
    got = max(min(fen, left), 0)
    who.earned_fen = int(who.earned_fen) + got  # less than FEN: so few may be earned
    return int(got)


@compiled
def spread(world: World, households: Any, wake_schedules: Any, friends: Any, day: int) -> None:
    """Overnight: who has left gives up selling, others begin, and distributors call friends."""
    own = world.levers.distribution
    _count_sellers(world, households)
    if own.power <= 0.0:
        return
    _enlist(world, households, day)
    for place in range(len(world.states.distribution)):
        known = households[place]
        if not sells_on(world.states.distribution[place], day + 1):
            continue
        if calls_on(place, known.family, world, day + 1) and addressed(
            known, place, world, day, own
        ):
            _call_friends(world, households, wake_schedules, friends, place, day)


@compiled
def _count_sellers(world: World, households: Any) -> None:
    """Whoever has left the private domain sells no longer; the others are counted."""
    states, total = world.states.distribution, world.states.distribution_shared[0]
    total.distributors = total.recruits = 0
    for place in range(len(states)):
        state = states[place]
        if state.since_day < NEVER and households[place].in_private_domain == 0:
            state.since_day = NEVER
        if state.since_day < NEVER:
            total.distributors += 1
            total.recruits += 1 if state.recruiter >= 0 else 0


@compiled
def _enlist(world: World, households: Any, day: int) -> None:
    """Who wishes to sell on does so from tomorrow, while there is room: from a place by luck on."""
    own, states = world.levers.distribution, world.states.distribution
    total, places = world.states.distribution_shared[0], len(states)
    room = int(own.power * own.most_per_1000 * places / 1000.0)
    first = int(uniform(world.seed, HOUSEHOLD, 0, day, own.purpose + 1) * places)
    for step in range(places):
        place = (first + step) % places
        state = states[place]
        wishes = state.wishes > 0 and households[place].in_private_domain > 0
        state.wishes = 0
        if not wishes or total.distributors >= room:
            continue
        state.since_day = day + 1
        state.recruiter = state.bought_of
        total.distributors += 1
        total.recruits += 1 if state.recruiter >= 0 else 0


@compiled
def calls_on(place: int, family: int, world: World, day: int) -> bool:
    """Whether a distributor calls its friends on a day, of its own luck."""
    own = world.levers.distribution
    luck = uniform(world.seed, HOUSEHOLD, place, family, own.purpose)
    a_day = own.power * own.calls_per_month / MONTH_DAYS
    return bool(np.floor(a_day * day + luck) > np.floor(a_day * (day - 1) + luck))


@compiled
def _call_friends(
    world: World, households: Any, wake_schedules: Any, friends: Any, place: int, day: int
) -> None:
    """A distributor calls all its friends who do not sell on themselves; they wake tomorrow.

    Who has a link that holds keeps it: a customer belongs to who was there first.
    """
    own, states = world.levers.distribution, world.states.distribution
    for i in range(friends_of(place, world.ties, friends)):
        friend = friends[i]
        state, known = states[friend], households[friend]
        if sells_on(state, day + 1) or nobody_lives_with(known):
            continue
        if not addressed(known, friend, world, day, own):
            continue
        if state.called_day != day + 1:
            state.called_day = day + 1
            state.calls = 0
        state.calls = min(int(state.calls) + 1, MOST_OF_FEW)
        if state.seller == place or not has_link(state, day + 1, own):
            state.seller = place
            state.link_day = day + 1
        wake_schedules[friend].wake_day = min(wake_schedules[friend].wake_day, day + 1)


@compiled
def eligible(parent: Parent, place: int, world: World, day: int) -> bool:
    """Members of the private domain, and whoever was ever called."""
    called = world.states.distribution[place].called_day > -NEVER
    return parent.in_private_domain > 0 or called


@compiled
def reach(parent: Parent, place: int, world: World, day: int, inbox: Inbox, event: Any) -> int:
    """Offers to sell on and calls, who took them up, and orders by links."""
    here = event.looked > 0 or event.list_fen > 0
    met = event.distribution_called > 0 or (here and inbox.may_sell > 0.0)
    did = event.distribution_wished + event.distribution_looked_in > 0
    steps = (REACHED if met else 0) + (ACTED if did else 0)
    return steps + (ORDERED if event.distribution_bought > 0 else 0)


def odd(own: Parameters, config: Any) -> Iterator[str]:
    """Members whom nothing brings in; selling for nothing."""
    if config.operator.funnel.strength == 0.0:
        yield "distribution is for the private domain, and funnel, which leads there, is off."
    if own.commission == 0.0:
        yield "distribution pays nobody for selling on: its commission is zero."
