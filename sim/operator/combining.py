"""How levers meet on one quantity of the day: nobody overwrites, and no order matters.

In the morning each lever writes what it alone would do into a plan of its own. The plans are then
combined, number by number and always in the order of the ledger, so that the order in which levers
are asked changes no bit, and a lever need not know which others there are.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.compilation.compiled import compiled, straight_line, written_out
from sim.world.household import FIRST_SLOT
from sim.world.protocols import Plan, Records, Today
from sim.world.state import TODAY

SUM, PRODUCT, LARGEST, ANY = range(4)

# How levers meet on every quantity of the day that one may plan; there are no others in a plan.
COMBINERS = {
    "ad_reach": ANY,
    "deal_visits_per_day": SUM,
    "prompt": PRODUCT,
    "fresh_message": LARGEST,
    "broadcasts": SUM,
    "deal_cut": LARGEST,
    "message_offer_cut": LARGEST,
    "post_offer_cut": LARGEST,
    "cut_public": LARGEST,
    "cut_private": LARGEST,
    "group_promotion_per_day": SUM,
    "group_expert_per_day": SUM,
    "group_professionalism": LARGEST,
    "group_professionalism_spread": LARGEST,
    "group_size_cap": LARGEST,
    "channel_useful_per_day": SUM,
    "channel_expert_per_day": SUM,
    "channel_promotion_per_day": SUM,
    "livestream": LARGEST,
    "koc_posts_per_day": SUM,
    "koc_commercial_share": LARGEST,
    "open_reviews": LARGEST,
    "first_contact_resolution": SUM,  # beyond the ordinary desk's
    "desk_ratio": PRODUCT,
    "defect_share": PRODUCT,  # a factor on the ordinary operations'
    "supply": PRODUCT,
    "rival_price": PRODUCT,
    "rival_appeal": SUM,  # beyond the market's
    "public_reach": PRODUCT,
    "commission_share": SUM,  # beyond the ordinary
    "fine_share": SUM,
    "spending_ratio": PRODUCT,
    "births": PRODUCT,
    "plain_asking": ANY,
    "service_asking": SUM,
    "personal_asking": SUM,
    "personal_asked": PRODUCT,
    "intrusion_ratio": PRODUCT,
    "unasked_use": LARGEST,
    "data_shown": LARGEST,
}


NEUTRAL = {SUM: 0.0, PRODUCT: 1.0, LARGEST: 0.0, ANY: 0.0}  # what changes nothing

PLAN = np.dtype([(name, TODAY[name]) for name in COMBINERS], align=True)
BY_AUDIENCE = tuple(name for name in COMBINERS if PLAN[name].shape)


class Plans(NamedTuple):
    """What each lever alone would do today (arrays are shared, never copied)."""

    own: Records[Plan]  # (levers,) PLAN, by line of the ledger
    slots: NDArray[np.int64]  # (levers,) of whom each lever leaves out, -1 for nobody
    rows: NDArray[np.int64]  # (1,) audiences there can be today: twice as many for each slot in use


def plans_for(levers: int) -> Plans:
    """Plans of so many levers, none of which leaves anybody out."""
    own = np.zeros(levers, PLAN).view(np.recarray)
    plans = Plans(own, np.zeros(levers, np.int64), np.zeros(1, np.int64))
    give_slots(plans, ())
    return plans


def give_slots(plans: Plans, slots: Sequence[int]) -> None:
    """From today on levers leave out whom these slots say; the first levers', all others nobody."""
    plans.slots[:] = -1
    plans.slots[: len(slots)] = slots
    plans.rows[0] = FIRST_SLOT << (int(plans.slots.max(initial=-1)) + 1)


@compiled
def blank(plans: Plans) -> None:
    """Every number of every plan gets the value that changes nothing."""
    for line in range(len(plans.own)):
        blank_plan(plans.own[line], plans.rows[0])


@compiled
def leave_out(plans: Plans) -> None:
    """Whoever is not in a lever's audience has none of what it plans by audience."""
    for line in range(len(plans.own)):
        if plans.slots[line] < 0:
            continue
        bit = FIRST_SLOT << plans.slots[line]
        for audience in range(plans.rows[0]):
            if audience & bit > 0:
                blank_row(plans.own[line], audience)


@compiled
def combine(plans: Plans, today: Today) -> None:
    """Let all plans meet what holds today without any lever."""
    for line in range(len(plans.own)):
        meet(plans.own[line], today, plans.rows[0])


@compiled
def met(combiner: int, one: float, other: float) -> float:
    """Two levers' numbers as one."""
    if combiner == SUM:
        return one + other
    if combiner == PRODUCT:
        return one * other
    if combiner == LARGEST:
        return max(one, other)
    return one + other - one * other  # chance that at least one of two happens


def blank_plan(plan: Plan, rows: int) -> None:
    """A plan that changes nothing, for so many audiences."""
    for name in COMBINERS.keys() - set(BY_AUDIENCE):
        setattr(plan, name, NEUTRAL[COMBINERS[name]])
    for audience in range(rows):
        blank_row(plan, audience)


def blank_row(plan: Plan, audience: int) -> None:
    """A plan that changes nothing for one audience."""
    for name in BY_AUDIENCE:
        getattr(plan, name)[audience] = NEUTRAL[COMBINERS[name]]


def meet(plan: Plan, today: Today, rows: int) -> None:
    """Let one plan meet what holds today so far, for so many audiences."""
    for name, combiner in COMBINERS.items():
        one, other = getattr(today, name), getattr(plan, name)
        if name in BY_AUDIENCE:
            one[:rows] = [met(combiner, *two) for two in zip(one[:rows], other[:rows], strict=True)]
        else:
            setattr(today, name, met(combiner, one, other))


# The same for compiled code, line by line: it sees through no loop over names.


@written_out(blank_plan)
def _blank_plan(plan: Any, rows: int) -> Any:
    return _field_by_field("plan, rows", "plan.{field} = {neutral}")


@written_out(blank_row)
def _blank_row(plan: Any, audience: int) -> Any:
    lines = [f"plan.{name}[audience] = {NEUTRAL[COMBINERS[name]]}" for name in BY_AUDIENCE]
    return straight_line("plan, audience", lines, {})


@written_out(meet)
def _meet(plan: Any, today: Any, rows: int) -> Any:
    to_do = "today.{field} = met({combiner}, today.{field}, plan.{field})"
    return _field_by_field("plan, today, rows", to_do)


def _field_by_field(arguments: str, to_do: str) -> Any:
    lines = []
    for name, combiner in COMBINERS.items():
        each = "for audience in range(rows): " if name in BY_AUDIENCE else ""
        field = f"{name}[audience]" if name in BY_AUDIENCE else name
        lines.append(each + to_do.format(field=field, combiner=combiner, neutral=NEUTRAL[combiner]))
    return straight_line(arguments, lines, {"met": met})


__all__ = [
    "ANY",
    "COMBINERS",
    "LARGEST",
    "PLAN",
    "PRODUCT",
    "SUM",
    "Plans",
    "blank",
    "combine",
    "give_slots",
    "leave_out",
    "met",
    "plans_for",
]
