"""Who is counted: families, and the segments they belong to.

A place (household) changes family when a child graduates; the customer is the family, so
graduated ones count until they leave. Segments are those of day 0, hence the same people under
every strategy; a family that came later has its own child's stage (pregnancy) and none of the
memberships.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from sim.indicators.observed import Array, Observed, stage_at
from sim.world.household import COHORTS, NEVER, PERSONAS, STAGES, TIERS

CHANNELS = ("none", "public_only", "private_domain")
MEMBERSHIPS = ("none", "community", "loyalty", "both")
TIER_NAMES = ("none", *TIERS)


@dataclass(frozen=True)
class Families:
    """The families that lived in a run, the places' first ones first.

    Attributes
    ----------
    place, generation
        Where each lives, and 0 for those of day 0, 1 for the next in the place, ...
    entered_day, left_day
        Day they came (-NEVER for those of day 0) and graduated (NEVER if they did not).
    is_last
        Whether they are the one living there at the end.
    """

    place: Array
    generation: Array
    entered_day: Array
    left_day: Array
    is_last: Array
    _first_of: tuple[Array, ...]  # by generation, index of the family in each place
    _start_family: Array

    @property
    def count(self) -> int:
        """Number of families."""
        return len(self.place)

    @property
    def number(self) -> Array:
        """The `family` of their event records, a byte that counts up."""
        return (self._start_family[self.place] + self.generation).astype(np.uint8)

    def index(self, household: Array, family: Array) -> Array:
        """Index of the family of each event record; -1 for one that left before day 0."""
        # `family` is a byte that counts up: the difference to day 0 is right modulo 256.
        ahead = (family.astype(np.uint8) - self._start_family[household]).astype(np.int8)
        index = np.where(ahead == 0, household, -1)
        for generation in range(1, len(self._first_of)):
            later = ahead == generation
            index[later] = self._first_of[generation][household[later]]
        return index


def families_of(observed: Observed) -> Families:
    """Index the families of a run."""
    start, end = observed.start, observed.end
    households = len(start)
    changes = (end["family"] - start["family"]).astype(np.uint8)
    place = [np.arange(households)]
    first_of = [np.arange(households)]
    for generation in range(1, int(changes.max(initial=0)) + 1):
        there = np.flatnonzero(changes >= generation)
        where = np.full(households, -1)
        where[there] = np.arange(len(there)) + sum(map(len, place))
        place.append(there)
        first_of.append(where)
    generation_of = np.repeat(np.arange(len(place)), [len(part) for part in place])
    places = np.concatenate(place)
    entered = np.full(len(places), -NEVER)
    left = np.full(len(places), NEVER)
    for family, day in _graduations(observed, first_of):
        left[family] = day
        following = places[family], generation_of[family] + 1
        for g in range(1, len(first_of)):
            mine = following[1] == g
            entered[first_of[g][following[0][mine]]] = day[mine] + 1
    return Families(
        place=places,
        generation=generation_of,
        entered_day=entered,
        left_day=left,
        is_last=generation_of == changes[places],
        _first_of=tuple(first_of),
        _start_family=start["family"].astype(np.uint8),
    )


def _graduations(observed: Observed, first_of: Sequence[Array]) -> list[tuple[Array, Array]]:
    """For each generation, the families that graduated during the run and on which day."""
    events = observed.events
    gone = events[(events["graduated"] > 0) & (events["day"] >= 0)]
    order = np.lexsort((gone["day"], gone["household"]))
    household, day = gone["household"][order], gone["day"][order].astype(np.int64)
    # The k-th graduation in a place is that of its k-th family.
    begins = np.r_[True, household[1:] != household[:-1]] if len(household) else np.zeros(0, bool)
    nth = np.arange(len(household)) - np.flatnonzero(begins)[np.cumsum(begins) - 1]
    found = []
    for generation, where in enumerate(first_of):
        mine = nth == generation
        family = where[household[mine]]
        found.append((family[family >= 0], day[mine][family >= 0]))
    return found


@dataclass(frozen=True)
class Segments:
    """Segment of each family by seven divisions, and sums over them.

    Attributes
    ----------
    codes
        For each division its segment names and the families' codes.
    """

    codes: dict[str, tuple[tuple[str, ...], Array]]

    @cached_property
    def labels(self) -> list[tuple[str, str]]:
        """(by, segment) of every segment, the whole first."""
        return [("all", "all")] + [(by, s) for by, (names, _) in self.codes.items() for s in names]

    @cached_property
    def _profile(self) -> tuple[Array, Array, Array]:
        """Profile of each family, and pairs of a segment and a profile that belongs to it."""
        # Families with the same seven codes are one profile: sum those first, then segments.
        joint = np.zeros(len(next(iter(self.codes.values()))[1]), np.int64)
        for names, code in self.codes.values():
            joint = joint * len(names) + code
        kinds = np.flatnonzero(np.bincount(joint))
        where = np.zeros(int(kinds.max(initial=0)) + 1, np.int64)
        where[kinds] = np.arange(len(kinds))
        rows, rest, offset = [np.zeros(len(kinds), np.int64)], kinds, len(self.labels)
        for names, _ in reversed(self.codes.values()):
            offset -= len(names)
            rows.append(offset + rest % len(names))
            rest = rest // len(names)
        return where[joint], np.concatenate(rows), np.tile(np.arange(len(kinds)), len(rows))

    def sum(self, vector: Array) -> Array:
        """Sum a number per family over every segment; shape (segments,)."""
        profile, segment, part = self._profile
        by_profile = np.bincount(profile, vector, len(part) // (1 + len(self.codes)))
        return np.bincount(segment, by_profile[part], len(self.labels))

    def count(self, family: Array, value: Array, values: int, weight: Array | None = None) -> Array:
        """How often each value 0..values-1 occurs in every segment, or a weight's sum over it.

        Returns
        -------
        Array, shape (segments, values)
        """
        parts = [np.bincount(value, weight, values)[None, :]]
        for names, code in self.codes.values():
            cell = code[family] * values + value
            parts.append(np.bincount(cell, weight, values * len(names)).reshape(-1, values))
        return np.concatenate(parts)


def segments_of(observed: Observed, families: Families) -> Segments:
    """Segments of every family at day 0 (see the module's text for those who came later)."""
    start, end, place = observed.start, observed.end, families.place
    first = families.generation == 0

    def lasting(name: str) -> Array:
        # What synthesis or birth gave the family; later families are read at the end.
        return np.where(first, start[name][place], end[name][place]).astype(np.int64)

    def at_start(code: Array) -> Array:
        return np.where(first, code[place], 0).astype(np.int64)

    bought = start["orders"] > 0
    channel = np.where(start["in_private_domain"] > 0, 2, np.where(bought, 1, 0))
    member = (start["group"] >= 0) + 2 * (start["loyalty_member"] > 0)
    tier = np.where(start["loyalty_member"] > 0, start["tier"] + 1, 0)
    return Segments(
        {
            "stage": (STAGES, at_start(stage_at(-start["birth_day"].astype(np.int64)))),
            "region": (tuple(observed.regions), lasting("region")),
            "persona": (PERSONAS, lasting("persona")),
            "cohort": (COHORTS, lasting("cohort")),
            "tier": (TIER_NAMES, at_start(tier)),
            "channel": (CHANNELS, at_start(channel)),
            "membership": (MEMBERSHIPS, at_start(member)),
        }
    )


__all__ = [
    "CHANNELS",
    "MEMBERSHIPS",
    "TIER_NAMES",
    "Families",
    "Segments",
    "families_of",
    "segments_of",
]
