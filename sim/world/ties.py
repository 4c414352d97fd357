"""Who knows whom, and who listens to whom: ties that take no memory.

Strong ties are a small world (Watts & Strogatz 1998): a ring over the places of a region,
some of its ties rewired to places further off. Neighbouring places are alike in region and in
the age of the child, so the ring makes friends alike (homophily). Rewired ties are random
matchings: place i is matched with the place next to it in a shuffled order, and the shuffle is
a keyed permutation (Luby & Rackoff 1988; cycle-walking after Black & Rogaway 2002). Every tie
is thus a pure function of (seed, place): symmetric, never stored, and untouched by whoever is
added behind the last place.

Followership is heavy-tailed: the popularity of candidates for key opinion consumer (KOC) falls
with their rank as a power (Barabási & Albert 1999; Newman 2005).
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.compiled import compiled
from sim.quantity import quantity
from sim.world.draws import SYNTHESIS, WORD, philox, uniform
from sim.world.exact import power

if TYPE_CHECKING:
    from sim.world.synthesis import Population

MOST_FRIENDS = 16  # length of the array that `friends_of` fills
MOST_FOLLOWED = 3
MOST_REGIONS = 16

# What a place draws for its ties, counted behind the purposes of synthesis.
_RING, _LONG, _FOLLOW, _KOC = 0x10000, 0x20000, 0x30000, 0x40000


@dataclass
class Parameters:
    """Strong ties and followership."""

    ring_reach: int = quantity("places", "ring neighbours tied on either side", 1, 5)
    rewired_in_region_share: float = quantity(
        "share of ties", "rewired to anywhere in the region", 0, 0.4
    )
    rewired_across_share: float = quantity(
        "share of ties", "rewired to another region", 0, 0.09
    )
    places_per_koc: int = quantity("households", "for one KOC candidate", 10, 100000)
    follow_chance: float = quantity("chance", "that each of three possible KOCs is followed", 0, 1)
    follow_in_region_share: float = quantity("share", "of follows within the region", 0, 1)
    popularity_exponent: float = quantity(
        "exponent", "of the density of follower counts", 1.5, 4
    )


TIES = np.dtype(
    [
        ("seed", "i8"),
        ("households", "i8"),  # places that have ties; whoever comes after them has none
        ("regions", "i8"),
        ("starts", "i8", (MOST_REGIONS + 1,)),  # first place of each region, then the end
        ("ring_reach", "i8"),
        ("kept_share", "f8"),  # ring ties not rewired
        ("layers", "i8"),  # matchings within the region
        ("layer_share", "f8"),  # chance that a match of theirs is a tie
        ("across_share", "f8"),  # the same for the one matching across regions
        ("places_per_koc", "i8"),
        ("kocs", "i8"),  # number of candidates
        ("follow_chance", "f8"),
        ("follow_in_region_share", "f8"),
        ("rank_exponent", "f8"),  # popularity of rank r is r to the power of minus this
    ],
    align=True,
)


def friendships(population: "Population", seed: int) -> Any:
    """Everything that `friends_of` and `followed` need to know, as one record.

    Parameters
    ----------
    population
        Its size, regions and `ties`.
    seed
        Seed of the run.

    Returns
    -------
    np.record of TIES
        A few hundred bytes, whatever the number of households.
    """
    from sim.world.synthesis import region_starts

    parameters = population.ties
    starts = region_starts(population)
    shares = np.diff(starts) / max(population.households, 1)
    record = np.zeros(1, TIES).view(np.recarray)[0]
    record.seed = seed
    record.households = population.households
    record.regions = len(population.regions)
    record.starts[: len(starts)] = starts
    record.ring_reach = parameters.ring_reach
    in_region, across = parameters.rewired_in_region_share, parameters.rewired_across_share
    record.kept_share = 1 - in_region - across
    wanted = 2 * parameters.ring_reach * in_region  # rewired ties a household has
    record.layers = int(np.ceil(wanted))
    record.layer_share = wanted / max(record.layers, 1)
    # A match within the region is no tie across regions; make up for those.
    outside = max(1 - float(np.sum(shares**2)), 1e-9)
    record.across_share = min(2 * parameters.ring_reach * across / outside, 1.0)
    record.places_per_koc = parameters.places_per_koc
    record.kocs = population.households // parameters.places_per_koc
    record.follow_chance = parameters.follow_chance
    record.follow_in_region_share = parameters.follow_in_region_share
    record.rank_exponent = 1 / (parameters.popularity_exponent - 1)
    return record


@compiled
def friends_of(household: int, ties: Any, out: Any) -> int:
    """Strong ties of a household.

    Parameters
    ----------
    household
        Index of the place.
    ties
        Record of TIES.
    out
        Integer array of at least MOST_FRIENDS places; filled from the front.

    Returns
    -------
    int
        Number of friends. None is named twice, none is the household itself.
    """
    if household >= ties.households:
        return 0
    region = region_of(household, ties)
    start = ties.starts[region]
    places = ties.starts[region + 1] - start
    place = household - start
    found = 0
    for distance in range(1, ties.ring_reach + 1):
        if 2 * distance >= places:
            break
        if _ring_tie(household, distance, ties):
            out[found] = start + (place + distance) % places
            found += 1
        behind = start + (place - distance) % places
        if _ring_tie(behind, distance, ties):
            out[found] = behind
            found += 1
    for layer in range(ties.layers):
        other = start + _matched(place, places, ties.seed, 1 + layer * MOST_REGIONS + region)
        gap = abs(other - household)
        far = min(gap, places - gap) > ties.ring_reach
        if far and not _named(other, out, found) and _long_tie(
            household, other, 1 + layer, ties.layer_share, ties.seed
        ):
            out[found] = other
            found += 1
    other = _matched(household, ties.households, ties.seed, 0)
    if (other < start or other >= start + places) and _long_tie(
        household, other, 0, ties.across_share, ties.seed
    ):
        out[found] = other
        found += 1
    return found


@compiled
def region_of(household: int, ties: Any) -> int:
    """Region of a place below `ties.households`."""
    region = 0
    while household >= ties.starts[region + 1]:
        region += 1
    return region


@compiled
def _ring_tie(household: int, distance: int, ties: Any) -> bool:
    """Whether the ring tie from a place to the one `distance` further on was kept."""
    return uniform(ties.seed, SYNTHESIS, household, 0, _RING + distance) < ties.kept_share


@compiled
def _long_tie(one: int, other: int, layer: int, share: float, seed: int) -> bool:
    """Whether a match is a tie: both ends ask the lower one's luck."""
    lower = min(one, other)
    return uniform(seed, SYNTHESIS, lower, 0, _LONG + layer) < share


@compiled
def _named(other: int, out: Any, found: int) -> bool:
    for i in range(found):
        if out[i] == other:
            return True
    return False


@compiled
def _matched(place: int, places: int, seed: int, key: int) -> int:
    """The place next to this one in a shuffled order of all; itself if it is left over."""
    shuffled = permuted(place, places, seed, key) ^ 1
    if shuffled >= places:
        return place
    return unpermuted(shuffled, places, seed, key)


@compiled
def permuted(x: int, size: int, seed: int, key: int) -> int:
    """Where a keyed shuffle of 0 to size-1 puts x."""
    low_bits, high_bits = _halves(size)
    while True:
        for turn in range(4):
            x = _turned(x, low_bits, high_bits, seed, key, turn)
        if x < size:
            return x


@compiled
def unpermuted(x: int, size: int, seed: int, key: int) -> int:
    """What a keyed shuffle of 0 to size-1 puts at x."""
    low_bits, high_bits = _halves(size)
    while True:
        for turn in range(3, -1, -1):
            x = _turned(x, low_bits, high_bits, seed, key, turn)
        if x < size:
            return x


@compiled
def _halves(size: int) -> tuple[int, int]:
    """Bits of the lower and the upper half of the smallest power of two that holds size."""
    bits = 2
    while (1 << bits) < size:
        bits += 1
    return bits - bits // 2, bits // 2


@compiled
def _turned(x: int, low_bits: int, high_bits: int, seed: int, key: int, turn: int) -> int:
    """One Feistel round, its own inverse: one half is changed by a hash of the other."""
    low = x & ((1 << low_bits) - 1)
    high = x >> low_bits
    secret = (seed ^ (seed >> 32) ^ (key * 0x632BE5AB + turn * 0x3C6EF372)) & WORD
    if turn & 1:
        low ^= _mixed(high ^ secret) & ((1 << low_bits) - 1)
    else:
        high ^= _mixed(low ^ secret) & ((1 << high_bits) - 1)
    return (high << low_bits) | low


@compiled
def _mixed(x: int) -> int:
    """Mix 32 bits: the finaliser of MurmurHash3 (Appleby 2011)."""
    x = (x ^ (x >> 16)) * 0x85EBCA6B & WORD
    x = (x ^ (x >> 13)) * 0xC2B2AE35 & WORD
    return x ^ (x >> 16)


@compiled
def koc_household(koc: int, ties: Any) -> int:
    """Place of a KOC candidate: one, drawn by lot, of each `places_per_koc` neighbours."""
    lot = uniform(ties.seed, SYNTHESIS, koc, 0, _KOC)
    return koc * ties.places_per_koc + int(lot * ties.places_per_koc)


@compiled
def koc_of(household: int, ties: Any) -> int:
    """Index of the candidate who lives in this place, -1 if none does."""
    koc = household // ties.places_per_koc
    if koc < ties.kocs and koc_household(koc, ties) == household:
        return koc
    return -1


@compiled
def followed(household: int, k: int, ties: Any) -> int:
    """The k-th KOC candidate that a household follows.

    Parameters
    ----------
    household
        Index of the place.
    k
        0 to MOST_FOLLOWED - 1.
    ties
        Record of TIES.

    Returns
    -------
    int
        Index of the candidate, -1 if this follow does not exist. Two may coincide.
    """
    if household >= ties.households or ties.kocs == 0:
        return -1
    words = philox(
        household & WORD, 0, _FOLLOW + k, SYNTHESIS, ties.seed & WORD, (ties.seed >> 32) & WORD
    )
    if (words[0] + 0.5) / 4294967296.0 >= ties.follow_chance:
        return -1
    region = 0  # key 0 ranks the candidates of the whole country
    first, kocs = 0, ties.kocs
    if (words[1] + 0.5) / 4294967296.0 < ties.follow_in_region_share:
        region = region_of(household, ties)
        first = ties.starts[region] // ties.places_per_koc
        kocs = ties.starts[region + 1] // ties.places_per_koc - first
        region += 1
        if kocs <= 0:
            return -1
    rank = _ranked((words[2] + 0.5) / 4294967296.0, kocs, ties.rank_exponent)
    koc = first + permuted(rank, kocs, ties.seed, 1000 + region)
    return -1 if koc_household(koc, ties) == household else koc


@compiled
def _ranked(u: float, kocs: int, exponent: float) -> int:
    """Rank 0 to kocs-1, drawn with weight (rank + 1) to the power of minus exponent."""
    rest = 1.0 - exponent
    if abs(rest) < 1e-9:
        return min(int(power(kocs + 1.0, u)) - 1, kocs - 1)
    span = power(kocs + 1.0, rest) - 1.0
    return min(int(power(1.0 + u * span, 1.0 / rest)) - 1, kocs - 1)


def koc_households(ties: Any) -> np.ndarray[Any, np.dtype[np.int32]]:
    """Places of all KOC candidates, rising; position is the candidate's index."""
    return np.array([koc_household(koc, ties) for koc in range(ties.kocs)], np.int32)


@compiled
def _count_followers(ties: Any, counts: Any) -> None:
    for household in range(ties.households):
        for k in range(3):
            koc = followed(household, k, ties)
            if koc >= 0:
                counts[koc] += 1


def follower_counts(ties: Any) -> np.ndarray[Any, np.dtype[np.int32]]:
    """Followers of each KOC candidate."""
    counts = np.zeros(int(ties.kocs), np.int32)
    _count_followers(ties, counts)
    return counts
