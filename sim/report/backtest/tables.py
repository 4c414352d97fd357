"""The tables of experiments that happened and were predicted, in the reader's language."""

from collections.abc import Sequence
from math import isfinite

from sim.report.again import again, asked_again
from sim.report.backtest.reading import BLIND, WHO, Backtest, Experiment, told
from sim.report.estimates import cell
from sim.report.tables import Shown, shown_of
from sim.report.words import Words, whole

FITTED, SETS = " was fitted", "sets "  # what the table says of those that are not blind


def experiments(found: Backtest, words: Words, blind: bool) -> Shown:
    """As published and as predicted, and what comes of both."""
    rows = []
    for row in found.predicted(blind):
        cells = [
            _named(row, words),
            cell(row.published, words, signed=False),
            cell(row.predicted, words, signed=False),
            words(f"backtest.direction.{row.direction}"),
            words(f"backtest.overlap.{row.overlap}"),
        ]
        rows.append([*cells, words.prose(row.here)] if blind else [*cells, _fitted(row, words)])
    last = "here" if blind else "fitted"
    keys = ("experiment", "published", "predicted", "direction", "overlap", last)
    return shown_of(
        words, "backtest", "blind" if blind else "not_blind", _head(words, keys), rows, prose=True
    )


def _named(row: Experiment, words: Words) -> str:
    about = [words.own("units", row.unit), row.source]
    if words.language == "en":
        about.insert(0, row.who)
    return f"{row.id} {told(row, words)}\n{words('comma').join(about)}"


def _fitted(row: Experiment, words: Words) -> str:
    """What of it was made use of."""
    if row.fitted.endswith(FITTED):
        return words("backtest.fitted", id=row.fitted.removesuffix(FITTED))
    if row.fitted.startswith(SETS):
        return words("backtest.sets", setting=words.setting(row.fitted.removeprefix(SETS)))
    return row.fitted


def score(found: Backtest, words: Words) -> Shown:
    """How well they were predicted, beside what published simulators of customers reach."""
    rows = []
    for who in WHO:
        own = found.scored(who)
        counts = [whole(float(own[name])) for name in ("right", "wrong", "undecided")]
        rows.append(
            [
                words(f"backtest.who.{'blind' if who == BLIND else 'not_blind'}"),
                whole(float(own["experiments"])),
                words("comma").join(counts),
                _share(words, own["accuracy"], own["accuracy_low"], own["accuracy_high"]),
                _r(words, own["correlation"], own["correlation_low"], own["correlation_high"]),
                words(
                    "backtest.of",
                    part=whole(float(own["overlapping"])),
                    all=whole(float(own["compared"])),
                ),
            ]
        )
    for row in found.yardsticks.to_dict("records"):
        share = words.number(float(row["accuracy"]), "share")
        r = float(row["correlation"])
        cells = [
            whole(float(row["tests"])),
            "–",
            share,
            words.number(r) if isfinite(r) else "–",
        ]
        rows.append([f"{row['name']}\n{words.prose(str(row['what']))}", *cells, "–"])
    keys = ("who", "experiments", "counts", "accuracy", "correlation", "overlapping")
    return shown_of(words, "backtest", "score", _head(words, keys), rows)


def _share(words: Words, share: float, low: float, high: float) -> str:
    if not isfinite(share):
        return "–"
    return f"{words.number(share, 'share')}\n{words.interval(low, high, 'share')}"


def _r(words: Words, r: float, low: float, high: float) -> str:
    if not isfinite(r):
        return "–"
    return f"{words.number(r)}\n{words.interval(low, high)}" if isfinite(low) else words.number(r)


def apart(found: Backtest, words: Words) -> Shown:
    """What was not predicted, and why."""
    rows = [
        [
            f"{row.id} {told(row, words)}",
            row.yardstick or cell(row.published, words, signed=False),
            words.prose(row.why),
        ]
        for row in found.apart
    ]
    head = _head(words, ("experiment", "published", "why"))
    return shown_of(words, "backtest", "apart", head, rows, prose=True)


def asked(found: Backtest, words: Words) -> Shown:
    """How it was done, so that it can be done again."""
    manifest = found.manifest
    rows = [
        [words("asked_again.strategy"), words.strategy(str(manifest["scenario"]))],
        [words("asked_again.seeds"), words("comma").join(map(str, manifest["seeds"]))],
    ]
    return asked_again(rows, command(found), words)


def command(found: Backtest) -> str:
    """What to type for the same results."""
    return again([str(found.manifest["scenario"])], found.manifest, {}, {})


def _head(words: Words, keys: Sequence[str]) -> list[str]:
    return [words(f"backtest.tables.{key}") for key in keys]


__all__ = ["apart", "asked", "command", "experiments", "score"]
