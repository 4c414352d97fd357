"""What pytest is told where a mutant is tried: nothing is compiled, and chance has no say.

A rule with a mistake in it would have the whole engine compiled anew, for half a minute. So a test
that asks for the engine is skipped; those that stay within plain Python say what they have to say.
The world (who lives where, who knows whom) is compiled: no rule is below it, and its machine code
is that of the package without the mistake.
"""

import functools
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, settings

from sim.compilation import compiled

WORLD = "REPURCHASE_MUTANTS_WORLD"  # fingerprint of the sources that have no mistake
really = compiled.entry_point


def _entry_point(function: Callable[..., Any]) -> Any:
    """An entry point that Python may only enter by `py_func`, unless it is the world's own."""
    if function.__module__.startswith("sim.world."):
        return really(function)

    @functools.wraps(function)
    def enter(*arguments: Any) -> Any:
        pytest.skip("needs the engine")

    enter.py_func = function  # type: ignore[attr-defined]
    compiled._let_call(enter, function)
    return enter


def pytest_configure() -> None:
    """Hypothesis tries the same cases for every mutant, and does not make a failing one small."""
    assert Path(compiled.__file__).is_relative_to(Path.cwd()), "not the copy that was planted into"
    phases = (Phase.explicit, Phase.generate)
    settings.register_profile(
        "mutants", deadline=None, database=None, derandomize=True, phases=phases
    )
    settings.load_profile("mutants")


compiled._SOURCES = os.environ[WORLD]
compiled._use_own_cache()
compiled.entry_point = _entry_point
