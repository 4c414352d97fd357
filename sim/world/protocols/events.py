"""The buffers on which a household's day is written down (`sim.world.events`)."""

from typing import Protocol

from sim.world.protocols.arrays import Numbers


class EventRecord(Protocol):
    """What one household did on one day: see `EVENT`."""

    household: int
    group: int
    list_fen: int
    paid_fen: int
    goods_cost_fen: int
    points_redeemed: int
    points_issued: int
    points_expired: int
    coupon_fen: int
    wait_minutes: float
    day: int
    days_bought: Numbers[int]
    store: int
    cause: int
    packs: Numbers[int]
    family: int
    looked: int
    in_private_domain: int
    subscribed: int
    loyalty_member: int
    tier: int
    entered_private_domain: int
    enrolled: int
    paid_fee: int
    joined: int
    joined_stage: int
    joined_region: int
    left_group: int
    left_private: int
    unsubscribed: int
    reacted: int
    help_posts: int
    story_posts: int
    complaint_posts: int
    check_in: int
    livestream: int
    ticket: int
    defect: int
    exited: int
    opinion: int
    reviewed: int
    unfilled: int
    consent_withdrawn: int
    clicked: int
    advertised: int
    by_koc: int
    first_order: int
    was_customer: int
    graduated: int
    from_chat: int


class Counters(Protocol):
    """Counts of what is too frequent for a row of its own: see `COUNTERS`."""

    awake: int
    visits: int
    member_visits: int
    deal_visits: int
    trips: int
    recalled: int
    advertised: int
    by_koc: int
    waits: int
    orders_at: Numbers[int]
    days_bought: Numbers[int]
    reminders: int
    answers: int
    fees_fen: int
    cost_fen: Numbers[int]
    discount_fen: Numbers[int]
