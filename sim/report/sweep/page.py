"""A sweep as one self-contained page: the answer first, then figures, tables, origin."""

from collections.abc import Callable, Container
from pathlib import Path

from sim.report import tables as tables_of_strategies
from sim.report.figure import Exhibit
from sim.report.page import UNLINKED, Beside, Section, figure, plain_page, write_pages
from sim.report.sweep import tables
from sim.report.sweep.answer import sentences
from sim.report.sweep.figures import exhibits
from sim.report.sweep.naming import short
from sim.report.sweep.reading import Sweep, read_sweep
from sim.report.tables import Shown
from sim.report.words import Words

MakeTable = Callable[[Sweep, Words], Shown]
# By section, the kind of its figures and its tables.
SECTIONS: dict[str, tuple[str, tuple[MakeTable, ...]]] = {
    "response": ("response", (tables.ranks,)),
    "compared": ("compared", (tables.differences,)),
    "steps": ("steps", (tables.steps,)),
    "levels": ("", (tables.levels,)),
    "settings": ("", (tables.settings, tables_of_strategies.strategies)),
    "origin": ("", ()),
}


def write_page(directory: Path, language: str = "en") -> Path:
    """Draw the figures of a sweep and write its page, as `sim.report.page.write_page` does.

    Parameters
    ----------
    directory
        A folder that `repurchase sweep` wrote; nothing else is read.
    language
        As for a comparison; so are the page's place and what is refused.
    """
    return write_pages(directory, language, read_sweep, exhibits, rendered)


def rendered(
    sweep: Sweep,
    made: list[Exhibit],
    words: Words,
    lying: Beside = UNLINKED,
) -> str:
    """The page's text, which links to what lies beside it."""
    name = title(sweep, words)
    shown = sections(sweep, made, words, lying.slides)
    return plain_page(sweep, made, words, lying, name, sentences(sweep, words), shown)


def title(sweep: Sweep, words: Words) -> str:
    """What a sweep's page is called."""
    return words("sweep.title", settings=words.listed([short(key) for key in sweep.keys]))


def sections(
    sweep: Sweep, made: list[Exhibit], words: Words, slides: Container[str] | None = None
) -> list[Section]:
    """Headings with what stands under each, as on the page of a comparison."""
    found = []
    for name, (figures, makers) in SECTIONS.items():
        shown = [
            figure(each, words, slides)
            for each in made
            if figures and each.name.startswith(figures)
        ]
        told = [table for make in makers if (table := make(sweep, words)).rows]
        if shown or told or name == "origin":
            kind = "page" if name == "origin" else "sweep"
            found.append(Section(name, words(f"{kind}.sections.{name}"), shown, told))
    return found


__all__ = ["SECTIONS", "rendered", "sections", "title", "write_page"]
