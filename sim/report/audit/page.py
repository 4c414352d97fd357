"""An audit as one self-contained page: the answer first, then figures, tables, how it was done."""

from collections.abc import Callable, Container
from pathlib import Path

from sim.report.audit import figures, tables
from sim.report.audit.answer import answer
from sim.report.audit.reading import Audit, read_audit
from sim.report.figure import Exhibit
from sim.report.page import UNLINKED, Beside, Section, figure, plain_page, write_pages
from sim.report.tables import Shown
from sim.report.words import Words

MakeTable = Callable[[Audit, Words], Shown]
# By section, the names of its figures and its tables.
SECTIONS: dict[str, tuple[tuple[str, ...], tuple[MakeTable, ...]]] = {
    "methods": ((figures.METHODS,), (tables.methods,)),
    "caused": ((figures.SEGMENTS, figures.MONTHS), (tables.effects, tables.months)),
    "pays": ((), (tables.policies,)),
    "test": ((), (tables.tests,)),
    "origin": ((), (tables.asked,)),
}


def write_page(directory: Path, language: str = "en") -> Path:
    """Draw the figures and write the page, as `sim.report.page.write_page` does.

    Parameters
    ----------
    directory
        A folder that `repurchase audit` wrote; nothing else is read.
    language
        As for a comparison; so are the page's place and what is refused.
    """
    return write_pages(directory, language, read_audit, figures.exhibits, rendered)


def rendered(
    audit: Audit,
    made: list[Exhibit],
    words: Words,
    lying: Beside = UNLINKED,
) -> str:
    """The page's text, which links to what lies beside it."""
    name = words("audit.title", subject=words.name("levers", str(audit.manifest["lever"])))
    shown = sections(audit, made, words, lying.slides)
    return plain_page(audit, made, words, lying, name, answer(audit, words), shown)


def sections(
    audit: Audit, made: list[Exhibit], words: Words, slides: Container[str] | None = None
) -> list[Section]:
    """Headings with what stands under each, as on the page of a comparison."""
    found = []
    for name, (drawn, makers) in SECTIONS.items():
        shown = [figure(each, words, slides) for each in made if each.name in drawn]
        told = [table for make in makers if (table := make(audit, words)).rows]
        if shown or told:
            key = "asked_again.section" if name == "origin" else f"audit.sections.{name}"
            found.append(Section(name, words(key), shown, told))
    return found


__all__ = ["rendered", "sections", "write_page"]
