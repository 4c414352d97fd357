"""The tables of an A/B test, as text in the reader's language."""

from sim.report.abtest.answer import done
from sim.report.abtest.reading import PARTS, SAYS, ABTest
from sim.report.again import again, asked_again
from sim.report.estimates import cell
from sim.report.tables import Shown
from sim.report.words import Words, whole


def tests(test: ABTest, words: Words) -> Shown:
    """A row per way of drawing: what the test says, its error, what is so, what it misses."""
    rows = []
    for unit, found in test.drawn.items():
        parts = {name: cell(each, words) for name, each in found.parts.items()}
        covered = f"{100 * found.covered:.0f}%" if found.covered == found.covered else "–"
        told = [words(f"abtest.drawn.{unit}"), whole(found.units)]
        told += [parts.pop(SAYS), words.number(found.error), covered]
        rows.append([*told, *parts.values(), cell(found.missed, words)])
    keys = ["tables.drawn", "tables.units_drawn", f"parts.{SAYS}"]
    keys += ["tables.error", "tables.holds"]
    keys += [*(f"parts.{name}" for name in PARTS if name != SAYS), "tables.missed"]
    head = [words(f"abtest.{key}") for key in keys]
    title = words("abtest.tables.of_tests.title")
    note = words.joined(done(test, words), words("abtest.tables.of_tests.note"))
    return Shown("tests", title, note, head, rows)


def asked(test: ABTest, words: Words) -> Shown:
    """How it was done, so that it can be done again."""
    manifest = test.manifest
    title = words.prose(str(manifest["configuration"]["strategy"]["title"]))
    about = {
        "lever": words.name("levers", str(manifest["lever"])),
        "strategy": f"{words.strategy(str(manifest['scenario']))}\n{title}",
        "lives": words(
            "abtest.asked.lives_value",
            day=manifest["index_day"],
            drawn=words.listed([words(f"abtest.drawn.{unit}") for unit in test.drawn]),
            share=words.number(float(manifest["share"]), "share"),
        ),
        "seeds": words("comma").join(map(str, manifest["seeds"])),
    }
    rows = [[words(f"asked_again.{name}"), value] for name, value in about.items()]
    return asked_again(rows, command(test), words)


def command(test: ABTest) -> str:
    """What to type for the same results."""
    manifest = test.manifest
    index, end = int(manifest["index_day"]), int(manifest["end"])
    options = {
        "by": [str(unit) for unit in manifest["draw_by"]],
        "outcome": test.outcome,
        "of-whom": str(manifest["of_whom"]),
    }
    settings = {"share": manifest["share"], "index_day": index, "outcome_days": end - index}
    names = [str(manifest[name]) for name in ("lever", "scenario")]
    return again(names, manifest, options, settings)


__all__ = ["asked", "command", "tests"]
