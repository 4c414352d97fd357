"""Months of a run as the calendar has them, and the festivals that fall into it."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from sim.report.reading import Comparison
from sim.report.words import Words

MONTH_DAYS = 30  # of the model's months
YEAR_DAYS = 365
ENDS = (31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365)  # days of the year, from 0
LEAST = 0.4  # of the greatest festival's strength, from which one is drawn


def month_names(comparison: Comparison, words: Words, count: int) -> list[str]:
    """What the calendar calls each of so many months of 30 days: that in which its middle lies."""
    first = int(_run(comparison).get("start_day_of_year", 0))
    names = words("calendar.months").split()
    found = []
    for month in range(count):
        year, day = divmod(first + MONTH_DAYS * month + MONTH_DAYS // 2, YEAR_DAYS)
        name = names[next(i for i, end in enumerate(ENDS) if day < end)]
        found.append(words("calendar.of_year", month=name, year=year + 1) if year else name)
    return found


def festivals(comparison: Comparison, words: Words, days: int) -> pd.DataFrame:
    """The greater festivals within so many days of the run.

    Returns
    -------
    pandas.DataFrame
        ``x, told``: where each lies among the months of the run, month 1 from 0.5 to 1.5.
    """
    first = int(_run(comparison).get("start_day_of_year", 0))
    rows = []
    for each in _settings(comparison).get("market", {}).get("festivals", []):
        if float(each.get("intensity", 0.0)) < LEAST:
            continue
        start = (int(each["day_of_year"]) - first) % YEAR_DAYS
        told = words.own("festivals", str(each["name"]), str(each["name"]))
        rows += [(day / MONTH_DAYS + 0.5, told) for day in range(start, days, YEAR_DAYS)]
    return pd.DataFrame(sorted(rows), columns=["x", "told"])


def _settings(comparison: Comparison) -> Mapping[str, Any]:
    found: Mapping[str, Any] = comparison.manifest["configurations"][comparison.reference]
    return found


def _run(comparison: Comparison) -> Mapping[str, Any]:
    found: Mapping[str, Any] = _settings(comparison)["run"]
    return found


__all__ = ["festivals", "month_names"]
