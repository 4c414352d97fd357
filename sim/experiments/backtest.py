"""Predict experiments that really happened, and say how well that was done."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from sim.console.progress import OnProgress
from sim.evidence.backtests import ALL_WORLDS, LIVED, NOT_YET, PUT_IN, TOLD_APART, Lived
from sim.evidence.facts import Fact, load_facts
from sim.evidence.measure import BASELINE, Measurement
from sim.evidence.published import (
    Published,
    experiments,
    load_published,
    load_yardsticks,
    scale_of,
)
from sim.experiments.compare import settled
from sim.experiments.critical import CONFIDENCE
from sim.experiments.executors import ExecutionSettings, run_missing
from sim.experiments.jackknife import intervals, pooled
from sim.experiments.judging import NOBODY, Evidence
from sim.experiments.keeping import keep
from sim.experiments.plan import replication_seeds
from sim.experiments.predictions import (
    NO_DIRECTION,
    RIGHT,
    UNDECIDED,
    WRONG,
    accuracy,
    correlation,
    direction,
    direction_of_mean,
    overlap,
)
from sim.experiments.statistics import Floats, mean_intervals
from sim.experiments.validate import composed, measured_run
from sim.store.runs import Store, run_key

NOT_PREDICTED = "not predicted"
BLIND, NOT_BLIND = "blind", "not blind"


def backtest(
    scenario: str,
    replications: int,
    seed: int,
    overrides: Sequence[str],
    settings: ExecutionSettings,
    on_progress: OnProgress | None = None,
) -> Path:
    """Predict every published experiment and causal fact, and hold it against what was found.

    Parameters
    ----------
    scenario
        The operator whose customers live them, an average one.
    replications, seed
        Number of worlds, and where their seeds come from.
    overrides
        Hold in every world; `behaviour=...` chooses by which behaviour is predicted.
    settings
        Where results go and how runs are done.
    on_progress
        Told now and then how far it has come.

    Returns
    -------
    Path
        The result folder ``<results>/backtest/<scenario>-<hash>``: `experiments`, one row each;
        `score`, of those that are blind and of the others; `yardsticks`, what published simulators
        of customers reach.

    Raises
    ------
    ConfigurationError, ResultsError, RunsInterrupted
        In one sentence.
    """
    facts = load_facts(config_dir=settings.config_dir)
    asked = experiments(load_published(settings.config_dir), facts)
    yardsticks = load_yardsticks(settings.config_dir)
    needed = {world for each in asked for world in _worlds_of(each)}
    worlds = {name: each for name, each in ALL_WORLDS.items() if name in needed | {BASELINE}}
    configs, refused = composed(worlds, scenario, overrides, settings)
    evidence = Evidence(Store(settings.results), {}, configs, refused, CONFIDENCE)
    seeds = replication_seeds(seed, replications)
    run_missing(evidence.missing(needed, seeds), settings, on_progress, compute=measured_run)
    table = pd.DataFrame([row_of(each, _fitted(each, facts), evidence, seeds) for each in asked])
    found = {
        "experiments": settled(table),
        "score": settled(scores(table)),
        "yardsticks": pd.DataFrame([vars(each) for each in yardsticks]),
    }
    told = {"experiments": [vars(each) for each in asked], "worlds": replications}
    folder = settings.results / "backtest" / _named(scenario, configs[BASELINE], told, seed)
    about = {
        "experiment": "backtest",
        "scenario": scenario,
        "replications": replications,
        "seed": seed,
        "seeds": seeds,
        "runs": sorted(run.key for run in evidence.runs.values()),
        "overrides": list(overrides),
        "configuration": configs[BASELINE],
    }
    return keep(folder, found, about)


def _named(scenario: str, config: dict[str, Any], told: dict[str, Any], seed: int) -> str:
    return f"{scenario}-{run_key({**config, **told}, seed)[:8]}"


def _worlds_of(experiment: Published) -> tuple[str, ...]:
    lived = LIVED.get(experiment.id)
    return lived.how.worlds if lived is not None else ()


def _fitted(experiment: Published, facts: Sequence[Fact]) -> str:
    """Why nothing is foretold of an experiment: what of it was made use of; empty if nothing."""
    if experiment.id in PUT_IN:
        return f"sets {PUT_IN[experiment.id]}"
    fits = {fact.id for fact in facts if fact.role == "fit"}
    return f"{experiment.same_as} was fitted" if experiment.same_as in fits else ""


class Prediction(NamedTuple):
    """An effect over worlds: its mean and interval, NaN where there is none; and of how many."""

    mean: float
    low: float
    high: float
    worlds: int


NOTHING = Prediction(np.nan, np.nan, np.nan, 0)


def predicted(lived: Lived, evidence: Evidence, seeds: Sequence[int]) -> Prediction:
    """The effect of an experiment over the worlds of these seeds."""
    how = lived.how
    if lived.pooled and isinstance(how, Measurement):
        by_world = [evidence.readings(lived.read_as, world, seeds) for world in how.worlds]
        return together(how.combine, np.array(by_world, float).transpose(1, 0, 2))
    figures = evidence.values(how, lived.read_as, seeds)
    got = mean_intervals([lived.effect(figure) for figure in figures])
    return Prediction(float(got.mean[0]), float(got.low[0]), float(got.high[0]), int(got.n[0]))


def together(combine: Callable[..., float], readings: Floats) -> Prediction:
    """The effect that the readings of all worlds come to when they are added up.

    Parameters
    ----------
    combine
        From the readings of the worlds, in their order, to the effect.
    readings
        Shape (seeds, worlds, readings); a seed that lacks one is left out.
    """
    known = readings[np.isfinite(readings).all(axis=(1, 2))]
    if not len(known):
        return NOTHING

    def measure(total: Floats) -> Floats:
        return np.array([combine(*(tuple(world) for world in total))])

    got = intervals(*pooled(measure, known))
    return Prediction(float(got.mean[0]), float(got.low[0]), float(got.high[0]), len(known))


def row_of(
    experiment: Published, fitted: str, evidence: Evidence, seeds: Sequence[int]
) -> dict[str, Any]:
    """An experiment's row in the table: as published, as predicted, and what comes of both.

    Parameters
    ----------
    experiment
        What happened.
    fitted
        What of it was made use of, so that it is not blind; empty if nothing was.
    evidence, seeds
        Finished runs, and the worlds to read.
    """
    lived, why, found = LIVED.get(experiment.id), "", NOTHING
    if experiment.yardstick:
        why = TOLD_APART
    elif lived is None:
        why = NOT_YET
    elif refused := evidence.why_not(lived.how.worlds):
        why = f"a run it needs cannot be made: {refused}"
    else:
        found = predicted(lived, evidence, seeds)
        why = "" if np.isfinite(found.mean) else NOBODY
    return {
        "id": experiment.id,
        "what": experiment.what,
        "who": experiment.who,
        "treatment": experiment.treatment,
        "outcome": experiment.outcome,
        "unit": experiment.unit,
        "effect": experiment.effect,
        "low": experiment.low,
        "high": experiment.high,
        "yardstick": experiment.yardstick,
        "predicted": found.mean,
        "predicted_low": found.low,
        "predicted_high": found.high,
        "worlds": found.worlds,
        **judged(experiment, found, level=lived is not None and lived.level),
        "blind": not fitted,
        "same_as": experiment.same_as,
        "fitted": fitted,
        "here": lived.here if lived is not None else "",
        "note": experiment.note,
        "source": experiment.source,
        "why": why,
    }


def judged(experiment: Published, found: Prediction, *, level: bool = False) -> dict[str, Any]:
    """What comes of a prediction: directions, whether intervals overlap, effects as logarithms.

    Parameters
    ----------
    experiment, found
        What happened, and what was predicted.
    level
        Whether the figure is no effect, but one after a treatment that all had.
    """
    log = np.nan
    if not np.isfinite(found.mean):
        told = dict.fromkeys(("direction", "direction_of_mean", "overlap"), NOT_PREDICTED)
        return {**told, "log_effect": log, "log_predicted": log}
    scale = scale_of(experiment.unit)
    meets = overlap(experiment.low, experiment.high, found.low, found.high)
    known = np.isfinite(found.low)
    logs = scale.log if scale.log is not None and not level else lambda _: log
    open_yet = level or experiment.low < scale.none < experiment.high  # it found no direction
    published = scale.none if open_yet else experiment.effect
    return {
        "direction": direction(published, scale.none, *found[:3]),
        "direction_of_mean": direction_of_mean(published, scale.none, found.mean),
        "overlap": ("yes" if meets else "no") if known else UNDECIDED,
        "log_effect": logs(experiment.effect),
        "log_predicted": logs(found.mean),
    }


def scores(table: pd.DataFrame) -> pd.DataFrame:
    """How well the blind ones were predicted, and the others: a row each.

    Parameters
    ----------
    table
        Rows of `row_of`.
    """
    made = table[table["direction"] != NOT_PREDICTED]
    return pd.DataFrame(
        [
            score(who, made[made["blind"] == blind])
            for who, blind in ((BLIND, True), (NOT_BLIND, False))
        ]
    )


def score(who: str, rows: pd.DataFrame) -> dict[str, Any]:
    """How well some experiments were predicted.

    Parameters
    ----------
    who
        What they are called.
    rows
        Of `row_of`, all of them predicted.
    """
    counts = rows["direction"].value_counts()
    told = accuracy(rows["direction"].tolist())
    by_mean = accuracy(rows["direction_of_mean"].tolist())
    alike = correlation(rows["log_effect"], rows["log_predicted"])
    meets = rows["overlap"].value_counts()
    asked = int(meets.get("yes", 0) + meets.get("no", 0))
    return {
        "who": who,
        "experiments": len(rows),
        "right": int(counts.get(RIGHT, 0)),
        "wrong": int(counts.get(WRONG, 0)),
        "undecided": int(counts.get(UNDECIDED, 0)),
        "no_direction": int(counts.get(NO_DIRECTION, 0)),
        "accuracy": told.value,
        "accuracy_low": told.low,
        "accuracy_high": told.high,
        "accuracy_of_mean": by_mean.value,
        "accuracy_of_mean_low": by_mean.low,
        "accuracy_of_mean_high": by_mean.high,
        "correlation": alike.value,
        "correlation_low": alike.low,
        "correlation_high": alike.high,
        "correlated": alike.n,
        "overlap": int(meets.get("yes", 0)) / asked if asked else np.nan,
        "overlapping": int(meets.get("yes", 0)),
        "compared": asked,
    }


__all__ = [
    "BLIND",
    "NOT_BLIND",
    "NOT_PREDICTED",
    "Prediction",
    "backtest",
    "judged",
    "predicted",
    "row_of",
    "score",
    "scores",
    "together",
]
