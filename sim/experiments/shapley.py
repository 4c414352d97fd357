"""Shares of a joint effect after Shapley (1953), exact or from orders drawn at random.

A player's share is what it adds when it joins, averaged over all orders in which players can join.
A coalition is a whole number whose bits are its players; what it is worth may be several numbers
at once, one per outcome.
"""

from collections.abc import Callable, Sequence
from math import comb
from typing import NamedTuple

import numpy as np

from sim.experiments.critical import Floats

Worth = Callable[[int], Floats]  # of a coalition, shape (outcomes,)
Order = Sequence[int]  # players in the order in which they join


class Sampled(NamedTuple):
    """Shares from some of the orders.

    Attributes
    ----------
    shares
        Shape (players, outcomes).
    error
        Their standard errors from the choice of orders alone; missing for a single pair.
    """

    shares: Floats
    error: Floats


def exact(worth: Worth, players: int) -> Floats:
    """Shares from all coalitions, shape (players, outcomes)."""
    worths = np.array([worth(coalition) for coalition in range(1 << players)])
    shares = np.zeros((players, worths.shape[1]))
    for player in range(players):
        for coalition in range(1 << players):
            if not coalition >> player & 1:
                weight = 1.0 / (players * comb(players - 1, coalition.bit_count()))
                shares[player] += weight * (worths[coalition | 1 << player] - worths[coalition])
    return shares


def antithetic_orders(players: int, count: int, seed: int) -> list[list[int]]:
    """Orders drawn at random, each followed by its reverse.

    In one of the two a player joins before another, in the other after it, so that what two
    players do to one another is shared evenly by every pair of orders: shares are exact where no
    three players act together. The first of many orders are the orders of few.

    Parameters
    ----------
    count
        How many, an even number.
    """
    rng = np.random.Generator(np.random.Philox([seed, players]))
    drawn = [rng.permutation(players).tolist() for _ in range(count // 2)]
    return [order for each in drawn for order in (each, each[::-1])]


def on_the_way(order: Order) -> list[int]:
    """The coalitions that come about while players join, from nobody to everybody."""
    found = [0]
    for player in order:
        found.append(found[-1] | 1 << player)
    return found


def sampled(worth: Worth, orders: Sequence[Order]) -> Sampled:
    """Shares from antithetic orders, as `antithetic_orders` gives them.

    They are without bias, and add up to what everybody is worth together, whatever the orders.
    """
    added = np.array([_added(worth, order) for order in orders])
    pairs = (added[0::2] + added[1::2]) / 2.0
    error = np.full(pairs.shape[1:], np.nan)
    if len(pairs) > 1:
        error = pairs.std(axis=0, ddof=1) / np.sqrt(len(pairs))
    return Sampled(pairs.mean(axis=0), error)


def _added(worth: Worth, order: Order) -> Floats:
    """What each player adds when it joins, shape (players, outcomes)."""
    worths = np.array([worth(coalition) for coalition in on_the_way(order)])
    added = np.empty_like(worths[1:])
    added[list(order)] = np.diff(worths, axis=0)
    return added


__all__ = ["Order", "Sampled", "Worth", "antithetic_orders", "exact", "on_the_way", "sampled"]
