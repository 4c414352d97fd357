"""What an analyst makes of records: estimates of what treatment did to the treated.

Every estimator gives the average effect on the treated (ATT) and its standard error within one
world, from an outcome, the same outcome before, who was treated, and a history. They are a few
plain lines each, and tests hold them against statsmodels, DoubleML and cases of known truth.
"""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.experiments.statistics import Floats

Flags = NDArray[np.bool_]
STRATA = 10  # of the propensity, cut where the treated have their deciles
FOLDS = 5
CLIPPED = 0.01  # no propensity nearer to 0 or 1 is divided by (Crump et al. 2009 trim at .1)
FEWEST = 10  # treated, and others, without whom nothing is estimated
RIDGE = 1e-3  # of a logit's coefficients, in standard deviations of the history
SMALLEST_SLOPE = 1e-8  # of what the logit makes smallest: it is found
TREES: Any = {
    "max_iter": 50,
    "learning_rate": 0.1,
    "max_leaf_nodes": 12,
    "min_samples_leaf": 40,
    "l2_regularization": 5.0,
    "early_stopping": False,
    "random_state": 0,
}


class Estimate(NamedTuple):
    """An effect and its standard error within one world; NaN where there is none."""

    value: float
    error: float


class Sample(NamedTuple):
    """What is known of the customers of one world.

    Attributes
    ----------
    after, before
        The outcome, and the same over the history, one number per customer.
    treated
        Who was.
    history
        Shape (customers, columns): what is adjusted for.
    chance
        `learnt_chance`, where several outcomes share it.
    """

    after: Floats
    before: Floats
    treated: Flags
    history: Floats
    chance: Floats | None = None


NOTHING = Estimate(float("nan"), float("nan"))


def difference(values: Floats, treated: Flags) -> Estimate:
    """Mean of some less that of the others, with Welch's standard error."""
    one, other = values[treated], values[~treated]
    if min(len(one), len(other)) < 2:
        return NOTHING
    error = np.sqrt(one.var(ddof=1) / len(one) + other.var(ddof=1) / len(other))
    return Estimate(float(one.mean() - other.mean()), float(error))


def naive(sample: Sample) -> Estimate:
    """Treated against others, as they are."""
    return difference(sample.after, sample.treated)


def before_and_after(sample: Sample) -> Estimate:
    """The treated after against the treated before."""
    change = (sample.after - sample.before)[sample.treated]
    if len(change) < 2:
        return NOTHING
    return Estimate(float(change.mean()), float(change.std(ddof=1) / np.sqrt(len(change))))


def difference_in_differences(sample: Sample) -> Estimate:
    """The change of the treated against that of the others."""
    return difference(sample.after - sample.before, sample.treated)


def propensity(history: Floats, treated: Flags) -> Floats:
    """Chance to be treated by scikit-learn's logit of the history, with a slight ridge."""
    from sklearn.linear_model import LogisticRegression

    columns = _standardised(history)
    logit = LogisticRegression(
        C=1.0 / (RIDGE * len(columns)), solver="newton-cholesky", tol=SMALLEST_SLOPE
    )
    return np.asarray(logit.fit(columns, treated).predict_proba(columns)[:, 1])


def matching(sample: Sample) -> Estimate:
    """Treated against others of the same stratum of the propensity.

    Stratified propensity score matching (Rosenbaum & Rubin 1984), as Gordon, Moakler & Zettelmeyer
    (2023) use it: strata are cut at the deciles of the treated, and weigh as they have of them.
    """
    if too_few(sample.treated):
        return NOTHING
    score = propensity(sample.history, sample.treated)
    cuts = np.unique(np.quantile(score[sample.treated], np.linspace(0, 1, STRATA + 1)[1:-1]))
    stratum = np.searchsorted(cuts, score, side="right")
    inside, weights = [], []
    for each in np.unique(stratum[sample.treated]):
        here = stratum == each
        found = difference(sample.after[here], sample.treated[here])
        if np.isfinite(found.value):  # a stratum without others has nobody to be matched with
            inside.append(found)
            weights.append(float((here & sample.treated).sum()))
    if not inside:
        return NOTHING
    share = np.array(weights) / sum(weights)
    value, error = np.array(inside).T
    return Estimate(float(share @ value), float(np.sqrt(share**2 @ error**2)))


def regression(sample: Sample) -> Estimate:
    """Least squares on treatment, history and both together, at the mean history of the treated.

    With all interactions the coefficient of treatment is the effect on the treated (Lin 2013);
    its standard error is robust to unequal variances (HC1: White 1980).
    """
    if too_few(sample.treated):
        return NOTHING
    columns = _standardised(sample.history)
    columns = columns - columns[sample.treated].mean(axis=0)
    columns = columns[:, _independent(columns[sample.treated]) & _independent(columns)]
    flag = sample.treated.astype(float)[:, None]
    design = np.hstack([np.ones_like(flag), flag, columns, flag * columns])
    if len(design) <= design.shape[1]:
        return NOTHING
    inverse = np.linalg.pinv(design.T @ design)
    coefficients = inverse @ (design.T @ sample.after)
    rest = (sample.after - design @ coefficients)[:, None] * design
    covariance = inverse @ (rest.T @ rest) @ inverse
    scale = len(design) / (len(design) - np.linalg.matrix_rank(design.T @ design))
    return Estimate(float(coefficients[1]), float(np.sqrt(covariance[1, 1] * scale)))


def double_machine_learning(sample: Sample) -> Estimate:
    """Outcome and treatment each predicted from history by boosted trees, on other customers.

    Chernozhukov et al. (2018), the interactive model and its score for the effect on the treated,
    cross-fitted over `FOLDS` folds; the trees are scikit-learn's histogram gradient boosting.
    """
    if too_few(sample.treated):
        return NOTHING
    chance = sample.chance
    if chance is None:
        chance = learnt_chance(sample.history, sample.treated)
    return att_score(sample, learnt_outcome(sample), chance)


def att_score(sample: Sample, outcome: Floats, chance: Floats) -> Estimate:
    """The effect on the treated from predictions of the outcome untreated, and of treatment."""
    treated = sample.treated.astype(float)
    share = treated.mean()
    kept = np.clip(chance, CLIPPED, 1.0 - CLIPPED)
    rest = sample.after - outcome
    gain = (treated - kept * (1.0 - treated) / (1.0 - kept)) * rest / share
    value = float(gain.mean())
    score = gain - value * treated / share
    return Estimate(value, float(np.sqrt((score**2).mean() / len(score))))


def learnt_outcome(sample: Sample) -> Floats:
    """The outcome without treatment, learnt from untreated customers of the other folds."""
    from sklearn.ensemble import HistGradientBoostingRegressor
    from threadpoolctl import threadpool_limits

    found = np.zeros(len(sample.after))
    with threadpool_limits(1):  # trees so small are grown faster by one thread than by several
        for out in folds(sample.treated):
            learnt = ~out & ~sample.treated
            trees = HistGradientBoostingRegressor(**TREES)
            trees.fit(sample.history[learnt], sample.after[learnt])
            found[out] = trees.predict(sample.history[out])
    return found


def learnt_chance(history: Floats, treated: Flags) -> Floats:
    """The chance to be treated, learnt from customers of the other folds."""
    from sklearn.ensemble import HistGradientBoostingClassifier
    from threadpoolctl import threadpool_limits

    found = np.zeros(len(treated))
    with threadpool_limits(1):
        for out in folds(treated):
            trees = HistGradientBoostingClassifier(**TREES)
            trees.fit(history[~out], treated[~out])
            found[out] = trees.predict_proba(history[out])[:, 1]
    return found


def folds(treated: Flags) -> Iterator[Flags]:
    """Who is in each fold: treated and others dealt out in turn after one shuffle."""
    order = np.random.default_rng(0).permutation(len(treated))
    place = np.empty(len(treated), np.int64)
    for group in (treated, ~treated):
        mine = order[group[order]]
        place[mine] = np.arange(len(mine)) % FOLDS
    for fold in range(FOLDS):
        yield place == fold


Estimator = Callable[[Sample], Estimate]
METHODS: dict[str, Estimator] = {
    "naive": naive,
    "before_after": before_and_after,
    "diff_in_diff": difference_in_differences,
    "matching": matching,
    "regression": regression,
    "double_ml": double_machine_learning,
}


def per_treated(offered: Flags, treated: Flags, values: Floats) -> Estimate:
    """A test's effect on whoever took what was offered to a random half (Wald; Angrist 1996).

    The difference of the arms over the difference of their shares treated; the standard error is
    that of a ratio by the delta method.
    """
    by_arm, taken = difference(values, offered), difference(treated.astype(float), offered)
    if not abs(taken.value) > 0.0:
        return NOTHING
    effect = by_arm.value / taken.value
    return Estimate(effect, difference(values - effect * treated, offered).error / abs(taken.value))


def too_few(treated: Flags) -> bool:
    """Whether too few are treated, or left, to compare them by their history."""
    return min(int(treated.sum()), int((~treated).sum())) < FEWEST


def _standardised(history: Floats) -> Floats:
    """Each column with mean 0 and deviation 1; those that tell nobody apart are left out."""
    spread = history.std(axis=0)
    kept = history[:, spread > 1e-9]
    return np.asarray((kept - kept.mean(axis=0)) / spread[spread > 1e-9])


def _independent(columns: Floats) -> Flags:
    """Columns that are no sum of those before them."""
    triangle = np.abs(np.diag(np.linalg.qr(columns, mode="r")))
    kept = np.zeros(columns.shape[1], bool)
    kept[: len(triangle)] = triangle > 1e-8 * max(float(triangle.max(initial=0.0)), 1.0)
    return kept


__all__ = [
    "FOLDS",
    "METHODS",
    "NOTHING",
    "Estimate",
    "Sample",
    "att_score",
    "before_and_after",
    "difference",
    "difference_in_differences",
    "double_machine_learning",
    "folds",
    "learnt_chance",
    "learnt_outcome",
    "matching",
    "naive",
    "per_treated",
    "propensity",
    "regression",
    "too_few",
]
