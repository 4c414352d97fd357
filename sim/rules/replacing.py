"""Rules replaced by functions of one's own, from files outside the package.

What replaces a rule is part of the configuration: the file's name and its whole text, so that a
run is stored under what it was lived by and can be lived again. Compiled code calls rules
directly; a process therefore lives by one set of rules, the first that a model in it is made
with. Runs by other rules are done in processes of their own.
"""

import hashlib
import linecache
import sys
import threading
from collections.abc import Callable, Mapping
from functools import cache, wraps
from traceback import walk_tb
from types import FunctionType, ModuleType
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from sim.compilation.compiled import compile_apart, compiled, compiled_so_far
from sim.parameters.quantity import ConfigurationError
from sim.rules.finding import rules
from sim.rules.reading import no_function
from sim.rules.trusting import check_may_run
from sim.rules.trying import complaint
from sim.text.outgoing import cited, in_one_line

if TYPE_CHECKING:
    from sim.parameters.schema import ReplacedRule

Replaced = Mapping[str, "ReplacedRule"]

P = ParamSpec("P")
T = TypeVar("T")


@cache
def _loaded(file: str, source: str) -> ModuleType:
    """The file's text as a module of its own; functions in it may call one another.

    This is the only place where what a configuration names is run.
    """
    check_may_run(file, source)
    # Named by its text alone: machine code on disk looks for its module by this name.
    name = f"rules_of_ones_own_{hashlib.sha256(source.encode()).hexdigest()[:16]}"
    if name in sys.modules:
        return sys.modules[name]
    module = ModuleType(name)
    module.__file__ = file
    sys.modules[module.__name__] = module  # dataclasses look there
    linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)
    try:
        exec(compile(source, file, "exec"), vars(module))
    except (Exception, SystemExit) as error:
        del sys.modules[module.__name__]
        what = f"{type(error).__name__}: {cited(str(error))}".rstrip(".")
        raise ConfigurationError(f"{in_one_line(file)} cannot be loaded: {what}.") from None
    for value in list(vars(module).values()):
        if _is_own(value, module):
            compiled(value)
    return module


def _is_own(value: Any, module: ModuleType) -> bool:
    return isinstance(value, FunctionType) and value.__module__ == module.__name__


def function_in(file: str, function: str, source: str) -> FunctionType:
    """The function of that name in a file's text."""
    module = _loaded(file, source)
    found = getattr(module, function, None)
    found = getattr(found, "py_func", found)  # numba's own decorators are taken off
    if isinstance(found, FunctionType):
        return found
    others = [name for name, value in vars(module).items() if _is_own(value, module)]
    raise ConfigurationError(no_function(file, function, others))


# -- what a process lives by ----------------------------------------------------------------

Identity = dict[str, tuple[str, str]]  # function and checksum by rule
_lived_by: Identity | None = None
_choosing = threading.RLock()


def identity(replaced: Replaced) -> Identity:
    """What tells two sets of rules apart; where a file lies does not."""
    return {name: (own.function, own.sha256) for name, own in sorted(replaced.items())}


def can_live_by(replaced: Replaced) -> bool:
    """Whether models of this process live by these rules, or could."""
    with _choosing:
        wanted = identity(replaced)
        return _lived_by == wanted or (_lived_by is None and not (wanted and compiled_so_far()))


def live_by(replaced: Replaced) -> None:
    """Let this process live by these rules from now on.

    Raises
    ------
    ConfigurationError
        If it lives by others already.
    """
    global _lived_by
    with _choosing:
        if not can_live_by(replaced):
            raise ConfigurationError(
                "This Python process lives by other rules already: start another one for these; "
                "`simulate` and `compare` do so by themselves."
            )
        if _lived_by is None:
            if replaced:
                _put_in_place(replaced)
            _lived_by = identity(replaced)


def _put_in_place(replaced: Replaced) -> None:
    """Wherever the package calls a rule by its name, that name now means one's own function."""
    own = {
        id(rules()[name]): function_in(each.file, each.function, each.source)
        for name, each in replaced.items()
    }
    for module in [m for name, m in sys.modules.items() if name.startswith("sim.")]:
        for name, value in list(vars(module).items()):
            if id(value) in own:
                setattr(module, name, own[id(value)])
    compile_apart(repr(identity(replaced)))


def told_if_not_compiled(work: Callable[P, T]) -> Callable[P, T]:
    """Turn what the compiler says of replaced rules into one sentence."""

    @wraps(work)
    def told(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return work(*args, **kwargs)
        except Exception as error:
            if not _lived_by or not _raised_by_compiler(error):
                raise
            names = ", ".join(_lived_by)
            raise ConfigurationError(
                f"With {names} replaced the model does not compile: {complaint(error)}"
            ) from None

    return told


def _raised_by_compiler(error: Exception) -> bool:
    """Whether an error comes out of numba's own work, not out of what it compiled."""
    frames = [frame for frame, _ in walk_tb(error.__traceback__)]
    return any(str(frame.f_globals.get("__name__")).startswith("numba.core") for frame in frames)


__all__ = [
    "can_live_by",
    "function_in",
    "identity",
    "live_by",
    "told_if_not_compiled",
]
