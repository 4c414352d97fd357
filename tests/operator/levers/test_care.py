"""Value-added services: who may ask, who does, as far as hours go, for nothing or for points."""

from functools import cache
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from sim.behaviour import talk
from sim.behaviour.day import CALLED, VISITING
from sim.config.loading import load
from sim.engine.blocks import packed, wake_schedules
from sim.experiments.simulate import simulate
from sim.operator.hooks import LEVERS
from sim.operator.levers import care
from sim.operator.own_records import states_for
from sim.operator.steps import ACTED, REACHED, SEEN
from sim.world.draws import CONSULT, HOUSEHOLD, REDEEM, named_purpose, uniform
from sim.world.household import NEVER, PRESCHOOL_DAYS, TODDLER_DAYS, WEANING_DAYS
from tests.operator.test_charges import shopping
from tests.scene import DAY, Scene
from tests.whole_worlds import lived

LOT = named_purpose("care")
NOBODY = 1.0 - 1e-9


def offered(scene: Scene, power: float = 1.0, luck: float = 0.0, **settings: float) -> Scene:
    """A member of the private domain with a newborn, below three tenths of the lots."""
    own = {"consultations_per_1000": 30.0, "quality": 0.8, "points_price": 0}
    scene.lever("care", **own | {"yuan_per_consultation": 40.0} | settings).power = power
    vars(scene.parent).update({"in_private_domain": 1, "subscribed": 1, "orders": 2})
    scene.luck.of |= {LOT: 0.3, CONSULT: luck}
    return scene


def kept(scene: Scene) -> Any:
    return scene.world.states.care[scene.place]


def steps(scene: Scene) -> int:
    who = (scene.parent, scene.place, scene.world, DAY)
    return int(LEVERS["care"].reach(*who, scene.inbox, scene.event))


# -- asking for one --------------------------------------------------------------------------


def test_each_kind_is_for_an_age() -> None:
    ages = (-1, 0, WEANING_DAYS, TODDLER_DAYS, PRESCHOOL_DAYS)
    off = {"medical": False, "nutrition": False, "support": False, "education": False}
    for name, kinds in (
        ("medical", [1, 1, 0, 0, 0]),
        ("nutrition", [0, 0, 1, 0, 0]),
        ("support", [0, 1, 1, 0, 0]),
        ("education", [0, 0, 0, 1, 1]),
    ):
        own: Any = SimpleNamespace(**off | {name: True})
        assert [care.kinds_for(age, own) for age in ages] == kinds
    every: Any = SimpleNamespace(**dict.fromkeys(off, True))
    assert [care.kinds_for(age, every) for age in ages] == [1, 2, 2, 1, 1]


@pytest.mark.parametrize(
    ("power", "private", "kinds"), [(1.0, 1, 2), (0.31, 1, 2), (0.29, 1, 0), (1.0, 0, 0)]
)
def test_the_private_domain_may_ask_and_a_part_of_it_at_a_part_of_power(
    scene: Scene, power: float, private: int, kinds: int
) -> None:
    offered(scene, power).parent.in_private_domain = private
    scene.spend(CALLED)
    assert scene.inbox.consultations == kinds
    assert (scene.event.care_asked, scene.costs()) == (0, {}), "nobody asks without a visit"
    who = (scene.parent, scene.place, scene.world, DAY)
    assert LEVERS["care"].eligible(*who) == (private > 0)


def test_whoever_looks_in_asks_perhaps(scene: Scene) -> None:
    offered(scene).spend(VISITING)
    assert (scene.event.care_asked, kept(scene).asked_day) == (1, DAY)
    assert steps(scene) == REACHED + SEEN


def test_who_does_not_ask_is_only_reached(scene: Scene) -> None:
    offered(scene, luck=NOBODY).spend(VISITING)
    assert (scene.event.care_asked, steps(scene)) == (0, REACHED)


def test_the_unsure_and_the_engaged_ask_and_each_kind_is_a_fresh_chance(scene: Scene) -> None:
    p = scene.rules.talk
    one = talk.consult_chance(1.0, 0.5, 0.5, p)
    assert talk.consult_chance(1.0, 0.4, 0.5, p) > one
    assert talk.consult_chance(1.0, 0.5, 0.6, p) > one
    assert talk.consult_chance(2.0, 0.5, 0.5, p) == pytest.approx(1 - (1 - one) ** 2)
    assert talk.consult_chance(0.0, 0.5, 0.5, p) == 0.0
    p.consult_base, p.consult_unsure, p.consult_engaged = -5.0, 2.0, 4.0
    assert talk.consult_chance(1.0, 0.5, 1.0, p) == pytest.approx(0.5)


# -- having one -------------------------------------------------------------------------------


def due(scene: Scene, **settings: float) -> Scene:
    offered(scene, **settings)
    kept(scene).due_day = DAY
    return scene


def test_what_a_consultation_does_and_costs(scene: Scene) -> None:
    p = due(scene).rules
    p.talk.efficacy_gain = 0.5
    p.believe.expert_weight, p.believe.consultation_pieces = 0.25, 4.0
    p.believe.worst_answer, p.believe.answer_span = 0.5, 0.5
    p.look.consultation_worth, p.look.worth_effect = 1.0, 0.5
    scene.spend(CALLED)
    parent = scene.parent
    assert parent.self_efficacy == pytest.approx(0.5 + 0.5 * 0.8 * 0.5)
    assert parent.trust == pytest.approx((0.5 * 4 + 0.9) / 5)
    assert parent.engagement == pytest.approx(0.5 + 0.5 * 0.8 * 0.5)
    assert parent.last_met_day == DAY
    assert (scene.event.care_had, scene.event.looked) == (1, 0), "it is no visit"
    assert scene.costs() == {"care": 4_000}
    assert steps(scene) == ACTED
    assert (kept(scene).due_day, scene.inbox.consultations) == (-NEVER, 0.0)


def test_the_better_the_more_it_does(scene: Scene) -> None:
    sure = []
    for quality in (0.0, 0.5, 1.0):
        due(scene, quality=quality).parent.self_efficacy = 0.5
        scene.inbox.consulted = 0.0
        scene.spend(CALLED)
        sure.append(scene.parent.self_efficacy)
    assert sure[0] == 0.5 < sure[1] < sure[2]


def test_nobody_has_one_on_another_day_or_after_a_failure(scene: Scene) -> None:
    due(scene)
    kept(scene).due_day = DAY + 1
    scene.spend(CALLED)
    assert (scene.event.care_had, kept(scene).due_day) == (0, DAY + 1)
    kept(scene).due_day = DAY
    scene.parent.avoids_until = DAY + 9
    scene.spend(CALLED)
    assert (scene.event.care_had, kept(scene).due_day) == (0, -NEVER), "it lapses"


def test_who_shops_today_has_it_tomorrow(scene: Scene) -> None:
    shopping(due(scene)).luck.of[LOT] = 0.3
    scene.spend(CALLED)
    assert (scene.event.list_fen > 0, scene.event.care_had) == (True, 0)
    assert (kept(scene).due_day, scene.inbox.wake_in_days) == (DAY + 1, 1)
    assert scene.wake_schedule.wake_day == DAY + 1


# -- for points -------------------------------------------------------------------------------


def test_points_pay_for_it_old_ones_first(scene: Scene) -> None:
    scene.lever("points", points_per_yuan=1.0, yuan_per_point=0.02)
    due(scene, points_price=300)
    vars(scene.parent).update({"loyalty_member": 1, "points_old": 200, "points_new": 250})
    scene.spend(CALLED)
    assert (scene.parent.points_old, scene.parent.points_new) == (0, 150)
    assert (scene.event.points_redeemed, scene.event.care_had) == (300, 1)
    assert (scene.costs(), scene.discounts()) == ({"care": 4_000}, {}), "no price is given up"


def test_an_order_keeps_its_own_points(scene: Scene) -> None:
    scene.lever("points", points_per_yuan=0.0, yuan_per_point=0.02, least_points=0)
    scene.lever("points").share_payable = 1.0
    shopping(due(scene, points_price=300)).luck.of |= {LOT: 0.3, REDEEM: 0.0}
    vars(scene.parent).update({"loyalty_member": 1, "points_new": 450})
    scene.spend(CALLED)
    assert (scene.event.points_redeemed, scene.parent.points_new) == (450, 0)
    assert scene.discounts() == {"points": 900}


def test_who_has_not_enough_cannot_ask_or_have_one(scene: Scene) -> None:
    offered(scene, points_price=300).parent.points_new = 299
    scene.spend(VISITING)
    assert scene.event.care_asked == 0
    kept(scene).due_day = DAY
    scene.spend(CALLED)
    assert (scene.event.care_had, scene.parent.points_new) == (0, 299)
    assert (scene.costs(), kept(scene).due_day) == ({}, -NEVER)


# -- as far as hours go ------------------------------------------------------------------------


def night(asked: int, customers: int = 20, power: float = 1.0, part: float = 0.0) -> Any:
    """Twenty households, of whom the first ones have asked; 3,000 a month for 1,000 customers."""
    own = SimpleNamespace(power=power, consultations_per_1000=3000.0, purpose=LOT)
    states = states_for(20, ["care"]).care
    states.asked_day[:asked] = DAY
    shared = SimpleNamespace(part=part, turned_away=9)
    world: Any = SimpleNamespace(
        seed=1,
        levers=SimpleNamespace(care=own),
        states=SimpleNamespace(care=states, care_shared=[shared]),
    )
    households, schedules = packed(20), wake_schedules(20).view(np.recarray)
    households.orders[:customers] = 1
    schedules.wake_day = NEVER
    care.spread(world, households, schedules, None, DAY)
    called = (schedules.wake_day == DAY + 1).sum()
    given = (states.due_day == DAY + 1).sum()
    assert given == called == (states.due_day[:asked] == DAY + 1).sum(), "to those who asked"
    served = states.due_day[:asked] == DAY + 1
    if served.any() and not served.all():
        lots = np.array([uniform(1, HOUSEHOLD, place, DAY, LOT + 1) for place in range(asked)])
        assert lots[served].max() < lots[~served].min(), "by lot"
    return int(given), shared.turned_away, pytest.approx(shared.part)


def test_no_more_are_served_than_there_is_time_for() -> None:
    # 3,000 a month for 1,000 are two a day for 20.
    assert night(asked=5) == (2, 3, 0.0)
    assert night(asked=1) == (1, 0, 0.0), "time that nobody asks for is lost"
    assert night(asked=5, customers=15) == (1, 4, 0.5)
    assert night(asked=5, customers=15, part=0.5) == (2, 3, 0.0)
    assert night(asked=5, power=0.5) == (1, 4, 0.0)
    assert night(asked=5, power=0.0, part=0.5) == (0, 0, 0.5)
    assert night(asked=0) == (0, 0, 0.0)


# -- in worlds -----------------------------------------------------------------------------

SIZE = ("population.households=3000", "run.days=180", "run.warmup_days=60")
SIZE += ("behaviour.choose.operator_appeal=1", "behaviour.choose.recall=20")
SIZE += ("operator.funnel.appeal=3", "strategy.budget_yuan_per_customer_month=1000")


@cache
def run(*overrides: str) -> Any:
    config = load("care_services", [*SIZE, *overrides])
    return simulate(config, 1, warm_start=False, keep_orders=True)


def total(result: Any, name: str) -> float:
    return float(result.daily[name].sum())


def test_the_more_hours_the_more_are_served_and_no_more_than_that() -> None:
    doses = [run(f"operator.care.consultations_per_1000={n}") for n in (0, 10, 40)]
    had = [total(result, "care_had") for result in doses]
    assert had[0] == 0 < had[1] < had[2]
    for result, per_1000 in zip(doses, (0, 10, 40), strict=True):
        able = per_1000 / 1000 / 30 * result.daily["customers"].sum()
        assert total(result, "care_had") <= able + 1
        assert total(result, "cost_care_yuan") == 40 * total(result, "care_had")
    assert had[1] > 0.8 * 10 / 1000 / 30 * doses[1].daily["customers"].sum(), "hours are scarce"


def test_whoever_is_helped_is_surer() -> None:
    def sure(per_1000: int) -> float:
        more = f"operator.care.consultations_per_1000={per_1000}"
        found = lived(load("care_services", [*SIZE, more]), 120).households
        return float(found["self_efficacy"][found["in_private_domain"] > 0].mean())

    assert sure(1000) > sure(100) > sure(0)


def test_for_points_fewer_ask_and_points_are_conserved() -> None:
    on = ("operator.points.strength=1", "operator.care.consultations_per_1000=400")
    free, dear = run(*on), run(*on, "operator.care.points_price=400")
    assert 0 < total(dear, "care_had") < total(free, "care_had")
    paid = dear.daily["points_redeemed"].sum() - dear.orders["points_redeemed"].sum()
    assert paid == 400 * total(dear, "care_had")


def test_its_dates_and_audience_hold() -> None:
    late = run("operator.care.from_day=120").daily
    assert (late["care_asked"][:120] == 0).all()
    assert late["care_had"].sum() > 0
    early = run("operator.care.until_day=60").daily
    assert early["care_had"][:60].sum() > 0
    assert (early["care_had"][60:] == 0).all()
    east = run("operator.care.audience.regions=[East]")
    assert 0 < total(east, "care_asked") < total(run(), "care_asked")


def test_without_strength_audience_or_kinds_nothing_changes() -> None:
    off = run("operator.care.strength=0")
    kinds = ("medical", "nutrition", "support", "education")
    none = tuple(f"operator.care.{kind}=false" for kind in kinds)
    for other in (("operator.care.audience.lot=0",), ("operator.care.from_day=180",), none):
        assert off.indicators.equals(run(*other).indicators), other
