"""A made-up fitted operator as it lies on disk, whose every figure is known."""

from pathlib import Path
from typing import Any

import pandas as pd

from sim.config.loading import load, resolved
from sim.experiments.keeping import keep

ERRORS = {"simulator": 0.05, "bg_nbd": 0.1, "pareto_nbd": 0.2, "same_pace": 0.5}
WEEKS, LAST = 10, 8


def write_fitted(folder: Path, models: bool = True, **about: Any) -> Path:
    """Write what `repurchase fit` would; `about` is what its manifest tells otherwise."""
    ways = ERRORS if models else {"same_pace": 0.5}
    told = [_told("log", 1.0), *(_told(way, 1.0 + off) for way, off in ways.items())]
    counts = [_counts("log", 0.0), *(_counts(way, 10 * off) for way, off in ways.items())]
    setting = {"usual": 1.0, "value": 2.0, "lowest": 0.0, "highest": 10.0, "unit": "days"}
    settings = [
        {"setting": "behaviour.need.cover_days", "what": "usual cover", "low": 1.5, "high": 2.5}
        | {"open": 0.1, "points": 7},
        {"setting": "behaviour.choose.recall", "what": "recall", "low": 0.5, "high": 9.0}
        | {"open": 0.85, "points": 7},
    ]
    found = pd.DataFrame([each | setting for each in settings])
    figures = pd.DataFrame(
        {"figure": ["next_1", "gap_7", "month_2", "recent"], "log": 0.5, "log_error": 0.01,
         "world": 0.6, "spread": 0.05}
    )  # fmt: skip
    points = pd.DataFrame(
        {"point": [1, 1], "setting": ["a", "b"], "value": [1.0, 2.0], "distance": [0.5, 0.5]}
    )
    parameters = pd.DataFrame(
        {"model": ["bg_nbd"], "parameter": ["alpha"], "value": [2.5], "unit": ["weeks"]}
    )
    tables = {
        "told": pd.concat(told, ignore_index=True),
        "counts": pd.concat(counts, ignore_index=True),
        "scores": pd.DataFrame([_score(way, off) for way, off in ways.items()]),
        "parameters": parameters if models else parameters.iloc[:0],
        "settings": found if models else found.iloc[:0],
        "pattern": figures if models else figures.iloc[:0],
        "points": points if models else points.iloc[:0],
        "log": pd.DataFrame(
            {"what": ["category"], "of": ["<diapers>"], "value": [0.25], "unit": ["share"]}
        ),
    }
    manifest = {
        "experiment": "fit",
        "scenario": "baseline",
        "log": "<orders>.csv",
        "log_hash": "0",
        "columns": {"customer": "who", "time": "when", "amount": "paid", "category": "what"},
        "lacks": ["quantity", "channel", "child_born", "member", "refund"],
        "first_date": "2024-01-01",
        "unused": ["refund"],
        "time_format": "",
        "time_zone": "",
        "left_out_days": 0,
        "first_days": 364,
        "next_days": 7 * WEEKS,
        "customers": 200,
        "came_back": 120 if models else 3,
        "notes": {"rows": 1000, "repeated": 4, "days_without_orders": 40},
        "replications": 4,
        "seed": 1,
        "search": {"settings": ["behaviour.need.cover_days=interval(1,10)"], "won_days": 365,
                   "first_points": 1, "rounds": 0, "points_per_round": 1},
        "overrides": ["population=<town>"],
        "configuration": resolved(load("baseline")),
    }  # fmt: skip
    return keep(folder, tables, manifest | about)


def _told(way: str, times: float) -> pd.DataFrame:
    weeks = range(1, WEEKS + 1)
    purchases = [10.0 * week * times for week in weeks]
    return pd.DataFrame({"way": way, "days": [7 * week for week in weeks], "purchases": purchases})


def _counts(way: str, more: float) -> pd.DataFrame:
    customers = [100.0 - more, 20.0 + more, *[80.0 / (LAST - 1)] * (LAST - 1)]
    return pd.DataFrame({"way": way, "purchases": range(LAST + 1), "customers": customers})


def _score(way: str, off: float) -> dict[str, Any]:
    return {
        "way": way,
        "purchases": 100.0 * (1.0 + off),
        "purchases_log": 100.0,
        "curve_error": off,
        "active": 100.0 + 10 * off,
        "active_log": 100.0,
        "counts_error": off / 20,
        "each_error": 1.0 + off,
        "amount": 5000.0,
        "amount_log": 4000.0,
    }


__all__ = ["write_fitted"]
