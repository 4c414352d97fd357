"""Some neighbours: who knows whom among them, and when each became a customer.

The sample is a stretch of neighbouring places around the most followed candidate for KOC: the
same households, with the same ties, under every strategy.
"""

from typing import Any

import numpy as np
import pandas as pd

from sim.indicators.book import Book
from sim.indicators.people import WAYS, first_ways
from sim.world.followers import MOST_FOLLOWED, followed, follower_counts, koc_household
from sim.world.household import NEVER
from sim.world.ties import MOST_FRIENDS, friends_of

NEIGHBOURS = 120
SHOWN_KOCS = 8  # those whom most of the neighbours follow


def neighbour_table(book: Book, ties: Any) -> pd.DataFrame:
    """A row per household of the sample, and per KOC whom many of them follow.

    Parameters
    ----------
    ties
        `sim.world.ties.friendships` of the run's population and seed.

    Returns
    -------
    pandas.DataFrame
        ``household, role`` (`neighbour` or `koc`), ``first_order_day`` (below 0: before the
        strategy; missing: never), ``way`` of a first order in the run (one of `WAYS`, else empty),
        ``friends_before``: friends, here or elsewhere, who had ordered before that day; and
        ``friends``, ``follows``: numbers of other households of the sample.
    """
    households = int(ties.households)
    inside = range(*_stretch(ties))
    follows = {place: _follows(place, ties) for place in inside}
    followers = pd.Series([koc for kocs in follows.values() for koc in kocs]).value_counts()
    kocs = sorted(set(followers.head(SHOWN_KOCS).index) - set(inside))
    ways, ordered = book.once(first_ways), book.first_order_day[:households]
    rows = []
    sample = {*inside, *kocs}
    for place in [*inside, *kocs]:
        friends, day, way = _friends(place, ties), ordered[place], ways[place]
        rows.append(
            {
                "household": place,
                "role": "koc" if place in kocs else "neighbour",
                "first_order_day": float(day) if day < NEVER else np.nan,
                "way": WAYS[way] if way >= 0 else "",
                "friends_before": sum(bool(ordered[friend] < day) for friend in friends),
                "friends": _listed(friend for friend in friends if friend in sample),
                "follows": _listed(koc for koc in follows.get(place, ()) if koc in kocs),
            }
        )
    return pd.DataFrame(rows)


def _stretch(ties: Any) -> tuple[int, int]:
    households = int(ties.households)
    centre = koc_household(int(np.argmax(follower_counts(ties))), ties) if ties.kocs else 0
    first = int(np.clip(centre - NEIGHBOURS // 2, 0, max(households - NEIGHBOURS, 0)))
    return first, min(first + NEIGHBOURS, households)


def _friends(household: int, ties: Any) -> list[int]:
    found = np.zeros(MOST_FRIENDS, np.int64)
    return [int(friend) for friend in found[: friends_of(household, ties, found)]]


def _follows(household: int, ties: Any) -> list[int]:
    kocs = {followed(household, k, ties) for k in range(MOST_FOLLOWED)} - {-1}
    return [koc_household(koc, ties) for koc in sorted(kocs)]


def _listed(numbers: Any) -> str:
    return " ".join(map(str, numbers))


__all__ = ["neighbour_table"]
