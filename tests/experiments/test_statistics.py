"""Known answers, and coverage simulated with a stated error rate.

The coverage tests count misses in N fixed-seed experiments. With true coverage 0.95 the count
lies outside the accepted range with probability below 0.001, so a failure means a wrong method.
"""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from sim.experiments import statistics
from sim.experiments.paired import at_once


def equicorrelated(size: int, correlation: float = 0.5) -> np.ndarray:
    return np.full((size, size), correlation) + (1 - correlation) * np.eye(size)


def test_t_interval_of_a_textbook_sample():
    # 1..5: mean 3, s = 1.5811, t(4) = 2.7764, half-width 1.9632
    got = statistics.mean_intervals(np.arange(1.0, 6.0))
    assert got.mean[0] == 3.0
    assert got.low[0] == pytest.approx(3 - 1.9632, abs=1e-4)
    assert got.high[0] == pytest.approx(3 + 1.9632, abs=1e-4)
    assert got.n[0] == 5


def test_t_interval_leaves_out_missing_and_admits_ignorance():
    values = np.array([[1.0, np.nan, 7.0], [3.0, np.nan, np.nan]])
    got = statistics.mean_intervals(values)
    assert got.n.tolist() == [2, 0, 1]
    assert got.mean[0] == 2.0
    assert np.isnan(got.mean[1])
    assert got.mean[2] == 7.0
    assert np.isnan(got.low[2])


@pytest.mark.parametrize(
    ("comparisons", "tabled"),
    [(2, 2.21), (3, 2.35), (5, 2.51), (9, 2.69)],  # Dunnett 1964, two-sided 95%, infinite df
)
def test_max_t_gives_dunnetts_table(comparisons, tabled):
    got = statistics.max_t_critical(equicorrelated(comparisons), df=100_000)
    assert got == pytest.approx(tabled, abs=0.02)


def test_max_t_agrees_with_the_multivariate_t_of_scipy():
    correlation = equicorrelated(3)
    c = statistics.max_t_critical(correlation, df=2_000)
    law = stats.multivariate_t(shape=correlation, df=2_000, seed=1)
    assert law.cdf(np.full(3, c), lower_limit=np.full(3, -c)) == pytest.approx(0.95, abs=0.004)


def test_max_t_at_the_ends_of_correlation():
    alone = stats.t.ppf(0.975, 9)
    together = statistics.max_t_critical(equicorrelated(6, 1.0), df=9)
    apart = statistics.max_t_critical(np.eye(6), df=9)
    assert together == pytest.approx(alone, rel=0.02)
    assert apart == pytest.approx(statistics.sidak_critical(6, 9), rel=0.02)


def test_sidak_for_one_comparison_is_t():
    assert statistics.sidak_critical(1, 12) == pytest.approx(stats.t.ppf(0.975, 12))


def coverage(experiments: int, replications: int, correlation: np.ndarray, seed: int) -> float:
    """Share of experiments whose intervals hold all together; true differences are not zero."""
    rng = np.random.default_rng(seed)
    size = len(correlation)
    root = np.linalg.cholesky(correlation) * np.linspace(0.5, 3.0, size)[:, None]
    truth = np.arange(1, size + 1) / 10
    held = 0
    for _ in range(experiments):
        common = rng.normal(size=(replications, 1))
        strategies = common + rng.normal(size=(replications, size)) @ root.T + truth
        got = statistics.paired_differences(np.hstack([strategies, common]), reference=size)
        held += bool(np.all((got.low <= truth) & (truth <= got.high)))
    return held / experiments


@pytest.mark.parametrize(
    ("replications", "seed"),
    [(3, 1), (10, 2), (30, 3)],
)
def test_intervals_hold_together_as_often_as_stated(replications, seed):
    # 500 experiments: 3.3 standard errors of a coverage of 0.95 are 0.032. Šidák's inequality,
    # used for three replications, gives a little more than stated.
    got = coverage(500, replications, equicorrelated(7), seed)
    assert 0.918 <= got <= (0.995 if replications == 3 else 0.98)


def test_single_intervals_would_not_hold_together():
    # the reason for simultaneous intervals: seven single ones miss far more than one in twenty
    rng = np.random.default_rng(5)
    missed = 0
    for _ in range(500):
        sample = rng.normal(size=(10, 7)) + rng.normal(size=(10, 1))
        got = statistics.mean_intervals(sample)
        missed += bool(np.any((got.low > 0) | (got.high < 0)))
    assert missed / 500 > 0.12


def test_paired_differences_cancel_common_luck():
    luck = np.array([5.0, -3.0, 8.0, 1.0, -9.0, 2.0])
    values = np.stack([luck, luck + 2.0, luck + np.array([1, -1, 1, -1, 1, -1.0])], axis=1)
    got = statistics.paired_differences(values, reference=0)
    assert got.mean == pytest.approx([2.0, 0.0])
    assert got.low[0] == pytest.approx(2.0)  # no spread, no width
    assert got.high[0] == pytest.approx(2.0)
    assert got.low[1] < 0 < got.high[1]
    assert got.method == "paired t"  # the constant column asks for no correction


@pytest.mark.parametrize("count", [2, 3, 4])
@pytest.mark.parametrize("difference", [0.0, 0.1])
def test_a_few_equal_pairs_have_no_interval(count, difference):
    luck = np.array([0.3, 0.7, 0.2, 0.9])[:count]
    varying = luck + np.array([0.1, -0.1, 0.2, 0.0])[:count]
    got = statistics.paired_differences(np.stack([luck, luck + difference, varying], axis=1), 0)
    assert got.mean[0] == pytest.approx(difference)
    assert np.isnan([got.low[0], got.high[0]]).all()
    assert got.low[1] < got.mean[1] < got.high[1]


def test_a_few_equal_values_have_no_interval_whatever_stands_beside_them():
    values = np.array([[0.5, 1e12, 1e-9], [0.5, 2e12, 2e-9], [0.5, 2e12, 2e-9]])
    got = statistics.mean_intervals(values)
    assert np.isnan(got.low).tolist() == [True, False, False]
    many = statistics.mean_intervals(np.full((6, 1), 0.5))
    assert (many.low, many.high) == (0.5, 0.5)


def test_missing_world_is_left_out_for_all():
    values = np.array([[1.0, 2.0, 9.0], [1.0, np.nan, 0.0], [2.0, 3.0, 5.0]])
    got = statistics.paired_differences(values, reference=0)
    assert got.n == 2
    assert got.mean == pytest.approx([1.0, 5.5])


def test_differences_that_cancel_out_are_none_at_all():
    shares = np.array([[0.1, 0.3], [0.3, 0.2], [0.3, 0.2]])
    assert (shares[:, 1] - shares[:, 0]).mean() != 0.0  # what rounding leaves
    assert statistics.paired_differences(shares, reference=0).mean[0] == 0.0


def test_one_replication_has_no_interval():
    got = statistics.paired_differences(np.array([[1.0, 2.0]]), reference=0)
    assert got.mean[0] == 1.0
    assert np.isnan(got.low[0])


@pytest.mark.parametrize("replications", [4, 20])
def test_probability_best_knows_the_obvious(replications):
    rng = np.random.default_rng(3)
    luck = rng.normal(size=(replications, 1))
    values = luck + np.array([0.0, 5.0, 1.0]) + 0.01 * rng.normal(size=(replications, 3))
    got, _ = statistics.probability_best(values)
    assert got == pytest.approx([0.0, 1.0, 0.0], abs=0.01)
    twins, _ = statistics.probability_best(values[:, [0, 1, 1]])
    assert twins == pytest.approx([0.0, 0.5, 0.5], abs=0.01)


def test_probability_best_is_calibrated_between_two():
    # P(best) of a normal difference d with standard error s is Phi(d / s)
    difference = stats.norm.ppf((np.arange(400) + 0.5) / 400) + 0.05
    values = np.stack([np.zeros(400), difference], axis=1)
    expected = stats.norm.cdf(0.05 / (difference.std() / 20))
    got, method = statistics.probability_best(values)
    assert got[1] == pytest.approx(expected, abs=0.015)
    assert "bootstrap" in method


def test_few_replications_are_less_sure_than_the_bootstrap():
    values = np.array([[0.0, 0.1], [0.0, 0.9], [0.0, 0.5]])
    got, method = statistics.probability_best(values)
    assert "t" in method
    # t(2) beyond -0.5 / (0.4 / sqrt 3) = -2.165
    assert got[1] == pytest.approx(1 - stats.t.sf(2.165, 2), abs=0.01)


def test_replications_needed_by_hand():
    # s = 1, h = 0.5: the textbook's answer with t is 18
    n = statistics.replications_needed(1.0, 0.5)
    assert n == 18
    assert stats.t.ppf(0.975, 17) / np.sqrt(18) <= 0.5 < stats.t.ppf(0.975, 16) / np.sqrt(17)


def test_replications_needed_together_are_more():
    critical = statistics.sidak_critical(7, 9)
    alone = statistics.replications_needed(1.0, 0.2)
    assert statistics.replications_needed(1.0, 0.2, critical, 9) > alone
    # asked for what ten replications gave, it says ten
    assert statistics.replications_needed(1.0, critical / np.sqrt(10), critical, 9) == 10


def test_replications_needed_refuses_the_impossible():
    with pytest.raises(ValueError, match="above zero"):
        statistics.replications_needed(1.0, 0.0)


@settings(max_examples=30, deadline=None)
@given(st.floats(0.1, 10.0), st.floats(0.01, 0.2))
def test_variance_reduction_counts_replications(common, own):
    # a = c + e, b = c + f with orthogonal parts: (2 common² + 2 own²) / (2 own²)
    c, e, f = np.array([[1, 1, -1, -1], [1, -1, 1, -1], [1, -1, -1, 1]], dtype=float)
    a, b = common * c + own * e, common * c + own * f
    expected = (common**2 + own**2) / own**2
    assert statistics.variance_reduction(a, b) == pytest.approx(expected)


def test_variance_reduction_without_pairing_is_one():
    rng = np.random.default_rng(8)
    a, b = rng.normal(size=(2, 5_000))
    assert statistics.variance_reduction(a, b) == pytest.approx(1.0, abs=0.05)
    assert statistics.variance_reduction(a, a + 1) == float("inf")


def test_ranks():
    assert statistics.ranks([0.2, 0.5, np.nan, 0.5]).tolist() == [3, 1, 4, 1]


def test_there_is_no_interval_at_once_of_a_few_equal_worlds() -> None:
    differences = np.array([[6.0, 1.0], [6.0, 2.0], [6.0, 4.0]])
    few = at_once(differences)
    assert few["mean"].tolist() == [6.0, pytest.approx(7 / 3)]
    assert few["low"].isna().tolist() == [True, False]
    many = at_once(np.vstack([differences, differences]))
    assert many["low"][0] == many["high"][0] == 6.0
