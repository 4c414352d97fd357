"""Three verdicts: what they say of an interval, and how often they are wrong."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.experiments.verdicts import (
    INSIDE,
    NOT_MEASURED,
    OUTSIDE,
    UNDECIDED,
    confidence_of,
    decided,
    judge,
    looks,
    together,
)

LOW, HIGH = 0.35, 0.48
numbers = st.floats(-10, 10)


@given(numbers, numbers, numbers, numbers)
def test_a_verdict_is_where_the_interval_lies(a: float, b: float, c: float, d: float) -> None:
    (low, high), (least, most) = sorted((a, b)), sorted((c, d))
    verdict = decided(low, high, least, most)
    assert (verdict == INSIDE) == (low <= least and most <= high)
    assert (verdict == OUTSIDE) == (most < low or least > high)
    assert (verdict == UNDECIDED) == (verdict not in (INSIDE, OUTSIDE))


def test_no_interval_decides_nothing() -> None:
    assert decided(LOW, HIGH, np.nan, np.nan) == UNDECIDED
    assert judge([0.4], LOW, HIGH).verdict == UNDECIDED, "one world has no interval"
    assert judge([0.4, 0.4], LOW, HIGH).verdict == UNDECIDED, "nor have two that are equal"
    assert judge([np.nan, np.nan], LOW, HIGH).verdict == NOT_MEASURED
    assert judge([0.40, 0.41, 0.40, np.nan], LOW, HIGH).worlds == 3


@pytest.mark.parametrize(
    ("first", "most", "numbers"),
    [(5, 20, [5, 10, 20]), (5, 30, [5, 10, 20, 30]), (3, 3, [3]), (8, 4, [8]), (1, 3, [1, 2, 3])],
)
def test_worlds_double_until_the_budget_is_spent(first: int, most: int, numbers: list[int]) -> None:
    assert looks(first, most) == numbers


def test_several_demands_hold_together() -> None:
    assert together([INSIDE, UNDECIDED, OUTSIDE]) == OUTSIDE
    assert together([INSIDE, UNDECIDED]) == UNDECIDED
    assert together([INSIDE, INSIDE]) == INSIDE


def test_how_many_worlds_would_decide() -> None:
    values = [0.40, 0.44, 0.48, 0.44, 0.40, 0.48, 0.44]
    judged = judge(values, LOW, 0.45)
    assert judged.verdict == UNDECIDED
    needed = judged.worlds_needed(LOW, 0.45)
    half, way = (judged.high - judged.low) / 2, 0.45 - 0.44
    assert needed == np.ceil(7 * (half / way) ** 2) > 7
    assert np.isnan(judge(values, 0.0, 1.0).worlds_needed(0.0, 1.0)), "it is decided"
    assert np.isnan(judge(values, 0.44, 1.0).worlds_needed(0.44, 1.0)), "on the bound: none could"


def _verdict(luck: np.random.Generator, truth: float, spread: float) -> str:
    """What is said in the end of a figure whose worlds scatter around the truth."""
    numbers = looks(5, 40)
    values = luck.normal(truth, spread, numbers[-1])
    for number in numbers:
        verdict = judge(values[:number], LOW, HIGH, confidence_of(len(numbers))).verdict
        if verdict != UNDECIDED:
            break
    return verdict


@pytest.mark.parametrize(
    ("truth", "wrong"),
    [(HIGH + 1e-9, INSIDE), (HIGH - 1e-9, OUTSIDE), (LOW - 1e-9, INSIDE), (LOW + 1e-9, OUTSIDE)],
)
def test_looking_again_and_again_does_not_make_verdicts_wrong(truth: float, wrong: str) -> None:
    """At a bound, where it is hardest, one side of the error stays below a fortieth."""
    luck = np.random.default_rng(11)
    said = [_verdict(luck, truth, 0.02) for _ in range(2000)]
    assert said.count(wrong) / 2000 < 0.025 + 0.008  # two standard errors of 2,000 trials
    assert said.count(UNDECIDED) / 2000 > 0.9, "more worlds cannot tell either"


def test_what_is_clearly_one_or_the_other_is_found_out() -> None:
    luck = np.random.default_rng(12)
    assert [_verdict(luck, 0.415, 0.02) for _ in range(300)].count(INSIDE) > 290
    assert [_verdict(luck, 0.56, 0.02) for _ in range(300)].count(OUTSIDE) > 290
    near = [_verdict(luck, HIGH + 0.02, 0.03) for _ in range(300)]
    assert near.count(INSIDE) < 5
    assert near.count(OUTSIDE) > 200, "which the first look alone would not have told"
    alone = [judge(luck.normal(HIGH + 0.02, 0.03, 5), LOW, HIGH).verdict for _ in range(300)]
    assert alone.count(OUTSIDE) < 120
