"""Tables of what a comparison is for: goals, the same people, the ladder, the horizons."""

from math import isfinite

import numpy as np
import pandas as pd

from sim.report.reading import Comparison, Estimate
from sim.report.tables import Shown, shown_table
from sim.report.words import Words, whole

CONTRIBUTION = "contribution_yuan"
PEOPLE = (
    "repurchasing_households",
    "day0_repurchase",
    "day0_orders",
    "day0_churn",
    "new_customers",
    CONTRIBUTION,
)
AT_HORIZONS = ("repurchasing_households", "day0_repurchase", "day0_churn", CONTRIBUTION)
SHARES = ("day0_repurchase", "day0_churn")
COUNTS = ("repurchasing_households", "new_customers", CONTRIBUTION)
SUBTOTALS = ("revenue", "gross_margin", "contribution")


def goals(comparison: Comparison, words: Words) -> Shown:
    """What each goal would choose."""
    rows = []
    for goal in comparison.goals_read:
        found = comparison.aimed(goal)
        name = next(iter(found))
        best = found[name]
        chance = words.probability(best.probability_best)
        told = words.strategy(name), *amount(comparison, words, goal, best.gain), chance
        asked = words("tables.goals.asked") if goal == comparison.goal else ""
        heading = "\n".join(filter(None, (goal_name(comparison, words, goal), asked)))
        rows.append([heading, told[0], "\n".join(filter(None, told[1:3])) or "–", told[3]])
    head = [words(f"tables.goals.{name}") for name in ("head", "best", "gain", "probability")]
    reference = words.strategy(comparison.reference)
    return shown_table(words, "goals", head, rows, reference=reference)


def goal_name(comparison: Comparison, words: Words, goal: str) -> str:
    """What a goal is called; one's own by what its parts are worth."""
    if goal != "own":
        return words(f"goals.{goal}")
    parts = [
        words("goals.part", goal=words(f"goals.{name}"), worth=f"{worth:g}")
        for name, worth in comparison.manifest["goals"].items()
    ]
    return words("goals.own", parts=words.listed(parts))


def amount(comparison: Comparison, words: Words, goal: str, gain: Estimate) -> tuple[str, str]:
    """A difference by a goal in its unit, and its interval; empty where there is none."""
    if not isfinite(gain.mean):
        return "", ""
    unit = str(comparison.goals.loc[comparison.goals["goal"] == goal, "unit"].iloc[0])
    if unit == "points":
        scaled = gain.over(100.0)
        within = words.interval(scaled.low, scaled.high, "share", signed=True)
    else:
        within = words.counts(gain.low, gain.high)
    return _in_unit(words, gain.mean, unit), within if gain.bounded else ""


def _in_unit(words: Words, number: float, unit: str) -> str:
    """A difference by a goal, of this unit of the table `goals`, with its sign."""
    if unit == "points":
        return words.number(number / 100.0, "share", signed=True)
    return words(f"amounts.{unit.replace(' ', '_').replace(',', '')}", number=words.count(number))


def either_way(words: Words, half_width: float, unit: str) -> str:
    """Half of an interval of such a difference."""
    return _in_unit(words, half_width, unit).replace("+", "±")


def precision(comparison: Comparison, words: Words) -> Shown:
    """How precise the differences are, and what more precision takes."""
    rows = []
    for row in comparison.precision.to_dict("records"):
        needed = row["replications_needed"]
        widths = [
            "–" if pd.isna(row[name]) else either_way(words, row[name], str(row["unit"]))
            for name in ("half_width", "half_width_stated")
        ]
        rows.append(
            [
                words.strategy(str(row["strategy"])),
                goal_name(comparison, words, str(row["goal"])),
                *widths,
                "–" if pd.isna(needed) else whole(float(needed)),
                words.number(row["variance_reduction_ratio"]),
            ]
        )
    columns = ("goal", "reached", "stated", "needed", "saved")
    head = [words("tables.strategy"), *(words(f"tables.precision.{name}") for name in columns)]
    return shown_table(words, "precision", head, rows)


def people(comparison: Comparison, words: Words) -> Shown:
    """What becomes of the same people."""
    rows = []
    for name in comparison.names:
        won, lost = (comparison.outcome(each).get(name) for each in ("won", "lost"))
        changed = [whole(each.mean) if each else "–" for each in (won, lost)]
        cells = [words.strategy(name), *changed]
        for outcome in PEOPLE:
            level = comparison.outcome(outcome).get(name)
            mean = _told(words, outcome, level.mean) if level else "–"
            extra = comparison.extra(outcome).get(name)
            gained = words("space").join(change(words, outcome, extra))
            cells.append("\n".join(filter(None, (mean, gained))))
        rows.append(cells)
    head = [words("tables.strategy"), words("page.won"), words("page.lost")]
    head += [words(f"outcomes.{outcome}") for outcome in PEOPLE]
    reference = words.strategy(comparison.reference)
    return shown_table(words, "people", head, rows, reference=reference)


def ladder(comparison: Comparison, words: Words) -> Shown:
    """From list price to contribution, in whole yuan that add up."""
    table = comparison.ladder
    first = table[table["strategy"] == comparison.reference]
    steps = list(zip(first["line"].astype(str), first["lever"].astype(str), strict=True))
    columns = []
    for name in comparison.names:
        columns.append(_adding_up(steps, table.loc[table["strategy"] == name, "mean"].to_numpy()))
    rows = []
    for i, (line, lever) in enumerate(steps):
        heading = words(f"ladder.{line}", lever=words.name("levers", lever))
        rows.append([heading, *(whole(column[i]) for column in columns)])
    head = [words("tables.ladder.head"), *map(words.strategy, comparison.names)]
    return shown_table(words, "ladder", head, rows)


def _adding_up(steps: list[tuple[str, str]], yuan: np.ndarray) -> list[float]:
    """Whole yuan of each step such that what is shown adds up to the rounded subtotals."""
    found, exact = [], 0.0
    for (line, _), own in zip(steps, yuan, strict=True):
        if line in SUBTOTALS:
            found.append(float(np.rint(exact)))
            continue
        before, exact = np.rint(exact), exact + float(own)
        found.append(float(np.rint(exact) - before))
    return found


def horizon(comparison: Comparison, words: Words) -> Shown:
    """Differences to the reference at every horizon, and where a verdict turns."""
    days = sorted(set(comparison.horizon["day"].astype(int)))
    table = comparison.horizon
    turned = table[table["turns"].astype(bool)]
    turns = set(zip(turned["strategy"].astype(str), turned["outcome"].astype(str), strict=True))
    rows = []
    for name in comparison.names:
        if name == comparison.reference:
            continue
        for outcome in AT_HORIZONS:
            cells = [
                "\n".join(change(words, outcome, comparison.extra(outcome, day).get(name))) or "–"
                for day in days
            ]
            said = words("tables.horizon.turns") if (name, outcome) in turns else ""
            rows.append([words.strategy(name), words(f"outcomes.{outcome}"), *cells, said])
        cells = [""] * (len(days) - 1) + [payback(comparison, words, name)]
        rows.append([words.strategy(name), words("tables.horizon.payback"), *cells, ""])
    head = [words("tables.strategy"), words("tables.horizon.head")]
    head += [words("tables.horizon.after", months=months(day)) for day in days]
    note = words("tables.horizon.note", reference=words.strategy(comparison.reference))
    note = words.joined(note, unseen(comparison, words))
    return shown_table(words, "horizon", [*head, ""], rows, note)


def payback(comparison: Comparison, words: Words, name: str) -> str:
    """From which month on a strategy has contributed more than the reference."""
    table = comparison.payback
    month, low, high = table.loc[table["strategy"] == name, ["month", "low", "high"]].iloc[0]
    if not isfinite(month):
        return words("payback.never")
    told = words("payback.month", month=whole(month))
    if low == high:
        return told
    if isfinite(low) and isfinite(high):
        return told + "\n" + words("range", low=whole(low), high=whole(high))
    return told + ("\n" + words("payback.open", low=whole(low)) if isfinite(low) else "")


def unseen(comparison: Comparison, words: Words) -> str:
    """What runs of this length cannot see."""
    missing = [own for own, day in ((12, 365), (24, 730), (36, 1095)) if day > comparison.days]
    if not missing:
        return ""
    listed = words.listed([str(own) for own in missing])
    return words("answer.unseen", days=whole(comparison.days), months=listed)


def months(day: int) -> str:
    """Months of the calendar in so many days."""
    return f"{day * 12 / 365:.1f}".removesuffix(".0")


def _told(words: Words, outcome: str, value: float) -> str:
    if outcome in SHARES:
        return words.number(value, "share")
    return words.number(value) if outcome == "day0_orders" else whole(value)


def change(words: Words, outcome: str, extra: Estimate | None) -> list[str]:
    """A difference and, in brackets, its interval; nothing where there is none."""
    if extra is None or not isfinite(extra.mean):
        return []
    if outcome in COUNTS:
        mean, within = words.count(extra.mean), words.counts(extra.low, extra.high)
    else:
        unit = "share" if outcome in SHARES else ""
        mean = words.number(extra.mean, unit, signed=True)
        within = words.interval(extra.low, extra.high, unit, signed=True)
    return [mean, f"({within})"] if extra.bounded else [mean]


__all__ = [
    "CONTRIBUTION",
    "amount",
    "change",
    "goal_name",
    "goals",
    "horizon",
    "ladder",
    "months",
    "payback",
    "people",
    "unseen",
]
