"""What became of simulated customers who had bought like those of a log by the time of the cut.

A customer of the log is told by its likes: simulated ones who have been known as long, bought as
often and been silent as long. What they do from there on is what the fitted operator's people
are told to do; no formula comes between.
"""

import numpy as np
from scipy.spatial import cKDTree

from sim.experiments.fitting.new_customers import NewCustomers
from sim.order_log.history import WEEK_DAYS, Floats, History, Period, Whole

LIKES = 40  # simulated customers who stand for one of the log
AGE_DAYS = 14  # customers whose ages differ by less are looked up together
PER_PURCHASE, PER_SILENCE = 2.0, 1.0  # weights of the logarithms in what is alike


def told_by_likes(
    history: History, simulated: NewCustomers, period: Period, most: int
) -> tuple[Floats, Floats, Floats]:
    """Purchases of the likes of every customer after the cut.

    Parameters
    ----------
    history
        Customers of the log at the cut.
    simulated
        Customers of the fitted operator, followed for as long as the log spans.
    period
        How the log is cut.
    most
        Purchases that are told apart; more count as `most`.

    Returns
    -------
    weekly
        Expected purchases in each week after the cut, all customers together.
    counts
        Probability of 0, 1, ... `most` purchases, and more, a row per customer.
    each
        Expected purchases of each customer.
    """
    weekly = np.zeros(len(period.ends))
    counts = np.zeros((history.customers, most + 2))
    each = np.zeros(history.customers)
    classes = history.age // AGE_DAYS
    for one in np.unique(classes):
        own = np.flatnonzero(classes == one)
        age = int(np.median(history.age[own]))
        at_cut, later = _lives(simulated, age, period)
        tree = cKDTree(at_cut)
        asked = _alike(history.repeats[own], history.age[own] - history.recency[own])
        places, back = np.unique(asked, axis=0, return_inverse=True)
        _, likes = tree.query(places, k=min(LIKES, len(at_cut)))
        likes = likes.reshape(len(places), -1)
        many = np.bincount(back.reshape(-1), minlength=len(places))
        weekly += many @ later[likes].mean(axis=1)
        total = later.sum(axis=1)
        capped = np.minimum(total, most + 1)
        shares = np.stack([(capped[likes] == y).mean(axis=1) for y in range(most + 2)], axis=1)
        counts[own] = shares[back.reshape(-1)]
        each[own] = total[likes].mean(axis=1)[back.reshape(-1)]
    return weekly, counts, each


def _lives(simulated: NewCustomers, age: int, period: Period) -> tuple[Floats, Whole]:
    """Simulated customers at an age: how alike they are to others, and what they buy then."""
    count = simulated.customers
    before = simulated.day <= age
    repeats = np.bincount(simulated.customer[before], minlength=count) - 1
    latest = np.zeros(count, np.int64)
    np.maximum.at(latest, simulated.customer[before], simulated.day[before])
    after = (simulated.day > age) & (simulated.day <= age + period.next_days)
    later = np.zeros((count, len(period.ends)), np.int64)
    week = (simulated.day[after] - age - 1) // WEEK_DAYS
    np.add.at(later, (simulated.customer[after], week), 1)
    return _alike(repeats, age - latest), later


def _alike(repeats: Whole, silent_days: Whole) -> Floats:
    """Places that lie near each other where customers are alike."""
    often = PER_PURCHASE * np.log1p(repeats.astype(float))
    silent = PER_SILENCE * np.log1p(silent_days / WEEK_DAYS)
    # Of one who never came back the silence is the age, which all here have in common.
    return np.stack([often, np.where(repeats > 0, silent, 0.0)], axis=1)


__all__ = ["LIKES", "told_by_likes"]
