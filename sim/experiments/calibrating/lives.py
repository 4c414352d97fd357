"""Points of a calibration, lived: which worlds a fact needs, and what was read in them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.config.consistency import check_world
from sim.config.loading import Varied, from_resolved, resolved
from sim.console.progress import OnProgress
from sim.evidence.measure import MEASUREMENTS, PAIRED, WORLDS
from sim.experiments.calibrating.targets import Aim
from sim.experiments.executors import ExecutionSettings, run_missing
from sim.experiments.judging import Evidence
from sim.experiments.plausible import lay
from sim.experiments.space import Point
from sim.experiments.validate import measured_run, scale
from sim.store.runs import Store

Floats = npt.NDArray[np.float64]


@dataclass
class Lives:
    """Lets facts be measured at points.

    What is estimated of the operator held before day 0 too: its market stands still.

    Parameters
    ----------
    scenario
        The average operator, whom the levels are about.
    overrides
        What is the same at every point.
    settings
        Where results go and how runs are done.
    """

    scenario: str
    overrides: Sequence[str]
    settings: ExecutionSettings
    _varied: dict[str, Varied] = field(default_factory=dict, init=False)
    _usual: dict[str, dict[str, Any]] = field(default_factory=dict, init=False)

    def config_at(self, world: str, point: Point) -> dict[str, Any]:
        """The resolved configuration of a world at a point.

        Raises
        ------
        ConfigurationError
            Where a value contradicts another setting.
        """
        varied = self._of(world)
        if world not in self._usual:
            self._usual[world] = resolved(varied.at({}))
        values = lay(resolved(varied.at(point)), point, self._usual[world])
        for path, factor in WORLDS[world].scaled.items():
            scale(values, path, factor)
        check_world(from_resolved(values))
        return values

    def _of(self, world: str) -> Varied:
        if world not in self._varied:
            own = WORLDS[world]
            self._varied[world] = Varied(
                own.scenario or self.scenario,
                [*self.overrides, *own.overrides],
                self.settings.config_dir,
                trust_rules=self.settings.trust_rules,
            )
        return self._varied[world]

    def measured(
        self,
        points: Sequence[Point],
        aims: Sequence[Aim],
        seeds: Sequence[int],
        on_progress: OnProgress | None = None,
    ) -> Floats:
        """Facts at points, in the worlds of these seeds: points, seeds, aims."""
        worlds = worlds_for(aims)
        store = Store(self.settings.results)
        there = [
            Evidence(store, {}, {w: self.config_at(w, point) for w in worlds}, {}, 0.95)
            for point in points
        ]
        runs = [run for evidence in there for run in evidence.missing(worlds, seeds)]
        run_missing(runs, self.settings, on_progress, compute=measured_run)
        return np.array([[_figures(each, aims, [seed]) for seed in seeds] for each in there])

    def household_days(self, aims: Sequence[Aim]) -> int:
        """What one point has to live for these facts, in one world of each kind."""
        configs = [self.config_at(world, {}) for world in worlds_for(aims)]
        return sum(c["population"]["households"] * c["run"]["days"] for c in configs)


def worlds_for(aims: Sequence[Aim]) -> list[str]:
    """Names of the worlds in which these facts are measured."""
    return sorted({world for aim in aims for world in aim.worlds})


def _figures(evidence: Evidence, aims: Sequence[Aim], seeds: Sequence[int]) -> list[float]:
    """A point's facts, each a mean over worlds."""
    found: Mapping[str, Any] = {**MEASUREMENTS, **PAIRED}
    return [float(np.mean(evidence.values(found[aim.fact.id], aim.fact.id, seeds))) for aim in aims]


__all__ = ["Lives", "worlds_for"]
