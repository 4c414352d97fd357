"""Which test to run next: what a pilot's outcome is worth before a choice."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm

from sim.experiments.next_test import SIZES, Pilot, possible, worth_trying
from sim.experiments.pilot import DAY0_CHURN, DAY0_MARGIN, DAY0_REPURCHASE, NET, Spread
from sim.experiments.plausible import LEAST_WORLDS

WORLDS = 400


def pilot(difference: np.ndarray, error: float, name: str = "new", size: int = 500) -> Pilot:
    return Pilot(name, DAY0_REPURCHASE, size, difference, error)


def tried(values: np.ndarray, *pilots: Pilot, better: int = 1) -> pd.DataFrame:
    return worth_trying(values, pilots, better, "contribution", "yuan")


@pytest.fixture(scope="module")
def doubtful() -> tuple[np.ndarray, np.ndarray]:
    """Two strategies, of which either is better in half of the worlds; what tells which."""
    turning = np.random.default_rng(1).standard_normal(WORLDS)
    return np.stack([np.zeros(WORLDS), 10 * turning]), turning


def test_a_pilot_without_luck_is_worth_what_knowing_is(
    doubtful: tuple[np.ndarray, np.ndarray],
) -> None:
    values, turning = doubtful
    best = np.maximum(values[1], 0).mean() - max(values[1].mean(), 0)
    row = tried(values, pilot(turning, 0.0)).iloc[0]
    assert row["worth"] == pytest.approx(best, rel=0.1)
    assert row["changes"] == pytest.approx(0.5, abs=0.06)
    assert (row["months"], row["worlds"], row["per_arm"]) == (12, WORLDS, 500)


def test_less_luck_is_worth_more_and_as_normal_theory_says(
    doubtful: tuple[np.ndarray, np.ndarray],
) -> None:
    values, turning = doubtful
    errors = (0.1, 0.5, 1.0, 2.0, 4.0)
    pilots = [pilot(turning, each, f"of {each}") for each in errors]
    worth = tried(values, *pilots).set_index("strategy")["worth"]
    found = [worth[f"of {each}"] for each in errors]
    assert found == sorted(found, reverse=True)
    for error, one in zip(errors, found, strict=True):
        # What is expected after the pilot is normal: its mean as before, and this deviation.
        mean, deviation = values[1].mean(), values[1].std() / np.sqrt(1 + error**2)
        after = deviation * norm.pdf(mean / deviation) + mean * norm.cdf(mean / deviation)
        assert one == pytest.approx(after - max(mean, 0), rel=0.15), error


def test_what_never_turns_the_choice_or_tells_nothing_is_worth_nothing(
    doubtful: tuple[np.ndarray, np.ndarray],
) -> None:
    values, turning = doubtful
    far = values + np.array([[0.0], [60.0]])
    assert tried(far, pilot(turning, 0.1))[["worth", "changes"]].to_numpy().max() < 0.05
    silent = np.random.default_rng(9).standard_normal(WORLDS)
    assert tried(values, pilot(silent, 0.1))["worth"].max() < 0.4
    assert tried(values, pilot(np.zeros(WORLDS), 0.0))["worth"].max() < 0.4, "all worlds alike"


def test_less_may_be_better(doubtful: tuple[np.ndarray, np.ndarray]) -> None:
    values, turning = doubtful
    more, less = (tried(side * values, pilot(turning, 0.5), better=side) for side in (1, -1))
    pd.testing.assert_frame_equal(more, less)


@given(st.integers(0, 10_000), st.floats(0, 5))
@settings(max_examples=15, deadline=None)
def test_no_pilot_is_worth_more_than_to_know_the_world(seed: int, error: float) -> None:
    rng = np.random.default_rng(seed)
    values = rng.standard_normal((3, 60))
    pilots = [pilot(values[1] - values[0], error), pilot(values[2] - values[0], error, "other")]
    perfect = values.max(axis=0).mean() - values.mean(axis=1).max()
    table = tried(values, *pilots)
    assert table["worth"].between(0, perfect + 1e-9).all()
    assert table["changes"].between(0, 1).all()
    assert table["worth"].is_monotonic_decreasing


def test_few_worlds_tell_nothing(doubtful: tuple[np.ndarray, np.ndarray]) -> None:
    values, turning = doubtful
    few = LEAST_WORLDS - 1
    assert tried(values[:, :few], pilot(turning[:few], 0.1)).empty
    assert tried(values).empty, "no pilot that could be run"
    unknown = values.copy()
    unknown[0, 0] = np.nan
    assert tried(unknown, pilot(turning, 0.1)).empty


def spread(mean: float, variance: float) -> Spread:
    return Spread(mean, variance, 0.0, 1.0, 1.0)


def of_run(shift: float) -> dict[str, Spread]:
    return {
        DAY0_REPURCHASE: spread(0.4 + shift, 0.24),
        DAY0_CHURN: spread(0.3 - shift, 0.21),
        DAY0_MARGIN: spread(100 + shift, 900.0),
        NET: spread(0.1, 0.09),
    }


def test_every_strategy_can_be_piloted_in_every_size() -> None:
    found = {("usual", s): of_run(0.0) for s in (1, 2)} | {("new", s): of_run(s) for s in (1, 2)}
    pilots = possible(found, ["new", "usual"], [1, 2], "usual")
    assert {each.strategy for each in pilots} == {"new"}
    assert {each.outcome for each in pilots} == {DAY0_REPURCHASE, DAY0_CHURN, DAY0_MARGIN}
    assert sorted({each.per_arm for each in pilots}) == list(SIZES)
    first = pilots[0]
    assert first.difference == pytest.approx([1.0, 2.0]), "in the order of the seeds"
    assert first.error == pytest.approx(np.sqrt(0.48 / 500))


def test_runs_of_less_than_a_year_tell_of_no_pilot() -> None:
    found = {("usual", 1): of_run(0.0), ("new", 1): {}}
    assert possible(found, ["new", "usual"], [1], "usual") == []
