"""Do I talk? Few write, most read (Nielsen 2006; Preece, Nonnecke & Andrews 2004).

New parents ask, confident ones answer and tell, the very satisfied and the dissatisfied speak
most (Anderson 1998). Talk follows the group's norm: in a lively group one more post is easy.
An honour is a motive to write of one's own (Restivo & van de Rijt 2012); payment is another, which
takes something from motives of one's own (Deci, Koestner & Ryan 1999), so that a little of it may
bring less than none (Gneezy & Rustichini 2000).
"""

from dataclasses import dataclass

from sim.compilation.compiled import compiled
from sim.parameters.quantity import quantity
from sim.world.portable_math import exp, logistic, power


@dataclass
class Parameters:
    """Posting, reacting, and following invitations."""

    reads_only_below: float = quantity(
        "sd", "of sociability, below it a member never writes", -20, 20
    )
    expert_topics: float = quantity(
        "log ratio", "reactions and posts, for each fully professional piece read", 0, 5
    )
    react_chance: float = quantity("share", "of worthwhile visits with a reaction, at most", 0, 1)
    ask_chance: float = quantity("share", "of visits with a question, unsure new parent", 0, 1)
    tell_chance: float = quantity("share", "of visits with a story, at full engagement", 0, 1)
    sociability_effect: float = quantity("log ratio per sd", "on telling", 0, 3)
    norm_effect: float = quantity("log ratio", "full norm against a dead group", 0, 5)
    norm_scale: float = quantity("posts a day", "at which the norm is half full", 0.1, 500)
    extreme_effect: float = quantity("log ratio", "very satisfied or dissatisfied", 0, 5)
    complaint_satisfaction: float = quantity("0 to 1", "below it a teller complains", 0, 1)
    efficacy_gain: float = quantity("share", "of the gap a milestone or answer closes", 0, 1)
    efficacy_start: float = quantity("0 to 1", "self-efficacy of a first-time parent", 0, 1)
    review_chance: float = quantity("share", "of orders told of in public, extreme ones", 0, 1)
    earlier_child_efficacy: float = quantity("share", "of the gap an earlier child closed", 0, 1)
    quiet_reader: float = quantity("share", "reactions to the worthless against the best", 0, 1)
    later_questions: float = quantity("share", "questions after weaning against before", 0, 1)
    join_base: float = quantity("logit", "to accept an invitation to a group", -20, 20)
    join_sociability: float = quantity("logit per sd", "on accepting", 0, 5)
    join_taste: float = quantity("logit per utility", "liking for the operator, on accepting", 0, 5)
    join_early: float = quantity("logit", "pregnancy to weaning, on accepting", -2, 5)
    join_stage: float = quantity("logit", "a group of one's own stage against a mixed one", 0, 5)
    join_engaged: float = quantity("logit", "full engagement against none", 0, 10)
    come_base: float = quantity("logit", "to come to an event nearby", -20, 20)
    come_sociability: float = quantity("logit per sd", "on coming to an event", 0, 5)
    come_engaged: float = quantity("logit", "full engagement against none", -5, 10)
    consult_base: float = quantity(
        "logit", "to ask for a consultation on a visit, sure of oneself, not engaged", -20, 20
    )
    consult_unsure: float = quantity("logit", "more, without any confidence as a parent", 0, 20)
    consult_engaged: float = quantity("logit", "full engagement against none", 0, 20)
    land_base: float = quantity("logit", "to follow a hook into the private domain", -20, 20)
    land_trust: float = quantity("logit", "full trust against none", 0, 10)
    land_sociability: float = quantity("logit per sd", "on following a hook", 0, 5)
    invite_base: float = quantity("logit", "to invite a friend, told of it at an order", -20, 20)
    invite_satisfaction: float = quantity("logit", "full satisfaction against none", 0, 10)
    invite_trust: float = quantity("logit", "full trust against none, on inviting", 0, 10)
    invite_sociability: float = quantity("logit per sd", "on inviting", 0, 5)
    invite_reward: float = quantity("logit per share", "of price that the reward is", 0, 20)
    invite_came: float = quantity("logit", "of whoever came by an invitation itself", 0, 5)
    invite_told: float = quantity("logit", "more, when reminded that it did", 0, 5)
    invite_reminded: float = quantity("share", "who heed a message, of who would at an order", 0, 1)
    invite_match: float = quantity("logit per utility", "a friend's liking, on being chosen", 0, 5)
    sell_base: float = quantity("logit", "to sell on to friends, unpaid, when offered", -20, 20)
    sell_earning: float = quantity(
        "logit per share", "of sales that one earns, at average price sensitivity", 0, 50
    )
    sell_team: float = quantity("share", "that a bonus counts for, against a commission", 0, 1)
    sell_trust: float = quantity("logit", "full trust against none, on selling on", 0, 10)
    sell_sociability: float = quantity("logit per sd", "on selling on", 0, 5)
    land_taste: float = quantity("logit per utility", "liking for the operator, on following", 0, 5)
    recognition: float = quantity("log ratio", "an honour, on telling and reacting", 0, 3)
    own_interest: float = quantity("log ratio", "of telling unasked, which payment can take", 0, 3)
    crowding: float = quantity("share", "of one's own motives that payment takes at most", 0, 1)
    crowding_yuan: float = quantity("yuan a post", "payment that takes half of that", 0.01, 100)
    pay_effect: float = quantity("log ratio per yuan", "payment for a post, on telling", 0, 3)
    make_base: float = quantity(
        "logit", "to help make a product when asked, at middling trust, not engaged", -20, 20
    )
    make_engaged: float = quantity("logit", "more, at full engagement", 0, 20)
    make_trust: float = quantity("logit", "more, at full trust than at none", 0, 20)


@compiled
def norm(posts_per_day: float, p: Parameters) -> float:
    """How usual posting is in a group, 0 to 1."""
    return posts_per_day / (posts_per_day + p.norm_scale)


@compiled
def takes_part(sociability: float, p: Parameters) -> bool:
    """Whether a member ever writes: some only read, whatever they read (Nonnecke & Preece 2000)."""
    return sociability >= p.reads_only_below


@compiled
def motive(honour: float, yuan_per_post: float, p: Parameters) -> float:
    """What speaks for writing beside interest, as a log ratio: an honour, and payment for a post.

    Payment takes a share of motives of one's own, the honour's among them: most of it with the
    first yuan, while what it adds grows with every yuan.
    """
    own = p.recognition * honour
    taken = p.crowding * yuan_per_post / (yuan_per_post + p.crowding_yuan)
    return own - taken * (p.own_interest + own) + p.pay_effect * yuan_per_post


@compiled
def drawn_out(pieces: float, p: Parameters) -> float:
    """What professional pieces in the chat add to the motive to write, as a log ratio.

    Quality of content and credibility of its source bring readers to like and to comment (Wang,
    Wang, Zhu & Ye 2024).
    """
    return p.expert_topics * pieces


@compiled
def react_chance(engagement: float, worth: float, motive: float, p: Parameters) -> float:
    """Chance to react to what one read."""
    by_worth = p.quiet_reader + (1.0 - p.quiet_reader) * max(worth, 0.0)
    return min(p.react_chance * engagement * by_worth * exp(motive), 1.0)


@compiled
def ask_chance(self_efficacy: float, early_stage: float, p: Parameters) -> float:
    """Chance to ask a question on a visit."""
    by_stage = p.later_questions + (1.0 - p.later_questions) * early_stage
    return p.ask_chance * (1.0 - self_efficacy) * by_stage


@compiled
def tell_chance(
    engagement: float,
    satisfaction: float,
    sociability: float,
    group_norm: float,
    motive: float,
    p: Parameters,
) -> float:
    """Chance to tell a story or answer somebody on a visit."""
    extreme = abs(2.0 * satisfaction - 1.0)
    ease = p.sociability_effect * sociability + p.norm_effect * (group_norm - 0.5)
    ease += p.extreme_effect * (extreme - 0.5) + motive
    return min(p.tell_chance * engagement * exp(ease), 1.0)


@compiled
def make_chance(engagement: float, trust: float, p: Parameters) -> float:
    """Chance to help make a product on a visit, when asked to."""
    return logistic(p.make_base + p.make_engaged * engagement + p.make_trust * (trust - 0.5))


@compiled
def join_chance(
    sociability: float,
    taste: float,
    early_stage: float,
    own_stage: float,
    engagement: float,
    p: Parameters,
) -> float:
    """Chance to accept an invitation into a group chat (`own_stage` 1: not a mixed one).

    Lasting traits decide above all: the wish for company, and liking for the operator; and the
    child's stage: parents of the youngest seek advice.
    """
    return logistic(
        p.join_base
        + p.join_sociability * sociability
        + p.join_taste * taste
        + p.join_early * early_stage
        + p.join_stage * own_stage
        + p.join_engaged * engagement
    )


@compiled
def come_chance(sociability: float, engagement: float, p: Parameters) -> float:
    """Chance to come to an event nearby: the wish for company, and engagement."""
    return logistic(p.come_base + p.come_sociability * sociability + p.come_engaged * engagement)


@compiled
def consult_chance(kinds: float, self_efficacy: float, engagement: float, p: Parameters) -> float:
    """Chance to ask for a consultation on a visit; each kind that is offered is a fresh chance.

    The unsure ask most, and whoever is engaged.
    """
    unsure = 1.0 - self_efficacy
    of_one = logistic(p.consult_base + p.consult_unsure * unsure + p.consult_engaged * engagement)
    not_one = 1.0 - of_one
    return 1.0 - power(not_one, kinds) if not_one > 0.0 else min(kinds, 1.0)


@compiled
def land_chance(
    trust: float, sociability: float, taste: float, appeal: float, p: Parameters
) -> float:
    """Chance to follow a hook of the given appeal (logit) into the private domain."""
    return logistic(
        p.land_base
        + p.land_trust * (trust - 0.5)
        + p.land_sociability * sociability
        + p.land_taste * taste
        + appeal
    )


@compiled
def invite_chance(
    satisfaction: float,
    trust: float,
    sociability: float,
    reward: float,
    came_by_friend: float,
    told_of_friend: float,
    p: Parameters,
) -> float:
    """Chance to invite a friend where that is offered, `reward` as a share of a price.

    Whoever is satisfied and trusts recommends (Anderson 1998); a reward adds something to it
    (Ryu & Feick 2007). Referrals are contagious: to whoever came by one it is the more proper to
    make one, above all when reminded of it (Gershon & Jiang 2024).
    """
    return logistic(
        p.invite_base
        + p.invite_satisfaction * (satisfaction - 0.5)
        + p.invite_trust * (trust - 0.5)
        + p.invite_sociability * sociability
        + p.invite_reward * reward
        + p.invite_came * came_by_friend
        + p.invite_told * told_of_friend
    )


@compiled
def suits(taste: float, p: Parameters) -> float:
    """How much a friend comes to mind as one whom the shop would suit, to be shared among friends.

    Whoever invites knows both the shop and the friend, and so brings in customers who match it
    better than others do (Van den Bulte et al. 2018, who call it active matching).
    """
    return exp(p.invite_match * taste)


@compiled
def sell_chance(
    commission: float,
    bonus: float,
    price_sensitivity: float,
    trust: float,
    sociability: float,
    p: Parameters,
) -> float:
    """Chance to sell on to friends where that is offered, for shares of what is sold.

    Earning draws those to whom money matters most; one sells what one trusts, to friends whom one
    talks to anyway. A bonus on the sales of friends depends on others, and counts for less.
    """
    earning = commission + p.sell_team * bonus
    return logistic(
        p.sell_base
        + p.sell_earning * earning * price_sensitivity
        + p.sell_trust * (trust - 0.5)
        + p.sell_sociability * sociability
    )


@compiled
def review_chance(satisfaction: float, p: Parameters) -> float:
    """Chance to tell of an order in public: the very satisfied and the dissatisfied speak most."""
    return p.review_chance * abs(2.0 * satisfaction - 1.0)


@compiled
def opinion_of(satisfaction: float) -> int:
    """What somebody so satisfied tells others, in a byte: 1 worst to 101 best (0: nothing)."""
    return 1 + int(satisfaction * 100.0)
