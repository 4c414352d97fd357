"""What a calibration aims at: rows of the evidence marked fit, and how far off counts as there.

A measured figure differs from a fact for three reasons: the fact is known within bounds, the model
is no more than a model, and a world has its luck. Each has a variance, and they add up.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.evidence.facts import Fact
from sim.evidence.measure import MEASUREMENTS, worlds_of
from sim.parameters.quantity import ConfigurationError
from sim.text.outgoing import cited
from sim.text.suggestions import instead, unknown

Floats = npt.NDArray[np.float64]
FIT = "fit"  # the one role whose rows may be aimed at
BOUNDS_SPAN = 2 * 1.959964  # standard deviations: bounds are taken to hold 95 %
USUAL = "usual"  # of discrepancies: that of every row without its own


@dataclass(frozen=True)
class Aim:
    """A fact that is aimed at.

    Attributes
    ----------
    fact
        In the unit in which it is measured.
    observed
        Standard deviation of what is known of it.
    discrepancy
        Standard deviation of what the model may be wrong by.
    """

    fact: Fact
    observed: float
    discrepancy: float

    @property
    def worlds(self) -> tuple[str, ...]:
        """Worlds that it is measured in."""
        return worlds_of(self.fact.id)

    @property
    def deviation(self) -> float:
        """Standard deviation of both together."""
        return math.hypot(self.observed, self.discrepancy)

    def chance_above(self, figures: Floats) -> float:
        """Chance that what these draws let one find is more than the fact; missing where none is.

        Found is a figure with the deviation of what is known and of the model's discrepancy.
        """
        there = figures[np.isfinite(figures)]
        if len(there) == 0:
            return float("nan")
        far = (there - self.fact.value) / self.deviation
        return float(np.mean([0.5 * math.erfc(-each / math.sqrt(2.0)) for each in far]))


def aims_at(
    facts: Sequence[Fact], discrepancy: Mapping[str, float], only: Sequence[str] = ()
) -> list[Aim]:
    """The rows that may be aimed at: marked fit, and measured.

    Parameters
    ----------
    facts
        The whole evidence; rows of other roles are passed over.
    discrepancy
        As a share of the fact's value, by its id, and the `USUAL` one.
    only
        Ids of the rows that are aimed at; none: all.

    Raises
    ------
    ConfigurationError
        Where a row is named that is not marked fit, or a discrepancy given for one.
    """
    known = [fact for fact in facts if fact.role == FIT and worlds_of(fact.id)]
    names = {fact.id for fact in known}
    roles = {fact.id: fact.role for fact in facts}
    for name in only:
        if name not in roles:
            raise ConfigurationError(f"There is no fact {cited(name)}{instead(name, names)}")
        if roles[name] != FIT:
            raise ConfigurationError(
                f"{cited(name)} is marked {roles[name]}: nothing is fitted but rows marked {FIT}."
            )
        if name not in names:
            raise ConfigurationError(f"{cited(name)} is measured in no world that can be lived.")
    for name, share in discrepancy.items():
        if name not in {*names, USUAL}:
            raise ConfigurationError(unknown(f"experiment.discrepancy.{name}", _keys(names)))
        if not (math.isfinite(share) and share >= 0):
            raise ConfigurationError(
                f"experiment.discrepancy.{name} = {cited(share)} is impossible: it is a share, 0 "
                "or more."
            )
    return [
        _aim(fact, discrepancy.get(fact.id, discrepancy[USUAL]))
        for fact in known
        if not only or fact.id in only
    ]


def _keys(names: set[str]) -> list[str]:
    return [f"experiment.discrepancy.{name}" for name in sorted(names)]


def _aim(fact: Fact, share: float) -> Aim:
    how = MEASUREMENTS.get(fact.id)
    held = how.restated(fact) if how else fact
    return Aim(held, (held.high - held.low) / BOUNDS_SPAN, share * abs(held.value))


def implausibility(told: Floats, spread: Floats, aims: Sequence[Aim]) -> Floats:
    """How many standard deviations figures are from their facts; never below 0.

    Parameters
    ----------
    told, spread
        Figures with their own standard deviation, a row per point, a column per aim; a figure
        that is missing is infinitely far.
    aims
        In the order of the columns.
    """
    values = np.array([aim.fact.value for aim in aims])
    deviation = np.sqrt(np.array([aim.deviation for aim in aims]) ** 2 + spread**2)
    return np.asarray(np.nan_to_num(np.abs(told - values) / deviation, nan=np.inf), float)


def log_likelihood(told: Floats, spread: Floats, aims: Sequence[Aim]) -> Floats:
    """Logarithm of the normal density of the facts, a row per point, a column per aim.

    Of a figure that is missing nothing is known: it counts for nothing.
    """
    deviation = np.sqrt(np.array([aim.deviation for aim in aims]) ** 2 + spread**2)
    far = implausibility(told, spread, aims)
    there = np.isfinite(told)
    far, deviation = np.where(there, far, 0.0), np.where(there, deviation, 1.0)
    return np.asarray(-0.5 * far**2 - np.log(deviation), float)


__all__ = ["FIT", "USUAL", "Aim", "aims_at", "implausibility", "log_likelihood"]
