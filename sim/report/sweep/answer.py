"""The answer of a sweep, in sentences."""

from typing import Any

import pandas as pd

from sim.report.reading import Estimate
from sim.report.sweep.figures import outcomes
from sim.report.sweep.naming import point_of, short
from sim.report.sweep.reading import Sweep, estimates
from sim.report.words import Words, capital

MONEY = "contribution_per_customer_month_yuan"


def sentences(sweep: Sweep, words: Words) -> list[str]:
    """Where each outcome is best, what settings and strategies change, and how sure that is."""
    shown = outcomes(sweep)
    if not shown:
        return [words("sweep.answer.nothing")]
    judged = list(dict.fromkeys([shown[0], *([MONEY] if MONEY in shown else [])]))
    told = []
    for name in judged:
        told += [_best(sweep, words, name), _step(sweep, words, name)]
    told.append(_asked(sweep, words))
    for name in judged:
        parts = [_against(sweep, words, name, other) for other in sweep.others]
        if parts:
            told.append(words("sweep.answer.of", outcome=capital(words.indicator(name)),
                              told=words.joined(*parts)))  # fmt: skip
    if not sweep.is_grid:
        told += [_strongest(sweep, words, name) for name in judged]
    if sweep.manifest["replications"] == 1:
        told.append(words("answer.one_replication"))
    return [each for each in told if each]


def _best(sweep: Sweep, words: Words, name: str) -> str:
    row = _best_row(sweep, name)
    mean, within = words.level(row["mean"], row["low"], row["high"], sweep.unit(name))
    key = "highest" if sweep.direction(name) > 0 else "lowest"
    return words(
        f"sweep.answer.{key}" if within else f"sweep.answer.{key}_unbounded",
        outcome=capital(words.indicator(name)),
        strategy=words.strategy(str(row["strategy"])),
        point=point_of(sweep, words, row),
        value=mean,
        interval=within,
    )


def _best_row(sweep: Sweep, name: str) -> dict[str, Any]:
    rows = sweep.levels(name)
    return dict(rows.loc[(sweep.direction(name) * rows["mean"]).idxmax()])


def _step(sweep: Sweep, words: Words, name: str) -> str:
    """What the best point changes against the first one, under the same strategy."""
    best = _best_row(sweep, name)
    steps = estimates(sweep.steps[sweep.steps["indicator"] == name])
    step = steps.get((int(best["point"]), str(best["strategy"])))
    if step is None or step.mean != step.mean:
        return ""
    key = "step" if step.differs else "step_doubtful" if step.bounded else "step_unbounded"
    return words(
        f"sweep.answer.{key}",
        amount=words.number(step.mean, sweep.unit(name), signed=True),
        interval=words.interval(step.low, step.high, sweep.unit(name), signed=True),
        point=point_of(sweep, words, sweep.rows()[0]),
    )


def _asked(sweep: Sweep, words: Words) -> str:
    grid = "asked_one" if len(sweep.keys) == 1 else "asked"
    return words(
        f"sweep.answer.{grid if sweep.is_grid else 'sampled'}",
        strategies=capital(words.listed([*map(words.strategy, sweep.manifest["strategies"])])),
        count=sweep.table["point"].nunique(),
        settings=words.listed([short(key) for key in sweep.keys]),
        worlds=sweep.manifest["replications"],
    )


def _against(sweep: Sweep, words: Words, name: str, other: str) -> str:
    """At how many points a strategy is better than the reference, and by how much."""
    found = [
        value
        for (_, strategy), value in sweep.difference(name).items()
        if strategy == other and value.mean == value.mean
    ]
    if not found:
        return ""
    sign, unit = sweep.direction(name), sweep.unit(name)
    better = sum(value.differs and sign * value.mean > 0 for value in found)
    worse = sum(value.differs and sign * value.mean < 0 for value in found)
    ends = [words.number(pick(found).mean, unit, signed=True) for pick in (_least, _most)]
    key = "both" if better and worse else "better" if better else "worse" if worse else "same"
    return words(
        f"sweep.answer.{key}",
        strategy=capital(words.strategy(other)),
        reference=words.strategy(sweep.reference),
        better=better,
        worse=worse,
        count=len(found),
        least=ends[0],
        most=ends[1],
    )


def _least(values: list[Estimate]) -> Estimate:
    return min(values, key=lambda value: value.mean)


def _most(values: list[Estimate]) -> Estimate:
    return max(values, key=lambda value: value.mean)


def _strongest(sweep: Sweep, words: Words, name: str) -> str:
    """The setting whose order goes most with that of the outcome, if any more than chance would."""
    found = correlations(sweep, name)
    found = found[found["strategy"] == sweep.manifest["strategies"][0]].dropna(subset="rank")
    if found.empty:
        return ""
    row = found.loc[found["rank"].abs().idxmax()]
    return words(
        "sweep.answer.strongest"
        if abs(row["rank"]) > row["chance"]
        else "sweep.answer.none_strong",
        outcome=capital(words.indicator(name)),
        strategy=words.strategy(str(row["strategy"])),
        setting=short(str(row["key"])),
        rank=words.number(float(row["rank"]), signed=True),
        chance=words.number(float(row["chance"])),
    )


def correlations(sweep: Sweep, name: str) -> pd.DataFrame:
    """Rank correlation of an outcome with every setting that has numbers, by strategy.

    Returns
    -------
    pandas.DataFrame
        ``key, strategy, rank, chance``: the correlation (Spearman 1904), and what its size stays
        below in 95% of samples of that many points where there is none.
    """
    rows = []
    levels = sweep.levels(name)
    for strategy in sweep.manifest["strategies"]:
        part = levels[(levels["strategy"] == strategy) & levels["mean"].notna()]
        for key in sweep.keys:
            if not sweep.is_number(key) or len(part) < 4:
                continue
            ranks = part[[key, "mean"]].rank()
            rank = ranks[key].corr(ranks["mean"]) if (ranks.std() > 0).all() else float("nan")
            chance = 1.96 / (len(part) - 1) ** 0.5
            rows.append({"key": key, "strategy": strategy, "rank": rank, "chance": chance})
    return pd.DataFrame(rows, columns=["key", "strategy", "rank", "chance"])


__all__ = ["correlations", "sentences"]
