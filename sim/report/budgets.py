"""What every strategy was to spend, what it spends, and how its levers were changed for that."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from sim.report.outcomes import months
from sim.report.reading import Comparison
from sim.report.tables import Shown, shown_table
from sim.report.words import Words, capital, whole

REACHED = ("met", "binding", "unbinding")  # states in which it is spent
RATE = "yuan per customer and month"


def sentences(comparison: Comparison, words: Words) -> list[str]:
    """What was to be spent; and of every strategy what came of it, a sentence each."""
    ends = _ends(comparison)
    asked = [_asked(comparison, words)] if (ends["lever"] == "").any() else []
    return asked + said(comparison.budgets, ends, words)


def said(budgets: pd.DataFrame, ends: pd.DataFrame, words: Words) -> list[str]:
    """A sentence on each of some rows that came out in the end."""
    return [_said(budgets, end, words) for end in ends.to_dict("records")]


def summary(comparison: Comparison, words: Words) -> str:
    """Whether budgets were equal, and who could not keep to them; nothing if none was asked for."""
    ends = _ends(comparison)
    missed = ends[~ends["state"].isin(REACHED)]
    told = said(comparison.budgets, missed, words)
    shared = ends.loc[ends["lever"] == "", "spend"]
    if shared.empty:
        return words.joined(*told)
    apart = f"{100 * (shared.max() / shared.min() - 1):.2g}" if shared.min() > 0 else "–"
    key = "apart" if len(missed) else "alike"
    return words.joined(_asked(comparison, words), words(f"budgets.{key}", apart=apart), *told)


def totals(comparison: Comparison, words: Words) -> Shown:
    """A row for each strategy, and for each lever that has a fund."""
    rows = []
    for end in _ends(comparison).to_dict("records"):
        way = _way(comparison.budgets, end)
        rows.append(
            [
                _whose(words, end),
                _yuan(words, float(way["spend"].iloc[0]), end["unit"]),
                f"{end['factor']:.3g}",
                _yuan(words, end["spend"], end["unit"]),
                _yuan(words, end["target"], end["unit"]),
                words(f"budgets.states.{end['state']}"),
                " → ".join(f"{factor:.3g}" for factor in way["factor"]),
            ]
        )
    head = [words("tables.strategy")]
    head += [
        words(f"tables.budgets.{name}")
        for name in ("own", "factor", "spend", "target", "state", "way")
    ]
    return shown_table(words, "budgets", head, rows)


def origin(manifest: Mapping[str, Any], words: Words) -> str:
    """What was asked for, as it stands among what a page comes from."""
    said = str(manifest.get("budget", "own"))
    key = said if said in ("own", "equal") else "sum"
    return words(f"origin.budget_{key}", budget=said)


def _ends(comparison: Comparison) -> pd.DataFrame:
    """The rows that came out in the end, in the order of the page's strategies."""
    ends = comparison.budgets[comparison.budgets["state"] != ""]
    place = {name: i for i, name in enumerate(comparison.names)}
    return ends.sort_values("strategy", key=lambda names: names.map(place), kind="stable")


def _way(budgets: pd.DataFrame, end: Mapping[Any, Any]) -> pd.DataFrame:
    """Every factor that was tried for the same."""
    same = (budgets["strategy"] == end["strategy"]) & (budgets["lever"] == end["lever"])
    found: pd.DataFrame = budgets[same]
    return found


def _asked(comparison: Comparison, words: Words) -> str:
    ends = _ends(comparison)
    shared = ends[ends["lever"] == ""].iloc[0]
    households = comparison.manifest["configurations"][comparison.reference]["population"]
    stated = "rate" if shared["unit"] == RATE else "stated"
    return words(
        f"budgets.{'equal' if comparison.manifest['budget'] == 'equal' else stated}",
        reference=words.strategy(comparison.reference),
        amount=_yuan(words, shared["target"], shared["unit"]),
        households=whole(households["households"]),
        months=months(comparison.days),
    )


def _said(budgets: pd.DataFrame, end: Mapping[Any, Any], words: Words) -> str:
    return words(
        f"budgets.{end['state']}",
        whose=capital(_whose(words, end)),
        own=_yuan(words, float(_way(budgets, end)["spend"].iloc[0]), end["unit"]),
        factor=f"{end['factor']:.3g}",
        spend=_yuan(words, end["spend"], end["unit"]),
        target=_yuan(words, end["target"], end["unit"]),
    )


def _whose(words: Words, end: Mapping[Any, Any]) -> str:
    strategy = words.strategy(str(end["strategy"]))
    if not end["lever"]:
        return strategy
    lever = words.name("levers", str(end["lever"]))
    return words("budgets.lever", lever=lever, strategy=strategy)


def _yuan(words: Words, amount: float, unit: str) -> str:
    return words.number(amount) if unit == RATE else whole(amount)


__all__ = ["origin", "said", "sentences", "summary", "totals"]
