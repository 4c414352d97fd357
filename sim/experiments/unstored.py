"""Runs whose outcomes are given back and stored nowhere, one after the other or side by side.

Runs that are to be kept are done by `sim.experiments.executors`.
"""

import multiprocessing
from collections.abc import Callable, Mapping, MutableSequence, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures import as_completed as as_they_finish
from concurrent.futures.process import BrokenProcessPool
from typing import NamedTuple, Protocol

from sim.console.progress import Standing, bar
from sim.experiments.batch import RunsInterrupted
from sim.experiments.space import Point
from sim.experiments.workers import OnDay, Stopped, ctrl_c_later, start_worker
from sim.parameters.quantity import ConfigurationError
from sim.rules.trusting import trusted
from sim.store.provenance import processors
from sim.store.runs import ResultsError
from sim.text.outgoing import cited

EXECUTORS = ("serial", "threads", "processes")
Outcomes = Mapping[str, float]


class Asked(NamedTuple):
    """A point, and the seed of the world that is to live through it."""

    point: Point
    seed: int


class Live(Protocol):
    """Lives through what is asked, with so many threads, and tells of its days."""

    def __call__(
        self, asked: Asked, threads: int | None = None, on_day: OnDay | None = None
    ) -> Outcomes:
        """What came of it."""


def lived_side_by_side(
    live: Live, asked: Sequence[Asked], household_days: int, executor: str, workers: int
) -> list[Outcomes]:
    """Live through all that is asked; what came of each, in their order.

    Parameters
    ----------
    live
        What lives through one of them; for processes it must be possible to send it there.
    asked
        Points and seeds.
    household_days
        Of each, for progress.
    executor
        One of `EXECUTORS`.
    workers
        Runs side by side; 0: one per processor.

    Raises
    ------
    ConfigurationError
        What `live` raises; and where there is no such executor.
    ResultsError
        When a worker process died.
    RunsInterrupted
        On Ctrl-C.
    """
    if executor not in EXECUTORS:
        raise ConfigurationError(
            f"A batch is not done by {cited(executor)}: it stores nothing, and is done by "
            f"{', '.join(EXECUTORS)}."
        )
    if workers < 0:
        raise ConfigurationError("workers cannot be below 0.")
    found: dict[int, Outcomes] = {}
    with bar("batch") as on_progress:

        def note(number: int, outcomes: Outcomes) -> None:
            found[number] = outcomes
            if on_progress is not None:
                lived, all_of_it = len(found) * household_days, len(asked) * household_days
                on_progress(Standing(len(found), len(asked), lived, all_of_it))

        try:
            if executor == "serial":
                for number, one in enumerate(asked):
                    note(number, live(one))
            else:
                side_by_side = max(min(workers or processors(), len(asked)), 1)
                _in_pool(live, asked, executor == "processes", side_by_side, note)
        except KeyboardInterrupt:
            raise RunsInterrupted(
                f"Stopped: {len(found)} of {len(asked)} runs were finished, and a batch keeps none."
            ) from None
        except BrokenProcessPool as error:
            raise ResultsError(
                f"A worker process died (killed, or out of memory) when {len(found)} of "
                f"{len(asked)} runs were finished, and a batch keeps none: give it fewer workers; "
                'in a script, start it under `if __name__ == "__main__":`.'
            ) from error
    return [found[number] for number in range(len(asked))]


def _in_pool(
    live: Live,
    asked: Sequence[Asked],
    processes: bool,
    workers: int,
    note: Callable[[int, Outcomes], None],
) -> None:
    """Live through all of it by threads or processes; whatever is wrong stops those under way."""
    stop: MutableSequence[int] = [0]
    if processes:
        context = multiprocessing.get_context("spawn")
        stop = context.Array("q", stop, lock=False)
        pool: Executor = ProcessPoolExecutor(workers, context, _start, (live, stop, trusted()))
    else:
        pool = ThreadPoolExecutor(workers)
    work: dict[Future[Outcomes], int] = {}
    try:
        with ctrl_c_later():
            for number, one in enumerate(asked):
                future = (
                    pool.submit(_live_in_worker, one)
                    if processes
                    else pool.submit(_live_until, live, one, stop)
                )
                work[future] = number
        for future in as_they_finish(work):
            note(work[future], future.result())
    finally:
        stop[-1] = 1
        pool.shutdown(wait=processes, cancel_futures=True)


def _live_until(live: Live, one: Asked, stop: Sequence[int]) -> Outcomes:
    """Live through one, unless all shall stop."""

    def on_day(day: int) -> None:
        if stop[-1]:
            raise Stopped

    return live(one, 1, on_day)


# In a worker process: what lives, and whether all shall stop.
_here: tuple[Live, Sequence[int]] | None = None


def _start(live: Live, stop: MutableSequence[int], may_run: frozenset[str]) -> None:
    global _here
    start_worker(stop, may_run)
    _here = live, stop


def _live_in_worker(one: Asked) -> Outcomes:
    assert _here is not None
    return _live_until(_here[0], one, _here[1])


__all__ = ["EXECUTORS", "Asked", "Live", "Outcomes", "lived_side_by_side"]
