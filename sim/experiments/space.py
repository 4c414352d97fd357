"""What an experiment may vary: settings with their ranges and choices, and what must hold.

A point is one value for each setting, a number or a word. Text is read where it comes in, by
`sim.experiments.varied` and `sim.experiments.designs`, and never again.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from sim.parameters.quantity import ConfigurationError
from sim.text.outgoing import cited

Value = float | int | bool | str
Point = Mapping[str, Value]
Scale = Literal["linear", "log"]

DIGITS = 6  # significant digits of a number drawn from a range; more would mean nothing


@dataclass(frozen=True)
class Range:
    """All numbers, or all whole numbers, from `low` to `high`.

    Attributes
    ----------
    low, high
        Both included; `low` is the smaller one.
    scale
        Whether equal steps or equal ratios count alike; ``log`` needs `low` above zero.
    whole
        Whether only whole numbers are meant.
    """

    low: float
    high: float
    scale: Scale = "linear"
    whole: bool = False

    def __post_init__(self) -> None:
        if not math.isfinite(self.high - self.low):
            raise ConfigurationError("An interval has an end on either side.")
        if not self.low < self.high:
            raise ConfigurationError("An interval's first number is the smaller one.")
        if self.scale == "log" and self.low <= 0:
            raise ConfigurationError("An interval of ratios begins above zero.")
        if self.whole and math.ceil(self.low) > math.floor(self.high):
            raise ConfigurationError("There is no whole number in this interval.")

    def at(self, place: float) -> Value:
        """The value that lies at a share of the way, from 0 to 1, rounded to six digits.

        Every whole number takes an equal part of a linear scale.
        """
        if self.whole and self.scale == "linear":
            low, count = math.ceil(self.low), math.floor(self.high) - math.ceil(self.low) + 1
            return low + min(int(place * count), count - 1)
        if self.scale == "log":
            found = self.low * math.pow(self.high / self.low, place)
        else:
            found = self.low + place * (self.high - self.low)
        if self.whole:
            return min(max(round(found), math.ceil(self.low)), math.floor(self.high))
        return float(f"{found:.{DIGITS}g}")

    def place_of(self, value: float) -> float:
        """The share of the way at which a value lies, from 0 to 1 within the range."""
        if self.scale == "log":
            return math.log(value / self.low) / math.log(self.high / self.low)
        return (value - self.low) / (self.high - self.low)


@dataclass(frozen=True)
class Choice:
    """One of these values, in this order."""

    values: tuple[Value, ...]

    def __post_init__(self) -> None:
        if not self.values:
            raise ConfigurationError("A choice has one value at least.")

    def at(self, place: float) -> Value:
        """The value that lies at a share of the way, each taking an equal part."""
        return self.values[min(int(place * len(self.values)), len(self.values) - 1)]


@dataclass(frozen=True)
class Constraint:
    """What must hold: a weighted sum of numbers lies between two bounds, both allowed.

    Attributes
    ----------
    weights
        By name of a setting, or of an outcome.
    low, high
        Bounds of the sum.
    """

    weights: Mapping[str, float]
    low: float = -math.inf
    high: float = math.inf

    def holds(self, values: Mapping[str, Value]) -> bool:
        """Whether it holds for these values.

        Raises
        ------
        ConfigurationError
            Where a name has no number.
        """
        total = 0.0
        for name, weight in self.weights.items():
            value = values.get(name)
            if isinstance(value, str) or value is None:
                raise ConfigurationError(f"{cited(name)} is no number that a constraint can use.")
            total += weight * value
        return self.low <= total <= self.high


@dataclass(frozen=True)
class Space:
    """Settings by dotted key with what each may be, and constraints on them together."""

    settings: Mapping[str, Range | Choice]
    constraints: Sequence[Constraint] = ()

    def __post_init__(self) -> None:
        for constraint in self.constraints:
            for name in constraint.weights:
                if name not in self.settings:
                    raise ConfigurationError(f"{cited(name)} does not vary, so nothing bounds it.")

    def at(self, places: Sequence[float]) -> dict[str, Value]:
        """The point at these shares of the way along each setting, each from 0 to 1."""
        parts = zip(places, self.settings.items(), strict=True)
        return {key: setting.at(float(place)) for place, (key, setting) in parts}

    def allows(self, point: Point) -> bool:
        """Whether all constraints hold at a point."""
        return all(constraint.holds(point) for constraint in self.constraints)


__all__ = ["Choice", "Constraint", "Point", "Range", "Scale", "Space", "Value"]
