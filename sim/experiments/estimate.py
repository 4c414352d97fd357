"""What runs will take, in time, memory and disk, before any of them is done.

Some of the planned strategies are lived for a while in a small town on this machine; what that
took, and left, is laid over what there is to do.
"""

import resource
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from sim.config.loading import Simulation, from_resolved
from sim.engine.warm_up import world_file
from sim.experiments.executors import ExecutionSettings, missing_of
from sim.experiments.plan import PlannedRun
from sim.experiments.simulate import simulate
from sim.store.runs import Store, identity, packed
from sim.world.household import HOUSEHOLD

TINY = (200, 10)  # households, and days before and after day 0: what any run takes
SMALL = (5_000, 200)
MOST_TRIED = 4  # strategies
BYTES_A_HOUSEHOLD = 540  # with every lever on, as `make bench` measures it
BYTES_A_HOUSEHOLD_YEAR = 2_000  # of events, of those that are observed: conf/simulation.yaml
BY_HOUSEHOLDS = ("households", "orders")  # tables with rows of those that are observed


class Tried(NamedTuple):
    """What a strategy took that was lived for a while, and left behind."""

    seconds_a_run: float
    seconds_a_household_day: float
    bytes_a_run: int
    bytes_a_household: float


@dataclass(frozen=True)
class Estimate:
    """What the runs of an experiment will take.

    Attributes
    ----------
    runs, stored
        All that are needed, and those that are there already.
    lasting
        Seconds that each of the others takes by itself.
    warming
        Seconds that each world takes to be warmed up that no machine has kept yet.
    at_once
        Runs side by side, as asked.
    base_bytes, bytes_a_run
        Memory of a process before anybody lives, and of the largest run beside it.
    disk_bytes
        What results and kept worlds add to disks.
    """

    runs: int
    stored: int
    lasting: Sequence[float]
    warming: Sequence[float]
    at_once: int
    base_bytes: int
    bytes_a_run: int
    disk_bytes: int

    def seconds(self, at_once: int) -> float:
        """How long it takes with so many runs at once, on processors like these."""
        longest = max(self.lasting, default=0.0) + max(self.warming, default=0.0)
        return max((sum(self.lasting) + sum(self.warming)) / at_once, longest)

    def memory(self, at_once: int, together: bool) -> int:
        """Bytes of memory that so many runs at once take; `together` in one process."""
        return self.base_bytes * (1 if together else at_once) + self.bytes_a_run * at_once


def estimate(runs: Sequence[PlannedRun], settings: ExecutionSettings) -> Estimate:
    """What these runs will take; some of them are tried, for some seconds.

    Raises
    ------
    ConfigurationError, ResultsError
        In one sentence.
    """
    needed = len({run.key for run in runs})
    missing = missing_of(runs, Store(settings.results))
    of_strategy = {identity(run.config): run for run in missing}
    configs = {name: from_resolved(run.config) for name, run in of_strategy.items()}
    some = list(configs.values())[:: max(-(-len(configs) // MOST_TRIED), 1)]
    tried = [_try(config, settings.threads) for config in some]
    pace = max((each.seconds_a_household_day for each in tried), default=0.0)
    fixed = max((each.seconds_a_run for each in tried), default=0.0)
    worlds = _worlds(missing, configs)
    return Estimate(
        runs=needed,
        stored=needed - len(missing),
        lasting=[fixed + pace * run.household_days for run in missing],
        warming=[pace * _households(run) * run.config["run"]["warmup_days"] for run in worlds],
        at_once=max(min(settings.side_by_side, len(missing)), 1),
        base_bytes=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
        bytes_a_run=max(map(_memory, missing), default=0),
        disk_bytes=sum(_disk(run, tried) for run in missing)
        + sum(_households(run) * HOUSEHOLD.itemsize for run in worlds),
    )


def _worlds(missing: Sequence[PlannedRun], configs: dict[str, Simulation]) -> list[PlannedRun]:
    """A run for each world that is to be warmed up and then kept, and is not yet."""
    found: dict[Path, PlannedRun] = {}
    for run in missing:
        if not run.days_before:  # else each run lives its own, and counts its days
            found[world_file(configs[identity(run.config)], run.seed)] = run
    return [run for path, run in found.items() if not path.exists()]


def _households(run: PlannedRun) -> int:
    return int(run.config["population"]["households"])


def _observed(run: PlannedRun) -> int:
    """Households of whom events are kept, and tables made."""
    return min(_households(run), int(run.config["run"]["panel_households"]))


def _memory(run: PlannedRun) -> int:
    years = int(run.config["run"]["days"]) / 365
    observed = BYTES_A_HOUSEHOLD_YEAR * years * _observed(run)
    return round(BYTES_A_HOUSEHOLD * _households(run) + observed)


def _disk(run: PlannedRun, tried: Sequence[Tried]) -> int:
    return max(round(each.bytes_a_run + each.bytes_a_household * _observed(run)) for each in tried)


def _try(config: Simulation, threads: int) -> Tried:
    """Live a strategy for a while in a small town."""
    _lived(config, TINY, threads)  # what is compiled or read for the first time counts for nothing
    fixed, _ = _lived(config, TINY, threads)
    seconds, tables = _lived(config, SMALL, threads)
    households, days = SMALL
    sizes = {name: len(content) for name, content in tables.items()}
    by_household = sum(sizes.get(name, 0) for name in BY_HOUSEHOLDS)
    return Tried(
        seconds_a_run=fixed,
        seconds_a_household_day=max(seconds - fixed, 0.0) / (households * 2 * days),
        bytes_a_run=sum(sizes.values()) - by_household,
        bytes_a_household=by_household / households,
    )


def _lived(
    config: Simulation, size: tuple[int, int], threads: int
) -> tuple[float, dict[str, bytes]]:
    """Seconds that a run of this size took, and its tables as they would be stored."""
    households, days = size
    run = replace(config.run, days=days, warmup_days=days, threads=threads or config.run.threads)
    population = replace(config.population, households=households)
    began = time.perf_counter()
    result = simulate(replace(config, run=run, population=population), seed=1, warm_start=False)
    return time.perf_counter() - began, packed(result)


__all__ = ["Estimate", "Tried", "estimate"]
