"""Who knows whom: strong ties that take no memory.

Strong ties are a small world (Watts & Strogatz 1998): a ring over the places of a region,
some of its ties rewired to places further off. Neighbouring places are alike in region and in
the age of the child, so the ring makes friends alike (homophily). Rewired ties are random
matchings: a place is matched with the one beside it in a shuffled order. Every tie is thus a
pure function of (seed, place): symmetric, never stored, and untouched by whoever is added
behind the last place.
"""

import numpy as np

from sim.compilation.compiled import compiled
from sim.world.population import MOST_REGIONS, Population, region_starts
from sim.world.protocols import Numbers, TiesRecord
from sim.world.shuffle import bits_of, lot, partner, secret_of

MOST_FRIENDS = 16  # length of the array that `friends_of` fills
MOST_REACH = 5
_LAYERS = 4  # matchings within a region, at most

# What has a secret of its own: the ring's lots by distance, then each matching.
_RING, _SHUFFLE = 0, 16

TIES = np.dtype(
    [
        ("seed", "i8"),
        ("households", "i8"),  # places that have ties; whoever comes after them has none
        ("regions", "i8"),
        ("starts", "i8", (MOST_REGIONS + 1,)),  # first place of each region, then the end
        ("bits", "i8", (MOST_REGIONS + 1,)),  # of each region's size, then of all together
        ("ring_secrets", "i8", (MOST_REACH + 1,)),  # by distance
        ("shuffle_secrets", "i8", (_LAYERS + 1,)),  # by layer; the last runs across regions
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


def friendships(population: Population, seed: int) -> TiesRecord:
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
    parameters = population.ties
    starts = region_starts(population)
    shares = np.diff(starts) / max(population.households, 1)
    record = np.zeros(1, TIES).view(np.recarray)[0]
    record.seed = seed
    record.households = population.households
    record.regions = len(population.regions)
    record.starts[: len(starts)] = starts
    record.bits[: len(starts) - 1] = [bits_of(size) for size in np.diff(starts).tolist()]
    record.bits[MOST_REGIONS] = bits_of(population.households)
    record.ring_secrets[:] = [secret_of(seed, _RING + i) for i in range(MOST_REACH + 1)]
    record.shuffle_secrets[:] = [secret_of(seed, _SHUFFLE + i) for i in range(_LAYERS + 1)]
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
def friends_of(household: int, ties: TiesRecord, out: Numbers[int]) -> int:
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
        ahead = household + distance
        if ahead >= start + places:
            ahead -= places
        behind = household - distance
        if behind < start:
            behind += places
        # A ring tie belongs to its hinder end, whose lot decides whether it is kept.
        if lot(household, ties.ring_secrets[distance]) < ties.kept_share:
            out[found] = ahead
            found += 1
        if lot(behind, ties.ring_secrets[distance]) < ties.kept_share:
            out[found] = behind
            found += 1
    for layer in range(ties.layers):
        # Each region is shuffled in its own way: its number is part of the secret.
        secret = ties.shuffle_secrets[layer] + region
        other = partner(place, places, ties.bits[region], secret, ties.layer_share)
        gap = abs(other - place)
        near = min(gap, places - gap) <= ties.ring_reach
        if not near and not _named(start + other, out, found):
            out[found] = start + other
            found += 1
    bits, secret = ties.bits[MOST_REGIONS], ties.shuffle_secrets[_LAYERS]
    other = partner(household, ties.households, bits, secret, ties.across_share)
    if other < start or other >= start + places:
        out[found] = other
        found += 1
    return found


@compiled
def region_of(household: int, ties: TiesRecord) -> int:
    """Region of a place below `ties.households`."""
    region = 0
    while household >= ties.starts[region + 1]:
        region += 1
    return region


@compiled
def _named(other: int, out: Numbers[int], found: int) -> bool:
    for i in range(found):  # noqa: SIM110 - numba has no any() over a generator
        if out[i] == other:
            return True
    return False
