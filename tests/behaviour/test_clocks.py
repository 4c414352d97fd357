"""Households do not shop by one clock: cover of family and trip, bundles, top-ups."""

import math
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.behaviour import need, stock
from sim.behaviour.day import CALLED
from sim.behaviour.ordering import cover_today
from sim.world.catalogue import age_month, month_begins
from sim.world.draws import BUNDLE, FAMILY_COVER, SHOP_PLATFORM, TOP_UP, TRIP_COVER
from sim.world.household import NEVER
from tests.scene import DAY, DIAPERS, WASH_CARE, Scene

NOT_QUITE = 1e-9
ONE_SD = 0.8413447460685429  # the share of a normal distribution below one standard deviation
about = pytest.approx
spread, deviation = st.floats(0, 2), st.floats(-4, 4)


def cover_rules(families: float, trips: float, days: float = 40.0) -> SimpleNamespace:
    return SimpleNamespace(
        cover_days=days, cover_spread_families=families, cover_spread_trips=trips
    )


# -- the rule ------------------------------------------------------------------------------


@given(deviation, deviation, st.floats(0, 3), spread, spread)
@settings(max_examples=60)
def test_cover_rises_with_the_family_s_habit_and_the_trip_s_luck(
    family: float, trip: float, more: float, families: float, trips: float
) -> None:
    p = cover_rules(families, trips)
    cover = need.usual_cover(family, trip, p)
    assert cover > 0
    assert need.usual_cover(family + more, trip, p) >= cover
    assert need.usual_cover(family, trip + more, p) >= cover
    assert need.usual_cover(family, trip, cover_rules(0.0, 0.0)) == about(40.0)


@given(st.floats(0, 0.8), st.floats(0, 0.8))
@settings(max_examples=10)
def test_the_mean_cover_is_the_usual_one(families: float, trips: float) -> None:
    steps = np.linspace(-8, 8, 161)
    weights = np.exp(-(steps**2) / 2) / np.exp(-(steps**2) / 2).sum()
    by_family = [need.usual_cover(each, 0.0, cover_rules(families, 0.0)) for each in steps]
    by_trip = [need.usual_cover(0.0, each, cover_rules(0.0, trips)) for each in steps]
    assert weights @ np.array(by_family) == about(40.0)
    assert weights @ np.array(by_trip) == about(40.0)


# -- scenes --------------------------------------------------------------------------------


def test_a_family_s_cover_is_its_own_and_each_trip_differs(scene: Scene) -> None:
    rules = scene.rules.need
    rules.cover_days, rules.cover_spread_families, rules.cover_spread_trips = 40.0, 0.3, 0.4
    scene.parent.family = 3
    scene.luck.of = {FAMILY_COVER: ONE_SD, TRIP_COVER: 1 - ONE_SD}
    half_variance = 0.5 * (0.3**2 + 0.4**2)
    cover = cover_today(scene.parent, scene.place, scene.world, DAY)
    assert cover == about(40.0 * math.exp(0.3 - 0.4 - half_variance))
    assert (FAMILY_COVER, 3) in scene.luck.asked, "by family, not by day"
    assert (TRIP_COVER, DAY) in scene.luck.asked


def trip(scene: Scene, washes_left: int = 200) -> list[int]:
    """Packs of diapers, which ran out, and of wash and care bought on a trip."""
    need_rules, choose = scene.rules.need, scene.rules.choose
    need_rules.lead_days, need_rules.bundle_days, need_rules.cover_days = 4.0, 10.0, 60.0
    need_rules.promotion_cover = 0.0
    choose.wait_appeal, choose.recall = -50.0, 0.0
    scene.luck.otherwise = 0.5
    scene.luck.of[SHOP_PLATFORM] = 0.99
    scene.parent.covered_until[DIAPERS] = DAY
    scene.parent.covered_until[WASH_CARE] = DAY + washes_left
    event = scene.event
    event.packs, event.days_bought, event.store = [0] * 8, [0] * 8, -1
    scene.live(CALLED)
    return [event.packs[DIAPERS], event.packs[WASH_CARE]]


def test_a_larger_cover_buys_more(scene: Scene) -> None:
    assert trip(scene) == [6, 0]
    scene.rules.need.cover_spread_trips = math.log(2)  # twice, less the half of its variance
    scene.luck.of[TRIP_COVER] = ONE_SD
    assert trip(scene) == [round(12 * math.exp(-(math.log(2) ** 2) / 2)), 0]


@pytest.mark.parametrize(
    ("left", "u", "packs"),
    [
        (14, 0.2999, [6, 1]),
        (14, 0.3001, [6, 0]),
        (15, 0.2999, [6, 0]),  # too far ahead to join
        (4, 0.9999, [6, 1]),  # short itself: no luck is asked
    ],
)
def test_what_is_short_soon_joins_the_trip_perhaps(
    scene: Scene, left: int, u: float, packs: list[int]
) -> None:
    scene.rules.need.bundle_share = 0.3
    scene.luck.of[BUNDLE + WASH_CARE] = u
    assert trip(scene, left) == packs
    asked = {purpose for purpose, _ in scene.luck.asked}
    assert BUNDLE + DIAPERS not in asked, "what the trip is for is bought whatever the luck"
    assert (BUNDLE + WASH_CARE in asked) == (left == 14)


@pytest.mark.parametrize(
    ("u", "left", "packs"),
    [
        (0.1999, 200, [1, 0]),  # the least pack
        (0.1999, 14, [1, 0]),  # nothing joins
        (0.1999, 4, [1, 1]),  # but for what is short itself
        (0.2001, 14, [6, 1]),
    ],
)
def test_some_trips_just_top_up(scene: Scene, u: float, left: int, packs: list[int]) -> None:
    scene.rules.need.top_up_share = 0.2
    scene.luck.of[TOP_UP] = u
    assert trip(scene, left) == packs
    assert scene.event.days_bought[DIAPERS] == 10 * packs[0]
    assert scene.parent.covered_until[DIAPERS] == DAY + 10 * packs[0]


def test_what_a_child_comes_to_later_is_not_bought_before(scene: Scene) -> None:
    first = age_month(180)
    uses = scene.world.use_per_day[DIAPERS, scene.parent.feeding]
    scene.world.use_per_day[DIAPERS, :, :first] = 0.0
    found = stock.first_use_day(scene.parent, uses, age_month(0))
    assert found == scene.parent.birth_day + month_begins(first)
    scene.world.use_per_day[DIAPERS] = 0.0
    found = stock.first_use_day(scene.parent, uses, age_month(0))
    assert found == NEVER
