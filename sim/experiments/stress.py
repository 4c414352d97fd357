"""Strategies put through shocks, each held against its undisturbed self in the same worlds.

A strategy lives in the same worlds without any shock and once with each of them, one at a time,
dated as `conf/shock/` or the settings say. All that differs is the shock; `sim.indicators.shocks`
says what is lost, for how long and for good, of all worlds together, with intervals over worlds.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from sim.config import composing
from sim.config.loading import Simulation, resolved
from sim.console.progress import OnProgress
from sim.experiments.compare import described
from sim.experiments.effects import CONTRIBUTION, MAIN, NET, Effects
from sim.experiments.evaluation import Evaluation, Trial
from sim.experiments.executors import ExecutionSettings
from sim.experiments.jackknife import intervals, pooled
from sim.experiments.lived import keep_lived
from sim.experiments.plan import replication_seeds
from sim.experiments.space import Point
from sim.experiments.statistics import Floats
from sim.indicators.observed import MONTH_DAYS
from sim.indicators.shocks import RESILIENCE_UNITS, Resilience, kept, resilience
from sim.parameters.quantity import ConfigurationError, listed
from sim.store.runs import Store
from sim.text.outgoing import cited
from sim.text.suggestions import instead

BROUGHT = ("orders", "revenue_yuan")  # columns of the daily table that a shock may take from
OUTCOMES = {  # what they are called in tables
    "repurchasing_households": NET,
    "orders": "orders",
    "contribution": CONTRIBUTION,
    "churn": "churn_rate_365d",
}
EVERY = 5  # days from one point of a course to the next
UNDISTURBED = ""  # the name of no shock


class Disturbed(NamedTuple):
    """A strategy with a shock, and the same without it."""

    shock: str
    first: int  # day on which it begins
    trial: Trial
    undisturbed: Trial

    @property
    def whose(self) -> dict[str, str]:
        """What its rows begin with."""
        return {"strategy": self.trial.strategy, "shock": self.shock}


def stress(
    strategies: Sequence[str],
    settings: ExecutionSettings,
    *,
    shocks: Sequence[str] = (),
    size: float = 1.0,
    band: float,
    outcome: str,
    replications: int,
    tell: Callable[[Simulation, str], str],
    seed: int = 1,
    overrides: Sequence[str] = (),
    on_progress: OnProgress | None = None,
) -> Path:
    """Put strategies through shocks, one at a time.

    Parameters
    ----------
    strategies
        Names of scenarios; the first is the one that others are compared with.
    settings
        Where results go and how runs are done.
    shocks
        Names of shocks; none: all there are.
    size
        How large each of them is.
    band
        Share of the undisturbed self's from which on a strategy counts as recovered.
    outcome
        What losses are told of first, one of `OUTCOMES`.
    replications, seed
        How many worlds, and where their seeds come from.
    tell
        Says in a sentence what a shock of a configuration does, from its name.
    overrides
        What is the same in every run.
    on_progress
        Told now and then how far it has come.

    Returns
    -------
    Path
        The folder ``<results>/stress/<strategy>-<hash>`` with

        - `resilience`: a row per strategy, shock, outcome and measure (`Resilience`);
        - `effects`: a row per strategy, shock and outcome over the whole run, the difference to the
          undisturbed self;
        - `compared`: how much more or less than the first strategy each of the others loses;
        - `courses`: what 30 days running bring of what they bring the undisturbed self, by day;
        - `shocks`, `strategies`: what befell whom;
        - `runs`: a row per run with its seed and key.

    Raises
    ------
    ConfigurationError, ResultsError, RunsInterrupted
        In one sentence.
    """
    if outcome not in OUTCOMES:
        raise ConfigurationError(
            f"There is no outcome {cited(outcome)}{instead(outcome, OUTCOMES)}"
        )
    names, chosen = list(dict.fromkeys(strategies)), _known(shocks)
    lives = Evaluation(
        names, overrides, replication_seeds(seed, replications), settings, on_progress
    )
    bases = lives.as_they_are()
    for name, config in bases.items():
        _check_calm(name, config)
    points: list[Point] = [{}, *({f"shocks.{shock}.size": size} for shock in chosen)]
    begun = {(name, shock): _first_day(bases[name], shock) for name in names for shock in chosen}
    trials = {(each.number, each.strategy): each for each in lives.run(points)}
    told = [
        Disturbed(shock, begun[name, shock], trials[number, name], trials[0, name])
        for name in names
        for number, shock in enumerate(chosen, 1)
    ]
    days = _days_of(lives)
    found = {
        "resilience": _resilience(told, days, band),
        "effects": _effects(told, lives),
        "compared": _compared(told, lives, days, band),
        "courses": _courses(told, days),
        "shocks": _shocks(bases[names[0]], chosen, size, tell),
        "strategies": described(bases),
        "runs": pd.DataFrame(
            {"strategy": name, "shock": [UNDISTURBED, *chosen][number], "seed": run.seed,
             "key": run.key}
            for (number, name), trial in trials.items()
            for run in trial.runs
        ),
    }  # fmt: skip
    asked = {
        "configurations": {name: resolved(config) for name, config in bases.items()},
        "strategies": names,
        "reference": names[0],
        "shocks": chosen,
        "size": size,
        "band": band,
        "outcome": OUTCOMES[outcome],
        "seeds": lives.seeds,
    }
    return keep_lived("stress", lives, found, asked, seed)


def _known(names: Sequence[str]) -> list[str]:
    known = composing.shock_names()
    for name in names:
        if name not in known:
            raise ConfigurationError(f"There is no shock {cited(name)}{instead(name, known)}")
    return [name for name in known if name in names or not names]


def _check_calm(strategy: str, config: Simulation) -> None:
    """Refuse a strategy that a shock befalls anyway: it would have no undisturbed self."""
    befalling = [name for name, own in vars(config.shocks).items() if own.size > 0.0]
    if befalling:
        raise ConfigurationError(
            f"{cited(strategy)} is disturbed already ({listed(befalling)}), so there is nothing to "
            "hold it against: name the strategy as it is without, and say how large a shock is "
            "by --size."
        )


def _first_day(config: Simulation, shock: str) -> int:
    """Day on which a shock begins; refuse one of which a run shows too little."""
    own, days = getattr(config.shocks, shock), config.run.days
    if own.from_day >= own.until_day:
        raise ConfigurationError(
            f"{shock} ends on day {own.until_day:,}, before it begins: set "
            f"shocks.{shock}.until_day to more than {own.from_day:,}."
        )
    if days - own.from_day < MONTH_DAYS:
        raise ConfigurationError(
            f"{shock} begins on day {own.from_day:,} and the run has {days:,} days: what it takes "
            f"is told from {MONTH_DAYS} days on; set run.days, or shocks.{shock}.from_day."
        )
    return int(own.from_day)


Days = Mapping[str, Mapping[str, Floats]]  # by key of a run and column


def _days_of(lives: Evaluation) -> Days:
    """What every day of every run brought."""
    store = Store(lives.settings.results)
    return {
        run.key: {
            str(name): column.to_numpy(float)
            for name, column in store.tables(run.key).read("daily", BROUGHT.__contains__).items()
        }
        for trial in lives.trials
        for run in trial.runs
    }


def _worlds(each: Disturbed, days: Days, outcome: str) -> Floats:
    """What every world brought with and without the shock, shape (worlds, 2, days)."""
    runs = zip(each.trial.runs, each.undisturbed.runs, strict=True)
    return np.array([[days[run.key][outcome] for run in both] for both in runs])


def _measured(each: Disturbed, days: Days, outcome: str, band: float) -> tuple[Floats, Floats]:
    """Its resilience, of all worlds together, and each world's part in it."""

    def measure(added: Floats) -> Floats:
        return np.array([*resilience(added[0], added[1], each.first, band)])

    return pooled(measure, _worlds(each, days, outcome))


def _resilience(told: Sequence[Disturbed], days: Days, band: float) -> pd.DataFrame:
    parts = []
    for each in told:
        for outcome in BROUGHT:
            got = intervals(*_measured(each, days, outcome, band))
            table = pd.DataFrame({"measure": Resilience._fields, "unit": RESILIENCE_UNITS})
            table = table.assign(mean=got.mean, low=got.low, high=got.high, n=got.n)
            parts.append(table.assign(**each.whose, outcome=outcome))
    columns = ["strategy", "shock", "outcome", "measure", "unit", "mean", "low", "high", "n"]
    return pd.concat(parts, ignore_index=True)[columns]


def _effects(told: Sequence[Disturbed], lives: Evaluation) -> pd.DataFrame:
    effects, parts = Effects(lives), []
    for each in told:
        rows = effects.against(each.trial, each.undisturbed)
        parts.append(rows.assign(**each.whose)[[*each.whose, *rows.columns]])
    return pd.concat(parts, ignore_index=True)


def _compared(
    told: Sequence[Disturbed], lives: Evaluation, days: Days, band: float
) -> pd.DataFrame:
    """What each strategy loses more than the first, by shock: below zero, it loses less."""
    effects, reference = Effects(lives), lives.strategies[0]
    losses = {tuple(each.whose.values()): _losses(each, effects, days, band) for each in told}
    rows = []
    for each in told:
        strategy, shock = each.whose.values()
        calm = losses[reference, shock]
        for about, (whole, parts) in (
            losses[strategy, shock].items() if strategy != reference else ()
        ):
            got = intervals(whole - calm[about][0], parts - calm[about][1])
            whose = {"strategy": strategy, "reference": reference, "shock": shock}
            numbers = {"mean": got.mean[0], "low": got.low[0], "high": got.high[0], "n": got.n[0]}
            rows.append({**whose, **about._asdict(), **numbers})
    columns = ["strategy", "reference", "shock", *Lost._fields, "mean", "low", "high", "n"]
    return pd.DataFrame(rows, columns=columns)


class Lost(NamedTuple):
    """What may be lost."""

    outcome: str
    measure: str  # `lost` over the whole run, or a measure of resilience
    unit: str


def _losses(
    each: Disturbed, effects: Effects, days: Days, band: float
) -> dict[Lost, tuple[Floats, Floats]]:
    """All that a shock takes from a strategy: of all worlds together, and each world's part."""
    own, calm = (effects.measured(trial) for trial in (each.trial, each.undisturbed))
    found = {}
    for aim in MAIN:
        lost = aim.better * (calm[aim.name] - own[aim.name]).to_numpy(float)
        found[Lost(aim.name, "lost", aim.unit)] = lost.mean(keepdims=True), lost[:, None]
    for outcome in BROUGHT:
        whole, parts = _measured(each, days, outcome, band)
        for place, (measure, unit) in enumerate(
            zip(Resilience._fields, RESILIENCE_UNITS, strict=True)
        ):
            found[Lost(outcome, measure, unit)] = whole[[place]], parts[:, [place]]
    return found


def _left(each: Disturbed, days: Days, outcome: str) -> tuple[Floats, Floats]:
    """What is left of the undisturbed self's, every few days."""

    def measure(added: Floats) -> Floats:
        return kept(added[0], added[1], each.first)[::EVERY]

    return pooled(measure, _worlds(each, days, outcome))


def _courses(told: Sequence[Disturbed], days: Days) -> pd.DataFrame:
    parts = []
    for each in told:
        for outcome in BROUGHT:
            got = intervals(*_left(each, days, outcome))
            table = pd.DataFrame({"day": each.first + EVERY * np.arange(len(got.mean))})
            table = table.assign(outcome=outcome, mean=got.mean, low=got.low, high=got.high)
            parts.append(table.assign(n=got.n, **each.whose))
    columns = ["strategy", "shock", "outcome", "day", "mean", "low", "high", "n"]
    return pd.concat(parts, ignore_index=True)[columns]


def _shocks(
    config: Simulation, names: Sequence[str], size: float, tell: Callable[[Simulation, str], str]
) -> pd.DataFrame:
    rows: list[dict[str, Any]] = []
    for name in names:
        own = getattr(config.shocks, name)
        until = min(own.until_day, config.run.days)
        dates = {"from_day": own.from_day, "until_day": until}
        rows.append({"shock": name, "size": size, **dates, "what": tell(config, name)})
    return pd.DataFrame(rows)


__all__ = ["BROUGHT", "UNDISTURBED", "stress"]
