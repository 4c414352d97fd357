"""Strategies at points of a space, in the same worlds: planned, run, stored and read back.

The one piece that every experiment over settings shares. A configuration is composed and checked
once per strategy and point, and travels as it is; finished runs are found again, so that a longer
experiment adds to a shorter one.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import pandas as pd

from sim.config.consistency import check_world
from sim.config.loading import Simulation, Varied
from sim.console.progress import OnProgress
from sim.experiments.executors import ExecutionSettings, run_missing
from sim.experiments.plan import PlannedRun, planned_in
from sim.experiments.samplers import Evaluated, Sampler
from sim.experiments.space import Point
from sim.experiments.varied import told
from sim.operator.budget import check_affordable
from sim.parameters.quantity import ConfigurationError
from sim.store.runs import Store


class Trial(NamedTuple):
    """One strategy at one point, with its run in every world.

    Attributes
    ----------
    number
        The point's, from 0, in the order of the experiment.
    """

    number: int
    point: Point
    strategy: str
    runs: list[PlannedRun]


@dataclass
class Evaluation:
    """Lets strategies live at points of a space.

    Parameters
    ----------
    strategies
        Names of scenarios, each once.
    overrides
        What is the same at every point.
    seeds
        Of the worlds, the same at every point and for every strategy.
    settings
        Where results go and how runs are done.
    on_progress
        Told now and then how far it has come.
    """

    strategies: Sequence[str]
    overrides: Sequence[str]
    seeds: Sequence[int]
    settings: ExecutionSettings
    on_progress: OnProgress | None = None
    trials: list[Trial] = field(default_factory=list, init=False)
    _measured: dict[tuple[int, str], pd.DataFrame] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        where, trust = self.settings.config_dir, self.settings.trust_rules
        self._varied = {
            name: Varied(name, self.overrides, where, trust_rules=trust) for name in self.strategies
        }

    def as_they_are(self) -> dict[str, Simulation]:
        """The strategies before anything is varied."""
        return {name: varied.read({}) for name, varied in self._varied.items()}

    def explore(self, sampler: Sampler) -> None:
        """Ask for points, live through them, and tell what came of the first strategy.

        Raises
        ------
        ConfigurationError, ResultsError, RunsInterrupted
            In one sentence.
        """
        while points := sampler.ask():
            new = self.run(points)
            judged = [trial for trial in new if trial.strategy == self.strategies[0]]
            sampler.tell([Evaluated(trial.point, self.means(trial)) for trial in judged])

    def run(self, points: Sequence[Point]) -> list[Trial]:
        """Live through all strategies at these points, as far as they are not stored.

        Every configuration is checked before anything is lived through.
        """
        first = self.trials[-1].number + 1 if self.trials else 0
        return self.live(
            [
                self.planned(number, point, name, self._varied[name].at(point))
                for number, point in enumerate(points, first)
                for name in self.strategies
            ]
        )

    def possible(self, point: Point) -> bool:
        """Whether every strategy can be set so: a value may contradict another setting."""
        try:
            for varied in self._varied.values():
                check_world(varied.read(point))
        except ConfigurationError:
            return False
        return True

    def planned(
        self,
        number: int,
        point: Point,
        strategy: str,
        config: Simulation,
        seeds: Sequence[int] | None = None,
    ) -> Trial:
        """Plan a configuration in all worlds or in some; refuse one that nobody can live by."""
        check_world(config)
        check_affordable(config)
        values = ", ".join(f"{key}={told(value)}" for key, value in point.items())
        label = f"point {number} ({values})"
        label = f"{label}, {strategy}" if len(self.strategies) > 1 else label
        runs = planned_in(config, self.seeds if seeds is None else seeds, label)
        return Trial(number, point, strategy, runs)

    def live(self, trials: Sequence[Trial]) -> list[Trial]:
        """Live through what is planned, as far as it is not stored."""
        runs = [run for trial in trials for run in trial.runs]
        run_missing(runs, self.settings, self.on_progress)
        self.trials += trials
        return list(trials)

    def measured(self, trial: Trial) -> pd.DataFrame:
        """Indicators of the whole population, a row per world."""
        key = (trial.number, trial.strategy)
        if key not in self._measured:
            store = Store(self.settings.results)
            rows = [_whole(store.table(run.key, "indicators")) for run in trial.runs]
            self._measured[key] = pd.DataFrame(rows)
        return self._measured[key]

    def means(self, trial: Trial) -> dict[str, float]:
        """Mean of every indicator over the worlds that have one."""
        return {str(name): float(mean) for name, mean in self.measured(trial).mean().items()}

    def seconds(self) -> float:
        """Time that the runs took, whoever did them."""
        store = Store(self.settings.results)
        keys = {run.key for trial in self.trials for run in trial.runs}
        return sum(store.tables(key).seconds for key in sorted(keys))

    def units(self) -> dict[str, str]:
        """Unit of every indicator."""
        store = Store(self.settings.results)
        table = store.table(self.trials[0].runs[0].key, "indicators")
        table = table[table["by"] == "all"]
        return dict(zip(table["indicator"].astype(str), table["unit"].astype(str), strict=True))


def _whole(indicators: pd.DataFrame) -> dict[str, float]:
    whole = indicators[(indicators["by"] == "all") & (indicators["segment"] == "all")]
    return dict(zip(whole["indicator"], whole["value"], strict=True))


__all__ = ["Evaluation", "Trial"]
