"""A household's record and its wake schedule, as rules see them (`sim.world.household`)."""

from typing import Protocol

from sim.world.protocols.arrays import Numbers


class Parent(Protocol):
    """A household's record, awake or asleep: see `FIELDS`."""

    operator_taste: float
    platform_taste: float
    specialist_taste: float
    offline_taste: float
    sociability: float
    income: float
    price_sensitivity: float
    use_pace: float
    privacy_tolerance: float
    privacy_worry: float
    birth_day: int
    toilet_training_days: int
    family: int
    later_child: int
    cohort: int
    region: int
    city_tier: int
    persona: int
    feeding: int
    held_out: int
    left_out: int
    trust: float
    trust_weight: float
    satisfaction: float
    engagement: float
    fatigue: float
    self_efficacy: float
    privacy_concern: float
    reference_price: float
    habit: Numbers[float]
    covered_until: Numbers[int]
    points_new: int
    points_old: int
    points_expire_day: int
    tier: int
    tier_spending_fen: int
    coupon_percent: int
    coupon_until: int
    coupon_line: int
    reminder_day: int
    group: int
    group_since: int
    group_left_day: int
    private_since: int
    in_private_domain: int
    subscribed: int
    loyalty_member: int
    consent: int
    spending_fen: int
    first_order_day: int
    last_order_day: int
    previous_order_day: int
    orders: int
    posts: int
    last_look_day: int
    last_met_day: int
    last_reaction_day: int
    won_by: int
    felt_day: int
    try_again_day: int
    arrival_day: int
    avoids_until: int
    arrival_expected_day: int


class WakeSchedule(Protocol):
    """What the daily scan reads of a household: see `WAKE_SCHEDULE`."""

    wake_day: int
    audience: int
    looks_per_day: float
