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
def loading() -> Iterator[None]:
    """Import without the collector."""
    collected = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if _ours:
            gc.freeze()
        if collected:
            gc.enable()


__all__ = ["loading", "own_process"]
