"""When children are born: the first population, and every family that follows.

Births have a season and ages a distribution that the succession of families leaves unchanged.
"""

from typing import Any

import numpy as np

from sim.compilation.compiled import compiled
from sim.parameters.quantity import ConfigurationError
from sim.world.catalogue import EXPECTING_DAYS
from sim.world.draws import SYNTHESIS, uniform
from sim.world.household import GRADUATION_DAYS
from sim.world.market import DAYS_OF_YEAR
from sim.world.population import Population
from sim.world.protocols import Demography, Numbers

MONTH_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)

BIRTH, PREGNANCY = 17, 18  # what is drawn here, beside the draws of synthesis


def births_by_day(population: Population) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Relative number of births on each of the 365 days of a year."""
    if population.pregnancy_shortest_days >= population.pregnancy_longest_days:
        raise ConfigurationError(
            "population.pregnancy_shortest_days must be less than pregnancy_longest_days."
        )
    if len(population.births_by_month) != 12 or len(population.births_by_year) != 6:
        raise ConfigurationError(
            "population.births_by_month needs 12 values and births_by_year 6, the latest first."
        )
    return np.repeat(np.asarray(population.births_by_month, float), MONTH_DAYS)


def first_births(
    population: Population, first_day: int, start_day_of_year: int
) -> tuple[int, np.ndarray[Any, np.dtype[np.float64]]]:
    """Distribution of birth days in the first population.

    It is the one that the succession of families leaves unchanged: every age from birth to
    graduation equally likely but for the season (and for the years' births, if `births_trend`
    is historical), expected births thinning out as fewer families have arrived so early.

    Parameters
    ----------
    population
        Births and lengths of pregnancies.
    first_day
        First day of the run.
    start_day_of_year
        Day of the year of day 0, 0 = 1 January.

    Returns
    -------
    earliest : int
        Earliest possible birth day.
    cumulative : float64 array
        Share of children born before each day from the earliest on; from 0 to 1.
    """
    earliest = first_day - GRADUATION_DAYS + 1
    day = np.arange(earliest, first_day + population.pregnancy_longest_days)
    weight = births_by_day(population)[(start_day_of_year + day) % DAYS_OF_YEAR]
    years = np.clip((first_day - day) // DAYS_OF_YEAR, 0, 5)
    if population.births_trend == "historical":
        weight = weight * np.asarray(population.births_by_year)[years]
    shortest, longest = population.pregnancy_shortest_days, population.pregnancy_longest_days
    weight = weight * np.clip((longest - (day - first_day)) / (longest - shortest), 0, 1)
    cumulative = np.concatenate([[0.0], np.cumsum(weight)])
    return earliest, cumulative / cumulative[-1]


@compiled
def _step_of(cumulative: Numbers[float], share: float) -> int:
    """The step of a rising table in which a share lies: cumulative[i] <= share < [i+1]."""
    low, high = 0, len(cumulative) - 1
    while high - low > 1:
        middle = (low + high) // 2
        if cumulative[middle] <= share:
            low = middle
        else:
            high = middle
    return low


@compiled
def first_birth_day(
    household: int,
    seed: int,
    first_place: int,
    places: int,
    earliest: int,
    cumulative: Numbers[float],
) -> int:
    """Birth day of the first family in a place: its stratum of its region's birth days.

    Parameters
    ----------
    household
        Index of the place.
    seed
        Seed of the run.
    first_place, places
        Where the place's region begins and how many places it has.
    earliest, cumulative
        From `first_births`.
    """
    lot = uniform(seed, SYNTHESIS, household, 0, BIRTH)
    return earliest + _step_of(cumulative, (household - first_place + lot) / places)


@compiled
def pregnancy_days(
    household: int, family: int, seed: int, day_of_year: int, demography: Demography
) -> int:
    """Days until the birth of a family that arrives today.

    Drawn evenly between the shortest and the longest, counted in shares of a year's births and
    not in days: so births keep their season for good, though families arrive half a year
    before them.

    Parameters
    ----------
    household, family
        The place, and how many families lived there before.
    seed
        Seed of the run.
    day_of_year
        Today, 0 = 1 January.
    demography
        Record of DEMOGRAPHY.
    """
    shortest, longest = demography.pregnancy_shortest_days, demography.pregnancy_longest_days
    lot = uniform(seed, SYNTHESIS, household, family, PREGNANCY)
    wait = (shortest + lot * (longest - shortest)) / 365.0
    share = demography.season[day_of_year] + wait
    years = int(share)
    birth = years * 365 + _step_of(demography.season, share - years)
    return min(birth - day_of_year, EXPECTING_DAYS)
