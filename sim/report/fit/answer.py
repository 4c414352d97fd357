"""What a fitted operator tells of the second part of its log, in sentences."""

from collections.abc import Callable

from sim.report.fit.reading import MODELS, SIMULATOR, Fitted, Score
from sim.report.words import Words, capital, whole


def sentences(fitted: Fitted, words: Words) -> list[str]:
    """What the log says, how near each came, and what can be done with it."""
    manifest = fitted.manifest
    first = words(
        "fit.answer.log",
        customers=whole(manifest["customers"]),
        first=whole(manifest["first_days"]),
        back=whole(manifest["came_back"]),
        next=whole(manifest["next_days"]),
        purchases=whole(next(iter(fitted.score.values())).purchases_log),
    )
    said = [first]
    if SIMULATOR in fitted.score:
        said += [_totals(fitted, words), _beside(fitted, words), _loose(fitted, words)]
    else:
        said.append(words("fit.answer.too_few", back=whole(manifest["came_back"])))
    if fitted.unused:
        said.append(words("fit.answer.unused", named=words.listed(fitted.unused)))
    return said


def _totals(fitted: Fitted, words: Words) -> str:
    said = [
        words("fit.answer.one", way=fitted.named(way, words), purchases=whole(score.purchases))
        for way, score in fitted.score.items()
    ]
    return capital(words("fit.answer.told", told=words.listed(said)))


def _beside(fitted: Fitted, words: Words) -> str:
    """How far off simulator and models are in course, numbers and single customers."""
    if not next(iter(fitted.score.values())).purchases_log:
        return words("fit.answer.nobody")
    parts = (
        ("curve", lambda score: words.number(score.curve_error, "share")),
        ("counts", lambda score: words.number(score.counts_error, "share")),
        ("each", lambda score: words.number(score.each_error)),
    )
    return words("fit.answer.beside", **{name: _against(fitted, words, of) for name, of in parts})


def _against(fitted: Fitted, words: Words, of: Callable[[Score], str]) -> str:
    others = [
        words("fit.answer.other", way=fitted.named(way, words), value=of(fitted.score[way]))
        for way in MODELS
    ]
    own = of(fitted.score[SIMULATOR])
    return words("estimated", mean=own, interval=words("comma").join(others))


def _loose(fitted: Fitted, words: Words) -> str:
    total = len(fitted.settings)
    key = "loose" if fitted.loose else "all_found"
    return words(f"fit.answer.{key}", loose=len(fitted.loose), total=total)


def unknown(fitted: Fitted, words: Words) -> list[tuple[str, str]]:
    """What the log cannot tell: what it is, and what is done about it."""
    always = ["elsewhere", "levers", "people", "before"]
    keys = always + [each for each in fitted.lacks if words.says(f"fit.unknown.{each}.what")]
    if fitted.manifest["notes"].get("days_without_orders"):
        keys.append("gap")
    days = whole(fitted.manifest["notes"].get("days_without_orders", 0))
    found = [
        (words(f"fit.unknown.{key}.what", days=days), words(f"fit.unknown.{key}.so", days=days))
        for key in keys
    ]
    if fitted.loose:
        named = words.listed([words.setting(key) for key in fitted.loose])
        found.append((words("fit.unknown.loose.what"), words("fit.unknown.loose.so", named=named)))
    return found


__all__ = ["sentences", "unknown"]
