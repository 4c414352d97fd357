"""Points that go from where one stands to where outcomes are as they should be, and no farther.

Damped least squares (Levenberg 1944, Marquardt 1963), a few points at a time: slopes of every
outcome first, one setting moved a little in each point; then steps of three lengths, from a bold to
a careful one, of which the best is kept. It ends where all is near enough, and of such places takes
the one to which settings move least.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from sim.experiments.samplers.base import Evaluated
from sim.experiments.samplers.emulated import Target
from sim.experiments.space import Point, Space

Floats = npt.NDArray[np.float64]
ASIDE = 0.05  # assumed; of a range: how far a setting is moved for its slopes, beyond luck
FARTHEST = 0.3  # assumed; of a range: the longest step, for slopes hold nearby only
DAMPINGS = (0.01, 0.1, 1.0)  # assumed; of the mean square of the slopes, from bold to careful
MORE_CAREFUL = 30.0  # assumed; times as much where no step was better
GAIN = 0.01  # assumed; share by which a step must be better to be one
WORST = 20.0  # assumed; deviation of what cannot be measured: no point is farther off


class Damped:
    """Goes from a place to the nearest one whose outcomes lie near their targets; see `Sampler`.

    Parameters
    ----------
    space
        Settings, each a range.
    targets
        By outcome.
    start
        Where it stands: for each setting a share of the way, from 0 to 1.
    near
        How far off is near enough: root of the mean square of all deviations.
    rounds
        How often slopes and steps are taken at most.
    allowed
        Deviations of each outcome that count for nothing, whichever side they lie on.
    """

    def __init__(
        self,
        space: Space,
        targets: Mapping[str, Target],
        start: Sequence[float],
        near: float,
        rounds: int,
        allowed: Mapping[str, float] | None = None,
    ) -> None:
        self._space, self._targets = space, targets
        self._allowed = np.array([(allowed or {}).get(name, 0.0) for name in targets])
        self._near, self._rounds = near, rounds
        self._asked: list[Floats] = [np.clip(np.array(start, float), 0.0, 1.0)]
        self._base, self._care = 0, 1.0
        self._slopes: Floats | None = None
        self.places: list[Floats] = []
        self.deviations: list[Floats] = []

    def ask(self) -> Sequence[Point]:
        """Where it stands, then slopes and steps in turn; at last none."""
        if self.places:
            if self.off[self.best] <= self._near or self._rounds == 0:
                self._asked = []
            else:
                self._asked = self._aside() if self._slopes is None else self._steps()
        return [self._space.at(place.tolist()) for place in self._asked]

    def tell(self, evaluated: Sequence[Evaluated]) -> None:
        """Learn how far the outcomes of the points asked for lie from their targets."""
        first = not self.places
        for place, (_, outcomes) in zip(self._asked, evaluated, strict=True):
            off = [(outcomes[k] - t.value) / t.spread for k, t in self._targets.items()]
            self.places.append(place)
            self.deviations.append(np.clip(np.nan_to_num(off, nan=WORST), -WORST, WORST))
        if first:
            return
        if self._slopes is None:
            self._slopes = self._learnt()
            return
        self._rounds -= 1
        if self.off[self.best] < (1.0 - GAIN) * self.off[self._base]:
            self._base, self._slopes, self._care = self.best, None, 1.0
        elif self._care < MORE_CAREFUL**2:
            self._care *= MORE_CAREFUL
            self._slopes = self._learnt()  # from the steps that failed, too
        else:
            self._rounds = 0  # neither bold nor careful steps lead on

    @property
    def off(self) -> Floats:
        """Of every point lived so far: root of the mean square of what counts of its deviations."""
        return rms(beyond(np.array(self.deviations), self._allowed))

    @property
    def best(self) -> int:
        """Number of the point that is least off, or of those near enough of the one least moved."""
        there = self.off <= self._near
        moved = rms(np.array(self.places) - self.places[0])
        return int(np.argmin(np.where(there, moved, np.inf) if there.any() else self.off))

    def _aside(self) -> list[Floats]:
        """A place for each setting, which alone is moved, towards the farther end."""
        base = self.places[self._base]
        moves = np.diag(np.where(base < 0.5, ASIDE, -ASIDE))
        return list(base + moves)

    def _learnt(self) -> Floats:
        """Slopes of the deviations, outcomes by settings, from all points lived so far.

        What bends is off by the square of the distance, so near points count for more.
        """
        moves = np.array(self.places) - self.places[self._base]
        change = np.array(self.deviations) - self.deviations[self._base]
        trust = 1.0 / (np.sum(moves**2, axis=1, keepdims=True) + ASIDE**2)
        return np.asarray(np.linalg.lstsq(trust * moves, trust * change, rcond=None)[0].T, float)

    def _steps(self) -> list[Floats]:
        """Where least squares lead, the step held back by as much as it is damped."""
        from scipy.optimize import lsq_linear

        assert self._slopes is not None  # nobody asks otherwise
        base = self.places[self._base]
        own = beyond(self.deviations[self._base], self._allowed)
        low, high = np.maximum(-base, -FARTHEST), np.minimum(1.0 - base, FARTHEST)
        count, size = len(base), float(np.mean(self._slopes**2)) * len(own)
        found = []
        for damping in DAMPINGS:
            held = np.sqrt(damping * self._care * size) * np.eye(count)
            rows = np.vstack([self._slopes, held + 1e-9 * np.eye(count)])
            wanted = np.concatenate([-own, np.zeros(count)])
            step = lsq_linear(rows, wanted, (low - 1e-12, high + 1e-12)).x
            found.append(np.clip(base + step, 0.0, 1.0))
        return found


def beyond(deviations: Floats, allowed: Floats) -> Floats:
    """What lies beyond the deviations that are allowed, with its sign."""
    return np.asarray(np.sign(deviations) * np.maximum(np.abs(deviations) - allowed, 0.0), float)


def rms(values: Floats) -> Floats:
    """Root of the mean square, over the last axis."""
    return np.asarray(np.sqrt(np.mean(values**2, axis=-1)), float)


__all__ = ["Damped", "beyond", "rms"]
