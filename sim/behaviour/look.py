"""Do I look? Motivation, ability and a prompt must meet (Fogg 2009).

How often a parent visits the operator's channels follows engagement, held down by fatigue
from the messages of all senders (about twelve brands write to the same parent: I17). Both
drift in closed form while nothing happens, so a sleeping household costs nothing.
"""

from dataclasses import dataclass

from sim.compilation.compiled import compiled
from sim.parameters.quantity import quantity
from sim.world.portable_math import decay_factor, exp, logistic, power


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
    ceiling: float = quantity("logit", "engagement that content can reach, average parent", -9, 20)
    ceiling_sociability: float = quantity("logit per sd", "on that ceiling", 0, 5)
    lapse_effect: float = quantity("logit", "less at rest, long after the last order", 0, 9)
    lapse_half_life_days: float = quantity("days", "half of that has come", 1, 3650)
    novelty_share: float = quantity("share", "of a visit's worth that is new to newcomers", 0, 1)
    novelty_half_life_days: float = quantity(
        "days", "in the private domain, half of it is", 1, 3650
    )
    worth_effect: float = quantity("share", "of the gap to the ceiling a good visit closes", 0, 1)
    waste_effect: float = quantity("share", "of engagement a worthless visit loses", 0, 1)
    message_fatigue: float = quantity("messages", "weight of one personal message", 0, 20)
    promotion_fatigue: float = quantity("messages", "weight of one promotional post", 0, 20)
    event_worth: float = quantity("0 to 1", "of coming to an event, as that of a visit", 0, 1)
    consultation_worth: float = quantity(
        "0 to 1", "of a consultation of the best quality, as that of a visit", 0, 1
    )
    click_through: float = quantity("share", "of messages that a rested parent follows", 0, 1)
    call_followed: float = quantity(
        "share", "of close friends' calls that whoever runs short soon looks into", 0, 1
    )
    call_unneeded: float = quantity("share", "of that, where nothing runs short soon", 0, 1)
    shops_on_call: float = quantity(
        "share", "of calls followed to a deal at which one shops if short soon", 0, 1
    )
    paid_call_loss: float = quantity(
        "share", "of heed that a friend's call loses by which the friend earns", 0, 1
    )
    offer_notice: float = quantity("share", "of promotional posts whose offer is noticed", 0, 1)
    shops_on_visit: float = quantity("share", "of visits at which one shops if short soon", 0, 1)
    talk_notice: float = quantity(
        "share", "of members' posts that bring whoever runs short soon to the shop", 0, 1
    )
    memory_days: float = quantity("days", "how far back a visitor reads", 1, 30)
    half_worth_posts: float = quantity("useful posts", "that make a visit half worth it", 0.1, 50)
    promotion_weight: float = quantity("useful posts", "that one promotional post drowns", 0, 10)
    story_use: float = quantity("useful posts", "in a story of a member", 0, 5)
    channel_fit: float = quantity("0 to 1", "of the private channel to anybody", 0, 1)
    advice_fit: float = quantity("0 to 1", "that advice for one's stage adds to it", 0, 1)
    unlike_story: float = quantity(
        "useful posts", "in a host's story, of whom the parent is unlike; 1 in one's like", 0, 1
    )


@compiled
def visits_per_day(engagement: float, fatigue: float, p: Parameters) -> float:
    """Visits a day to the operator's channels, without a prompt."""
    return p.visits_per_day * engagement * attention(fatigue, p)


@compiled
def attention(fatigue: float, p: Parameters) -> float:
    """Share of attention that the backlog of all senders' messages leaves."""
    burden = fatigue / p.fatigue_tolerance
    return 1.0 / (1.0 + burden * burden)


@compiled
def call_heed(paid: float, word: float, p: Parameters) -> float:
    """How much friends' calls count for, 1 for those of friends who have nothing by it.

    Whoever earns by a call is taken to have a motive for it (Verlegh, Ryu, Tuk & Feick 2013).

    Parameters
    ----------
    paid
        Share of those who call who earn by it.
    word
        Share that the word of friends still counts for (`believe.word_kept`).
    """
    return (1.0 - p.paid_call_loss * paid) * word


@compiled
def call_chance(callers: float, heed: float, needed: float, fatigue: float, p: Parameters) -> float:
    """Chance to look at what so many close friends call to, each of them a fresh chance.

    Word of mouth travels along strong ties above all, and is acted on there (Brown & Reingen 1987).
    A call is a prompt, and finds a motive in whoever has something to buy soon (`needed` 1).
    """
    motive = p.call_unneeded + (1.0 - p.call_unneeded) * needed
    ignored = 1.0 - p.call_followed * motive * heed * attention(fatigue, p)
    return 1.0 - power(ignored, callers) if ignored > 0.0 else min(callers, 1.0)


@compiled
def offer_noticed(promotions_read: float, p: Parameters) -> float:
    """Chance to notice an offer among the promotional posts read, each a fresh chance."""
    return 1.0 - exp(-p.offer_notice * promotions_read)


@compiled
def talk_noticed(posts_read: float, p: Parameters) -> float:
    """Chance that what members write of what they use brings a reader who runs short to the shop.

    Each post is a fresh chance. What members of a brand's community write makes others buy more,
    and what the firm writes there hardly does (Goh, Heng & Lin 2013).
    """
    return 1.0 - exp(-p.talk_notice * posts_read)


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
    sociability: float,
    new_parent: float,
    early_stage: float,
    days_since_order: float,
    p: Parameters,
) -> float:
    """Engagement a parent returns to when nothing happens, 0 to 1; less, long after an order."""
    lapsed = 1.0 - decay_factor(days_since_order, p.lapse_half_life_days)
    return logistic(
        p.resting_engagement
        + p.sociability_effect * sociability
        + p.new_parent_effect * new_parent
        + p.early_stage_effect * early_stage
        - p.lapse_effect * lapsed
    )


@compiled
def highest_engagement(sociability: float, p: Parameters) -> float:
    """Engagement that content can bring a parent to: households differ in the company they want."""
    return logistic(p.ceiling + p.ceiling_sociability * sociability)


@compiled
def novelty(days_inside: float, p: Parameters) -> float:
    """What is left of a visit's worth once the private domain is known: novelty wears out."""
    return 1.0 - p.novelty_share * (1.0 - decay_factor(days_inside, p.novelty_half_life_days))


@compiled
def engagement_later(engagement: float, resting: float, days: float, p: Parameters) -> float:
    """Engagement after `days` without a visit."""
    return resting + (engagement - resting) * decay_factor(days, p.engagement_half_life_days)


@compiled
def engagement_after_visit(engagement: float, worth: float, highest: float, p: Parameters) -> float:
    """Engagement after a visit whose content was worth `worth`, -1 (waste) to 1.

    It comes nearer to the `highest` that this parent can be brought to.
    """
    if worth >= 0.0:
        return engagement + p.worth_effect * worth * max(highest - engagement, 0.0)
    return engagement * (1.0 + p.waste_effect * worth)


@compiled
def use_of_hosts(how_to: float, stories: float, likeness: float, p: Parameters) -> float:
    """Useful posts in what hosts tell: how-to for anybody, stories above all for those like them.

    `likeness` is the share of hosts of the parent's own kind.
    """
    return how_to + (p.unlike_story + (1.0 - p.unlike_story) * likeness) * stories


@compiled
def worth_of_visit(useful: float, promotional: float, fit: float, p: Parameters) -> float:
    """Worth of what a visitor read, -1 to 1: useful posts that fit, against promotion.

    Useful posts show diminishing returns; promotion dilutes them.
    """
    help_found = useful * fit
    drowned = p.promotion_weight * promotional
    return (help_found - drowned) / (p.half_worth_posts + help_found + drowned)
