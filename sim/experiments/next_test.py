"""Which test to run next: the pilot whose outcome would change the choice for the better the most.

A pilot of a strategy against the reference shows, in each plausible world, what differs there
between the two, and the luck of the customers in its arms. What a choice gains by having seen that
is the expected value of sample information, found by regression from the worlds there are (Strong,
Oakley, Brennan & Breeze 2015), no world lived anew. Like what a setting is worth to know
(`sim.experiments.plausible.worth_knowing`) it is counted in the goal's unit, before what the test
itself costs.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from sim.experiments.pilot import MONTHS, OF_CUSTOMERS, Spread
from sim.experiments.plausible import LEAST_WORLDS, SHUFFLES, expected, gain

Floats = npt.NDArray[np.float64]
SIZES = (500, 2000, 8000)  # customers in each of two arms, drawn by lot
DRAWS = 50  # of the luck in a pilot
COLUMNS = ["strategy", "outcome", "months", "per_arm", "goal", "unit", "worth", "changes", "worlds"]


class Pilot(NamedTuple):
    """A test that an operator could run.

    Attributes
    ----------
    strategy, outcome
        What is tried against the reference, and what is looked at.
    per_arm
        Customers in each of the two arms.
    difference
        That there is in each world.
    error
        Standard error of the difference that a pilot sees, from how customers differ.
    """

    strategy: str
    outcome: str
    per_arm: int
    difference: Floats
    error: float


def possible(
    found: Mapping[tuple[str, int], Mapping[str, Spread]],
    strategies: Iterable[str],
    seeds: Sequence[int],
    reference: str,
) -> list[Pilot]:
    """Every pilot of a strategy against the reference, of each outcome and size.

    Parameters
    ----------
    found
        `sim.experiments.pilot.spreads` of each run, by strategy and seed; with none of a run
        (shorter than a year) there is no pilot.
    strategies, seeds, reference
        Of the comparison; worlds are in the order of the seeds.
    """
    names = list(strategies)
    if not all(found.get((name, seed)) for name in names for seed in seeds):
        return []
    pilots = []
    for name in names:
        for outcome in OF_CUSTOMERS if name != reference else ():
            own = [found[name, seed][outcome] for seed in seeds]
            usual = [found[reference, seed][outcome] for seed in seeds]
            pairs = list(zip(own, usual, strict=True))
            difference = np.array([a.mean - b.mean for a, b in pairs])
            variance = float(np.mean([a.variance + b.variance for a, b in pairs]))
            for size in SIZES:
                error = float(np.sqrt(variance / size))
                pilots.append(Pilot(name, outcome, size, difference, error))
    return [each for each in pilots if np.isfinite(each.difference).all() and each.error >= 0]


def worth_trying(
    values: Floats, pilots: Sequence[Pilot], better: int, goal: str, unit: str
) -> pd.DataFrame:
    """What it is worth by the goal to see a pilot's outcome before choosing.

    Parameters
    ----------
    values
        What each strategy comes to by the goal: strategies, worlds.
    pilots
        Of the same worlds.
    better, goal, unit
        Whether more (1) or less (-1) is better, the goal and its unit.

    Returns
    -------
    pandas.DataFrame
        ``strategy, outcome, months, per_arm, goal, unit, worth, changes, worlds``, the most first:
        what is gained on average, less what an outcome that says nothing would seem to bring, and
        the share of worlds in which the choice is another for it. Empty for fewer than
        `LEAST_WORLDS` worlds.
    """
    count = values.shape[1]
    if count < LEAST_WORLDS or not pilots or not np.isfinite(values).all():
        return pd.DataFrame({name: pd.Series(dtype=object) for name in COLUMNS})
    worth: Floats = better * values
    rng = np.random.default_rng(1)
    # The same luck for all pilots, so that a larger one sees more.
    luck = rng.standard_normal((DRAWS, count))
    nothing = rng.standard_normal((SHUFFLES, count))
    silent = np.mean([_seen(worth, one)[0] for one in nothing])
    rows = []
    for each in pilots:
        told = np.array([_seen(worth, each.difference + each.error * one) for one in luck])
        brings = max(float(told[:, 0].mean() - silent), 0.0)
        changes = float(told[:, 1].mean()) if brings > 0 else 0.0
        named = (each.strategy, each.outcome, MONTHS, each.per_arm, goal, unit)
        rows.append((*named, brings, changes, count))
    table = pd.DataFrame(rows, columns=COLUMNS)
    return table.sort_values(
        ["worth", "strategy", "outcome", "per_arm"],
        ascending=[False, True, True, True],
        ignore_index=True,
    )


def _seen(worth: Floats, outcome: Floats) -> tuple[float, float]:
    """What is gained by choosing after this outcome in each world, and how often it is another."""
    place = np.argsort(np.argsort(outcome, kind="stable"), kind="stable") / (len(outcome) - 1)
    fitted = expected(worth, place)
    usual = int(fitted.mean(axis=0).argmax())
    return gain(fitted), float((fitted.argmax(axis=1) != usual).mean())


__all__ = ["SIZES", "Pilot", "possible", "worth_trying"]
