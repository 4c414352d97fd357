"""What brings the operator to mind: memory that fades, a search, reviews, and what friends say."""

import math
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.behaviour import choose
from sim.behaviour.day import CALLED
from sim.behaviour.shopping import hear_others, what_is_remembered
from sim.behaviour.weighing import word_of_friends
from sim.world.draws import CONSIDER, SHOP_PLATFORM, SHOP_PUBLIC
from sim.world.household import NEVER
from sim.world.ties import MOST_FRIENDS, friends_of
from tests.scene import DAY, DIAPERS, NEVER_FADES, Scene

SURE, NOT_QUITE = 0.0, 1e-9
about = pytest.approx
share = st.floats(0, 1)
days = st.floats(0, 3000)


# -- the rules -----------------------------------------------------------------------------


@given(share, share, days, days, st.floats(0, 50), st.floats(1, 1000))
@settings(max_examples=60)
def test_memory_rises_with_habit_and_fades_with_the_days(
    habit: float, more: float, since: float, later: float, recall: float, half_life: float
) -> None:
    p = SimpleNamespace(recall=recall, recall_half_life_days=half_life)
    chance = choose.memory(habit, since, p)
    assert 0 <= choose.memory(habit, since + later, p) <= chance <= 1
    assert chance <= choose.memory(min(habit + more, 1.0), since, p)
    assert choose.memory(0.0, since, p) == 0
    assert choose.memory(habit, since + half_life, p) == about(chance / 2, abs=1e-12)
    lasting = SimpleNamespace(recall=recall, recall_half_life_days=NEVER_FADES)
    assert choose.memory(habit, since, lasting) == about(1 - math.exp(-recall * habit))


@given(st.floats(0, 1e4), st.floats(0, 1e4), share, st.floats(0.01, 1e4))
@settings(max_examples=60)
def test_more_reviews_reach_ever_fewer_more(
    reviews: float, more: float, most: float, half: float
) -> None:
    p = SimpleNamespace(review_recall=most, review_half=half)
    chance = choose.chance_from_reviews(reviews, p)
    assert 0 <= chance <= choose.chance_from_reviews(reviews + more, p) <= most
    assert choose.chance_from_reviews(0.0, p) == 0
    assert choose.chance_from_reviews(half, p) == about(most / 2)
    first = choose.chance_from_reviews(more, p)
    assert choose.chance_from_reviews(reviews + more, p) - chance <= first + 1e-12


# -- scenes of coming to mind --------------------------------------------------------------


def known(scene: Scene) -> float:
    return what_is_remembered(scene.parent, scene.world, DAY, scene.inbox)


@pytest.mark.parametrize(
    ("ordered", "met", "chance"),
    [
        (DAY, -NEVER, 0.5),
        (DAY - 20, -NEVER, 0.25),  # a half-life ago
        (DAY - 40, DAY - 20, 0.25),  # of order and visit the later one
        (DAY - 20, DAY - 40, 0.25),
        (DAY - 40, DAY - 60, 0.125),
        (-NEVER, -NEVER, 0.0),
    ],
)
def test_memory_fades_from_the_last_contact_on(
    scene: Scene, ordered: int, met: int, chance: float
) -> None:
    choose_rules, parent = scene.rules.choose, scene.parent
    choose_rules.recall, choose_rules.recall_half_life_days = math.log(2) / 0.4, 20.0
    parent.habit = [0.3, 0.1, 0.2, 0.2, 0.2]
    parent.last_order_day, parent.last_met_day = ordered, met
    assert known(scene) == about(chance)


def test_reviews_bring_the_operator_to_strangers_minds(scene: Scene) -> None:
    scene.rules.choose.review_recall, scene.rules.choose.review_half = 0.4, 10.0
    for reviews, chance in ((0.0, 0.0), (10.0, 0.2), (30.0, 0.3)):
        scene.today.reviews_per_1000 = reviews
        assert known(scene) == about(chance)


@pytest.mark.parametrize(("birth", "chance"), [(DAY + 1, 0.15), (DAY, 0.0), (DAY - 100, 0.0)])
def test_expecting_parents_search(scene: Scene, birth: int, chance: float) -> None:
    scene.rules.choose.expecting_search, scene.parent.birth_day = 0.15, birth
    assert known(scene) == about(chance)


def test_whatever_brings_it_to_mind_does_so_by_itself(scene: Scene) -> None:
    choose_rules, parent = scene.rules.choose, scene.parent
    choose_rules.recall, choose_rules.expecting_search = math.log(2) / 0.4, 0.5
    choose_rules.review_recall, choose_rules.review_half = 0.4, 10.0
    scene.today.reviews_per_1000 = 10.0
    parent.habit, parent.last_order_day = [0.3, 0.1, 0.2, 0.2, 0.2], DAY
    parent.birth_day = DAY + 50
    assert known(scene) == about(1 - 0.5 * 0.8 * 0.5)


def test_a_plain_world_remembers_by_habit_alone(scene: Scene) -> None:
    scene.rules.choose.recall, scene.parent.habit = math.log(2) / 0.4, [0.3, 0.1, 0.2, 0.2, 0.2]
    scene.today.reviews_per_1000, scene.parent.birth_day = 1e6, DAY + 50
    assert known(scene) == about(0.5)


def shopping(scene: Scene, chance: float) -> Scene:
    """Out of diapers; the operator comes to mind with a chance that reviews alone give."""
    scene.parent.covered_until[DIAPERS] = DAY
    scene.rules.choose.recall, scene.rules.choose.wait_appeal = 0.0, -50.0
    scene.rules.choose.review_recall, scene.rules.choose.review_half = chance * 2, 10.0
    scene.today.reviews_per_1000 = 10.0
    scene.luck.otherwise = 0.5
    return scene


@pytest.mark.parametrize(("u", "recalled"), [(0.2 - NOT_QUITE, 1), (0.2 + NOT_QUITE, 0)])
def test_a_trip_on_which_reviews_brought_it_to_mind(scene: Scene, u: float, recalled: int) -> None:
    shopping(scene, 0.2).luck.of = {CONSIDER: u, SHOP_PUBLIC: 0.99, SHOP_PLATFORM: 0.9}
    scene.rules.choose.operator_appeal = 20.0
    scene.live(CALLED)
    assert (scene.counters.recalled, scene.event.store) == (recalled, 1 if recalled else 2)
    assert (scene.event.advertised, scene.event.by_koc) == (0, 0)


# -- what others say -----------------------------------------------------------------------


def friends_who_said(scene: Scene, *said: tuple[int, int]) -> None:
    """The first friends' opinions, and how many days ago they ordered."""
    friends = [0] * MOST_FRIENDS
    assert friends_of(scene.place, scene.world.ties, friends) >= len(said)
    for friend, (opinion, ago) in zip(friends, said, strict=False):
        scene.world.opinions[friend], scene.world.ordered_on[friend] = opinion, DAY - ago


def told_by_friends(scene: Scene) -> tuple[float, float]:
    """Trust and its weight, of .5 and 4 before; of all friends together, each weighs 2."""
    known = friends_of(scene.place, scene.world.ties, [0] * MOST_FRIENDS)
    scene.rules.believe.friend_weight, scene.rules.believe.bad_news_factor = 2.0 * known, 1.0
    word_of_friends(scene.parent, scene.world, scene.place, DAY, scene.inbox)
    return scene.parent.trust, scene.parent.trust_weight


@pytest.mark.parametrize(
    ("said", "trust", "weight"),
    [
        ([(101, 5)], (2 + 2) / 6, 6),  # all praise
        ([(1, 30)], 2 / 6, 6),  # all blame, at the edge of what is noticed
        ([(101, 5), (51, 5)], (2 + 0.75 * 4) / 8, 8),  # the mean, of two friends' weight
        ([(101, 31)], 0.5, 4),  # too long ago
        ([(0, 5)], 0.5, 4),  # nothing to say
    ],
)
def test_friends_who_ordered_lately_say_how_it_was(
    scene: Scene, said: list[tuple[int, int]], trust: float, weight: float
) -> None:
    friends_who_said(scene, *said)
    assert told_by_friends(scene) == (about(trust), about(weight))


def test_all_friends_weigh_as_much_as_is_set_however_many_they_are(scene: Scene) -> None:
    known = friends_of(scene.place, scene.world.ties, [0] * MOST_FRIENDS)
    assert known > 1
    friends_who_said(scene, *[(101, 5)] * known)
    scene.rules.believe.friend_weight = 4.0
    word_of_friends(scene.parent, scene.world, scene.place, DAY, scene.inbox)
    assert (scene.parent.trust, scene.parent.trust_weight) == (about(0.75), about(8.0))


@pytest.mark.parametrize(
    ("met", "reviews", "trust"),
    [
        (-NEVER, 5.0, (2 + 0.9 * 1.5) / 5.5),
        (DAY - 300, 5.0, 0.5),  # who has met it, a customer or not, judges by that
        (-NEVER, 0.0, 0.5),
    ],
)
@pytest.mark.parametrize("orders", [0, 1])
def test_strangers_believe_reviews_and_whoever_met_it_themselves(
    scene: Scene, met: int, orders: int, reviews: float, trust: float
) -> None:
    scene.rules.believe.review_weight = 1.5
    scene.parent.last_met_day, scene.parent.orders = met, orders
    scene.today.reviews_per_1000, scene.today.review_rating = reviews, 0.9
    hear_others(scene.parent, scene.world, scene.place, DAY, scene.inbox)
    assert scene.parent.trust == about(trust)


@pytest.mark.parametrize(("u", "hears"), [(SURE, True), (0.9, False)])
def test_only_whoever_thinks_of_the_operator_hears_of_it(
    scene: Scene, u: float, hears: bool
) -> None:
    shopping(scene, 0.2).rules.believe.review_weight = 1.0
    scene.today.review_rating = 1.0
    scene.luck.of = {CONSIDER: u}
    scene.live(CALLED)
    assert (scene.parent.trust > 0.5) == hears
    assert (scene.parent.last_met_day == DAY) == hears  # so that it hears them once


def test_words_without_weight_change_nothing(scene: Scene) -> None:
    friends_who_said(scene, (1, 5))
    scene.today.reviews_per_1000, scene.today.review_rating = 50.0, 0.0
    hear_others(scene.parent, scene.world, scene.place, DAY, scene.inbox)
    assert (scene.parent.trust, scene.parent.trust_weight) == (0.5, 4.0)
