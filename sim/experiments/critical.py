"""How many standard errors cover several means at once.

Pure functions; what is drawn at random has a fixed seed of its own.
"""

from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import optimize, special

Floats = NDArray[np.float64]

CONFIDENCE = 0.95
FEW = 5  # below, the correlation of the differences is too uncertain to be of use, and a few equal
# values tell nothing of how much others would differ
ZERO = 1e-12  # of the largest value: what is no more is rounding
DIRECTIONS = 8_000  # a critical value has a standard error below half a per cent
SEED = 20_240_618


def simultaneous_critical(
    differences: Floats, confidence: float = CONFIDENCE, correlated: bool = True
) -> tuple[float, str]:
    """Standard errors that cover all columns' means at once, and how they were found.

    The studentised maximum: every difference is divided by its own standard error, and the
    quantile of the largest |t| is taken under the estimated correlation of the differences,
    by simulation (Westfall & Young 1993). With fewer than five replications the correlation is
    not estimated, and Šidák's inequality (1967), true for any correlation, is used instead, a
    little wider; it is never exceeded.

    Parameters
    ----------
    differences
        Shape (replications, comparisons), at least two replications.
    confidence
        Probability that all intervals hold at once.
    correlated
        False for Šidák's inequality whatever the number of replications: no simulation.
    """
    n = len(differences)
    varying = differences[:, differences.std(axis=0) > negligible(differences)]
    comparisons = max(varying.shape[1], 1)
    sidak = sidak_critical(comparisons, n - 1, confidence)
    if comparisons == 1:
        return sidak, "paired t"
    if n < FEW or not correlated:
        return sidak, f"Šidák's t, {comparisons} comparisons"
    correlation = np.corrcoef(varying, rowvar=False)
    critical = max_t_critical(correlation, n - 1, confidence)
    method = f"max-|t|, {comparisons} comparisons, correlation estimated"
    return min(critical, sidak), method


def sidak_critical(comparisons: int, df: int, confidence: float = CONFIDENCE) -> float:
    """Two-sided t quantile that covers that many means, however they are correlated."""
    each = confidence ** (1 / comparisons)
    return float(special.stdtrit(df, 0.5 + each / 2))


def max_t_critical(correlation: ArrayLike, df: int, confidence: float = CONFIDENCE) -> float:
    """Quantile of the largest |t| of means with this correlation, each with its own variance.

    Variances of correlated samples are the diagonal of a Wishart matrix, drawn by Bartlett's
    decomposition (1933), of which only `df` columns are needed. The means are drawn as a
    direction only: given it and the variances, the largest |t| is a multiple of a chi variable
    with `comparisons` degrees of freedom, whose distribution is known, so a few thousand draws
    suffice. With many degrees of freedom it is the quantile that Dunnett (1955) tabled.

    Parameters
    ----------
    correlation
        Shape (comparisons, comparisons).
    df
        Degrees of freedom, replications less one.
    """
    matrix = np.ascontiguousarray(correlation, dtype=float)
    return _max_t_critical(matrix.tobytes(), len(matrix), df, confidence)


@lru_cache(maxsize=64)
def _max_t_critical(correlation: bytes, comparisons: int, df: int, confidence: float) -> float:
    matrix = np.frombuffer(correlation).reshape(comparisons, comparisons)
    weights, vectors = np.linalg.eigh(matrix)
    root = vectors * np.sqrt(np.clip(weights, 0.0, None))
    directions, bartlett = _standard_draws(len(matrix), df)
    sums = np.zeros(directions.shape)
    for column in bartlett:
        sums += (column @ root.T) ** 2
    multiple = ((directions @ root.T) ** 2 * df / sums).max(axis=1)

    def miss(square: float) -> float:
        return float(special.chdtr(len(matrix), square / multiple).mean()) - confidence

    # no smaller than for one comparison, no larger than for any correlation
    least, most = (sidak_critical(k, df, confidence) ** 2 for k in (1, len(matrix)))
    if miss(least) >= 0:
        return float(np.sqrt(least))
    if miss(most) <= 0:
        return float(np.sqrt(most))
    return float(np.sqrt(optimize.brentq(miss, least, most, rtol=1e-4)))


@lru_cache(maxsize=4)
def _standard_draws(comparisons: int, df: int) -> tuple[Floats, Floats]:
    """Unit vectors (draws, comparisons) and Bartlett factors (columns, draws, comparisons)."""
    rng = generator()
    normal = rng.standard_normal((DIRECTIONS, comparisons))
    columns = min(comparisons, df)
    factor = rng.standard_normal((columns, DIRECTIONS, comparisons))
    for i in range(columns):
        factor[i, :, :i] = 0.0
        factor[i, :, i] = np.sqrt(rng.chisquare(df - i, DIRECTIONS))
    return normal / np.linalg.norm(normal, axis=1, keepdims=True), factor


def negligible(values: Floats) -> float:
    """What counts as zero beside numbers of this size."""
    return ZERO * float(np.abs(values).max(initial=0.0))


def spread_unknown(spread: ArrayLike, n: ArrayLike, size: ArrayLike) -> NDArray[np.bool_]:
    """Whether so few values are all equal: their standard deviation of zero is none of worlds.

    Parameters
    ----------
    spread
        Standard deviation of each column.
    n
        How many values it is of.
    size
        The largest of them, which says what is as good as zero.
    """
    return np.asarray((np.asarray(n) < FEW) & (np.asarray(spread) <= ZERO * np.asarray(size)))


def generator() -> Any:
    """Luck of the statistics: the same always and everywhere."""
    return np.random.Generator(np.random.Philox(SEED))


__all__ = [
    "CONFIDENCE",
    "Floats",
    "generator",
    "max_t_critical",
    "negligible",
    "sidak_critical",
    "simultaneous_critical",
    "spread_unknown",
]
