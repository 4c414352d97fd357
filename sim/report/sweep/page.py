"""A sweep as one self-contained page: the answer first, then figures, tables, origin."""

from collections.abc import Callable, Container
from pathlib import Path

from sim.folders import alone, remove_leftovers, whole_file
from sim.loading import uncollected
from sim.report import embedding
from sim.report import tables as tables_of_strategies
from sim.report.exhibits import Exhibit
from sim.report.interactive import Drawing
from sim.report.page import FIGURES, PAGE, Section, figure, filled, origin
from sim.report.sweep import tables
from sim.report.sweep.answer import sentences
from sim.report.sweep.figures import exhibits
from sim.report.sweep.naming import short
from sim.report.sweep.reading import Sweep, read_sweep
from sim.report.tables import Shown
from sim.report.words import Words
from sim.store import plain_errors

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
    """Draw the figures of a sweep and write its page.

    Parameters
    ----------
    directory
        A folder that `repurchase sweep` wrote; nothing else is read. Figures go into its subfolder
        `figures` as PNG and SVG.
    language
        One of `sim.report.words.LANGUAGES`.

    Returns
    -------
    Path
        The page, which needs no other file and no network.

    Raises
    ------
    ResultsError
        When the folder holds something else, is torn, or cannot be written to.
    ConfigurationError
        When there is no such language.
    """
    words = Words(language)
    with alone(directory), uncollected():
        _write(directory, words)
    return directory / PAGE


def _write(directory: Path, words: Words) -> None:
    from sim.report import slides

    sweep = read_sweep(directory)
    made = exhibits(sweep, words)
    with plain_errors(directory / PAGE):
        for home in (directory.parent, directory):  # beside the page, and among the figures
            remove_leftovers(home)
        shown = slides.readable(words)
        drawn = made if shown is words else exhibits(sweep, shown)
        slides.write(drawn, sweep, shown, directory / FIGURES)
        there = {path.stem for path in (directory / FIGURES).glob("*.png")}
        text = rendered(sweep, made, words, there, english_slides=shown is not words)
        with whole_file(directory / PAGE) as partial:
            partial.write_text(text, encoding="utf-8")


def rendered(
    sweep: Sweep,
    made: list[Exhibit],
    words: Words,
    slides: Container[str] = (),
    english_slides: bool = False,
) -> str:
    """The page's text; `slides` names the figures that lie beside it."""
    looks = {words.strategy(name): sweep.looks[name] for name in sweep.names}
    drawing = Drawing(looks, words.strategy(sweep.reference), words)
    notes = [words("page.beside", figures=f"{FIGURES}/", manifest="manifest.json")]
    notes += [words("page.english_slides")] if english_slides else []
    return filled(
        words,
        title=words("sweep.title", settings=words.listed([short(key) for key in sweep.keys])),
        answer=sentences(sweep, words),
        sections=_sections(sweep, made, words, slides),
        segments=[],
        strategies=[],
        looks=looks if len(looks) > 1 else {},
        origin=origin(sweep.manifest, words),
        notes=notes,
        drawings=embedding.drawings(made, drawing),
    )


def _sections(
    sweep: Sweep, made: list[Exhibit], words: Words, slides: Container[str]
) -> list[Section]:
    found = []
    for name, (kind, makers) in SECTIONS.items():
        shown = [
            figure(each, words, each.name in slides)
            for each in made
            if kind and each.name.startswith(kind)
        ]
        told = [table for make in makers if (table := make(sweep, words)).rows]
        if shown or told or name == "origin":
            title = words(f"page.sections.{name}" if name == "origin" else f"sweep.sections.{name}")
            found.append(Section(name, title, shown, told))
    return found


__all__ = ["SECTIONS", "rendered", "write_page"]
