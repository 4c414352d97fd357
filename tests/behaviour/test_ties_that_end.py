"""Three ties to the operator, and how each of them ends: a chat, the private domain, messages."""

import math
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.behaviour import stay
from sim.behaviour.day import CALLED, consider_leaving, lived_with
from sim.behaviour.drift import parent_audience
from sim.world.draws import LAND, LEAVE, UNFOLLOW, UNSUBSCRIBE
from sim.world.events import REASONS
from sim.world.household import NEVER
from tests.scene import DAY, UNLUCKY, Scene

SURE, NOT_QUITE = 0.0, 1e-9
OVERLOAD, PRIVACY, DISTRUST = map(REASONS.index, ("overload", "privacy", "distrust"))
RULES = SimpleNamespace(
    unfollow_privacy=0.04,
    unfollow_distrust=0.1,
    stop_overload=0.03,
    stop_privacy=0.02,
    stop_distrust=0.05,
    most_overload=2.0,
    tolerated_trust=0.5,
)
NONE = SimpleNamespace(**dict.fromkeys(vars(RULES), 0.0))
share = st.floats(0, 1)
lasting = st.tuples(st.floats(0, 400), st.floats(0, 4), st.floats(0, 5), st.floats(-1, 1), share)


def hazards_of_private_domain(concern: float, trust: float) -> list[float]:
    return [0.0, 0.04 * max(concern, 0.0), 0.1 * max(0.5 - trust, 0.0)]


def hazards_of_messages(burden: float, own: float, concern: float, trust: float) -> list[float]:
    overload = 0.03 * min(burden, 3.0) * own
    return [overload, 0.02 * max(concern, 0.0), 0.05 * max(0.5 - trust, 0.0)]


# -- the rules -----------------------------------------------------------------------------


@given(lasting)
@settings(max_examples=60)
def test_each_reason_has_its_share_of_what_ends_a_tie(lived: tuple[float, ...]) -> None:
    days, burden, own, concern, trust = lived

    def unfollows(u: float) -> int:
        return stay.reason_to_unfollow(u, days, concern, trust, RULES)

    def stops(u: float) -> int:
        return stay.reason_to_unsubscribe(u, days, burden, own, concern, trust, RULES)

    for asked, a_day in (
        (unfollows, hazards_of_private_domain(concern, trust)),
        (stops, hazards_of_messages(burden, own, concern, trust)),
    ):
        gone, bar = 1 - math.exp(-sum(a_day) * days), 0.0
        for reason, hazard in zip((OVERLOAD, PRIVACY, DISTRUST), a_day, strict=True):
            part = gone * hazard / max(sum(a_day), 1e-300)
            if part > 1e-9:
                assert asked(bar + part / 2) == reason
            bar += part
        if bar < 1 - 1e-9:
            assert asked((1 + bar) / 2) == stay.STAYS


@given(st.floats(0, 1 - 1e-9), lasting)
@settings(max_examples=60)
def test_without_hazards_nobody_leaves(u: float, lived: tuple[float, ...]) -> None:
    days, burden, own, concern, trust = lived
    assert stay.reason_to_unfollow(u, days, concern, trust, NONE) == stay.STAYS
    assert stay.reason_to_unsubscribe(u, days, burden, own, concern, trust, NONE) == stay.STAYS


@given(share, lasting, st.floats(0, 100))
@settings(max_examples=60)
def test_more_of_a_reason_and_more_days_never_hold_anybody(
    u: float, lived: tuple[float, ...], more: float
) -> None:
    days, burden, own, concern, trust = lived
    if stay.reason_to_unfollow(u, days, concern, trust, RULES) != stay.STAYS:
        for worse in ((days + more, concern, trust), (days, concern + more, trust)):
            assert stay.reason_to_unfollow(u, *worse, RULES) != stay.STAYS
    if stay.reason_to_unsubscribe(u, days, burden, own, concern, trust, RULES) != stay.STAYS:
        for worse in (
            (days + more, burden, own, concern, trust),
            (days, burden + more, own, concern, trust),
            (days, burden, own + more, concern, trust),
            (days, burden, own, concern + more, trust),
            (days, burden, own, concern, max(trust - more, 0.0)),
        ):
            assert stay.reason_to_unsubscribe(u, *worse, RULES) != stay.STAYS


@given(st.floats(0, 100), st.floats(0, 100), st.floats(0.1, 100))
@settings(max_examples=60)
def test_a_backlog_overloads_beyond_what_is_tolerated_as_far_as_that_tells(
    burden: float, more: float, most: float
) -> None:
    p = SimpleNamespace(most_overload=most)
    assert 0 <= stay.overloaded(burden, p) <= stay.overloaded(burden + more, p) <= most
    assert stay.overloaded(1.0, p) == 0
    assert stay.overloaded(1.0 + most / 2, p) == pytest.approx(most / 2)
    assert stay.overloaded(1.0 + 2 * most, p) == most


@given(st.floats(0, 1 - 1e-9), st.floats(0, 400), st.floats(0, 100))
@settings(max_examples=60)
def test_who_is_not_written_to_has_not_enough_of_messages(
    u: float, days: float, burden: float
) -> None:
    assert stay.reason_to_unsubscribe(u, days, burden, 0.0, 0.0, 1.0, RULES) == stay.STAYS


@given(share, st.floats(0, 0.5), st.floats(0, 0.5), st.floats(0, 0.5))
@settings(max_examples=60)
def test_waking_more_often_lets_nobody_leave_the_sooner(
    u: float, overload: float, privacy: float, distrust: float
) -> None:
    """As many stay through ten days at once as through ten days one by one."""
    stays_a_day = math.exp(-(overload + privacy + distrust))
    if abs(u - (1 - stays_a_day**10)) > 1e-9:
        stays = stay.reason_by_hazard(u, 10.0, overload, privacy, distrust) == stay.STAYS
        assert stays == (u > 1 - stays_a_day**10)


# -- scenes --------------------------------------------------------------------------------


def tied(scene: Scene) -> Scene:
    """A member of a chat, in the private domain, with messages; nothing drives it away."""
    if scene.parent.group < 0:
        scene.in_group(silent_day=NEVER)
    scene.parent.group_left_day = -NEVER
    scene.parent.in_private_domain = scene.parent.subscribed = scene.parent.consent = 1
    for name in ("worthless", "overload", "privacy", "silence", "outgrown", "distrust"):
        setattr(scene.rules.stay, name, 0.0)
    scene.rules.stay.tolerated_trust, scene.rules.look.fatigue_tolerance = 0.4, 40.0
    scene.rules.stay.most_overload = 2.0
    return scene


def ends(scene: Scene, luck: int, u: float, days: float = 1.0) -> tuple[str, str, str]:
    """Why chat, private domain and messages end today, having been weighed so many days ago."""
    scene.luck.of = {luck: u}
    event = scene.event
    event.left_group = event.left_private = event.unsubscribed = event.consent_withdrawn = 0
    lived = lived_with(scene.parent, scene.world, DAY, days)
    inbox = scene.inbox
    consider_leaving(scene.parent, scene.place, scene.world, DAY, 1.0, lived, inbox, event)
    found = (event.left_group, event.left_private, event.unsubscribed)
    return REASONS[found[0]], REASONS[found[1]], REASONS[found[2]]


def ties(scene: Scene) -> tuple[bool, bool, bool]:
    parent = scene.parent
    return parent.group >= 0, parent.in_private_domain == 1, parent.subscribed == 1


@pytest.mark.parametrize(
    ("reason", "lived", "hazard"),
    [
        ("privacy", {"privacy_concern": 0.75}, 0.05),  # .25 above what is tolerated
        ("privacy", {"privacy_concern": 0.5}, 0.0),
        ("distrust", {"trust": 0.15}, 0.05),
        ("distrust", {"trust": 0.4}, 0.0),
    ],
)
@pytest.mark.parametrize("days", [1, 7])
def test_leaving_the_private_domain_ends_the_chat_and_not_the_messages(
    scene: Scene, reason: str, lived: dict[str, float], hazard: float, days: int
) -> None:
    chance = 1 - math.exp(-hazard * days)
    for u in (max(chance - NOT_QUITE, 0.0), chance + NOT_QUITE):
        vars(tied(scene).parent).update(lived)
        setattr(scene.rules.stay, f"unfollow_{reason}", 0.2)
        goes = u < chance
        why = reason if goes else "none"
        assert ends(scene, UNFOLLOW, u, days) == (why, why, "none")
        assert ties(scene) == (not goes, not goes, True)
        withdrawn = goes and reason == "privacy"
        assert (scene.event.consent_withdrawn, scene.parent.consent) == (withdrawn, 1 - withdrawn)
        assert scene.parent.group_left_day == (DAY if goes else -NEVER)


@pytest.mark.parametrize(
    ("reason", "lived", "own", "hazard"),
    [
        ("overload", {"fatigue": 40.0}, 1.0, 0.2),  # one own message, at what is tolerated
        ("overload", {"fatigue": 40.0}, 0.25, 0.05),
        ("overload", {"fatigue": 20.0}, 0.5, 0.05),
        ("overload", {"fatigue": 80.0}, 2.0, 0.8),
        ("overload", {"fatigue": 120.0}, 1.0, 0.6),
        ("overload", {"fatigue": 400.0}, 1.0, 0.6),  # no more than two backlogs above it
        ("overload", {"fatigue": 0.0}, 1.0, 0.0),
        ("overload", {"fatigue": 400.0}, 0.0, 0.0),  # all of it is of others
        ("privacy", {"privacy_concern": 0.75}, 9.0, 0.05),
        ("distrust", {"trust": 0.15}, 9.0, 0.05),
    ],
)
@pytest.mark.parametrize("days", [1, 7])
def test_messages_are_stopped_and_nothing_else_ends(
    scene: Scene, reason: str, lived: dict[str, float], own: float, hazard: float, days: int
) -> None:
    others = 7.0
    scene.world.pressure[0, scene.now] = others
    chance = 1 - math.exp(-hazard * days)
    for u in (max(chance - NOT_QUITE, 0.0), chance + NOT_QUITE):
        vars(tied(scene).parent).update(lived)
        scene.world.pressure[parent_audience(scene.parent), scene.now] = others + own
        setattr(scene.rules.stay, f"stop_{reason}", 0.2)
        goes = u < chance
        assert ends(scene, UNSUBSCRIBE, u, days) == ("none", "none", reason if goes else "none")
        assert ties(scene) == (True, True, not goes)
        withdrawn = goes and reason == "privacy"
        assert (scene.event.consent_withdrawn, scene.parent.consent) == (withdrawn, 1 - withdrawn)


def test_who_leaves_a_chat_keeps_the_rest(scene: Scene) -> None:
    tied(scene).parent.trust = 0.0
    scene.rules.stay.distrust = 0.5
    assert ends(scene, LEAVE, SURE) == ("distrust", "none", "none")
    assert ties(scene) == (False, True, True)


def test_each_tie_has_a_draw_of_its_own(scene: Scene) -> None:
    tied(scene).parent.trust = 0.0
    stay_rules = scene.rules.stay
    stay_rules.distrust = stay_rules.unfollow_distrust = stay_rules.stop_distrust = 0.5
    for luck, found in (
        (LEAVE, ("distrust", "none", "none")),
        (UNFOLLOW, ("distrust", "distrust", "none")),
        (UNSUBSCRIBE, ("none", "none", "distrust")),
    ):
        tied(scene).parent.trust = 0.0
        stay_rules.distrust = stay_rules.unfollow_distrust = stay_rules.stop_distrust = 0.5
        assert ends(scene, luck, SURE) == found


def test_what_is_not_there_does_not_end(scene: Scene) -> None:
    for name in ("unfollow_distrust", "stop_distrust"):
        setattr(scene.rules.stay, name, 0.5)
    scene.rules.stay.tolerated_trust, scene.parent.trust = 1.0, 0.0
    assert ends(scene, UNFOLLOW, SURE) == ("none", "none", "none")
    scene.parent.subscribed = 1  # a customer outside the private domain
    assert ends(scene, UNSUBSCRIBE, SURE) == ("none", "none", "distrust")
    assert scene.parent.subscribed == 0
    assert ends(scene, UNSUBSCRIBE, SURE) == ("none", "none", "none")


@pytest.mark.parametrize("slept", [0, 1, 3])
def test_each_tie_is_weighed_for_the_days_since_it_was_last(scene: Scene, slept: int) -> None:
    chance = 1 - math.exp(-0.2 * 0.25 * slept)
    for name, luck, told in (
        ("unfollow_distrust", UNFOLLOW, "left_private"),
        ("stop_distrust", UNSUBSCRIBE, "unsubscribed"),
    ):
        for u in (max(chance - NOT_QUITE, 0.0), chance + NOT_QUITE):
            tied(scene).parent.trust, scene.parent.felt_day = 0.15, DAY - slept
            setattr(scene.rules.stay, name, 0.2)
            scene.event.left_private = scene.event.unsubscribed = 0
            scene.luck.of = {luck: u}
            scene.live(CALLED)
            assert (getattr(scene.event, told) == DISTRUST) == (u < chance)


def test_whoever_left_may_enter_again_and_gets_messages_anew(scene: Scene) -> None:
    scene.event.store, scene.inbox.landing, scene.inbox.landing_appeal = 1, 1.0, 100.0
    scene.luck.of = {LAND: SURE}
    scene.live(CALLED)
    assert ties(scene) == (False, True, True)
    assert (scene.event.entered_private_domain, scene.parent.private_since) == (1, DAY)


def test_the_content_keep_every_tie(scene: Scene) -> None:
    """Trusting, unconcerned and rested, whatever the hazards, the messages and the luck."""
    tied(scene)
    for name in vars(scene.rules.stay):
        setattr(scene.rules.stay, name, 1.0 if name != "tolerated_trust" else 0.4)
    scene.world.pressure[parent_audience(scene.parent), scene.now] = 9.0
    for luck in (LEAVE, UNFOLLOW, UNSUBSCRIBE):
        assert ends(scene, luck, SURE, days=90.0) == ("none", "none", "none")
    assert ends(scene, LEAVE, UNLUCKY) == ("none", "none", "none")
    assert ties(scene) == (True, True, True)
