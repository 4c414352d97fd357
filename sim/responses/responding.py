"""A rule's response to each of its inputs over its range, the others at their typical values."""

import dis
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sim.parameters.quantity import ConfigurationError
from sim.responses.inputs import ANSWERS, UNITS, Input
from sim.responses.typical_world import Reading, Surroundings, Unknown
from sim.rules.finding import all_asked_by, asked_by, first_line, rules
from sim.rules.replacing import function_in
from sim.world.household import NEVER

if TYPE_CHECKING:
    from sim.config.loading import Simulation

DRAWS, POINTS_OF_SHARES = 200, 21  # of luck, and on a curve, where the answer is one of a few
NUMBERS = (float, int, bool)


def is_drawable(name: str) -> bool:
    """Whether a rule answers with a number that follows from what it is given."""
    answers = rules()[name].__annotations__.get("return") in NUMBERS
    known = not ({"place", "event", "counters", "group"} & set(rules()[name].__annotations__))
    return answers and known and not any(map(_draws_luck, (name, *all_asked_by(name))))


def _draws_luck(name: str) -> bool:
    return any(step.argval == "uniform" for step in dis.get_instructions(rules()[name]))


@dataclass(frozen=True)
class Responses:
    """How one rule responds.

    Attributes
    ----------
    name
        The rule.
    config
        The configuration whose parameters hold, and whose replaced rules.
    """

    name: str
    config: "Simulation"

    def __post_init__(self) -> None:
        if not is_drawable(self.name):
            inner = [each for each in asked_by(self.name) if is_drawable(each)]
            ask = f"; it asks {', '.join(inner)}" if inner else ""
            raise ConfigurationError(
                f"{self.name} has no response to draw: it changes records or draws luck{ask}."
            )

    @property
    def replaced(self) -> bool:
        """Whether one's own function stands in for it."""
        return self.name in self.config.rules

    @cached_property
    def function(self) -> Callable[..., Any]:
        """What answers: the rule, or one's own function in its place."""
        if not self.replaced:
            return rules()[self.name]
        own = self.config.rules[self.name]
        return function_in(own.file, own.function, own.source)

    @cached_property
    def around(self) -> Surroundings:
        """The rest of the world."""
        return Surroundings(self.config)

    @cached_property
    def answers(self) -> tuple[str, ...]:
        """Names of its answers, if it answers with one of a few things as luck would have it."""
        given = rules()[self.name].__annotations__
        if given["return"] is float or "u" not in given:
            return ()
        return ANSWERS[self.name]

    @cached_property
    def inputs(self) -> list[Input]:
        """All it reads: arguments, then fields of records, then parameters."""
        found: dict[str, Input] = {}
        todo = list(self._read({}))
        while todo:  # what is read can depend on what was read
            known = todo.pop(0)
            if known.name in found or (known.name == "u" and self.answers):
                continue
            found[known.name] = known
            for value in known.values(9):
                todo += [each for each in self._read({known.name: value}) if each.name not in found]
        first_places = [name for name in found if not _is_later_place(name, list(found))]
        return sorted((found[name] for name in first_places), key=lambda each: _kind(each.name))

    def _read(self, given: dict[str, float]) -> Iterator[Input]:
        both: list[Callable[..., Any]] = [self.function, rules()[self.name]]
        for function in both if self.replaced else both[:1]:
            reading = Reading(self.around, self.name, given)
            self._ask(reading, function)
            yield from reading.read.values()

    def said(self, reading: Reading, function: Callable[..., Any]) -> Any:
        """What a function says to what was read, or whatever it raises."""
        given = [self.around.argument(name, hint, reading) for name, hint in self._hints.items()]
        said = function(*given)
        return math.nan if isinstance(said, complex) else said  # roots that compiled code lacks

    def said_compiled(self, reading: Reading, machine: Callable[..., Any]) -> Any:
        """What it says as machine code of its own."""
        hints = self._hints.items()
        return machine(*(self.around.record_argument(name, hint, reading) for name, hint in hints))

    @property
    def _hints(self) -> dict[str, Any]:
        return {k: v for k, v in rules()[self.name].__annotations__.items() if k != "return"}

    def _ask(self, reading: Reading, function: Callable[..., Any]) -> Any:
        try:
            return self.said(reading, function)
        except Unknown as unknown:
            raise ConfigurationError(
                f"{self.name} cannot be drawn: nothing tells the range of {unknown}."
            ) from None
        except OverflowError:
            return math.inf
        except (ZeroDivisionError, ValueError, IndexError):  # of log(-1); compiled code goes on
            return math.nan
        except Exception as error:
            if function is rules()[self.name]:
                raise
            raise ConfigurationError(
                f"What replaces {self.name} cannot be drawn: {type(error).__name__}: {error}."
            ) from None

    def answer(self, given: dict[str, float], function: Callable[..., Any] | None = None) -> Any:
        """The rule's answer: a number; or, where luck decides, the share of each of `answers`."""
        asked = function or self.function
        if not self.answers:
            said = float(self._ask(Reading(self.around, self.name, given), asked))
            return said if said < NEVER else np.nan
        draws = (np.arange(DRAWS) + 0.5) / DRAWS
        readings = (Reading(self.around, self.name, {**given, "u": float(u)}) for u in draws)
        said_of_all = [self._ask(reading, asked) for reading in readings]
        counts = np.bincount([each for each in said_of_all if each == each])
        return np.pad(counts, (0, len(self.answers) - len(counts))) / DRAWS

    @cached_property
    def table(self) -> pd.DataFrame:
        """A row per input, value and answer.

        Columns ``input, unit, value, word, answer, response`` and, where the rule is replaced,
        ``package``: what the rule of the package says. `word` is what is chosen, `value` its
        place among all there are.
        """
        rows: list[dict[str, Any]] = []
        for known in self.inputs:
            for value in known.values(POINTS_OF_SHARES) if self.answers else known.values():
                now = np.atleast_1d(self.answer({known.name: value}))
                before = now
                if self.replaced:
                    before = np.atleast_1d(self.answer({known.name: value}, rules()[self.name]))
                for place, word in enumerate(self.answers or ("",)):
                    row = {"input": known.name, "unit": known.unit, "value": float(value)}
                    row["word"] = known.told(value) if known.words else ""
                    row |= {"answer": word, "response": float(now[place])}
                    rows.append(row | ({"package": float(before[place])} if self.replaced else {}))
        return pd.DataFrame(rows)

    @property
    def unit(self) -> str:
        """Unit of its answers."""
        return UNITS.get(self.name, "")

    @property
    def about(self) -> str:
        """What the rule answers, in its own words."""
        return first_line(rules()[self.name])


def _kind(name: str) -> int:
    return 2 if name.startswith("behaviour.") else 1 if "." in name else 0


def _is_later_place(name: str, names: list[str]) -> bool:
    """Whether an array's place comes after another that is drawn already."""
    plain = name.partition("[")[0]
    same = [each for each in names if each.startswith(f"{plain}[")]
    return "[" in name and same.index(name) > 0


__all__ = ["Responses", "is_drawable"]
