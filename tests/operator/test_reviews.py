"""Public reviews: what stays in sight of what was told, and what it says on average."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.engine.day_end import SUMS
from sim.operator.operations import close_day, first_state, open_day
from sim.world.state import TODAY
from tests.scene import small_model

about = pytest.approx
P = small_model().config.operator.operations


def after(told: list[tuple[int, int]], households: int = 500, half_life: float = 10.0) -> tuple:
    """The state after evenings with so many reviews of so many points in all, and its morning."""
    state = first_state(P, households).view(np.recarray)
    today, sums = np.zeros(1, TODAY).view(np.recarray), np.zeros(1, SUMS).view(np.recarray)
    today.desk_ratio = 1.0
    usual, P.review_half_life_days = P.review_half_life_days, half_life
    for reviews, points in told:
        sums[0].reviews, sums[0].rating_points = reviews, points
        close_day(P, today, state, sums)
    open_day.py_func(P, today, state, len(told))
    P.review_half_life_days = usual
    return state[0], today[0]


def test_half_of_the_reviews_are_out_of_sight_after_a_half_life() -> None:
    state, today = after([(8, 600), *[(0, 0)] * 10])
    assert (state.reviews, state.ratings) == (about(4.0), about(3.0))
    assert today.reviews_per_1000 == about(8.0)
    assert today.review_rating == about(0.75), "what they say does not fade"


def test_newer_reviews_count_for_more() -> None:
    _, today = after([(4, 0), *[(0, 0)] * 9, (4, 400)])
    assert today.review_rating == about(4 / (4 + 2))


def test_nothing_told_nothing_read() -> None:
    _, today = after([(0, 0)] * 3)
    assert (today.reviews_per_1000, today.review_rating) == (0.0, 0.0)


@given(st.lists(st.tuples(st.integers(0, 50), st.floats(0, 1)), min_size=1, max_size=30))
@settings(max_examples=40)
def test_a_rating_is_a_share_and_no_review_comes_from_nowhere(
    told: list[tuple[int, float]],
) -> None:
    state, today = after([(count, int(count * 100 * how)) for count, how in told])
    assert 0 <= state.ratings <= state.reviews + 1e-9
    assert state.reviews <= sum(count for count, _ in told) + 1e-9
    assert 0 <= today.review_rating <= 1 + 1e-12
