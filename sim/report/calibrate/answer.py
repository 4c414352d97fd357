"""What a reader should know of a calibration before using any of it, in sentences."""

from sim.report.calibrate.reading import STABLE, UNEVEN, Calibration, named
from sim.report.words import Words, whole

HELD = 3  # facts that are named where nothing is left
PINNED = 0.5  # share of a range's spread from which on a setting is said to be pinned down


def sentences(found: Calibration, words: Words) -> list[str]:
    """How many facts are met, what is left, what contradicts, what is pinned, what to trust."""
    said = [
        _met(found, words),
        _left(found, words),
        _contradictions(found, words),
        _pinned(found, words),
        words(
            "calibrate.answer.trust",
            agree=words.number(found.walkers_agree),
            stable=words.number(STABLE),
            off=words.number(found.emulators_off),
        ),
        _uneven(found, words),
    ]
    return [each for each in said if each]


def _met(found: Calibration, words: Words) -> str:
    facts = found.facts
    told = words(
        "calibrate.answer.met",
        inside=whole(sum(row.inside for row in facts)),
        count=whole(len(facts)),
        covered=whole(sum(row.covered for row in facts)),
    )
    outside = [row.id for row in facts if not row.inside]
    if outside:
        told = words.joined(told, words("calibrate.answer.outside", ids=words.listed(outside)))
    return told


def _left(found: Calibration, words: Words) -> str:
    last = found.waves.iloc[-1]
    return words(
        "calibrate.answer.left",
        waves=whole(len(found.waves)),
        left=words.number(float(last["left"]), "share"),
        inside=words.number(float(last["inside"]), "share"),
    )


def _contradictions(found: Calibration, words: Words) -> str:
    """Facts without which something would be left, where nothing is."""
    if not found.nothing_left:
        return ""
    held = sorted(found.facts, key=lambda row: row.worst_without)[:HELD]
    cases = [f"{row.id} {words.number(row.worst_without)}" for row in held]
    return words("calibrate.answer.contradict", cases=words.listed(cases))


def _pinned(found: Calibration, words: Words) -> str:
    most = [named(row.key, words) for row in found.estimated if row.pinned >= PINNED]
    rest = whole(len(found.estimated) - len(most))
    if not most:
        return words("calibrate.answer.none_pinned")
    return words("calibrate.answer.pinned", settings=words.listed(most), rest=rest)


def _uneven(found: Calibration, words: Words) -> str:
    names = [named(row.key, words) for row in found.estimated if row.even < UNEVEN]
    return words("calibrate.answer.uneven", settings=words.listed(names)) if names else ""


__all__ = ["sentences"]
