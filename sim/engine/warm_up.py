"""Warmed-up worlds on disk: lived through once, branched by every strategy.

A world is kept under a name that hashes everything its warm-up depends on: population,
behaviour, community, market, how the operator worked before, length, seed, and the source of
the package. Another strategy, or another length of it, finds the same world. What is kept is the
model's declared state, all of it, with its layout, behind a checksum that holds the name too: a
damaged world, another seed's or one of another layout is lived through again.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.compilation.compiled import ENGINE
from sim.engine.panel import live_telling, panel_of
from sim.rules.replacing import identity
from sim.store.cache import cache_home, keep, kept
from sim.store.cache_limit import MIB, trim, used
from sim.store.sources import source_fingerprint
from sim.world.household import HOUSEHOLD
from sim.world.records import on_cache_lines

if TYPE_CHECKING:
    from sim.config.loading import Simulation
    from sim.engine.model import Engine

DEPENDS_ON = ("population", "behaviour", "community", "market", "before")
MOST_LAYOUT = 1 << 16  # bytes that tell what a world consists of


def warm_key(config: "Simulation", seed: int) -> str:
    """Name of the warmed-up world that a run starts from."""
    from sim.config.loading import resolved

    parts: dict[str, Any] = {name: resolved(getattr(config, name)) for name in DEPENDS_ON}
    parts["run"] = [config.run.warmup_days, config.run.start_day_of_year]
    parts["rules"] = identity(config.rules)
    parts["seed"] = seed
    parts["source"] = [source_fingerprint(ENGINE), np.__version__]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:24]


def world_file(config: "Simulation", seed: int) -> Path:
    """Where the warmed-up world of a run lies or will lie, if it is one that is kept."""
    return cache_home() / "worlds" / f"{warm_key(config, seed)}.world"


def begin_strategy(
    model: "Engine", keep: bool = True, on_day: Callable[[int], None] | None = None
) -> None:
    """Bring a new model to the first morning of its strategy, nothing of the warm-up on record.

    Parameters
    ----------
    model, keep, on_day
        As for `warm_up`.
    """
    warm_up(model, keep, on_day)
    model.events.clear()
    model.daily.clear()
    first = model.schedule[0]
    model.operate(first.operator, first.budget_yuan_per_customer_month, first.local)


def warm_up(
    model: "Engine", keep: bool = True, on_day: Callable[[int], None] | None = None
) -> None:
    """Bring a new model to day 0: from disk if its world was lived through before.

    Parameters
    ----------
    model
        A model nobody lives in yet.
    keep
        Whether to look for the world on disk, and to leave it there; never done with a population
        above `run.panel_households`, whose world would fill the disk (8 GB for a nation), nor
        where `run.kept_worlds_mib` is 0.
    on_day
        Told the days of such a population's warm-up, which take long.
    """
    large = panel_of(model.config) > 1
    most = model.config.run.kept_worlds_mib * MIB
    keep = keep and not large and most > 0
    path = world_file(model.config, model.seed_of_luck)
    if keep and _take_over(model, path):
        used(path)
        return
    model.populate()
    if large:
        live_telling(model, 0, on_day)
        return
    model.live_until(0)  # a subclass has its own steps from day 0 on, and counts them
    if keep:
        _leave(model, path, most)


def _take_over(model: "Engine", path: Path) -> bool:
    """Put a kept world in place of the model's empty one, if there is one that fits."""
    world = _on_disk(path)
    if world is None:
        return False  # none yet, or damaged: it will be lived through again
    layout, content = world
    model.households = on_cache_lines(model.config.population.households, HOUSEHOLD)
    state = _until_today(model)
    if layout != _layout(state):
        return False  # made for another kind of world
    start = 0
    for array in state.values():
        array[...] = np.frombuffer(content, array.dtype, array.size, start).reshape(array.shape)
        start += array.nbytes
    model.day = 0
    return True


def _on_disk(path: Path) -> tuple[list[Any], memoryview] | None:
    """Layout and bytes of a kept world; strategies that follow one another have it from memory."""
    try:
        file = path.stat()
    except OSError:
        return None
    return _parted(path, file.st_mtime_ns, file.st_size)


@lru_cache(maxsize=2)
def _parted(path: Path, changed_ns: int, size: int) -> tuple[list[Any], memoryview] | None:
    whole = kept(path)
    if whole is None:
        return None
    end = bytes(whole[:MOST_LAYOUT]).index(b"\n")
    return json.loads(bytes(whole[:end])), whole[end + 1 :]


def _leave(model: "Engine", path: Path, most: int) -> None:
    """Keep the world for the next strategy; a full disk only costs the time next time.

    For it, worlds used longest ago go, until all together have `most` bytes; one that is larger
    by itself is not kept.
    """
    state = _until_today(model)
    content = b"".join(array.tobytes() for array in state.values())
    if len(content) > most:
        return
    keep(path, json.dumps(_layout(state)).encode() + b"\n" + content)
    trim(path.parents[1], path.parent.name, most)


def _until_today(model: "Engine") -> dict[str, Any]:
    """The model's state without the days still to come, of which each strategy has its own."""
    lived = max(model.config.run.warmup_days, 1)  # day 0 starts from the day before, or at rest
    state = model.state
    return {**state, "pressure": state["pressure"][:, :lived]}


def _layout(state: Mapping[str, Any]) -> list[Any]:
    """Name, type and shape of every array, as JSON gives them back."""
    return [[name, str(array.dtype.descr), [*array.shape]] for name, array in state.items()]
