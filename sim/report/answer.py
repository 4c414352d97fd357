"""The answer of a comparison, in sentences."""

from math import isfinite

import pandas as pd

from sim.report.reading import Comparison
from sim.report.words import Words, capital, whole

REPURCHASE = "repurchase_rate_365d"
CHURN = "churn_rate_365d"
YEAR_DAYS = 365  # the indicators are of a year
SETTLED = 0.95  # probability of being best from which on the first place is called settled
NAMED = 3  # segments named as those that gain most
SMALL = 0.01  # segments with less than this share of the households are not named


def sentences(comparison: Comparison, words: Words) -> list[str]:
    """Which strategy is best, by how much, how sure, at what cost, and who was won and lost."""
    return [part for part in (*_found(comparison, words), equal_budget(comparison, words)) if part]


def equal_budget(comparison: Comparison, words: Words) -> str:
    """That equal budgets, which were asked for, change nothing, and why; else nothing."""
    why = comparison.manifest.get("equal_budget")
    if why not in ("same", "never_short"):
        return ""
    budget = comparison.spent("budget_yuan_per_customer_month")[comparison.reference].mean
    return words(f"answer.equal_budget_{why}", budget=words.number(budget))


def _found(comparison: Comparison, words: Words) -> list[str]:
    if not comparison.present([REPURCHASE]):
        run = comparison.manifest["configurations"][comparison.reference]["run"]
        return [words("answer.too_short" if run["days"] < YEAR_DAYS else "answer.nobody")]
    if len(comparison.names) == 1:
        return [_level(comparison, words, comparison.names[0])]
    return [
        _best(comparison, words),
        _certainty(comparison, words),
        _customers(comparison, words),
        _churn(comparison, words),
        _spend(comparison, words),
        _most(comparison, words),
        _people(comparison, words),
        _fewer_customers(comparison, words),
        _undecided(comparison, words),
        _enough(comparison, words),
    ]


def _best(comparison: Comparison, words: Words) -> str:
    name, reference = comparison.names[0], comparison.reference
    level = _level(comparison, words, name)
    if name == reference:
        return words.joined(words("answer.none_better", reference=words.strategy(name)), level)
    gain = comparison.difference(REPURCHASE)[name]
    key = "gain" if gain.differs else "gain_doubtful" if gain.bounded else "gain_unbounded"
    told = words(
        f"answer.{key}",
        amount=words.number(gain.mean, "share", signed=True),
        reference=words.strategy(reference),
        interval=words.interval(gain.low, gain.high, "share", signed=True),
    )
    return words.joined(level, told)


def _level(comparison: Comparison, words: Words, name: str) -> str:
    share, interval = words.level(*comparison.level(REPURCHASE)[name], "share")
    return words(
        "answer.level" if interval else "answer.level_unbounded",
        strategy=words.strategy(name),
        share=share,
        interval=interval,
    )


def _certainty(comparison: Comparison, words: Words) -> str:
    chances = comparison.best(REPURCHASE)
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


def _churn(comparison: Comparison, words: Words) -> str:
    if not comparison.present([CHURN]):
        return ""
    name = next(iter(comparison.best(CHURN)))
    value = comparison.level(CHURN)[name]
    about = {"strategy": words.strategy(name), "share": words.number(value.mean, "share")}
    if name == comparison.reference:
        return words("answer.churn_reference", **about)
    change = comparison.difference(CHURN)[name]
    return words(
        "answer.churn" if change.bounded else "answer.churn_unbounded",
        **about,
        amount=words.number(change.mean, "share", signed=True),
        reference=words.strategy(comparison.reference),
        interval=words.interval(change.low, change.high, "share", signed=True),
    )


def _spend(comparison: Comparison, words: Words) -> str:
    name, reference = comparison.names[0], comparison.reference
    spend = comparison.spent("spend_yuan_per_customer_month")
    cuts = comparison.spent("price_cuts_yuan_per_customer_month")
    about = {
        "strategy": capital(words.strategy(name)),
        "spend": words.number(spend[name].mean),
        "cuts": words.number(cuts[name].mean),
        "budget": words.number(comparison.spent("budget_yuan_per_customer_month")[name].mean),
    }
    if name == reference:
        return words("answer.spend_reference", **about)
    extra = comparison.spent("extra_contribution_yuan")[name]
    told = words(
        "answer.spend",
        **about,
        reference=words.strategy(reference),
        reference_spend=words.number(spend[reference].mean),
        reference_cuts=words.number(cuts[reference].mean),
    )
    size = {"amount": whole(abs(extra.mean)), "reference": words.strategy(reference)}
    key = "contributes_more" if extra.mean >= 0 else "contributes_less"
    earned = words(
        f"answer.{key}" if extra.bounded else f"answer.{key}_unbounded",
        **size,
        interval=words.interval(extra.low, extra.high, "yuan", signed=True),
    )
    return words.joined(told, earned)


def _most(comparison: Comparison, words: Words) -> str:
    """Who contributes most, where that is not the best by repurchase."""
    extra = comparison.spent("extra_contribution_yuan")
    reference = words.strategy(comparison.reference)
    name = max(extra, key=lambda each: extra[each].mean)
    most = extra[name]
    if most.mean <= 0:
        return words("answer.most_reference", reference=reference)
    if name == comparison.names[0]:
        return ""
    return words(
        "answer.most" if most.bounded else "answer.most_unbounded",
        strategy=words.strategy(name),
        amount=whole(most.mean),
        reference=reference,
        interval=words.interval(most.low, most.high, "yuan", signed=True),
    )


def _people(comparison: Comparison, words: Words) -> str:
    name = comparison.names[0]
    if name == comparison.reference:
        return ""
    changed = comparison.changed()[name]
    table = comparison.won_lost[comparison.won_lost["strategy"] == name]
    large = table["households"] >= SMALL * changed.households
    parts = table[(table["by"] != "all") & large]
    told = [
        words(
            "answer.people",
            households=whole(changed.households),
            won=whole(changed.won),
            lost=whole(changed.lost),
            reference=words.strategy(comparison.reference),
        )
    ]
    sure = ~(parts["net_share_low"] <= 0)  # or the only world there is
    gains = parts[(parts["net_share"] > 0) & sure].nlargest(NAMED, "net_share")
    losses = parts[parts["net_share_high"] < 0].nsmallest(NAMED, "net_share")
    for key, segments in (("gains", gains), ("losses", losses)):
        if len(segments):
            least = f"{SMALL:.0%}"
            told.append(words(f"answer.{key}", segments=_named(segments, words), least=least))
    return words.joined(*told)


def _customers(comparison: Comparison, words: Words) -> str:
    """Where the best rate is taken over more or fewer customers than the reference's."""
    name, reference = comparison.names[0], comparison.reference
    change, count = comparison.difference("customers"), comparison.level("customers")
    if name not in change or not change[name].differs:
        return ""
    return words(
        "answer.customers",
        customers=whole(count[name].mean),
        reference=words.strategy(reference),
        reference_customers=whole(count[reference].mean),
    )


def _fewer_customers(comparison: Comparison, words: Words) -> str:
    """Where the rate and the number of those who repurchase go opposite ways."""
    changed, gains = comparison.changed(), comparison.difference(REPURCHASE)
    told = [
        words(
            "answer.won_and_lost",
            strategy=words.strategy(name),
            won=whole(changed[name].won),
            lost=whole(changed[name].lost),
        )
        for name in comparison.names
        if name in changed and name in gains and gains[name].differs
        if (changed[name].won - changed[name].lost) * gains[name].mean < 0
    ]
    return words("answer.opposite_ways", strategies=words.listed(told)) if told else ""


def _named(segments: pd.DataFrame, words: Words) -> str:
    return words.listed(
        [
            words(
                "answer.segment",
                segment=words.segment(by, segment),
                amount=words.number(net, "share", signed=True),
            )
            for by, segment, net in zip(
                segments["by"], segments["segment"], segments["net_share"], strict=True
            )
        ]
    )


def _undecided(comparison: Comparison, words: Words) -> str:
    gains = comparison.difference(REPURCHASE)
    order = [name for name in comparison.names[1:] if name in gains]
    worse = [words.strategy(n) for n in order if gains[n].differs and gains[n].mean < 0]
    same = [words.strategy(n) for n in order if gains[n].bounded and not gains[n].differs]
    count = comparison.manifest["replications"]
    few = count > 1  # worlds that are all equal: no interval, and yet no difference seen
    alike = [
        words.strategy(n) for n in order if few and gains[n].mean == 0 and not gains[n].bounded
    ]
    reference = words.strategy(comparison.reference)
    told = [
        words(f"answer.{key}", reference=reference, strategies=words.listed(names), count=count)
        for key, names in (("worse", worse), ("same", same), ("alike", alike))
        if names
    ]
    return words.joined(*told)


def _enough(comparison: Comparison, words: Words) -> str:
    table = comparison.precision
    told_of = table[["replications_needed", "half_width"]].notna().all(axis=1)
    table = table[(table["indicator"] == REPURCHASE) & told_of]
    if table.empty:
        return ""
    widest = table.loc[table["half_width"].idxmax()]
    told = [
        words(
            "answer.precision",
            count=widest["replications"],
            reached=f"{100 * widest['half_width']:.2g}",
            stated=f"{100 * widest['half_width_stated']:.2g}",
            needed=table["replications_needed"].max(),
        )
    ]
    typical = float(table["variance_reduction_ratio"].median())
    if 1 < typical < float("inf"):
        told.append(words("answer.common_luck", ratio=f"{typical:.0f}"))
    return words.joined(*told)


__all__ = ["sentences"]
