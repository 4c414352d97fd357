"""Records of typical values that note what is read of them, and a world to hand to a rule."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.behaviour.ordering import CLOTHING
from sim.parameters.quantity import as_record
from sim.responses.inputs import Input, argument, of_buffer, parameter
from sim.rules.trying import RECORDS
from sim.world.catalogue import category_records, use_table
from sim.world.demography import demography, region_records
from sim.world.market import calendar

if TYPE_CHECKING:
    from sim.config.loading import Simulation

MIXED = 1  # index of FEEDING
RECORD_NAMES = ("parent", "inbox", "today", "wake_schedule")
ROWS = ("habit", "covered_until", "prompt", "deal_visits_per_day", "broadcasts")


class Unknown(Exception):
    """Something is read of which no range is known."""


@dataclass
class Reading:
    """What a rule was given and has read so far.

    Attributes
    ----------
    around
        The rest of the world, with the parameters that hold.
    rule
        The rule's name.
    given
        Values to use instead of the typical ones, by name of the input.
    read
        Inputs read, by name, in the order of reading.
    """

    around: "Surroundings"
    rule: str
    given: Mapping[str, float]
    read: dict[str, Input] = field(default_factory=dict)

    def value(self, known: Input | None, name: str) -> Any:
        """The input's value; the input is noted."""
        if known is None:
            raise Unknown(name)
        self.read.setdefault(known.name, known)
        value = self.given.get(known.name, known.typical)
        return int(value) if known.whole else float(value)


class TypicalRecord:
    """A record whose fields have their typical values."""

    def __init__(self, reading: Reading, name: str) -> None:
        self.__dict__.update(_reading=reading, _name=name)

    def __getattr__(self, name: str) -> Any:
        if name in ROWS:
            return _Row(self._reading, self._name, name)
        return self._reading.value(of_buffer(self._name, name), f"{self._name}.{name}")

    def __setattr__(self, name: str, value: Any) -> None:
        raise Unknown(f"{self._name}.{name} is written")


class _Row:
    """A field that is an array."""

    def __init__(self, reading: Reading, buffer: str, name: str) -> None:
        self.reading, self.buffer, self.name = reading, buffer, name

    def __getitem__(self, place: int) -> Any:
        if not -len(self) <= place < len(self):
            raise IndexError(f"{self.buffer}.{self.name} has no place {place}")
        full = f"{self.name}[{place}]"
        return self.reading.value(of_buffer(self.buffer, full), full)

    def __len__(self) -> int:
        return int(RECORDS[self.buffer][self.name].shape[0])


class _Parameters:
    """The parameters of one file of rules."""

    def __init__(self, reading: Reading, module: str) -> None:
        self.reading, self.module = reading, module

    def __getattr__(self, name: str) -> Any:
        return self.reading.value(self.reading.around.parameter(self.module, name), name)


class _Behaviour:
    def __init__(self, reading: Reading) -> None:
        self.reading = reading

    def __getattr__(self, module: str) -> _Parameters:
        return _Parameters(self.reading, module)


class Surroundings:
    """What of the world rules read and no sweep varies: catalogue, regions, a usual day."""

    def __init__(self, config: "Simulation") -> None:
        self.behaviour = config.behaviour
        self.parameters: dict[tuple[str, str], Input] = {}
        self.demography = demography(config.population)
        # A sweep goes through six regions, over again where a population has fewer.
        regions = region_records(config.population)
        self.region = [regions[i % len(regions)] for i in range(6)]
        self.category = category_records(config.population.categories)
        self.use_per_day = use_table(config.population.categories)
        self.calendar = calendar(config.market, -60, 121, config.run.start_day_of_year)

    def parameter(self, module: str, name: str) -> Input:
        """A parameter of a file of rules."""
        if (module, name) not in self.parameters:
            own = getattr(self.behaviour, module)
            self.parameters[module, name] = parameter(module, name, own)
        return self.parameters[module, name]

    def argument(self, name: str, hint: Any, reading: Reading) -> Any:
        """What a rule is given for one of its arguments."""
        if name in RECORD_NAMES:
            return TypicalRecord(reading, name)
        if name == "world":
            return self._world(reading)
        if name in ("needs_per_day", "uses"):
            return self.use_per_day[CLOTHING, MIXED]
        if hasattr(hint, "__dataclass_fields__"):
            return _Parameters(reading, hint.__module__.rpartition(".")[2])
        return reading.value(argument(reading.rule, name), name)

    def record_argument(self, name: str, hint: Any, reading: Reading) -> Any:
        """The same as compiled code takes it: buffers and parameters as records."""
        if name in RECORD_NAMES:
            return _record(reading, name)
        if hasattr(hint, "__dataclass_fields__"):
            return as_record(getattr(self.behaviour, hint.__module__.rpartition(".")[2]))
        given = self.argument(name, hint, reading)
        return hint(given) if hint in (float, int, bool) else given

    def _world(self, reading: Reading) -> Any:
        return SimpleNamespace(
            seed=1,
            first_day=-60,
            behaviour=_Behaviour(reading),
            today=(TypicalRecord(reading, "today"),),
            demography=self.demography,
            region=self.region,
            category=self.category,
            use_per_day=self.use_per_day,
            calendar=self.calendar,
        )


def _record(reading: Reading, buffer: str) -> Any:
    """A record with the values that a `TypicalRecord` tells; zero where no range is known."""
    record = np.zeros(1, RECORDS[buffer])
    for name in record.dtype.names or ():
        places = range(record.dtype[name].shape[0]) if record.dtype[name].shape else [None]
        for place in places:
            known = of_buffer(buffer, name if place is None else f"{name}[{place}]")
            if known is not None:
                value = reading.given.get(known.name, known.typical)
                record[name][0 if place is None else (0, place)] = value
    return record.view(np.recarray)[0]


__all__ = ["Reading", "Surroundings", "Unknown"]
