"""All combinations of the values of every setting."""

import itertools
import math
from collections.abc import Sequence

from sim.experiments.samplers.base import MOST_POINTS, AtOnce, check_points
from sim.experiments.space import Point, Range, Space
from sim.parameters.quantity import ConfigurationError
from sim.text.outgoing import cited


class Grid(AtOnce):
    """Every combination that keeps to the constraints; the last setting varies fastest."""

    def __init__(self, space: Space) -> None:
        super().__init__(_combinations(space))


def _combinations(space: Space) -> Sequence[Point]:
    lists = []
    for key, setting in space.settings.items():
        if isinstance(setting, Range):
            raise ConfigurationError(
                f"{cited(key)} is an interval: name its values, or sample it with --lhs."
            )
        lists.append(setting.values)
    if not lists:
        raise ConfigurationError("Nothing varies: give a setting several values, as in key=1,2,3.")
    if (number := math.prod(map(len, lists))) > MOST_POINTS:
        raise ConfigurationError(f"{number} points are more than {MOST_POINTS}: use --lhs.")
    every = (dict(zip(space.settings, values, strict=True)) for values in itertools.product(*lists))
    points = [point for point in every if space.allows(point)]
    check_points(points)
    return points


__all__ = ["Grid"]
