"""What slides are called: what there is to see on them, in a sentence."""

from math import isfinite

from sim.report.aims import best, other_goals, other_horizons, turns
from sim.report.outcomes import CONTRIBUTION, months, payback
from sim.report.reading import Comparison
from sim.report.words import Words, capital, whole

RATE = "repurchase_rate_365d"
MONTHLY = "repurchase_rate_30d"
SPEND = "spend_per_customer_yuan"


def subject(comparison: Comparison) -> str:
    """The strategy that slides tell of: the best, or the best besides the reference."""
    others = [name for name in comparison.names if name != comparison.reference]
    return others[0] if others else comparison.reference


def goals(comparison: Comparison, words: Words) -> str:
    """Whether other goals choose otherwise."""
    if comparison.goal not in comparison.goals_read:
        return words("tables.goals.title")
    return other_goals(comparison, words) or best(comparison, words)


def rates(comparison: Comparison, words: Words) -> str:
    """What the rate in the trade's definition changes by."""
    name = subject(comparison)
    gain = comparison.difference(RATE).get(name)
    if gain is None or not isfinite(gain.mean):
        return ""
    return words(
        "export.headlines.rates",
        strategy=words.strategy(name),
        indicator=capital(words.indicator(RATE)),
        amount=words.number(gain.mean, "share", signed=True),
        interval=words.interval(gain.low, gain.high, "share", signed=True),
        reference=words.strategy(comparison.reference),
    )


def people(comparison: Comparison, words: Words) -> str:
    """Who is won and lost."""
    name = subject(comparison)
    won, lost = (comparison.outcome(each).get(name) for each in ("won", "lost"))
    if won is None or lost is None or not isfinite(won.mean):
        return ""
    return words(
        "export.headlines.people",
        strategy=capital(words.strategy(name)),
        won=whole(won.mean),
        lost=whole(lost.mean),
        reference=words.strategy(comparison.reference),
    )


def money(comparison: Comparison, words: Words) -> str:
    """What is left in the end, and how that compares."""
    name = subject(comparison)
    left = comparison.outcome(CONTRIBUTION)[name].mean
    extra = comparison.extra(CONTRIBUTION).get(name)
    about = {
        "strategy": capital(words.strategy(name)),
        "months": months(comparison.days),
        "left": whole(left),
        "reference": words.strategy(comparison.reference),
    }
    if extra is None or not isfinite(extra.mean):
        return words("export.headlines.money_alone", **about)
    return words("export.headlines.money", **about, amount=words.count(extra.mean))


def horizon(comparison: Comparison, words: Words) -> str:
    """Where verdicts turn, or when the best has paid back."""
    told = words.joined(other_horizons(comparison, words), turns(comparison, words))
    name = subject(comparison)
    if told or name == comparison.reference:
        return told
    month = payback(comparison, words, name).replace("\n", words("space"))
    return words("export.headlines.payback", strategy=capital(words.strategy(name)), month=month)


def monthly(comparison: Comparison, words: Words) -> str:
    """How many order again in the last month that is known."""
    table = comparison.monthly
    known = table[(table["series"] == MONTHLY) & table["mean"].notna()]
    if known.empty:
        return ""
    last = known[known["month"] == known["month"].max()].set_index("strategy")["mean"]
    name, reference = subject(comparison), comparison.reference
    if not {name, reference} <= set(last.index):
        return ""
    return words(
        "export.headlines.monthly",
        month=whole(float(known["month"].max()) + 1),
        strategy=words.strategy(name),
        share=words.number(float(last[name]), "share"),
        reference=words.strategy(reference),
        reference_share=words.number(float(last[reference]), "share"),
    )


def spend(comparison: Comparison, words: Words) -> str:
    """What is given up and paid per customer."""
    name, reference, level = subject(comparison), comparison.reference, comparison.level(SPEND)
    if not {name, reference} <= set(level):
        return ""
    return words(
        "export.headlines.spend",
        strategy=capital(words.strategy(name)),
        spend=words.number(level[name].mean),
        reference=words.strategy(reference),
        reference_spend=words.number(level[reference].mean),
    )


__all__ = ["goals", "horizon", "money", "monthly", "people", "rates", "spend", "subject"]
