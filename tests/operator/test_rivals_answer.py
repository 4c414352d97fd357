"""Rivals that answer the operator's prices, with a delay."""

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.behaviour.weighing import DEEPEST_CUT, PLATFORM, rival_utility
from sim.engine.day_start import let_rivals_answer
from sim.world.market import calendar
from tests.scene import DAY, Scene
from tests.worlds import market

about = pytest.approx


def answered(
    share: float, kept: float, cuts: list[tuple[float, float]], matched: float = 0.0
) -> list[float]:
    """What rivals take off, as a share, by day, for cuts in public and in private."""
    state = SimpleNamespace(matched_cut=matched)
    found = []
    for public, private in cuts:
        cuts_today = {"cut_public": public, "cut_private": private}
        today = SimpleNamespace(**cuts_today, rival_log_cut=0.0, rival_price=1.0)
        rules = SimpleNamespace(rivals_answer=share, answer_kept=kept)
        let_rivals_answer(today, state, rules)
        found.append(1.0 - float(np.exp(today.rival_log_cut)))
    return found


@given(st.floats(0.01, 2), st.floats(0, 0.99), st.lists(st.floats(0, 0.9), min_size=1, max_size=30))
@settings(max_examples=60)
def test_rivals_take_off_no_more_than_their_share_of_what_the_operator_does(
    share: float, kept: float, cuts: list[float]
) -> None:
    found = answered(share, kept, [(cut, 0.0) for cut in cuts])
    most = min(share * max(cuts), DEEPEST_CUT)
    assert all(-1e-12 <= cut <= most + 1e-12 for cut in found)


def test_half_of_a_cut_is_matched_after_a_half_life() -> None:
    kept = 0.5 ** (1 / 30)
    found = answered(0.8, kept, [(0.2, 0.1)] * 60)
    assert found[29] == about(0.8 * 0.2 * 0.5)
    assert found[59] == about(0.8 * 0.2 * 0.75)
    assert answered(0.8, kept, [(0.1, 0.2)])[0] == about(0.8 * 0.2 * (1 - kept)), "the deeper cut"


def test_a_cut_that_ends_is_answered_for_a_while() -> None:
    assert answered(1.0, 0.5, [(0.0, 0.0)] * 2, matched=0.4) == about([0.2, 0.1])


def test_nobody_sells_for_less_than_the_deepest_cut() -> None:
    assert answered(2.0, 0.0, [(0.9, 0.9)]) == about([DEEPEST_CUT])


def test_rivals_that_do_not_answer_hold_their_prices() -> None:
    assert answered(0.0, 0.5, [(0.5, 0.5)] * 3, matched=0.3) == [0.0, 0.0, 0.0]


def test_what_rivals_take_off_speaks_for_them(scene: Scene) -> None:
    scene.rules.choose.price_effect, scene.rules.choose.habit_effect = 2.0, 0.0
    before = rival_utility(scene.parent, scene.world, DAY, PLATFORM)
    scene.today.rival_log_cut = -0.1
    assert rival_utility(scene.parent, scene.world, DAY, PLATFORM) == about(before + 0.2)


def test_the_calendar_knows_how_rivals_answer() -> None:
    given_market = market()
    given_market.rivals_answer, given_market.answer_half_life_days = 0.6, 20.0
    days = calendar(given_market, 0, 3, 0)
    assert days.rivals_answer == about([0.6] * 3)
    assert days.answer_kept**20 == about([0.5] * 3)
