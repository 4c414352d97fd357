"""Forward warehouses: who lives near one, when goods come, what it costs, what it is for."""

from functools import cache
from types import SimpleNamespace
from typing import Any

import pytest

from sim.behaviour import choose, weighing
from sim.behaviour.day import CALLED
from sim.config.loading import load
from sim.engine.blocks import packed
from sim.experiments.simulate import simulate
from sim.operator.hooks import LEVERS
from sim.operator.levers import delivery
from sim.world.draws import DELIVERY, HOUSEHOLD, UNFILLED, named_purpose, uniform
from sim.world.household import NEVER
from tests.operator.test_charges import shopping
from tests.scene import DAY, DIAPERS, Scene

LOT = named_purpose("delivery")


def near(scene: Scene, power: float = 1.0, **settings: float) -> Scene:
    """A household that three tenths of the lots are below."""
    own = {"share": 0.5, "days_saved": 2.0, "yuan_per_order": 5.0}
    scene.lever("delivery", **own | settings).power = power
    scene.world.region.delivery_days[:] = 3.4
    shopping(scene)
    scene.luck.of[LOT] = 0.3
    return scene


# -- for whom, and when goods come ---------------------------------------------------------


@pytest.mark.parametrize(
    ("power", "share", "there"),
    [(1.0, 0.5, 1), (1.0, 0.29, 0), (0.5, 0.5, 0), (0.7, 0.5, 1), (0.0, 1.0, 0)],
)
def test_who_lives_near_one(scene: Scene, power: float, share: float, there: int) -> None:
    near(scene, power, share=share).spend(CALLED)
    assert scene.inbox.days_saved == 2.0 * there
    assert scene.event.list_fen == 30_000
    assert scene.costs() == ({"delivery": 500} if there else {})
    who = (scene.parent, scene.place, scene.world, DAY)
    assert LEVERS["delivery"].eligible(*who) == bool(there)
    steps = LEVERS["delivery"].reach(*who, scene.inbox, scene.event)
    assert (steps > 0) == bool(there)


@pytest.mark.parametrize(
    ("saved", "late_days", "promised", "late"),
    [(0.0, 0.0, 3, 0), (1.0, 0.0, 2, 0), (2.0, 0.0, 1, 0), (30.0, 0.0, 0, 0), (30.0, 2.0, 0, 2)],
)
def test_goods_come_sooner_and_are_late_for_want_of_stock_all_the_same(
    scene: Scene, saved: float, late_days: float, promised: int, late: int
) -> None:
    near(scene, days_saved=saved).today.late_days = late_days
    scene.rules.choose.least_delivery_days = 0.25
    scene.luck.of[DELIVERY] = 0.0
    scene.spend(CALLED)
    parent = scene.parent
    assert parent.arrival_expected_day == DAY + promised
    assert parent.arrival_day == DAY + promised + late
    assert scene.wake_schedule.wake_day == DAY + max(promised + late, 1), "to judge it"


def test_an_order_that_is_not_filled_is_not_sent(scene: Scene) -> None:
    near(scene).today.unfilled[:] = 1.0
    scene.luck.of[UNFILLED] = 0.0
    scene.spend(CALLED)
    assert (scene.event.unfilled, scene.costs()) == (1, {})


# -- the rules -----------------------------------------------------------------------------


def test_days_without_goods() -> None:
    for days, left, without in ((3, 1, 2), (3, 5, 0), (3, 0, 3), (3, -2, 3), (0, -2, 0)):
        assert choose.days_without(float(days), float(left)) == without


def utility(scene: Scene, saved: float, left: int = 30) -> float:
    scene.parent.covered_until[DIAPERS] = DAY + left
    scene.inbox.days_saved = saved
    return float(weighing.delivery_utility(scene.parent, scene.world, DAY, scene.inbox))


def test_what_sooner_is_worth(scene: Scene) -> None:
    scene.world.region.delivery_days[:] = 4.0
    p = scene.rules.choose
    p.delivery_effect, p.short_effect, p.rival_delivery_days = 0.3, 0.5, 2.0
    p.least_delivery_days = 0.5
    assert utility(scene, 0.0, 0) == utility(scene, 0.0, 30) == pytest.approx(-0.6), "as ever"
    assert utility(scene, 3.0) == pytest.approx(0.3), "a day before a rival"
    assert utility(scene, 9.0) == pytest.approx(0.45), "no sooner than can be"
    # With stock for two days it would be without goods for two of the four: all are spared.
    assert utility(scene, 3.0, 2) == pytest.approx(0.3 + 1.0)
    assert utility(scene, 3.0, 0) == pytest.approx(0.3 + 1.5)
    p.short_effect = 0.0
    assert utility(scene, 3.0, 0) == pytest.approx(0.3)
    p.least_delivery_days = 9.0
    assert utility(scene, 3.0) == utility(scene, 0.0), "nowhere later than it is"


def test_more_days_saved_never_count_less(scene: Scene) -> None:
    p = scene.rules.choose
    p.delivery_effect, p.short_effect = 0.3, 0.3
    for left in (-5, 0, 1, 3, 30):
        found = [utility(scene, 0.25 * step, left) for step in range(20)]
        assert found == sorted(found)


# -- rent and staff ------------------------------------------------------------------------


def month(day: int, lived: int, shared: Any = None, **settings: float) -> tuple[Any, int]:
    """The operator's own numbers, and what a night costs it in fen."""
    own = {"power": 0.5, "share": 0.5, "households_per_warehouse": 4.0, "everybody": 1, "line": 0}
    own |= {"yuan_per_warehouse_month": 6000.0}
    kept = [shared or SimpleNamespace(households=0, warehouses=0.0)]
    world: Any = SimpleNamespace(
        levers=SimpleNamespace(delivery=SimpleNamespace(**own | settings)),
        states=SimpleNamespace(delivery_shared=kept),
    )
    households = packed(20)
    households.birth_day[lived:] = NEVER  # places where nobody lives
    counters: Any = SimpleNamespace(cost_fen=[0])
    delivery.prepare(world, households, day)
    delivery.settle(world, day, counters)
    return kept[0], counters.cost_fen[0]


def test_warehouses_cost_their_rent_whoever_orders() -> None:
    # Half of half of sixteen households are four, which one warehouse serves: 6,000 / 30 a day.
    assert month(3, 16)[1] == 20_000
    assert month(3, 16, power=1.0)[1] == 40_000
    assert month(3, 16, households_per_warehouse=8.0)[1] == 10_000
    assert month(3, 16, power=0.0)[1] == month(3, 16, share=0.0)[1] == 0


def test_households_are_counted_once_a_month() -> None:
    kept, _ = month(3, 16)
    assert (kept.households, kept.warehouses) == (16, 1.0)
    assert month(29, 12, kept)[0].households == 16
    assert month(30, 12, kept)[0].households == 12
    kept, fen = month(31, 12, kept, power=0.0)
    assert (kept.households, kept.warehouses, fen) == (0, 0.0, 0), "and not where it is off"


# -- in worlds -----------------------------------------------------------------------------

SIZE = ("population.households=6000", "run.days=180", "run.warmup_days=60")
SIZE += ("operator.delivery.audience.city_tiers=[all]", "operator.delivery.days_saved=3")
SIZE += ("strategy.budget_yuan_per_customer_month=1000",)  # few customers, and no lack of money


@cache
def run(*overrides: str) -> Any:
    return simulate(
        load("fast_delivery", [*SIZE, *overrides]), 1, warm_start=False, keep_orders=True
    )


def cost(result: Any) -> float:
    return float(result.daily["cost_delivery_yuan"].sum())


def test_more_of_it_brings_more_orders_and_costs_more() -> None:
    doses = [run(f"operator.delivery.share={share}") for share in (0.0, 0.4, 1.0)]
    orders = [float(result.daily["orders"].sum()) for result in doses]
    assert orders[0] < orders[1] < orders[2]
    assert 0 == cost(doses[0]) < cost(doses[1]) < 0.6 * cost(doses[2])
    days = [run(f"operator.delivery.days_saved={days}") for days in (0, 1, 3)]
    orders = [float(result.daily["orders"].sum()) for result in days]
    assert orders[0] < orders[1] < orders[2]


def test_it_works_on_those_who_live_near_one() -> None:
    there, off = run(), run("operator.delivery.strength=0")
    luck = [uniform(1, HOUSEHOLD, place, 0, LOT) for place in range(6000)]
    served = {place for place, u in enumerate(luck) if u < 0.5}

    def orders(result: Any, whose: bool) -> int:
        return int((result.orders["household"].isin(served) == whose).sum())

    more = orders(there, True) - orders(off, True)
    assert more > 0.05 * orders(off, True)
    assert abs(orders(there, False) - orders(off, False)) < 0.2 * more, "friends and shelves alone"


def test_books_are_rent_and_couriers() -> None:
    result = run("operator.delivery.yuan_per_warehouse_month=0", "operator.delivery.share=1")
    filled = int((result.orders["list_yuan"] > 0).sum())
    assert cost(result) == pytest.approx(5.0 * filled)
    rent = run("operator.delivery.yuan_per_order=0", "operator.delivery.share=1").daily
    assert (rent["delivery_warehouses"] == 6000 / 8000).all()
    assert rent["cost_delivery_yuan"].sum() == pytest.approx(180 * 0.75 * 20_000 / 30)


def test_its_dates_and_audience_hold() -> None:
    late = run("operator.delivery.from_day=150").daily
    assert (late["cost_delivery_yuan"][:150] == 0).all()
    assert late["cost_delivery_yuan"].sum() > 0
    east = run("operator.delivery.audience.regions=[East]")
    assert 0.15 * cost(run()) < cost(east) < 0.4 * cost(run()), "27 of 100 households live there"


def test_without_strength_or_audience_nothing_changes() -> None:
    off = run("operator.delivery.strength=0")
    for other in ("audience.lot=0", "from_day=180", "share=0"):
        same = run(f"operator.delivery.{other}")
        assert off.orders.equals(same.orders)
        assert off.indicators.equals(same.indicators)
    still = run("operator.delivery.days_saved=0")
    assert off.orders.equals(still.orders), "whoever saves no days only pays"
