"""What models of repeat buying have in common: time in weeks, the largest likelihood."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from scipy.optimize import minimize

from sim.order_log.history import WEEK_DAYS, Floats, History, Whole

FURTHEST = 12.0  # of a logarithm of a parameter, either way: beyond it nothing changes any more
MOST_LEARNT_FROM = 20_000  # customers; more make estimates no better that anybody would see


class Known(NamedTuple):
    """Customers who are alike in all that a model reads, and how many there are of each.

    Attributes
    ----------
    repeats
        Repeat purchases, x.
    recency, age
        Weeks from the first purchase to the last, t_x, and to the cut, T.
    many
        How many customers.
    """

    repeats: Floats
    recency: Floats
    age: Floats
    many: Floats


def known(history: History) -> Known:
    """Customers as models read them, of very many only every so manieth."""
    step = -(-history.customers // MOST_LEARNT_FROM) or 1
    table = np.stack([history.repeats, history.recency, history.age], axis=1)[::step]
    rows, many = np.unique(table, axis=0, return_counts=True)
    weeks = rows[:, 1:] / WEEK_DAYS
    return Known(rows[:, 0].astype(float), weeks[:, 0], weeks[:, 1], many.astype(float))


def most_likely(
    log_likelihood: Callable[[Floats], float], starts: Sequence[Sequence[float]]
) -> Floats:
    """Parameters above zero at which a likelihood is largest, of several beginnings the best.

    Parameters
    ----------
    log_likelihood
        Of parameters; need not be finite everywhere.
    starts
        Where to begin.
    """

    def cost(logs: Floats) -> float:
        with np.errstate(all="ignore"):
            found = -log_likelihood(np.exp(logs))
        return float(found) if np.isfinite(found) else 1e300

    best = None
    for start in starts:
        found = minimize(
            cost,
            np.log(np.asarray(start, float)),
            method="L-BFGS-B",
            bounds=[(-FURTHEST, FURTHEST)] * len(start),
        )
        if best is None or found.fun < best.fun:
            best = found
    assert best is not None  # there is a start
    return np.asarray(np.exp(best.x), float)


def in_weeks(days: Whole | float) -> Floats:
    """Days as weeks."""
    return np.asarray(days, float) / WEEK_DAYS


__all__ = ["Known", "in_weeks", "known", "most_likely"]
