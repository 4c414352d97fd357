"""Strategies in the same worlds: one configuration each, the same seeds, paired tables.

Every strategy lives through the same seeds; in each the same households meet the same luck, so
what differs is the strategy. The tables follow from the stored runs alone and do not depend on
the executor or the order in which runs finished.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from sim.config.consistency import check_world
from sim.config.loading import Simulation, Varied, load, resolved
from sim.console.progress import OnProgress
from sim.evidence.facts import load_facts
from sim.experiments import (
    assumptions,
    next_test,
    outcomes,
    paired,
    pilot,
    rounding,
    same_people,
    survival,
)
from sim.experiments.asked_budget import OWN, asked_budget
from sim.experiments.budgets import spending
from sim.experiments.executors import ExecutionSettings, run_missing
from sim.experiments.goals import PRECISION, RATE, USUAL, Asked, aim_of, chosen, goals, weights
from sim.experiments.goals import precision as goal_precision
from sim.experiments.horizons import Readings, payback
from sim.experiments.keeping import keep
from sim.experiments.plan import PlannedRun, planned_from, planned_in, replication_seeds
from sim.experiments.plausible import in_worlds, lay, plausible, sample_of, worth_knowing
from sim.experiments.reach import reach
from sim.experiments.space import Point
from sim.experiments.turning import turning
from sim.experiments.why import why
from sim.experiments.worlds import worlds
from sim.indicators import of_day_0
from sim.operator.budget import check_affordable
from sim.parameters.quantity import ConfigurationError
from sim.store.folders import alone
from sim.store.runs import Store
from sim.store.tables import Wanted

Read = Callable[[str, int, str], pd.DataFrame]  # strategy, seed, name of a table of the run

# What `tables` looks at, of the tables of which it does not look at everything.
WANTED: dict[str, Wanted] = {
    "indicators": {*paired.FACTS, "value"}.__contains__,
    "households": lambda name: (
        name in (*outcomes.OF_HOUSEHOLDS, *pilot.OF_HOUSEHOLDS, "way")
        or same_people.is_of_people(name)
    ),
    "groups": set(survival.OF_GROUPS).__contains__,
    "daily": outcomes.is_booked,
}


def compare(
    strategies: Sequence[str],
    replications: int,
    seed: int,
    reference: str,
    overrides: Sequence[str],
    settings: ExecutionSettings,
    budget: str = "own",
    on_progress: OnProgress | None = None,
    precision: float = PRECISION,
    goal: Asked = USUAL,
    meanwhile: Callable[[], None] = lambda: None,
) -> Path:
    """Let the same worlds live through several strategies and tabulate the differences.

    Parameters
    ----------
    strategies
        Names in `scenarios/`; the reference is added when it is not among them.
    replications
        Worlds; one has no intervals.
    seed
        Experiments with different seeds share no world.
    reference
        Strategy the others are compared with.
    overrides
        Applied to every strategy alike.
    settings
        Where results go and how runs are done.
    budget
        What each is to spend over the run: ``own``, ``equal`` or a sum; see
        `sim.experiments.asked_budget.asked_budget`.
    on_progress
        Told now and then how far it has come.
    precision
        Half-width that the number of replications needed is told for, as a part of the goal's
        largest difference; see `sim.experiments.goals.precision`.
    goal
        What decides which strategy is best; see `sim.experiments.goals.weights`.
    meanwhile
        See `sim.experiments.executors.run_missing`.

    Returns
    -------
    Path
        The folder ``<results>/compare/<reference>-<hash>`` with the tables of `tables` and
        `background`, and `budgets` where money was asked for, as CSV and Parquet, and the manifest.

    Raises
    ------
    ConfigurationError, ResultsError, RunsInterrupted
        In one sentence.
    """
    _check(replications, precision)
    weights(goal)
    load_facts(config_dir=settings.config_dir)  # refused before anything is lived through
    configs = _configurations(strategies, reference, overrides, settings)
    seeds = replication_seeds(seed, replications)
    asked = asked_budget(budget, configs[reference].population.households)
    configs, budgets = spending(configs, seeds, reference, asked, settings, on_progress)
    for config in configs.values():
        check_affordable(config)
    sample = sample_of(overrides, settings.config_dir)
    points = in_worlds(sample, replications) if sample else []
    if points and asked != OWN:
        raise ConfigurationError(
            "What strategies spend is looked for under one behaviour: with a sample of them take "
            "--budget own."
        )
    plans = {
        name: _in_plausible_worlds(name, config, points, seeds, overrides, settings)
        if points
        else planned_in(config, seeds, name)
        for name, config in configs.items()
    }
    # World by world, so that strategies find the one they share.
    runs = {
        (name, plans[name][i].seed): plans[name][i] for i in range(len(seeds)) for name in plans
    }
    run_missing(list(runs.values()), settings, on_progress, meanwhile=meanwhile)
    store = Store(settings.results)
    stored = {each: store.tables(run.key) for each, run in runs.items()}
    found = tables(
        lambda name, number, table: stored[name, number].read(table, WANTED.get(table)),
        configs,
        seeds,
        reference,
        {name: config.strategy.budget_yuan_per_customer_month for name, config in configs.items()},
        precision,
        goal,
        points,
    )
    about = {
        "experiment": "compare",
        "reference": reference,
        "strategies": list(configs),
        "replications": replications,
        "seed": seed,
        "seeds": seeds,
        "budget": asked.said,
        "precision": precision,
        "goal": chosen(goal),
        "goals": weights(goal),
        "overrides": list(overrides),
        "configurations": {name: resolved(config) for name, config in configs.items()},
        "runs": {f"{name}, seed {number}": run.key for (name, number), run in runs.items()},
        "sample": sample.name if sample else "",
        "run_seconds": round(sum(each.seconds for each in stored.values()), 3),
    }
    folder = settings.results / "compare" / _name(runs, reference, precision, goal, budgets)
    found |= background(configs, reference, settings.config_dir)
    found |= {"budgets": settled(budgets)} if len(budgets) else {}
    write(folder, found, about)
    return folder


def write(folder: Path, found: Mapping[str, pd.DataFrame], about: Mapping[str, Any]) -> None:
    """Put a comparison in its place; whoever writes its page there is waited for."""
    with alone(folder):
        keep(folder, found, about)


def _check(replications: int, precision: float) -> None:
    if replications < 1:
        raise ConfigurationError(f"replications = {replications} is impossible: ask for 1 or more.")
    if not precision > 0:
        raise ConfigurationError(f"precision = {precision} is impossible: state one above zero.")


def _configurations(
    strategies: Sequence[str],
    reference: str,
    overrides: Sequence[str],
    settings: ExecutionSettings,
) -> dict[str, Simulation]:
    """One checked configuration per strategy, the reference first."""
    where, trust = settings.config_dir, settings.trust_rules
    names = paired.ordered(strategies, reference)
    return {name: load(name, overrides, where, trust_rules=trust) for name in names}


def _name(
    runs: Mapping[tuple[str, int], PlannedRun],
    reference: str,
    precision: float,
    goal: Asked,
    budgets: pd.DataFrame,
) -> str:
    """The reference, and a short hash of what determines the tables."""
    parts = sorted((name, run.key) for (name, _), run in runs.items())
    said = [parts, reference, precision, chosen(goal), sorted(weights(goal).items())]
    said += [budgets.to_dict("list")] if len(budgets) else []
    return f"{reference}-{hashlib.sha256(json.dumps(said).encode()).hexdigest()[:8]}"


def tables(
    read: Read,
    strategies: Iterable[str],
    seeds: Iterable[int],
    reference: str,
    budgets: Mapping[str, float],
    precision: float = PRECISION,
    goal: Asked = USUAL,
    points: Sequence[Point] = (),
) -> dict[str, pd.DataFrame]:
    """All tables of a comparison, from the runs' own tables.

    Parameters
    ----------
    read
        Gives one table of one run; only one run's households are held at a time beside the
        reference's.
    strategies, seeds
        Every strategy was run in every seed; the reference is among the strategies.
    budgets
        Yuan per customer and month, by strategy.
    precision
        See `sim.experiments.goals.precision`.
    goal
        See `sim.experiments.goals.weights`.
    points
        Settings of each world, where they are a sample of plausible ones.

    Returns
    -------
    dict
        ``levels, differences, ranking, precision, money, won_lost, monthly, survival, news,
        sample``, and ``people, ladder, horizon, why, reach, payback, pilot, goals, worlds``;
        ``plausible, worth_knowing, worth_trying`` where there are `points`.
    """
    names, numbers = sorted(set(strategies)), sorted(set(seeds))
    runs = [(name, seed) for name in names for seed in numbers]
    data = paired.panel({run: read(*run, "indicators") for run in runs})
    counted, first_orders, spreads = {}, {}, {}
    readings = Readings(reference, names, numbers)
    ladders = {run: read(*run, "ladder") for run in runs}
    readings.read_ladders(ladders)
    for seed in numbers:
        theirs = read(reference, seed, "households")
        before = of_day_0(theirs)
        for name in names:
            own = theirs if name == reference else read(name, seed, "households")
            readings.read_people(name, seed, own, theirs)
            spreads[name, seed] = pilot.spreads(own, readings.days)
            after = before if name == reference else of_day_0(own)
            first_orders[name, seed] = survival.first_orders(after)
            if name != reference:
                counted[name, seed] = outcomes.won_and_lost(after, before)
    monthly = {run: read(*run, "monthly") for run in runs}
    rate = paired.of_all(data, RATE)
    rates = {} if rate is None else {RATE: rate}
    found = {
        "levels": paired.levels(data),
        "differences": paired.differences(data, reference),
        "ranking": paired.ranking(data),
        "precision": goal_precision(readings, rates, goal, precision),
        "money": outcomes.money({run: read(*run, "daily") for run in runs}, budgets, reference),
        "won_lost": outcomes.won_over_seeds(counted),
        "monthly": outcomes.monthly(monthly),
        "survival": survival.survival(
            {run: survival.customer_spells(read(*run, "lives")) for run in runs},
            {run: survival.chat_spells(read(*run, "groups")) for run in runs},
        ),
        "news": survival.news(first_orders),
        "sample": survival.sample({name: read(name, numbers[0], "neighbours") for name in names}),
        "payback": payback(monthly, reference),
        "reach": reach({run: read(*run, "reach") for run in runs}),
        "pilot": pilot.pilots(spreads, names, numbers, reference),
        "goals": goals(readings, rates, goal),
    }
    if points:
        aim = aim_of(readings, rates, goal)
        by = (aim.better, chosen(goal), aim.unit)
        found["plausible"] = plausible(aim.values, readings.strategies, *by)
        found["worth_knowing"] = worth_knowing(aim.values, _of_worlds(points, seeds), *by)
        pilots = next_test.possible(spreads, names, numbers, reference)
        found["worth_trying"] = next_test.worth_trying(aim.values, pilots, *by)
    # Money of these has been rounded already, lest the ladder not add up, or never.
    apart = {
        "people": readings.people(),
        "ladder": readings.ladder(),
        "horizon": readings.horizon(),
        "why": why(ladders, {run: read(*run, "accounts") for run in runs}, reference),
        "worlds": worlds(data, readings),
    }
    return {name: settled(table) for name, table in found.items()} | apart


def _of_worlds(points: Sequence[Point], seeds: Iterable[int]) -> list[Point]:
    """Points in the order in which readings have their worlds."""
    by_seed = dict(zip(seeds, points, strict=True))
    return [by_seed[number] for number in sorted(by_seed)]


def _in_plausible_worlds(
    name: str,
    config: Simulation,
    points: Sequence[Point],
    seeds: Sequence[int],
    overrides: Sequence[str],
    settings: ExecutionSettings,
) -> list[PlannedRun]:
    """A strategy's runs, each world with its own plausible settings."""
    varied = Varied(name, overrides, settings.config_dir, trust_rules=settings.trust_rules)
    usual, runs = resolved(config), []
    for number, (point, seed) in enumerate(zip(points, seeds, strict=True), 1):
        at_point = varied.at(point)
        check_world(at_point)
        values = lay(resolved(at_point), point, usual)
        runs.append(planned_from(values, seed, f"{name}, replication {number}"))
    return runs


def background(
    configs: Mapping[str, Simulation], reference: str, config_dir: Path | None
) -> dict[str, pd.DataFrame]:
    """What the strategies are and what the comparison rests on.

    Returns
    -------
    dict
        ``strategies, assumptions, changes, phases, facts``; ``turning`` where it was measured of
        these strategies, see `sim.experiments.turning.turning`; and ``regional`` where settings
        differ by place.
    """
    some = {"turning": turning(configs, config_dir), "regional": assumptions.regional(configs)}
    return {name: table for name, table in some.items() if len(table)} | {
        "strategies": described(configs),
        "assumptions": assumptions.assumptions(configs[reference], config_dir),
        "changes": assumptions.changes(configs, reference),
        "phases": assumptions.phases(configs),
        "facts": assumptions.facts(config_dir),
    }


def settled(table: pd.DataFrame) -> pd.DataFrame:
    """The table with numbers rounded to ten significant digits."""
    rounded = table.copy()
    for name in rounded.select_dtypes("float").columns:
        rounded[name] = rounding.to_digits(rounded[name].to_numpy(float)) + 0.0  # no negative zero
    return rounded


def described(configs: Mapping[str, Simulation]) -> pd.DataFrame:
    """What the strategies are, in their own words, in the order given."""
    rows = []
    for name, config in configs.items():
        about = config.strategy
        rows.append(
            {
                "strategy": name,
                "title": about.title,
                "what": about.what,
                "why": about.why,
                "cost": about.cost,
                "facts": " ".join(about.facts),
                "budget_yuan_per_customer_month": about.budget_yuan_per_customer_month,
            }
        )
    return pd.DataFrame(rows)


__all__ = ["background", "compare", "described", "settled", "tables", "write"]
