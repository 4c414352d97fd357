"""A calibration as one page: what to know first, facts, settings, and how far to trust it."""

from pathlib import Path

from sim.report.calibrate import tables
from sim.report.calibrate.answer import sentences
from sim.report.calibrate.figures import FACTS, SETTINGS, exhibits
from sim.report.calibrate.reading import Calibration, read_calibration
from sim.report.figure import Exhibit
from sim.report.page import UNLINKED, Beside, figure, plain_page, sections_of, write_pages
from sim.report.words import Words


def write_page(directory: Path, language: str = "en") -> Path:
    """Draw the figures and write the page, as `sim.report.page.write_page` does.

    Parameters
    ----------
    directory
        A folder that `repurchase calibrate` wrote; nothing else is read.
    language
        As for a comparison; so are the page's place and what is refused.
    """
    return write_pages(directory, language, read_calibration, exhibits, rendered)


def rendered(
    found: Calibration, made: list[Exhibit], words: Words, lying: Beside = UNLINKED
) -> str:
    """The page's text, which links to what lies beside it."""
    drawn = {each.name: figure(each, words, lying.slides) for each in made}
    parts = {
        "facts": ([drawn.get(FACTS)], [tables.facts(found, words)]),
        "settings": (
            [drawn.get(SETTINGS)],
            [tables.settings(found, words), tables.correlations(found, words)],
        ),
        "waves": ([], [tables.waves(found, words)]),
        "origin": ([], [tables.asked(found, words)]),
    }
    title = words("calibrate.title", scenario=words.strategy(str(found.manifest["scenario"])))
    shown = sections_of(words, "calibrate", parts)
    return plain_page(found, made, words, lying, title, sentences(found, words), shown)


__all__ = ["rendered", "write_page"]
