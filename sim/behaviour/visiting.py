"""A visit to the operator's own channels: what is read, felt, said, and tried."""

from sim.behaviour.believe import Parameters as BelieveParameters
from sim.behaviour.believe import hear, weight_of_proof
from sim.behaviour.consent import concern_after_contact
from sim.behaviour.drift import drift
from sim.behaviour.look import Parameters as LookParameters
from sim.behaviour.look import (
    engagement_after_visit,
    highest_engagement,
    novelty,
    use_of_hosts,
    worth_of_visit,
)
from sim.behaviour.ordering import pay_points, see_recommendation
from sim.behaviour.rewards import check_in_chance
from sim.behaviour.talk import (
    ask_chance,
    come_chance,
    consult_chance,
    drawn_out,
    join_chance,
    make_chance,
    motive,
    norm,
    react_chance,
    takes_part,
    tell_chance,
)
from sim.behaviour.weighing import look_at_points
from sim.compilation.compiled import compiled
from sim.world.communities import topic_fit
from sim.world.draws import (
    ASK,
    CHECK_IN,
    COME_TO_EVENT,
    CONSULT,
    HOUSEHOLD,
    JOIN,
    MAKE,
    REACT,
    READ_REPORT,
    TELL,
    uniform,
)
from sim.world.events import READ_CHAT
from sim.world.household import EARLY_STAGES, MOST_COUNTED, stage_of
from sim.world.protocols import Counters, EventRecord, Group, Inbox, Parent
from sim.world.state import World


@compiled
def visit(
    parent: Parent,
    place: int,
    world: World,
    day: int,
    inbox: Inbox,
    event: EventRecord,
    counters: Counters,
) -> float:
    """Read, feel, react, ask, tell, take part; returns the worth of the visit, -1 to 1."""
    event.looked = 1
    counters.visits += 1
    look = world.behaviour.look
    days = min(max(float(day - parent.last_look_day), 1.0), look.memory_days)
    parent.last_look_day = parent.last_met_day = day
    stage = stage_of(day - parent.birth_day)
    meet_own_data(parent, world)
    useful, expert, promotion, fit = read_channel(world, inbox, days)
    group_posts = topics = 0.0
    if parent.group >= 0:
        counters.member_visits += 1
        group = world.groups[parent.group]
        fit = topic_fit(group, stage, parent.region, world.community)
        group_posts = group.help_rate + group.story_rate + group.complaint_rate
        helped = days * (
            look.story_use * group.story_rate + group.professionalism * group.expert_rate
        )
        useful += helped
        topics = days * group.professionalism * group.expert_rate
        expert += topics
        promotion += days * group.promotion_rate
        inbox.talk_read = days * (group.help_rate + group.story_rate)
        posts = group_posts + group.expert_rate + group.promotion_rate
        event.from_chat = READ_CHAT if days * posts >= 1.0 else 0
        believe_members(parent, group, days, world.behaviour.believe)
    believe_hosts(parent, inbox, days, world.behaviour.believe)
    believe_experts(parent, expert, promotion, world.behaviour.believe)
    read_proof(parent, place, world, day, inbox.report, READ_REPORT, inbox)
    look_at_points(parent, place, world, day, inbox)
    see_recommendation(parent, place, world, day, inbox)
    worth = worth_of_visit(useful, promotion, fit, look)
    if worth > 0.0 and parent.in_private_domain > 0:
        worth *= novelty(float(day - parent.private_since), look)
    find_it_worth(parent, worth, look)
    parent.fatigue += look.promotion_fatigue * promotion
    inbox.promotions_read = promotion
    inbox.topics = min(topics, world.behaviour.believe.most_expert_pieces)
    take_part(parent, place, world, day, worth, stage, group_posts, inbox, event, counters)
    ask_for_consultation(parent, place, world, day, inbox)
    return worth


@compiled
def find_it_worth(parent: Parent, worth: float, p: LookParameters) -> None:
    """Engagement after a visit, or what is as good as one, of this worth, -1 to 1."""
    highest = highest_engagement(parent.sociability, p)
    parent.engagement = engagement_after_visit(parent.engagement, worth, highest, p)


@compiled
def meet_own_data(parent: Parent, world: World) -> None:
    """See on the pages, where the operator shows it, what it knows of oneself."""
    shown = world.today[0].data_shown
    if shown > 0.0:
        parent.privacy_concern = concern_after_contact(
            parent.privacy_concern, shown, world.behaviour.consent
        )


@compiled
def take_part(
    parent: Parent,
    place: int,
    world: World,
    day: int,
    worth: float,
    stage: int,
    group_posts: float,
    inbox: Inbox,
    event: EventRecord,
    counters: Counters,
) -> None:
    """React, write, help to make a product, each perhaps, if one ever does; take up a challenge."""
    writes = takes_part(parent.sociability, world.behaviour.talk)
    if writes:
        react(parent, place, world, day, worth, inbox, event)
        if parent.group >= 0:
            speak(parent, place, world, day, stage, group_posts, inbox, event, counters)
    if parent.group >= 0:
        take_up_challenge(parent, place, world, day, writes, inbox, event)
        if writes:
            help_to_make(parent, place, world, day, inbox)


@compiled
def read_channel(world: World, inbox: Inbox, days: float) -> tuple[float, float, float, float]:
    """Useful, expert and promotional pieces read in the private channel, and their fit."""
    today, look = world.today[0], world.behaviour.look
    useful = days * today.channel_useful_per_day + inbox.stage_advice
    useful += days * use_of_hosts(inbox.host_how_to, inbox.host_stories, inbox.host_likeness, look)
    expert = days * today.channel_expert_per_day + inbox.stage_advice + days * inbox.host_expert
    promotion = days * today.channel_promotion_per_day + days * inbox.host_promotion
    fit = look.channel_fit + look.advice_fit * min(inbox.stage_advice, 1.0)
    return useful, expert, promotion, fit


@compiled
def believe_members(parent: Parent, group: Group, days: float, p: BelieveParameters) -> None:
    """What members tell of the operator: stories speak for it, complaints against."""
    told = days * (group.story_rate + group.complaint_rate)
    if told <= 0.0:
        return
    mood = group.story_rate / (group.story_rate + group.complaint_rate)
    heard = p.member_weight * min(told, p.most_stories)
    hear(parent, min(mood * p.mood_span + p.worst_mood, 1.0), heard, p)


@compiled
def believe_hosts(parent: Parent, inbox: Inbox, days: float, p: BelieveParameters) -> None:
    """Stories of hosts like oneself are heard as members' are, for less: they are paid to tell."""
    told = min(days * inbox.host_stories, p.most_stories) * inbox.host_likeness
    if told > 0.0:
        hear(parent, min(p.worst_mood + p.mood_span, 1.0), p.member_weight * p.host_share * told, p)


@compiled
def believe_experts(parent: Parent, expert: float, promotion: float, p: BelieveParameters) -> None:
    """Expert content speaks for the operator; its own promotion hardly counts."""
    if expert > 0.0:
        hear(parent, p.expert_evidence, p.expert_weight * min(expert, p.most_expert_pieces), p)
    if promotion > 0.0:
        hear(parent, p.message_evidence, p.message_weight * min(promotion, p.most_promotions), p)


@compiled
def read_proof(
    parent: Parent, place: int, world: World, day: int, proof: float, luck: int, inbox: Inbox
) -> None:
    """Read where goods come from and what was found in them, perhaps, and believe it.

    `luck` is the purpose of the draw that decides.
    """
    p = world.behaviour.believe
    if proof <= 0.0 or uniform(world.seed, HOUSEHOLD, place, day, luck) >= p.proof_read:
        return
    known = inbox.proofs_known + inbox.proofs_read
    hear(parent, p.proof_evidence, weight_of_proof(proof, known, p), p)
    inbox.proofs_read += 1.0


@compiled
def react(
    parent: Parent,
    place: int,
    world: World,
    day: int,
    worth: float,
    inbox: Inbox,
    event: EventRecord,
) -> None:
    """React to what was read, perhaps; nobody is paid for that."""
    p = world.behaviour.talk
    drawn = motive(inbox.honour, 0.0, p) + drawn_out(inbox.topics, p)
    chance = react_chance(parent.engagement, worth, drawn, p)
    if uniform(world.seed, HOUSEHOLD, place, day, REACT) < chance:
        event.reacted = 1
        parent.last_reaction_day = day


@compiled
def speak(
    parent: Parent,
    place: int,
    world: World,
    day: int,
    stage: int,
    group_posts: float,
    inbox: Inbox,
    event: EventRecord,
    counters: Counters,
) -> None:
    """Ask, tell or complain in the group, perhaps."""
    ask(parent, place, world, day, stage, inbox, event, counters)
    tell(parent, place, world, day, group_posts, inbox, event)
    posts = event.help_posts + event.story_posts + event.complaint_posts
    parent.posts = min(parent.posts + posts, MOST_COUNTED)
    if posts > 0:
        parent.last_reaction_day = day


@compiled
def ask(
    parent: Parent,
    place: int,
    world: World,
    day: int,
    stage: int,
    inbox: Inbox,
    event: EventRecord,
    counters: Counters,
) -> None:
    """Ask a question, perhaps; an expert's answer builds confidence and trust."""
    p = world.behaviour.talk
    early = 1.0 if stage <= EARLY_STAGES else 0.0
    asks = ask_chance(parent.self_efficacy, early, p)
    u = uniform(world.seed, HOUSEHOLD, place, day, ASK)
    if u >= asks:
        return
    event.help_posts = 1
    # The same draw, spread over the askers, says whether an expert answers.
    if u / asks < inbox.answer:
        counters.answers += 1
        take_advice(parent, world, inbox.answer_quality, world.behaviour.believe.answer_pieces)


@compiled
def take_advice(parent: Parent, world: World, quality: float, pieces: float) -> None:
    """Take in what an expert says to oneself, of so many pieces: confidence and trust grow."""
    gain = world.behaviour.talk.efficacy_gain * quality
    parent.self_efficacy += gain * (1.0 - parent.self_efficacy)
    believe = world.behaviour.believe
    evidence = min(believe.worst_answer + believe.answer_span * quality, 1.0)
    hear(parent, evidence, believe.expert_weight * pieces, believe)


@compiled
def tell(
    parent: Parent,
    place: int,
    world: World,
    day: int,
    group_posts: float,
    inbox: Inbox,
    event: EventRecord,
) -> None:
    """Tell a story, perhaps; a dissatisfied customer's is a complaint."""
    p = world.behaviour.talk
    tells = tell_chance(
        parent.engagement,
        parent.satisfaction,
        parent.sociability,
        norm(group_posts, p),
        motive(inbox.honour, inbox.yuan_per_post, p) + drawn_out(inbox.topics, p),
        p,
    )
    if uniform(world.seed, HOUSEHOLD, place, day, TELL) < tells:
        if parent.satisfaction < p.complaint_satisfaction and parent.orders > 0:
            event.complaint_posts = 1
        else:
            event.story_posts = 1


@compiled
def take_up_challenge(
    parent: Parent,
    place: int,
    world: World,
    day: int,
    writes: bool,
    inbox: Inbox,
    event: EventRecord,
) -> None:
    """Take part in a check-in challenge, if one is on: small mastery builds confidence.

    Who only reads may, too: a tap is no post. For the same reason theirs is no sign of life in the
    chat.
    """
    if inbox.check_in <= 0.0:
        return
    ready = 1.0 if writes else world.behaviour.rewards.readers_check_in
    chance = (
        ready
        * inbox.check_in
        * check_in_chance(
            parent.engagement,
            inbox.check_in_reward_yuan,
            inbox.check_in_difficulty,
            world.behaviour.rewards,
        )
    )
    if uniform(world.seed, HOUSEHOLD, place, day, CHECK_IN) < chance:
        event.check_in = 1
        if writes:
            parent.last_reaction_day = day
        mastery = world.behaviour.talk.efficacy_gain * inbox.check_in_difficulty
        parent.self_efficacy += mastery * (1.0 - parent.self_efficacy)
        find_it_worth(parent, world.behaviour.rewards.check_in_worth, world.behaviour.look)


@compiled
def help_to_make(parent: Parent, place: int, world: World, day: int, inbox: Inbox) -> None:
    """Help to make or test goods, perhaps, if asked: one believes in what one has a hand in."""
    asked = max(inbox.making, inbox.trial)
    if asked <= 0.0:
        return
    talk, believe = world.behaviour.talk, world.behaviour.believe
    chance = asked * make_chance(parent.engagement, parent.trust, talk)
    if uniform(world.seed, HOUSEHOLD, place, day, MAKE) < chance:
        inbox.makes = 1.0
        parent.last_reaction_day = day
        parent.self_efficacy += talk.efficacy_gain * (1.0 - parent.self_efficacy)
        hear(parent, believe.making_evidence, believe.making_weight, believe)


@compiled
def answer_invitation(
    parent: Parent, place: int, world: World, day: int, inbox: Inbox, event: EventRecord
) -> None:
    """Accept an invitation into a group chat, perhaps; the place is found overnight.

    Whoever is asked to test goods there is asked more strongly.
    """
    if inbox.invitation <= 0.0 or parent.group >= 0:
        return
    sorted_topic = 1.0 if inbox.topic_stage >= 0.0 else 0.0
    chance = max(inbox.invitation, inbox.trial) * join_chance(
        parent.sociability,
        parent.operator_taste,
        1.0 if stage_of(day - parent.birth_day) <= EARLY_STAGES else 0.0,
        sorted_topic,
        parent.engagement,
        world.behaviour.talk,
    )
    if uniform(world.seed, HOUSEHOLD, place, day, JOIN) < chance:
        event.joined_stage = int(inbox.topic_stage) + 1
        event.joined_region = int(inbox.topic_region) + 1
        event.joined = 1


@compiled
def come_to_event(parent: Parent, place: int, world: World, day: int, inbox: Inbox) -> None:
    """Come to an event at a store nearby, perhaps: whoever does meets the operator in person."""
    if inbox.local_event <= 0.0 or parent.in_private_domain == 0 or day < parent.avoids_until:
        return
    chance = inbox.local_event * come_chance(
        parent.sociability, parent.engagement, world.behaviour.talk
    )
    if uniform(world.seed, HOUSEHOLD, place, day, COME_TO_EVENT) < chance:
        inbox.came_to_event = 1.0
        parent.last_met_day = day
        believe, look = world.behaviour.believe, world.behaviour.look
        hear(parent, believe.event_evidence, believe.event_weight, believe)
        find_it_worth(parent, look.event_worth, look)


@compiled
def ask_for_consultation(parent: Parent, place: int, world: World, day: int, inbox: Inbox) -> None:
    """Ask for a consultation, perhaps; whoever has not the points that it costs cannot."""
    if inbox.consultations <= 0.0 or not can_pay_points(parent, inbox.consultation_points):
        return
    chance = consult_chance(
        inbox.consultations, parent.self_efficacy, parent.engagement, world.behaviour.talk
    )
    if uniform(world.seed, HOUSEHOLD, place, day, CONSULT) < chance:
        inbox.asks_consultation = 1.0


@compiled
def can_pay_points(parent: Parent, points: float) -> bool:
    """Whether a household holds so many points; to pay none it need be no member."""
    return points <= 0.0 or parent.points_new + parent.points_old >= points


@compiled
def have_consultation(
    parent: Parent, place: int, world: World, day: int, inbox: Inbox, event: EventRecord
) -> None:
    """Have the consultation that is due, and pay its points; not on a day with an order.

    Points that an order is paid with and those for a consultation would else be one number.
    """
    points = inbox.consultation_points
    if inbox.consultation_due <= 0.0 or event.list_fen > 0 or day < parent.avoids_until:
        return
    if not can_pay_points(parent, points):
        return
    event.points_redeemed = int(points)
    pay_points(parent, event.points_redeemed)
    inbox.consulted = 1.0
    drift(parent, world, day)
    parent.last_met_day = day
    quality = inbox.consultation_quality
    take_advice(parent, world, quality, world.behaviour.believe.consultation_pieces)
    look = world.behaviour.look
    find_it_worth(parent, look.consultation_worth * quality, look)
