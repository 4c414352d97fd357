"""The compiled engine: who wakes today, and a day of each who does.

A household costs a comparison on the days it sleeps through. Households are worked in blocks of
fixed size, each with its own slips, so that no result depends on how blocks are shared among
threads. The functions here are ordinary source like the rules: `plain` gives their twins.
"""

from typing import Any, NamedTuple

import numpy as np

from sim.behaviour.day import ASLEEP, live_one_day, set_alarm, waking
from sim.compiled import compiled, entry_point
from sim.operator.lever import book_charges, make_offers
from sim.world.daybook import DEED
from sim.world.household import ALARM, HOUSEHOLD, NEVER, PARENT
from sim.world.records import clear, copy_fields
from sim.world.state import INBOX, TALLY

BLOCK = 2048  # households


class Slips(NamedTuple):
    """What blocks write on: one row of deeds and one tally per block, one desk per thread."""

    deeds: Any  # (blocks, BLOCK) DEED, filled from the front
    counts: Any  # (blocks,) deeds written
    tallies: Any  # (blocks,) TALLY
    parents: Any  # (threads,) PARENT
    inboxes: Any  # (threads,) INBOX


def blank_slips(households: int, threads: int) -> Slips:
    """Slips for a population worked by so many threads."""
    blocks = -(-households // BLOCK)
    return Slips(
        np.empty((blocks, min(BLOCK, households)), DEED),
        np.zeros(blocks, np.int64),
        np.zeros(blocks, TALLY),
        np.zeros(threads, PARENT),
        np.zeros(threads, INBOX),
    )


@entry_point
def live_blocks(
    households: Any,
    alarms: Any,
    world: Any,
    day: int,
    slips: Any,
    thread: int,
    first: int,
    last: int,
) -> None:
    """The day of every household in blocks `first` to `last` - 1, worked by one thread."""
    for block in range(first, last):
        clear(slips.tallies[block])
        written = 0
        start = block * BLOCK
        for place in range(start, min(start + BLOCK, len(households))):
            woken_by = waking(alarms[place], place, world, day)
            if woken_by == ASLEEP:
                continue
            deed = slips.deeds[block, written]
            parent = slips.parents[thread]
            copy_fields(households[place], parent)
            spend_day(
                parent,
                alarms[place],
                place,
                world,
                day,
                woken_by,
                slips.inboxes[thread],
                deed,
                slips.tallies[block],
            )
            copy_fields(parent, households[place])
            if worth_noting(deed):
                written += 1
        slips.counts[block] = written


@compiled
def spend_day(
    parent: Any,
    alarm: Any,
    place: int,
    world: Any,
    day: int,
    woken_by: int,
    inbox: Any,
    deed: Any,
    tally: Any,
) -> None:
    """What the operator offers, what the household makes of it, what it costs; then sleep."""
    clear(inbox)
    head_deed(parent, place, day, deed)
    tally.awake += 1
    leave_closed_group(parent, world, day, deed)
    make_offers(parent, place, world, day, inbox)
    live_one_day(parent, place, world, day, woken_by, inbox, deed, tally)
    book_charges(parent, place, world, day, inbox, deed, tally)
    set_alarm(parent, alarm, world, day)


@compiled
def head_deed(parent: Any, place: int, day: int, deed: Any) -> None:
    """Head the slip: who, when, and what they were this morning."""
    clear(deed)
    deed.household = place
    deed.day = day
    deed.family = parent.family
    deed.group = parent.group
    deed.in_private_domain = parent.in_private_domain
    deed.loyalty_member = parent.loyalty_member
    deed.tier = parent.tier
    deed.store = -1


@compiled
def leave_closed_group(parent: Any, world: Any, day: int, deed: Any) -> None:
    """The operator has closed the chat: its members are free for another."""
    if parent.group >= 0 and world.groups[parent.group].closed_day < NEVER:
        deed.left_group = CLOSED
        parent.group = -1
        parent.group_left_day = -NEVER


CLOSED = 8  # index of REASONS


@compiled
def worth_noting(deed: Any) -> bool:
    """Whether a day left anything that the operator or a census would record."""
    return (
        0 <= deed.store <= 1
        or deed.unfilled
        + deed.looked
        + deed.entered_private_domain
        + deed.enrolled
        + deed.joined
        + deed.left_group
        + deed.unsubscribed
        + deed.ticket
        + deed.defect
        + deed.graduated
        + deed.points_expired
        > 0
    )


def packed(count: int) -> Any:
    """An empty population of so many households."""
    return np.zeros(count, HOUSEHOLD).view(np.recarray)


def alarms(count: int) -> Any:
    """Alarms that all ring on the first day."""
    ringing = np.zeros(count, ALARM)
    ringing["wake_day"] = -NEVER
    return ringing
