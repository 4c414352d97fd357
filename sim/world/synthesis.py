"""Who exists: every family of every place, drawn from shares that add up to a country.

A *place* holds one family after another: when the index child turns six the family leaves and
a newly expecting one takes its place. `found_family` makes them all, the first and every later
one, so the population of next year is of the same kind as this year's.

Places are ordered by region and, within it, by the age of the child: place k of n takes the
(k + u) / n quantile of birth days. Neighbours in memory are alike and stay so, since families
that leave together are followed by families that arrive together.
"""

import math
from typing import Any

from sim.compilation.compiled import compiled, entry_point
from sim.world.births import (
    first_birth_day,
    first_births,
    pregnancy_days,
)
from sim.world.demography import DEMOGRAPHY, REGION, demography, region_records
from sim.world.draws import SYNTHESIS, WORD, between, philox
from sim.world.household import EXPERIENCED, HOUSEHOLD, NEW, SHOPPING
from sim.world.population import Population, Region, region_starts
from sim.world.portable_math import exp, logistic, normal
from sim.world.protocols import Demography, Numbers, Parent, Records, RegionRecord
from sim.world.records import on_cache_lines

__all__ = [
    "DEMOGRAPHY",
    "REGION",
    "Population",
    "Region",
    "demography",
    "first_birth_day",
    "first_births",
    "found_family",
    "pregnancy_days",
    "region_records",
    "region_starts",
    "synthesise",
]

# What a family draws, four numbers to a block (births.py draws 17 and 18).
TASTES, CHARACTER, CARE, KIND, PLACE, CIRCLE = range(6)


@compiled
def _four(block: int, family: int, household: int, seed: int) -> tuple[float, float, float, float]:
    """Draws 4 block to 4 block + 3 of a family: `uniform`, four at the price of one."""
    a, b, c, d = philox(
        household & WORD, family & WORD, block, SYNTHESIS, seed & WORD, (seed >> 32) & WORD
    )
    return between(a), between(b), between(c), between(d)


@compiled
def found_family(
    parent: Parent,
    family: int,
    household: int,
    seed: int,
    demography: Demography,
    regions: Records[RegionRecord],
) -> None:
    """Fill in who a family is; what it feels, holds and does is left alone.

    Parameters
    ----------
    parent
        Record of PARENT or HOUSEHOLD, or any object with their attributes. Its `region` and
        `birth_day` must be set. Of what it feels, only `privacy_concern` is given a start.
    family
        How many families lived in the place before.
    household
        Index of the place.
    seed
        Seed of the run.
    demography
        Record of DEMOGRAPHY.
    regions
        Records of REGION.
    """
    parent.family = family
    region = regions[int(parent.region)]
    # The city stays with the place: its lot is that of the first family.
    tier = _share_of(region.tier_cumulative, _four(PLACE, 0, household, seed)[0])
    parent.city_tier = tier + 1
    lots = _four(KIND, family, household, seed)
    later = lots[0] < demography.later_child_share
    parent.later_child = 1 if later else 0
    parent.cohort = _cohort(normal(lots[1]), later, int(parent.birth_day), demography)
    persona = _persona(lots[2], lots[3], later, demography)
    parent.persona = persona
    lots = _four(TASTES, family, household, seed)
    liking = _alike(normal(lots[0]), household, seed, demography)
    standing = demography.operator_standing + region.operator_pull
    parent.operator_taste = standing + demography.operator_taste_spread * liking
    parent.platform_taste = demography.rival_taste_spread * normal(lots[1])
    parent.specialist_taste = demography.rival_taste_spread * normal(lots[2])
    parent.offline_taste = demography.rival_taste_spread * normal(lots[3])
    lots = _four(CHARACTER, family, household, seed)
    shared = demography.taste_sociability_correlation
    parent.sociability = shared * liking + math.sqrt(1.0 - shared * shared) * normal(lots[0])
    log_income = demography.log_income_of_tier[tier] + demography.income_spread * normal(lots[1])
    parent.income = exp(log_income)
    log_price = demography.log_price_scale + demography.price_sensitivity_spread * normal(lots[2])
    log_price += demography.price_sensitivity_income_elasticity * log_income
    if persona == SHOPPING:
        log_price += demography.log_price_of_shopping
    parent.price_sensitivity = exp(log_price)
    pace = demography.use_pace_spread
    parent.use_pace = exp(pace * normal(lots[3]) - 0.5 * pace * pace)
    lots = _four(CARE, family, household, seed)
    tolerance = demography.privacy_tolerance_spread * normal(lots[0])
    parent.privacy_tolerance = logistic(demography.tolerance_median + tolerance)
    concern = demography.privacy_concern_spread * normal(lots[1])
    parent.privacy_concern = logistic(demography.concern_median + concern)
    training = demography.training_spread * normal(lots[2])
    parent.toilet_training_days = int(exp(demography.log_training_median + training))
    parent.feeding = _share_of(demography.feeding_cumulative, lots[3])


@compiled
def _alike(own: float, household: int, seed: int, demography: Demography) -> float:
    """Liking in standard deviations, a part of which is that of the circle one lives in.

    Friends buy alike beyond what they tell each other (latent homophily: Ma, Krishnan &
    Montgomery 2015). A circle is a run of places on the ring of strong ties, and its part stays
    with the places; the spread of liking over all families is the same with it and without.
    """
    share = demography.circle_taste_share
    if share <= 0.0:  # nobody's draw is asked for that counts for nothing
        return own
    common = normal(_four(CIRCLE, 0, household // int(demography.circle_places), seed)[0])
    return math.sqrt(1.0 - share) * own + math.sqrt(share) * common


@compiled
def _share_of(cumulative: Numbers[float], lot: float) -> int:
    """Index of the share in which a lot falls."""
    index = 0
    while index < len(cumulative) - 1 and lot >= cumulative[index]:
        index += 1
    return index


@compiled
def _persona(lot: float, kind: float, later: bool, demography: Demography) -> int:
    """NEW, EXPERIENCED or SHOPPING; new mostly with the first child."""
    if lot < demography.persona_shopping_share:
        return SHOPPING
    new = demography.new_if_later_share if later else demography.new_if_first_share
    return NEW if kind < new else EXPERIENCED


@compiled
def _cohort(deviation: float, later: bool, birth_day: int, demography: Demography) -> int:
    """Index of COHORTS, from the parent's age when the child was born."""
    age = demography.later_birth_age_years if later else demography.first_birth_age_years
    age += demography.birth_age_spread_years * deviation
    born = demography.reference_year + birth_day / 365.0 - age
    return min(max(math.floor((born - 1985.0) / 5.0), 0), 3)


@entry_point
def _fill(
    households: Records[Parent],
    seed: int,
    demography: Demography,
    regions: Records[RegionRecord],
    earliest: int,
    cumulative: Numbers[float],
) -> None:
    for r in range(len(regions)):
        first = regions[r].first_place
        places = regions[r].places
        for household in range(first, first + places):
            parent = households[household]
            parent.region = r
            parent.birth_day = first_birth_day(household, seed, first, places, earliest, cumulative)
            found_family(parent, 0, household, seed, demography, regions)


def synthesise(
    population: Population, seed: int, first_day: int = 0, start_day_of_year: int = 0
) -> Any:
    """The first population.

    Parameters
    ----------
    population
        How many households, and of which kinds.
    seed
        Seed of the run.
    first_day
        First day of the run (negative: warm-up), on which ages are as in `first_births`.
    start_day_of_year
        Day of the year of day 0, 0 = 1 January.

    Returns
    -------
    np.recarray of HOUSEHOLD, shape (households,)
        Who they are is filled in; every other field is zero.
    """
    households = on_cache_lines(population.households, HOUSEHOLD)
    earliest, cumulative = first_births(population, first_day, start_day_of_year)
    known, regions = demography(population), region_records(population)
    _fill(households, seed, known, regions, earliest, cumulative)
    return households
