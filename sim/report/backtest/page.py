"""Experiments that happened as one page: the score first, then a figure, and every experiment."""

from pathlib import Path

from sim.report.backtest import tables
from sim.report.backtest.answer import sentences
from sim.report.backtest.figures import exhibits
from sim.report.backtest.reading import Backtest, read_backtest
from sim.report.figure import Exhibit
from sim.report.page import UNLINKED, Beside, figure, plain_page, sections_of, write_pages
from sim.report.words import Words


def write_page(directory: Path, language: str = "en") -> Path:
    """Draw the figure and write the page, as `sim.report.page.write_page` does.

    Parameters
    ----------
    directory
        A folder that `repurchase backtest` wrote; nothing else is read.
    language
        As for a comparison; so are the page's place and what is refused.
    """
    return write_pages(directory, language, read_backtest, exhibits, rendered)


def rendered(found: Backtest, made: list[Exhibit], words: Words, lying: Beside = UNLINKED) -> str:
    """The page's text, which links to what lies beside it."""
    drawn = [figure(each, words, lying.slides) for each in made]
    parts = {
        "score": (drawn, [tables.score(found, words)]),
        "blind": ([], [tables.experiments(found, words, blind=True)]),
        "not_blind": (
            [],
            [tables.experiments(found, words, blind=False), tables.apart(found, words)],
        ),
        "origin": ([], [tables.asked(found, words)]),
    }
    title = words("backtest.title", scenario=words.strategy(str(found.manifest["scenario"])))
    shown = sections_of(words, "backtest", parts)
    return plain_page(found, made, words, lying, title, sentences(found, words), shown)


__all__ = ["rendered", "write_page"]
