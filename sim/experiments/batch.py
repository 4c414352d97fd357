"""Runs under way: who does which, how far they have come, and how they are stopped."""

import multiprocessing
import sys
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping, MutableSequence
from concurrent.futures import (
    FIRST_COMPLETED,
    Executor,
    Future,
    ProcessPoolExecutor,
    ThreadPoolExecutor,
    wait,
)
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack
from importlib import import_module
from typing import TYPE_CHECKING

from sim.console.importing import loading
from sim.console.progress import OnProgress, Standing
from sim.experiments.clusters import CLUSTERS, at_cluster
from sim.experiments.clusters.contract import Cluster, LostCluster
from sim.experiments.clusters.job import Back, Refused, job_of
from sim.experiments.plan import PlannedRun
from sim.experiments.workers import (
    PATIENCE_SECONDS,
    Compute,
    Outcome,
    ctrl_c_later,
    do_run,
    do_shared,
    note_day,
    start_worker,
    told,
)
from sim.parameters.quantity import ConfigurationError
from sim.rules.trusting import trusted
from sim.store.folders import claimed
from sim.store.runs import ResultsError, Store

if TYPE_CHECKING:
    from sim.experiments.executors import ExecutionSettings

SIMULATE = "sim.experiments.simulate"  # imports the engine, which takes its time
HERE = ("serial", "threads")  # executors that do runs in this process
TICK_SECONDS = 0.2  # how often progress is told, and other processes' runs are looked after


class RunsInterrupted(Exception):
    """The user stopped a batch; the message says what was kept."""


class Batch:
    """Runs under way and the numbers they share; `before` of all `total` were done earlier.

    ``days`` holds, for each run, how many of `PlannedRun.days` it has lived (-1 before it starts),
    and last whether all shall stop; it is plain memory shared with worker processes. A run is
    ``computed`` here, ``found`` done by another process, or being done ``elsewhere``.
    """

    def __init__(
        self,
        total: int,
        before: int,
        runs: list[PlannedRun],
        settings: "ExecutionSettings",
        on_progress: OnProgress | None,
    ) -> None:
        self.total, self.before = total, before
        self.runs, self.settings, self.on_progress = runs, settings, on_progress
        self.store = Store(settings.results)
        self.days: MutableSequence[int] = [-1] * len(runs) + [0]
        self.computed: set[int] = set()
        self.found: set[int] = set()
        self.elsewhere: set[int] = set()

    def do(self, compute: Compute, meanwhile: Callable[[], None]) -> None:
        """Do all runs; on the way out, for whatever reason, stop those under way.

        While others do them, this thread does `meanwhile`.
        """
        try:
            if self.settings.executor in HERE and SIMULATE not in sys.modules:
                with loading():
                    import_module(SIMULATE)
            if self.settings.executor == "serial":
                self._do_here(compute)
            elif self.settings.executor in CLUSTERS:
                self._do_away(compute, meanwhile)
            else:
                self._do_in_pool(compute, meanwhile)
        except KeyboardInterrupt:
            raise RunsInterrupted(f"Stopped: {self._kept()}; the same command continues.") from None
        except LostCluster as error:
            raise ResultsError(f"{error} {self._kept()}; the same command continues.") from error
        except BrokenProcessPool as error:
            lost = "; ".join(self._under_way()) or "nothing yet"
            raise ResultsError(
                f"A worker process died (killed, or out of memory) while these were being done: "
                f"{lost}. {self._kept()}; the same command continues."
            ) from error

    def _do_here(self, compute: Compute) -> None:
        todo: Iterable[int] = range(len(self.runs))
        while True:
            for index in todo:
                self._note(index, self._do_one(index, compute))
                self._tell()
            if not self.elsewhere:
                return
            time.sleep(TICK_SECONDS)
            todo = self._left_by_others()

    def _do_one(self, index: int, compute: Compute) -> Outcome:
        def told(day: int) -> None:
            note_day(self.days, index, day)
            self._tell()

        return do_run(self.runs[index], self.store, compute, self.settings.threads, told)

    def _do_in_pool(self, compute: Compute, meanwhile: Callable[[], None]) -> None:
        pool = self._new_pool()
        work: dict[Future[Outcome], int] = {}
        try:
            self._submit(range(len(self.runs)), compute, pool, work)
            meanwhile()
            waiting = set(work)
            while waiting or self.elsewhere:
                done, waiting = wait(waiting, TICK_SECONDS, FIRST_COMPLETED)
                for future in done:
                    self._note(work[future], future.result())
                self._tell()
                if self.elsewhere and len(waiting) < self.settings.side_by_side:
                    time.sleep(0 if waiting else TICK_SECONDS)
                    waiting |= self._submit(self._left_by_others(), compute, pool, work)
        finally:
            self._close(pool, work)

    def _do_away(self, compute: Compute, meanwhile: Callable[[], None]) -> None:
        """Have a cluster do the runs; what comes back is stored by this process."""
        how = self.settings
        todo, claims = deque(range(len(self.runs))), dict[int, ExitStack]()
        reached = at_cluster(how.executor, how.cluster, how.results, how.workers, how.threads)
        with ExitStack() as held, reached as cluster:
            held.callback(_release, claims)
            self._start(todo, compute, cluster, claims)
            meanwhile()
            while claims or todo or self.elsewhere:
                for index, back in cluster.finished(TICK_SECONDS if claims else 0):
                    self._take(index, back)
                    claims.pop(index).close()
                for index in claims:
                    self.days[index] = cluster.day(index)
                self._tell()
                if self.elsewhere and not todo:
                    time.sleep(0 if claims else TICK_SECONDS)
                    todo.extend(self._left_by_others())
                self._start(todo, compute, cluster, claims)

    def _start(
        self,
        todo: "deque[int]",
        compute: Compute,
        cluster: Cluster,
        claims: dict[int, ExitStack],
    ) -> None:
        """Give a cluster as much as is worth its while; `claims` on those runs are kept."""
        while todo and len(claims) < cluster.at_once:
            index = todo.popleft()
            run = self.runs[index]
            with ExitStack() as claim:
                if not claim.enter_context(claimed(self.store.folder(run.key))):
                    self._note(index, Outcome.ELSEWHERE)
                elif self.store.whole(run.key):
                    self._note(index, Outcome.FOUND)
                else:
                    cluster.start(job_of(index, run, compute, self.settings.threads))
                    claims[index] = claim.pop_all()

    def _take(self, index: int, back: Back) -> None:
        """Store what a cluster gave back."""
        if isinstance(back, Refused):
            raise ConfigurationError(back.sentence)
        run = self.runs[index]
        about = {**told(run, back.seconds), "info": back.info, "done_on": back.machine}
        self.store.put(run.key, back.tables, about)
        self._note(index, Outcome.COMPUTED)

    def _submit(
        self,
        indexes: Iterable[int],
        compute: Compute,
        pool: Executor,
        work: dict[Future[Outcome], int],
    ) -> set[Future[Outcome]]:
        """Give runs to the pool; `work` tells which they are."""
        shared = None if self.settings.executor == "processes" else self.days
        threads = self.settings.threads
        new = set()
        with ctrl_c_later():
            for index in indexes:
                run = self.runs[index]
                future = pool.submit(do_shared, run, self.store, compute, threads, index, shared)
                work[future] = index
                new.add(future)
        return new

    def _new_pool(self) -> Executor:
        workers = min(self.settings.side_by_side, len(self.runs))
        if self.settings.executor == "threads":
            return ThreadPoolExecutor(workers)
        context = multiprocessing.get_context("spawn")
        self.days = context.Array("q", list(self.days), lock=False)
        return ProcessPoolExecutor(workers, context, start_worker, (self.days, trusted()))

    def _close(self, pool: Executor, work: Mapping[Future[Outcome], int]) -> None:
        """Stop what is under way at its next day; nobody waits for a thread that compiles first.

        What has lived all its days is stored all the same.
        """
        self.days[-1] = 1
        pool.shutdown(wait=self.settings.executor == "processes", cancel_futures=True)
        _, late = wait([each for each in work if not each.cancelled()], PATIENCE_SECONDS)
        wait([each for each in late if self.days[work[each]] >= self.runs[work[each]].days])

    def _note(self, index: int, outcome: Outcome) -> None:
        self.elsewhere.discard(index)
        of_outcome = {
            Outcome.COMPUTED: self.computed,
            Outcome.FOUND: self.found,
            Outcome.ELSEWHERE: self.elsewhere,
        }
        of_outcome[outcome].add(index)

    def _left_by_others(self) -> list[int]:
        """Runs that other processes had claimed and do no more: done, or given up."""
        free = []
        for index in sorted(self.elsewhere):
            with claimed(self.store.folder(self.runs[index].key)) as ours:
                if ours:
                    free.append(index)
        return free

    def _under_way(self) -> list[str]:
        """Labels of the runs that had started and are not stored."""
        return [
            run.label
            for run, days in zip(self.runs, self.days, strict=False)
            if days >= 0 and not self.store.folder(run.key).exists()
        ]

    def _kept(self) -> str:
        stored = sum(self.store.folder(run.key).exists() for run in self.runs)
        kept = self.before + stored
        return f"{kept} of {self.total} runs are finished and kept"

    def _tell(self) -> None:
        if self.on_progress is None:
            return
        done = self.before + len(self.computed) + len(self.found)
        lived = to_live = 0
        for index, run in enumerate(self.runs):
            if index in self.found or index in self.elsewhere:
                continue
            part = 1.0 if index in self.computed else max(self.days[index], 0) / run.days
            lived += round(part * run.household_days)
            to_live += run.household_days
        self.on_progress(Standing(done, self.total, lived, to_live, len(self.elsewhere)))


def _release(claims: Mapping[int, ExitStack]) -> None:
    for claim in claims.values():
        claim.close()


__all__ = ["Batch", "RunsInterrupted"]
