"""What became of simulated customers who had bought like those of a log by the time of the cut.

A customer of the log is told by its likes: simulated ones who have been known as long, bought as
often and been silent as long. What they do from there on is what the fitted operator's people
are told to do; no formula comes between.
"""

import numpy as np
from scipy.spatial import cKDTree

from sim.experiments.fitting.new_customers import NewCustomers
from sim.order_log.history import WEEK_DAYS, Floats, History, Period, Whole
from sim.parameters.quantity import ConfigurationError

LIKES = 40  # assumed; simulated customers who stand for one of the log, at least
AGE_DAYS = 14  # assumed; customers whose ages differ by less are looked up together
PER_PURCHASE, PER_SILENCE = 2.0, 1.0  # assumed; weights of the logarithms in what is alike
AS_NEAR = 1e-9  # distances that differ by less are the same


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

    Raises
    ------
    ConfigurationError
        Where the simulated operator won nobody.
    """
    if not simulated.customers:
        raise ConfigurationError(
            "The fitted operator won no customer whose likes could be looked at: take more "
            "population.households."
        )
    weekly = np.zeros(len(period.ends))
    counts = np.zeros((history.customers, most + 2))
    each = np.zeros(history.customers)
    classes = history.age // AGE_DAYS
    for one in np.unique(classes):
        own = np.flatnonzero(classes == one)
        age = int(np.median(history.age[own]))
        at_cut, later = _lives(simulated, age, period)
        asked = _alike(history.repeats[own], history.age[own] - history.recency[own])
        places, back = np.unique(asked, axis=0, return_inverse=True)
        back = back.reshape(-1)
        many = np.bincount(back, minlength=len(places))
        total = later.sum(axis=1)
        by_count = np.minimum(total, most + 1)[:, None] == np.arange(most + 2)
        for number, likes in enumerate(_likes(at_cut, places)):
            same = own[back == number]
            weekly += many[number] * later[likes].mean(axis=0)
            counts[same] = by_count[likes].mean(axis=0)
            each[same] = total[likes].mean()
    return weekly, counts, each


def _likes(at_cut: Floats, places: Floats) -> list[list[int]]:
    """The simulated customers nearest to each place, and all who are as near as the last."""
    tree = cKDTree(at_cut)
    away, _ = tree.query(places, k=[min(LIKES, len(at_cut))])
    found: list[list[int]] = tree.query_ball_point(
        places, away.reshape(-1) + AS_NEAR, return_sorted=True
    ).tolist()
    return found


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
