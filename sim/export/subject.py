"""What pages and paper are about: a comparison or a sweep, with what is said and shown of it."""

from dataclasses import dataclass
from pathlib import Path

from sim.report import page
from sim.report.answer import Point, points
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
        What is said first, point by point.
    exhibits
        All figures.
    sections
        Headings with figures and tables as the page has them.
    """

    read: Strategies
    title: str
    answer: list[Point]
    exhibits: list[Exhibit]
    sections: list[page.Section]


def subject(folder: Path, words: Words) -> Subject:
    """What the folder of a comparison or a sweep is about."""
    if read_manifest(folder).get("experiment") == "sweep":
        sweep = read_sweep(folder)
        drawn = sweep_exhibits(sweep, words)
        shown = sweep_page.sections(sweep, drawn, words)
        title = sweep_page.title(sweep, words)
        told = [Point("answer", "", sentences(sweep, words))]
        return Subject(sweep, title, told, drawn, shown)
    compared = read_comparison(folder)
    drawn = exhibits(compared, words)
    shown = page.sections(compared, drawn, words)
    return Subject(compared, words("page.title"), points(compared, words), drawn, shown)


__all__ = ["Subject", "subject"]
