"""Money and households of paired runs: spend and return, who was won and who was lost, months.

Pure functions to tidy frames, sorted like those of `paired`.
"""

from collections.abc import Mapping, Sequence
from math import fsum

import numpy as np
import pandas as pd

from sim.experiments import statistics
from sim.experiments.paired import Runs

SEGMENTATIONS = ("stage", "region", "persona", "cohort", "tier", "channel", "membership")
OF_HOUSEHOLDS = ("household", "family", "repurchased", *SEGMENTATIONS)
MONTH_DAYS = 30
EXTRA = ("spend_yuan", "gross_margin_yuan", "contribution_yuan")  # told against the reference
PER_CUSTOMER_MONTH = ("spend_yuan", "lever_cost_yuan", "price_cuts_yuan", "points_redeemed_yuan")
POINTS = "discount_points_yuan"  # price that customers pay with points


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
    Spend is all that is given up or paid, of which the budget learns: price cuts, points redeemed
    and the cost of levers, `spend_<lever>_yuan` of each. The first two lower revenue, the last
    comes off the margin. Contribution is gross margin less the cost of levers and less what
    operations pay for commission and fulfilment; the table `ladder` has every step. What differs
    from the reference (`extra_`) has intervals simultaneous over the strategies, as `differences`
    has them; the extra return is the quotient of two such means, and only there where a strategy
    spends more. A customer-month is 30 days of a customer, a household that ever ordered: the
    base of the budget.
    """
    books = {run: book_of(frame) for run, frame in daily.items()}
    strategies = sorted({name for name, _ in books})
    seeds = sorted({seed for _, seed in books})
    extra = _extras(books, strategies, seeds, reference)
    rows = []
    for strategy in strategies:
        runs = [books[strategy, seed] for seed in seeds]
        items = {item for run in runs for item in run}
        found = {
            item: statistics.mean_interval([run.get(item, np.nan) for run in runs])
            for item in items
        }
        stated = budgets.get(strategy, np.nan)
        found["budget_yuan_per_customer_month"] = statistics.mean_interval([stated] * len(seeds))
        found |= extra.get(strategy, {})
        rows += [{"strategy": strategy, "item": item, **found[item]} for item in sorted(found)]
    return pd.DataFrame(rows)


def book_of(daily: pd.DataFrame) -> dict[str, float]:
    """Sums over one run, item by item; see `money`."""
    sums = {
        name: float(np.nansum(daily[name].to_numpy()))
        for name in sorted(daily.columns)
        if is_booked(name) and name != "customers"
    }
    book = dict(sums)
    for name, amount in sums.items():
        kind, _, lever = name.partition("_")
        if kind in ("cost", "discount"):
            book[f"spend_{lever}"] = book.get(f"spend_{lever}", 0.0) + amount

    def all_of(kind: str) -> float:
        return fsum(amount for name, amount in sums.items() if name.startswith(f"{kind}_"))

    book["lever_cost_yuan"] = all_of("cost")
    book["points_redeemed_yuan"] = sums.get(POINTS, 0.0)
    book["price_cuts_yuan"] = all_of("discount") - book["points_redeemed_yuan"]
    book["spend_yuan"] = book["lever_cost_yuan"] + all_of("discount")
    spent = book["lever_cost_yuan"] + all_of("operations")
    book["contribution_yuan"] = sums["gross_margin_yuan"] + sums.get("fees_yuan", 0.0) - spent
    book["customer_months"] = float(daily["customers"].sum()) / MONTH_DAYS
    for name in PER_CUSTOMER_MONTH:
        book[f"{name}_per_customer_month"] = _ratio(book[name], book["customer_months"])
    return book


def is_booked(name: str) -> bool:
    """Whether a column of the daily table enters the books of `money`."""
    return name.endswith("_yuan") or name in ("orders", "new_customers", "customers")


def _extras(
    books: Mapping[tuple[str, int], dict[str, float]],
    strategies: Sequence[str],
    seeds: Sequence[int],
    reference: str,
) -> dict[str, dict[str, dict[str, float]]]:
    """What differs from the reference, by strategy and item."""
    others = [name for name in strategies if name != reference]
    found: dict[str, dict[str, dict[str, float]]] = {name: {} for name in others}
    differing = {}
    for item in EXTRA if others else ():
        worlds = np.array([[books[name, seed][item] for name in strategies] for seed in seeds])
        column = strategies.index(reference)
        differing[item] = np.delete(worlds, column, axis=1) - worlds[:, [column]]
        got = statistics.paired_differences(worlds, column, correlated=False)
        for i, name in enumerate(others):
            told = {"mean": got.mean[i], "low": got.low[i], "high": got.high[i], "n": got.n}
            found[name][f"extra_{item}"] = told
    for i, name in enumerate(others):
        spend = found[name]["extra_spend_yuan"]
        if np.fmin(spend["mean"], spend["low"]) > 0:  # else a quotient tells nothing
            parts = (differing[item][:, i] for item in ("contribution_yuan", "spend_yuan"))
            found[name]["extra_return_on_spend"] = _mean_quotient(*parts)
    return found


def _mean_quotient(above: statistics.Floats, below: statistics.Floats) -> dict[str, float]:
    """Quotient of two means over the same worlds; its interval is that of its linear part."""
    quotient = above.mean() / below.mean()
    return statistics.mean_interval(quotient + (above - quotient * below) / below.mean())


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
    own, reference = _matched(own, reference)
    now, before = own["repurchased"].to_numpy(bool), reference["repurchased"].to_numpy(bool)
    kinds = {
        "households": np.ones(len(now), bool),
        "repurchased_reference": before,
        "won": now & ~before,
        "lost": ~now & before,
    }
    of, segments = ["all"], ["all"]
    counts = {name: [np.array([kind.sum()])] for name, kind in kinds.items()}
    for by in SEGMENTATIONS:
        if by in reference:
            codes = pd.Categorical(reference[by])
            of += [by] * len(codes.categories)
            segments += map(str, codes.categories)
            for name, kind in kinds.items():
                here = np.bincount(codes.codes[kind], minlength=len(codes.categories))
                counts[name].append(here)
    columns = {name: np.concatenate(parts) for name, parts in counts.items()}
    there = columns["households"] > 0
    table = pd.DataFrame({"by": of, "segment": segments, **columns})
    return table[there].reset_index(drop=True)


def _matched(own: pd.DataFrame, reference: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The households that live in both worlds, row by row."""
    key = ["household", "family"]
    if len(own) == len(reference) and all(
        np.array_equal(own[name].to_numpy(), reference[name].to_numpy()) for name in key
    ):
        return own, reference
    first, second = (pd.MultiIndex.from_frame(frame[key]) for frame in (own, reference))
    place = second.get_indexer(first)
    both = place >= 0
    return own[both], reference.iloc[place[both]]


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
    counts = ["households", "repurchased_reference", "won", "lost"]
    shares = ["net", "won_share", "lost_share", "net_share", "net_share_low", "net_share_high"]
    parts = []
    for strategy in sorted({name for name, _ in counted}):
        frames = [counted[run] for run in sorted(counted) if run[0] == strategy]
        segments, cube = _stacked(frames, ["by", "segment"], counts)
        table = segments.join(pd.DataFrame(np.nanmean(cube, axis=0), columns=counts))
        net = statistics.mean_intervals((cube[:, :, 2] - cube[:, :, 3]) / cube[:, :, 0])
        table["net"] = table["won"] - table["lost"]
        stayed_away = table["households"] - table["repurchased_reference"]
        table["won_share"] = table["won"] / stayed_away.where(stayed_away > 0)
        before = table["repurchased_reference"]
        table["lost_share"] = table["lost"] / before.where(before > 0)
        table["net_share"], table["net_share_low"] = net.mean, net.low
        table["net_share_high"], table["n"] = net.high, net.n
        parts.append(table.assign(strategy=strategy))
    columns = ["strategy", "by", "segment", *counts, *shares, "n"]
    if not parts:
        return pd.DataFrame(columns=columns)
    return pd.concat(parts, ignore_index=True)[columns]


def monthly(series: Runs) -> pd.DataFrame:
    """Mean of every monthly series with its 95% interval, by strategy and month."""
    parts = []
    for strategy in sorted({name for name, _ in series}):
        frames = [series[run] for run in sorted(series) if run[0] == strategy]
        names = sorted({str(name) for frame in frames for name in frame if name != "month"})
        rows, cube = _stacked(frames, ["month"], names)
        months = rows["month"].to_numpy()
        got = statistics.mean_intervals(cube.transpose(0, 2, 1).reshape(len(frames), -1))
        parts.append(
            pd.DataFrame(
                {
                    "strategy": strategy,
                    "series": np.repeat(names, len(months)),
                    "month": np.tile(months, len(names)),
                    "mean": got.mean,
                    "low": got.low,
                    "high": got.high,
                    "n": got.n,
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


def _stacked(
    frames: Sequence[pd.DataFrame], key: list[str], columns: list[str]
) -> tuple[pd.DataFrame, statistics.Floats]:
    """Keys that any frame has, in order, and the frames as one array (frames, keys, columns)."""
    keys = [list(zip(*(frame[name].tolist() for name in key), strict=True)) for frame in frames]
    rows = sorted(set().union(*keys))
    place = {row: i for i, row in enumerate(rows)}
    cube = np.full((len(frames), len(rows), len(columns)), np.nan)
    for values, own, frame in zip(cube, keys, frames, strict=True):
        values[[place[row] for row in own]] = frame.reindex(columns=columns).to_numpy(float)
    return pd.DataFrame(rows, columns=key), cube


def _ratio(above: float, below: float) -> float:
    return above / below if below else float("nan")


__all__ = [
    "OF_HOUSEHOLDS",
    "SEGMENTATIONS",
    "book_of",
    "is_booked",
    "money",
    "monthly",
    "won_and_lost",
    "won_over_seeds",
]
