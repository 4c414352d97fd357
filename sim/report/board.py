"""What a board asks beside the choice: what it brings and costs, how sure, what could change it."""

import shlex
from math import isfinite
from typing import Any

from sim.report import turning
from sim.report.aims import choices_by_goal
from sim.report.outcomes import CONTRIBUTION, amount, change, goal_name, months
from sim.report.reading import Comparison, Estimate
from sim.report.tables import Shown, fact_in_words, shown_table
from sim.report.words import Words, capital, whole

BROUGHT = ("repurchasing_households", "day0_repurchase", "day0_churn")
SPENT = ("price_cut_", "points_redeemed_", "lever_cost_")  # steps of the ladder that are spend


def choices(comparison: Comparison, words: Words) -> Shown:
    """What the choice of each goal brings and costs at every horizon."""
    days = sorted(set(comparison.horizon["day"].astype(int)))
    rows = []
    for name, goals in choices_by_goal(comparison).items():
        if name == comparison.reference:
            continue
        counts = {"count": len(goals), "goals": len(comparison.goals_read)}
        beside = words("tables.choices.chosen", **counts)
        for day in days:
            heading = words.strategy(name)
            cells = [f"{heading}\n{beside}" if day == days[0] else heading]
            cells.append(words("tables.choices.after", months=months(day)))
            cells += [_cell(comparison, words, each, day, name) for each in BROUGHT]
            cells.append(words.count(extra_spend(comparison, name, day)))
            cells.append(_cell(comparison, words, CONTRIBUTION, day, name))
            rows.append(cells)
    head = [words(f"tables.choices.{part}") for part in ("head", "horizon")]
    head += [words(f"outcomes.{outcome}") for outcome in BROUGHT]
    head += [words("tables.choices.spend"), words(f"outcomes.{CONTRIBUTION}")]
    note = words(
        "tables.choices.note",
        reference=words.strategy(comparison.reference),
        households=whole(_households(comparison)),
    )
    return shown_table(words, "choices", head, rows, note)


def _cell(comparison: Comparison, words: Words, outcome: str, day: int, name: str) -> str:
    return "\n".join(change(words, outcome, comparison.extra(outcome, day).get(name))) or "–"


def extra_spend(comparison: Comparison, name: str, day: int) -> float:
    """What a strategy gives up and pays beyond the reference until a day, yuan."""
    table = comparison.horizon
    mine = (table["strategy"] == name) & (table["day"] == day)
    steps = table[mine & table["outcome"].astype(str).str.startswith(SPENT)]
    return -float(steps["extra"].sum())


def _households(comparison: Comparison) -> float:
    manifest = comparison.manifest
    return float(manifest["configurations"][comparison.reference]["population"]["households"])


def trade_off(comparison: Comparison, words: Words) -> str:
    """What the choice costs in contribution, and what the choice for contribution brings."""
    best, goal = comparison.names[0], comparison.goal
    if goal == "contribution" or "contribution" not in comparison.goals_read:
        return ""
    other = next(iter(comparison.aimed("contribution")))
    gains = comparison.extra(CONTRIBUTION)
    if other == best or best not in gains:
        return ""
    brought = gains[best]
    clear = brought.differs or not brought.bounded
    pays = words(
        ("board.costs" if brought.mean < 0 else "board.earns") if clear else "board.open",
        strategy=words.strategy(best),
        reference=words.strategy(comparison.reference),
        yuan=whole(abs(brought.mean)),
        difference=words.count(brought.mean),
        interval=words.counts(brought.low, brought.high),
        months=months(comparison.days),
    )
    told = capital(pays)
    if other == comparison.reference:
        return words.joined(told, words("board.stay", other=words.strategy(other)))
    aimed = comparison.aimed(goal)
    between = aimed[best].gain.mean - aimed[other].gain.mean
    instead = words(
        "board.instead",
        other=words.strategy(other),
        yuan=words.count(gains[other].mean),
        gain=amount(comparison, words, goal, aimed[other].gain)[0],
        goal=goal_name(comparison, words, goal),
        strategy=words.strategy(best),
        more=amount(comparison, words, goal, Estimate(between, *[float("nan")] * 2))[0],
        less=words.count(gains[best].mean - gains[other].mean),
    )
    return words.joined(told, instead)


def luck(comparison: Comparison, words: Words) -> str:
    """What the intervals cover."""
    count = comparison.manifest["replications"]
    if count < 2:
        return ""
    households = whole(_households(comparison))
    return words("board.luck", count=count, households=households, more=4 * count)


def beyond_luck(comparison: Comparison, words: Words) -> str:
    """What no interval covers: what was assumed, and how the model fares against facts."""
    rests = comparison.assumptions["rests_on"].value_counts()
    total = len(comparison.assumptions)
    told = words(
        "board.assumed",
        total=total,
        assumed=int(rests.get("assumed", 0)),
        fitted=int(rests.get("fitted", 0)),
    )
    facts = comparison.facts
    checks = facts[facts["role"] == "check"]
    counts, unseen = (part["verdict"].value_counts() for part in (facts, checks))
    judged = [int(counts.get(name, 0)) for name in ("inside", "outside", "undecided")]
    if not sum(judged):
        return words.joined(told, words("board.unmeasured"))
    numbers = dict(zip(("inside", "outside", "undecided"), judged, strict=True))
    of_checks = (
        int(unseen.get("inside", 0)),
        int(unseen.drop("not measured", errors="ignore").sum()),
    )
    judged_so = words(
        "board.judged",
        measured=sum(judged),
        **numbers,
        checks_inside=of_checks[0],
        checks=of_checks[1],
    )
    return words.joined(told, judged_so)


def contradicted(comparison: Comparison, words: Words) -> str:
    """Where the model contradicts what the text of a strategy that some goal chooses cites."""
    told = []
    for name in choices_by_goal(comparison):
        facts = [fact_told(words, fact) for fact in outside(comparison, name)]
        if facts:
            about = {"strategy": words.strategy(name), "facts": words("semicolon").join(facts)}
            told.append(words("board.contradicted", **about))
    return words.joined(*map(capital, told))


def outside(comparison: Comparison, name: str) -> list[dict[Any, Any]]:
    """Facts that a strategy's text cites and that the model does not meet."""
    about = comparison.strategies.set_index("strategy")["facts"]
    cited = str(about.get(name, "")).split()
    wrong = comparison.facts["id"].isin(comparison.contradicted.intersection(cited))
    return [dict(row) for row in comparison.facts[wrong].to_dict("records")]


def fact_told(words: Words, fact: dict[Any, Any]) -> str:
    """A fact with its bounds and what was measured instead."""
    name = str(fact["id"])
    return words(
        "board.fact",
        id=name,
        what=words.own("facts", name, fact_in_words(fact)),
        **{key: words.number(fact[key]) for key in ("value", "low", "high", "measured")},
    )


def could_change(comparison: Comparison, words: Words) -> str:
    """What would choose otherwise, and the command that tells which assumptions would."""
    names = [name for name in choices_by_goal(comparison) if name != comparison.reference]
    goal = ["--goal", comparison.goal]
    if comparison.goal == "own":
        worths = {"repurchasing_households": 0.0} | comparison.manifest["goals"]
        goal = [f"goal.{name}={worth:g}" for name, worth in worths.items()]
    overrides = map(str, comparison.manifest["overrides"])
    asked = [*names, *overrides, "--reference", comparison.reference, *goal]
    command = shlex.join(["repurchase", "assumptions", *asked])
    if not names:
        return ""
    return words(
        "board.other_assumptions" if turning.goals(comparison) else "board.assumptions",
        command=command,
    )


def budgets(comparison: Comparison, words: Words) -> str:
    """What each strategy spent per customer of the year, and whether that was equal."""
    spend = comparison.level("spend_per_customer_yuan")
    known = {name: spend[name].mean for name in comparison.names if name in spend}
    if len(known) < 2 or not all(map(isfinite, known.values())):
        return ""
    told = [
        words("board.spends", strategy=words.strategy(name), spend=words.number(known[name]))
        for name in sorted(known, key=lambda each: -known[each])
    ]
    asked = comparison.manifest.get("budget", "own")
    spends = words("comma").join(told)
    return words("board.budgets_own" if asked == "own" else "board.budgets_set", spends=spends)


def limits(comparison: Comparison, words: Words) -> str:
    """What the model cannot say, however many worlds are lived through."""
    silent = int((comparison.facts["verdict"] == "not measured").sum())
    return words("board.limits", months=months(comparison.days), silent=silent)


__all__ = [
    "beyond_luck",
    "budgets",
    "choices",
    "contradicted",
    "could_change",
    "extra_spend",
    "fact_told",
    "limits",
    "luck",
    "outside",
    "trade_off",
]
