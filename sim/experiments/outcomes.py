"""Money and households of paired runs: spend and return, who was won and who was lost, months.

Pure functions to tidy frames, sorted like those of `paired`.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from sim.experiments import statistics
from sim.experiments.paired import Runs

SEGMENTATIONS = ("stage", "region", "persona", "cohort", "tier", "channel", "membership")
MONTH_DAYS = 30


def money(daily: Runs, budgets: Mapping[str, float], reference: str) -> pd.DataFrame:
    """What each strategy spent and earned in the run, item by item, with 95% intervals.

    Parameters
    ----------
    daily
        `Result.daily` by (strategy, seed).
    budgets
        Yuan per customer and month that each strategy states.

    Notes
    -----
    Spend is the cost of all levers. Contribution is gross margin less spend and less what the
    house pays for commission and fulfilment. Return on spend is contribution per yuan of spend;
    the extra return divides what differs from the reference, and is missing where a strategy
    spends what the reference spends. A customer-month is 30 days of a customer, a household
    that ever ordered: the base of the budget.
    """
    books = {run: _book(frame) for run, frame in daily.items()}
    strategies = sorted({name for name, _ in books})
    seeds = sorted({seed for _, seed in books})
    rows = []
    for strategy in strategies:
        runs = []
        for seed in seeds:
            own, other = books[strategy, seed], books[reference, seed]
            runs.append({**own, **(_extra(own, other) if strategy != reference else {})})
        for run in runs:
            run["budget_yuan_per_customer_month"] = budgets.get(strategy, np.nan)
        for item in sorted({item for run in runs for item in run}):
            got = statistics.mean_intervals([run.get(item, np.nan) for run in runs])
            values = {"mean": got.mean[0], "low": got.low[0], "high": got.high[0], "n": got.n[0]}
            rows.append({"strategy": strategy, "item": item, **values})
    return pd.DataFrame(rows)


def _book(daily: pd.DataFrame) -> dict[str, float]:
    """Sums over one run, item by item."""
    sums = {
        name: float(daily[name].sum())
        for name in sorted(daily.columns)
        if name.endswith("_yuan") or name in ("orders", "new_customers")
    }
    book = {
        f"spend_{name.removeprefix('cost_')}" if name.startswith("cost_") else name: amount
        for name, amount in sums.items()
    }
    spend = sum(amount for name, amount in sums.items() if name.startswith("cost_"))
    house = sum(amount for name, amount in sums.items() if name.startswith("house_"))
    book["spend_yuan"] = spend
    book["contribution_yuan"] = sums["gross_margin_yuan"] - spend - house
    book["return_on_spend"] = _ratio(book["contribution_yuan"], spend)
    book["customer_months"] = float(daily["customers"].sum()) / MONTH_DAYS
    book["spend_yuan_per_customer_month"] = _ratio(spend, book["customer_months"])
    return book


def _extra(own: Mapping[str, float], reference: Mapping[str, float]) -> dict[str, float]:
    names = ("spend_yuan", "gross_margin_yuan", "contribution_yuan")
    extra = {f"extra_{name}": own[name] - reference[name] for name in names}
    extra["extra_return_on_spend"] = _ratio(
        extra["extra_contribution_yuan"], extra["extra_spend_yuan"]
    )
    return extra


def won_and_lost(own: pd.DataFrame, reference: pd.DataFrame) -> pd.DataFrame:
    """Households won and lost by a strategy in one seed, counted by segment.

    Won repurchased under the strategy and not under the reference, lost the reverse. The same
    place with the same family in both worlds is one household; segments are those at day 0,
    before the strategies part.

    Parameters
    ----------
    own, reference
        `Result.households` of the two runs.

    Returns
    -------
    pandas.DataFrame
        Columns ``by, segment, households, repurchased_reference, won, lost``.
    """
    key = ["household", "family"]
    segmentations = [name for name in SEGMENTATIONS if name in reference]
    pairs = reference[[*key, "repurchased", *segmentations]].merge(
        own[[*key, "repurchased"]], on=key, suffixes=("_reference", ""), validate="one_to_one"
    )
    now, before = pairs["repurchased"].astype(bool), pairs["repurchased_reference"].astype(bool)
    counts = pd.DataFrame(
        {
            "households": 1,
            "repurchased_reference": before.astype(int),
            "won": (now & ~before).astype(int),
            "lost": (~now & before).astype(int),
        }
    )
    parts = [counts.sum().to_frame().T.assign(by="all", segment="all")]
    for name in segmentations:
        part = counts.groupby(pairs[name].astype(str), sort=True).sum()
        parts.append(part.rename_axis("segment").reset_index().assign(by=name))
    return pd.concat(parts, ignore_index=True)[["by", "segment", *counts.columns]]


def won_over_seeds(counted: Runs) -> pd.DataFrame:
    """Average won and lost households over the seeds, with the interval of the net share.

    Parameters
    ----------
    counted
        What `won_and_lost` gave, by (strategy, seed).

    Returns
    -------
    pandas.DataFrame
        Counts are means per replication. `won_share` is of those who did not repurchase under
        the reference, `lost_share` of those who did, `net_share` of all households.
    """
    rows = []
    columns = ["strategy", "by", "segment", "households", "repurchased_reference", "won", "lost"]
    for strategy in sorted({name for name, _ in counted}):
        frames = [counted[run] for run in sorted(counted) if run[0] == strategy]
        tidy = pd.concat(frames, ignore_index=True)
        for (by, segment), group in tidy.groupby(["by", "segment"], sort=True):
            mean = group[columns[3:]].mean()
            net = statistics.mean_intervals((group["won"] - group["lost"]) / group["households"])
            rows.append(
                {
                    "strategy": strategy,
                    "by": by,
                    "segment": segment,
                    **mean.to_dict(),
                    "net": mean["won"] - mean["lost"],
                    "won_share": _ratio(
                        mean["won"], mean["households"] - mean["repurchased_reference"]
                    ),
                    "lost_share": _ratio(mean["lost"], mean["repurchased_reference"]),
                    "net_share": net.mean[0],
                    "net_share_low": net.low[0],
                    "net_share_high": net.high[0],
                    "n": net.n[0],
                }
            )
    shares = ["net", "won_share", "lost_share", "net_share", "net_share_low", "net_share_high"]
    return pd.DataFrame(rows, columns=[*columns, *shares, "n"])


def monthly(series: Runs) -> pd.DataFrame:
    """Mean of every monthly series with its 95% interval, by strategy and month."""
    rows = []
    for strategy in sorted({name for name, _ in series}):
        frames = [series[run] for run in sorted(series) if run[0] == strategy]
        tidy = pd.concat(frames, ignore_index=True)
        for name in sorted(set(tidy.columns) - {"month"}):
            wide = pd.DataFrame(
                [frame.set_index("month")[name] for frame in frames if name in frame]
            ).astype(float)
            wide = wide[sorted(wide.columns)]
            got = statistics.mean_intervals(wide.to_numpy())
            rows.append(
                pd.DataFrame(
                    {
                        "strategy": strategy,
                        "series": name,
                        "month": wide.columns,
                        "mean": got.mean,
                        "low": got.low,
                        "high": got.high,
                        "n": got.n,
                    }
                )
            )
    return pd.concat(rows, ignore_index=True)


def _ratio(above: float, below: float) -> float:
    return above / below if below else float("nan")


__all__ = ["SEGMENTATIONS", "money", "monthly", "won_and_lost", "won_over_seeds"]
