"""The population record: one row of a NumPy structured array per household.

Each field is declared once below, with its type, unit, owner (who may write it) and a line of
explanation. Two layouts follow from the one declaration: `HOUSEHOLD`, packed, in which a
country of households sleeps; and `PARENT`, wide (float64 and int64), in which a household
lives its day, so that every rule computes in double precision and is rounded once, on storing.
"""

import math
import re
from typing import Any, NamedTuple

import numpy as np

from sim.compilation.compiled import compiled

CATEGORIES = (
    "maternity",
    "formula",
    "diapers",
    "complementary_food",
    "wash_care",
    "toys_education",
    "clothing",
    "durables",
)
STORES = ("private", "public", "platform", "specialist", "offline")  # then: wait
STAGES = ("pregnancy", "newborn", "weaning", "toddler", "preschool")
COHORTS = ("1980s", "early_1990s", "late_1990s", "2000s")
SINCE_1990 = 1  # of COHORTS, the first that was born in the 1990s or later
PERSONAS = ("new", "experienced", "shopping")
NEW, EXPERIENCED, SHOPPING = range(3)  # indices of PERSONAS
FEEDING = ("breast", "mixed", "formula")
CONSENTS = ("none", "service", "personalised")
TIERS = ("basic", "silver", "gold", "platinum")

NEVER = 30000  # a day no run reaches
FURTHEST_NEED_DAYS = 20000  # an occasion further ahead than this counts as this far
MOST_COUNTED = 65535  # orders and posts: what two bytes hold
MOST_HELD = 2**31 - 1  # points, and fen counted towards a tier: what four bytes hold


class Field(NamedTuple):
    """One field of the record: how it is stored and what it means."""

    name: str
    type: str
    unit: str
    owner: str
    about: str
    shape: tuple[int, ...] = ()

    @property
    def bounds(self) -> tuple[float, float]:
        """Least and greatest value that its unit means and its bytes hold."""
        if stated := re.fullmatch(r"(\d) (?:to|or) (\d)", self.unit):
            return float(stated[1]), float(stated[2])
        if named := re.fullmatch(r"index of ([A-Z]+)", self.unit):
            return 0, len(globals()[named[1]]) - 1
        if self.unit in GREATEST:
            return 0, GREATEST[self.unit]
        kind = np.dtype(self.type)
        if kind.kind != "f":
            return int(np.iinfo(kind).min), int(np.iinfo(kind).max)
        return (-math.inf if self.unit in OF_EITHER_SIGN else 0), math.inf


GREATEST = {"share": 1, "percent": 100, "points": MOST_HELD, "fen": 2**62}
OF_EITHER_SIGN = ("utility", "standard deviations")

FIELDS = (
    # Who they are
    Field("operator_taste", "f4", "utility", "synthesis", "lasting liking for this operator"),
    Field("platform_taste", "f4", "utility", "synthesis", "lasting liking for the platform"),
    Field("specialist_taste", "f4", "utility", "synthesis", "lasting liking for the specialist"),
    Field("offline_taste", "f4", "utility", "synthesis", "lasting liking for shops nearby"),
    Field("sociability", "f4", "standard deviations", "synthesis", "wish for company and talk"),
    Field("income", "f4", "ratio to the mean", "synthesis", "household income"),
    Field("price_sensitivity", "f4", "ratio to the mean", "synthesis", "how much a price matters"),
    Field("use_pace", "f4", "ratio to the mean", "synthesis", "how fast stock is used"),
    Field("privacy_tolerance", "f4", "0 to 1", "synthesis", "concern that can be lived with"),
    Field("privacy_worry", "f4", "0 to 1", "synthesis", "lasting concern about collected data"),
    Field("birth_day", "i2", "day", "synthesis, birth", "the index child's, NEVER if none comes"),
    Field("toilet_training_days", "i2", "days of age", "synthesis", "age when diapers end"),
    Field("family", "u1", "count", "birth", "families that lived in this place before"),
    Field("later_child", "u1", "0 or 1", "synthesis", "1 if not the first child"),
    Field("cohort", "u1", "index of COHORTS", "synthesis", "when the parent was born"),
    Field("region", "u1", "index of the population's regions", "synthesis", "where they live"),
    Field("city_tier", "u1", "1 to 5", "synthesis", "1 largest cities; 4, 5 county and village"),
    Field("persona", "u1", "index of PERSONAS", "synthesis", "new, experienced or shopping"),
    Field("feeding", "u1", "index of FEEDING", "synthesis", "how the baby is fed"),
    Field("held_out", "u1", "0 or 1", "levers", "control group: broadcasts are withheld"),
    Field("left_out", "u1", "0 to 3", "levers", "bits: not in the audience of the lever in a slot"),
    # What they feel
    Field("trust", "f4", "0 to 1", "believe", "mean of the Beta belief that the operator is good"),
    Field("trust_weight", "f4", "orders' worth of evidence", "believe", "weight of that belief"),
    Field("satisfaction", "f4", "0 to 1", "judge", "recent experience against expectation"),
    Field("engagement", "f4", "0 to 1", "look", "pull of the operator's channels and community"),
    Field("fatigue", "f4", "messages", "look", "messages of all senders not yet digested"),
    Field("self_efficacy", "f4", "0 to 1", "talk", "confidence as a parent"),
    Field("privacy_concern", "f4", "0 to 1", "consent", "worry about collected data"),
    Field("reference_price", "f4", "ratio to list price", "choose", "price they are used to pay"),
    Field("habit", "f4", "share", "choose", "smoothed share of past orders by store", (5,)),
    # What they hold
    Field("covered_until", "i2", "day", "basket", "day stock of the category ends", (8,)),
    Field("points_new", "i4", "points", "rewards", "points earned since the last anniversary"),
    Field("points_old", "i4", "points", "rewards", "points of the year before, next to expire"),
    Field("points_expire_day", "i2", "day", "rewards", "next anniversary: old points expire"),
    Field("tier", "u1", "index of TIERS", "rewards", "member tier"),
    Field("tier_spending_fen", "i4", "fen", "rewards", "spending since the last anniversary"),
    Field("coupon_percent", "u1", "percent", "levers", "best coupon held, 0 none"),
    Field("coupon_until", "i2", "day", "levers", "last day of that coupon"),
    Field("coupon_line", "u1", "line of the ledger", "levers", "of the lever that gave it"),
    Field("reminder_day", "i2", "day", "levers", "day a replenishment reminder is due"),
    # What ties them
    Field("group", "i4", "index of groups, -1 none", "community", "group chat they are in"),
    Field("group_since", "i2", "day", "community", "day they joined it"),
    Field("group_left_day", "i2", "day", "community", "day they last left a group"),
    Field("private_since", "i2", "day", "talk", "day they entered the private domain"),
    Field("in_private_domain", "u1", "0 or 1", "day", "reachable in owned channels"),
    Field("subscribed", "u1", "0 or 1", "stay", "accepts the operator's messages"),
    Field("loyalty_member", "u1", "0 or 1", "rewards", "takes part in points and tiers"),
    Field("consent", "u1", "index of CONSENTS", "consent", "what may be done with their data"),
    # What they did
    Field("spending_fen", "i8", "fen", "day", "paid to the operator, ever"),
    Field("first_order_day", "i2", "day", "day", "first order with the operator, NEVER if none"),
    Field("last_order_day", "i2", "day", "day", "last order with the operator, -NEVER if none"),
    Field("previous_order_day", "i2", "day", "day", "the order before that, -NEVER if none"),
    Field("orders", "u2", "orders", "day", "orders with the operator, ever"),
    Field("posts", "u2", "posts", "talk", "posts in groups, ever"),
    Field("last_look_day", "i2", "day", "day", "last visit to the operator's channels"),
    Field("last_met_day", "i2", "day", "day", "last visit, deal, event, or trip with it in mind"),
    Field("last_reaction_day", "i2", "day", "talk", "last reaction, post or check-in"),
    Field("won_by", "u1", "cause", "day", "what brought the first order"),
    # What is on its way
    Field("felt_day", "i2", "day", "drift", "day feelings were last brought up to"),
    Field("try_again_day", "i2", "day", "choose", "no shopping before this day"),
    Field("arrival_day", "i2", "day", "day", "day an open order arrives, NEVER if none"),
    Field("avoids_until", "i2", "day", "judge", "after a failure or no stock, not before this day"),
    Field("arrival_expected_day", "i2", "day", "day", "day it was promised for"),
)


def _packed_type() -> np.dtype[Any]:
    # Widest first: no padding between fields, every field on its natural boundary.
    ordered = sorted(FIELDS, key=lambda field: -np.dtype(field.type).itemsize)
    return np.dtype([(f.name, f.type, f.shape) for f in ordered], align=True)


def _wide_type() -> np.dtype[Any]:
    wide = {"f": "f8", "i": "i8", "u": "i8"}
    return np.dtype([(f.name, wide[f.type[0]], f.shape) for f in FIELDS], align=True)


HOUSEHOLD = _packed_type()
PARENT = _wide_type()

# What the daily scan reads of every household; the rest of the record sleeps until called.
# `audience` has one bit per group that operators write to separately: see below.
WAKE_SCHEDULE = np.dtype(
    [("wake_day", "i2"), ("audience", "u2"), ("looks_per_day", "f4")], align=True
)

CUSTOMER, SUBSCRIBED, PRIVATE, COMMUNITY, HELD_OUT = 1, 2, 4, 8, 16
FIRST_SLOT = 32  # from here on: not in the audience of the lever that has the slot
AUDIENCE_SLOTS = 2  # for so many levers at a time that have an audience of their own
AUDIENCES = FIRST_SLOT << AUDIENCE_SLOTS  # combinations of these bits

GRADUATION_DAYS = 2190  # six years: the household leaves the market without churning
EARLY_STAGES = 2  # pregnancy, newborn, weaning: when parents seek most advice
WEANING_DAYS, TODDLER_DAYS, PRESCHOOL_DAYS = 182, 365, 1095  # where stages begin


@compiled
def stage_of(age_days: int) -> int:
    """Childcare stage at the child's age, an index of STAGES; negative age is pregnancy."""
    if age_days < 0:
        return 0
    if age_days < WEANING_DAYS:
        return 1
    if age_days < TODDLER_DAYS:
        return 2
    if age_days < PRESCHOOL_DAYS:
        return 3
    return 4
