"""Figures that are held against bounds: where each lies, what stands beside it, how it looks."""

import math

from sim.report.palette import COLOURS, REFERENCE_COLOUR, Look
from sim.report.reading import Estimate
from sim.report.words import Words

MET, MISSED, OPEN = Look(COLOURS[2], "o"), Look(COLOURS[1], "D"), Look(REFERENCE_COLOUR, "s")
LONGEST = {"zh": 26, "en": 52}  # characters of what stands beside a dot
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


def label(name: str, told: str, words: Words) -> str:
    """An id and what it is of, short enough to stand beside a dot."""
    longest = LONGEST[words.language]
    return f"{name} {told if len(told) <= longest else told[: longest - 1] + '…'}"


__all__ = ["FURTHEST", "MET", "MISSED", "OPEN", "label", "placed"]
