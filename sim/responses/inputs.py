"""What a rule can be given: the unit, range and typical value of everything it may read.

Fields of a household's record and parameters declare their units and bounds themselves; what
remains, the numbers that rules hand to one another and the fields of slips, is told here.
"""

from dataclasses import fields
from functools import cache
from typing import Any, NamedTuple

import numpy as np

from sim.world.daybook import REASONS
from sim.world.household import CATEGORIES, CONSENTS, FIELDS

POINTS = 61  # on a curve
WIDE = 100.0  # a range of positive numbers whose ends are so many times apart is spaced by ratio


class Input(NamedTuple):
    """Something that a rule reads."""

    name: str
    unit: str
    about: str
    low: float
    high: float
    typical: float
    whole: bool = False

    @property
    def by_ratio(self) -> bool:
        """Whether its values are spaced by ratio."""
        return not self.whole and self.low > 0 and self.high / self.low >= WIDE

    def values(self, points: int = POINTS) -> list[float]:
        """Values over its range, the typical one among them."""
        if self.whole:
            count = min(int(self.high - self.low) + 1, points)
            spread = np.linspace(self.low, self.high, count).round()
            return sorted({*(int(each) for each in spread), int(self.typical)})
        space = np.geomspace if self.by_ratio else np.linspace
        spread = space(self.low, self.high, points)
        return sorted({*(float(each) for each in spread), float(self.typical)})


Told = tuple[str, str, float, float, float]  # unit, meaning, low, high, typical
FLAG, SHARE = "0 or 1", "0 to 1"

# Arguments by name, whichever rule takes them.
ARGUMENTS: dict[str, Told] = {
    "u": ("uniform draw", "luck", 0, 1, 0.5),
    "day": ("day", "today", -30, 30, 0),
    "days": ("days", "time passed", 0, 180, 30),
    "weight": ("orders' worth of evidence", "weight of the belief", 0.5, 50, 5),
    "evidence": (SHARE, "evidence, bad to good", 0, 1, 0.3),
    "evidence_weight": ("orders' worth of evidence", "weight of the evidence", 0, 5, 1),
    "member": (FLAG, "in a group chat", 0, 1, 1),
    "depth": ("share of price", "price cut of the deal", 0, 0.6, 0.2),
    "sensitivity": ("ratio to the mean", "price sensitivity", 0.2, 3, 1),
    "taste": ("utility", "liking for the operator", -3, 3, 0),
    "days_since_order": ("days", "since the last order", 0, 365, 30),
    "lasting": ("utility", "lasting liking", -3, 3, 0.5),
    "passing": ("standard deviations", "liking that passes", -3, 3, 0),
    "spread": ("utility", "spread of liking among parents", 0, 3, 1),
    "log_price": ("log ratio to list price", "net price", -1, 0.5, -0.1),
    "log_reference": ("log ratio to list price", "price they are used to", -1, 0.5, -0.1),
    "days_left": ("days", "stock left", -10, 30, 3),
    "lead_days": ("days", "stock that sends a parent shopping", 0, 30, 5),
    "advertised": ("chance", "an advertisement meets the trip", 0, 1, 0.1),
    "friends_share": ("share", "friends who bought lately", 0, 1, 0.2),
    "friends": ("share", "friends who bought lately", 0, 1, 0.2),
    "bought": ("friends", "who bought lately", 0, 6, 1),
    "koc_posts": ("posts", "of followed KOCs, weighted by credibility", 0, 3, 0.5),
    "message": ("chance", "a fresh message is recalled", 0, 1, 0.15),
    "chosen": (FLAG, "the newest order was placed here", 0, 1, 1),
    "habit": ("share", "smoothed share of past orders", 0, 1, 0.2),
    "operator": ("utility", "the operator's best channel", -6, 6, 0.5),
    "best_rival": ("utility", "the best alternative", -6, 6, 0),
    "concern": (SHARE, "privacy concern", 0, 1, 0.5),
    "worry": (SHARE, "lasting privacy concern", 0, 1, 0.3),
    "late_days": ("days", "delivered after the promised day", 0, 14, 0),
    "defect": (FLAG, "something was wrong with the order", 0, 1, 1),
    "ticket": (FLAG, "they complained", 0, 1, 1),
    "solved": (FLAG, "at first contact", 0, 1, 0),
    "wait_minutes": ("minutes", "wait at the service desk", 0, 120, 15),
    "experienced": (SHARE, "experience of the order", 0, 1, 0.9),
    "expected": (SHARE, "what was expected", 0, 1, 0.6),
    "half_life_days": ("days", "until half is left", 1, 90, 30),
    "sent_then": ("messages", "arrived by then, discounted", 0, 100, 20),
    "sent_now": ("messages", "arrived by now, discounted", 0, 100, 30),
    "new_parent": (FLAG, "a first-time parent", 0, 1, 1),
    "early_stage": (FLAG, "pregnancy to weaning", 0, 1, 1),
    "resting": (SHARE, "engagement at rest", 0, 1, 0.2),
    "worth": ("-1 to 1", "worth of what was read", -1, 1, 0.3),
    "useful": ("posts", "useful posts read", 0, 20, 3),
    "promotional": ("posts", "promotional posts read", 0, 20, 1),
    "fit": (SHARE, "how well they fit", 0, 1, 0.8),
    "cover_days": ("days", "usual cover", 1, 120, 30),
    "price_cut": ("share of price", "price cut", 0, 0.6, 0.1),
    "promotion_cover": ("ratio", "more cover per unit of price cut", 0, 10, 1),
    "days_wanted": ("days", "cover wanted", 0, 120, 30),
    "pack_units": ("units", "in a pack", 1, 100, 40),
    "units_per_day": ("units a day", "use", 0, 10, 4),
    "first_month_days": ("days", "left in this month of age", 0, 30, 15),
    "month": ("month of age", "counted from conception", 0, 83, 20),
    "born_1990s_or_later": (FLAG, "cohort of the parent", 0, 1, 1),
    "progress": ("share", "of the way to the goal", 0, 1.2, 0.8),
    "points_per_yuan": ("points per yuan", "earned", 0, 5, 1),
    "yuan_per_point": ("yuan per point", "worth", 0, 0.1, 0.02),
    "clarity": (SHARE, "how plain the rules are", 0, 1, 1),
    "expiring": (FLAG, "points expire within 60 days", 0, 1, 0),
    "reward_yuan": ("yuan", "reward of the challenge", 0, 20, 3),
    "difficulty": (SHARE, "of the challenge", 0, 1, 0.3),
    "burden": ("ratio", "fatigue over the tolerated backlog", 0, 4, 0.5),
    "concern_above_tolerance": (SHARE, "privacy concern above tolerance", 0, 1, 0),
    "silent": (FLAG, "the group has fallen silent", 0, 1, 0),
    "outgrown": (FLAG, "the topic no longer fits the child", 0, 1, 0),
    "posts_per_day": ("posts a day", "in the group", 0, 60, 8),
    "group_norm": (SHARE, "how usual posting is", 0, 1, 0.5),
    "own_stage": (FLAG, "a group of one's own stage", 0, 1, 1),
    "appeal": ("logit", "of the hook", -4, 4, 0),
    "store": ("store", "index of STORES", 0, 1, 0),
    "recalled": (FLAG, "the operator came to mind", 0, 1, 1),
}
# Where the same name means something else, or only part of the range makes sense.
OF_RULE: dict[str, Told] = {
    "choose.social_proof.friends": ("friends", "close ties", 1, 16, 6),
    "choose.habit_after.weight": ("share", "weight of the newest order", 0, 1, 0.2),
    "weighing.rival_utility.store": ("store", "index of STORES", 2, 4, 2),
    # somebody with a little of every reason to leave
    "stay.reason_to_leave.worth": ("-1 to 1", "worth of what was read", -1, 1, -0.3),
    "stay.reason_to_leave.burden": ("ratio", "fatigue over the tolerated backlog", 0, 4, 1.5),
    "stay.reason_to_leave.concern_above_tolerance": (SHARE, "privacy concern", 0, 1, 0.3),
    "stay.reason_to_leave.silent": (FLAG, "the group has fallen silent", 0, 1, 1),
    "stay.reason_to_leave.outgrown": (FLAG, "the topic no longer fits the child", 0, 1, 1),
    "stay.reason_to_leave.trust": (SHARE, "trust in the operator", 0, 1, 0.2),
}
# Fields of slips and of the alarm, which say in a comment what they are.
SLIPS: dict[str, Told] = {
    "alarm.looks_per_day": ("visits a day", "how often they look", 0, 1, 0.1),
    "alarm.wake_day": ("day", "when the alarm rings", -30, 30, 10),
    "alarm.audience": ("bits", "audience", 0, 31, 5),
    "today.festival": (SHARE, "none to the greatest", 0, 1, 0),
    "today.prompt": ("factor", "on visits, by audience", 0, 3, 1),
    "today.deal_visits_per_day": ("clicks a day", "on public deals", 0, 0.2, 0.01),
    "today.cut_public": ("share of price", "price cut, public channel", 0, 0.6, 0.1),
    "today.cut_private": ("share of price", "price cut, private channel", 0, 0.6, 0.1),
    "inbox.reminder": (FLAG, "stock is about to end", 0, 1, 0),
    "inbox.tier_cut": ("share of price", "the tier's price cut", 0, 0.3, 0.03),
    "inbox.tier_goal_yuan": ("yuan", "spending the next tier takes", 0, 3000, 1000),
    "inbox.points_per_yuan": ("points per yuan", "earned", 0, 5, 1),
    "inbox.yuan_per_point": ("yuan per point", "worth", 0, 0.1, 0.02),
    "inbox.points_clarity": (SHARE, "how plain the rules are", 0, 1, 0.8),
    "inbox.points_least": ("points", "needed before any can be used", 0, 2000, 500),
    "inbox.stage_advice": ("pieces a visit", "advice that fits the stage", 0, 1, 0.3),
}
# Fields of a household whose typical value or range its unit does not tell.
OF_HOUSEHOLD: dict[str, tuple[float, float, float]] = {
    "loyalty_member": (0, 1, 1),
    "in_private_domain": (0, 1, 1),
    "subscribed": (0, 1, 1),
    "points_new": (0, 2000, 300),
    "points_old": (0, 2000, 0),
    "coupon_percent": (0, 50, 0),
    "tier_spending_fen": (0, 300_000, 80_000),
    "orders": (0, 20, 3),
    "covered_until": (-30, 60, 20),
    "group": (-1, 20, 3),
    "habit": (0, 1, 0.2),
    "trust": (0, 1, 0.6),
    "satisfaction": (0, 1, 0.7),
    "birth_day": (-2000, 270, -300),
    "coupon_until": (-30, 30, 5),
    "reference_price": (0.5, 1.2, 0.95),
}
BY_UNIT: dict[str, tuple[float, float, float]] = {
    "0 to 1": (0, 1, 0.5),
    "share": (0, 1, 0.2),
    "0 or 1": (0, 1, 0),
    "utility": (-3, 3, 0),
    "standard deviations": (-3, 3, 0),
    "ratio to the mean": (0.2, 3, 1),
    "messages": (0, 100, 20),
    "orders' worth of evidence": (0.5, 50, 5),
    "index of PERSONAS": (0, 2, 0),
    "index of COHORTS": (0, 3, 1),
    "index of FEEDING": (0, 2, 1),
}
# Rules that answer with one of a few things, as luck would have it.
ANSWERS: dict[str, tuple[str, ...]] = {
    "stay.reason_to_leave": ("stays", *REASONS[1:]),
    "consent.consent_given": CONSENTS,
    "day.waking": ("asleep", "called", "visiting", "clicking"),
    "ordering.appealing_category": CATEGORIES,
}
# Units of the answers, by rule.
UNITS: dict[str, str] = {
    "basket.cross_sell_chance": "chance",
    "basket.upgrade": "ratio to the standard line's price",
    "basket.deal_logit": "logit",
    "basket.appetite": "0 to 1",
    "believe.trust_after": "0 to 1",
    "believe.weight_after": "orders' worth of evidence",
    "believe.weight_later": "orders' worth of evidence",
    "choose.gumbel": "utility",
    "choose.taste_today": "utility",
    "choose.price_utility": "utility",
    "choose.wait_utility": "utility",
    "choose.chance_to_recall": "chance",
    "choose.social_proof": "share",
    "choose.habit_after": "share",
    "choose.prefers_operator": "0 no, 1 yes",
    "consent.consent_given": "share of parents",
    "consent.concern_after_contact": "0 to 1",
    "consent.concern_later": "0 to 1",
    "day.waking": "share of days",
    "drift.rest": "0 to 1",
    "drift.parent_audience": "bits",
    "judge.experience": "0 to 1",
    "judge.satisfaction_after": "0 to 1",
    "look.visits_per_day": "visits a day",
    "look.kept_share": "share",
    "look.fatigue_later": "messages",
    "look.resting_engagement": "0 to 1",
    "look.engagement_later": "0 to 1",
    "look.engagement_after_visit": "0 to 1",
    "look.worth_of_visit": "-1 to 1",
    "need.is_needed": "0 no, 1 yes",
    "need.cover_wanted": "days",
    "need.packs_wanted": "packs",
    "need.occasion_wait": "days",
    "rewards.enrol_chance": "chance",
    "rewards.goal_pull": "share of price",
    "rewards.earning_value": "share of price",
    "rewards.redeem_chance": "chance",
    "rewards.check_in_chance": "chance",
    "stock.soonest_need": "day",
    "stock.first_use_day": "day",
    "weighing.price_cut": "share of price",
    "weighing.benefit": "share of price",
    "weighing.operator_utility": "utility",
    "weighing.rival_utility": "utility",
    "stock.lead_today": "days",
    "ordering.appealing_category": "share of draws",
    "stay.reason_to_leave": "share of occasions",
    "talk.norm": "0 to 1",
    "talk.react_chance": "chance",
    "talk.ask_chance": "chance",
    "talk.tell_chance": "chance",
    "talk.join_chance": "chance",
    "talk.land_chance": "chance",
}


def _of_field(name: str) -> Told | None:
    """What the household's record says of a field."""
    for field in FIELDS:
        known = OF_HOUSEHOLD.get(name) or BY_UNIT.get(field.unit)
        if field.name == name and known:
            return field.unit, field.about, *known
    return None


@cache
def argument(rule: str, name: str) -> Input | None:
    """An argument of a rule; None if nothing is known of it."""
    told = OF_RULE.get(f"{rule}.{name}") or ARGUMENTS.get(name) or _of_field(name)
    whole = told is not None and (told[0] == FLAG or name in ("month", "store", "day"))
    return Input(name, *told, whole) if told else None


@cache
def on_slip(paper: str, name: str) -> Input | None:
    """A field of the household, of its alarm or of a slip, by the name of the argument."""
    plain = name.partition("[")[0]
    told = _of_field(plain) if paper == "parent" else SLIPS.get(f"{paper}.{plain}")
    if told is None:
        return None
    kinds = {field.name: field.type[0] for field in FIELDS}
    whole = told[0] == FLAG or (paper == "parent" and kinds[plain] != "f")
    return Input(f"{paper}.{name}", *told, whole or told[0] in ("day", "bits"))


def parameter(module: str, name: str, parameters: Any) -> Input:
    """A parameter of a rule's file, by its schema and its configured value."""
    (item,) = (each for each in fields(parameters) if each.name == name)
    unit, about, low, high = (item.metadata[key] for key in ("unit", "about", "low", "high"))
    value = getattr(parameters, name)
    whole = isinstance(value, int)
    return Input(f"behaviour.{module}.{name}", unit, about, low, high, value, whole)


__all__ = ["ANSWERS", "UNITS", "Input", "argument", "on_slip", "parameter"]
