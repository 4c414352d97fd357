"""Content programme: expert articles, how-to pieces, stories, in the private channel and chats.

Useful pieces are a reason to look; promotion among them dilutes the mix. Professional content
costs more by the piece, whoever reads it.
"""

from dataclasses import dataclass

from sim.behaviour.ordering import BY_POST
from sim.compilation.compiled import compiled
from sim.operator.common import LeverParameters
from sim.operator.deals import given_by_deal
from sim.operator.steps import ACTED, ORDERED, REACHED
from sim.parameters.quantity import quantity
from sim.world.protocols import Counters, EventRecord, Inbox, Parent, Plan
from sim.world.state import World

SENTENCE = """
Publishes {{ useful_per_week | count("story or how-to piece", "stories and how-to pieces") }} a week
({{ yuan_per_useful | number }} yuan each), {{ expert_per_week | count("expert piece") }} and
{{ promotion_per_week | count("promotion") }} in the private channel
{%- if offer_cut %} (offering {{ offer_cut | percent }} off){% endif %}, and
{{ group_expert_per_week | count("expert post") }} a week in each chat
({{ yuan_per_expert | number }} yuan for an expert piece; all per 10,000 customers). Expert pieces
are of professionalism {{ professionalism | number }} (0 to 1)
{%- if professionalism_spread %}, by up to {{ professionalism_spread | number }} more in some chats
and less in others{% endif %}.
"""
NAMES = {"en": "content", "zh": "内容"}
DOSE = "expert_per_week"
IN_CHINESE = {
    "offer_cut": "私域频道促销的降价幅度",
    "professionalism_spread": "各社群内容专业度的差异",
}
REACH = {
    "eligible": "in the private domain, or subscribed: who ever looks in",
    "reached": "looked in, and read what was published",
    "acted": "reacted to what it read",
    "ordered": "ordered for a promotion in the channel",
}
REACH_IN_CHINESE = {
    "eligible": "私域用户或订阅用户",
    "reached": "到访并阅读内容",
    "acted": "对内容点赞或回应",
    "ordered": "因频道内促销下单",
}
IDLE_WITHOUT = ("useful_per_week", "expert_per_week", "group_expert_per_week")
FOR_EVERYBODY = "whoever looks into the channel or a chat reads it"


@dataclass
class Parameters(LeverParameters):
    """Pieces a week, and how good they are."""

    useful_per_week: float = quantity(
        "pieces a week", "stories and how-to, private channel", 0, 100
    )
    expert_per_week: float = quantity("pieces a week", "expert pieces, private channel", 0, 100)
    promotion_per_week: float = quantity("pieces a week", "promotion, private channel", 0, 100)
    offer_cut: float = quantity("share", "price cut of what promotion offers", 0, 0.9)
    group_expert_per_week: float = quantity("posts a week", "expert posts in each chat", 0, 100)
    professionalism: float = quantity("0 to 1", "of expert pieces", 0, 1)
    professionalism_spread: float = quantity(
        "0 to 1", "by which a chat's posts may be better or worse than that", 0, 1
    )
    yuan_per_useful: float = quantity("yuan", "making one piece", 0, 100000)
    yuan_per_expert: float = quantity("yuan", "making one expert piece", 0, 100000)


@compiled
def plan(world: World, day: int, today: Plan) -> None:
    """Publish."""
    own = world.levers.content
    today.channel_useful_per_day = own.power * own.useful_per_week / 7.0
    today.channel_expert_per_day = own.power * own.expert_per_week / 7.0 * own.professionalism
    today.channel_promotion_per_day = own.power * own.promotion_per_week / 7.0
    today.group_expert_per_day = own.power * own.group_expert_per_week / 7.0
    if own.power > 0.0:
        today.group_professionalism = own.professionalism
        today.group_professionalism_spread = own.professionalism_spread
        today.post_offer_cut = own.offer_cut


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
    """Give up the price that offers in the channel cut."""
    if event.list_fen > 0 and event.cause == BY_POST and event.group < 0:
        own = world.levers.content
        counters.discount_fen[own.line] += given_by_deal(world, inbox, event)


@compiled
def monthly_cost_yuan(own: Parameters, customers: float) -> float:
    """Pieces made in 30 days, whoever reads them; small operators buy in a share of a desk."""
    weeks = 30.0 / 7.0
    made = own.useful_per_week * own.yuan_per_useful
    made += (own.expert_per_week + own.group_expert_per_week) * own.yuan_per_expert
    return float(made * weeks * customers / 10000.0)


@compiled
def eligible(parent: Parent, place: int, world: World, day: int) -> bool:
    """Who ever looks into the channel."""
    return parent.in_private_domain + parent.subscribed > 0


@compiled
def reach(
    parent: Parent, place: int, world: World, day: int, inbox: Inbox, event: EventRecord
) -> int:
    """Visits, reactions, and orders for promotions in the channel."""
    if event.looked == 0:
        return 0
    ordered = event.list_fen > 0 and event.cause == BY_POST and event.group < 0
    return REACHED + (ACTED if event.reacted > 0 else 0) + (ORDERED if ordered else 0)
