"""What predictions of experiments are worth: directions, correlation, coverage.

Pure functions of what was published and what was predicted.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from sim.experiments.critical import CONFIDENCE

RIGHT, WRONG, UNDECIDED, NO_DIRECTION = "right", "wrong", "undecided", "none published"
FEWEST_FOR_INTERVAL = 4  # below, Fisher's z has no standard error


def direction(published: float, none: float, mean: float, low: float, high: float) -> str:
    """Whether an effect was predicted to the side of no effect on which it was found.

    Parameters
    ----------
    published
        What was found; `none` where that has no direction.
    none
        The figure where a treatment does nothing.
    mean, low, high
        What was predicted, with its interval: undecided where that holds `none`, or is missing.
    """
    if published == none:
        return NO_DIRECTION
    if not (low > none or high < none):
        return UNDECIDED
    return direction_of_mean(published, none, mean)


def direction_of_mean(published: float, none: float, mean: float) -> str:
    """The same of the mean alone, however far it may be off."""
    if published == none:
        return NO_DIRECTION
    if mean == none or np.isnan(mean):
        return UNDECIDED
    return RIGHT if (mean > none) == (published > none) else WRONG


def overlap(low: float, high: float, least: float, most: float) -> bool:
    """Whether two intervals have something in common; one that is missing has nothing."""
    return bool(low <= most and least <= high)


@dataclass(frozen=True)
class Estimate:
    """A figure with its 95% interval, NaN where there is none, and of how many it was made."""

    value: float
    low: float
    high: float
    n: int


def accuracy(directions: Sequence[str]) -> Estimate:
    """Share told rightly of those that were told at all; exact binomial interval (Clopper 1934)."""
    right, n = directions.count(RIGHT), directions.count(RIGHT) + directions.count(WRONG)
    if n == 0:
        return Estimate(np.nan, np.nan, np.nan, 0)
    tail = (1.0 - CONFIDENCE) / 2.0
    low = special.betaincinv(right, n - right + 1, tail) if right > 0 else 0.0
    high = special.betaincinv(right + 1, n - right, 1.0 - tail) if right < n else 1.0
    return Estimate(right / n, float(low), float(high), n)


def correlation(published: ArrayLike, predicted: ArrayLike) -> Estimate:
    """Pearson's r of the pairs that are known, with the interval of Fisher's z."""
    pairs = np.stack([np.asarray(published, float), np.asarray(predicted, float)])
    pairs = pairs[:, np.isfinite(pairs).all(axis=0)]
    n = pairs.shape[1]
    if n < 3 or not (np.ptp(pairs, axis=1) > 0).all():  # two always lie on a line
        return Estimate(np.nan, np.nan, np.nan, n)
    r = float(np.corrcoef(pairs)[0, 1])
    if n < FEWEST_FOR_INTERVAL or abs(r) >= 1.0:
        return Estimate(r, np.nan, np.nan, n)
    half = special.ndtri(0.5 + CONFIDENCE / 2.0) / np.sqrt(n - 3)
    return Estimate(
        r, float(np.tanh(np.arctanh(r) - half)), float(np.tanh(np.arctanh(r) + half)), n
    )


__all__ = [
    "NO_DIRECTION",
    "RIGHT",
    "UNDECIDED",
    "WRONG",
    "Estimate",
    "accuracy",
    "correlation",
    "direction",
    "direction_of_mean",
    "overlap",
]
