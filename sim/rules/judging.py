"""Whether a function can take a rule's place, as far as its code tells without being asked.

A rule answers at once, by what it is given alone: otherwise nobody could live a run again.
"""

import dis
import inspect
import random
from collections.abc import Iterator
from functools import cache
from types import CodeType, FunctionType, ModuleType
from typing import Any

import numpy as np

from sim.parameters.quantity import ConfigurationError
from sim.rules.finding import rules
from sim.rules.reading import cannot_replace, check_arguments
from sim.rules.replacing import function_in
from sim.rules.trying import NotCompilable, Trial, answer_type, try_compiling

# What answers differently each time: luck, clocks, what the machine is like just now.
ELSEWHERE = (
    "random",
    "secrets",
    "time",
    "datetime",
    "os",
    "posix",
    "uuid",
    "numpy.random",
    "numba.core.withcontexts",
)
LUCK = (random.Random, np.random.Generator, np.random.RandomState)
KINDS = {
    inspect.CO_GENERATOR: "a generator (it has a `yield`)",
    inspect.CO_COROUTINE: "a coroutine (`async def`)",
    inspect.CO_ASYNC_GENERATOR: "a generator (`async def` with a `yield`)",
}


@cache
def check_function(name: str, file: str, function: str, source: str) -> Trial | None:
    """Refuse a function that cannot take the rule's place.

    Returns
    -------
    Trial or None
        It as machine code of its own; None where only the engine can compile it.

    Raises
    ------
    ConfigurationError
        In one sentence: another list of arguments, no answer at once, luck of its own, code that
        fails or does not compile, an answer of another kind.
    """
    said = cannot_replace(name, file, function)
    original, own = rules()[name], function_in(file, function, source)
    check_arguments(name, file, function, own.__code__)
    for flag, kind in KINDS.items():
        if own.__code__.co_flags & flag:
            raise ConfigurationError(f"{said}: it is {kind}, and a rule answers at once.")
    if "print" in own.__code__.co_names:
        raise ConfigurationError(
            f"{said}: it prints, which compiled code cannot be relied on to do; `repurchase diary "
            "--json` tells what every rule was asked and answered."
        )
    elsewhere = next(_asked_elsewhere(own, set()), None)
    if elsewhere:
        raise ConfigurationError(
            f"{said}: it asks {elsewhere}, which answers differently each time; a rule answers by "
            "what it is given alone, luck included."
        )
    try:
        trial = try_compiling(original, own)
    except NotCompilable as error:
        raise ConfigurationError(f"{said}: it does not compile: {error}") from None
    if trial is not None and not answer_type(original, trial.answer):
        expected = original.__annotations__.get("return")
        must = getattr(expected, "__name__", "nothing")
        raise ConfigurationError(f"{said}: it returns {trial.answer} and must return {must}.")
    return trial


def _asked_elsewhere(function: FunctionType, seen: set[int]) -> Iterator[str]:
    """What answers differently each time, of all that a function names or what it calls names."""
    if id(function) in seen:
        return
    seen.add(id(function))
    known = {**function.__globals__, **inspect.getclosurevars(function).nonlocals}
    for words in _names_in(function.__code__):
        value = known.get(words[0])
        for depth, word in enumerate(words[1:], 1):
            if _is_elsewhere(value) or not isinstance(value, ModuleType):
                words = words[:depth]
                break
            value = getattr(value, word, None)
        value = getattr(value, "py_func", value)
        if _is_elsewhere(value):
            yield ".".join(words)
        elif isinstance(value, FunctionType):
            yield from _asked_elsewhere(value, seen)


def _names_in(code: CodeType) -> Iterator[list[str]]:
    """Names that code reads from around it, each with the attributes asked of it."""
    words: list[str] = []
    for step in dis.get_instructions(code):
        if step.opname in ("LOAD_ATTR", "LOAD_METHOD") and words:
            words.append(step.argval)
            continue
        if words:
            yield words
        words = [step.argval] if step.opname in ("LOAD_GLOBAL", "LOAD_DEREF") else []
        if step.opname == "IMPORT_NAME":
            yield [step.argval]
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            yield from _names_in(inner)


def _is_elsewhere(value: Any) -> bool:
    if isinstance(value, LUCK) or isinstance(getattr(value, "__self__", None), LUCK):
        return True
    if isinstance(value, ModuleType):
        return False
    home = str(getattr(value, "__module__", None) or "")
    return any(home == each or home.startswith(f"{each}.") for each in ELSEWHERE)


__all__ = ["check_function"]
