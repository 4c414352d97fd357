"""Engagement has a ceiling, novelty wears out, and after the last order interest lapses.

And whoever joins: by what lasts in a parent, liking and company, and by the child's stage.
"""

import math
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.behaviour import look, talk
from sim.behaviour.day import CALLED, VISITING
from sim.behaviour.drift import rest
from sim.world.draws import JOIN, LAND
from tests.scene import DAY, Scene

NOT_QUITE = 1e-9
about = pytest.approx
share, sd, logit = st.floats(0, 1), st.floats(-3, 3), st.floats(-5, 5)
days = st.floats(0, 3000)


def ceilings(ceiling: float, by_sociability: float) -> SimpleNamespace:
    return SimpleNamespace(ceiling=ceiling, ceiling_sociability=by_sociability)


# -- the rules -----------------------------------------------------------------------------


@given(sd, st.floats(0, 3), logit, st.floats(0, 5))
@settings(max_examples=60)
def test_the_sociable_can_be_brought_further(
    sociability: float, more: float, ceiling: float, effect: float
) -> None:
    highest = look.highest_engagement(sociability, ceilings(ceiling, effect))
    assert 0 < highest <= 1
    assert look.highest_engagement(sociability + more, ceilings(ceiling, effect)) >= highest
    assert look.highest_engagement(sociability, ceilings(ceiling + more, effect)) >= highest
    assert look.highest_engagement(sociability, ceilings(0.0, 0.0)) == 0.5


@given(share, share, share, share)
@settings(max_examples=60)
def test_a_good_visit_leads_up_to_the_ceiling_and_never_down_to_it(
    engagement: float, worth: float, highest: float, effect: float
) -> None:
    p = SimpleNamespace(worth_effect=effect, waste_effect=effect)
    after = look.engagement_after_visit(engagement, worth, highest, p)
    assert engagement <= after <= max(engagement, highest) + 1e-12
    if engagement >= highest:
        assert after == engagement
    wasted = look.engagement_after_visit(engagement, -worth, highest, p)
    assert wasted == about(engagement * (1 - effect * worth)), "no ceiling holds what falls"


@given(days, days, share, st.floats(1, 1000))
@settings(max_examples=60)
def test_novelty_wears_out_down_to_what_lasts(
    inside: float, longer: float, new: float, half_life: float
) -> None:
    p = SimpleNamespace(novelty_share=new, novelty_half_life_days=half_life)
    left = look.novelty(inside, p)
    assert 1 - new - 1e-12 <= look.novelty(inside + longer, p) <= left <= 1
    assert look.novelty(0.0, p) == 1
    assert look.novelty(half_life, p) == about(1 - new / 2)
    assert look.novelty(inside, SimpleNamespace(novelty_share=0.0, novelty_half_life_days=9.0)) == 1


@given(days, days, sd, st.floats(0, 5), st.floats(1, 1000))
@settings(max_examples=60)
def test_interest_lapses_after_the_last_order(
    since: float, longer: float, sociability: float, lapse: float, half_life: float
) -> None:
    def resting(since_order: float, effect: float) -> float:
        p = SimpleNamespace(
            resting_engagement=-0.5,
            sociability_effect=0.6,
            new_parent_effect=0.4,
            early_stage_effect=0.3,
            lapse_effect=effect,
            lapse_half_life_days=half_life,
        )
        return look.resting_engagement(sociability, 1.0, 1.0, since_order, p)

    assert 0 < resting(since + longer, lapse) <= resting(since, lapse) <= 1
    assert resting(since, 0.0) == resting(0.0, lapse), "just after an order nothing has lapsed"
    assert resting(since, lapse) <= resting(since, 0.0)


@given(sd, sd, share, st.floats(0, 3))
@settings(max_examples=60)
def test_liking_company_and_an_early_stage_speak_for_joining(
    sociability: float, taste: float, engagement: float, more: float
) -> None:
    names = ("join_sociability", "join_taste", "join_early", "join_stage", "join_engaged")
    p = SimpleNamespace(join_base=0.0, **dict.fromkeys(names, 0.5))
    who = [sociability, taste, 0.0, 0.0, engagement]
    chance = talk.join_chance(*who, p)
    assert 0 < chance < 1
    for each in range(len(who)):
        keener = [value + more * (place == each) for place, value in enumerate(who)]
        assert talk.join_chance(*keener, p) >= chance
    flat = SimpleNamespace(join_base=0.0, **dict.fromkeys(names, 0.0))
    assert talk.join_chance(*who, flat) == 0.5


@given(share, sd, sd, st.floats(-5, 5), st.floats(0, 3))
@settings(max_examples=60)
def test_trust_company_and_liking_speak_for_following_a_hook(
    trust: float, sociability: float, taste: float, appeal: float, more: float
) -> None:
    p = SimpleNamespace(land_base=0.0, land_trust=2.0, land_sociability=0.5, land_taste=0.5)
    who = [trust, sociability, taste, appeal]
    chance = talk.land_chance(*who, p)
    assert 0 < chance < 1
    for each in range(len(who)):
        keener = [value + more * (place == each) for place, value in enumerate(who)]
        assert talk.land_chance(*keener, p) >= chance


# -- scenes --------------------------------------------------------------------------------


def reader(scene: Scene, engagement: float) -> Scene:
    """A visitor who finds three pieces that fit by .6: worth 1.8 / 3.8."""
    scene.today.channel_useful_per_day, scene.parent.last_look_day = 3.0, DAY - 1
    scene.parent.engagement = engagement
    scene.rules.look.worth_effect = 0.5
    scene.rules.talk.react_chance = 0.0
    return scene


WORTH = 1.8 / 3.8


@pytest.mark.parametrize(
    ("sociability", "before", "after"),
    [
        (0.0, 0.25, 0.25 + 0.5 * WORTH * 0.25),  # half of the worth of the way to .5
        (1.0, 0.25, 0.25 + 0.5 * WORTH * 0.5),  # and to .75
        (0.0, 0.6, 0.6),  # beyond it already
    ],
)
def test_a_visit_brings_a_parent_nearer_to_what_it_can_be_brought_to(
    scene: Scene, sociability: float, before: float, after: float
) -> None:
    look_rules = reader(scene, before).rules.look
    look_rules.ceiling, look_rules.ceiling_sociability = 0.0, math.log(3)
    scene.parent.sociability = sociability
    scene.live(VISITING)
    assert scene.parent.engagement == about(after)


@pytest.mark.parametrize(
    ("inside", "since", "kept"), [(1, DAY, 1.0), (1, DAY - 30, 0.7), (1, DAY - 60, 0.55), (0, 0, 1)]
)
def test_what_is_read_in_the_private_domain_is_less_new_by_the_day(
    scene: Scene, inside: int, since: int, kept: float
) -> None:
    look_rules = reader(scene, 0.5).rules.look
    look_rules.novelty_share, look_rules.novelty_half_life_days = 0.6, 30.0
    scene.parent.in_private_domain, scene.parent.private_since = inside, since
    scene.live(VISITING)
    assert scene.parent.engagement == about(0.5 + 0.5 * WORTH * kept * 0.5)


def test_waste_does_not_wear_out(scene: Scene) -> None:
    look_rules = reader(scene, 0.5).rules.look
    scene.today.channel_useful_per_day, scene.today.channel_promotion_per_day = 0.0, 4.0
    look_rules.novelty_share, look_rules.waste_effect = 1.0, 0.5
    scene.parent.in_private_domain, scene.parent.private_since = 1, DAY - 900
    scene.live(VISITING)
    assert scene.parent.engagement == about(0.5 * (1 - 0.5 * 0.5))  # worth -2 / (2 + 2)


def test_engagement_at_rest_falls_with_the_days_since_an_order(scene: Scene) -> None:
    look_rules = scene.rules.look
    for name in ("resting_engagement", "sociability_effect", "new_parent_effect"):
        setattr(look_rules, name, 0.0)
    look_rules.early_stage_effect = 0.0
    look_rules.lapse_effect, look_rules.lapse_half_life_days = 2.0, 60.0
    for ordered, lapsed in ((DAY, 0.0), (DAY - 60, 1.0), (DAY - 120, 1.5), (-30_000, 2.0)):
        scene.parent.last_order_day = ordered
        assert rest(scene.parent, scene.world, DAY) == about(1 / (1 + math.exp(lapsed)))


@pytest.mark.parametrize(
    ("taste", "age_days", "odds"), [(0.0, 2000, 1), (1.0, 2000, 3), (0.0, 100, 2), (1.0, 100, 6)]
)
def test_who_likes_the_operator_or_has_a_small_child_joins_a_chat(
    scene: Scene, taste: float, age_days: int, odds: float
) -> None:
    rules = scene.rules.talk
    rules.join_base = rules.join_sociability = rules.join_engaged = rules.join_stage = 0.0
    rules.join_taste, rules.join_early = math.log(3), math.log(2)
    for u, joined in ((odds / (1 + odds) - NOT_QUITE, 1), (odds / (1 + odds) + NOT_QUITE, 0)):
        scene.parent.in_private_domain = scene.parent.subscribed = 1
        scene.parent.operator_taste, scene.parent.birth_day = taste, DAY - age_days
        scene.inbox.invitation, scene.inbox.topic_stage, scene.event.joined = 1.0, -1, 0
        scene.luck.of = {JOIN: u}
        scene.live(VISITING)
        assert scene.event.joined == joined


@pytest.mark.parametrize(("taste", "chance"), [(0.0, 0.5), (1.0, 0.75), (-1.0, 0.25)])
def test_who_likes_the_operator_follows_its_hook(scene: Scene, taste: float, chance: float) -> None:
    rules = scene.rules.talk
    rules.land_base = rules.land_trust = rules.land_sociability = 0.0
    rules.land_taste = math.log(3)
    for u, entered in ((chance - NOT_QUITE, 1), (chance + NOT_QUITE, 0)):
        scene.event.store, scene.parent.operator_taste = 1, taste
        scene.parent.in_private_domain, scene.parent.subscribed = 0, 0
        scene.inbox.landing, scene.luck.of = 1.0, {LAND: u}
        scene.live(CALLED)
        assert scene.parent.in_private_domain == entered
