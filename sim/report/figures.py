"""The figures of the report, in the order in which they are shown."""

from dataclasses import replace

import numpy as np
import pandas as pd

from sim.report.calendar import MONTH_DAYS
from sim.report.figure import ALL, Choice, Exhibit, MakeExhibit, Maker, Panel, scaled, segment_key
from sim.report.neighbours import WAYS, neighbours
from sim.report.palette import PARTS
from sim.report.reach import reach
from sim.report.reading import Comparison
from sim.report.why import why, why_groups
from sim.report.words import Words, whole

PERCENT = 100.0
MOST_LEVERS = 8  # told apart in the spend figure; the smaller ones are put together
WON_LOST = ("stage", "region", "persona", "tier")
FUNNEL = ("touch", "first_order", "landing", "tiering", "repurchase")
FEELINGS = ("trust", "engagement", "fatigue", "satisfaction")
LEAVING = {
    "group": "group_leaving_hazard_",
    "private": "private_leaving_hazard_",
    "messages": "unsubscription_hazard_",
}
PER_MEMBERS = 1_000  # leavings are told for so many member-months


def levels(maker: Maker) -> Exhibit | None:
    """Repurchase and churn by strategy."""
    panels = [
        maker.indicator("repurchase", "repurchase_rate_365d", PERCENT),
        maker.indicator("churn", "churn_rate_365d", PERCENT),
    ]
    return maker.exhibit("levels", "dots", panels, "segment")


def differences(maker: Maker) -> Exhibit | None:
    """Paired differences to the reference."""
    if len(maker.labels) < 2:
        return None
    panels = [
        maker.difference("repurchase_difference", "repurchase_rate_365d", PERCENT),
        maker.difference("churn_difference", "churn_rate_365d", PERCENT),
        maker.difference("month_difference", "repurchase_rate_30d", PERCENT),
        maker.difference("contribution_difference", "contribution_per_customer_month_yuan"),
    ]
    return maker.exhibit("differences", "dots", panels, "segment")


def monthly(maker: Maker) -> Exhibit | None:
    """Month by month."""
    panels = [
        maker.series("month_repurchase", "repurchase_rate_30d", PERCENT),
        maker.series("month_churn", "churn_rate_90d", PERCENT),
        maker.series("month_orders", "orders"),
        maker.series("month_contribution", "contribution_yuan", 1e-3),
    ]
    marks = _days_of_change(maker)
    marked = [replace(panel, marks=marks) for panel in panels if panel is not None]
    exhibit = maker.exhibit("monthly", "lines", marked)
    if exhibit is None or marks.empty:
        return exhibit
    return replace(exhibit, caption=maker.words("exhibits.monthly.phases", caption=exhibit.caption))


def _days_of_change(maker: Maker) -> pd.DataFrame:
    """Where among the months strategies begin to work otherwise."""
    table = maker.labelled(maker.comparison.phases.drop_duplicates(["strategy", "from_day"]))
    days = table["from_day"].astype(float)
    told = [
        maker.words("exhibits.monthly.changes", strategy=name, day=whole(day))
        for name, day in zip(table["strategy"], days, strict=True)
    ]
    # Month 1, of days 0 to 29, stands at 1, so that day 0 is at half.
    return pd.DataFrame({"strategy": table["strategy"], "x": days / MONTH_DAYS + 0.5, "told": told})


def survival(maker: Maker) -> Exhibit | None:
    """How long customers stay."""
    return maker.exhibit("survival", "lines", [_survival(maker, "customers")])


def _survival(maker: Maker, of: str) -> Panel | None:
    table = maker.comparison.survival
    renamed = table[table["of"] == of].rename(columns={"share": "mean", "day": "x"})
    return maker.lines(f"survival_{of}", renamed, PERCENT)


def retention(maker: Maker) -> Exhibit | None:
    """Cohorts: who orders again how many months after the first order."""
    table = maker.comparison.monthly
    pattern = r"ordering_after_(\d+)m"
    since = table["series"].str.extract(pattern, expand=False)
    cells = table[since.notna() & table["mean"].notna()].assign(since=since)
    rows = maker.labelled(cells)
    rows = pd.DataFrame(
        {
            "strategy": rows["strategy"],
            "cohort": rows["month"] + 1,
            "since": rows["since"].astype(int),
            "value": rows["mean"].astype(float) * PERCENT,
        }
    ).sort_values(["cohort", "since"], kind="stable")
    panel = maker.dated(maker.panel("retention", rows))
    return maker.exhibit("retention", "cells", [panel], "strategy")


def funnel(maker: Maker) -> Exhibit | None:
    """From touch to repeat order, each step as a share of the one before."""
    panels = [maker.indicator(f"funnel_{step}", f"funnel_{step}_share", PERCENT) for step in FUNNEL]
    return maker.exhibit("funnel", "dots", panels, "segment")


def won_lost(maker: Maker) -> Exhibit | None:
    """Households won and lost by each strategy."""
    table = maker.comparison.won_lost
    rows = _balance(maker, table[table["by"] == ALL])
    return maker.exhibit("won_lost", "balance", [maker.panel("won_lost", rows)])


def won_lost_by(maker: Maker) -> Exhibit | None:
    """Where a strategy wins and loses households."""
    table = maker.comparison.won_lost
    panels = []
    for by in WON_LOST:
        part = table[table["by"] == by]
        order = maker.words.ordered(by, part["segment"])
        part = part.iloc[np.argsort([order.index(name) for name in part["segment"]], kind="stable")]
        rows = _balance(maker, part)
        names = [maker.words.name(by, segment) for segment in rows["segment"]]
        rows = rows.assign(label=names)
        panels.append(maker.panel(f"won_lost_{by}", rows.drop(columns="segment")))
    return maker.exhibit("won_lost_by", "balance", panels, "strategy")


def _balance(maker: Maker, table: pd.DataFrame) -> pd.DataFrame:
    rows = maker.labelled(table)
    return pd.DataFrame(
        {
            "strategy": rows["strategy"],
            "label": rows["strategy"],
            "segment": rows["segment"],
            "won": PERCENT * rows["won"] / rows["households"],
            "lost": -PERCENT * rows["lost"] / rows["households"],
            "mean": PERCENT * rows["net_share"],
            "low": PERCENT * rows["net_share_low"],
            "high": PERCENT * rows["net_share_high"],
        }
    ).astype(dict.fromkeys(("won", "lost", "mean", "low", "high"), float))


def spend(maker: Maker) -> Exhibit | None:
    """What is spent, by lever, per customer and month."""
    table = maker.comparison.money
    wide = table.pivot(index="strategy", columns="item", values="mean")
    lever = wide.columns.astype(str).str.extract(r"^spend_(.+)_yuan$", expand=False)
    months = wide["customer_months"].replace(0, np.nan)  # nobody has ordered yet
    levers = wide.loc[:, lever.notna()].div(months, axis=0)
    levers.columns = lever.dropna()
    levers = levers[levers.max().sort_values(ascending=False, kind="stable").index]
    levers = levers.loc[:, levers.max() > 0]
    shown = levers.iloc[:, :MOST_LEVERS].copy()
    if levers.shape[1] > MOST_LEVERS:
        shown["other"] = levers.iloc[:, MOST_LEVERS:].sum(axis=1)
    rows = shown.rename_axis("strategy").reset_index().melt("strategy", var_name="part")
    return _stacked(maker, "spend", [("spend", rows)], "levers", list(map(str, shown)))


def _stacked(
    maker: Maker,
    name: str,
    panels: list[tuple[str, pd.DataFrame]],
    kind: str,
    parts: list[str],
    choice: Choice = "",
) -> Exhibit | None:
    """Stacked bars: parts of a kind with their colours, the largest first."""
    colours = {maker.words.name(kind, part): PARTS[i] for i, part in enumerate(parts)}
    made = []
    for key, rows in panels:
        told = maker.labelled(rows)
        order = told["part"].map(parts.index)
        told = told.assign(part=told["part"].map(lambda part: maker.words.name(kind, part)))
        made.append(maker.panel(key, told.assign(order=order).dropna(subset="value")))
    return maker.exhibit(name, "bars", made, choice, colours)


def money(maker: Maker) -> Exhibit | None:
    """What each strategy spends against what it contributes."""
    comparison = maker.comparison
    spent = comparison.spent("spend_yuan_per_customer_month")
    earned = comparison.spent("contribution_yuan")
    scale, unit = scaled(max(abs(value.mean) for value in earned.values()), maker.words)
    rows = [
        {
            "strategy": maker.labels[name],
            "x": spent[name].mean,
            "x_low": spent[name].low,
            "x_high": spent[name].high,
            "mean": earned[name].mean / scale,
            "low": earned[name].low / scale,
            "high": earned[name].high / scale,
        }
        for name in comparison.names
    ]
    known = pd.DataFrame(rows).dropna(subset=["x", "mean"])  # spend per customer needs one
    panel = maker.panel("money", known, unit=unit)
    return maker.exhibit("money", "scatter", [panel])


def value(maker: Maker) -> Exhibit | None:
    """What a customer is worth, and what a yuan brings back."""
    panels = [
        maker.indicator("value_12m", "lifetime_value_12m_yuan"),
        maker.indicator("value_36m", "lifetime_value_36m_yuan"),
        _item(maker, "return", "extra_return_on_spend"),
        _item(maker, "extra_contribution", "extra_contribution_yuan", 1e-3),
    ]
    return maker.exhibit("value", "dots", panels, "segment")


def _item(maker: Maker, key: str, item: str, scale: float = 1.0) -> Panel | None:
    table = maker.comparison.money
    rows = maker.labelled(table[(table["item"] == item) & table["mean"].notna()])
    numbers = {name: rows[name].astype(float) * scale for name in ("mean", "low", "high")}
    return maker.panel(key, rows[["strategy"]].assign(segment=ALL, **numbers), zero=True)


def communities(maker: Maker) -> Exhibit | None:
    """Members, active members, living chats, and how long chats live."""
    table = maker.comparison.monthly
    wide = table[table["series"].isin(["members", "active_members"])].pivot(
        index=["strategy", "month"], columns="series", values="mean"
    )
    active = None
    if {"members", "active_members"} <= set(wide):
        share = (wide["active_members"] / wide["members"].where(wide["members"] > 0)).rename("mean")
        rows = share.reset_index().assign(low=np.nan, high=np.nan, x=lambda t: t["month"] + 1)
        active = maker.dated(maker.lines("month_active", rows, PERCENT))
    panels = [
        maker.series("month_members", "members"),
        active,
        maker.series("month_chats", "groups_living"),
        _survival(maker, "chats"),
    ]
    return maker.exhibit("communities", "lines", panels)


def feelings(maker: Maker) -> Exhibit | None:
    """Trust, engagement, fatigue and satisfaction at the end."""
    panels = [maker.indicator(f"feeling_{name}", f"{name}_mean") for name in FEELINGS]
    return maker.exhibit("feelings", "dots", panels, "segment")


def reasons(maker: Maker) -> Exhibit | None:
    """Why members leave group chats and the private domain."""
    table = maker.comparison.levels
    found = {}
    for key, prefix in LEAVING.items():
        rows = table[table["indicator"].str.startswith(prefix) & table["mean"].notna()]
        segment = [segment_key(*pair) for pair in zip(rows["by"], rows["segment"], strict=True)]
        part = rows["indicator"].str.removeprefix(prefix)
        amounts = rows["mean"] * PER_MEMBERS
        found[key] = rows[["strategy"]].assign(segment=segment, part=part, value=amounts)
    whole_of = pd.concat(found.values())
    sizes = whole_of[whole_of["segment"] == ALL].groupby("part")["value"].max()
    parts = list(sizes[sizes > 0].sort_values(ascending=False, kind="stable").index)
    panels = [(f"leaving_{key}", rows[rows["part"].isin(parts)]) for key, rows in found.items()]
    return _stacked(maker, "reasons", panels, "reasons", parts, choice="segment")


def news(maker: Maker) -> Exhibit | None:
    """What brought first orders about."""
    rows = maker.comparison.news.rename(columns={"way": "part", "mean": "value"})
    panel = rows[["strategy", "part", "value"]]
    return _stacked(maker, "news", [("news", panel)], "ways", list(WAYS))


GALLERY: tuple[MakeExhibit, ...] = (
    why,
    why_groups,
    levels,
    differences,
    monthly,
    survival,
    retention,
    funnel,
    won_lost,
    won_lost_by,
    spend,
    money,
    value,
    reach,
    communities,
    feelings,
    reasons,
    news,
    neighbours,
)


def exhibits(comparison: Comparison, words: Words) -> list[Exhibit]:
    """All figures that the comparison has something for."""
    maker = Maker(comparison, words)
    return [made for make in GALLERY if (made := make(maker)) is not None]


__all__ = ["GALLERY", "exhibits"]
