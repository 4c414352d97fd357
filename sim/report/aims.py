"""The first paragraph: what is best by the goal, how sure, and what would choose otherwise."""

from math import isfinite

from sim.report.outcomes import amount, goal_name, months
from sim.report.reading import Comparison, Estimate
from sim.report.words import Words

SETTLED = 0.95  # probability of being best from which on the first place is called settled
READ_AT = {  # outcome of the table `horizon` by goal, and in which direction it is better
    "repurchasing_households": ("repurchasing_households", 1),
    "contribution": ("contribution_yuan", 1),
    "day0_repurchase": ("day0_repurchase", 1),
    "churn": ("day0_churn", -1),
}


def first_paragraph(comparison: Comparison, words: Words) -> str:
    """Which strategy is best by the goal, by how much, how sure, and where others disagree."""
    return words.joined(
        best(comparison, words),
        _certainty(comparison, words),
        other_goals(comparison, words),
        other_horizons(comparison, words),
        turns(comparison, words),
    )


def choices_by_goal(comparison: Comparison) -> dict[str, list[str]]:
    """The strategies that come first by some goal, each with those goals; that asked for first."""
    found: dict[str, list[str]] = {}
    for goal in comparison.goals_read:
        found.setdefault(next(iter(comparison.aimed(goal))), []).append(goal)
    return found


def best(comparison: Comparison, words: Words) -> str:
    """What is best by the goal, and by how much."""
    name, goal = comparison.names[0], comparison.goal
    about = {
        "goal": goal_name(comparison, words, goal),
        "months": months(comparison.days),
        "reference": words.strategy(comparison.reference),
        "strategy": words.strategy(name),
    }
    if len(comparison.names) == 1:
        return words("answer.alone", **about)
    if name == comparison.reference:
        return words("answer.none_better", **about)
    gain = comparison.aimed(goal)[name].gain
    told, interval = amount(comparison, words, goal, gain)
    key = "best" if gain.differs else "best_doubtful" if gain.bounded else "best_unbounded"
    return words(f"answer.{key}", **about, amount=told, interval=interval)


def _certainty(comparison: Comparison, words: Words) -> str:
    if len(comparison.names) == 1:
        return ""
    chances = {
        name: aimed.probability_best for name, aimed in comparison.aimed(comparison.goal).items()
    }
    chance = chances[comparison.names[0]]
    if not isfinite(chance):
        return words("answer.one_replication")
    rivals = [words.strategy(rival) for rival in list(chances)[1:] if chances[rival] >= 1 - SETTLED]
    return words(
        "answer.unsettled" if chance < SETTLED and rivals else "answer.settled",
        count=len(chances),
        probability=words.probability(chance),
        rivals=words.listed(rivals),
    )


def other_goals(comparison: Comparison, words: Words) -> str:
    """What the other goals would choose."""
    others = [goal for goal in comparison.goals_read if goal != comparison.goal]
    if len(comparison.names) == 1 or not others:
        return ""
    found = {goal: next(iter(comparison.aimed(goal))) for goal in others}
    same = [
        goal_name(comparison, words, goal)
        for goal, name in found.items()
        if name == comparison.names[0]
    ]
    if len(same) == len(others):
        return words("answer.goals_agree")
    told = [
        words(
            "answer.by_goal",
            goal=goal_name(comparison, words, goal),
            strategy=words.strategy(name),
            sure=words("answer.surely" if _surely(comparison, goal) else "answer.perhaps"),
        )
        for goal, name in found.items()
        if name != comparison.names[0]
    ]
    agreeing = words("answer.goals_same", goals=words.listed(same)) if same else ""
    disagreeing = words("answer.goals_disagree", goals=words("semicolon").join(told))
    return words.joined(agreeing, disagreeing)


def _surely(comparison: Comparison, goal: str) -> bool:
    first = next(iter(comparison.aimed(goal).values()))
    return first.probability_best >= SETTLED


def other_horizons(comparison: Comparison, words: Words) -> str:
    """Where a goal's choice would be another one at an earlier horizon."""
    if len(comparison.names) == 1:
        return ""
    told, seen, moved = [], [], set()
    for day in sorted(set(comparison.horizon["day"].astype(int)) - {comparison.days}):
        for goal in comparison.goals_read:
            name = _first_at(comparison, goal, day)
            if not name:
                continue
            seen.append(months(day))
            final = next(iter(comparison.aimed(goal)))
            if name != final:
                moved.add(goal)
                about = {"months": months(day), "strategy": words.strategy(name)}
                close = _overlap(comparison, READ_AT[goal][0], day, name, final)
                told.append(
                    words(
                        "answer.at_horizon_close" if close else "answer.at_horizon",
                        **about,
                        goal=goal_name(comparison, words, goal),
                        other=words.strategy(final),
                    )
                )
    if told:
        key = "horizons_disagree" if comparison.goal in moved else "other_horizons_disagree"
        return words(f"answer.{key}", horizons=words("semicolon").join(told))
    earlier = words("comma").join(dict.fromkeys(seen))
    return words("answer.horizons_agree", months=earlier) if seen else ""


def _first_at(comparison: Comparison, goal: str, day: int) -> str:
    """The strategy that comes first by a goal on a day; none where that cannot be read."""
    outcome, better = READ_AT.get(goal, ("", 0))
    known = {n: e.mean for n, e in comparison.outcome(outcome, day).items() if isfinite(e.mean)}
    return max(known, key=lambda each: better * known[each]) if known else ""


def _overlap(comparison: Comparison, outcome: str, day: int, one: str, other: str) -> bool:
    """Whether the intervals of two strategies' differences to the reference overlap on a day."""
    found = comparison.extra(outcome, day)
    first, second = (found.get(name, Estimate(0.0, 0.0, 0.0)) for name in (one, other))
    bounded = first.bounded and second.bounded
    return bounded and first.low <= second.high and second.low <= first.high


def turns(comparison: Comparison, words: Words) -> str:
    """Where a verdict on the goal or on contribution turns between horizons."""
    watched = {READ_AT["contribution"][0], READ_AT.get(comparison.goal, ("",))[0]}
    table = comparison.horizon[comparison.horizon["turns"].astype(bool)]
    table = table[table["outcome"].astype(str).isin(watched)].drop_duplicates(
        ["strategy", "outcome"]
    )
    told = [
        words(
            "answer.turn",
            strategy=words.strategy(str(row["strategy"])),
            outcome=words(f"outcomes.{row['outcome']}"),
            months=months(int(row["day"])),
            verdict=words(f"answer.is_{row['verdict']}"),
        )
        for row in table.to_dict("records")
    ]
    return words("answer.turns", told=words("semicolon").join(told)) if told else ""


__all__ = [
    "READ_AT",
    "best",
    "choices_by_goal",
    "first_paragraph",
    "other_goals",
    "other_horizons",
    "turns",
]
