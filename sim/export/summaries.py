"""Sheets of people, horizons and the ladder: sums and links, nothing typed in twice."""

from itertools import pairwise

from sim.export.paired import CHANGED, ENDS, MEAN, Paired, Reading, outcome_name
from sim.export.sheets import Book, Sheet, at, span
from sim.report.outcomes import AT_HORIZONS, CONTRIBUTION, PEOPLE, SUBTOTALS, months
from sim.report.reading import Comparison
from sim.report.words import Words

FIRST = 3  # row of the first numbers: below title, note and heads
CLOSE_YUAN = 0.005  # what a ladder that adds up to the fen may be off


def write_people(book: Book, comparison: Comparison, paired: Paired, words: Words) -> None:
    """What becomes of the same people at the end: levels and differences, linked."""
    end, reference = comparison.days, comparison.reference
    shown = [each for each in (*CHANGED, *PEOPLE) if Reading(each, end, reference) in paired.level]
    sheet = book.sheet(words("export.sheets.people"), [24, *[16] * (2 * len(shown))])
    extra = words("export.columns.extra", reference=words.strategy(reference))
    heads, columns = [words("tables.strategy")], []
    for outcome in shown:
        kinds = ["level"] if outcome in CHANGED else ["level", "difference"]
        columns += [(outcome, kind) for kind in kinds]
        heads += [outcome_name(words, outcome), *([extra] if len(kinds) > 1 else [])]
    _open(sheet, "people", heads, comparison, words)
    for row, strategy in enumerate(comparison.names, FIRST):
        sheet.text(row, 0, words.strategy(strategy), "bold")
        for column, (outcome, kind) in enumerate(columns, 1):
            found = getattr(paired, kind).get(Reading(outcome, end, strategy))
            if found is not None:
                cell = found.sheet.cell(found.row, MEAN)
                sheet.formula(row, column, f'IF({cell}="","",{cell})', found.mean, found.how)


def write_horizon(book: Book, comparison: Comparison, paired: Paired, words: Words) -> None:
    """Differences at every horizon with their intervals, linked, and the month of payback."""
    days = sorted(set(comparison.horizon["day"].astype(int)))
    sheet = book.sheet(words("export.sheets.horizon"), [24, 34, *[15] * (3 * len(days)), 26])
    heads = [words("tables.strategy"), words("tables.horizon.head")]
    for day in days:
        after = words("tables.horizon.after", months=months(day))
        heads += [f"{after}: {words(f'export.columns.{end}')}" for end in ENDS]
    _open(sheet, "horizon", [*heads, words("tables.horizon.payback")], comparison, words)
    row = FIRST
    paid = comparison.payback.set_index("strategy")["month"].astype(float)
    for strategy in comparison.names:
        if strategy == comparison.reference:
            continue
        for outcome in AT_HORIZONS:
            sheet.row(row, [words.strategy(strategy), words(f"outcomes.{outcome}")])
            for number, day in enumerate(days):
                found = paired.difference.get(Reading(outcome, day, strategy))
                for place in range(len(ENDS) if found else 0):
                    assert found is not None
                    cell = found.sheet.cell(found.row, MEAN + place)
                    formula, value = f'IF({cell}="","",{cell})', found.ends[place]
                    sheet.formula(row, 2 + 3 * number + place, formula, value, found.how)
            if outcome == CONTRIBUTION:
                sheet.number(row, 2 + 3 * len(days), paid[strategy], "count")
            row += 1
    sheet.freeze(FIRST, 2, row - 1, 2 + 3 * len(days))


def write_ladder(book: Book, comparison: Comparison, paired: Paired, words: Words) -> None:
    """From list price to contribution: steps as they are, subtotals as sums, and whether it holds.

    The steps are means over worlds; that they add up is seen from the mean contribution of the
    same worlds, which comes by another way, the sheet of levels.
    """
    table, names = comparison.ladder, comparison.names
    first = table[table["strategy"] == comparison.reference]
    steps = list(zip(first["line"].astype(str), first["lever"].astype(str), strict=True))
    sheet = book.sheet(words("export.sheets.ladder"), [34, *[16] * (2 * len(names))])
    extra = words("export.columns.extra", reference=words.strategy(comparison.reference))
    others = [name for name in names if name != comparison.reference]
    heads = [words("tables.ladder.head"), *map(words.strategy, names)]
    heads += [f"{words.strategy(name)}: {extra}" for name in others]
    _open(sheet, "ladder", heads, comparison, words)
    sums = [i for i, (line, _) in enumerate(steps) if line in SUBTOTALS]
    begins = {end: begin for begin, end in pairwise([0, *sums])}  # with the sum before it
    means = {}
    for name in names:
        means[name] = table.loc[table["strategy"] == name, "mean"].to_numpy(float, copy=True)
    for i, (line, lever) in enumerate(steps):
        how, row = "sum" if i in begins else "number", FIRST + i
        heading = words(f"ladder.{line}", lever=words.name("levers", lever))
        sheet.text(row, 0, heading, "bold" if i in begins else "text")
        for column, name in enumerate(names, 1):
            if i in begins:
                above = f"SUM({span(FIRST + begins[i], column, row - 1, column)})"
                means[name][i] = means[name][begins[i] : i].sum()
                sheet.formula(row, column, above, means[name][i], how)
            else:
                sheet.number(row, column, means[name][i], how)
        reference = names.index(comparison.reference) + 1
        for column, name in enumerate(others, len(names) + 1):
            own = f"{at(row, names.index(name) + 1)}-{at(row, reference)}"
            value = means[name][i] - means[comparison.reference][i]
            sheet.formula(row, column, own, value, how)
    row = FIRST + len(steps)
    sheet.text(row, 0, words("export.check.head"), "note")
    holds, fails = words("export.check.holds"), words("export.check.fails")
    for column, name in enumerate(names, 1):
        level = paired.level[Reading(CONTRIBUTION, comparison.days, name)]
        off = f"ABS({at(row - 1, column)}-{level.sheet.cell(level.row, MEAN)})"
        adds_up = abs(means[name][-1] - level.mean) < CLOSE_YUAN
        formula = f'IF({off}<{CLOSE_YUAN},"{holds}","{fails}")'
        sheet.formula(row, column, formula, holds if adds_up else fails, "note")
    sheet.freeze(FIRST, 1)


def _open(sheet: Sheet, name: str, heads: list[str], comparison: Comparison, words: Words) -> None:
    reference = words.strategy(comparison.reference)
    sheet.text(0, 0, words(f"export.sheets.{name}"), "title")
    sheet.text(1, 0, words(f"export.notes.{name}", reference=reference))
    sheet.row(FIRST - 1, heads, "head")


__all__ = ["write_horizon", "write_ladder", "write_people"]
