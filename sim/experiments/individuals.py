"""Whom another strategy moves: the same customers in both lives, and for whom it pays.

Until the index day both lives are lived under the reference; from then on one of them goes on
under the strategy. Each customer of the index day is then known in both: who orders again in one
life alone, what of, and how much more or less they bring in.
"""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from sim.config.loading import Simulation, load, resolved
from sim.console.progress import OnProgress
from sim.experiments import statistics
from sim.experiments.auditing.lives import Runs, check_alike, life_of, live, runs_table
from sim.experiments.auditing.policy import Known, policies
from sim.experiments.auditing.records import (
    OUTCOMES,
    Dates,
    Life,
    check_history,
    history,
    segments,
)
from sim.experiments.compare import settled
from sim.experiments.executors import ExecutionSettings
from sim.experiments.keeping import keep
from sim.experiments.plan import replication_seeds
from sim.experiments.same_people import PER
from sim.experiments.statistics import Floats
from sim.operator.regional import entries, own_values
from sim.operator.schedule import phases
from sim.parameters.quantity import ConfigurationError
from sim.parameters.schema import Change
from sim.store.runs import Store, run_key
from sim.text.outgoing import cited
from sim.world.household import STAGES

REFERENCE, STRATEGY = LIVES = ("reference", "strategy")
WON, LOST, UNMOVED = CHANGED = ("won", "lost", "unmoved")
OF_ORDERS = ("household", "day", "paid_yuan", "margin_yuan", "coupon", "private", "by_koc")


def individuals(
    strategy: str,
    settings: ExecutionSettings,
    *,
    reference: str = "baseline",
    index_day: int = 180,
    outcome_days: int = 360,
    replications: int = 8,
    seed: int = 1,
    overrides: Sequence[str] = (),
    on_progress: OnProgress | None = None,
) -> Path:
    """Let the same customers go on under two strategies, and tell which of them that changes.

    Parameters
    ----------
    strategy, reference
        Names of scenarios of one world that are the same on every day.
    settings
        Where results go and how runs are done.
    index_day
        Until then both lives are under the reference.
    outcome_days
        What customers do is counted over so many days from then on.
    replications, seed
        How many worlds, and where their seeds come from.
    overrides
        What is the same in both lives.
    on_progress
        Told now and then how far it has come.

    Returns
    -------
    Path
        The folder ``<results>/individuals/<strategy>-<hash>`` with

        - `changed`: customers won, lost and unmoved, by segment;
        - `effects`: what the strategy changes, by outcome and segment;
        - `households`: a row per world and customer with both lives;
        - `orders`: the orders of these customers, of both lives;
        - `leaves`, `policies`: for whom it pays, by a tree, and what following the tree brings in
          worlds that it has not seen, beside everybody and an analyst's rule; the strategy's extra
          cost, spread over customers, is taken off;
        - `runs`: a row per run with its life, seed and key.

    Raises
    ------
    ConfigurationError, ResultsError, RunsInterrupted
        In one sentence.
    """
    if index_day < 1 or outcome_days < 1:
        raise ConfigurationError(
            "index_day and outcome_days are whole numbers from 1 on: there is no history, or "
            "nothing to be counted, otherwise."
        )
    dates = Dates(index_day, index_day, index_day + outcome_days)
    days = [f"run.days={dates.end}", *overrides]
    configs = [
        load(name, days, settings.config_dir, trust_rules=settings.trust_rules)
        for name in (reference, strategy)
    ]
    lives = lives_of(configs[0], configs[1], dates)
    seeds = replication_seeds(seed, replications)
    runs = live(lives, seeds, strategy, (index_day,), settings, on_progress)
    tables = _tables(runs, seeds, dates, Store(settings.results))
    tables["runs"] = runs_table(runs)
    manifest = {
        "experiment": "individuals",
        "strategy": strategy,
        "reference": reference,
        "index_day": dates.index_day,
        "end": dates.end,
        "replications": replications,
        "seed": seed,
        "overrides": list(overrides),
        "configuration": resolved(lives[STRATEGY]),
        "seeds": seeds,
    }
    key = run_key({**resolved(lives[STRATEGY]), "individuals": [reference, *dates]}, seed)
    folder = settings.results / "individuals" / f"{strategy}-{key[:8]}"
    return keep(folder, {name: settled(table) for name, table in tables.items()}, manifest)


def lives_of(reference: Simulation, strategy: Simulation, dates: Dates) -> dict[str, Simulation]:
    """The configurations of both lives: alike until the index day.

    Raises
    ------
    ConfigurationError
        If a strategy changes on days of its own, if it is not of the same world, or if both end on
        another day.
    """
    for config in (reference, strategy):
        name = cited(config.strategy.name)
        if len(phases(config)) > 1:
            raise ConfigurationError(
                f"{name} changes on days of its own, which would be other days here, where it "
                "begins later: take a strategy that is the same on every day."
            )
        if config.run.days != dates.end:
            raise ConfigurationError(
                f"Customers are followed until day {dates.end:,}, and the run ends on day "
                f"{config.run.days:,}: leave run.days out."
            )
    for part in ("population", "behaviour", "community", "shocks", "market", "run", "before"):
        if getattr(reference, part) != getattr(strategy, part):
            raise ConfigurationError(
                f"{cited(strategy.strategy.name)} is of another world than "
                f"{cited(reference.strategy.name)}: they differ in `{part}`, so customers are not "
                "the same."
            )
    (only,) = phases(strategy)
    days, regions = (dates.index_day, dates.end), [r.name for r in strategy.population.regions]
    changed = Change(
        *days,
        operator=resolved(only.operator),
        budget_yuan_per_customer_month=only.budget_yuan_per_customer_month,
    )
    own = [
        entry
        for local in only.local
        for entry in entries(local.cities, regions, days, own_values(local, only.operator))
    ]
    schedule = [*reference.schedule, changed, *own]
    return {REFERENCE: reference, STRATEGY: replace(reference, schedule=schedule)}


def _tables(
    runs: Runs, seeds: Sequence[int], dates: Dates, store: Store
) -> dict[str, pd.DataFrame]:
    households, orders, known = [], [], []
    for seed in seeds:
        own = {life: life_of(store, runs[life, seed], dates) for life in LIVES}
        check_alike(own[REFERENCE], own[STRATEGY])
        spent = [
            spending(store.tables(runs[life, seed].key).read("daily"), dates) for life in LIVES
        ]
        table = both_lives(seed, own[REFERENCE], own[STRATEGY])
        cost = (spent[1] - spent[0]) / max(len(table), 1)
        gain = table["margin_yuan_strategy"] - table["margin_yuan_reference"] - cost
        known.append(Known(check_history(history, own[REFERENCE]), gain.to_numpy(float)))
        households.append(table.assign(extra_cost_yuan=cost))
        orders += [_orders(seed, life, each) for life, each in own.items()]
    people = pd.concat(households, ignore_index=True)
    leaves, followed = policies(known)
    return {
        "changed": changed_table(people),
        "effects": effects_table(people),
        "households": people,
        "orders": pd.concat(orders, ignore_index=True),
        "leaves": leaves,
        "policies": followed,
    }


def spending(daily: pd.DataFrame, dates: Dates) -> float:
    """What all levers cost from the index day on, yuan; price cuts are in the margin."""
    late = daily[daily["day"] >= dates.index_day]
    return float(sum(late[name].sum() for name in late if str(name).startswith("cost_")))


def both_lives(seed: int, reference: Life, strategy: Life) -> pd.DataFrame:
    """A row per customer of the index day: who it is, and what becomes of it in each life."""
    before = reference.before
    table = {
        "seed": np.full(len(before), seed),
        "household": before["household"].to_numpy(np.int64),
        "family": before["family"].to_numpy(np.int64),
        **segments(reference),
    }
    for name in OUTCOMES:
        for life, own in zip(LIVES, (reference, strategy), strict=True):
            table[f"{name}_{life}"] = own.outcome(name)
    found = pd.DataFrame(table)
    one, other = (found[f"repurchased_{life}"] for life in LIVES)
    found["changed"] = np.select([other > one, other < one], [WON, LOST], UNMOVED)
    return found


def _orders(seed: int, life: str, own: Life) -> pd.DataFrame:
    """The orders of the customers of the index day from then on."""
    seen = own.between(own.dates.index_day, own.dates.end)
    found = seen.loc[seen["ordered"], list(OF_ORDERS)].reset_index(drop=True)
    found.insert(0, "seed", seed)
    found.insert(1, "life", life)
    return found


def _divided(people: pd.DataFrame) -> list[tuple[str, str, pd.DataFrame]]:
    """Everybody, then every segment, stages in the order of life."""
    parts = [("all", "all", people)]
    for by in ("stage", "region", "won_by", "past_orders"):
        found = {str(segment): own for segment, own in people.groupby(by, sort=True)}
        order = [stage for stage in STAGES if stage in found] if by == "stage" else found
        parts += [(by, segment, found[segment]) for segment in order]
    return parts


def changed_table(people: pd.DataFrame) -> pd.DataFrame:
    """Customers won, lost and unmoved, per 10,000 of each segment, means over worlds."""
    rows = []
    for by, segment, own in _divided(people):
        customers = float(own.groupby("seed").size().mean())
        for what in CHANGED:
            shares = (own["changed"] == what).groupby(own["seed"], sort=False).mean()
            rows.append(
                {
                    "by": by,
                    "segment": segment,
                    "what": what,
                    "customers": customers,
                    **statistics.mean_interval(PER * shares.to_numpy(float)),
                }
            )
    return pd.DataFrame(rows)


def effects_table(people: pd.DataFrame) -> pd.DataFrame:
    """What the strategy changes of each outcome, by segment, means over worlds."""
    rows = []
    for outcome, unit in OUTCOMES.items():
        columns = [f"{outcome}_{life}" for life in LIVES]
        for by, segment, own in _divided(people):
            means = own.groupby("seed", sort=False)[columns].mean()
            change: Floats = (means[columns[1]] - means[columns[0]]).to_numpy(float)
            rows.append(
                {
                    "outcome": outcome,
                    "unit": unit,
                    "by": by,
                    "segment": segment,
                    "customers": float(own.groupby("seed").size().mean()),
                    "reference": float(means[columns[0]].mean()),
                    **statistics.mean_interval(change),
                }
            )
    return pd.DataFrame(rows)


__all__ = [
    "CHANGED",
    "LIVES",
    "both_lives",
    "changed_table",
    "effects_table",
    "individuals",
    "lives_of",
    "spending",
]
