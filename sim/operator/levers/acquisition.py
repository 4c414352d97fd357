"""Public acquisition: advertisements and social platforms win new customers, at a price.

An advertisement brings the operator to mind on a shopping trip, or shows a deal to somebody who
did not mean to shop. Customers won by a deal bring little trust and hardly return (X12).
"""

from dataclasses import dataclass
from typing import Any

from sim.compiled import compiled
from sim.quantity import quantity


@dataclass
class Parameters:
    """Advertising in public channels."""

    strength: float = quantity("0 to 1", "0 off, 1 as described", 0, 1)
    reach_share: float = quantity("share", "of shopping trips that meet an advertisement", 0, 1)
    clicks_per_day: float = quantity("clicks a day", "of a household on deals", 0, 1)
    deal_cut: float = quantity("share", "price cut of advertised deals", 0, 0.9)
    festival_cut: float = quantity("share", "further cut on the greatest festival", 0, 0.9)
    yuan_per_reach: float = quantity(
        "yuan", "for a trip that only the advertisement reached", 0, 1000
    )
    yuan_per_click: float = quantity("yuan", "for a click", 0, 1000)


def plan(own: Any, world: Any, day: int) -> None:
    """Advertise to everyone; festivals multiply interest in deals."""
    today, market = world.today[0], world.calendar[day - world.first_day]
    today.ad_reach = own.power * own.reach_share
    interest = market.interest * market.season
    today.deal_visits_per_day += own.power * own.clicks_per_day * interest
    today.deal_cut = own.deal_cut + own.festival_cut * market.festival


@compiled
def charge(
    parent: Any, place: int, world: Any, day: int, inbox: Any, deed: Any, tally: Any
) -> None:
    """Pay for clicks, and for trips on which only the advertisement was remembered."""
    own = world.levers.acquisition
    if deed.clicked > 0:
        tally.cost_fen[own.line] += int(own.yuan_per_click * 100.0)
    if deed.advertised > 0:
        tally.cost_fen[own.line] += int(own.yuan_per_reach * 100.0)
