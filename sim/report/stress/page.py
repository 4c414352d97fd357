"""Stressed strategies as one self-contained page: the answer first, then figures and tables."""

from collections.abc import Container
from pathlib import Path

from sim.report import tables as tables_of_strategies
from sim.report.figure import Exhibit
from sim.report.page import UNLINKED, Beside, Section, figure, plain_page, write_pages
from sim.report.stress import tables
from sim.report.stress.answer import sentences
from sim.report.stress.figures import exhibits
from sim.report.stress.reading import Stress, read_stress
from sim.report.words import Words

# By section, whether it has the figures, and its tables.
SECTIONS = {
    "resilience": (True, (tables.resilience,)),
    "compared": (False, (tables.compared,)),
    "shocks": (False, (tables.shocks, tables_of_strategies.strategies)),
    "origin": (False, ()),
}


def write_page(directory: Path, language: str = "en") -> Path:
    """Draw the figures and write the page, as `sim.report.page.write_page` does.

    Parameters
    ----------
    directory
        A folder that `repurchase stress` wrote; nothing else is read.
    language
        As for a comparison; so are the page's place and what is refused.
    """
    return write_pages(directory, language, read_stress, exhibits, rendered)


def rendered(
    stress: Stress,
    made: list[Exhibit],
    words: Words,
    lying: Beside = UNLINKED,
) -> str:
    """The page's text, which links to what lies beside it."""
    name = words("stress.title", strategies=words.listed([*map(words.strategy, stress.asked)]))
    shown = sections(stress, made, words, lying.slides)
    return plain_page(stress, made, words, lying, name, sentences(stress, words), shown)


def sections(
    stress: Stress, made: list[Exhibit], words: Words, slides: Container[str] | None = None
) -> list[Section]:
    """Headings with what stands under each, as on the page of a comparison."""
    found = []
    for name, (has_figures, makers) in SECTIONS.items():
        shown = [figure(each, words, slides) for each in made if has_figures]
        told = [table for make in makers if (table := make(stress, words)).rows]
        if shown or told or name == "origin":
            kind = "page" if name == "origin" else "stress"
            found.append(Section(name, words(f"{kind}.sections.{name}"), shown, told))
    return found


__all__ = ["rendered", "sections", "write_page"]
