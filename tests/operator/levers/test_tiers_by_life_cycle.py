"""Tiers by childcare stage: thresholds that follow it, and grace where a new one begins."""

from functools import cache
from typing import Any

import pytest

from sim.behaviour.day import CALLED
from sim.config.loading import load
from sim.experiments.simulate import simulate
from sim.operator.by_stage import days_in_stage, ratio_of_stage
from sim.operator.levers.tiers import tier_earned
from sim.world.draws import CONSIDER, SHOP_PUBLIC
from sim.world.household import NEVER, PRESCHOOL_DAYS, STAGES, TODDLER_DAYS, WEANING_DAYS
from tests.scene import DAY, DIAPERS, Scene

AGES = dict(zip(STAGES, (-1, 0, WEANING_DAYS, TODDLER_DAYS, PRESCHOOL_DAYS), strict=True))
RATIOS = dict(zip(STAGES, (0.5, 1.5, 2.0, 1.0, 0.6), strict=True))
EVERY = {f"{stage}_ratio": ratio for stage, ratio in RATIOS.items()}


@pytest.mark.parametrize("stage", STAGES)
def test_every_stage_has_its_ratio_from_its_first_day_to_its_last(scene: Scene, stage: str) -> None:
    own = scene.lever("tiers", **EVERY)
    assert ratio_of_stage(AGES[stage], own) == RATIOS[stage]
    if stage != "pregnancy":
        before = STAGES[STAGES.index(stage) - 1]
        assert ratio_of_stage(AGES[stage] - 1, own) == RATIOS[before]


def test_days_in_a_stage() -> None:
    assert [days_in_stage(age) for age in (-1, 0, 181, 182, 364, 365, 1094, 1095, 2000)] == [
        *(NEVER, 0, 181, 0, 182, 0, 729, 0, 905)
    ]


def member(scene: Scene, tier: int, age_days: int, spent_yuan: float, **settings: Any) -> Any:
    own = {"silver_yuan": 1000, "gold_yuan": 2000, "platinum_yuan": 4000}
    own |= {"silver_cut": 0.1, "gold_cut": 0.2, "platinum_cut": 0.3, "yuan_per_customer_month": 0}
    scene.lever("tiers", **own | settings)
    holds = {"orders": 1, "loyalty_member": 1, "tier": tier, "tier_spending_fen": spent_yuan * 100}
    vars(scene.parent).update(holds, birth_day=DAY - age_days, first_order_day=DAY - 50)
    return scene.world.states.tiers[scene.place]


@pytest.mark.parametrize(
    ("age_days", "spent", "earned"),
    [
        (700, 999, 0),
        (700, 1000, 1),
        (1500, 599, 0),
        (1500, 600, 1),
        (1500, 2400, 3),
        (200, 2400, 1),
        (-10, 2000, 3),
    ],
)
def test_thresholds_follow_the_stage(
    scene: Scene, age_days: int, spent: float, earned: int
) -> None:
    member(scene, 0, age_days, spent, **EVERY)
    assert tier_earned(scene.parent, DAY, scene.world.levers.tiers) == earned


def test_the_goal_of_the_next_tier_follows_it_too(scene: Scene) -> None:
    for tier, goal in enumerate((600.0, 1200.0, 2400.0, 0.0)):
        member(scene, tier, 1500, 0, **EVERY)
        scene.inbox.tier_goal_yuan = 0.0
        scene.spend(CALLED)
        assert scene.inbox.tier_goal_yuan == goal


def test_an_order_raises_the_tier_at_the_stage_s_threshold(scene: Scene) -> None:
    member(scene, 0, 1500, 400, **EVERY)
    scene.parent.covered_until[DIAPERS], scene.parent.toilet_training_days = DAY, NEVER
    scene.rules.need.cover_days, scene.rules.need.promotion_cover = 30.0, 0.0
    scene.rules.need.bundle_days = 0.0
    scene.rules.choose.wait_appeal, scene.rules.choose.recall = -50.0, 20.0
    scene.parent.habit = [0.1, 0.1, 0.4, 0.2, 0.2]
    scene.luck.otherwise = 0.5
    scene.luck.of |= {CONSIDER: 0.0, SHOP_PUBLIC: 1 - 1e-12}
    scene.spend(CALLED)
    assert (scene.event.paid_fen, scene.parent.tier) == (30_000, 1), "700 of 600 yuan"


# -- grace ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("age_days", "grace_days", "kept"),
    [
        (TODDLER_DAYS + 29, 30, True),
        (TODDLER_DAYS + 30, 30, False),
        (TODDLER_DAYS, 1, True),
        (TODDLER_DAYS, 0, False),
        (-10, 365, False),  # no stage has begun that an operator could know of
    ],
)
def test_no_tier_is_lowered_in_the_grace_of_a_stage(
    scene: Scene, age_days: int, grace_days: int, kept: bool
) -> None:
    own = member(scene, 2, age_days, 0, grace_days=grace_days)
    scene.parent.points_expire_day = DAY
    scene.spend(CALLED)
    assert scene.parent.tier == (2 if kept else 1)
    end = DAY - age_days + TODDLER_DAYS + grace_days
    assert own.review_day == (end if kept else NEVER)
    assert scene.parent.tier_spending_fen == 0, "the year of spending is over all the same"


@pytest.mark.parametrize(("spent", "left"), [(0, 1), (1999, 1), (2000, 2), (9000, 2)])
def test_after_the_grace_the_tier_must_have_been_earned(
    scene: Scene, spent: float, left: int
) -> None:
    kept = member(scene, 2, TODDLER_DAYS + 30, spent, grace_days=30)
    kept.review_day, scene.parent.points_expire_day = DAY + 1, DAY + 300
    scene.spend(CALLED)
    assert scene.parent.tier == 2, "not before its day"
    kept.review_day = DAY
    scene.spend(CALLED)
    assert (scene.parent.tier, kept.review_day) == (left, NEVER)
    scene.spend(CALLED)
    assert scene.parent.tier == left, "and once"


def test_a_stage_that_begins_meanwhile_puts_the_review_off(scene: Scene) -> None:
    kept = member(scene, 2, TODDLER_DAYS + 5, 0, grace_days=30)
    kept.review_day, scene.parent.points_expire_day = DAY, DAY + 300
    scene.spend(CALLED)
    assert (scene.parent.tier, kept.review_day) == (2, DAY + 25)


def test_the_year_s_end_comes_before_a_review_that_was_put_off(scene: Scene) -> None:
    kept = member(scene, 3, TODDLER_DAYS + 40, 0, grace_days=30)
    kept.review_day = scene.parent.points_expire_day = DAY
    scene.spend(CALLED)
    assert (scene.parent.tier, kept.review_day) == (2, NEVER), "lowered by one, not by two"


# -- in worlds -------------------------------------------------------------------------------

SIZE = ("population.households=20000", "run.days=500", "run.warmup_days=60")
SIZE += ("operator.tiers.silver_yuan=200", "operator.tiers.gold_yuan=500")


@cache
def run(*overrides: str) -> Any:
    return simulate(load("membership", [*SIZE, *overrides]), 1, warm_start=False, keep_orders=True)


def given_up(result: Any) -> float:
    return float(result.daily["discount_tiers_yuan"].sum())


def test_lower_thresholds_give_up_more() -> None:
    doses = []
    for ratio in (3.0, 1.0, 0.3):
        of_all = (f"operator.tiers.{stage}_ratio={ratio}" for stage in STAGES)
        doses.append(given_up(run(*of_all)))
    assert doses[0] < doses[1] < doses[2]


def test_longer_grace_gives_up_more() -> None:
    doses = [given_up(run(f"operator.tiers.grace_days={days}")) for days in (0, 120, 365)]
    assert doses[0] < doses[1] < doses[2]


def test_ratios_of_one_and_no_strength_change_nothing() -> None:
    plain = run()
    same = run(*(f"operator.tiers.{stage}_ratio=1.0" for stage in STAGES))
    assert plain.orders.equals(same.orders)
    off = run("operator.tiers.strength=0")
    other = run("operator.tiers.strength=0", "operator.tiers.grace_days=365")
    assert off.orders.equals(other.orders)
