"""Many days in one breath: the steps of a day, composed for the compiler.

`Engine.step` lives a day step by step, from Python. This is the same day, in the same
order, without coming back to Python in between, which would take most of the time of a small
population. Threads share the blocks and meet twice a day.
"""

from typing import Any, NamedTuple

import numpy as np

from sim.compilation.compiled import compiled, entry_point
from sim.engine.barrier import wait_for_all
from sim.engine.blocks import live_blocks
from sim.engine.day_end import DAILY, gather, keep_books, note_sent, settle, settle_levers
from sim.engine.day_start import plan_day, run_communities
from sim.operator.operations import open_day
from sim.operator.own_records import EVENT


class Scene(NamedTuple):
    """All that days change (arrays are shared, never copied)."""

    world: Any
    plans: Any  # see `sim.operator.combining.Plans`
    buffers: Any
    shared: Any  # see `sim.engine.day_end.Shared`
    books: Any  # see `sim.engine.day_end.Books`
    noted: Any  # see `sim.operator.reaching.Noted`


class Log(NamedTuple):
    """Where the days are written down."""

    rows: Any  # DAILY, one for each day to be lived
    kept: Any  # EVENT, event records worth noting; none are kept where there is no room at all
    lengths: Any  # (1,) number of event records kept
    going: Any  # (1,) whether there is another day to be lived
    panel: int  # event records of one household in so many are kept


def new_log(days: int, events: int, panel: int) -> Log:
    """An empty log with room for so many days and event records."""
    rows, kept = np.zeros(days, DAILY), np.empty(events, EVENT)
    return Log(rows, kept, np.zeros(1, np.int64), np.zeros(1, np.int64), panel)


@entry_point
def live_days(
    scene: Any, log: Any, day: int, until: int, barrier: Any, thread: int, threads: int
) -> int:
    """Live from `day` until the day before `until`, or until there is no room for more events.

    Every thread calls this and lives through its share of the blocks; the first of them sees to
    what households have in common.

    Parameters
    ----------
    scene
        See `Scene`; with buffers for so many threads.
    log
        See `Log`. Room is left for a day on which each household of the panel leaves an event.
    day, until
        First day, and the day not lived any more.
    barrier
        Of `sim.engine.barrier.new_barrier`, the same for all threads.
    thread, threads
        Which of the threads this is, from 0, and how many there are.

    Returns
    -------
    int
        The first day that was not lived.
    """
    world, buffers, shared, books = scene.world, scene.buffers, scene.shared, scene.books
    first, households, blocks = day, shared.households, len(buffers.counts)
    while True:
        if thread == 0:
            log.going[0] = 1 if day < until and has_room(log, len(households)) else 0
            if log.going[0] > 0:
                plan_day(world, scene.plans, shared.states, books.budgets, day)
                open_day(world.operations, world.today, shared.states, day)
                run_communities(world, households, books.carry_overs, day)
        if not wait_for_all(barrier, threads) or log.going[0] == 0:
            return day
        mine, after = blocks * thread // threads, blocks * (thread + 1) // threads
        live_blocks(
            households,
            shared.wake_schedules,
            world,
            day,
            buffers,
            scene.noted,
            thread,
            mine,
            after,
        )
        if not wait_for_all(barrier, threads):
            return day
        if thread == 0:
            settle(shared, buffers.events, buffers.counts, books.totals, books.carry_overs, day)
            settle_levers(world, shared, buffers, day)
            note_sent(scene.plans, shared.wake_schedules, scene.noted, day)
            keep_books(shared, books, day, log.rows[day - first :])
            if len(log.kept) > 0:
                log.lengths[0] = gather(
                    buffers.events, buffers.counts, log.panel, log.kept, log.lengths[0]
                )
        day += 1


@compiled
def has_room(log: Any, households: int) -> bool:
    """Whether a day fits in on which each household of the panel leaves an event record."""
    return len(log.kept) == 0 or len(log.kept) - log.lengths[0] > (households - 1) // log.panel
