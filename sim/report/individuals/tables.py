"""The tables of whom a strategy moves, as text in the reader's language."""

from sim.report.again import again, asked_again
from sim.report.audit.tables import followed
from sim.report.estimates import cell
from sim.report.individuals.answer import done, pays
from sim.report.individuals.reading import LOST, WON, Moved
from sim.report.tables import Shown
from sim.report.words import Words, whole


def segments(moved: Moved, words: Words) -> Shown:
    """A row per segment: customers won and lost, orders more or less."""
    count, ordered = moved.customers(), moved.ordered()
    won, lost = moved.moved(WON), moved.moved(LOST)
    rows = [
        [
            label,
            whole(count[place]),
            cell(won[place], words, signed=False),
            cell(lost[place], words, signed=False),
            cell(ordered[place], words),
        ]
        for place, label in moved.segments(words).items()
    ]
    keys = ("customers", "how_many", "won", "lost", "orders")
    head = [words(f"moved.tables.{key}") for key in keys]
    return Shown("segments", words("moved.tables.title"), done(moved, words), head, rows)


def policies(moved: Moved, words: Words) -> Shown:
    """For whom it pays, checked in worlds that the tree has not seen."""
    return followed(moved.policies, pays(moved, words), words)


def asked(moved: Moved, words: Words) -> Shown:
    """How it was done, so that it can be done again."""
    manifest = moved.manifest
    index, end = int(manifest["index_day"]), int(manifest["end"])
    strategy, reference = words.strategy(moved.strategy), words.strategy(moved.reference)
    lives = words("moved.lives", day=index, strategy=strategy, reference=reference, end=end)
    about = {
        "strategy": strategy,
        "lives": lives,
        "seeds": words("comma").join(map(str, manifest["seeds"])),
    }
    rows = [[words(f"asked_again.{name}"), value] for name, value in about.items()]
    return asked_again(rows, command(moved), words)


def command(moved: Moved) -> str:
    """What to type for the same results."""
    index, end = int(moved.manifest["index_day"]), int(moved.manifest["end"])
    settings = {"index_day": index, "outcome_days": end - index}
    return again([moved.strategy, moved.reference], moved.manifest, {}, settings)


__all__ = ["asked", "command", "policies", "segments"]
