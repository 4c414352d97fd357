"""A laboratory for mother-and-baby communities, from Python.

    from sim import RepurchaseModel, Simulator, compare, load_results, simulate, sweep, validate

Each is imported when it is first asked for, so that `import sim` costs nothing.
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.api import (
        RepurchaseModel,
        Results,
        Simulator,
        compare,
        distances,
        load_results,
        read_design,
        simulate,
        sweep,
        validate,
    )

__version__ = "0.1.0"

__all__ = [
    "RepurchaseModel",
    "Results",
    "Simulator",
    "compare",
    "distances",
    "load_results",
    "read_design",
    "simulate",
    "sweep",
    "validate",
]


def __getattr__(name: str) -> Any:
    if name in __all__:
        return getattr(importlib.import_module("sim.api"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
