"""Stores and local events: who is near, who comes, what it costs, what it is for."""

from functools import cache
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from sim.behaviour import choose, talk, weighing
from sim.behaviour.day import CALLED
from sim.behaviour.weighing import OFFLINE, PRIVATE_STORE, PUBLIC_STORE
from sim.config.loading import load
from sim.engine.blocks import packed, wake_schedules
from sim.experiments.simulate import simulate
from sim.operator.hooks import LEVERS
from sim.operator.levers import stores
from sim.operator.steps import ACTED, ORDERED, REACHED
from sim.world.draws import COME_TO_EVENT, CONSIDER, HOUSEHOLD, SHOP_OFFLINE, named_purpose, uniform
from sim.world.household import NEVER
from tests.operator.test_charges import shopping
from tests.scene import DAY, Scene
from tests.whole_worlds import lived

LOT = named_purpose("stores")


def near(scene: Scene, power: float = 1.0, **settings: float) -> Scene:
    """A member of the private domain whom three tenths of the lots are below."""
    own = {"coverage": 0.5, "events_per_month": 0.0, "yuan_per_message": 0.05}
    scene.lever("stores", **own | {"yuan_per_guest": 20.0} | settings).power = power
    vars(scene.parent).update({"in_private_domain": 1, "subscribed": 1, "orders": 2})
    scene.luck.of[LOT] = 0.3
    return scene


def steps(scene: Scene) -> int:
    who = (scene.parent, scene.place, scene.world, DAY)
    return int(LEVERS["stores"].reach(*who, scene.inbox, scene.event))


# -- a store nearby ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("power", "coverage", "there"),
    [(1.0, 0.5, 1), (1.0, 0.29, 0), (0.5, 0.5, 0), (0.7, 0.5, 1), (0.0, 1.0, 0)],
)
def test_who_lives_near_a_store(scene: Scene, power: float, coverage: float, there: int) -> None:
    near(scene, power, coverage=coverage).spend(CALLED)
    assert scene.inbox.store_near == there
    who = (scene.parent, scene.place, scene.world, DAY)
    assert LEVERS["stores"].eligible(*who) == bool(there)
    assert (scene.costs(), steps(scene)) == ({}, 0)


def test_what_is_ordered_near_a_store_is_fetched_at_once(scene: Scene) -> None:
    scene.world.region.delivery_days[:] = 3.4
    near(scene)
    scene.lever("delivery", share=1.0, yuan_per_order=5.0)
    shopping(scene).luck.of[LOT] = 0.3
    scene.luck.of[named_purpose("delivery")] = 0.0
    scene.spend(CALLED)
    assert (scene.event.list_fen, scene.parent.arrival_expected_day) == (30_000, DAY)
    assert scene.costs() == {}, "no courier is sent"
    assert steps(scene) == REACHED + ORDERED


def utility(scene: Scene, there: float, store: int = PUBLIC_STORE) -> float:
    scene.inbox.store_near = there
    who = (scene.parent, scene.world, DAY, store, scene.inbox)
    return float(weighing.operator_utility(*who, 0.0, 0.0))


@pytest.mark.parametrize("store", [PUBLIC_STORE, PRIVATE_STORE])
def test_a_store_nearby_speaks_for_both_channels(scene: Scene, store: int) -> None:
    scene.world.region.delivery_days[:] = 3.0
    p, parent = scene.rules.choose, scene.parent
    p.delivery_effect = p.short_effect = 0.0
    p.store_convenience, p.store_liking = 0.2, 0.5
    for liking, more in ((0.0, 0.2), (1.0, 0.7), (-0.2, 0.1), (-3.0, 0.0)):
        parent.offline_taste = liking
        assert utility(scene, 1.0, store) - utility(scene, 0.0, store) == pytest.approx(more)
        assert choose.store_utility(liking, p) == pytest.approx(more)
    p.delivery_effect = 0.3
    assert utility(scene, 1.0, store) - utility(scene, 0.0, store) == pytest.approx(0.9)


def test_a_store_in_sight_brings_the_operator_to_mind(scene: Scene) -> None:
    """A stranger; the shops nearby, else chosen, have nothing of it."""
    for recall, there, store in ((0.2, 1, PUBLIC_STORE), (0.2, 0, OFFLINE), (0.05, 1, OFFLINE)):
        near(scene, coverage=0.5 * there)
        vars(scene.parent).update({"in_private_domain": 0, "subscribed": 0, "orders": 0})
        shopping(scene).parent.habit = [0.0, 0.0, 0.5, 0.25, 0.25]
        scene.rules.choose.store_recall = recall
        scene.luck.of |= {LOT: 0.3, CONSIDER: 0.1, SHOP_OFFLINE: 0.99}
        scene.event.store = -1
        scene.spend(CALLED)
        assert scene.event.store == store


# -- events --------------------------------------------------------------------------------


@pytest.mark.parametrize(("a_month", "held"), [(0.0, 0), (0.5, 3), (2.0, 12), (30.0, 180)])
def test_events_are_evenly_spread(scene: Scene, a_month: float, held: int) -> None:
    own = scene.lever("stores", events_per_month=a_month)
    days = [day for day in range(180) if stores.has_event(own, day)]
    assert len(days) == held
    assert len(set(np.diff(days))) <= 1


def event_day(scene: Scene, luck: float = 0.0, **who: float) -> Scene:
    near(scene, events_per_month=30.0)
    vars(scene.parent).update(who)
    scene.luck.of[COME_TO_EVENT] = luck
    return scene


def test_whoever_comes_meets_the_operator_in_person(scene: Scene) -> None:
    believe, look = scene.rules.believe, scene.rules.look
    believe.event_weight, believe.event_evidence, look.event_worth = 1.0, 0.9, 1.0
    before = SimpleNamespace(**vars(event_day(scene).parent))
    scene.spend(CALLED)
    parent = scene.parent
    assert parent.trust == pytest.approx((before.trust * 4 + 0.9) / 5)
    assert parent.trust_weight == pytest.approx(5.0)
    assert parent.engagement > before.engagement
    assert parent.last_met_day == DAY
    assert (scene.event.stores_came, scene.event.looked) == (1, 0), "it is no visit online"
    assert scene.inbox.personal_messages == 1
    assert scene.costs() == {"stores": 2_005}
    assert steps(scene) == REACHED + ACTED


def test_whoever_stays_at_home_got_an_invitation_alone(scene: Scene) -> None:
    before = SimpleNamespace(**vars(event_day(scene, luck=1.0).parent))
    scene.spend(CALLED)
    parent = scene.parent
    assert (parent.trust, parent.engagement) == (before.trust, before.engagement)
    assert (scene.event.stores_came, scene.costs()) == (0, {"stores": 5})
    assert (parent.last_met_day, steps(scene)) == (-NEVER, REACHED)


@pytest.mark.parametrize(
    ("who", "invited"),
    [
        ({}, 1),
        ({"avoids_until": DAY + 9}, 1),  # who does not come, having turned away
        ({"in_private_domain": 0}, 0),
    ],
)
def test_who_is_invited(scene: Scene, who: dict[str, int], invited: int) -> None:
    event_day(scene, **who).spend(CALLED)
    assert scene.inbox.local_event == invited
    assert scene.event.stores_came == (0 if who else 1)


def test_nobody_is_invited_where_no_store_is_nearby(scene: Scene) -> None:
    event_day(scene).luck.of[LOT] = 0.6
    scene.spend(CALLED)
    assert (scene.inbox.local_event, scene.costs(), scene.event.stores_came) == (0, {}, 0)


def test_company_and_engagement_bring_guests(scene: Scene) -> None:
    p = scene.rules.talk
    for less, more in (((-1.0, 0.3), (1.0, 0.3)), ((0.0, 0.2), (0.0, 0.8))):
        assert 0.0 < talk.come_chance(*less, p) < talk.come_chance(*more, p) < 1.0


def test_the_night_before_guests_are_woken(scene: Scene) -> None:
    near(scene, events_per_month=1.0)
    places = len(scene.world.ordered_on)
    for day in (28, 29):  # an event on day 29
        households, schedules = packed(places), wake_schedules(places).view(np.recarray)
        households.in_private_domain[::2] = 1
        schedules.wake_day = 1000
        stores.spread(scene.world, households, schedules, np.zeros(16, np.int64), day)
        woken = np.flatnonzero(schedules.wake_day < 1000)
        assert list(woken) == ([*range(0, places, 2)] if day == 28 else [])
        assert set(schedules.wake_day[woken]) == ({29} if day == 28 else set())


# -- rent and staff ------------------------------------------------------------------------


def test_stores_cost_their_rent_whoever_orders() -> None:
    def night(**settings: float) -> int:
        own = {"power": 0.5, "coverage": 0.5, "households_per_store": 4.0, "everybody": 1}
        own |= {"yuan_per_store_month": 6000.0, "line": 0} | settings
        world: Any = SimpleNamespace(
            levers=SimpleNamespace(stores=SimpleNamespace(**own)),
            states=SimpleNamespace(stores_shared=[SimpleNamespace(households=0, open=0.0)]),
        )
        households = packed(20)
        households.birth_day[16:] = NEVER  # places where nobody lives
        counters: Any = SimpleNamespace(cost_fen=[0])
        stores.prepare(world, households, 3)
        stores.settle(world, 3, counters)
        return int(counters.cost_fen[0])

    # Half of half of sixteen households are four, around one store: 6,000 / 30 a day.
    assert night() == 20_000
    assert night(power=1.0) == night(coverage=1.0) == 40_000
    assert night(households_per_store=8.0) == 10_000
    assert night(power=0.0) == night(coverage=0.0) == 0


# -- in worlds -----------------------------------------------------------------------------

SIZE = ("population.households=6000", "run.days=180", "run.warmup_days=60")
SIZE += ("operator.stores.audience.city_tiers=[all]", "operator.funnel.appeal=3")
SIZE += ("strategy.budget_yuan_per_customer_month=1000",)  # few customers, and no lack of money


@cache
def run(*overrides: str) -> Any:
    return simulate(
        load("store_and_community", [*SIZE, *overrides]), 1, warm_start=False, keep_orders=True
    )


def total(result: Any, name: str) -> float:
    return float(result.daily[name].sum())


def test_more_stores_bring_more_orders_and_cost_more() -> None:
    doses = [run(f"operator.stores.coverage={share}") for share in (0.0, 0.4, 1.0)]
    orders, costs = ([total(r, n) for r in doses] for n in ("orders", "cost_stores_yuan"))
    assert orders[0] < orders[1] < orders[2]
    assert 0 == costs[0] < costs[1] < 0.6 * costs[2]


def test_they_work_on_those_who_live_near_one() -> None:
    there, off = run(), run("operator.stores.strength=0")
    luck = [uniform(1, HOUSEHOLD, place, 0, LOT) for place in range(6000)]
    around = {place for place, u in enumerate(luck) if u < 0.3}

    def orders(result: Any, whose: bool) -> int:
        return int((result.orders["household"].isin(around) == whose).sum())

    more = orders(there, True) - orders(off, True)
    assert more > 0.1 * orders(off, True)
    assert abs(orders(there, False) - orders(off, False)) < 0.3 * more, "friends and shelves alone"


def test_orders_are_won_from_the_shops_nearby_too() -> None:
    """Of those near a store a smaller part of past orders was made at other shops nearby."""
    habits = []
    for strength in (0.0, 1.0):
        own = [*SIZE, "run.warmup_days=0", f"operator.stores.strength={strength}"]
        model = lived(load("store_and_community", own), 150)
        near = [uniform(7, HOUSEHOLD, place, 0, LOT) < 0.3 for place in range(6000)]
        habits.append(model.households["habit"][near].mean(axis=0))
    without, there = habits
    assert there[OFFLINE] < without[OFFLINE]
    assert there[PUBLIC_STORE] > without[PUBLIC_STORE]


def test_the_more_events_the_more_guests() -> None:
    doses = [run(f"operator.stores.events_per_month={n}") for n in (0, 2, 8)]
    guests = [total(result, "stores_came") for result in doses]
    assert guests[0] == 0 < guests[1] < guests[2]


def test_books_are_rent_invitations_and_guests() -> None:
    rent = run("operator.stores.events_per_month=0").daily
    assert np.array(rent["stores_open"]) == pytest.approx(0.3 * 6000 / 5000)
    assert rent["cost_stores_yuan"].sum() == pytest.approx(180 * 0.36 * 40_000 / 30)
    guests = run("operator.stores.yuan_per_store_month=0", "operator.stores.yuan_per_message=0")
    assert total(guests, "cost_stores_yuan") == 20 * total(guests, "stores_came") > 0


def test_their_dates_and_audience_hold() -> None:
    late = run("operator.stores.from_day=150").daily
    assert (late["cost_stores_yuan"][:150] == 0).all()
    assert (late["stores_came"][:150] == 0).all()
    assert late["cost_stores_yuan"].sum() > 0
    east = run("operator.stores.audience.regions=[East]").daily["stores_open"]
    assert east.max() == pytest.approx(0.27 * 0.36, rel=0.1), "27 of 100 households live there"


def test_without_strength_or_audience_nothing_changes() -> None:
    off = run("operator.stores.strength=0")
    for other in ("audience.lot=0", "from_day=180", "coverage=0"):
        same = run(f"operator.stores.{other}")
        assert off.orders.equals(same.orders)
        assert off.indicators.equals(same.indicators)
