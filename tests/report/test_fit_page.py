"""The page of a fitted operator: how near each came, what was found, what the log cannot tell."""

import re
import shutil
from pathlib import Path

import altair as alt
import pandas as pd
import pytest
from typer.testing import CliRunner

from sim.commands.program import app
from sim.report.fit.answer import sentences, unknown
from sim.report.fit.figures import exhibits
from sim.report.fit.page import rendered, write_page
from sim.report.fit.reading import Fitted, read_fitted
from sim.report.fit.tables import command, scores, settings
from sim.report.interactive import Drawing
from sim.report.page import page_name
from sim.report.words import Words
from sim.store.runs import ResultsError
from tests.report.test_audit_page import forged, own_text
from tests.stored_fit import write_fitted

EN, ZH = Words("en"), Words("zh")
runner = CliRunner()


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_fitted(tmp_path_factory.mktemp("results") / "fit" / "orders-0")


@pytest.fixture
def folder(kept: Path, tmp_path: Path) -> Path:
    """A copy that may be written to."""
    return Path(shutil.copytree(kept, tmp_path / "fitted"))


@pytest.fixture(scope="module")
def fitted(kept: Path) -> Fitted:
    return read_fitted(kept)


def test_the_answer_tells_how_near_each_came(fitted: Fitted) -> None:
    said = " ".join(sentences(fitted, EN))
    assert (
        "Of 200 customers won in the first 364 days of the log, 120 bought again by then." in said
    )
    assert "The fitted simulator forecast 105, BG/NBD forecast 110" in said
    assert "off by 5.0% (BG/NBD 10.0%, Pareto/NBD 20.0%) on average" in said
    assert "the error is 1.05 (BG/NBD 1.10, Pareto/NBD 1.20) purchases" in said
    assert "Not used, since nobody said that the log has them: columns refund." in said
    assert "Of 2 settings that were looked for, the log leaves 1 open" in said


def test_where_nobody_bought_nothing_is_judged(folder: Path) -> None:
    table = pd.read_parquet(folder / "scores.parquet").assign(purchases_log=0.0)
    forged(folder, {"scores": table})
    assert "Nobody bought after the cut" in " ".join(sentences(read_fitted(folder), EN))


def test_of_too_few_customers_the_page_has_the_rule_alone(tmp_path: Path) -> None:
    few = read_fitted(write_fitted(tmp_path / "few", models=False))
    said = sentences(few, EN)
    assert "Too few came back (3)" in said[1]
    page = own_text(rendered(few, exhibits(few, EN), EN))
    assert "Settings found" not in page
    assert "everybody at the same pace" in page


@pytest.mark.parametrize("words", [EN, ZH], ids=lambda words: words.language)
def test_the_figures_have_words_for_those_who_do_not_see_them(fitted: Fitted, words: Words) -> None:
    drawing = Drawing(fitted.named_looks(words), fitted.named_reference(words), words)
    made = exhibits(fitted, words)
    assert [exhibit.name for exhibit in made] == ["curve", "counts"]
    for exhibit in made:
        (panel,) = exhibit.panels
        spec = drawing.spec(exhibit, panel)
        alt.LayerChart.from_dict(spec, validate=True)
        assert spec["description"] == panel.told
        assert set(panel.rows["strategy"]) == set(fitted.named_looks(words))


def test_tables_tell_what_was_found_and_what_is_not_pinned_down(fitted: Fitted) -> None:
    rows = scores(fitted, EN).rows
    assert rows[0][:2] == ["the log", "100"]
    assert rows[1][-1] == "5,000"
    one, other = settings(fitted, EN).rows
    assert one[1:3] == ["1", "2"]
    assert "not pinned down" not in one[3]
    assert "not pinned down" in other[3]


def test_what_the_log_lacks_is_told_and_what_it_has_is_not(fitted: Fitted) -> None:
    what = [each for each, _ in unknown(fitted, EN)]
    assert "What was bought" not in what  # there is a column
    assert "How old the children are" in what
    assert "Why there is no order in 40 days" in what
    assert "Which of several values some settings have" in what


def test_the_page_shows_nothing_unescaped_and_how_to_do_it_again(fitted: Fitted) -> None:
    page = rendered(fitted, exhibits(fitted, EN), EN)
    assert "<orders>" not in page
    assert "<diapers>" not in page
    assert not re.search(r"https?://|url\(|@import", own_text(page))
    assert command(fitted) == (
        "repurchase fit baseline 'orders=<orders>.csv' -n 4 --seed 1 experiment.first_days=364 "
        "experiment.next_days=70 experiment.left_out_days=0 experiment.won_days=365 "
        "experiment.first_points=1 experiment.rounds=0 experiment.points_per_round=1 "
        "experiment.columns.customer=who "
        "experiment.columns.time=when experiment.columns.amount=paid "
        "experiment.columns.category=what 'population=<town>'"
    )


def test_the_chinese_page_has_no_english_sentence(fitted: Fitted) -> None:
    page = own_text(rendered(fitted, exhibits(fitted, ZH), ZH))
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
    names = ("told", "counts", "scores")
    kept = {name: pd.read_parquet(folder / f"{name}.parquet") for name in names}
    renamed = {name: table.replace("bg_nbd", "oracle") for name, table in kept.items()}
    for changed, said in (
        (renamed, "is oracle"),
        ({"told": kept["told"].query("way != 'log'")}, "does not tell of every way"),
        ({"scores": kept["scores"].assign(active="many")}, "active in its table scores is no"),
    ):
        forged(folder, kept | changed)
        with pytest.raises(ResultsError, match=said):
            read_fitted(folder)
