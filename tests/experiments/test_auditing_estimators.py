"""What estimators say where the truth is known, and what other libraries say of the same data."""

from collections.abc import Callable

import numpy as np
import pytest
import statsmodels.api as sm

from sim.experiments.auditing import estimators
from sim.experiments.auditing.estimators import (
    METHODS,
    Estimate,
    Sample,
    att_score,
    difference,
    folds,
    learnt_chance,
    learnt_outcome,
    per_treated,
    propensity,
    regression,
)

EFFECT = 0.8
ADJUSTING = ("matching", "regression", "double_ml")
SAMPLES = 12
MOST_MISSES = 2  # of twelve intervals of 95%; more has a chance of one in fifty
FEWER = {"double_ml": 5}  # samples, since trees take their time; of which one may miss


def people(seed: int, eagerness: float, hidden: float = 0.0, customers: int = 3000) -> Sample:
    """Customers with a past, of whom the eager are treated more often; treatment adds `EFFECT`.

    What they order goes up with the first column, bends with the second and takes no notice of the
    rest. `hidden` is how far a lasting trait that no record holds moves orders and treatment.
    """
    luck = np.random.default_rng(seed)
    past = luck.normal(size=(customers, 6))
    trait = luck.normal(size=customers)
    bent = past[:, 0] + 0.5 * np.abs(past[:, 1])
    chance = 1 / (1 + np.exp(1.0 - eagerness * bent - hidden * trait))
    treated = luck.random(customers) < chance
    level = 2.0 + bent + hidden * trait
    before = level + luck.normal(size=customers)
    after = level + luck.normal(size=customers) + EFFECT * treated
    return Sample(after, before, treated, past)


def found(method: str, make: Callable[[int], Sample]) -> np.ndarray:
    """Estimates and their errors over some samples, fixed by their seeds."""
    seeds = range(FEWER.get(method, SAMPLES))
    return np.array([METHODS[method](make(seed)) for seed in seeds]).T


def holds(method: str, make: Callable[[int], Sample]) -> bool:
    """Whether the method's own 95% intervals hold the truth as often as they say."""
    value, error = found(method, make)
    missed = int((np.abs(value - EFFECT) > 1.96 * error).sum())
    return missed <= (1 if method in FEWER else MOST_MISSES)


def mean(method: str, make: Callable[[int], Sample]) -> float:
    return float(found(method, make)[0].mean())


@pytest.mark.parametrize("method", METHODS)
def test_of_a_lot_every_method_tells_the_truth(method: str) -> None:
    assert holds(method, lambda seed: people(seed, eagerness=0.0))


@pytest.mark.parametrize("method", ADJUSTING)
def test_who_takes_part_is_adjusted_for_where_records_tell(method: str) -> None:
    def eager(seed: int) -> Sample:
        return people(seed, eagerness=1.0)

    off = mean("naive", eager) - EFFECT
    assert off > 0.5
    assert abs(mean(method, eager) - EFFECT) < 0.15 * off


def test_boosted_trees_see_what_no_straight_line_does() -> None:
    """The first past column is not in the records, only what bends it is: |x|."""

    def bent(seed: int) -> Sample:
        sample = people(seed, eagerness=1.0)
        luck = np.random.default_rng(1000 + seed)
        steep = np.abs(sample.history[:, 1])
        treated = luck.random(len(steep)) < 1 / (1 + np.exp(2.0 - 2.0 * steep))
        after = 3.0 * steep + luck.normal(size=len(steep)) + EFFECT * treated
        return Sample(after, sample.before, treated, sample.history)

    assert mean("regression", bent) - EFFECT > 1.0
    assert abs(mean("double_ml", bent) - EFFECT) < 0.1


@pytest.mark.parametrize("method", ADJUSTING)
def test_a_trait_that_no_record_holds_is_adjusted_for_by_nobody(method: str) -> None:
    """But by differences in differences, where the trait moves before and after alike."""

    def trait(seed: int) -> Sample:
        return people(seed, eagerness=0.0, hidden=1.0)

    assert mean(method, trait) - EFFECT > 0.4
    assert holds("diff_in_diff", trait)


def test_before_and_after_takes_a_season_for_an_effect_and_differences_do_not() -> None:
    def risen(seed: int) -> Sample:
        sample = people(seed, eagerness=0.0)
        return sample._replace(after=sample.after + 5.0)

    assert mean("before_after", risen) == pytest.approx(5.0 + EFFECT, abs=0.1)
    assert holds("diff_in_diff", risen)


@pytest.mark.parametrize("method", METHODS)
def test_nobody_treated_or_nobody_left_gives_no_estimate(method: str) -> None:
    sample = people(0, 0.0, customers=60)
    for treated in (np.zeros(60, bool), np.ones(60, bool), np.arange(60) < 1):
        got = METHODS[method](sample._replace(treated=treated))
        everybody = method == "before_after" and treated.all()
        assert np.isfinite(got.value) == everybody


def test_a_column_alike_for_all_or_twice_there_changes_nothing() -> None:
    sample = people(3, 1.0)
    past = sample.history
    more = np.column_stack([past, np.full(len(past), 7.0), past[:, 0], past[:, 0] - past[:, 1]])
    for method in ("matching", "regression"):
        plain, wide = (METHODS[method](sample._replace(history=each)) for each in (past, more))
        assert wide == pytest.approx(plain, abs=0.02)


def test_regression_is_that_of_statsmodels() -> None:
    sample = people(1, 1.0, customers=500)
    past = sample.history - sample.history[sample.treated].mean(axis=0)
    flag = sample.treated[:, None].astype(float)
    design = np.hstack([np.ones_like(flag), flag, past, flag * past])
    other = sm.OLS(sample.after, design).fit(cov_type="HC1")
    assert regression(sample) == pytest.approx((other.params[1], other.bse[1]), rel=1e-8)


def test_propensity_is_that_of_statsmodels(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(estimators, "RIDGE", 1e-14)
    sample = people(2, 1.5, customers=800)
    other = sm.Logit(sample.treated.astype(float), sm.add_constant(sample.history)).fit(disp=0)
    assert propensity(sample.history, sample.treated) == pytest.approx(other.predict(), abs=1e-8)


def test_a_propensity_that_tells_all_apart_is_still_one() -> None:
    history = np.linspace(-1, 1, 200)[:, None]
    chance = propensity(history, history[:, 0] > 0.0)
    assert (np.diff(chance) > 0).all()
    assert 0.0 < chance[0] < 0.5 < chance[-1] < 1.0


def test_the_score_is_that_of_doubleml() -> None:
    dml = pytest.importorskip("doubleml", reason="an oracle that need not be there")
    sample = people(4, 1.0, customers=600)
    outcome, chance = learnt_outcome(sample), learnt_chance(sample.history, sample.treated)
    data = dml.DoubleMLData.from_arrays(sample.history, sample.after, sample.treated.astype(float))
    from sklearn.linear_model import LinearRegression, LogisticRegression

    model = dml.DoubleMLIRM(data, LinearRegression(), LogisticRegression(), score="ATTE", n_rep=1)
    kept = np.clip(chance, estimators.CLIPPED, 1 - estimators.CLIPPED)
    given = {"ml_g0": outcome[:, None], "ml_g1": outcome[:, None], "ml_m": kept[:, None]}
    model.fit(external_predictions={"d": given})
    assert att_score(sample, outcome, chance) == pytest.approx(
        (model.coef[0], model.se[0]), rel=1e-6
    )


def test_nobody_is_predicted_from_himself() -> None:
    treated = np.arange(103) % 5 == 0
    dealt = np.array([*folds(treated)])
    assert (dealt.sum(axis=0) == 1).all()
    assert np.ptp(dealt[:, treated].sum(axis=1)) <= 1


def test_an_offer_that_half_take_is_worth_twice_as_much_to_them() -> None:
    luck = np.random.default_rng(5)
    tests = []
    for _ in range(200):
        offered = luck.random(800) < 0.5
        eager = luck.random(800) < 0.5
        orders = luck.poisson(2.0 + eager) + 1.0 * (offered & eager)
        tests.append(per_treated(offered, offered & eager, orders))
    value, error = np.array(tests).T
    assert value.mean() == pytest.approx(1.0, abs=0.06)
    assert error.mean() == pytest.approx(value.std(), rel=0.15)
    assert np.mean(np.abs(value - 1.0) < 1.96 * error) == pytest.approx(0.95, abs=0.045)
    assert np.isnan(per_treated(offered, np.zeros(800, bool), orders).value)


def test_a_difference_is_that_of_welch() -> None:
    values = np.array([1.0, 2.0, 3.0, 10.0, 12.0])
    got = difference(values, np.array([False, False, False, True, True]))
    assert got == pytest.approx(Estimate(9.0, np.sqrt(1 / 3 + 2 / 2)))
