"""Evening: what all households did today becomes tomorrow's community, stock and ledger.

Blocks are read in their order, so sums and places in chats never depend on threads. Everything
that households share (chats, stock, the desk, what friends can see) changes here and only here;
then the day's books are kept.
"""

from typing import Any, NamedTuple

import numpy as np
from numba.extending import overload

from sim.compiled import compiled, entry_point, straight_line
from sim.operator.lever import NAMES, Running, book_running_costs
from sim.world.communities import place_of_joiner
from sim.world.household import AUDIENCES, COMMUNITY, NEVER
from sim.world.records import add_fields, clear, copy_common
from sim.world.state import TALLY

SUMS = np.dtype(
    [
        ("orders", "i8"),
        ("private_orders", "i8"),
        ("new_customers", "i8"),
        ("list_fen", "i8"),
        ("revenue_fen", "i8"),  # paid by customers
        ("private_revenue_fen", "i8"),
        ("goods_cost_fen", "i8"),
        ("house_commission_fen", "i8"),  # to public platforms
        ("house_serving_fen", "i8"),
        ("unfilled_orders", "i8"),
        ("points_issued", "i8"),
        ("points_redeemed", "i8"),
        ("points_expired", "i8"),
        ("tickets", "i8"),
        ("unsolved_tickets", "i8"),
        ("defects", "i8"),
        ("help_posts", "i8"),
        ("story_posts", "i8"),
        ("complaint_posts", "i8"),
        ("reactions", "i8"),
        ("check_ins", "i8"),
        ("livestream_viewers", "i8"),
        ("entered_private_domain", "i8"),
        ("left_private_domain", "i8"),
        ("enrolled", "i8"),
        ("joined_groups", "i8"),
        ("left_groups", "i8"),
        ("graduated", "i8"),
        ("graduated_customers", "i8"),
        ("graduated_private", "i8"),
        ("graduated_loyal", "i8"),
        ("packs_sold", "i8", (8,)),
    ],
    align=True,
)


class Shared(NamedTuple):
    """What the evening writes on, and the house's terms (arrays are shared, never copied)."""

    house: Any  # parameters of the operator's house
    groups: Any  # GROUP_RECORD, in the order of founding
    newest_groups: Any  # see `place_of_joiner`
    ordered_on: Any  # (households,) last order day that friends can have seen
    households: Any
    alarms: Any


@entry_point
def settle(shared: Any, size_cap: int, deeds: Any, counts: Any, day: int, totals: Any) -> None:
    """Read every deed of the day, block by block, and add up the day's SUMS in `totals[0]`."""
    sums = totals[0]
    clear(sums)
    for block in range(len(counts)):
        for row in range(counts[block]):
            deed = deeds[block, row]
            settle_order(shared, deed, day, sums)
            settle_talk(shared, deed, sums)
            settle_membership(shared, size_cap, deed, day, sums)


@compiled
def settle_order(shared: Any, deed: Any, day: int, sums: Any) -> None:
    """Money, goods and what friends can see of an order; tickets."""
    sums.unfilled_orders += deed.unfilled
    sums.tickets += 1 if deed.ticket > 0 else 0
    sums.unsolved_tickets += 1 if deed.ticket == 2 else 0
    sums.defects += deed.defect
    sums.points_expired += deed.points_expired
    if deed.store < 0 or deed.list_fen == 0:
        return
    house = shared.house
    sums.orders += 1
    sums.new_customers += deed.first_order
    sums.list_fen += deed.list_fen
    sums.revenue_fen += deed.paid_fen
    sums.goods_cost_fen += deed.goods_cost_fen
    sums.points_issued += deed.points_issued
    sums.points_redeemed += deed.points_redeemed
    serving = house.serving_yuan * 100.0
    if deed.store == 0:
        sums.private_orders += 1
        sums.private_revenue_fen += deed.paid_fen
        sums.house_serving_fen += int(serving * house.serving_private_ratio)
    else:
        sums.house_serving_fen += int(serving)
        sums.house_commission_fen += int(deed.paid_fen * house.commission_share)
    for c in range(len(deed.packs)):
        sums.packs_sold[c] += deed.packs[c]
    shared.ordered_on[deed.household] = day


@compiled
def settle_talk(shared: Any, deed: Any, sums: Any) -> None:
    """Posts go into the chat they were written in."""
    sums.reactions += deed.reacted
    sums.check_ins += deed.check_in
    sums.livestream_viewers += deed.livestream
    sums.help_posts += deed.help_posts
    sums.story_posts += deed.story_posts
    sums.complaint_posts += deed.complaint_posts
    if deed.group >= 0:
        group = shared.groups[deed.group]
        group.new_help += deed.help_posts
        group.new_story += deed.story_posts
        group.new_complaint += deed.complaint_posts


@compiled
def settle_membership(shared: Any, size_cap: int, deed: Any, day: int, sums: Any) -> None:
    """Leavings, graduations, and joiners shown to a chat with room."""
    sums.entered_private_domain += deed.entered_private_domain
    sums.left_private_domain += 1 if deed.unsubscribed > 0 else 0
    sums.enrolled += deed.enrolled
    if deed.left_group > 0:
        sums.left_groups += 1
        shared.groups[deed.group].members -= 1
    if deed.graduated > 0:
        sums.graduated += 1
        sums.graduated_customers += deed.was_customer
        sums.graduated_private += deed.in_private_domain
        sums.graduated_loyal += deed.loyalty_member
        shared.ordered_on[deed.household] = -NEVER
    household = shared.households[deed.household]
    if deed.joined == 0 or household.in_private_domain == 0 or household.group >= 0:
        return
    stage, region = deed.joined_stage - 1, deed.joined_region - 1
    group = place_of_joiner(shared.groups, shared.newest_groups, stage, region, size_cap, day)
    if group >= 0:
        sums.joined_groups += 1
        shared.groups[group].members += 1
        shared.groups[group].joined += 1
        household.group = group
        household.group_since = day
        shared.alarms[deed.household].audience |= COMMUNITY


@entry_point
def close_silent_groups(groups: Any, day: int, after_days: int) -> int:
    """The operator closes chats that have been silent for so long; returns how many."""
    closed = 0
    for i in range(len(groups)):
        group = groups[i]
        if group.founded_day == NEVER:
            break
        if group.closed_day == NEVER and day - group.silent_day >= after_days:
            group.closed_day = day
            closed += 1
    return closed


def daily_type() -> np.dtype[Any]:
    """Layout of a day's figures: the census, the evening's sums, tallies, and cost by lever."""
    parts: list[Any] = [("day", "i8"), ("wait_minutes", "f8"), ("pace", "f8")]
    parts += [
        (name, "i8")
        for name in ("customers", "members", "active_members", "private_domain", "loyalty_members")
    ]
    parts += [(name, "i8") for name in ("groups_living", "groups_silent", "koc_posts", "served")]
    for kind in (SUMS, TALLY):
        parts += [(name, "i8") for name in kind.names or () if not kind[name].shape]
    parts += [(f"cost_{name}", "i8") for name in NAMES]
    parts += [(f"discount_{name}", "i8") for name in NAMES]
    return np.dtype(parts)


DAILY = daily_type()


class Books(NamedTuple):
    """What the day's figures are read from (arrays are shared, never copied)."""

    levers: Any  # parameters of the levers
    todays: Any  # (1,) TODAY
    states: Any  # (1,) HOUSE_STATE
    sums: Any  # (1,) SUMS
    tallies: Any  # (blocks,) TALLY
    total: Any  # (1,) TALLY, of all blocks
    groups: Any  # GROUP_RECORD
    alarms: Any  # (households,) ALARM


@entry_point
def keep_books(books: Any, founded: int, kocs: int, pace: float, day: int, rows: Any) -> int:
    """The ledger: what the day cost, by lever, and the day's figures, into `rows[0]`.

    Parameters
    ----------
    books
        See `Books`.
    founded
        Group chats ever founded.
    kocs
        KOCs in the operator's programme.
    pace
        Share of its strength at which the budget let each lever work today.
    day
        Today.
    rows
        (1,) DAILY.

    Returns
    -------
    int
        Fen spent on levers, price cuts included.
    """
    row, state, total = rows[0], books.states[0], books.total[0]
    clear(row)
    clear(total)
    for block in range(len(books.tallies)):
        add_fields(books.tallies[block], total)
    open_groups = 0
    for i in range(founded):
        group = books.groups[i]
        open_groups += 1 if group.closed_day == NEVER and group.members > 0 else 0
        row.groups_silent += 1 if group.silent_day < NEVER else 0
    messages = messages_sent(books.todays[0], books.alarms)
    running = Running(open_groups, kocs, messages)
    book_running_costs(books.levers, running, state.customers, pace, total.cost_fen)
    copy_common(state, row)  # in this order: the house counts tickets ever, the sums today's
    copy_common(books.sums[0], row)
    copy_common(total, row)
    copy_ledger(total, row)
    row.day = day
    row.pace = pace
    row.wait_minutes = books.todays[0].wait_minutes
    row.groups_living = founded - row.groups_silent
    spent = 0
    for line in range(len(total.cost_fen)):
        spent += total.cost_fen[line] + total.discount_fen[line]
    return spent


@compiled
def messages_sent(today: Any, alarms: Any) -> int:
    """Broadcasts that went out today, over all who got them."""
    most = 0.0
    for audience in range(AUDIENCES):
        most = max(most, today.broadcasts[audience])
    sent = 0.0
    if most > 0.0:  # otherwise nobody need be counted
        for place in range(len(alarms)):
            sent += today.broadcasts[alarms[place].audience]
    return int(sent)


def copy_ledger(total: Any, row: Any) -> None:
    """Cost and discount of each lever, from lines of the ledger to fields of the day."""
    for line, name in enumerate(NAMES):
        row[f"cost_{name}"] = total.cost_fen[line]
        row[f"discount_{name}"] = total.discount_fen[line]


@overload(copy_ledger, strict=False)
def _copy_ledger(total: Any, row: Any) -> Any:
    lines = []
    for line, name in enumerate(NAMES):
        lines.append(f"row.cost_{name} = total.cost_fen[{line}]")
        lines.append(f"row.discount_{name} = total.discount_fen[{line}]")
    return straight_line("total, row", lines, {})


@entry_point
def gather(deeds: Any, counts: Any, out: Any) -> None:
    """Copy the day's deeds, block by block, into one array of their total length."""
    written = 0
    for block in range(len(counts)):
        for row in range(counts[block]):
            out[written] = deeds[block, row]
            written += 1


@entry_point
def count_active_members(households: Any, day: int, within_days: int) -> int:
    """Members of chats who reacted within so many days."""
    active = 0
    for place in range(len(households)):
        household = households[place]
        if household.group >= 0 and household.last_reaction_day > day - within_days:
            active += 1
    return active
