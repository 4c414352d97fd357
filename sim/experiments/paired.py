"""Indicators of paired runs: levels, differences, who is best, how precisely.

Pure functions to tidy frames with one row per fact, sorted, so that neither the order in which
runs finished nor the executor can change a byte of them.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from sim.experiments import statistics
from sim.experiments.critical import spread_unknown
from sim.experiments.objectives import MAIN

MOST_CORRELATED = 40  # comparisons whose correlation is estimated; beyond, it costs too much
FACTS = ("indicator", "by", "segment", "unit")  # the columns that tell what a number is

Runs = Mapping[tuple[str, int], pd.DataFrame]  # (strategy, seed) -> one frame of its Result


class Panel(NamedTuple):
    """Values of the same facts in every run: (fact, strategy, seed)."""

    facts: pd.DataFrame  # indicator, by, segment, unit; one row per fact
    strategies: list[str]
    seeds: list[int]
    values: statistics.Floats  # shape (facts, strategies, seeds), missing where a run lacks it


def panel(indicators: Runs) -> Panel:
    """Line up the indicator frames of all runs.

    Parameters
    ----------
    indicators
        `Result.indicators` by (strategy, seed), in any order.
    """
    strategies = sorted({name for name, _ in indicators})
    seeds = sorted({seed for _, seed in indicators})
    lists = _lists_of_facts(indicators)
    rows = lists[0][1]
    for _, other, _ in lists[1:]:
        rows = rows if rows.equals(other) else rows.union(other)
    rows = rows.sort_values()
    values = np.full((len(rows), len(strategies), len(seeds)), np.nan)
    for _, index, runs in lists:
        place = rows.get_indexer(index)
        for name, seed in runs:
            own = indicators[name, seed]["value"].to_numpy(float)
            values[place, strategies.index(name), seeds.index(seed)] = own
    return Panel(rows.to_frame(index=False), strategies, seeds, values)


Facts = tuple[pd.DataFrame, pd.MultiIndex, list[tuple[str, int]]]  # as listed, their index, runs


def _lists_of_facts(indicators: Runs) -> list[Facts]:
    """The different lists of facts there are, most often one, and which runs have each."""
    lists: list[Facts] = []
    for run in sorted(indicators):
        own = indicators[run][list(FACTS)]
        same = next((runs for known, _, runs in lists if known.equals(own)), None)
        if same is None:
            lists.append((own, pd.MultiIndex.from_frame(own.astype(str)), [run]))
        else:
            same.append(run)
    return lists


def levels(data: Panel) -> pd.DataFrame:
    """Mean of every indicator in every segment under every strategy, with its own 95% interval."""
    facts, strategies, _ = data.values.shape
    got = statistics.mean_intervals(data.values.reshape(facts * strategies, -1).T)
    frame = data.facts.loc[np.repeat(np.arange(facts), strategies)].reset_index(drop=True)
    frame.insert(0, "strategy", data.strategies * facts)
    return frame.assign(mean=got.mean, low=got.low, high=got.high, n=got.n)


def differences(data: Panel, reference: str) -> pd.DataFrame:
    """Paired differences to the reference with intervals simultaneous over the strategies.

    The main indicators in every segment, all others for the whole population. The main ones of
    the whole make use of the correlation of the differences, the others of Šidák's inequality.
    """
    main = {indicator.name for indicator in MAIN}
    column = data.strategies.index(reference)
    others = [name for name in data.strategies if name != reference]
    rows = []
    for fact, values in zip(data.facts.to_dict("records"), data.values, strict=True):
        if (fact["indicator"] not in main and fact["by"] != "all") or not others:
            continue
        # what the answer rests on gets the sharper intervals, hundreds of others the plain bound
        sharp = fact["by"] == "all" and fact["indicator"] in main
        got = statistics.paired_differences(values.T, column, correlated=sharp)
        for i, strategy in enumerate(others):
            rows.append(
                {
                    "strategy": strategy,
                    "reference": reference,
                    **fact,
                    "mean": got.mean[i],
                    "low": got.low[i],
                    "high": got.high[i],
                    "n": got.n,
                    "critical": got.critical,
                    "method": got.method,
                }
            )
    columns = ["strategy", "reference", *data.facts.columns, "mean", "low", "high", "n"]
    return pd.DataFrame(rows, columns=[*columns, "critical", "method"])


def ranking(data: Panel) -> pd.DataFrame:
    """Strategies from best to worst by each main indicator, with the probability of being best."""
    rows = []
    for indicator in MAIN:
        values = of_all(data, indicator.name)
        if values is None:
            continue
        got = statistics.mean_intervals(values.T)
        best, method = statistics.probability_best(indicator.direction * values.T)
        rank = statistics.ranks(indicator.direction * got.mean)
        for i in np.argsort(rank, kind="stable"):
            rows.append(
                {
                    "indicator": indicator.name,
                    "better": indicator.better,
                    "rank": rank[i],
                    "strategy": data.strategies[i],
                    "mean": got.mean[i],
                    "low": got.low[i],
                    "high": got.high[i],
                    "n": got.n[i],
                    "probability_best": best[i],
                    "method": method,
                }
            )
    return pd.DataFrame(rows)


def at_once(differences: statistics.Floats) -> pd.DataFrame:
    """Means of the columns with intervals that hold for all of them at once.

    A column that lacks a value in some world has no interval and widens no other; nor is there one
    of fewer than five worlds that all differ by the same.
    """
    n, columns = differences.shape
    known = np.isfinite(differences).all(axis=0)
    mean = np.where(known, differences.mean(axis=0), np.nan)
    critical, half, how = np.nan, np.full(columns, np.nan), "one replication: none"
    if n > 1 and known.any():
        own = differences[:, known]
        correlated = int(known.sum()) <= MOST_CORRELATED
        critical, how = statistics.simultaneous_critical(own, correlated=correlated)
        spread = own.std(axis=0, ddof=1)
        unknown = spread_unknown(spread, n, np.abs(own).max(axis=0))
        half[known] = np.where(unknown, np.nan, critical * spread / np.sqrt(n))
    return pd.DataFrame({"mean": mean, "low": mean - half, "high": mean + half}).assign(
        n=np.isfinite(differences).sum(axis=0), critical=critical, method=how
    )


def ordered(strategies: Iterable[str], reference: str) -> list[str]:
    """The reference first, then the others as given, each once."""
    others = [name for name in dict.fromkeys(strategies) if name != reference]
    return [reference, *others]


def of_all(data: Panel, indicator: str) -> statistics.Floats | None:
    """Values of an indicator for the whole population, shape (strategies, seeds)."""
    here = (data.facts["indicator"] == indicator) & (data.facts["by"] == "all")
    return data.values[int(np.flatnonzero(here)[0])] if here.any() else None


__all__ = [
    "FACTS",
    "Panel",
    "at_once",
    "differences",
    "levels",
    "of_all",
    "ordered",
    "panel",
    "ranking",
]
