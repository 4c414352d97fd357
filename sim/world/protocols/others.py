"""Whom a household meets: chats, KOCs, friends."""

from typing import Protocol

from sim.world.protocols.arrays import Numbers


class Group(Protocol):
    """A group chat: see `GROUP_RECORD`."""

    help_rate: float
    story_rate: float
    complaint_rate: float
    expert_rate: float
    promotion_rate: float
    professionalism: float
    member_posts: int
    operator_posts: int
    founded_day: int
    silent_day: int
    closed_day: int
    quiet_days: int
    members: int
    joined: int
    new_help: int
    new_story: int
    new_complaint: int
    posts_today: int
    telling: int
    stage: int
    region: int


class Koc(Protocol):
    """A candidate for key opinion consumer: see `KOC_RECORD`."""

    credibility: float
    recent_posts: float
    household: int
    followers: int
    recruited: int
    posts: int


class TiesRecord(Protocol):
    """Who is whose friend, who follows whom: see `TIES`."""

    seed: int
    households: int
    regions: int
    starts: Numbers[int]
    bits: Numbers[int]
    ring_secrets: Numbers[int]
    shuffle_secrets: Numbers[int]
    ring_reach: int
    kept_share: float
    layers: int
    layer_share: float
    across_share: float
    places_per_koc: int
    kocs: int
    follow_chance: float
    follow_in_region_share: float
    rank_exponent: float
