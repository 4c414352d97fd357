"""What experiments are for: each goal, its unit and direction, and how it is read from runs.

Of a comparison the goal decides order, probability of being best, and wording; by it a strategy is
taken apart, and by it assumptions are judged.
"""

from collections.abc import Mapping
from math import isfinite
from typing import NamedTuple

import numpy as np
import pandas as pd

from sim.experiments import statistics
from sim.experiments.horizons import CONTRIBUTION, Readings
from sim.experiments.same_people import PER
from sim.indicators.horizons import DAY0_CHURN, DAY0_REPURCHASE, NET, OUTCOMES
from sim.indicators.observed import YEAR_DAYS
from sim.parameters.quantity import ConfigurationError
from sim.text.outgoing import cited
from sim.text.suggestions import instead

RATE = "repurchase_rate_365d"
OWN = "own"  # a weighted set
PRECISION = 0.2  # of the largest difference: one a fifth of it is told from none


class Goal(NamedTuple):
    """One thing that can be aimed at.

    Attributes
    ----------
    outcome
        Of the same people, of the ladder, or the indicator of that name.
    unit
        Of its numbers.
    scale
        From the outcome's own unit; contribution is further divided by the market's households.
    better
        1: more is better, -1: less is.
    """

    outcome: str
    unit: str
    scale: float
    better: int


GOALS = {
    "repurchasing_households": Goal(NET, "households per 10,000", 1.0, 1),
    "contribution": Goal(CONTRIBUTION, "yuan per 10,000 households", PER, 1),
    "day0_repurchase": Goal(DAY0_REPURCHASE, "points", 100.0, 1),
    "churn": Goal(DAY0_CHURN, "points", 100.0, -1),
    "repurchase_rate": Goal(RATE, "points", 100.0, 1),
}
USUAL = "repurchasing_households"
NEEDS_DAYS = {each.name: each.needs_days for each in OUTCOMES} | {RATE: YEAR_DAYS}

Asked = str | Mapping[str, float]


def weights(asked: Asked) -> dict[str, float]:
    """The goals that are asked for, each with what one unit of it is worth.

    Parameters
    ----------
    asked
        One of `GOALS`, or the worth of a unit of several: ``{contribution: 1, churn: 500}`` says
        that one point less churn is worth as much as 500 yuan more per 10,000 households. What is
        worth nothing is left out.

    Raises
    ------
    ConfigurationError
        In one sentence.
    """
    worths = {asked: 1.0} if isinstance(asked, str) else dict(asked)
    for name, worth in worths.items():
        if name not in GOALS:
            raise ConfigurationError(f"There is no goal {cited(name)}{instead(name, GOALS)}")
        if not (isfinite(worth) and worth >= 0):
            raise ConfigurationError(
                f"goal.{name} = {cited(worth)} is impossible: what a unit of it is worth "
                f"({GOALS[name].unit}) is a number from 0 on."
            )
    if not any(worths.values()):
        raise ConfigurationError(
            f"Nothing is worth anything: give one of goal.{', goal.'.join(GOALS)} a number."
        )
    return {name: float(worth) for name, worth in worths.items() if worth > 0}


def chosen(asked: Asked) -> str:
    """Name of the goal in the table `goals`: its own, or `own` for several by their worth."""
    names = list(weights(asked))
    return names[0] if len(names) == 1 else OWN


def aimed(asked: Asked) -> Goal:
    """The goal that is asked for: one of `GOALS`, or what several are worth together."""
    return GOALS.get(chosen(asked), Goal(OWN, "worth", 1.0, 1))


def check_readable(asked: Asked, days: int) -> None:
    """Refuse a goal that runs of so many days do not tell.

    Raises
    ------
    ConfigurationError
        In one sentence.
    """
    needed = max(NEEDS_DAYS.get(GOALS[name].outcome, 1) for name in weights(asked))
    if days < needed:
        raise ConfigurationError(
            f"The goal {chosen(asked)} cannot be read in runs of {days} days: let run.days be at "
            f"least {needed}."
        )


def in_run(
    people: pd.DataFrame, ladder: pd.DataFrame, indicators: Mapping[str, float], asked: Asked
) -> float:
    """What one run comes to by a goal, in its unit, as a comparison reads it.

    Parameters
    ----------
    people, ladder
        `Result.households`, as far as `same_people.is_of_people`, and `Result.ladder`.
    indicators
        Values of the whole population, by name.
    asked
        See `weights`.

    Returns
    -------
    float
        NaN where it cannot be read.
    """
    return every_in_run(people, ladder, indicators, asked)[chosen(asked)]


def every_in_run(
    people: pd.DataFrame, ladder: pd.DataFrame, indicators: Mapping[str, float], asked: Asked
) -> dict[str, float]:
    """What one run comes to by every goal, the one that is asked for first; see `in_run`."""
    alone = Readings(reference="", strategies=[""], seeds=[0])
    alone.read_ladders({("", 0): ladder})
    alone.read_people("", 0, people, people)
    rates = {name: np.full((1, 1), value) for name, value in indicators.items()}
    return {name: float(aim.values.item()) for name, aim in _aims(alone, rates, asked).items()}


def goals(
    readings: Readings, indicators: Mapping[str, statistics.Floats], asked: Asked
) -> pd.DataFrame:
    """Strategies from best to worst by each goal, with the probability of being best.

    Parameters
    ----------
    readings
        Of the comparison; read at the run's end.
    indicators
        Values by name, shape (strategies, seeds).
    asked
        See `weights`. The goal that was asked for comes first, and is marked.

    Returns
    -------
    pandas.DataFrame
        ``goal, asked, unit, better, rank, strategy, mean, low, high, n, extra, extra_low,
        extra_high, probability_best, method``; differences to the reference hold at once.
    """
    parts = []
    for name, aim in _aims(readings, indicators, asked).items():
        part = _ranked(readings, aim.values, aim.better)
        part.insert(0, "goal", name)
        part.insert(1, "asked", name == chosen(asked))
        part.insert(2, "unit", aim.unit)
        parts.append(part)
    return pd.concat(parts, ignore_index=True)


def precision(
    readings: Readings,
    indicators: Mapping[str, statistics.Floats],
    asked: Asked,
    wanted: float = PRECISION,
) -> pd.DataFrame:
    """How precise the differences in each goal are, and how many replications would do.

    Parameters
    ----------
    readings, indicators, asked
        As for `goals`.
    wanted
        Half-width of the simultaneous interval, as a part of the goal's largest difference.

    Returns
    -------
    pandas.DataFrame
        ``strategy, reference, goal, unit, replications, half_width, half_width_stated,
        replications_needed, variance_reduction_ratio``; no row for the reference.
    """
    column = readings.strategies.index(readings.reference)
    others = [i for i in range(len(readings.strategies)) if i != column]
    rows = []
    for name, aim in _aims(readings, indicators, asked).items() if others else ():
        got = statistics.paired_differences(aim.values.T, column)
        stated = wanted * float(np.abs(got.mean).max())  # missing where a difference is
        for i, other in enumerate(others):
            half = (got.high[i] - got.low[i]) / 2
            deviation, df = got.standard_deviation[i], got.n - 1
            needed = (
                statistics.replications_needed(deviation, stated, got.critical, df)
                if np.isfinite(half) and stated > 0
                else pd.NA
            )
            saved = statistics.variance_reduction(aim.values[other], aim.values[column])
            rows.append(
                {
                    "strategy": readings.strategies[other],
                    "reference": readings.reference,
                    "goal": name,
                    "unit": aim.unit,
                    "replications": got.n,
                    "half_width": half,
                    "half_width_stated": stated,
                    "replications_needed": needed,
                    "variance_reduction_ratio": saved,
                }
            )
    frame = pd.DataFrame(rows)
    return frame.astype({"replications_needed": "Int64"}) if rows else frame


class Aim(NamedTuple):
    """A goal as it was read: values of shape (strategies, seeds), unit, 1 or -1 for better."""

    values: statistics.Floats
    unit: str
    better: int


def aim_of(readings: Readings, indicators: Mapping[str, statistics.Floats], asked: Asked) -> Aim:
    """The goal that was asked for, as it was read in every world."""
    return _aims(readings, indicators, asked)[chosen(asked)]


def _aims(
    readings: Readings, indicators: Mapping[str, statistics.Floats], asked: Asked
) -> dict[str, Aim]:
    """Every goal by name, the one that was asked for first."""
    aims = {
        name: Aim(_values(readings, indicators, name), goal.unit, goal.better)
        for name, goal in GOALS.items()
    }
    if chosen(asked) == OWN:
        parts = [
            worth * aims[name].better * aims[name].values for name, worth in weights(asked).items()
        ]
        own = aimed(asked)
        aims[OWN] = Aim(np.sum(parts, axis=0), own.unit, own.better)
    first = chosen(asked)
    return {first: aims[first], **aims}


def _values(
    readings: Readings, indicators: Mapping[str, statistics.Floats], name: str
) -> statistics.Floats:
    """Values of a goal at the end, in its unit; NaN where it cannot be read."""
    goal = GOALS[name]
    missing = np.full((len(readings.strategies), len(readings.seeds)), np.nan)
    found = readings.values.get((readings.days, goal.outcome))
    if found is None:
        found = indicators.get(goal.outcome, missing)
    scale = goal.scale / readings.market if goal.outcome == CONTRIBUTION else goal.scale
    return found * scale


def _ranked(readings: Readings, values: statistics.Floats, better: int) -> pd.DataFrame:
    level = statistics.mean_intervals(values.T)
    best, method = statistics.probability_best(better * values.T)
    rank = statistics.ranks(better * level.mean)
    column = readings.strategies.index(readings.reference)
    got = statistics.paired_differences(values.T, column)
    extra = {
        f"extra{end}": np.insert(part, column, np.nan)
        for end, part in (("", got.mean), ("_low", got.low), ("_high", got.high))
    }
    table = pd.DataFrame(
        {
            "better": "higher" if better > 0 else "lower",
            "rank": rank,
            "strategy": readings.strategies,
            "mean": level.mean,
            "low": level.low,
            "high": level.high,
            "n": level.n,
            **extra,
            "probability_best": best,
            "method": method,
        }
    )
    return table.iloc[np.argsort(rank, kind="stable")]


__all__ = [
    "GOALS",
    "OWN",
    "PRECISION",
    "USUAL",
    "Aim",
    "Asked",
    "Goal",
    "aim_of",
    "aimed",
    "check_readable",
    "chosen",
    "every_in_run",
    "goals",
    "in_run",
    "precision",
    "weights",
]
