"""An A/B test as one self-contained page: the answer, then figure, tables, how it was done."""

from pathlib import Path

from sim.report.abtest import tables
from sim.report.abtest.answer import sentences
from sim.report.abtest.figures import exhibits
from sim.report.abtest.reading import ABTest, read_test
from sim.report.figure import Exhibit
from sim.report.page import UNLINKED, Beside, Section, figure, plain_page, write_pages
from sim.report.words import Words


def write_page(directory: Path, language: str = "en") -> Path:
    """Draw the figure and write the page, as `sim.report.page.write_page` does.

    Parameters
    ----------
    directory
        A folder that `repurchase abtest` wrote; nothing else is read.
    language
        As for a comparison; so are the page's place and what is refused.
    """
    return write_pages(directory, language, read_test, exhibits, rendered)


def rendered(
    test: ABTest,
    made: list[Exhibit],
    words: Words,
    lying: Beside = UNLINKED,
) -> str:
    """The page's text, which links to what lies beside it."""
    lever = words.name("levers", str(test.manifest["lever"]))
    scenario = words.strategy(str(test.manifest["scenario"]))
    name = words("abtest.title", lever=lever, scenario=scenario)
    drawn = [figure(each, words, lying.slides) for each in made]
    shown = [
        Section("tests", words("abtest.sections.tests"), drawn, [tables.tests(test, words)]),
        Section("origin", words("asked_again.section"), [], [tables.asked(test, words)]),
    ]
    return plain_page(test, made, words, lying, name, sentences(test, words), shown)


__all__ = ["rendered", "write_page"]
