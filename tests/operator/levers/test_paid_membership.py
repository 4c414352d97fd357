"""Paid membership: who pays, what it brings, and that its money is in the books to the fen."""

from functools import cache
from typing import Any

import pytest

from sim.behaviour.day import CALLED
from sim.behaviour.rewards import fee_chance, year_of_orders
from sim.config.loading import load
from sim.experiments.simulate import simulate
from sim.operator.hooks import NAMES
from sim.operator.levers import paid_membership
from sim.world.draws import CONSIDER, PAY_FEE, SHOP_PUBLIC, named_purpose
from sim.world.household import NEVER
from tests.scene import DAY, DIAPERS, Scene

LOT = named_purpose("paid_membership")
SURE = 0.0


def shopper(scene: Scene, **settings: Any) -> Any:
    """A customer about to order for 300 yuan, to whom membership is for sale."""
    own = {"fee_yuan": 99.0, "cut": 0.1, "entry_orders": 1, "renewal_days": 30}
    own |= {"yuan_per_member": 5.0, "yuan_per_customer_month": 0.0}
    power = settings.pop("power", 1.0)
    scene.lever("paid_membership", **own | settings).power = power
    since = {"orders": 4, "subscribed": 1, "first_order_day": DAY - 365, "spending_fen": 170_000}
    vars(scene.parent).update(since | {"last_order_day": DAY - 30})
    scene.parent.covered_until[DIAPERS] = DAY
    scene.rules.need.cover_days, scene.rules.need.promotion_cover = 30.0, 0.0
    scene.rules.need.bundle_days = 0.0
    scene.rules.choose.wait_appeal, scene.rules.choose.recall = -50.0, 20.0
    scene.parent.habit = [0.1, 0.1, 0.4, 0.2, 0.2]
    scene.luck.otherwise = 0.5
    scene.luck.of |= {CONSIDER: SURE, SHOP_PUBLIC: 1 - 1e-12, PAY_FEE: SURE}
    return scene.world.states.paid_membership[scene.place]


# -- the rule ------------------------------------------------------------------------------


def test_a_year_is_reckoned_from_what_was_spent(scene: Scene) -> None:
    p = scene.rules.rewards
    p.fee_memory_days = 180.0
    assert year_of_orders(730.0, 365.0, p) == 730.0
    assert year_of_orders(730.0, 730.0, p) == 365.0
    assert year_of_orders(90.0, 1.0, p) == year_of_orders(90.0, 180.0, p) == 182.5


def test_who_saves_more_trusts_more_or_pays_less_joins_more_often(scene: Scene) -> None:
    p = scene.rules.rewards
    usual = fee_chance(100.0, 99.0, 0.5, p)
    assert fee_chance(150.0, 99.0, 0.5, p) > usual > fee_chance(50.0, 99.0, 0.5, p)
    assert fee_chance(100.0, 49.0, 0.5, p) > usual > fee_chance(100.0, 199.0, 0.5, p)
    assert fee_chance(100.0, 99.0, 0.9, p) > usual > fee_chance(100.0, 99.0, 0.1, p)
    p.fee_base = 0.0
    assert fee_chance(99.0, 99.0, 0.5, p) == 0.5
    assert fee_chance(1e9, 99.0, 1.0, p) == 1.0


def test_a_first_wish_lasts(scene: Scene) -> None:
    shopper(scene)
    scene.parent.family = 3
    scene.spend(CALLED)
    assert (PAY_FEE, 3) in scene.luck.asked, "by family, not by day"


def test_the_saving_is_that_of_the_orders_so_far(scene: Scene) -> None:
    shopper(scene)
    p = scene.rules.rewards
    # 1,700 yuan in a year and 300 today, a tenth of which is 200 yuan.
    chance = fee_chance(200.0, 99.0, scene.parent.trust, p)
    for u, paid in ((chance - 1e-9, 1), (chance + 1e-9, 0)):
        shopper(scene)
        scene.luck.of[PAY_FEE] = u
        scene.spend(CALLED)
        assert scene.event.paid_fee == paid
        scene.world.states.paid_membership[scene.place].until_day = -NEVER


# -- the lever -----------------------------------------------------------------------------


def test_a_fee_is_income_and_begins_a_year_tomorrow(scene: Scene) -> None:
    kept = shopper(scene)
    scene.spend(CALLED)
    assert (scene.event.paid_fen, scene.event.paid_fee) == (30_000, 1)
    assert scene.counters.fees_fen == 9_900
    assert (scene.costs(), scene.discounts()) == ({"paid_membership": 500}, {})
    assert kept.until_day == DAY + 1 + 365
    paid_membership.settle(scene.world, DAY, scene.counters)
    assert scene.world.states.paid_membership_shared[0].members == 1


def test_a_member_s_cut_is_price_given_up(scene: Scene) -> None:
    shopper(scene).until_day = DAY + 200
    scene.spend(CALLED)
    assert (scene.event.paid_fen, scene.event.paid_fee) == (27_000, 0), "no second year yet"
    assert (scene.costs(), scene.discounts()) == ({}, {"paid_membership": 3_000})
    assert scene.counters.fees_fen == 0


@pytest.mark.parametrize(
    ("left", "until", "paid"),
    [(31, 31, 0), (30, 30 + 365, 1), (1, 1 + 365, 1), (0, 1 + 365, 1), (-9, 1 + 365, 1)],
)
def test_a_year_is_renewed_when_it_is_nearly_over(
    scene: Scene, left: int, until: int, paid: int
) -> None:
    kept = shopper(scene)
    kept.until_day = DAY + left
    scene.spend(CALLED)
    assert (scene.event.paid_fee, kept.until_day - DAY) == (paid, until)
    assert scene.event.paid_fen == (27_000 if left > 0 else 30_000)


def test_tier_and_membership_add_up_and_each_books_its_own(scene: Scene) -> None:
    scene.lever("tiers", silver_cut=0.05)
    shopper(scene).until_day = DAY + 200
    scene.parent.loyalty_member = scene.parent.tier = 1
    scene.parent.points_expire_day = DAY + 300
    scene.spend(CALLED)
    assert scene.event.paid_fen == 25_500
    assert scene.discounts() == {"tiers": 1_500, "paid_membership": 3_000}


@pytest.mark.parametrize(
    ("who", "what"),
    [
        ({"orders": 0}, {}),
        ({"orders": 4}, {"entry_orders": 5}),
        ({}, {"power": 0.0}),
        ({}, {"power": 0.5}),  # the lot fell on others
    ],
)
def test_to_whom_it_is_not_for_sale(
    scene: Scene, who: dict[str, int], what: dict[str, float]
) -> None:
    shopper(scene, **what)
    vars(scene.parent).update(who)
    scene.luck.of[LOT] = 0.5
    scene.spend(CALLED)
    assert (scene.inbox.fee_yuan, scene.event.paid_fee, scene.counters.fees_fen) == (0, 0, 0)


# -- in whole worlds -----------------------------------------------------------------------

SIZE = ("population.households=4000", "run.days=400", "run.warmup_days=200")


@cache
def run(*overrides: str) -> Any:
    return simulate(
        load("paid_membership", [*SIZE, *overrides]), 1, warm_start=False, keep_orders=True
    )


def joined(result: Any) -> float:
    daily = result.daily
    return float(daily["cost_paid_membership_yuan"].sum()) if "fees_yuan" in daily else 0.0


def test_a_deeper_cut_or_a_lower_fee_brings_more_members() -> None:
    free = "operator.paid_membership.yuan_per_customer_month=0"
    cuts = [joined(run(free, f"operator.paid_membership.cut={cut}")) for cut in (0.02, 0.05, 0.15)]
    assert 0 < cuts[0] < cuts[1] < cuts[2]
    fees = [joined(run(free, f"operator.paid_membership.fee_yuan={fee}")) for fee in (299, 99, 29)]
    assert 0 < fees[0] < fees[1] < fees[2]
    some = joined(run(free, "operator.paid_membership.strength=0.4"))
    assert 0 < some < cuts[1]


def test_fees_are_in_every_book_to_the_fen() -> None:
    result = run()
    daily, ladder = result.daily, result.ladder
    fees = daily["fees_yuan"].sum()
    assert fees == pytest.approx(99.0 * round(fees / 99.0))
    assert fees > 0
    end = ladder[ladder["days"] == ladder["days"].max()]
    fen = end.groupby("line", observed=True)["fen"].sum()
    assert fen["fees"] == round(fees * 100)
    steps = end[~end["line"].isin(["revenue", "gross_margin", "contribution"])]
    assert steps["fen"].sum() == fen["contribution"]
    assert fen["contribution"] == round(daily["contribution_yuan"].sum() * 100)
    costs = sum(daily[f"cost_{name}_yuan"].sum() for name in NAMES)
    costs += sum(daily[name].sum() for name in daily if name.startswith("operations_"))
    contribution = daily["gross_margin_yuan"].sum() + fees - costs
    assert daily["contribution_yuan"].sum() == pytest.approx(contribution)
    year = daily["day"] >= 400 - 365
    indicators = result.indicators.query("by == 'all'").set_index("indicator")["value"]
    earned = daily["contribution_yuan"][year].sum()
    assert indicators["contribution_yuan"] == pytest.approx(earned)


def test_members_would_have_bought_more_anyway() -> None:
    """What members buy more than others is mostly who joins: the same households, without it."""
    there, off = (run(f"operator.paid_membership.strength={power}") for power in (1, 0))
    first = there.orders[there.orders["day"] < 35]
    members = set(first["household"])
    assert members  # customers of the first month, of whom members are a part

    def orders_of(result: Any, who: set[int]) -> float:
        own = result.orders[result.orders["household"].isin(who)]
        return len(own) / len(who)

    cut = there.orders["list_yuan"] - there.orders["paid_yuan"]
    paying = set(there.orders[cut > 0]["household"]) & members
    others = members - paying
    naive = orders_of(there, paying) / orders_of(there, others)
    caused = orders_of(there, paying) / orders_of(off, paying)
    assert naive > caused


def test_its_dates_hold() -> None:
    late = run("operator.paid_membership.from_day=200").daily
    assert (late["fees_yuan"][:200] == 0).all()
    assert late["fees_yuan"].sum() > 0


def test_without_strength_or_audience_nothing_changes() -> None:
    off = run("operator.paid_membership.strength=0")
    assert "fees_yuan" not in off.daily
    assert "fees" not in set(off.ladder["line"])
    for other in (
        "operator.paid_membership.audience.lot=0",
        "operator.paid_membership.from_day=400",
    ):
        assert off.orders.equals(run(other).orders)
