"""What surrounds a household: market, catalogue, regions, other families."""

from typing import Protocol

from sim.world.protocols.arrays import Numbers


class CalendarDay(Protocol):
    """The market on one day: see `CALENDAR`."""

    festival: float
    season: float
    interest: float
    rival_price: Numbers[float]
    rival_log_price: Numbers[float]
    rival_discount: Numbers[float]
    rival_appeal: float
    rivals_answer: float
    answer_kept: float
    rival_messages: float
    ad_cost: float
    places_refilled: float
    next_festival_day: int
    day_of_year: int


class CategoryRecord(Protocol):
    """A category of the catalogue: see `CATEGORY`."""

    price_fen: int
    goods_cost_fen: int
    pack_units: float
    deal_appeal: float
    by_stock: int


class RegionRecord(Protocol):
    """A region: see `REGION`."""

    operator_pull: float
    delivery_days: float
    tier_cumulative: Numbers[float]
    first_place: int
    places: int


class Demography(Protocol):
    """What founding families takes: see `DEMOGRAPHY`."""

    households: int
    births_trend: int
    pregnancy_shortest_days: int
    pregnancy_longest_days: int
    later_child_share: float
    reference_year: float
    first_birth_age_years: float
    later_birth_age_years: float
    birth_age_spread_years: float
    persona_new_share: float
    persona_experienced_share: float
    persona_shopping_share: float
    new_if_later_share: float
    toilet_training_median_days: float
    diapers_at_24_months_share: float
    income_spread: float
    price_sensitivity_spread: float
    price_sensitivity_income_elasticity: float
    price_sensitivity_shopping: float
    operator_standing: float
    operator_taste_spread: float
    rival_taste_spread: float
    circle_places: int
    circle_taste_share: float
    taste_sociability_correlation: float
    use_pace_spread: float
    privacy_worried_share: float
    privacy_concern_spread: float
    privacy_tolerance_median: float
    privacy_tolerance_spread: float
    feeding_cumulative: Numbers[float]
    new_if_first_share: float
    log_income_of_tier: Numbers[float]
    log_price_of_shopping: float
    log_price_scale: float
    log_training_median: float
    training_spread: float
    concern_median: float
    tolerance_median: float
    season: Numbers[float]
