"""The answer of a comparison, in sentences."""

from collections.abc import Callable
from math import isfinite
from typing import NamedTuple

import pandas as pd

from sim.report import board, budgets, pilot, plausible, reach, turning, why
from sim.report.aims import choices_by_goal, first_paragraph
from sim.report.outcomes import (
    CONTRIBUTION,
    PEOPLE,
    change,
    either_way,
    goal_name,
    months,
    payback,
    unseen,
)
from sim.report.reading import Comparison
from sim.report.tables import Shown
from sim.report.words import Words, capital, whole

REPURCHASE = "repurchase_rate_365d"
NET = "repurchasing_households"
YEAR_DAYS = 365  # the indicators are of a year
NAMED = 3  # segments named as those that gain most
SMALL = 0.01  # segments with less than this share of the households are not named


class Point(NamedTuple):
    """A question that a board asks, and what the comparison answers.

    Attributes
    ----------
    name, title
        As the page links to it, and the question in the reader's words.
    said
        Paragraphs.
    table
        Shown below them, if any.
    """

    name: str
    title: str
    said: list[str]
    table: Shown | None = None


def points(comparison: Comparison, words: Words) -> list[Point]:
    """The answer: what a board asks, in the order in which it asks."""
    if comparison.goal not in comparison.goals_read:
        short = comparison.days < YEAR_DAYS
        goal = goal_name(comparison, words, comparison.goal)
        said = [words("answer.too_short" if short else "answer.nobody", goal=goal)]
        said += filter(None, [budgets.summary(comparison, words)])
        return [Point("choice", words("asked.choice"), said)]
    found = []
    for name, (makers, tables) in POINTS.items():
        said = [part for make in makers if (part := make(comparison, words))]
        table = next(iter(make(comparison, words) for make in tables), None)
        shown = table if table is not None and table.rows else None
        if said or shown:
            found.append(Point(name, words(f"asked.{name}"), said, shown))
    return found


def sentences(comparison: Comparison, words: Words) -> list[str]:
    """The paragraphs of all points, one after the other."""
    return [part for point in points(comparison, words) for part in point.said]


def _rate(comparison: Comparison, words: Words) -> str:
    """The rate in the trade's definition, beside the answer: it ranks nothing."""
    if not comparison.present([REPURCHASE]):
        return ""
    name = comparison.names[0]
    share, interval = words.level(*comparison.level(REPURCHASE)[name], "share")
    told = words(
        "answer.level" if interval else "answer.level_unbounded",
        strategy=words.strategy(name),
        share=share,
        interval=interval,
    )
    gain = comparison.difference(REPURCHASE).get(name)
    if gain is None or not isfinite(gain.mean):
        return told
    key = "gain" if gain.differs else "gain_doubtful" if gain.bounded else "gain_unbounded"
    told_gain = words(
        f"answer.{key}",
        amount=words.number(gain.mean, "share", signed=True),
        reference=words.strategy(comparison.reference),
        interval=words.interval(gain.low, gain.high, "share", signed=True),
    )
    return words.joined(told, told_gain, _customers(comparison, words))


def _money(comparison: Comparison, words: Words) -> str:
    """What the best gives up and pays, what it contributes, and when that has paid back."""
    name, reference = comparison.names[0], comparison.reference
    told = _spend(comparison, words, name)
    if name == reference:
        return told
    extra = comparison.extra(CONTRIBUTION)[name]
    key = "contributes_more" if extra.mean >= 0 else "contributes_less"
    earned = words(
        f"answer.{key}" if extra.bounded else f"answer.{key}_unbounded",
        amount=whole(abs(extra.mean)),
        reference=words.strategy(reference),
        months=months(comparison.days),
        interval=words.interval(extra.low, extra.high, "yuan", signed=True),
    )
    month = payback(comparison, words, name).replace("\n", words("space"))
    return words.joined(told, earned, words("answer.payback", month=month))


def _spend(comparison: Comparison, words: Words, name: str) -> str:
    """Spend per customer of the year, beside the reference's."""
    spend, paid = (
        comparison.level(f"{kind}_per_customer_yuan") for kind in ("spend", "lever_cost")
    )
    if name not in spend or not isfinite(spend[name].mean):
        return ""
    reference = comparison.reference
    about = {
        "strategy": capital(words.strategy(name)),
        "spend": words.number(spend[name].mean),
        "paid": words.number(paid[name].mean),
        "given": words.number(spend[name].mean - paid[name].mean),
    }
    if name == reference:
        return words("answer.spend_reference", **about)
    return words(
        "answer.spend",
        **about,
        reference=words.strategy(reference),
        reference_spend=words.number(spend[reference].mean),
    )


def _people(comparison: Comparison, words: Words) -> str:
    """Who is won and lost with the best, and what becomes of the customers of day 0."""
    name = comparison.names[0]
    if name == comparison.reference:
        return ""
    won, lost = (comparison.outcome(each).get(name) for each in ("won", "lost"))
    told, reference = [], words.strategy(comparison.reference)
    if won and lost and isfinite(won.mean):
        counts = {"won": whole(won.mean), "lost": whole(lost.mean)}
        told.append(words("answer.people", **counts, reference=reference))
    told += [
        words(
            f"answer.{key}",
            reference=reference,
            share=words.number(comparison.outcome(outcome)[name].mean, "share"),
            amount=words.number(extra.mean, "share", signed=True),
            interval=words.interval(extra.low, extra.high, "share", signed=True),
        )
        for key, outcome in (("day0", "day0_repurchase"), ("day0_churn", "day0_churn"))
        if isfinite((extra := comparison.extra(outcome)[name]).mean)
    ]
    return words.joined(*told)


def _segments(comparison: Comparison, words: Words) -> str:
    """Groups that gain and lose most."""
    name = comparison.names[0]
    if name == comparison.reference:
        return ""
    changed = comparison.changed()[name]
    table = comparison.won_lost[comparison.won_lost["strategy"] == name]
    large = table["households"] >= SMALL * changed.households
    parts = table[(table["by"] != "all") & large]
    sure = ~(parts["net_share_low"] <= 0)  # or the only world there is
    gains = parts[(parts["net_share"] > 0) & sure].nlargest(NAMED, "net_share")
    losses = parts[parts["net_share_high"] < 0].nsmallest(NAMED, "net_share")
    least = f"{SMALL:.0%}"
    return words.joined(
        *(
            words(f"answer.{key}", segments=_named(segments, words), least=least)
            for key, segments in (("gains", gains), ("losses", losses))
            if len(segments)
        )
    )


def _customers(comparison: Comparison, words: Words) -> str:
    """Where the best rate is taken over more or fewer customers than the reference's."""
    name, reference = comparison.names[0], comparison.reference
    gain, count = comparison.difference("customers"), comparison.level("customers")
    if name not in gain or not gain[name].differs:
        return ""
    return words(
        "answer.customers",
        customers=whole(count[name].mean),
        reference=words.strategy(reference),
        reference_customers=whole(count[reference].mean),
    )


def _fewer_customers(comparison: Comparison, words: Words) -> str:
    """Where the rate and the number of those who repurchase go opposite ways."""
    net, gains = comparison.extra(NET), comparison.difference(REPURCHASE)
    won, lost = (comparison.outcome(each) for each in ("won", "lost"))
    told = [
        words(
            "answer.won_and_lost",
            strategy=words.strategy(name),
            won=whole(won[name].mean),
            lost=whole(lost[name].mean),
        )
        for name in comparison.names
        if name in net and name in gains and gains[name].differs
        if net[name].mean * gains[name].mean < 0
    ]
    return words("answer.opposite_ways", strategies=words.listed(told)) if told else ""


def _named(segments: pd.DataFrame, words: Words) -> str:
    return words.listed(
        [
            words(
                "answer.segment",
                segment=words.among(by, segment),
                amount=words.number(net, "share", signed=True),
            )
            for by, segment, net in zip(
                segments["by"], segments["segment"], segments["net_share"], strict=True
            )
        ]
    )


def _undecided(comparison: Comparison, words: Words) -> str:
    """Which strategies are worse than the reference by the goal, and which show no difference."""
    aimed = comparison.aimed(comparison.goal)
    better = comparison.goals.loc[comparison.goals["goal"] == comparison.goal, "better"].iloc[0]
    sign = 1 if str(better) == "higher" else -1
    gains = {name: aimed[name].gain for name in comparison.names if name != comparison.reference}
    worse = [words.strategy(n) for n, e in gains.items() if e.differs and sign * e.mean < 0]
    same = [words.strategy(n) for n, e in gains.items() if e.bounded and not e.differs]
    count = comparison.manifest["replications"]
    few = count > 1  # worlds that are all equal: no interval, and yet no difference seen
    alike = [words.strategy(n) for n, e in gains.items() if few and e.mean == 0 and not e.bounded]
    about = {
        "reference": words.strategy(comparison.reference),
        "goal": goal_name(comparison, words, comparison.goal),
        "count": count,
    }
    told = [
        words(f"answer.{key}", **about, strategies=words.listed(names))
        for key, names in (("worse", worse), ("same", same), ("alike", alike))
        if names
    ]
    unclear = [n for n, e in gains.items() if e.bounded and not e.differs]
    changed = [_did_change(comparison, words, name) for name in unclear]
    return words.joined(*told, *changed)


def _did_change(comparison: Comparison, words: Words, name: str) -> str:
    """What a strategy does change that shows no clear difference by the goal."""
    told = [
        words(f"changed.{outcome}", amount=change(words, outcome, extra)[0])
        for outcome in PEOPLE
        if (extra := comparison.extra(outcome).get(name)) and extra.differs
    ]
    about = {"strategy": capital(words.strategy(name)), "changes": words.listed(told)}
    return words("answer.does_change", **about) if told else ""


def enough(comparison: Comparison, words: Words) -> str:
    """How precise the goal's differences are, how many worlds would do, what common luck saves.

    Then the same of goals that choose another strategy.
    """
    told = [_precision(comparison, words, comparison.goal, "answer.precision")]
    if not told[0]:
        return ""
    saved = _precisions(comparison, comparison.goal)["variance_reduction_ratio"]
    typical = float(saved.median())
    if 1 < typical < float("inf"):
        told.append(words("answer.common_luck", ratio=f"{typical:.0f}"))
    others = [goals[0] for goals in choices_by_goal(comparison).values()]
    told += [
        _precision(comparison, words, goal, "answer.precision_beside")
        for goal in others
        if goal != comparison.goal
    ]
    return words.joined(*told)


def _precisions(comparison: Comparison, goal: str) -> pd.DataFrame:
    """Rows of a goal whose differences have intervals; none of a strategy alone."""
    table = comparison.precision
    if table.empty:
        return table
    known = table[["replications_needed", "half_width"]].notna().all(axis=1)
    return table[(table["goal"] == goal) & known]


def _precision(comparison: Comparison, words: Words, goal: str, sentence: str) -> str:
    """How precise the differences in a goal are, and how many worlds would do."""
    table = _precisions(comparison, goal)
    if table.empty:
        return ""
    widest = table.loc[table["half_width"].idxmax()].to_dict()
    return words(
        sentence,
        count=widest["replications"],
        goal=goal_name(comparison, words, goal),
        reached=either_way(words, widest["half_width"], widest["unit"]),
        stated=either_way(words, widest["half_width_stated"], widest["unit"]),
        part=f"{100 * comparison.manifest['precision']:g}",
        needed=table["replications_needed"].max(),
    )


Say = Callable[[Comparison, Words], str]
MakeTable = Callable[[Comparison, Words], Shown]
# What a board asks: paragraphs, and the table below them; each has its heading under `asked`.
POINTS: dict[str, tuple[tuple[Say, ...], tuple[MakeTable, ...]]] = {
    "choice": ((first_paragraph, board.trade_off, _undecided), ()),
    "brings": ((_money, _people), (board.choices,)),
    "whom": ((_segments, _rate, _fewer_customers), ()),
    "why": ((why.orders, why.sentence), ()),
    "reach": ((reach.told,), ()),
    "sure": ((plausible.told, board.luck, enough, board.beyond_luck, board.contradicted), ()),
    "change": (
        (turning.by_first_goal, turning.by_other_goal, turning.scope, board.could_change),
        (),
    ),
    "pilot": ((pilot.told,), ()),
    "budgets": ((board.budgets, budgets.summary), ()),
    "limits": ((board.limits, unseen), ()),
}

__all__ = ["Point", "enough", "points", "sentences"]
