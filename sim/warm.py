"""Warmed-up worlds on disk: lived through once, branched by every strategy.

A world is kept under a name that hashes everything its warm-up depends on: population,
behaviour, community, market, how the operator worked before, length, seed, and the source of
the package. Another strategy, or another length of it, finds the same world.
"""

import hashlib
import json
import os
import tempfile
import time
import zipfile
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.compiled import ENGINE, cache_home, source_fingerprint
from sim.panel import live_telling, panel_of
from sim.rules.replacing import identity
from sim.world.records import on_cache_lines

if TYPE_CHECKING:
    from sim.config import Simulation
    from sim.model import RepurchaseModel

DEPENDS_ON = ("population", "behaviour", "community", "market", "before")
ARRAYS = ("households", "alarms", "newest_groups", "house_state")
SHARED = ("groups", "kocs", "ordered_on")
A_DAY_SECONDS = 86_400

# NumPy reads an array's head as a Python literal, and Python 3.11 counts the depth of literals
# for all threads together: two that read at once end in "AST constructor recursion depth
# mismatch" (CPython issue 106905).
_READING = Lock()


def warm_key(config: "Simulation", seed: int) -> str:
    """Name of the warmed-up world that a run starts from."""
    from sim.config import resolved

    parts: dict[str, Any] = {name: resolved(getattr(config, name)) for name in DEPENDS_ON}
    parts["run"] = [config.run.warmup_days, config.run.start_day_of_year]
    parts["rules"] = identity(config.rules)
    parts["seed"] = seed
    parts["source"] = [source_fingerprint((*ENGINE, "model.py", "warm.py")), np.__version__]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:24]


def begin_strategy(
    model: "RepurchaseModel", keep: bool = True, on_day: Callable[[int], None] | None = None
) -> None:
    """Bring a new model to the first morning of its strategy, nothing of the warm-up on record.

    Parameters
    ----------
    model, keep, on_day
        As for `warm_up`.
    """
    warm_up(model, keep, on_day)
    model.deeds.clear()
    model.daily.clear()
    strategy = model.config.strategy
    model.operate(model.config.operator, strategy.budget_yuan_per_customer_month)


def warm_up(
    model: "RepurchaseModel", keep: bool = True, on_day: Callable[[int], None] | None = None
) -> None:
    """Bring a new model to day 0: from disk if its world was lived through before.

    Parameters
    ----------
    model
        A model nobody lives in yet.
    keep
        Whether to look for the world on disk, and to leave it there; never done with a population
        above `run.panel_households`, whose world would fill the disk (8 GB for a nation).
    on_day
        Told the days of such a population's warm-up, which take long.
    """
    large = panel_of(model.config) > 1
    keep = keep and not large
    path = cache_home() / "worlds" / f"{warm_key(model.config, model.seed_of_luck)}.npz"
    if keep and _take_over(model, path):
        return
    model.populate()
    if large:
        live_telling(model, 0, on_day)
        return
    model.live_until(0)  # a subclass has its own steps from day 0 on, and counts them
    if keep:
        _leave(model, path)


def _take_over(model: "RepurchaseModel", path: Path) -> bool:
    """Put a kept world in place of the model's empty one, if there is a whole one."""
    try:
        file = path.stat()
        world = _kept(path, file.st_mtime_ns, file.st_size)
    except (OSError, ValueError, EOFError, zipfile.BadZipFile):
        return False  # none yet, or torn: it will be lived through again
    for name in ARRAYS:
        # Into arrays of the model's own type: on disk a record forgets how it was aligned, and
        # compiled code would be compiled once more for what it takes for another type.
        own = getattr(model, name)
        fresh = on_cache_lines(world[name].size, own.dtype).reshape(world[name].shape)
        fresh = fresh.view(type(own))
        fresh[...] = world[name]
        setattr(model, name, fresh)
    for name in SHARED:
        getattr(model.world, name)[:] = world[name]
    lived = world["pressure"].shape[1]
    model.world.pressure[:, :lived] = world["pressure"]
    model.day = 0
    return True


@lru_cache(maxsize=2)
def _kept(path: Path, changed_ns: int, size: int) -> dict[str, Any]:
    """A world as it is on disk; strategies that follow one another have it from here."""
    with _READING, np.load(path) as kept:
        return {name: kept[name] for name in kept.files}


def _leave(model: "RepurchaseModel", path: Path) -> None:
    """Keep the world for the next strategy; a full disk only costs the time next time."""
    lived = max(model.config.run.warmup_days, 1)  # day 0 starts from the day before, or at rest
    world: dict[str, Any] = {name: np.asarray(getattr(model, name)) for name in ARRAYS}
    world |= {name: np.asarray(getattr(model.world, name)) for name in SHARED}
    world["pressure"] = model.world.pressure[:, :lived]
    unfinished = ""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        for left in path.parent.glob("*.part"):  # by processes that were killed
            if time.time() - left.stat().st_mtime > A_DAY_SECONDS:
                left.unlink(missing_ok=True)
        handle, unfinished = tempfile.mkstemp(dir=path.parent, suffix=".part")
        with os.fdopen(handle, "wb") as file:
            np.savez(file, **world)
        os.replace(unfinished, path)
    except OSError:
        if unfinished:
            Path(unfinished).unlink(missing_ok=True)
