"""Every table of some random runs, as numbers that were recorded.

``python -m tests.indicator_tables`` records them anew, which only a change that is meant to change
results may do; `test_indicator_tables` compares. The runs are made up, no model is lived through.
"""

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from sim.indicators import (
    Book,
    daily_table,
    group_table,
    household_table,
    lives_table,
    monthly_table,
    order_log,
    retention_table,
    summarise,
)
from sim.indicators.observed import Observed
from tests.small_worlds import random_run

RECORD = Path(__file__).with_name("indicator_tables.json")


def runs() -> dict[str, Observed]:
    """A year, less than one with much happening, and two years of a panel."""
    return {
        "a year": _busy(random_run(400, 6000, seed=1)),
        "half a year": _busy(random_run(150, 4000, seed=2, days=190)),
        "two years of a panel": replace(_busy(random_run(250, 6000, 3, days=730)), panel=4),
    }


def _busy(run: Observed) -> Observed:
    """The same with what `random_run` leaves out."""
    luck = np.random.default_rng(9)
    events, days = run.events, run.days
    some = events["graduated"] == 0
    for name in ("advertised", "by_koc", "clicked", "entered_private_domain", "joined"):
        events[name] = (luck.random(len(events)) < 0.1) & some
    for name in ("in_private_domain", "loyalty_member"):
        events[name] = luck.random(len(events)) < 0.5
    events["help_posts"], events["complaint_posts"] = events["joined"], events["clicked"]
    events["points_expired"] = 10 * (luck.random(len(events)) < 0.05)
    events["coupon_fen"], events["cause"] = (
        events["list_fen"] // 20,
        luck.integers(0, 5, len(events)),
    )
    run.end["last_met_day"] = luck.integers(-200, days, len(run.end))
    run.end["in_private_domain"], run.end["loyalty_member"] = luck.integers(0, 2, (2, len(run.end)))
    run.end["tier"] = luck.integers(0, 4, len(run.end))
    run.end["fatigue"] = 40 * luck.random(len(run.end))
    run.end["group"] = luck.integers(-3, 20, len(run.end)).clip(-1)
    names = ("cost_points_fen", "cost_acquisition", "operations_serving_fen", "discount_tiers")
    sales = ("orders", "revenue_fen", "goods_cost_fen", "private_revenue_fen", "new_customers")
    others = ("customers", "member_visits", "members", "story_posts", "help_posts", "queue_fen")
    kinds = [(name, "i8") for name in ("day", *names, *sales, *others)]
    daily = np.zeros(days, kinds)
    for name in daily.dtype.names or ():
        daily[name] = luck.integers(1, 5000, days)
    daily["day"] = np.arange(days)
    run.groups["closed_day"][:5] = luck.integers(20, days, 5)
    for name in ("members", "joined", "member_posts", "operator_posts"):
        run.groups[name] = luck.integers(0, 99, len(run.groups))
    run.groups["stage"], run.groups["region"] = luck.integers(-1, 3, (2, len(run.groups)))
    use = np.ones_like(run.use_per_day)
    use[3, :, :30], use[0, :, 9:] = 0.0, 0.0
    return replace(run, daily=daily, use_per_day=use)


def tables(run: Observed) -> dict[str, pd.DataFrame]:
    """Every table that is made of a run alone."""
    book = Book(run)
    kinds = (summarise, daily_table, monthly_table, household_table, group_table, lives_table)
    return {make.__name__: make(book) for make in (*kinds, order_log, retention_table)}


def told(run: Observed) -> dict[str, str | list[float | None]]:
    """Each column of each table: a checksum, and every indicator of the whole by its value."""
    found: dict[str, str | list[float | None]] = {}
    for name, table in tables(run).items():
        if name == "summarise":
            for indicator, part in table.groupby("indicator", observed=True, sort=False):
                numbers = part[["numerator", "denominator", "value"]].to_numpy(float)
                found[f"{indicator}"] = [_rounded(numbers[0, 2]), _checksum(numbers)]  # type: ignore
        else:
            found |= {f"{name}.{column}": _checksum(table[column]) for column in table}
    return found


def _rounded(value: float) -> float | None:
    return float(f"{value:.10g}") if np.isfinite(value) else None


def _checksum(values: object) -> str:
    """Of ten digits of each number, lest a sum in another order be another."""
    cells = np.ravel(np.asarray(values))
    words = [f"{x + 0.0:.10g}" if isinstance(x, float) else str(x) for x in cells.tolist()]
    return hashlib.sha256("\n".join(words).encode()).hexdigest()[:12]


def recorded() -> dict[str, dict[str, object]]:
    """What was recorded, by run and column."""
    record: dict[str, dict[str, object]] = json.loads(RECORD.read_text())
    return record


if __name__ == "__main__":
    everything = {name: told(run) for name, run in runs().items()}
    RECORD.write_text(json.dumps(everything, sort_keys=True, indent=0) + "\n")
