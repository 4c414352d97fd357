"""Whether a strategy stands still: every level over rolling years, month by month."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from sim.config.loading import load, resolved
from sim.console.progress import OnProgress
from sim.experiments import statistics
from sim.experiments.compare import settled
from sim.experiments.executors import ExecutionSettings, run_missing
from sim.experiments.keeping import keep
from sim.experiments.plan import PlannedRun, replication_seeds
from sim.experiments.workers import OnDay
from sim.indicators.book import Book
from sim.indicators.churn import lapsed
from sim.indicators.observed import MONTH_DAYS, YEAR_DAYS
from sim.indicators.tables import daily_table
from sim.operator.budget import check_affordable
from sim.parameters.quantity import ConfigurationError
from sim.store.result import Result
from sim.store.runs import Store, run_key

STILL, MOVING = "stands still", "moves"
VERDICTS = (STILL, MOVING)
POINTS, PERCENT = "points", "per cent"
SHORTEST_DAYS = 2 * YEAR_DAYS  # two years that do not overlap


class Level(NamedTuple):
    """A level that should not move, and how far it may.

    Attributes
    ----------
    name, unit
        As tables have them; shares are told in per cent.
    bound
        How far it may be from where it began: points of a share, per cent of anything else.
    """

    name: str
    unit: str
    bound: float

    @property
    def bound_unit(self) -> str:
        """Unit of its bound and of its drift."""
        return POINTS if self.unit.startswith("%") else PERCENT


LEVELS = (
    Level("repurchase_rate_365d", "%", 2.0),
    Level("churn_rate_365d", "%", 2.0),
    Level("points_redemption_rate", "%", 2.0),
    Level("private_domain_sales_share", "%", 2.0),
    Level("customers", "% of households", 2.0),
    Level("private_domain", "% of households", 2.0),
    Level("members", "% of households", 2.0),
    Level("community_active_share", "%", 2.0),
    Level("orders", "orders per household", 5.0),
    Level("average_order_value_yuan", "yuan", 5.0),
    Level("contribution_yuan", "yuan per household", 5.0),
)


def standstill(
    scenario: str,
    settings: ExecutionSettings,
    *,
    replications: int,
    seed: int = 1,
    overrides: Sequence[str] = (),
    on_progress: OnProgress | None = None,
) -> Path:
    """Measure every level over the year to each month's end, and how far it drifts.

    Parameters
    ----------
    scenario
        The strategy; its market should move nothing in the long run.
    settings
        Where results go and how runs are done.
    replications, seed
        How many worlds, and where their seeds come from.
    overrides
        What is the same in every run; `run.days` of two years at least.
    on_progress
        Told now and then how far it has come.

    Returns
    -------
    Path
        The folder ``<results>/standstill/<scenario>-<hash>`` with

        - `levels`: a row per level and month, mean over worlds with its 95% interval;
        - `drift`: a row per level, where it began and ended, how far it was from where it began,
          and whether that is within its bound.

    Raises
    ------
    ConfigurationError, ResultsError, RunsInterrupted
        In one sentence.
    """
    trust = settings.trust_rules
    config = load(scenario, overrides, settings.config_dir, trust_rules=trust)
    if config.run.days < SHORTEST_DAYS:
        raise ConfigurationError(
            f"run.days = {config.run.days:,} is too short to see a drift: it takes "
            f"{SHORTEST_DAYS} days, two years, at least."
        )
    check_affordable(config)
    values = resolved(config)
    # Another key than that of an ordinary run: what is kept of it is something else.
    runs = [
        PlannedRun(
            f"{scenario}, replication {number}",
            values,
            each,
            False,
            run_key({**values, "kept": "levels"}, each),
        )
        for number, each in enumerate(replication_seeds(seed, replications), 1)
    ]
    run_missing(runs, settings, on_progress, compute=measured_run)
    store = Store(settings.results)
    worlds = [_by_month(store.table(run.key, "indicators")) for run in runs]
    found = {"levels": settled(_levels(worlds)), "drift": settled(drift(worlds))}
    key = run_key({**values, "seeds": [run.seed for run in runs]}, seed)
    folder = settings.results / "standstill" / f"{scenario}-{key[:8]}"
    about = {
        "experiment": "standstill",
        "scenario": scenario,
        "replications": replications,
        "seeds": [run.seed for run in runs],
        "runs": [run.key for run in runs],
        "configuration": values,
    }
    return keep(folder, found, about)


def measured_run(run: PlannedRun, on_day: OnDay) -> Result:
    """Simulate one run and keep its levels month by month.

    `indicators` holds them (indicator = level, by = month, segment = the month's number).
    """
    from sim.config.loading import from_resolved
    from sim.experiments.simulate import observe

    book = Book(observe(from_resolved(run.config), run.seed, on_day=on_day))
    measured = levels_of(book).melt("month", var_name="indicator", value_name="value")
    rows = measured.assign(
        by="month",
        segment=measured["month"].astype(str),
        numerator=np.nan,
        denominator=np.nan,
        unit="",
    )
    columns = ["indicator", "by", "segment", "numerator", "denominator", "value", "unit"]
    nothing = pd.DataFrame({"month": measured["month"].unique()})
    return Result(
        indicators=rows[columns],
        daily=daily_table(book),
        monthly=nothing,
        households=pd.DataFrame({"household": np.arange(len(book.observed.start))}),
        groups=pd.DataFrame({"founded_day": book.observed.groups["founded_day"]}),
    )


def levels_of(book: Book) -> pd.DataFrame:
    """Every level of a run over the 365 days to the end of each month, a row per month."""
    daily, places = daily_table(book), len(book.observed.start) * book.observed.panel
    ends = range(-(-YEAR_DAYS // MONTH_DAYS) * MONTH_DAYS, book.days + 1, MONTH_DAYS)
    return pd.DataFrame([_levels_at(book, daily, places, end) for end in ends])


def _levels_at(book: Book, daily: pd.DataFrame, places: int, end: int) -> dict[str, float]:
    first = end - YEAR_DAYS
    year = daily.iloc[first:end].sum()
    ordered = (book.orders.day >= first) & (book.orders.day < end)
    count = book.per_family(book.orders.family[ordered])
    base = lapsed(book, first, end, least_orders=2)
    households = 100.0 / (places * YEAR_DAYS)  # of a sum over days, per cent of households
    return {
        "month": end // MONTH_DAYS,
        "repurchase_rate_365d": _percent((count >= 2).sum(), (count >= 1).sum()),
        "churn_rate_365d": _percent(base.lost.sum(), base.at_risk.sum()),
        "points_redemption_rate": _percent(year["points_redeemed"], year["points_issued"]),
        "private_domain_sales_share": _percent(year["private_revenue_yuan"], year["revenue_yuan"]),
        "customers": year["customers"] * households,
        "private_domain": year["private_domain"] * households,
        "members": year["members"] * households,
        "community_active_share": _percent(year["active_members"], year["members"]),
        "orders": year["orders"] / places,
        "average_order_value_yuan": _percent(year["revenue_yuan"], year["orders"]) / 100.0,
        "contribution_yuan": year["contribution_yuan"] / places,
    }


def _percent(above: float, below: float) -> float:
    return 100.0 * float(above) / float(below) if below else float("nan")


def _by_month(indicators: pd.DataFrame) -> pd.DataFrame:
    """Levels of a stored run, a row per month and a column per level."""
    told = indicators.assign(month=indicators["segment"].astype(str).astype(int))
    told["indicator"] = told["indicator"].astype(str)
    return told.pivot(index="month", columns="indicator", values="value").sort_index()


def _levels(worlds: Sequence[pd.DataFrame]) -> pd.DataFrame:
    months = worlds[0].index
    parts = []
    for level in LEVELS:
        got = statistics.mean_intervals(np.array([world[level.name] for world in worlds]))
        parts.append(
            pd.DataFrame(
                {
                    "level": level.name,
                    "unit": level.unit,
                    "month": months,
                    "mean": got.mean,
                    "low": got.low,
                    "high": got.high,
                    "n": got.n,
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


def drift(worlds: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """How far each level moves from where it began.

    Parameters
    ----------
    worlds
        Of each, a row per month (the index) and a column per level.

    Returns
    -------
    pandas.DataFrame
        ``level, unit, first_month, last_month, first, last, drift, low, high, farthest, bound,
        bound_unit, verdict``: drift is last less first, the mean over worlds with its 95%
        interval; farthest is what lies farthest from the first in any month, of the mean over
        worlds. Both are in points of a share, and in per cent of anything else: of the first as it
        is on average over worlds, since a world that began low by luck would count for more than
        one that began high if each were measured by its own.
    """
    rows = []
    for level in LEVELS:
        paths = np.array([world[level.name].to_numpy(float) for world in worlds])
        moved = paths - paths[:, :1]
        if level.bound_unit == PERCENT:
            moved = 100.0 * moved / paths[:, 0].mean()
        got = statistics.mean_intervals(moved[:, -1])
        mean = moved.mean(axis=0)
        known = np.isfinite(mean)
        farthest = float(mean[known][np.abs(mean[known]).argmax()]) if known.any() else np.nan
        rows.append(
            {
                "level": level.name,
                "unit": level.unit,
                "first_month": worlds[0].index[0],
                "last_month": worlds[0].index[-1],
                "first": paths[:, 0].mean(),
                "last": paths[:, -1].mean(),
                "drift": got.mean[0],
                "low": got.low[0],
                "high": got.high[0],
                "farthest": farthest,
                "bound": level.bound,
                "bound_unit": level.bound_unit,
                "verdict": STILL if known.all() and abs(farthest) <= level.bound else MOVING,
            }
        )
    return pd.DataFrame(rows)


__all__ = ["LEVELS", "VERDICTS", "Level", "drift", "levels_of", "measured_run", "standstill"]
