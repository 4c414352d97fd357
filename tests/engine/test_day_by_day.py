"""What households live through, followed from outside, day by day."""

from dataclasses import fields

import numpy as np
import pytest

from sim.behaviour.drift import bring_up_to_date
from sim.config.composing import lever_names
from sim.config.loading import load
from sim.operator.hooks import LEVERS
from sim.world.portable_math import decay_factor
from tests.whole_worlds import begun, eventful

WITHOUT_OWN_FATIGUE = ("behaviour.look.promotion_fatigue=0", "behaviour.look.message_fatigue=0")


@pytest.mark.parametrize("audience", ["subscribers", "private_domain", "group_members"])
def test_everybodys_backlog_is_of_the_messages_they_were_sent(audience: str) -> None:
    config = eventful(
        600,
        "run.warmup_days=0",
        "run.days=90",
        "behaviour.choose.recall=1",
        "operator.acquisition.clicks_per_day=0.05",
        "operator.broadcast={per_week: 14, held_out_share: 0}",
        f"operator.broadcast.recipients={audience}",
        "operator.community.close_after_days=30000",
        *WITHOUT_OWN_FATIGUE,
    )
    model = begun(config)
    kept = decay_factor(1.0, config.behaviour.look.fatigue_half_life_days)
    backlog = model.households["fatigue"].astype(float)
    for _ in range(80):
        audiences, families = (
            model.wake_schedules["audience"].copy(),
            model.households["family"].copy(),
        )
        day = model.day
        model.step()
        if day > model.first_day:
            today = model.world.today[0].broadcasts[audiences]
            backlog = kept * backlog + today + model.world.calendar[day].rival_messages
        born = model.households["family"] != families
        backlog[born] = model.households["fatigue"][born]
    bring_up_to_date(model.households, model.buffers.parents[0], model.world, day)
    won = np.isin(model.households["won_by"], (1, 4)) & (model.households["orders"] > 0)
    assert won.sum() > 50, "strangers whom a deal won"
    assert model.households["fatigue"] == pytest.approx(backlog, abs=1e-3)


def _leavings(woken_daily: bool) -> np.ndarray:
    """Leavings of a year by reason, of customers with the same lasting reasons.

    One message a day to every subscriber, whom it wakes never: backlogs are soon the same each day.
    """
    nothing = [f"operator.{lever}.strength=0" for lever in lever_names() if lever != "broadcast"]
    config = load(
        "baseline",
        [
            *nothing,
            "operator.broadcast.strength=1",
            "operator.broadcast.per_week=7",
            "operator.broadcast.held_out_share=0",
            "behaviour.look.click_through=0",
            "population.households=4000",
            "run.warmup_days=0",
            "behaviour.look.visits_per_day=0",
            "behaviour.look.fatigue_tolerance=12",
            "behaviour.choose.operator_appeal=-20",
            "behaviour.choose.recall=0",
            "behaviour.stay.stop_overload=0.0002",
            "behaviour.stay.stop_privacy=0.01",
            "behaviour.stay.stop_distrust=0.01",
            "behaviour.stay.tolerated_trust=0.4",
        ],
    )
    model = begun(config)
    people = model.households
    people["birth_day"] = -100
    people["orders"] = people["subscribed"] = people["in_private_domain"] = 1
    people["trust"], people["privacy_tolerance"] = 0.3, 0.4
    people["privacy_worry"] = people["privacy_concern"] = 0.5
    for day in range(365):
        if woken_daily or day == 364:
            model.wake_schedules["wake_day"] = day
        model.step()
    reasons = np.concatenate([events["unsubscribed"] for events in model.events])
    return np.bincount(reasons, minlength=9)[1:]


def test_who_is_woken_more_often_leaves_no_sooner() -> None:
    seldom, daily = _leavings(woken_daily=False), _leavings(woken_daily=True)
    assert 800 < seldom.sum() < 3990, "some leave and some stay"
    assert (seldom > 0).sum() == 3, "for several reasons"
    luck = np.sqrt(np.maximum(seldom + daily, 1))
    assert (np.abs(seldom - daily) < 4 * luck).all(), (seldom, daily)


def test_a_coupon_of_the_morning_is_in_hand_when_shopping() -> None:
    model = begun(
        eventful(600, "run.warmup_days=0", "run.days=90", "operator.coupons={coupon_percent: 30}")
    )
    at_once = 0
    for day in range(60):
        held = model.households["coupon_until"] >= day
        model.step()
        spent = model.events[-1]["coupon_fen"] > 0
        at_once += (~held[model.events[-1]["household"][spent]]).sum()
    assert at_once > 0, "spent by whoever held none when the day began"


@pytest.mark.parametrize("name", lever_names())
def test_a_lever_that_tells_of_a_limit_has_a_setting_of_it(name: str) -> None:
    lever = LEVERS[name]
    told = " ".join([str(lever.__doc__), str(lever.Parameters.__doc__)])
    if "capacity" in told or "capacities" in told:
        assert any("capacity" in own.name for own in fields(lever.Parameters))


def test_as_many_land_on_a_day_as_want_to() -> None:
    landed = []
    for households in (300, 3000):
        settings = [
            "run.warmup_days=0",
            "run.days=5",
            "behaviour.talk.land_base=20",
            "behaviour.choose.operator_appeal=20",
            "behaviour.choose.recall=20",
        ]
        model = begun(eventful(households, *settings))
        for _ in range(4):
            model.step()
        events = np.concatenate(model.events)
        ordered = (events["first_order"] > 0) & (events["unfilled"] == 0)
        assert (events["entered_private_domain"][ordered] > 0).all()
        landed.append(ordered.sum())
    assert landed[1] > 3 * landed[0] > 0


@pytest.mark.parametrize("days_between", [15, 60])
@pytest.mark.parametrize("strength", [1.0, 0.5])
def test_days_from_one_coupon_to_the_next_are_those_of_the_setting(
    days_between: int, strength: float
) -> None:
    model = begun(
        eventful(
            2000,
            "run.warmup_days=0",
            "run.days=250",
            f"operator.coupons.days_between={days_between}",
            f"operator.coupons.strength={strength}",
        )
    )
    customer_days = coupons = 0
    for day in range(240):
        could = (model.households["orders"] > 0) & (model.households["subscribed"] > 0)
        customer_days += could.sum() if day >= 60 else 0
        model.step()
        taken = model.daily[-1]["cost_coupons"] / 100 / model.operator.coupons.yuan_per_coupon
        coupons += taken if day >= 60 else 0
    assert customer_days / coupons == pytest.approx(days_between / strength, rel=0.08)
