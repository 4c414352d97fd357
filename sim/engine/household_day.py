"""The compiled engine: who wakes today, and a day of each who does.

A household costs a comparison on the days it sleeps through. Households are worked in blocks of
fixed size, each with its own slips, so that no result depends on how blocks are shared among
threads. The functions here are ordinary source like the rules: `plain` gives their twins.
"""

from typing import Any, NamedTuple

import numpy as np

from sim.behaviour.day import ASLEEP, live_one_day, set_alarm, waking
from sim.behaviour.stay import CLOSED
from sim.behaviour.weighing import PRIVATE_STORE, PUBLIC_STORE
from sim.compilation.compiled import compiled, entry_point
from sim.operator.lever import begin_states, book_charges, left_out, make_offers, noted_by_levers
from sim.operator.own_records import DEED, INBOX
from sim.world.draws import HOUSEHOLD as A_HOUSEHOLD
from sim.world.draws import LOOK, uniform
from sim.world.household import ALARM, FIRST_SLOT, HOUSEHOLD, NEVER, PARENT
from sim.world.records import clear, copy_fields
from sim.world.state import TALLY

BLOCK = 2048  # households

DESK = np.dtype(
    [
        ("luck", "f8", (BLOCK,)),  # the draw that decides whether a household looks today
        ("who", "i8", (BLOCK,)),  # who is called, counted from the block's first
        ("why", "i8", (BLOCK,)),  # woken by
        ("seen", "i8"),
    ],
    align=True,
)


class Slips(NamedTuple):
    """What blocks write on: one row of deeds and one tally per block, one desk per thread."""

    deeds: Any  # (blocks, BLOCK) DEED, filled from the front
    counts: Any  # (blocks,) deeds written
    tallies: Any  # (blocks,) TALLY
    parents: Any  # (threads,) PARENT
    inboxes: Any  # (threads,) INBOX
    desks: Any  # (threads,) DESK


def blank_slips(households: int, threads: int) -> Slips:
    """Slips for a population worked by so many threads."""
    blocks = -(-households // BLOCK)
    return Slips(
        np.empty((blocks, min(BLOCK, households)), DEED),
        np.zeros(blocks, np.int64),
        np.zeros(blocks, TALLY),
        np.zeros(threads, PARENT),
        np.zeros(threads, INBOX),
        np.zeros(threads, DESK),
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
    parent = slips.parents[thread]
    inbox = slips.inboxes[thread]
    desk = slips.desks[thread]
    for block in range(first, last):
        tally = slips.tallies[block]
        clear(tally)
        start = block * BLOCK
        places = min(BLOCK, len(households) - start)
        called = call_the_roll(alarms, world, day, start, places, desk)
        fetch(households, start, called, desk)
        written = 0
        for i in range(called):
            place = start + desk.who[i]
            deed = slips.deeds[block, written]
            copy_fields(households[place], parent)
            spend_day(parent, alarms[place], place, world, day, desk.why[i], inbox, deed, tally)
            copy_fields(parent, households[place])
            if worth_noting(deed):
                written += 1
        slips.counts[block] = written


@compiled
def call_the_roll(alarms: Any, world: Any, day: int, start: int, places: int, desk: Any) -> int:
    """Note on the desk who of a block wakes today and why; returns how many."""
    for i in range(places):  # a loop of its own: the draws are computed several at a time
        desk.luck[i] = uniform(world.seed, A_HOUSEHOLD, start + i, day, LOOK)
    today = world.today[0]
    called = 0
    for i in range(places):
        why = waking(alarms[start + i], desk.luck[i], today, day)
        desk.who[called] = i
        desk.why[called] = why
        called += 1 if why != ASLEEP else 0
    return called


@compiled
def fetch(households: Any, start: int, called: int, desk: Any) -> None:
    """Touch every cache line of who is called, while nothing waits for it yet.

    Memory answers many such requests at once; the days that follow would wait for each in turn.
    """
    seen = 0
    for i in range(called):
        household = households[start + desk.who[i]]
        seen += household.spending_fen + household.points_new + household.family
    desk.seen = seen


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
    parent.left_out = left_out(parent, place, world, day)
    make_offers(parent, place, world, day, inbox)
    live_one_day(parent, place, world, day, woken_by, inbox, deed, tally)
    book_charges(parent, place, world, day, inbox, deed, tally)
    if deed.graduated > 0:
        begin_states(world, place)
    set_alarm(parent, alarm, world, day)
    if inbox.wake_in_days > 0.0:
        alarm.wake_day = min(alarm.wake_day, day + int(inbox.wake_in_days))


@entry_point
def mark_left_out(households: Any, alarms: Any, parent: Any, world: Any, day: int) -> None:
    """Whom levers leave out from today on, sleepers too; the wide record `parent` is a buffer."""
    for place in range(len(households)):
        copy_fields(households[place], parent)
        households[place].left_out = left_out(parent, place, world, day)
        marked = households[place].left_out * FIRST_SLOT
        alarms[place].audience = (alarms[place].audience & (FIRST_SLOT - 1)) + marked


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


@compiled
def worth_noting(deed: Any) -> bool:
    """Whether a day left anything that the operator or a census would record."""
    return (
        PRIVATE_STORE <= deed.store <= PUBLIC_STORE
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
        + noted_by_levers(deed)
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
