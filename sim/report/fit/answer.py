"""What a fitted operator tells of the second part of its log, in sentences."""

from sim.report.fit.reading import BG_NBD, SIMULATOR, Fitted
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
    if SIMULATOR not in fitted.score:
        return [first, words("fit.answer.too_few", back=whole(manifest["came_back"]))]
    return [first, _totals(fitted, words), _beside(fitted, words), _loose(fitted, words)]


def _totals(fitted: Fitted, words: Words) -> str:
    said = [
        words("fit.answer.one", way=fitted.named(way, words), purchases=whole(score.purchases))
        for way, score in fitted.score.items()
    ]
    return capital(words("fit.answer.told", told=words.listed(said)))


def _beside(fitted: Fitted, words: Words) -> str:
    own, other = fitted.score[SIMULATOR], fitted.score[BG_NBD]
    better = (own.curve_error <= other.curve_error, own.counts_error <= other.counts_error)
    key = {(True, True): "nearer", (False, False): "farther"}.get(better, "mixed")
    return words(
        f"fit.answer.{key}",
        curve=words.number(own.curve_error, "share"),
        other_curve=words.number(other.curve_error, "share"),
        counts=words.number(own.counts_error, "share"),
        other_counts=words.number(other.counts_error, "share"),
    )


def _loose(fitted: Fitted, words: Words) -> str:
    total = len(fitted.settings)
    key = "loose" if fitted.loose else "all_found"
    return words(f"fit.answer.{key}", loose=len(fitted.loose), total=total)


def unknown(fitted: Fitted, words: Words) -> list[tuple[str, str]]:
    """What the log cannot tell: what it is, and what is done about it."""
    always = ["elsewhere", "levers", "people"]
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
