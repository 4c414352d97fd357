"""How much of what an operator's records show of a lever is caused by it.

In each world the same households live with the lever and without it from the index day on; where it
can be offered to some alone, they live a third time, with an A/B test in their midst.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import special

from sim.config.loading import Simulation, load, resolved
from sim.console.progress import OnProgress
from sim.experiments import statistics
from sim.experiments.auditing.estimators import METHODS
from sim.experiments.auditing.lives import (
    OFF,
    ON,
    Runs,
    life_of,
    live,
    lives_with_and_without,
    runs_table,
)
from sim.experiments.auditing.policy import Known, policies
from sim.experiments.auditing.records import OUTCOMES, Dates
from sim.experiments.auditing.subjects import Subject, subject_of
from sim.experiments.auditing.worlds import (
    TEST,
    TEST_SHARE,
    TEST_TREATED,
    Row,
    World,
    detectable,
)
from sim.experiments.compare import settled
from sim.experiments.critical import CONFIDENCE
from sim.experiments.executors import ExecutionSettings
from sim.experiments.keeping import keep
from sim.experiments.pilot import per_arm
from sim.experiments.plan import replication_seeds
from sim.operator.discovery import LEVERS
from sim.parameters.quantity import ConfigurationError
from sim.store.runs import Store, run_key
from sim.text.outgoing import cited
from sim.text.suggestions import instead

TESTED = "tested"
ALL_METHODS = (*METHODS, TEST, TEST_TREATED)
AGREES, DOUBLE, WRONG_SIGN, HALF, HIGH, LOW, NONE = VERDICTS = (
    "agrees", "more than double", "wrong sign", "less than half", "too high", "too low", "none",
)  # fmt: skip
MISLED = (DOUBLE, WRONG_SIGN)
NORMAL = float(special.ndtri(0.5 + CONFIDENCE / 2))  # standard errors to either side


def audit(
    subject: str,
    settings: ExecutionSettings,
    *,
    scenario: str = "",
    index_day: int = 180,
    exposure_days: int = 90,
    outcome_days: int = 180,
    outcome: str = "orders",
    replications: int = 10,
    seed: int = 1,
    overrides: Sequence[str] = (),
    on_progress: OnProgress | None = None,
) -> Path:
    """Hold what an analyst would find of a lever against what it caused.

    Parameters
    ----------
    subject
        A name of `sim.experiments.auditing.subjects.SUBJECTS`, or of a lever.
    settings
        Where results go and how runs are done.
    scenario
        A strategy with the lever; the subject's own if empty.
    index_day, exposure_days, outcome_days
        The lever is withheld in the other life from the index day on; who was treated is settled
        so many days later, at the landmark; outcomes count over so many days from there.
    outcome
        What is told first, one of `OUTCOMES`; all are measured.
    replications, seed
        How many worlds, and where their seeds come from.
    overrides
        What is the same in every life.
    on_progress
        Told now and then how far it has come.

    Returns
    -------
    Path
        The folder ``<results>/audit/<subject>-<hash>`` with

        - `methods`: every estimate beside the effect caused, by outcome, with the verdict;
        - `gaps`: what naive, before/after and difference in differences consist of;
        - `effects`: what it caused, by segment, for the treated and for the others;
        - `months`: the same by month from the index day, in orders;
        - `changed`: customers who order again in one life alone, won and lost, by segment;
        - `leaves`, `policies`: for whom it pays, by a tree, and what following it would bring in
          worlds that it has not seen;
        - `tests`: how large a test has to be to see it;
        - `worlds`: every estimate of every world with its own standard error;
        - `runs`: a row per run with its life, seed and key.

    Raises
    ------
    ConfigurationError, ResultsError, RunsInterrupted
        In one sentence.
    """
    about = subject_of(subject)
    if outcome not in OUTCOMES:
        raise ConfigurationError(
            f"There is no outcome {cited(outcome)}{instead(outcome, OUTCOMES)}"
        )
    if min(index_day, exposure_days, outcome_days) < 1:
        raise ConfigurationError(
            "index_day, exposure_days and outcome_days are whole numbers from 1 on: there is no "
            "history, nobody to be treated or nothing to be counted otherwise."
        )
    landmark = index_day + exposure_days
    dates = Dates(index_day, landmark, landmark + outcome_days)
    name = scenario or about.scenario
    base = load(
        name,
        [f"run.days={dates.end}", *overrides],
        settings.config_dir,
        trust_rules=settings.trust_rules,
    )
    if base.run.days < dates.end:
        raise ConfigurationError(
            f"The audit looks until day {dates.end:,}, and the run ends on day "
            f"{base.run.days:,}: leave run.days out, or look at fewer days."
        )
    seeds, days = replication_seeds(seed, replications), (dates.index_day, dates.landmark)
    lives = lives_of(about, base, dates)
    runs = live(lives, seeds, f"{name} {about.lever}", days, settings, on_progress)
    rows, known = _worlds(about, base, dates, runs, seeds, Store(settings.results))
    tables = tables_of(rows)
    tables["leaves"], tables["policies"] = policies(known)
    tables["runs"] = runs_table(runs)
    asked = {
        "subject": about.name,
        "lever": about.lever,
        "outcome": outcome,
        "who": about.who,
        "why": about.why,
        "index_day": dates.index_day,
        "landmark": dates.landmark,
        "end": dates.end,
        "withheld": "does not begin" if about.starts else "is withheld",
        "no_test": getattr(LEVERS[about.lever], "FOR_EVERYBODY", ""),
        "configuration": resolved(base),
        "seeds": seeds,
    }
    manifest = {
        "experiment": "audit",
        "scenario": name,
        "replications": replications,
        "seed": seed,
        "overrides": list(overrides),
        **asked,
    }
    key = run_key({**resolved(base), "audit": [about.name, outcome, *dates]}, seed)
    folder = settings.results / "audit" / f"{about.name}-{key[:8]}"
    return keep(folder, {each: settled(table) for each, table in tables.items()}, manifest)


def lives_of(subject: Subject, base: Simulation, dates: Dates) -> dict[str, Simulation]:
    """The configurations of the lives of a world: alike until the index day."""
    # Where nobody can be left out, nobody can be tested.
    everybody = getattr(LEVERS[subject.lever], "FOR_EVERYBODY", "")
    return lives_with_and_without(
        base,
        subject.lever,
        dates,
        starts=subject.starts,
        withheld=subject.withheld,
        tested={} if everybody else {TESTED: {"lot": TEST_SHARE}},
    )


def _worlds(
    subject: Subject,
    base: Simulation,
    dates: Dates,
    runs: Runs,
    seeds: Sequence[int],
    store: Store,
) -> tuple[list[dict[str, list[Row]]], list[Known]]:
    """What every world tells, one read after the other, and whom the lever pays for there."""
    own = getattr(base.operator, subject.lever)
    rows, known = [], []
    for seed in seeds:
        on, off, test = (
            life_of(store, runs[name, seed], dates) if (name, seed) in runs else None
            for name in (ON, OFF, TESTED)
        )
        assert on is not None
        assert off is not None
        world = World(seed, subject, own, on, off, test)
        rows.append(world.rows())
        known.append(Known(world.history, world.brought()))
    return rows, known


def tables_of(worlds: Sequence[Mapping[str, Sequence[Row]]]) -> dict[str, pd.DataFrame]:
    """The tables of an audit from the rows of its worlds, means with intervals over them.

    Parameters
    ----------
    worlds
        Of each what `sim.experiments.auditing.worlds.World.rows` tells.
    """
    rows = {name: pd.DataFrame([r for own in worlds for r in own[name]]) for name in worlds[0]}
    effects = ["outcome", "by", "segment", "who"]
    return {
        "methods": methods_table(rows["worlds"]),
        "gaps": _means(rows["gaps"], ["outcome", "method", "part"], ()),
        "effects": _means(rows["effects"], effects, ("customers", "without")),
        "months": _means(rows["months"], ["month", "who"], ()),
        "changed": _means(rows["changed"], ["by", "segment", "what"], ("customers",)),
        "tests": _tests(rows["tests"]),
        "worlds": rows["worlds"],
    }


def methods_table(worlds: pd.DataFrame) -> pd.DataFrame:
    """Every method beside the effect caused, with means and intervals over worlds.

    Parameters
    ----------
    worlds
        A row per world, outcome and method: ``outcome, method, of, value, error, caused, level``.
    """
    rows = []
    for (outcome, method), own in worlds.groupby(["outcome", "method"], sort=False):
        value, caused = own["value"].to_numpy(float), own["caused"].to_numpy(float)
        got, truth = (statistics.mean_interval(each) for each in (value, caused))
        gap = _no_narrower(statistics.mean_interval(value - caused), own["error"].to_numpy(float))
        level = float(own["level"].mean())
        reached = np.abs(value - caused) <= NORMAL * own["error"].to_numpy(float)
        known = np.isfinite(value) & np.isfinite(caused)
        rows.append(
            {
                "outcome": outcome,
                "unit": OUTCOMES[str(outcome)],
                "method": method,
                "of": own["of"].iloc[0],
                **got,
                "lift": _lift(got["mean"], level),
                "caused": truth["mean"],
                "caused_low": truth["low"],
                "caused_high": truth["high"],
                "caused_lift": _lift(truth["mean"], level),
                **{f"gap_{name}": gap[name] for name in ("mean", "low", "high")},
                "error": float(own["error"].mean()),
                "covered": float(reached[known].mean()) if known.any() else np.nan,
                "verdict": verdict(got, truth, gap),
            }
        )
    return pd.DataFrame(rows)


def _no_narrower(gap: dict[str, float], errors: statistics.Floats) -> dict[str, float]:
    """An interval over worlds, at least as wide as the methods' own errors make it.

    Few worlds may lie close together by chance, and one has no spread at all.
    """
    known = errors[np.isfinite(errors)]
    if len(known) == 0:
        return gap
    least = NORMAL * float(np.sqrt((known**2).mean() / len(known)))
    half = np.fmax(gap["high"] - gap["mean"], least)
    return {**gap, "low": gap["mean"] - half, "high": gap["mean"] + half}


def _lift(effect: float, level: float) -> float:
    """An effect over what there would have been without it."""
    without = level - effect
    return effect / without if without > 0.0 else float("nan")


def verdict(got: Mapping[str, float], truth: Mapping[str, float], gap: Mapping[str, float]) -> str:
    """How a method's mean lies to the effect caused; one of `VERDICTS`.

    They agree unless the interval of their difference leaves zero out. A sign is wrong where the
    true one is known.
    """
    value, caused = got["mean"], truth["mean"]
    if not np.isfinite([value, caused]).all():
        return NONE
    if not (gap["low"] > 0.0 or gap["high"] < 0.0):
        return AGREES
    if value * caused < 0.0 and (truth["low"] > 0.0 or truth["high"] < 0.0):
        return WRONG_SIGN
    if abs(value) > 2.0 * abs(caused):
        return DOUBLE
    if abs(value) < 0.5 * abs(caused):
        return HALF
    return HIGH if value > caused else LOW


def _means(rows: pd.DataFrame, keys: list[str], averaged: Sequence[str]) -> pd.DataFrame:
    """Means of `value` over worlds with intervals, a row per combination of keys."""
    found: list[Row] = []
    for key, own in rows.groupby(keys, sort=False, observed=True) if len(rows) else ():
        told: Row = dict(zip(keys, key, strict=True))
        told |= {name: float(own[name].mean()) for name in averaged}
        found.append({**told, **statistics.mean_interval(own["value"].to_numpy(float))})
    return pd.DataFrame(found, columns=[*keys, *averaged, "mean", "low", "high", "n"])


def _tests(rows: pd.DataFrame) -> pd.DataFrame:
    """How large a test has to be, from the effect on all and how customers differ."""
    found = []
    for outcome, own in rows.groupby("outcome", sort=False):
        got = statistics.mean_interval(own["value"].to_numpy(float))
        spread = [float(own[name].mean()) for name in ("variance", "variance_without")]
        found.append(
            {
                "outcome": outcome,
                "unit": OUTCOMES[str(outcome)],
                "customers": float(own["customers"].mean()),
                "treated_share": float(own["treated_share"].mean()),
                **got,
                "deviation": float(np.sqrt(spread[0])),
                "per_arm": per_arm(got["mean"], *spread),
                "detectable": detectable(float(own["customers"].mean()), *spread),
            }
        )
    return pd.DataFrame(found)


__all__ = [
    "ALL_METHODS",
    "MISLED",
    "VERDICTS",
    "audit",
    "lives_of",
    "methods_table",
    "tables_of",
    "verdict",
]
