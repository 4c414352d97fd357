"""Warmed-up worlds on disk or in memory: lived through once, branched by every strategy.

A world is kept under a name that hashes everything its warm-up depends on: population,
behaviour, community, market, how the operator worked before, length, seed, and the source of
the package. Another strategy, or another length of it, finds the same world. What is kept is the
model's declared state, all of it, with its layout, behind a checksum that holds the name too: a
damaged world, another seed's or one of another layout is lived through again.
"""

import hashlib
import json
import threading
from collections import OrderedDict
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
Kept = tuple[list[Any], bytes | memoryview]  # layout and bytes of a warmed-up world


class WorldsInMemory:
    """Warmed-up worlds that leave nothing on disk; those used longest ago are given up.

    Parameters
    ----------
    most
        Bytes that all of them may have together; a world that has more by itself is not kept.

    Notes
    -----
    Sent to another process, it arrives empty.
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self._worlds: OrderedDict[str, Kept] = OrderedDict()
        self._alone = threading.Lock()

    def __reduce__(self) -> tuple[type["WorldsInMemory"], tuple[int]]:
        return type(self), (self.most,)

    def __len__(self) -> int:
        return len(self._worlds)

    def take(self, key: str) -> Kept | None:
        """The world of this name, which counts as used now."""
        with self._alone:
            if key in self._worlds:
                self._worlds.move_to_end(key)
            return self._worlds.get(key)

    def leave(self, key: str, world: Kept) -> None:
        """Keep a world, as far as there is room."""
        if len(world[1]) > self.most:
            return
        with self._alone:
            self._worlds[key] = world
            while sum(len(content) for _, content in self._worlds.values()) > self.most:
                self._worlds.popitem(last=False)


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
    model: "Engine",
    keep: bool = True,
    on_day: Callable[[int], None] | None = None,
    memory: WorldsInMemory | None = None,
) -> None:
    """Bring a new model to the first morning of its strategy, nothing of the warm-up on record.

    Parameters
    ----------
    model, keep, on_day, memory
        As for `warm_up`.
    """
    warm_up(model, keep, on_day, memory)
    start_strategy(model)


def start_strategy(model: "Engine") -> None:
    """On the morning of day 0, put the strategy in force, with nothing on record."""
    model.events.clear()
    model.daily.clear()
    first = model.schedule[0]
    model.operate(first.operator, first.budget_yuan_per_customer_month, first.local)


def warm_up(
    model: "Engine",
    keep: bool = True,
    on_day: Callable[[int], None] | None = None,
    memory: WorldsInMemory | None = None,
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
    memory
        Where worlds are looked for and left instead of on disk.
    """
    most = model.config.run.kept_worlds_mib * MIB
    if panel_of(model.config) > 1:
        live_anew(model, on_day)
    elif memory is not None:
        _warm_up_in(memory, model)
    elif keep and most > 0:
        _warm_up_on_disk(model, most)
    else:
        _live_through(model)


def live_anew(model: "Engine", on_day: Callable[[int], None] | None) -> None:
    """Live a new model's warm-up through, and tell of its days."""
    model.populate()
    live_telling(model, 0, on_day)


def _warm_up_on_disk(model: "Engine", most: int) -> None:
    """Take the world from disk, or live it through and leave it there."""
    path = world_file(model.config, model.seed_of_luck)
    if _take_over(model, _on_disk(path)):
        used(path)
    else:
        _live_through(model)
        _leave(model, path, most)


def _warm_up_in(memory: WorldsInMemory, model: "Engine") -> None:
    """Take the world from memory, or live it through and leave it there."""
    key = warm_key(model.config, model.seed_of_luck)
    if not _take_over(model, memory.take(key)):
        _live_through(model)
        memory.leave(key, _as_kept(model))


def _live_through(model: "Engine") -> None:
    model.populate()
    model.live_until(0)  # a subclass has its own steps from day 0 on, and counts them


def _take_over(model: "Engine", world: Kept | None) -> bool:
    """Put a kept world in place of the model's empty one, if there is one that fits."""
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


def _on_disk(path: Path) -> Kept | None:
    """Layout and bytes of a kept world; strategies that follow one another have it from memory."""
    try:
        file = path.stat()
    except OSError:
        return None
    return _parted(path, file.st_mtime_ns, file.st_size)


@lru_cache(maxsize=2)
def _parted(path: Path, changed_ns: int, size: int) -> Kept | None:
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
    layout, content = _as_kept(model)
    if len(content) > most:
        return
    keep(path, json.dumps(layout).encode() + b"\n" + content)
    trim(path.parents[1], path.parent.name, most)


def _as_kept(model: "Engine") -> Kept:
    """Layout and bytes of the model's state."""
    state = _until_today(model)
    return _layout(state), b"".join(array.tobytes() for array in state.values())


def _until_today(model: "Engine") -> dict[str, Any]:
    """The model's state without the days still to come, of which each strategy has its own."""
    lived = max(model.config.run.warmup_days, 1)  # day 0 starts from the day before, or at rest
    state = model.state
    return {**state, "pressure": state["pressure"][:, :lived]}


def _layout(state: Mapping[str, Any]) -> list[Any]:
    """Name, type and shape of every array, as JSON gives them back."""
    return [[name, str(array.dtype.descr), [*array.shape]] for name, array in state.items()]
