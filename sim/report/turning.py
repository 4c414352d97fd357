"""Which assumption would turn the choice, as it was measured of the shipped strategies."""

from math import isfinite

import pandas as pd

from sim.report.outcomes import amount, goal_name, months
from sim.report.reading import Comparison, Estimate
from sim.report.words import Words, minus, whole

MEASURED = ("repurchasing_households", "contribution")  # goals
AS_IT_IS = "as it is"
MOST_CASES, MOST_MOVERS = 5, 3  # that are named


def by_first_goal(comparison: Comparison, words: Words) -> str:
    """Which assumptions turn the choice of the goal that comes first; see `by_goal`."""
    return "".join(by_goal(comparison, words, goal) for goal in goals(comparison)[:1])


def by_other_goal(comparison: Comparison, words: Words) -> str:
    """The same of the other goal, if there is one."""
    return "".join(by_goal(comparison, words, goal) for goal in goals(comparison)[1:])


def goals(comparison: Comparison) -> list[str]:
    """Goals that choose here what they chose there, the one that was asked for first.

    None where it was not measured of these strategies with these settings.
    """
    table = comparison.turning
    if (table["point"] == AS_IT_IS).all():  # or there is no row
        return []
    usual = table[table["point"] == AS_IT_IS].iloc[0]
    ordered = sorted(MEASURED, key=lambda goal: goal != comparison.goal)
    known = [goal for goal in ordered if goal in comparison.goals_read]
    return [g for g in known if next(iter(comparison.aimed(g))) == usual[f"{g}_first"]]


def scope(comparison: Comparison, words: Words) -> str:
    """How it was measured: under which strategies, in how many worlds, by which version."""
    table = comparison.turning
    if not goals(comparison):
        return ""
    moved = table[table["point"] != AS_IT_IS]
    near = moved[moved["worlds"] == moved["worlds"].max()]
    sizes = {}
    for which, row in (("all", moved["worlds"].idxmin()), ("near", moved["worlds"].idxmax())):
        for column in ("worlds", "households"):
            sizes[f"{which}_{column}"] = whole(float(moved[column][row]))
    about = {
        "near": whole(near["assumption"].nunique()),
        "strategies": words.listed([words.strategy(n) for n in dict.fromkeys(table["strategy"])]),
        "months": months(int(table["days"].iloc[0])),
        "version": table["version"].iloc[0],
    }
    return words("turning.scope", **about, **sizes)


def by_goal(comparison: Comparison, words: Words, goal: str) -> str:
    """Which assumptions turn a goal's choice beyond luck, or that none does; which move it most."""
    table = comparison.turning.drop_duplicates(["assumption", "point"])
    chosen = str(table.loc[table["point"] == AS_IT_IS, f"{goal}_first"].iloc[0])
    turns = table[f"{goal}_turns"].astype(bool)
    within = (table[f"{goal}_first"] != chosen) & ~turns & (table["worlds"] > 1)
    number = table.loc[turns, "assumption"].nunique()
    count = table.loc[table["point"] != AS_IT_IS, "assumption"].nunique()
    said = words(
        f"turning.{('none', 'one')[number] if number < 2 else 'some'}",
        goal=goal_name(comparison, words, goal),
        strategy=words.strategy(chosen),
        number=whole(number),
        count=whole(count),
        cases=_cases(comparison, words, table[turns], goal),
    )
    if within.any():
        cases = _cases(comparison, words, table[within], goal)
        said = words.joined(said, words("turning.within", cases=cases))
    return words.joined(said, _movers(comparison, words, goal, chosen))


def _cases(comparison: Comparison, words: Words, rows: pd.DataFrame, goal: str) -> str:
    """At which ends of which assumptions what is chosen instead."""
    cases = [
        words(
            "turning.case",
            setting=named_setting(comparison, words, str(row["assumption"])),
            value=_value(row["value"]),
            usual=_value(row["usual"]),
            strategy=words.strategy(str(row[f"{goal}_first"])),
        )
        for row in rows.head(MOST_CASES).to_dict("records")
    ]
    more = len(rows) - len(cases)
    return words("semicolon").join([*cases, *([words("turning.more", count=more)] if more else [])])


def _movers(comparison: Comparison, words: Words, goal: str, chosen: str) -> str:
    """What moves the chosen strategy's difference most, from one end of its range to the other."""
    table = comparison.turning
    own = table[(table["strategy"] == chosen) & (table["worlds"] == table["worlds"].max())]
    now = own[own["point"] == AS_IT_IS].iloc[0]
    if chosen == comparison.reference or not isfinite(now[goal]):
        return ""
    ends = own[own["point"] != AS_IT_IS].sort_values("value", kind="stable")
    both = {str(key): rows for key, rows in ends.groupby("assumption") if len(rows) == 2}
    widest = sorted(both, key=lambda key: -_width(both[key][f"{goal}_change"]))
    told = [_mover(comparison, words, key, both[key], goal) for key in widest[:MOST_MOVERS]]
    estimate = Estimate(*(float(now[f"{goal}{end}"]) for end in ("", "_low", "_high")))
    mean, within = amount(comparison, words, goal, estimate)
    about = {"strategy": words.strategy(chosen), "reference": words.strategy(comparison.reference)}
    movers = words("semicolon").join(told)
    return words("turning.moved", **about, amount=mean, interval=within, movers=movers)


def _width(changes: "pd.Series[float]") -> float:
    """How far it goes between both ends and what is as it is."""
    return float(max(changes.max(), 0.0) - min(changes.min(), 0.0))


def _mover(comparison: Comparison, words: Words, key: str, rows: pd.DataFrame, goal: str) -> str:
    """An assumption with the differences at both ends of its range."""
    low, high = (
        words("turning.end", value=_value(value), amount=words.count(mean))
        for value, mean in zip(rows["value"], rows[goal], strict=True)
    )
    return words("turning.mover", setting=named_setting(comparison, words, key), low=low, high=high)


def named_setting(comparison: Comparison, words: Words, key: str) -> str:
    """A setting by its key, with what it means."""
    table = comparison.assumptions
    found = table.loc[table["key"] == key, ["what", "unit"]]
    what, unit = found.iloc[0].astype(str) if len(found) else ("", "")
    name, unit = words.own("settings", key, what), words.own("units", unit)
    return words("turning.setting", setting=key, name=name, unit=unit)


def _value(value: float) -> str:
    return minus(f"{value:.4g}")


__all__ = ["MEASURED", "by_first_goal", "by_goal", "by_other_goal", "goals", "scope"]
