"""Was it good? Experience against expectation (Oliver 1980) gives satisfaction.

Delivery, product and after-sales make the experience. A complaint solved at first contact
restores most of it; an unsolved one costs more than the defect did (de Matos et al. 2007).
Customers who are failed have two answers, exit and voice (Hirschman 1970): whoever is heard and
helped stays, most who complain in vain go, some go without a word, and loyalty holds them back.
Where returns are free a third is open, to send it back, and it needs no desk. Part of what seems
defective was only used in the wrong way, and a failure can be made good later, too, though less.
"""

from dataclasses import dataclass

from sim.compilation.compiled import compiled
from sim.parameters.quantity import quantity
from sim.world.portable_math import exp


@dataclass
class Parameters:
    """Experience, satisfaction and complaints."""

    defect_loss: float = quantity("0 to 1", "experience lost by a defect", 0, 1)
    delay_loss_per_day: float = quantity("0 to 1 a day", "experience lost by a late day", 0, 1)
    unsolved_loss: float = quantity("0 to 1", "further loss by an unsolved complaint", 0, 1)
    solved_gain: float = quantity("share", "of the defect's loss that a solution restores", 0, 2)
    wait_patience_minutes: float = quantity(
        "minutes", "wait that costs 1 - 1/e of what an endless one does", 0.1, 500
    )
    wait_loss: float = quantity("0 to 1", "experience lost by an endless wait", 0, 1)
    expectation_weight: float = quantity("share", "weight of the gap to expectation", 0, 1)
    smoothing: float = quantity("share", "weight of the newest order in satisfaction", 0, 1)
    complaint_chance: float = quantity("share", "of defects that are complained about", 0, 1)
    exit_unsolved: float = quantity("share", "who turn away over an unsolved complaint", 0, 1)
    exit_silent: float = quantity("share", "who turn away over a defect, and say nothing", 0, 1)
    loyalty_holds: float = quantity("share", "of those that full habit keeps from it", 0, 1)
    avoid_days: int = quantity("days", "for which they do not come back", 0, 3650)
    return_defective: float = quantity("share", "of defects sent back, where that is free", 0, 1)
    return_good: float = quantity("share", "of other orders sent back, where that is free", 0, 1)
    sample_tried: float = quantity("chance", "that a sample in a parcel is tried", 0, 1)
    misuse_share: float = quantity("share", "of defects that come of wrong use alone", 0, 1)
    recovery_share: float = quantity(
        "share", "of what solving a complaint at once would do that making good later does", 0, 1
    )


@compiled
def defect_chance(defect_share: float, explained: float, p: Parameters) -> float:
    """Chance that an order seems defective: wrong use is left out as far as use was explained."""
    return defect_share * (1.0 - p.misuse_share * explained)


@compiled
def experience(
    late_days: float,
    defect: float,
    ticket: float,
    solved: float,
    wait_minutes: float,
    p: Parameters,
) -> float:
    """Experience of one order, 0 to 1."""
    loss = p.delay_loss_per_day * max(late_days, 0.0) + p.defect_loss * defect
    if ticket > 0.0:
        if solved > 0.0:
            loss -= p.solved_gain * p.defect_loss * defect
        else:
            loss += p.unsolved_loss
        loss += p.wait_loss * (1.0 - exp(-wait_minutes / p.wait_patience_minutes))
    return min(max(1.0 - loss, 0.0), 1.0)


@compiled
def satisfaction_after(
    satisfaction: float, experienced: float, expected: float, p: Parameters
) -> float:
    """Satisfaction after an order, smoothed; disappointment counts on top of experience."""
    felt = experienced + p.expectation_weight * (experienced - expected)
    felt = min(max(felt, 0.0), 1.0)
    return satisfaction + p.smoothing * (felt - satisfaction)


@compiled
def satisfaction_recovered(satisfaction: float, recovery: float, p: Parameters) -> float:
    """Satisfaction once a complaint is made good later, `recovery` 0 not at all to 1 wholly.

    It comes nearer to the experience of a complaint that is solved at once (de Matos et al. 2007).
    """
    solved = experience(0.0, 1.0, 1.0, 1.0, 0.0, p)
    weight = p.smoothing * p.recovery_share * recovery
    return satisfaction + weight * max(solved - satisfaction, 0.0)


@compiled
def forgive_chance(recovery: float, p: Parameters) -> float:
    """Chance that who turned away over a complaint comes back, once it is made good later.

    Nobody turns away whose complaint is solved at once: later it is worth a share of that.
    """
    return p.recovery_share * recovery


@compiled
def exit_chance(ticket: float, solved: float, loyalty: float, p: Parameters) -> float:
    """Chance to turn away from the operator after a failure.

    Parameters
    ----------
    ticket, solved
        1 if they complained; 1 if that was solved at first contact.
    loyalty
        Share of past orders with the operator, smoothed.
    """
    if solved > 0.0:
        return 0.0
    leaves = p.exit_unsolved if ticket > 0.0 else p.exit_silent
    return leaves * (1.0 - p.loyalty_holds * loyalty)


@compiled
def return_chance(free_return: float, defect: float, p: Parameters) -> float:
    """Chance to send an order back.

    Parameters
    ----------
    free_return
        Chance that it is taken back, no questions asked.
    defect
        1 if something was wrong with it.
    """
    return free_return * (p.return_defective if defect > 0.0 else p.return_good)
