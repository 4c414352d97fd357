"""What every lever has: how strongly it acts, and when."""

from dataclasses import dataclass

from sim.parameters.quantity import quantity
from sim.parameters.schema import LONGEST_RUN_DAYS


class InForce:
    """What the record of a lever adds to its settings, which a configuration has not.

    Attributes
    ----------
    power
        Its strength, throttled by the budget.
    line
        Its line of the ledger.
    purpose
        Of its own luck, see `sim.world.draws.uniform`.
    """

    power: float
    line: int
    purpose: int


@dataclass
class LeverParameters(InForce):
    """Settings that all levers have in common; see `sim.operator.schedule` for the dates."""

    strength: float = quantity("0 to 1", "0 off, 1 as described", 0, 1)
    from_day: int = quantity("day", "first of the strategy with it", 0, LONGEST_RUN_DAYS, 0)
    until_day: int = quantity(
        "day", "first of the strategy without it again", 0, LONGEST_RUN_DAYS, LONGEST_RUN_DAYS
    )


__all__ = ["LeverParameters"]
