"""The page of both lives: whom a strategy wins and loses, and for whom it pays."""

import re
import shutil
from pathlib import Path

import altair as alt
import pandas as pd
import pytest
from typer.testing import CliRunner

from sim.commands.program import app
from sim.report.individuals.answer import sentences
from sim.report.individuals.figures import exhibits
from sim.report.individuals.page import rendered, write_page
from sim.report.individuals.reading import Moved, read_moved
from sim.report.individuals.tables import command
from sim.report.interactive import Drawing
from sim.report.page import page_name
from sim.report.words import Words
from tests.report.test_audit_page import forged, own_text, refused
from tests.stored_individuals import write_moved

EN, ZH = Words("en"), Words("zh")
runner = CliRunner()


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_moved(tmp_path_factory.mktemp("results") / "individuals" / "integrated-0")


@pytest.fixture
def folder(kept: Path, tmp_path: Path) -> Path:
    """A copy that may be written to."""
    return Path(shutil.copytree(kept, tmp_path / "moved"))


@pytest.fixture(scope="module")
def moved(kept: Path) -> Moved:
    return read_moved(kept)


def test_the_answer_tells_whom_it_moves_and_for_whom_it_pays(moved: Moved) -> None:
    said = " ".join(sentences(moved, EN))
    assert "Of 10,000 customers 1,000 (803.7 to 1,196) order again under integrated" in said
    assert "500.0 (500.0 to 500.0) under baseline alone" in said or "500.0 under baseline" in said
    assert "Per 1,000 customers it makes a difference of +50.00 (" in said
    assert "+2.00 (+1.50 to +2.50) more than everybody." in said
    assert "Integrated costs 7 yuan a customer more, which is taken off." in said


@pytest.mark.parametrize("words", [EN, ZH], ids=lambda words: words.language)
def test_the_figure_has_words_for_those_who_do_not_see_it(moved: Moved, words: Words) -> None:
    drawing = Drawing(moved.named_looks(words), moved.named_reference(words), words)
    (exhibit,) = exhibits(moved, words)
    assert len(exhibit.panels) == 3
    for panel in exhibit.panels:
        spec = drawing.spec(exhibit, panel)
        alt.LayerChart.from_dict(spec, validate=True)
        assert spec["description"] == panel.told
        assert set(panel.rows["strategy"]) == set(moved.named_looks(words))


def test_the_page_tells_the_figures_of_the_table_and_how_to_do_it_again(moved: Moved) -> None:
    page = own_text(rendered(moved, exhibits(moved, EN), EN))
    for each in moved.ordered().values():
        assert EN.number(each.mean, signed=True) in page
    assert "those whom the tree picks" in page
    assert "0, 1, 2, 3, 4" in page
    assert "population=&lt;town&gt;" in page
    assert not re.search(r"https?://|url\(|@import", page)
    assert command(moved) == (
        "repurchase individuals integrated baseline -n 5 --seed 1 experiment.index_day=180 "
        "experiment.outcome_days=360 'population=<town>'"
    )


def test_the_chinese_page_has_no_english_sentence(moved: Moved) -> None:
    page = own_text(rendered(moved, exhibits(moved, ZH), ZH))
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
    kept = {name: pd.read_parquet(folder / f"{name}.parquet") for name in ("changed", "effects")}
    for changed, said in (
        ({"changed": kept["changed"].head(1)}, "its table changed does not tell of everybody"),
        ({"effects": kept["effects"].assign(by="mood")}, "by in its table effects is mood"),
        ({"effects": kept["effects"].assign(mean="much")}, "mean in its table effects is no"),
    ):
        forged(folder, kept | changed)
        assert said in refused(folder)
    with (folder / "effects.parquet").open("ab") as file:
        file.write(b"x")
    assert "effects.parquet" in refused(folder)
