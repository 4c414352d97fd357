"""Who exists: every family of every place, drawn from shares that add up to a country.

A *place* holds one family after another: when the index child turns six the family leaves and
a newly expecting one takes its place. `found_family` makes them all, the first and every later
one, so the population of next year is of the same kind as this year's.

Places are ordered by region and, within it, by the age of the child: place k of n takes the
(k + u) / n quantile of birth days. Neighbours in memory are alike and stay so, since families
that leave together are followed by families that arrive together.
"""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import omegaconf

from sim.compiled import compiled
from sim.quantity import ConfigurationError, quantity, record_type
from sim.world import ties as world_ties
from sim.world.catalogue import Category
from sim.world.draws import SYNTHESIS, uniform
from sim.world.exact import exp, log, logistic, normal
from sim.world.household import FEEDING, HOUSEHOLD
from sim.world.market import DAYS_OF_YEAR

GRADUATION_DAYS = 2190  # age at which the index child starts school
MONTH_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
CITY_TIERS = 5

# What a family draws, in the order of FIELDS.
(
    TASTE_OPERATOR, TASTE_PLATFORM, TASTE_SPECIALIST, TASTE_OFFLINE, SOCIABILITY, INCOME,
    PRICE, PACE, TOLERANCE, CONCERN, TRAINING, LATER_CHILD, AGE_OF_PARENT, TIER, PERSONA,
    PERSONA_KIND, FEEDING_MODE, BIRTH, PREGNANCY,
) = range(19)


@dataclass
class Region:
    """A part of the country."""

    name: str = omegaconf.MISSING
    share: float = quantity("share of households", "living here", 0, 1)
    operator_pull: float = quantity("utility", "mean liking for the operator here", -5, 5)
    delivery_days: float = quantity("days", "from order to arrival, usually", 0.2, 30)
    tier_shares: list[float] = quantity(
        "share of the region's households", "in city tiers 1 to 5", 0, 1
    )


@dataclass
class Population:
    """The market: how many households, where, and of which kinds."""

    name: str = omegaconf.MISSING
    households: int = quantity("households", "places, each with one family", 1, 2_000_000_000)
    regions: list[Region] = omegaconf.MISSING
    categories: list[Category] = omegaconf.MISSING
    ties: world_ties.Parameters = omegaconf.MISSING
    # Births
    births_by_month: list[float] = quantity("weight", "of a day in January to December", 0, 100)
    births_by_year: list[float] = quantity("millions", "six years, the latest first", 0, 100)
    births_trend: float = quantity("0 or 1", "1 ages as in births_by_year, 0 stationary", 0, 1)
    pregnancy_shortest_days: int = quantity("days", "left when a family arrives", 1, 279)
    pregnancy_longest_days: int = quantity("days", "left when a family arrives", 2, 280)
    later_child_share: float = quantity("share of families", "not the first child", 0, 1)
    # Parents
    reference_year: float = quantity("calendar year", "in which day 0 lies", 2000, 2100)
    first_birth_age_years: float = quantity("years", "mean age of parents, first child", 15, 50)
    later_birth_age_years: float = quantity("years", "mean age, later children", 15, 50)
    birth_age_spread_years: float = quantity("years", "standard deviation of age", 0.1, 20)
    persona_new_share: float = quantity("share of parents", "advice-seeking new", 0, 1)
    persona_experienced_share: float = quantity("share of parents", "experienced", 0, 1)
    persona_shopping_share: float = quantity("share of parents", "shopping-oriented", 0, 1)
    new_if_later_share: float = quantity(
        "share", "of later-child parents not shopping-oriented who feel new all the same", 0, 1
    )
    # Children
    feeding_shares: list[float] = quantity("share of babies", "breast, mixed, formula", 0, 1)
    toilet_training_median_days: float = quantity("days of age", "end of diapers", 200, 1500)
    diapers_at_24_months_share: float = quantity("share", "still in diapers", 0.001, 0.999)
    # Money
    income_spread: float = quantity("log standard deviation", "within a city tier", 0, 2)
    income_by_tier: list[float] = quantity("ratio to tier 3", "mean income, tiers 1-5", 0.1, 10)
    price_sensitivity_spread: float = quantity("log standard deviation", "", 0, 2)
    price_sensitivity_income_elasticity: float = quantity("elasticity", "on income", -2, 0)
    price_sensitivity_shopping: float = quantity("ratio", "of shopping-oriented parents", 0.2, 5)
    # Tastes
    operator_taste_spread: float = quantity("utility", "standard deviation", 0, 5)
    rival_taste_spread: float = quantity("utility", "standard deviation, each rival", 0, 5)
    taste_sociability_correlation: float = quantity(
        "correlation", "of operator taste and sociability", -0.99, 0.99
    )
    use_pace_spread: float = quantity("log standard deviation", "", 0, 1)
    # Privacy
    privacy_worried_share: float = quantity("share of parents", "concern above 0.5", 0.01, 0.99)
    privacy_concern_spread: float = quantity("logits", "standard deviation", 0.01, 5)
    privacy_tolerance_median: float = quantity("0 to 1", "concern half can live with", 0.01, 0.99)
    privacy_tolerance_spread: float = quantity("logits", "standard deviation", 0.01, 5)


REGION = np.dtype(
    [
        ("operator_pull", "f8"),
        ("delivery_days", "f8"),
        ("tier_cumulative", "f8", (CITY_TIERS,)),
        ("first_place", "i8"),
        ("places", "i8"),
    ],
    align=True,
)

_SCALARS = [
    (name, str(record_type(Population)[name]))
    for name in record_type(Population).names or ()
    if name != "ties"
]
DEMOGRAPHY = np.dtype(
    [
        *_SCALARS,  # the single numbers of Population, under their names
        ("feeding_cumulative", "f8", (len(FEEDING),)),
        ("new_if_first_share", "f8"),
        ("log_income_of_tier", "f8", (CITY_TIERS,)),  # of the median household, ratio to the mean
        ("log_price_scale", "f8"),  # brings the mean of price sensitivity to 1
        ("log_training_median", "f8"),
        ("training_spread", "f8"),  # log standard deviation
        ("concern_median", "f8"),  # logit
        ("tolerance_median", "f8"),  # logit
        ("season", "f8", (DAYS_OF_YEAR + 1,)),  # share of a year's births before each day
    ],
    align=True,
)


def demography(population: Population) -> Any:
    """What compiled code needs to know to found families.

    Parameters
    ----------
    population
        Shares and spreads.

    Returns
    -------
    np.record of DEMOGRAPHY

    Raises
    ------
    ConfigurationError
        If shares do not add up to 1, or cannot hold together.
    """
    given = population
    record = np.zeros(1, DEMOGRAPHY).view(np.recarray)[0]
    for name, _ in _SCALARS:
        record[name] = getattr(given, name)
    if given.pregnancy_shortest_days >= given.pregnancy_longest_days:
        raise ConfigurationError(
            "population.pregnancy_shortest_days must be less than pregnancy_longest_days."
        )
    record.feeding_cumulative[:] = _cumulative(given.feeding_shares, "feeding_shares", 3)
    record.new_if_first_share = _new_if_first(given)
    _set_money(record, given)
    record.log_training_median = math.log(given.toilet_training_median_days)
    late = normal(1 - given.diapers_at_24_months_share)
    record.training_spread = (math.log(730) - record.log_training_median) / late
    if not 0 < record.training_spread < 2:
        raise ConfigurationError(
            "population.toilet_training_median_days and diapers_at_24_months_share contradict "
            "each other: a share below one half needs a median below 730 days."
        )
    # concern = logistic(median + spread z) exceeds one half with the share given
    record.concern_median = -given.privacy_concern_spread * normal(1 - given.privacy_worried_share)
    tolerance = given.privacy_tolerance_median
    record.tolerance_median = math.log(tolerance / (1 - tolerance))
    daily = births_by_day(given)
    record.season[1:] = np.cumsum(daily) / daily.sum()
    return record


def _new_if_first(given: Population) -> float:
    """Share of first-child parents, not shopping-oriented, who must feel new for the shares."""
    shares = [
        given.persona_new_share, given.persona_experienced_share, given.persona_shopping_share
    ]
    _cumulative(shares, "persona_*_share", 3)
    seeking = given.persona_new_share / max(1 - given.persona_shopping_share, 1e-9)
    later = given.later_child_share
    share = (seeking - later * given.new_if_later_share) / max(1 - later, 1e-9)
    if not 0 <= share <= 1:
        raise ConfigurationError(
            "population.persona_new_share cannot be reached: change it, later_child_share or "
            "new_if_later_share."
        )
    return share


def _set_money(record: Any, given: Population) -> None:
    """Scale income and price sensitivity to a mean of 1 over the whole population."""
    if len(given.income_by_tier) != CITY_TIERS:
        raise ConfigurationError(f"population.income_by_tier: give {CITY_TIERS} values.")
    living = np.zeros(CITY_TIERS)
    for region in given.regions:
        living += region.share * np.asarray(region.tier_shares)
    income = np.asarray(given.income_by_tier) / (living @ np.asarray(given.income_by_tier))
    elasticity, spread = given.price_sensitivity_income_elasticity, given.income_spread
    record.log_income_of_tier[:] = np.log(income) - spread**2 / 2
    mean = (living @ income**elasticity) * math.exp(spread**2 * (elasticity**2 - elasticity) / 2)
    mean *= 1 + given.persona_shopping_share * (given.price_sensitivity_shopping - 1)
    record.log_price_scale = -math.log(mean) - given.price_sensitivity_spread**2 / 2


def _cumulative(shares: list[float], name: str, count: int) -> np.ndarray[Any, Any]:
    if len(shares) != count or abs(sum(shares) - 1) > 1e-6:
        raise ConfigurationError(
            f"population.{name} = {list(shares)}: give {count} shares that add up to 1."
        )
    cumulative = np.cumsum(np.asarray(shares, float))
    cumulative[-1] = 1.0
    return cumulative


def region_starts(population: Population) -> np.ndarray[Any, np.dtype[np.int64]]:
    """First place of each region, then the number of places; sizes as the shares, rounded."""
    shares = [region.share for region in population.regions]
    if len(shares) > world_ties.MOST_REGIONS:
        raise ConfigurationError(f"population.regions: at most {world_ties.MOST_REGIONS}.")
    ends = np.rint(_cumulative(shares, "regions[].share", len(shares)) * population.households)
    return np.concatenate([[0], ends]).astype(np.int64)


def region_records(population: Population) -> Any:
    """Regions as compiled code reads them: np.recarray of REGION."""
    starts = region_starts(population)
    records = np.zeros(len(population.regions), REGION)
    for r, region in enumerate(population.regions):
        records[r]["operator_pull"] = region.operator_pull
        records[r]["delivery_days"] = region.delivery_days
        name = f"regions[{r}].tier_shares"
        records[r]["tier_cumulative"] = _cumulative(region.tier_shares, name, CITY_TIERS)
        records[r]["first_place"] = starts[r]
        records[r]["places"] = starts[r + 1] - starts[r]
    return records.view(np.recarray)


def births_by_day(population: Population) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Relative number of births on each of the 365 days of a year."""
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
    graduation equally likely but for the season (and for the years' births, if
    `births_trend` is 1), expected births thinning out as fewer families have arrived so early.

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
    weight = weight * np.asarray(population.births_by_year)[years] ** population.births_trend
    shortest, longest = population.pregnancy_shortest_days, population.pregnancy_longest_days
    weight = weight * np.clip((longest - (day - first_day)) / (longest - shortest), 0, 1)
    cumulative = np.concatenate([[0.0], np.cumsum(weight)])
    return earliest, cumulative / cumulative[-1]


@compiled
def _step_of(cumulative: Any, share: float) -> int:
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
    household: int, seed: int, first_place: int, places: int, earliest: int, cumulative: Any
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
    household: int, family: int, seed: int, day_of_year: int, demography: Any
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
    return min(birth - day_of_year, 280)


@compiled
def found_family(
    parent: Any, family: int, household: int, seed: int, demography: Any, regions: Any
) -> None:
    """Fill in who a family is; what it feels, holds and does is left alone.

    Parameters
    ----------
    parent
        Record of PARENT or HOUSEHOLD, or any object with their attributes. Its `region` and
        `birth_day` must be set.
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
    later_child = uniform(seed, SYNTHESIS, household, family, LATER_CHILD)
    later = later_child < demography.later_child_share
    parent.later_child = 1 if later else 0
    persona = _persona(family, household, seed, later, demography)
    parent.persona = persona
    parent.cohort = _cohort(family, household, seed, later, int(parent.birth_day), demography)
    region = regions[int(parent.region)]
    # The city stays with the place: its lot is that of the first family.
    tier = _share_of(region.tier_cumulative, uniform(seed, SYNTHESIS, household, 0, TIER))
    parent.city_tier = tier + 1
    parent.feeding = _share_of(
        demography.feeding_cumulative, uniform(seed, SYNTHESIS, household, family, FEEDING_MODE)
    )
    liking = _z(TASTE_OPERATOR, family, household, seed)
    parent.operator_taste = region.operator_pull + demography.operator_taste_spread * liking
    rivals = demography.rival_taste_spread
    parent.platform_taste = rivals * _z(TASTE_PLATFORM, family, household, seed)
    parent.specialist_taste = rivals * _z(TASTE_SPECIALIST, family, household, seed)
    parent.offline_taste = rivals * _z(TASTE_OFFLINE, family, household, seed)
    shared = demography.taste_sociability_correlation
    parent.sociability = shared * liking + math.sqrt(1.0 - shared * shared) * _z(
        SOCIABILITY, family, household, seed
    )
    log_income = demography.log_income_of_tier[tier]
    log_income += demography.income_spread * _z(INCOME, family, household, seed)
    parent.income = exp(log_income)
    log_price = demography.log_price_scale
    log_price += demography.price_sensitivity_income_elasticity * log_income
    log_price += demography.price_sensitivity_spread * _z(PRICE, family, household, seed)
    if persona == 2:
        log_price += log(demography.price_sensitivity_shopping)
    parent.price_sensitivity = exp(log_price)
    pace = demography.use_pace_spread
    parent.use_pace = exp(pace * _z(PACE, family, household, seed) - 0.5 * pace * pace)
    training = demography.training_spread * _z(TRAINING, family, household, seed)
    parent.toilet_training_days = int(exp(demography.log_training_median + training))
    parent.privacy_tolerance = logistic(
        demography.tolerance_median
        + demography.privacy_tolerance_spread * _z(TOLERANCE, family, household, seed)
    )
    parent.privacy_concern = logistic(
        demography.concern_median
        + demography.privacy_concern_spread * _z(CONCERN, family, household, seed)
    )


@compiled
def _z(purpose: int, family: int, household: int, seed: int) -> float:
    """A standard normal draw of a family."""
    return normal(uniform(seed, SYNTHESIS, household, family, purpose))


@compiled
def _share_of(cumulative: Any, lot: float) -> int:
    """Index of the share in which a lot falls."""
    index = 0
    while index < len(cumulative) - 1 and lot >= cumulative[index]:
        index += 1
    return index


@compiled
def _persona(family: int, household: int, seed: int, later: bool, demography: Any) -> int:
    """0 new, 1 experienced, 2 shopping-oriented; new mostly with the first child."""
    lot = uniform(seed, SYNTHESIS, household, family, PERSONA)
    if lot < demography.persona_shopping_share:
        return 2
    new = demography.new_if_later_share if later else demography.new_if_first_share
    return 0 if uniform(seed, SYNTHESIS, household, family, PERSONA_KIND) < new else 1


@compiled
def _cohort(
    family: int, household: int, seed: int, later: bool, birth_day: int, demography: Any
) -> int:
    """Index of COHORTS, from the parent's age when the child was born."""
    age = demography.later_birth_age_years if later else demography.first_birth_age_years
    age += demography.birth_age_spread_years * _z(AGE_OF_PARENT, family, household, seed)
    born = demography.reference_year + birth_day / 365.0 - age
    return min(max(int(math.floor((born - 1985.0) / 5.0)), 0), 3)


@compiled
def _fill(
    households: Any, seed: int, demography: Any, regions: Any, earliest: int, cumulative: Any
) -> None:
    for r in range(len(regions)):
        first = regions[r].first_place
        places = regions[r].places
        for household in range(first, first + places):
            parent = households[household]
            parent.region = r
            parent.birth_day = first_birth_day(
                household, seed, first, places, earliest, cumulative
            )
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
    households = np.zeros(population.households, HOUSEHOLD).view(np.recarray)
    earliest, cumulative = first_births(population, first_day, start_day_of_year)
    known, regions = demography(population), region_records(population)
    _fill(households, seed, known, regions, earliest, cumulative)
    return households
