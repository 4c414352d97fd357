"""Do the runs that are missing: one after the other, in threads, in processes, or on a cluster.

Whatever does the runs, each is stored as it finishes and read back by its key, so the results
are the same and whatever stops the batch costs only the runs under way.
"""

import pickle
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.console.progress import OnProgress
from sim.experiments.batch import Batch, RunsInterrupted
from sim.experiments.clusters import CLUSTERS
from sim.experiments.clusters.contract import Described
from sim.experiments.plan import PlannedRun
from sim.experiments.workers import Compute, OnDay
from sim.parameters.quantity import ConfigurationError
from sim.parameters.schema import ReplacedRule
from sim.rules.replacing import can_live_by, identity
from sim.store.provenance import processors
from sim.store.result import Result
from sim.store.runs import ResultsError, Store
from sim.text.outgoing import cited

if TYPE_CHECKING:
    from sim.config.loading import Simulation

EXECUTORS = ("serial", "threads", "processes", *CLUSTERS)


@dataclass(frozen=True)
class ExecutionSettings:
    """Where results go and how runs are done.

    Attributes
    ----------
    results
        Folder of results.
    executor
        One of `EXECUTORS`; ``conf/executor`` describes them.
    workers
        Runs side by side; 0 for one per processor, or for as many as a cluster has. One after the
        other has one.
    config_dir
        A folder of the user's own configuration, if any.
    trust_rules
        Whether code may run that scenarios name, or that folder; see `sim.config.loading.load`.
    threads_per_run
        Threads inside each run; 0 for what the configuration says. With ``threads`` always one:
        runs share the processors, and a thread that waits for another takes them from other runs.
    cluster
        Which machines do the runs, where the executor is a cluster.
    """

    results: Path
    executor: str = "serial"
    workers: int = 0
    config_dir: Path | None = None
    threads_per_run: int = 0
    trust_rules: bool = False
    cluster: Described = field(default_factory=Described)

    @classmethod
    def told(
        cls, results: Path, how: Mapping[str, Any], config_dir: Path | None, trust_rules: bool
    ) -> "ExecutionSettings":
        """The settings that a file of ``conf/executor`` gives, with what was said beside it."""
        usual = {name: how[name] for name in ("workers", "threads_per_run")}
        rest = {name: value for name, value in how.items() if name not in ("name", *usual)}
        return cls(
            results,
            how["name"],
            config_dir=config_dir,
            trust_rules=trust_rules,
            cluster=Described(**rest),
            **usual,
        )

    def __post_init__(self) -> None:
        if self.executor not in EXECUTORS:
            raise ConfigurationError(
                f"There is no executor {cited(self.executor)}; there are {', '.join(EXECUTORS)}."
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


class OnlyPlanned(Exception):
    """Raised where runs would be done, by whoever only asks which: see `only_planned`."""

    def __init__(self, runs: Sequence[PlannedRun], settings: ExecutionSettings) -> None:
        super().__init__(f"{len(runs)} runs are planned")
        self.runs, self.settings = runs, settings


_only_planned: ContextVar[bool] = ContextVar("only_planned", default=False)


@contextmanager
def only_planned() -> Iterator[None]:
    """Within this block `run_missing` does nothing but raise `OnlyPlanned`."""
    token = _only_planned.set(True)
    try:
        yield
    finally:
        _only_planned.reset(token)


def run_missing(
    runs: Sequence[PlannedRun],
    settings: ExecutionSettings,
    on_progress: OnProgress | None = None,
    compute: Compute | None = None,
    meanwhile: Callable[[], None] = lambda: None,
) -> int:
    """Do the runs that are not stored yet and store each as it finishes.

    What another process is doing is waited for, and taken over if that process dies.

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
    meanwhile
        Done by this thread while others do the runs; nothing is, where it does them itself.

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
    if _only_planned.get():
        raise OnlyPlanned(runs, settings)
    store = Store(settings.results)
    store.clean()
    missing = missing_of(runs, store)
    batches = _by_rules(missing)
    for runs_alike in batches:
        _check_rules(runs_alike)
    if missing:
        store.check_writable()
    total = len({run.key for run in runs})
    done, computed = total - len(missing), 0
    for runs_alike in batches:
        how = _where_possible(settings, runs_alike[0])
        batch = Batch(total, done, runs_alike, how, on_progress)
        batch.do(compute or simulate_planned, meanwhile)
        done += len(runs_alike)
        computed += len(batch.computed)
    return computed


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
    if settings.executor in CLUSTERS and _rules(run):
        raise ConfigurationError(
            f"executor={settings.executor} does no runs by rules of your own, whose files lie on "
            "this machine: say executor=processes."
        )
    if settings.executor == "processes" or can_live_by(_rules(run)):
        return settings
    return replace(settings, executor="processes", workers=settings.side_by_side)


def simulate_planned(run: PlannedRun, on_day: OnDay) -> Result:
    """Simulate one planned run."""
    from sim.experiments.simulate import simulate

    config = _configured(pickle.dumps(run.config))
    return simulate(
        config,
        run.seed,
        keep_orders=run.keep_orders,
        orders_of_warmup=run.orders_of_warmup,
        on_day=on_day,
    )


@lru_cache(maxsize=32)
def _configured(values: bytes) -> "Simulation":
    """The configuration that many runs have in common; nobody changes it."""
    from sim.config.loading import from_resolved

    return from_resolved(pickle.loads(values))


def missing_of(runs: Sequence[PlannedRun], store: Store) -> list[PlannedRun]:
    """The runs not stored whole, each once."""
    once: dict[str, PlannedRun] = {}
    for run in runs:
        once.setdefault(run.key, run)
    return [run for run in once.values() if not _stored(run, store)]


def _stored(run: PlannedRun, store: Store) -> bool:
    try:
        return store.finished(run.key)
    except ResultsError:
        return False  # whoever claims it says so and sets it aside


__all__ = [
    "ExecutionSettings",
    "OnlyPlanned",
    "RunsInterrupted",
    "missing_of",
    "only_planned",
    "run_missing",
    "simulate_planned",
]
