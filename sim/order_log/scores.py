"""What each way of telling the second part of a log told, beside what came of it."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sim.order_log.bg_nbd import BgNbd
from sim.order_log.gamma_gamma import GammaGamma
from sim.order_log.history import Floats, History, Period
from sim.order_log.pareto_nbd import ParetoNbd

MOST = 7  # purchases that are told apart; more count together
SIMULATOR, BG_NBD, PARETO_NBD, NAIVE = "simulator", "bg_nbd", "pareto_nbd", "same_pace"
LEAST_CUSTOMERS, LEAST_REPEATS = 30, 20  # assumed; without which nothing is estimated
LEAST_AGE_DAYS = 90  # assumed; a quarter: two orders within a week make no hundred a year


@dataclass(frozen=True)
class Told:
    """What a way of telling told of the second part.

    Attributes
    ----------
    way
        Its name.
    cumulative
        Purchases of all customers by the end of each week.
    counts
        Expected customers with 0, 1, ... `MOST` purchases, and with more.
    each
        Expected purchases of each customer.
    amount
        Yuan of all; None where amounts are not known.
    """

    way: str
    cumulative: Floats
    counts: Floats
    each: Floats
    amount: float | None


def enough(history: History) -> bool:
    """Whether so many customers came back that models can be estimated."""
    came_back = int((history.repeats > 0).sum())
    return history.customers >= LEAST_CUSTOMERS and came_back >= LEAST_REPEATS


def told_by_models(history: History, period: Period) -> tuple[list[Told], pd.DataFrame]:
    """What the classical models and the naive rule tell, and the parameters found.

    Where too few came back, the rule alone.

    Returns
    -------
    told
        One of each.
    parameters
        ``model, parameter, value, unit``.
    """
    told, rows = [], []
    means, amounts = amount_of_each(history)
    for name, value in amounts._asdict().items() if amounts else ():
        rows.append(("gamma_gamma", name, value, "yuan" if name == "gamma" else ""))
    if enough(history):
        one, kind = history.kinds()
        many = np.bincount(kind).astype(float)
        for way, model in (
            (BG_NBD, BgNbd.fitted(history)),
            (PARETO_NBD, ParetoNbd.fitted(history)),
        ):
            # Customers of one kind are told alike: of very many there are few kinds.
            found = many @ model.chances(one, period.next_days, MOST)
            counts = np.append(found, history.customers - found.sum())
            weeks = np.array([many @ model.expected(one, float(end)) for end in period.ends])
            each = model.expected(one, period.next_days)[kind]
            told.append(Told(way, weeks, counts, each, amount_of(each, means)))
            for name, value in model._asdict().items():
                unit = "weeks" if name in ("alpha", "beta") else ""
                rows.append((way, name, value, unit))
    told.append(told_by_pace(history, period))
    columns = ["model", "parameter", "value", "unit"]
    kinds = {"model": object, "parameter": object, "value": float, "unit": object}
    return told, pd.DataFrame(rows, columns=columns).astype(kinds)


def amount_of_each(history: History) -> tuple[Floats | None, GammaGamma | None]:
    """Yuan that a purchase of each is expected to come to, and the model that says so, if any."""
    if history.mean_amount is None:
        return None, None
    amounts = GammaGamma.fitted(history) if enough(history) else None
    return (amounts.expected(history) if amounts else own_means(history)), amounts


def told_by_pace(history: History, period: Period) -> Told:
    """Everybody goes on as in the first part: so many repeat purchases a day, at the same price.

    Of who has been known for less than `LEAST_AGE_DAYS` the pace is taken as if for as long.
    """
    pace = history.repeats / np.maximum(history.age, LEAST_AGE_DAYS)
    each = pace * period.next_days
    counts = np.bincount(np.minimum(np.rint(each).astype(int), MOST + 1), minlength=MOST + 2)
    means = own_means(history) if history.mean_amount is not None else None
    return Told(NAIVE, pace.sum() * period.ends, counts.astype(float), each, amount_of(each, means))


def own_means(history: History) -> Floats:
    """Yuan of a repeat purchase of each so far; of the others what the average one is."""
    assert history.mean_amount is not None  # asked of logs that tell amounts alone
    known = np.isfinite(history.mean_amount)
    usual = float(history.mean_amount[known].mean()) if known.any() else 0.0
    return np.where(known, np.nan_to_num(history.mean_amount), usual)


def amount_of(each: Floats, means: Floats | None) -> float | None:
    """Yuan of purchases at so much each; None where amounts are not known."""
    return None if means is None else float(each @ means)


def what_came(history: History) -> Told:
    """The second part as it was."""
    each = history.later.sum(axis=1).astype(float)
    counts = np.bincount(np.minimum(each.astype(int), MOST + 1), minlength=MOST + 2)
    amount = None if history.later_amount is None else float(history.later_amount.sum())
    weekly = history.later.sum(axis=0).cumsum().astype(float)
    return Told("log", weekly, counts.astype(float), each, amount)


def scores(came: Told, told: list[Told]) -> pd.DataFrame:
    """How far each was off.

    Returns
    -------
    pandas.DataFrame
        ``way, purchases, purchases_log``: of all to the end; ``curve_error``: mean over weeks of
        the error of purchases so far, as a share of them; ``active, active_log``: customers with
        a purchase; ``counts_error``: share of customers who would have to be counted elsewhere for
        both to have as many with each number of purchases; ``each_error``: root mean square error
        of a customer's purchases; ``amount, amount_log``: yuan.
    """
    rows = []
    happened = came.cumulative > 0
    for one in told:
        off = np.abs(one.cumulative - came.cumulative)[happened] / came.cumulative[happened]
        rows.append(
            {
                "way": one.way,
                "purchases": float(one.cumulative[-1]),
                "purchases_log": float(came.cumulative[-1]),
                "curve_error": float(off.mean()) if happened.any() else np.nan,
                "active": float(one.counts[1:].sum()),
                "active_log": float(came.counts[1:].sum()),
                "counts_error": float(
                    0.5 * np.abs(one.counts - came.counts).sum() / came.counts.sum()
                ),
                "each_error": float(np.sqrt(np.mean((one.each - came.each) ** 2))),
                "amount": np.nan if one.amount is None else one.amount,
                "amount_log": np.nan if came.amount is None else came.amount,
            }
        )
    return pd.DataFrame(rows)


__all__ = [
    "BG_NBD",
    "MOST",
    "NAIVE",
    "PARETO_NBD",
    "SIMULATOR",
    "Told",
    "amount_of",
    "amount_of_each",
    "enough",
    "scores",
    "told_by_models",
    "told_by_pace",
    "what_came",
]
