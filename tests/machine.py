"""Compiled twins for the tests: what Python calls is Python, see `sim.compilation.compiled`."""

import inspect
from collections.abc import Callable
from typing import Any

import numba

from sim.compilation.compiled import straight_line

as_machine = numba.njit(error_model="numpy")  # for loops of a test's own


def machine(function: Callable[..., Any]) -> Callable[..., Any]:
    """A `compiled` function as machine code that Python can call."""
    arguments = ", ".join(inspect.signature(function).parameters)
    calling = [f"return function({arguments})"]
    twin: Callable[..., Any] = as_machine(straight_line(arguments, calling, {"function": function}))
    return twin
