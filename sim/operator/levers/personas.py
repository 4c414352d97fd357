"""Persona accounts and expert hosts: the operator's own people with a face, in the private channel.

Each host is a parent of one kind, and publishes how-to, stories and expert pieces, some of which
sell. Whoever reads them believes a host the more, the more alike the two are and the more expert
the host is; experts host the livestreams, where there are any. What is believed and what it is
worth is the rules' business (`sim.behaviour.visiting.believe_hosts`, `sim.behaviour.look`).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sim.compilation.compiled import compiled
from sim.operator.common import LeverParameters
from sim.operator.steps import ACTED, REACHED
from sim.parameters.quantity import quantity
from sim.world.household import EXPERIENCED, NEW, SHOPPING
from sim.world.protocols import EventRecord, Inbox, Parent
from sim.world.state import World

SENTENCE = """
Keeps accounts with a face in the private channel: {{ new_hosts | count("host") }} for new parents,
{{ experienced_hosts | number }} for experienced and {{ shopping_hosts | number }} for
shopping-oriented ones ({{ yuan_per_host_month | number }} yuan a month each). Each publishes
{{ how_to_per_week | count("how-to piece") }}, {{ story_per_week | count("story", "stories") }} and
{{ expert_per_week | count("expert piece") }} a week ({{ yuan_per_piece | number }} yuan each; all
per 10,000 customers), of which {{ promotion_share | percent }} sell. Hosts, of livestreams too,
have an expertise of {{ expertise | number }} (0 to 1).
"""
NAMES = {"en": "persona accounts and expert hosts", "zh": "人设号与专家主播"}
IN_CHINESE = {
    "new_hosts": "面向新手父母的人设号数",
    "experienced_hosts": "面向有经验父母的人设号数",
    "shopping_hosts": "面向购物型父母的人设号数",
    "how_to_per_week": "每个人设号每周的干货内容数",
    "story_per_week": "每个人设号每周的故事内容数",
    "expert_per_week": "每个人设号每周的专业科普数",
    "promotion_share": "人设号内容中带货的比例",
    "expertise": "人设号与主播的专业度（0 到 1）",
    "yuan_per_host_month": "每个人设号每月的运营成本（每万名客户）",
    "yuan_per_piece": "每条内容的制作成本（每万名客户）",
}
DOSE = "story_per_week"
REACH = {
    "eligible": "in the private domain, or subscribed: who ever looks in",
    "reached": "looked in, and read what hosts published",
    "acted": "reacted to what it read",
}
REACH_IN_CHINESE = {
    "eligible": "私域用户或订阅用户",
    "reached": "到访并阅读人设号内容",
    "acted": "对内容点赞或回应",
}
IDLE_WITHOUT = ("new_hosts", "experienced_hosts", "shopping_hosts")


@dataclass
class Parameters(LeverParameters):
    """Hosts, what they publish, and how expert they are."""

    new_hosts: int = quantity("hosts", "who are new parents", 0, 50)
    experienced_hosts: int = quantity("hosts", "who are experienced parents", 0, 50)
    shopping_hosts: int = quantity("hosts", "who are shopping-oriented parents", 0, 50)
    how_to_per_week: float = quantity("pieces a week", "how-to, of each host", 0, 50)
    story_per_week: float = quantity("pieces a week", "stories, of each host", 0, 50)
    expert_per_week: float = quantity("pieces a week", "expert pieces, of each host", 0, 50)
    promotion_share: float = quantity("share", "of hosts' pieces that sell instead", 0, 1)
    expertise: float = quantity("0 to 1", "of hosts, those of livestreams too", 0, 1)
    yuan_per_host_month: float = quantity(
        "yuan a month", "for a host, per 10,000 customers", 0, 100000
    )
    yuan_per_piece: float = quantity("yuan", "making one piece, per 10,000 customers", 0, 100000)


@compiled
def hosts_like(persona: int, own: Parameters) -> int:
    """Hosts who are parents of a kind."""
    if persona == NEW:
        return own.new_hosts
    if persona == EXPERIENCED:
        return own.experienced_hosts
    return own.shopping_hosts


@compiled
def all_hosts(own: Parameters) -> int:
    """Hosts of all kinds."""
    return hosts_like(NEW, own) + hosts_like(EXPERIENCED, own) + hosts_like(SHOPPING, own)


@compiled
def offer(parent: Parent, place: int, world: World, day: int, inbox: Inbox) -> None:
    """Whoever looks in finds what hosts have published, some of them more and some less like it."""
    own = world.levers.personas
    hosts = all_hosts(own)
    if own.power <= 0.0 or hosts == 0:
        return
    per_day = own.power * hosts / 7.0
    honest = per_day * (1.0 - own.promotion_share)
    inbox.host_how_to = honest * own.how_to_per_week
    inbox.host_stories = honest * own.story_per_week
    inbox.host_expert = honest * own.expert_per_week * own.expertise
    pieces = own.how_to_per_week + own.story_per_week + own.expert_per_week
    inbox.host_promotion = per_day * own.promotion_share * pieces
    inbox.host_likeness = hosts_like(parent.persona, own) / hosts
    inbox.host_expertise = own.power * own.expertise


@compiled
def monthly_cost_yuan(own: Parameters, customers: float) -> float:
    """Hosts and the pieces they make in 30 days; small operators share hosts with others."""
    pieces = own.how_to_per_week + own.story_per_week + own.expert_per_week
    each = own.yuan_per_host_month + pieces * 30.0 / 7.0 * own.yuan_per_piece
    return float(all_hosts(own) * each * customers / 10000.0)


@compiled
def eligible(parent: Parent, place: int, world: World, day: int) -> bool:
    """Who ever looks into the channel."""
    return parent.in_private_domain + parent.subscribed > 0


@compiled
def reach(
    parent: Parent, place: int, world: World, day: int, inbox: Inbox, event: EventRecord
) -> int:
    """Visits and reactions."""
    pieces = inbox.host_how_to + inbox.host_stories + inbox.host_expert + inbox.host_promotion
    if event.looked == 0 or pieces <= 0.0:
        return 0
    return REACHED + (ACTED if event.reacted > 0 else 0)


def odd(own: Parameters, config: Any) -> Iterator[str]:
    """Hosts who publish nothing, or nothing but promotion."""
    if own.how_to_per_week + own.story_per_week + own.expert_per_week == 0.0:
        yield "personas has hosts who publish nothing: all its pieces a week are zero."
    elif own.promotion_share == 1.0:
        yield "personas has hosts who only sell: its promotion_share is one."
