"""Where the market goes: births, advertising, rivals and their prices, year by year.

A market without a path stands still. A path says for the middle of some calendar years how each of
four things stands to the market as it is configured; between two of them a day lies on the straight
line, before the first and after the last it stands still. Days are the finest step, so that nothing
jumps on a first of January: the calendar has a row for each anyway. Nothing is drawn but who comes
when births fall, and that from luck which no strategy moves.
"""

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from sim.compilation.compiled import compiled
from sim.parameters.quantity import ConfigurationError, quantity
from sim.world.draws import SYNTHESIS, uniform
from sim.world.household import GRADUATION_DAYS, NEVER
from sim.world.portable_math import log
from sim.world.protocols import Parent

DAYS_OF_YEAR = 365
MIDDLE_OF_YEAR = 0.5  # a year's figure is the mean of its days, which a line has in the middle
FOLLOWS = 19  # what is drawn here, beside the draws of synthesis and births

Days = np.ndarray[Any, np.dtype[np.float64]]


@dataclass
class MarketPath:
    """How the market goes on, a value a year; every list is empty where it stands still."""

    years: list[int] = quantity("calendar year", "for whose middle the values hold", 1900, 2200)
    births: list[float] = quantity("ratio", "children born, to the market as it is", 0.01, 10)
    advertising_cost: list[float] = quantity(
        "ratio", "yuan for the same contact, to what the operator states", 0.01, 100
    )
    rivals_appeal: list[float] = quantity("utility", "of every rival, more than it has", -5, 5)
    rivals_prices: list[float] = quantity("ratio", "of all rivals, to their usual prices", 0.1, 10)


COLUMNS = ("births", "advertising_cost", "rivals_appeal", "rivals_prices")


def value_on(path: MarketPath, column: str, when: Days) -> Days:
    """What a column of a path says at points of time.

    Parameters
    ----------
    path
        With one year at least.
    column
        One of `COLUMNS`.
    when
        Calendar years with their fraction: 2025.0 is the first of January 2025.
    """
    middles = np.asarray(path.years, float) + MIDDLE_OF_YEAR
    values = np.asarray(getattr(path, column), float)
    # Not np.interp, which some machines round once and others twice.
    after = np.clip(np.searchsorted(middles, when, side="right"), 1, max(len(middles) - 1, 1))
    before, after = after - 1, np.minimum(after, len(middles) - 1)
    apart = np.where(after > before, middles[after] - middles[before], 1.0)
    share = np.clip((when - middles[before]) / apart, 0.0, 1.0)
    rise: Days = (values[after] - values[before]) * share
    return np.asarray(values[before] + rise)


def lay_path(
    days: Any,
    path: MarketPath,
    first_day: int,
    day_0: float,
    pregnancy_days: float,
) -> None:
    """Write a path into a calendar; one without years changes nothing.

    Parameters
    ----------
    days
        The calendar as `sim.world.market.calendar` makes it: row i for day `first_day + i`.
    path
        Where the market goes.
    first_day
        First day of the run (negative: warm-up).
    day_0
        Date of day 0, as a calendar year with its fraction.
    pregnancy_days
        From a family's arrival to the birth, on average.

    Raises
    ------
    ConfigurationError
        If a list has not a value per year, years do not rise, or more families would come than
        there are places for.
    """
    _check(path)
    if not path.years:
        return
    when = day_0 + (first_day + np.arange(len(days))) / DAYS_OF_YEAR
    days["ad_cost"] = value_on(path, "advertising_cost", when)
    days["rival_appeal"] = value_on(path, "rivals_appeal", when)
    prices = value_on(path, "rivals_prices", when)
    days["rival_price"] *= prices[:, None]
    days["rival_log_price"] += np.array([log(ratio) for ratio in prices])[:, None]
    # Who leaves today was born six years ago; who comes today gives birth some months from now.
    leaving = value_on(path, "births", when - GRADUATION_DAYS / DAYS_OF_YEAR)
    coming = value_on(path, "births", when + pregnancy_days / DAYS_OF_YEAR)
    if (coming > leaving).any():
        first = int(np.argmax(coming > leaving)) + first_day
        raise ConfigurationError(
            f"market.path.births has more families come than leave from day {first} on, and there "
            "are no places for them: births may not exceed those of six years before."
        )
    days["places_refilled"] = coming / leaving


def date_of(reference_year: float, start_day_of_year: int) -> float:
    """Date of day 0: the calendar year in which it lies, and the fraction of it that is over."""
    return int(reference_year) + start_day_of_year / DAYS_OF_YEAR


@compiled
def family_follows(place: int, family: int, seed: int, places_refilled: float) -> bool:
    """Whether a family takes the place of one that leaves, by luck that no strategy moves."""
    if places_refilled >= 1.0:
        return True
    return uniform(seed, SYNTHESIS, place, family, FOLLOWS) < places_refilled


@compiled
def nobody_lives_with(parent: Parent) -> bool:
    """Whether a place stays empty: no child is ever born there."""
    return parent.birth_day == NEVER


def _check(path: MarketPath) -> None:
    for column in COLUMNS:
        if len(getattr(path, column)) != len(path.years):
            raise ConfigurationError(
                f"market.path.{column} has {len(getattr(path, column))} values and "
                f"market.path.years {len(path.years)}: give one for each year."
            )
    if any(later <= sooner for sooner, later in pairwise(path.years)):
        raise ConfigurationError(
            f"market.path.years = {list(path.years)}: each must be later than the one before."
        )


__all__ = [
    "COLUMNS",
    "MarketPath",
    "date_of",
    "family_follows",
    "lay_path",
    "nobody_lives_with",
    "value_on",
]
