"""The rules told anew in plain Python, some of them answered by somebody else.

A rule calls other rules by name. `Retold` makes a twin of every rule in which each name leads to
another twin, or to whoever answers in a rule's place. The rules themselves stay untouched, and so
does everybody who lives by them.
"""

import importlib
import pkgutil
import sys
from collections.abc import Callable, Iterable
from types import FunctionType, ModuleType
from typing import Any

import sim.behaviour
import sim.engine

Rule = Callable[..., Any]


def _modules() -> list[ModuleType]:
    found = pkgutil.iter_modules(sim.behaviour.__path__)
    return [importlib.import_module(f"{sim.behaviour.__name__}.{each.name}") for each in found]


def _functions(module: ModuleType) -> dict[str, FunctionType]:
    """Functions that a module itself defines."""
    return {
        name: value
        for name, value in vars(module).items()
        if isinstance(value, FunctionType) and value.__module__ == module.__name__
    }


MODULES = _modules()
RULES: dict[str, FunctionType] = {
    name: rule
    for module in MODULES
    for name, rule in _functions(module).items()
    if not name.startswith("_")
}


class Retold:
    """Twins of all rules, and of the day that is composed of them.

    Parameters
    ----------
    answered
        Names of the rules that somebody else answers for.

    Attributes
    ----------
    who
        Whoever answers for them today, by methods of the same names.
    rules
        The twin of every rule by its name: what it says itself, its own calls being answered.
    spend_day
        The twin of `sim.engine.spend_day`.
    """

    def __init__(self, answered: Iterable[str]) -> None:
        self.who: Any = None
        told = [*MODULES, sim.engine]
        names: dict[str, dict[str, Any]] = {module.__name__: dict(vars(module)) for module in told}
        twins: dict[Any, Rule] = {
            rule: _twin(rule, names[module.__name__])
            for module in told
            for rule in _functions(module).values()
        }
        # What replaces a rule (`sim.rules.replacing`) has no twin: it knows names of its own.
        now = {
            name: vars(sys.modules[rule.__module__])[rule.__name__] for name, rule in RULES.items()
        }
        self.rules = {name: twins.get(rule, rule) for name, rule in now.items()}
        heard = twins | {now[name]: self._ask(name) for name in answered}
        for known in names.values():
            functions = {n: value for n, value in known.items() if isinstance(value, FunctionType)}
            known.update({name: heard.get(value, value) for name, value in functions.items()})
        self.waking = heard.get(now["waking"], now["waking"])
        self.spend_day = heard[sim.engine.spend_day]

    def _ask(self, name: str) -> Rule:
        def ask(*arguments: Any) -> Any:
            return getattr(self.who, name)(*arguments)

        return ask


def _twin(rule: FunctionType, names: dict[str, Any]) -> Rule:
    return FunctionType(rule.__code__, names, rule.__name__, rule.__defaults__, rule.__closure__)


__all__ = ["RULES", "Retold", "Rule"]
