"""One source, two ways to run it: compiled for speed, plain Python to look at.

Behaviour is written once. A `compiled` function stays an ordinary Python function when Python
calls it, and becomes machine code when an `entry_point` calls it. The plain-Python twin of an
entry point is its `py_func`: the same source, run by the interpreter all the way down. Both
compute the same bits.
"""

import functools
import hashlib
import inspect
import pickle
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar, cast

import numba
from numba.core.caching import (
    CompileResultCacheImpl,
    FunctionCache,
    IndexDataCacheFile,
    UserProvidedCacheLocator,
)
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import CompilerBase, DefaultPassBuilder
from numba.core.itanium_mangler import mangle
from numba.extending import overload

from sim.store.cache import cache_home, keep, kept
from sim.store.sources import source_fingerprint

# The rooms whose source compiled code is made of.
ENGINE = ("compilation", "world", "behaviour", "operator", "shocks", "engine")


_SOURCES = source_fingerprint(ENGINE)
_apart: list[str] = []  # what tells machine code of replaced rules from that of the package's own


def _use_own_cache(*apart: str) -> None:
    # numba looks only at the file of the outermost function when it decides whether its cache
    # is stale; a changed rule would go unnoticed. A folder per source state cannot be stale.
    folder = cache_home() / "compiled" / "-".join([_SOURCES, *apart])
    numba.config.CACHE_DIR = str(folder)  # type: ignore[attr-defined]


_use_own_cache()

Function = TypeVar("Function", bound=Callable[..., Any])

# Dividing by zero gives infinity, as in NumPy. Kernels own nothing, so that no references are
# counted, and nobody calls them from C.
OPTIONS: dict[str, Any] = {"error_model": "numpy", "_nrt": False, "no_cfunc_wrapper": True}


class Part(JITCodeLibrary):
    """Code that is only ever linked into an entry point's.

    It is neither optimised nor turned into machine code by itself: both would be done again
    for every level of calls, and were most of the compile time.
    """

    def _optimize_final_module(self) -> None:
        pass

    def _finalize_final_module(self) -> None:
        self._finalize_dynamic_globals()
        self._finalized = True


def short_name(name: str, arguments: Any, *, abi_tags: Any = (), uid: Any = None) -> str:
    """What machine code calls a function: its name, and a hash of its arguments' types.

    numba spells them out field by field, in every call: 40,000 letters with a world among them.
    """
    types = hashlib.sha256(",".join(map(str, arguments)).encode()).hexdigest()[:16]
    return str(mangle(f"{name}.{types}", (), abi_tags=abi_tags, uid=uid))


class ShortlyNamed(CompilerBase):
    """numba's own way of compiling a function, under a short name."""

    def define_pipelines(self) -> list[Any]:
        """What numba does with a function."""
        self.state.targetctx.mangler = short_name
        return [DefaultPassBuilder.define_nopython_pipeline(self.state)]


class PartCompiler(ShortlyNamed):
    """The same, but into a `Part`."""

    def define_pipelines(self) -> list[Any]:
        """What numba does with a function."""
        state = self.state
        state.flags.no_compile = True
        state.library = Part(state.targetctx.codegen(), state.func_id.func_qualname)
        return super().define_pipelines()

    def compile_extra(self, func: Any) -> Any:
        """Compile, and make the part known to those who call it."""
        result = super().compile_extra(func)
        part = [result.library].copy  # callers know a function by a builtin of its own
        self.state.targetctx.insert_user_function(part, result.fndesc, [result.library])
        return result._replace(entry_point=part)


def compiled(function: Function) -> Function:
    """Let entry points (and other compiled functions) call `function` as machine code.

    Wrappers for calls from Python are left out: they would be most of the compile time.
    """
    _let_call(function, function)
    return function


def _let_call(name: Any, function: Callable[..., Any]) -> None:
    """Compiled functions that call `name` get the machine code of `function`."""

    def source(*arguments: Any) -> Any:
        return function

    source.__signature__ = inspect.signature(function)  # type: ignore[attr-defined]
    written_out(name)(source)


def written_out(name: Any) -> Callable[[Function], Function]:
    """Compiled functions that call `name` get what the function below writes out for its types."""
    inlined: Any = {**OPTIONS, "forceinline": True, "pipeline_class": PartCompiler}
    below: Callable[[Function], Function] = overload(name, jit_options=inlined, strict=False)
    return below


def written_in_place(name: Any) -> Callable[[Function], Function]:
    """The same, put into the caller before it is compiled: what a function cannot hand back, a
    bundle with records in it, it may make there.
    """
    options: Any = OPTIONS
    below: Callable[[Function], Function] = overload(
        name, jit_options=options, inline="always", strict=False
    )
    return below


class InOwnFolder(UserProvidedCacheLocator):
    """Machine code is kept in the folder of `_use_own_cache` and nowhere else, full or not."""

    @classmethod
    def from_function(cls, function: Any, file: Any) -> "InOwnFolder":
        """Where a function's machine code lies."""
        return cls(function, file)


class KeptInOwnFolder(CompileResultCacheImpl):
    """What numba keeps of a compiled function, there."""

    _locator_classes = [InOwnFolder]  # noqa: RUF012


class Checked(IndexDataCacheFile):
    """numba's files of machine code, each behind its checksum: a changed byte would be run."""

    def _load_index(self) -> dict[Any, str]:
        index = kept(Path(self._index_path))
        if index is None:
            return {}
        made_of, names = pickle.loads(index)
        return names if made_of == (self._version, self._source_stamp) else {}

    def _save_index(self, overloads: dict[Any, str]) -> None:
        made_of = (self._version, self._source_stamp)
        keep(Path(self._index_path), self._dump((made_of, overloads)))

    def _load_data(self, name: str) -> Any:
        data = kept(Path(self._data_path(name)))
        if data is None:
            raise FileNotFoundError(name)  # numba then compiles it
        return pickle.loads(data)

    def _save_data(self, name: str, data: Any) -> None:
        keep(Path(self._data_path(name)), self._dump(data))


class MachineCode(FunctionCache):
    """What numba keeps on disk; a damaged file or a full disk costs the time to compile again."""

    _impl_class = KeptInOwnFolder

    def __init__(self, function: Callable[..., Any]) -> None:
        super().__init__(function)
        stamp = self._impl.locator.get_source_stamp()
        self._cache_file = Checked(self._cache_path, self._impl.filename_base, stamp)

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        """What was kept, if it can be read."""
        try:
            return super().load_overload(sig, target_context)
        except Exception:  # a torn file can be read as anything
            with suppress(OSError):
                self.flush()
            return None

    def save_overload(self, sig: Any, data: Any) -> None:
        """Keep it, if there is room."""
        with suppress(OSError):
            super().save_overload(sig, data)


def _keep_on_disk(machine: Any) -> None:
    machine._cache = MachineCode(machine.py_func)


def entry_point(function: Function) -> Function:
    """Compile `function` when Python first calls it; keep the machine code on disk.

    The interpreter's lock is released while it runs, so threads run side by side. Other compiled
    functions may call it too, as they call a `compiled` one.
    """
    machine = numba.njit(nogil=True, pipeline_class=ShortlyNamed, **OPTIONS)(function)
    _keep_on_disk(machine)
    _entries.append(machine)

    @functools.wraps(function)
    def enter(*arguments: Any) -> Any:
        return machine(*arguments)

    enter.py_func = function  # type: ignore[attr-defined]
    _let_call(enter, function)
    return cast(Function, enter)


_entries: list[Any] = []


def compiled_so_far() -> bool:
    """Whether this process has machine code that calls the rules as they are."""
    return any(entry.signatures for entry in _entries if _may_call_rules(entry))


def compile_apart(what: str) -> None:
    """From now on keep machine code that calls rules in another folder: `what` replaces them."""
    said = f"{what} {source_fingerprint(('rules',))}"
    _apart.append(hashlib.sha256(said.encode()).hexdigest()[:16])
    _use_own_cache(*_apart)
    for entry in filter(_may_call_rules, _entries):
        _keep_on_disk(entry)


def _may_call_rules(entry: Any) -> bool:
    """Whether rules can be below an entry point; the world knows none of them."""
    return not entry.__module__.startswith("sim.world.")


def straight_line(arguments: str, lines: list[str], names: dict[str, Any]) -> Any:
    """A function written out line by line, for numba, which sees through no loop over names.

    Parameters
    ----------
    arguments
        The parameter list, as in source.
    lines
        The statements of the body.
    names
        What the statements may refer to.
    """
    exec(f"def body({arguments}):\n    " + "\n    ".join(lines or ["pass"]), names)
    return names["body"]
