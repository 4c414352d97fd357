"""Evening: what all households did today becomes tomorrow's community, stock and ledger.

Blocks are read in their order, so sums and places in chats never depend on threads. Everything
that households share (chats, stock, the desk, what friends can see) changes here and only here;
then the day's books are kept.
"""

from typing import Any, NamedTuple

import numpy as np

from sim.behaviour.weighing import PRIVATE_STORE
from sim.compilation.compiled import compiled, entry_point, straight_line, written_out
from sim.operator.budget import close_budget
from sim.operator.discovery import NAMES
from sim.operator.hooks import (
    Running,
    book_running_costs,
    count_own_events,
    notice_event,
    settle_own,
    spread_news,
)
from sim.operator.operations import close_day
from sim.operator.own_records import EVENT_NAMES, KEPT_NAMES, copy_kept
from sim.operator.reaching import note_messages
from sim.world.communities import place_of_joiner
from sim.world.household import AUDIENCES, COMMUNITY, NEVER
from sim.world.kocs import recruited_kocs
from sim.world.records import add_fields, clear, copy_common
from sim.world.state import COUNTERS

SUMS = np.dtype(
    [
        ("orders", "i8"),
        ("private_orders", "i8"),
        ("new_customers", "i8"),
        ("list_fen", "i8"),
        ("revenue_fen", "i8"),  # paid by customers
        ("private_revenue_fen", "i8"),
        ("goods_cost_fen", "i8"),
        ("operations_commission_fen", "i8"),  # to public platforms
        ("operations_serving_fen", "i8"),
        ("operations_fines_fen", "i8"),  # to authorities
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
        ("unsubscribed", "i8"),  # stopped the operator's messages, there or elsewhere
        ("exits", "i8"),  # turned away after a failure
        ("reviews", "i8"),  # told of an order in public
        ("rating_points", "i8"),  # what these say, 0 to 100 each
        ("enrolled", "i8"),
        ("joined_groups", "i8"),
        ("left_groups", "i8"),
        ("graduated", "i8"),
        ("graduated_customers", "i8"),
        ("graduated_private", "i8"),
        ("graduated_loyal", "i8"),
        ("packs_sold", "i8", (8,)),
        ("packs_refused", "i8", (8,)),  # of orders that stock left unfilled
        *((name, "i8") for name in EVENT_NAMES),  # of levers that have some of their own
    ],
    align=True,
)


REACTED_DAYS = 30  # a member who reacted this recently is active (definition of L12)


class Shared(NamedTuple):
    """What all households share and the evening writes on (arrays are shared, never copied)."""

    operations: Any  # parameters of the operator's operations
    groups: Any  # GROUP_RECORD, in the order of founding
    kocs: Any  # KOC_RECORD
    newest_groups: Any  # see `place_of_joiner`
    ordered_on: Any  # (households,) last order day that friends can have seen
    opinions: Any  # (households,) what friends hear
    households: Any
    wake_schedules: Any
    today: Any  # (1,) TODAY
    states: Any  # (1,) HOUSE_STATE


@entry_point
def settle(shared: Any, events: Any, counts: Any, totals: Any, carry_overs: Any, day: int) -> None:
    """Read every event record of the day, block by block, and add up the day's SUMS in `totals[0]`.

    Then the operator closes its day.
    """
    sums = totals[0]
    clear(sums)
    for block in range(len(counts)):
        for row in range(counts[block]):
            event = events[block, row]
            settle_order(shared, event, day, sums)
            settle_talk(shared, event, sums)
            settle_membership(shared, event, day, sums)
            count_own_events(event, sums)
    carry_overs[0].served = close_day(shared.operations, shared.today, shared.states, totals)


@entry_point
def settle_levers(world: Any, shared: Any, buffers: Any, day: int) -> None:
    """Levers and shocks that keep something see what was done, and settle what is shared."""
    for block in range(len(buffers.counts)):
        for row in range(buffers.counts[block]):
            notice_event(world, day, buffers.events[block, row])
    settle_own(world, day, buffers.all_counters[0])  # the books add up all blocks
    spread_news(world, shared.households, shared.wake_schedules, buffers.inboxes[0].friends, day)


@compiled
def settle_order(shared: Any, event: Any, day: int, sums: Any) -> None:
    """Money, goods and what friends can see of an order; tickets."""
    sums.unfilled_orders += event.unfilled
    sums.tickets += 1 if event.ticket > 0 else 0
    sums.unsolved_tickets += 1 if event.ticket == 2 else 0
    sums.defects += event.defect
    sums.exits += event.exited
    if event.opinion > 0:
        shared.opinions[event.household] = event.opinion
    if event.reviewed > 0:
        sums.reviews += 1
        sums.rating_points += event.opinion - 1
    sums.points_expired += event.points_expired
    sums.points_redeemed += event.points_redeemed  # for an order, or for a service
    if event.unfilled > 0:
        for c in range(len(event.packs)):
            sums.packs_refused[c] += event.packs[c]
    if event.store < 0 or event.list_fen == 0:
        return
    operations = shared.operations
    sums.orders += 1
    sums.new_customers += event.first_order
    sums.list_fen += event.list_fen
    sums.revenue_fen += event.paid_fen
    sums.goods_cost_fen += event.goods_cost_fen
    sums.points_issued += event.points_issued
    serving = operations.serving_yuan * 100.0
    if event.store == PRIVATE_STORE:
        sums.private_orders += 1
        sums.private_revenue_fen += event.paid_fen
        sums.operations_serving_fen += int(serving * operations.serving_private_ratio)
    else:
        sums.operations_serving_fen += int(serving)
        sums.operations_commission_fen += int(event.paid_fen * shared.today[0].commission_share)
    sums.operations_fines_fen += int(event.paid_fen * shared.today[0].fine_share)
    for c in range(len(event.packs)):
        sums.packs_sold[c] += event.packs[c]
    shared.ordered_on[event.household] = day


@compiled
def settle_talk(shared: Any, event: Any, sums: Any) -> None:
    """Posts go into the chat they were written in."""
    sums.reactions += event.reacted
    sums.check_ins += event.check_in
    sums.livestream_viewers += event.livestream
    sums.help_posts += event.help_posts
    sums.story_posts += event.story_posts
    sums.complaint_posts += event.complaint_posts
    if event.group >= 0:
        group = shared.groups[event.group]
        group.new_help += event.help_posts
        group.new_story += event.story_posts
        group.new_complaint += event.complaint_posts


@compiled
def settle_membership(shared: Any, event: Any, day: int, sums: Any) -> None:
    """Leavings, graduations, and joiners."""
    sums.entered_private_domain += event.entered_private_domain
    sums.unsubscribed += 1 if event.unsubscribed > 0 else 0
    sums.left_private_domain += 1 if event.left_private > 0 else 0
    sums.enrolled += event.enrolled
    if event.left_group > 0:
        sums.left_groups += 1
        shared.groups[event.group].members -= 1
    if event.graduated > 0:
        sums.graduated += 1
        sums.graduated_customers += event.was_customer
        sums.graduated_private += event.in_private_domain
        sums.graduated_loyal += event.loyalty_member
        shared.ordered_on[event.household] = -NEVER
        shared.opinions[event.household] = 0
    if event.joined > 0:
        event.joined = 1 if seat(shared, event, day) else 0
        sums.joined_groups += event.joined


@compiled
def seat(shared: Any, event: Any, day: int) -> bool:
    """Show a joiner to a chat with room; whether there is one and the household still wants it."""
    household = shared.households[event.household]
    if household.in_private_domain == 0 or household.group >= 0:
        return False
    stage, region = int(event.joined_stage) - 1, int(event.joined_region) - 1  # bytes have no sign
    size_cap = shared.today[0].group_size_cap
    group = place_of_joiner(shared.groups, shared.newest_groups, stage, region, size_cap, day)
    if group < 0:
        return False
    shared.groups[group].members += 1
    shared.groups[group].joined += 1
    household.group = group
    household.group_since = day
    shared.wake_schedules[event.household].audience |= COMMUNITY
    return True


def daily_type() -> np.dtype[Any]:
    """Layout of a day's figures: the census, the evening's sums, counters, and cost by lever."""
    parts: list[Any] = [("day", "i8"), ("wait_minutes", "f8"), ("pace", "f8")]
    parts += [("commission_share", "f8")]
    parts += [
        (name, "i8")
        for name in ("customers", "members", "active_members", "private_domain", "loyalty_members")
    ]
    parts += [(name, "i8") for name in ("groups_living", "groups_silent", "koc_posts", "served")]
    for kind in (SUMS, COUNTERS):
        parts += [(name, "i8") for name in kind.names or () if not kind[name].shape]
    parts += [(f"cost_{name}", "i8") for name in NAMES]
    parts += [(f"discount_{name}", "i8") for name in NAMES]
    parts += [(name, kind) for name, kind in KEPT_NAMES.items()]
    return np.dtype(parts)


DAILY = daily_type()


class Books(NamedTuple):
    """What the books are kept on, and counters to read (arrays are shared, never copied)."""

    levers: Any  # parameters of the levers
    kept: Any  # what levers and shocks keep, see `sim.operator.own_records`
    budgets: Any  # (1,) BUDGET
    carry_overs: Any  # (1,) CARRY_OVER
    totals: Any  # (1,) SUMS
    all_counters: Any  # (blocks,) COUNTERS
    total_counters: Any  # (1,) COUNTERS, of all blocks


@entry_point
def keep_books(shared: Any, books: Any, day: int, rows: Any) -> None:
    """The ledger: what the day cost, by lever, of which the budget learns.

    The day's figures go into `rows[0]`, of type DAILY.
    """
    row, state, total = rows[0], shared.states[0], books.total_counters[0]
    carry_over = books.carry_overs[0]
    clear(row)
    clear(total)
    for block in range(len(books.all_counters)):
        add_fields(books.all_counters[block], total)
    # A census touches every record: on the last day of a month, whose stocks the tables take.
    if (day + 1) % REACTED_DAYS == 0 or carry_over.active_members < 0:
        carry_over.active_members = count_active_members(shared.households, day)
    founded = shared.newest_groups[0, -1]
    open_groups = 0
    for i in range(founded):
        group = shared.groups[i]
        open_groups += 1 if group.closed_day == NEVER and group.members > 0 else 0
        row.groups_silent += 1 if group.silent_day < NEVER else 0
    messages = messages_sent(shared.today[0], shared.wake_schedules)
    running = Running(open_groups, recruited_kocs(shared.kocs), messages)
    pace = books.budgets[0].pace
    book_running_costs(books.levers, running, state.customers, pace, total.cost_fen)
    spent = 0
    for line in range(len(total.cost_fen)):
        spent += total.cost_fen[line] + total.discount_fen[line]
    close_budget(books.budgets[0], spent)
    copy_common(state, row)  # in this order: operations count tickets ever, the sums today's
    copy_common(books.totals[0], row)
    copy_common(total, row)
    copy_common(carry_over, row)
    copy_ledger(total, row)
    copy_kept(books.kept, row)
    row.day = day
    row.pace = pace
    row.wait_minutes = shared.today[0].wait_minutes
    row.commission_share = shared.today[0].commission_share
    row.groups_living = founded - row.groups_silent


@entry_point
def note_sent(plans: Any, wake_schedules: Any, noted: Any, day: int) -> None:
    """Whom the strategy's messages of today were sent to."""
    if day >= 0:
        note_messages(plans, wake_schedules, noted)


@compiled
def messages_sent(today: Any, wake_schedules: Any) -> int:
    """Broadcasts that went out today, over all who got them."""
    most = 0.0
    for audience in range(AUDIENCES):
        most = max(most, today.broadcasts[audience])
    sent = 0.0
    if most > 0.0:  # otherwise nobody need be counted
        for place in range(len(wake_schedules)):
            sent += today.broadcasts[wake_schedules[place].audience]
    return int(sent)


def copy_ledger(total: Any, row: Any) -> None:
    """Cost and discount of each lever, from lines of the ledger to fields of the day."""
    for line, name in enumerate(NAMES):
        row[f"cost_{name}"] = total.cost_fen[line]
        row[f"discount_{name}"] = total.discount_fen[line]


@written_out(copy_ledger)
def _copy_ledger(total: Any, row: Any) -> Any:
    lines = []
    for line, name in enumerate(NAMES):
        lines.append(f"row.cost_{name} = total.cost_fen[{line}]")
        lines.append(f"row.discount_{name} = total.discount_fen[{line}]")
    return straight_line("total, row", lines, {})


@entry_point
def gather(events: Any, counts: Any, panel: int, out: Any, written: int) -> int:
    """Copy the day's event records behind those `written`; returns how many there are.

    Only event records of one household in `panel`.
    """
    for block in range(len(counts)):
        for row in range(counts[block]):
            if events[block, row].household % panel == 0:
                out[written] = events[block, row]
                written += 1
    return written


@compiled
def count_active_members(households: Any, day: int) -> int:
    """Members of chats who reacted within the last `REACTED_DAYS`."""
    active = 0
    for place in range(len(households)):
        household = households[place]
        if household.group >= 0 and household.last_reaction_day > day - REACTED_DAYS:
            active += 1
    return active
