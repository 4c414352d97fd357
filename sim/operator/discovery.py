"""The levers there are: found in `sim/operator/levers/` and in folders of the user's own.

Shocks are found in the same way, in `sim/shocks/`. They know the contract and nobody here knows one
of them.
"""

import importlib
import pkgutil
from collections.abc import Callable
from types import ModuleType
from typing import Any

from sim.operator.contract import LEVER, SHOCK, Kind, LeverError, check
from sim.world.events import CAUSES as OF_RULES
from sim.world.protocols import Operator
from sim.world.state import LEDGER_LINES


def discover(package: str = "sim.operator.levers", kind: Kind = LEVER) -> dict[str, ModuleType]:
    """All modules of a package by name, in alphabetical order, each held to the contract.

    Raises
    ------
    LeverError
        In one sentence, where a module is none of these.
    """
    home = importlib.import_module(package)
    places: dict[str, str] = {}
    for place in home.__path__:
        for name in (module.name for module in pkgutil.iter_modules([place])):
            if name in places:
                raise LeverError(
                    f"{place}/{name}.py: there is a {kind.noun} {name!r} already, in "
                    f"{places[name]}: give the file another name."
                )
            places[name] = place
    found = {name: _imported(f"{package}.{name}") for name in sorted(places)}
    for name, module in found.items():
        check(name, module, kind)
    if kind is LEVER and len(found) > LEDGER_LINES:
        raise LeverError(f"There are {len(found)} levers, and the ledger has {LEDGER_LINES} lines.")
    return found


def _imported(name: str) -> ModuleType:
    try:
        return importlib.import_module(name)
    except SyntaxError as error:
        raise LeverError(f"{error.filename}, line {error.lineno}: {error.msg}.") from None


def hooks(name: str) -> dict[str, Callable[..., Any]]:
    """The levers and shocks that have a hook, by their name."""
    return {each: getattr(own, name) for each, own in MODULES.items() if hasattr(own, name)}


def _together() -> dict[str, ModuleType]:
    for name in LEVERS.keys() & SHOCKS.keys():
        raise LeverError(f"There is a shock {name!r} already: give the lever another name.")
    return {**LEVERS, **SHOCKS}


def with_slots(operator: Operator) -> list[str]:
    """Levers at work whose plans leave somebody out."""
    own = {name: getattr(operator, name) for name in BY_AUDIENCE if hasattr(operator, name)}
    some = {name: each for name, each in own.items() if hasattr(each, "audience")}
    return [n for n, each in some.items() if each.strength > 0.0 and not each.audience.everybody]


def _causes() -> tuple[str, ...]:
    own = [module.CAUSE for module in LEVERS.values() if hasattr(module, "CAUSE")]
    for cause in own:
        if [*OF_RULES, *own].count(cause) > 1:
            raise LeverError(f"Orders have the cause {cause!r} already: give yours another name.")
    return (*OF_RULES, *own)


LEVERS = discover()
SHOCKS = discover("sim.shocks", SHOCK)
NAMES = tuple(LEVERS)
MODULES = _together()  # whatever has hooks; levers first, by line of the ledger
CAUSES = _causes()  # what orders come from: the rules' own causes, then those of levers

# Levers whose plans can leave some households out; others plan what everybody meets.
BY_AUDIENCE = tuple(name for name, own in LEVERS.items() if getattr(own, "BY_AUDIENCE", False))

__all__ = [
    "BY_AUDIENCE",
    "CAUSES",
    "LEVERS",
    "MODULES",
    "NAMES",
    "SHOCKS",
    "discover",
    "hooks",
    "with_slots",
]
