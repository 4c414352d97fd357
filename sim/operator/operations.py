"""What the levers run in: goods, delivery, quality, the ordinary desk, and their queues.

Stock is ordered up to a cover of smoothed demand and arrives after a lead time. A category is a
shelf of sizes and sorts: the thinner its stock, the more of them are out, and orders for them go
unfilled. What is sold beyond the stock is delivered late. Tickets wait in a queue for
a desk of limited capacity; the wait is a result, never a setting.
"""

from dataclasses import dataclass

import numpy as np

from sim.compilation.compiled import compiled, entry_point
from sim.operator.protocols import DaySums, OperationsState
from sim.parameters.quantity import quantity
from sim.world.household import CATEGORIES
from sim.world.portable_math import decay_factor, exp
from sim.world.protocols import Records, Today

LONGEST_LEAD_DAYS = 60
LEAST_DEMAND = 1e-6  # packs a day; what nobody asks for lasts for ever


@dataclass
class Parameters:
    """Goods, delivery, quality and service as they are without any lever."""

    defect_share: float = quantity("share", "of orders with something wrong", 0, 1)
    stock_cover_days: float = quantity("days", "of demand that stock is ordered up to", 1, 365)
    stock_lead_days: int = quantity("days", "from ordering goods to having them", 1, 60)
    first_demand_share: float = quantity(
        "share", "of households that want a pack of everything a year, a first guess", 0, 1
    )
    least_first_packs: int = quantity("packs", "of each category at the start, at least", 0, 10000)
    sorts_days: float = quantity(
        "days", "more of stock cut the share of sorts that are out to a third", 0, 60
    )
    most_unfilled_share: float = quantity("share", "of orders that stock leaves unfilled", 0, 1)
    first_stock_days: float = quantity("days", "of first demand in stock at the start", 1, 365)
    demand_memory_days: float = quantity("days", "over which demand is smoothed", 1, 365)
    late_days_per_shortage: float = quantity("days", "late per day of demand owed", 0, 30)
    first_contact_resolution: float = quantity("share", "of tickets, ordinary desk", 0, 1)
    desk_tickets_per_1000: float = quantity("tickets a day", "per 1000 customers", 0.01, 1000)
    shortest_wait_minutes: float = quantity("minutes", "at an idle desk", 0, 1440)
    desk_minutes_per_day: float = quantity("minutes", "the desk is open", 1, 1440)
    commission_share: float = quantity("share of price", "taken by public platforms", 0, 1)
    serving_yuan: float = quantity("yuan", "picking, delivery, care of a public order", 0, 1000)
    serving_private_ratio: float = quantity("ratio", "the same, private over public", 0, 2)
    review_half_life_days: float = quantity(
        "days", "half of public reviews are out of sight", 1, 3650
    )
    active_days: int = quantity(
        "days", "since the last order, at most, a customer is active", 1, 3650
    )
    cooling_days: int = quantity("days", "the same, cooling; beyond, dormant", 1, 3650)
    dormant_days: int = quantity("days", "the same, dormant; beyond, lost", 1, 3650)
    frequent_orders: int = quantity("orders", "ever, from which a customer is frequent", 2, 1000)
    middle_yuan: float = quantity("yuan", "ever paid, from which it is of middle worth", 0, 1e6)
    high_yuan: float = quantity("yuan", "ever paid, from which it is of high worth", 0, 1e6)


OPERATIONS_STATE = np.dtype(
    [
        ("on_hand", "i8", (8,)),  # packs; negative: owed
        ("demand_per_day", "f8", (8,)),  # smoothed
        ("arriving", "i8", (8 * LONGEST_LEAD_DAYS,)),  # ring by day: category * 60 + day % 60
        ("received", "i8", (8,)),  # packs ever received
        ("sold", "i8", (8,)),  # packs ever sold
        ("first_stock", "i8", (8,)),
        ("reviews", "f8"),  # public, as far as they are still in sight
        ("ratings", "f8"),  # sum of theirs, 0 to 1 each
        ("households", "i8"),  # in the market
        ("matched_cut", "f8"),  # price cut that rivals have got used to matching
        ("queue", "i8"),  # tickets waiting
        ("tickets", "i8"),  # ever
        ("served", "i8"),  # ever
        ("customers", "i8"),  # households with an order ever, in their present family
        ("members", "i8"),  # households in a chat
        ("private_domain", "i8"),  # households in the private domain
        ("loyalty_members", "i8"),  # households in the points and tier programme
    ],
    align=True,
)


def first_state(parameters: Parameters, households: int) -> Records[OperationsState]:
    """Stock for a first guess of demand: a pack of everything a year by some households."""
    state = np.zeros(1, OPERATIONS_STATE).view(np.recarray)
    a_day = households * parameters.first_demand_share / 365.0
    packs = max(int(a_day * parameters.first_stock_days), parameters.least_first_packs)
    state[0].on_hand[:] = packs
    state[0].first_stock[:] = packs
    state[0].demand_per_day[:] = packs / parameters.first_stock_days
    state[0].households = households
    return state


@entry_point
def open_day(
    p: Parameters, todays: Records[Today], states: Records[OperationsState], day: int
) -> None:
    """Morning: goods arrive and are reordered; what stock and desk mean for today is posted."""
    today, state = todays[0], states[0]
    owed = demand = 0.0
    for c in range(len(CATEGORIES)):
        slot = c * LONGEST_LEAD_DAYS + day % LONGEST_LEAD_DAYS
        arrived = state.arriving[slot]
        state.arriving[slot] = 0
        state.on_hand[c] += arrived
        state.received[c] += arrived
        coming = 0
        for d in range(LONGEST_LEAD_DAYS):
            coming += state.arriving[c * LONGEST_LEAD_DAYS + d]
        rate = state.demand_per_day[c]
        wanted = int(rate * p.stock_cover_days + 1.0) - state.on_hand[c] - coming
        if today.supply < 1.0:
            wanted = min(wanted, packs_sent(rate * today.supply, day))
        if wanted > 0:
            due = (day + p.stock_lead_days) % LONGEST_LEAD_DAYS
            state.arriving[c * LONGEST_LEAD_DAYS + due] += wanted
        short = -state.on_hand[c] / max(rate, 1.0)
        out = sorts_out(state.on_hand[c] / max(rate, LEAST_DEMAND), p)
        today.unfilled[c] = min(max(short, out), p.most_unfilled_share)
        owed += max(-state.on_hand[c], 0)
        demand += rate
    today.late_days = p.late_days_per_shortage * owed / max(demand, 1.0)
    today.reviews_per_1000 = 1000.0 * state.reviews / state.households
    today.review_rating = state.ratings / state.reviews if state.reviews > 0.0 else 0.0
    capacity = desk_capacity(p, today, state)
    today.wait_minutes = p.shortest_wait_minutes + p.desk_minutes_per_day * state.queue / capacity


@compiled
def packs_sent(packs_per_day: float, day: int) -> int:
    """Whole packs that suppliers send on a day, so that over many days it is so many a day."""
    return int(packs_per_day * (day + 1)) - int(packs_per_day * day)


@compiled
def sorts_out(days_on_hand: float, p: Parameters) -> float:
    """Share of a category's sizes and sorts that are out while its stock lasts some days.

    Sorts sell unevenly, so that some are gone long before the category is: the share falls by the
    factor e with every `sorts_days` more of stock. Without them a category is all of one sort.
    """
    if p.sorts_days <= 0.0:
        return 0.0
    return exp(-max(days_on_hand, 0.0) / p.sorts_days)


@compiled
def desk_capacity(p: Parameters, today: Today, state: OperationsState) -> float:
    """Tickets a day that the desk can serve."""
    per_customer = p.desk_tickets_per_1000 / 1000.0
    return max(per_customer * state.customers * today.desk_ratio, 1.0)


@compiled
def close_day(
    p: Parameters, todays: Records[Today], states: Records[OperationsState], sums: Records[DaySums]
) -> int:
    """Evening: who belongs is counted, stock is taken, the desk works through its queue.

    Returns tickets served. One not solved at first contact comes back and queues once more.
    """
    today, state, day = todays[0], states[0], sums[0]
    state.customers += day.new_customers - day.graduated_customers
    state.members += day.joined_groups - day.left_groups
    state.private_domain += day.entered_private_domain
    state.private_domain -= day.left_private_domain + day.graduated_private
    state.loyalty_members += day.enrolled - day.graduated_loyal
    for c in range(len(day.packs_sold)):
        sold = day.packs_sold[c]
        state.on_hand[c] -= sold
        state.sold[c] += sold
        # What was refused was asked for too, or a shortage would teach the operator to order less.
        asked = sold + day.packs_refused[c]
        state.demand_per_day[c] += (asked - state.demand_per_day[c]) / p.demand_memory_days
    kept = decay_factor(1.0, p.review_half_life_days)
    state.reviews = kept * state.reviews + day.reviews
    state.ratings = kept * state.ratings + day.rating_points / 100.0
    tickets = day.tickets + day.unsolved_tickets
    state.tickets += tickets
    state.queue += tickets
    served = min(state.queue, int(desk_capacity(p, today, state)))
    state.queue -= served
    state.served += served
    return served
