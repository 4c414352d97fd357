"""Any settings over many values, under one strategy or several: what responds, and by how much."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal

import numpy as np
import pandas as pd

from sim.config.loading import fingerprint, resolved
from sim.console.progress import OnProgress
from sim.experiments import statistics
from sim.experiments.compare import described
from sim.experiments.evaluation import Evaluation, Trial
from sim.experiments.executors import ExecutionSettings
from sim.experiments.keeping import keep
from sim.experiments.objectives import MAIN
from sim.experiments.paired import at_once, ordered
from sim.experiments.plan import replication_seeds
from sim.experiments.samplers import Grid, Hypercube
from sim.experiments.space import Choice, Constraint, Range, Space, Value
from sim.experiments.varied import fitting, told
from sim.parameters.quantity import ConfigurationError
from sim.reference.parameters import parameters

FIRST = "first"  # the reference is the first strategy named
COMPARED = ("indicator", "unit", "mean", "low", "high", "n", "critical", "method")


def sweep(
    varied: Mapping[str, Range | Choice],
    strategies: Sequence[str],
    settings: ExecutionSettings,
    *,
    method: Literal["grid", "lhs"] = "grid",
    samples: int = 0,
    replications: int = 5,
    seed: int = 1,
    reference: str = FIRST,
    overrides: Sequence[str] = (),
    constraints: Sequence[Constraint] = (),
    on_progress: OnProgress | None = None,
) -> Path:
    """Run strategies at many points of their settings, all in the same worlds.

    Parameters
    ----------
    varied
        What to vary, by dotted key: a `Choice` of values (grid, Latin hypercube) or a `Range`
        (Latin hypercube only).
    strategies
        Names in `scenarios/`; all are varied alike.
    settings
        Where results go and how runs are done.
    method
        All combinations, or a Latin hypercube (McKay, Beckman & Conover 1979).
    samples
        Points of the Latin hypercube.
    replications
        Runs at each point; every point and strategy meets the same seeds, so what differs is
        what the treatment caused.
    seed
        Where the replications' seeds and the Latin hypercube come from.
    reference
        Strategy the others are compared with at each point, added when it is not among them;
        ``first``: the first one.
    overrides
        What is the same at every point.
    constraints
        On the settings together; points that break one are left out.
    on_progress
        Told now and then how far it has come.

    Returns
    -------
    Path
        The result folder ``<results>/sweep/<reference>-<hash>`` with

        - `points`: a row per point (and strategy, if there are several) with mean and 95% interval
          of every indicator of the whole population;
        - `runs`: a row per run with its seed and key;
        - `differences`: to the reference at the same point, main outcomes, 95% intervals
          that hold for all points and strategies at once;
        - `steps`: to the same strategy at the first point of a grid, likewise;
        - `settings`, `outcomes`, `strategies`: what was varied, measured and compared.

    Raises
    ------
    ConfigurationError, ResultsError, RunsInterrupted
        In one sentence.
    """
    if not strategies:
        raise ConfigurationError("Name a strategy to be varied, as in `repurchase sweep baseline`.")
    reference = strategies[0] if reference == FIRST else reference
    names, seeds = ordered(strategies, reference), replication_seeds(seed, replications)
    lives = Evaluation(names, overrides, seeds, settings, on_progress)
    bases = lives.as_they_are()
    space = Space(fitting(varied, resolved(bases[reference])), constraints)
    lives.explore(Grid(space) if method == "grid" else Hypercube(space, samples, seed))
    points = {trial.number: dict(trial.point) for trial in lives.trials}
    asked = {
        "strategies": names,
        "parameters": [*points.values()],
        "seeds": seeds,
        "configurations": {name: resolved(config) for name, config in bases.items()},
    }
    found = {
        **_tables(lives),
        "differences": _differences(lives, reference),
        "steps": _steps(lives, steps=method == "grid"),
        "settings": _settings(space, settings.config_dir),
        "strategies": described(bases),
    }
    about = {
        "experiment": "sweep",
        "method": method,
        "reference": reference,
        "replications": replications,
        "seed": seed,
        **asked,
        "overrides": list(overrides),
        "runs": [run.key for trial in lives.trials for run in trial.runs],
        "run_seconds": round(lives.seconds(), 3),
    }
    folder = settings.results / "sweep" / f"{reference}-{fingerprint(asked)[:8]}"
    return keep(folder, found, about)


def _tables(lives: Evaluation) -> dict[str, pd.DataFrame]:
    """What the stored runs say, point by point."""
    several = len(lives.strategies) > 1
    measured = pd.concat([lives.measured(trial) for trial in lives.trials], ignore_index=True)
    names, units = list(measured.columns), lives.units()
    lines, listed, first = [], [], 0
    for trial in lives.trials:
        end = first + len(trial.runs)
        got = statistics.mean_intervals(measured.iloc[first:end].to_numpy(dtype=float))
        first = end
        whose: dict[str, object] = {"point": trial.number}
        whose |= {"strategy": trial.strategy} if several else {}
        line = {**whose, **{key: _plain(value) for key, value in trial.point.items()}}
        for place, name in enumerate(names):
            line[str(name)] = got.mean[place]
            line[f"{name}_low"] = got.low[place]
            line[f"{name}_high"] = got.high[place]
        lines.append({**line, "replications": len(trial.runs)})
        listed += [{**whose, "seed": run.seed, "key": run.key} for run in trial.runs]
    better = {outcome.name: outcome.better for outcome in MAIN}
    outcomes = [
        {"indicator": str(name), "unit": units.get(str(name), ""), "better": better.get(name, "")}
        for name in names
    ]
    return {
        "points": pd.DataFrame(lines),
        "runs": pd.DataFrame(listed),
        "outcomes": pd.DataFrame(outcomes),
    }


def _plain(value: Value) -> float | str:
    """A value as tables have it: every number as one kind, words and switches as words."""
    return told(value) if isinstance(value, str | bool) else float(value)


def _differences(lives: Evaluation, reference: str) -> pd.DataFrame:
    """Each strategy against the reference at the same point."""
    of_reference = {each.number: each for each in lives.trials if each.strategy == reference}
    pairs = [
        (each, of_reference[each.number]) for each in lives.trials if each.strategy != reference
    ]
    compared = _compared(lives, pairs)
    compared.insert(2, "reference", reference)
    return compared


def _steps(lives: Evaluation, steps: bool) -> pd.DataFrame:
    """Each point against the first one under the same strategy."""
    first = {each.strategy: each for each in reversed(lives.trials) if steps}
    pairs = [
        (each, first[each.strategy])
        for each in lives.trials
        if each.strategy in first and each is not first[each.strategy]
    ]
    return _compared(lives, pairs)


def _compared(lives: Evaluation, pairs: Sequence[tuple[Trial, Trial]]) -> pd.DataFrame:
    """Paired differences of the main outcomes, with intervals that hold for all pairs at once."""
    units, parts = lives.units(), []
    for outcome in MAIN if pairs else ():
        if outcome.name not in units:
            continue
        values = [
            [lives.measured(trial)[outcome.name].to_numpy(float) for trial in pair]
            for pair in pairs
        ]
        parts.append(
            at_once(np.array([after - before for after, before in values]).T).assign(
                point=[after.number for after, _ in pairs],
                strategy=[after.strategy for after, _ in pairs],
                indicator=outcome.name,
                unit=units[outcome.name],
            )
        )
    columns = ["point", "strategy", *COMPARED]
    return pd.concat(parts, ignore_index=True)[columns] if parts else pd.DataFrame(columns=columns)


def _settings(space: Space, config_dir: Path | None) -> pd.DataFrame:
    """What was varied, with what is known of it."""
    known = {each.key: each for each in parameters(config_dir)}
    rows = []
    for key, setting in space.settings.items():
        about = known.get(key)
        ends = [setting.low, setting.high] if isinstance(setting, Range) else [np.nan] * 2
        rows.append(
            {
                "key": key,
                "unit": about.unit if about else "",
                "what": about.about if about else "",
                "values": ", ".join(map(told, setting.values))
                if isinstance(setting, Choice)
                else "",
                "low": ends[0],
                "high": ends[1],
                "scale": setting.scale if isinstance(setting, Range) else "",
            }
        )
    return pd.DataFrame(rows)


__all__ = ["FIRST", "sweep"]
