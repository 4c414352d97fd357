"""Everything a parent's day may read, and the buffers it writes on.

`World` gathers it in one immutable bundle that compiled and plain code take alike. `TODAY`
holds the quantities that hold for everyone on one day; `INBOX` what the operator's levers put
before one parent. Levers write only these two; rules read them.
"""

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.world.communities import Parameters as Community
from sim.world.household import AUDIENCES
from sim.world.protocols import (
    Behaviour,
    CalendarDay,
    CategoryRecord,
    Demography,
    Group,
    Koc,
    LeverRecords,
    Records,
    RegionRecord,
    TiesRecord,
    Today,
)
from sim.world.ties import MOST_FRIENDS

if TYPE_CHECKING:
    from sim.operator.operations import Parameters as Operations

LEDGER_LINES = 48  # room for levers in the ledger, a user's own among them

TODAY = np.dtype(
    [
        ("festival", "f8"),  # 0 none to 1 the greatest
        ("ad_reach", "f8", (AUDIENCES,)),  # chance that an advertisement meets a trip
        ("deal_visits_per_day", "f8", (AUDIENCES,)),  # clicks on public deals, by audience
        ("prompt", "f8", (AUDIENCES,)),  # factor on visits, by audience
        ("fresh_message", "f8", (AUDIENCES,)),  # 1 if a broadcast reached them within two days
        ("broadcasts", "f8", (AUDIENCES,)),  # messages sent today, by audience
        ("deal_cut", "f8"),  # price cut of public deals, share
        ("rival_log_cut", "f8"),  # what rivals take off in answer, logarithm of the price ratio
        ("cut_public", "f8"),  # price cut on everything, public channel, share
        ("cut_private", "f8"),  # the same, private channel
        ("message_offer_cut", "f8"),  # price cut of what a message offers, share
        ("post_offer_cut", "f8"),  # price cut of what a promotional post offers, share
        ("reviews_per_1000", "f8"),  # public reviews, remembered, per 1,000 households
        ("review_rating", "f8"),  # 0 to 1, their mean
        ("open_reviews", "f8"),  # 0 to 1, how far nobody filters them
        ("group_promotion_per_day", "f8"),  # operator's posts in each chat
        ("group_expert_per_day", "f8"),
        ("group_professionalism", "f8"),  # 0 to 1
        ("group_professionalism_spread", "f8"),  # by which a chat differs from it, at most
        ("group_size_cap", "f8"),  # members that may ever join a chat
        ("channel_useful_per_day", "f8"),  # pieces in the private channel
        ("channel_expert_per_day", "f8"),
        ("channel_promotion_per_day", "f8"),
        ("livestream", "f8"),  # 1 on days with a livestream
        ("koc_posts_per_day", "f8"),  # paid for, by each recruited KOC
        ("most_koc_posts", "f8"),  # credible posts of three KOCs such as the busiest
        ("koc_commercial_share", "f8"),  # of those posts
        ("first_contact_resolution", "f8"),  # share of tickets solved at once
        ("wait_minutes", "f8"),  # at the service desk
        ("unfilled", "f8", (8,)),  # share of orders cancelled for want of stock, by category
        ("desk_ratio", "f8"),  # capacity of the service desk over the ordinary one
        ("late_days", "f8"),  # delivery later than promised
        ("defect_share", "f8"),  # of orders
        ("supply", "f8"),  # share of demand that suppliers can send, 1: whatever is ordered
        ("rival_price", "f8"),  # factor on the prices of every rival
        ("rival_appeal", "f8"),  # utility of every rival, more than usual
        ("public_reach", "f8"),  # share of its public contacts that a platform lets through
        ("commission_share", "f8"),  # of public sales, taken by platforms
        ("fine_share", "f8"),  # of all sales, owed to an authority
        ("spending_ratio", "f8"),  # of what levers cost at full strength, granted from tomorrow on
        ("births", "f8"),  # factor on the families that follow those which leave
        ("plain_asking", "f8"),  # share of the gap to full concern that being asked plainly closes
        ("service_asking", "f8"),  # logit that the way of asking adds to consent to service use
        ("personal_asking", "f8"),  # the same, to personalised use
        ("personal_asked", "f8"),  # share of those asked who are asked for personalised use at all
        ("intrusion_ratio", "f8"),  # factor on what a contact adds to privacy concern
        ("unasked_use", "f8"),  # share of those who refused whose data are used all the same
        ("data_shown", "f8"),  # by a visit to the channel, ratio to what a usual contact shows
    ],
    align=True,
)

INBOX = np.dtype(
    [
        ("personal_messages", "f8"),
        ("letter", "f8"),  # 1: one of them asks to look in
        ("letter_followed", "f8"),  # 1: on a visit to which it led
        ("reminder", "f8"),  # 1: stock is about to end
        ("reminded", "f8"),  # 1: a message has said so today
        ("prompted", "f8"),  # 1: on a visit of which one may shop, or shopping as friends called
        ("followed", "f8"),  # 1: on a visit to which a message led
        ("koc_posts", "f8"),  # credible posts of followed KOCs, on a trip on which they can matter
        ("promotions_read", "f8"),  # promotional posts, on today's visit
        ("topics", "f8"),  # expert pieces read on today's visit to the chat, by how professional
        ("talk_read", "f8"),  # members' posts, complaints apart, on today's visit to their chat
        ("coupon_percent", "f8"),  # coupon offered today
        ("coupon_days", "f8"),  # its life
        ("coupon_line", "f8"),  # the ledger's, of the lever that gives it
        ("points_per_yuan", "f8"),
        ("yuan_per_point", "f8"),
        ("points_share", "f8"),  # of an order payable with points
        ("points_least", "f8"),  # points needed before any can be used
        ("points_clarity", "f8"),  # 0 opaque rules to 1 plain ones
        ("points_lost_share", "f8"),  # of its points' worth, gone since it last looked
        ("points_loss_noticed", "f8"),  # 1: it has seen that
        ("tier_kept", "f8"),  # 1: its tier is not lowered today
        ("sample", "f8"),  # with what arrives: index of its category and 1, 0 none
        ("sample_liked", "f8"),  # 1: it is tried, and nothing is wrong with it
        ("tried_category", "f8"),  # of a sample that it liked, not ordered since: index and 1
        ("tried_days", "f8"),  # since it was tried
        ("tier_cut", "f8"),  # member tier's price cut, share
        ("tier_goal_yuan", "f8"),  # spending the next tier takes, 0 none
        ("paid_cut", "f8"),  # price cut of a membership that was paid for, share
        ("fee_yuan", "f8"),  # of a year's membership that may be paid for today, 0 none
        ("fee_cut", "f8"),  # the price cut that it brings
        ("enrolment", "f8"),  # strength of the offer to enrol
        ("landing", "f8"),  # strength of the hook into the private domain
        ("landing_appeal", "f8"),  # logit
        ("store_near", "f8"),  # 1: a store of the operator is nearby
        ("local_event", "f8"),  # strength of the invitation to an event there today
        ("came_to_event", "f8"),  # 1: it comes
        ("days_saved", "f8"),  # by which goods come sooner than is usual in the region
        ("invitation", "f8"),  # strength of the invitation to a group chat
        ("topic_stage", "f8"),  # of that chat, ANY for unsorted
        ("topic_region", "f8"),
        ("answer", "f8"),  # chance that a question gets an expert answer
        ("answer_quality", "f8"),  # 0 to 1
        ("honour", "f8"),  # 0 none to 1 a badge of its chat
        ("yuan_per_post", "f8"),  # that it is paid for telling something in its chat
        ("making", "f8"),  # strength of the invitation to help make a product
        ("makes", "f8"),  # 1: it does
        ("stage_advice", "f8"),  # unasked advice that fits the child's stage, per visit
        ("host_how_to", "f8"),  # how-to pieces of the operator's hosts, a day
        ("host_stories", "f8"),  # stories that they tell, a day
        ("host_expert", "f8"),  # their expert pieces, by how expert they are, a day
        ("host_promotion", "f8"),  # their pieces that sell, a day
        ("host_likeness", "f8"),  # share of hosts who are parents of this one's kind
        ("host_expertise", "f8"),  # 0 to 1, of whoever hosts a livestream
        ("livestream", "f8"),  # chance that a visit meets the livestream
        ("livestream_cut", "f8"),
        ("recommended_fit", "f8"),  # chance that what is recommended to it fits, 0: nothing is
        ("recommended_worn", "f8"),  # recommendations that did not fit, as it remembers them
        ("recommended_categories", "f8"),  # that are shown, a bit for each
        ("recommendation_met", "f8"),  # 1: on a visit or an order today
        ("recommendation_seen", "f8"),  # 1: it looks at it
        ("recommendation_fits", "f8"),  # 1: and it fits
        ("recommendation_taken", "f8"),  # 1: it takes something of it
        ("check_in", "f8"),  # strength of the challenge
        ("check_in_reward_yuan", "f8"),
        ("check_in_difficulty", "f8"),  # 0 to 1
        ("consultations", "f8"),  # kinds of consultation that it may ask for
        ("consultation_quality", "f8"),  # 0 to 1
        ("consultation_points", "f8"),  # points that one costs
        ("asks_consultation", "f8"),  # 1: it asks for one
        ("consultation_due", "f8"),  # 1: it is to have one today
        ("consulted", "f8"),  # 1: it has had it
        ("own_deal_cut", "f8"),  # of a deal put before this household, share
        ("own_deal_cause", "f8"),  # what orders for its sake are said to come from, index of CAUSES
        ("friend_call", "f8"),  # friends who call it today to the deal put before it
        ("call_followed", "f8"),  # 1: it looks because of them
        ("call_paid", "f8"),  # of the friends who call, those who earn by it
        ("friends_worn", "f8"),  # paid calls of friends that it has not forgotten
        ("may_sell", "f8"),  # strength of the offer to sell on to friends
        ("sell_commission", "f8"),  # share of what friends pay that it would earn
        ("sell_bonus", "f8"),  # the same of what friends sell whom it brings to selling
        ("sells", "f8"),  # 1: it wishes to sell on
        ("may_invite", "f8"),  # strength of the offer to bring friends
        ("asked_to_invite", "f8"),  # 1: a message says so today
        ("invite_reward", "f8"),  # price cut of the coupon that a friend's first order earns, share
        ("came_by_friend", "f8"),  # 1: it came by a friend's invitation itself
        ("told_of_friend", "f8"),  # 1: and is reminded of that along with the offer
        ("invites", "f8"),  # 1: it invites a friend
        ("pledge_cut", "f8"),  # of a deal for which it may put its name down today, share
        ("pledge_cause", "f8"),  # of whose lever, index of CAUSES
        ("pledged", "f8"),  # 1: it does
        ("due_cut", "f8"),  # of what it had put its name down for and gets today, share
        ("due_cause", "f8"),  # of whose lever, index of CAUSES
        ("news_weight", "f8"),  # of news told today by friends or a chat, in orders' worth
        ("news_good", "f8"),  # of that weight, what speaks for the operator
        ("privacy_news", "f8"),  # share of the gap to full concern that news of one's data closes
        ("asked_anew", "f8"),  # 1: may one's data be used? what was said before counts no more
        ("proof", "f8"),  # of origin, with the order that arrives, 0 none to 1 complete
        ("report", "f8"),  # a report of goods in the channel that it has not met, as complete
        ("proofs_known", "f8"),  # proofs and reports read before today
        ("proofs_read", "f8"),  # today
        ("free_return", "f8"),  # chance that what arrives is taken back, no questions asked
        ("sent_back", "f8"),  # 1: it sends back what has arrived
        ("explained", "f8"),  # how well the use of goods for this stage was explained, 0 to 1
        ("recovery", "f8"),  # how far a call makes good today what had failed, 0 to 1
        ("forgives", "f8"),  # 1: it had turned away, and comes back for that
        ("trial", "f8"),  # strength of the invitation to test goods, in a chat
        ("wake_in_days", "f8"),  # a lever asks it to wake so many days from now, 0 does not
        ("friends", "i8", (MOST_FRIENDS,)),  # scratch paper for the names of friends
    ],
    align=True,
)

COUNTERS = np.dtype(
    [
        ("awake", "i8"),  # households that lived through the day in full
        ("visits", "i8"),  # visits to the operator's channels
        ("member_visits", "i8"),  # of those, by members of a group chat
        ("deal_visits", "i8"),  # clicks on public deals
        ("trips", "i8"),  # shopping trips
        ("recalled", "i8"),  # of those, with the operator in mind
        ("advertised", "i8"),  # of those, because of an advertisement
        ("by_koc", "i8"),  # of those, because of KOCs' posts
        ("waits", "i8"),  # decisions to wait
        ("orders_at", "i8", (5,)),  # by store
        ("days_bought", "i8", (8,)),  # days of stock bought, by category, all stores
        ("reminders", "i8"),
        ("answers", "i8"),  # questions answered by an expert
        ("fees_fen", "i8"),  # paid by households for a membership
        ("cost_fen", "i8", (LEDGER_LINES,)),  # money paid out, by lever
        ("discount_fen", "i8", (LEDGER_LINES,)),  # price given up, by lever
    ],
    align=True,
)


CARRY_OVER = np.dtype(
    [
        ("koc_posts", "i8"),  # tonight
        ("served", "i8"),  # tickets, today
        ("active_members", "i8"),  # of chats, at the last census
    ],
    align=True,
)  # what one step of a day leaves for another


class World(NamedTuple):
    """What a parent's day may read (arrays are shared, never copied)."""

    seed: int
    first_day: int  # of the calendar and of `pressure`
    behaviour: Behaviour  # parameters of the rules, one nested record per rule
    levers: LeverRecords  # parameters of the levers, one nested record per lever
    local_levers: Records[LeverRecords]  # the same where they are others, see `at_home`
    local_row: NDArray[np.int64]  # (cities,) row of these, -1: as everywhere
    shocks: Any  # the same of shocks, as large as they are today; known when they are found
    operations: "Operations"  # parameters of the operator's operations
    community: Community  # parameters of group chats
    demography: Demography  # parameters of synthesis
    region: Records[RegionRecord]  # records by region
    category: Records[CategoryRecord]  # records by category
    use_per_day: NDArray[np.float64]  # (8, 3, 84) units or needs a day: category, feeding, month
    calendar: Records[CalendarDay]  # records by day
    today: Records[Today]  # (1,) TODAY
    pressure: NDArray[np.float64]  # (AUDIENCES, days) messages of all senders, not yet digested
    groups: Records[Group]  # GROUP_RECORD, in the order of founding
    kocs: Records[Koc]  # KOC_RECORD
    ties: TiesRecord  # who is whose friend, who follows whom
    ordered_on: NDArray[np.int16]  # (households,) last order day that friends can have seen
    opinions: NDArray[np.uint8]  # (households,) 1 worst to 101 best, 0 none: what friends hear
    states: Any  # what levers and shocks keep of their own, known only when they are found


# Parts of the world that follow from configuration and seed; all others are the model's state,
# which a warmed-up world on disk consists of.
FOLLOWS = frozenset(
    (
        "seed",
        "first_day",
        "behaviour",
        "levers",
        "local_levers",
        "local_row",
        "shocks",
        "operations",
        "community",
        "demography",
        "region",
        "category",
        "use_per_day",
        "calendar",
        "ties",
    )
)
