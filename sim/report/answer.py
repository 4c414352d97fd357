"""The answer of a comparison, in sentences."""

from math import isfinite

import pandas as pd

from sim.report.reading import Comparison
from sim.report.words import interval, label, listed, number, probability, whole

REPURCHASE = "repurchase_rate_365d"
CHURN = "churn_rate_365d"
SETTLED = 0.95  # probability of being best from which on the first place is called settled
NAMED = 3  # segments named as those that gain most
SMALL = 0.01  # segments with less than this share of the households are not named


def sentences(comparison: Comparison) -> list[str]:
    """Which strategy is best, by how much, how sure, at what cost, and who was won and lost."""
    if not comparison.present([REPURCHASE]):
        return [
            "The runs are too short to measure repurchase and churn: both need 365 days "
            "(run.days=365)."
        ]
    if len(comparison.names) == 1:
        return [_level(comparison, comparison.names[0], REPURCHASE)]
    parts = [
        _best(comparison),
        _certainty(comparison),
        _churn(comparison),
        _spend(comparison),
        _people(comparison),
        _fewer_customers(comparison),
        _undecided(comparison),
        _enough(comparison),
    ]
    return [part for part in parts if part]


def _best(comparison: Comparison) -> str:
    name, reference = comparison.names[0], comparison.reference
    if name == reference:
        return f"No strategy repurchases more than {label(reference)}. " + _level(
            comparison, name, REPURCHASE
        )
    gain = comparison.difference(REPURCHASE)[name]
    within = interval(gain.low, gain.high, "share", signed=True)
    amount = f"{number(gain.mean, 'share', signed=True)} against {label(reference)}"
    doubt = "" if gain.differs or not gain.bounded else " – which could be chance"
    known = f" (95% interval, all strategies at once: {within}){doubt}" if gain.bounded else ""
    return f"{_level(comparison, name, REPURCHASE)} That is {amount}{known}."


def _level(comparison: Comparison, name: str, indicator: str) -> str:
    value = comparison.level(indicator)[name]
    within = f" (95% interval {interval(value.low, value.high, 'share')})" if value.bounded else ""
    return (
        f"With {label(name)}, {number(value.mean, 'share')} of customers order at least twice in "
        f"365 days{within}."
    )


def _certainty(comparison: Comparison) -> str:
    chances = comparison.best(REPURCHASE)
    name = comparison.names[0]
    chance = chances[name]
    if not isfinite(chance):
        return "One replication cannot tell how sure this is: ask for more with --replications."
    told = f"The probability that it is the best of the {len(chances)} is {probability(chance)}"
    if chance >= SETTLED:
        return f"{told}."
    rivals = [label(rival) for rival in list(chances)[1:] if chances[rival] >= 1 - SETTLED]
    return f"{told}: not settled against {listed(rivals)}." if rivals else f"{told}."


def _churn(comparison: Comparison) -> str:
    if not comparison.present([CHURN]):
        return ""
    name = next(iter(comparison.best(CHURN)))
    value = comparison.level(CHURN)[name]
    text = f"Churn is lowest with {label(name)}: {number(value.mean, 'share')}"
    if name == comparison.reference:
        return f"{text}."
    change = comparison.difference(CHURN)[name]
    within = f" ({interval(change.low, change.high, 'share', True)})" if change.bounded else ""
    return (
        f"{text}, {number(change.mean, 'share', signed=True)} against "
        f"{label(comparison.reference)}{within}."
    )


def _spend(comparison: Comparison) -> str:
    name, reference = comparison.names[0], comparison.reference
    spend = comparison.spent("spend_yuan_per_customer_month")
    budget = comparison.spent("budget_yuan_per_customer_month")[name].mean
    text = (
        f"{_capital(label(name))} spends {number(spend[name].mean)} yuan per customer and "
        f"month (budget {number(budget)})"
    )
    if name == reference:
        return f"{text}."
    extra = comparison.spent("extra_contribution_yuan")[name]
    within = f" ({whole(extra.low)} to {whole(extra.high)})" if extra.bounded else ""
    return (
        f"{text}, {label(reference)} {number(spend[reference].mean)}; after all costs it "
        f"contributes {whole(abs(extra.mean))} yuan {'more' if extra.mean >= 0 else 'less'} than "
        f"{label(reference)} over the run{within}."
    )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _people(comparison: Comparison) -> str:
    name = comparison.names[0]
    if name == comparison.reference:
        return ""
    changed = comparison.changed()[name]
    table = comparison.won_lost[comparison.won_lost["strategy"] == name]
    large = table["households"] >= SMALL * changed.households
    parts = table[(table["by"] != "all") & large]
    text = (
        f"Of {whole(changed.households)} households, {whole(changed.won)} are won (they repurchase "
        f"here and not under {label(comparison.reference)}) and {whole(changed.lost)} lost."
    )
    gains = parts[parts["net_share"] > 0].nlargest(NAMED, "net_share")
    losses = parts[parts["net_share_high"] < 0].nsmallest(NAMED, "net_share")
    if len(gains):
        text += f" The gain is largest among {_named(gains)}."
    if len(losses):
        text += f" More are lost than won among {_named(losses)}."
    return text


def _fewer_customers(comparison: Comparison) -> str:
    """Where the rate and the number of those who repurchase go opposite ways."""
    changed, gains = comparison.changed(), comparison.difference(REPURCHASE)
    told = [
        f"{label(name)} ({whole(changed[name].won)} won, {whole(changed[name].lost)} lost)"
        for name in comparison.names
        if name in changed and name in gains and gains[name].differs
        if (changed[name].won - changed[name].lost) * gains[name].mean < 0
    ]
    if not told:
        return ""
    return (
        f"Rate and households go opposite ways with {listed(told)}: the number of customers, over "
        "whom the rate is taken, has changed."
    )


def _named(segments: pd.DataFrame) -> str:
    return listed(
        [
            f"{by} {label(segment)} ({number(net, 'share', signed=True)})"
            for by, segment, net in zip(
                segments["by"], segments["segment"], segments["net_share"], strict=True
            )
        ]
    )


def _undecided(comparison: Comparison) -> str:
    gains = comparison.difference(REPURCHASE)
    order = [name for name in comparison.names[1:] if name in gains]
    worse = [label(name) for name in order if gains[name].differs and gains[name].mean < 0]
    same = [label(name) for name in order if gains[name].bounded and not gains[name].differs]
    text = []
    if worse:
        text.append(f"Worse than {label(comparison.reference)}: {listed(worse)}.")
    if same:
        text.append(f"Not told apart from {label(comparison.reference)}: {listed(same)}.")
    return " ".join(text)


def _enough(comparison: Comparison) -> str:
    table = comparison.precision
    table = table[(table["indicator"] == REPURCHASE) & table["replications_needed"].notna()]
    if table.empty:
        return ""
    widest = table.loc[table["half_width"].idxmax()]
    ratios = table["variance_reduction_ratio"]
    text = (
        f"{widest['replications']} replications tell differences in repurchase to within "
        f"±{100 * widest['half_width']:.2g} points or better; "
        f"±{100 * widest['half_width_stated']:.2g} needs {table['replications_needed'].max()}."
    )
    typical = float(ratios.median())
    if 1 < typical < float("inf"):
        text += (
            f" Common luck saves replications: independent worlds would need about "
            f"{typical:.0f} times as many."
        )
    return text


__all__ = ["sentences"]
