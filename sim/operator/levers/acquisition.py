"""Public acquisition: advertisements and social platforms win new customers, at a price.

An advertisement brings the operator to mind on a shopping trip, or shows a deal to somebody who
did not mean to shop. Customers won by a deal bring little trust and hardly return (X12). The more
media is bought, the less of it meets somebody new: the response is concave (Simon & Arndt 1980),
so that a contact costs more, the more of them are bought.
"""

from dataclasses import dataclass

from sim.behaviour.ordering import BY_DEAL, BY_FESTIVAL
from sim.behaviour.weighing import DEEPEST_CUT
from sim.compilation.compiled import compiled
from sim.operator.common import LeverParameters
from sim.operator.deals import given_by_deal
from sim.operator.steps import ACTED, ORDERED, REACHED
from sim.parameters.quantity import quantity
from sim.world.household import AUDIENCES
from sim.world.portable_math import exp
from sim.world.protocols import Counters, EventRecord, Inbox, Parent, Plan
from sim.world.state import World

SENTENCE = """
Advertises in public: an advertisement is met on {{ reach_share | percent }} of shopping trips
({{ yuan_per_reach | number }} yuan for a trip that only it reached), and a household clicks on a
deal {{ (365 * clicks_per_day) | number }} times in an ordinary year
({{ yuan_per_click | number }} yuan a click). Deals are {{ deal_cut | percent }} off, and up to
{{ festival_cut | percent }} more on the greatest festival. Of the usual media it buys
{{ media | number }} times as much; ever more of it meets ever fewer (saturation
{{ saturation | number }}).
"""
NAMES = {"en": "advertising", "zh": "广告获客"}
DOSE = "media"
IN_CHINESE = {
    "reach_share": "购物时遇到广告的比例",
    "clicks_per_day": "每个家庭每天点击优惠的次数",
    "yuan_per_reach": "仅由广告带来的一次到访的成本",
    "yuan_per_click": "每次点击的成本",
    "media": "广告投放量，相对常规投放",
    "saturation": "投放效果趋于饱和的快慢",
}
REACH = {
    "eligible": "every household",
    "reached": "clicked a deal, or thought of the operator by an advertisement alone: "
    "contacts that are paid for; advertisements merely seen are not noted",
    "acted": "clicked a deal",
    "ordered": "ordered for a deal, or on such a trip",
}
REACH_IN_CHINESE = {
    "eligible": "全部家庭",
    "reached": "点击优惠，或仅因广告而想到本店：即付费触达；只是看到广告的不计",
    "acted": "点击优惠",
    "ordered": "因优惠下单，或在上述购物中下单",
}
BY_AUDIENCE = True  # visits and messages can be told to some alone


@dataclass
class Parameters(LeverParameters):
    """Advertising in public channels."""

    reach_share: float = quantity("share", "of shopping trips that meet an advertisement", 0, 1)
    clicks_per_day: float = quantity("clicks a day", "of a household on deals", 0, 1)
    media: float = quantity("ratio", "media bought, to the usual, of which the next holds", 0, 10)
    saturation: float = quantity("1 per usual media", "how fast the response flattens", 0, 10)
    deal_cut: float = quantity("share", "price cut of advertised deals", 0, 0.9)
    festival_cut: float = quantity("share", "further cut on the greatest festival", 0, 0.9)
    yuan_per_reach: float = quantity(
        "yuan", "for a trip that only the advertisement reached", 0, 1000
    )
    yuan_per_click: float = quantity("yuan", "for a click", 0, 1000)


@compiled
def response(media: float, own: "Parameters") -> float:
    """Contacts that media brings, over those of the usual media; both 1 there, and 0 at 0."""
    if own.saturation <= 0.0:
        return media
    return (1.0 - exp(-own.saturation * media)) / (1.0 - exp(-own.saturation))


@compiled
def price_of_contact(own: Parameters) -> float:
    """What a contact costs over what it costs with the usual media."""
    media = own.power * own.media
    reached = response(media, own)
    return media / reached if reached > 0.0 else 1.0


@compiled
def plan(world: World, day: int, today: Plan) -> None:
    """Advertise to everyone; festivals multiply interest in deals."""
    own = world.levers.acquisition
    if own.power <= 0.0:
        return
    market = world.calendar[day - world.first_day]
    interest = market.interest * market.season
    reached = response(own.power * own.media, own)
    for audience in range(AUDIENCES):
        today.ad_reach[audience] = min(reached * own.reach_share, 1.0)
        today.deal_visits_per_day[audience] = reached * own.clicks_per_day * interest
    today.deal_cut = min(own.deal_cut + own.festival_cut * market.festival, DEEPEST_CUT)


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
    """Pay for clicks, for trips that only the advertisement reached, and for deals."""
    own = world.levers.acquisition
    if event.list_fen > 0 and (event.cause == BY_DEAL or event.cause == BY_FESTIVAL):
        counters.discount_fen[own.line] += given_by_deal(world, inbox, event)
    if event.clicked + event.advertised > 0:
        # The media cost what they cost, however many contacts a platform lets through.
        price = price_of_contact(own) * world.calendar[day - world.first_day].ad_cost
        price /= world.today[0].public_reach
        if event.clicked > 0:
            counters.cost_fen[own.line] += int(own.yuan_per_click * price * 100.0)
        if event.advertised > 0:
            counters.cost_fen[own.line] += int(own.yuan_per_reach * price * 100.0)


@compiled
def eligible(parent: Parent, place: int, world: World, day: int) -> bool:
    """Advertisements are for everybody."""
    return True


@compiled
def reach(
    parent: Parent, place: int, world: World, day: int, inbox: Inbox, event: EventRecord
) -> int:
    """Contacts that are paid for, and orders for a deal or by an advertisement alone."""
    by_deal = event.cause == BY_DEAL or event.cause == BY_FESTIVAL
    ordered = event.list_fen > 0 and (by_deal or event.advertised > 0)
    steps = REACHED * (event.clicked | event.advertised) + ACTED * event.clicked
    return int(steps + (ORDERED if ordered else 0))
