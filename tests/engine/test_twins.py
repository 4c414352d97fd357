"""One source, run in several ways: by the engine and by windows, by threads, from the cache."""

import gc
import weakref
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import mesa
import numpy as np
import pandas as pd
import pytest

import sim.engine.model
from sim.agents.agents import KOC, Community, Operator, Parent, Rival
from sim.agents.model import RepurchaseModel
from sim.config.loading import Simulation
from sim.engine.blocks import BLOCK
from sim.engine.day_end import keep_books, settle
from sim.engine.day_start import plan_day, run_communities
from sim.engine.many_days import live_days
from sim.engine.model import Engine
from sim.experiments.executors import ExecutionSettings, run_missing
from sim.experiments.plan import planned
from sim.experiments.simulate import simulate
from sim.operator.operations import open_day
from sim.operator.own_records import EVENT_NAMES
from sim.store.result import Result
from sim.store.runs import Store
from tests.whole_worlds import begun, differences, eventful, lived, same_rows

WARM_UP = 40


def side_by_side(days: int, seed: int = 7) -> RepurchaseModel:
    """Live so many days by the engine and by windows; every day must be the same."""
    config = eventful(300, "run.warmup_days=0", f"run.days={WARM_UP + days + 1}")
    engine, windows = (lived(config, WARM_UP, seed) for _ in range(2))
    windows.by_windows = True
    for model in (engine, windows):
        old = model.households["loyalty_member"] > 0  # as if they had enrolled a year ago
        model.households["points_old"][old] = 500
        model.households["points_expire_day"][old] = model.day + 20
        model.wake_schedules["wake_day"][old] = model.day
        model.operate(config.operator, 300.0)  # from now on a budget binds now and then
    for _ in range(days):
        engine.step()
        windows.step()
        assert differences(engine, windows) == [], f"on day {engine.day - 1}"
    return engine


def test_windows_and_engine_live_the_same_60_days() -> None:
    engine = side_by_side(60)
    events = np.concatenate(engine.events)
    own = EVENT_NAMES  # of shocks, which none of these worlds has
    names = [name for name in events.dtype.names or () if name not in own]
    never = [name for name in names if not events[name].any()]
    assert never == [], "what never happened was not compared"


@pytest.mark.slow
def test_windows_and_engine_live_the_same_year() -> None:
    side_by_side(365)


def test_nights_and_mornings_in_plain_python_too(monkeypatch: pytest.MonkeyPatch) -> None:
    config = eventful(300, "run.warmup_days=0", "run.days=80")
    compiled, plain = lived(config, WARM_UP), lived(config, WARM_UP)
    for name in ("households", "wake_schedules", "sums", "total_counters"):
        setattr(plain, name, getattr(plain, name).view(np.recarray))
    plain.buffers = plain.buffers._replace(events=plain.buffers.events.view(np.recarray))
    expected = []
    for _ in range(10):
        compiled.step()
        expected.append(compiled.daily[-1])
    phases = (plan_day, open_day, run_communities, settle, keep_books)
    for phase in phases:
        monkeypatch.setattr(sim.engine.model, phase.__name__, phase.py_func)
    for row in expected:
        plain.step()
        assert plain.daily[-1].tobytes() == row.tobytes()
    assert differences(compiled, plain) == []


def step_by_step(config: Simulation, days: int, threads: int = 1) -> RepurchaseModel:
    """A model after so many days, each step of each of them called by itself."""
    model = begun(config, threads=threads)
    for _ in range(days):
        Engine.step(model)
    return model


@pytest.mark.parametrize("steps", [lived, pytest.param(step_by_step, marks=pytest.mark.slow)])
def test_many_days_in_one_breath_are_the_same_days(
    steps: Callable[[Simulation, int], RepurchaseModel],
) -> None:
    config = eventful(300, "run.warmup_days=0", "run.days=80")
    daily, breath = steps(config, 70), begun(config)
    for until in (1, 40, 70):
        breath.live_until(until)
    breath.events = [events[events["day"] == 69] for events in breath.events]
    assert differences(daily, breath) == []
    assert np.array(daily.daily).tobytes() == np.array(breath.daily).tobytes()


def test_no_event_is_lost_where_room_runs_out(monkeypatch: pytest.MonkeyPatch) -> None:
    config = eventful(300, "run.warmup_days=0", "run.days=80")
    roomy, cramped = begun(config), begun(config)
    roomy.live_until(60)
    monkeypatch.setattr(RepurchaseModel, "_events_at_once", lambda self: 310)
    cramped.live_until(60)
    assert len(cramped.events) > 2
    assert same_rows(np.concatenate(cramped.events), np.concatenate(roomy.events))


@pytest.mark.slow
def test_blocks_may_be_shared_among_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sim.engine.model, "LEAST_BLOCKS", 1)
    config = eventful(3 * BLOCK + 5, "run.warmup_days=0", "run.days=30")
    one, three = step_by_step(config, 20), step_by_step(config, 20, threads=3)
    assert differences(one, three) == []
    assert same_rows(np.concatenate(one.events), np.concatenate(three.events))


def test_threads_that_meet_live_the_same_days(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sim.engine.model, "LEAST_BLOCKS", 1)
    config = eventful(3 * BLOCK + 5, "run.warmup_days=0", "run.days=30")
    one, three = begun(config), begun(config, threads=3)
    for model in (one, three):
        model.live_until(20)
    assert three.busy_threads == 3
    assert differences(one, three) == []
    assert np.array(one.daily).tobytes() == np.array(three.daily).tobytes()
    assert same_rows(np.concatenate(one.events), np.concatenate(three.events))


@pytest.mark.parametrize("failing", [0, 1])
def test_nobody_waits_for_a_thread_that_failed(
    failing: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sim.engine.model, "LEAST_BLOCKS", 1)
    model = begun(eventful(2 * BLOCK, "run.warmup_days=0", "run.days=30"), threads=2)
    model.live_until(2)
    really = live_days

    def one_fails(*arguments: Any) -> int:
        if arguments[-2] == failing:
            raise KeyboardInterrupt
        return really(*arguments)

    monkeypatch.setattr(sim.engine.model, "live_days", one_fails)
    with pytest.raises(KeyboardInterrupt):
        model.live_until(5)  # would never come back if the other thread waited on
    assert model.day == 2


def same_tables(one: Result, other: Result) -> None:
    for name in ("indicators", "daily", "monthly", "households", "groups", "orders"):
        pd.testing.assert_frame_equal(
            getattr(one, name), getattr(other, name), check_exact=True, obj=name
        )


def test_one_thread_and_two_give_the_same_tables(
    own_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sim.engine.model, "LEAST_BLOCKS", 1)
    config = eventful(2 * BLOCK, "run.warmup_days=20", "run.days=60")
    one, two = (
        simulate(
            replace(config, run=replace(config.run, threads=threads)),
            3,
            warm_start=False,
            keep_orders=True,
        )
        for threads in (1, 2)
    )
    same_tables(one, two)


def test_threads_and_processes_give_the_same_tables(own_cache: Path, tmp_path: Path) -> None:
    config = eventful(500, "run.warmup_days=20", "run.days=60")
    runs = [planned(config, seed, keep_orders=True) for seed in (3, 4)]
    for executor in ("threads", "processes"):
        run_missing(runs, ExecutionSettings(tmp_path / executor, executor, workers=2))
    for run in runs:
        same_tables(*(Store(tmp_path / name).read(run.key) for name in ("threads", "processes")))


@pytest.mark.parametrize("warmup_days", [0, 40])
def test_a_world_from_the_cache_lives_on_as_the_one_just_lived(
    own_cache: Path, warmup_days: int
) -> None:
    config = eventful(400, f"run.warmup_days={warmup_days}", "run.days=60")
    cold = simulate(config, 3, warm_start=False, keep_orders=True)
    leaving = simulate(config, 3, keep_orders=True)
    assert len(list((own_cache / "worlds").iterdir())) == 1
    warm = simulate(config, 3, keep_orders=True)
    same_tables(cold, leaving)
    same_tables(cold, warm)


def test_windows_are_ordinary_agents() -> None:
    model = lived(eventful(300, "run.warmup_days=0", "run.days=40"), 30)
    assert len(model.agents) == 300 + 1 + 3 + len(model.communities)
    assert set(model.agents_by_type) == {Parent, KOC, Community, Operator, Rival}
    assert len({agent.unique_id for agent in model.agents}) == len(model.agents)
    assert [parent.index for parent in model.parents] == list(range(300))
    collector = mesa.DataCollector(
        model_reporters={"mean_trust": lambda each: each.parents.agg("trust", np.mean)},
        agenttype_reporters={Parent: {"trust": "trust", "stage": "stage"}},
    )
    collector.collect(model)
    rows = collector.get_agenttype_vars_dataframe(Parent)
    assert len(rows) == 300 - len(model.kocs)
    assert rows["stage"].nunique() == 5
    trust = collector.get_model_vars_dataframe()["mean_trust"].iloc[0]
    assert trust == pytest.approx(float(model.households["trust"].mean()), rel=1e-5)


def test_windows_read_and_write_the_population() -> None:
    model = lived(eventful(300, "run.warmup_days=0", "run.days=80"), 61)
    parent = model.parents[17]
    parent.trust = 0.25
    parent.habit = [0.5, *parent.habit[1:]]  # whole, so that bounds hold
    assert model.households["trust"][17] == 0.25
    assert model.households["habit"][17, 0] == 0.5
    model.households["posts"][17] = 9
    assert parent.posts == 9
    assert isinstance(parent.posts, int)
    with pytest.raises(AttributeError):
        _ = parent.shoe_size
    members = sum(len(community.parents) for community in model.communities)
    assert members == (model.households["group"] >= 0).sum() > 0
    member = next(parent for parent in model.parents if parent.group >= 0)
    assert member in member.community.parents
    assert any(koc.is_koc for koc in model.kocs)
    (operator,) = model.operators
    assert operator.customers == (model.households["orders"] > 0).sum()
    assert [rival.name for rival in model.rivals] == ["platform", "specialist", "offline"]
    assert all(0.3 < rival.price_ratio < 1.5 for rival in model.rivals)


def test_looking_changes_nothing_and_new_chats_get_windows() -> None:
    config = eventful(300, "run.warmup_days=0", "run.days=40")
    looked_at, left_alone = begun(config), begun(config)
    for _ in range(25):
        for model in (looked_at, left_alone):
            model.step()
        assert len(looked_at.communities) == looked_at.newest_groups[0, -1]
    assert differences(looked_at, left_alone) == []


def test_a_model_can_be_forgotten() -> None:
    model = begun(eventful(50, "run.warmup_days=0", "run.days=3"))
    assert len(model.agents) > 50
    gone = weakref.ref(model)
    del model
    gc.collect()
    assert gone() is None
