"""What shocks took from strategies, in sentences."""

from sim.report.reading import Estimate
from sim.report.stress.reading import Stress
from sim.report.words import Words, capital


def sentences(stress: Stress, words: Words) -> list[str]:
    """What hurts each strategy most, what it recovers from, and which of them loses less."""
    told = [
        words(
            f"stress.answer.{'asked_one' if len(stress.befell) == 1 else 'asked'}",
            strategies=capital(words.listed([*map(words.strategy, stress.asked)])),
            count=len(stress.befell),
            worlds=stress.worlds,
        )
    ]
    for strategy in stress.asked:
        told += [_worst(stress, words, strategy), *_back(stress, words, strategy)]
    told += [_compared(stress, words, strategy) for strategy in stress.others]
    if stress.worlds == 1:
        told.append(words("answer.one_replication"))
    return [each for each in told if each]


def shock_name(words: Words, shock: str) -> str:
    """What a shock is called."""
    return words.name("levers", shock)


def _worst(stress: Stress, words: Words, strategy: str) -> str:
    depth, total = (_of(stress.measured("orders", each), strategy) for each in ("depth", "total"))
    known = {shock: each for shock, each in depth.items() if each.mean == each.mean}
    if not known:
        return words("stress.answer.unknown", strategy=capital(words.strategy(strategy)))
    deepest = max(known, key=lambda shock: known[shock].mean)
    dearest = max(known, key=lambda shock: total[shock].mean)
    return words(
        "stress.answer.worst",
        strategy=capital(words.strategy(strategy)),
        deepest=shock_name(words, deepest),
        depth=words.number(known[deepest].mean, "share"),
        dearest=shock_name(words, dearest),
        total=words.number(total[dearest].mean, "share"),
    )


def _back(stress: Stress, words: Words, strategy: str) -> list[str]:
    """What orders recover from and how fast, and what they do not."""
    duration = _of(stress.measured("orders", "duration"), strategy)
    back, not_back = [], []
    for shock, each in duration.items():
        named = shock_name(words, shock)
        if each.mean != each.mean:
            not_back.append(named)
        elif each.mean > 0.0:
            back.append(f"{named} ({words('stress.days', days=f'{each.mean:,.0f}')})")
    missing = words.number(stress.missing, "share")
    about = {"strategy": words.strategy(strategy), "missing": missing}
    return [
        words(f"stress.answer.{key}", shocks=words.listed(named), **about)
        for key, named in (("back", back), ("not_back", not_back))
        if named
    ]


def _compared(stress: Stress, words: Words, strategy: str) -> str:
    """From which shocks a strategy loses less than the first, or more."""
    found = _of(stress.lost_more(stress.outcome), strategy)
    unit = words(f"stress.units.{stress.outcome}")
    about = {
        "strategy": capital(words.strategy(strategy)),
        "reference": words.strategy(stress.reference),
        "unit": unit,
    }
    parts = []
    for key, sign in (("less", -1), ("more", 1)):
        named = [
            f"{shock_name(words, shock)} ({_amount(each, sign, words)})"
            for shock, each in found.items()
            if each.differs and sign * each.mean > 0
        ]
        if named:
            parts.append(words(f"stress.answer.{key}", shocks=words.listed(named), **about))
    alike = words("stress.answer.alike", **{**about, "strategy": words.strategy(strategy)})
    return words.joined(*parts) or alike


def _amount(each: Estimate, sign: int, words: Words) -> str:
    low, high = sorted((sign * each.low, sign * each.high))
    return f"{words.number(sign * each.mean)}; {words.interval(low, high)}"


def _of(found: dict[tuple[str, str], Estimate], strategy: str) -> dict[str, Estimate]:
    return {shock: each for (name, shock), each in found.items() if name == strategy}


__all__ = ["sentences", "shock_name"]
