"""Where along a dose the best lies, and how sure that is. Pure functions of paired values."""

from collections.abc import Sequence
from typing import Literal, NamedTuple

import numpy as np

from sim.experiments import statistics

Verdict = Literal["inside", "at the lower edge", "at the upper edge", "cannot be told"]
VERDICTS = ("inside", "at the lower edge", "at the upper edge", "cannot be told")


class Optimum(NamedTuple):
    """The best of several doses.

    Attributes
    ----------
    best
        Dose with the best mean.
    low, high
        Least and largest dose that may be the best: none that the worlds tell to be worse.
    probability
        That the best one is best of all; missing in one world.
    verdict
        Whether every dose that may be the best lies inside the range, or it is one of its ends.
    """

    best: float
    low: float
    high: float
    probability: float
    verdict: Verdict


def optimum(values: statistics.Floats, doses: Sequence[float], better: int = 1) -> Optimum:
    """Find the best dose, and which others may be as good.

    A dose may be the best unless the interval of its paired difference to the best one, which holds
    for all doses at once, lies below nothing.

    Parameters
    ----------
    values
        Shape (worlds, doses), of an outcome in the same worlds at every dose.
    doses
        In rising order.
    better
        1: more of the outcome is better; -1: less is.
    """
    table = better * np.asarray(values, float)
    table = table[np.isfinite(table).all(axis=1)]
    if not len(table) or table.shape[1] < 2:
        return Optimum(np.nan, np.nan, np.nan, np.nan, "cannot be told")
    best = int(np.argmax(table.mean(axis=0)))
    got = statistics.paired_differences(table, best)
    may = np.insert(~(got.high < 0), best, True)  # an interval that is not known rules out nothing
    chances, _ = statistics.probability_best(table)
    low, high = np.flatnonzero(may)[[0, -1]]
    last = len(doses) - 1
    verdict: Verdict = "cannot be told"
    if low > 0 and high < last:
        verdict = "inside"
    elif low == high:
        verdict = "at the lower edge" if low == 0 else "at the upper edge"
    at_best, at_low, at_high = (float(doses[place]) for place in (best, low, high))
    return Optimum(at_best, at_low, at_high, float(chances[best]), verdict)


__all__ = ["VERDICTS", "Optimum", "Verdict", "optimum"]
