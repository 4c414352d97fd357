"""Referral, old customers bring new ones: invitations along friendship ties, a reward for both.

Customers are told with an order, or by a message, that they may bring friends. Whoever wishes to
invites one close friend who is no customer yet; the friend hears of it the next morning and, above
all if it has something to buy, looks in: to shop with the welcome in hand, or for the deal alone.
When a first order comes of it, whoever invited gets a coupon. Who came in this way may invite in
turn, and does so the more (Gershon & Jiang 2024). Who invites, whom, and who follows is the rules'
business (`sim.behaviour.talk.invite_chance`, `sim.behaviour.talk.suits`,
`sim.behaviour.look.call_chance`).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.behaviour.talk import suits
from sim.behaviour.weighing import PUBLIC_STORE
from sim.compilation.compiled import compiled
from sim.operator.audiences import ALL, CHANNELS, STRANGER, addressed
from sim.operator.common import LeverParameters
from sim.operator.contract import COUNT, DAY, FLAG, MOST_KEPT, PLACE, Event, State, Whole
from sim.operator.deals import gets_coupon, given_by_deal, put_coupon, put_deal, spends_coupon
from sim.operator.steps import ACTED, ORDERED, REACHED
from sim.parameters.quantity import quantity, switch
from sim.world.draws import HOUSEHOLD, uniform
from sim.world.household import NEVER
from sim.world.market_path import nobody_lives_with
from sim.world.protocols import Counters, Inbox, Parent
from sim.world.state import World
from sim.world.ties import friends_of

YEAR_DAYS = 365

SENTENCE = """
Tells whoever orders that friends may be invited, and reminds customers of it
{{ reminders_per_year | count("time") }} a year ({{ yuan_per_message | number }} yuan a message). An
invited friend finds {{ welcome_cut | percent }} off a first order for
{{ welcome_days | count("day") }}; for each that orders whoever invited gets a coupon of
{{ reward_percent }} percent, valid for {{ reward_days | count("day") }}, at most
{{ most_rewards | count("coupon") }} a year. Who came by a friend is
{{ "reminded of it" if tells_of_friend else "told nothing of it" }}.
"""
NAMES = {"en": "referral", "zh": "老带新"}
IN_CHINESE = {
    "welcome_cut": "新客首单立减幅度",
    "welcome_days": "新客优惠的有效天数",
    "reward_percent": "邀请奖励券的折扣（%）",
    "reward_days": "邀请奖励券的有效天数",
    "most_rewards": "每年最多可得的奖励券数",
    "reminders_per_year": "每年提醒邀请好友的次数",
    "tells_of_friend": "提醒被邀请来的客户：当初由好友介绍",
    "yuan_per_message": "每条提醒的成本",
}
REACH = {
    "eligible": "a customer, who may invite; or whoever was invited",
    "reached": "was told, or got a friend's invitation",
    "acted": "invited a friend, or looked at the welcome deal",
    "ordered": "ordered for the welcome deal, or with a coupon that a friend had earned it",
}
REACH_IN_CHINESE = {
    "eligible": "可邀请好友的老客，或收到邀请的家庭",
    "reached": "获知可邀请好友，或收到好友邀请",
    "acted": "邀请好友，或查看新客优惠",
    "ordered": "用新客优惠下首单，或用邀请奖励券下单",
}
CAUSE = "referral"
IDLE_WITHOUT = ("welcome_days",)
YEARS = Whole(-NEVER // YEAR_DAYS, NEVER // YEAR_DAYS)
OF_HOUSEHOLDS = (
    State("inviting", "0 or 1", "1: it invites a friend tonight", FLAG),
    State("invited_day", "day", "an invitation came", DAY, -NEVER),
    State("invited_by", "place", "whose invitation it was", PLACE, -1),
    State("by_family", "count", "families that had lived there before who invited", COUNT),
    State("chain", "links", "of the chain of invitations that would end with it", COUNT),
    State("won", "0 or 1", "1: its first order came of the invitation today", FLAG),
    State("link", "links", "of the chain of customers that ends with it, 0 came by itself", COUNT),
    State("year", "count", "years of the strategy when it last earned a reward", YEARS),
    State("earned", "coupons", "earned in that year", COUNT),
    State("due", "coupons", "earned and not yet given", COUNT),
)
OF_OPERATOR = (
    State("invitations", "invitations", "sent so far", int),
    State("guests", "customers", "won so far by an invitation", int),
    State("guests_of_guests", "customers", "of these, invited by such as came so themselves", int),
    State("longest_chain", "links", "of the longest chain of customers so far", int),
    State("rewards", "coupons", "earned so far by whoever invited", int),
)
EVENTS = (
    Event("wished", "households", "that wished to invite a friend", "Would invite a friend."),
    Event(
        "looked_in",
        "households",
        "that looked at the welcome deal as a friend had told them",
        "Looked at the welcome deal, as a friend had told.",
    ),
    Event(
        "first_orders",
        "orders",
        "first ones, for a welcome deal",
        "Ordered for the first time, as a friend's guest.",
    ),
    Event(
        "rewarded",
        "households",
        "that got a coupon for a friend won",
        "Got a coupon for having brought a friend.",
    ),
)


@dataclass
class Parameters(LeverParameters):
    """Referral along friendship ties, with a reward for both sides."""

    welcome_cut: float = quantity("share", "price cut of an invited friend's welcome deal", 0, 0.9)
    welcome_days: int = quantity("days", "the invitation holds", 0, 365)
    reward_percent: int = quantity("percent", "price cut of the coupon for who invited", 0, 90)
    reward_days: int = quantity("days", "that coupon is valid", 1, 365)
    most_rewards: int = quantity("coupons a year", "that one household can earn", 0, 1000)
    reminders_per_year: float = quantity("messages a year", "that tell a customer of it", 0, 365)
    tells_of_friend: bool = switch("whoever came by a friend is reminded of that")
    yuan_per_message: float = quantity("yuan", "for sending one", 0, 10)


@compiled
def offer(parent: Parent, place: int, world: World, day: int, inbox: Inbox) -> None:
    """Tell that friends may be invited; welcome a friend; give a coupon that was earned."""
    own, state = world.levers.referral, world.states.referral[place]
    if own.power <= 0.0:
        return
    inbox.may_invite = own.power
    if state.link > 0:
        inbox.came_by_friend = 1.0
        inbox.told_of_friend = own.power * own.tells_of_friend
    if _rewards_left(state, day, own.most_rewards) > 0:
        inbox.invite_reward = own.reward_percent / 100.0
    if reminder_due(parent, place, world, day):
        inbox.asked_to_invite = 1.0
        inbox.personal_messages += 1.0
    if parent.orders == 0 and 0 <= day - state.invited_day < own.welcome_days:
        put_deal(inbox, own, own.power * own.welcome_cut)
        if day == state.invited_day:
            inbox.friend_call += 1.0
    held = parent.coupon_percent if parent.coupon_until >= day else 0
    if state.due > 0 and held < own.reward_percent:  # the next one once this one is spent
        put_coupon(inbox, own, own.reward_percent, own.reward_days)


@compiled
def reminder_due(parent: Parent, place: int, world: World, day: int) -> bool:
    """Whether a customer who takes messages is reminded today, on days of its own luck.

    Who was asleep that day finds it on waking, and no more than one.
    """
    own = world.levers.referral
    if parent.orders == 0 or parent.subscribed == 0:
        return False
    since = max(parent.felt_day, own.from_day - 1) if own.from_day > 0 else parent.felt_day
    luck = uniform(world.seed, HOUSEHOLD, place, parent.family, own.purpose)
    a_day = own.power * own.reminders_per_year / YEAR_DAYS
    return bool(np.floor(a_day * day + luck) > np.floor(a_day * since + luck))


@compiled
def _rewards_left(state: Any, day: int, most: int) -> int:
    """Coupons that a household can still earn this year of the strategy."""
    return most - int(state.earned) if state.year == day // YEAR_DAYS else most


@compiled
def charge(
    parent: Parent, place: int, world: World, day: int, inbox: Inbox, event: Any, counters: Counters
) -> None:
    """Messages, the welcome deal and the coupons used; what the household did is noted."""
    own, state = world.levers.referral, world.states.referral[place]
    if event.graduated > 0:
        return  # another family lives here from today on
    if inbox.asked_to_invite > 0.0:
        counters.cost_fen[own.line] += int(own.yuan_per_message * 100.0)
    if inbox.invites > 0.0:
        state.inviting = 1
        event.referral_wished = 1
    if inbox.call_followed > 0.0 and state.invited_day == day:
        event.referral_looked_in = 1
    if gets_coupon(inbox, own):
        state.due -= 1
        event.referral_rewarded = 1
    if spends_coupon(parent, event, own):
        counters.discount_fen[own.line] += event.coupon_fen
    if event.list_fen > 0 and event.cause == own.cause:
        counters.discount_fen[own.line] += given_by_deal(world, inbox, event)
        if event.first_order > 0:
            state.won = 1
            event.referral_first_orders = 1


@compiled
def spread(world: World, households: Any, wake_schedules: Any, friends: Any, day: int) -> None:
    """Overnight: friends won are put down to whoever invited; invitations are sent out."""
    states, total = world.states.referral, world.states.referral_shared[0]
    for place in range(len(states)):
        if states[place].won > 0:
            states[place].won = 0
            _welcome(world, households, wake_schedules, place, day)
    for place in range(len(states)):
        state = states[place]
        if state.inviting == 0:
            continue
        state.inviting = 0
        friend = _friend_to_invite(world, households, friends, place, day)
        if friend >= 0:
            total.invitations += 1
            invited = states[friend]
            invited.invited_day = day + 1
            invited.invited_by = place
            invited.by_family = households[place].family
            invited.chain = min(int(state.link) + 1, MOST_KEPT)
            wake_schedules[friend].wake_day = min(wake_schedules[friend].wake_day, day + 1)


@compiled
def _welcome(world: World, households: Any, wake_schedules: Any, place: int, day: int) -> None:
    """A friend has become a customer: whoever invited it earns a coupon, if it is still there."""
    own, states = world.levers.referral, world.states.referral
    state, total = states[place], world.states.referral_shared[0]
    state.link = state.chain
    total.guests += 1
    total.guests_of_guests += 1 if state.link > 1 else 0
    total.longest_chain = max(total.longest_chain, int(state.link))
    host = states[state.invited_by]
    same = households[state.invited_by].family == state.by_family
    if not same or _rewards_left(host, day, own.most_rewards) <= 0:
        return
    if host.year != day // YEAR_DAYS:
        host.year = day // YEAR_DAYS
        host.earned = 0
    host.earned += 1
    host.due = min(int(host.due) + 1, MOST_KEPT)
    total.rewards += 1
    schedule = wake_schedules[state.invited_by]
    schedule.wake_day = min(schedule.wake_day, day + 1)


@compiled
def _friend_to_invite(world: World, households: Any, friends: Any, place: int, day: int) -> int:
    """A close friend who may still be invited, the sooner the more it would suit; -1: none."""
    own = world.levers.referral
    found = friends_of(place, world.ties, friends)
    p = world.behaviour.talk
    all_told = 0.0
    for i in range(found):
        if _may_be_invited(world, households, friends[i], day):
            all_told += suits(households[friends[i]].operator_taste, p)
    chosen = -1
    left = all_told * uniform(world.seed, HOUSEHOLD, place, day, own.purpose + 1)
    for i in range(found):
        if _may_be_invited(world, households, friends[i], day):
            chosen = int(friends[i])
            left -= suits(households[chosen].operator_taste, p)
            if left < 0.0:
                break
    return chosen


@compiled
def _may_be_invited(world: World, households: Any, friend: int, day: int) -> bool:
    """Whether somebody is no customer yet, holds no invitation, and is one whom it is for."""
    own, known = world.levers.referral, households[friend]
    if known.orders > 0 or nobody_lives_with(known):
        return False
    if day + 1 - int(world.states.referral[friend].invited_day) < own.welcome_days:
        return False
    return bool(addressed(known, friend, world, day, own))


@compiled
def eligible(parent: Parent, place: int, world: World, day: int) -> bool:
    """Customers, and whoever was ever invited."""
    return parent.orders > 0 or world.states.referral[place].invited_day > -NEVER


@compiled
def reach(parent: Parent, place: int, world: World, day: int, inbox: Inbox, event: Any) -> int:
    """Who was told or invited, who invited or looked, and orders that came of it."""
    own = world.levers.referral
    invited = inbox.friend_call > 0.0 and world.states.referral[place].invited_day == day
    told = inbox.asked_to_invite > 0.0 or 0 <= event.store <= PUBLIC_STORE
    did = event.referral_wished + event.referral_looked_in > 0
    deal = event.list_fen > 0 and event.cause == own.cause
    ordered = deal or spends_coupon(parent, event, own)
    steps = (REACHED if told or invited else 0) + (ACTED if did else 0)
    return steps + (ORDERED if ordered else 0)


def odd(own: Parameters, config: Any) -> Iterator[str]:
    """An audience without anybody who could be invited; a deal that is none."""
    channels = own.audience.channels
    if ALL not in channels and CHANNELS[STRANGER] not in channels:
        yield (
            "referral is for nobody who could be invited: its audience has no "
            f"{CHANNELS[STRANGER]}, and friends who are no customers yet are such."
        )
    if own.welcome_cut == 0.0:
        yield "referral has no welcome deal to look at: its welcome_cut is zero."
