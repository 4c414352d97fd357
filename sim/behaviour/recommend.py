"""Do I look at what is recommended to me? Less, the more often it was not for me.

How well a recommendation fits is the operator's doing; what it is worth is the parent's. One that
was looked at and did not fit makes the next ones be passed over, until it is forgotten. What is
picked for me shows what is known of me: it adds to concern over data as a contact does, if less.
"""

from dataclasses import dataclass

from sim.compilation.compiled import compiled
from sim.parameters.quantity import quantity
from sim.world.portable_math import decay_factor


@dataclass
class Parameters:
    """Looking at recommendations."""

    looked_at: float = quantity("share", "of recommendations, by whoever met no wrong ones", 0, 1)
    half_worn: float = quantity(
        "recommendations", "that did not fit, at which half as many are looked at", 0.1, 1000
    )
    worn_half_life_days: float = quantity(
        "days", "half of those that did not fit are forgotten", 1, 3650
    )
    intrusion: float = quantity("ratio", "of a recommendation to a personal message", 0, 5)


@compiled
def look_chance(worn: float, p: Parameters) -> float:
    """Chance to look at what is recommended, after so many recommendations that did not fit."""
    return p.looked_at * p.half_worn / (p.half_worn + worn)


@compiled
def felt_fit(fit: float, worn: float, p: Parameters) -> float:
    """Worth of recommendations of this fit, 0 to 1: of advice that fits the stage, as much."""
    return fit * look_chance(worn, p)


@compiled
def worn_later(worn: float, days: float, p: Parameters) -> float:
    """Recommendations that did not fit, and are remembered so many days later."""
    return worn * decay_factor(days, p.worn_half_life_days)
