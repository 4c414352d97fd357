"""How large a pilot has to be to see what a comparison found, from how households differ.

A comparison says how much means of whole worlds differ. An operator who tries a strategy on some of
the customers meets other luck: customers differ from one another far more than worlds do. So the
size of a pilot comes from the variance between households, never from that between worlds.
"""

from collections.abc import Iterable, Mapping
from math import ceil, isfinite
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import special

from sim.experiments import rounding, statistics
from sim.experiments.critical import CONFIDENCE
from sim.experiments.horizons import VERDICTS
from sim.experiments.same_people import PER, places
from sim.indicators.horizons import DAY0_CHURN, DAY0_REPURCHASE, HORIZONS, NET, suffix

MONTHS = 12  # a pilot's: repurchase is counted over a year
DAY = HORIZONS[MONTHS]
POWER = 0.8  # chance to see the difference, by the usual convention (Cohen 1988)
DAY0_MARGIN = "day0_margin_yuan"
UNITS = {
    DAY0_REPURCHASE: ("share", 1),
    DAY0_CHURN: ("share", -1),
    DAY0_MARGIN: ("yuan a customer", 1),
    NET: ("households per 10,000", 1),
}
OF_CUSTOMERS = (DAY0_REPURCHASE, DAY0_CHURN, DAY0_MARGIN)  # who can be drawn by lot
OF_HOUSEHOLDS = ("group", "margin_since_start_yuan", f"margin_since_start_yuan_{MONTHS}m")
COLUMNS = (
    "strategy", "outcome", "unit", "months", "reference", "extra", "extra_low", "extra_high",
    "verdict", "deviation_reference", "deviation", "per_arm", "group_correlation", "group_size",
    "design_effect", "groups_per_arm", "n",
)  # fmt: skip


class Spread(NamedTuple):
    """How an outcome varies between the households of one world.

    Attributes
    ----------
    mean, variance
        Over households, in the outcome's unit; of a count per 10,000 households, of a share.
    correlation
        Of two members of the same group chat (intra-class), NaN where chats tell nothing.
    size
        Members a chat, the mean over members of how many there are in their chat.
    members
        Members a chat, the mean over chats.
    """

    mean: float
    variance: float
    correlation: float
    size: float
    members: float


def spreads(people: pd.DataFrame, days: int) -> dict[str, Spread]:
    """How each outcome of a pilot varies between the households of one run; empty if too short.

    Parameters
    ----------
    people
        `Result.households`.
    days
        Of the run.
    """
    if days < DAY:
        return {}
    end = suffix(DAY, days)
    stays = ~(people["left_day"].to_numpy() < DAY)
    customer = (people["first_order_day"].to_numpy() < 0) & stays
    established = people["established"].to_numpy(bool) & stays
    repurchased = people[f"repurchased{end}"].to_numpy(float)
    read = {
        DAY0_REPURCHASE: (repurchased, customer),
        DAY0_CHURN: (1.0 - people[f"active{end}"].to_numpy(float), established),
        DAY0_MARGIN: (people[f"margin_since_start_yuan{end}"].to_numpy(float), customer),
    }
    group = people["group"].to_numpy(np.int64)
    found = {name: _spread(values[of], group[of]) for name, (values, of) in read.items()}
    share = repurchased.sum() / places(people)
    return found | {NET: Spread(share, share * (1.0 - share), *[float("nan")] * 3)}


def _spread(values: statistics.Floats, group: np.ndarray) -> Spread:
    """Variance between households, and what those of one chat have in common."""
    if len(values) < 2:
        return Spread(*[float("nan")] * 5)
    inside = group >= 0
    _, chat = np.unique(group[inside], return_inverse=True)
    correlation, size, members = intraclass(values[inside], chat)
    return Spread(float(values.mean()), float(values.var(ddof=1)), correlation, size, members)


def intraclass(values: statistics.Floats, cluster: np.ndarray) -> tuple[float, float, float]:
    """Correlation of two members of a cluster by analysis of variance, and how large clusters are.

    Parameters
    ----------
    values, cluster
        Of each member: an outcome, and the number of its cluster, from 0 on, none left out.

    Returns
    -------
    tuple
        The intra-class correlation (Donner and Koval 1980; by chance below zero), the mean over
        members of the members of their cluster, and the mean over clusters. NaN where no cluster
        has two.
    """
    size = np.bincount(cluster)
    count, clusters = len(values), len(size)
    if clusters < 2 or count == clusters:
        return (float("nan"),) * 3
    mean = np.bincount(cluster, values) / size
    between = float((size * (mean - values.mean()) ** 2).sum()) / (clusters - 1)
    within = float(((values - mean[cluster]) ** 2).sum()) / (count - clusters)
    by_member = float((size**2).sum()) / count
    usual = (count - by_member) / (clusters - 1)
    total = between + (usual - 1.0) * within
    shared = (between - within) / total if total > 0 else 0.0
    return shared, by_member, count / clusters


def per_arm(difference: float, variance: float, other: float, power: float = POWER) -> float:
    """Households in each of two arms such that a difference of means is seen.

    Two-sided at 5%: ``n = (z(.975) + z(power))^2 (variance + other) / difference^2`` (Chow, Shao
    and Wang 2008, 3.2 and 4.2; of shares the variance is ``p (1 - p)``).

    Examples
    --------
    >>> per_arm(0.20, 0.65 * 0.35, 0.85 * 0.15)
    70.0

    Nothing is seen of no difference; the result is NaN then.
    """
    squared, both = float(difference) ** 2, float(variance + other)
    if not (squared > 0 and isfinite(both)):
        return float("nan")
    quantiles = float(special.ndtri(0.5 + CONFIDENCE / 2) + special.ndtri(power))
    return float(ceil(quantiles**2 * both / squared))


def design_effect(correlation: float, size: float) -> float:
    """How many times the households it takes if whole chats are drawn (Eldridge et al. 2006).

    Parameters
    ----------
    correlation, size
        See `Spread`; the size of one's own chat takes in that chats differ in size.
    """
    return 1.0 + (size - 1.0) * correlation


def pilots(
    found: Mapping[tuple[str, int], Mapping[str, Spread]],
    strategies: Iterable[str],
    seeds: Iterable[int],
    reference: str,
) -> pd.DataFrame:
    """The pilot of every strategy against the reference, a row per outcome.

    Parameters
    ----------
    found
        `spreads` of each run, by strategy and seed.

    Returns
    -------
    pandas.DataFrame
        `COLUMNS`; empty where runs are shorter than a year.
    """
    names, numbers = list(strategies), list(seeds)
    others = [name for name in names if name != reference]
    known = all(found.get((name, seed)) for name in names for seed in numbers)
    rows = []
    for outcome, (unit, better) in UNITS.items() if known and others else ():
        runs = {name: [found[name, seed][outcome] for seed in numbers] for name in names}
        worlds = np.array([[each.mean for each in runs[name]] for name in names]).T
        scale = PER if outcome == NET else 1.0
        got = statistics.paired_differences(worlds, names.index(reference))
        own = {name: _mean(each) for name, each in runs.items()}
        for i, name in enumerate(others):
            less, more = own[reference], own[name]
            correlation = max(float(np.mean([less.correlation, more.correlation])), 0.0)
            effect = design_effect(correlation, less.size)
            wanted = per_arm(got.mean[i], less.variance, more.variance)
            sign = better * (int(got.low[i] > 0) - int(got.high[i] < 0))
            rows.append(
                (
                    name,
                    outcome,
                    unit,
                    MONTHS,
                    less.mean * scale,
                    got.mean[i] * scale,
                    got.low[i] * scale,
                    got.high[i] * scale,
                    VERDICTS[sign] if isfinite(got.low[i]) else "",
                    np.sqrt(less.variance) * scale,
                    np.sqrt(more.variance) * scale,
                    wanted,
                    correlation,
                    less.members,
                    effect,
                    np.ceil(wanted * effect / less.members),
                    got.n,
                )
            )
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    for name in table.select_dtypes("float").columns:
        table[name] = rounding.to_digits(table[name].to_numpy(float)) + 0.0  # no negative zero
    return table


def _mean(worlds: Iterable[Spread]) -> Spread:
    return Spread(*np.mean(list(worlds), axis=0).tolist())


__all__ = [
    "DAY0_MARGIN",
    "MONTHS",
    "OF_CUSTOMERS",
    "OF_HOUSEHOLDS",
    "POWER",
    "Spread",
    "design_effect",
    "intraclass",
    "per_arm",
    "pilots",
    "spreads",
]
