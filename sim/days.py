"""Many days in one breath: the phases of a day, composed for the compiler.

`RepurchaseModel.step` lives a day phase by phase, from Python. This is the same day, in the same
order, without coming back to Python in between: most of the time of a small population.
"""

from typing import Any, NamedTuple

from sim.compiled import entry_point
from sim.engine import live_blocks
from sim.evening import gather, keep_books, settle
from sim.morning import announce, run_communities
from sim.operator.house import open_house


class Scene(NamedTuple):
    """All that days change (arrays are shared, never copied)."""

    world: Any
    slips: Any
    shared: Any  # see `sim.evening.Shared`
    books: Any  # see `sim.evening.Books`


@entry_point
def live_days(
    scene: Any, day: int, until: int, rows: Any, panel: int, kept: Any, lengths: Any
) -> int:
    """Live from `day` until the day before `until`, or until there is no room for more deeds.

    Parameters
    ----------
    scene
        See `Scene`; a single thread's slips suffice.
    day, until
        First day, and the day not lived any more.
    rows
        DAILY, one for each day from `day`.
    panel
        Deeds of one household in so many are kept.
    kept
        DEED, deeds worth noting; room for a day in which each of those households leaves one is
        left free. Without any room no deeds are kept.
    lengths
        (1,) number of deeds kept.

    Returns
    -------
    int
        The first day that was not lived.
    """
    world, slips, shared, books = scene.world, scene.slips, scene.shared, scene.books
    first, households = day, shared.households
    most = (len(households) - 1) // panel + 1
    while day < until and (len(kept) == 0 or len(kept) - lengths[0] >= most):
        announce(world, shared.states, books.budgets, day)
        open_house(world.house, world.today, shared.states, day)
        run_communities(world, households, books.memos, day)
        live_blocks(households, shared.alarms, world, day, slips, 0, 0, len(slips.counts))
        settle(shared, slips.deeds, slips.counts, books.totals, books.memos, day)
        keep_books(shared, books, day, rows[day - first :])
        if len(kept) > 0:
            lengths[0] = gather(slips.deeds, slips.counts, panel, kept, lengths[0])
        day += 1
    return day
