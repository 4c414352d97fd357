"""What a lever does by childcare stage: five ratios of its own, and how long a stage has lasted."""

from typing import Protocol

from sim.compilation.compiled import compiled
from sim.world.household import NEVER, PRESCHOOL_DAYS, TODDLER_DAYS, WEANING_DAYS, stage_of

PREGNANCY, NEWBORN, WEANING, TODDLER = range(4)  # indices of STAGES, but for the last


class ByStage(Protocol):
    """Settings of a lever with a ratio for every stage."""

    pregnancy_ratio: float
    newborn_ratio: float
    weaning_ratio: float
    toddler_ratio: float
    preschool_ratio: float


@compiled
def ratio_of_stage(age_days: int, own: ByStage) -> float:
    """A lever's ratio for the stage of a child so many days old."""
    stage = stage_of(age_days)
    if stage == PREGNANCY:
        return float(own.pregnancy_ratio)
    if stage == NEWBORN:
        return float(own.newborn_ratio)
    if stage == WEANING:
        return float(own.weaning_ratio)
    if stage == TODDLER:
        return float(own.toddler_ratio)
    return float(own.preschool_ratio)


@compiled
def days_in_stage(age_days: int) -> int:
    """Days since the child's stage began; NEVER before birth, whose beginning no operator sees."""
    days = NEVER
    for begins in (0, WEANING_DAYS, TODDLER_DAYS, PRESCHOOL_DAYS):
        if age_days >= begins:
            days = age_days - begins
    return days


__all__ = ["ByStage", "days_in_stage", "ratio_of_stage"]
