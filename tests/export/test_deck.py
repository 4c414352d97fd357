"""Slides open, their charts hold the numbers of the tables, their notes name sources."""

import io

import openpyxl
import pytest
from pptx import Presentation

from sim.export import deck
from sim.export.charts import Painter, Place, Step
from sim.report.aims import best
from sim.report.outcomes import CONTRIBUTION
from sim.report.words import LANGUAGES, Words
from sim.store.tables import FORMULA
from tests.export.office import converted

EN = Words("en")
LEVERS = EN("export.all_levers")


@pytest.fixture(scope="module")
def content(folder):
    return deck.made(folder, EN)


@pytest.fixture(scope="module")
def slides(content):
    return list(Presentation(io.BytesIO(content)).slides)


def charts(slide):
    return [shape.chart for shape in slide.shapes if shape.has_chart]


def numbers(chart):
    return {series.name: list(series.values) for series in chart.plots[0].series}


def titled(slides, title):
    return next(chart for slide in slides for chart in charts(slide)
                if chart.chart_title.text_frame.text == title)  # fmt: skip


def test_titles_answer_and_the_first_is_the_answer(slides, comparison):
    titles = [slide.shapes.title.text_frame.text for slide in slides]
    assert titles[0] == best(comparison, EN)
    assert all(titles)
    assert len(set(titles)) == len(titles) >= 6


def test_every_chart_holds_what_its_figure_shows(slides, comparison):
    wanted = deck.slides(comparison, EN)
    for slide, about in zip(slides[1:], wanted, strict=False):
        assert len(charts(slide)) == len(about.exhibit.panels)
        for chart, panel in zip(charts(slide), about.exhibit.panels, strict=True):
            rows = deck.shown(about.exhibit, panel).rows
            found = numbers(chart)
            if about.exhibit.form == "dots":
                assert list(chart.plots[0].categories) == list(rows["strategy"])[::-1]
                assert found[panel.title] == pytest.approx(list(rows["mean"])[::-1])
            elif about.exhibit.form == "lines":
                for name, part in rows.groupby("strategy"):
                    assert [v for v in found[name] if v is not None] == pytest.approx(
                        list(part["mean"])
                    )
            elif about.exhibit.form == "bars":
                for part, own in rows.groupby("part"):
                    told = dict(zip(chart.plots[0].categories, found[part], strict=True))
                    of = dict(zip(own["strategy"], own["value"], strict=True))
                    assert {name: told[name] for name in of} == pytest.approx(of)
            else:
                assert sorted(map(sum, zip(*found.values(), strict=True))) == pytest.approx(
                    sorted(rows["won"] + rows["lost"])
                )


def test_differences_are_those_of_the_table_with_their_intervals(slides, comparison):
    chart = titled(slides, EN("panels.repurchase_difference.title"))
    told = comparison.difference("repurchase_rate_365d")
    names = [EN.strategy(name) for name in told]
    found = dict(zip(chart.plots[0].categories, *numbers(chart).values(), strict=True))
    wanted = {EN.strategy(name): 100 * gain.mean for name, gain in told.items()}
    assert found == pytest.approx(wanted)
    assert set(names) == set(found)
    plus, minus = (
        [float(v.text) for v in chart.plots[0].series[0]._element.xpath(f".//c:{end}//c:v")]
        for end in ("plus", "minus")
    )
    half = {EN.strategy(name): 100 * (gain.high - gain.mean) for name, gain in told.items()}
    assert plus == pytest.approx([half[name] for name in found])
    assert minus == pytest.approx(plus)
    assert chart.value_axis.maximum_scale >= max(100 * gain.high for gain in told.values())


def test_the_waterfall_ends_at_the_contribution(slides, comparison):
    chart = charts(slides[-1])[0]
    ground, above, below = numbers(chart).values()
    best_one = comparison.names[0]
    assert above[-1] + below[-1] == pytest.approx(comparison.outcome(CONTRIBUTION)[best_one].mean)
    assert ground[-1] == 0
    table = comparison.ladder[comparison.ladder["strategy"] == best_one]
    sums = table.groupby("line")["mean"].sum()
    bars = dict(zip(chart.plots[0].categories, zip(above, below, strict=True), strict=True))
    for line, amount in sums.items():
        assert sum(
            map(abs, bars[EN(f"ladder.{line}", lever=LEVERS).removeprefix("= ")])
        ) == pytest.approx(abs(amount), abs=0.01)


def test_a_name_that_looks_like_a_formula_stays_a_name():
    slide = Presentation().slides.add_slide(Presentation().slide_layouts[6])
    steps = [Step("=1+1", 0, 5, True)]
    chart = Painter({}).waterfall(slide, Place(0, 0, 10**6, 10**6), "@x", "y", steps)
    sheet = openpyxl.load_workbook(io.BytesIO(chart.part.chart_workbook.xlsx_part.blob)).active
    assert sheet["A2"].value == "'=1+1"
    assert {cell.data_type for row in sheet for cell in row if cell.value} == {"s", "n"}


def test_a_bar_that_goes_through_zero_stands_on_it():
    slide = Presentation().slides.add_slide(Presentation().slide_layouts[6])
    steps = [Step("a", 0, 5, True), Step("b", 5, -3, False), Step("c", -3, -7, False)]
    chart = Painter({}).waterfall(slide, Place(0, 0, 10**6, 10**6), "x", "y", steps)
    assert list(numbers(chart).values()) == [[0, 0, -3], [5, 5, 0], [0, -3, -4]]


def test_charts_can_be_edited_and_hold_no_formula(slides):
    for slide in slides:
        for chart in charts(slide):
            blob = chart.part.chart_workbook.xlsx_part.blob
            cells = [c for row in openpyxl.load_workbook(io.BytesIO(blob)).active for c in row]
            assert len(cells) > 3
            assert not [c for c in cells if c.data_type == "f"]
            assert not [c for c in cells if isinstance(c.value, str) and FORMULA.match(c.value)]


def test_notes_say_how_to_read_and_name_the_source(slides):
    for slide in slides[1:]:
        notes = slide.notes_slide.notes_text_frame.text
        assert "How to read" in notes
        assert ".csv" in notes
        assert "experiment seed 1" in notes


@pytest.mark.parametrize("language", LANGUAGES)
def test_libreoffice_opens_them(folder, language, tmp_path):
    (tmp_path / "slides.pptx").write_bytes(deck.made(folder, Words(language)))
    assert converted(tmp_path / "slides.pptx", "pdf", tmp_path).read_bytes().startswith(b"%PDF")


def test_same_results_same_bytes(folder, content):
    assert deck.made(folder, EN) == content
