"""The figures of a sweep: curves along a setting, or every point by each of the settings."""

from collections.abc import Iterator, Sequence
from itertools import product
from typing import Any

import pandas as pd

from sim.report.figure import Exhibit, Form, Panel
from sim.report.sweep.naming import described, point_of, shown_value
from sim.report.sweep.reading import Sweep
from sim.report.words import Words, capital

PREFERRED = (
    "repurchase_rate_365d",
    "churn_rate_365d",
    "contribution_per_customer_month_yuan",
    "orders_per_customer",
    "repurchase_rate_30d",
    "community_active_share",
)
MOST_OUTCOMES = 4  # in one figure
MOST_PANELS = 6  # of curves side by side; with more combinations, points are shown instead
PERCENT = 100.0


def outcomes(sweep: Sweep) -> list[str]:
    """The outcomes that the figures show, those that answers turn on first."""
    return [name for name in PREFERRED if name in sweep.main][:MOST_OUTCOMES]


def exhibits(sweep: Sweep, words: Words) -> list[Exhibit]:
    """All figures that the sweep has something for."""
    kinds = ["response", *(["compared"] if sweep.others else [])]
    kinds += ["steps"] if len(sweep.steps) else []
    found: list[Exhibit | None] = []
    if len(sweep.keys) == 1 and sweep.is_grid:
        found = [_along(sweep, words, kind) for kind in kinds]
    else:
        found = [
            _by_setting(sweep, words, kind, name)
            for kind in kinds
            if kind != "steps"
            for name in outcomes(sweep)[:3]
        ]
    return [each for each in found if each is not None]


def _along(sweep: Sweep, words: Words, kind: str) -> Exhibit | None:
    """Curves along the one setting, a panel for each outcome."""
    (key,) = sweep.keys
    panels = [
        _panel(
            sweep,
            words,
            kind,
            name,
            key,
            _rows(sweep, words, kind, name),
            capital(words.indicator(name)),
        )
        for name in outcomes(sweep)
    ]
    return _exhibit(sweep, words, kind, "curves", panels, kind)


def _by_setting(sweep: Sweep, words: Words, kind: str, name: str) -> Exhibit | None:
    """An outcome along one setting for each combination of the others, or by every setting."""
    rows = _rows(sweep, words, kind, name)
    key, others = _along_and_others(sweep)
    title = f"{kind}_{name}"
    if sweep.is_grid and others:
        panels = [
            _panel(sweep, words, kind, name, key, part, point_of(sweep, words, combination))
            for combination, part in _parts(sweep, rows, others)
        ]
        return _exhibit(sweep, words, kind, "curves", panels, title, name)
    panels = [
        _panel(sweep, words, kind, name, each, rows, described(sweep, words, each))
        for each in sweep.keys
    ]
    return _exhibit(sweep, words, kind, "points", panels, title, name)


def _along_and_others(sweep: Sweep) -> tuple[str, list[str]]:
    """The setting that curves run along, and the others if they have few combinations."""
    count = {key: len(sweep.values(key)) for key in sweep.keys}
    along = max(sweep.keys, key=lambda key: (sweep.is_number(key), count[key]))
    others = [key for key in sweep.keys if key != along]
    combinations = len(sweep.points.drop_duplicates(others)) if others else 0
    return along, others if 0 < combinations <= MOST_PANELS else []


def _parts(
    sweep: Sweep, rows: pd.DataFrame, others: Sequence[str]
) -> Iterator[tuple[dict[str, Any], pd.DataFrame]]:
    for values in product(*(sweep.values(key) for key in others)):
        combination = dict(zip(others, values, strict=True))
        here = pd.Series(True, rows.index)
        for key, value in combination.items():
            here &= rows[key] == value
        if here.any():
            yield combination, rows[here]


def _rows(sweep: Sweep, words: Words, kind: str, name: str) -> pd.DataFrame:
    """Estimates of an outcome with the settings of their points, shares in per cent."""
    rows = {
        "response": sweep.levels,
        "compared": sweep.compared,
        "steps": sweep.stepped,
    }[kind](name)
    share = sweep.unit(name) == "share"
    rows = rows[rows["mean"].notna()].copy()
    for column in ("mean", "low", "high"):
        rows[column] = rows[column].astype(float) * (PERCENT if share else 1.0)
    if kind == "response" and share:
        rows[["low", "high"]] = rows[["low", "high"]].clip(0, PERCENT)
    order = {each: place for place, each in enumerate(sweep.names)}
    rows = rows.iloc[rows["strategy"].map(order).argsort(kind="stable")]
    return rows.assign(strategy=rows["strategy"].map(words.strategy))


def _panel(
    sweep: Sweep,
    words: Words,
    kind: str,
    name: str,
    key: str,
    rows: pd.DataFrame,
    title: str,
) -> Panel:
    """One pair of axes: an outcome, or its difference, along a setting."""
    number = sweep.is_number(key)
    x = rows[key].astype(float) if number else rows[key].map(shown_value)
    places = {value: place for place, value in enumerate(sweep.values(key))}
    order = rows[key].map(places).to_numpy().argsort(kind="stable")
    shown = rows[["strategy", "mean", "low", "high"]].assign(x=x).iloc[order]
    unit = sweep.unit(name)
    scale = words("sweep.percent" if unit == "share" else "sweep.of_unit",
                  unit=words.own("units", unit))  # fmt: skip
    if kind != "response":
        points = words("sweep.points") if unit == "share" else words.own("units", unit)
        against = words.strategy(sweep.reference) if kind == "compared" else words("sweep.first")
        scale = words("sweep.more_than", unit=points, reference=against)
    return Panel(title, shown, described(sweep, words, key), scale, kind != "response")


def _exhibit(
    sweep: Sweep,
    words: Words,
    kind: str,
    form: Form,
    panels: list[Panel],
    name: str,
    outcome: str = "",
) -> Exhibit | None:
    shown = [panel for panel in panels if len(panel.rows)]
    if not shown:
        return None
    about = {"reference": words.strategy(sweep.reference)}
    title = words(f"sweep.exhibits.{kind}.title", **about)
    if outcome:
        title = words("sweep.setting", setting=words.indicator(outcome), what=title)
    told = [words(f"sweep.exhibits.{form}"), words(f"sweep.exhibits.{kind}.caption", **about)]
    if len(sweep.keys) > 1:
        told.append(words(f"sweep.exhibits.{form}_of_several"))
    return Exhibit(name, form, capital(title), words.joined(*told), shown, alike=bool(outcome))


__all__ = ["PREFERRED", "exhibits", "outcomes"]
