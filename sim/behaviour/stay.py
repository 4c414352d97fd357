"""Do I stay? The rules that make parents leave a group, the private domain, the messages, and why.

These are three ties, and each ends for reasons of its own: a chat over what is read there, the
private domain over privacy and distrust, messages over their number too. Worthless content is
weighed at the visit that showed it. The other reasons last (overload, privacy, silence, a child who
has outgrown the topic, distrust): their hazards are per day, over the days since staying was last
weighed, so that nobody leaves the sooner for waking more often. One draw decides for each tie; the
reason whose share it falls into is recorded.
"""

from dataclasses import dataclass

from sim.compilation.compiled import compiled
from sim.parameters.quantity import quantity
from sim.world.portable_math import exp

# Indices of REASONS; the last two are not the parent's choice.
STAYS, WORTHLESS, OVERLOAD, PRIVACY, SILENCE, OUTGROWN, DISTRUST, GRADUATED, CLOSED = range(9)


@dataclass
class Parameters:
    """Hazards of leaving: of a visit, and of a day in which a reason lasts."""

    worthless: float = quantity("chance", "after a visit of worth -1, nothing but waste", 0, 1)
    overload: float = quantity("hazard a day", "of a chat, at twice the tolerated backlog", 0, 1)
    privacy: float = quantity("hazard a day", "of a chat, per concern above tolerance", 0, 1)
    silence: float = quantity("hazard a day", "in a group that has fallen silent", 0, 1)
    outgrown: float = quantity("hazard a day", "when the topic no longer fits the child", 0, 1)
    distrust: float = quantity("hazard a day", "of a chat, per trust below what is tolerated", 0, 1)
    unfollow_privacy: float = quantity(
        "hazard a day", "of the private domain, per concern above tolerance", 0, 1
    )
    unfollow_distrust: float = quantity(
        "hazard a day", "of the private domain, per trust below what is tolerated", 0, 1
    )
    stop_overload: float = quantity(
        "hazard a day", "of messages, per own one undigested, at the tolerated backlog", 0, 1
    )
    stop_privacy: float = quantity("hazard a day", "of messages, per concern above tolerance", 0, 1)
    stop_distrust: float = quantity(
        "hazard a day", "of messages, per trust below what is tolerated", 0, 1
    )
    most_overload: float = quantity("tolerated backlogs", "above it that still tell", 0.1, 100)
    tolerated_trust: float = quantity("0 to 1", "trust below which leaving is weighed", 0, 1)
    role_holds: float = quantity("share", "of who would leave a chat that an honour holds", 0, 0.95)


@compiled
def reason_to_leave(
    u: float,
    worth: float,
    days: float,
    burden: float,
    concern_above_tolerance: float,
    silent: float,
    outgrown: float,
    trust: float,
    p: Parameters,
) -> int:
    """Why a member leaves a chat today: one of the reasons above, STAYS if none.

    Parameters
    ----------
    u
        Uniform draw.
    worth
        Worth of what was read, -1 to 1; 1 when nothing was read.
    days
        Since staying was last weighed: how long the reasons that follow have lasted.
    burden
        Fatigue over the tolerated backlog.
    concern_above_tolerance, silent, outgrown, trust
        Privacy concern above what is tolerated (0 or more); share of these days on which the
        group was silent; 1 if the topic no longer fits; trust in the operator.
    """
    bar = p.worthless * max(-worth, 0.0)
    if u < bar:
        return WORTHLESS
    overload = p.overload * overloaded(burden, p)
    privacy = p.privacy * max(concern_above_tolerance, 0.0)
    silence = p.silence * silent
    outgrew = p.outgrown * outgrown
    distrust = p.distrust * max(p.tolerated_trust - trust, 0.0)
    a_day = overload + privacy + silence + outgrew + distrust
    if a_day <= 0.0:
        return STAYS
    by_now = (1.0 - bar) * (1.0 - exp(-a_day * days)) / a_day  # per unit of a reason's hazard
    bar += by_now * overload
    if u < bar:
        return OVERLOAD
    bar += by_now * privacy
    if u < bar:
        return PRIVACY
    bar += by_now * silence
    if u < bar:
        return SILENCE
    bar += by_now * outgrew
    if u < bar:
        return OUTGROWN
    bar += by_now * distrust
    if u < bar:
        return DISTRUST
    return STAYS


@compiled
def draw_of_leaving(u: float, honour: float, p: Parameters) -> float:
    """The draw that decides on leaving a chat, of whoever may have an honour there.

    Awards keep volunteers (Gallus 2016): each reason to leave loses the same share.
    """
    return u / (1.0 - p.role_holds * honour)


@compiled
def overloaded(burden: float, p: Parameters) -> float:
    """How far a backlog, over the tolerated one, goes beyond it, as far as that still tells."""
    return min(max(burden - 1.0, 0.0), p.most_overload)


@compiled
def reason_to_unfollow(
    u: float, days: float, concern_above_tolerance: float, trust: float, p: Parameters
) -> int:
    """Why a parent leaves the private domain today: PRIVACY, DISTRUST, or STAYS.

    The arguments are those of `reason_to_leave`.
    """
    privacy = p.unfollow_privacy * max(concern_above_tolerance, 0.0)
    distrust = p.unfollow_distrust * max(p.tolerated_trust - trust, 0.0)
    return reason_by_hazard(u, days, 0.0, privacy, distrust)


@compiled
def reason_to_unsubscribe(
    u: float,
    days: float,
    burden: float,
    own_messages: float,
    concern_above_tolerance: float,
    trust: float,
    p: Parameters,
) -> int:
    """Why a parent stops the operator's messages today: OVERLOAD, PRIVACY, DISTRUST, or STAYS.

    The arguments are those of `reason_to_leave`; `own_messages` are the operator's among those
    not yet digested, since only who is written to can have enough of it.
    """
    overload = p.stop_overload * min(burden, 1.0 + p.most_overload) * own_messages
    privacy = p.stop_privacy * max(concern_above_tolerance, 0.0)
    distrust = p.stop_distrust * max(p.tolerated_trust - trust, 0.0)
    return reason_by_hazard(u, days, overload, privacy, distrust)


@compiled
def reason_by_hazard(
    u: float, days: float, overload: float, privacy: float, distrust: float
) -> int:
    """Which of three lasting reasons, each of a hazard a day, ends a tie within so many days."""
    a_day = overload + privacy + distrust
    if a_day <= 0.0:
        return STAYS
    by_now = (1.0 - exp(-a_day * days)) / a_day  # per unit of a reason's hazard
    if u < by_now * overload:
        return OVERLOAD
    if u < by_now * (overload + privacy):
        return PRIVACY
    return DISTRUST if u < by_now * a_day else STAYS
