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
    "precision": "strategy goal unit | replications half_width replications_needed "
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
    "facts": "id kpi who condition unit role source verdict | value low high measured "
    "measured_low measured_high worlds households",
    "people": "strategy outcome unit method | day months mean low high extra extra_low extra_high "
    "critical",
    "ladder": "strategy line lever | mean low high extra extra_low extra_high",
    "horizon": "strategy outcome unit method verdict | day months mean low high extra extra_low "
    "extra_high critical",
    "why": "strategy by segment step lever unit | day mean low high reference_level level",
    "reach": "strategy lever step meaning | mean low high share cost_yuan yuan_per_household",
    "worlds": "strategy outcome unit | seed day value",
    "payback": "strategy | month low high",
    "pilot": "strategy outcome unit verdict | months reference extra extra_low extra_high "
    "deviation_reference deviation per_arm group_correlation group_size design_effect "
    "groups_per_arm",
    "goals": "goal unit better strategy | rank mean low high extra extra_low extra_high "
    "probability_best",
    "budgets": "strategy lever unit state | step factor worlds spend target",
    "regional": "strategy regions city_tiers key value elsewhere | from_day until_day",
    "plausible": "strategy goal unit | worlds best best_share regret regret_high",
    "worth_knowing": "setting goal unit | worth worlds",
    "worth_trying": "strategy outcome goal unit | months per_arm worth changes worlds",
    "turning": "assumption point strategy version repurchasing_households_first contribution_first "
    "| value usual days households worlds repurchasing_households repurchasing_households_low "
    "repurchasing_households_high repurchasing_households_change contribution contribution_low "
    "contribution_high contribution_change",
}
TURNS = ("repurchasing_households_turns", "contribution_turns")
# Of tables that are there at times.
BUDGETS = COLUMNS["budgets"].replace("|", "").split()
REGIONAL = COLUMNS["regional"].replace("|", "").split()
PLAUSIBLE = COLUMNS["plausible"].replace("|", "").split()
WORTH_KNOWING = COLUMNS["worth_knowing"].replace("|", "").split()
WORTH_TRYING = COLUMNS["worth_trying"].replace("|", "").split()
TURNING = [*COLUMNS["turning"].replace("|", "").split(), *TURNS]
# What a row is of: figures place each by it, so none may be there twice.
ROWS = {
    "strategies": "strategy",
    "levels": "strategy indicator by segment",
    "differences": "strategy indicator by segment",
    "ranking": "strategy indicator",
    "precision": "strategy goal",
    "money": "strategy item",
    "won_lost": "strategy by segment",
    "monthly": "strategy series month",
    "survival": "of strategy day",
    "news": "strategy way",
    "assumptions": "key",
    "changes": "strategy key",
    "phases": "strategy from_day key",
    "regional": "strategy from_day regions city_tiers key",
    "facts": "id",
    "people": "strategy outcome",
    "ladder": "strategy line lever",
    "horizon": "strategy outcome day",
    "why": "strategy day by segment step lever",
    "reach": "strategy lever step",
    "worlds": "strategy outcome day seed",
    "payback": "strategy",
    "pilot": "strategy outcome",
    "goals": "goal strategy",
}
OF_NEIGHBOURS = "role way friends follows | household first_order_day friends_before"
HOUSEHOLDS = r"(\d{1,12}( \d{1,12})*)?"  # by number
TEXT = ("string", "categorical")
LARGEST = 1e18
ENDLESS = ("variance_reduction_ratio",)  # where strategies do not differ in any world
ALL = "all"
GOALS = (
    "repurchasing_households",
    "contribution",
    "day0_repurchase",
    "churn",
    "repurchase_rate",
    "own",
)
AIMED_UNITS = ("households per 10,000", "yuan per 10,000 households", "points", "worth")
LINES = (
    "list",
    "price_cut",
    "points_redeemed",
    "revenue",
    "goods",
    "gross_margin",
    "fees",
    "commission",
    "serving",
    "fine",
    "lever_cost",
    "contribution",
)
WHY_STEPS = (
    "customers",
    "orders_per_customer",
    "basket",
    "price_cut",
    "goods",
    "commission",
    "serving",
    "fees",
    "fine",
    "lever_cost",
    "contribution",
)
REACH_STEPS = ("eligible", "reached", "seen", "acted", "ordered")
STATES = ("met", "binding", "unbinding", "unspendable", "unavoidable", "not_found", "")
VERDICTS = ("better", "worse", "open", "")
ALONE = (  # outcomes that a report needs
    "repurchasing_households",
    "day0_repurchase",
    "day0_orders",
    "day0_churn",
    "new_customers",
    "contribution_yuan",
)
OUTCOMES = (*ALONE, "won", "lost")
JUDGED = ("inside", "outside", "undecided", "not measured")
PILOTED = ("day0_repurchase", "day0_churn", "day0_margin_yuan", "repurchasing_households")
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


def _other_words(comparison: "Comparison") -> Iterator[str]:
    """Words that a report has no sentence for, and outcomes that it needs and that are missing."""
    horizon = comparison.horizon
    for name, column, known in (
        ("goals", "goal", GOALS),
        ("goals", "unit", AIMED_UNITS),
        ("ladder", "line", LINES),
        ("horizon", "verdict", VERDICTS),
        ("why", "step", WHY_STEPS),
        ("reach", "step", REACH_STEPS),
        ("pilot", "verdict", VERDICTS),
        ("pilot", "outcome", PILOTED),
        ("facts", "verdict", JUDGED),
        ("budgets", "state", STATES),
    ):
        found = set(getattr(comparison, name)[column].astype(str))
        if other := sorted(found - set(known)):
            yield f"{column} in its table {name} is {cited(other[0])}"
    if "turns" not in horizon or not is_bool_dtype(horizon["turns"]):
        yield "turns in its table horizon is no switch"
    yield from _wrong_why(comparison)
    yield from _wrong_reach(comparison.reach)
    yield from _wrong_turning(comparison.turning)
    if not (horizon["day"] >= 1).all():
        yield "day in its table horizon is no day"
    last = set(horizon.loc[horizon["day"] == horizon["day"].max(), "outcome"])
    if missing := set(OUTCOMES if len(comparison.manifest["strategies"]) > 1 else ALONE) - last:
        yield f"its table horizon has nothing of {min(missing)}"
    wanted = {comparison.manifest["goal"], *comparison.manifest["goals"]}
    if other := sorted(wanted - set(comparison.goals["goal"].astype(str))):
        yield f"its table goals has nothing of {cited(other[0])}"


def _wrong_why(comparison: "Comparison") -> Iterator[str]:
    """Steps that do not tell of every group, up to what they add up to."""
    table = comparison.why
    others = set(comparison.manifest["strategies"]) - {comparison.reference}
    if set(table["strategy"]) != others:
        yield "its table why does not tell of every strategy"
        return
    groups = table.groupby(["strategy", "day"])
    told = [set(zip(part["by"], part["segment"], strict=True)) for _, part in groups]
    last = table.groupby(["strategy", "day", "by", "segment"])["step"].last()
    if any(each != told[0] for each in told) or not (last == "contribution").all():
        yield "its table why does not tell of every group"
    elif others and not {(ALL, ALL), ("later",) * 2, ("nobody",) * 2} <= told[0]:
        yield "its table why does not tell of everybody"


def _wrong_reach(table: pd.DataFrame) -> Iterator[str]:
    """Levers of which not every step is told."""
    if "hardly" not in table or not is_bool_dtype(table["hardly"]):
        yield "hardly in its table reach is no switch"
    steps = table.groupby(["strategy", "lever"])["step"].nunique()
    if not (steps == len(REACH_STEPS)).all():
        yield "its table reach does not tell every step of a lever"


def _wrong_turning(table: pd.DataFrame) -> Iterator[str]:
    """Strategies of which it is not told once how they are where nothing is moved."""
    if table.empty:
        return
    usual = table.loc[table["point"] == "as it is", "strategy"]
    named = {*table["strategy"], *table["repurchasing_households_first"]}
    named |= set(table["contribution_first"])
    if sorted(usual) != sorted(named):
        yield "its table turning does not tell how every strategy is"
    if other := set(table["point"]) - {"low", "as it is", "high"}:
        yield f"point in its table turning is {cited(min(other))}"
    if not all(name in table and is_bool_dtype(table[name]) for name in TURNS):
        yield "turns in its table turning is no switch"


def _by_step(ladder: pd.DataFrame) -> pd.DataFrame:
    step = ladder["line"].astype(str) + " " + ladder["lever"].astype(str)
    return ladder.assign(by=ALL, step=step)


def _by_reading(horizon: pd.DataFrame) -> pd.DataFrame:
    reading = horizon["outcome"].astype(str) + " " + horizon["day"].astype(str)
    return horizon.assign(by=ALL, reading=reading)


def _by_world(worlds: pd.DataFrame) -> pd.DataFrame:
    reading = worlds["outcome"].astype(str)
    for name in ("day", "seed"):
        reading += " " + worlds[name].astype(str)
    return worlds.assign(by=ALL, reading=reading)


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
    yield from _other_words(comparison)
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
        ("goals", comparison.goals.assign(by=ALL), "goal", told),
        ("people", comparison.people.assign(by=ALL), "outcome", told),
        ("ladder", _by_step(comparison.ladder), "step", told),
        ("payback", comparison.payback.assign(by=ALL, what=""), "what", others),
        ("worlds", _by_world(comparison.worlds), "reading", told),
        ("horizon", _by_reading(comparison.horizon), "reading", told),
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
