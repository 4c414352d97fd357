"""Gamma-Gamma: what a purchase of each customer comes to.

Fader, Hardie & Lee 2005, "RFM and CLV", Journal of Marketing Research 42(4): amounts of a customer
are Gamma(p, nu), and nu is Gamma(q, gamma) over customers; how much and how often are independent.
"""

from typing import NamedTuple, Self

import numpy as np
from scipy.special import gammaln

from sim.order_log.history import Floats, History
from sim.order_log.likelihood import most_likely

STARTS = ((4.0, 4.0, 50.0), (1.5, 3.0, 200.0))
LEAST_Q = 1.05  # assumed; near one the mean over customers is no number to rely on


class GammaGamma(NamedTuple):
    """Parameters: p and q without unit, gamma in yuan."""

    p: float
    q: float
    gamma: float

    @classmethod
    def fitted(cls, history: History) -> Self | None:
        """The parameters under which what was paid is most likely; None where nothing was."""
        x, mean = _read(history)
        paid = (x > 0) & (mean > 0)
        if not paid.any():
            return None
        x, mean = x[paid], mean[paid]
        return cls(
            *map(
                float, most_likely(lambda each: float(log_likelihood(each, x, mean).sum()), STARTS)
            )
        )

    def expected(self, history: History) -> Floats:
        """Yuan of a purchase of each; of whom nothing is known what the others spend on average."""
        x, mean = _read(history)
        known = mean > 0
        paid = np.where(known, x * np.nan_to_num(mean), 0.0)
        own = self.p * (self.gamma + paid) / np.where(known, self.p * x + self.q - 1.0, 1.0)
        usual = float(mean[known].mean()) if known.any() else 0.0
        if self.q > LEAST_Q:
            usual = self.p * self.gamma / (self.q - 1.0)
        return np.asarray(np.where(known & (self.p * x + self.q > LEAST_Q), own, usual))


def log_likelihood(parameters: Floats, x: Floats, mean: Floats) -> Floats:
    """Logarithm of the likelihood of so large a mean over x purchases (their equation 1a)."""
    p, q, gamma = parameters
    told = gammaln(p * x + q) - gammaln(p * x) - gammaln(q) + q * np.log(gamma)
    told = told + (p * x - 1.0) * np.log(mean) + p * x * np.log(x)
    return np.asarray(told - (p * x + q) * np.log(gamma + x * mean))


def _read(history: History) -> tuple[Floats, Floats]:
    assert history.mean_amount is not None  # asked of logs that tell amounts alone
    return history.repeats.astype(float), history.mean_amount


__all__ = ["GammaGamma", "log_likelihood"]
