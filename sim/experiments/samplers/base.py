"""The contract between an experiment and what proposes its points."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol

from sim.experiments.space import Point
from sim.parameters.quantity import ConfigurationError

MOST_POINTS = 100_000


class Evaluated(NamedTuple):
    """A point and what came of it: mean of every outcome over the worlds, by its name."""

    point: Point
    outcomes: Mapping[str, float]


class Sampler(Protocol):
    """Proposes points and learns what came of them.

    The same calls give the same points, always and everywhere: whoever draws has a seed of its own.
    """

    def ask(self) -> Sequence[Point]:
        """The points to be lived through next, any number at once; none when it is done."""

    def tell(self, evaluated: Sequence[Evaluated]) -> None:
        """What came of the points asked for last, in their order."""


class AtOnce:
    """A sampler whose points do not hang on what comes of them: it gives all of them at once."""

    def __init__(self, points: Sequence[Point]) -> None:
        self._points = points

    def ask(self) -> Sequence[Point]:
        """All points the first time, none afterwards."""
        points, self._points = self._points, ()
        return points

    def tell(self, evaluated: Sequence[Evaluated]) -> None:
        """Nothing is learnt."""


def check_points(points: Sequence[Point]) -> None:
    """Refuse an experiment in which no point is left."""
    if not points:
        raise ConfigurationError("No point keeps to the constraints: loosen one of them.")


__all__ = ["MOST_POINTS", "AtOnce", "Evaluated", "Sampler", "check_points"]
