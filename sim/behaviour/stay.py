"""Do I stay? The rule that makes parents leave a group, and why.

Hazards by reason, per visit or trip: worthless content, overload, privacy, silence, a child
who has outgrown the topic, distrust. One draw decides; the reason whose share of the hazard it
falls into is recorded. A leaver of the operator's private domain also ends its messages.
"""

from dataclasses import dataclass

from sim.compilation.compiled import compiled
from sim.parameters.quantity import quantity

# Indices of REASONS; the last two are not the parent's choice.
STAYS, WORTHLESS, OVERLOAD, PRIVACY, SILENCE, OUTGROWN, DISTRUST, GRADUATED, CLOSED = range(9)


@dataclass
class Parameters:
    """Hazards of leaving, each per occasion on which staying is weighed."""

    worthless: float = quantity("chance", "after a visit of worth -1, nothing but waste", 0, 1)
    overload: float = quantity("chance", "at twice the tolerated backlog", 0, 1)
    privacy: float = quantity("chance", "per unit of concern above tolerance", 0, 1)
    silence: float = quantity("chance", "in a group that has fallen silent", 0, 1)
    outgrown: float = quantity("chance", "when the topic no longer fits the child", 0, 1)
    distrust: float = quantity("chance", "per unit of trust below what is tolerated", 0, 1)
    tolerated_trust: float = quantity("0 to 1", "trust below which leaving is weighed", 0, 1)


@compiled
def reason_to_leave(
    u: float,
    worth: float,
    burden: float,
    concern_above_tolerance: float,
    silent: float,
    outgrown: float,
    trust: float,
    p: Parameters,
) -> int:
    """Why a member leaves today: one of the reasons above, STAYS if none.

    Parameters
    ----------
    u
        Uniform draw.
    worth
        Worth of what was read, -1 to 1; 1 when nothing was read.
    burden
        Fatigue over the tolerated backlog.
    concern_above_tolerance, silent, outgrown, trust
        Privacy concern above what is tolerated (0 or more); 1 if the group is silent; 1 if the
        topic no longer fits; trust in the operator.
    """
    bar = p.worthless * max(-worth, 0.0)
    if u < bar:
        return WORTHLESS
    bar += p.overload * min(max(burden - 1.0, 0.0), 2.0)
    if u < bar:
        return OVERLOAD
    bar += p.privacy * max(concern_above_tolerance, 0.0)
    if u < bar:
        return PRIVACY
    bar += p.silence * silent
    if u < bar:
        return SILENCE
    bar += p.outgrown * outgrown
    if u < bar:
        return OUTGROWN
    bar += p.distrust * max(p.tolerated_trust - trust, 0.0)
    if u < bar:
        return DISTRUST
    return STAYS
