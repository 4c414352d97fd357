"""How well experiments that happened were predicted, in sentences."""

from math import isfinite

from sim.report.backtest.reading import (
    BLIND,
    MISSES,
    NO_DIRECTION,
    NOT_BLIND,
    WRONG,
    Backtest,
)
from sim.report.words import Words, whole


def sentences(found: Backtest, words: Words) -> list[str]:
    """Directions, what guessing would have told, sizes, what is missed, and what others reach."""
    said = [
        _directions(found, words),
        _guessed(found, words),
        _sizes(found, words),
        _missed(found, words),
        _not_blind(found, words),
        _others(found, words),
        _apart(found, words),
    ]
    if int(found.experiments["worlds"].max()) < 2:
        said.append(words("answer.one_replication"))
    return [each for each in said if each]


def _directions(found: Backtest, words: Words) -> str:
    score = found.scored(BLIND)
    counts = {
        name: whole(float(score[name]))
        for name in ("experiments", "right", "wrong", "undecided", "no_direction")
    }
    told = words("backtest.answer.directions", **counts)
    if not isfinite(float(score["accuracy"])):
        return told
    share = words.number(float(score["accuracy"]), "share")
    within = words.interval(float(score["accuracy_low"]), float(score["accuracy_high"]), "share")
    return words.joined(told, words("backtest.answer.accuracy", share=share, within=within))


def _guessed(found: Backtest, words: Words) -> str:
    """How often whoever always says that a treatment raises the figure is right."""
    known = [row for row in found.predicted(True) if row.direction != NO_DIRECTION]
    if not known:
        return ""
    up = whole(sum(row.raises for row in known))
    return words("backtest.answer.guessed", up=up, count=whole(len(known)))


def _sizes(found: Backtest, words: Words) -> str:
    score = found.scored(BLIND)
    if not score["compared"]:
        return ""
    meets, asked = (whole(float(score[name])) for name in ("overlapping", "compared"))
    told = words("backtest.answer.overlap", meets=meets, asked=asked)
    if not isfinite(float(score["correlation"])):
        return told
    low, high = float(score["correlation_low"]), float(score["correlation_high"])
    r = words(
        "backtest.answer.correlation",
        r=words.number(float(score["correlation"])),
        within=words.interval(low, high) if isfinite(low) else words("backtest.answer.of_few"),
        count=whole(float(score["correlated"])),
    )
    return words.joined(told, r)


def _missed(found: Backtest, words: Words) -> str:
    """Those that lie outside the published bounds, and those with the other direction."""
    outside = [row.id for row in found.predicted(True) if row.overlap == MISSES]
    other = [row.id for row in found.predicted(True) if row.direction == WRONG]
    said = []
    if outside:
        said.append(words("backtest.answer.missed", ids=words.listed(outside)))
    if other:
        said.append(words("backtest.answer.wrong", ids=words.listed(other)))
    return words.joined(*said) if said else ""


def _not_blind(found: Backtest, words: Words) -> str:
    rows = found.predicted(False)
    if not rows:
        return ""
    score = found.scored(NOT_BLIND)
    counts = {name: whole(float(score[name])) for name in ("overlapping", "compared")}
    return words("backtest.answer.not_blind", count=whole(len(rows)), **counts)


def _others(found: Backtest, words: Words) -> str:
    cases = []
    for row in found.yardsticks.to_dict("records"):
        about = {
            "name": str(row["name"]),
            "share": words.number(float(row["accuracy"]), "share"),
            "tests": whole(float(row["tests"])),
        }
        known = isfinite(float(row["correlation"]))
        r = {"r": words.number(float(row["correlation"]))} if known else {}
        cases.append(words(f"backtest.answer.{'other' if known else 'other_no_r'}", **about, **r))
    return words("backtest.answer.others", cases=words("semicolon").join(cases)) if cases else ""


def _apart(found: Backtest, words: Words) -> str:
    ids = [row.id for row in found.apart]
    return words("backtest.answer.apart", ids=words.listed(ids)) if ids else ""


__all__ = ["sentences"]
