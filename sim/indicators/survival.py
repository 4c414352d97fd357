"""Kaplan-Meier for durations in whole days, any number of groups at once.

Kaplan & Meier (1958), with late entry (left truncation): who comes under observation at age e
is at risk only from then on. Days are whole, so a curve is two histograms and a product.
"""

from typing import NamedTuple

import numpy as np

from sim.indicators.families import Segments
from sim.indicators.observed import Array


class Durations(NamedTuple):
    """Spells: who, how many days, whether the end was seen, and since which age it was watched."""

    family: Array
    days: Array
    ended: Array
    entry: Array | None = None


def survival_curve(at_risk: Array, events: Array) -> Array:
    """Share surviving day d, for d = 0, 1, ...

    Parameters
    ----------
    at_risk, events
        Shape (..., days): under observation just before day d ends, and ended on day d.

    Returns
    -------
    float64 array, shape (..., days)
        NaN from where nobody is at risk any more.
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        hazard = np.where(at_risk > 0, events / np.maximum(at_risk, 1), 0.0)
    curve = np.cumprod(1.0 - hazard, axis=-1)
    # Known up to the last day anybody was watched; a curve that reached 0 stays there.
    watched = np.flip(np.maximum.accumulate(np.flip(at_risk, -1), axis=-1), -1) > 0
    return np.where(watched | (curve == 0.0), curve, np.nan)


def counts_at_risk(exits: Array, entries: Array) -> Array:
    """Number under observation on each day, from histograms of exits and (later) entries."""
    leaving = np.flip(np.cumsum(np.flip(exits, -1), axis=-1), -1)
    coming = np.flip(np.cumsum(np.flip(entries, -1), axis=-1), -1)
    return np.asarray(leaving - coming)


def kaplan_meier(segments: Segments, spells: Durations) -> tuple[Array, Array, Array]:
    """Survival curve of every segment.

    Returns
    -------
    curve, ended, spells
        Shapes (segments, days), (segments,), (segments,).
    """
    if spells.entry is not None:
        seen = (spells.days > spells.entry) | (spells.entry <= 0)
        spells = Durations(*(part[seen] for part in spells if part is not None))
    length = int(spells.days.max(initial=0)) + 1
    family, days = spells.family, spells.days.astype(np.int64)
    ended = spells.ended.astype(bool)
    events = segments.count(family[ended], days[ended], length)
    exits = segments.count(family, days, length)
    late = np.zeros_like(exits)
    if spells.entry is not None:
        # Entering at age e, one is at risk on day e + 1 first: not among those before.
        since = np.minimum(spells.entry.astype(np.int64), length - 1)
        some = since > 0
        late = segments.count(family[some], since[some], length)
    curve = survival_curve(counts_at_risk(exits, late), events)
    return curve, events.sum(axis=1), exits.sum(axis=1)


def quantile(curve: Array, share: float) -> Array:
    """First day by which `share` have ended, per row; NaN where that was not seen."""
    reached = np.where(np.isnan(curve), 1.0, curve) <= 1.0 - share + 1e-12
    return np.where(reached.any(axis=-1), reached.argmax(axis=-1).astype(float), np.nan)


def survival_at(curve: Array, day: int) -> Array:
    """Share surviving that day, per row; NaN beyond what was seen."""
    if day >= curve.shape[-1]:
        last = curve[..., -1]
        return np.where(last == 0.0, 0.0, np.nan)
    return np.asarray(curve[..., day])


__all__ = [
    "Durations",
    "counts_at_risk",
    "kaplan_meier",
    "quantile",
    "survival_at",
    "survival_curve",
]
