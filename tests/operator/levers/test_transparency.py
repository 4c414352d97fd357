"""Transparency: proofs that are read, reviews that nobody filters, returns, and what they cost."""

from functools import cache
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.behaviour import believe, judge
from sim.behaviour.day import CALLED, VISITING
from sim.behaviour.shopping import hear_others
from sim.config.loading import load
from sim.experiments.simulate import simulate
from sim.operator.hooks import NAMES
from sim.operator.levers import transparency
from sim.world.draws import (
    COMPLAIN,
    CONSIDER,
    DEFECT,
    EXIT,
    READ_PROOF,
    READ_REPORT,
    RESOLVED,
    SEND_BACK,
    SHOP_PUBLIC,
    named_purpose,
)
from sim.world.household import NEVER
from tests.scene import DAY, DIAPERS, UNLUCKY, Scene
from tests.whole_worlds import lived

LOT = named_purpose("transparency")
SURE = 0.0
share = st.floats(0, 1)
about = pytest.approx


def shown(scene: Scene, **settings: Any) -> Any:
    """A customer whose order with a code arrives today: 300 yuan, goods of 210."""
    own = {"proof": 0.8, "yuan_per_order": 0.5, "reports_per_month": 1.0, "yuan_per_report": 0.0}
    own |= {"open_reviews": 1, "free_returns": 1, "yuan_per_return": 10.0, "resold_share": 0.5}
    power = settings.pop("power", 1.0)
    scene.lever("transparency", **own | settings).power = power
    since = {"orders": 2, "subscribed": 1, "first_order_day": DAY - 60, "last_order_day": DAY - 3}
    vars(scene.parent).update(since | {"arrival_day": DAY, "arrival_expected_day": DAY})
    rules = scene.rules
    rules.believe.proof_read, rules.believe.proof_weight = 0.3, 0.5
    rules.believe.proof_evidence, rules.believe.own_weight = 0.9, 0.0
    rules.judge.return_defective, rules.judge.return_good = 0.9, 0.03
    scene.today.defect_share = 0.2
    scene.luck.of = {LOT: 0.5}
    kept = scene.world.states.transparency[scene.place]
    kept.arrival_day, kept.paid_fen, kept.goods_fen = DAY, 30_000, 21_000
    return kept


def shopper(scene: Scene, **settings: Any) -> Any:
    """The same, about to order for 300 yuan, and nothing is under way."""
    kept = shown(scene, **settings)
    kept.arrival_day = -NEVER
    scene.parent.arrival_day = NEVER
    scene.parent.covered_until[DIAPERS] = DAY
    scene.rules.need.cover_days, scene.rules.need.promotion_cover = 30.0, 0.0
    scene.rules.need.bundle_days = 0.0
    scene.rules.choose.wait_appeal, scene.rules.choose.recall = -50.0, 20.0
    scene.parent.habit = [0.1, 0.1, 0.4, 0.2, 0.2]
    scene.luck.otherwise = 0.5
    scene.luck.of |= {CONSIDER: SURE, SHOP_PUBLIC: 1 - 1e-12}
    return kept


# -- the rules -----------------------------------------------------------------------------


@given(share, st.integers(0, 50), share)
def test_what_one_has_read_before_says_less(proof: float, known: int, more: float) -> None:
    p = SimpleNamespace(proof_weight=0.5)
    weight = believe.weight_of_proof(proof, float(known), p)
    assert 0 <= weight <= 0.5 * proof
    assert believe.weight_of_proof(proof, known + 1.0, p) <= weight
    assert believe.weight_of_proof(min(proof + more, 1.0), float(known), p) >= weight
    assert believe.weight_of_proof(1.0, 3.0, p) == 0.125


def test_reviews_weigh_as_much_as_ever_until_nobody_filters_them() -> None:
    p = SimpleNamespace(review_weight=0.5, open_review_ratio=2.0)
    assert believe.weight_of_reviews(0.0, p) == 0.5
    assert believe.weight_of_reviews(0.5, p) == 0.75
    assert believe.weight_of_reviews(1.0, p) == 1.0


def test_what_is_free_is_used_and_defects_most() -> None:
    p = SimpleNamespace(return_defective=0.9, return_good=0.03)
    assert judge.return_chance(0.0, 1.0, p) == 0.0
    assert judge.return_chance(1.0, 1.0, p) == 0.9
    assert judge.return_chance(0.5, 0.0, p) == 0.015


@pytest.mark.parametrize(("rating", "better"), [(0.9, True), (0.1, False)])
def test_open_reviews_move_strangers_further_either_way(
    scene: Scene, rating: float, better: bool
) -> None:
    trust = []
    for openness in (0.0, 1.0):
        scene.rules.believe.review_weight = 0.5
        scene.rules.believe.open_review_ratio = 2.0
        scene.parent.trust, scene.parent.trust_weight = 0.5, 4.0
        scene.today.reviews_per_1000, scene.today.review_rating = 5.0, rating
        scene.today.open_reviews = openness
        hear_others(scene.parent, scene.world, scene.place, DAY, scene.inbox)
        trust.append(scene.parent.trust)
    assert (trust[1] > trust[0] > 0.5) if better else (trust[1] < trust[0] < 0.5)


# -- proofs --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("u", "known", "trust", "read"),
    [
        (0.2999, 0, (4 * 0.5 + 0.4 * 0.9) / 4.4, 1),
        (0.2999, 3, (4 * 0.5 + 0.1 * 0.9) / 4.1, 1),
        (0.3001, 0, 0.5, 0),
    ],
)
def test_a_code_is_read_by_some_and_believed(
    scene: Scene, u: float, known: int, trust: float, read: int
) -> None:
    kept = shown(scene)
    kept.proofs_read = known
    scene.luck.of[READ_PROOF] = u
    scene.spend(CALLED)
    assert scene.parent.trust == about(trust)
    assert (scene.event.transparency_read, kept.proofs_read) == (read, known + read)


def test_of_what_came_defective_no_proof_is_believed(scene: Scene) -> None:
    shown(scene)
    scene.luck.of |= {READ_PROOF: SURE, DEFECT: SURE}
    scene.spend(CALLED)
    assert (scene.parent.trust, scene.event.transparency_read) == (0.5, 0)


@pytest.mark.parametrize("power", [0.0, 0.5])
def test_an_order_without_a_code_proves_nothing(scene: Scene, power: float) -> None:
    shown(scene, power=power)  # off, or the lot fell on others
    scene.luck.of |= {READ_PROOF: SURE, SEND_BACK: SURE, DEFECT: SURE}
    scene.spend(CALLED)
    assert (scene.inbox.proof, scene.inbox.free_return, scene.costs()) == (0, 0, {})
    assert scene.event.transparency_returned == 0


def test_an_order_of_before_has_no_code(scene: Scene) -> None:
    shown(scene).arrival_day = -NEVER
    scene.luck.of |= {READ_PROOF: SURE, SEND_BACK: SURE}
    scene.spend(CALLED)
    assert (scene.inbox.proof, scene.inbox.free_return, scene.costs()) == (0, 0, {})


def test_an_order_gets_a_code_which_costs_its_making(scene: Scene) -> None:
    kept = shopper(scene)
    scene.spend(CALLED)
    assert scene.event.paid_fen == 30_000
    assert scene.costs() == {"transparency": 50}
    arrives = (kept.arrival_day, kept.paid_fen, kept.goods_fen)
    assert arrives == (scene.parent.arrival_day, 30_000, 21_000)


def test_an_order_while_another_is_under_way_is_not_the_one_that_is_judged(scene: Scene) -> None:
    kept = shopper(scene)
    scene.parent.arrival_day = kept.arrival_day = DAY + 1
    kept.paid_fen = 7_000
    scene.spend(CALLED)
    assert scene.costs() == {"transparency": 50}
    assert (kept.arrival_day, kept.paid_fen) == (DAY + 1, 7_000)


def test_a_report_is_met_once_on_a_visit(scene: Scene) -> None:
    kept = shown(scene)
    scene.parent.arrival_day = NEVER
    scene.world.states.transparency_shared[0].reports = 3.6
    scene.luck.of[READ_REPORT] = SURE
    scene.spend(CALLED)
    assert (scene.event.transparency_read, kept.reports_met) == (0, 0), "no visit"
    scene.spend(VISITING)
    assert (scene.event.transparency_read, kept.reports_met, kept.proofs_read) == (1, 3, 1)
    trust = scene.parent.trust
    assert trust == about((4 * 0.5 + 0.4 * 0.9) / 4.4)
    scene.spend(VISITING)
    assert (scene.inbox.report, scene.parent.trust) == (0.0, trust), "it is known"


def test_reports_are_published_month_by_month(scene: Scene) -> None:
    own = scene.lever("transparency", reports_per_month=2.0)
    for power, days, reports in ((1.0, 30, 2.0), (0.5, 30, 3.0), (0.0, 30, 3.0)):
        own.power = power
        for _ in range(days):
            transparency.settle(scene.world, DAY, scene.counters)
        assert scene.world.states.transparency_shared[0].reports == about(reports)


# -- returns -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("defect", "u", "cost"),
    [
        (True, 0.8999, 30_000 + 1_000),
        (True, 0.9001, 0),
        (False, 0.0299, 30_000 + 1_000 - 10_500),  # half of the goods is sold again
        (False, 0.0301, 0),
    ],
)
def test_what_a_return_costs(scene: Scene, defect: bool, u: float, cost: int) -> None:
    shown(scene)
    scene.luck.of |= {DEFECT: SURE if defect else UNLUCKY, SEND_BACK: u}
    scene.spend(CALLED)
    assert scene.costs() == ({"transparency": cost} if cost else {})
    assert scene.event.transparency_returned == (1 if cost else 0)
    assert scene.discounts() == {}


def test_what_is_sent_back_needs_no_desk_and_is_no_reason_to_go(scene: Scene) -> None:
    def felt(back: float) -> tuple[float, int, int]:
        shown(scene)
        scene.rules.judge.exit_unsolved = scene.rules.judge.exit_silent = 1.0
        scene.rules.judge.loyalty_holds = 0.0
        scene.parent.satisfaction, scene.parent.avoids_until = 0.5, -NEVER
        scene.today.wait_minutes = 60.0
        scene.luck.of |= {DEFECT: SURE, COMPLAIN: SURE, RESOLVED: UNLUCKY, EXIT: SURE}
        scene.luck.of[SEND_BACK] = back
        scene.spend(CALLED)
        return scene.parent.satisfaction, scene.event.ticket, scene.event.exited

    helped, in_vain = felt(SURE), felt(UNLUCKY)
    assert helped[1:] == (0, 0)
    assert in_vain[1:] == (2, 1)
    assert helped[0] > in_vain[0]


def test_without_free_returns_nothing_goes_back(scene: Scene) -> None:
    shown(scene, free_returns=0)
    scene.luck.of |= {DEFECT: SURE, SEND_BACK: SURE}
    scene.spend(CALLED)
    assert (scene.event.transparency_returned, scene.costs()) == (0, {})
    assert SEND_BACK not in {purpose for purpose, _ in scene.luck.asked}


# -- in whole worlds -----------------------------------------------------------------------

SIZE = ("population.households=3000", "run.days=150", "run.warmup_days=60")
# So that much happens in a small world, and no budget throttles it.
LIVELY = ("behaviour.choose.operator_appeal=1", "strategy.budget_yuan_per_customer_month=100000")


@cache
def run(*overrides: str) -> Any:
    return simulate(
        load("transparency", [*SIZE, *LIVELY, *overrides]), 1, warm_start=False, keep_orders=True
    )


def total(result: Any, column: str) -> float:
    return float(result.daily[column].sum())


def trust(*overrides: str) -> float:
    """Of customers, after 120 days of codes, reports and open reviews alone."""
    alone = "operator.transparency.free_returns=false"
    model = lived(load("transparency", [*SIZE, *LIVELY, alone, *overrides]), 120)
    return float(model.households["trust"][model.households["orders"] > 0].mean())


def test_more_that_is_proved_is_more_believed() -> None:
    none, some, much = (trust(f"operator.transparency.proof={proof}") for proof in (0, 0.3, 1))
    assert none < some < much
    rare, often = (trust(f"operator.transparency.reports_per_month={n}") for n in (0, 10))
    assert rare < often


def test_more_strength_reaches_more_and_costs_more() -> None:
    off, half, full = (run(f"operator.transparency.strength={s}") for s in (0.0, 0.5, 1.0))
    for column in ("transparency_read", "transparency_returned", "cost_transparency_yuan"):
        amounts = [total(each, column) if column in each.daily else 0.0 for each in (off, half)]
        assert 0 == amounts[0] < amounts[1] < 0.75 * total(full, column)


def test_free_returns_spare_the_desk_and_cost_money() -> None:
    free, not_free = (run(f"operator.transparency.free_returns={on}") for on in ("true", "false"))
    assert total(free, "tickets") < 0.5 * total(not_free, "tickets")
    assert total(free, "transparency_returned") > 0
    assert total(not_free, "transparency_returned") == 0
    more = total(free, "cost_transparency_yuan") - total(not_free, "cost_transparency_yuan")
    assert more > 0.02 * total(free, "revenue_yuan")


def test_its_money_is_in_every_book_to_the_fen() -> None:
    """What goes out for returns and codes is what was paid for those orders and their freight."""
    result = run(
        "operator.transparency.resold_share=0",
        "operator.transparency.yuan_per_report=0",
        "operator.transparency.yuan_per_return=0.01",
        "operator.transparency.yuan_per_order=0",
        "behaviour.judge.return_good=1",
        "behaviour.judge.return_defective=1",
    )
    cost, returned = total(result, "cost_transparency_yuan"), total(result, "transparency_returned")
    # Every order that was judged in time was sent back, and no other.
    assert 0.6 * total(result, "revenue_yuan") < cost - 0.01 * returned
    assert cost - 0.01 * returned < total(result, "revenue_yuan")
    end = result.ladder[result.ladder["days"] == result.ladder["days"].max()]
    steps = end[~end["line"].isin(["revenue", "gross_margin", "contribution"])]["fen"].sum()
    contribution = end[end["line"] == "contribution"]["fen"].sum()
    assert steps == contribution == round(total(result, "contribution_yuan") * 100)
    costs = sum(total(result, f"cost_{name}_yuan") for name in NAMES)
    costs += sum(total(result, name) for name in result.daily if name.startswith("operations_"))
    assert total(result, "contribution_yuan") == about(total(result, "gross_margin_yuan") - costs)


def test_its_dates_and_audience_hold() -> None:
    late = run("operator.transparency.from_day=75").daily
    assert (late["cost_transparency_yuan"][:75] == 0).all()
    assert late["transparency_returned"].sum() > 0
    some = run("operator.transparency.audience.lot=0.5")
    for column in ("transparency_read", "transparency_returned"):
        assert 0 < total(some, column) < 0.75 * total(run(), column)


def test_without_strength_or_audience_nothing_changes() -> None:
    off = run("operator.transparency.strength=0")
    for other in (
        "operator.transparency.audience.stages=[]",
        "operator.transparency.from_day=150",
    ):
        assert off.orders.equals(run(other).orders)
        assert off.indicators.equals(run(other).indicators)
