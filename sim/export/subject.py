"""What pages and paper are about: a comparison or a sweep, with what is said and shown of it."""

from dataclasses import dataclass
from pathlib import Path

from sim.report import answer, page
from sim.report.figure import Exhibit
from sim.report.figures import exhibits
from sim.report.reading import Strategies, read_comparison
from sim.report.sweep import page as sweep_page
from sim.report.sweep.answer import sentences
from sim.report.sweep.figures import exhibits as sweep_exhibits
from sim.report.sweep.reading import read_sweep
from sim.report.words import Words
from sim.store.runs import read_manifest


@dataclass(frozen=True)
class Subject:
    """One of them, in a language.

    Attributes
    ----------
    read
        Its tables and manifest.
    title
        Of the page.
    answer
        Its sentences, the answer first.
    exhibits
        All figures.
    sections
        Headings with figures and tables as the page has them.
    """

    read: Strategies
    title: str
    answer: list[str]
    exhibits: list[Exhibit]
    sections: list[page.Section]


def subject(folder: Path, words: Words) -> Subject:
    """What the folder of a comparison or a sweep is about."""
    if read_manifest(folder).get("experiment") == "sweep":
        sweep = read_sweep(folder)
        drawn = sweep_exhibits(sweep, words)
        shown = sweep_page.sections(sweep, drawn, words)
        title = sweep_page.title(sweep, words)
        return Subject(sweep, title, sentences(sweep, words), drawn, shown)
    compared = read_comparison(folder)
    drawn = exhibits(compared, words)
    shown = page.sections(compared, drawn, words)
    told = answer.sentences(compared, words)
    return Subject(compared, words("page.title"), told, drawn, shown)


__all__ = ["Subject", "subject"]
