"""A validation's page: what speaks for the model, every fact, what is beyond, what is not told."""

import re
import shutil
from pathlib import Path

import altair as alt
import pandas as pd
import pytest
from typer.testing import CliRunner

from sim.commands.program import app
from sim.evidence.regularities import BESIDE, BEYOND, KINDS
from sim.evidence.shops import SHOPS
from sim.experiments.verdicts import VERDICTS
from sim.report.interactive import Drawing
from sim.report.page import page_name
from sim.report.placing import FURTHEST
from sim.report.validate import reading
from sim.report.validate.answer import sentences
from sim.report.validate.figures import exhibits
from sim.report.validate.page import rendered, write_page
from sim.report.validate.reading import Validation, counted, read_validation
from sim.report.validate.tables import command, history, limits
from sim.report.words import Words, texts
from tests.report.test_audit_page import forged, own_text, refused
from tests.stored_validation import write_validation

EN, ZH = Words("en"), Words("zh")
runner = CliRunner()


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_validation(tmp_path_factory.mktemp("results") / "validate" / "baseline-0")


@pytest.fixture(scope="module")
def validation(kept: Path) -> Validation:
    return read_validation(kept)


@pytest.fixture
def folder(kept: Path, tmp_path: Path) -> Path:
    """A copy that may be written to."""
    return Path(shutil.copytree(kept, tmp_path / "validate"))


def test_the_answer_counts_verdicts_and_names_what_is_missed(validation: Validation) -> None:
    said = sentences(validation, EN)
    checks = validation.of_role("check")
    counts = counted(checks)
    assert (
        f"Of {len(checks)} facts that nothing was fitted to, {counts['inside']} are met" in said[1]
    )
    assert "Of 10 regularities" in said[2]
    missed = [row.id for row in checks if row.verdict == "outside"]
    assert EN.listed(missed) in said[-1]
    assert sum(counted(validation.rows).values()) == len(validation.rows)


@pytest.mark.parametrize("words", [EN, ZH], ids=lambda words: words.language)
def test_figures_have_words_and_every_name_its_look(validation: Validation, words: Words) -> None:
    looks = validation.named_looks(words)
    drawing = Drawing(looks, validation.named_reference(words), words)
    made = exhibits(validation, words)
    assert [each.name for each in made] == ["facts_fit", "facts_check", "cohort", "adopted"]
    for exhibit in made:
        for panel in exhibit.panels:
            spec = drawing.spec(exhibit, panel)
            alt.LayerChart.from_dict(spec, validate=True)
            assert spec["description"] == panel.told
            assert set(panel.rows["strategy"]) <= set(looks)
    assert made[0].panels[0].rows["mean"].abs().max() == FURTHEST, "what is far off stays in sight"
    months = made[2].panels[0].rows.groupby("strategy")["x"].count()
    assert sorted(months) == [11, 12], "a month that records do not tell is left out"


def test_the_page_tells_all_rows_and_how_to_do_it_again(validation: Validation) -> None:
    page = own_text(rendered(validation, exhibits(validation, EN), EN))
    for row in (*validation.rows, *validation.others):
        assert f">{row.id} " in page
    assert command(validation) == (
        "repurchase validate baseline -n 5 --most 20 --seed 1 'population=<town>'"
    )
    assert "population=&lt;town&gt;" in page
    assert not re.search(r"https?://|url\(|@import", page)
    assert page.count("Axtell &amp; Epstein") == 1


def test_history_stands_beside_today(validation: Validation) -> None:
    shown = history(validation, EN)
    rows = {row[0]: row for row in shown.rows}
    assert shown.head[1:] == ["0.1 2026-01-01", "0.2 2026-01-01", "now"]
    assert rows["L01"][1].startswith("0.30\n")
    assert rows["L02"][1] == "–"


def test_what_is_met_is_not_told_as_a_limit(folder: Path) -> None:
    facts = pd.read_parquet(folder / "facts.parquet")
    for verdict, told in (("inside", False), ("outside", True)):
        facts.loc[facts["id"] == "X11", "verdict"] = verdict
        forged(folder, {"facts": facts})
        said = " ".join(row[1] for row in limits(read_validation(folder), EN).rows)
        assert ("X11" in said) == told


def test_the_chinese_page_has_no_english_sentence(validation: Validation) -> None:
    page = own_text(rendered(validation, exhibits(validation, ZH), ZH))
    page = re.sub(r"<style>.*?</style>|<code>.*?</code>|<dl>.*?</dl>", "", page, flags=re.S)
    page = page.replace("births of 2024 and 2020", "")  # the name of a source
    assert not re.search(r"[a-z]+ [a-z]+ [a-z]+", re.sub(r"<[^>]*>", "", page))
    assert set(BEYOND) <= set(texts("zh")["facts"])
    assert {each.unit for each in BESIDE} <= set(texts("zh")["units"])


@pytest.mark.parametrize("language", ["en", "zh"])
def test_report_writes_the_same_page_again(folder: Path, language: str) -> None:
    first = write_page(folder, language).read_bytes()
    shown = runner.invoke(app, ["report", str(folder), f"report.language={language}"])
    assert shown.exit_code == 0, shown.output
    assert (folder / page_name(language)).read_bytes() == first


def test_what_is_torn_or_forged_is_refused_in_a_sentence(folder: Path) -> None:
    facts = pd.read_parquet(folder / "facts.parquet")
    beside = pd.read_parquet(folder / "beside.parquet")
    for name, table, said in (
        ("facts", facts.assign(verdict="good"), "verdict in its table facts is good"),
        ("facts", facts.assign(id="L01"), "its table facts tells the same twice"),
        ("facts", facts.assign(worlds="many"), "worlds in its table facts is no sensible number"),
        ("beside", beside.assign(measure="joy"), "measure in its table beside is joy"),
        (
            "beside",
            beside.replace({"item": {"12": "a year on"}}),
            "a month of cohort in its table beside is",
        ),
    ):
        forged(folder, {"facts": facts, "beside": beside, name: table})
        assert said in refused(folder)


def test_names_that_are_written_out_beside_the_model_are_its_own() -> None:
    assert reading.VERDICTS == VERDICTS
    assert reading.KINDS == KINDS
    assert reading.SHOPS == SHOPS
    assert set(reading.MEASURES) == {each.measure for each in BESIDE}
