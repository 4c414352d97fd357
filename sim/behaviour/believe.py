"""Whom do I believe? Trust is a Beta belief, updated by weighted evidence.

Own experience weighs most, then a KOC by credibility, expert content, members' stories, operator
messages least; bad news weighs about twice good news (Baumeister et al. 2001). Bad is what speaks
against the operator and worsens one's belief: praise of .8 never is, however high one's trust. Old
evidence fades, so trust can be lost and won again. Alternative: exponential smoothing.
"""

from dataclasses import dataclass

from sim.compilation.compiled import compiled
from sim.parameters.quantity import Choice, choice, quantity
from sim.world.portable_math import decay_factor, exp
from sim.world.protocols import Parent

KINDS = ("beta", "exponential")
BETA, EXPONENTIAL = range(len(KINDS))
SPEAKS_NEITHER_WAY = 0.5  # evidence on a scale from 0, all against, to 1, all for
SPEAKS_AGAINST = 0.0


@dataclass
class Parameters:
    """Trust in the operator."""

    kind: Choice = choice("how evidence is combined", KINDS)
    prior_trust: float = quantity("0 to 1", "of a parent who knows nothing", 0, 1)
    prior_weight: float = quantity("orders' worth of evidence", "of that prior", 0.1, 50)
    weight_half_life_days: float = quantity("days", "old evidence loses half its weight", 10, 3650)
    bad_news_factor: float = quantity("ratio", "weight of bad over good news", 1, 5)
    own_weight: float = quantity("orders' worth of evidence", "one own order", 0, 10)
    sample_share: float = quantity("share", "of an own order that a sample weighs", 0, 1)
    koc_weight: float = quantity("orders' worth of evidence", "a fully credible KOC post", 0, 10)
    koc_evidence: float = quantity("0 to 1", "how well KOC posts speak of the operator", 0, 1)
    expert_weight: float = quantity("orders' worth of evidence", "an expert post or answer", 0, 10)
    expert_evidence: float = quantity("0 to 1", "how well experts speak of the operator", 0, 1)
    message_evidence: float = quantity("0 to 1", "how well its own messages do", 0, 1)
    member_weight: float = quantity("orders' worth of evidence", "another member's story", 0, 10)
    message_weight: float = quantity("orders' worth of evidence", "an operator message", 0, 10)
    friend_weight: float = quantity(
        "orders' worth of evidence", "all friends, if all bought lately", 0, 10
    )
    worn_half: float = quantity(
        "calls", "of friends who earn by them, not forgotten, that halve friends' word", 0.1, 1000
    )
    worn_half_life_days: float = quantity("days", "half of such calls are forgotten", 1, 3650)
    review_weight: float = quantity(
        "orders' worth of evidence", "reviews, to who never met it", 0, 10
    )
    open_review_ratio: float = quantity(
        "ratio", "weight of reviews that nobody filters over ordinary ones", 0, 10
    )
    proof_read: float = quantity("chance", "that a proof or report before one is read", 0, 1)
    proof_weight: float = quantity(
        "orders' worth of evidence", "a complete proof of origin, the first one read", 0, 10
    )
    proof_evidence: float = quantity("0 to 1", "how well such proofs speak of the operator", 0, 1)
    event_weight: float = quantity(
        "orders' worth of evidence", "meeting the operator at an event", 0, 10
    )
    event_evidence: float = quantity("0 to 1", "how well such a meeting speaks of it", 0, 1)
    most_stories: float = quantity("posts a visit", "of members, taken in at most", 0, 100)
    most_expert_pieces: float = quantity("pieces a visit", "of experts, taken in at most", 0, 100)
    most_promotions: float = quantity("posts a visit", "of promotion, taken in at most", 0, 100)
    worst_mood: float = quantity("0 to 1", "how well a chat of complaints speaks of it", 0, 1)
    mood_span: float = quantity("0 to 1", "how much better a chat of stories speaks", 0, 1)
    answer_pieces: float = quantity("expert pieces", "that an answer to oneself weighs", 0, 50)
    consultation_pieces: float = quantity("expert pieces", "that a consultation weighs", 0, 100)
    worst_answer: float = quantity("0 to 1", "how well the worst answer speaks of it", 0, 1)
    answer_span: float = quantity("0 to 1", "how much better the best answer speaks", 0, 1)
    host_share: float = quantity(
        "share", "of a member's story that one of a host like oneself weighs", 0, 1
    )
    stream_pieces: float = quantity(
        "expert pieces", "that a livestream weighs whose host is an expert", 0, 50
    )
    making_weight: float = quantity(
        "orders' worth of evidence", "having helped to make a product", 0, 10
    )
    making_evidence: float = quantity("0 to 1", "how well that speaks of the operator", 0, 1)
    smoothing: float = quantity("share per order's worth", "exponential alternative", 0, 1)


@compiled
def heard(trust: float, evidence: float, evidence_weight: float, p: Parameters) -> float:
    """Weight of evidence as it is felt: more, if it is bad news."""
    bad = evidence < SPEAKS_NEITHER_WAY and evidence < trust
    return evidence_weight * (p.bad_news_factor if bad else 1.0)


@compiled
def trust_after(
    trust: float, weight: float, evidence: float, evidence_weight: float, p: Parameters
) -> float:
    """Mean of the belief after evidence of value 0 (bad) to 1 (good)."""
    felt = heard(trust, evidence, evidence_weight, p)
    if p.kind == EXPONENTIAL:
        return trust + (evidence - trust) * (1.0 - exp(-p.smoothing * felt))
    return (trust * weight + evidence * felt) / (weight + felt)


@compiled
def weight_after(
    trust: float, weight: float, evidence: float, evidence_weight: float, p: Parameters
) -> float:
    """Weight of the belief after the same evidence."""
    return weight + heard(trust, evidence, evidence_weight, p)


@compiled
def weight_later(weight: float, days: float, p: Parameters) -> float:
    """Weight of the belief after `days` without evidence; it never falls under the prior's."""
    kept = decay_factor(days, p.weight_half_life_days)
    return p.prior_weight + (weight - p.prior_weight) * kept


@compiled
def word_kept(worn: float, p: Parameters) -> float:
    """Share that the word of friends still counts for, after so many calls by which they earned.

    Who has been sold to by friends asks of the next word, too, what is behind it.
    """
    return 1.0 / (1.0 + worn / p.worn_half)


@compiled
def worn_later(worn: float, days: float, p: Parameters) -> float:
    """Calls of friends who earned by them that are not forgotten after `days`."""
    return worn * decay_factor(days, p.worn_half_life_days)


@compiled
def weight_of_reviews(open_reviews: float, p: Parameters) -> float:
    """Weight of public reviews: more, be they good or bad, where nobody filters them."""
    return p.review_weight * (1.0 + (p.open_review_ratio - 1.0) * open_reviews)


@compiled
def weight_of_proof(proof: float, proofs_known: float, p: Parameters) -> float:
    """Weight of a proof of origin: who has read some before learns less from another.

    The second weighs half of the first, the third a third.
    """
    return p.proof_weight * proof / (1.0 + proofs_known)


@compiled
def hear(parent: Parent, evidence: float, weight: float, p: Parameters) -> None:
    """Take in evidence on the operator."""
    trust = trust_after(parent.trust, parent.trust_weight, evidence, weight, p)
    parent.trust_weight = weight_after(parent.trust, parent.trust_weight, evidence, weight, p)
    parent.trust = trust
