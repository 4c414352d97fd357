"""What the tables of a comparison must be like for a report to be made of them.

Checksums tell that nothing was changed since it was written, not who wrote it.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
from pandas.api.types import infer_dtype, is_numeric_dtype

from sim.folders import shown, unreadable

if TYPE_CHECKING:
    from sim.report.reading import Comparison

# Columns of each table that a report reads: texts | numbers.
COLUMNS = {
    "strategies": "strategy title what why cost facts | budget_yuan_per_customer_month",
    "levels": "strategy indicator by segment unit | mean low high",
    "differences": "strategy indicator by segment unit method | mean low high",
    "ranking": "strategy indicator | probability_best",
    "precision": "strategy indicator unit | replications half_width replications_needed "
    "variance_reduction_ratio",
    "money": "strategy item | mean low high",
    "won_lost": "strategy by segment | households won lost net_share net_share_low net_share_high",
    "monthly": "strategy series | month mean low high",
    "survival": "of strategy | day share low high",
    "news": "strategy way | mean",
    "sample": "strategy |",
    "assumptions": "key value unit what rests_on facts source |",
    "changes": "strategy key value reference |",
    "facts": "id kpi who condition unit role source | value low high",
}
OF_NEIGHBOURS = "role way friends follows | household first_order_day friends_before"
TEXT = ("string", "empty", "categorical")


def checked(comparison: "Comparison", folder: Path) -> "Comparison":
    """The comparison, if a report can be made of it.

    Raises
    ------
    ResultsError
        When a table has other columns than it must, or tables do not belong together.
    """
    for wrong in (*_wrong_columns(comparison), *_astray(comparison)):
        raise unreadable(folder, wrong)
    return comparison


def _wrong_columns(comparison: "Comparison") -> Iterator[str]:
    for name, columns in COLUMNS.items():
        yield from _wrong(name, getattr(comparison, name), columns)
    if "friends" in comparison.sample:
        yield from _wrong("sample", comparison.sample, OF_NEIGHBOURS)


def _wrong(name: str, table: pd.DataFrame, columns: str) -> Iterator[str]:
    texts, numbers = (part.split() for part in columns.split("|"))
    if not table.columns.is_unique:
        yield f"its table {name} has a column twice"
        return
    for column in (*texts, *numbers):
        if column not in table:
            yield f"its table {name} has no column {column}"
        elif not len(table):
            continue
        elif column in texts and infer_dtype(table[column], skipna=True) not in TEXT:
            yield f"{column} in its table {name} is no text"
        elif column in numbers and not is_numeric_dtype(table[column]):
            yield f"{column} in its table {name} is no number"


def _astray(comparison: "Comparison") -> Iterator[str]:
    """Strategies of the manifest that a table lacks, and the reverse."""
    told = set(comparison.manifest["strategies"])
    if comparison.reference not in told & set(comparison.manifest["configurations"]):
        yield f"its manifest says nothing of the reference {shown(comparison.reference)}"
    for name in ("strategies", "ranking", "levels", "money"):
        if astray := told ^ set(getattr(comparison, name)["strategy"]):
            yield f"its table {name} and its manifest differ about {shown(min(map(str, astray)))}"


__all__ = ["checked"]
