"""Slides of a comparison: what there is to see as the title, native charts, notes with sources."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
from pptx import Presentation
from pptx.enum.text import PP_ALIGN
from pptx.util import Inches, Pt

from sim.export import headlines
from sim.export.archives import steady
from sim.export.charts import Painter, Place, Step
from sim.report import answer
from sim.report.aims import READ_AT, best
from sim.report.figure import ALL, Exhibit, Panel, chooses
from sim.report.figures import exhibits
from sim.report.outcomes import CONTRIBUTION, SUBTOTALS, goal_name, months
from sim.report.page import origin
from sim.report.reading import Comparison, read_comparison
from sim.report.words import Words, capital
from sim.text.outgoing import visible

WIDE, HIGH = Inches(13.333), Inches(7.5)
LEFT, TOP, BOTTOM, GAP = Inches(0.5), Inches(1.45), Inches(7.1), Inches(0.15)
TITLE_ONLY = 5  # layout of the library's own template
MOST_LINES = 2  # panels of lines on a slide
LONG = 110  # characters; a longer title is written smaller

Headline = Callable[[Comparison, Words], str]


class Slide(NamedTuple):
    """What a slide shows: a figure of the report, and the table it was made from."""

    title: str
    exhibit: Exhibit
    tables: str


SHOWN: dict[str, tuple[Headline, str]] = {  # figures of the report, with their tables
    "differences": (headlines.rates, "differences"),
    "won_lost": (headlines.people, "won_lost"),
    "monthly": (headlines.monthly, "monthly"),
    "spend": (headlines.spend, "money"),
}


def made(folder: Path, words: Words) -> bytes:
    """The content of the slides of a comparison's folder."""
    comparison = read_comparison(folder)
    deck = Presentation()
    deck.slide_width, deck.slide_height = WIDE, HIGH
    about = _about(comparison, folder, words)
    _write_answer(deck, comparison, about, words)
    painter = Painter({words.strategy(name): comparison.looks[name] for name in comparison.names})
    for slide in slides(comparison, words):
        _write_slide(deck, painter, slide, about, words)
    _write_ladder(deck, painter, comparison, about, words)
    written = datetime.fromisoformat(comparison.manifest["created"])
    deck.core_properties.title = words("page.title")
    deck.core_properties.author = deck.core_properties.last_modified_by = "repurchase"
    target = BytesIO()
    deck.save(target)
    return steady(target.getvalue(), written)


def slides(comparison: Comparison, words: Words) -> list[Slide]:
    """Slides of figures: goals, horizons, then those of the report that a board looks at."""
    by_name = {exhibit.name: exhibit for exhibit in exhibits(comparison, words)}
    found = []
    if len(comparison.names) > 1:
        found.append(Slide(headlines.goals(comparison, words), _goals(comparison, words), "goals"))
        over_time = _horizon(comparison, words)
        found.append(Slide(headlines.horizon(comparison, words), over_time, "horizon"))
    for name, (headline, tables) in SHOWN.items():
        if name in by_name:
            exhibit = _readable(by_name[name])
            found.append(Slide(headline(comparison, words) or exhibit.title, exhibit, tables))
    return [slide for slide in found if slide.exhibit.panels]


def _readable(exhibit: Exhibit) -> Exhibit:
    """The figure with no more panels than a slide has room for: lines need their legends."""
    most = MOST_LINES if exhibit.form == "lines" else len(exhibit.panels)
    return replace(exhibit, panels=exhibit.panels[:most])


def _goals(comparison: Comparison, words: Words) -> Exhibit:
    """The difference to the reference by the goal that decides, and by contribution."""
    wanted = dict.fromkeys([comparison.goal, "contribution"])
    reference = words.strategy(comparison.reference)
    panels = []
    for goal in [each for each in wanted if each in comparison.goals_read]:
        unit = str(comparison.goals.loc[comparison.goals["goal"] == goal, "unit"].iloc[0])
        rows = [
            {"strategy": words.strategy(name), **aimed.gain._asdict()}
            for name, aimed in comparison.aimed(goal).items()
            if name != comparison.reference
        ]
        told = words("sweep.points") if unit == "points" else words.own("units", unit)
        against = words("export.against", unit=told, reference=reference)
        name = capital(goal_name(comparison, words, goal))
        panels.append(Panel(name, pd.DataFrame(rows), against, zero=True))
    caption = words("tables.goals.note", reference=reference)
    return Exhibit("goals", "dots", words("tables.goals.title"), caption, panels)


def _horizon(comparison: Comparison, words: Words) -> Exhibit:
    """Differences to the reference at every horizon."""
    outcome = READ_AT.get(comparison.goal, READ_AT["repurchasing_households"])[0]
    reference = words.strategy(comparison.reference)
    panels = []
    for name in dict.fromkeys([outcome, CONTRIBUTION]):
        table = comparison.horizon
        rows = table[(table["outcome"] == name) & table["extra"].notna()]
        if rows.empty:
            continue
        points = pd.DataFrame(
            {
                "strategy": [words.strategy(str(each)) for each in rows["strategy"]],
                "x": [float(months(int(day))) for day in rows["day"]],
                "mean": rows["extra"].astype(float),
            }
        )
        unit = words.own("units", str(rows["unit"].iloc[0]))
        against = words("export.against", unit=unit, reference=reference)
        title = capital(words(f"outcomes.{name}"))
        panels.append(Panel(title, points, words("export.columns.months"), against, zero=True))
    caption = words("tables.horizon.note", reference=reference)
    return Exhibit("horizon", "lines", words("tables.horizon.title"), caption, panels)


def ladder(comparison: Comparison, words: Words, name: str, extra: bool = False) -> list[Step]:
    """The bars from list price to contribution, levers put together.

    Parameters
    ----------
    extra
        Whether it is of the differences to the reference.
    """
    table = comparison.ladder[comparison.ladder["strategy"] == name]
    lines = table.groupby("line", sort=False, observed=True)["extra" if extra else "mean"].sum()
    found, reached = [], 0.0
    for line, amount in lines.items():
        told = words(f"ladder.{line}", lever=words("export.all_levers")).removeprefix("= ")
        if line in SUBTOTALS:
            found.append(Step(told, 0.0, reached, True))
            continue
        found.append(Step(told, reached, reached + float(amount), not found))
        reached += float(amount)
    return found


def _write_answer(deck: Any, comparison: Comparison, about: str, words: Words) -> None:
    said = answer.sentences(comparison, words)
    known = comparison.goal in comparison.goals_read  # or all there is to say is why not
    title = best(comparison, words) if known else said[0]
    slide = _titled(deck, title)
    box = slide.shapes.add_textbox(LEFT, TOP, WIDE - 2 * LEFT, BOTTOM - TOP)
    frame = box.text_frame
    frame.word_wrap = True
    first = said[0].removeprefix(title).strip()
    for number, sentence in enumerate(part for part in (first, *said[1:4]) if part):
        paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
        paragraph.text = visible(sentence)
        paragraph.font.size, paragraph.space_after = Pt(17), Pt(12)
    notes = [words("export.notes_of.answer"), *said[4:], words("export.caveats.all"), about]
    slide.notes_slide.notes_text_frame.text = visible("\n\n".join(notes))


def _write_slide(deck: Any, painter: Painter, slide: Slide, about: str, words: Words) -> None:
    exhibit = slide.exhibit
    page = _titled(deck, slide.title)
    for place, panel in zip(_places(len(exhibit.panels)), exhibit.panels, strict=True):
        painter.draw(page, place, exhibit, shown(exhibit, panel))
    _write_notes(page, exhibit.caption, slide.tables, about, words)


def shown(exhibit: Exhibit, panel: Panel) -> Panel:
    """What a panel shows of all households."""
    if not chooses(exhibit, panel):
        return panel
    return Panel(panel.title, panel.rows[panel.rows["segment"] == ALL], panel.x, panel.y)


def _write_ladder(
    deck: Any, painter: Painter, comparison: Comparison, about: str, words: Words
) -> None:
    name = headlines.subject(comparison)
    page = _titled(deck, headlines.money(comparison, words))
    kinds = [False] if name == comparison.reference else [False, True]
    reference = words.strategy(comparison.reference)
    for place, extra in zip(_places(len(kinds), beside=False), kinds, strict=True):
        title = capital(words.strategy(name))
        if extra:
            title = words("export.extra", strategy=title, reference=reference)
        steps = ladder(comparison, words, name, extra)
        painter.waterfall(page, place, title, words("yuan"), steps)
    _write_notes(page, words("tables.ladder.note"), "ladder", about, words)


def _titled(deck: Any, title: str) -> Any:
    slide = deck.slides.add_slide(deck.slide_layouts[TITLE_ONLY])
    shape = slide.shapes.title
    shape.left, shape.top = LEFT, Inches(0.3)
    shape.width, shape.height = WIDE - 2 * LEFT, Inches(1.1)
    shape.text_frame.word_wrap = True
    shape.text_frame.text = visible(title)
    for paragraph in shape.text_frame.paragraphs:
        paragraph.font.size, paragraph.font.bold = Pt(24 if len(title) < LONG else 20), True
        paragraph.alignment = PP_ALIGN.LEFT
    return slide


def _write_notes(page: Any, caption: str, tables: str, about: str, words: Words) -> None:
    source = words("export.notes_of.source", table=tables)
    reading = words("export.notes_of.reading", caption=caption)
    text = "\n\n".join([reading, source, words("export.notes_of.edit"), about])
    page.notes_slide.notes_text_frame.text = visible(text)


def _about(comparison: Comparison, folder: Path, words: Words) -> str:
    """Where the numbers come from."""
    told = [f"{name}: {value}" for name, value in origin(comparison.manifest, words)]
    return words("export.notes_of.origin", folder=folder.name, origin=words("semicolon").join(told))


def _places(count: int, beside: bool = True) -> Sequence[Place]:
    """Places of so many charts: two side by side, four as a square, or all below one another."""
    columns = min(count, 2) if beside else 1
    rows = -(-count // columns)
    width = (WIDE - 2 * LEFT - (columns - 1) * GAP) // columns
    height = (BOTTOM - TOP - (rows - 1) * GAP) // rows
    return [
        Place(
            LEFT + (i % columns) * (width + GAP),
            TOP + (i // columns) * (height + GAP),
            width,
            height,
        )
        for i in range(count)
    ]


__all__ = ["Slide", "ladder", "made", "shown", "slides"]
