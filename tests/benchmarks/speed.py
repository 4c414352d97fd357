"""The full model at a million households, beside a bare loop over the same array."""

import time
from concurrent.futures import ThreadPoolExecutor
from statistics import median
from typing import Any

import numba
import numpy as np

from tests.benchmarks.line import Line
from tests.benchmarks.worlds import THREADS, live, living

CACHE_LINE = 64  # bytes


@numba.njit(nogil=True)
def _touch(words: Any, first: int, last: int, step: int, key: int) -> None:
    for place in range(first, last):
        for word in range(0, words.shape[1], step):
            words[place, word] ^= key


def touch_seconds(population: Any, threads: int = THREADS) -> float:
    """Seconds to read and write a field in every cache line of every record, once.

    The population stays as it is: its words are xored with a zero the compiler does not know.
    """
    width = population.dtype.itemsize
    words = population.view(np.ndarray).view(np.uint8).reshape(len(population), width)
    words = words[:, : width // 8 * 8].view(np.int64)
    step = CACHE_LINE // 8
    _touch(words[:1], 0, 1, step, 0)
    bounds = np.linspace(0, len(words), threads + 1).astype(int)

    def work(thread: int) -> None:
        _touch(words, bounds[thread], bounds[thread + 1], step, 0)

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(work, range(threads)))  # threads start before the clock does
        began = time.perf_counter()
        list(pool.map(work, range(threads)))
        return time.perf_counter() - began


def measure(small: bool = False) -> list[Line]:
    """Days of the model and bare loops by turns; medians."""
    households = 50_000 if small else 1_000_000
    rounds, days = (2, 5) if small else (12, 5)
    warmup_days = 20 if small else 180
    model = living(households, warmup_days, (rounds + 6) * days)
    live(model, 6 * days)  # the strategy's own month: chats, members, an awake population
    seconds, touches = [], []
    for _ in range(rounds):
        seconds.append(live(model, days) / days)
        touches.append(median(touch_seconds(model.households) for _ in range(3)))
    a_day, touch = median(seconds), median(touches)
    awake = model.daily[-1]["awake"] / households
    where = f"{households:,} households, {THREADS} threads"
    return [
        Line(
            f"full model, {where}",
            households / a_day,
            "household-days/s",
            50e6,
            "higher",
            f"integrated strategy, days {6 * days} to {model.day}; {awake:.1%} of them awake",
        ),
        Line(
            "a day of it over touching every record once",
            a_day / touch,
            "ratio",
            4.0,
            note=f"{a_day * 1e3:.1f} ms over {touch * 1e3:.1f} ms, the same array and threads",
        ),
    ]
