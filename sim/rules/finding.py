"""Which rules there are, and what each of them asks.

A rule is a function of `sim.behaviour`, named by its file and its own name, such as
`believe.trust_after`. Rules are found, not listed.
"""

import dis
import importlib
import inspect
import pkgutil
from collections.abc import Callable
from functools import cache
from types import FunctionType
from typing import Any

from sim import behaviour

Rule = Callable[..., Any]


@cache
def rules() -> dict[str, FunctionType]:
    """Every rule by its name, as the package has it: by file, in the order of the file."""
    found = {}
    for item in pkgutil.iter_modules(behaviour.__path__):
        module = importlib.import_module(f"{behaviour.__name__}.{item.name}")
        for name, value in vars(module).items():
            if isinstance(value, FunctionType) and value.__module__ == module.__name__:
                found[f"{item.name}.{name}"] = value
    return found


def first_line(documented: Any) -> str:
    """First line of a docstring."""
    return (inspect.getdoc(documented) or "").partition("\n")[0]


def asked_by(name: str) -> list[str]:
    """Rules that a rule calls, in the order in which they first stand in its code."""
    function = rules()[name]
    known = {id(rule): each for each, rule in rules().items()}
    words = [step.argval for step in dis.get_instructions(function) if step.opname == "LOAD_GLOBAL"]
    called = (function.__globals__.get(word) for word in dict.fromkeys(words))
    return [known[id(value)] for value in called if id(value) in known]


def all_asked_by(name: str) -> list[str]:
    """Rules that a rule calls, and those that they call, in the order of a first reading."""
    found: dict[str, None] = {}
    for each in asked_by(name):
        found[each] = None
        found |= dict.fromkeys(all_asked_by(each))
    return list(found)
