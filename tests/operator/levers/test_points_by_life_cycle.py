"""Points that lose worth, rules that hide it, and points that follow the childcare stage."""

import math
from functools import cache
from typing import Any

import numpy as np
import pytest

from sim.behaviour import rewards
from sim.behaviour.believe import trust_after
from sim.behaviour.day import CALLED, VISITING
from sim.config.loading import load
from sim.experiments.simulate import observe, simulate
from sim.operator.levers.points import lost_share, worth_of_point
from sim.parameters.quantity import as_numbers
from sim.world.draws import CONSIDER, LOST_POINTS, REDEEM, SHOP_PUBLIC
from sim.world.household import STAGES
from tests.scene import DAY, DIAPERS, Scene
from tests.whole_worlds import begun, differences, eventful

P = as_numbers(load("baseline").behaviour)
MIDDLES = dict(zip(STAGES, (-100, 90, 270, 700, 1500), strict=True))  # days of age


# -- rules ----------------------------------------------------------------------------------


@pytest.mark.parametrize("share", [0.0, 0.25, 1.0])
def test_a_broken_promise_weighs_by_what_is_lost(share: float) -> None:
    weight = rewards.weight_of_lost_points(share, P.rewards)
    assert weight == pytest.approx(share * P.rewards.promise_weight)
    after = trust_after(0.6, 5.0, 0.0, weight, P.believe)
    assert after == 0.6 if share == 0.0 else 0.0 < after < 0.6


def test_opaque_rules_are_unfair_below_what_is_usual() -> None:
    clear = [rewards.weight_of_opaque_rules(clarity, P.rewards) for clarity in (1.0, 0.8, 0.5, 0.0)]
    assert clear[:2] == [0.0, 0.0], "what ships is as plain as is usual, or plainer"
    assert 0 < clear[2] < clear[3] == P.rewards.unfair_weight * P.rewards.usual_clarity


def test_what_points_have_lost() -> None:
    assert lost_share(0.01, 0.02, 100) == 0.5
    assert lost_share(0.0, 0.02, 1) == 1.0
    assert lost_share(0.01, 0.02, 0) == 0.0, "who holds none loses none"
    assert lost_share(0.03, 0.02, 100) == lost_share(0.0, 0.0, 100) == 0.0


def test_a_point_is_worth_less_every_year(scene: Scene) -> None:
    own = scene.lever("points", yuan_per_point=0.02, devaluation_per_year=0.5, from_day=100)
    for day, worth in ((-50, 0.02), (100, 0.02), (465, 0.01), (830, 0.005)):
        assert worth_of_point(day, own) == pytest.approx(worth)
    own.devaluation_per_year = 0.0
    assert worth_of_point(5000, own) == 0.02


# -- one household ---------------------------------------------------------------------------


def member(scene: Scene, **settings: Any) -> Any:
    """A member who saw that a point was worth two fen, and holds a thousand."""
    own = {"points_per_yuan": 2.0, "yuan_per_point": 0.01, "share_payable": 0.5}
    own |= {"least_points": 100, "transparency": 0.7, "devaluation_per_year": 0.0}
    scene.lever("points", **own | settings)
    holds = {"orders": 1, "loyalty_member": 1, "points_new": 1000, "subscribed": 1}
    vars(scene.parent).update(holds, first_order_day=DAY - 50, last_order_day=DAY - 50)
    kept = scene.world.states.points[scene.place]
    kept.worth_seen = 0.02
    scene.rules.believe.bad_news_factor, scene.rules.rewards.promise_weight = 2.0, 1.0
    return kept


def shopping(scene: Scene) -> None:
    """It needs diapers, thinks of the operator and buys there."""
    scene.parent.covered_until[DIAPERS] = DAY
    scene.rules.choose.wait_appeal, scene.rules.choose.recall = -50.0, 20.0
    scene.parent.habit = [0.1, 0.1, 0.4, 0.2, 0.2]
    scene.luck.otherwise = 0.99
    scene.luck.of |= {CONSIDER: 0.0, SHOP_PUBLIC: 1 - 1e-12}


@pytest.mark.parametrize(("luck", "noticed"), [(0.69, 1.0), (0.71, 0.0)])
def test_a_loss_is_noticed_on_a_visit_as_far_as_rules_are_plain(
    scene: Scene, luck: float, noticed: float
) -> None:
    kept = member(scene)
    scene.luck.of[LOST_POINTS] = luck
    scene.spend(VISITING)
    assert (scene.inbox.points_lost_share, scene.inbox.points_loss_noticed) == (0.5, noticed)
    # Half is lost: half an order's worth, twice as heavy for being bad, against four.
    assert scene.parent.trust == pytest.approx(0.5 * 4 / 5 if noticed else 0.5)
    assert kept.worth_seen == (0.01 if noticed else 0.02), "what is not noticed is still to come"


def test_nobody_minds_twice(scene: Scene) -> None:
    member(scene)
    scene.luck.of[LOST_POINTS] = 0.0
    scene.spend(VISITING)
    trust = scene.parent.trust
    scene.inbox.points_loss_noticed = 0.0
    scene.spend(VISITING)
    assert (scene.inbox.points_lost_share, scene.parent.trust) == (0.0, trust)


def test_a_loss_is_noticed_on_a_trip_and_once_a_day(scene: Scene) -> None:
    member(scene, points_per_yuan=0.0)
    scene.rules.rewards.redeem_base = -50.0
    shopping(scene)
    scene.luck.of[LOST_POINTS] = 0.0
    scene.spend(VISITING)
    assert scene.event.list_fen > 0
    assert scene.parent.trust == pytest.approx(0.5 * 4 / 5)


@pytest.mark.parametrize(
    ("who", "what", "seen"),
    [
        ({"points_new": 0}, {}, 0.01),  # who holds none loses none
        ({}, {"yuan_per_point": 0.02}, 0.02),
        ({}, {"yuan_per_point": 0.03}, 0.03),  # nobody minds a gain
        ({}, {"transparency": 0.0}, 0.02),  # nobody can see it
    ],
)
def test_who_minds_nothing(
    scene: Scene, who: dict[str, int], what: dict[str, float], seen: float
) -> None:
    kept = member(scene, **what)
    vars(scene.parent).update(who)
    scene.luck.of[LOST_POINTS] = 0.0
    scene.spend(VISITING)
    assert (scene.parent.trust, scene.inbox.points_loss_noticed) == (0.5, 0.0)
    assert kept.worth_seen == seen


def test_whoever_sleeps_at_home_notices_nothing(scene: Scene) -> None:
    member(scene)
    scene.luck.of[LOST_POINTS] = 0.0
    scene.spend(CALLED)
    assert (scene.inbox.points_lost_share, scene.parent.trust) == (0.5, 0.5)


@pytest.mark.parametrize(("clarity", "weight"), [(1.0, 0.0), (0.8, 0.0), (0.3, 0.25), (0.0, 0.4)])
def test_opaque_rules_are_met_on_paying_with_points(
    scene: Scene, clarity: float, weight: float
) -> None:
    member(scene, transparency=clarity, yuan_per_point=0.02)
    scene.rules.rewards.usual_clarity, scene.rules.rewards.unfair_weight = 0.8, 0.5
    shopping(scene)
    scene.luck.of[REDEEM] = 0.0
    scene.spend(CALLED)
    assert scene.event.points_redeemed > 0
    assert scene.parent.trust == pytest.approx(0.5 * 4 / (4 + 2 * weight))
    scene.luck.of[REDEEM] = 1.0


def test_worth_lost_is_price_not_given_up(scene: Scene) -> None:
    member(scene, devaluation_per_year=0.5, yuan_per_point=0.02).worth_seen = 0.0
    shopping(scene)
    scene.luck.of[REDEEM] = 0.0
    scene.spend(CALLED)
    worth = 0.02 * 0.5 ** (DAY / 365)
    assert scene.event.points_redeemed == 1000
    assert scene.discounts() == {"points": int(1000 * worth * 100)}


@pytest.mark.parametrize("stage", STAGES)
def test_points_follow_the_stage(scene: Scene, stage: str) -> None:
    ratios = dict(zip(STAGES, (0.0, 1.5, 2.0, 0.5, 3.0), strict=True))
    member(scene, **{f"{name}_ratio": ratio for name, ratio in ratios.items()})
    scene.parent.birth_day = DAY - MIDDLES[stage]
    scene.spend(CALLED)
    assert scene.inbox.points_per_yuan == 2.0 * ratios[stage]


# -- in worlds -------------------------------------------------------------------------------

SIZE = ("population.households=4000", "run.days=240", "run.warmup_days=400")


@cache
def run(*overrides: str) -> Any:
    return simulate(load("baseline", [*SIZE, *overrides]), 1, warm_start=False, keep_orders=True)


def less(share: float) -> str:
    """That points lose so much of their worth on day 30."""
    worth = 0.01 * (1 - share)
    return f"schedule=[{{from_day: 30, operator: {{points: {{yuan_per_point: {worth}}}}}}}]"


@cache
def trust(*overrides: str) -> float:
    """Of those who hold points on the last day."""
    end = observe(load("baseline", [*SIZE, *overrides]), 1, warm_start=False).end
    return float(np.mean(end["trust"][end["points_new"] + end["points_old"] > 0]))


def issued(result: Any) -> float:
    return float(result.daily["points_issued"].sum())


def test_more_points_are_issued_where_the_ratio_is_higher() -> None:
    doses = [issued(run(f"operator.points.newborn_ratio={ratio}")) for ratio in (0, 1, 3)]
    assert doses[0] < doses[1] < doses[2]
    assert doses[2] - doses[1] == pytest.approx(2 * (doses[1] - doses[0]), rel=0.2)


def test_the_more_worth_is_lost_the_less_is_redeemed() -> None:
    doses = [run(less(share)).daily["discount_points_yuan"].sum() for share in (0.0, 0.4, 0.9)]
    assert doses[0] > doses[1] > doses[2] > 0


def test_the_more_worth_is_lost_the_less_is_believed() -> None:
    doses = [trust(less(share)) for share in (0.0, 0.4, 0.9)]
    assert doses[0] > doses[1] > doses[2]
    hidden = trust(
        less(0.9), "operator.points.transparency=0.05", "behaviour.rewards.unfair_weight=0"
    )
    assert hidden > doses[2], "opaque rules hide it from many"


def test_what_is_lost_year_by_year_is_noticed_too() -> None:
    doses = [trust(f"operator.points.devaluation_per_year={share}") for share in (0.0, 0.3, 0.8)]
    assert doses[0] > doses[1] > doses[2]


def test_opaque_rules_cost_trust_of_those_who_pay_with_points() -> None:
    often = "behaviour.rewards.redeem_base=3"
    plain, opaque = (trust(often, f"operator.points.transparency={c}") for c in (0.8, 0.0))
    assert opaque < plain
    still = "behaviour.rewards.unfair_weight=0"
    assert trust(often, still) == plain, "as plain as is usual: nobody minds"


def test_ratios_of_one_and_no_devaluation_change_nothing() -> None:
    plain = run()
    for other in ("newborn_ratio=1.0", "devaluation_per_year=0"):
        assert plain.orders.equals(run(f"operator.points.{other}").orders)
    off = run("operator.points.strength=0")
    weaker = run("operator.points.strength=0", "operator.points.devaluation_per_year=0.9")
    assert off.orders.equals(weaker.orders)


def test_the_engine_lives_a_devaluation_as_plain_python_does() -> None:
    config = eventful(
        200, "run.warmup_days=0", "run.days=40", "operator.points.devaluation_per_year=0.9"
    )
    engine, windows = begun(config), begun(config)
    windows.by_windows = True
    noticed = 0
    for _ in range(25):
        engine.step()
        windows.step()
        assert differences(engine, windows) == []
    seen = engine.world.states.points["worth_seen"]
    noticed = len({round(math.log(worth), 6) for worth in seen if worth > 0})
    assert noticed > 1, "some have seen it lately, others have not"
