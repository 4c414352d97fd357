"""What do I get for staying? Points, tiers, and a membership that costs a fee.

Points exchangeable for goods feel worth 1.3 times the same cash (I09); the nearer a reward or
a tier, the stronger the pull (goal gradient: Hull 1932; Kivetz, Urminsky & Zheng 2006);
opaque rules make them worth less. Points that come to be worth less are a promise broken, and
paying with points by rules less plain than usual is felt as unfair: both are bad news of the
operator. Younger parents take part more (C09). A fee is weighed against what membership would have
saved on orders as they were.
"""

from dataclasses import dataclass

from sim.compilation.compiled import compiled
from sim.parameters.quantity import quantity
from sim.world.portable_math import exp, logistic


@dataclass
class Parameters:
    """Taking part, valuing and redeeming."""

    enrol_base: float = quantity("logit", "to enrol when offered, born in the 1980s", -20, 20)
    enrol_younger: float = quantity("logit", "more, born in the 1990s or later", -5, 5)
    points_value_ratio: float = quantity("ratio", "felt value over cash", 0, 5)
    goal_gradient: float = quantity("share of price", "pull of a reward just within reach", 0, 1)
    goal_scale: float = quantity("share of the goal", "distance at which the pull is 1/e", 0.01, 5)
    tier_pull: float = quantity("ratio", "pull of a tier against that of a reward", 0, 5)
    redeem_base: float = quantity("logit", "to redeem at an order when points suffice", -20, 20)
    check_in_base: float = quantity("logit", "to take part in a check-in when visiting", -20, 20)
    check_in_engaged: float = quantity("logit", "more, at full engagement", 0, 20)
    check_in_reward: float = quantity("logit per yuan", "more, per yuan of reward", 0, 10)
    check_in_difficulty: float = quantity("logit", "less, at full difficulty", 0, 10)
    redeem_expiring: float = quantity("logit", "more, when points expire soon", -5, 10)
    expiring_days: int = quantity("days", "before their end points are felt to expire", 0, 365)
    readers_check_in: float = quantity("share", "of the chance, of members who never write", 0, 1)
    check_in_worth: float = quantity("share", "of a visit of full worth that a check-in is", 0, 1)
    fee_base: float = quantity(
        "logit", "to pay a fee that saves as much, at middling trust", -20, 20
    )
    fee_saving: float = quantity("logit per yuan", "more, per yuan saved beyond the fee", 0, 1)
    fee_trust: float = quantity("logit", "more, at full trust than at none", 0, 20)
    fee_memory_days: float = quantity("days", "of orders a year's are reckoned from", 1, 3650)
    promise_weight: float = quantity(
        "orders' worth of evidence", "that all of one's points are worth nothing any more", 0, 10
    )
    usual_clarity: float = quantity("0 to 1", "plainness of rules that is felt as fair", 0, 1)
    unfair_weight: float = quantity(
        "orders' worth of evidence", "rules opaque by the whole scale, on paying with points", 0, 10
    )


@compiled
def enrol_chance(born_1990s_or_later: float, p: Parameters) -> float:
    """Chance to enrol in the points programme at an order."""
    return logistic(p.enrol_base + p.enrol_younger * born_1990s_or_later)


@compiled
def goal_pull(progress: float, p: Parameters) -> float:
    """Pull of a goal as a share of price, `progress` towards it 0 to 1; none once reached."""
    if progress >= 1.0 or progress <= 0.0:
        return 0.0
    return p.goal_gradient * exp(-(1.0 - progress) / p.goal_scale)


@compiled
def earning_value(
    points_per_yuan: float, yuan_per_point: float, clarity: float, p: Parameters
) -> float:
    """Felt value of the points an order earns, as a share of its price."""
    return p.points_value_ratio * points_per_yuan * yuan_per_point * clarity


@compiled
def redeem_chance(expiring: float, p: Parameters) -> float:
    """Chance to pay partly with points when enough are held."""
    return logistic(p.redeem_base + p.redeem_expiring * expiring)


@compiled
def spending_value(payable: float, p: Parameters) -> float:
    """Felt value of points in hand that could pay a share of an order, as a share of its price.

    What they would save, felt as points are, times the chance to spend them today.
    """
    return p.points_value_ratio * payable * redeem_chance(0.0, p)


@compiled
def weight_of_lost_points(lost_share: float, p: Parameters) -> float:
    """Weight of a broken promise: points in hand that have lost a share of their worth."""
    return p.promise_weight * lost_share


@compiled
def weight_of_opaque_rules(clarity: float, p: Parameters) -> float:
    """Weight of rules less plain than is felt as fair, met on paying with points."""
    return p.unfair_weight * max(p.usual_clarity - clarity, 0.0)


@compiled
def check_in_chance(
    engagement: float, reward_yuan: float, difficulty: float, p: Parameters
) -> float:
    """Chance to take part in a check-in challenge on a visit."""
    return logistic(
        p.check_in_base
        + p.check_in_engaged * engagement
        + p.check_in_reward * reward_yuan
        - p.check_in_difficulty * difficulty
    )


@compiled
def year_of_orders(spent_yuan: float, days: float, p: Parameters) -> float:
    """Yuan that a household expects to spend in a year, by what it spent in so many days.

    Whoever has been a customer for less than `fee_memory_days` reckons as if for as long.
    """
    return spent_yuan * 365.0 / max(days, p.fee_memory_days)


@compiled
def fee_chance(saving_yuan: float, fee_yuan: float, trust: float, p: Parameters) -> float:
    """Chance to pay a yearly fee for a membership that would save so much on a year's orders."""
    return logistic(
        p.fee_base + p.fee_saving * (saving_yuan - fee_yuan) + p.fee_trust * (trust - 0.5)
    )
