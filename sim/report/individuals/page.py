"""Whom a strategy moves as one self-contained page: answer, figure, tables, how it was done."""

from pathlib import Path

from sim.report.figure import Exhibit
from sim.report.individuals import tables
from sim.report.individuals.answer import sentences
from sim.report.individuals.figures import exhibits
from sim.report.individuals.reading import Moved, read_moved
from sim.report.page import UNLINKED, Beside, Section, figure, plain_page, write_pages
from sim.report.words import Words


def write_page(directory: Path, language: str = "en") -> Path:
    """Draw the figure and write the page, as `sim.report.page.write_page` does.

    Parameters
    ----------
    directory
        A folder that `repurchase individuals` wrote; nothing else is read.
    language
        As for a comparison; so are the page's place and what is refused.
    """
    return write_pages(directory, language, read_moved, exhibits, rendered)


def rendered(
    moved: Moved,
    made: list[Exhibit],
    words: Words,
    lying: Beside = UNLINKED,
) -> str:
    """The page's text, which links to what lies beside it."""
    strategy, reference = words.strategy(moved.strategy), words.strategy(moved.reference)
    name = words("moved.title", strategy=strategy, reference=reference)
    drawn = [figure(each, words, lying.slides) for each in made]
    followed = tables.policies(moved, words)
    shown = [
        Section("moved", words("moved.section"), drawn, [tables.segments(moved, words)]),
        *([Section("pays", followed.title, [], [followed])] if followed.rows else []),
        Section("origin", words("asked_again.section"), [], [tables.asked(moved, words)]),
    ]
    return plain_page(moved, made, words, lying, name, sentences(moved, words), shown)


__all__ = ["rendered", "write_page"]
