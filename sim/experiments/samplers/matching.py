"""Points that what is known does not rule out, wave by wave: history matching.

After each wave emulators are made of every figure, and the next wave lies where none of them is
implausible: farther from its fact than three standard deviations of everything unsure (Bower and
others 2010; Vernon, Goldstein & Bower 2014). What is ruled out in one wave need not be looked at
again.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from sim.experiments.calibrating.emulators import Emulators
from sim.experiments.calibrating.targets import Aim, implausibility
from sim.experiments.samplers.base import Evaluated
from sim.experiments.space import Point, Space

Floats = npt.NDArray[np.float64]
SPREAD = 20_000  # assumed; places all over the space that tell how much of it is left
PARENTS = 200  # assumed; least implausible places, around which others are tried
TURNS = 12  # assumed; times that places are tried around the best so far
NEAR, FAR = 0.05, 0.2  # assumed; of a range: how far they are tried from those
DIGITS = 6  # of an implausibility: processors differ in later ones


class Wave(NamedTuple):
    """What a wave found.

    Attributes
    ----------
    points
        That were lived.
    left
        Share of the space that is not ruled out, as emulators say.
    inside
        Share of the wave's own points that turned out not to be ruled out.
    """

    points: int
    left: float
    inside: float


class Matching:
    """Proposes what is not ruled out; see `Sampler`.

    Parameters
    ----------
    space
        Settings, each a range; all of it is thought possible at first.
    aims
        Facts; outcomes of the same name are told, missing where not measured in a wave.
    first, each, waves
        Points of the first wave and of each other, and how many others.
    luck
        Standard deviation of every figure over worlds, in the order of the aims.
    cutoff
        Implausibility from which a point is ruled out.
    seed
        Of the spread and the tries.
    """

    def __init__(
        self,
        space: Space,
        aims: Sequence[Aim],
        luck: Floats,
        first: int,
        each: int,
        waves: int,
        cutoff: float,
        seed: int,
    ) -> None:
        from scipy.stats import qmc

        self.space, self._aims, self._luck = space, aims, luck
        self._each, self._to_come = each, waves
        self._cutoff, self._rng = cutoff, np.random.default_rng(seed)
        self._asked = qmc.LatinHypercube(len(space.settings), rng=seed).random(first)
        self._begun = False
        self.places: Floats = np.empty((0, len(space.settings)))
        self.figures: Floats = np.empty((0, len(aims)))
        self.waves: list[Wave] = []
        self.emulators: Emulators | None = None

    def ask(self) -> Sequence[Point]:
        """The next wave; none when all were lived."""
        if self._begun:
            if self._to_come == 0:
                return []
            self._to_come -= 1
            self._asked = self.plausible(self._each)
        self._begun = True
        return [self.space.at(place.tolist()) for place in self._asked]

    def tell(self, evaluated: Sequence[Evaluated]) -> None:
        """Learn what came of a wave."""
        names = [aim.fact.id for aim in self._aims]
        own = np.array([[each.outcomes.get(n, np.nan) for n in names] for each in evaluated])
        self.learn(self._asked, own)
        far = implausibility(own, np.broadcast_to(self._luck, own.shape), self._aims)
        far = np.where(np.isfinite(own), far, 0.0).max(axis=1)
        spread = self._rng.random((SPREAD, self.places.shape[1]))
        left = float(np.mean(self.worst_of(spread) <= self._cutoff))
        self.waves.append(Wave(len(own), left, float(np.mean(far <= self._cutoff))))

    def learn(self, places: Floats, figures: Floats) -> None:
        """Learn from points that others proposed, a row each, a column per aim."""
        self.places = np.vstack([self.places, places])
        self.figures = np.vstack([self.figures, figures])
        self.emulators = Emulators(self.places, self.figures)

    def worst_of(self, places: Floats) -> Floats:
        """Implausibility of the figure that is worst at each place, as emulators say."""
        assert self.emulators is not None  # nobody asks before a wave was lived
        far = implausibility(*self.emulators.told(places), self._aims)
        return np.asarray(np.round(np.where(np.isfinite(far), far, 0.0).max(axis=1), DIGITS))

    def plausible(self, number: int) -> Floats:
        """Places that are not ruled out, spread over what is left; else those least ruled out."""
        spread = np.vstack([self._rng.random((SPREAD, self.places.shape[1])), self.places])
        worst = self.worst_of(spread)
        for _ in range(TURNS):
            best = np.argsort(worst, kind="stable")[: max(PARENTS, number)]
            spread, worst = spread[best], worst[best]
            tries = self._around(spread)
            told = self.worst_of(tries)
            spread, worst = np.vstack([spread, tries]), np.concatenate([worst, told])
        inside = np.flatnonzero(worst <= self._cutoff)
        if len(inside) < number:
            inside = np.argsort(worst, kind="stable")[:number]
        return _apart(spread[inside], number)

    def _around(self, places: Floats) -> Floats:
        shape = (5 * len(places), places.shape[1])
        one, other = (places[self._rng.integers(len(places), size=shape[0])] for _ in range(2))
        mixed = np.where(self._rng.random(shape) < 0.5, one, other)
        step = self._rng.choice([0.0, NEAR, FAR], size=(shape[0], 1))
        return np.asarray(np.clip(mixed + step * self._rng.standard_normal(shape), 0.0, 1.0))


def _apart(places: Floats, number: int) -> Floats:
    """So many of the places, each next one as far as can be from those taken."""
    taken = [0]
    distance = np.linalg.norm(places - places[0], axis=1)
    while len(taken) < min(number, len(places)):
        taken.append(int(np.argmax(distance)))
        distance = np.minimum(distance, np.linalg.norm(places - places[taken[-1]], axis=1))
    return places[taken]


__all__ = ["Matching", "Wave"]
