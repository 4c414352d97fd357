"""Points spread evenly over every setting: a Latin hypercube."""

from collections.abc import Sequence

from sim.experiments.samplers.base import MOST_POINTS, AtOnce, check_points
from sim.experiments.space import Point, Space
from sim.parameters.quantity import ConfigurationError


class Hypercube(AtOnce):
    """A Latin hypercube (McKay, Beckman & Conover 1979); choices are cut into equal parts.

    With as many layers of each setting as there are samples, every layer has one point. Points that
    break a constraint are left out, so that fewer may be given than were asked for.
    """

    def __init__(self, space: Space, samples: int, seed: int) -> None:
        super().__init__(_spread(space, samples, seed))


def _spread(space: Space, samples: int, seed: int) -> Sequence[Point]:
    from scipy.stats import qmc

    if not space.settings:
        raise ConfigurationError(
            "Nothing varies: give a setting a range, as in 'key=interval(0,1)', or a list."
        )
    if not 1 <= samples <= MOST_POINTS:
        raise ConfigurationError(f"--lhs {samples}: it takes from 1 to {MOST_POINTS} points.")
    unit = qmc.LatinHypercube(len(space.settings), rng=seed).random(samples)
    points = [point for point in map(space.at, unit) if space.allows(point)]
    check_points(points)
    return points


__all__ = ["Hypercube"]
