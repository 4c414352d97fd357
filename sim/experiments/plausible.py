"""What is not known about people, carried through a comparison.

A sample of plausible settings, as a calibration leaves it, gives every world its own: the interval
over worlds then holds both luck and what is not known. What comes of it also tells in how many
plausible worlds each strategy is best, what is lost by choosing it, and what it would be worth to
know a setting exactly.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from sim.config.composing import CONF
from sim.config.overrides import key_of
from sim.experiments.assumptions import value_at
from sim.experiments.space import Point
from sim.parameters.quantity import ConfigurationError
from sim.text.outgoing import cited

Floats = npt.NDArray[np.float64]
GROUP, WEIGHT = "behaviour", "weight"
OPERATOR, BEFORE = "operator.", "before."
LEAST_WORLDS = 20  # from fewer nothing is said of what a setting is worth to know
SHUFFLES = 200  # that tell how much of that is luck
POWERS = 3  # of a setting's rank, by which outcomes are told from it
HIGH = 0.95  # quantile that a regret is told to stay under


class Sample(NamedTuple):
    """Plausible settings and how much each counts."""

    name: str
    points: list[Point]
    weights: Floats


def sample_of(overrides: Sequence[str], config_dir: Path | None) -> Sample | None:
    """The sample beside the behaviour that is chosen, if there is one.

    It is a CSV file of the behaviour's name: a column `weight`, and one for each setting.

    Raises
    ------
    ConfigurationError
        In one sentence: a missing column, what is no number, weights that add up to nothing.
    """
    chosen = [text.partition("=")[2] for text in overrides if key_of(text) == GROUP]
    if not chosen:
        return None
    homes = [CONF] if config_dir is None else [config_dir, CONF]
    files = [home / GROUP / f"{chosen[-1]}.csv" for home in homes]
    file = next((each for each in files if each.is_file()), None)
    return None if file is None else _read(file)


def _read(file: Path) -> Sample:
    try:
        table = pd.read_csv(file)
    except (ValueError, OSError) as error:
        raise ConfigurationError(f"{cited(file)} is no table ({cited(error)}).") from None
    if WEIGHT not in table or len(table.columns) < 2:
        raise ConfigurationError(
            f"{cited(file)} needs a column {WEIGHT} and one for each setting, such as "
            "behaviour.choose.recall."
        )
    for name in table.columns:
        odd = np.flatnonzero(~np.isfinite(pd.to_numeric(table[name], errors="coerce")))
        if len(odd):
            raise ConfigurationError(
                f"{cited(file)} has no number in row {odd[0] + 1}, column {cited(name)}."
            )
    weights = table[WEIGHT].to_numpy(float)
    if (weights < 0).any() or not weights.sum() > 0:
        raise ConfigurationError(f"The weights of {cited(file)} must be 0 or more, some above.")
    points: list[Point] = [
        {str(name): _plain(value) for name, value in row.items()}
        for row in table.drop(columns=WEIGHT).to_dict("records")
    ]
    return Sample(file.stem, points, weights / weights.sum())


def _plain(value: Any) -> float | int:
    return int(value) if float(value).is_integer() and isinstance(value, int) else float(value)


def write_sample(file: Path, points: Sequence[Point], weights: Floats) -> None:
    """Write a sample beside the behaviour of the same name."""
    table = pd.DataFrame(list(points))
    table.insert(0, WEIGHT, weights)
    table.to_csv(file, index=False)


def in_worlds(sample: Sample, count: int) -> list[Point]:
    """Settings of so many worlds, each as often as its weight says.

    Those of the first ten of twenty are those of ten: places of van der Corput's sequence, which
    fills the weights ever more finely.
    """
    ends = np.cumsum(sample.weights)
    places = [_van_der_corput(number) for number in range(1, count + 1)]
    chosen = np.searchsorted(ends, places, side="right").clip(max=len(ends) - 1)
    return [sample.points[number] for number in chosen.tolist()]


def _van_der_corput(number: int) -> float:
    place, step = 0.0, 0.5
    while number:
        place += step * (number & 1)
        number >>= 1
        step /= 2
    return place


def lay(values: dict[str, Any], point: Point, usual: Mapping[str, Any]) -> dict[str, Any]:
    """A resolved configuration with plausible settings of its operator's market before day 0, too.

    What a strategy itself sets of the operator stays as it sets it.

    Parameters
    ----------
    values
        Of a strategy at the point; changed in place.
    point
        Plausible settings.
    usual
        Of the same strategy, as it is.
    """
    for key, value in point.items():
        if key.startswith(OPERATOR):
            old = BEFORE + key.removeprefix(OPERATOR)
            if value_at(usual, key) != value_at(usual, old):
                _put(values, key, value_at(usual, key))
            _put(values, old, value)
    return values


def _put(values: dict[str, Any], key: str, value: Any) -> None:
    *nodes, leaf = key.split(".")
    for node in nodes:
        values = values[node]
    values[leaf] = value


def plausible(
    values: Floats, strategies: Sequence[str], better: int, goal: str, unit: str
) -> pd.DataFrame:
    """In how many plausible worlds each strategy is best, and what is lost by choosing it.

    Parameters
    ----------
    values
        What each comes to by the goal: strategies, worlds. Ties are shared.
    strategies, better, goal, unit
        Their names, whether more (1) or less (-1) is better, the goal and its unit.

    Returns
    -------
    pandas.DataFrame
        ``strategy, goal, unit, worlds, best, best_share, regret, regret_high``.
    """
    worth = better * values
    top = worth.max(axis=0)
    best = (worth == top) / (worth == top).sum(axis=0)
    regret = top - worth
    return pd.DataFrame(
        {
            "strategy": list(strategies),
            "goal": goal,
            "unit": unit,
            "worlds": values.shape[1],
            "best": best.sum(axis=1),
            "best_share": best.mean(axis=1),
            "regret": regret.mean(axis=1),
            "regret_high": np.quantile(regret, HIGH, axis=1),
        }
    ).sort_values(["regret", "strategy"], ignore_index=True)


def worth_knowing(
    values: Floats, points: Sequence[Point], better: int, goal: str, unit: str
) -> pd.DataFrame:
    """What it is worth by the goal to know a setting exactly before choosing.

    The expected value of partial perfect information, by regression (Strong, Oakley & Brennan
    2014): what the strategy that is best for each value comes to, less what the one that is best
    on the whole does. What shuffled values would seem worth is taken off.

    Returns
    -------
    pandas.DataFrame
        ``setting, goal, unit, worth, worlds``, the most first; empty for fewer than
        `LEAST_WORLDS` worlds.
    """
    columns = ["setting", "goal", "unit", "worth", "worlds"]
    count = values.shape[1]
    if count < LEAST_WORLDS or not np.isfinite(values).all():
        return pd.DataFrame({name: pd.Series(dtype=object) for name in columns})
    worth, rng = better * values, np.random.default_rng(1)
    orders = [rng.permutation(count) for _ in range(SHUFFLES)]
    rows = []
    for key in points[0]:
        own = np.array([float(point[key]) for point in points])
        if np.ptp(own) > 0:
            place = np.argsort(np.argsort(own, kind="stable"), kind="stable") / (count - 1)
            by_luck = np.mean([_gain(worth, place[order]) for order in orders])
            rows.append((key, goal, unit, max(_gain(worth, place) - by_luck, 0.0), count))
    return pd.DataFrame(rows, columns=columns).sort_values(
        ["worth", "setting"], ascending=[False, True], ignore_index=True
    )


def _gain(worth: Floats, place: Floats) -> float:
    return gain(expected(worth, place))


def expected(worth: Floats, place: Floats) -> Floats:
    """What each strategy is expected to come to, told from where something lies in each world.

    Parameters
    ----------
    worth
        Of strategies in worlds; more is better.
    place
        Of each world, 0 to 1.

    Returns
    -------
    numpy.ndarray
        By a polynomial of degree `POWERS`: worlds, strategies.
    """
    powers = np.vander(2 * place - 1, POWERS + 1)
    fitted: Floats = powers @ np.linalg.lstsq(powers, worth.T, rcond=None)[0]
    return fitted


def gain(fitted: Floats) -> float:
    """What choosing by what is expected in each world brings, over one choice for all."""
    return float(fitted.max(axis=1).mean() - fitted.mean(axis=0).max())


__all__ = [
    "LEAST_WORLDS",
    "SHUFFLES",
    "Sample",
    "expected",
    "gain",
    "in_worlds",
    "lay",
    "plausible",
    "sample_of",
    "worth_knowing",
    "write_sample",
]
