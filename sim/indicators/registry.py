"""The list of indicators: each defined once, its denominator in words.

An indicator is a function of the book that gives its numerator, denominator and value in every
segment at once. Declaring it with `indicator` puts it into `REGISTRY`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from sim.indicators.book import Book
from sim.indicators.observed import YEAR_DAYS, Array
from sim.indicators.survival import Durations, kaplan_meier, quantile, survival_at


class Measured(NamedTuple):
    """An indicator in every segment; the numerator is NaN where the value is no quotient."""

    numerator: Array
    denominator: Array
    value: Array


Measure = Callable[[Book], Measured]


@dataclass(frozen=True)
class Indicator:
    """What an indicator is, in words, and how it is measured.

    Attributes
    ----------
    name, unit, numerator, denominator
        In words.
    measure
        From the book to its values by segment.
    needs_days
        Length of run below which it cannot be measured.
    by_segment
        False where the figure exists for the whole only (costs the ledger keeps by lever).
    with_shock
        Whether only runs have it in which there is a shock.
    """

    name: str
    unit: str
    numerator: str
    denominator: str
    measure: Measure
    needs_days: int = 1
    by_segment: bool = True
    with_shock: bool = False

    def why_not(self, days: int) -> str | None:
        """Why a run of that many days cannot give it, or None if it can."""
        if days >= self.needs_days:
            return None
        return f"{self.name} needs a run of {self.needs_days} days; this one has {days}."


REGISTRY: dict[str, Indicator] = {}


def indicator(
    name: str,
    unit: str,
    numerator: str,
    denominator: str,
    needs_days: int = 1,
    by_segment: bool = True,
    with_shock: bool = False,
) -> Callable[[Measure], Measure]:
    """Put the decorated function into `REGISTRY` under `name`."""

    def register(measure: Measure) -> Measure:
        if name in REGISTRY:
            raise ValueError(f"indicator {name} is defined twice")
        REGISTRY[name] = Indicator(
            name, unit, numerator, denominator, measure, needs_days, by_segment, with_shock
        )
        return measure

    return register


annual = YEAR_DAYS  # for `needs_days`


def quotient(numerator: Array, denominator: Array) -> Measured:
    """Numerator over denominator, NaN where there is nothing to divide by."""
    numerator, denominator = np.asarray(numerator, float), np.asarray(denominator, float)
    empty = denominator == 0
    value = np.where(empty, np.nan, numerator / np.where(empty, 1.0, denominator))
    return Measured(numerator, denominator, value)


def ratio(book: Book, numerator: Array, denominator: Array) -> Measured:
    """Quotient of sums over families, in every segment."""
    return quotient(book.segments.sum(numerator), book.segments.sum(denominator))


def total(book: Book, amount: Array) -> Measured:
    """Sum over families, in every segment; each of a panel counts for all it stands for."""
    summed = book.segments.sum(amount) * book.observed.panel
    return quotient(summed, np.ones(len(book.segments.labels)))


def spread(book: Book, amount: Array, base: Array) -> Measured:
    """Standard deviation over the families in `base`, in every segment."""
    counted = np.where(base, amount, 0.0)
    number = book.segments.sum(base)
    some = np.maximum(number, 1)
    mean = book.segments.sum(counted) / some
    square = book.segments.sum(counted * counted) / some
    deviation = np.sqrt(np.maximum(square - mean * mean, 0.0))
    missing = np.full(len(number), np.nan)
    return Measured(missing, number, np.where(number > 1, deviation, np.nan))


Spells = Callable[[Book], Durations]


def _curves(book: Book, spells: Spells) -> tuple[Array, Array, Array]:
    return kaplan_meier(book.segments, spells(book))


def ended_by(book: Book, spells: Spells, share: float) -> Measured:
    """Day by which `share` of the spells have ended, by Kaplan-Meier, in every segment."""
    curve, _, number = book.once(_curves, spells)
    return Measured(np.full(len(number), np.nan), number.astype(float), quantile(curve, share))


def surviving(book: Book, spells: Spells, day: int) -> Measured:
    """Share of spells that outlast `day`, by Kaplan-Meier, in every segment."""
    curve, _, number = book.once(_curves, spells)
    value = np.where(number > 0, survival_at(curve, day), np.nan)
    return Measured(np.full(len(number), np.nan), number.astype(float), value)


def whole(book: Book, numerator: float, denominator: float = 1.0) -> Measured:
    """A quotient that is known for the whole run only, of everybody: no sum over a panel."""
    missing = np.full(len(book.segments.labels), np.nan)
    above, below = missing.copy(), missing.copy()
    above[0], below[0] = numerator, denominator
    known = quotient(above, below)
    return known


def names(registry: Mapping[str, Indicator] = REGISTRY) -> list[str]:
    """Names of all indicators, in the order of their definition."""
    return list(registry)


__all__ = [
    "REGISTRY",
    "Indicator",
    "Measured",
    "annual",
    "ended_by",
    "indicator",
    "names",
    "quotient",
    "ratio",
    "spread",
    "surviving",
    "total",
    "whole",
]
