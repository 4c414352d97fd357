"""The levers there are: found in `sim/operator/levers/` and in folders of the user's own.

Shocks are found in the same way, in `sim/shocks/`. They know the contract and nobody here knows one
of them.
"""

import importlib
import pkgutil
from types import ModuleType
from typing import Any

from sim.operator.contract import LEVER, SHOCK, Kind, LeverError, check
from sim.world.events import CAUSES as OF_RULES
from sim.world.state import LEDGER_LINES


def discover(package: str = "sim.operator.levers", kind: Kind = LEVER) -> dict[str, ModuleType]:
    """All modules of a package by name, in alphabetical order, each held to the contract.

    Raises
    ------
    LeverError
        In one sentence, where a module is none of these.
    """
    home = importlib.import_module(package)
    names = sorted({module.name for module in pkgutil.iter_modules(home.__path__)})
    found = {name: importlib.import_module(f"{package}.{name}") for name in names}
    for name, module in found.items():
        check(name, module, kind)
    if kind is LEVER and len(found) > LEDGER_LINES:
        raise LeverError(f"There are {len(found)} levers, and the ledger has {LEDGER_LINES} lines.")
    return found


def hooks(name: str) -> dict[str, Any]:
    """The levers and shocks that have a hook, by their name."""
    return {each: getattr(own, name) for each, own in MODULES.items() if hasattr(own, name)}


def _together() -> dict[str, ModuleType]:
    for name in LEVERS.keys() & SHOCKS.keys():
        raise LeverError(f"There is a shock {name!r} already: give the lever another name.")
    return {**LEVERS, **SHOCKS}


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

__all__ = ["CAUSES", "LEVERS", "MODULES", "NAMES", "SHOCKS", "discover", "hooks"]
