"""An A/B test's page: what the test says, what is so, and what spilled over."""

import re
import shutil
from pathlib import Path

import altair as alt
import pandas as pd
import pytest
from typer.testing import CliRunner

from sim.commands.program import app
from sim.experiments import ab_test as experiment
from sim.operator.audiences import LOT_UNITS
from sim.report.abtest import reading
from sim.report.abtest.answer import sentences
from sim.report.abtest.figures import exhibits
from sim.report.abtest.page import rendered, write_page
from sim.report.abtest.reading import ABTest, read_test
from sim.report.abtest.tables import command
from sim.report.interactive import Drawing
from sim.report.page import page_name
from sim.report.words import Words
from tests.report.test_audit_page import forged, own_text, refused
from tests.stored_test import write_test

EN, ZH = Words("en"), Words("zh")
runner = CliRunner()


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_test(tmp_path_factory.mktemp("results") / "abtest" / "check_in-0")


@pytest.fixture
def folder(kept: Path, tmp_path: Path) -> Path:
    """A copy that may be written to."""
    return Path(shutil.copytree(kept, tmp_path / "test"))


@pytest.fixture(scope="module")
def test(kept: Path) -> ABTest:
    return read_test(kept)


def test_the_answer_sets_what_the_test_says_beside_what_is_so(test: ABTest) -> None:
    said = sentences(test, EN)
    assert said[0].startswith("Drawn household by household, the test says +160.0 (+140.4 to")
    assert "Where all have it the lever causes +200.0 (" in said[0]
    assert "the test misses +40.00 (" in said[2]
    assert "the lever does +30.00 (" in said[2]
    assert "no spill-over is seen" in said[3]
    assert "as sure a test takes 16.0 times as many customers" in said[4]


@pytest.mark.parametrize("words", [EN, ZH], ids=lambda words: words.language)
def test_the_figure_has_words_for_those_who_do_not_see_it(test: ABTest, words: Words) -> None:
    drawing = Drawing(test.named_looks(words), test.named_reference(words), words)
    (exhibit,) = exhibits(test, words)
    assert len(exhibit.panels) == 2
    for panel in exhibit.panels:
        spec = drawing.spec(exhibit, panel)
        alt.LayerChart.from_dict(spec, validate=True)
        assert spec["description"] == panel.told
        assert set(panel.rows["strategy"]) == set(test.named_looks(words))


def test_the_page_tells_the_figures_of_the_table_and_how_to_do_it_again(test: ABTest) -> None:
    page = own_text(rendered(test, exhibits(test, EN), EN))
    for found in test.drawn.values():
        for each in (*found.parts.values(), found.missed):
            assert EN.number(each.mean, signed=True) in page
    assert "0, 1, 2, 3, 4" in page
    assert "population=&lt;town&gt;" in page
    assert not re.search(r"https?://|url\(|@import", page)
    assert command(test) == (
        "repurchase abtest check_in live_and_checkin --by household --by chat --outcome visited "
        "--of-whom members -n 5 --seed 1 experiment.share=0.5 experiment.index_day=60 "
        "experiment.outcome_days=180 'population=<town>'"
    )


def test_the_chinese_page_has_no_english_sentence(test: ABTest) -> None:
    page = own_text(rendered(test, exhibits(test, ZH), ZH))
    page = re.sub(r"<style>.*?</style>|<code>.*?</code>|<dl>.*?</dl>", "", page, flags=re.S)
    assert not re.search(r"[a-z]+ [a-z]+ [a-z]+", re.sub(r"<[^>]*>", "", page))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_report_writes_the_same_page_again(folder: Path, language: str) -> None:
    first = write_page(folder, language).read_bytes()
    shown = runner.invoke(app, ["report", str(folder), f"report.language={language}"])
    assert shown.exit_code == 0, shown.output
    assert shown.stdout.splitlines()[-1] == f"Page: {folder / page_name(language)}"
    assert (folder / page_name(language)).read_bytes() == first


def test_what_is_torn_or_forged_is_refused_in_a_sentence(folder: Path) -> None:
    tests = pd.read_parquet(folder / "tests.parquet")
    for about, table, said in (
        ({"outcome": "joy"}, tests, "its manifest tells of joy"),
        ({}, tests.assign(outcome="visited"), "tells the same twice"),
        ({}, tests.assign(error="much"), "error in its table tests is no sensible number"),
        ({}, tests[tests["draw_by"] == "chat"], "does not tell of every way of drawing"),
    ):
        forged(folder, {"tests": table}, **{"outcome": "visited"} | about)
        assert said in refused(folder)
    with (folder / "tests.parquet").open("ab") as file:
        file.write(b"x")
    assert "tests.parquet" in refused(folder)


def test_names_that_are_written_out_beside_the_model_are_its_own() -> None:
    assert set(reading.UNITS) == set(LOT_UNITS)
    assert reading.OF_WHOM == experiment.OF_WHOM
    assert tuple(experiment.OUTCOMES) == reading.OUTCOMES
