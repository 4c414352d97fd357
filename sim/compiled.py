"""One source, two ways to run it: compiled for speed, plain Python to look at.

Behaviour is written once. `compiled` turns a function into machine code; `plain` gives back
the same source as ordinary Python, with every compiled function it calls, however deep,
replaced by its own plain twin. Both compute the same bits.
"""

import hashlib
import os
import tempfile
import types
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import numba
from numba.core.dispatcher import Dispatcher


def cache_home() -> Path:
    """Folder for what can be made again: compiled code and warmed-up worlds."""
    named = os.environ.get("REPURCHASE_CACHE")
    if named:
        return Path(named)
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return home / "repurchase"


def source_fingerprint() -> str:
    """Hash of every source file of the package: compiled code is valid only for these."""
    package = Path(__file__).parent
    digest = hashlib.sha256(numba.__version__.encode())
    for path in sorted(package.rglob("*.py")):
        digest.update(path.relative_to(package).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _use_own_cache() -> None:
    # numba looks only at the file of the outermost function when it decides whether its cache
    # is stale; a changed rule would go unnoticed. A folder per source state cannot be stale.
    folder = cache_home() / "compiled" / source_fingerprint()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        folder = Path(tempfile.gettempdir()) / f"repurchase-{os.getuid()}" / folder.name
        folder.mkdir(parents=True, exist_ok=True)
    numba.config.CACHE_DIR = str(folder)


_use_own_cache()

Function = TypeVar("Function", bound=Callable[..., Any])


def compiled(function: Function) -> Function:
    """Compile `function` on first use, keep the machine code on disk, release the GIL."""
    return numba.njit(cache=True, nogil=True, error_model="numpy")(function)


def plain(function: Callable[..., Any]) -> Callable[..., Any]:
    """The plain-Python twin of a compiled function.

    Parameters
    ----------
    function
        A function decorated with `compiled`.

    Returns
    -------
    callable
        The same source, run by the interpreter, calling plain twins only.
    """
    return _rebuilt(function, {}, lambda source: source, {})


def with_rules(
    function: Callable[..., Any], replaced: Mapping[Callable[..., Any], Callable[..., Any]]
) -> Callable[..., Any]:
    """`function` compiled anew, calling `replaced[rule]` wherever it called `rule`."""
    return _rebuilt(function, replaced, numba.njit(nogil=True, error_model="numpy"), {})


def _rebuilt(
    function: Any,
    replaced: Mapping[Callable[..., Any], Callable[..., Any]],
    finish: Callable[[Callable[..., Any]], Callable[..., Any]],
    done: dict[Any, Any],
) -> Any:
    """Copy a function and all it calls, exchanging the functions named in `replaced`."""
    if isinstance(function, tuple):
        return tuple(_rebuilt(member, replaced, finish, done) for member in function)
    function = replaced.get(function, function) if isinstance(function, Dispatcher) else function
    if not isinstance(function, Dispatcher):
        return function
    if function not in done:
        source = function.py_func
        names = dict(source.__globals__)
        for name in source.__code__.co_names:
            if isinstance(names.get(name), Dispatcher | tuple):
                names[name] = _rebuilt(names[name], replaced, finish, done)
        twin = types.FunctionType(
            source.__code__, names, source.__name__, source.__defaults__, source.__closure__
        )
        done[function] = finish(twin)
    return done[function]
