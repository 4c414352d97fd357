"""What must hold for any configuration: settings drawn at random, anywhere in their ranges."""

import pytest

from sim.agents.model import RepurchaseModel
from sim.config.loading import Simulation, from_resolved, resolved
from sim.engine.warm_up import begin_strategy
from tests.engine.test_limits import faults
from tests.random_worlds import random_configuration
from tests.whole_worlds import differences


def begun(config: Simulation, threads: int = 1) -> RepurchaseModel:
    model = RepurchaseModel(config, 5, threads=threads)
    begin_strategy(model, keep=False)
    return model


def larger(number: int) -> Simulation:
    """With households enough for two threads, and few days."""
    values = resolved(random_configuration(number))
    values["population"]["households"] = 17_000
    values["run"] |= {"days": 4, "warmup_days": 8}
    return from_resolved(values)


@pytest.mark.parametrize("number", range(100, 104))
def test_threads_change_nothing(number: int) -> None:
    one, two = (begun(larger(number), threads) for threads in (1, 2))
    assert (one.busy_threads, two.busy_threads) == (1, 2)
    for model in (one, two):
        model.live_until(4)
    assert differences(one, two) == []


@pytest.mark.parametrize("number", range(200, 206))
def test_windows_live_as_the_engine_does(number: int) -> None:
    engine, windows = (begun(random_configuration(number)) for _ in range(2))
    windows.by_windows = True
    for day in range(15):
        engine.step()
        windows.step()
        assert differences(engine, windows) == [], day


@pytest.mark.parametrize("part", [0, *(pytest.param(n, marks=pytest.mark.slow) for n in (1, 2, 3))])
def test_every_world_is_sound(part: int) -> None:
    for number in range(300 + 50 * part, 350 + 50 * part):
        model = begun(random_configuration(number))
        model.live_until(model.config.run.days)
        assert faults(model) == [], number
