"""An A/B test of a lever inside a run, as an operator would make and read it, and what it misses.

In each world the same households live with the lever, without it, and once more for every way of
drawing: there the lever is for a random share of households, chats, circles of friends or cities.
An operator sees the two arms of that life alone. Since the same households also live without the
lever, it is known what it did to those it was offered to, and what spilled over to the others: an
effect that goes through chats reaches both arms where they share a chat, and a test by household
misses it (Hudgens & Halloran 2008; Ugander, Karrer, Backstrom & Kleinberg 2013).
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sim.config.loading import Simulation, load, resolved
from sim.console.progress import OnProgress
from sim.experiments import statistics
from sim.experiments.audit import NORMAL
from sim.experiments.auditing.estimators import Estimate
from sim.experiments.auditing.lives import (
    OFF,
    ON,
    Runs,
    check_alike,
    life_of,
    live,
    lives_with_and_without,
    runs_table,
)
from sim.experiments.auditing.records import OUTCOMES as OF_RECORDS
from sim.experiments.auditing.records import Dates, Flags, Life
from sim.experiments.compare import settled
from sim.experiments.executors import ExecutionSettings
from sim.experiments.keeping import keep
from sim.experiments.plan import replication_seeds
from sim.experiments.statistics import Floats
from sim.operator.audiences import LOT_UNITS, city_of
from sim.operator.discovery import LEVERS
from sim.operator.splits import in_lot, units
from sim.parameters.quantity import ConfigurationError, listed
from sim.store.runs import Store, run_key
from sim.text.outgoing import cited
from sim.text.suggestions import instead

CUSTOMERS, PRIVATE, MEMBERS = OF_WHOM = ("customers", "private_domain", "members")
OUTCOMES = OF_RECORDS | {"visited": "days with a visit a customer"}
FEWEST = 2  # units in each arm, without which no error can be told


def ab_test(
    lever: str,
    settings: ExecutionSettings,
    *,
    scenario: str = "baseline",
    draw_by: Sequence[str] = ("household", "chat"),
    share: float = 0.5,
    of_whom: str = CUSTOMERS,
    index_day: int = 60,
    outcome_days: int = 180,
    outcome: str = "orders",
    replications: int = 10,
    seed: int = 1,
    overrides: Sequence[str] = (),
    on_progress: OnProgress | None = None,
) -> Path:
    """Test a lever inside runs, and hold what the test says against what the lever does.

    Parameters
    ----------
    lever
        Its name.
    settings
        Where results go and how runs are done.
    scenario
        A strategy that has it on.
    draw_by
        Who is drawn together, some of `LOT_UNITS`; a life for each.
    share
        Of units that are offered the lever.
    of_whom
        Whose outcomes are compared, one of `OF_WHOM`: customers of the index day, those of them
        in the private domain, or in a group chat.
    index_day
        The test begins. A lever that the baseline has was there before and is withheld from the
        others from then on; another begins on that day.
    outcome_days
        Outcomes count over so many days from the index day on.
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
        The folder ``<results>/abtest/<lever>-<hash>`` with

        - `tests`: by way of drawing and outcome, what the test says, what the lever causes where
          all have it, what it does to those offered and to the others, means over worlds;
        - `worlds`: the same of every world, with the standard error that an operator would state;
        - `runs`: a row per run with its life, seed and key.

    Raises
    ------
    ConfigurationError, ResultsError, RunsInterrupted
        In one sentence.
    """
    _check_asked(lever, draw_by, share, of_whom, outcome, index_day, outcome_days)
    dates = Dates(index_day, index_day, index_day + outcome_days)
    days = [f"run.days={dates.end}", *overrides]
    base = load(scenario, days, settings.config_dir, trust_rules=settings.trust_rules)
    before = load("baseline", days, settings.config_dir, trust_rules=settings.trust_rules)
    _check_strategy(lever, scenario, base, dates)
    starts = getattr(before.operator, lever).strength <= 0.0
    lives = lives_with_and_without(
        base,
        lever,
        dates,
        starts=starts,
        withheld={"strength": 0.0},
        tested={unit: {"lot": share, "lot_by": unit} for unit in draw_by},
    )
    seeds = replication_seeds(seed, replications)
    runs = live(lives, seeds, f"{scenario} {lever}", (index_day,), settings, on_progress)
    store = Store(settings.results)
    rows = [
        row
        for each in seeds
        for row in _rows_of_world(each, lever, draw_by, share, of_whom, dates, runs, store)
    ]
    worlds = pd.DataFrame(rows)
    tables = {
        "tests": tests_of(worlds),
        "worlds": worlds,
        "runs": runs_table(runs),
    }
    asked = {
        "lever": lever,
        "draw_by": list(draw_by),
        "share": share,
        "of_whom": of_whom,
        "outcome": outcome,
        "index_day": dates.index_day,
        "end": dates.end,
        "starts": starts,
    }
    manifest = {
        "experiment": "abtest",
        "scenario": scenario,
        "replications": replications,
        "seed": seed,
        "overrides": list(overrides),
        **asked,
        "configuration": resolved(base),
        "seeds": seeds,
    }
    key = run_key({**resolved(base), "abtest": list(asked.values())}, seed)
    folder = settings.results / "abtest" / f"{lever}-{key[:8]}"
    return keep(folder, {name: settled(table) for name, table in tables.items()}, manifest)


def _check_asked(
    lever: str,
    draw_by: Sequence[str],
    share: float,
    of_whom: str,
    outcome: str,
    index_day: int,
    outcome_days: int,
) -> None:
    if lever not in LEVERS:
        raise ConfigurationError(f"There is no lever {cited(lever)}{instead(lever, LEVERS)}")
    if reason := getattr(LEVERS[lever], "FOR_EVERYBODY", ""):
        raise ConfigurationError(
            f"{lever} cannot be kept from some, so nobody can test it: {reason}."
        )
    for unit in draw_by:
        if unit not in LOT_UNITS:
            raise ConfigurationError(f"Nothing is drawn by {cited(unit)}{instead(unit, LOT_UNITS)}")
    if not draw_by or len(set(draw_by)) < len(draw_by):
        raise ConfigurationError(f"draw_by names some of {listed(LOT_UNITS)}, each once.")
    for word, words in ((of_whom, OF_WHOM), (outcome, OUTCOMES)):
        if word not in words:
            raise ConfigurationError(f"There is no {cited(word)}{instead(word, words)}")
    if not 0.0 < share < 1.0:
        raise ConfigurationError(
            f"share = {cited(share)} leaves one arm empty: it lies between 0 and 1."
        )
    if index_day < 1 or outcome_days < 1:
        raise ConfigurationError(
            "index_day and outcome_days are whole numbers from 1 on: there are no customers, or "
            "nothing to be counted, otherwise."
        )


def _check_strategy(lever: str, scenario: str, base: Simulation, dates: Dates) -> None:
    own = getattr(base.operator, lever)
    if own.strength <= 0.0:
        raise ConfigurationError(
            f"{lever} is off in {cited(scenario)}: name a strategy that has it on, or give "
            f"operator.{lever}.strength a number above zero."
        )
    if own.audience.lot < 1.0:
        raise ConfigurationError(
            f"{cited(scenario)} has {lever} for a lot already (operator.{lever}.audience.lot): the "
            "test draws its own; leave the lot out."
        )
    if base.run.days != dates.end:
        raise ConfigurationError(
            f"The test ends on day {dates.end:,}, and the run on day {base.run.days:,}: leave "
            "run.days out, or change index_day and outcome_days."
        )


def _rows_of_world(
    seed: int,
    lever: str,
    draw_by: Sequence[str],
    share: float,
    of_whom: str,
    dates: Dates,
    runs: Runs,
    store: Store,
) -> list[dict[str, Any]]:
    on, off = (life_of(store, runs[life, seed], dates) for life in (ON, OFF))
    asked = whom(off, of_whom)
    rows = []
    for unit in draw_by:
        test = life_of(store, runs[unit, seed], dates)
        check_alike(off, on, test)
        offered, drawn = arms(seed, lever, off, unit, share)
        for name in OUTCOMES:
            with_it, without, seen = (each.outcome(name)[asked] for each in (on, off, test))
            rows.append(
                {
                    "seed": seed,
                    "draw_by": unit,
                    "outcome": name,
                    **told(with_it, without, seen, offered[asked], drawn[asked]),
                }
            )
    return rows


def whom(life: Life, of_whom: str) -> Flags:
    """Whose outcomes are compared, among the customers of the index day."""
    before = life.before
    return {
        CUSTOMERS: np.ones(len(before), bool),
        PRIVATE: before["in_private_domain"].to_numpy(bool),
        MEMBERS: before["in_chat"].to_numpy(bool),
    }[of_whom]


def arms(
    seed: int, lever: str, life: Life, unit: str, share: float
) -> tuple[Flags, "np.ndarray[Any, np.dtype[np.int64]]"]:
    """Who of the customers of the index day is offered the lever, and in which unit each is."""
    before = life.before
    place, family, chat = (before[n].to_numpy(np.int64) for n in ("household", "family", "chat"))
    regions, tiers = before["region"].cat.codes.tolist(), before["city_tier"].tolist()
    city = np.array([city_of(*each) for each in zip(regions, tiers, strict=True)], np.int64)
    offered = in_lot(seed, lever, place, family, share, by=unit, chats=chat, cities=city)
    return offered, units(unit, place, chat, city)


def told(
    with_it: Floats, without: Floats, seen: Floats, offered: Flags, drawn: Any
) -> dict[str, float]:
    """What the test says, and what is so.

    Parameters
    ----------
    with_it, without, seen
        The outcome of each customer in the life with the lever, without it, and in the test's.
    offered
        Who is offered the lever in the test's life.
    drawn
        Unit in which each was drawn.
    """
    got = between_arms(seen, offered, drawn)
    change = seen - without
    return {
        "customers": float(len(seen)),
        "units": float(len(np.unique(drawn))),
        "offered_share": _mean(offered.astype(float)),
        "without": _mean(without),
        "value": got.value,
        "error": got.error,
        "caused": _mean(with_it - without),
        "on_offered": _mean(change[offered]),
        "on_others": _mean(change[~offered]),
        "lacking": _mean((with_it - seen)[offered]),
    }


def between_arms(seen: Floats, offered: Flags, drawn: Any) -> Estimate:
    """Mean of the offered less that of the others, with an error that knows who was drawn together.

    Deviations from an arm's mean are summed by unit, and the sums taken for independent (Liang &
    Zeger 1986); where each household is a unit of its own, that is Welch's error but for a factor
    n/(n-1).
    """
    value, variance = 0.0, 0.0
    for sign, arm in ((1.0, offered), (-1.0, ~offered)):
        own, unit = seen[arm], np.unique(drawn[arm], return_inverse=True)[1]
        count = int(unit.max()) + 1 if len(unit) else 0
        if count < FEWEST:
            return Estimate(float("nan"), float("nan"))
        mean = float(own.mean())
        sums = np.bincount(unit, own - mean)
        variance += count / (count - 1) * float((sums**2).sum()) / len(own) ** 2
        value += sign * mean
    return Estimate(value, float(np.sqrt(variance)))


def _mean(values: Floats) -> float:
    return float(values.mean()) if len(values) else float("nan")


def tests_of(worlds: pd.DataFrame) -> pd.DataFrame:
    """Means over worlds, with their intervals, by way of drawing and outcome.

    Parameters
    ----------
    worlds
        What `told` tells of every world, way of drawing and outcome.
    """
    rows = []
    for (unit, outcome), own in worlds.groupby(["draw_by", "outcome"], sort=False):
        told = {
            **{name: own[name] for name in ("value", "caused", "on_offered", "on_others")},
            # What the halves share, and what the offered have only where everybody has it: with
            # both of it known of the same households, no luck of the draw is in it.
            "missed": own["on_others"] + own["lacking"],
        }
        row: dict[str, Any] = {
            "draw_by": unit,
            "outcome": outcome,
            "unit": OUTCOMES[str(outcome)],
            **{name: float(own[name].mean()) for name in ("customers", "units", "without")},
        }
        for name, values in told.items():
            found = statistics.mean_interval(values.to_numpy(float))
            row |= {name: found["mean"], f"{name}_low": found["low"], f"{name}_high": found["high"]}
        near = np.abs(own["value"] - own["caused"]) <= NORMAL * own["error"]
        known = np.isfinite(own["error"])
        row["error"] = float(own["error"].mean())
        row["covered"] = float(near[known].mean()) if known.any() else np.nan
        row["n"] = len(own)
        rows.append(row)
    return pd.DataFrame(rows)


__all__ = ["OF_WHOM", "OUTCOMES", "ab_test", "arms", "between_arms", "tests_of", "told", "whom"]
