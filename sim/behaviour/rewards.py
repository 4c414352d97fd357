"""What do I get for staying? Points and tiers.

Points exchangeable for goods feel worth 1.3 times the same cash (I09); the nearer a reward or
a tier, the stronger the pull (goal gradient: Hull 1932; Kivetz, Urminsky & Zheng 2006);
opaque rules make them worth less. Younger parents take part more (C09).
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
    check_in_worth: float = quantity("share", "of a visit of full worth that a check-in is", 0, 1)


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
