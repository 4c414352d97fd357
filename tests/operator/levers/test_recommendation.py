"""Personalised recommendation: who is shown any, how it learns, wears out, narrows, and costs."""

from functools import cache
from typing import Any

import numpy as np
import pytest

from sim.behaviour import ordering, recommend, weighing
from sim.behaviour.consent import PERSONALISED, SERVICE
from sim.behaviour.day import CALLED, VISITING
from sim.behaviour.ordering import ANYTHING, appealing_category
from sim.behaviour.weighing import PRIVATE_STORE, PUBLIC_STORE
from sim.config.loading import load
from sim.evidence.measure import MEASUREMENTS, WORLDS
from sim.experiments.simulate import simulate
from sim.operator.hooks import LEVERS
from sim.operator.levers import recommendation
from sim.operator.steps import ORDERED, REACHED, SEEN
from sim.world.draws import CROSS_SELL, LOOK_AT_RECOMMENDED, UNFILLED, named_purpose
from tests.operator.test_charges import shopping
from tests.scene import DAY, DIAPERS, WASH_CARE, Scene

LOT = named_purpose("recommendation")
OF_DIAPERS, OF_WASH_CARE = 1 << DIAPERS, 1 << WASH_CARE


def shown(scene: Scene, power: float = 1.0, known: int = 3, **settings: float) -> Scene:
    """A customer who allows everything; diapers were bought, and half of the orders known."""
    own = {"coverage": 1.0, "quality": 0.8, "half_known_orders": 3.0, "needs_consent": True}
    scene.lever("recommendation", **own | settings).power = power
    kept = scene.world.states.recommendation[scene.place]
    kept.known, kept.bought = known, OF_DIAPERS
    vars(scene.parent).update({"subscribed": 1, "orders": known, "consent": PERSONALISED})
    scene.luck.of[LOT] = 0.3
    p = scene.rules.recommend
    p.looked_at, p.half_worn, p.worn_half_life_days, p.intrusion = 0.5, 5.0, 30.0, 0.25
    return scene


def kept(scene: Scene) -> Any:
    return scene.world.states.recommendation[scene.place]


def steps(scene: Scene) -> int:
    who = (scene.parent, scene.place, scene.world, DAY)
    return int(LEVERS["recommendation"].reach(*who, scene.inbox, scene.event))


# -- who is shown any, and how well it fits -------------------------------------------------


@pytest.mark.parametrize(
    ("power", "settings", "there"),
    [
        (1.0, {}, True),
        (1.0, {"coverage": 0.29}, False),
        (0.5, {"coverage": 0.5}, False),
        (0.5, {"coverage": 0.7}, True),
        (0.0, {}, False),
    ],
)
def test_a_part_of_customers_by_lot(
    scene: Scene, power: float, settings: dict[str, float], there: bool
) -> None:
    shown(scene, power, **settings).spend(CALLED)
    assert (scene.inbox.recommended_fit > 0) == there
    assert scene.costs() == {}


def test_only_with_consent_to_personal_use_and_something_known(scene: Scene) -> None:
    for consent, needs, known, there in (
        (SERVICE, True, 3, False),
        (SERVICE, False, 3, True),
        (PERSONALISED, True, 0, False),
    ):
        shown(scene, known=known, needs_consent=needs).parent.consent = consent
        scene.inbox.recommended_fit = 0.0
        who = (scene.parent, scene.place, scene.world, DAY)
        assert LEVERS["recommendation"].eligible(*who) == there
        scene.spend(CALLED)
        assert (scene.inbox.recommended_fit > 0) == there


def test_who_takes_consent_back_is_forgotten(scene: Scene) -> None:
    shown(scene).parent.consent = 0
    scene.spend(CALLED)
    assert (kept(scene).known, kept(scene).bought) == (0, 0)


def test_it_fits_the_better_the_more_orders_are_known(scene: Scene) -> None:
    own = shown(scene).lever("recommendation")
    assert [recommendation.fit_of(n, own) for n in (1, 3, 9)] == pytest.approx([0.2, 0.4, 0.6])
    own.half_known_orders = 0.0
    assert recommendation.fit_of(1, own) == 0.8
    scene.spend(CALLED)
    assert scene.inbox.recommended_categories == OF_DIAPERS


def test_it_learns_from_orders(scene: Scene) -> None:
    shopping(shown(scene, known=0)).spend(CALLED)
    kept(scene).bought = 0
    shopping(scene)
    scene.event.store = -1
    scene.spend(CALLED)
    assert (kept(scene).known, kept(scene).bought) == (2, OF_DIAPERS)


def test_an_order_that_is_not_filled_teaches_nothing(scene: Scene) -> None:
    shopping(shown(scene, known=0)).today.unfilled = [1.0] * 8
    scene.luck.of[UNFILLED] = 0.0
    scene.spend(CALLED)
    assert (scene.event.unfilled, kept(scene).known) == (1, 0)


# -- a visit, an order -----------------------------------------------------------------------


def test_whoever_is_known_feels_it_once_a_day(scene: Scene) -> None:
    scene.rules.consent.intrusion = 0.04
    scene.today.intrusion_ratio = 2.0
    shown(scene).parent.in_private_domain = 1
    scene.spend(VISITING)
    assert scene.parent.privacy_concern == pytest.approx(0.5 + 0.04 * 2 * 0.25 * 0.5)
    assert (scene.inbox.recommendation_met, scene.inbox.personal_messages) == (1, 0)
    assert steps(scene) == REACHED
    ordering.see_recommendation(scene.parent, scene.place, scene.world, DAY, scene.inbox)
    assert scene.parent.privacy_concern == pytest.approx(0.51), "no second time"


def test_nobody_meets_any_without_a_visit_or_an_order(scene: Scene) -> None:
    shown(scene).spend(CALLED)
    assert (scene.parent.privacy_concern, steps(scene)) == (0.5, 0)


def ordered(scene: Scene, look: float, take: float = 0.4) -> Scene:
    """An order, with a fit of 0.4: below .2 it is looked at and fits, below .5 looked at."""
    shopping(shown(scene))
    basket = scene.rules.basket
    basket.cross_sell, basket.cross_sell_advice = 0.18, 0.3
    scene.luck.of |= {LOT: 0.3, LOOK_AT_RECOMMENDED: look, CROSS_SELL: take}
    scene.spend(CALLED)
    return scene


def test_what_fits_sells_one_more_item_of_what_was_bought_before(scene: Scene) -> None:
    ordered(scene, 0.19)
    assert [scene.event.packs[DIAPERS], scene.event.packs[WASH_CARE]] == [4, 0]
    assert scene.event.recommendation_taken == 1
    assert steps(scene) == REACHED + SEEN + ORDERED
    assert kept(scene).wrong == 0


def test_what_does_not_fit_sells_no_more_than_anything(scene: Scene) -> None:
    ordered(scene, 0.21)
    assert scene.event.packs[DIAPERS] == 3
    assert (scene.event.recommendation_taken, steps(scene)) == (0, REACHED + SEEN)
    assert (kept(scene).wrong, kept(scene).wrong_day) == (1, DAY)


def test_what_does_not_fit_and_is_taken_all_the_same_wears_nothing(scene: Scene) -> None:
    ordered(scene, 0.21, take=0.17)
    assert (scene.event.packs[DIAPERS], scene.event.recommendation_taken) == (4, 1)
    assert kept(scene).wrong == 0


def test_what_is_not_looked_at_does_nothing(scene: Scene) -> None:
    ordered(scene, 0.51)
    assert (scene.event.packs[DIAPERS], steps(scene), kept(scene).wrong) == (3, REACHED, 0)


def test_wrong_ones_wear_out_until_they_are_forgotten(scene: Scene) -> None:
    p = shown(scene).rules.recommend
    assert recommend.look_chance(0.0, p) == 0.5
    assert recommend.look_chance(5.0, p) == pytest.approx(0.25)
    assert recommend.worn_later(4.0, 30.0, p) == pytest.approx(2.0)
    kept(scene).wrong, kept(scene).wrong_day = 4.0, DAY - 60
    scene.parent.in_private_domain = 1
    scene.luck.of[LOOK_AT_RECOMMENDED] = 0.3  # looked at, and for a fit of 0.4 wrong
    scene.spend(VISITING)
    assert scene.inbox.recommended_worn == pytest.approx(1.0)
    assert kept(scene).wrong == pytest.approx(2.0)


def test_the_larger_of_advice_and_recommendation_speaks_for_the_channel(scene: Scene) -> None:
    p, inbox = shown(scene).rules, scene.inbox
    p.choose.fit_effect = 2.0

    def utility(advice: float, fit: float, worn: float = 0.0, store: int = PRIVATE_STORE) -> float:
        inbox.stage_advice, inbox.recommended_fit, inbox.recommended_worn = advice, fit, worn
        return float(
            weighing.operator_utility(scene.parent, scene.world, DAY, store, inbox, 0.0, 0.0)
        )

    nothing = utility(0.0, 0.0)
    assert utility(0.0, 0.8) - nothing == pytest.approx(2.0 * 0.4)
    assert utility(0.0, 0.8, 5.0) - nothing == pytest.approx(2.0 * 0.2)
    assert utility(0.3, 0.8) == utility(0.0, 0.8)
    assert utility(0.5, 0.8) == utility(0.5, 0.0)
    assert utility(0.0, 0.8, store=PUBLIC_STORE) == utility(0.0, 0.0, store=PUBLIC_STORE)


def test_what_is_of_no_use_now_is_not_picked(scene: Scene) -> None:
    who = (scene.parent, scene.world, 12)
    assert appealing_category(*who, 0.9, OF_DIAPERS) == DIAPERS
    assert appealing_category(*who, 0.1, OF_WASH_CARE) == WASH_CARE
    everything = [appealing_category(*who, u, ANYTHING) for u in (0.1, 0.9)]
    assert everything == [DIAPERS, WASH_CARE]
    assert [appealing_category(*who, u, 1) for u in (0.1, 0.9)] == everything, "maternity is not"


def new_share(scene: Scene, looked_at: float, fit: float = 0.5) -> float:
    """Share of further items that are of a category new to a household that bought diapers."""
    shown(scene).rules.recommend.looked_at = looked_at
    basket, taken, new = scene.rules.basket, 0, 0
    basket.cross_sell, basket.cross_sell_advice = 0.2, 0.3
    month, where = 12, (scene.place, scene.world, DAY)
    grid = (np.arange(40) + 0.5) / 40
    for look in grid:
        for luck in grid:
            scene.luck.of |= {LOOK_AT_RECOMMENDED: look, CROSS_SELL: luck}
            scene.event.packs, scene.event.days_bought = [0] * 8, [0] * 8
            inbox = scene.inbox
            inbox.recommended_fit, inbox.recommended_categories = fit, float(OF_DIAPERS)
            for name in ("met", "seen", "fits", "taken"):
                setattr(inbox, f"recommendation_{name}", 0.0)
            ordering.add_item(scene.parent, *where, month, inbox, scene.event)
            taken += sum(scene.event.packs)
            new += scene.event.packs[WASH_CARE]
    return new / taken


def test_what_is_shown_is_ever_the_same(scene: Scene) -> None:
    """Half of what one takes along is new to one without it; with it, the less, the more look."""
    shares = [new_share(scene, looked_at) for looked_at in (0.0, 0.4, 0.8)]
    assert shares[0] == pytest.approx(0.5)
    # Of those who look half take something with .5 and half with .2, of the others all with .2.
    assert shares[1] == pytest.approx(0.6 * 0.2 * 0.5 / (0.6 * 0.2 + 0.4 * 0.35), rel=0.02)
    assert shares[2] == pytest.approx(0.2 * 0.2 * 0.5 / (0.2 * 0.2 + 0.8 * 0.35), rel=0.02)


# -- in worlds -----------------------------------------------------------------------------

SIZE = ("population.households=3000", "run.days=180", "run.warmup_days=60")
SIZE += ("behaviour.choose.operator_appeal=1", "behaviour.choose.recall=20")
SIZE += ("behaviour.consent.personal_base=3", "strategy.budget_yuan_per_customer_month=1000")


@cache
def run(*overrides: str) -> Any:
    config = load("recommendation", [*SIZE, *overrides])
    return simulate(config, 1, warm_start=False, keep_orders=True)


def total(result: Any, name: str) -> float:
    return float(result.daily[name].sum())


def test_more_of_it_is_taken_by_more_and_the_better_it_is() -> None:
    for setting in ("coverage", "quality"):
        doses = [run(f"operator.recommendation.{setting}={dose}") for dose in (0.0, 0.4, 1.0)]
        taken = [total(result, "recommendation_taken") for result in doses]
        assert taken[0] == 0 < taken[1] < taken[2], setting


def test_it_narrows_what_is_bought() -> None:
    """Of what one buys of a category for the first time, as a share of all, there is less."""
    eager = ("behaviour.basket.cross_sell=0.6", "behaviour.recommend.looked_at=1")

    def new(result: Any) -> float:
        packs = [name for name in result.orders if name.startswith("packs_")]
        bought = result.orders.set_index(["household", "family"])[packs] > 0
        firsts = bought.groupby(level=[0, 1]).any()
        return float(firsts.to_numpy().sum() / bought.to_numpy().sum())

    assert new(run(*eager)) < new(run(*eager, "operator.recommendation.strength=0"))


def test_its_books_are_the_customers_it_is_shown_to() -> None:
    full, half = run(), run("operator.recommendation.coverage=0.5")
    costs = [total(result, "cost_recommendation_yuan") for result in (full, half)]
    assert costs[1] == pytest.approx(costs[0] / 2, rel=0.02)
    assert total(full, "cost_recommendation_yuan") == pytest.approx(
        0.2 * full.daily["customers"].sum() / 30, rel=0.02
    )


def test_its_dates_and_audience_hold() -> None:
    late = run("operator.recommendation.from_day=120").daily
    assert (late["recommendation_taken"][:120] == 0).all()
    assert (late["cost_recommendation_yuan"][:120] == 0).all()
    assert late["recommendation_taken"].sum() > 0
    east = run("operator.recommendation.audience.regions=[East]")
    assert 0 < total(east, "recommendation_taken") < total(run(), "recommendation_taken")


def test_without_strength_or_audience_nothing_changes() -> None:
    off = run("operator.recommendation.strength=0")
    assert not off.orders.equals(run().orders)
    for other in ("audience.lot=0", "from_day=180", "coverage=0", "quality=0"):
        same = run(f"operator.recommendation.{other}")
        assert off.orders.drop(columns="recommendation_taken", errors="ignore").equals(
            same.orders.drop(columns="recommendation_taken", errors="ignore")
        ), other


def test_the_published_contrast_is_measured() -> None:
    assert MEASUREMENTS["C04"].worlds == ("recommendation", "baseline")
    assert WORLDS["recommendation"].scenario == "recommendation"
