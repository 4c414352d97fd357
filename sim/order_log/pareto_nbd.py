"""Pareto/NBD: customers buy at their own pace, and may drop out at any time.

Schmittlein, Morrison & Colombo 1987, "Counting your customers", Management Science 33(1), in the
notation of Fader & Hardie 2005: the pace lambda is Gamma(r, alpha) over customers, the rate mu of
dropping out Gamma(s, beta). Their hypergeometric functions are integrals over the day of dropping
out, which are taken as such here: they are smooth and keep to numbers. Time in weeks.
"""

from typing import NamedTuple, Self

import numpy as np
from scipy.special import gammaln, logsumexp

from sim.order_log.history import Floats, History
from sim.order_log.likelihood import Known, in_weeks, known, most_likely

STARTS = ((0.5, 5.0, 0.5, 10.0), (1.0, 10.0, 1.0, 50.0))
PLACES, WEIGHTS = np.polynomial.legendre.leggauss(40)
SINGULAR = 1e-6  # of s from 1, where the formula is the limit of itself


class ParetoNbd(NamedTuple):
    """Parameters: r, alpha (weeks) of the pace; s, beta (weeks) of dropping out."""

    r: float
    alpha: float
    s: float
    beta: float

    @classmethod
    def fitted(cls, history: History) -> Self:
        """The parameters under which what was bought is most likely."""
        seen = known(history)
        return cls(
            *map(float, most_likely(lambda p: float(seen.many @ log_likelihood(p, seen)), STARTS))
        )

    def alive(self, history: History) -> Floats:
        """Probability that each customer has not dropped out by the cut."""
        stays, leaves = _parts(np.array(self), _seen(history))
        return np.asarray(np.exp(stays - np.logaddexp(stays, leaves)))

    def expected(self, history: History, days: float) -> Floats:
        """Purchases that each will make within so many days."""
        seen, t = _seen(history), in_weeks(days)
        s = self.s if abs(self.s - 1.0) > SINGULAR else 1.0 + SINGULAR
        left = self.beta + seen.age
        lasting = left / (s - 1.0) * (1.0 - np.exp((s - 1.0) * np.log(left / (left + t))))
        return self.alive(history) * (self.r + seen.repeats) / (self.alpha + seen.age) * lasting

    def chances(self, history: History, days: float, most: int) -> Floats:
        """Probability of 0, 1, ... `most` purchases within so many days, a row per customer."""
        seen, t = _seen(history), float(in_weeks(days))
        left = (self.beta + seen.age)[:, None]
        until = (0.5 * t * (PLACES + 1.0))[None, :]
        drops = self.s * np.exp(self.s * np.log(left / (left + until))) / (left + until)
        weight = np.hstack(
            [drops * (0.5 * t * WEIGHTS), np.exp(self.s * np.log(left / (left + t)))]
        )
        lasting = np.hstack([np.broadcast_to(until, drops.shape), np.full_like(left, t)])
        r, alpha = (self.r + seen.repeats)[:, None], (self.alpha + seen.age)[:, None]
        found = np.empty((len(seen.repeats), most + 1))
        for y in range(most + 1):
            logs = gammaln(r + y) - gammaln(r) - gammaln(y + 1.0) + r * np.log(alpha)
            logs = logs - (r + y) * np.log(alpha + lasting) + y * np.log(lasting)
            found[:, y] = (weight * np.exp(logs)).sum(axis=1)
        alive = self.alive(history)[:, None]
        found *= alive
        found[:, :1] += 1.0 - alive
        return found


def log_likelihood(parameters: Floats, seen: Known) -> Floats:
    """Logarithm of the likelihood of each kind of customer."""
    r, alpha, s, beta = parameters
    pace = gammaln(r + seen.repeats) - gammaln(r) + r * np.log(alpha) + s * np.log(beta)
    return np.asarray(pace + np.logaddexp(*_parts(parameters, seen)))


def _parts(parameters: Floats, seen: Known) -> tuple[Floats, Floats]:
    """Logarithms of having bought so and being there still, and of having dropped out since."""
    r, alpha, s, beta = parameters
    x, recency, age, _ = seen
    stays = -(r + x) * np.log(alpha + age) - s * np.log(beta + age)
    half = 0.5 * (age - recency)
    left_at = (recency + half)[:, None] + half[:, None] * PLACES[None, :]
    logs = -(r + x)[:, None] * np.log(alpha + left_at) - (s + 1.0) * np.log(beta + left_at)
    with np.errstate(divide="ignore"):
        leaves = np.log(s) + np.log(half) + logsumexp(logs, axis=1, b=WEIGHTS[None, :])
    return stays, leaves


def _seen(history: History) -> Known:
    return Known(
        history.repeats.astype(float),
        in_weeks(history.recency),
        in_weeks(history.age),
        np.ones(history.customers),
    )


__all__ = ["ParetoNbd", "log_likelihood"]
