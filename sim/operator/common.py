"""What every lever has: how strongly it acts, when, and for whom."""

from dataclasses import dataclass, field

from sim.operator.audiences import Audience
from sim.parameters.quantity import quantity
from sim.parameters.schema import LONGEST_RUN_DAYS


@dataclass
class LeverParameters:
    """Settings that all levers have in common; see `sim.operator.schedule` for the dates."""

    strength: float = quantity("0 to 1", "0 off, 1 as described", 0, 1, 0.0)
    from_day: int = quantity("day", "first of the strategy with it", 0, LONGEST_RUN_DAYS, 0)
    until_day: int = quantity(
        "day", "first of the strategy without it again", 0, LONGEST_RUN_DAYS, LONGEST_RUN_DAYS
    )
    audience: Audience = field(default_factory=Audience)


__all__ = ["LeverParameters"]
