"""Where a figure lies between the bounds that it is held against."""

import math

from sim.report.reading import Estimate

FURTHEST = 4.0  # half widths of the bounds from their middle, at which what lies further is drawn


def placed(reported: Estimate, measured: Estimate) -> Estimate:
    """A measured figure in half widths of its bounds from their middle, as far as is drawn.

    Parameters
    ----------
    reported
        With the bounds, of which the upper is above the lower: they are drawn at -1 and 1.
    measured
        With its interval, if it has one.
    """
    low, high = reported.low, reported.high

    def place(value: float) -> float:
        if math.isnan(value):
            return value
        return min(max((2.0 * value - low - high) / (high - low), -FURTHEST), FURTHEST)

    return Estimate(*(place(value) for value in measured))


__all__ = ["FURTHEST", "placed"]
