"""Group chats: what they are, and how they live and fall silent.

A chat is read as its recent daily posts by kind. Members' posts of yesterday and the operator's
of today are folded into these rates. A chat lives by what its members and experts write: when those
posts stay under two a day (`lively_posts`) for a week it has fallen silent, however many promotions
it gets. In the chats of an average operator, who posts three promotions a day, these are the five
messages a day of L17.
"""

from dataclasses import dataclass

import numpy as np
import omegaconf
from numpy.typing import NDArray

from sim.compilation.compiled import compiled
from sim.parameters.quantity import quantity
from sim.world.draws import GROUP, uniform
from sim.world.household import NEVER, STAGES
from sim.world.kocs import Parameters as KocParameters
from sim.world.protocols import Group, Records, Today

ANY = -1  # topic without a stage or region

GROUP_RECORD = np.dtype(
    [
        ("help_rate", "f8"),  # recent posts a day: questions
        ("story_rate", "f8"),  # stories and answers of members
        ("complaint_rate", "f8"),
        ("expert_rate", "f8"),  # expert posts of the operator
        ("promotion_rate", "f8"),
        ("professionalism", "f8"),  # 0 to 1, of the expert posts
        ("member_posts", "i8"),  # ever
        ("operator_posts", "i8"),  # ever
        ("founded_day", "i4"),  # NEVER: place not in use
        ("silent_day", "i4"),  # day it fell silent, NEVER while it lives
        ("closed_day", "i4"),  # day the operator closed it, NEVER while open
        ("quiet_days", "i4"),  # days in a row under `lively_posts`
        ("members", "i4"),
        ("joined", "i4"),  # ever
        ("new_help", "i4"),  # posts of the day now running
        ("new_story", "i4"),
        ("new_complaint", "i4"),
        (
            "telling",
            "i4",
        ),  # members who tell a piece of news, counted every night there is one
        ("posts_today", "i4"),  # all messages of the last finished day
        ("stage", "i4"),  # topic: index of STAGES or ANY
        ("region", "i4"),  # topic: index of regions or ANY
    ],
    align=True,
)


@dataclass
class Parameters:
    """How group chats run by themselves."""

    reading_memory_days: float = quantity("days", "over which a chat's recent life is seen", 1, 30)
    lively_posts: int = quantity("posts a day", "but promotion, that keep a chat alive", 0, 100)
    quiet_days: int = quantity("days", "in a row with fewer, that make a silence", 1, 365)
    filling_days: int = quantity("days", "in which a new chat may be quiet", 0, 365)
    no_topic_fit: float = quantity("0 to 1", "fit of a chat without a topic", 0, 1)
    own_stage_fit: float = quantity("0 to 1", "that a topic of one's own stage adds", 0, 1)
    other_stage_fit: float = quantity("0 to 1", "that a topic of another stage takes away", 0, 1)
    own_region_fit: float = quantity("0 to 1", "that a topic of one's own region adds", 0, 1)
    kocs: KocParameters = omegaconf.MISSING


@compiled
def topic_fit(group: Group, stage: int, region: int, p: Parameters) -> float:
    """How well a chat's topic fits a parent, 0 to 1."""
    fit = p.no_topic_fit
    if group.stage == stage:
        fit += p.own_stage_fit
    elif group.stage != ANY:
        fit -= p.other_stage_fit
    if group.region == region:
        fit += p.own_region_fit
    return fit


@compiled
def posts_drawn(rate: float, u: float) -> int:
    """Whole posts whose mean is `rate`: the whole part, and one more by chance."""
    whole = int(rate)
    return whole + (1 if u < rate - whole else 0)


@compiled
def professionalism_of(today: Today, u: float) -> float:
    """How professional a chat's expert posts are, where its luck `u` is the same all its life."""
    other = today.group_professionalism_spread * (2.0 * u - 1.0)
    return min(max(today.group_professionalism + other, 0.0), 1.0)


@compiled
def fold(rate: float, posts: float, memory_days: float) -> float:
    """Recent daily rate after a day with `posts`."""
    return rate + (posts - rate) / memory_days


@compiled
def live_groups(
    groups: Records[Group], seed: int, p: Parameters, todays: Records[Today], day: int
) -> None:
    """One night of every chat: yesterday's members' posts and today's operator's are folded in."""
    today = todays[0]
    memory_days = p.reading_memory_days
    for i in range(len(groups)):
        group = groups[i]
        if group.founded_day == NEVER:
            break  # chats are kept in the order of founding
        if group.members == 0 and group.silent_day < day:
            continue
        promotion = expert = 0
        if group.closed_day == NEVER:
            u = uniform(seed, GROUP, i, day, 0)
            promotion = posts_drawn(today.group_promotion_per_day, u)
            u = uniform(seed, GROUP, i, day, 1)
            expert = posts_drawn(today.group_expert_per_day, u)
        told = group.new_help + group.new_story + group.new_complaint
        group.posts_today = told + promotion + expert
        group.member_posts += told
        group.operator_posts += promotion + expert
        group.help_rate = fold(group.help_rate, float(group.new_help), memory_days)
        group.story_rate = fold(group.story_rate, float(group.new_story), memory_days)
        group.complaint_rate = fold(group.complaint_rate, float(group.new_complaint), memory_days)
        group.promotion_rate = fold(group.promotion_rate, float(promotion), memory_days)
        group.expert_rate = fold(group.expert_rate, float(expert), memory_days)
        u = uniform(seed, GROUP, i, group.founded_day, 2)
        group.professionalism = professionalism_of(today, u)
        group.new_help = group.new_story = group.new_complaint = 0
        quiet = told + expert < p.lively_posts
        group.quiet_days = group.quiet_days + 1 if quiet else 0
        young = day - group.founded_day < p.filling_days
        if group.silent_day == NEVER and group.quiet_days >= p.quiet_days and not young:
            group.silent_day = day - p.quiet_days + 1


@compiled
def place_of_joiner(
    groups: Records[Group],
    newest: NDArray[np.int64],
    stage: int,
    region: int,
    size_cap: float,
    day: int,
) -> int:
    """The newest chat of a topic if it has room and lives, else one founded for the joiner.

    Parameters
    ----------
    groups
        GROUP_RECORD, in the order of founding.
    newest
        Integer array (stages + 1, regions + 2): newest chat by topic (ANY first), -1 if none;
        its last column holds, in row 0, how many chats were ever founded.
    stage, region, size_cap, day
        The topic asked for, the largest size, today.

    Returns
    -------
    int
        Index of the chat; -1 if no place is left for another.
    """
    last = newest[stage + 1, region + 1]
    if last >= 0:
        group = groups[last]
        alive = group.silent_day == NEVER and group.closed_day == NEVER
        if alive and group.joined < size_cap:
            return last
    founded = newest[0, -1]
    if founded >= len(groups):
        return -1
    found(groups[founded], stage, region, day)
    newest[stage + 1, region + 1] = founded
    newest[0, -1] = founded + 1
    return founded


@compiled
def found(group: Group, stage: int, region: int, day: int) -> None:
    """Open a new chat in an unused place."""
    group.help_rate = group.story_rate = group.complaint_rate = 0.0
    group.expert_rate = group.promotion_rate = group.professionalism = 0.0
    group.member_posts = group.operator_posts = 0
    group.founded_day = day
    group.silent_day = group.closed_day = NEVER
    group.quiet_days = group.members = group.joined = 0
    group.new_help = group.new_story = group.new_complaint = group.posts_today = 0
    group.stage = stage
    group.region = region


def empty_groups(count: int) -> Records[Group]:
    """Places for `count` group chats, none in use."""
    groups = np.zeros(count, GROUP_RECORD)
    groups["founded_day"] = groups["silent_day"] = groups["closed_day"] = NEVER
    return groups.view(np.recarray)


def no_groups_yet(regions: int) -> NDArray[np.int64]:
    """The table of newest chats by topic before any is founded."""
    newest = np.full((len(STAGES) + 1, regions + 2), -1)
    newest[0, -1] = 0
    return newest
