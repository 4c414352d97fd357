"""Do I look? Motivation, ability and a prompt must meet (Fogg 2009).

How often a parent visits the operator's channels follows engagement, held down by fatigue
from the messages of all senders (about twelve brands write to the same parent: I17). Both
drift in closed form while nothing happens, so a sleeping household costs nothing.
"""

from dataclasses import dataclass

from sim.compilation.compiled import compiled
from sim.parameters.quantity import quantity
from sim.world.portable_math import decay_factor, logistic


@dataclass
class Parameters:
    """Visits, engagement and fatigue."""

    visits_per_day: float = quantity("visits a day", "of a fully engaged, rested parent", 0, 5)
    public_visit_share: float = quantity("share", "visits outside the private domain", 0, 1)
    fatigue_half_life_days: float = quantity("days", "half of the messages are digested", 0.5, 90)
    fatigue_tolerance: float = quantity("messages", "backlog that halves visits", 1, 1000)
    engagement_half_life_days: float = quantity("days", "fading towards the resting level", 1, 365)
    resting_engagement: float = quantity("logit", "resting level of an average parent", -9, 9)
    sociability_effect: float = quantity("logit per sd", "on resting engagement", 0, 5)
    new_parent_effect: float = quantity("logit", "new parents seek advice", -2, 4)
    early_stage_effect: float = quantity("logit", "pregnancy to weaning against later", -2, 4)
    worth_effect: float = quantity(
        "share", "of the gap to full engagement a good visit closes", 0, 1
    )
    waste_effect: float = quantity("share", "of engagement a worthless visit loses", 0, 1)
    message_fatigue: float = quantity("messages", "weight of one personal message", 0, 20)
    promotion_fatigue: float = quantity("messages", "weight of one promotional post", 0, 20)
    memory_days: float = quantity("days", "how far back a visitor reads", 1, 30)
    half_worth_posts: float = quantity("useful posts", "that make a visit half worth it", 0.1, 50)
    promotion_weight: float = quantity("useful posts", "that one promotional post drowns", 0, 10)
    story_use: float = quantity("useful posts", "in a story of a member", 0, 5)
    channel_fit: float = quantity("0 to 1", "of the private channel to anybody", 0, 1)
    advice_fit: float = quantity("0 to 1", "that advice for one's stage adds to it", 0, 1)


@compiled
def visits_per_day(engagement: float, fatigue: float, p: Parameters) -> float:
    """Visits a day to the operator's channels, without a prompt."""
    burden = fatigue / p.fatigue_tolerance
    return p.visits_per_day * engagement / (1.0 + burden * burden)


@compiled
def fatigue_later(
    fatigue: float, days: float, sent_then: float, sent_now: float, p: Parameters
) -> float:
    """Fatigue after `days` asleep: what is left of it, and what was sent in between.

    `sent_then` and `sent_now` are all messages to this audience, rivals' included, discounted
    with the same half-life up to then and up to now; their difference arrived in between.
    """
    kept = decay_factor(days, p.fatigue_half_life_days)
    return max(fatigue * kept + sent_now - kept * sent_then, 0.0)


@compiled
def resting_engagement(
    sociability: float, new_parent: float, early_stage: float, p: Parameters
) -> float:
    """Engagement a parent returns to when nothing happens, 0 to 1."""
    return logistic(
        p.resting_engagement
        + p.sociability_effect * sociability
        + p.new_parent_effect * new_parent
        + p.early_stage_effect * early_stage
    )


@compiled
def engagement_later(engagement: float, resting: float, days: float, p: Parameters) -> float:
    """Engagement after `days` without a visit."""
    return resting + (engagement - resting) * decay_factor(days, p.engagement_half_life_days)


@compiled
def engagement_after_visit(engagement: float, worth: float, p: Parameters) -> float:
    """Engagement after a visit whose content was worth `worth`, -1 (waste) to 1."""
    if worth >= 0.0:
        return engagement + p.worth_effect * worth * (1.0 - engagement)
    return engagement * (1.0 + p.waste_effect * worth)


@compiled
def worth_of_visit(useful: float, promotional: float, fit: float, p: Parameters) -> float:
    """Worth of what a visitor read, -1 to 1: useful posts that fit, against promotion.

    Useful posts show diminishing returns; promotion dilutes them.
    """
    help_found = useful * fit
    drowned = p.promotion_weight * promotional
    return (help_found - drowned) / (p.half_worth_posts + help_found + drowned)
