"""What every lever has: how strongly it acts, and when; and every shock: how large it is."""

from dataclasses import dataclass

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


@dataclass
class ShockParameters:
    """Settings that all shocks have in common; see `sim.operator.schedule` for the dates."""

    size: float = quantity("times", "as large as described, 0: it does not happen", 0, 100, 0.0)
    from_day: int = quantity("day", "first of the strategy with it", 0, LONGEST_RUN_DAYS, 0)
    until_day: int = quantity(
        "day", "first of the strategy without it again", 0, LONGEST_RUN_DAYS, LONGEST_RUN_DAYS
    )


__all__ = ["LeverParameters", "ShockParameters"]
