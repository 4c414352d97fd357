"""Some neighbours: who knows whom among them, and when each became a customer.

The sample is a stretch of neighbouring places around the most followed candidate for KOC: the
same households, with the same ties, under every strategy.
"""

from functools import lru_cache
from types import SimpleNamespace
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from sim.indicators.book import Book
from sim.indicators.observed import Array
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
    sample = _sample(ties.tobytes())
    ordered = book.first_order_day
    day, way = ordered[sample.household], book.once(first_ways)[sample.household]
    earlier = ordered[sample.friend] < day[sample.friend_of]
    return pd.DataFrame(
        {
            "household": sample.household,
            "role": sample.role,
            "first_order_day": np.where(day < NEVER, day, np.nan),
            "way": np.array([*WAYS, ""], object)[way],  # -1, none, is the last
            "friends_before": np.bincount(sample.friend_of[earlier], minlength=len(day)),
            "friends": sample.friends_inside,
            "follows": sample.follows_inside,
        }
    )


class Sample(NamedTuple):
    """Who is shown, and whom they know; one entry per household, unless it says otherwise."""

    household: Array
    role: list[str]
    friends_inside: list[str]
    follows_inside: list[str]
    friend: Array  # one per tie, to friends here or elsewhere
    friend_of: Array  # of each tie, whose in `household`


@lru_cache(maxsize=32)
def _sample(of_ties: bytes) -> Sample:
    """The sample, which every strategy of a world shares."""
    ties = _plain(np.frombuffer(of_ties, TIES)[0])
    inside = range(*_stretch(np.frombuffer(of_ties, TIES).view(np.recarray)[0]))
    follows = {place: _follows(place, ties) for place in inside}
    followers = pd.Series([koc for kocs in follows.values() for koc in kocs]).value_counts()
    kocs = sorted(set(followers.head(SHOWN_KOCS).index) - set(inside))
    shown = [*inside, *kocs]
    friends, there = [_friends(place, ties) for place in shown], set(shown)
    return Sample(
        household=np.array(shown, np.int64),
        role=["koc" if place in kocs else "neighbour" for place in shown],
        friends_inside=[_listed(friend for friend in own if friend in there) for own in friends],
        follows_inside=[
            _listed(koc for koc in follows.get(place, ()) if koc in kocs) for place in shown
        ],
        friend=np.array([friend for own in friends for friend in own], np.int64),
        friend_of=np.repeat(np.arange(len(shown)), [len(own) for own in friends]),
    )


def _plain(ties: Any) -> Any:
    """A record as Python has it: NumPy's own takes long to tell a field."""
    fields = {name: ties[name] for name in ties.dtype.names}
    return SimpleNamespace(**{k: v if v.shape else v.item() for k, v in fields.items()})


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
