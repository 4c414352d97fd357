"""What a rule can be given: the unit, range and typical value of everything it may read.

Fields of a household's record and parameters declare their units and bounds themselves; what
remains, the numbers that rules hand to one another and the fields of buffers, `inputs.yaml` tells.
"""

from dataclasses import fields
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import yaml

from sim.parameters.quantity import number
from sim.world.events import REASONS
from sim.world.household import CATEGORIES, CONSENTS, FIELDS

POINTS = 61  # on a curve
WIDE = 100.0  # a range of positive numbers whose ends are so many times apart is spaced by ratio


class Input(NamedTuple):
    """Something that a rule reads."""

    name: str
    unit: str
    about: str
    low: float
    high: float
    typical: float
    whole: bool = False
    words: tuple[str, ...] = ()  # by number, where one of them is chosen

    def told(self, value: float) -> str:
        """A value in words: the word that is chosen, or the number."""
        return self.words[int(value)] if self.words else f"{value:g}"

    @property
    def by_ratio(self) -> bool:
        """Whether its values are spaced by ratio."""
        return not self.whole and self.low > 0 and self.high / self.low >= WIDE

    def values(self, points: int = POINTS) -> list[float]:
        """Values over its range, the typical one among them."""
        if self.whole:
            count = min(int(self.high - self.low) + 1, points)
            spread = np.linspace(self.low, self.high, count).round()
            return sorted({*(int(each) for each in spread), int(self.typical)})
        space = np.geomspace if self.by_ratio else np.linspace
        spread = space(self.low, self.high, points)
        return sorted({*(float(each) for each in spread), float(self.typical)})


Told = tuple[str, str, float, float, float]  # unit, meaning, low, high, typical
FLAG = "0 or 1"


def _tables() -> dict[str, dict[str, Any]]:
    """The tables of `inputs.yaml`, rows as tuples."""
    told = yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text(encoding="utf-8"))
    return {
        name: {key: tuple(row) if isinstance(row, list) else row for key, row in table.items()}
        for name, table in told.items()
    }


_TOLD = _tables()
ARGUMENTS: dict[str, Told] = _TOLD["arguments"]  # by name, whichever rule takes them
OF_RULE: dict[str, Told] = _TOLD["of_rule"]  # where a rule means something else by it
BUFFERS: dict[str, Told] = _TOLD["buffers"]
OF_HOUSEHOLD: dict[str, tuple[float, float, float]] = _TOLD["of_household"]
BY_UNIT: dict[str, tuple[float, float, float]] = _TOLD["by_unit"]
UNITS: dict[str, str] = _TOLD["answers"]
RANGES: dict[str, tuple[float, float]] = _TOLD["answer_ranges"]  # of answers, by their unit
# Rules that answer with one of a few things, as luck would have it.
ANSWERS: dict[str, tuple[str, ...]] = {
    "stay.reason_to_leave": ("stays", *REASONS[1:]),
    "stay.reason_to_unfollow": ("stays", *REASONS[1:]),
    "stay.reason_to_unsubscribe": ("stays", *REASONS[1:]),
    "stay.reason_by_hazard": ("stays", *REASONS[1:]),
    "consent.consent_given": CONSENTS,
    "day.waking": ("asleep", "called", "visiting", "clicking", "messaged"),
    "ordering.appealing_category": CATEGORIES,
}


WHOLE = ("month", "store", "day", "category")  # arguments that are places in a list, or days


def _of_field(name: str) -> Told | None:
    """What the household's record says of a field."""
    for field in FIELDS:
        known = OF_HOUSEHOLD.get(name) or BY_UNIT.get(field.unit)
        if field.name == name and known:
            return field.unit, field.about, *known
    return None


@cache
def argument(rule: str, name: str) -> Input | None:
    """An argument of a rule; None if nothing is known of it."""
    told = OF_RULE.get(f"{rule}.{name}") or ARGUMENTS.get(name) or _of_field(name)
    whole = told is not None and (told[0] in (FLAG, "bits") or name in WHOLE)
    return Input(name, *told, whole) if told else None


@cache
def of_buffer(buffer: str, name: str) -> Input | None:
    """A field of the household, its wake schedule or a buffer, by the argument's name."""
    plain = name.partition("[")[0]
    told = _of_field(plain) if buffer == "parent" else BUFFERS.get(f"{buffer}.{plain}")
    if told is None:
        return None
    kinds = {field.name: field.type[0] for field in FIELDS}
    whole = told[0] == FLAG or (buffer == "parent" and kinds[plain] != "f")
    return Input(f"{buffer}.{name}", *told, whole or told[0] in ("day", "bits"))


def parameter(module: str, name: str, parameters: Any) -> Input:
    """A parameter of a rule's file, by its schema and its configured value."""
    (item,) = (each for each in fields(parameters) if each.name == name)
    unit, about, low, high = (item.metadata[key] for key in ("unit", "about", "low", "high"))
    value, words = number(item, getattr(parameters, name)), item.metadata.get("words", ())
    whole = isinstance(value, int)
    return Input(f"behaviour.{module}.{name}", unit, about, low, high, value, whole, words)


__all__ = ["ANSWERS", "UNITS", "Input", "argument", "of_buffer", "parameter"]
