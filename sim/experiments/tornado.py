"""How far a strategy's difference moves with every assumption, and whether the choice does.

One assumption at a time is moved to both ends of its range (`sim.experiments.ranges`), under all
strategies and in the same worlds: differences are paired, and so is what they differ by from the
difference as it is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sim.config.loading import resolved
from sim.console.progress import OnProgress
from sim.experiments import statistics
from sim.experiments.effects import Effects, Outcome
from sim.experiments.evaluation import Evaluation, Trial
from sim.experiments.executors import ExecutionSettings
from sim.experiments.goals import USUAL as USUAL_GOAL
from sim.experiments.goals import Asked, check_readable, chosen, weights
from sim.experiments.lived import keep_lived
from sim.experiments.plan import replication_seeds
from sim.experiments.ranges import Assumption, ranged, settable
from sim.experiments.space import Point
from sim.parameters.quantity import ConfigurationError
from sim.text.outgoing import cited

LOW, AS_IT_IS, HIGH = POINTS = ("low", "as it is", "high")
USUAL = ("", AS_IT_IS)  # the place where no assumption is moved

Place = tuple[str, str]  # of an assumption and one of its points
Levels = Mapping[str, statistics.Floats]  # of the goal, by strategy; an entry per world


@dataclass(frozen=True)
class Lived:
    """What came of it: the goal in every world, by place and strategy.

    Attributes
    ----------
    outcome
        What the goal is measured by.
    strategies, reference
        Those that are compared, without the reference, and that.
    levels
        By place; `USUAL` is one of them, and so is every point of every assumption.
    """

    outcome: Outcome
    strategies: Sequence[str]
    reference: str
    levels: Mapping[Place, Levels]

    def ahead(self, place: Place, one: str, other: str) -> statistics.Floats:
        """By how much the level of one is above that of another, in every world."""
        own = self.levels[place]
        return own[one] - own[other]

    def first(self, place: Place) -> str:
        """Who is best on average, the reference too; of equals, who is so as it is."""
        names = [*self.strategies, self.reference]
        means = {name: self.outcome.better * _mean(self.levels[place][name]) for name in names}
        best = max(means, key=means.__getitem__)
        usual = best if place == USUAL else self.first(USUAL)
        return usual if means[usual] >= means[best] else best

    def turns(self, place: Place, one: str, other: str) -> bool:
        """Whether it turns beyond luck who of two is ahead of the other.

        The difference there has another sign than the difference as it is, its interval is
        without zero, and so is that of what the two differ by.
        """
        there, now = self.ahead(place, one, other), self.ahead(USUAL, one, other)
        turned = np.sign(_mean(there)) != np.sign(_mean(now))
        return bool(turned) and _clear(there) and _clear(there - now)


def tornado(
    strategies: Sequence[str],
    settings: ExecutionSettings,
    *,
    reference: str,
    goal: Asked = USUAL_GOAL,
    replications: int,
    seed: int = 1,
    only: str = "behaviour",
    everything: bool = False,
    factor: float = 2.0,
    overrides: Sequence[str] = (),
    on_progress: OnProgress | None = None,
) -> Path:
    """Move every assumption to both ends of its range, one at a time.

    Parameters
    ----------
    strategies, reference
        Names of scenarios: those that are compared, and what with.
    settings
        Where results go and how runs are done.
    goal
        What decides, see `sim.experiments.goals.weights`.
    replications, seed
        How many worlds, and where their seeds come from.
    only, everything, factor
        Which assumptions are moved, and how far; see `sim.experiments.ranges.ranged`.
    overrides
        What is the same in every run.
    on_progress
        Told now and then how far it has come.

    Returns
    -------
    Path
        The folder ``<results>/assumptions/<first strategy>-<hash>`` with

        - `tornado`: a row per strategy, assumption and point, the widest first: the difference to
          the reference in the goal, and what it differs by from the difference as it is;
        - `choice`: a row per assumption and point, who comes first and by how much before whom
          is first as it is, and whose difference turns its sign;
        - `runs`: a row per run with its seed and key.

    Raises
    ------
    ConfigurationError, ResultsError, RunsInterrupted
        In one sentence.
    """
    name = chosen(goal)
    compared = list(dict.fromkeys(strategies))
    if reference in compared or not compared:
        raise ConfigurationError(
            f"{cited(reference)} is what strategies are compared with: name another one."
        )
    seeds = replication_seeds(seed, replications)
    lives = Evaluation([*compared, reference], overrides, seeds, settings, on_progress)
    configs = lives.as_they_are()
    ranges, left_out = ranged(
        configs, settings.config_dir, only=only, everything=everything, factor=factor
    )
    assumed = settable(ranges, lives.possible)
    left_out["contradicts another setting"] = len(ranges) - len(assumed)
    check_readable(goal, configs[reference].run.days)
    effects, usual = Effects(lives, goal=goal), lives.run([{}])
    for trial in usual:  # before all the others are lived through
        _check_measured(effects.measured(trial)[name], name)
    trials = {USUAL: usual, **_moved(lives, assumed)}
    levels = {
        place: {
            trial.strategy: effects.measured(trial)[name].to_numpy(float) for trial in own
        }
        for place, own in trials.items()
    }  # fmt: skip
    as_it_is = {(each.key, point): levels[USUAL] for each in assumed for point in POINTS}
    lived = Lived(effects.outcomes[0], compared, reference, {**as_it_is, **levels})
    found = {
        "tornado": tornado_of(lived, assumed),
        "choice": choice_of(lived, assumed),
        "runs": _runs(trials),
    }
    asked = {
        "configurations": {name: resolved(config) for name, config in configs.items()},
        "reference": reference,
        "strategies": compared,
        "goal": name,
        "goals": weights(goal),
        "assumptions": [each._asdict() for each in assumed],
        "left_out": left_out,
        "only": only,
        "factor": float(factor),
        "seeds": seeds,
    }
    return keep_lived("assumptions", lives, found, asked, seed)


def _moved(lives: Evaluation, assumed: Sequence[Assumption]) -> dict[Place, list[Trial]]:
    """Trials of both ends; one that its bounds leave as it is has none of its own."""
    ends = {
        (each.key, point): value
        for each in assumed
        for point, value in ((LOW, each.low), (HIGH, each.high))
        if value != each.value
    }
    points: list[Point] = [{key: value} for (key, _), value in ends.items()]
    trials, count = lives.run(points), len(lives.strategies)
    return {place: trials[k * count : (k + 1) * count] for k, place in enumerate(ends)}


def _check_measured(values: "pd.Series[float]", goal: str) -> None:
    """Refuse a goal of whose people there is nobody in these worlds."""
    if values.isna().all():
        raise ConfigurationError(
            f"In these worlds there is nobody by whom the goal {goal} can be read: let "
            "population.households be larger."
        )


def tornado_of(lived: Lived, assumed: Sequence[Assumption]) -> pd.DataFrame:
    """Differences at each point, of every strategy the assumption first that moves it farthest."""
    parts = []
    for strategy in lived.strategies:
        own = [_bar(lived, strategy, each) for each in assumed]
        parts += sorted(own, key=lambda bar: -bar["width"].iloc[0])
    return pd.concat(parts, ignore_index=True)


def _bar(lived: Lived, strategy: str, each: Assumption) -> pd.DataFrame:
    now = lived.ahead(USUAL, strategy, lived.reference)
    rows = []
    for point, value in zip(POINTS, (each.low, each.value, each.high), strict=True):
        there = lived.ahead((each.key, point), strategy, lived.reference)
        rows.append(
            {
                "strategy": strategy,
                "assumption": each.key,
                "rests_on": each.rests_on,
                "moved": each.moved,
                "point": point,
                "value": float(value),
                "value_unit": each.unit,
                "outcome": lived.outcome.name,
                "unit": lived.outcome.unit,
                **statistics.mean_interval(there),
                **_change(there - now, each, value),
            }
        )
    bar = pd.DataFrame(rows)
    return bar.assign(width=bar["mean"].max() - bar["mean"].min())


def choice_of(lived: Lived, assumed: Sequence[Assumption]) -> pd.DataFrame:
    """Who comes first at each point, and what turns beyond luck."""
    usual, better, rows = lived.first(USUAL), lived.outcome.better, []
    for each in assumed:
        for point, value in zip(POINTS, (each.low, each.value, each.high), strict=True):
            place = (each.key, point)
            first = lived.first(place)
            there = better * lived.ahead(place, first, usual)
            now = better * lived.ahead(USUAL, first, usual)
            signs = [name for name in lived.strategies if lived.turns(place, name, lived.reference)]
            rows.append(
                {
                    "assumption": each.key,
                    "point": point,
                    "value": float(value),
                    "first": first,
                    "first_as_it_is": usual,
                    "outcome": lived.outcome.name,
                    "unit": lived.outcome.unit,
                    **(statistics.mean_interval(there) if first != usual else _nothing(len(there))),
                    **_change(there - now, each, each.value if first == usual else value),
                    "changes_first": lived.turns(place, first, usual),
                    "changes_sign": ", ".join(signs),
                }
            )
    return pd.DataFrame(rows)


def _runs(trials: Mapping[Place, Sequence[Trial]]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "assumption": key,
            "point": point,
            "strategy": trial.strategy,
            "seed": run.seed,
            "key": run.key,
        }
        for (key, point), own in trials.items()
        for trial in own
        for run in trial.runs
    )


def _change(differences: statistics.Floats, each: Assumption, value: float) -> dict[str, Any]:
    """What a difference differs by from that as it is; from itself by nothing."""
    same = value == each.value
    got = _nothing(len(differences)) if same else statistics.mean_interval(differences)
    return {"change": got["mean"], "change_low": got["low"], "change_high": got["high"]}


def _nothing(worlds: int) -> dict[str, Any]:
    return {"mean": 0.0, "low": 0.0, "high": 0.0, "n": worlds}


def _mean(values: statistics.Floats) -> float:
    return statistics.mean_interval(values)["mean"]


def _clear(values: statistics.Floats) -> bool:
    """Whether the interval of a mean is without zero; where there is none, it is not."""
    got = statistics.mean_interval(values)
    return bool(got["low"] > 0 or got["high"] < 0)


__all__ = ["POINTS", "USUAL", "Lived", "choice_of", "tornado", "tornado_of"]
