"""The page of experiments that happened: the score, every experiment, what is not predicted."""

import re
import shutil
from pathlib import Path

import altair as alt
import pandas as pd
import pytest
from typer.testing import CliRunner

from sim.commands.program import app
from sim.report.backtest.answer import sentences
from sim.report.backtest.figures import exhibits
from sim.report.backtest.page import rendered, write_page
from sim.report.backtest.reading import Backtest, label, read_backtest, told
from sim.report.backtest.tables import command, experiments, score
from sim.report.interactive import Drawing
from sim.report.page import page_name
from sim.report.placing import FURTHEST
from sim.report.words import Words
from sim.store.runs import ResultsError
from tests.report.test_audit_page import forged, own_text
from tests.stored_backtest import FAR, NOT_BLIND, WRONG, write_backtest

EN, ZH = Words("en"), Words("zh")
LANGUAGES = pytest.mark.parametrize("words", [EN, ZH], ids=lambda words: words.language)
runner = CliRunner()


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_backtest(tmp_path_factory.mktemp("results") / "backtest" / "baseline-0")


@pytest.fixture(scope="module")
def found(kept: Path) -> Backtest:
    return read_backtest(kept)


@pytest.fixture
def folder(kept: Path, tmp_path: Path) -> Path:
    """A copy that may be written to."""
    return Path(shutil.copytree(kept, tmp_path / "backtest"))


def test_the_answer_tells_the_score_what_guessing_tells_and_what_is_missed(found: Backtest) -> None:
    said = " ".join(sentences(found, EN))
    blind = found.predicted(True)
    directed = [row for row in blind if row.direction != "none published"]
    rights = sum(row.direction == "right" for row in blind)
    assert f"Of {len(blind)} experiments that nothing was fitted to, {rights} are told" in said
    up = sum(row.effect > (row.unit == "ratio") for row in _published(directed))
    assert f"is right in {up} of {len(directed)}" in said
    assert f"come out {EN.listed(sorted([*FAR, WRONG]))}." in said
    assert f"With the other direction come out {WRONG}." in said
    assert f"{len(NOT_BLIND)} more are not blind" in said
    assert "SimGym, 77.0% of 50 directions right, r 0.55; SimAB, 67.0% of 47" in said
    assert "Not predicted: E12" in said


def _published(rows: list) -> list:  # type: ignore[type-arg]
    table = [(row.published.mean, row.unit) for row in rows]
    return list(pd.DataFrame(table, columns=["effect", "unit"]).itertuples())


@LANGUAGES
def test_every_prediction_is_drawn_between_its_bounds(found: Backtest, words: Words) -> None:
    looks = found.named_looks(words)
    drawing = Drawing(looks, found.named_reference(words), words)
    (made,) = exhibits(found, words)
    for panel, blind in zip(made.panels, (True, False), strict=True):
        spec = drawing.spec(made, panel)
        alt.LayerChart.from_dict(spec, validate=True)
        assert spec["description"] == panel.told
        assert set(panel.rows["strategy"]) == {label(row, words) for row in found.predicted(blind)}
    drawn = made.panels[0].rows.set_index("strategy")
    by_id = {row.id: drawn.loc[label(row, words)] for row in found.predicted(True)}
    for name in FAR:
        assert -FURTHEST <= by_id[name]["mean"] < -1.0
    assert by_id["E04"]["mean"] == pytest.approx((2 * 0.9615 - 0.93 - 0.99) / 0.06)


@LANGUAGES
def test_every_experiment_has_its_row(found: Backtest, words: Words) -> None:
    for blind in (True, False):
        shown = experiments(found, words, blind)
        assert [row[0].split()[0] for row in shown.rows] == [r.id for r in found.predicted(blind)]
        assert all(len(row) == len(shown.head) for row in shown.rows)
    page = own_text(rendered(found, exhibits(found, words), words))
    for row in found.rows:
        assert f">{row.id} " in page
    assert "population=&lt;town&gt;" in page
    assert not re.search(r"https?://|url\(|@import", page)


def test_what_is_not_blind_says_why(found: Backtest) -> None:
    last = {row[0].split()[0]: row[-1] for row in experiments(found, EN, blind=False).rows}
    assert last["E01"] == "X01 was fitted"
    assert last["E09"] == "it sets behaviour.talk.invite_told"
    chinese = {row[0].split()[0]: row[-1] for row in experiments(found, ZH, blind=False).rows}
    assert chinese["E01"] == "X01 曾用于拟合"
    assert "invite_told" not in chinese["E09"]


def test_the_score_stands_beside_published_simulators(found: Backtest) -> None:
    rows = {row[0].split("\n")[0]: row for row in score(found, EN).rows}
    assert list(rows) == ["here, nothing fitted to it", "here, not blind", "SimGym", "SimAB"]
    assert rows["SimGym"][1:] == ["50", "–", "77.0%", "0.55", "–"]
    assert rows["SimAB"][4] == "–"
    assert rows["here, not blind"][5] == "2 of 2"


def test_the_chinese_page_has_no_english_sentence(found: Backtest) -> None:
    page = own_text(rendered(found, exhibits(found, ZH), ZH))
    page = re.sub(r"<style>.*?</style>|<code>.*?</code>|<dl>.*?</dl>", "", page, flags=re.S)
    assert not re.search(r"[a-z]+ [a-z]+ [a-z]+", re.sub(r"<[^>]*>", "", page))
    for row in found.rows:
        assert re.search(r"[\u4e00-\u9fff]", told(row, ZH)), row.id


def test_it_says_how_to_do_it_again(found: Backtest) -> None:
    assert command(found) == "repurchase backtest baseline -n 10 --seed 1 'population=<town>'"


def test_one_world_has_no_interval_and_says_so(tmp_path: Path) -> None:
    alone = read_backtest(write_backtest(tmp_path / "backtest" / "one", worlds=1))
    said = sentences(alone, EN)
    assert EN("answer.one_replication") in said
    assert rendered(alone, exhibits(alone, EN), EN)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_report_writes_the_same_page_again(folder: Path, language: str) -> None:
    first = write_page(folder, language).read_bytes()
    shown = runner.invoke(app, ["report", str(folder), f"report.language={language}"])
    assert shown.exit_code == 0, shown.output
    assert (folder / page_name(language)).read_bytes() == first


@pytest.mark.parametrize(
    ("column", "value", "complaint"),
    [
        ("direction", "sideways", "direction in its table experiments is sideways"),
        ("overlap", "perhaps", "overlap in its table experiments is perhaps"),
        ("id", "E01", "tells of an experiment twice"),
        ("blind", "yes", "blind in its table experiments is no switch"),
    ],
)
def test_what_no_report_has_a_sentence_for_is_refused(
    folder: Path, column: str, value: str, complaint: str
) -> None:
    table = pd.read_parquet(folder / "experiments.parquet").assign(**{column: value})
    forged(folder, {"experiments": table})
    with pytest.raises(ResultsError, match=complaint):
        read_backtest(folder)


def test_markup_in_what_somebody_sent_is_shown_as_text(folder: Path) -> None:
    table = pd.read_parquet(folder / "experiments.parquet")
    table.loc[0, ["id", "what", "source"]] = "<script>alert(1)</script>"
    forged(folder, {"experiments": table})
    sent = read_backtest(folder)
    page = rendered(sent, exhibits(sent, EN), EN)
    assert "<script>alert(1)" not in page
