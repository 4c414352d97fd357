"""The market in numbers: how many households, where, and of which kinds."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import omegaconf

from sim.parameters.quantity import Choice, ConfigurationError, choice, quantity
from sim.world.catalogue import Category

CITY_TIERS = 5
BIRTHS_TREND = ("stationary", "historical")
MOST_REGIONS = 16


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
class Ties:
    """Strong ties and followership."""

    ring_reach: int = quantity("places", "ring neighbours tied on either side", 1, 5)
    rewired_in_region_share: float = quantity(
        "share of ties", "rewired to anywhere in the region", 0, 0.4
    )
    rewired_across_share: float = quantity("share of ties", "rewired to another region", 0, 0.09)
    places_per_koc: int = quantity("households", "for one KOC candidate", 10, 100000)
    follow_chance: float = quantity("chance", "that each of three possible KOCs is followed", 0, 1)
    follow_in_region_share: float = quantity("share", "of follows within the region", 0, 1)
    popularity_exponent: float = quantity("exponent", "of the density of follower counts", 1.5, 4)


@dataclass
class Population:
    """The market: how many households, where, and of which kinds."""

    name: str = omegaconf.MISSING
    households: int = quantity("households", "places, each with one family", 1, 2_000_000_000)
    regions: list[Region] = omegaconf.MISSING
    categories: list[Category] = omegaconf.MISSING
    ties: Ties = omegaconf.MISSING
    operator_standing: float = quantity(
        "utility", "mean liking for the operator, to average", -5, 5
    )
    # Births
    births_by_month: list[float] = quantity("weight", "of a day in January to December", 0, 100)
    births_by_year: list[float] = quantity("millions", "six years, the latest first", 0, 100)
    births_trend: Choice = choice("ages at first: alike, or as in births_by_year", BIRTHS_TREND)
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
    circle_places: int = quantity("places", "neighbours in a row whose tastes are alike", 1, 100)
    circle_taste_share: float = quantity(
        "share", "of the variance of liking for the operator that such a circle shares", 0, 1
    )
    taste_sociability_correlation: float = quantity(
        "correlation", "of operator taste and sociability", -0.99, 0.99
    )
    use_pace_spread: float = quantity("log standard deviation", "", 0, 1)
    # Privacy
    privacy_worried_share: float = quantity("share of parents", "concern above 0.5", 0.01, 0.99)
    privacy_concern_spread: float = quantity("logits", "standard deviation", 0.01, 5)
    privacy_tolerance_median: float = quantity("0 to 1", "concern half can live with", 0.01, 0.99)
    privacy_tolerance_spread: float = quantity("logits", "standard deviation", 0.01, 5)


def cumulative_shares(
    shares: list[float], name: str, count: int
) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Shares summed up, refused unless they add up to 1."""
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
    if len(shares) > MOST_REGIONS:
        raise ConfigurationError(f"population.regions: at most {MOST_REGIONS}.")
    cumulative = cumulative_shares(shares, "regions[].share", len(shares))
    ends = np.rint(cumulative * population.households)
    return np.concatenate([[0], ends]).astype(np.int64)
