"""Where do I buy? Random utility over the operator's two channels, three rivals, and waiting.

Multinomial logit (McFadden 1974) with lasting tastes, net price, trust, and habit as smoothed
past choices (Guadagni & Little 1983). Each alternative carries its own Gumbel draw, so that a
strategy which makes one alternative better can only win choices for it. A store must first
come to mind: strangers rarely think of the operator, and memory of it fades from the last contact
on (Mehta, Rajiv & Srinivasan 2004). A trip that the operator itself set off, by a reminder, a
message or a visit, is often made without a thought of rivals (limited consideration: Roberts &
Lattin 1991). What a credible KOC recommends is chosen more often (Senecal & Nantel 2004).
Alternatives: threshold (the operator only if clearly better), habit first (no thought while habit
is strong). What friends buy spreads as simple contagion (each of them counts) or as complex
contagion (nobody follows a single one: Centola & Macy 2007).
"""

import math
from dataclasses import dataclass

import numpy as np

from sim.compilation.compiled import compiled
from sim.parameters.quantity import Choice, choice, quantity
from sim.world.portable_math import decay_factor, exp, log

KINDS = ("logit", "threshold", "habit_first")
LOGIT, THRESHOLD, HABIT_FIRST = range(len(KINDS))
DIFFUSIONS = ("simple", "complex")
SIMPLE, COMPLEX = range(len(DIFFUSIONS))


@dataclass
class Parameters:
    """Utilities of the stores."""

    kind: Choice = choice("how a store is chosen", KINDS)
    passing_share: float = quantity("share", "of the variance of taste that passes", 0, 1)
    passing_days: int = quantity("days", "after which passing taste is another", 1, 3650)
    impression_spread: float = quantity(
        "utility", "standard deviation of a first impression", 0, 10
    )
    impression_half_life_days: float = quantity(
        "days", "from the first order, half of the impression has given way", 1, 3650
    )
    price_effect: float = quantity("utility per log price", "at average price sensitivity", 0, 20)
    trust_effect: float = quantity("utility", "full trust against none", 0, 20)
    habit_effect: float = quantity("utility", "all past orders there against none", 0, 20)
    habit_smoothing: float = quantity("share", "weight of the newest order in habit", 0, 1)
    deal_habit: float = quantity("share", "of an ordinary order's habit that a deal forms", 0, 1)
    satisfaction_effect: float = quantity("utility", "full satisfaction against none", 0, 20)
    proof_effect: float = quantity("utility", "all close friends buying there lately", 0, 10)
    koc_effect: float = quantity("utility", "a credible KOC's recommendation, just read", 0, 10)
    diffusion: Choice = choice("contagion: how friends' orders count", DIFFUSIONS)
    confirming_friends: int = quantity("friends", "who must buy there under complex", 1, 16)
    fit_effect: float = quantity("utility", "community, advice and content that fit", 0, 10)
    benefit_effect: float = quantity("utility per share of price", "points, tier benefits", 0, 50)
    operator_appeal: float = quantity("utility", "public channel against the platform", -20, 20)
    private_convenience: float = quantity("utility", "private against public channel", -20, 20)
    specialist_appeal: float = quantity("utility", "specialist against the platform", -20, 20)
    offline_appeal: float = quantity("utility", "shops nearby against the platform", -20, 20)
    wait_appeal: float = quantity("utility", "waiting, with stock for the lead time", -20, 20)
    urgency_effect: float = quantity("utility", "having run out, against waiting", 0, 20)
    recall: float = quantity("1 per share", "how fast a store comes to mind with habit", 0, 50)
    recall_half_life_days: float = quantity(
        "days", "from the last contact, half forgotten", 1, 30000
    )
    sample_recall: float = quantity(
        "chance",
        "that a sample, just tried, brings it to mind where that is bought",
        0,
        1,
    )
    compares_prompted: float = quantity("share", "of prompted trips that weigh rivals too", 0, 1)
    review_recall: float = quantity("share", "of strangers that reviews bring it to, at most", 0, 1)
    review_half: float = quantity(
        "reviews per 1,000 households", "that bring it to half", 0.01, 1e4
    )
    expecting_search: float = quantity("share", "of expecting parents whose search meets it", 0, 1)
    delivery_effect: float = quantity("utility per day", "delivered later than a rival would", 0, 5)
    rival_delivery_days: float = quantity("days", "a rival takes to deliver, anywhere", 0, 30)
    least_delivery_days: float = quantity("days", "in which goods can come at best", 0, 30)
    short_effect: float = quantity(
        "utility per day", "without goods that quicker delivery spares whoever runs out", 0, 5
    )
    store_convenience: float = quantity("utility", "a store of the operator nearby", 0, 20)
    store_liking: float = quantity("share", "of liking for shops nearby that goes to it too", 0, 1)
    store_recall: float = quantity("share", "chance that such a store brings it to mind", 0, 1)
    friend_recall: float = quantity("share", "chance that buying friends bring it to mind", 0, 1)
    koc_recall: float = quantity("share", "chance that one credible KOC post does", 0, 1)
    message_recall: float = quantity("share", "chance that a fresh message does", 0, 1)
    reminder_recall: float = quantity("share", "chance that a timely reminder does", 0, 1)
    threshold: float = quantity(
        "utility", "lead the operator needs under the threshold rule", 0, 10
    )
    strong_habit: float = quantity("share", "habit that decides under habit first", 0.5, 1)
    reference_smoothing: float = quantity("share", "newest price paid in the reference price", 0, 1)
    reference_share: float = quantity("share", "of a price that is weighed against it", 0, 1)
    longest_urgency: float = quantity(
        "lead times", "of stock at which having run out is felt in full", 1, 20
    )
    friends_see_days: int = quantity("days", "back that friends notice an order", 0, 365)


GUMBEL_STEPS = 4096
GUMBEL_QUANTILES = np.array(
    [-log(-log(min(max(i / GUMBEL_STEPS, 1e-9), 1.0 - 1e-9))) for i in range(GUMBEL_STEPS + 1)]
)


@compiled
def gumbel(u: float) -> float:
    """Standard Gumbel variate of a uniform draw.

    Between the tails it is read off a table of quantiles, within 3e-5 of the exact value: it is
    the costliest number of a shopping trip otherwise.
    """
    if 0.02 < u < 0.98:
        step = u * GUMBEL_STEPS
        i = int(step)
        low = float(GUMBEL_QUANTILES[i])
        return low + (step - i) * (float(GUMBEL_QUANTILES[i + 1]) - low)
    return -log(-log(u))


@compiled
def taste_today(lasting: float, spread: float, passing: float, p: Parameters) -> float:
    """Liking for the operator now: what lasts, and a standard normal part that passes.

    The total variance stays that of the lasting taste alone, `spread` squared.
    """
    kept = math.sqrt(1.0 - p.passing_share)
    return kept * lasting + math.sqrt(p.passing_share) * spread * passing


@compiled
def impression_now(first: float, days_known: float, p: Parameters) -> float:
    """Liking beyond what lasts: a first impression, of which days as a customer leave ever less.

    How well a shop suits shows after purchase only (Villas-Boas 2004). Who orders first is mostly
    one whose guess was too good, so that new customers fade without a failure (Evanschitzky et
    al. 2020).

    Parameters
    ----------
    first
        The impression, a standard normal number.
    days_known
        Days since the first order; 0 for whoever has never ordered.
    """
    return p.impression_spread * first * decay_factor(days_known, p.impression_half_life_days)


@compiled
def price_utility(
    log_price: float, sensitivity: float, log_reference: float, p: Parameters
) -> float:
    """Utility of a net price (logarithm of its ratio to list); dearer than usual hurts.

    Part of the comparison is with the reference price, which past discounts have lowered
    (reference price erosion: Kalyanaram & Winer 1995).
    """
    return -p.price_effect * sensitivity * (log_price - p.reference_share * log_reference)


@compiled
def wait_utility(days_left: float, lead_days: float, p: Parameters) -> float:
    """Utility of not buying today, falling as stock runs out."""
    gone = min(max(1.0 - days_left / max(lead_days, 1.0), 0.0), p.longest_urgency)
    return p.wait_appeal - p.urgency_effect * gone


@compiled
def days_without(delivery_days: float, days_left: float) -> float:
    """Days without goods until what is ordered today arrives, with stock for `days_left` days."""
    return max(delivery_days - max(days_left, 0.0), 0.0)


@compiled
def store_utility(offline_taste: float, p: Parameters) -> float:
    """What a store of the operator nearby is worth; whoever likes no shops need not go there."""
    return max(p.store_convenience + p.store_liking * offline_taste, 0.0)


@compiled
def memory(habit: float, days_since_contact: float, p: Parameters) -> float:
    """Chance that the operator comes to mind by itself: habit, faded since the last contact."""
    return (1.0 - exp(-p.recall * habit)) * decay_factor(
        days_since_contact, p.recall_half_life_days
    )


@compiled
def chance_from_sample(days_since_tried: float, p: Parameters) -> float:
    """Chance that a sample that was liked brings the operator to mind; it fades like all memory."""
    return p.sample_recall * decay_factor(days_since_tried, p.recall_half_life_days)


@compiled
def chance_from_reviews(reviews_per_1000: float, p: Parameters) -> float:
    """Chance that what others tell in public brings the operator to mind; more adds ever less."""
    return p.review_recall * reviews_per_1000 / (reviews_per_1000 + p.review_half)


@compiled
def chance_to_recall(
    remembered: float,
    advertised: float,
    friends_share: float,
    koc_posts: float,
    message: float,
    p: Parameters,
) -> float:
    """Chance that the operator comes to mind on a shopping trip.

    Independent reminders: what is remembered (the chance), an advertisement, friends who buy
    there, credible KOC posts (count weighted by credibility), a fresh message (its chance to be
    recalled).
    """
    forgotten = 1.0 - remembered
    forgotten *= 1.0 - advertised
    forgotten *= 1.0 - p.friend_recall * friends_share
    forgotten *= 1.0 - p.koc_recall * min(koc_posts, 1.0)
    forgotten *= 1.0 - message
    return 1.0 - forgotten


@compiled
def social_proof(bought: float, friends: float, p: Parameters) -> float:
    """Share of close friends whose orders speak for the operator.

    Under complex contagion none does while too few friends bought to confirm each other.
    """
    if friends <= 0.0 or (p.diffusion == COMPLEX and bought < p.confirming_friends):
        return 0.0
    return bought / friends


@compiled
def habit_after(habit: float, chosen: float, weight: float) -> float:
    """Smoothed share of orders at a store after an order there (`chosen` 1) or elsewhere (0)."""
    return habit + weight * (chosen - habit)


@compiled
def decides_alone(habit: float, p: Parameters) -> bool:
    """Whether habit is strong enough to decide without a thought, by the configured rule."""
    return p.kind == HABIT_FIRST and habit > p.strong_habit


@compiled
def prefers_operator(operator: float, best_rival: float, habit: float, p: Parameters) -> bool:
    """Whether the operator's best channel beats the best alternative, by the configured rule."""
    if p.kind == THRESHOLD:
        return operator > best_rival + p.threshold
    return decides_alone(habit, p) or operator > best_rival
