"""May they use my data? Consent is asked on entering the private domain.

Privacy calculus (Culnan & Armstrong 1999): trust against concern. Personalised use raises
concern a little each time; concern above tolerance withdraws consent or ends membership.
"""

from dataclasses import dataclass

from sim.compilation.compiled import compiled
from sim.parameters.quantity import quantity
from sim.world.portable_math import decay_factor, logistic

NONE, SERVICE, PERSONALISED = 0, 1, 2


@dataclass
class Parameters:
    """Consent and concern."""

    service_base: float = quantity("logit", "to allow service use", -20, 20)
    personal_base: float = quantity("logit", "to allow personalised use too", -20, 20)
    trust_effect: float = quantity("logit", "full trust against none", 0, 20)
    concern_effect: float = quantity("logit", "full concern against none", 0, 20)
    intrusion: float = quantity("share", "of the gap to full concern one contact closes", 0, 1)
    concern_half_life_days: float = quantity("days", "added concern fades by half", 1, 3650)


@compiled
def consent_given(
    u: float,
    trust: float,
    concern: float,
    service_asking: float,
    personal_asking: float,
    personal_asked: float,
    p: Parameters,
) -> int:
    """The widest use of data allowed when asked: NONE, SERVICE or PERSONALISED.

    Parameters
    ----------
    u
        Luck.
    trust, concern
        Trust in the operator, privacy concern.
    service_asking, personal_asking
        Logit that the way of asking adds, for service use and for personalised use.
    personal_asked
        Share of those asked who are asked for personalised use at all.
    p
        Of the file.
    """
    weighed = p.trust_effect * (trust - 0.5) - p.concern_effect * (concern - 0.5)
    if u < personal_asked * logistic(p.personal_base + personal_asking + weighed):
        return PERSONALISED
    if u < logistic(p.service_base + service_asking + weighed):
        return SERVICE
    return NONE


@compiled
def concern_after_contact(concern: float, intrusion_ratio: float, p: Parameters) -> float:
    """Privacy concern after one contact that shows knowledge of the household.

    How much of it a contact shows is the operator's design: `intrusion_ratio` times the usual.
    """
    return concern + min(p.intrusion * intrusion_ratio, 1.0) * (1.0 - concern)


@compiled
def concern_after_news(concern: float, share: float) -> float:
    """Privacy concern once news of one's data has closed a share of the gap to full concern.

    A plain question what may be done with them is such news while it is answered.
    """
    return concern + share * (1.0 - concern)


@compiled
def concern_later(concern: float, worry: float, days: float, p: Parameters) -> float:
    """Privacy concern after `days` without contact: what was added to the lasting worry fades."""
    return worry + (concern - worry) * decay_factor(days, p.concern_half_life_days)
