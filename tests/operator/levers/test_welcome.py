"""The welcome: who is written to and when, what it costs, what it is for."""

from functools import cache
from typing import Any

import numpy as np
import pytest

from sim.behaviour.day import CALLED, CLICKING
from sim.behaviour.shopping import what_is_remembered
from sim.config.loading import load
from sim.experiments.simulate import simulate
from sim.operator.hooks import LEVERS, NAMES
from sim.operator.levers.welcome import note_order
from sim.world.draws import (
    CONSIDER,
    FOLLOW_LETTER,
    SAMPLE_DEFECT,
    SHOP_PUBLIC,
    TRY_SAMPLE,
    named_purpose,
)
from sim.world.household import NEVER
from tests.scene import DAY, DIAPERS, WASH_CARE, Scene

LOT = named_purpose("welcome")
LINE = NAMES.index("welcome")


def new_customer(scene: Scene, days: int, **settings: Any) -> Scene:
    """Who ordered for the first time so many days ago, and is welcomed."""
    own = {"messages": 3, "answers": 0.9, "quality": 0.7, "coupon_percent": 20, "coupon_days": 30}
    own |= {"coupon_after_days": 7, "yuan_per_message": 0.3, "yuan_per_coupon": 0.05}
    power = settings.pop("power", 1.0)
    scene.lever("welcome", **own | settings).power = power
    since = {"orders": 1, "subscribed": 1, "first_order_day": DAY - days}
    vars(scene.parent).update(since | {"last_order_day": DAY - days})
    scene.luck.of[LOT] = 0.5
    return scene


@pytest.mark.parametrize(
    ("messages", "days"), [(0, []), (1, [7]), (3, [3, 5, 7]), (7, [1, 2, 3, 4, 5, 6, 7])]
)
def test_letters_fill_the_first_week(scene: Scene, messages: int, days: list[int]) -> None:
    written = []
    for since in range(11):
        new_customer(scene, since, messages=messages, coupon_percent=0)
        scene.world.states.welcome[scene.place].letter_day = -NEVER  # another household's
        scene.spend(CALLED)
        if scene.inbox.personal_messages > 0:
            written.append(since)
        there = messages > 0 and since <= 7
        assert (scene.inbox.answer, scene.inbox.stage_advice) == ((0.9, 0.7) if there else (0, 0))
    assert written == days
    assert scene.costs() == ({"welcome": 30 * messages} if messages else {})


def test_a_household_is_woken_for_what_is_due_next(scene: Scene) -> None:
    for since, due in ((1, 3), (3, 5), (5, 7), (6, 7), (7, 9), (8, 9)):
        new_customer(scene, since, coupon_after_days=9).spend(CALLED)
        assert scene.wake_schedule.wake_day - DAY == due - since
    new_customer(scene, 9, coupon_after_days=9).spend(CALLED)
    assert scene.wake_schedule.wake_day - DAY > 30, (
        "all was sent: it sleeps until it needs something"
    )


def test_the_coupon_is_sent_once_and_costs_its_sending(scene: Scene) -> None:
    new_customer(scene, 8, messages=0).spend(CALLED)
    assert (scene.costs(), scene.discounts()) == ({"welcome": 5}, {})
    parent = scene.parent
    held = (parent.coupon_percent, parent.coupon_until, parent.coupon_line)
    assert held == (20, DAY + 30, LINE)
    scene.spend(CALLED)
    assert scene.costs() == {"welcome": 5}


def shopping(scene: Scene) -> Scene:
    scene.parent.covered_until[DIAPERS] = DAY
    scene.rules.need.cover_days, scene.rules.need.promotion_cover = 30.0, 0.0
    scene.rules.need.bundle_days = 0.0
    scene.rules.choose.wait_appeal, scene.rules.choose.recall = -50.0, 20.0
    scene.parent.habit = [0.1, 0.1, 0.4, 0.2, 0.2]
    scene.luck.otherwise = 0.5
    scene.luck.of |= {CONSIDER: 0.0, SHOP_PUBLIC: 1 - 1e-12}
    return scene


def test_the_second_order_s_cut_is_booked_by_whose_coupon_it_is(scene: Scene) -> None:
    scene.lever("coupons", coupon_percent=0)
    shopping(new_customer(scene, 7, messages=0)).spend(CALLED)
    assert (scene.event.coupon_fen, scene.event.paid_fen) == (6_000, 24_000)
    assert (scene.costs(), scene.discounts()) == ({"welcome": 5}, {"welcome": 6_000})
    assert scene.parent.orders == 2


def test_of_two_coupons_of_a_morning_the_deeper_is_sent_and_paid_for(scene: Scene) -> None:
    often = {"days_between": 1.0, "to_active": 1, "coupon_days": 9, "yuan_per_coupon": 0.07}
    for percent, sent in ((30, {"coupons": 7}), (20, {"coupons": 7}), (10, {"welcome": 5})):
        new_customer(scene, 8, messages=0).parent.felt_day = DAY - 3
        scene.world.states.welcome[scene.place].coupon_day = -NEVER
        scene.counters.cost_fen = [0] * len(scene.counters.cost_fen)
        scene.lever("coupons", coupon_percent=percent, **often)
        scene.spend(CALLED)
        assert scene.costs() == sent


@pytest.mark.parametrize(
    ("who", "what"),
    [
        ({"orders": 0, "first_order_day": NEVER}, {}),
        ({"first_order_day": DAY - 61}, {}),
        ({"subscribed": 0}, {}),
        ({}, {"power": 0.0}),
        ({}, {"power": 0.5}),  # the lot fell on others
        ({}, {"messages": 0, "coupon_percent": 0}),
    ],
)
def test_who_is_not_welcomed(scene: Scene, who: dict[str, int], what: dict[str, float]) -> None:
    vars(new_customer(scene, 7, **what).parent).update(who)
    scene.spend(CALLED)
    assert (scene.costs(), scene.inbox.personal_messages, scene.inbox.answer) == ({}, 0, 0)
    assert scene.wake_schedule.wake_day - DAY > 30


def test_whoever_ordered_again_needs_no_coupon(scene: Scene) -> None:
    new_customer(scene, 7).parent.orders = 2
    scene.spend(CALLED)
    assert (scene.costs(), scene.inbox.coupon_percent) == ({"welcome": 30}, 0)


@pytest.mark.parametrize(
    ("u", "fatigue", "woken_by", "looked"),
    [(0.0999, 0, CALLED, 1), (0.1001, 0, CALLED, 0), (0.06, 12, CALLED, 0), (0.01, 0, CLICKING, 0)],
)
def test_a_letter_is_followed_as_messages_are(
    scene: Scene, u: float, fatigue: float, woken_by: int, looked: int
) -> None:
    scene.rules.look.click_through, scene.rules.look.fatigue_tolerance = 0.1, 12.0
    scene.rules.look.message_fatigue = 0.0
    new_customer(scene, 7).parent.fatigue = fatigue
    scene.luck.of[FOLLOW_LETTER] = u
    scene.spend(woken_by)
    assert (scene.event.looked, scene.inbox.letter_followed) == (looked, looked)
    assert scene.inbox.followed == 0, "no broadcast was"
    steps = LEVERS["welcome"].reach(
        scene.parent, scene.place, scene.world, DAY, scene.inbox, scene.event
    )
    assert steps & 8 == (8 if looked else 0)


SIZE = ("population.households=4000", "run.days=180", "run.warmup_days=60")


@cache
def run(*overrides: str) -> Any:
    return simulate(load("welcome", [*SIZE, *overrides]), 1, warm_start=False, keep_orders=True)


def spent(result: Any) -> float:
    daily = result.daily
    return float(daily["cost_welcome_yuan"].sum() + daily["discount_welcome_yuan"].sum())


def test_more_strength_welcomes_more() -> None:
    doses = [spent(run(f"operator.welcome.strength={dose}")) for dose in (0.0, 0.4, 1.0)]
    assert doses[0] == 0.0 < doses[1] < 0.7 * doses[2]


def test_a_deeper_coupon_brings_second_orders_sooner() -> None:
    """Of those who ordered before day 120, who did again within 60 days."""
    again = []
    for percent in (0, 60):
        orders = run(f"operator.welcome.coupon_percent={percent}").orders
        days = orders.groupby(["household", "family"])["day"].agg(list)
        firsts = [own for own in days if own[0] < 120]
        again.append(np.mean([len(own) > 1 and own[1] - own[0] <= 60 for own in firsts]))
    assert again[1] > again[0]


def test_its_dates_and_audience_hold() -> None:
    late = run("operator.welcome.from_day=150").daily
    assert (late["cost_welcome_yuan"][:150] == 0).all()
    assert late["cost_welcome_yuan"].sum() > 0
    half = spent(run("operator.welcome.audience.lot=0.5"))
    assert 0 < half < 0.8 * spent(run())
    assert spent(run("operator.welcome.audience.lot=0")) == 0.0


def test_without_strength_or_audience_nothing_changes() -> None:
    off = run("operator.welcome.strength=0")
    for other in ("operator.welcome.audience.lot=0", "operator.welcome.from_day=180"):
        assert off.orders.equals(run(other).orders)
        assert off.indicators.equals(run(other).indicators)


# -- trial packs -----------------------------------------------------------------------------


def parcel(scene: Scene, **settings: Any) -> Any:
    """A new customer whose first parcel, of diapers, arrives today."""
    own = {"messages": 0, "coupon_percent": 0, "trial_pack": 0.5, "yuan_per_pack": 4.0}
    new_customer(scene, 4, **own | settings)
    scene.parent.arrival_day = scene.parent.arrival_expected_day = DAY
    kept = scene.world.states.welcome[scene.place]
    kept.pack_day, kept.tried, kept.ordered = -NEVER, 0, 1 << DIAPERS
    scene.rules.believe.own_weight, scene.rules.believe.sample_share = 1.0, 0.25
    scene.rules.judge.sample_tried = 0.7
    scene.luck.of |= {LOT: 0.1, LOT + 1: 0.4, LOT + 3: 0.9}
    return kept


def test_a_trial_pack_comes_with_the_first_parcel_and_costs_its_price(scene: Scene) -> None:
    kept = parcel(scene)
    scene.spend(CALLED)
    assert (scene.inbox.sample, kept.pack_day) == (WASH_CARE + 1, DAY), "diapers it has ordered"
    assert scene.costs() == {"welcome": 400}
    scene.parent.arrival_day, scene.inbox.sample = DAY, 0.0
    scene.spend(CALLED)
    assert scene.costs() == {"welcome": 400}, "once"


@pytest.mark.parametrize(
    ("who", "what", "ordered"),
    [
        ({"arrival_day": DAY + 1}, {}, 1),  # no parcel today
        ({"arrival_day": NEVER}, {}, 1),
        ({"first_order_day": DAY - 61}, {}, 1),  # new no more
        ({}, {"trial_pack": 0.0}, 1),
        ({}, {"trial_pack": 0.3}, 1),  # the lot fell on others
        ({}, {"power": 0.0}, 1),
        ({}, {}, 1 << DIAPERS | 1 << WASH_CARE),  # it has ordered all that runs down at its age
    ],
)
def test_who_gets_no_pack(
    scene: Scene, who: dict[str, int], what: dict[str, float], ordered: int
) -> None:
    kept = parcel(scene, **what)
    kept.ordered = ordered
    vars(scene.parent).update(who)
    scene.spend(CALLED)
    assert (scene.costs(), scene.inbox.sample, kept.pack_day) == ({}, 0.0, -NEVER)


def test_which_pack_is_by_lot_among_what_fits(scene: Scene) -> None:
    for u, category in ((0.0, DIAPERS), (0.49, DIAPERS), (0.51, WASH_CARE), (0.99, WASH_CARE)):
        parcel(scene).ordered = 0
        scene.luck.of[LOT + 3] = u
        scene.spend(CALLED)
        assert scene.inbox.sample == category + 1


@pytest.mark.parametrize(
    ("tries", "flaw", "trust", "liked"),
    [
        (0.69, 0.99, (2 + 0.25) / 4.25, 1.0),  # a quarter of an order, and a good one
        (0.71, 0.99, 0.5, 0.0),  # not tried
        (0.0, 0.0, 0.5, 0.0),  # defective: one half is what it was worth
    ],
)
def test_a_sample_is_a_small_experience(
    scene: Scene, tries: float, flaw: float, trust: float, liked: float
) -> None:
    kept = parcel(scene)
    scene.rules.judge.defect_loss, scene.today.defect_share = 0.5, 0.1
    scene.luck.of |= {TRY_SAMPLE: tries, SAMPLE_DEFECT: flaw}
    scene.parent.arrival_day = DAY + 5  # so that no order is judged today
    scene.inbox.sample = WASH_CARE + 1
    scene.live(CALLED)
    assert scene.parent.trust == pytest.approx(trust)
    assert scene.inbox.sample_liked == liked
    LEVERS["welcome"].charge(
        scene.parent, scene.place, scene.world, DAY, scene.inbox, scene.event, scene.counters
    )
    assert kept.tried == (WASH_CARE + 1 if liked else 0)


def test_what_was_tried_is_remembered_until_it_is_ordered(scene: Scene) -> None:
    kept = parcel(scene)
    kept.pack_day, kept.tried = DAY - 20, WASH_CARE + 1
    scene.parent.arrival_day = NEVER
    scene.spend(CALLED)
    assert (scene.inbox.tried_category, scene.inbox.tried_days) == (WASH_CARE + 1, 20)
    shopping(scene)
    scene.spend(CALLED)
    assert (scene.event.list_fen > 0, kept.tried) == (True, WASH_CARE + 1), "it bought diapers"
    scene.event.packs = [0] * 8
    scene.event.packs[WASH_CARE] = 1
    note_order(kept, scene.event)
    assert (kept.tried, kept.ordered) == (0, 1 << DIAPERS | 1 << WASH_CARE)


def recalled(scene: Scene, left: int, days: float) -> float:
    scene.parent.covered_until[WASH_CARE] = DAY + left
    scene.inbox.tried_category, scene.inbox.tried_days = WASH_CARE + 1, days
    scene.parent.habit = [0.0] * 5
    return what_is_remembered(scene.parent, scene.world, DAY, scene.inbox)


def test_a_sample_is_thought_of_where_that_is_bought(scene: Scene) -> None:
    choose, need = scene.rules.choose, scene.rules.need
    choose.sample_recall, choose.recall_half_life_days = 0.4, 50.0
    need.bundle_days, need.lead_days = 40.0, 2.0
    assert recalled(scene, 42, 0.0) == recalled(scene, -3, 0.0) == pytest.approx(0.4)
    assert recalled(scene, 43, 0.0) == 0.0, "not on the list"
    assert recalled(scene, 0, 50.0) == pytest.approx(0.2)
    choose.sample_recall = 0.0
    assert recalled(scene, 0, 0.0) == 0.0
    choose.sample_recall = 1.0
    assert recalled(scene, 0, 0.0) == 1.0


NO_OTHER = ("operator.welcome.messages=0", "operator.welcome.coupon_percent=0")
MANY = ("population.households=40000", "strategy.budget_yuan_per_customer_month=1000")


def with_packs(chance: float, *more: str) -> Any:
    return run(f"operator.welcome.trial_pack={chance}", *NO_OTHER, *MANY, *more)


def test_more_packs_cost_more_and_sell_more_of_what_was_tried() -> None:
    strong = "behaviour.choose.sample_recall=0.9"
    doses = [with_packs(chance, strong) for chance in (0.0, 0.5, 1.0)]
    costs = [float(result.daily["cost_welcome_yuan"].sum()) for result in doses]
    assert costs[0] == 0.0 < costs[1] < costs[2]
    assert costs[1] == pytest.approx(0.5 * costs[2], rel=0.2)
    assert costs[2] % 4 == pytest.approx(0.0)
    orders = [int(result.daily["orders"].sum()) for result in doses]
    assert orders[0] < orders[1] < orders[2]


def test_whoever_forgets_a_sample_has_had_an_experience_alone() -> None:
    none, some = with_packs(0.0), with_packs(1.0, "behaviour.choose.sample_recall=0")
    idle = with_packs(1.0, "behaviour.choose.sample_recall=0", "behaviour.judge.sample_tried=0")
    assert none.orders.equals(idle.orders), "what is not tried does nothing but cost"
    assert not none.orders.equals(some.orders)


def test_without_packs_nothing_changes() -> None:
    assert run().orders.equals(run("operator.welcome.yuan_per_pack=100").orders)
