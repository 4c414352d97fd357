"""An audit's page: what records show, what was caused, and whom a method would have misled."""

import json
import re
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import altair as alt
import pandas as pd
import pytest
from typer.testing import CliRunner

from sim.commands.program import app
from sim.dictionary import audit as dictionary
from sim.experiments import audit as experiment
from sim.experiments.auditing.subjects import SUBJECTS
from sim.operator.discovery import CAUSES, LEVERS
from sim.report.audit import reading
from sim.report.audit.answer import answer, misled, sentences, why
from sim.report.audit.figures import exhibits
from sim.report.audit.page import rendered, write_page
from sim.report.audit.reading import Audit, read_audit
from sim.report.audit.tables import command
from sim.report.customers import DIVISIONS
from sim.report.interactive import Drawing
from sim.report.page import figures_name, page_name
from sim.report.words import Words, texts
from sim.store.folders import whole_folder
from tests.stored_audit import SAYS, write_audit

EN, ZH = Words("en"), Words("zh")
FIGURES = ("observed_and_caused", "segments", "months")
OF_THE_WRITER = ("checksum", "writer", "files", "created", "seconds")
runner = CliRunner()


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_audit(tmp_path_factory.mktemp("results") / "audit" / "community-0")


@pytest.fixture
def folder(kept: Path, tmp_path: Path) -> Path:
    """A copy that may be written to."""
    return Path(shutil.copytree(kept, tmp_path / "audit"))


@pytest.fixture(scope="module")
def audit(kept: Path) -> Audit:
    return read_audit(kept)


def audited(tmp_path: Path, **about: Any) -> Audit:
    return read_audit(write_audit(tmp_path / "audit", **about))


def own_text(page: str) -> str:
    """The page without its scripts."""
    return re.sub(r"<script.*?</script>", "", page, flags=re.S)


def forged(folder: Path, tables: Mapping[str, pd.DataFrame], **about: Any) -> None:
    """Change what a folder tells and holds, checksums and all."""
    told = json.loads((folder / "manifest.json").read_text(encoding="utf-8")) | about
    with whole_folder(folder, {k: v for k, v in told.items() if k not in OF_THE_WRITER}) as new:
        for table in folder.glob("*.parquet"):
            (new / table.name).write_bytes(table.read_bytes())
        for name, table in tables.items():
            table.to_parquet(new / f"{name}.parquet", index=False)


# What it says


def test_the_answer_sets_what_is_printed_beside_what_is_caused(audit: Audit) -> None:
    first, *_ = answer(audit, EN)
    assert "customers who joined a group chat differ from the others by +2,000 (" in first
    assert "orders per 1,000 customers" in first
    assert "Caused: +200.0 (+180.4 to +219.6)" in first


def test_methods_are_judged_by_whether_the_interval_of_their_error_holds_zero(
    audit: Audit,
) -> None:
    judged = {name: found.judged for name, found in audit.findings.items()}
    assert judged == {
        "naive": "overstated",
        "before_after": "wrong_sign",
        "diff_in_diff": "understated",
        "matching": "overstated",
        "regression": "understated",
        "double_ml": "right",
        "ab_test": "right",
        "ab_test_treated": "right",
    }
    for name, found in audit.findings.items():
        assert (judged[name] == "right") == (found.gap.low <= 0.0 <= found.gap.high), name
    said = misled(audit, EN)
    assert (
        "whoever pays for the lever: naive (+1,800); matching on the propensity (+700.0)." in said
    )
    assert "whoever decides what to cut: difference in differences (−150.0); regression" in said
    assert "misleads everybody: before and after (−500.0)." in said
    assert "Right, within their error: double machine learning; A/B test" in said


def test_each_gap_has_its_sentence(audit: Audit) -> None:
    told = {name: why(audit, EN, name) for name in audit.findings}
    assert "+200.0 is caused and +1,850 is who takes part: whoever joins likes" in told["naive"]
    assert "and −50.00 is what the others got of the lever" in told["naive"]
    assert "changed by −500.0 from before to after anyway" in told["before_after"]
    assert "changed by −100.0 more than the others, and −50.00" in told["diff_in_diff"]
    assert "takes off 61% of the naive error" in told["matching"]
    assert "takes off more than comes of who takes part" in told["regression"]
    assert "cannot be told from nothing" in told["double_ml"]
    assert "what is left is chance" in told["ab_test"]


def test_how_large_a_test_would_have_told_and_for_whom_it_pays(audit: Audit) -> None:
    said = " ".join(sentences(audit, EN))
    assert "the effect is +50.00 (+30.37 to +69.63): a test by household would need 12," in said
    assert "(orders_90d > 1.5). In the others that brings +3.00 (+2.50 to +3.50) yuan" in said
    assert "+2.00 (+1.50 to +2.50) more than everybody." in said
    assert "Of 10,000 customers 300.0 order again only because of it and 100.0 only" in said


def test_nobody_treated_is_nothing_to_tell_apart(tmp_path: Path) -> None:
    nothing = dict.fromkeys(SAYS, (float("nan"), float("nan")))
    found = audited(tmp_path, subject="reminders", says=nothing)
    for words in (EN, ZH):
        assert len(answer(found, words)) == 1
        page = own_text(rendered(found, exhibits(found, words), words))
        assert ">nan" not in page
    assert answer(found, EN) == [
        "Nobody was sent a replenishment reminder: there is nothing to tell apart."
    ]


def test_where_nobody_can_be_left_out_the_reason_is_told(tmp_path: Path) -> None:
    says = {name: each for name, each in SAYS.items() if not name.startswith("ab_test")}
    reason = LEVERS["service_desk"].FOR_EVERYBODY
    found = audited(tmp_path, subject="service", says=says, no_test=reason)
    assert f"No A/B test by household can be run: {reason}." in answer(found, EN)
    assert "A/B test" not in misled(found, EN)


def test_one_world_has_no_interval_and_says_so(tmp_path: Path) -> None:
    found = audited(tmp_path, worlds=[2])
    first, *_, last = answer(found, EN)
    assert "by +2,000 orders per" in first
    assert last.startswith("One replication cannot tell")


def test_it_can_be_done_again(audit: Audit) -> None:
    assert command(audit) == (
        "repurchase audit community baseline --outcome orders -n 5 --seed 1 "
        "experiment.index_day=180 experiment.exposure_days=90 experiment.outcome_days=180 "
        "'population=<town>'"
    )


# The page


@pytest.mark.parametrize("words", [EN, ZH], ids=lambda words: words.language)
def test_figures_have_words_for_those_who_do_not_see_them(audit: Audit, words: Words) -> None:
    made = exhibits(audit, words)
    assert tuple(each.name for each in made) == FIGURES
    drawing = Drawing(audit.named_looks(words), audit.named_reference(words), words)
    for exhibit in made:
        for panel in exhibit.panels:
            spec = drawing.spec(exhibit, panel)
            alt.LayerChart.from_dict(spec, validate=True)
            assert spec["description"] == panel.told
            assert set(panel.rows["strategy"]) <= set(audit.named_looks(words))
    assert "+2,000" in made[0].panels[0].told
    assert "+1,800" in made[0].panels[1].told


def test_the_page_tells_in_order_the_figures_of_the_tables(audit: Audit) -> None:
    page = own_text(rendered(audit, exhibits(audit, EN), EN))
    places = [page.index(f'<section id="{name}">')
              for name in ("methods", "caused", "pays", "test", "origin")]  # fmt: skip
    assert places == sorted(places)
    assert page.index("An analyst of the operator") < places[0]
    methods = page[places[0] : places[1]]
    for found in audit.findings.values():
        assert EN.number(found.says.mean, signed=True) in methods
        assert EN.interval(found.gap.low, found.gap.high, signed=True) in methods
    for told in ("seeds of the worlds", "0, 1, 2, 3, 4", "20,000 (town)", "repurchase audit"):
        assert told in page[places[-1] :]
    assert not re.search(r"https?://|url\(|@import", page)
    assert "nan" not in re.sub(r"<style>.*?</style>", "", page, flags=re.S)


def test_the_chinese_page_has_no_english_sentence(tmp_path: Path) -> None:
    for name, subject in SUBJECTS.items():
        reason = getattr(LEVERS[subject.lever], "FOR_EVERYBODY", "")
        withheld = "does not begin" if subject.starts else "is withheld"
        about = {"no_test": reason, "withheld": withheld}
        found = audited(tmp_path / name, subject=name, **about)
        page = own_text(rendered(found, exhibits(found, ZH), ZH))
        page = re.sub(r"<style>.*?</style>|<code>.*?</code>|<dl>.*?</dl>", "", page, flags=re.S)
        assert not re.search(r"[a-z]+ [a-z]+ [a-z]+", re.sub(r"<[^>]*>", "", page)), name


def test_causes_of_first_orders_are_named() -> None:
    for language in ("en", "zh"):
        assert set(CAUSES) <= set(texts(language)["won_by"])


def test_page_escapes_what_users_wrote(tmp_path: Path) -> None:
    config = json.loads((write_audit(tmp_path / "one") / "manifest.json").read_text("utf-8"))
    strategy = config["configuration"]["strategy"] | {"title": "A <title> & more"}
    found = audited(
        tmp_path,
        scenario="<b>mine</b>.yaml",
        configuration=config["configuration"] | {"strategy": strategy},
    )
    page = rendered(found, exhibits(found, EN), EN)
    assert "A &lt;title&gt; &amp; more" in page
    assert "population=&lt;town&gt;" in page
    assert "<b>mine" not in page
    assert "<title> &" not in page


@pytest.mark.parametrize("language", ["en", "zh"])
def test_report_writes_page_and_figures_and_leaves_the_tables(folder: Path, language: str) -> None:
    before = {path.name: path.read_bytes() for path in folder.glob("*.*")}
    shown = runner.invoke(app, ["report", str(folder), f"report.language={language}"])
    assert shown.exit_code == 0, shown.output
    written = folder / page_name(language)
    assert shown.stdout.splitlines()[-1] == f"Page: {written}"
    assert f'<html lang="{language}">' in written.read_text(encoding="utf-8")
    names = {path.name for path in (folder / figures_name(language)).iterdir()}
    assert names == {f"{name}.{kind}" for name in FIGURES for kind in ("png", "svg")}
    assert {name: (folder / name).read_bytes() for name in before} == before


def test_the_same_audit_gives_the_same_bytes(folder: Path) -> None:
    def written() -> dict[str, bytes]:
        write_page(folder)
        there = [folder / "report.html", *sorted((folder / "figures").iterdir())]
        return {path.name: path.read_bytes() for path in there}

    assert written() == written()


# What is refused


def refused(folder: Path) -> str:
    """The sentence with which a page of a folder is refused."""
    shown = runner.invoke(app, ["report", str(folder)])
    assert shown.exit_code == 2
    assert len(shown.stderr.splitlines()) == 1
    assert len(shown.stderr) < 400 + len(str(folder))
    assert not (folder / "report.html").exists()
    return shown.stderr


def test_a_folder_that_is_not_there_or_torn_is_refused_in_a_sentence(folder: Path) -> None:
    assert "is not a folder" in refused(folder / "nowhere")
    with (folder / "months.parquet").open("ab") as file:
        file.write(b"x")
    assert "months.parquet" in refused(folder)


@pytest.mark.parametrize(
    ("table", "column", "value", "said"),
    [
        ("methods", "verdict", "x" * 3000, "verdict in its table methods"),
        ("methods", "method", "naive", "tells the same twice"),
        ("methods", "mean", "many", "mean in its table methods is no sensible number"),
        ("gaps", "part", "caused", "tells the same twice"),
        ("effects", "by", "mood", "by in its table effects is mood"),
        ("effects", "who", "treated", "tells the same twice"),
        ("tests", "outcome", "joy", "tells the same twice"),
        ("leaves", "addressed", "yes", "addressed in its table leaves is no switch"),
        ("policies", "policy", "hers", "tells the same twice"),
    ],
)
def test_forged_tables_are_refused_in_a_sentence(
    folder: Path, table: str, column: str, value: str, said: str
) -> None:
    forged(folder, {table: pd.read_parquet(folder / f"{table}.parquet").assign(**{column: value})})
    assert said in refused(folder)


@pytest.mark.parametrize(
    ("table", "rows"),
    [("methods", 1), ("gaps", 1), ("effects", 1), ("changed", 1), ("months", 1), ("tests", 0)],
)
def test_tables_that_lack_rows_are_refused_in_a_sentence(
    folder: Path, table: str, rows: int
) -> None:
    forged(folder, {table: pd.read_parquet(folder / f"{table}.parquet").head(rows)})
    assert f"its table {table}" in refused(folder)


def test_a_forged_outcome_is_refused_in_a_sentence(folder: Path) -> None:
    forged(folder, {}, outcome="joy")
    assert "joy" in refused(folder)


def test_names_that_are_written_out_beside_the_model_are_its_own() -> None:
    assert reading.METHODS == dictionary.METHODS == experiment.ALL_METHODS
    assert tuple(reading.VERDICTS) == dictionary.VERDICTS == experiment.VERDICTS
    assert reading.OUTCOMES == dictionary.OUTCOMES
    assert {"all", *DIVISIONS} == set(dictionary.BY_SEGMENT[0].labels)
