"""What every lever has: how strongly it acts, when, for whom; and every shock: how large it is."""

from dataclasses import dataclass, field

from sim.operator.audiences import Audience
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
    cause
        Of orders that its deals brought about, an index of CAUSES; 0 if it has none.
    everybody
        1 if its audience leaves nobody out.
    slot
        Of whom its plans leave out, -1 if it needs none.
    """

    power: float
    line: int
    purpose: int
    cause: int
    everybody: int
    slot: int


@dataclass
class LeverParameters(InForce):
    """Settings that all levers have in common; see `sim.operator.schedule` for the dates."""

    strength: float = quantity("0 to 1", "0 off, 1 as described", 0, 1, 0.0)
    from_day: int = quantity("day", "first of the strategy with it", 0, LONGEST_RUN_DAYS, 0)
    until_day: int = quantity(
        "day", "first of the strategy without it again", 0, LONGEST_RUN_DAYS, LONGEST_RUN_DAYS
    )
    audience: Audience = field(default_factory=Audience)


@dataclass
class ShockParameters:
    """Settings that all shocks have in common; see `sim.operator.schedule` for the dates."""

    size: float = quantity("times", "as large as described, 0: it does not happen", 0, 100, 0.0)
    from_day: int = quantity("day", "first of the strategy with it", 0, LONGEST_RUN_DAYS, 0)
    until_day: int = quantity(
        "day", "first of the strategy without it again", 0, LONGEST_RUN_DAYS, LONGEST_RUN_DAYS
    )


__all__ = ["LeverParameters", "ShockParameters"]
