"""What replications tell: means, paired differences, who is best, how many runs it takes.

Pure functions, arrays in and results out. Rows are replications (seeds), columns strategies that
lived through the same seeds, so rows are paired. Whatever draws random numbers has a fixed seed
of its own: the same table gives the same answer, always and everywhere.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from sim.experiments.critical import (
    CONFIDENCE,
    Floats,
    generator,
    max_t_critical,
    negligible,
    sidak_critical,
    simultaneous_critical,
    spread_unknown,
)

FEW_FOR_BOOTSTRAP = 8  # below, resampling knows too few different worlds
DRAWS = 20_000  # a probability of being best has a standard error below 0.4 points


@dataclass(frozen=True)
class Intervals:
    """Means over replications with their intervals; each field has one entry per column."""

    mean: Floats
    low: Floats
    high: Floats
    n: NDArray[np.int64]


@dataclass(frozen=True)
class Differences:
    """Paired differences to the reference column, one entry per remaining column.

    Attributes
    ----------
    mean, low, high
        Mean difference and its simultaneous interval.
    critical
        The half-width is this many standard errors.
    standard_deviation
        Of the paired differences, over replications.
    n
        Replications in which every column has a value.
    method
        How `critical` was found, in words.
    """

    mean: Floats
    low: Floats
    high: Floats
    critical: float
    standard_deviation: Floats
    n: int
    method: str


def mean_intervals(values: ArrayLike, confidence: float = CONFIDENCE) -> Intervals:
    """Mean of each column with its t interval; missing values are left out.

    There is no interval of one value, nor of fewer than five that are all equal.

    Parameters
    ----------
    values
        Shape (replications, columns) or (replications,), any unit.
    confidence
        Coverage of each interval by itself.
    """
    table = _table(values)
    present = np.isfinite(table)
    n = present.sum(axis=0)
    some = np.maximum(n, 1)
    mean = np.where(n > 0, np.where(present, table, 0.0).sum(axis=0) / some, np.nan)
    squares = np.where(present, (table - mean) ** 2, 0.0).sum(axis=0)
    enough = n > 1
    df = np.where(enough, n - 1, 1)
    half = special.stdtrit(df, 0.5 + confidence / 2) * np.sqrt(squares / df / some)
    size = np.where(present, np.abs(table), 0.0).max(axis=0, initial=0.0)
    enough &= ~spread_unknown(np.sqrt(squares / df), n, size)
    half = np.where(enough, half, np.nan)
    return Intervals(mean, mean - half, mean + half, n)


def mean_interval(values: ArrayLike) -> dict[str, float]:
    """Mean of one column with its interval, as tables have it: ``mean, low, high, n``."""
    got = mean_intervals(values)
    found = {"mean": got.mean[0], "low": got.low[0], "high": got.high[0]}
    return {name: float(value) for name, value in found.items()} | {"n": int(got.n[0])}


def paired_differences(
    values: ArrayLike, reference: int, confidence: float = CONFIDENCE, correlated: bool = True
) -> Differences:
    """Differences of all columns to one of them, covered together with the stated confidence.

    There is no interval of one pair, nor of fewer than five pairs that all differ by the same.
    Differences that cancel out over replications are zero, and not what the sum's rounding leaves.

    Parameters
    ----------
    values
        Shape (replications, strategies). A replication that lacks a value is left out whole, so
        that every difference rests on the same worlds.
    reference
        Column that the others are compared with.
    confidence
        Probability that all intervals hold at once.
    correlated
        Whether to make use of the estimated correlation; see `simultaneous_critical`.
    """
    table = _table(values)
    table = table[np.isfinite(table).all(axis=1)]
    differences = np.delete(table, reference, axis=1) - table[:, [reference]]
    n, comparisons = differences.shape
    if n == 0:
        nothing = np.full(comparisons, np.nan)
        return Differences(nothing, nothing, nothing, np.nan, nothing, 0, "no replication")
    mean = differences.mean(axis=0)
    mean[np.abs(mean) <= negligible(table)] = 0.0  # what is no more is rounding
    if n == 1:
        nothing = np.full(comparisons, np.nan)
        return Differences(mean, nothing, nothing, np.nan, nothing, 1, "one replication: none")
    deviation = differences.std(axis=0, ddof=1)
    critical, method = simultaneous_critical(differences, confidence, correlated)
    unknown = spread_unknown(deviation, n, np.abs(table).max())
    half = np.where(unknown, np.nan, critical * deviation / np.sqrt(n))
    return Differences(mean, mean - half, mean + half, critical, deviation, n, method)


def probability_best(values: ArrayLike, draws: int = DRAWS) -> tuple[Floats, str]:
    """For each strategy, the probability that its true mean is the highest.

    Replications are resampled whole (paired bootstrap). With fewer than eight, a resample sees
    too few worlds and is overconfident; then means are drawn from a multivariate t with the
    replications' covariance. Equal means share.

    Parameters
    ----------
    values
        Shape (replications, strategies), higher is better.

    Returns
    -------
    tuple
        Probabilities, summing to one (missing with fewer than two replications), and the method
        in words.
    """
    table = _table(values)
    table = table[np.isfinite(table).all(axis=1)]
    n, strategies = table.shape
    if strategies == 1:
        return np.ones(1), "a single strategy"
    if n < 2:
        return np.full(strategies, np.nan), "one replication cannot tell"
    if n >= FEW_FOR_BOOTSTRAP:
        means, method = _resampled(n, draws) @ table / n, "paired bootstrap over replications"
    else:
        rng, centred = generator(), table - table.mean(axis=0)
        # a combination of the replications has their covariance, whatever its rank
        noise = rng.standard_normal((draws, n)) @ centred / np.sqrt(n * (n - 1))
        scale = np.sqrt(rng.chisquare(n - 1, (draws, 1)) / (n - 1))
        means, method = table.mean(axis=0) + noise / scale, "multivariate t, few replications"
    top = means >= means.max(axis=1, keepdims=True) - negligible(table)
    return (top / top.sum(axis=1, keepdims=True)).mean(axis=0), method


@lru_cache(maxsize=4)
def _resampled(n: int, draws: int) -> NDArray[np.int64]:
    """How often each of `n` replications is in each resample."""
    return np.asarray(generator().multinomial(n, np.full(n, 1 / n), size=draws))


def ranks(means: ArrayLike) -> NDArray[np.int64]:
    """Rank of each mean, 1 the highest; equal means have equal rank, missing ones come last."""
    values = np.asarray(means, dtype=float)
    falling = np.where(np.isfinite(values), -values, np.inf)
    return np.searchsorted(np.sort(falling), falling) + 1


def replications_needed(
    standard_deviation: float,
    half_width: float,
    critical: float | None = None,
    df: int | None = None,
    confidence: float = CONFIDENCE,
    most: int = 1_000_000,
) -> int:
    """Replications for an interval no wider to either side than stated.

    The smallest n with t(n-1) × s / √n ≤ h, stepping from the normal quantile upwards because
    the t quantile itself falls with n.

    Parameters
    ----------
    standard_deviation
        Of the paired differences (or of the levels), over replications.
    half_width
        The stated precision, same unit, above zero.
    critical, df
        If given, the simultaneous critical value found with `df` degrees of freedom: the
        confidence of one comparison that it stands for is kept for other n.
    most
        Given back when even that many do not suffice.

    Raises
    ------
    ValueError
        If the stated half-width is not above zero.
    """
    if not half_width > 0:
        raise ValueError(f"A half-width of {half_width} cannot be reached: state one above zero.")
    tail = (1 - confidence) / 2
    if critical is not None and df is not None:
        tail = float(special.stdtr(df, -critical))
    ratio = standard_deviation / half_width
    n = max(2, int(np.ceil((special.ndtri(tail) * ratio) ** 2)))
    while n < most and -special.stdtrit(n - 1, tail) * ratio > np.sqrt(n) * (1 + 1e-9):
        n += 1
    return min(n, most)


def variance_reduction(first: ArrayLike, second: ArrayLike) -> float:
    """How many times fewer replications common luck needs than independent seeds would.

    (var a + var b) / var(a - b): the variance of a difference of independent runs over that of
    paired runs (Law 2015, section 11.2). Infinite if the pairs differ by a constant.
    """
    a, b = np.asarray(first, dtype=float), np.asarray(second, dtype=float)
    both = np.isfinite(a) & np.isfinite(b)
    a, b = a[both], b[both]
    if len(a) < 2:
        return float("nan")
    independent = float(a.var(ddof=1) + b.var(ddof=1))
    paired = float((a - b).var(ddof=1))
    if paired > negligible(np.stack([a, b])) ** 2:
        return independent / paired
    return float("inf") if independent > 0 else float("nan")


def _table(values: ArrayLike) -> Floats:
    table: Floats = np.asarray(values, dtype=float)
    return table[:, None] if table.ndim == 1 else table


__all__ = [
    "CONFIDENCE",
    "Differences",
    "Floats",
    "Intervals",
    "max_t_critical",
    "mean_interval",
    "mean_intervals",
    "paired_differences",
    "probability_best",
    "ranks",
    "replications_needed",
    "sidak_critical",
    "simultaneous_critical",
    "variance_reduction",
]
