"""Each lever moves what it is there to move, and in the direction it is there for.

Two worlds of the same luck, one of them without the lever; what is compared is large enough
beside what else differs that a rule or a cost that is no longer asked shows at once.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any, NamedTuple

import numpy as np
import pytest

from sim.agents.model import RepurchaseModel
from sim.operator.hooks import LEVERS
from sim.world.events import CAUSES
from tests.whole_worlds import begun, eventful

WARM_UP, DAYS = 60, 60


class Lived(NamedTuple):
    """What came of a world since the day on which the lever was there, or not."""

    households: Any
    daily: Any
    events: Any


def after(without: str | None) -> Lived:
    """Sixty days with every lever, and sixty more with all but one."""
    config = eventful(2500, "run.warmup_days=0", "run.days=130")
    model: RepurchaseModel = begun(config)
    model.live_until(WARM_UP)
    model.daily.clear()
    model.events.clear()
    operator = config.operator
    if without:
        off = replace(getattr(operator, without), strength=0.0)
        operator = replace(operator, **{without: off})
    model.operate(operator, np.inf)
    model.live_until(WARM_UP + DAYS)
    return Lived(model.households, np.array(model.daily), np.concatenate(model.events))


@cache
def everything() -> Lived:
    return after(None)


def total(name: str) -> Callable[[Lived], float]:
    """A figure of the day, summed."""
    return lambda lived: float(lived.daily[name].sum())


def first_days(name: str, days: int) -> Callable[[Lived], float]:
    """A figure of the first days after the lever was turned off elsewhere, summed."""
    return lambda lived: float(lived.daily[name][:days].sum())


def last(name: str) -> Callable[[Lived], float]:
    """A figure of the last day."""
    return lambda lived: float(lived.daily[name][-1])


def mean(name: str, among: str) -> Callable[[Lived], float]:
    """A feeling, in the mean of the households of whom something is above zero."""

    def asked(lived: Lived) -> float:
        return float(lived.households[name][lived.households[among] > 0].mean())

    return asked


def paid_share(lived: Lived) -> float:
    """What is paid of a yuan of list price."""
    return float(lived.daily["revenue_fen"].sum() / lived.daily["list_fen"].sum())


def done(name: str) -> Callable[[Lived], float]:
    """Event records of a kind."""
    return lambda lived: float((lived.events[name] > 0).sum())


def caused_by(*causes: int) -> Callable[[Lived], float]:
    """Orders that something brought about."""
    return lambda lived: float(
        (np.isin(lived.events["cause"], causes) & (lived.events["list_fen"] > 0)).sum()
    )


# By lever: what, more (1) or less (-1) of it, and by which share of it at the least.
SIGNS: dict[str, list[tuple[Callable[[Lived], float], int, float]]] = {
    "acquisition": [
        (total("new_customers"), 1, 0.1),
        (total("deal_visits"), 1, 0.9),
        (done("advertised"), 1, 0.9),
        (caused_by(1, 4), 1, 0.9),
        (total("cost_acquisition"), 1, 0.9),
        (total("discount_acquisition"), 1, 0.9),
    ],
    "advisors": [
        (total("answers"), 1, 0.4),  # members and new customers are answered without them, too
        (mean("self_efficacy", "posts"), 1, 0.005),
        (mean("trust", "in_private_domain"), 1, 0.001),
        (total("cost_advisors"), 1, 0.9),
    ],
    "after_sales": [
        (total("defects"), -1, 0.05),
        (total("after_sales_called"), 1, 0.9),
        (total("after_sales_tested"), 1, 0.9),
        (total("discount_after_sales"), 1, 0.5),  # coupons of before are still used
        (total("cost_after_sales"), 1, 0.9),
    ],
    "broadcast": [
        (first_days("visits", 3), 1, 0.1),  # later, so many messages tire
        (caused_by(CAUSES.index("message")), 1, 0.9),
        (total("discount_broadcast"), 1, 0.9),
        (mean("fatigue", "subscribed"), 1, 0.05),
        (total("cost_broadcast"), 1, 0.9),
    ],
    "care": [
        (total("care_asked"), 1, 0.9),
        (total("care_had"), 1, 0.9),
        (mean("self_efficacy", "in_private_domain"), 1, 0.001),
        (total("cost_care"), 1, 0.9),
    ],
    "check_in": [
        (total("check_ins"), 1, 0.9),
        (total("member_visits"), 1, 0.02),
        (mean("self_efficacy", "posts"), 1, 0.01),
        (total("cost_check_in"), 1, 0.9),
    ],
    "community": [
        (total("joined_groups"), 1, 0.9),
        (last("members"), 1, 0.2),
        (total("discount_community"), 1, 0.5),  # chats that are left go on for a while
        (total("cost_community"), 1, 0.9),
    ],
    "consent_design": [
        (mean("privacy_concern", "subscribed"), -1, 0.005),
        (total("cost_consent_design"), 1, 0.9),
    ],
    "content": [
        (mean("engagement", "in_private_domain"), 1, 0.02),
        # Trust is near what experts say where every other lever speaks for the operator too.
        (mean("trust", "in_private_domain"), 1, 0.002),
        (caused_by(CAUSES.index("post")), 1, 0.1),  # those in chats need no channel
        (total("discount_content"), 1, 0.9),
        (total("cost_content"), 1, 0.9),
    ],
    "coupons": [
        (paid_share, -1, 0.01),
        (total("list_fen"), 1, 0.003),  # larger orders, of which fewer may be needed
        (done("coupon_fen"), 1, 0.4),  # those of before are still used, and others send some too
        (mean("reference_price", "orders"), -1, 0.003),
        (total("cost_coupons"), 1, 0.9),
        (total("discount_coupons"), 1, 0.9),
    ],
    "delivery": [
        (last("delivery_warehouses"), 1, 0.9),
        (total("orders"), 1, 0.005),
        (total("cost_delivery"), 1, 0.9),
    ],
    "distribution": [
        (total("distribution_wished"), 1, 0.9),
        (total("distribution_looked_in"), 1, 0.9),
        (total("distribution_bought"), 1, 0.9),
        (total("discount_distribution"), 1, 0.9),
        (total("cost_distribution"), 1, 0.9),
    ],
    "funnel": [
        (total("entered_private_domain"), 1, 0.9),
        (last("private_domain"), 1, 0.2),
        (total("cost_funnel"), 1, 0.9),
    ],
    "group_buying": [
        (total("group_buying_joins"), 1, 0.9),
        (total("group_buying_looked_in"), 1, 0.9),
        (total("group_buying_bought"), 1, 0.9),
        (total("discount_group_buying"), 1, 0.9),
        (total("cost_group_buying"), 1, 0.9),
    ],
    "honours": [
        (total("story_posts"), 1, 0.03),
        (total("honours_badges"), 1, 0.9),
        (total("honours_moderating"), 1, 0.9),
        (total("honours_made"), 1, 0.9),
        (total("cost_honours"), 1, 0.9),
    ],
    "koc": [
        (total("koc_posts"), 1, 0.2),
        (done("by_koc"), 1, 0.05),
        (total("cost_koc"), 1, 0.9),
    ],
    "livestream": [
        (total("livestream_viewers"), 1, 0.9),
        (total("visits"), 1, 0.02),
        (caused_by(2), 1, 0.9),
        (total("discount_livestream"), 1, 0.9),
        (total("cost_livestream"), 1, 0.9),
    ],
    "member_days": [
        (total("member_days_bought"), 1, 0.9),
        (total("discount_member_days"), 1, 0.9),
        (total("cost_member_days"), 1, 0.9),
    ],
    "milestones": [
        (total("discount_milestones"), 1, 0.3),  # coupons of before are still used
        (total("cost_milestones"), 1, 0.9),
    ],
    "paid_membership": [
        (total("fees_fen"), 1, 0.9),
        (done("paid_fee"), 1, 0.9),
        (total("discount_paid_membership"), 1, 0.9),
        (paid_share, -1, 0.001),
        (total("cost_paid_membership"), 1, 0.9),
    ],
    "personas": [
        (mean("engagement", "in_private_domain"), 1, 0.002),
        (mean("trust", "in_private_domain"), 1, 0.001),
        (total("cost_personas"), 1, 0.9),
    ],
    "points": [
        (total("points_issued"), 1, 0.9),
        (total("points_redeemed"), 1, 0.7),  # those of before still pay for consultations
        (paid_share, -1, 0.001),
        (total("discount_points"), 1, 0.9),
        (total("cost_points"), 1, 0.9),
    ],
    "prediction": [
        (total("discount_prediction"), 1, 0.9),
        (total("cost_prediction"), 1, 0.9),
        (done("coupon_fen"), 1, 0.04),
    ],
    "recommendation": [
        (total("recommendation_taken"), 1, 0.9),
        (mean("privacy_concern", "subscribed"), 1, 0.0003),
        (total("cost_recommendation"), 1, 0.9),
    ],
    "referral": [
        (total("referral_wished"), 1, 0.9),
        (total("referral_first_orders"), 1, 0.9),
        (total("referral_rewarded"), 1, 0.9),
        (total("discount_referral"), 1, 0.5),  # coupons of before are still used
        (total("cost_referral"), 1, 0.9),
    ],
    "reminders": [
        (total("reminders"), 1, 0.9),
        (caused_by(3), 1, 0.5),  # predicted coupons remind, too
        (first_days("recalled", 5), 1, 0.01),  # later, who bought sooner is short less often
        (total("cost_reminders"), 1, 0.9),
    ],
    "service_desk": [
        (total("wait_minutes"), -1, 0.1),
        (total("defects"), -1, 0.1),
        (total("unsolved_tickets"), -1, 0.1),
        (mean("satisfaction", "orders"), 1, 0.005),
        (total("cost_service_desk"), 1, 0.9),
    ],
    "stores": [
        (last("stores_open"), 1, 0.9),
        (total("stores_came"), 1, 0.9),
        (total("orders"), 1, 0.005),
        (total("cost_stores"), 1, 0.9),
    ],
    "tiers": [
        (paid_share, -1, 0.001),
        (done("tier"), 1, 0.01),
        (total("discount_tiers"), 1, 0.9),
        (total("cost_tiers"), 1, 0.9),
    ],
    "transparency": [
        (total("transparency_returned"), 1, 0.9),
        (total("transparency_read"), 1, 0.9),
        (total("tickets"), -1, 0.1),
        (mean("trust", "orders"), 1, 0.002),
        (total("cost_transparency"), 1, 0.9),
    ],
    "welcome": [
        (total("discount_welcome"), 1, 0.5),  # coupons of before are still used
        (total("cost_welcome"), 1, 0.9),
    ],
}


def test_every_lever_has_its_signs() -> None:
    assert set(SIGNS) == set(LEVERS)


@pytest.mark.parametrize("lever", SIGNS)
def test_a_lever_moves_what_it_is_there_to_move(lever: str) -> None:
    here, without = everything(), after(lever)
    found = []
    for number, (asked, sign, least) in enumerate(SIGNS[lever]):
        one, other = asked(here), asked(without)
        more = sign * (one - other) / max(abs(one), abs(other), 1e-12)
        if not more >= least:
            found.append(f"{number}: {one:.6g} with it, {other:.6g} without")
    assert found == []
