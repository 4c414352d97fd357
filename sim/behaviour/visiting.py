"""A visit to the operator's own channels: what is read, felt, said, and tried."""

from sim.behaviour.believe import Parameters as BelieveParameters
from sim.behaviour.believe import hear
from sim.behaviour.look import engagement_after_visit, worth_of_visit
from sim.behaviour.rewards import check_in_chance
from sim.behaviour.talk import ask_chance, join_chance, norm, react_chance, tell_chance
from sim.compilation.compiled import compiled
from sim.world.communities import topic_fit
from sim.world.draws import (
    ASK,
    CHECK_IN,
    HOUSEHOLD,
    JOIN,
    REACT,
    TELL,
    uniform,
)
from sim.world.household import EARLY_STAGES, MOST_COUNTED, stage_of
from sim.world.protocols import Counters, EventRecord, Group, Inbox, Parent
from sim.world.state import World

# What a visitor takes in at most, however long the list: assumed
MOST_STORIES, MOST_EXPERT_PIECES, MOST_PROMOTIONS = 5.0, 3.0, 5.0  # posts a visit
# How a chat's mood (share of stories among stories and complaints) speaks of the operator: assumed
WORST_MOOD, MOOD_SPAN = 0.1, 0.75  # evidence of a chat of complaints; what a chat of stories adds
CHALLENGE_WORTH = 0.5  # a check-in against a visit of full worth: assumed
STORY_USE = 0.5  # useful pieces in a member's story: assumed
CHANNEL_FIT, ADVICE_FIT = 0.6, 0.4  # of the channel to anybody; what advice by stage adds: assumed
ANSWER_PIECES = 2.0  # expert pieces that an answer to one's own question weighs: assumed
WORST_ANSWER, ANSWER_SPAN = 0.5, 0.5  # evidence of a bad answer; what a good one adds: assumed


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
    memory = world.behaviour.look.memory_days
    days = min(max(float(day - parent.last_look_day), 1.0), memory)
    parent.last_look_day = parent.last_met_day = day
    stage = stage_of(day - parent.birth_day)
    useful, expert, promotion, fit = read_channel(world, inbox, days)
    group_posts = 0.0
    if parent.group >= 0:
        counters.member_visits += 1
        group = world.groups[parent.group]
        fit = topic_fit(group, stage, parent.region)
        group_posts = group.help_rate + group.story_rate + group.complaint_rate
        helped = days * (STORY_USE * group.story_rate + group.professionalism * group.expert_rate)
        useful += helped
        expert += days * group.professionalism * group.expert_rate
        promotion += days * group.promotion_rate
        believe_members(parent, group, days, world.behaviour.believe)
    believe_experts(parent, expert, promotion, world.behaviour.believe)
    worth = worth_of_visit(useful, promotion, fit)
    parent.engagement = engagement_after_visit(parent.engagement, worth, world.behaviour.look)
    parent.fatigue += world.behaviour.look.promotion_fatigue * promotion
    react(parent, place, world, day, worth, event)
    if parent.group >= 0:
        speak(parent, place, world, day, stage, group_posts, inbox, event, counters)
        take_up_challenge(parent, place, world, day, inbox, event)
    return worth


@compiled
def read_channel(world: World, inbox: Inbox, days: float) -> tuple[float, float, float, float]:
    """Useful, expert and promotional pieces read in the private channel, and their fit."""
    today = world.today[0]
    useful = days * today.channel_useful_per_day + inbox.stage_advice
    expert = days * today.channel_expert_per_day + inbox.stage_advice
    promotion = days * today.channel_promotion_per_day
    fit = CHANNEL_FIT + ADVICE_FIT * min(inbox.stage_advice, 1.0)
    return useful, expert, promotion, fit


@compiled
def believe_members(parent: Parent, group: Group, days: float, p: BelieveParameters) -> None:
    """What members tell of the operator: stories speak for it, complaints against."""
    told = days * (group.story_rate + group.complaint_rate)
    if told <= 0.0:
        return
    mood = group.story_rate / (group.story_rate + group.complaint_rate)
    heard = p.member_weight * min(told, MOST_STORIES)
    hear(parent, mood * MOOD_SPAN + WORST_MOOD, heard, p)


@compiled
def believe_experts(parent: Parent, expert: float, promotion: float, p: BelieveParameters) -> None:
    """Expert content speaks for the operator; its own promotion hardly counts."""
    if expert > 0.0:
        hear(parent, p.expert_evidence, p.expert_weight * min(expert, MOST_EXPERT_PIECES), p)
    if promotion > 0.0:
        hear(parent, p.message_evidence, p.message_weight * min(promotion, MOST_PROMOTIONS), p)


@compiled
def react(
    parent: Parent, place: int, world: World, day: int, worth: float, event: EventRecord
) -> None:
    """React to what was read, perhaps."""
    chance = react_chance(parent.engagement, worth, world.behaviour.talk)
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
    tell(parent, place, world, day, group_posts, event)
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
        gain = p.efficacy_gain * inbox.answer_quality
        parent.self_efficacy += gain * (1.0 - parent.self_efficacy)
        evidence = WORST_ANSWER + ANSWER_SPAN * inbox.answer_quality
        believe = world.behaviour.believe
        hear(parent, evidence, believe.expert_weight * ANSWER_PIECES, believe)


@compiled
def tell(
    parent: Parent, place: int, world: World, day: int, group_posts: float, event: EventRecord
) -> None:
    """Tell a story, perhaps; a dissatisfied customer's is a complaint."""
    p = world.behaviour.talk
    usual = norm(group_posts, p)
    tells = tell_chance(parent.engagement, parent.satisfaction, parent.sociability, usual, p)
    if uniform(world.seed, HOUSEHOLD, place, day, TELL) < tells:
        if parent.satisfaction < p.complaint_satisfaction and parent.orders > 0:
            event.complaint_posts = 1
        else:
            event.story_posts = 1


@compiled
def take_up_challenge(
    parent: Parent, place: int, world: World, day: int, inbox: Inbox, event: EventRecord
) -> None:
    """Take part in a check-in challenge, if one is on: small mastery builds confidence."""
    if inbox.check_in <= 0.0:
        return
    chance = inbox.check_in * check_in_chance(
        parent.engagement,
        inbox.check_in_reward_yuan,
        inbox.check_in_difficulty,
        world.behaviour.rewards,
    )
    if uniform(world.seed, HOUSEHOLD, place, day, CHECK_IN) < chance:
        event.check_in = 1
        parent.last_reaction_day = day
        mastery = world.behaviour.talk.efficacy_gain * inbox.check_in_difficulty
        parent.self_efficacy += mastery * (1.0 - parent.self_efficacy)
        reward = world.behaviour.look.worth_effect * CHALLENGE_WORTH
        parent.engagement += reward * (1.0 - parent.engagement)


@compiled
def answer_invitation(
    parent: Parent, place: int, world: World, day: int, inbox: Inbox, event: EventRecord
) -> None:
    """Accept an invitation into a group chat, perhaps; the place is found overnight."""
    if inbox.invitation <= 0.0 or parent.group >= 0:
        return
    sorted_topic = 1.0 if inbox.topic_stage >= 0.0 else 0.0
    chance = inbox.invitation * join_chance(
        parent.sociability, sorted_topic, parent.engagement, world.behaviour.talk
    )
    if uniform(world.seed, HOUSEHOLD, place, day, JOIN) < chance:
        event.joined_stage = int(inbox.topic_stage) + 1
        event.joined_region = int(inbox.topic_region) + 1
        event.joined = 1
