"""A calibration's page: what is met, what is pinned down, what contradicts, what to trust."""

import re
import shutil
from pathlib import Path

import altair as alt
import pandas as pd
import pytest
from typer.testing import CliRunner

from sim.commands.program import app
from sim.report.calibrate.answer import sentences
from sim.report.calibrate.figures import exhibits, in_range
from sim.report.calibrate.page import rendered, write_page
from sim.report.calibrate.reading import Calibration, label, named, read_calibration
from sim.report.calibrate.tables import command, correlations, facts, settings
from sim.report.interactive import Drawing
from sim.report.page import page_name
from sim.report.placing import FURTHEST
from sim.report.words import Words
from sim.store.runs import ResultsError
from tests.report.test_audit_page import forged, own_text
from tests.stored_calibration import PINNED, UNEVEN, write_calibration

EN, ZH = Words("en"), Words("zh")
LANGUAGES = pytest.mark.parametrize("words", [EN, ZH], ids=lambda words: words.language)
runner = CliRunner()


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_calibration(tmp_path_factory.mktemp("results") / "calibrate" / "baseline-0")


@pytest.fixture(scope="module")
def found(kept: Path) -> Calibration:
    return read_calibration(kept)


@pytest.fixture
def folder(kept: Path, tmp_path: Path) -> Path:
    """A copy that may be written to."""
    return Path(shutil.copytree(kept, tmp_path / "calibrate"))


def test_the_answer_tells_what_is_met_pinned_and_to_be_trusted(found: Calibration) -> None:
    said = " ".join(sentences(found, EN))
    inside, count = sum(row.inside for row in found.facts), len(found.facts)
    covered = sum(row.covered for row in found.facts)
    assert f"{inside} of {count} facts lie inside at the best point" in said
    assert f"covers {covered}." in said
    assert EN.listed([row.id for row in found.facts if not row.inside]) in said
    assert "After 2 waves 2.0% of what was thought possible is left; 25.0% of the last" in said
    assert f"spread from {named(PINNED, EN)}; it leaves {len(found.estimated) - 1} others" in said
    assert "Walkers agree to 1.08" in said
    assert "off by 0.70" in said
    assert f"Inference is uneven for {named(UNEVEN, EN)}" in said
    assert "No point bears" not in said


def test_where_nothing_is_left_the_facts_that_contradict_are_named(tmp_path: Path) -> None:
    empty = read_calibration(write_calibration(tmp_path / "calibrate" / "none", left=0.0))
    said = " ".join(sentences(empty, EN))
    first = empty.facts[0].id
    assert "No point bears all facts within the cutoff. Leaving one out" in said
    assert f"{first} 4.0" in said


@LANGUAGES
def test_figures_show_facts_and_ranges(found: Calibration, words: Words) -> None:
    drawing = Drawing(found.named_looks(words), found.named_reference(words), words)
    of_facts, of_settings = exhibits(found, words)
    for made in (of_facts, of_settings):
        (panel,) = made.panels
        spec = drawing.spec(made, panel)
        alt.LayerChart.from_dict(spec, validate=True)
        assert spec["description"] == panel.told
        assert set(panel.rows["strategy"]) <= set(found.named_looks(words))
    drawn = of_facts.panels[0].rows.set_index("strategy")
    missed = next(row for row in found.facts if not row.inside)
    assert drawn.loc[label(missed, words), "mean"] == FURTHEST
    assert drawn.loc[label(missed, words), ["low", "high"]].tolist() == [-1.0, 1.0]
    assert of_settings.panels[0].rows["strategy"].iloc[0] == named(PINNED, words), "pinned first"


def test_a_setting_lies_where_its_scale_says(found: Calibration) -> None:
    by_key = {row.key: row for row in found.estimated}
    even_over_logs = by_key["behaviour.need.cover_days"]
    assert even_over_logs.by_log
    assert in_range(even_over_logs).mean == pytest.approx(0.5), "the geometric mean"
    plain = by_key["behaviour.need.bundle_days"]
    assert not plain.by_log
    assert in_range(plain).mean == pytest.approx((900**0.5 - 15) / 45, abs=1e-9)
    assert in_range(plain)[1:] == (0.0, 1.0)


def test_tables_tell_every_fact_and_setting(found: Calibration) -> None:
    assert [row[0].split()[0] for row in facts(found, EN).rows] == [row.id for row in found.facts]
    shown = settings(found, EN)
    assert all(len(row) == len(shown.head) for row in shown.rows)
    assert {row[-1] for row in shown.rows} == {"even", "uneven: do not rely on the spread"}
    assert [row[-1] for row in correlations(found, EN).rows] == ["−0.60", "+0.40"], "closest first"


def test_the_chinese_page_has_no_english_sentence(found: Calibration) -> None:
    page = own_text(rendered(found, exhibits(found, ZH), ZH))
    page = re.sub(r"<style>.*?</style>|<code>.*?</code>|<dl>.*?</dl>", "", page, flags=re.S)
    assert not re.search(r"[a-z]+ [a-z]+ [a-z]+", re.sub(r"<[^>]*>", "", page))


def test_it_says_how_to_do_it_again(found: Calibration) -> None:
    assert command(found) == (
        "repurchase calibrate baseline --seed 1 experiment.waves=1 experiment.cutoff=3.0 "
        "'population=<town>'"
    )
    page = own_text(rendered(found, exhibits(found, EN), EN))
    assert "population=&lt;town&gt;" in page
    assert not re.search(r"https?://|url\(|@import", page)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_report_writes_the_same_page_again(folder: Path, language: str) -> None:
    first = write_page(folder, language).read_bytes()
    shown = runner.invoke(app, ["report", str(folder), f"report.language={language}"])
    assert shown.exit_code == 0, shown.output
    assert (folder / page_name(language)).read_bytes() == first


@pytest.mark.parametrize(
    ("table", "column", "value", "complaint"),
    [
        ("targets", "id", "L01", "its table targets does not tell of every id once"),
        ("targets", "inside", "yes", "inside in its table targets is no switch"),
        ("settings", "highest", -99.0, "its table settings has a range without room"),
    ],
)
def test_what_cannot_be_shown_is_refused(
    folder: Path, table: str, column: str, value: object, complaint: str
) -> None:
    rows = pd.read_parquet(folder / f"{table}.parquet").assign(**{column: value})
    forged(folder, {table: rows})
    with pytest.raises(ResultsError, match=complaint):
        read_calibration(folder)
