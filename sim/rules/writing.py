"""A function at hand in Python, as a file that another process can read."""

import dis
import hashlib
import inspect
import textwrap
from collections.abc import Callable
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

from sim.parameters.quantity import ConfigurationError
from sim.store.cache import cache_home

PLAIN = (bool, int, float, str)


def as_file(rule: str, function: Callable[..., Any]) -> str:
    """Where a function stands, as ``file.py:function``.

    A function of an imported module stands in that module's file. One written in a notebook or
    in the running script is written out, with what it needs, into a file of its own.

    Raises
    ------
    ConfigurationError
        If it needs what a file cannot say.
    """
    own = getattr(function, "py_func", function)
    if not isinstance(own, FunctionType) or own.__name__ == "<lambda>":
        raise ConfigurationError(f"{rule} can be replaced by a function that `def` defines.")
    file = inspect.getsourcefile(own)
    if own.__module__ != "__main__" and file and Path(file).is_file():
        return f"{file}:{own.__name__}"
    text = _text(rule, own)
    path = cache_home() / "rules" / f"{hashlib.sha256(text.encode()).hexdigest()[:16]}.py"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return f"{path}:{own.__name__}"


def _text(rule: str, function: FunctionType) -> str:
    """The function's text, after that of all it calls by name."""
    needed: dict[str, str] = {}
    _add(rule, function.__name__, function, needed)
    return "\n\n".join(needed.values()) + "\n"


def _add(rule: str, name: str, value: Any, needed: dict[str, str]) -> None:
    """Add to `needed` what makes `name` mean `value`, and before it what that needs."""
    if name in needed:
        return
    if isinstance(value, ModuleType):
        needed[name] = f"import {value.__name__} as {name}"
    elif isinstance(value, PLAIN):
        needed[name] = f"{name} = {value!r}"
    elif getattr(value, "__module__", "__main__") != "__main__" and hasattr(value, "__qualname__"):
        needed[name] = f"from {value.__module__} import {value.__qualname__} as {name}"
    elif isinstance(value, FunctionType) and not value.__closure__:
        needed[name] = ""  # it may call itself
        for word in _names_in(value):
            if word in value.__globals__:
                _add(rule, word, value.__globals__[word], needed)
        del needed[name]
        needed[name] = _source(rule, value)
    else:
        raise ConfigurationError(
            f"What replaces {rule} uses {name}, which cannot be written into a file: put the "
            "function into a file of its own, with all it needs."
        )


def _names_in(function: FunctionType) -> list[str]:
    steps = dis.get_instructions(function)
    return list(dict.fromkeys(step.argval for step in steps if step.opname == "LOAD_GLOBAL"))


def _source(rule: str, function: FunctionType) -> str:
    try:
        lines = textwrap.dedent(inspect.getsource(function)).splitlines()
    except OSError:
        raise ConfigurationError(
            f"The text of what replaces {rule} cannot be found: put it into a file of its own."
        ) from None
    begin = next(i for i, line in enumerate(lines) if line.startswith("def "))
    return "\n".join(lines[begin:])  # decorators and hints that name other things are left behind


__all__ = ["as_file"]
