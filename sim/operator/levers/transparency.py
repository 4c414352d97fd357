"""Transparency: proofs of origin with orders, reports in the channel, open reviews, free returns.

Every order comes with a code that leads to where its goods come from and to what a laboratory found
in them; reports of goods and production appear in the operator's channel; reviews are shown as they
are written; and what arrives may be sent back, no questions asked. What a household believes of a
proof or a review, and what it sends back, is the rules' business (`sim.behaviour.believe`,
`sim.behaviour.judge`). A return is refunded in full; with the money the household gets what it
lacks around the corner, so that its stock is as it was.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sim.compilation.compiled import compiled
from sim.operator.common import LeverParameters
from sim.operator.contract import COUNT, DAY, FEN, FLAG, MOST_KEPT, Event, State
from sim.operator.steps import ACTED, REACHED, SEEN
from sim.parameters.quantity import quantity, switch
from sim.world.draws import HOUSEHOLD, uniform
from sim.world.household import NEVER
from sim.world.protocols import Counters, Inbox, Parent, Plan
from sim.world.state import World

SENTENCE = """
Puts a code with each order that proves {{ proof | percent }} of its goods' way
({{ yuan_per_order | number }} yuan each), and publishes {{ reports_per_month | count("report") }} a
month of goods and production in the private channel ({{ yuan_per_report | number }} yuan each, per
10,000 customers); reviews are {{ "shown as they are written" if open_reviews else
"filtered as usual" }};
{% if free_returns %}what arrives may be sent back, no questions asked: a return costs its price and
{{ yuan_per_return | number }} yuan of freight, less {{ resold_share | percent }} of what the goods
cost if they are whole
{%- else %}nothing is taken back (else a return would cost its price and
{{ yuan_per_return | number }} yuan of freight, less {{ resold_share | percent }} of what whole
goods cost)
{%- endif %}.
"""
NAMES = {"en": "transparency", "zh": "溯源与真实性"}
DOSE = "reports_per_month"
IN_CHINESE = {
    "proof": "一单一码的溯源完整度（0 到 1）",
    "yuan_per_order": "每单溯源码的成本",
    "reports_per_month": "每月在私域频道公开的质检与生产报告数",
    "yuan_per_report": "每份报告的成本（按每万名客户计）",
    "open_reviews": "评价不筛选、如实展示",
    "free_returns": "无忧退货",
    "yuan_per_return": "每单退货的运费",
    "resold_share": "完好退货中可收回的货品成本比例",
}
REACH = {
    "eligible": "every household",
    "reached": "got an order with a code, or met a report in the channel",
    "seen": "read the proof or the report",
    "acted": "sent an order back",
}
REACH_IN_CHINESE = {
    "eligible": "全部家庭",
    "reached": "收到带溯源码的订单，或在频道遇到报告",
    "seen": "查看溯源信息或报告",
    "acted": "退货",
}
OF_HOUSEHOLDS = (
    State("open_day", "day", "on which what it orders comes with a code", DAY, -NEVER),
    State("under_way", "0 or 1", "1: an older order is still to come that day", FLAG),
    State("arrival_day", "day", "on which an order with a code arrives", DAY, -NEVER),
    State("paid_fen", "fen", "paid for that order", FEN),
    State("goods_fen", "fen", "that its goods cost the operator", FEN),
    State("proofs_read", "proofs", "and reports that it has read", COUNT),
    State("reports_met", "reports", "published when it last met one in the channel", COUNT),
)
OF_OPERATOR = (State("reports", "reports", "published so far, and the part made of the next"),)
EVENTS = (
    Event(
        "read",
        "proofs",
        "of origin, and reports, that were read",
        "Read where the operator's goods come from.",
    ),
    Event("returned", "orders", "sent back", "Sent an order back."),
)


@dataclass
class Parameters(LeverParameters):
    """Transparency; at part of its strength a part of households, by lot, has codes and returns."""

    proof: float = quantity("0 to 1", "how much of its goods' way an order's code proves", 0, 1)
    yuan_per_order: float = quantity("yuan", "for the code of an order", 0, 100)
    reports_per_month: float = quantity("reports a month", "published in the channel", 0, 30)
    yuan_per_report: float = quantity("yuan", "laboratory and text, per 10,000 customers", 0, 1e6)
    open_reviews: bool = switch("reviews are shown as they are written")
    free_returns: bool = switch("what arrives may be sent back, no questions asked")
    yuan_per_return: float = quantity("yuan", "freight of a return", 0, 1000)
    resold_share: float = quantity("share", "of the cost of whole goods that come back", 0, 1)


@compiled
def plan(world: World, day: int, today: Plan) -> None:
    """Nobody filters reviews, whoever reads them."""
    own = world.levers.transparency
    today.open_reviews = own.power * own.open_reviews


@compiled
def settle(world: World, day: int, counters: Counters) -> None:
    """Overnight: reports are made, month by month."""
    own = world.levers.transparency
    world.states.transparency_shared[0].reports += own.power * own.reports_per_month / 30.0


@compiled
def has_code(parent: Parent, place: int, world: World) -> bool:
    """Whether orders of a household come with codes, and may be sent back: drawn by lot."""
    own = world.levers.transparency
    lot = uniform(world.seed, HOUSEHOLD, place, parent.family, own.purpose)
    return bool(lot < own.power)


@compiled
def published(world: World) -> int:
    """Reports in the channel."""
    return int(world.states.transparency_shared[0].reports)


@compiled
def offer(parent: Parent, place: int, world: World, day: int, inbox: Inbox) -> None:
    """The code of what arrives and the right to send it back; a report that is new to it."""
    own, kept = world.levers.transparency, world.states.transparency[place]
    if own.power <= 0.0:
        return
    inbox.proofs_known = float(kept.proofs_read)
    in_channel = parent.in_private_domain + parent.subscribed > 0
    if in_channel and published(world) > kept.reports_met:
        inbox.report = own.proof
    if not has_code(parent, place, world):
        return
    kept.open_day = day
    kept.under_way = 1 if day < parent.arrival_day < NEVER else 0
    if parent.arrival_day <= day and parent.arrival_day == kept.arrival_day:
        inbox.proof = own.proof
        inbox.free_return = float(own.free_returns)


@compiled
def charge(
    parent: Parent, place: int, world: World, day: int, inbox: Inbox, event: Any, counters: Counters
) -> None:
    """Refund what is sent back; note what was read; pay for the code of a new order."""
    own, kept = world.levers.transparency, world.states.transparency[place]
    if event.graduated > 0:
        return  # another family lives here from today on
    if inbox.sent_back > 0.0:
        counters.cost_fen[own.line] += refund(kept, event.defect, own)
        event.transparency_returned = 1
    if inbox.report > 0.0 and event.looked > 0:
        kept.reports_met = min(published(world), MOST_KEPT)
    event.transparency_read = int(inbox.proofs_read)
    kept.proofs_read = min(kept.proofs_read + event.transparency_read, MOST_KEPT)
    if event.list_fen > 0 and kept.open_day == day:
        counters.cost_fen[own.line] += int(own.yuan_per_order * 100.0)
        if kept.under_way == 0:  # else this order is not judged when it comes
            kept.arrival_day = parent.arrival_day
            kept.paid_fen = event.paid_fen
            kept.goods_fen = event.goods_cost_fen


@compiled
def refund(kept: Any, defect: int, own: Parameters) -> int:
    """What a return costs, in fen: its price and freight, less what whole goods are worth again.

    That is no more than what they were sold for, be it less than they had cost.
    """
    freight = int(own.yuan_per_return * 100.0)
    worth = 0 if defect > 0 else int(kept.goods_fen * own.resold_share)
    return int(kept.paid_fen + freight - min(worth, kept.paid_fen))


@compiled
def monthly_cost_yuan(own: Parameters, customers: float) -> float:
    """Reports; small operators share a laboratory."""
    return float(own.reports_per_month * own.yuan_per_report * customers / 10000.0)


@compiled
def eligible(parent: Parent, place: int, world: World, day: int) -> bool:
    """Whoever orders."""
    return True


@compiled
def reach(parent: Parent, place: int, world: World, day: int, inbox: Inbox, event: Any) -> int:
    """Orders with codes that came, reports met and read, and returns."""
    met = inbox.proof > 0.0 or (inbox.report > 0.0 and event.looked > 0)
    steps = REACHED if met else 0
    steps += SEEN if event.transparency_read > 0 else 0
    return steps + (ACTED if event.transparency_returned > 0 else 0)


def odd(own: Parameters, config: Any) -> Iterator[str]:
    """Codes and reports that prove nothing."""
    if own.proof == 0.0 and own.yuan_per_order + own.reports_per_month > 0.0:
        yield "transparency pays for codes and reports that prove nothing: its proof is zero."
