"""Who listens to whom: followership, with a heavy tail.

The popularity of candidates for key opinion consumer (KOC) falls with their rank as a power
(Barabási & Albert 1999; Newman 2005). Whom a household follows is a pure function of (seed,
place), like its friends: nothing is stored.
"""

import numpy as np
from numpy.typing import NDArray

from sim.compilation.compiled import compiled, entry_point
from sim.world.draws import SYNTHESIS, WORD, between, philox, uniform
from sim.world.portable_math import power
from sim.world.protocols import TiesRecord
from sim.world.shuffle import bits_of, permuted, secret_of
from sim.world.ties import region_of

MOST_FOLLOWED = 3

# What a place draws here, counted behind the purposes of synthesis.
_FOLLOW, _KOC = 0x30000, 0x40000
_SHUFFLE = 2048  # ranks of the country's candidates, then of each region's


@compiled
def koc_household(koc: int, ties: TiesRecord) -> int:
    """Place of a KOC candidate: one, drawn by lot, of each `places_per_koc` neighbours."""
    koc = int(koc)
    where = uniform(int(ties.seed), SYNTHESIS, koc, 0, _KOC)
    return int(koc * ties.places_per_koc + int(where * ties.places_per_koc))


@compiled
def followed(household: int, k: int, ties: TiesRecord) -> int:
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
    seed = int(ties.seed)
    words = philox(household & WORD, 0, _FOLLOW + k, SYNTHESIS, seed & WORD, (seed >> 32) & WORD)
    if between(words[0]) >= ties.follow_chance:
        return -1
    region = 0  # key 0 ranks the candidates of the whole country
    first, kocs = 0, ties.kocs
    if between(words[1]) < ties.follow_in_region_share:
        region = region_of(household, ties)
        first = ties.starts[region] // ties.places_per_koc
        kocs = ties.starts[region + 1] // ties.places_per_koc - first
        region += 1
        if kocs <= 0:
            return -1
    rank = _ranked(between(words[2]), kocs, ties.rank_exponent)
    koc = first + permuted(rank, kocs, bits_of(kocs), secret_of(ties.seed, _SHUFFLE + region))
    return -1 if koc_household(koc, ties) == household else koc


@compiled
def _ranked(u: float, kocs: int, exponent: float) -> int:
    """Rank 0 to kocs-1, drawn with weight (rank + 1) to the power of minus exponent."""
    rest = 1.0 - exponent
    if abs(rest) < 1e-9:
        return min(int(power(kocs + 1.0, u)) - 1, kocs - 1)
    span = power(kocs + 1.0, rest) - 1.0
    return min(int(power(1.0 + u * span, 1.0 / rest)) - 1, kocs - 1)


def koc_households(ties: TiesRecord) -> NDArray[np.int32]:
    """Places of all KOC candidates, rising; position is the candidate's index."""
    return np.array([koc_household(koc, ties) for koc in range(ties.kocs)], np.int32)


@entry_point
def _count_followers(ties: TiesRecord, counts: NDArray[np.int32]) -> None:
    for household in range(ties.households):
        for k in range(MOST_FOLLOWED):
            koc = followed(household, k, ties)
            if koc >= 0:
                counts[koc] += 1


def follower_counts(ties: TiesRecord) -> NDArray[np.int32]:
    """Followers of each KOC candidate."""
    counts = np.zeros(int(ties.kocs), np.int32)
    _count_followers(ties, counts)
    return counts
