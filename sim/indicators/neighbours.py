"""Some neighbours: who knows whom among them, and when each became a customer.

The sample is a stretch of neighbouring places around the most followed candidate for KOC: the
same households, with the same ties, under every strategy.
"""

from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from sim.indicators.book import Book
from sim.indicators.people import WAYS, first_ways
from sim.world.followers import MOST_FOLLOWED, followed, follower_counts, koc_household
from sim.world.household import NEVER
from sim.world.ties import MOST_FRIENDS, TIES, friends_of

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
    ways, ordered = book.once(first_ways), book.first_order_day[: int(ties.households)]
    rows = []
    for place, known in _acquainted(ties.tobytes()).items():
        day, way = ordered[place], ways[place]
        rows.append(
            {
                "household": place,
                "role": known.role,
                "first_order_day": float(day) if day < NEVER else np.nan,
                "way": WAYS[way] if way >= 0 else "",
                "friends_before": int((ordered[known.friends] < day).sum()),
                "friends": known.friends_inside,
                "follows": known.follows_inside,
            }
        )
    return pd.DataFrame(rows)


class Acquaintance(NamedTuple):
    """Whom a household of the sample knows."""

    role: str
    friends: list[int]  # here or elsewhere
    friends_inside: str
    follows_inside: str


@lru_cache(maxsize=32)
def _acquainted(of_ties: bytes) -> dict[int, Acquaintance]:
    """The sample, which every strategy of a world shares."""
    ties = np.frombuffer(of_ties, TIES).view(np.recarray)[0]
    inside = range(*_stretch(ties))
    follows = {place: _follows(place, ties) for place in inside}
    followers = pd.Series([koc for kocs in follows.values() for koc in kocs]).value_counts()
    kocs = sorted(set(followers.head(SHOWN_KOCS).index) - set(inside))
    known, sample = {}, {*inside, *kocs}
    for place in [*inside, *kocs]:
        friends = _friends(place, ties)
        known[place] = Acquaintance(
            "koc" if place in kocs else "neighbour",
            friends,
            _listed(friend for friend in friends if friend in sample),
            _listed(koc for koc in follows.get(place, ()) if koc in kocs),
        )
    return known


def no_neighbours() -> pd.DataFrame:
    """Nobody, and no ties to draw: neighbours and all their friends are never in one panel."""
    return pd.DataFrame({"household": np.zeros(0, np.int64), "role": np.zeros(0, str)})


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


__all__ = ["neighbour_table", "no_neighbours"]
