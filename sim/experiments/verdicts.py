"""Three verdicts, and when there are worlds enough to give them.

A measured figure is known within an interval over worlds. It lies *inside* the bounds of a fact if
all of its interval does, *outside* if none of it does, and is *undecided* if the interval straddles
a bound: then more worlds are lived through, until it is decided or a budget is spent.

Whoever looks again and again, and stops when the interval suits, would be wrong more often than
an interval says. Each look therefore gets its part of the five percent (Bonferroni): intervals of
all looks hold together with 95%.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from sim.experiments.critical import CONFIDENCE
from sim.experiments.statistics import mean_intervals

INSIDE, OUTSIDE, UNDECIDED, NOT_MEASURED = "inside", "outside", "undecided", "not measured"
VERDICTS = (INSIDE, OUTSIDE, UNDECIDED, NOT_MEASURED)


def looks(first: int, most: int) -> list[int]:
    """Numbers of worlds at which verdicts are asked for: twice as many each time, up to `most`.

    Examples
    --------
    >>> looks(5, 30)
    [5, 10, 20, 30]
    """
    numbers = [first]
    while numbers[-1] < most:
        numbers.append(min(2 * numbers[-1], most))
    return numbers


def confidence_of(look_count: int) -> float:
    """Confidence of the interval of one look, so that those of all looks hold with 95%."""
    return 1.0 - (1.0 - CONFIDENCE) / look_count


def decided(low: float, high: float, least: float, most: float) -> str:
    """Where an interval from `least` to `most` lies that should be within `low` and `high`.

    No interval (NaN) decides nothing.
    """
    if low <= least and most <= high:
        return INSIDE
    return OUTSIDE if most < low or least > high else UNDECIDED


def together(verdicts: Sequence[str]) -> str:
    """The verdict on several demands: outside if one is, inside if all are."""
    if OUTSIDE in verdicts:
        return OUTSIDE
    return UNDECIDED if UNDECIDED in verdicts else INSIDE


@dataclass(frozen=True)
class Judged:
    """A figure over worlds, and its verdict.

    Attributes
    ----------
    value, low, high
        Mean over worlds and its interval, NaN where there is none.
    worlds
        In which there was a figure.
    verdict
        One of `VERDICTS`.
    """

    value: float
    low: float
    high: float
    worlds: int
    verdict: str

    def worlds_needed(self, low: float, high: float) -> float:
        """About how many worlds would decide it between these bounds, NaN if none could tell.

        The interval shrinks with the root of their number; what stays is the way from the mean to
        the nearest bound.
        """
        way = min(abs(self.value - low), abs(self.value - high))
        half = (self.high - self.low) / 2
        if self.verdict != UNDECIDED or not way > 0 or not half > 0:
            return float("nan")
        return float(np.ceil(self.worlds * (half / way) ** 2))


NOTHING = Judged(float("nan"), float("nan"), float("nan"), 0, NOT_MEASURED)


def judge(values: ArrayLike, low: float, high: float, confidence: float = CONFIDENCE) -> Judged:
    """The verdict on figures of several worlds.

    Parameters
    ----------
    values
        One figure per world; NaN where a world has nobody of whom it could be said.
    low, high
        Bounds of the fact.
    confidence
        Of the interval.
    """
    interval = mean_intervals(values, confidence)
    mean, least, most = (float(part[0]) for part in (interval.mean, interval.low, interval.high))
    verdict = NOT_MEASURED if np.isnan(mean) else decided(low, high, least, most)
    return Judged(mean, least, most, int(interval.n[0]), verdict)


__all__ = [
    "INSIDE",
    "NOTHING",
    "NOT_MEASURED",
    "OUTSIDE",
    "UNDECIDED",
    "VERDICTS",
    "Judged",
    "confidence_of",
    "decided",
    "judge",
    "looks",
    "together",
]
