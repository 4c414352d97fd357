"""The day, and what levers put before one household (`sim.world.state`)."""

from typing import Protocol

from sim.world.protocols.arrays import Numbers


class Plan(Protocol):
    """Quantities of the day that a lever may plan: see `COMBINERS`."""

    ad_reach: Numbers[float]
    deal_visits_per_day: Numbers[float]
    prompt: Numbers[float]
    fresh_message: Numbers[float]
    broadcasts: Numbers[float]
    deal_cut: float
    message_offer_cut: float
    post_offer_cut: float
    cut_public: float
    cut_private: float
    group_promotion_per_day: float
    group_expert_per_day: float
    group_professionalism: float
    group_professionalism_spread: float
    group_size_cap: float
    channel_useful_per_day: float
    channel_expert_per_day: float
    channel_promotion_per_day: float
    livestream: float
    koc_posts_per_day: float
    koc_commercial_share: float
    first_contact_resolution: float
    desk_ratio: float
    defect_share: float
    supply: float
    rival_price: float
    rival_appeal: float
    public_reach: float
    commission_share: float
    fine_share: float
    spending_ratio: float
    births: float
    plain_asking: float
    service_asking: float
    personal_asking: float
    personal_asked: float
    intrusion_ratio: float
    unasked_use: float
    data_shown: float
    open_reviews: float


class Today(Plan, Protocol):
    """Quantities that hold for everyone on one day: see `TODAY`."""

    festival: float
    most_koc_posts: float
    rival_log_cut: float
    reviews_per_1000: float
    review_rating: float
    wait_minutes: float
    unfilled: Numbers[float]
    late_days: float


class Inbox(Protocol):
    """What levers put before one household: see `INBOX`."""

    personal_messages: float
    letter: float
    letter_followed: float
    reminder: float
    reminded: float
    prompted: float
    followed: float
    koc_posts: float
    promotions_read: float
    topics: float
    talk_read: float
    coupon_percent: float
    coupon_days: float
    coupon_line: float
    points_per_yuan: float
    yuan_per_point: float
    points_share: float
    points_least: float
    points_clarity: float
    points_lost_share: float
    points_loss_noticed: float
    tier_kept: float
    sample: float
    sample_liked: float
    tried_category: float
    tried_days: float
    tier_cut: float
    tier_goal_yuan: float
    paid_cut: float
    fee_yuan: float
    fee_cut: float
    enrolment: float
    landing: float
    landing_appeal: float
    store_near: float
    local_event: float
    came_to_event: float
    days_saved: float
    invitation: float
    topic_stage: float
    topic_region: float
    answer: float
    answer_quality: float
    honour: float
    yuan_per_post: float
    making: float
    makes: float
    stage_advice: float
    host_how_to: float
    host_stories: float
    host_expert: float
    host_promotion: float
    host_likeness: float
    host_expertise: float
    livestream: float
    livestream_cut: float
    recommended_fit: float
    recommended_worn: float
    recommended_categories: float
    recommendation_met: float
    recommendation_seen: float
    recommendation_fits: float
    recommendation_taken: float
    check_in: float
    check_in_reward_yuan: float
    check_in_difficulty: float
    consultations: float
    consultation_quality: float
    consultation_points: float
    asks_consultation: float
    consultation_due: float
    consulted: float
    own_deal_cut: float
    own_deal_cause: float
    friend_call: float
    call_followed: float
    call_paid: float
    friends_worn: float
    may_sell: float
    sell_commission: float
    sell_bonus: float
    sells: float
    may_invite: float
    asked_to_invite: float
    invite_reward: float
    came_by_friend: float
    told_of_friend: float
    invites: float
    pledge_cut: float
    pledge_cause: float
    pledged: float
    due_cut: float
    due_cause: float
    privacy_news: float
    asked_anew: float
    proof: float
    report: float
    proofs_known: float
    proofs_read: float
    free_return: float
    sent_back: float
    explained: float
    recovery: float
    forgives: float
    trial: float
    wake_in_days: float
    news_weight: float
    news_good: float
    friends: Numbers[int]
