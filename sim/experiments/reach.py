"""Whom each lever reaches under each strategy: means over worlds, and what each household costs."""

import numpy as np
import pandas as pd

from sim.experiments import statistics
from sim.experiments.paired import Runs
from sim.indicators.reach import OF_REACH

HARDLY = 0.05  # of those eligible; a lever that reaches fewer hardly reaches anybody: assumed
COLUMNS = (
    *("strategy", "lever", "step", "mean", "low", "high", "n", "times", "share"),
    *("cost_yuan", "yuan_per_household", "hardly", "meaning"),
)


def reach(tables: Runs) -> pd.DataFrame:
    """What `reach_table` tells of each run, over all worlds.

    Parameters
    ----------
    tables
        `Result.reach` by (strategy, seed).

    Returns
    -------
    pandas.DataFrame
        `COLUMNS`: households that took the step, ``mean, low, high``; the days on which one did;
        their share of those eligible; the lever's cost for each of them; of `reached`, whether
        their share is below `HARDLY`. Missing where a step makes no sense, or nobody took it.
    """
    strategies, seeds = (sorted(set(each)) for each in zip(*tables, strict=True))
    parts = [_of(name, [tables[name, seed] for seed in seeds]) for name in strategies]
    return pd.concat(parts, ignore_index=True)[list(COLUMNS)].astype({"hardly": bool})


def _of(strategy: str, worlds: list[pd.DataFrame]) -> pd.DataFrame:
    """Rows of one strategy; all its worlds have the same, by lever and in the order of steps."""
    worlds = [_in_order(world) for world in worlds]
    columns = ("households", "times", "cost_yuan")
    households, times, cost = (
        statistics.mean_intervals([world[name].to_numpy(float) for world in worlds])
        for name in columns
    )
    first = worlds[0]
    eligible = pd.Series(households.mean, first.index).where(first["step"] == "eligible")
    allowed = eligible.groupby(first["lever"]).transform("max").to_numpy(float)
    share = households.mean / np.where(allowed > 0, allowed, np.nan)
    reached = (first["step"] == "reached").to_numpy()
    return first[["lever", "step", "meaning"]].assign(
        strategy=strategy,
        mean=households.mean,
        low=households.low,
        high=households.high,
        n=households.n,
        times=times.mean,
        share=share,
        cost_yuan=cost.mean,
        yuan_per_household=cost.mean / np.where(households.mean > 0, households.mean, np.nan),
        hardly=reached & ~(share >= HARDLY) & np.isfinite(households.mean),
    )


def _in_order(world: pd.DataFrame) -> pd.DataFrame:
    told = world.astype({"lever": str, "step": str})
    places = told["step"].map(OF_REACH.index)
    return told.assign(place=places).sort_values(["lever", "place"], ignore_index=True)


__all__ = ["COLUMNS", "HARDLY", "reach"]
