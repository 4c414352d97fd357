"""Do the runs that are missing: one after the other, in threads, or in processes.

Whatever does the runs, each is stored as it finishes and read back by its key, so the results
are the same and whatever stops the batch costs only the runs under way.
"""

import multiprocessing
import pickle
import sys
from collections.abc import Mapping, MutableSequence, Sequence
from concurrent.futures import (
    FIRST_COMPLETED,
    Executor,
    Future,
    ProcessPoolExecutor,
    ThreadPoolExecutor,
    wait,
)
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from sim.experiments.plan import PlannedRun
from sim.experiments.workers import (
    PATIENCE_SECONDS,
    Compute,
    OnDay,
    ctrl_c_later,
    do_run,
    do_shared,
    note_day,
    start_worker,
)
from sim.folders import MOVE_IT_AWAY
from sim.loading import loading
from sim.origin import processors
from sim.progress import OnProgress, Standing
from sim.quantity import ConfigurationError
from sim.result import Result
from sim.rules.replacing import can_live_by, identity
from sim.rules.trusting import trusted
from sim.schema import ReplacedRule
from sim.store import ResultsError, Store
from sim.visible import visible

if TYPE_CHECKING:
    from sim.config import Simulation

EXECUTORS = ("serial", "threads", "processes")
TICK_SECONDS = 0.2  # how often progress is told


@dataclass(frozen=True)
class ExecutionSettings:
    """Where results go and how runs are done.

    Attributes
    ----------
    results
        Folder of results.
    executor
        ``serial``, ``threads`` or ``processes``; ``conf/executor`` describes them.
    workers
        Runs side by side; 0 for one per processor. One after the other has one.
    config_dir
        A folder of the user's own configuration, if any.
    trust_rules
        Whether code may run that scenarios name, or that folder; see `sim.config.load`.
    threads_per_run
        Threads inside each run; 0 for what the configuration says. With ``threads`` always one:
        runs share the processors, and a thread that waits for another takes them from other runs.
    """

    results: Path
    executor: str = "serial"
    workers: int = 0
    config_dir: Path | None = None
    threads_per_run: int = 0
    trust_rules: bool = False

    def __post_init__(self) -> None:
        if self.executor not in EXECUTORS:
            raise ConfigurationError(
                f"There is no executor {self.executor}; there are {', '.join(EXECUTORS)}."
            )
        if self.workers < 0 or self.threads_per_run < 0:
            raise ConfigurationError("workers and threads_per_run cannot be below 0.")

    @property
    def side_by_side(self) -> int:
        """How many runs are under way at once."""
        return 1 if self.executor == "serial" else self.workers or processors()

    @property
    def threads(self) -> int:
        """Threads inside each run; 0 for what its configuration says."""
        return {"serial": self.threads_per_run, "threads": 1}.get(
            self.executor, self.threads_per_run or 1
        )


class RunsInterrupted(Exception):
    """The user stopped a batch; the message says what was kept."""


def complete(
    runs: Sequence[PlannedRun],
    settings: ExecutionSettings,
    on_progress: OnProgress | None = None,
    compute: Compute | None = None,
) -> int:
    """Do the runs that are not stored yet and store each as it finishes.

    Parameters
    ----------
    runs
        What is needed; afterwards ``Store(settings.results).read(run.key)`` gives each.
    settings
        Where results go and how runs are done.
    on_progress
        Told now and then how far it has come.
    compute
        What does one run; `simulate_planned` unless a test says otherwise.

    Returns
    -------
    int
        How many runs were computed; the others were there.

    Raises
    ------
    RunsInterrupted
        On Ctrl-C.
    ResultsError
        When results cannot be written, or a worker process died.
    ConfigurationError
        When a function cannot replace a rule, or nobody has vouched for it.
    """
    store = Store(settings.results)
    store.clean()
    missing = _missing(runs, store)
    batches = _by_rules(missing)
    for batch in batches:
        _check_rules(batch)
    if missing:
        store.check_writable()
    total = len({run.key for run in runs})
    done = total - len(missing)
    for batch in batches:
        how = _where_possible(settings, batch[0])
        _Batch(total, done, batch, how, on_progress).do(compute or simulate_planned)
        done += len(batch)
    return len(missing)


def _by_rules(runs: Sequence[PlannedRun]) -> list[list[PlannedRun]]:
    """Runs that the same process can do: each lives by one set of rules."""
    batches: dict[str, list[PlannedRun]] = {}
    for run in runs:
        batches.setdefault(repr(identity(_rules(run))), []).append(run)
    return list(batches.values())


def _rules(run: PlannedRun) -> dict[str, ReplacedRule]:
    return {name: ReplacedRule(**own) for name, own in run.config.get("rules", {}).items()}


def _check_rules(runs: Sequence[PlannedRun]) -> None:
    """Refuse nonsense in place of the rules of a batch before anything is lived by it."""
    if _rules(runs[0]):
        from sim.responses.checking import check_rules

        for values in dict.fromkeys(pickle.dumps(run.config) for run in runs):
            check_rules(_configured(values))


def _where_possible(settings: ExecutionSettings, run: PlannedRun) -> ExecutionSettings:
    """The settings, but processes of their own where this one lives by other rules."""
    if settings.executor == "processes" or can_live_by(_rules(run)):
        return settings
    return replace(settings, executor="processes", workers=settings.side_by_side)


def simulate_planned(run: PlannedRun, on_day: OnDay) -> Result:
    """Simulate one planned run."""
    from sim.simulate import simulate

    config = _configured(pickle.dumps(run.config))
    return simulate(config, run.seed, keep_orders=run.keep_orders, on_day=on_day)


@lru_cache(maxsize=32)
def _configured(values: bytes) -> "Simulation":
    """The configuration that many runs have in common; nobody changes it."""
    from sim.config import from_resolved

    return from_resolved(pickle.loads(values))


def _missing(runs: Sequence[PlannedRun], store: Store) -> list[PlannedRun]:
    """The runs not stored yet, each once; what cannot be read is set aside and said."""
    missing = {}
    for run in runs:
        if run.key in missing:
            continue
        try:
            if store.finished(run.key):
                continue
        except ResultsError as error:
            aside = store.set_aside(run.key)
            what = str(error).removesuffix(MOVE_IT_AWAY)
            what += f" It was moved to {aside.name} and is computed again."
            sys.stderr.write(f"{visible(what)}\n")
        missing[run.key] = run
    return list(missing.values())


class _Batch:
    """Runs under way and the numbers they share; `before` of all `total` were done earlier.

    ``days`` holds, for each run, how many of `PlannedRun.days` it has lived (-1 before it starts),
    and last whether all shall stop; it is plain memory shared with worker processes.
    """

    def __init__(
        self,
        total: int,
        before: int,
        runs: list[PlannedRun],
        settings: ExecutionSettings,
        on_progress: OnProgress | None,
    ) -> None:
        self.total, self.before = total, before
        self.runs, self.settings, self.on_progress = runs, settings, on_progress
        self.store = Store(settings.results)
        self.days: MutableSequence[int] = [-1] * len(runs) + [0]
        self.finished: set[int] = set()

    def do(self, compute: Compute) -> None:
        """Do all runs; on the way out, for whatever reason, stop those under way."""
        try:
            if self.settings.executor != "processes" and "sim.simulate" not in sys.modules:
                with loading():
                    import_module("sim.simulate")
            if self.settings.executor == "serial":
                for index in range(len(self.runs)):
                    self._do_here(index, compute)
            else:
                self._do_in_pool(compute)
        except KeyboardInterrupt:
            raise RunsInterrupted(f"Stopped: {self._kept()}; the same command continues.") from None
        except BrokenProcessPool as error:
            lost = "; ".join(self._under_way()) or "nothing yet"
            raise ResultsError(
                f"A worker process died (killed, or out of memory) while these were being done: "
                f"{lost}. {self._kept()}; the same command continues."
            ) from error

    def _do_here(self, index: int, compute: Compute) -> None:
        def told(day: int) -> None:
            note_day(self.days, index, day)
            self._tell()

        do_run(self.runs[index], self.store, compute, self.settings.threads, told)
        self.finished.add(index)
        self._tell()

    def _do_in_pool(self, compute: Compute) -> None:
        pool = self._new_pool()
        work: dict[Future[None], int] = {}
        shared = None if self.settings.executor == "processes" else self.days
        threads = self.settings.threads
        try:
            with ctrl_c_later():
                work = {
                    pool.submit(do_shared, run, self.store, compute, threads, index, shared): index
                    for index, run in enumerate(self.runs)
                }
            waiting = set(work)
            while waiting:
                done, waiting = wait(waiting, TICK_SECONDS, FIRST_COMPLETED)
                for future in done:
                    future.result()
                    self.finished.add(work[future])
                self._tell()
        finally:
            self._close(pool, work)

    def _new_pool(self) -> Executor:
        workers = min(self.settings.side_by_side, len(self.runs))
        if self.settings.executor == "threads":
            return ThreadPoolExecutor(workers)
        context = multiprocessing.get_context("spawn")
        self.days = context.Array("q", list(self.days), lock=False)
        return ProcessPoolExecutor(workers, context, start_worker, (self.days, trusted()))

    def _close(self, pool: Executor, work: Mapping[Future[None], int]) -> None:
        """Stop what is under way at its next day; nobody waits for a thread that compiles first.

        What has lived all its days is stored all the same.
        """
        self.days[-1] = 1
        pool.shutdown(wait=self.settings.executor == "processes", cancel_futures=True)
        _, late = wait([each for each in work if not each.cancelled()], PATIENCE_SECONDS)
        wait([each for each in late if self.days[work[each]] >= self.runs[work[each]].days])

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
        lived = 0
        for index, run in enumerate(self.runs):
            part = 1.0 if index in self.finished else max(self.days[index], 0) / run.days
            lived += round(part * run.household_days)
        done = self.before + len(self.finished)
        to_live = sum(run.household_days for run in self.runs)
        self.on_progress(Standing(done, self.total, lived, to_live))


__all__ = ["ExecutionSettings", "RunsInterrupted", "complete", "simulate_planned"]
