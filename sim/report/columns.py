"""What the tables of a comparison must be like for a report to be made of them.

Checksums tell that nothing was changed since it was written, not who wrote it.
"""

import math
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
from pandas.api.types import infer_dtype, is_bool_dtype, is_numeric_dtype

from sim.store.folders import unreadable
from sim.text.outgoing import cited

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
    "phases": "strategy key value before | from_day",
    "facts": "id kpi who condition unit role source | value low high",
}
# What a row is of: figures place each by it, so none may be there twice.
ROWS = {
    "strategies": "strategy",
    "levels": "strategy indicator by segment",
    "differences": "strategy indicator by segment",
    "ranking": "strategy indicator",
    "precision": "strategy indicator",
    "money": "strategy item",
    "won_lost": "strategy by segment",
    "monthly": "strategy series month",
    "survival": "of strategy day",
    "news": "strategy way",
    "assumptions": "key",
    "changes": "strategy key",
    "phases": "strategy from_day key",
    "facts": "id",
}
OF_NEIGHBOURS = "role way friends follows | household first_order_day friends_before"
HOUSEHOLDS = r"(\d{1,12}( \d{1,12})*)?"  # by number
TEXT = ("string", "categorical")
LARGEST = 1e18
ENDLESS = ("variance_reduction_ratio",)  # where strategies do not differ in any world
ALL = "all"
SPENT = ("spend_yuan_per_customer_month", "contribution_yuan")  # of every strategy


def checked(comparison: "Comparison", folder: Path) -> "Comparison":
    """The comparison, if a report can be made of it.

    Raises
    ------
    ResultsError
        When a table has other columns than it must, or tables do not belong together.
    """
    for wrong in chain(_wrong_columns(comparison), _told_twice(comparison), _astray(comparison)):
        raise unreadable(folder, wrong)
    return comparison


def _wrong_columns(comparison: "Comparison") -> Iterator[str]:
    alone = set(comparison.manifest["strategies"]) == {comparison.reference}
    for name, columns in COLUMNS.items():
        if not (name == "precision" and alone):  # of differences; there are none
            yield from wrong(name, getattr(comparison, name), columns)
    if "friends" in comparison.sample:
        yield from wrong("sample", comparison.sample, OF_NEIGHBOURS)
        yield from _no_households(comparison.sample)


def _no_households(sample: pd.DataFrame) -> Iterator[str]:
    for column in sorted({"friends", "follows"} & set(sample)):
        if not sample[column].astype(str).str.fullmatch(HOUSEHOLDS).all():
            yield f"{column} in its table sample are no households"


def wrong(name: str, table: pd.DataFrame, columns: str) -> Iterator[str]:
    """What is wrong with a table that must have these columns: texts | numbers."""
    texts, numbers = (part.split() for part in columns.split("|"))
    if not table.columns.is_unique:
        yield f"its table {name} has a column twice"
        return
    for column in (*texts, *numbers):
        if column not in table:
            yield f"its table {name} has no column {column}"
        elif not len(table):
            continue
        elif column in texts and infer_dtype(table[column], skipna=False) not in TEXT:
            yield f"{column} in its table {name} is no text"
        elif column in numbers and not _sensible(table[column]):
            yield f"{column} in its table {name} is no sensible number"


def _told_twice(comparison: "Comparison") -> Iterator[str]:
    for name, of in ROWS.items():
        table = getattr(comparison, name)
        if set(of.split()) <= set(table) and table.duplicated(of.split()).any():
            yield f"its table {name} tells the same twice"


def _sensible(column: pd.Series) -> bool:
    """Whether all are numbers of a size that can be drawn, or missing."""
    if not is_numeric_dtype(column) or is_bool_dtype(column):
        return False
    size = column.abs()
    too_large = (size > LARGEST) & ~((size == math.inf) & (column.name in ENDLESS))
    return not bool(too_large.any())


def _astray(comparison: "Comparison") -> Iterator[str]:
    """Tables that tell of other strategies than the manifest, or not of all."""
    told = set(comparison.manifest["strategies"])
    if comparison.reference not in told & set(comparison.manifest["configurations"]):
        yield f"its manifest says nothing of the reference {cited(comparison.reference)}"
    everybody = comparison.strategies[["strategy"]].assign(by=ALL, what="")
    others = told - {comparison.reference}
    for name, table, each, who in (
        ("strategies", everybody, "what", told),
        ("ranking", comparison.ranking.assign(by=ALL), "indicator", told),
        ("levels", comparison.levels, "indicator", told),
        ("differences", comparison.differences, "indicator", others),
        ("won_lost", comparison.won_lost, "segment", others),
        (
            "money",
            comparison.money[comparison.money["item"].isin(SPENT)].assign(by=ALL),
            "item",
            told,
        ),
    ):
        found = table[table["by"] == ALL].groupby(each)["strategy"].agg(sorted)
        if not all(listed == sorted(who) for listed in found) or len(found) < bool(who):
            yield f"its table {name} does not tell of every strategy once"


__all__ = ["checked", "wrong"]
