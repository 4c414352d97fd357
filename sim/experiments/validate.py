"""Measure in the simulation what the literature reports, and say where it lies."""

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sim.console.progress import OnProgress, Standing
from sim.evidence.backtests import OWN
from sim.evidence.facts import Fact, load_facts
from sim.evidence.history import load_history
from sim.evidence.measure import BASELINE, Measurement, World, readings_of, worlds_of
from sim.evidence.pairs import record
from sim.evidence.regularities import ALL_WORLDS, BEYOND, load_regularities
from sim.experiments import beyond
from sim.experiments.executors import ExecutionSettings, run_missing
from sim.experiments.judging import Evidence, row_of
from sim.experiments.keeping import keep
from sim.experiments.plan import PlannedRun, replication_seeds
from sim.experiments.verdicts import UNDECIDED, VERDICTS, confidence_of, looks
from sim.experiments.workers import OnDay
from sim.indicators import Book, daily_table, household_table, monthly_table
from sim.parameters.quantity import ConfigurationError
from sim.rules.trusting import UntrustedRuleError
from sim.store.result import Result
from sim.store.runs import Store, run_key

DECIDED = "every row that can be measured is decided"


def validate(
    scenario: str,
    replications: int,
    seed: int,
    overrides: Sequence[str],
    settings: ExecutionSettings,
    on_progress: OnProgress | None = None,
    most: int | None = None,
) -> Path:
    """Measure every fact in runs of a scenario and of the worlds it is compared with.

    Rows that `replications` worlds leave undecided are measured in twice as many, and so on, until
    all are decided or `most` worlds are spent. Only the runs that such rows need are added; a row
    that is decided stays as it is.

    Parameters
    ----------
    scenario
        The average operator, whom the levels are about.
    replications, seed
        Number of seeds at the first look, and the first seed.
    overrides
        Hold in every world.
    settings
        Where results go and how runs are done.
    on_progress
        Told now and then how far it has come.
    most
        Number of seeds never exceeded; `replications` where nothing is said.

    Returns
    -------
    Path
        The result folder ``<results>/validate/<scenario>-<hash>``: `facts`, one row per fact;
        `summary`, verdicts by kind and role; `looks`, how many worlds each look took and what it
        decided; `regularities` and `beside`, what is said beyond the facts, in the worlds of the
        first two looks; `history`, what earlier states of the project measured. Its manifest says
        why no more worlds were added (``stopped``).

    Raises
    ------
    ConfigurationError, ResultsError, RunsInterrupted
        In one sentence.
    """
    facts = load_facts(config_dir=settings.config_dir)
    others, earlier = load_regularities(settings.config_dir), load_history(settings.config_dir)
    configs, refused = composed(ALL_WORLDS, scenario, overrides, settings)
    numbers = looks(replications, most or replications)
    seeds = replication_seeds(seed, numbers[-1])
    evidence = Evidence(
        Store(settings.results),
        {},
        configs,
        refused,
        confidence_of(len(numbers)),
        beyond.worlds_needed(others),
    )
    rows: dict[str, dict[str, Any]] = {}
    history, standing = [], Standing(0, 0, 0, 0)
    for i, number in enumerate(numbers):
        asked = [fact for fact in facts if _is_open(rows, fact)]
        needed = {world for fact in asked for world in worlds_of(fact.id)}
        added = evidence.missing(needed, seeds[:number])
        stage = f"look {i + 1} of at most {len(numbers)}, {number} worlds, {len(asked)} rows: "
        further = beyond.censuses(evidence)
        standing = _run(added, settings, on_progress, standing, stage, further)
        rows |= {fact.id: row_of(fact, evidence, seeds[:number]) for fact in asked}
        undecided = sum(row["verdict"] == UNDECIDED for row in rows.values())
        history.append(
            {"look": i + 1, "replications": number, "runs": len(added), "undecided": undecided}
        )
        if not undecided:
            break
    table = pd.DataFrame([rows[fact.id] for fact in facts])
    lived = seeds[: history[-1]["replications"]]
    # Its rows take worlds of their own: spared are those that a last undecided fact asks for.
    few = seeds[: history[:2][-1]["replications"]]
    added = evidence.missing(evidence.beyond, few)
    stage = f"beyond the facts, {len(few)} worlds, {len(others)} rows: "
    _run(added, settings, on_progress, standing, stage, beyond.censuses(evidence))
    told = {"facts": [vars(fact) for fact in (*facts, *others)], "looks": numbers}
    key = run_key({**configs[BASELINE], **told}, seed)
    folder = settings.results / "validate" / f"{scenario}-{key[:8]}"
    about = {
        "experiment": "validate",
        "scenario": scenario,
        "replications": replications,
        "most_replications": numbers[-1],
        "seed": seed,
        "overrides": list(overrides),
        "seeds": lived,
        "runs": sorted(run.key for run in evidence.runs.values()),
        "configuration": configs[BASELINE],
        "stopped": why_stopped(history),
    }
    found = {
        "facts": table,
        "summary": summary(table),
        "looks": pd.DataFrame(history),
        **beyond.tables(others, evidence, few),
        "history": earlier,
    }
    return keep(folder, found, about)


def _is_open(rows: dict[str, dict[str, Any]], fact: Fact) -> bool:
    return fact.id not in rows or rows[fact.id]["verdict"] == UNDECIDED


def why_stopped(history: Sequence[dict[str, Any]]) -> str:
    """Why no more worlds were added, in words."""
    last = history[-1]
    worlds = f"{last['replications']} worlds"
    if not last["undecided"]:
        return f"{worlds}: {DECIDED}"
    return (
        f"{worlds}: the budget is spent (experiment.most_replications), "
        f"{last['undecided']} rows are undecided"
    )


def _run(
    runs: Sequence[PlannedRun],
    settings: ExecutionSettings,
    on_progress: OnProgress | None,
    before: Standing,
    stage: str,
    further: Mapping[str, Sequence[int]],
) -> Standing:
    """Do the runs of one look; progress counts on from that of the looks before.

    `further` is of `measured_run`.
    """
    latest = before

    def show(now: Standing) -> None:
        nonlocal latest
        latest = Standing(
            before.finished + now.finished,
            before.runs + now.runs,
            before.lived + now.lived,
            before.to_live + now.to_live,
            now.elsewhere,
            stage,
        )
        if on_progress is not None:
            on_progress(latest)

    compute = partial(measured_run, further=further)
    run_missing(runs, settings, show if on_progress else None, compute=compute)
    return latest


def composed(
    worlds: Mapping[str, World],
    scenario: str,
    overrides: Sequence[str],
    settings: ExecutionSettings,
) -> tuple[dict[str, dict[str, Any]], dict[str, str]]:
    """Resolved configuration of each world, or why it cannot be composed.

    Raises
    ------
    ConfigurationError
        When it is the baseline that cannot.
    """
    from sim.config.loading import load, resolved

    configs, refused = {}, {}
    for name, world in worlds.items():
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
                scale(values, path, factor)
            configs[name] = values
        except ConfigurationError as error:
            if name == BASELINE or isinstance(error, UntrustedRuleError):
                raise
            refused[name] = str(error)
    return configs, refused


def scale(values: dict[str, Any], path: str, factor: float) -> None:
    """Multiply a setting of a resolved configuration."""
    *nodes, leaf = path.split(".")
    for node in nodes:
        values = values.get(node, {})
    if leaf not in values:
        raise ConfigurationError(f"There is no setting {path}.")
    values[leaf] *= factor


def measured_run(
    run: PlannedRun, on_day: OnDay, further: Mapping[str, Sequence[int]] | None = None
) -> Result:
    """Simulate one run and keep what facts and experiments read from it.

    `indicators` holds the readings (indicator = fact or experiment, segment = which of its
    readings), `orders` the record of `pairs.record`. `further` names by key the runs of which
    regularities are read, too, and the days on which everybody is looked at.
    """
    from sim.config.loading import from_resolved
    from sim.experiments.simulate import observe

    config = from_resolved(run.config)
    days = (further or {}).get(run.key)
    book = Book(observe(config, run.seed, on_day=on_day, census_days=days or ()))
    return Result(
        indicators=reading_rows(book, {} if days is None else BEYOND),
        daily=daily_table(book),
        monthly=monthly_table(book),
        households=household_table(book),
        groups=pd.DataFrame({name: book.observed.groups[name] for name in ("founded_day",)}),
        orders=record(book),
    )


def reading_rows(book: Book, further: Mapping[str, Measurement] | None = None) -> pd.DataFrame:
    """Every reading of a run in the columns of `Result.indicators`."""
    rows = [
        (fact, "reading", str(i), np.nan, np.nan, value, "")
        for read in (readings_of(book), readings_of(book, OWN), readings_of(book, further or {}))
        for fact, values in read.items()
        for i, value in enumerate(values)
    ]
    columns = ["indicator", "by", "segment", "numerator", "denominator", "value", "unit"]
    return pd.DataFrame(rows, columns=columns)


def summary(table: pd.DataFrame) -> pd.DataFrame:
    """How many facts have which verdict, by kind and role."""
    verdicts = pd.crosstab([table["kind"], table["role"]], table["verdict"])
    verdicts = verdicts.reindex(columns=list(VERDICTS), fill_value=0)
    return verdicts.rename_axis(columns=None).reset_index()


__all__ = [
    "composed",
    "measured_run",
    "reading_rows",
    "scale",
    "summary",
    "validate",
    "why_stopped",
]
