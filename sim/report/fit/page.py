"""A fitted operator as one self-contained page: answer, figures, tables, what the log lacks."""

from pathlib import Path

from sim.report.figure import Exhibit
from sim.report.fit import tables
from sim.report.fit.answer import sentences
from sim.report.fit.figures import COUNTS, CURVE, exhibits
from sim.report.fit.reading import Fitted, read_fitted
from sim.report.page import UNLINKED, Beside, Section, figure, plain_page, write_pages
from sim.report.words import Words


def write_page(directory: Path, language: str = "en") -> Path:
    """Draw the figures and write the page, as `sim.report.page.write_page` does.

    Parameters
    ----------
    directory
        A folder that `repurchase fit` wrote; nothing else is read.
    language
        As for a comparison; so are the page's place and what is refused.
    """
    return write_pages(directory, language, read_fitted, exhibits, rendered)


def rendered(
    fitted: Fitted,
    made: list[Exhibit],
    words: Words,
    lying: Beside = UNLINKED,
) -> str:
    """The page's text, which links to what lies beside it."""
    drawn = {each.name: figure(each, words, lying.slides) for each in made}
    found = [tables.settings(fitted, words), tables.pattern(fitted, words)]
    models = tables.parameters(fitted, words)
    shown = [
        Section("told", words("fit.sections.told"), [drawn[CURVE]], [tables.scores(fitted, words)]),
        Section("counts", words("fit.sections.counts"), [drawn[COUNTS]], []),
        *(
            [Section("found", words("fit.sections.found"), [], found)]
            if len(fitted.settings)
            else []
        ),
        Section("unknown", words("fit.sections.unknown"), [], [tables.cannot_tell(fitted, words)]),
        Section("log", words("fit.sections.log"), [], [tables.log(fitted, words)]),
        *([Section("models", words("fit.sections.models"), [], [models])] if models.rows else []),
        Section("origin", words("asked_again.section"), [], [tables.asked(fitted, words)]),
    ]
    name = words("fit.title", log=str(fitted.manifest["log"]))
    return plain_page(fitted, made, words, lying, name, sentences(fitted, words), shown)


__all__ = ["rendered", "write_page"]
