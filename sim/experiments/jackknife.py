"""Intervals of what is read off all worlds together, such as a ratio of their sums.

What small worlds bring on a few days is mostly luck, and the worst of many days looks worse the
smaller a world is. Added up, worlds are one large world; how far its figures may be off is told by
leaving out each world in turn.
"""

from collections.abc import Callable

import numpy as np

from sim.experiments import statistics
from sim.experiments.statistics import Floats


def pooled(measure: Callable[[Floats], Floats], worlds: Floats) -> tuple[Floats, Floats]:
    """What all worlds together show, and each world's part in it.

    Parameters
    ----------
    measure
        Gives figures, shape (figures,), of what is added up over worlds.
    worlds
        What is added up, worlds first.

    Returns
    -------
    whole : float64 array, shape (figures,)
        The figures of all worlds together.
    parts : float64 array, shape (worlds, figures)
        The jackknife's pseudo-values, from whose spread intervals follow; those of two
        strategies in the same worlds can be paired.
    """
    total, n = worlds.sum(axis=0), len(worlds)
    whole = measure(total)
    if n == 1:
        return whole, whole[None]
    without = np.array([measure(total - each) for each in worlds])
    return whole, n * whole - (n - 1) * without


def intervals(whole: Floats, parts: Floats) -> statistics.Intervals:
    """The figures of all worlds together, each with its own 95% interval."""
    got = statistics.mean_intervals(parts)
    return statistics.Intervals(
        whole, whole - got.mean + got.low, whole - got.mean + got.high, got.n
    )


__all__ = ["intervals", "pooled"]
