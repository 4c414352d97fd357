"""The pilot that would tell with real customers: how many, drawn how, for how long."""

from math import isfinite
from typing import Any

from sim.report.outcomes import change
from sim.report.reading import Comparison, Estimate
from sim.report.tables import Shown, shown_table
from sim.report.words import Words, whole

# What a pilot among customers looks at, by the comparison's goal.
LOOKED_AT = {"contribution": "day0_margin_yuan", "churn": "day0_churn"}
USUAL = "day0_repurchase"
MARKET = "repurchasing_households"
SHOWN = ("day0_repurchase", "day0_churn", "day0_margin_yuan", MARKET)


def told(comparison: Comparison, words: Words) -> str:
    """The pilot of the strategy that is best by the goal."""
    name = comparison.names[0]
    rows = _rows(comparison, name)
    if name == comparison.reference or not rows:
        return ""
    return words.joined(
        _by_lot(comparison, words, name, rows),
        _in_market(words, rows[MARKET]),
        words("pilot.limits"),
    )


def _by_lot(
    comparison: Comparison, words: Words, name: str, rows: dict[str, dict[Any, Any]]
) -> str:
    row = rows[LOOKED_AT.get(comparison.goal, USUAL)]
    outcome = str(row["outcome"])
    about = {"strategy": words.strategy(name), "reference": words.strategy(comparison.reference)}
    about["outcome"] = words(f"outcomes.{outcome}")
    if not (row["verdict"] in ("better", "worse") and isfinite(row["per_arm"])):
        return words("pilot.no_difference", **about)
    drawn = words(
        "pilot.by_lot",
        **about,
        arm=whole(row["per_arm"]),
        amount=change(words, outcome, Estimate(row["extra"], *[float("nan")] * 2))[0],
        months=whole(row["months"]),
    )
    if not isfinite(row["groups_per_arm"]):
        return words.joined(drawn, words("pilot.no_chats"))
    chats = words(
        "pilot.by_chats",
        effect=words.number(row["design_effect"]),
        total=whole(row["groups_per_arm"] * row["group_size"]),
        chats=whole(row["groups_per_arm"]),
        members=whole(row["group_size"]),
        correlation=words.number(row["group_correlation"]),
    )
    return words.joined(drawn, chats)


def _in_market(words: Words, row: dict[Any, Any]) -> str:
    if row["verdict"] not in ("better", "worse") or not isfinite(row["per_arm"]):
        return ""
    return words("pilot.in_market", arm=whole(row["per_arm"]))


def pilots(comparison: Comparison, words: Words) -> Shown:
    """How large a pilot of each strategy has to be, by what it looks at."""
    found = []
    for name in comparison.names:
        rows = _rows(comparison, name)
        if rows:
            cells = [_size(words, rows[outcome]) for outcome in SHOWN]
            found.append([words.strategy(name), *cells])
    head = [words("tables.strategy"), *(words(f"outcomes.{outcome}") for outcome in SHOWN)]
    reference = words.strategy(comparison.reference)
    return shown_table(words, "pilots", head, found, reference=reference)


def _size(words: Words, row: dict[Any, Any]) -> str:
    if row["verdict"] not in ("better", "worse") or not isfinite(row["per_arm"]):
        return words("tables.pilots.unclear")
    outcome = str(row["outcome"])
    said = [change(words, outcome, Estimate(row["extra"], *[float("nan")] * 2))[0]]
    if isfinite(row["groups_per_arm"]):
        said.append(words("tables.pilots.chats", chats=whole(row["groups_per_arm"])))
    return f"{whole(row['per_arm'])}\n{words('semicolon').join(said)}"


def _rows(comparison: Comparison, name: str) -> dict[str, dict[Any, Any]]:
    """Rows of the table `pilot` by outcome; none where it lacks one."""
    table = comparison.pilot[comparison.pilot["strategy"] == name]
    rows = {str(row["outcome"]): dict(row) for row in table.to_dict("records")}
    return rows if set(SHOWN) <= set(rows) else {}


__all__ = ["pilots", "told"]
