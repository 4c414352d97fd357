"""Member days: when, for whom, how much there is, what it costs, and when demand comes."""

from functools import cache
from typing import Any

import numpy as np
import pytest

from sim.behaviour.day import CALLED, VISITING
from sim.config.loading import load
from sim.experiments.simulate import simulate
from sim.operator.discovery import CAUSES
from sim.operator.levers import member_days
from sim.world.draws import OWN_DEAL
from sim.world.household import COMMUNITY, NEVER, PRIVATE, SUBSCRIBED
from tests.operator.test_charges import planned
from tests.scene import DAY, Scene


def on_sale(scene: Scene, left: int = 5, **settings: Any) -> Any:
    """A member on a day of a sale; the operator's own numbers are given back."""
    own = {"first_day": DAY - 1, "days": 3, "presale_days": 0, "cut": 0.3, "per_1000": 100.0}
    scene.lever("member_days", **own | {"pull": 0.5} | settings)
    shared = scene.world.states.member_days_shared[0]
    shared.left, shared.opened_day = left, DAY - 1
    scene.parent.in_private_domain = scene.parent.subscribed = 1
    scene.luck.of = {OWN_DEAL: 0.0, OWN_DEAL + 1: 0.0}
    return shared


def test_a_sale_gives_up_its_cut_once_to_each_household(scene: Scene) -> None:
    shared = on_sale(scene)
    scene.spend(VISITING)
    assert CAUSES[scene.event.cause] == "member_day"
    assert (scene.event.list_fen, scene.event.paid_fen) == (10_000, 7_000)
    assert (scene.costs(), scene.discounts()) == ({}, {"member_days": 3_000})
    assert scene.event.member_days_bought == 1
    member_days.notice(scene.world, DAY, scene.event)
    assert shared.left == 4
    scene.parent.last_order_day = -NEVER
    scene.spend(VISITING)
    assert (scene.event.list_fen, scene.inbox.own_deal_cut) == (0, 0), "it has had its share"
    shared.opened_day = DAY + 1
    scene.spend(VISITING)
    assert scene.inbox.own_deal_cut == 0.3, "in the next sale it may again"


@pytest.mark.parametrize(
    ("who", "there"),
    [
        ({"in_private_domain": 1}, True),
        ({"in_private_domain": 0, "loyalty_member": 1}, True),
        ({"in_private_domain": 0}, False),
    ],
)
def test_for_whom_it_is(scene: Scene, who: dict[str, int], there: bool) -> None:
    on_sale(scene)
    vars(scene.parent).update({"loyalty_member": 0} | who)
    scene.spend(CALLED)
    assert (scene.inbox.own_deal_cut > 0) == there


@pytest.mark.parametrize("left", [0, -3])
def test_what_is_sold_out_is_neither_offered_nor_announced(scene: Scene, left: int) -> None:
    on_sale(scene, left)
    scene.spend(VISITING)
    assert (scene.inbox.own_deal_cut, scene.discounts()) == (0, {})
    assert set(planned(scene, "member_days", DAY).prompt) == {1.0}


def test_the_private_domain_looks_in_while_it_lasts(scene: Scene) -> None:
    on_sale(scene)
    for day, prompt in ((DAY - 2, 1.0), (DAY - 1, 1.25), (DAY + 1, 1.25), (DAY + 2, 1.0)):
        today = planned(scene, "member_days", day, power=0.5)
        assert today.prompt[SUBSCRIBED | PRIVATE] == prompt
        assert today.prompt[SUBSCRIBED] == today.prompt[COMMUNITY] == 1.0


def test_stock_is_put_aside_in_the_night_before(scene: Scene) -> None:
    shared = on_sale(scene, 1)
    households = len(scene.world.ordered_on)
    opened = []
    for day in range(scene.world.first_day, scene.world.first_day + 60):
        shared.opened_day = -NEVER
        member_days.settle(scene.world, day, scene.counters)
        if shared.opened_day > -NEVER:
            opened.append(shared.opened_day)
            assert (shared.opened_day, shared.left) == (day + 1, households // 10)
    assert [day % 30 for day in opened] == [DAY - 1] * 2


def test_before_a_festival_there_is_a_sale_of_its_own(scene: Scene) -> None:
    own = scene.lever("member_days", days=0, presale_days=3)
    found = [day for day in range(60) if member_days.is_on(day, 40, own)]
    assert found == [37, 38, 39]


SIZE = (
    *("population.households=5000", "run.warmup_days=100", "run.days=120"),
    # Many members, who often look in and like a deal: so that it shows in a small world.
    *("operator.funnel.appeal=4", "behaviour.choose.operator_appeal=1.5"),
    *("behaviour.look.visits_per_day=1", "behaviour.basket.deal_base=-2.5"),
    "operator.member_days.per_1000=100",
)


@cache
def run(*overrides: str, seed: int = 1) -> Any:
    return simulate(
        load("member_days", [*SIZE, "operator.member_days.presale_days=0", *overrides]),
        seed,
        warm_start=False,
        keep_orders=True,
    )


def bought(result: Any) -> float:
    return float(result.daily["member_days_bought"].sum())


def test_a_deeper_cut_sells_more_and_a_limit_less() -> None:
    doses = [bought(run(f"operator.member_days.cut={cut}")) for cut in (0.1, 0.3, 0.5)]
    assert 0 < doses[0] < doses[1] < doses[2]
    scarce, none = (run(f"operator.member_days.per_1000={left}") for left in (3.0, 0.0))
    assert bought(none) == 0 < bought(scarce) < bought(run())
    # What a day sells beyond what is left is told: the rest of that sale sells nothing.
    daily = scarce.daily
    sold_out = daily["member_days_left"].shift(fill_value=1) <= 0
    assert daily["member_days_bought"][sold_out].sum() == 0
    opened = int((daily["day"] % 30 == 17).sum())
    assert bought(scarce) >= opened * 15


def test_demand_comes_sooner_and_is_missed_afterwards() -> None:
    """More orders on the days of a sale, and fewer packs for its buyers in the weeks after.

    Of buyers who were customers before: whoever is won by the sale comes again, and so do others
    whom it reminded of the shop, which hides it later on.
    """
    deep = ("operator.member_days.cut=0.6", "operator.member_days.per_1000=1000")
    deep += ("population.households=40000",)
    later = {1: 0, 0: 0}
    for seed in (1, 2, 3):
        lives = {on: run(*deep, f"operator.member_days.strength={on}", seed=seed) for on in later}
        there, off = lives[1], lives[0]
        in_sale = (there.daily["day"] % 30 >= 17) & (there.daily["day"] % 30 < 20)
        more = there.daily["orders"] - off.daily["orders"]
        assert more[in_sale].sum() > 0.3 * bought(there)
        first = there.orders[(there.orders["cause"] == "member_day") & (there.orders["day"] < 60)]
        customers = off.orders.loc[off.orders["day"] < 17, "household"]
        who = first[first["household"].isin(customers)].groupby("household")["day"].min()
        for on, life in lives.items():
            own = life.orders[life.orders["household"].isin(who.index)]
            since = own["day"] - own["household"].map(who)
            packs = own.loc[(since > 0) & (since <= 20)].filter(like="packs_")
            later[on] += int(packs.to_numpy().sum())
    assert later[1] < 0.95 * later[0]


def test_its_dates_and_audience_hold() -> None:
    late = run("operator.member_days.from_day=60").daily["member_days_bought"]
    assert (late[:60] == 0).all()
    assert late.sum() > 0
    half = run("operator.member_days.audience.lot=0.5")
    assert 0 < bought(half) < 0.8 * bought(run())


def test_without_strength_or_audience_nothing_changes() -> None:
    off = run("operator.member_days.strength=0")
    later = run("operator.member_days.from_day=120")
    assert off.orders.equals(later.orders)
    assert off.indicators.equals(later.indicators)
    assert np.array_equal(
        off.daily["orders"], run("operator.member_days.audience.lot=0").daily["orders"]
    )
