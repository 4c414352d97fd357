"""A laboratory for mother-and-baby communities, from Python.

    from sim import RepurchaseModel, compare, load_results, simulate

Each is imported when it is first asked for, so that `import sim` costs nothing.
"""

import importlib
import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.laboratory import RepurchaseModel, Results, compare, load_results, simulate

__version__ = "0.1.0"

__all__ = ["RepurchaseModel", "Results", "compare", "load_results", "simulate"]


class _Package(ModuleType):
    """The package; `sim.simulate` is the function, though a module has that name too."""

    def __getattr__(self, name: str) -> Any:
        if name in __all__:
            return getattr(importlib.import_module("sim.laboratory"), name)
        raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")

    def __setattr__(self, name: str, value: Any) -> None:
        if not (name in __all__ and isinstance(value, ModuleType)):
            super().__setattr__(name, value)

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *__all__})


sys.modules[__name__].__class__ = _Package
