"""One run of a batch, where it is done: here, in a thread, or in a process of its own.

What has been lived is noted in numbers that all workers of a batch share, and so is whether they
shall stop.
"""

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator, MutableSequence
from contextlib import contextmanager
from dataclasses import replace
from enum import Enum
from typing import Any

from sim.experiments.plan import PlannedRun
from sim.rules.trusting import trust_as
from sim.store.folders import claimed
from sim.store.result import Result
from sim.store.runs import Store

OnDay = Callable[[int], None]
Compute = Callable[[PlannedRun, OnDay], Result]

PATIENCE_SECONDS = 2  # how long runs have to come to their next day when all shall stop


class Outcome(Enum):
    """What became of a run that was to be done."""

    COMPUTED = "computed here"
    FOUND = "found done"
    ELSEWHERE = "being done by another process"


class Stopped(Exception):
    """Raised inside a run when the batch is being stopped."""


@contextmanager
def ctrl_c_later() -> Iterator[None]:
    """Hold Ctrl-C back, also from processes that are started meanwhile: they would tell of it."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


# In a worker process: the batch's shared numbers, and which run is done, with its days.
_days_of_all: MutableSequence[int] = []
_under_way = (-1, 0)


def start_worker(days: MutableSequence[int], may_run: frozenset[str]) -> None:
    """Set up a worker process: Ctrl-C is the parent's to handle, and it may vanish.

    Of replaced rules those `may_run` that the parent trusts.
    """
    global _days_of_all
    trust_as(may_run)
    _days_of_all = days
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_leave_in_time, args=(os.getppid(),), daemon=True).start()


def _leave_in_time(parent: int) -> None:
    # A killed parent cannot tell its workers; without this they would finish their runs unasked.
    # One that stops waits for them: a run comes to its next day in time, a compiler does not.
    stopping = 0
    while os.getppid() == parent and (stopping < PATIENCE_SECONDS or _lived()):
        time.sleep(1)
        stopping += _days_of_all[-1]
    os._exit(1)


def _lived() -> bool:
    """Whether the run under way has lived all its days and is only to be stored."""
    index, days = _under_way
    return index >= 0 and _days_of_all[index] >= days


def do_shared(
    run: PlannedRun,
    store: Store,
    compute: Compute,
    threads: int,
    index: int,
    days: MutableSequence[int] | None,
) -> Outcome:
    """Do one run in a pool's thread or process."""
    global _under_way
    if days is None:
        _under_way = (index, run.days)
    shared = _days_of_all if days is None else days
    return do_run(run, store, compute, threads, lambda day: note_day(shared, index, day))


def do_run(run: PlannedRun, store: Store, compute: Compute, threads: int, on_day: OnDay) -> Outcome:
    """Do one run and store it, unless another process does or did."""
    with claimed(store.folder(run.key)) as ours:
        if not ours:
            return Outcome.ELSEWHERE
        if store.whole(run.key):
            return Outcome.FOUND
        result, seconds = lived(run, compute, threads, on_day)
        store.write(run.key, result, told(run, seconds))
        return Outcome.COMPUTED


def lived(run: PlannedRun, compute: Compute, threads: int, on_day: OnDay) -> tuple[Result, float]:
    """What came of a run, and the seconds it took."""
    on_day(-1)
    started = time.monotonic()
    limited = {**run.config["run"], "threads": threads or run.config["run"]["threads"]}
    work = replace(run, config={**run.config, "run": limited})
    result = compute(work, lambda day: on_day(run.days_before + day))
    return result, round(time.monotonic() - started, 3)


def told(run: PlannedRun, seconds: float) -> dict[str, Any]:
    """What the store shall tell of a run."""
    return {
        "label": run.label,
        "seed": run.seed,
        "configuration": run.config,
        "seconds": seconds,
    }


def note_day(days: MutableSequence[int], index: int, day: int) -> None:
    """Note that a run has lived through `day`; stop it when the batch is being stopped."""
    if days[-1]:
        raise Stopped
    days[index] = max(day + 1, 0)


__all__ = [
    "PATIENCE_SECONDS",
    "Compute",
    "OnDay",
    "Outcome",
    "Stopped",
    "ctrl_c_later",
    "do_run",
    "do_shared",
    "lived",
    "note_day",
    "start_worker",
    "told",
]
