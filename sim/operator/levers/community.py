"""Community programme: group chats, whom they admit, what they are about, how they are kept.

Invitations go to private-domain customers with enough orders, perhaps only to a random share
of them (X04). Promotion posted into a chat dilutes what members find useful; closing silent
chats frees their members for a living one.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.behaviour.ordering import BY_POST
from sim.behaviour.weighing import PUBLIC_STORE
from sim.compilation.compiled import compiled
from sim.operator.common import LeverParameters
from sim.operator.deals import given_by_deal
from sim.operator.steps import ACTED, ORDERED, REACHED, SEEN
from sim.parameters.quantity import Choice, choice, quantity
from sim.world.communities import ANY
from sim.world.draws import HOUSEHOLD, uniform
from sim.world.household import NEVER, stage_of
from sim.world.protocols import Counters, EventRecord, Inbox, Parent, Plan
from sim.world.state import World

if TYPE_CHECKING:
    from sim.operator.hooks import Running

CLOSING_DAYS = 7  # between two looks for silent chats: assumed
TOPICS = ("unsorted", "stage", "region", "both")
UNSORTED, BY_STAGE, BY_REGION, BY_BOTH = range(len(TOPICS))

SENTENCE = """
Runs group chats of at most {{ size_cap | number }} members,
{{ {"unsorted": "unsorted", "stage": "by childcare stage", "region": "by region",
    "both": "by stage and region"}[topic] }}. Invites
{{ "every household" if invited_share == 1 else invited_share | percent + " of households" }} of the
private domain{% if entry_orders %} with at least {{ entry_orders | count("order") }}{% endif %},
at an order or
visit with a chance of {{ invitation | percent }}, and again {{ rejoin_days | count("day") }} after
they
left. Posts {{ promotion_per_day | count("promotion") }} a day into each chat
{%- if offer_cut %}, offering {{ offer_cut | percent }} off{% endif %};
{% if close_after_days < 3650 %}closes a chat after {{ close_after_days | count("silent day") }}
{%- else %}never closes a silent chat{% endif %}. A moderator costs
{{ yuan_per_group_month | number }} yuan a month for each chat.
"""
NAMES = {"en": "group chats", "zh": "社群"}
IN_CHINESE = {"size_cap": "每群人数上限", "offer_cut": "群内促销的降价幅度"}
REACH = {
    "eligible": "in a group chat, or would be invited into one",
    "reached": "invited at an order or a visit, or in a chat on a day it looked in",
    "seen": "read the chat",
    "acted": "asked to join, reacted, asked or told something",
    "ordered": "ordered for an offer in the chat",
}
REACH_IN_CHINESE = {
    "eligible": "群成员，或符合入群条件的家庭",
    "reached": "下单或到访时收到入群邀请，或在群内且到访",
    "seen": "阅读群消息",
    "acted": "申请入群、点赞、提问或分享",
    "ordered": "因群内优惠下单",
}
IDLE_WITHOUT = ("invitation",)


@dataclass
class Parameters(LeverParameters):
    """Group chats."""

    topic: Choice = choice("what chats are about", TOPICS)
    size_cap: int = quantity("members", "at most", 5, 500)
    entry_orders: int = quantity("orders", "needed to be invited", 0, 100)
    invitation: float = quantity("chance", "to be invited at an order or visit", 0, 1)
    invited_share: float = quantity("share", "of households ever invited, by lot", 0, 1)
    promotion_per_day: float = quantity("posts a day", "operator's promotion in each chat", 0, 50)
    offer_cut: float = quantity("share", "price cut of what such a post offers", 0, 0.9)
    rejoin_days: int = quantity("days", "after leaving, before another invitation", 0, 3650)
    close_after_days: int = quantity("days", "of silence, then the chat is closed", 1, 30000)
    yuan_per_group_month: float = quantity("yuan a month", "moderator's time for a chat", 0, 100000)


@compiled
def plan(world: World, day: int, today: Plan) -> None:
    """Promotion in every chat, and how many members it admits."""
    own = world.levers.community
    today.group_promotion_per_day = own.power * own.promotion_per_day
    if own.power > 0.0:
        today.post_offer_cut = own.offer_cut
        today.group_size_cap = own.size_cap


@compiled
def invited(parent: Parent, place: int, world: World, day: int) -> bool:
    """Whether the programme would have this household in a chat."""
    own = world.levers.community
    if parent.group >= 0 or parent.in_private_domain == 0 or parent.orders < own.entry_orders:
        return False
    if day - parent.group_left_day < own.rejoin_days:
        return False
    return uniform(world.seed, HOUSEHOLD, place, parent.family, own.purpose) < own.invited_share


@compiled
def offer(parent: Parent, place: int, world: World, day: int, inbox: Inbox) -> None:
    """Invite into a chat of the parent's own stage, region, both, or an unsorted one."""
    own = world.levers.community
    if own.power <= 0.0 or not invited(parent, place, world, day):
        return
    inbox.invitation = own.power * own.invitation
    by_stage = own.topic == BY_STAGE or own.topic == BY_BOTH
    by_region = own.topic == BY_REGION or own.topic == BY_BOTH
    inbox.topic_stage = stage_of(day - parent.birth_day) if by_stage else ANY
    inbox.topic_region = parent.region if by_region else ANY


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
    """Give up the price that offers in chats cut."""
    if event.list_fen > 0 and event.cause == BY_POST and event.group >= 0:
        own = world.levers.community
        counters.discount_fen[own.line] += given_by_deal(world, inbox, event)


@compiled
def settle(world: World, day: int, counters: Counters) -> None:
    """Once a week, close chats that have been silent for so long."""
    own = world.levers.community
    if own.power <= 0.0 or day % CLOSING_DAYS != 0:
        return
    for i in range(len(world.groups)):
        group = world.groups[i]
        if group.founded_day == NEVER:
            break
        if group.closed_day == NEVER and day - group.silent_day >= own.close_after_days:
            group.closed_day = day


@compiled
def daily_cost_yuan(own: Parameters, running: "Running") -> float:
    """Moderators' time, by the strength of the programme."""
    return float(own.power * running.open_groups * own.yuan_per_group_month / 30.0)


@compiled
def eligible(parent: Parent, place: int, world: World, day: int) -> bool:
    """Members, and whom it would have."""
    return parent.group >= 0 or invited(parent, place, world, day)


@compiled
def reach(
    parent: Parent, place: int, world: World, day: int, inbox: Inbox, event: EventRecord
) -> int:
    """Invitations and visits of members, what they read, said and bought."""
    ordered = event.list_fen > 0 and event.cause == BY_POST and event.group >= 0
    here = event.looked > 0 or (0 <= event.store <= PUBLIC_STORE)
    steps = 0
    if here and inbox.invitation > 0.0:
        steps |= REACHED
    if event.looked > 0 and event.group >= 0:
        steps |= REACHED
        steps |= SEEN if event.from_chat > 0 else 0
        steps |= ACTED if event.reacted + event.help_posts + event.story_posts > 0 else 0
    steps |= ACTED if event.joined > 0 else 0
    return steps | (ORDERED if ordered else 0)
