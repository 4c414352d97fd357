"""A report on paper: the answer, what a board looks at, captions; made without a browser."""

from collections.abc import Mapping
from datetime import datetime
from io import BytesIO
from pathlib import Path

from PIL import Image

from sim.export.subject import Subject, subject
from sim.export.typesetting import Paper, Picture, Table
from sim.report import style
from sim.report.figure import Exhibit
from sim.report.page import Section, origin
from sim.report.slides import Slide, chinese_font
from sim.report.words import Words
from sim.store.runs import ResultsError
from sim.text.outgoing import visible

DPI = 200
BEHIND = ("funnel", "communities", "feelings", "leaving", "news")  # left to page and workbook
LONG = ("segments", "changes", "evidence", "facts", "precision")  # tables left to both
FIGURES_BEHIND = ("retention",)


def made(folder: Path, words: Words) -> bytes:
    """The content of the paper of a comparison's or a sweep's folder.

    Raises
    ------
    ResultsError
        When it is to be in Chinese and no font has the characters.
    """
    chinese = chinese_font()
    if words.language == "zh" and chinese is None:
        raise ResultsError(
            "Paper in Chinese needs a font with Chinese characters, and this machine has none: "
            "install fonts-noto-cjk, or export in English."
        )
    about = subject(folder, words)
    written = datetime.fromisoformat(about.read.manifest["created"])
    foot = f"{visible(about.title)} · {visible(folder.name)}"
    paper = Paper(about.title, foot, chinese, words.language, written)
    paper.say(about.title, 17, bold=True, after=4)
    for point in about.answer:
        if point.title:
            paper.head(point.title, 11.5)
        for paragraph in point.said:
            first = paragraph is about.answer[0].said[0]
            paper.say(paragraph, 11 if first else 9.5, bold=first)
        if point.table:
            paper.tabulate(Table(*point.table[1:]))
    drawing = _drawing(about, words)
    by_name = {exhibit.name: exhibit for exhibit in about.exhibits}
    for section in about.sections:
        if section.name not in (*BEHIND, "origin"):
            _write_section(paper, section, by_name, drawing, chinese)
    paper.head(words("page.sections.origin"))
    told = [f"{name}: {value}" for name, value in origin(about.read.manifest, words)]
    paper.say(f"{words('semicolon').join(told)}.", 8)
    paper.say(words("export.caveats.all"), 8)
    paper.say(words("export.on_the_page"), 8)
    return bytes(paper.output())


def _drawing(about: Subject, words: Words) -> Slide:
    looks = {words.strategy(name): about.read.looks[name] for name in about.read.names}
    return Slide(looks, words.strategy(about.read.reference))


def _write_section(
    paper: Paper,
    section: Section,
    by_name: Mapping[str, Exhibit],
    drawing: Slide,
    chinese: str | None,
) -> None:
    """Figures and tables in turn; a table comes first where a figure would leave a page empty."""
    figures = [figure for figure in section.figures if figure.name not in FIGURES_BEHIND]
    pictures = [
        Picture(_drawn(by_name[figure.name], drawing, chinese), figure.caption)
        for figure in figures
    ]
    tables = [Table(*shown[1:]) for shown in section.tables if shown.name not in LONG]
    if not pictures and not tables:
        return
    paper.head(section.title)
    while pictures or tables:
        fitting = [each for each in pictures if paper.fits(each)]
        if fitting or not tables:
            paper.put(pictures.pop(pictures.index(fitting[0]) if fitting else 0))
        else:
            paper.tabulate(tables.pop(0))


def _drawn(exhibit: Exhibit, drawing: Slide, chinese: str | None) -> Image.Image:
    """A figure as slides have it."""
    target = BytesIO()
    with style.applied(chinese):
        drawing.draw(exhibit).savefig(target, format="png", dpi=DPI)
    return Image.open(target)


__all__ = ["made"]
