"""Consent design: how each is asked, whose data are used, how contacts feel, and what it costs."""

from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.behaviour.consent import (
    NONE,
    PERSONALISED,
    SERVICE,
    concern_after_contact,
    consent_given,
)
from sim.behaviour.day import CALLED, VISITING
from sim.config.loading import load
from sim.experiments.simulate import simulate
from sim.operator.combining import COMBINERS, PRODUCT
from sim.operator.contacts import may_personalise, may_serve
from sim.operator.levers import consent_design
from sim.operator.levers.consent_design import DESIGNS
from sim.parameters.quantity import as_numbers
from sim.strategy.lint import doubts
from sim.world.draws import CONSENT, UNASKED, named_purpose
from sim.world.household import NEVER
from sim.world.state import TODAY
from tests.scene import DAY, Scene
from tests.whole_worlds import differences, eventful, lived

LOT = named_purpose("consent_design")
DATA_HUNGRY, LAYERED, MINIMAL, PRIVACY_COMPUTING = range(len(DESIGNS))
OWN = {
    "bundled_logit": 1.5,
    "explained_logit": 0.3,
    "hungry_intrusion": 3.0,
    "hungry_pages": 1.2,
    "layered_intrusion": 0.6,
    "minimal_intrusion": 0.3,
    "computing_intrusion": 0.1,
    "unasked_share": 0.5,
    "asks_anew": 1,
}
P = as_numbers(load("baseline").behaviour).consent
about = pytest.approx
inner = st.floats(1e-9, 1 - 1e-9)
share = st.floats(0, 1)


# -- the rules -----------------------------------------------------------------------------


@given(inner, share, share, st.floats(0, 3), share)
def test_how_one_is_asked_moves_what_one_allows(
    u: float, trust: float, concern: float, more: float, asked: float
) -> None:
    usual = consent_given(u, trust, concern, 0.0, 0.0, 1.0, P)
    assert consent_given(u, trust, concern, more, more, 1.0, P) >= usual
    assert consent_given(u, trust, concern, 0.0, 0.0, asked, P) <= usual
    assert consent_given(u, trust, concern, 0.0, 0.0, 0.0, P) == min(usual, SERVICE)


def test_a_contact_is_as_intrusive_as_its_design() -> None:
    usual = concern_after_contact(0.5, 1.0, P) - 0.5
    assert usual == about(P.intrusion * 0.5)
    for ratio in (0.0, 0.1, 3.0):
        assert concern_after_contact(0.5, ratio, P) - 0.5 == about(ratio * usual)
    assert concern_after_contact(0.5, 1e9, P) == 1.0


# -- what it plans -------------------------------------------------------------------------


def planned(scene: Scene, design: int, power: float = 1.0) -> Any:
    scene.lever("consent_design", **OWN, design=design).power = power
    today = np.zeros(1, TODAY).view(np.recarray)[0]
    for name, combiner in COMBINERS.items():
        today[name] = 1.0 if combiner == PRODUCT else 0.0
    consent_design.plan(scene.world, DAY, today)
    names = ("service_asking", "personal_asking", "personal_asked", "intrusion_ratio")
    return tuple(float(today[name]) for name in (*names, "unasked_use", "data_shown"))


@pytest.mark.parametrize(
    ("design", "full", "half"),
    [
        (DATA_HUNGRY, (1.5, 1.5, 1.0, 3.0, 0.5, 1.2), (0.75, 0.75, 1.0, 2.0, 0.25, 0.6)),
        (LAYERED, (0.3, 0.3, 1.0, 0.6, 0.0, 0.0), (0.15, 0.15, 1.0, 0.8, 0.0, 0.0)),
        (MINIMAL, (0.3, 0.0, 0.0, 0.3, 0.0, 0.0), (0.15, 0.0, 0.5, 0.65, 0.0, 0.0)),
        (PRIVACY_COMPUTING, (0.3, 0.3, 1.0, 0.1, 0.0, 0.0), (0.15, 0.15, 1.0, 0.55, 0.0, 0.0)),
    ],
)
def test_each_design_asks_in_its_own_way(
    scene: Scene, design: int, full: tuple[float, ...], half: tuple[float, ...]
) -> None:
    assert planned(scene, design) == about(full)
    assert planned(scene, design, 0.5) == about(half)
    assert planned(scene, design, 0.0) == (0.0, 0.0, 1.0, 1.0, 0.0, 0.0)


# -- whose data are used -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("consent", "serves", "personalises"),
    [(NONE, False, False), (SERVICE, True, False), (PERSONALISED, True, True)],
)
def test_data_are_used_as_consented_unless_a_lot_overrides_it(
    scene: Scene, consent: int, serves: bool, personalises: bool
) -> None:
    scene.parent.consent = consent
    who = (scene.parent, scene.place, scene.world)
    scene.luck.of[UNASKED] = 0.4
    assert (may_serve(*who), may_personalise(*who)) == (serves, personalises)
    assert scene.luck.asked == [], "no luck is drawn where nothing is used unasked"
    scene.today.unasked_use = 0.39
    assert (may_serve(*who), may_personalise(*who)) == (serves, personalises)
    scene.today.unasked_use = 0.41
    assert (may_serve(*who), may_personalise(*who)) == (True, True)


@pytest.mark.parametrize(("unasked", "letters"), [(0.0, 0), (1.0, 1)])
def test_whoever_refused_is_written_to_by_a_hungry_operator_alone(
    scene: Scene, unasked: float, letters: int
) -> None:
    scene.lever("milestones", birthdays=1, stages=1, yuan_per_message=0.3)
    scene.lever("reminders", at_hand_days=30, yuan_per_message=0.05, needs_consent=1)
    vars(scene.parent).update({"orders": 2, "subscribed": 1, "consent": NONE})
    scene.parent.birth_day, scene.parent.reminder_day = DAY - 365, DAY
    scene.today.unasked_use = unasked
    scene.luck.of = {UNASKED: 0.5, named_purpose("milestones"): 0.5}
    scene.spend(CALLED)
    assert scene.inbox.personal_messages == 2 * letters
    assert scene.costs() == ({"milestones": 30, "reminders": 5} if letters else {})
    gained = P.intrusion * 0.5 if letters else 0.0
    assert scene.parent.privacy_concern == about(0.5 + gained)


@pytest.mark.parametrize("woken_by", [VISITING, CALLED])
@pytest.mark.parametrize("shown", [0.0, 1.0, 3.0])
def test_what_pages_show_is_met_by_whoever_visits(
    scene: Scene, woken_by: int, shown: float
) -> None:
    scene.parent.in_private_domain = 1
    scene.today.data_shown = shown
    scene.live(woken_by)
    gained = shown * P.intrusion * 0.5 if woken_by == VISITING else 0.0
    assert scene.parent.privacy_concern == about(0.5 + gained)


# -- asking anew ---------------------------------------------------------------------------


def asked(scene: Scene, consent: int, **settings: Any) -> Any:
    """A customer of before, who answers that nothing is allowed any more."""
    power = settings.pop("power", 1.0)
    scene.lever("consent_design", **OWN | {"design": LAYERED} | settings).power = power
    vars(scene.parent).update({"orders": 2, "subscribed": 1, "consent": consent})
    scene.luck.of = {CONSENT: 1 - 1e-12, LOT: 0.5}
    return scene.world.states.consent_design[scene.place]


def test_whoever_consented_before_is_asked_anew_once(scene: Scene) -> None:
    kept = asked(scene, PERSONALISED)
    scene.spend(CALLED)
    assert (scene.event.consent_design_asked, scene.event.consent_withdrawn) == (1, 1)
    assert (scene.parent.consent, kept.asked_day) == (NONE, DAY)
    scene.parent.consent = SERVICE
    scene.day = DAY + 1
    scene.spend(CALLED)
    assert (scene.event.consent_design_asked, scene.parent.consent) == (0, SERVICE)


@pytest.mark.parametrize(
    ("consent", "settings"),
    [(NONE, {}), (SERVICE, {"asks_anew": 0}), (SERVICE, {"power": 0.4}), (SERVICE, {"power": 0})],
)
def test_who_is_not_asked_anew(scene: Scene, consent: int, settings: dict[str, Any]) -> None:
    asked(scene, consent, **settings)
    scene.spend(CALLED)
    assert (scene.inbox.asked_anew, scene.event.consent_design_asked) == (0, 0)
    assert scene.parent.consent == consent


def test_who_consents_later_has_consented_to_the_design(scene: Scene) -> None:
    kept = asked(scene, NONE)
    scene.spend(CALLED)
    scene.parent.consent = SERVICE  # at an order, say
    scene.day = DAY + 1
    scene.spend(CALLED)
    assert (scene.event.consent_design_asked, kept.asked_day) == (0, DAY)
    assert kept.asked_day > -NEVER


# -- in whole worlds -----------------------------------------------------------------------

SIZE = ("population.households=3000", "run.days=150", "run.warmup_days=60")
# So that much happens in a small world.
LIVELY = ("behaviour.choose.operator_appeal=1", "strategy.budget_yuan_per_customer_month=1000")


@cache
def run(*overrides: str) -> Any:
    lively = [*SIZE, *LIVELY, *overrides]
    return simulate(load("privacy_first", lively), 1, warm_start=False, keep_orders=True)


@cache
def households(*overrides: str) -> Any:
    model = lived(load("privacy_first", [*SIZE, *LIVELY, *overrides]), 120)
    return np.array(model.households)


def concern(*overrides: str) -> float:
    """What contacts have added to the lasting worry of customers."""
    end = households("behaviour.consent.intrusion=0.1", *overrides)
    end = end[end["orders"] > 0]
    return float((end["privacy_concern"] - end["privacy_worry"]).mean())


def use(consent: int, *overrides: str) -> float:
    """Share of customers who allow at least this."""
    end = households("operator.consent_design.strength=1", *overrides)
    return float((end["consent"][end["orders"] > 0] >= consent).mean())


def test_the_hungrier_the_more_worried() -> None:
    added = [concern(f"operator.consent_design.design={name}") for name in DESIGNS]
    assert added[DATA_HUNGRY] > added[LAYERED] > added[PRIVACY_COMPUTING]
    assert added[LAYERED] > added[MINIMAL]
    off = concern("operator.consent_design.strength=0")
    hungry = "operator.consent_design.design=data_hungry"
    half = concern(hungry, "operator.consent_design.strength=0.5")
    assert off < half < added[DATA_HUNGRY]


def test_the_hungrier_the_more_is_allowed_and_minimal_asks_for_no_more_than_it_needs() -> None:
    personal = [use(PERSONALISED, f"operator.consent_design.design={name}") for name in DESIGNS]
    assert personal[DATA_HUNGRY] > personal[PRIVACY_COMPUTING] > personal[MINIMAL] == 0.0
    assert personal[LAYERED] == about(personal[PRIVACY_COMPUTING], rel=0.2)
    service = [use(SERVICE, f"operator.consent_design.design={name}") for name in DESIGNS]
    assert service[MINIMAL] > 0.7


def test_more_is_sent_where_refusals_are_overridden() -> None:
    def reminders(share: float) -> float:
        result = run(
            "operator.consent_design.design=data_hungry",
            f"operator.consent_design.unasked_share={share}",
            "operator.consent_design.bundled_logit=-10",  # whoever is asked refuses
        )
        return float(result.daily["reminders"].sum())

    none, some, all_of_them = map(reminders, (0.0, 0.4, 1.0))
    assert 3 * none < some < 0.7 * all_of_them


@pytest.mark.parametrize(("consent", "unasked"), [(SERVICE, 0.0), (PERSONALISED, 0.0), (NONE, 1.0)])
def test_what_is_predicted_is_known_of_whom_it_may_be(
    scene: Scene, consent: int, unasked: float
) -> None:
    scene.lever("prediction", needs_consent=1)
    vars(scene.parent).update({"orders": 2, "subscribed": 1, "consent": consent})
    scene.today.unasked_use = unasked
    scene.luck.of = {UNASKED: 0.5}
    scene.spend(CALLED)
    known = scene.world.states.prediction[scene.place].orders > 0
    assert known == (consent == PERSONALISED or unasked > 0)


def test_computing_unseen_costs_by_the_customer() -> None:
    daily = run().daily
    # 0.5 yuan a month; what is booked follows the customers of the morning.
    expected = 0.5 / 30 * daily["customers"].sum()
    assert daily["cost_consent_design_yuan"].sum() == about(expected, rel=0.02)
    for design in ("data_hungry", "layered", "minimal"):
        other = run(f"operator.consent_design.design={design}").daily
        assert other["cost_consent_design_yuan"].sum() == 0


def test_customers_of_before_are_asked_anew_if_it_is_wished() -> None:
    assert run().daily["consent_design_asked"].sum() > 20
    silent = run("operator.consent_design.asks_anew=false").daily
    assert silent["consent_design_asked"].sum() == 0


def test_what_is_used_against_the_law_is_said() -> None:
    baseline = load("baseline")
    assert any("forbids" in each for each in doubts(load("data_hungry"), baseline))
    assert not any("forbids" in each for each in doubts(load("privacy_first"), baseline))


def test_its_dates_hold() -> None:
    late = run("operator.consent_design.from_day=75").daily
    assert (late["cost_consent_design_yuan"][:75] == 0).all()
    assert (late["consent_design_asked"][:75] == 0).all()
    assert late["consent_design_asked"].sum() > 0


def test_without_strength_nothing_changes() -> None:
    off = run("operator.consent_design.strength=0")
    for other in ("operator.consent_design.from_day=150", "operator.consent_design.design=minimal"):
        never = run(other, *(("operator.consent_design.strength=0",) if "minimal" in other else ()))
        assert off.orders.equals(never.orders)
        assert off.indicators.equals(never.indicators)


def test_refusals_that_are_overridden_live_the_same_compiled_and_plain() -> None:
    hungry = "operator.consent_design.design=data_hungry"
    config = eventful(300, "run.warmup_days=0", "run.days=60", hungry)
    engine, windows = (lived(config, 25) for _ in range(2))
    windows.by_windows = True
    for _ in range(10):
        engine.step()
        windows.step()
        assert differences(engine, windows) == []
