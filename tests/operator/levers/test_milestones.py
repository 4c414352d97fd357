"""Birthdays and milestones: who gets a letter and when, what it costs, what is in it."""

from functools import cache
from typing import Any

import pytest

from sim.behaviour.day import CALLED
from sim.config.loading import load
from sim.experiments.simulate import simulate
from sim.operator.hooks import NAMES
from sim.operator.levers.milestones import is_milestone, next_milestone
from sim.world.draws import named_purpose
from sim.world.household import GRADUATION_DAYS
from tests.scene import DAY, Scene

LOT = named_purpose("milestones")
STAGES, BIRTHDAYS = [0, 182, 365, 1095], [365, 730, 1095, 1460, 1825]


def of_age(scene: Scene, age_days: int, **settings: Any) -> Scene:
    """A customer who consented, with a child of this age."""
    own = {"birthdays": 1, "stages": 1, "quality": 0.8, "advice_days": 7, "gift_percent": 5}
    own |= {"gift_days": 14, "yuan_per_message": 0.3}
    power = settings.pop("power", 1.0)
    scene.lever("milestones", **own | settings).power = power
    vars(scene.parent).update({"orders": 2, "subscribed": 1, "consent": 1})
    scene.parent.birth_day = DAY - age_days
    scene.luck.of[LOT] = 0.5
    return scene


@pytest.mark.parametrize(
    ("birthdays", "stages", "ages"),
    [(1, 1, sorted({*STAGES, *BIRTHDAYS})), (1, 0, BIRTHDAYS), (0, 1, STAGES), (0, 0, [])],
)
def test_letters_are_due_on_birthdays_and_where_a_stage_begins(
    scene: Scene, birthdays: int, stages: int, ages: list[int]
) -> None:
    own = scene.lever("milestones", birthdays=birthdays, stages=stages)
    lived = range(-250, GRADUATION_DAYS)
    assert [age for age in lived if is_milestone(age, own)] == ages
    for age in lived:
        after = [later for later in ages if later > age]
        assert next_milestone(age, own) == min([*after, GRADUATION_DAYS])


def test_a_letter_costs_its_writing_and_brings_advice_and_a_coupon(scene: Scene) -> None:
    of_age(scene, 182).spend(CALLED)
    assert (scene.costs(), scene.discounts()) == ({"milestones": 30}, {})
    assert (scene.inbox.personal_messages, scene.inbox.stage_advice) == (1, 0.8)
    parent = scene.parent
    held = (parent.coupon_percent, parent.coupon_until, parent.coupon_line)
    assert held == (5, DAY + 14, NAMES.index("milestones"))


def test_advice_stays_at_hand_for_some_days(scene: Scene) -> None:
    of_age(scene, 182).spend(CALLED)
    for day, advice in ((DAY + 1, 0.8), (DAY + 6, 0.8), (DAY + 7, 0.0)):
        scene.day = day
        scene.spend(CALLED)
        assert (scene.inbox.stage_advice, scene.inbox.letter) == (advice, 0)
    assert scene.costs() == {"milestones": 30}, "written once"


def test_a_household_is_woken_for_its_next_milestone(scene: Scene) -> None:
    of_age(scene, 170).spend(CALLED)
    assert scene.wake_schedule.wake_day == DAY + 12


@pytest.mark.parametrize(
    ("who", "what"),
    [
        ({"orders": 0}, {}),
        ({"consent": 0}, {}),  # it uses the birthday
        ({"subscribed": 0}, {}),
        ({}, {"power": 0.5}),  # the lot fell on others
        ({}, {"power": 0.0}),
    ],
)
def test_who_gets_none(scene: Scene, who: dict[str, int], what: dict[str, float]) -> None:
    vars(of_age(scene, 365, **what).parent).update(who)
    scene.spend(CALLED)
    assert (scene.costs(), scene.inbox.letter, scene.inbox.coupon_percent) == ({}, 0, 0)
    assert scene.inbox.wake_in_days == 0


def test_a_letter_without_a_gift(scene: Scene) -> None:
    of_age(scene, 365, gift_percent=0).spend(CALLED)
    assert (scene.costs(), scene.inbox.coupon_percent) == ({"milestones": 30}, 0)


SIZE = ("population.households=4000", "run.days=120", "run.warmup_days=60")


@cache
def run(*overrides: str) -> Any:
    return simulate(load("milestones", [*SIZE, *overrides]), 1, warm_start=False, keep_orders=True)


def letters(result: Any) -> float:
    return float(result.daily["cost_milestones_yuan"].sum()) / 0.3


def test_more_strength_writes_more() -> None:
    few, many = (letters(run(f"operator.milestones.strength={dose}")) for dose in (0.4, 1.0))
    assert 0 < few < 0.7 * many
    both, stages = letters(run()), letters(run("operator.milestones.birthdays=false"))
    assert 0 < stages < both


def test_letters_bring_visits() -> None:
    # Keen readers, and no chats that live in one life and fall silent in the other: a small world.
    said = ("behaviour.look.click_through=0.9", "operator.community.strength=0")
    there, off = (run(*said, f"operator.milestones.strength={power}") for power in (1, 0))
    assert there.daily["visits"].sum() > off.daily["visits"].sum()


def test_its_dates_and_audience_hold() -> None:
    late = run("operator.milestones.from_day=60").daily["cost_milestones_yuan"]
    assert (late[:60] == 0).all()
    assert late.sum() > 0
    assert 0 < letters(run("operator.milestones.audience.stages=[toddler]")) < letters(run())


def test_without_strength_or_audience_nothing_changes() -> None:
    off = run("operator.milestones.strength=0")
    for other in ("operator.milestones.audience.lot=0", "operator.milestones.from_day=120"):
        assert off.orders.equals(run(other).orders)
        assert off.indicators.equals(run(other).indicators)
