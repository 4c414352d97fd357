"""Measure in the simulation what the literature reports, and say where it lies."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sim.console.progress import OnProgress
from sim.dictionary import write_dictionary
from sim.evidence.facts import Fact, load_facts
from sim.evidence.measure import (
    BASELINE,
    MEASUREMENTS,
    NOT_YET,
    PAIRED,
    WORLDS,
    Measurement,
    PairedMeasurement,
    readings_of,
)
from sim.evidence.pairs import record
from sim.experiments.executors import ExecutionSettings, run_missing
from sim.experiments.plan import PlannedRun, replication_seeds
from sim.experiments.statistics import mean_intervals
from sim.experiments.workers import OnDay
from sim.indicators import Book, daily_table, household_table, monthly_table
from sim.parameters.quantity import ConfigurationError
from sim.rules.trusting import UntrustedRuleError
from sim.store.result import Result
from sim.store.runs import Store, run_key, whole_folder, write_tables

INSIDE, OUTSIDE, NOT_MEASURED = "inside", "outside", "cannot be measured yet"
NOBODY = "nobody in these runs of whom it could be said"


def validate(
    scenario: str,
    replications: int,
    seed: int,
    overrides: Sequence[str],
    settings: ExecutionSettings,
    on_progress: OnProgress | None = None,
) -> Path:
    """Measure every fact in runs of a scenario and of the worlds it is compared with.

    Parameters
    ----------
    scenario
        The average operator, whom the levels are about.
    replications, seed
        Number of seeds, and the first.
    overrides
        Hold in every world.
    settings
        Where results go and how runs are done.

    Returns
    -------
    Path
        The result folder ``<results>/validate/<scenario>-<hash>``: `facts`, one row per fact,
        and `summary`, how many lie inside by kind and role; CSV and Parquet.

    Raises
    ------
    ConfigurationError, ResultsError, RunsInterrupted
        In one sentence.
    """
    facts = load_facts(config_dir=settings.config_dir)
    configs, refused = _composed(scenario, overrides, settings)
    seeds = replication_seeds(seed, replications)
    runs = {
        (world, s): _planned(values, s, f"{world}, replication {i + 1}")
        for world, values in configs.items()
        for i, s in enumerate(seeds)
    }
    run_missing(list(runs.values()), settings, on_progress, compute=measured_run)
    evidence = _Evidence(Store(settings.results), runs, seeds, refused)
    table = pd.DataFrame([_row(fact, evidence) for fact in facts])
    key = run_key({**configs[BASELINE], "facts": [vars(fact) for fact in facts]}, seed)
    folder = settings.results / "validate" / f"{scenario}-{key[:8]}"
    about = {
        "experiment": "validate",
        "seeds": seeds,
        "runs": sorted(run.key for run in runs.values()),
        "configuration": configs[BASELINE],
    }
    with whole_folder(folder, about) as home:
        found = {"facts": table, "summary": summary(table)}
        write_tables(home, found)
        write_dictionary(home, "validate", found)
    return folder


def _composed(
    scenario: str, overrides: Sequence[str], settings: ExecutionSettings
) -> tuple[dict[str, dict[str, Any]], dict[str, str]]:
    """Resolved configuration of each world, or why it cannot be composed."""
    from sim.config.loading import load, resolved

    configs, refused = {}, {}
    for name, world in WORLDS.items():
        try:
            chosen = [*overrides, *world.overrides]
            config = load(
                world.scenario or scenario,
                chosen,
                settings.config_dir,
                trust_rules=settings.trust_rules,
            )
            values = resolved(config)
            for path, factor in world.scaled.items():
                _scale(values, path, factor)
            configs[name] = values
        except ConfigurationError as error:
            if name == BASELINE or isinstance(error, UntrustedRuleError):
                raise
            refused[name] = str(error)
    return configs, refused


def _scale(values: dict[str, Any], path: str, factor: float) -> None:
    *nodes, leaf = path.split(".")
    for node in nodes:
        values = values.get(node, {})
    if leaf not in values:
        raise ConfigurationError(f"There is no setting {path}.")
    values[leaf] *= factor


def _planned(values: dict[str, Any], seed: int, label: str) -> PlannedRun:
    # Another key than that of an ordinary run: what is kept of it is something else.
    key = run_key({**values, "kept": "readings"}, seed)
    return PlannedRun(label, values, seed, False, key)


def measured_run(run: PlannedRun, on_day: OnDay) -> Result:
    """Simulate one run and keep what the facts read from it.

    `indicators` holds the readings (indicator = fact, segment = which of its readings), `orders`
    the record of `pairs.record`.
    """
    from sim.config.loading import from_resolved
    from sim.experiments.simulate import observe

    config = from_resolved(run.config)
    book = Book(observe(config, run.seed, on_day=on_day))
    return Result(
        indicators=reading_rows(book),
        daily=daily_table(book),
        monthly=monthly_table(book),
        households=household_table(book),
        groups=pd.DataFrame({name: book.observed.groups[name] for name in ("founded_day",)}),
        orders=record(book),
    )


def reading_rows(book: Book) -> pd.DataFrame:
    """Every reading of a run in the columns of `Result.indicators`."""
    rows = [
        (fact, "reading", str(i), np.nan, np.nan, value, "")
        for fact, values in readings_of(book).items()
        for i, value in enumerate(values)
    ]
    columns = ["indicator", "by", "segment", "numerator", "denominator", "value", "unit"]
    return pd.DataFrame(rows, columns=columns)


@dataclass(frozen=True)
class _Evidence:
    """What finished runs say, and why some worlds were not run."""

    store: Store
    runs: dict[tuple[str, int], PlannedRun]
    seeds: list[int]
    refused: dict[str, str]

    def why_not(self, worlds: Sequence[str]) -> str | None:
        missing = [self.refused[world] for world in worlds if world in self.refused]
        return missing[0] if missing else None

    def readings(self, fact: str, world: str) -> list[tuple[float, ...]]:
        found = []
        for seed in self.seeds:
            table = self._table(world, seed, "indicators")
            found.append(tuple(table.loc[table["indicator"] == fact, "value"]))
        return found

    def values(self, measurement: Measurement, fact: str) -> list[float]:
        by_world = [self.readings(fact, world) for world in measurement.worlds]
        return [measurement.combine(*told) for told in zip(*by_world, strict=True)]

    def paired(self, measurement: PairedMeasurement) -> list[float]:
        return [
            measurement.follow(
                *(self._table(world, seed, "orders") for world in measurement.worlds)
            )
            for seed in self.seeds
        ]

    def _table(self, world: str, seed: int, name: str) -> pd.DataFrame:
        return self.store.table(self.runs[world, seed].key, name)


def _row(fact: Fact, evidence: _Evidence) -> dict[str, Any]:
    value, low95, high95, why = _measured(fact, evidence)
    if np.isnan(value):
        verdict = NOT_MEASURED
    else:
        verdict = INSIDE if fact.holds(value) and not why else OUTSIDE
    return {
        "id": fact.id,
        "kind": fact.kind,
        "role": fact.role,
        "kpi": fact.kpi,
        "who": fact.who,
        "condition": fact.condition,
        "unit": fact.unit,
        "reported": fact.value,
        "low": fact.low,
        "high": fact.high,
        "value": value,
        "low95": low95,
        "high95": high95,
        "verdict": verdict,
        "why": why,
    }


def _measured(fact: Fact, evidence: _Evidence) -> tuple[float, float, float, str]:
    """Mean over replications with its interval, or NaN and why."""
    missing = float("nan")
    how: Measurement | PairedMeasurement | None
    how = MEASUREMENTS.get(fact.id) or PAIRED.get(fact.id)
    if how is None:
        why = NOT_YET.get(fact.id, "nobody has said yet how to measure it")
        return missing, missing, missing, why
    why_not = evidence.why_not(how.worlds)
    if why_not is not None:
        return missing, missing, missing, f"a run it needs cannot be made: {why_not}"
    if isinstance(how, PairedMeasurement):
        values = evidence.paired(how)
    else:
        values = evidence.values(how, fact.id)
    interval = mean_intervals(values)
    mean, low, high = (float(part[0]) for part in (interval.mean, interval.low, interval.high))
    if np.isnan(mean):
        return missing, missing, missing, NOBODY
    why = ""
    if isinstance(how, Measurement) and how.demand is not None:
        told = np.mean(evidence.readings(fact.id, how.worlds[0]), axis=0)
        why = how.demand(tuple(told)) or ""
    return mean, low, high, why


def summary(table: pd.DataFrame) -> pd.DataFrame:
    """How many facts lie inside their bounds, by kind and role."""
    verdicts = pd.crosstab([table["kind"], table["role"]], table["verdict"])
    verdicts = verdicts.reindex(columns=[INSIDE, OUTSIDE, NOT_MEASURED], fill_value=0)
    return verdicts.rename_axis(columns=None).reset_index()


__all__ = ["measured_run", "reading_rows", "summary", "validate"]
