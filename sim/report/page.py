"""A comparison as one self-contained page: the answer first, then figures, tables, origin.

The page and its figures are made from the folder's checksummed tables and nothing else, and can
be made again from them at any time; so they stand outside the manifest, and making them again,
in another language say, never touches what was computed. Each language has a page and figures of
its own, so that none overwrites another; pages that lie side by side link to each other.
"""

import re
from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from markupsafe import Markup, escape

from sim.console.importing import uncollected
from sim.report import answer, budgets, embedding, outcomes, pilot, reach, tables, why
from sim.report.figure import ALL, SEGMENTATIONS, Exhibit, segment_key
from sim.report.figures import exhibits
from sim.report.interactive import Drawing
from sim.report.reading import Comparison, Findings, comparison_folder, read_comparison
from sim.report.tables import Shown
from sim.report.words import LANGUAGES, Words, whole
from sim.store.folders import alone, remove_leftovers, whole_file
from sim.store.runs import plain_errors
from sim.text.outgoing import visible

FIRST_LANGUAGE = "en"  # whose page and figures have the short names
HERE = Path(__file__).parent

Subject = TypeVar("Subject", bound=Findings)  # what a page is about
Render = Callable[[Subject, list[Exhibit], Words, "Beside"], str]
MakeTable = Callable[[Comparison, Words], Shown]
SECTIONS: dict[str, tuple[tuple[str, ...], tuple[MakeTable, ...]]] = {
    "outcomes": (
        (),
        (outcomes.goals, outcomes.people, outcomes.horizon, pilot.pilots, outcomes.ladder),
    ),
    "why": (("why", "why_groups"), (why.steps, why.groups)),
    "repurchase": (("levels", "differences"), (tables.levels, tables.differences)),
    "time": (("monthly", "survival", "retention"), (tables.shocks,)),
    "funnel": (("funnel",), ()),
    "people": (("won_lost", "won_lost_by"), (tables.segments,)),
    "money": (("spend", "money", "value"), (tables.money,)),
    "reach": (("reach",), (reach.table, reach.meanings)),
    "budgets": ((), (budgets.totals,)),
    "communities": (("communities",), ()),
    "feelings": (("feelings",), ()),
    "leaving": (("reasons",), ()),
    "news": (("news", "neighbours"), ()),
    "strategies": ((), (tables.strategies, tables.changes, tables.phases, tables.regional)),
    "assumptions": ((), (tables.rests, tables.evidence, tables.facts)),
    "precision": ((), (outcomes.precision,)),
    "origin": ((), ()),
}


@dataclass(frozen=True)
class Figure:
    """A figure as the template reads it."""

    name: str
    title: str
    caption: str
    slides: str
    choice: str
    panels: int
    legend: frozenset[str]  # strategies that colours alone tell apart
    parts: dict[str, str]


class Beside(NamedTuple):
    """What lies beside a page: names of figures, whether these are in English, pages' languages."""

    slides: Container[str] | None = ()
    english_slides: bool = False
    languages: Sequence[str] = ()


UNLINKED = Beside()  # names no figure
ALONE = Beside(slides=None)  # one file, beside which nothing lies


@dataclass(frozen=True)
class Section:
    """A heading with its figures and tables."""

    name: str
    title: str
    figures: list[Figure]
    tables: list[Shown]


def write_page(place: Path, language: str = "en", all_slides: bool = True) -> Path:
    """Draw the figures of a comparison and write its page.

    Parameters
    ----------
    place
        A folder that `repurchase compare` wrote, or a folder of results with one comparison;
        nothing else is read. Figures go into its subfolder `figures` (`figures.zh` in Chinese)
        as PNG and SVG. Pages in other languages that lie there are written again, without
        their figures, so that all of them link to each other.
    language
        One of `sim.report.words.LANGUAGES`.
    all_slides
        Whether every figure is drawn for slides, or only those that the answer turns on.

    Returns
    -------
    Path
        The page, which needs no other file and no network: `report.html` in English,
        `report.zh.html` in Chinese.

    Raises
    ------
    ResultsError
        When the folder holds something else, is torn, or cannot be written to.
    ConfigurationError
        When there is no such language.
    """
    from sim.report import slides

    return write_pages(
        comparison_folder(place),
        language,
        read_comparison,
        exhibits,
        rendered,
        lambda exhibit: all_slides or exhibit.name in slides.FIRST,
    )


def page_name(language: str) -> str:
    """The file of a page: `report.html`, or `report.zh.html`."""
    return "report.html" if language == FIRST_LANGUAGE else f"report.{language}.html"


def figures_name(language: str) -> str:
    """The folder of a page's figures: `figures`, or `figures.zh`."""
    return "figures" if language == FIRST_LANGUAGE else f"figures.{language}"


def pages(directory: Path) -> dict[str, Path]:
    """The pages that lie in a comparison's folder, by language."""
    there = {language: directory / page_name(language) for language in LANGUAGES}
    return {language: page for language, page in there.items() if page.is_file()}


def write_pages(
    directory: Path,
    language: str,
    read: Callable[[Path], Subject],
    exhibits_of: Callable[[Subject, Words], list[Exhibit]],
    render: Render[Subject],
    drawn: Callable[[Exhibit], bool] = lambda exhibit: True,
) -> Path:
    """Draw the figures of a page and write it, and those in other languages, which link to it.

    Parameters
    ----------
    directory
        Where it goes.
    language
        One of `sim.report.words.LANGUAGES`.
    read
        Reads what it is about from the folder.
    exhibits_of
        Gives the figures of that in a language.
    render
        Gives the text from what it is about, figures, language, and what lies beside it.
    drawn
        Which figures are drawn for slides.

    Returns
    -------
    Path
        The page.
    """
    from sim.report import slides

    words = Words(language)
    # To look for garbage takes longer than to draw, and it is a few MB.
    with alone(directory), uncollected():
        subject = read(directory)
        made = exhibits_of(subject, words)
        with plain_errors(directory / page_name(language)):
            for home in (directory.parent, directory):  # beside the page, and among the figures
                remove_leftovers(home)
            shown = slides.readable(words)
            those = [
                each
                for each in (made if shown is words else exhibits_of(subject, shown))
                if drawn(each)
            ]
            slides.write(those, subject, shown, directory / figures_name(language))
        together = [language, *(other for other in pages(directory) if other != language)]
        for each in together:
            page = directory / page_name(each)
            with plain_errors(page):
                own = Words(each)
                there = {path.stem for path in (directory / figures_name(each)).glob("*.png")}
                parts = made if each == language else exhibits_of(subject, own)
                lying = Beside(there, slides.readable(own) is not own, together)
                text = render(subject, parts, own, lying)
                with whole_file(page) as partial:
                    partial.write_text(text, encoding="utf-8")
    return directory / page_name(language)


def rendered(
    comparison: Comparison,
    made: list[Exhibit],
    words: Words,
    lying: Beside = UNLINKED,
) -> str:
    """The page's text, which links to what lies beside it."""
    looks, reference = comparison.named_looks(words), comparison.named_reference(words)
    drawing = Drawing(looks, reference, words)
    others = [words.strategy(name) for name in comparison.names if name != comparison.reference]
    return filled(
        words,
        lying.languages,
        title=words("page.title"),
        answer=answer.points(comparison, words),
        sections=sections(comparison, made, words, lying.slides),
        segments=_segments(comparison, words),
        strategies=[*others, reference],
        looks=looks,
        origin=origin(comparison.manifest, words),
        notes=[*beside(words, lying.slides, lying.english_slides), words("page.printed")],
        drawings=embedding.drawings(made, drawing),
    )


def beside(words: Words, slides: Container[str] | None, english_slides: bool) -> list[str]:
    """What lies beside a page, if anything."""
    if slides is None:
        return [words("export.alone")]
    figures = f"{figures_name(words.language)}/"
    notes = [words("page.beside", figures=figures, manifest="manifest.json")]
    return notes + ([words("page.english_slides")] if english_slides else [])


def filled(words: Words, languages: Sequence[str], **values: object) -> str:
    """The template of pages with these values; see `report.html.j2`."""
    import jinja2  # here, where no garbage is looked for meanwhile

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(HERE),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        finalize=lambda value: visible(value) if type(value) is str else value,
    )
    return environment.get_template("report.html.j2").render(
        words=words,
        elsewhere=_elsewhere(languages, words),
        cell_of=_cell,
        heading_of=_heading,
        sentence_of=_sentence,
        lead_of=_lead,
        style=Markup((HERE / "report.css").read_text(encoding="utf-8")),
        script=Markup((HERE / "report.js").read_text(encoding="utf-8")),
        library=embedding.library(),
        **values,
    )


def plain_page(
    subject: Findings,
    made: list[Exhibit],
    words: Words,
    beside_it: Beside,
    title: str,
    said: list[str],
    shown: list[Section],
) -> str:
    """The text of a page other than a comparison's: an answer, then its sections.

    Parameters
    ----------
    subject, made
        What it is about, and its figures.
    words
        Of the language.
    beside_it
        What lies beside the page.
    title, said, shown
        What it is called, the sentences of its answer, and what stands below.
    """
    looks = subject.named_looks(words)
    drawing = Drawing(looks, subject.named_reference(words), words)
    return filled(
        words,
        beside_it.languages,
        title=title,
        answer=[answer.Point("answer", "", said)],
        sections=shown,
        segments=[],
        strategies=[],
        looks=looks if len(looks) > 1 else {},
        origin=origin(subject.manifest, words),
        notes=beside(words, beside_it.slides, beside_it.english_slides),
        drawings=embedding.drawings(made, drawing),
    )


def _elsewhere(languages: Sequence[str], words: Words) -> list[tuple[str, str, str]]:
    """Links to the same page in other languages: (language, file, what it says there)."""
    others = sorted(set(languages) - {words.language})
    return [(other, page_name(other), Words(other)("page.in_this_language")) for other in others]


def sections(
    comparison: Comparison, made: list[Exhibit], words: Words, slides: Container[str] | None = None
) -> list[Section]:
    """Headings with what stands under each; see `rendered`."""
    by_name = {exhibit.name: figure(exhibit, words, slides) for exhibit in made}
    found = []
    for name, (figures, makers) in SECTIONS.items():
        shown = [by_name[each] for each in figures if each in by_name]
        told = [table for make in makers if (table := make(comparison, words)).rows]
        if shown or told or name == "origin":
            found.append(Section(name, words(f"page.sections.{name}"), shown, told))
    return found


def sections_of(
    words: Words, kind: str, parts: Mapping[str, tuple[Sequence[Figure | None], Sequence[Shown]]]
) -> list[Section]:
    """Headings of the page of another kind of experiment, whose texts lie under that kind.

    A part without a figure and a filled table is left out; the part `origin` is called as on every
    page.
    """
    shown = []
    for name, (drawn, told) in parts.items():
        there = [each for each in drawn if each]
        rows = [table for table in told if table.rows]
        if there or rows:
            key = "asked_again.section" if name == "origin" else f"{kind}.sections.{name}"
            shown.append(Section(name, words(key), there, rows))
    return shown


def figure(exhibit: Exhibit, words: Words, drawn: Container[str] | None) -> Figure:
    """A figure of the page; `drawn` tells which lie beside it for slides, None: it stands alone."""
    home = figures_name(words.language)
    paths = {kind: f"{home}/{exhibit.name}.{kind}" for kind in ("png", "svg")}
    told = ""
    if drawn is not None:
        key = "slides" if exhibit.name in drawn else "no_slides"
        told = words(f"page.{key}", **paths)
    return Figure(
        name=exhibit.name,
        title=exhibit.title,
        caption=exhibit.caption,
        slides=told,
        choice=exhibit.choice,
        panels=len(exhibit.panels),
        legend=exhibit.names if exhibit.legend else frozenset(),
        parts=exhibit.parts,
    )


def _segments(comparison: Comparison, words: Words) -> list[tuple[str, list[tuple[str, str]]]]:
    """The menu of segments: (heading, [(value, text), ...]) for each division.

    Only those of which a main indicator is known: nobody has the upper tiers on day 0, say.
    """
    table = comparison.levels
    table = table[table["indicator"].isin(comparison.ranking["indicator"]) & table["mean"].notna()]
    menu = [("", [(ALL, words("segments_all"))])]
    for by in SEGMENTATIONS:
        there = words.ordered(by, table.loc[table["by"] == by, "segment"])
        if there:
            members = [(segment_key(by, name), words.name(by, name)) for name in there]
            menu.append((words.name("divisions", by), members))
    return menu


def _cell(text: str) -> Markup:
    """A cell's first line, and what stands beside it below."""
    first, _, rest = text.partition("\n")
    beside = Markup('<span class="beside">{}</span>').format(visible(rest)) if rest else Markup("")
    return escape(visible(first)) + beside


def _sentence(text: str) -> Markup:
    """A paragraph; what is typed stands between backticks."""
    return Markup(re.sub("`([^`]+)`", r"<code>\1</code>", str(escape(visible(text)))))


def _lead(text: str) -> Markup:
    """The first paragraph, whose first sentence is set off."""
    first = re.split(r"(?<=\.)\s|(?<=。)", text, maxsplit=1)[0]
    return Markup("<strong>{}</strong>{}").format(_sentence(first), _sentence(text[len(first) :]))


def _heading(text: str) -> Markup:
    """A row's heading; settings may be broken behind their dots and underscores."""
    return Markup(re.sub(r"([._])(?=\w)", r"\1<wbr>", str(_cell(text))))


def origin(manifest: Mapping[str, Any], words: Words) -> list[tuple[str, str]]:
    """The manifest in brief, without what it does not tell."""
    lived = manifest.get("configuration") or manifest["configurations"][manifest["reference"]]
    population, run = lived["population"], lived["run"]
    seconds, files = manifest.get("run_seconds"), manifest.get("files")
    values = {
        "households": words(
            "origin.households_value",
            count=whole(population["households"]),
            name=population.get("name", ""),
        ),
        "days": words("origin.days_value", days=run["days"], warmup=run["warmup_days"]),
        "replications": words(
            "origin.replications_value", count=manifest["replications"], seed=manifest["seed"]
        )
        if "replications" in manifest
        else "",
        "budget": budgets.origin(manifest, words) if "configurations" in manifest else "",
        "overrides": ", ".join(manifest["overrides"]) or words("origin.none"),
        "computing": ""
        if seconds is None
        else words("origin.computing_value", seconds=f"{seconds:,.0f}"),
        "code": str(manifest.get("revision") or manifest.get("code", "")),
        "versions": ", ".join(f"{k} {v}" for k, v in manifest.get("versions", {}).items()),
        "machine": _machine(manifest.get("machine", {}), words),
        "written": str(manifest.get("created", "")),
        "checksums": words("origin.checksums_value", count=len(files)) if files else "",
    }
    return [(words(f"origin.{name}"), value) for name, value in values.items() if value]


def _machine(machine: Mapping[str, Any], words: Words) -> str:
    if not machine:
        return ""
    return words(
        "origin.machine_value",
        platform=machine.get("platform"),
        cores=machine.get("processors"),
        memory=f"{machine.get('memory_bytes', 0) / 2**30:.0f}",
    )


__all__ = [
    "ALONE",
    "UNLINKED",
    "Beside",
    "Figure",
    "Section",
    "beside",
    "figure",
    "figures_name",
    "filled",
    "origin",
    "page_name",
    "pages",
    "plain_page",
    "rendered",
    "sections",
    "sections_of",
    "write_page",
    "write_pages",
]
