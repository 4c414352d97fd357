"""The tables of a calibration, as text in the reader's language."""

import shlex
from collections.abc import Sequence

from sim.report.calibrate.reading import UNEVEN, Calibration
from sim.report.reading import Estimate
from sim.report.tables import Shown
from sim.report.words import Words, whole


def facts(found: Calibration, words: Words) -> Shown:
    """Each fact: reported, at the usual settings, at the best point, where draws lie."""
    rows = [
        [
            f"{row.id} {words.own('facts', row.id, row.kpi)}\n{words.own('units', row.unit)}",
            _figure(words, row.reported),
            words.number(row.usual),
            words.number(row.best),
            words(f"calibrate.{'inside' if row.inside else 'outside'}"),
            words.interval(row.told.low, row.told.high),
            words.interval(row.without.low, row.without.high),
            words(f"calibrate.{'covered' if row.covered else 'not_covered'}"),
            words.number(row.emulator_error),
        ]
        for row in found.facts
    ]
    keys = ("fact", "reported", "usual", "best", "verdict", "draws", "without", "covers", "error")
    return _shown(words, "facts", keys, rows)


def settings(found: Calibration, words: Words) -> Shown:
    """Each setting: what was thought possible, where it lies, how far it is pinned down."""
    rows = [
        [
            f"{words.setting(row.key)}\n{words.own('units', row.unit)}",
            words.number(row.usual),
            words.interval(row.lowest, row.highest),
            words.number(row.found.mean),
            words.interval(row.found.low, row.found.high),
            words.number(row.pinned, "share"),
            words(f"calibrate.{'uneven' if row.even < UNEVEN else 'even'}"),
        ]
        for row in found.estimated
    ]
    keys = ("setting", "usual", "possible", "best", "draws", "pinned", "ranks")
    return _shown(words, "settings", keys, rows)


def correlations(found: Calibration, words: Words) -> Shown:
    """Settings that hang together: the evidence tells their sum or ratio, not each."""
    table = found.correlations
    order = table["correlation"].abs().sort_values(ascending=False, kind="stable").index
    rows = [
        [
            words.setting(str(row["first"])),
            words.setting(str(row["second"])),
            words.number(float(row["correlation"]), signed=True),
        ]
        for row in table.loc[order].to_dict("records")
    ]
    return _shown(words, "correlations", ("setting", "with", "correlation"), rows)


def waves(found: Calibration, words: Words) -> Shown:
    """What each wave ruled out."""
    rows = [
        [
            whole(float(row["wave"])),
            whole(float(row["points"])),
            words.number(float(row["left"]), "share"),
            words.number(float(row["inside"]), "share"),
        ]
        for row in found.waves.to_dict("records")
    ]
    return _shown(words, "waves", ("wave", "points", "left", "not_ruled_out"), rows)


def asked(found: Calibration, words: Words) -> Shown:
    """How it was done, so that it can be done again."""
    manifest = found.manifest
    rows = [
        [words("asked_again.strategy"), words.strategy(str(manifest["scenario"]))],
        [words("calibrate.tables.points"), whole(float(manifest["points"]))],
    ]
    head = [words(f"asked_again.{key}") for key in ("asked", "answered")]
    note = words("asked_again.note", command=command(found))
    return Shown("asked", words("asked_again.title"), note, head, rows, prose=True)


def command(found: Calibration) -> str:
    """What to type for the same results, as far as nothing was set in conf/calibrate.yaml."""
    manifest = found.manifest
    search = manifest["search"]
    words = ["repurchase", "calibrate", str(manifest["scenario"]), "--seed", str(manifest["seed"])]
    for name, value in search.items():
        if isinstance(value, int | float):
            words.append(f"experiment.{name}={value}")
    if search["facts"]:
        words.append(f"experiment.facts=[{','.join(map(str, search['facts']))}]")
    return shlex.join([*words, *map(str, manifest["overrides"])])


def _figure(words: Words, found: Estimate) -> str:
    return f"{words.number(found.mean)}\n{words.interval(found.low, found.high)}"


def _shown(words: Words, name: str, keys: Sequence[str], rows: list[list[str]]) -> Shown:
    title, note = (words(f"calibrate.tables.of_{name}.{part}") for part in ("title", "note"))
    head = [words(f"calibrate.tables.{key}") for key in keys]
    return Shown(name, title, note, head, rows)


__all__ = ["asked", "command", "correlations", "facts", "settings", "waves"]
