"""Whom a lever reaches: from being allowed to an order, step by step and household by household.

A lever says in `REACH` what each step means for it, in words; one that makes no sense is left
out. Its hook `eligible` tells whether its rules allow a household, `reach` which further steps a
day has brought. Neither changes anything, and nothing that is noted here is read by any rule.

Households are those of the panel, families in their places; whoever took a step was allowed to, and
whoever saw, acted or ordered was reached. Steps are asked for on days on which a household had to
do with the operator. Whom levers allow is asked where a tie to the operator begins or ends,
and of everybody when the strategy or a phase of it begins and when the run is over.
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.compilation.compiled import compiled, straight_line, written_out
from sim.operator.audiences import addressed
from sim.operator.combining import Plans
from sim.operator.discovery import NAMES, hooks
from sim.operator.own_records import has_code, states_in
from sim.operator.regional import at_home
from sim.operator.steps import ELIGIBLE, REACHED, STEPS
from sim.world.market_path import nobody_lives_with
from sim.world.protocols import EventRecord, Inbox, Parent, Records, WakeSchedule
from sim.world.state import World

ALLOWING, REACHING = hooks("eligible"), hooks("reach")
LINES = {name: line for line, name in enumerate(NAMES)}  # of the ledger
MESSAGED = 1  # the step that a message brings


class Noted(NamedTuple):
    """What is noted of a run, by lines of the ledger (arrays are shared, never copied)."""

    marks: NDArray[np.uint8]  # (households of the panel, levers) steps taken, as bits
    left: NDArray[np.int64]  # (blocks, levers, STEPS) families gone that had taken the step
    times: NDArray[np.int64]  # (blocks, levers, STEPS) days on which a household took it
    panel: int  # one household in so many is noted


def nothing_noted(households: int, blocks: int, panel: int) -> Noted:
    """Nobody has been reached yet."""
    levers = len(NAMES)
    marks = np.zeros((-(-households // panel), levers), np.uint8)
    left, times = np.zeros((2, blocks, levers, len(STEPS)), np.int64)
    return Noted(marks, left, times, panel)


@compiled
def note_day(
    parent: Parent,
    place: int,
    world: World,
    day: int,
    inbox: Inbox,
    event: EventRecord,
    noted: Noted,
    block: int,
) -> None:
    """Note what a household's day has brought, and whom levers may reach from now on."""
    if place % noted.panel > 0:
        return
    row = place // noted.panel
    if event.graduated > 0:
        count_family(noted, row, block)
    if not nobody_lives_with(parent):
        own = at_home(parent, world)
        if event.graduated == 0:  # else the day was that of the family before
            note_steps(parent, place, own, day, inbox, event, noted, row, block)
        if ties_changed(event):
            note_allowed(parent, place, own, day, noted, row)


@compiled
def contacted(inbox: Inbox, event: EventRecord) -> bool:
    """Whether something reached a household on a day that left nothing else worth noting."""
    sent = inbox.personal_messages + inbox.reminded + inbox.coupon_percent + inbox.koc_posts
    return sent > 0.0 or event.clicked + event.advertised > 0


@compiled
def ties_changed(event: EventRecord) -> bool:
    """Whether an order, or a tie that began or ended, may have changed whom levers allow."""
    left = event.left_group + event.left_private + event.unsubscribed + event.graduated
    begun = event.entered_private_domain + event.enrolled + event.joined
    return event.list_fen > 0 or left + begun > 0


@compiled
def count_family(noted: Noted, row: int, block: int) -> None:
    """The family of a place leaves: count its steps, and begin anew."""
    for line in range(noted.marks.shape[1]):
        for step in range(len(STEPS)):
            noted.left[block, line, step] += noted.marks[row, line] >> step & 1
        noted.marks[row, line] = 0


@compiled
def put_steps(noted: Noted, row: int, block: int, line: int, steps: int) -> None:
    """Note steps beyond being allowed, if any."""
    if steps <= ELIGIBLE:
        return
    noted.marks[row, line] |= steps | ELIGIBLE | REACHED
    for step in range(1, len(STEPS)):
        noted.times[block, line, step] += steps >> step & 1


@compiled
def note_messages(plans: Plans, wake_schedules: Records[WakeSchedule], noted: Noted) -> None:
    """Note whom today's messages were sent to, awake or asleep, as they are paid for."""
    for line in range(noted.marks.shape[1]):
        broadcasts = plans.own[line].broadcasts
        most = 0.0
        for audience in range(len(broadcasts)):
            most = max(most, broadcasts[audience])
        if most <= 0.0:
            continue
        for place in range(0, len(wake_schedules), noted.panel):
            sent = int(broadcasts[wake_schedules[place].audience])
            if sent > 0:
                noted.marks[place // noted.panel, line] |= ELIGIBLE | REACHED
                noted.times[0, line, MESSAGED] += sent


def note_steps(
    parent: Parent,
    place: int,
    world: World,
    day: int,
    inbox: Inbox,
    event: EventRecord,
    noted: Noted,
    row: int,
    block: int,
) -> None:
    """Note the steps that every lever at work has brought a household on a day."""
    for name, reach in REACHING.items():
        own = world.levers[name]
        if own.power > 0.0 and addressed(parent, place, world, day, own):
            steps = reach(parent, place, world, day, inbox, event)
            put_steps(noted, row, block, LINES[name], steps)


def note_allowed(
    parent: Parent, place: int, world: World, day: int, noted: Noted, row: int
) -> None:
    """Note which levers at work may reach a household as it is now; once is enough."""
    for name, eligible in ALLOWING.items():
        own, line = world.levers[name], LINES[name]
        known = noted.marks[row, line] & ELIGIBLE > 0
        if own.power > 0.0 and not known and addressed(parent, place, world, day, own):
            noted.marks[row, line] |= ELIGIBLE if eligible(parent, place, world, day) else 0


# The same for compiled code, line by line: it sees through no loop over functions or names.


@written_out(note_steps)
def _note_steps(
    parent: Any,
    place: int,
    world: Any,
    day: int,
    inbox: Any,
    event: Any,
    noted: Any,
    row: int,
    block: int,
) -> Any:
    given = "parent, place, world, day, inbox, event"
    lines = [
        f"{_at_work(name)}: put_steps(noted, row, block, {LINES[name]}, call_{name}({given}))"
        for name in REACHING
        if has_code(states_in(world), name)
    ]
    return straight_line(f"{given}, noted, row, block", lines, _named(REACHING))


@written_out(note_allowed)
def _note_allowed(parent: Any, place: int, world: Any, day: int, noted: Any, row: int) -> Any:
    given = "parent, place, world, day"
    lines = [
        f"{_at_work(name)} and noted.marks[row, {LINES[name]}] & {ELIGIBLE} == 0 "
        f"and call_{name}({given}): noted.marks[row, {LINES[name]}] |= {ELIGIBLE}"
        for name in ALLOWING
        if has_code(states_in(world), name)
    ]
    return straight_line(f"{given}, noted, row", lines, _named(ALLOWING))


def _at_work(name: str) -> str:
    own = f"world.levers.{name}"
    return f"if {own}.power > 0.0 and addressed(parent, place, world, day, {own})"


def _named(hooked: Mapping[str, Callable[..., Any]]) -> dict[str, Any]:
    names = {f"call_{name}": function for name, function in hooked.items()}
    return {**names, "addressed": addressed, "put_steps": put_steps}


def households_by_step(noted: Noted) -> NDArray[np.int64]:
    """Families that have taken each step, those still here and those gone; (levers, STEPS)."""
    here = [np.count_nonzero(noted.marks & (1 << step), axis=0) for step in range(len(STEPS))]
    return np.asarray(np.stack(here, axis=1) + noted.left.sum(axis=0), np.int64)


def times_by_step(noted: Noted) -> NDArray[np.int64]:
    """Days on which households took each step, messages one by one; (levers, STEPS)."""
    return np.asarray(noted.times.sum(axis=0))


__all__ = [
    "Noted",
    "contacted",
    "households_by_step",
    "note_allowed",
    "note_day",
    "note_messages",
    "nothing_noted",
    "times_by_step",
]
