"""How far a behaviour lies from a few facts, by which alternatives are made alike and judged."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.config.overrides import key_of
from sim.console.progress import OnProgress
from sim.evidence.facts import load_facts
from sim.experiments import statistics
from sim.experiments.calibrating.lives import Lives
from sim.experiments.calibrating.targets import Aim, aims_at
from sim.experiments.executors import ExecutionSettings
from sim.experiments.plan import replication_seeds
from sim.experiments.samplers.damped import WORST, beyond, rms
from sim.experiments.space import Point
from sim.parameters.quantity import ConfigurationError

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Yardstick:
    """Which facts, and in which worlds.

    Attributes
    ----------
    facts
        Rows marked fit; none: all.
    discrepancy
        What the model may be wrong by, as a share of the fact, by its id, and the usual one.
    scenario
        The average operator, whom the facts are about.
    worlds, seed
        How many, and where their seeds come from.
    """

    facts: Sequence[str]
    discrepancy: Mapping[str, float]
    scenario: str = "baseline"
    worlds: int = 2
    seed: int = 1

    def __post_init__(self) -> None:
        if self.worlds < 1:
            raise ConfigurationError("experiment.worlds must be 1 at least.")


class Levels:
    """Measures facts at points, in the same worlds at each.

    Parameters
    ----------
    yardstick
        What is measured.
    overrides
        What is the same at every point; how long runs are is the facts' own.
    settings
        Where results go and how runs are done.
    """

    def __init__(
        self, yardstick: Yardstick, overrides: Sequence[str], settings: ExecutionSettings
    ) -> None:
        own = [text for text in overrides if key_of(text) != "run.days"]
        self.lives = Lives(yardstick.scenario, own, settings)
        facts = load_facts(config_dir=settings.config_dir)
        self.aims = aims_at(facts, yardstick.discrepancy, yardstick.facts)
        self._seeds = replication_seeds(yardstick.seed, yardstick.worlds)
        self._yardstick = yardstick

    @property
    def told(self) -> dict[str, Any]:
        """What is measured, the facts themselves among it, for a manifest."""
        return {
            **vars(self._yardstick),
            "facts": [aim.fact.id for aim in self.aims],
            "rows": [vars(aim.fact) for aim in self.aims],
            "discrepancy": dict(self._yardstick.discrepancy),
        }

    def at(self, points: Sequence[Point], on_progress: OnProgress | None = None) -> Floats:
        """Figures of the facts: points, worlds, facts."""
        return self.lives.measured(points, self.aims, self._seeds, on_progress)


def means(figures: Floats) -> Floats:
    """Means over the worlds, a row each, in which there is a figure; missing where none has one."""
    return statistics.mean_intervals(figures).mean


def deviations(figures: Floats, aims: Sequence[Aim]) -> Floats:
    """How many standard deviations means over worlds lie from their facts, with their sign.

    Parameters
    ----------
    figures
        A row per world, a column per aim; what cannot be measured is as far off as can be.
    """
    value, spread = (np.array(column) for column in zip(*map(_aimed, aims), strict=True))
    off = (means(figures) - value) / spread
    return np.asarray(np.clip(np.nan_to_num(off, nan=WORST), -WORST, WORST), float)


def _aimed(aim: Aim) -> tuple[float, float]:
    return aim.fact.value, aim.deviation


def off(figures: Floats, aims: Sequence[Aim]) -> float:
    """How far off all facts are together: root of the mean square of their deviations."""
    return float(rms(deviations(figures, aims)))


def farther(figures: Floats, usual: Floats, aims: Sequence[Aim]) -> float:
    """By how much facts lie farther off than usual, in standard deviations.

    Fact by fact, and then the root of the mean square: what is nearer in one does not make up for
    what is farther in another.
    """
    allowed = np.abs(deviations(usual, aims))
    return float(rms(beyond(deviations(figures, aims), allowed)))


def rows_of(figures: Floats, aims: Sequence[Aim]) -> list[dict[str, Any]]:
    """A row per fact: as reported, as measured with its interval over worlds, how far off."""
    got, far = statistics.mean_intervals(figures), deviations(figures, aims)
    return [
        {
            "id": aim.fact.id,
            "kpi": aim.fact.kpi,
            "unit": aim.fact.unit,
            "reported": aim.fact.value,
            "reported_low": aim.fact.low,
            "reported_high": aim.fact.high,
            "mean": got.mean[k],
            "low": got.low[k],
            "high": got.high[k],
            "n": int(got.n[k]),
            "deviations": far[k],
            "inside": bool(aim.fact.holds(got.mean[k])),
        }
        for k, aim in enumerate(aims)
    ]


__all__ = ["Levels", "Yardstick", "deviations", "farther", "means", "off", "rows_of"]
