"""Population and regions as compiled code reads them, checked and brought to scale."""

import math
from typing import Any

import numpy as np

from sim.parameters.quantity import ConfigurationError, fill, record_type
from sim.world.births import births_by_day
from sim.world.household import FEEDING
from sim.world.market import DAYS_OF_YEAR
from sim.world.population import CITY_TIERS, Population, cumulative_shares, region_starts
from sim.world.portable_math import normal
from sim.world.protocols import Demography, Records, RegionRecord

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
        ("log_price_of_shopping", "f8"),  # shopping-oriented parents against others
        ("log_price_scale", "f8"),  # brings the mean of price sensitivity to 1
        ("log_training_median", "f8"),
        ("training_spread", "f8"),  # log standard deviation
        ("concern_median", "f8"),  # logit
        ("tolerance_median", "f8"),  # logit
        ("season", "f8", (DAYS_OF_YEAR + 1,)),  # share of a year's births before each day
    ],
    align=True,
)


def demography(population: Population) -> Demography:
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
    fill(record, given)
    record.feeding_cumulative[:] = cumulative_shares(given.feeding_shares, "feeding_shares", 3)
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
        given.persona_new_share,
        given.persona_experienced_share,
        given.persona_shopping_share,
    ]
    cumulative_shares(shares, "persona_*_share", 3)
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
    record.log_price_of_shopping = math.log(given.price_sensitivity_shopping)
    elasticity, spread = given.price_sensitivity_income_elasticity, given.income_spread
    record.log_income_of_tier[:] = np.log(income) - spread**2 / 2
    mean = (living @ income**elasticity) * math.exp(spread**2 * (elasticity**2 - elasticity) / 2)
    mean *= 1 + given.persona_shopping_share * (given.price_sensitivity_shopping - 1)
    record.log_price_scale = -math.log(mean) - given.price_sensitivity_spread**2 / 2


def region_records(population: Population) -> Records[RegionRecord]:
    """Regions as compiled code reads them: np.recarray of REGION."""
    starts = region_starts(population)
    records = np.zeros(len(population.regions), REGION)
    for r, region in enumerate(population.regions):
        records[r]["operator_pull"] = region.operator_pull
        records[r]["delivery_days"] = region.delivery_days
        name = f"regions[{r}].tier_shares"
        records[r]["tier_cumulative"] = cumulative_shares(region.tier_shares, name, CITY_TIERS)
        records[r]["first_place"] = starts[r]
        records[r]["places"] = starts[r + 1] - starts[r]
    return records.view(np.recarray)
