"""Warmed-up worlds are read by several threads at once."""

import gc
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from sim.model import RepurchaseModel
from sim.warm import _kept, warm_up
from tests.whole_worlds import eventful


@pytest.fixture
def restless() -> Iterator[None]:
    """Threads that change places at every chance, and garbage that is collected all the time."""

    def take_a_moment(phase: str, about: dict[str, int]) -> None:
        sum(range(300))

    thresholds, interval = gc.get_threshold(), sys.getswitchinterval()
    gc.callbacks.append(take_a_moment)
    gc.set_threshold(5)
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(interval)
    gc.set_threshold(*thresholds)
    gc.callbacks.remove(take_a_moment)


def test_threads_that_read_worlds_at_once_do_not_disturb_each_other(
    own_cache: Path, restless: None
) -> None:
    config = eventful(300, "run.warmup_days=2")
    warm_up(RepurchaseModel(config, 1))
    (world,) = (own_cache / "worlds").iterdir()

    def read(number: int) -> list[str]:
        return sorted(_kept(world, number, 0))  # each number a file that is not in memory yet

    with ThreadPoolExecutor(2) as threads:
        assert len({tuple(names) for names in threads.map(read, range(60))}) == 1
