"""How levers meet on one quantity of the day: nobody overwrites, and no order matters.

In the morning each lever writes what it alone would do into a plan of its own. The plans are then
combined, number by number and always in the order of the ledger, so that the order in which levers
are asked changes no bit, and a lever need not know which others there are.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.compilation.compiled import compiled
from sim.world.household import AUDIENCES, FIRST_SLOT
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
    "cut_public": LARGEST,
    "cut_private": LARGEST,
    "group_promotion_per_day": SUM,
    "group_expert_per_day": SUM,
    "group_professionalism": LARGEST,
    "channel_useful_per_day": SUM,
    "channel_expert_per_day": SUM,
    "channel_promotion_per_day": SUM,
    "livestream": LARGEST,
    "koc_posts_per_day": SUM,
    "koc_commercial_share": LARGEST,
    "first_contact_resolution": SUM,  # beyond the ordinary desk's
    "desk_ratio": PRODUCT,
    "defect_share": PRODUCT,  # a factor on the ordinary operations'
}


PLAN = np.dtype([(name, TODAY[name]) for name in COMBINERS], align=True)


class Plans(NamedTuple):
    """What each lever alone would do today, and where it is combined (views, never copied)."""

    own: Records[Plan]  # (levers,) PLAN, by line of the ledger
    numbers: NDArray[np.float64]  # (levers, numbers) the same, as plain numbers
    combiners: NDArray[np.int64]  # (numbers,) how levers meet on each
    today: NDArray[np.float64]  # the day's quantities, as plain numbers
    places: NDArray[np.int64]  # (numbers,) where each number of a plan stands among these
    audiences: NDArray[np.int64]  # (numbers,) for which each number is; -1 for everybody
    slots: NDArray[np.int64]  # (levers,) of whom each lever leaves out, -1 for nobody
    rows: NDArray[np.int64]  # (1,) audiences there can be today: twice as many for each slot in use
    used: NDArray[np.int64]  # (numbers,) the numbers that concern anybody today come first
    uses: NDArray[np.int64]  # (1,) how many these are


def plans_for(today: Records[Today], levers: int) -> Plans:
    """Plans of so many levers for a day, whose quantities are `today`, shape (1,) TODAY."""
    own = np.zeros(levers, PLAN).view(np.recarray)
    combiners, places, audiences = np.zeros(1, PLAN), np.zeros(1, PLAN), np.zeros(1, PLAN)
    among = np.arange(_numbers(today).size, dtype=np.float64).view(TODAY)
    for name, combiner in COMBINERS.items():
        combiners[name], places[name] = combiner, among[name]
        by_audience = PLAN[name].shape == (AUDIENCES,)
        audiences[name] = np.arange(AUDIENCES) if by_audience else -1
    whole = (_numbers(each)[0].astype(np.int64) for each in (combiners, places, audiences))
    met, where, for_whom = whole
    one, slots = np.zeros(1, np.int64), np.full(levers, -1)
    used = np.zeros(len(met), np.int64)
    plans = Plans(
        own, _numbers(own), met, _numbers(today)[0], where, for_whom, slots, one, used, one.copy()
    )
    give_slots(plans, ())
    return plans


def give_slots(plans: Plans, slots: Sequence[int]) -> None:
    """From today on levers leave out whom these slots say; the first levers', all others nobody."""
    plans.slots[:] = -1
    plans.slots[: len(slots)] = slots
    plans.rows[0] = FIRST_SLOT << (int(plans.slots.max(initial=-1)) + 1)
    found = np.flatnonzero(plans.audiences < plans.rows[0])
    plans.uses[0] = len(found)
    plans.used[: len(found)] = found


def _numbers(records: Records[Plan]) -> NDArray[np.float64]:
    """Records of nothing but numbers as an array of them, shape (records, numbers)."""
    return np.asarray(records).view(np.float64).reshape(len(records), -1)


@compiled
def blank(plans: Plans) -> None:
    """Every number of every plan gets the value that changes nothing."""
    for line in range(len(plans.numbers)):
        for use in range(plans.uses[0]):
            i = plans.used[use]
            plans.numbers[line, i] = 1.0 if plans.combiners[i] == PRODUCT else 0.0


@compiled
def leave_out(plans: Plans) -> None:
    """Whoever is not in a lever's audience has none of what it plans by audience."""
    for line in range(len(plans.numbers)):
        if plans.slots[line] < 0:
            continue
        bit = FIRST_SLOT << plans.slots[line]
        for i in range(len(plans.combiners)):
            if plans.audiences[i] >= 0 and plans.audiences[i] & bit > 0:
                plans.numbers[line, i] = 1.0 if plans.combiners[i] == PRODUCT else 0.0


@compiled
def combine(plans: Plans) -> None:
    """Let all plans meet what holds today without any lever."""
    for line in range(len(plans.numbers)):
        for use in range(plans.uses[0]):
            i = plans.used[use]
            place = plans.places[i]
            plans.today[place] = met(plans.combiners[i], plans.today[place], plans.numbers[line, i])


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
