"""Conclusions under other assumptions as one page: the answer first, then figure and tables."""

from collections.abc import Callable, Container
from pathlib import Path

from sim.report import tables as tables_of_strategies
from sim.report.figure import Exhibit
from sim.report.page import UNLINKED, Beside, Section, figure, plain_page, write_pages
from sim.report.robustness import tables
from sim.report.robustness.answer import sentences
from sim.report.robustness.figures import DIFFERENCES, exhibits
from sim.report.robustness.reading import Robustness, read_robustness
from sim.report.tables import Shown
from sim.report.words import Words

MakeTable = Callable[[Robustness, Words], Shown]
# By section, the names of its figures and its tables.
SECTIONS: dict[str, tuple[tuple[str, ...], tuple[MakeTable, ...]]] = {
    "conclusions": ((DIFFERENCES,), (tables.conclusions,)),
    "other_goals": ((), (tables.other_goals,)),
    "assumptions": ((), (tables.assumptions, tables.fit)),
    "strategies": ((), (tables_of_strategies.strategies,)),
    "origin": ((), ()),
}


def write_page(directory: Path, language: str = "en") -> Path:
    """Draw the figure and write the page, as `sim.report.page.write_page` does.

    Parameters
    ----------
    directory
        A folder that `repurchase robustness` wrote; nothing else is read.
    language
        As for a comparison; so are the page's place and what is refused.
    """
    return write_pages(directory, language, read_robustness, exhibits, rendered)


def rendered(
    found: Robustness,
    made: list[Exhibit],
    words: Words,
    lying: Beside = UNLINKED,
) -> str:
    """The page's text, which links to what lies beside it."""
    shown = sections(found, made, words, lying.slides)
    said = sentences(found, words)
    return plain_page(found, made, words, lying, words("robustness.title"), said, shown)


def sections(
    found: Robustness, made: list[Exhibit], words: Words, slides: Container[str] | None = None
) -> list[Section]:
    """Headings with what stands under each, as on the page of a comparison."""
    parts = []
    for name, (drawn, makers) in SECTIONS.items():
        shown = [figure(each, words, slides) for each in made if each.name in drawn]
        told = [table for make in makers if (table := make(found, words)).rows]
        if shown or told or name == "origin":
            kind = "page" if name in ("origin", "strategies") else "robustness"
            parts.append(Section(name, words(f"{kind}.sections.{name}"), shown, told))
    return parts


__all__ = ["rendered", "sections", "write_page"]
