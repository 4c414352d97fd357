"""Points that bring outcomes ever nearer to what they should be, found on emulators.

A spread of points comes first. Then every outcome gets a Gaussian process over all points lived
so far, and those points are asked for next that it says are nearest to the targets: of many tries
around the best ones, the best, and beside it tries that keep away from one another.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from sim.experiments.samplers.base import Evaluated
from sim.experiments.space import Point, Space

Floats = npt.NDArray[np.float64]
TRIES = 1500  # assumed; of a round, of which the nearest to the targets are taken
PARENTS = 12  # assumed; best points lived so far, around which tries are made
NEAR, FAR = 0.05, 0.15  # assumed; of a range: how far tries lie from those
APART = 0.04  # assumed; of a range: how far points of a round keep from each other, on average
AT_MOST = 4.0  # assumed; deviations that an emulator tells apart; all beyond are as bad
WORST = 20.0  # assumed; deviation of what cannot be measured: no point is farther off
DIGITS = 6  # of a distance: processors differ in later ones


class Target(NamedTuple):
    """What an outcome should be, and how far off it may be to be as good as there."""

    value: float
    spread: float


class Emulated:
    """Searches for the point whose outcomes lie nearest to their targets.

    Parameters
    ----------
    space
        Settings, each a range.
    targets
        By outcome.
    first
        Points that are spread over the space before anything is learnt.
    rounds, each
        How many rounds follow, of how many points.
    seed
        Of the spread and the tries.
    """

    def __init__(
        self,
        space: Space,
        targets: Mapping[str, Target],
        first: int,
        rounds: int,
        each: int,
        seed: int,
    ) -> None:
        from scipy.stats import qmc

        self._space, self._targets, self._rounds, self._each = space, targets, rounds, each
        self._rng = np.random.default_rng(seed)
        unit = qmc.LatinHypercube(len(space.settings), rng=seed).random(first)
        self._asked: list[Floats] = list(unit)
        self._places: list[Floats] = []
        self._deviations: list[Floats] = []

    def ask(self) -> Sequence[Point]:
        """The spread first, then a round of tries that emulators find best; at last none."""
        if self._places:
            self._asked = self._tries() if self._rounds > 0 else []
            self._rounds -= 1
        return [self._space.at(place.tolist()) for place in self._asked]

    def tell(self, evaluated: Sequence[Evaluated]) -> None:
        """Learn how far the outcomes of the points asked for lie from their targets."""
        for place, (_, outcomes) in zip(self._asked, evaluated, strict=True):
            off = [(outcomes[k] - t.value) / t.spread for k, t in self._targets.items()]
            self._places.append(place)
            self._deviations.append(np.clip(np.nan_to_num(off, nan=WORST), -WORST, WORST))

    @property
    def distances(self) -> Floats:
        """Of every point lived so far: the root of the mean square of its deviations."""
        return _distance(np.array(self._deviations))

    def _tries(self) -> list[Floats]:
        places, lived = np.array(self._places), np.array(self._deviations)
        best = places[np.argsort(self.distances, kind="stable")[:PARENTS]]
        shape = (TRIES, places.shape[1])
        one, other = (best[self._rng.integers(len(best), size=TRIES)] for _ in range(2))
        mixed = np.where(self._rng.random(shape) < 0.5, one, other)
        step = self._rng.choice([NEAR, FAR], size=(TRIES, 1))
        tries = np.clip(mixed + step * self._rng.standard_normal(shape), 0.0, 1.0)
        told = np.round(_distance(_emulated(places, lived, tries)), DIGITS)
        chosen: list[Floats] = []
        for place in tries[np.argsort(told, kind="stable")]:
            if all(np.abs(place - taken).mean() >= APART for taken in chosen):
                chosen.append(place)
            if len(chosen) == self._each:
                break
        return chosen


def _distance(deviations: Floats) -> Floats:
    return np.asarray(np.sqrt(np.mean(deviations**2, axis=1)), float)


def _emulated(places: Floats, lived: Floats, tries: Floats) -> Floats:
    """What Gaussian processes say of the deviations at other places."""
    import warnings

    from sklearn.exceptions import ConvergenceWarning
    from sklearn.gaussian_process import GaussianProcessRegressor
    from sklearn.gaussian_process.kernels import RBF, ConstantKernel, DotProduct, WhiteKernel

    kernel = (
        ConstantKernel(1.0) * RBF(1.5, (0.4, 10.0))
        + ConstantKernel(0.3) * DotProduct(1.0)
        + WhiteKernel(0.05, (1e-3, 1.0))
    )
    told = []
    for own in np.clip(lived, -AT_MOST, AT_MOST).T:
        mean, spread = own.mean(), own.std() + 1e-9
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)  # a bound of a scale is no matter
            process = GaussianProcessRegressor(kernel).fit(places, (own - mean) / spread)
        told.append(process.predict(tries) * spread + mean)
    return np.array(told).T


__all__ = ["Emulated", "Target"]
