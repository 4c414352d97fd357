"""BG/NBD: customers buy at their own pace, and may drop out after any repeat purchase.

Fader, Hardie & Lee 2005, "Counting your customers" the easy way, Marketing Science 24(2): a
customer buys as a Poisson process of rate lambda, which is Gamma(r, alpha) over customers, and
drops out after a repeat purchase with probability p, which is Beta(a, b). Time in weeks.
"""

from typing import NamedTuple, Self

import numpy as np
from scipy.special import betaincinv, betaln, gammaln

from sim.order_log.history import Floats, History
from sim.order_log.likelihood import Known, in_weeks, known, most_likely

STARTS = ((0.5, 5.0, 0.7, 2.0), (1.0, 10.0, 0.3, 5.0))
PLACES, WEIGHTS = np.polynomial.legendre.leggauss(128)
SHARES, WEIGHTS = 0.5 * (PLACES + 1.0), 0.5 * WEIGHTS  # of customers who drop out less easily


class BgNbd(NamedTuple):
    """Parameters: r, alpha (weeks) of the pace; a, b of dropping out."""

    r: float
    alpha: float
    a: float
    b: float

    @classmethod
    def fitted(cls, history: History) -> Self:
        """The parameters under which what was bought is most likely."""
        seen = known(history)
        return cls(
            *map(float, most_likely(lambda p: float(seen.many @ log_likelihood(p, seen)), STARTS))
        )

    def alive(self, history: History) -> Floats:
        """Probability that each customer has not dropped out by the cut (their equation 11)."""
        x, recency, age = _read(history)
        odds = self.a / (self.b + np.maximum(x, 1.0) - 1.0)
        odds = odds * np.exp((self.r + x) * np.log((self.alpha + age) / (self.alpha + recency)))
        return np.asarray(np.where(x > 0, 1.0 / (1.0 + odds), 1.0), float)

    def expected(self, history: History, days: float) -> Floats:
        """Purchases that each will make within so many days (their equation 10).

        Of who is alive: the mean of (1 - (1 + p t / (alpha + T))^-(r + x)) / p over how easily one
        drops out, p. Their hypergeometric function is the same, and libraries lose it without
        saying so where hardly anybody drops out.
        """
        x, _, age = _read(history)
        ratio = in_weeks(days) / (self.alpha + age)
        kinds, kind = np.unique(x, return_inverse=True)
        p = betaincinv(self.a, (self.b + kinds)[:, None], SHARES[None, :])
        told = np.zeros(len(x))
        for place, weight in enumerate(WEIGHTS):
            drop = np.maximum(p[kind, place], np.finfo(float).tiny)
            told += weight * -np.expm1(-(self.r + x) * np.log1p(drop * ratio)) / drop
        return np.asarray(self.alive(history) * told)

    def chances(self, history: History, days: float, most: int) -> Floats:
        """Probability of 0, 1, ... `most` purchases within so many days, a row per customer.

        Whoever is alive has a pace of Gamma(r + x, alpha + T) and drops out by Beta(a, b + x):
        their equation 8 with these.
        """
        x, _, age = _read(history)
        t = in_weeks(days)
        r, alpha, b = self.r + x, self.alpha + age, self.b + x
        none, ratio = r * np.log(alpha / (alpha + t)), np.log(t / (alpha + t))
        found = np.empty((len(x), most + 1))
        up_to = np.zeros(len(x))
        for y in range(most + 1):
            term = np.exp(none + gammaln(r + y) - gammaln(r) - gammaln(y + 1.0) + y * ratio)
            found[:, y] = np.exp(betaln(self.a, b + y) - betaln(self.a, b)) * term
            if y > 0:
                left = np.exp(betaln(self.a + 1.0, b + y - 1.0) - betaln(self.a, b))
                found[:, y] += left * np.maximum(1.0 - up_to, 0.0)
            up_to += term
        alive = self.alive(history)[:, None]
        found *= alive
        found[:, :1] += 1.0 - alive
        return found


def log_likelihood(parameters: Floats, seen: Known) -> Floats:
    """Logarithm of the likelihood of each kind of customer (their equation 6)."""
    r, alpha, a, b = parameters
    x, recency, age, _ = seen
    pace = gammaln(r + x) - gammaln(r) + r * np.log(alpha)
    stays = betaln(a, b + x) - betaln(a, b) - (r + x) * np.log(alpha + age)
    leaves = betaln(a + 1.0, b + np.maximum(x, 1.0) - 1.0) - betaln(a, b)
    leaves = leaves - (r + x) * np.log(alpha + recency)
    return np.asarray(pace + np.where(x > 0, np.logaddexp(stays, leaves), stays))


def _read(history: History) -> tuple[Floats, Floats, Floats]:
    return history.repeats.astype(float), in_weeks(history.recency), in_weeks(history.age)


__all__ = ["BgNbd", "log_likelihood"]
