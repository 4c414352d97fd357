import numpy as np
import pytest

from sim.world.draws import (
    GROUP,
    HOUSEHOLD,
    NEXT_NEED,
    PASSING_TASTE,
    SYNTHESIS,
    named_purpose,
    philox,
    uniform,
)
from tests.machine import as_machine, machine

# Random123, tests/kat_vectors: philox4x32 10, counter, key, expected.
KNOWN = [
    ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
    (
        (0xFFFFFFFF,) * 4,
        (0xFFFFFFFF,) * 2,
        (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD),
    ),
    (
        (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
        (0xA4093822, 0x299F31D0),
        (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
    ),
]


@as_machine
def _many(n, seed, kind, day, purpose, out):
    for who in range(n):
        out[who] = uniform(seed, kind, who, day, purpose)


def many(n=200_000, seed=1, kind=HOUSEHOLD, day=0, purpose=0):
    out = np.zeros(n)
    _many(n, seed, kind, day, purpose, out)
    return out


@pytest.mark.parametrize(("counter", "key", "expected"), KNOWN)
@pytest.mark.parametrize("function", [machine(philox), philox], ids=["compiled", "plain"])
def test_philox_gives_the_published_vectors(function, counter, key, expected):
    assert function(*counter, *key) == expected


def test_uniform_is_uniform():
    u = many()
    n = len(u)
    assert u.min() > 0
    assert u.max() < 1
    assert abs(u.mean() - 0.5) < 4.5 / np.sqrt(12 * n)  # 4.5 sd: 1 in 150,000
    assert abs(u.var() - 1 / 12) < 4.5 * np.sqrt(1 / 180 / n)
    bins = np.bincount((u * 64).astype(int), minlength=64)
    chi2 = ((bins - n / 64) ** 2 / (n / 64)).sum()
    assert 25 < chi2 < 120  # 63 degrees of freedom: outside 1 in 100,000


@pytest.mark.parametrize(
    "other",
    [
        {"purpose": 1},
        {"purpose": 4},
        {"day": 1},
        {"day": -1},
        {"kind": GROUP},
        {"seed": 2},
        {"seed": 1 + 2**40},
    ],
    ids=str,
)
def test_draws_of_another_purpose_day_kind_or_seed_are_unrelated(other):
    one, two = many(), many(**other)
    assert abs(np.corrcoef(one, two)[0, 1]) < 4.5 / np.sqrt(len(one))
    assert not (one == two).any() or (one == two).mean() < 1e-4


def test_neighbours_draw_unrelated_numbers():
    u = many()
    assert abs(np.corrcoef(u[:-1], u[1:])[0, 1]) < 4.5 / np.sqrt(len(u))


def test_compiled_and_plain_draw_the_same_bits():
    twin = machine(uniform)
    for seed in (0, 7, 2**61 + 12345):
        for who in (0, 1, 39_999_999, 2**32 - 1):
            for day in (-180, 0, 364):
                for purpose in (0, 1, 2, 3, NEXT_NEED, PASSING_TASTE, named_purpose("coupon")):
                    asked = (seed, SYNTHESIS, who, day, purpose)
                    assert uniform(*asked) == twin(*asked)


def test_a_named_purpose_begins_a_block_of_its_own_behind_the_numbered_ones():
    names = ["coupon", "referral", "scandal", "ab_test"]
    purposes = {named_purpose(name) for name in names}
    assert len(purposes) == len(names)
    assert all(p % 4 == 0 and p > 100 for p in purposes)
    assert named_purpose("coupon") == named_purpose("coupon")
