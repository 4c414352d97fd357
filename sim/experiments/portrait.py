"""Who lives on and how word gets round: survival of customers and chats, news, neighbours.

Pure functions to tidy frames, sorted like those of `paired`.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from scipy import special

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
        log-log scale. A curve ends where fewer than `FEW` are under observation.
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
    lived = spells[spells["days"] > spells["entry_days"]]
    columns = ["day", "share", "low", "high", "at_risk"]
    if lived.empty:
        return pd.DataFrame(columns=columns, dtype=float)
    entry, days, ended, count = (
        lived[name].to_numpy(np.int64) for name in ("entry_days", "days", "ended", "count")
    )
    times, place = np.unique(np.r_[entry, days], return_inverse=True)
    came, left = place[: len(entry)], place[len(entry) :]
    entries, exits, ends = (
        np.asarray(np.bincount(where, number, len(times)), float)
        for where, number in ((came, count), (left, count), (left, count * ended))
    )
    at_risk = np.cumsum(entries) - np.cumsum(exits) + exits
    share, low, high = _greenwood(at_risk - np.r_[0.0, entries[1:]], ends)
    last = times[at_risk >= min(FEW, at_risk.max())].max()
    shown = np.arange(0, last + 1, STEP_DAYS, dtype=float)
    before = np.searchsorted(times, shown, side="right") - 1
    curves = [np.where(before >= 0, curve[before], np.nan) for curve in (share, low, high)]
    numbers = (shown, *curves, at_risk[np.searchsorted(times, shown)])
    return pd.DataFrame(dict(zip(columns, numbers, strict=True)))


def _greenwood(
    watched: statistics.Floats, ended: statistics.Floats
) -> tuple[statistics.Floats, statistics.Floats, statistics.Floats]:
    """Share that lives on after each time, and its interval on the log-log scale.

    Parameters
    ----------
    watched, ended
        Under observation before each time, and ended then.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        staying = np.where(watched > 0, np.log(watched - ended) - np.log(watched), 0.0)
        share = np.exp(np.cumsum(staying))
        spread = np.where(watched > ended, ended / (watched * (watched - ended)), 0.0)
        log_share = np.log(share)
        half = (
            special.ndtri(0.5 + statistics.CONFIDENCE / 2) * np.sqrt(np.cumsum(spread)) / log_share
        )
        low, high = (np.exp(-np.exp(np.log(-log_share) + side * half)) for side in (-1, 1))
    return share, np.where(np.isnan(low), 1.0, low), np.where(np.isnan(high), 1.0, high)


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
            got = statistics.mean_intervals(worlds[way].to_numpy(float))
            values = {"mean": got.mean[0], "low": got.low[0], "high": got.high[0], "n": got.n[0]}
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
