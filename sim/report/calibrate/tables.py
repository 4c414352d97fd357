"""The tables of a calibration, as text in the reader's language."""

from collections.abc import Sequence

from sim.report.again import again, asked_again
from sim.report.calibrate.reading import UNEVEN, Calibration
from sim.report.estimates import cell
from sim.report.tables import Shown, shown_of
from sim.report.words import Words, whole


def facts(found: Calibration, words: Words) -> Shown:
    """Each fact: reported, at the usual settings, at the best point, where draws lie."""
    rows = [
        [
            f"{row.id} {words.own('facts', row.id, row.kpi)}\n{words.own('units', row.unit)}",
            cell(row.reported, words, signed=False),
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
    return asked_again(rows, command(found), words)


def command(found: Calibration) -> str:
    """What to type for the same results, as far as nothing was set in conf/calibrate.yaml."""
    search = found.manifest["search"]
    settings: dict[str, object] = {
        name: own for name, own in search.items() if isinstance(own, int | float)
    }
    if search["facts"]:
        settings["facts"] = f"[{','.join(map(str, search['facts']))}]"
    return again([str(found.manifest["scenario"])], found.manifest, {}, settings)


def _shown(words: Words, name: str, keys: Sequence[str], rows: list[list[str]]) -> Shown:
    head = [words(f"calibrate.tables.{key}") for key in keys]
    return shown_of(words, "calibrate", name, head, rows)


__all__ = ["asked", "command", "correlations", "facts", "settings", "waves"]
