"""Compile one function alone, to say in a sentence why it cannot take a rule's place."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from types import FunctionType
from typing import Any

import numba
from numba.core import types
from numba.core.errors import NumbaError
from numba.np.numpy_support import from_dtype

from sim.compilation.compiled import OPTIONS
from sim.parameters.quantity import record_type
from sim.world.events import EVENT
from sim.world.household import PARENT, WAKE_SCHEDULE
from sim.world.state import COUNTERS, INBOX, TODAY

RECORDS = {
    "parent": PARENT,
    "wake_schedule": WAKE_SCHEDULE,
    "inbox": INBOX,
    "today": TODAY,
    "event": EVENT,
    "counters": COUNTERS,
}
PLAIN = {float: types.float64, int: types.int64, bool: types.boolean}
NUMBERS = {float: (types.Number, types.Boolean), int: (types.Integer, types.Boolean)}


class NotCompilable(Exception):
    """What the compiler says, in a sentence."""


def argument_types(rule: FunctionType) -> tuple[types.Type, ...] | None:
    """What the engine gives a rule; None where it reads the whole world."""
    found: list[types.Type] = []
    for name, hint in rule.__annotations__.items():
        if name == "return":
            continue
        if hint in PLAIN:
            found.append(PLAIN[hint])
        elif hint == list[float]:
            found.append(types.Array(types.float64, 1, "C"))
        elif hasattr(hint, "__dataclass_fields__"):
            found.append(from_dtype(record_type(hint)))
        elif name in RECORDS:
            found.append(from_dtype(RECORDS[name]))
        else:
            return None
    return tuple(found)


@dataclass(frozen=True)
class Trial:
    """A function compiled alone.

    Attributes
    ----------
    ask
        The machine code, which notices what is read outside of an array.
    answer
        Type of what it answers.
    """

    ask: Callable[..., Any]
    answer: types.Type


def try_compiling(rule: FunctionType, own: FunctionType) -> Trial | None:
    """`own` compiled in the place of `rule`; None where only the engine can tell.

    Raises
    ------
    NotCompilable
        With the compiler's reason.
    """
    given = argument_types(rule)
    if given is None:
        return None
    attempt = numba.njit(boundscheck=True, **OPTIONS)(own)
    try:
        attempt.compile(given)
    except Exception as error:
        raise NotCompilable(complaint(error)) from None
    (version,) = attempt.overloads.values()
    attempt.disable_compile()
    return Trial(attempt, version.signature.return_type)


def answer_type(rule: FunctionType, answer: types.Type) -> bool:
    """Whether an answer of this type can stand where the rule's stood."""
    expected: Any = rule.__annotations__.get("return")
    if expected is None:
        return isinstance(answer, types.NoneType)
    if expected is bool:
        return isinstance(answer, types.Boolean)
    return not (expected in NUMBERS and not isinstance(answer, NUMBERS[expected]))


COLOURS = re.compile(r"\x1b\[[0-9;]*m")
PLACE = re.compile(r'File "([^"]+)", line (\d+)')


def complaint(error: Exception) -> str:
    """The compiler's innermost reason and its place, out of its many lines."""
    if not isinstance(error, NumbaError):  # it lets some of Python's own pass, as of unknown fields
        return f"{type(error).__name__}: {error}."
    lines = [line.strip() for line in COLOURS.sub("", str(error)).splitlines()]
    place = next((found for line in lines if (found := PLACE.match(line))), None)
    inner = lines[: lines.index(place.string)] if place else lines
    begun = max((i for i, line in enumerate(inner) if "Failed in" in line), default=-1)
    told = [line for line in inner[begun + 1 :] if line and not line.startswith(("During:", "-"))]
    where = f" ({place[1]}, line {place[2]})" if place else ""
    call = f": {told[1].lstrip('> ')}" if told[1:] and told[1].startswith(">>>") else ""
    return f"{told[0].rstrip('.:') if told else 'no reason given'}{call}{where}."


__all__ = [
    "RECORDS",
    "NotCompilable",
    "Trial",
    "answer_type",
    "argument_types",
    "complaint",
    "try_compiling",
]
