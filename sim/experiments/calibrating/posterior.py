"""What is left when everything is weighed: draws of settings, and how far they can be trusted.

Many walkers go through the space by differential evolution (ter Braak 2004), on the likelihood
that emulators tell. Some of what they find is lived; emulators learn from it, and walkers go
again, so that emulators are best where it matters.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from sim.experiments.calibrating.emulators import Emulators
from sim.experiments.calibrating.targets import Aim, log_likelihood

Floats = npt.NDArray[np.float64]
STRETCH = 2.38  # of a step, over the root of twice the number of settings: ter Braak 2004
JUMP_EVERY = 10  # steps: then as far as the other walkers are apart, from one peak to another
BLUR = 1e-3  # assumed; of a range, so that walkers do not stay on a lattice
SETTLE = 0.5  # of the steps are thrown away, before walkers have settled


class Draws(NamedTuple):
    """Places that walkers came to.

    Attributes
    ----------
    places
        A row per draw.
    told, spread
        What emulators say there, a column per aim.
    ratio
        The worst of Gelman & Rubin's (1992) potential scale reductions over the settings.
    """

    places: Floats
    told: Floats
    spread: Floats
    ratio: float


def draws_of(
    emulators: Emulators, aims: Sequence[Aim], start: Floats, steps: int, number: int, seed: int
) -> Draws:
    """Let walkers go from plausible places, and keep so many of the places they come to."""
    rng = np.random.default_rng(seed)
    here, count, width = start.copy(), len(start), start.shape[1]
    likely = _likelihood(emulators, aims, here)
    path = np.empty((steps, count, width))
    for step in range(steps):
        one, other = (rng.permutation(count) for _ in range(2))
        far = 1.0 if step % JUMP_EVERY == JUMP_EVERY - 1 else STRETCH / np.sqrt(2 * width)
        moved = here + far * (here[one] - here[other]) + BLUR * rng.standard_normal(here.shape)
        told = _likelihood(emulators, aims, np.clip(moved, 0.0, 1.0))
        inside = ((moved >= 0.0) & (moved <= 1.0)).all(axis=1)
        taken = inside & (np.log(rng.random(count)) < told - likely)
        here[taken], likely[taken] = moved[taken], told[taken]
        path[step] = here
    settled = path[int(steps * SETTLE) :]
    flat = settled.reshape(-1, width)
    chosen = flat[np.linspace(0, len(flat) - 1, number).astype(int)]
    told, spread = emulators.told(chosen)
    return Draws(chosen, told, spread, scale_reduction(settled))


def _likelihood(emulators: Emulators, aims: Sequence[Aim], places: Floats) -> Floats:
    return np.asarray(log_likelihood(*emulators.told(places), aims).sum(axis=1), float)


def scale_reduction(path: Floats) -> float:
    """Gelman & Rubin's ratio, the worst over the settings: steps, walkers, settings."""
    steps = len(path)
    within = path.var(axis=0, ddof=1).mean(axis=0)
    between = path.mean(axis=0).var(axis=0, ddof=1)
    ratio = np.sqrt((steps - 1) / steps + between / np.maximum(within, 1e-12))
    return float(ratio.max())


def ranks(draws: Draws, places: Floats, lived: Floats, aims: Sequence[Aim], seed: int) -> Floats:
    """Where settings lie among what would be inferred from what they lead to: 0 lowest, 1 highest.

    Each lived draw is taken for the truth: what came of it, with the noise of what is known and of
    what the model may be wrong by, stands for the facts beside the real ones, and the draws are
    weighed anew. Ranks are even where inference is right (posterior simulation-based calibration:
    Säilynoja and others 2025).
    """
    rng = np.random.default_rng(seed)
    deviation = np.array([aim.deviation for aim in aims])
    found = np.empty_like(places)
    for i, (place, figures) in enumerate(zip(places, lived, strict=True)):
        there = np.isfinite(figures)
        made = figures + deviation * rng.standard_normal(len(aims))
        width = np.sqrt(deviation**2 + draws.spread**2)[:, there]
        far = (draws.told[:, there] - made[there]) / width
        likely = (-0.5 * far**2 - np.log(width)).sum(axis=1)
        weight = np.exp(likely - likely.max())
        below = draws.places < place
        even = 0.5 * (draws.places == place)
        found[i] = weight @ (below + even) / weight.sum()
    return found


def evenness(found: Floats) -> Floats:
    """Chance of ranks as uneven as these by luck alone, by setting (Kolmogorov & Smirnov)."""
    from scipy.stats import kstest

    return np.array([float(kstest(column, "uniform").pvalue) for column in found.T])


__all__ = [
    "Draws",
    "draws_of",
    "evenness",
    "ranks",
    "scale_reduction",
]
