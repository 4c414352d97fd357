"""Importing without looking for rubbish among what was just imported.

Modules make half a million objects and drop hardly any; Python's collector looks through all of
them again and again while they come, a third of the time it takes to start.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

_ours = False  # whether nobody but this program keeps anything in the process


def own_process() -> None:
    """From now on what is imported is never looked through again: the process is this program's."""
    global _ours
    _ours = True


@contextmanager
def uncollected() -> Iterator[None]:
    """Leave garbage lie meanwhile."""
    collected = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collected:
            gc.enable()


@contextmanager
def loading() -> Iterator[None]:
    """Import without the collector."""
    with uncollected():
        try:
            yield
        finally:
            if _ours:
                gc.freeze()


__all__ = ["loading", "own_process", "uncollected"]
