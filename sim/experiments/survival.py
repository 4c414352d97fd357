"""Who lives on and how word gets round: survival of customers and chats, news, neighbours.

Pure functions to tidy frames, sorted like those of `paired`.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from sim.experiments import statistics
from sim.experiments.paired import Runs

STEP_DAYS = 5  # between the points of a survival curve
FEW = 20  # lives under observation below which a curve ends

OF_GROUPS = {"watched_from_days": "entry_days", "watched_to_days": "days", "fell_silent": "ended"}

Spells = pd.DataFrame  # entry_days, days, ended, count


def customer_spells(lives: pd.DataFrame) -> Spells:
    """Lives of customers of one run, as `survival` takes them."""
    return lives.rename(columns={"customers": "count"})


def chat_spells(groups: pd.DataFrame) -> Spells:
    """Lives of group chats of one run, as `survival` takes them."""
    seen = groups[groups["watched_to_days"].notna()]
    return seen[list(OF_GROUPS)].rename(columns=OF_GROUPS).assign(count=1)


def survival(customers: Runs, chats: Runs) -> pd.DataFrame:
    """Kaplan-Meier curves of customers and of group chats, by strategy, all worlds together.

    Parameters
    ----------
    customers, chats
        Spells by (strategy, seed).

    Returns
    -------
    pandas.DataFrame
        ``of, strategy, day, share, low, high, at_risk``; the interval is Greenwood's, on the
        log-log scale. A curve ends where fewer than `FEW` are under observation, and is left out
        where all whom it watched ended before others came under observation.
    """
    parts = []
    for of, spells in (("customers", customers), ("chats", chats)):
        for strategy in sorted({name for name, _ in spells}):
            together = pd.concat([spells[run] for run in sorted(spells) if run[0] == strategy])
            curve = _kaplan_meier(together)
            curve.insert(0, "strategy", strategy)
            curve.insert(0, "of", of)
            parts.append(curve)
    return pd.concat(parts, ignore_index=True)


def _kaplan_meier(spells: Spells) -> pd.DataFrame:
    from lifelines import KaplanMeierFitter  # type: ignore[import-untyped]
    from lifelines.exceptions import StatError  # type: ignore[import-untyped]

    kinds = ["entry_days", "days", "ended"]
    counted = spells.groupby(kinds, as_index=False)["count"].sum()
    counted = counted[counted["days"] > counted["entry_days"]]
    columns = ["day", "share", "low", "high", "at_risk"]
    nothing = pd.DataFrame(columns=columns, dtype=float)
    if counted.empty:
        return nothing
    lived, ended = counted["days"], counted["ended"]
    entry, weights = counted["entry_days"], counted["count"]
    try:
        fitter = KaplanMeierFitter().fit(lived, ended, entry=entry, weights=weights)
    except StatError:  # all whom it watched ended before others came: that curve means nothing
        return nothing
    risk = fitter.event_table["at_risk"]
    last = risk.index[risk >= min(FEW, risk.max())].max()
    days = np.arange(0, last + 1, STEP_DAYS)
    bounds = fitter.confidence_interval_.reindex(days, method="ffill").to_numpy(float)
    share = fitter.survival_function_at_times(days).to_numpy(float)
    at_risk = risk.reindex(days, method="bfill").to_numpy(float)
    numbers = (days, share, bounds[:, 0], bounds[:, 1], at_risk)
    return pd.DataFrame(dict(zip(columns, numbers, strict=True)))


def first_orders(households: pd.DataFrame) -> pd.Series:
    """Number of households whose first order fell in the run, by what brought it about."""
    ways = pd.Categorical(households["way"])
    counts = np.bincount(ways.codes[ways.codes >= 0], minlength=len(ways.categories))
    return pd.Series(counts, index=ways.categories, name="count").rename_axis("way")


def news(counted: Mapping[tuple[str, int], pd.Series]) -> pd.DataFrame:
    """First orders of the run by what brought them about: means per world with 95% intervals.

    Parameters
    ----------
    counted
        What `first_orders` gave, by (strategy, seed).
    """
    rows = []
    for strategy in sorted({name for name, _ in counted}):
        worlds = pd.DataFrame([counted[run] for run in sorted(counted) if run[0] == strategy])
        for way in sorted(map(str, worlds)):
            values = statistics.mean_interval(worlds[way].to_numpy(float))
            rows.append({"strategy": strategy, "way": way, **values})
    return pd.DataFrame(rows)


def sample(neighbours: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """The neighbours of one world under each strategy, one below the other.

    Parameters
    ----------
    neighbours
        `Result.neighbours` by strategy.
    """
    parts = [neighbours[name].assign(strategy=name) for name in sorted(neighbours)]
    table = pd.concat(parts, ignore_index=True)
    return table.sort_values(["strategy", "role", "household"], ignore_index=True)


__all__ = [
    "OF_GROUPS",
    "chat_spells",
    "customer_spells",
    "first_orders",
    "news",
    "sample",
    "survival",
]
