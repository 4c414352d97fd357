"""What a day leaves behind: events, a row per household that did something, and counters.

Events are the full record of orders, posts, joins and leavings; indicators and the order log
are read from them. Counters count what is too frequent for a row of its own. Both are
integers where they are added up, so that no order of adding can change a sum.
"""

import numpy as np

# What brought an order about
CAUSES = ("need", "deal", "livestream", "reminder", "festival", "message", "post")

# Why a household left a group or stopped its messages; the rule that fired is the reason.
REASONS = (
    "none",
    "worthless",
    "overload",
    "privacy",
    "silence",
    "outgrown",
    "distrust",
    "graduated",
    "closed",
)

CHAT_READ = ("", "read", "and on to the shop")  # how far a chat led a visit
READ_CHAT, CHAT_TO_SHOP = range(1, len(CHAT_READ))

EVENT = np.dtype(
    [
        ("household", "i4"),
        ("group", "i4"),  # group chat they were in during the day, -1 none
        ("list_fen", "i4"),  # order at list price, 0 if no order with the operator
        ("paid_fen", "i4"),  # money paid: list less discount, coupon, points
        ("goods_cost_fen", "i4"),  # what the goods cost the operator
        ("points_redeemed", "i4"),
        ("points_issued", "i4"),
        ("points_expired", "i4"),
        ("coupon_fen", "i4"),  # price cut of the coupon spent
        ("wait_minutes", "f4"),  # wait at the service desk, if ticket
        ("day", "i2"),
        ("days_bought", "i2", (8,)),  # days of stock bought of each category (all stores)
        ("store", "i1"),  # index of STORES, -1 no order; every store's orders, rivals' too
        ("cause", "u1"),  # index of CAUSES
        ("packs", "u1", (8,)),  # packs of each category ordered, at whichever store
        ("family", "u1"),
        ("looked", "u1"),  # visited the operator's channels
        ("in_private_domain", "u1"),  # at the start of the day
        ("subscribed", "u1"),  # to messages, at the start of the day
        ("loyalty_member", "u1"),
        ("tier", "u1"),
        ("entered_private_domain", "u1"),
        ("enrolled", "u1"),  # joined the points and tier programme
        ("paid_fee", "u1"),  # for a year's membership
        ("joined", "u1"),  # a group chat; asked for by day, 0 again if no place was found overnight
        ("joined_stage", "u1"),  # its topic: index of STAGES + 1, 0 any
        ("joined_region", "u1"),  # its topic: index of regions + 1, 0 any
        ("left_group", "u1"),  # index of REASONS
        ("left_private", "u1"),  # the private domain: index of REASONS
        ("unsubscribed", "u1"),  # from messages: index of REASONS
        ("reacted", "u1"),
        ("help_posts", "u1"),
        ("story_posts", "u1"),
        ("complaint_posts", "u1"),
        ("check_in", "u1"),
        ("livestream", "u1"),
        ("ticket", "u1"),  # on that order: 0 none, 1 solved at first contact, 2 not
        ("defect", "u1"),  # of the order that arrived, not of one placed today
        ("exited", "u1"),  # turned away from the operator after a failure
        # Of the operator, 1 worst to 101 best, 0 nothing new: when an order arrives that was
        # defective or is reviewed, and at every order but the first
        ("opinion", "u1"),
        ("reviewed", "u1"),  # told of it in public
        ("unfilled", "u1"),  # the operator cancelled the order: out of stock
        ("consent_withdrawn", "u1"),
        ("clicked", "u1"),  # followed a public deal
        ("advertised", "u1"),  # only an advertisement brought the operator to mind
        ("by_koc", "u1"),  # only KOC posts brought the operator to mind
        ("first_order", "u1"),
        ("was_customer", "u1"),  # if graduated: had ordered
        ("graduated", "u1"),  # the family left, a newly expecting one took its place
        # A visit to which their chat led, a post there since the last one: READ_CHAT, or
        # CHAT_TO_SHOP if it went on to the shop
        ("from_chat", "u1"),
    ],
    align=True,
)
