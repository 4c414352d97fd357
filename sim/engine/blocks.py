"""Blocks of households: who wakes today, and a compiled day of each who does.

A household costs a comparison on the days it sleeps through. Households are worked in blocks of
fixed size, each with its own buffers, so that no result depends on how blocks are shared among
threads. The functions here are ordinary source like the rules: `plain` gives their twins.
"""

from typing import Any, NamedTuple

import numpy as np

from sim.behaviour.day import ASLEEP, live_one_day, set_wake_schedule, waking
from sim.behaviour.stay import CLOSED
from sim.behaviour.weighing import PRIVATE_STORE, PUBLIC_STORE
from sim.compilation.compiled import compiled, entry_point
from sim.operator.hooks import (
    begin_states,
    book_charges,
    left_out,
    make_offers,
    noted_by_levers,
    put_lasting,
)
from sim.operator.own_records import EVENT, INBOX
from sim.operator.reaching import contacted, note_allowed, note_day
from sim.operator.regional import at_home
from sim.world.draws import HOUSEHOLD as A_HOUSEHOLD
from sim.world.draws import LOOK, uniform
from sim.world.household import FIRST_SLOT, HOUSEHOLD, NEVER, PARENT, WAKE_SCHEDULE
from sim.world.market_path import nobody_lives_with
from sim.world.records import clear, copy_fields
from sim.world.state import COUNTERS

BLOCK = 2048  # households

SCRATCH = np.dtype(
    [
        ("luck", "f8", (BLOCK,)),  # the draw that decides whether a household looks today
        ("who", "i8", (BLOCK,)),  # who is called, counted from the block's first
        ("why", "i8", (BLOCK,)),  # woken by
        ("seen", "i8"),
    ],
    align=True,
)


class Buffers(NamedTuple):
    """What blocks write on: events and counters per block, one scratch per thread."""

    events: Any  # (blocks, BLOCK) EVENT, filled from the front
    counts: Any  # (blocks,) event records written
    all_counters: Any  # (blocks,) COUNTERS
    parents: Any  # (threads,) PARENT
    inboxes: Any  # (threads,) INBOX
    scratch: Any  # (threads,) SCRATCH


def blank_buffers(households: int, threads: int) -> Buffers:
    """Buffers for a population worked by so many threads."""
    blocks = -(-households // BLOCK)
    return Buffers(
        np.empty((blocks, min(BLOCK, households)), EVENT),
        np.zeros(blocks, np.int64),
        np.zeros(blocks, COUNTERS),
        np.zeros(threads, PARENT),
        np.zeros(threads, INBOX),
        np.zeros(threads, SCRATCH),
    )


@entry_point
def live_blocks(
    households: Any,
    wake_schedules: Any,
    world: Any,
    day: int,
    buffers: Any,
    noted: Any,
    thread: int,
    first: int,
    last: int,
) -> None:
    """The day of every household in blocks `first` to `last` - 1, worked by one thread.

    Whom levers reach is `noted` (`sim.operator.reaching`), from the strategy's first day on.
    """
    parent = buffers.parents[thread]
    inbox = buffers.inboxes[thread]
    scratch = buffers.scratch[thread]
    for block in range(first, last):
        counters = buffers.all_counters[block]
        clear(counters)
        start = block * BLOCK
        places = min(BLOCK, len(households) - start)
        called = call_the_roll(wake_schedules, world, day, start, places, scratch)
        fetch(households, start, called, scratch)
        written = 0
        for i in range(called):
            place = start + scratch.who[i]
            event = buffers.events[block, written]
            copy_fields(households[place], parent)
            spend_day(
                parent,
                wake_schedules[place],
                place,
                world,
                day,
                scratch.why[i],
                inbox,
                event,
                counters,
            )
            worth = worth_noting(event)
            if day >= 0 and (worth or contacted(inbox, event)):
                note_day(parent, place, world, day, inbox, event, noted, block)
            copy_fields(parent, households[place])
            if worth:
                written += 1
        buffers.counts[block] = written


@compiled
def call_the_roll(
    wake_schedules: Any, world: Any, day: int, start: int, places: int, scratch: Any
) -> int:
    """Note on the scratch who of a block wakes today and why; returns how many."""
    for i in range(places):  # a loop of its own: the draws are computed several at a time
        scratch.luck[i] = uniform(world.seed, A_HOUSEHOLD, start + i, day, LOOK)
    today = world.today[0]
    called = 0
    for i in range(places):
        why = waking(wake_schedules[start + i], scratch.luck[i], today, day, world.behaviour.look)
        scratch.who[called] = i
        scratch.why[called] = why
        called += 1 if why != ASLEEP else 0
    return called


@compiled
def fetch(households: Any, start: int, called: int, scratch: Any) -> None:
    """Touch every cache line of who is called, while nothing waits for it yet.

    Memory answers many such requests at once; the days that follow would wait for each in turn.
    """
    seen = 0
    for i in range(called):
        household = households[start + scratch.who[i]]
        seen += household.spending_fen + household.points_new + household.family
    scratch.seen = seen


@compiled
def spend_day(
    parent: Any,
    wake_schedule: Any,
    place: int,
    world: Any,
    day: int,
    woken_by: int,
    inbox: Any,
    event: Any,
    counters: Any,
) -> None:
    """What the operator offers, what the household makes of it, what it costs; then sleep."""
    clear(inbox)
    head_event(parent, place, day, event)
    if nobody_lives_with(parent):  # called for a deal, or by news
        wake_schedule.wake_day = NEVER
        return
    counters.awake += 1
    world = at_home(parent, world)
    leave_closed_group(parent, world, day, event)
    parent.left_out = left_out(parent, place, world, day)
    put_lasting(parent, place, world, day, inbox)
    make_offers(parent, place, world, day, inbox)
    live_one_day(parent, place, world, day, woken_by, inbox, event, counters)
    book_charges(parent, place, world, day, inbox, event, counters)
    if event.graduated > 0:
        begin_states(world, place)
    set_wake_schedule(parent, wake_schedule, world, day)
    if inbox.wake_in_days > 0.0:
        wake_schedule.wake_day = min(wake_schedule.wake_day, day + int(inbox.wake_in_days))


@entry_point
def mark_left_out(households: Any, wake_schedules: Any, parent: Any, world: Any, day: int) -> None:
    """Whom levers leave out from today on, sleepers too; the wide record `parent` is a buffer."""
    for place in range(len(households)):
        copy_fields(households[place], parent)
        households[place].left_out = left_out(parent, place, world, day)
        marked = households[place].left_out * FIRST_SLOT
        wake_schedules[place].audience = (
            wake_schedules[place].audience & (FIRST_SLOT - 1)
        ) + marked


@entry_point
def note_sleepers(households: Any, parent: Any, world: Any, noted: Any, day: int) -> None:
    """Whom levers may reach as things are, sleepers too; the wide record `parent` is a buffer."""
    for row in range(len(noted.marks)):
        place = row * noted.panel
        copy_fields(households[place], parent)
        if not nobody_lives_with(parent):
            note_allowed(parent, place, at_home(parent, world), day, noted, row)


@compiled
def head_event(parent: Any, place: int, day: int, event: Any) -> None:
    """Head the buffer: who, when, and what they were this morning."""
    clear(event)
    event.household = place
    event.day = day
    event.family = parent.family
    event.group = parent.group
    event.in_private_domain = parent.in_private_domain
    event.subscribed = parent.subscribed
    event.loyalty_member = parent.loyalty_member
    event.tier = parent.tier
    event.store = -1


@compiled
def leave_closed_group(parent: Any, world: Any, day: int, event: Any) -> None:
    """The operator has closed the chat: its members are free for another."""
    if parent.group >= 0 and world.groups[parent.group].closed_day < NEVER:
        event.left_group = CLOSED
        parent.group = -1
        parent.group_left_day = -NEVER


@compiled
def worth_noting(event: Any) -> bool:
    """Whether a day left anything that the operator or a census would record."""
    return (
        PRIVATE_STORE <= event.store <= PUBLIC_STORE
        or event.unfilled
        + event.looked
        + event.entered_private_domain
        + event.enrolled
        + event.joined
        + event.left_group
        + event.unsubscribed
        + event.left_private
        + event.reviewed
        + event.ticket
        + event.defect
        + event.graduated
        + event.points_expired
        + noted_by_levers(event)
        > 0
    )


def packed(count: int) -> Any:
    """An empty population of so many households."""
    return np.zeros(count, HOUSEHOLD).view(np.recarray)


def wake_schedules(count: int) -> Any:
    """Wake schedules that all ring on the first day."""
    ringing = np.zeros(count, WAKE_SCHEDULE)
    ringing["wake_day"] = -NEVER
    return ringing
