"""Shapley shares of set functions whose shares are known."""

from collections.abc import Callable
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.experiments.shapley import Worth, antithetic_orders, exact, on_the_way, sampled


def game(of: Callable[[set[int]], float]) -> Worth:
    """A set function with one outcome."""
    return lambda coalition: np.array([of({i for i in range(20) if coalition >> i & 1})])


def random_game(players: int, seed: int) -> Worth:
    """Any set function at all, with two outcomes."""
    worths = np.random.default_rng(seed).normal(size=(1 << players, 2))
    return lambda coalition: worths[coalition]


def gloves(left: int) -> Worth:
    """The first players have a left glove each, the others a right one; pairs are worth 1."""
    return game(lambda s: min(sum(i < left for i in s), sum(i >= left for i in s)))


def test_without_interaction_everyone_gets_what_he_adds_alone() -> None:
    own = [3.0, -1.0, 0.5, 8.0]
    additive = game(lambda s: 100.0 + sum(own[i] for i in s))
    assert exact(additive, 4)[:, 0] == pytest.approx(own)
    for count in (2, 6):
        shares, error = sampled(additive, antithetic_orders(4, count, 1))
        assert shares[:, 0] == pytest.approx(own)
        assert error[:, 0] == pytest.approx(0.0 if count > 2 else np.nan, nan_ok=True, abs=1e-9)


def test_the_glove_game_has_its_known_answer() -> None:
    # two left gloves and one right one (Shapley 1953): 1/6, 1/6, 4/6
    assert exact(gloves(2), 3)[:, 0] == pytest.approx([1 / 6, 1 / 6, 4 / 6])
    # one against three: 3/4 for the one, 1/12 for each of the others
    assert exact(gloves(1), 4)[:, 0] == pytest.approx([3 / 4, 1 / 12, 1 / 12, 1 / 12])


def test_shares_are_means_over_all_orders() -> None:
    worth = random_game(4, 7)
    added = np.zeros((4, 2))
    for order in permutations(range(4)):
        for before, after, player in zip(
            on_the_way(order), on_the_way(order)[1:], order, strict=False
        ):
            added[player] += (worth(after) - worth(before)) / 24
    assert exact(worth, 4) == pytest.approx(added)


@given(st.integers(1, 6), st.integers(0, 1000))
def test_shares_add_up_to_the_whole(players: int, seed: int) -> None:
    worth = random_game(players, seed)
    whole = worth((1 << players) - 1) - worth(0)
    orders = antithetic_orders(players, 4, seed)
    for shares in (exact(worth, players), sampled(worth, orders).shares):
        assert shares.sum(axis=0) == pytest.approx(whole, abs=1e-12)


def test_players_that_do_the_same_get_the_same() -> None:
    worth = game(lambda s: float(len(s & {0, 2}) ** 2) + 5 * (1 in s) * len(s & {0, 2}))
    shares = exact(worth, 3)[:, 0]
    assert shares[0] == shares[2] > 0


def test_who_adds_nothing_to_anybody_gets_exactly_nothing() -> None:
    others = random_game(5, 3)
    worth: Worth = lambda coalition: others(coalition & 0b10111)  # noqa: E731 - player 3 is none
    assert exact(worth, 5)[3].tolist() == [0.0, 0.0]
    shares, error = sampled(worth, antithetic_orders(5, 6, 2))
    assert shares[3].tolist() == error[3].tolist() == [0.0, 0.0]


def test_orders_come_with_their_reverse_and_few_are_the_first_of_many() -> None:
    many = antithetic_orders(12, 10, 5)
    assert all(sorted(order) == list(range(12)) for order in many)
    assert [order[::-1] for order in many[0::2]] == many[1::2]
    assert antithetic_orders(12, 4, 5) == many[:4]
    assert antithetic_orders(12, 4, 6) != many[:4]


def test_one_pair_of_orders_shares_exactly_what_two_do_to_one_another() -> None:
    both = np.random.default_rng(1).normal(size=(6, 6))
    worth = game(lambda s: sum(both[i, j] for i in s for j in s if i <= j))
    for seed in range(5):
        shares = sampled(worth, antithetic_orders(6, 2, seed)).shares
        assert shares == pytest.approx(exact(worth, 6))


def test_drawn_orders_agree_with_all_orders_within_their_error() -> None:
    worth = random_game(6, 11)
    true = exact(worth, 6)
    off = []
    for seed in range(200):
        shares, error = sampled(worth, antithetic_orders(6, 40, seed))
        off.append((shares - true) / error)
    scores = np.array(off)
    assert abs(scores.mean()) < 0.1, "no bias"
    assert 0.85 < scores.std() < 1.25, "the error is the one that is told"
    many = sampled(worth, antithetic_orders(6, 4000, 1))
    assert np.abs(many.shares - true).max() < 4 * many.error.max()
    assert many.error.max() < 0.2 * sampled(worth, antithetic_orders(6, 40, 1)).error.max()
