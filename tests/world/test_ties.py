from collections import deque

import numpy as np
import pytest

from sim.world.followers import (
    MOST_FOLLOWED,
    followed,
    follower_counts,
    koc_household,
    koc_households,
)
from sim.world.shuffle import bits_of, lot, partner, permuted, secret_of, unpermuted
from sim.world.synthesis import region_starts, synthesise
from sim.world.ties import MOST_FRIENDS, friends_of, friendships, region_of
from tests.machine import as_machine, machine
from tests.worlds import population

SEED = 4242


@as_machine
def _everyone(ties, n, table, counts):
    out = np.zeros(16, np.int64)
    for household in range(n):
        counts[household] = friends_of(household, ties, out)
        table[household, :] = -1
        for i in range(counts[household]):
            table[household, i] = out[i]


def everyone(ties, n):
    table, counts = np.zeros((n, MOST_FRIENDS), np.int64), np.zeros(n, np.int64)
    _everyone(ties, n, table, counts)
    return [set(row[:k].tolist()) for row, k in zip(table, counts, strict=True)], counts


@pytest.fixture(scope="module")
def world():
    given = population(5000)
    ties = friendships(given, SEED)
    friends, counts = everyone(ties, 5000)
    return given, ties, friends, counts


def clustering(friends):
    shares = []
    for mine in friends:
        if len(mine) > 1:
            known = sum(len(mine & friends[f]) for f in mine)
            shares.append(known / (len(mine) * (len(mine) - 1)))
    return float(np.mean(shares))


def mean_distance(friends, sources):
    total = reached = 0
    for source in sources:
        distance = {source: 0}
        queue = deque([source])
        while queue:
            here = queue.popleft()
            for f in friends[here]:
                if f not in distance:
                    distance[f] = distance[here] + 1
                    queue.append(f)
        total += sum(distance.values())
        reached += len(distance) - 1
    return total / reached, reached / (len(sources) * (len(friends) - 1))


def test_ties_are_symmetric_and_nobody_is_named_twice_or_befriends_themselves(world):
    _, _, friends, counts = world
    assert [len(f) for f in friends] == counts.tolist()
    for household, mine in enumerate(friends):
        assert household not in mine
        assert all(household in friends[f] for f in mine)


@pytest.mark.parametrize("n", [1, 2, 3, 7, 12, 40, 200])
def test_small_populations_are_symmetric_too(n):
    friends, counts = everyone(friendships(population(n), SEED), n)
    assert [len(f) for f in friends] == counts.tolist()
    assert all(i in friends[f] for i, mine in enumerate(friends) for f in mine)
    assert all(i not in mine for i, mine in enumerate(friends))


def test_six_ties_on_average_and_few_without(world):
    _, _, _, counts = world
    assert counts.mean() == pytest.approx(6, abs=0.1)
    assert counts.max() <= MOST_FRIENDS
    assert (counts == 0).mean() < 0.001


def test_the_world_is_small(world):
    given, _, friends, counts = world
    n, degree = len(friends), counts.mean()
    random_clustering, random_distance = degree / n, np.log(n) / np.log(degree)
    assert clustering(friends) > 100 * random_clustering
    assert clustering(friends) > 0.2
    distance, reached = mean_distance(friends, range(0, n, 250))
    assert reached > 0.99
    assert distance < 2.5 * random_distance
    ring = n * max(r.share for r in given.regions) / (4 * given.ties.ring_reach)
    assert distance < ring / 5  # far below a ring without rewiring


def test_friends_live_and_raise_children_alike(world):
    given, ties, friends, _ = world
    people = synthesise(given, SEED)
    pairs = np.array([(i, f) for i, mine in enumerate(friends) for f in mine])
    region = people.region.astype(int)[pairs]
    across = (region[:, 0] != region[:, 1]).mean()
    assert across == pytest.approx(given.ties.rewired_across_share, abs=0.006)
    gap = np.abs(np.diff(people.birth_day.astype(int)[pairs], axis=1))
    assert (gap < 60).mean() > 0.75
    assert region_of(0, ties) == 0
    assert region_of(4999, ties) == region[-1, 0] == len(given.regions) - 1


def test_one_household_more_that_is_isolated_changes_nobodys_ties(world):
    _, ties, friends, _ = world
    more, counts = everyone(ties, 5001)  # the record says 5000 have ties
    assert counts[5000] == 0
    assert more[:5000] == friends
    assert all(5000 not in mine for mine in more)
    assert all(followed(5000, k, ties) == -1 for k in range(MOST_FOLLOWED))


def test_another_seed_makes_other_ties(world):
    _, _, friends, _ = world
    other, _ = everyone(friendships(population(5000), SEED + 1), 5000)
    assert np.mean([len(a & b) / max(len(a), 1) for a, b in zip(friends, other, strict=True)]) < 0.9


def test_compiled_and_plain_name_the_same_friends_and_kocs(world):
    _, ties, friends, _ = world
    twin, follows = machine(friends_of), machine(followed)
    out = np.zeros(MOST_FRIENDS, np.int64)
    for household in range(0, 5000, 97):
        assert set(out[: twin(household, ties, out)].tolist()) == friends[household]
        for k in range(MOST_FOLLOWED):
            assert follows(household, k, ties) == followed(household, k, ties)


def test_without_rewiring_there_is_only_the_ring():
    given = population(600)
    given.ties.rewired_in_region_share = given.ties.rewired_across_share = 0.0
    friends, counts = everyone(friendships(given, SEED), 600)
    assert (counts == 6).all()
    assert friends[10] == {7, 8, 9, 11, 12, 13}
    end = int(region_starts(given)[1])
    assert friends[0] == {1, 2, 3, end - 1, end - 2, end - 3}
    assert clustering(friends) == pytest.approx(0.6)  # Watts & Strogatz: 3 (k - 2) / 4 (k - 1)


@pytest.mark.parametrize("size", [1, 2, 3, 5, 16, 17, 1000, 4097])
def test_a_shuffle_is_a_permutation_with_its_inverse(size):
    bits, secret = bits_of(size), secret_of(SEED, 5)
    put = [permuted(x, size, bits, secret) for x in range(size)]
    assert sorted(put) == list(range(size))
    assert [unpermuted(p, size, bits, secret) for p in put] == list(range(size))


def test_a_shuffle_leaves_no_order():
    size = 20_000
    bits = bits_of(size)
    put = np.array([permuted(x, size, bits, secret_of(SEED, 6)) for x in range(size)])
    other = np.array([permuted(x, size, bits, secret_of(SEED, 7)) for x in range(size)])
    limit = 4.5 / np.sqrt(size)
    assert abs(np.corrcoef(put, np.arange(size))[0, 1]) < limit
    assert abs(np.corrcoef(put[1:], put[:-1])[0, 1]) < limit
    assert abs(np.corrcoef(put, other)[0, 1]) < limit


def test_partners_are_mutual_and_as_many_as_asked():
    size, bits, secret = 9999, bits_of(9999), secret_of(SEED, 8)
    mates = np.array([partner(x, size, bits, secret, 0.3) for x in range(size)])
    assert (mates[mates] == np.arange(size)).all()
    assert (mates != np.arange(size)).mean() == pytest.approx(0.3, abs=0.03)


def test_lots_are_uniform():
    u = np.array([lot(x, secret_of(SEED, 9)) for x in range(50_000)])
    assert abs(u.mean() - 0.5) < 4.5 / np.sqrt(12 * len(u))
    bins = np.bincount((u * 64).astype(int), minlength=64)
    assert 25 < ((bins - len(u) / 64) ** 2 / (len(u) / 64)).sum() < 120


@pytest.fixture(scope="module")
def listened():
    given = population(200_000)
    ties = friendships(given, SEED)
    return given, ties, follower_counts(ties)


def test_one_candidate_of_each_neighbourhood(listened):
    given, ties, counts = listened
    kocs = koc_households(ties)
    assert kocs.dtype == np.int32
    assert len(kocs) == len(counts) == 1000
    assert (kocs // given.ties.places_per_koc == np.arange(1000)).all()
    assert koc_household(3, ties) == kocs[3]


def test_households_follow_as_many_as_given(listened):
    given, ties, counts = listened
    assert counts.sum() / given.households == pytest.approx(3 * given.ties.follow_chance, rel=0.01)
    follows = [followed(200, k, ties) for k in range(MOST_FOLLOWED)]
    assert all(-1 <= f < 1000 for f in follows)


def test_popularity_has_the_tail_it_should(listened):
    # A national and regional rankings overlap; the tail is that of each.
    given, _, _ = listened
    one_ranking = population(200_000)
    one_ranking.ties.follow_in_region_share = 0.0
    counts = np.sort(follower_counts(friendships(one_ranking, SEED)))[::-1].astype(float)
    rank = np.arange(1, len(counts) + 1)
    body = slice(9, 300)  # away from the first few, where ranks are discrete
    slope = np.polyfit(np.log(rank[body]), np.log(counts[body]), 1)[0]
    assert 1 - 1 / slope == pytest.approx(given.ties.popularity_exponent, abs=0.1)


def test_a_few_kocs_have_most_of_the_followers(listened):
    _, _, counts = listened
    ordered = np.sort(counts)[::-1]
    assert ordered[:100].sum() > 0.4 * counts.sum()
    assert ordered[0] > 20 * np.median(counts)


def test_followers_prefer_their_own_region(listened):
    given, ties, _ = listened
    home = [region_of(int(h), ties) for h in koc_households(ties)]
    same = [
        home[koc] == region_of(household, ties)
        for household in range(0, 200_000, 37)
        if (koc := followed(household, 0, ties)) >= 0
    ]
    assert np.mean(same) > given.ties.follow_in_region_share
