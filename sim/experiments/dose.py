"""Dose curves: one setting of a strategy over its range, and where the best lies."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from sim.config.composing import understood_all
from sim.config.loading import Simulation, Varied, resolved
from sim.config.overrides import key_of
from sim.console.progress import OnProgress
from sim.experiments.effects import CONTRIBUTION, MAIN, NET, Effects
from sim.experiments.evaluation import Evaluation, Trial
from sim.experiments.executors import ExecutionSettings
from sim.experiments.lived import keep_lived
from sim.experiments.optimum import optimum
from sim.experiments.plan import replication_seeds
from sim.experiments.space import Choice, Point, Range, Value
from sim.experiments.varied import parsed
from sim.parameters.quantity import ConfigurationError
from sim.reference.parameters import parameters
from sim.text.outgoing import cited
from sim.text.suggestions import instead

TIMES = "times the usual"  # unit of a dose that multiplies
JUDGED = tuple(outcome for outcome in MAIN if outcome.name in (NET, CONTRIBUTION))


class Curve(NamedTuple):
    """What is varied for one curve.

    Attributes
    ----------
    name, title
        What a command and a reader call it.
    settings
        Dotted keys that move together.
    doses
        Values, or multiples of what the scenario has.
    multiples
        Which of the two.
    also
        Settings that are the same at every dose, as `KEY=VALUE`.
    """

    name: str
    title: str
    settings: tuple[str, ...]
    doses: tuple[float, ...]
    multiples: bool = False
    also: tuple[str, ...] = ()


def kept(curves: Mapping[str, Mapping[str, Any]], names: Sequence[str]) -> list[Curve]:
    """Those of `conf/dose.yaml` that are named; without names, all.

    Raises
    ------
    ConfigurationError
        Where a name is none of them, or a dose is no number.
    """
    for name in names:
        if name not in curves:
            raise ConfigurationError(f"There is no dose curve {cited(name)}{instead(name, curves)}")
    found = []
    for name, about in curves.items():
        if not names or name in names:
            keys = tuple(about["settings"])
            doses = parsed([f"{key}={about['values']}" for key in keys[:1]])[0]
            (own,) = varied({keys[0]: doses.get(keys[0], Choice((about["values"],)))})
            more = (bool(about["multiples"]), tuple(about["also"]))
            found.append(Curve(name, about["title"], keys, own.doses, *more))
    return found


def varied(settings: Mapping[str, Range | Choice]) -> list[Curve]:
    """A curve for each setting that was given several numbers."""
    return [Curve(key, key, (key,), _numbers(key, each)) for key, each in settings.items()]


def _numbers(key: str, setting: Range | Choice) -> tuple[float, ...]:
    values = setting.values if isinstance(setting, Choice) else ()
    if len(set(values)) < 2 or any(isinstance(value, str | bool) for value in values):
        raise ConfigurationError(
            f"A dose is a number, and a curve has several: write {cited(key)}=5,10,20."
        )
    return tuple(sorted({float(value) for value in values}))


def dose(
    curves: Sequence[Curve],
    scenario: str,
    settings: ExecutionSettings,
    *,
    replications: int,
    seed: int = 1,
    overrides: Sequence[str] = (),
    on_progress: OnProgress | None = None,
) -> Path:
    """Let the same worlds live through every dose of each curve.

    Parameters
    ----------
    curves
        What is varied, one after the other; see `kept` and `varied`.
    scenario
        The strategy; its own value is one of the doses, and what the others are compared with.
    settings
        Where results go and how runs are done.
    replications, seed
        How many worlds, and where their seeds come from.
    overrides
        What is the same in every run.
    on_progress
        Told now and then how far it has come.

    Returns
    -------
    Path
        The folder ``<results>/dose/<scenario>-<hash>`` with

        - `curves`: a row per curve, dose and outcome, its level and the difference to the usual
          dose in the same worlds;
        - `optima`: where the best dose lies by contribution and by repurchasing households;
        - `doses`: what each curve varies;
        - `runs`: a row per run with its seed and key.

    Raises
    ------
    ConfigurationError, ResultsError, RunsInterrupted
        In one sentence.
    """
    if not curves:
        raise ConfigurationError("Nothing varies: name a curve, or write key=1,2,3.")
    seeds = replication_seeds(seed, replications)
    lives = Evaluation([scenario], overrides, seeds, settings, on_progress)
    base = lives.as_they_are()[scenario]
    known = Varied(scenario, overrides, settings.config_dir, trust_rules=settings.trust_rules)
    for curve in curves:
        _check_settings(known, base, curve)
    usual = {curve.name: float(_usual(base, curve)) for curve in curves}
    places = [
        (curve, each) for curve in curves for each in sorted({*curve.doses, usual[curve.name]})
    ]
    points = [_point(base, curve, each) for curve, each in places]
    trials = {
        (curve.name, each): trial
        for (curve, each), trial in zip(places, lives.run(points), strict=True)
    }
    found = {
        "curves": _curves(lives, trials, usual),
        "optima": _optima(lives, trials, usual),
        "doses": _doses(curves, usual, settings.config_dir),
        "runs": pd.DataFrame(
            {"curve": name, "dose": each, "seed": run.seed, "key": run.key}
            for (name, each), trial in trials.items()
            for run in trial.runs
        ),
    }
    asked = {
        "configuration": resolved(base),
        "parameters": [dict(point) for point in points],
        "curves": [curve._asdict() for curve in curves],
        "seeds": seeds,
    }
    return keep_lived("dose", lives, found, asked, seed)


def _usual(base: Simulation, curve: Curve) -> float:
    """The dose that the scenario itself has."""
    if curve.multiples:
        return 1.0
    return _at(base, curve.settings[0])


def _check_settings(known: Varied, base: Simulation, curve: Curve) -> None:
    """Refuse what is no setting, or none that is a number."""
    for key in curve.settings:
        if _found(base, key) is None:
            known.read({key: curve.doses[0]})
        _at(base, key)


def _found(config: Simulation, key: str) -> Any:
    found: Any = config
    for part in key.split("."):
        found = getattr(found, part, None)
    return found


def _at(config: Simulation, key: str) -> float:
    found = _found(config, key)
    if isinstance(found, str | bool) or not isinstance(found, float | int):
        raise ConfigurationError(f"{cited(key)} is no number, and a dose is one.")
    return found


def _point(base: Simulation, curve: Curve, dose: float) -> Point:
    """The settings at a dose; whole numbers stay whole, and the usual ones as they are."""
    values: dict[str, Value] = {
        key_of(text): read.value
        for text, read in zip(curve.also, understood_all(curve.also), strict=True)
    }
    for key in curve.settings:
        usual = _at(base, key)
        told = usual * dose if curve.multiples else dose
        values[key] = int(told) if isinstance(usual, int) and float(told).is_integer() else told
    return values


def _curves(
    lives: Evaluation, trials: Mapping[tuple[str, float], Trial], usual: Mapping[str, float]
) -> pd.DataFrame:
    effects, parts = Effects(lives), []
    for (name, each), trial in trials.items():
        rows = effects.against(trial, trials[name, usual[name]])
        rows.insert(0, "curve", name)
        rows.insert(1, "dose", each)
        rows.insert(2, "as_it_is", each == usual[name])
        parts.append(rows)
    return pd.concat(parts, ignore_index=True)


def _optima(
    lives: Evaluation, trials: Mapping[tuple[str, float], Trial], usual: Mapping[str, float]
) -> pd.DataFrame:
    effects, rows = Effects(lives), []
    for name in usual:
        own = {each: effects.measured(trial) for (of, each), trial in trials.items() if of == name}
        for outcome in JUDGED:
            values = pd.DataFrame({each: table[outcome.name] for each, table in own.items()})
            found = optimum(values.to_numpy(float), list(own), outcome.better)
            row = {"curve": name, "outcome": outcome.name, "usual": usual[name]}
            rows.append({**row, **found._asdict(), "least": min(own), "most": max(own)})
    return pd.DataFrame(rows)


def _doses(
    curves: Sequence[Curve], usual: Mapping[str, float], config_dir: Path | None
) -> pd.DataFrame:
    known = {each.key: each for each in parameters(config_dir)}
    rows = []
    for curve in curves:
        about = known.get(curve.settings[0])
        unit = TIMES if curve.multiples else about.unit if about else ""
        rows.append(
            {
                "curve": curve.name,
                "title": curve.title,
                "settings": ", ".join(curve.settings),
                "unit": unit,
                "what": about.about if about else "",
                "also": ", ".join(curve.also),
                "usual": usual[curve.name],
            }
        )
    return pd.DataFrame(rows)


__all__ = ["JUDGED", "Curve", "dose", "kept", "varied"]
