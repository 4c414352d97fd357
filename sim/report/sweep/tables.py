"""The tables of a sweep's page, as text in the reader's language."""

from typing import Any

from sim.report.reading import Estimate
from sim.report.sweep.answer import correlations
from sim.report.sweep.figures import outcomes
from sim.report.sweep.naming import short, shown_value
from sim.report.sweep.reading import Sweep, estimates
from sim.report.tables import Shown
from sim.report.words import Words

MOST_ROWS = 300  # of a table on the page; all are in the CSV file


def levels(sweep: Sweep, words: Words) -> Shown:
    """Every outcome at every point."""
    shown = outcomes(sweep)
    rows = []
    for row in sweep.rows()[:MOST_ROWS]:
        cells = _point(sweep, words, row)
        for name in shown:
            value = Estimate(row[name], row[f"{name}_low"], row[f"{name}_high"])
            mean, within = words.level(*value, sweep.unit(name))
            cells.append(f"{mean}\n{within or words('no_interval')}")
        rows.append(cells)
    head = [*_head(sweep, words), *map(words.indicator, shown)]
    return _shown(sweep, words, "levels", head, rows)


def differences(sweep: Sweep, words: Words) -> Shown:
    """Each strategy against the reference at every point."""
    return _changes(sweep, words, "differences")


def steps(sweep: Sweep, words: Words) -> Shown:
    """Each point against the first one."""
    return _changes(sweep, words, "steps")


def _changes(sweep: Sweep, words: Words, name: str) -> Shown:
    table = getattr(sweep, name)
    shown = [each for each in outcomes(sweep) if (table["indicator"] == each).any()]
    found = {each: estimates(table[table["indicator"] == each]) for each in shown}
    rows: list[list[str]] = []
    for row in sweep.rows():
        place = (int(row["point"]), str(row["strategy"]))
        if len(rows) == MOST_ROWS or not any(place in values for values in found.values()):
            continue
        cells = _point(sweep, words, row)
        for each in shown:
            value, unit = found[each][place], sweep.unit(each)
            mean = words.number(value.mean, unit, signed=True)
            cells.append(f"{mean}\n{words.interval(value.low, value.high, unit, signed=True)}")
        rows.append(cells)
    return _shown(sweep, words, name, [*_head(sweep, words), *map(words.indicator, shown)], rows)


def ranks(sweep: Sweep, words: Words) -> Shown:
    """How the order of each outcome goes with that of each setting."""
    shown = outcomes(sweep)
    found = {name: correlations(sweep, name) for name in shown}
    chance = 0.0
    rows = []
    for strategy in sweep.manifest["strategies"]:
        for key in sweep.keys if not sweep.is_grid else ():
            cells = [short(key), words.strategy(strategy)]
            for name in shown:
                table = found[name]
                here = table[(table["key"] == key) & (table["strategy"] == strategy)]
                cells.append(words.number(float(here["rank"].iloc[0]), signed=True)
                             if len(here) else words.number(float("nan")))  # fmt: skip
                chance = max(chance, float(here["chance"].max()) if len(here) else 0.0)
            rows.append(cells)
    head = [words("sweep.tables.setting"), words("tables.strategy"), *map(words.indicator, shown)]
    return _shown(sweep, words, "ranks", head, rows, chance=words.number(chance))


def settings(sweep: Sweep, words: Words) -> Shown:
    """What was varied."""
    rows = []
    for row in sweep.settings.to_dict("records"):
        values = str(row["values"])
        if not values:
            values = words("range", low=shown_value(row["low"]), high=shown_value(row["high"]))
        what = words.own("settings", str(row["key"]), str(row["what"]))
        rows.append([str(row["key"]), what, words.own("units", str(row["unit"])), values])
    head = [words(f"sweep.tables.{name}") for name in ("setting", "what", "unit", "values")]
    return _shown(sweep, words, "settings", head, rows, prose=True)


def _point(sweep: Sweep, words: Words, row: dict[str, Any]) -> list[str]:
    """The cells that say of which point and strategy a row is."""
    cells = [shown_value(row[key]) for key in sweep.keys]
    return [*cells, words.strategy(str(row["strategy"]))] if sweep.others else cells


def _head(sweep: Sweep, words: Words) -> list[str]:
    """The headings of `_point`."""
    head = [short(key) for key in sweep.keys]
    return [*head, words("tables.strategy")] if sweep.others else head


def _shown(
    sweep: Sweep,
    words: Words,
    name: str,
    head: list[str],
    rows: list[list[str]],
    prose: bool = False,
    chance: str = "",
) -> Shown:
    about = {"reference": words.strategy(sweep.reference), "chance": chance}
    title, note = (words(f"sweep.tables.{name}.{part}", **about) for part in ("title", "note"))
    if len(rows) == MOST_ROWS:
        note = words.joined(note, words("sweep.tables.shortened", count=MOST_ROWS))
    return Shown(name, title, note, head, rows, prose)


__all__ = ["differences", "levels", "ranks", "settings", "steps"]
