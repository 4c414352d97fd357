"""The NBD-Dirichlet: how often people buy a kind of goods, and at which of several shops.

Ehrenberg 1959 and Goodhardt, Ehrenberg & Chatfield 1984: purchases of a household in a period are
Poisson with a rate that is gamma over households (together a negative binomial, NBD), and each
purchase falls to a shop by chances that are Dirichlet over households. It has no loyalty that
grows and no dislike; what markets do by themselves, whoever is in them, it tells all the same.
"""

from typing import NamedTuple, Self

import numpy as np
from scipy.optimize import brentq
from scipy.special import gammaln

from sim.indicators.observed import Array

LEAST_S, MOST_S = 1e-4, 1e4  # from one shop each for good, to a new lot at every purchase
LARGEST_SHAPE = 1e6  # of the NBD, from which on it is a Poisson distribution


class Dirichlet(NamedTuple):
    """What was fitted: purchases per household, their NBD's shape, S, and the shops' shares."""

    mean: float
    shape: float
    s: float
    shares: Array

    @classmethod
    def fitted(cls, counts: Array) -> Self:
        """Fit to purchases of households at shops, shape (households, shops), as its authors do.

        The NBD by mean and zero class, S by each shop's buyers, weighted with the shops' shares.
        """
        total = counts.sum(axis=1)
        mean, shares = float(total.mean()), counts.sum(axis=0) / counts.sum()
        shape = nbd_shape(mean, float((total == 0).mean()))
        chances = nbd_chances(mean, shape)
        bought = (counts > 0).mean(axis=0)
        each = [_s_of(share, of, chances) for share, of in zip(shares, bought, strict=True)]
        return cls(mean, shape, float(np.dot(each, shares)), shares)

    @property
    def penetrations(self) -> Array:
        """Share of households who buy at each shop in the period."""
        chances = nbd_chances(self.mean, self.shape)
        return np.array([penetration(share, self.s, chances) for share in self.shares])

    @property
    def frequencies(self) -> Array:
        """Purchases of those who do."""
        return self.mean * self.shares / self.penetrations


def nbd_shape(mean: float, zeros: float) -> float:
    """Shape of the NBD with this mean and share of zeros; that of a Poisson where none has it.

    As few zeros as a Poisson distribution has, or fewer, no NBD has: its shape has no end then.
    """
    if zeros <= np.exp(-mean) * (1.0 + 1e-9) or zeros >= 1.0:
        return LARGEST_SHAPE

    def off(log_shape: float) -> float:
        shape = np.exp(log_shape)
        return float(-shape * np.log1p(mean / shape) - np.log(zeros))

    lowest, highest = -20.0, np.log(LARGEST_SHAPE)
    if off(lowest) * off(highest) > 0.0:
        return LARGEST_SHAPE
    return float(np.exp(brentq(off, lowest, highest)))


def nbd_chances(mean: float, shape: float) -> Array:
    """Chances of 0, 1, 2, ... purchases, to where hardly any are left."""
    spread = np.sqrt(mean * (1.0 + mean / shape))
    n = np.arange(int(mean + 15.0 * spread) + 30)
    log = gammaln(shape + n) - gammaln(shape) - gammaln(n + 1.0)
    log += n * np.log(mean / (mean + shape)) - shape * np.log1p(mean / shape)
    return np.asarray(np.exp(log))


def penetration(share: float, s: float, chances: Array) -> float:
    """Share of households who buy at a shop at all, by the chances of how often they buy."""
    n, others = np.arange(len(chances)), s * (1.0 - share)
    never = np.exp(gammaln(others + n) - gammaln(others) - gammaln(s + n) + gammaln(s))
    return float(1.0 - chances @ never)


def _s_of(share: float, bought: float, chances: Array) -> float:
    """S with which a shop of this share has so many buyers; an end, where none has."""
    few, many = (penetration(share, s, chances) for s in (LEAST_S, MOST_S))
    if bought <= few or share >= 1.0:
        return LEAST_S
    if bought >= many:
        return MOST_S
    found = brentq(lambda log: penetration(share, np.exp(log), chances) - bought,
                   np.log(LEAST_S), np.log(MOST_S))  # fmt: skip
    return float(np.exp(found))


__all__ = ["LARGEST_SHAPE", "Dirichlet", "nbd_chances", "nbd_shape", "penetration"]
