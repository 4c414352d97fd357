"""Every lever by itself over a strategy: off, as the strategy has it, and at full strength."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from sim.config import composing
from sim.config.loading import resolved
from sim.console.progress import OnProgress
from sim.experiments.effects import Effects, check_known
from sim.experiments.evaluation import Evaluation, Trial
from sim.experiments.executors import ExecutionSettings
from sim.experiments.lived import keep_lived
from sim.experiments.plan import replication_seeds
from sim.experiments.space import Point
from sim.parameters.quantity import ConfigurationError
from sim.text.outgoing import cited
from sim.text.suggestions import instead


def levers(
    names: Sequence[str],
    scenario: str,
    settings: ExecutionSettings,
    *,
    replications: int,
    seed: int = 1,
    overrides: Sequence[str] = (),
    purposes: Mapping[str, str] | None = None,
    on_progress: OnProgress | None = None,
) -> Path:
    """Move one lever at a time, all in the same worlds.

    Parameters
    ----------
    names
        Levers; without any, all there are.
    scenario
        The strategy over which each is moved.
    settings
        Where results go and how runs are done.
    replications, seed
        How many worlds, and where their seeds come from.
    overrides
        What is the same in every run.
    purposes
        By lever, what it is for: a column of the daily table or an indicator.
    on_progress
        Told now and then how far it has come.

    Returns
    -------
    Path
        The folder ``<results>/levers/<scenario>-<hash>`` with

        - `effects`: a row per lever, strength and outcome, the difference to the strategy as it is;
        - `levers`: each with its strength in the strategy and what it is for;
        - `runs`: a row per run with its seed and key.

    Raises
    ------
    ConfigurationError, ResultsError, RunsInterrupted
        In one sentence.
    """
    known = composing.lever_names()
    for name in names:
        if name not in known:
            raise ConfigurationError(f"There is no lever {cited(name)}{instead(name, known)}")
    chosen = [name for name in known if name in names] if names else known
    meant = {name: purpose for name, purpose in (purposes or {}).items() if name in chosen}
    check_known(meant.values())
    seeds = replication_seeds(seed, replications)
    lives = Evaluation([scenario], overrides, seeds, settings, on_progress)
    base = lives.as_they_are()[scenario]
    now = {name: float(getattr(base.operator, name).strength) for name in chosen}
    places = [(name, strength) for name in chosen for strength in sorted({0.0, now[name], 1.0})]
    moved = [place for place in places if place[1] != now[place[0]]]
    points: list[Point] = [{}, *({_setting(name): strength} for name, strength in moved)]
    reference, *others = lives.run(points)
    trials = {**dict.fromkeys(places, reference), **dict(zip(moved, others, strict=True))}
    found = {
        "effects": _effects(lives, trials, reference, now, meant),
        "levers": _levers(now, meant),
        "runs": pd.DataFrame(
            {"lever": name, "strength": strength, "seed": run.seed, "key": run.key}
            for (name, strength), trial in trials.items()
            for run in trial.runs
        ),
    }
    asked = {"configuration": resolved(base), "levers": chosen, "seeds": seeds, "for": meant}
    return keep_lived("levers", lives, found, asked, seed)


def _setting(lever: str) -> str:
    return f"operator.{lever}.strength"


def _effects(
    lives: Evaluation,
    trials: Mapping[tuple[str, float], Trial],
    reference: Trial,
    now: Mapping[str, float],
    purposes: Mapping[str, str],
) -> pd.DataFrame:
    effects = Effects(lives, list(dict.fromkeys(purposes.values())))
    parts = []
    for (lever, strength), trial in trials.items():
        own = [purposes[lever]] if lever in purposes else []
        rows = effects.against(trial, reference, own)
        rows.insert(0, "lever", lever)
        rows.insert(1, "strength", strength)
        rows.insert(2, "as_it_is", strength == now[lever])
        parts.append(rows.drop_duplicates("outcome"))
    return pd.concat(parts, ignore_index=True)


def _levers(now: Mapping[str, float], purposes: Mapping[str, str]) -> pd.DataFrame:
    rows = [(name, now[name], purposes.get(name, "")) for name in now]
    return pd.DataFrame(rows, columns=["lever", "strength", "meant_for"])


__all__ = ["levers"]
