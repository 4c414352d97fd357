"""What lies in the folder one works in is read when it is asked for, and never obeyed.

Libraries look there for settings of their own, and Python for modules. That is meant well where
somebody programs; the program `repurchase` is run where results and scenarios lie, which others
may have sent. So it is secluded, and so are its worker processes. Whoever imports `sim` from
Python keeps Python's and the libraries' own ways.
"""

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path
from types import ModuleType

PACKAGE = Path(__file__).parents[1]
# Files in the working folder that these modules would read when they are imported.
SETTINGS_OF = {"numba.core.config": ".numba_config.yaml", "matplotlib": "matplotlibrc"}


def seclude() -> None:
    """From now on what is imported here obeys nothing in the working folder."""
    if not any(isinstance(finder, Secluded) for finder in sys.meta_path):
        sys.meta_path.insert(0, Secluded())


def own_environment() -> None:
    """From now on the environment is the program's: for figures, engine and worker processes."""
    os.environ["PYTHONSAFEPATH"] = "1"  # worker processes would look for modules there
    os.environ["MPLBACKEND"] = "agg"  # figures go to files; another may need a display
    os.environ.pop("NUMBA_DISABLE_JIT", None)  # the engine has no other way to live


def leave_working_folder() -> None:
    """Take the working folder off the path of modules, where `python -m` puts it first.

    It stays where the package itself lies there: in a clone the folder is the program.
    """
    with suppress(OSError):  # the folder may be gone
        if sys.path[0] in ("", os.getcwd()) and Path.cwd() != PACKAGE.parent:
            del sys.path[0]


class Secluded(MetaPathFinder):
    """Finds those modules as usual, and lets them miss their file in the working folder."""

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Where the module is, if it is one of them."""
        if name not in SETTINGS_OF:
            return None
        spec = PathFinder.find_spec(name, path, target)
        if spec is not None and spec.loader is not None:
            spec.loader = _WithoutFile(spec.loader, SETTINGS_OF[name])
        return spec


class _WithoutFile(Loader):
    """A module's own loader, while whose module runs a file of that name is not there."""

    def __init__(self, loader: Loader, file: str) -> None:
        self.loader, self.file = loader, file

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        return self.loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        with _missing(self.file):
            self.loader.exec_module(module)
        if hasattr(module, "_config_fname"):
            vars(module)["_config_fname"] = ""  # numba looks again before it compiles

    def __getattr__(self, name: str) -> object:
        return getattr(self.loader, name)


@contextmanager
def _missing(file: str) -> Iterator[None]:
    """Whoever asks whether that very name is there is told that it is not."""
    exists = os.path.exists
    os.path.exists = lambda path: path != file and exists(path)
    try:
        yield
    finally:
        os.path.exists = exists


__all__ = ["leave_working_folder", "own_environment", "seclude"]
