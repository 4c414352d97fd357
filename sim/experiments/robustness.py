"""Which conclusions about strategies survive other assumptions about people.

Every strategy lives in the same worlds under the behaviour as it is, under each alternative, and,
where a sample of behaviours is chosen, once more with plausible settings of each world's own.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from sim.config.consistency import check_world
from sim.config.loading import Simulation, Varied, fingerprint, resolved
from sim.console.progress import OnProgress
from sim.experiments.compare import described, settled
from sim.experiments.executors import ExecutionSettings, run_missing
from sim.experiments.goals import GOALS, Asked, aimed, check_readable, chosen, every_in_run, weights
from sim.experiments.keeping import keep
from sim.experiments.paired import ordered
from sim.experiments.plan import PlannedRun, planned_from, replication_seeds
from sim.experiments.plausible import in_worlds, lay, sample_of
from sim.experiments.robust.alternatives import AS_IT_IS, PLAUSIBLE, Alternative, in_words
from sim.experiments.robust.conclusions import Aimed, Lived, conclusions, differences, firsts
from sim.experiments.robust.yardstick import Floats, Levels, Yardstick, farther, off, rows_of
from sim.experiments.same_people import is_counted
from sim.experiments.space import Point
from sim.operator.budget import check_affordable
from sim.parameters.quantity import ConfigurationError
from sim.store.runs import Store

LEAST = 2  # strategies, one of them the reference
Plans = Mapping[tuple[str, str], Sequence[PlannedRun]]  # by assumption and strategy


class Assumed(NamedTuple):
    """One assumption about people, with what it sets in every world."""

    name: str
    points: list[Point]

    @property
    def same(self) -> bool:
        """Whether it is one behaviour, the same in all worlds."""
        return self.name != PLAUSIBLE


def robustness(
    strategies: Sequence[str],
    alternatives: Sequence[Alternative],
    settings: ExecutionSettings,
    *,
    yardstick: Yardstick,
    near: float,
    reference: str,
    goal: Asked,
    replications: int,
    seed: int = 1,
    overrides: Sequence[str] = (),
    on_progress: OnProgress | None = None,
) -> Path:
    """Let strategies live under other assumptions, and tell which conclusions survive.

    Parameters
    ----------
    strategies
        Names of scenarios; the reference is added when it is not among them.
    alternatives
        What is assumed instead, one at a time.
    settings
        Where results go and how runs are done.
    yardstick, near
        The facts by which each is judged, and by how many standard deviations they may lie
        farther off than under the behaviour as it is.
    reference
        The strategy that the others are compared with.
    goal
        What decides; every other goal is told beside it.
    replications, seed
        How many worlds, and where their seeds come from.
    overrides
        What is the same in every run; a behaviour with a sample of plausible ones adds these.
    on_progress
        Told now and then how far it has come.

    Returns
    -------
    Path
        The folder ``<results>/robustness/<reference>-<hash>`` with

        - `conclusions`: a row per goal and conclusion, and under which assumptions it holds;
        - `differences`: what every strategy differs by from every other;
        - `firsts`: which strategy comes first under each assumption;
        - `assumptions`: what each is, why somebody believes it, how far off the facts it is;
        - `fit`: the facts under each;
        - `strategies`, `runs`.

    Raises
    ------
    ConfigurationError, ResultsError, RunsInterrupted
        In one sentence.
    """
    names = ordered(strategies, reference)
    if len(names) < LEAST:
        raise ConfigurationError(
            f"There is nothing to conclude of {reference} alone: name a strategy to hold against "
            "it."
        )
    assumed, configs, plans = _planned(names, alternatives, settings, replications, seed, overrides)
    check_readable(goal, configs[reference].run.days)
    levels = Levels(yardstick, overrides, settings)
    # World by world, so that strategies find the one they share.
    runs = [
        plans[each.name, name][world]
        for each in assumed
        for world in range(replications)
        for name in names
    ]
    run_missing(runs, settings, on_progress)
    store = Store(settings.results)
    lived = _readable({each.name: _aims(store, plans, each.name, names, goal) for each in assumed})
    if chosen(goal) not in lived[AS_IT_IS]:
        raise ConfigurationError(
            f"Under some assumption no world tells the goal {chosen(goal)} of every strategy: let "
            "population.households be larger."
        )
    facts = _facts(assumed, levels, on_progress)
    asked = {
        "configurations": {name: resolved(config) for name, config in configs.items()},
        "reference": reference,
        "strategies": names,
        "assumptions": {each.name: _points(each) for each in assumed},
        "goal": chosen(goal),
        "goals": weights(goal),
        "yardstick": levels.told,
        "near": near,
        "seeds": replication_seeds(seed, replications),
    }
    found = {
        **_concluded(lived, names, reference, chosen(goal)),
        "assumptions": _described(assumed, alternatives, facts, levels, near),
        "fit": _fit(facts, levels),
        "strategies": described(configs),
        "runs": _runs_told(plans),
    }
    about = {
        "experiment": "robustness",
        "replications": replications,
        "seed": seed,
        **asked,
        "overrides": list(overrides),
        "run_seconds": round(
            sum(store.tables(key).seconds for key in sorted({run.key for run in runs})), 3
        ),
    }
    folder = settings.results / "robustness" / f"{reference}-{fingerprint(asked)[:8]}"
    return keep(folder, {name: settled(table) for name, table in found.items()}, about)


def _points(each: Assumed) -> Any:
    """What an assumption sets, for the manifest: once where it is the same in all worlds."""
    points = [dict(point) for point in each.points]
    return points[0] if each.same else points


def _planned(
    names: Sequence[str],
    alternatives: Sequence[Alternative],
    settings: ExecutionSettings,
    replications: int,
    seed: int,
    overrides: Sequence[str],
) -> tuple[list[Assumed], dict[str, Simulation], Plans]:
    """All assumptions, the strategies as they are, and all runs; refuses what cannot be lived."""
    seeds = replication_seeds(seed, replications)
    assumed = [Assumed(AS_IT_IS, [{}] * replications)]
    assumed += [Assumed(each.name, [each.point] * replications) for each in alternatives]
    if sample := sample_of(overrides, settings.config_dir):
        assumed.append(Assumed(PLAUSIBLE, in_worlds(sample, replications)))
    files = {each.name: each.file for each in alternatives}
    configs, plans = {}, {}
    for name in names:
        varied = Varied(name, overrides, settings.config_dir, trust_rules=settings.trust_rules)
        configs[name] = varied.at({})
        for each in assumed:
            try:
                plans[each.name, name] = _runs(varied, each, seeds, configs[name])
            except ConfigurationError as error:
                where = f"{files[each.name]}: " if each.name in files else ""
                raise ConfigurationError(f"{where}{error}") from None
    return assumed, configs, plans


def _runs(
    varied: Varied, each: Assumed, seeds: Sequence[int], usual: Simulation
) -> list[PlannedRun]:
    """A strategy's runs under an assumption; what it sets of the market holds before day 0, too."""
    runs: list[PlannedRun] = []
    values: dict[str, Any] = {}
    for number, (point, seed) in enumerate(zip(each.points, seeds, strict=True), 1):
        if not values or not each.same:
            config = varied.at(point)
            check_world(config)
            check_affordable(config)
            values = lay(resolved(config), point, resolved(usual))
        label = f"{varied.scenario} under {each.name}, replication {number}"
        runs.append(planned_from(values, seed, label))
    return runs


def _aims(
    store: Store, plans: Plans, assumption: str, names: Sequence[str], goal: Asked
) -> dict[str, Aimed]:
    """What strategies come to by every goal, the one that is asked for first."""
    read = [[_goals(store, run, goal) for run in plans[assumption, name]] for name in names]
    found = {}
    for each in read[0][0]:
        own = GOALS.get(each, aimed(goal))
        values = np.array([[by_goal[each] for by_goal in worlds] for worlds in read])
        found[each] = Aimed(values, own.unit, own.better)
    return found


def _readable(lived: Lived) -> Lived:
    """Without goals that no world tells of every strategy, under some assumption."""
    goals = [
        goal
        for goal in lived[AS_IT_IS]
        if all(np.isfinite(own[goal].values).all(axis=0).any() for own in lived.values())
    ]
    return {name: {goal: own[goal] for goal in goals} for name, own in lived.items()}


def _goals(store: Store, run: PlannedRun, goal: Asked) -> dict[str, float]:
    tables = store.tables(run.key)
    whole = tables.read("indicators")
    whole = whole[(whole["by"] == "all") & (whole["segment"] == "all")]
    indicators = dict(zip(whole["indicator"].astype(str), whole["value"], strict=True))
    people = tables.read("households", is_counted)
    return every_in_run(people, tables.read("ladder"), indicators, goal)


def _facts(
    assumed: Sequence[Assumed], levels: Levels, on_progress: OnProgress | None
) -> dict[str, Floats]:
    """Figures of the facts by assumption; a sample is judged by what drew it, and not here."""
    own = [each for each in assumed if each.same]
    figures = levels.at([each.points[0] for each in own], on_progress)
    return {each.name: found for each, found in zip(own, figures, strict=True)}


def _concluded(
    lived: Lived, names: Sequence[str], reference: str, asked: str
) -> dict[str, pd.DataFrame]:
    told = differences(lived, names, asked)
    return {
        "conclusions": conclusions(told, names, reference, asked),
        "differences": told,
        "firsts": firsts(told, names, asked),
    }


def _fit(facts: Mapping[str, Floats], levels: Levels) -> pd.DataFrame:
    return pd.DataFrame(
        {"assumption": name, **row}
        for name, figures in facts.items()
        for row in rows_of(figures, levels.aims)
    )


def _runs_told(plans: Plans) -> pd.DataFrame:
    return pd.DataFrame(
        {"assumption": name, "strategy": strategy, "seed": run.seed, "key": run.key}
        for (name, strategy), own in plans.items()
        for run in own
    )


def _described(
    assumed: Sequence[Assumed],
    alternatives: Sequence[Alternative],
    facts: Mapping[str, Floats],
    levels: Levels,
    near: float,
) -> pd.DataFrame:
    """What each assumption is, and how far off the facts."""
    known = {each.name: each for each in alternatives}
    rows = []
    for each in assumed:
        own, far, more = known.get(each.name), float("nan"), float("nan")
        if each.name in facts:
            far = off(facts[each.name], levels.aims)
            more = farther(facts[each.name], facts[AS_IT_IS], levels.aims)
        rows.append(
            {
                "assumption": each.name,
                "title": own.title if own else "",
                "why": own.why if own else "",
                "source": own.source if own else "",
                "settings": in_words(own.settings) if own else "",
                "moved": in_words(own.moved) if own else "",
                "off": far,
                "farther": more,
                "fits": not more > near,
            }
        )
    return pd.DataFrame(rows)


__all__ = ["robustness"]
