"""A world taken up from disk is the world that was lived through, or it is lived through again."""

import os
import pickle
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pytest

import sim.engine.warm_up
from sim.agents.model import RepurchaseModel
from sim.config.loading import Simulation
from sim.engine.warm_up import WorldsInMemory, begin_strategy, warm_key, warm_up
from sim.experiments.simulate import simulate
from sim.operator.reaching import Noted
from sim.store.cache_limit import clear
from sim.store.runs import TABLES
from tests.random_worlds import random_configuration
from tests.whole_worlds import differences, eventful

DAYS_BEFORE = 40


@pytest.fixture
def config() -> Simulation:
    return eventful(200, f"run.warmup_days={DAYS_BEFORE}", "run.days=20")


def started(config: Simulation, seed: int = 3, keep: bool = True) -> RepurchaseModel:
    model = RepurchaseModel(config, seed)
    warm_up(model, keep)
    return model


def the_world(cache: Path) -> Path:
    (world,) = (cache / "worlds").iterdir()
    return world


def bytes_of(config: Simulation, seed: int, warm_start: bool) -> dict[str, bytes]:
    """Every table of a run, every byte of it."""
    result = simulate(config, seed, warm_start=warm_start, keep_orders=True)
    tables = {name: getattr(result, name) for name in TABLES}
    return {name: table.to_parquet() for name, table in tables.items() if table is not None}


@pytest.mark.parametrize("part", [0, *(pytest.param(n, marks=pytest.mark.slow) for n in (1, 2, 3))])
def test_a_run_from_a_kept_world_is_the_run_from_nothing(part: int, own_cache: Path) -> None:
    for number in range(50 * part, 50 * part + 50):
        config = random_configuration(number)
        cold = bytes_of(config, number, warm_start=False)
        assert bytes_of(config, number, warm_start=True) == cold, number  # keeps the world
        assert bytes_of(config, number, warm_start=True) == cold, number  # takes it up


def test_a_census_of_the_warm_up_is_not_forgotten(own_cache: Path, config: Simulation) -> None:
    active = 0
    for seed in range(6):  # chats change little from one evening to the next
        cold, warm = (simulate(config, seed).daily for _ in range(2))
        pd.testing.assert_frame_equal(cold, warm, check_exact=True)
        active += cold["active_members"].iloc[0]
    assert active > 0


def arrays(model: Any, path: str = "") -> Iterator[tuple[str, np.ndarray]]:
    """Every array that can be reached from a model, by its path."""
    parts = model._asdict() if isinstance(model, tuple) else vars(model)
    for name, part in parts.items():
        if isinstance(part, np.ndarray | np.void):
            yield path + name, np.asarray(part)
        elif isinstance(part, tuple) and hasattr(part, "_asdict"):
            yield from arrays(part, f"{path}{name}.")


def test_whatever_a_day_changes_is_state_or_written_anew_every_day(config: Simulation) -> None:
    model = started(config, keep=False)
    model.by_windows = True  # step by step, without a log of many days
    before = {path: array.tobytes() for path, array in arrays(model)}
    plain = {n: v for n, v in vars(model).items() if isinstance(v, int | float | str | bool)}
    model.step()
    changed = {path for path, array in arrays(model) if before[path] != array.tobytes()}
    state = {path for path, _ in arrays(model) if path.removeprefix("world.") in model.state}
    anew = {
        f"{part}.{name}" for part in ("buffers", "plans") for name in getattr(model, part)._fields
    }
    log = {f"noted.{name}" for name in Noted._fields}  # kept, and read by no day
    assert changed - state <= anew | log | {"world.levers"}
    assert {"households", "world.groups", "world.pressure", "operations_state"} <= changed
    now_other = {name for name, value in plain.items() if getattr(model, name) != value}
    # Steps and time are Mesa's counters; `_opened` says that the day's morning has been.
    assert now_other <= {"day", "running", "_opened", "steps", "time"}


def test_what_is_written_anew_every_day_is_read_by_no_other(config: Simulation) -> None:
    clean, scribbled = started(config, keep=False), started(config, keep=False)
    for model in (clean, scribbled):
        model.operate(config.operator, np.inf)
    for _ in range(3):
        for array in (*scribbled.buffers, scribbled.plans.own):
            array.view(np.uint8)[...] = 0x5A
        scribbled.buffers.counts[...] = 0
        clean.step()
        scribbled.step()
        assert differences(clean, scribbled) == []


def flipped(whole: bytes, place: int) -> bytes:
    return whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :]


def test_a_damaged_world_is_lived_through_again(own_cache: Path, config: Simulation) -> None:
    lived = started(config)
    world = the_world(own_cache)
    whole = world.read_bytes()
    damaged = [b"", whole[:40], whole[:-1], whole + b"\0"]
    damaged += [flipped(whole, place) for place in np.linspace(0, len(whole) - 1, 40, dtype=int)]
    for content in damaged:
        world.write_bytes(content)
        assert differences(started(config), lived) == []
        assert world.read_bytes() == whole


class Foreign(NamedTuple):
    """A world that is whole, and not the one that is asked for."""

    overrides: tuple[str, ...] = ()
    seed: int = 3


@pytest.mark.parametrize(
    "other",
    [
        Foreign(seed=4),
        Foreign(overrides=("population.households=201",)),
        Foreign(overrides=("run.warmup_days=41",)),
    ],
)
def test_another_world_in_its_place_is_refused(
    own_cache: Path, config: Simulation, other: Foreign
) -> None:
    lived = started(config)
    world = the_world(own_cache)
    whole = world.read_bytes()
    world.unlink()
    size = ("population.households=200", f"run.warmup_days={DAYS_BEFORE}")
    started(eventful(200, *size, "run.days=20", *other.overrides), other.seed)
    the_world(own_cache).rename(world)
    assert differences(started(config), lived) == []
    assert world.read_bytes() == whole


def test_a_world_of_another_layout_is_refused(
    own_cache: Path, config: Simulation, monkeypatch: pytest.MonkeyPatch
) -> None:
    # as an earlier version's would be, should its key ever be the same
    lived = started(config)
    whole = the_world(own_cache).read_bytes()
    state = RepurchaseModel.state.fget  # type: ignore[attr-defined]

    def with_wider_days(model: RepurchaseModel) -> dict[str, Any]:
        found = state(model)
        return {**found, "ordered_on": found["ordered_on"].astype(np.int32)}

    the_world(own_cache).unlink()
    with monkeypatch.context() as patched:
        patched.setattr(RepurchaseModel, "state", property(with_wider_days))
        started(config)
    assert the_world(own_cache).read_bytes() != whole
    assert differences(started(config), lived) == []
    assert the_world(own_cache).read_bytes() == whole


def remembered(config: Simulation, seed: int, memory: WorldsInMemory) -> RepurchaseModel:
    model = RepurchaseModel(config, seed)
    warm_up(model, memory=memory)
    return model


def test_a_world_in_memory_is_the_world_that_was_lived(own_cache: Path, config: Simulation) -> None:
    memory = WorldsInMemory(1 << 30)
    lived = started(config, keep=False)
    for _ in range(2):  # lived through, then taken up
        model = remembered(config, 3, memory)
        assert differences(model, lived) == []
        model.step()  # which changes the model's own world, not the one in memory
    assert len(memory) == 1
    assert not (own_cache / "worlds").exists()


def test_above_the_limit_the_world_in_memory_used_longest_ago_goes(config: Simulation) -> None:
    size = len(sim.engine.warm_up._as_kept(started(config, keep=False))[1])
    memory = WorldsInMemory(round(size * 2.5))
    names = {seed: warm_key(config, seed) for seed in (1, 2, 3)}
    for seed in (1, 2, 1, 3):
        remembered(config, seed, memory)
    assert [memory.take(names[seed]) is not None for seed in (1, 2, 3)] == [True, False, True]
    assert len(memory) == 2
    tight = WorldsInMemory(size - 1)
    remembered(config, 1, tight)
    assert len(tight) == 0
    assert len(pickle.loads(pickle.dumps(memory))) == 0
    assert pickle.loads(pickle.dumps(memory)).most == memory.most


def test_threads_take_up_worlds_at_once(own_cache: Path, config: Simulation) -> None:
    lived = started(config)

    def again(number: int) -> list[str]:
        return differences(started(config), lived)

    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(again, range(12))) == [[]] * 12


def test_a_strategy_begins_with_nothing_on_record(own_cache: Path, config: Simulation) -> None:
    for _ in range(2):
        model = RepurchaseModel(config, 3)
        begin_strategy(model)
        assert (model.day, model.events, model.daily) == (0, [], [])


def kept_worlds(cache: Path) -> set[str]:
    return {path.name for path in (cache / "worlds").glob("*.world")}


def name_of(config: Simulation, seed: int) -> str:
    return f"{warm_key(config, seed)}.world"


def test_above_the_limit_the_world_used_longest_ago_goes(
    own_cache: Path, config: Simulation, monkeypatch: pytest.MonkeyPatch
) -> None:
    config.run.kept_worlds_mib = 2
    for seed in (1, 2):
        started(config, seed)
    one, two = (own_cache / "worlds" / name_of(config, seed) for seed in (1, 2))
    for number, path in enumerate((one, two)):
        os.utime(path, (number, number))
    monkeypatch.setattr(sim.engine.warm_up, "MIB", one.stat().st_size * 1.2)  # room for two of them
    written = one.stat().st_mtime_ns
    lived = started(config, 1)  # taken up, hence used later than the other
    assert one.stat().st_mtime_ns == written
    assert kept_worlds(own_cache) == {one.name, two.name}
    started(config, 3)
    assert kept_worlds(own_cache) == {one.name, name_of(config, 3)}
    assert differences(started(config, 1), lived) == []
    assert differences(started(config, 2), started(config, 2, keep=False)) == []


@pytest.mark.parametrize("most", [0, 1])
def test_a_world_that_is_not_to_be_kept_is_not_and_takes_no_others_place(
    own_cache: Path, config: Simulation, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    started(config, 1)
    config.run.kept_worlds_mib = most
    monkeypatch.setattr(sim.engine.warm_up, "MIB", 1000)  # smaller than any world
    lived = started(config, 2)
    assert kept_worlds(own_cache) == {name_of(config, 1)}
    assert differences(lived, started(config, 2, keep=False)) == []


def test_worlds_may_be_taken_away_while_others_live_from_them(
    own_cache: Path, config: Simulation
) -> None:
    lived = started(config)

    def again(number: int) -> list[str]:
        if number % 2:
            clear(own_cache, "worlds")
            return []
        return differences(started(config), lived)

    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(again, range(24))) == [[]] * 24
