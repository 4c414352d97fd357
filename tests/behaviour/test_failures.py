"""What a failure leads to: exit, voice, and a word in public."""

from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.behaviour import judge, talk
from sim.behaviour.day import CALLED, CLICKING
from sim.behaviour.day import receive_order as receive
from sim.world.draws import (
    COMPLAIN,
    CONSIDER,
    DEFECT,
    EXIT,
    IMPULSE,
    IMPULSE_WHAT,
    RESOLVED,
    REVIEW,
    SHOP_PUBLIC,
)
from sim.world.events import REASONS
from sim.world.household import NEVER
from tests.scene import DAY, DIAPERS, Scene

SURE, NOT_QUITE = 0.0, 1e-9
DISTRUST = REASONS.index("distrust")
about = pytest.approx
share = st.floats(0, 1)


# -- the rules -----------------------------------------------------------------------------


@given(share, share, share, share, share)
@settings(max_examples=60)
def test_whoever_is_helped_stays_and_loyalty_holds_the_others(
    unsolved: float, silent: float, holds: float, loyalty: float, more: float
) -> None:
    p = SimpleNamespace(exit_unsolved=unsolved, exit_silent=silent, loyalty_holds=holds)
    assert judge.exit_chance(1.0, 1.0, loyalty, p) == 0
    for ticket, most in ((1.0, unsolved), (0.0, silent)):
        chance = judge.exit_chance(ticket, 0.0, loyalty, p)
        assert 0 <= chance <= most
        assert judge.exit_chance(ticket, 0.0, min(loyalty + more, 1.0), p) <= chance
        assert judge.exit_chance(ticket, 0.0, 0.0, p) == most


@given(share, share)
@settings(max_examples=60)
def test_the_very_satisfied_and_the_dissatisfied_tell_most(
    satisfaction: float, most: float
) -> None:
    p = SimpleNamespace(review_chance=most)
    chance = talk.review_chance(satisfaction, p)
    assert 0 <= chance <= most
    assert chance == about(talk.review_chance(1.0 - satisfaction, p))
    assert talk.review_chance(0.5, p) == 0
    assert talk.review_chance(0.0, p) == talk.review_chance(1.0, p) == most


@given(share, share)
@settings(max_examples=60)
def test_an_opinion_is_a_byte_that_rises_with_satisfaction(
    satisfaction: float, more: float
) -> None:
    said = talk.opinion_of(satisfaction)
    assert isinstance(said, int)
    assert 1 <= said <= talk.opinion_of(min(satisfaction + more, 1.0)) <= 101
    assert abs((said - 1) / 100 - satisfaction) <= 0.01


def test_the_worst_and_the_best_opinion() -> None:
    assert (talk.opinion_of(0.0), talk.opinion_of(0.5), talk.opinion_of(1.0)) == (1, 51, 101)


# -- scenes of exit ------------------------------------------------------------------------


def failed(scene: Scene, complains: bool, solved: bool) -> Scene:
    """A member of everything, a third of whose orders went to the operator; a defect arrives."""
    parent, rules = scene.parent, scene.rules.judge
    if parent.group < 0:
        scene.in_group(silent_day=NEVER)
    parent.in_private_domain = parent.subscribed = parent.consent = 1
    parent.arrival_day, parent.arrival_expected_day = DAY, DAY
    parent.habit = [0.2, 0.2, 0.3, 0.2, 0.1]
    parent.avoids_until = -NEVER
    rules.exit_unsolved, rules.exit_silent, rules.loyalty_holds = 0.8, 0.5, 0.25
    rules.avoid_days, rules.complaint_chance = 40, 0.6
    scene.today.defect_share, scene.today.first_contact_resolution = 0.3, 0.7
    scene.luck.of = {
        DEFECT: SURE,
        COMPLAIN: 0.0 if complains else 0.9,
        RESOLVED: 0.0 if solved else 0.9,
    }
    event = scene.event
    event.exited = event.left_group = event.left_private = event.unsubscribed = 0
    event.ticket = event.defect = 0
    return scene


def arrives(scene: Scene) -> None:
    receive(scene.parent, scene.place, scene.world, DAY, scene.inbox, scene.event)


@pytest.mark.parametrize(
    ("complains", "solved", "chance"),
    [
        (True, False, 0.8 * (1 - 0.25 * 0.4)),  # habit of .4 holds a tenth of them
        (False, False, 0.5 * (1 - 0.25 * 0.4)),
        (True, True, 0.0),
    ],
)
def test_who_turns_away_after_a_failure(
    scene: Scene, complains: bool, solved: bool, chance: float
) -> None:
    for u in (max(chance - NOT_QUITE, 0.0), chance + NOT_QUITE):
        failed(scene, complains, solved).luck.of[EXIT] = u
        arrives(scene)
        goes = u < chance
        event, parent = scene.event, scene.parent
        assert event.exited == int(goes)
        assert parent.avoids_until == (DAY + 40 if goes else -NEVER)
        why = DISTRUST if goes else 0
        assert (event.left_group, event.left_private, event.unsubscribed) == (why, why, why)
        assert (parent.group >= 0, parent.in_private_domain == 1, parent.subscribed == 1) == (
            (not goes,) * 3
        )
        assert (parent.consent, event.consent_withdrawn) == (1, 0), "it is not over privacy"


def test_no_failure_no_exit(scene: Scene) -> None:
    failed(scene, True, False).luck.of = {EXIT: SURE}
    arrives(scene)
    assert (scene.event.defect, scene.event.exited, scene.parent.avoids_until) == (0, 0, -NEVER)


def test_who_belongs_to_nothing_has_nothing_to_end(scene: Scene) -> None:
    failed(scene, False, False).luck.of[EXIT] = SURE
    parent = scene.parent
    parent.group, parent.in_private_domain, parent.subscribed = -1, 0, 0
    arrives(scene)
    event = scene.event
    assert (event.exited, event.left_group, event.left_private, event.unsubscribed) == (1, 0, 0, 0)


def test_nobody_avoids_beyond_the_days_that_there_are(scene: Scene) -> None:
    failed(scene, False, False).luck.of[EXIT] = SURE
    scene.rules.judge.avoid_days = NEVER
    arrives(scene)
    assert scene.parent.avoids_until == NEVER


def test_without_exits_a_failure_ends_nothing(scene: Scene) -> None:
    failed(scene, False, False).luck.of[EXIT] = SURE
    scene.rules.judge.exit_unsolved = scene.rules.judge.exit_silent = 0.0
    arrives(scene)
    assert (scene.event.defect, scene.event.exited, scene.parent.subscribed) == (1, 0, 1)


@pytest.mark.parametrize(("until", "store"), [(DAY, 1), (DAY + 1, 2), (DAY - 40, 1)])
def test_whoever_turned_away_shops_elsewhere_until_then(
    scene: Scene, until: int, store: int
) -> None:
    choose, parent = scene.rules.choose, scene.parent
    parent.covered_until[DIAPERS] = DAY
    parent.avoids_until, parent.habit = until, [0.0, 0.9, 0.1, 0.0, 0.0]
    choose.recall, choose.wait_appeal, choose.operator_appeal = 50.0, -50.0, 20.0
    scene.luck.otherwise = 0.5
    scene.luck.of = {CONSIDER: SURE, SHOP_PUBLIC: 0.99, SHOP_PUBLIC + 1: 0.9}
    scene.live(CALLED)
    assert scene.event.store == store
    assert scene.counters.recalled == int(store == 1)
    assert scene.parent.last_met_day == (DAY if store == 1 else -NEVER)


@pytest.mark.parametrize(("until", "bought"), [(DAY, True), (DAY + 1, False)])
def test_no_deal_tempts_whoever_turned_away(scene: Scene, until: int, bought: bool) -> None:
    scene.rules.basket.deal_base, scene.today.deal_cut = 100.0, 0.2
    scene.parent.avoids_until = until
    scene.luck.of = {IMPULSE: SURE, IMPULSE_WHAT: SURE}
    scene.live(CLICKING)
    assert (scene.event.list_fen > 0) == bought


# -- scenes of reviews ---------------------------------------------------------------------


def delivered(scene: Scene, satisfaction: float) -> Scene:
    """An order arrives that changes nothing of what they thought."""
    scene.rules.judge.smoothing = 0.0
    scene.rules.talk.review_chance = 0.5
    scene.parent.satisfaction = satisfaction
    scene.parent.arrival_day = scene.parent.arrival_expected_day = DAY
    scene.event.reviewed = scene.event.opinion = 0
    return scene


@pytest.mark.parametrize(
    ("satisfaction", "chance", "opinion"), [(0.9, 0.4, 91), (0.25, 0.25, 26), (0.5, 0.0, 0)]
)
def test_who_tells_in_public_and_what(
    scene: Scene, satisfaction: float, chance: float, opinion: int
) -> None:
    for u in (max(chance - NOT_QUITE, 0.0), chance + NOT_QUITE):
        delivered(scene, satisfaction).luck.of = {REVIEW: u}
        arrives(scene)
        told = u < chance
        assert (scene.event.reviewed, scene.event.opinion) == ((1, opinion) if told else (0, 0))


def test_friends_hear_of_a_defect_even_where_nothing_is_told_in_public(scene: Scene) -> None:
    delivered(scene, 0.25).luck.of = {DEFECT: SURE}
    scene.today.defect_share = 0.3
    arrives(scene)
    assert (scene.event.reviewed, scene.event.defect, scene.event.opinion) == (0, 1, 26)


def test_an_order_under_way_is_not_told_of(scene: Scene) -> None:
    delivered(scene, 1.0).parent.arrival_day = DAY + 1
    scene.luck.of = {REVIEW: SURE}
    arrives(scene)
    assert (scene.event.reviewed, scene.event.opinion) == (0, 0)
