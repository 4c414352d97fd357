"""A sweep's page: the answer is what the tables say, and figures show what was run, no more."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import altair as alt
import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from sim.commands.program import app
from sim.report import slides, style
from sim.report.interactive import Drawing
from sim.report.page import figures_name, page_name
from sim.report.sweep.answer import correlations, sentences
from sim.report.sweep.figures import exhibits
from sim.report.sweep.page import rendered
from sim.report.sweep.reading import Sweep, read_sweep
from sim.report.words import Words
from sim.store.folders import whole_folder

EN, ZH = Words("en"), Words("zh")
runner = CliRunner()
OF_THE_WRITER = ("checksum", "writer", "files", "created", "seconds")
Swept = Callable[..., Path]
STRENGTH = "operator.coupons.strength"
ASKED = {
    "one setting": ["koc_led", f"{STRENGTH}=0,0.5,1"],
    "words": ["koc_led", "population=town,city"],
    "strategies": ["baseline", "koc_led", "operator.reminders.strength=0,1"],
    "two settings": ["baseline", "koc_led", f"{STRENGTH}=0,0.5,1", "population=town,city"],
    "many settings": [
        f"{STRENGTH}=0,1",
        "community.size_cap=5,6,7,8",
        "market.rivals=0,1,2,3",
        "-n",
        "2",
    ],
    "hypercube": ["--lhs", "9", f"{STRENGTH}=interval(0,1)", "market.rivals=interval(0,9)"],
    "one world": ["koc_led", "baseline", f"{STRENGTH}=0,1", "-n", "1"],
}


@pytest.fixture
def swept(laboratory: Path) -> Swept:
    """Sweep the toy with these words and give the folder."""

    def done(*words: str) -> Path:
        shown = runner.invoke(app, ["sweep", "run.days=3", "-n", "4", *words])
        assert shown.exit_code == 0, shown.output
        return laboratory / shown.stdout.split("Results: ")[1].strip()

    return done


def drawn(sweep: Sweep, words: Words) -> Drawing:
    looks = {words.strategy(name): sweep.looks[name] for name in sweep.names}
    return Drawing(looks, words.strategy(sweep.reference), words)


@pytest.mark.parametrize("asked", ASKED)
def test_every_sweep_has_a_page(swept: Swept, asked: str) -> None:
    sweep = read_sweep(swept(*ASKED[asked]))
    for words in (EN, ZH):
        check_page(sweep, words)


def check_page(sweep: Sweep, words: Words) -> None:
    made = exhibits(sweep, words)
    assert made
    for exhibit in made:
        assert len(exhibit.caption) > 35
        for panel in exhibit.panels:
            assert panel.title
            assert panel.x
            assert panel.y
            spec = drawn(sweep, words).spec(exhibit, panel)
            alt.LayerChart.from_dict(spec, validate=True)
            assert set(re.findall(r'"field": "([^"]+)"', json.dumps(spec))) <= {*panel.rows}
    text = re.sub(r"<script>.*?</script>", "", rendered(sweep, made, words), flags=re.S)
    assert not re.search(r"https?://|url\(|@import", text)
    answer = text[text.index('<section class="answer"') : text.index("</section>")]
    assert "nan" not in answer
    assert answer.count("<p") >= 2


@pytest.mark.parametrize("language", ["en", "zh"])
def test_report_writes_page_and_figures_and_leaves_the_tables(swept: Swept, language: str) -> None:
    folder = swept(*ASKED["strategies"])
    before = {path.name: path.read_bytes() for path in folder.glob("*.*")}
    shown = runner.invoke(app, ["report", str(folder), f"report.language={language}"])
    assert shown.exit_code == 0, shown.output
    written = folder / page_name(language)
    assert shown.stdout.splitlines()[-1] == f"Page: {written}"
    page = written.read_text(encoding="utf-8")
    assert f'<html lang="{language}">' in page
    names = {path.name for path in (folder / figures_name(language)).iterdir()}
    assert names == {f"{name}.{kind}" for name in ("response", "compared", "steps")
                     for kind in ("png", "svg")}  # fmt: skip
    assert set(re.findall(r"figures[.\w]*/(\w+)\.png", page)) == {"response", "compared", "steps"}
    assert {name: (folder / name).read_bytes() for name in before} == before


def test_answer_says_where_outcomes_are_best_and_what_strategies_change(swept: Swept) -> None:
    told = sentences(read_sweep(swept(*ASKED["one setting"])), EN)
    assert re.match(r"Repurchase rate, 365 days: highest with KOC-led at coupons.strength = 1, 31",
                    told[0])  # fmt: skip
    assert "+1.0 points against coupons.strength = 0" in told[1]
    assert "chance" not in told[1]
    assert told[2].startswith("KOC-led: 3 values of coupons.strength, each in the same 4 worlds")
    told = sentences(read_sweep(swept(*ASKED["strategies"], "-n", "5")), EN)
    # coupons differ by .4, of which each brings a hundredth, whatever reminders do
    assert any("KOC-led is worse than baseline at 2 of 2 points" in each for each in told)
    assert any("from −0.4 points to −0.4 points" in each for each in told)
    told = sentences(read_sweep(swept(*ASKED["one world"])), EN)
    assert told[-1].startswith("One replication cannot tell")
    assert "interval" not in " ".join(told)
    same = sentences(read_sweep(swept("market.rivals=1,2")), EN)
    assert "could be chance" not in " ".join(same)


def test_curves_run_through_what_was_run(swept: Swept) -> None:
    sweep = read_sweep(swept(*ASKED["strategies"]))
    response, compared, steps = exhibits(sweep, EN)
    assert [each.form for each in (response, compared, steps)] == ["curves"] * 3
    rows = response.panels[0].rows
    assert rows[["strategy", "x"]].to_numpy().tolist() == [
        ["KOC-led", 0], ["baseline", 0], ["KOC-led", 1], ["baseline", 1]]  # fmt: skip
    rate = sweep.points["repurchase_rate_365d"]
    assert sorted(rows["mean"]) == pytest.approx(sorted(100 * rate))
    assert set(compared.panels[0].rows["strategy"]) == {"KOC-led"}
    assert compared.panels[0].rows["mean"].tolist() == pytest.approx([-0.4, -0.4])
    assert steps.panels[0].rows["mean"].abs().max() < 1e-9
    assert steps.panels[0].rows["x"].nunique() == 2, "the first point, too"


def test_other_settings_get_panels_of_one_scale_or_are_said_to_vary(swept: Swept) -> None:
    sweep = read_sweep(swept(*ASKED["two settings"]))
    first = exhibits(sweep, EN)[0]
    assert [panel.title for panel in first.panels] == ["population = town", "population = city"]
    assert all(panel.x.startswith("coupons.strength") for panel in first.panels)
    specs = [json.dumps(drawn(sweep, EN).spec(first, panel)) for panel in first.panels]
    assert len({re.search(r'"domain": \[[-.\d]+, [-.\d]+\]', spec)[0] for spec in specs}) == 1
    for asked in ("many settings", "hypercube"):
        sweep = read_sweep(swept(*ASKED[asked]))
        first = exhibits(sweep, EN)[0]
        assert first.form == "points"
        assert len(first.panels) == len(sweep.keys)
        assert "other settings" in first.caption
        for panel in first.panels:
            assert len(panel.rows) == len(sweep.points)


def test_ranks_tell_which_setting_matters(swept: Swept) -> None:
    sweep = read_sweep(swept("--lhs", "40", *ASKED["hypercube"][2:]))
    found = correlations(sweep, "repurchase_rate_365d").set_index("key")
    assert found["rank"][STRENGTH] == pytest.approx(1)
    assert abs(found["rank"]["market.rivals"]) < found["chance"]["market.rivals"]
    assert found["chance"][STRENGTH] == pytest.approx(1.96 / np.sqrt(39))
    told = [each for each in sentences(sweep, EN) if "rank correlation" in each]
    assert told
    assert "goes most with coupons.strength: rank correlation +1.00" in told[0]
    assert sweep.points["market.rivals"].map(float.is_integer).all()


def test_slides_keep_their_labels_inside(swept: Swept) -> None:
    for asked in ("strategies", "words", "two settings", "hypercube"):
        sweep = read_sweep(swept(*ASKED[asked]))
        looks = {EN.strategy(name): sweep.looks[name] for name in sweep.names}
        for exhibit in exhibits(sweep, EN):
            with style.applied():
                figure = slides.Slide(looks, EN.strategy(sweep.reference)).draw(exhibit)
                figure.draw_without_rendering()
                box, tight = figure.bbox, figure.get_tightbbox().transformed(figure.dpi_scale_trans)
            assert tight.x0 >= box.x0 - 2, exhibit.name
            assert tight.x1 <= box.x1 + 2, exhibit.name


def test_a_torn_sweep_is_refused_in_a_sentence(swept: Swept) -> None:
    folder = swept(*ASKED["one setting"])
    with (folder / "differences.parquet").open("ab") as file:
        file.write(b"x")
    shown = runner.invoke(app, ["report", str(folder)])
    assert shown.exit_code == 2
    assert "differences.parquet" in shown.stderr
    assert len(shown.stderr.splitlines()) == 1
    assert not (folder / "report.html").exists()


def test_a_forged_name_of_any_length_is_refused_in_a_short_sentence(swept: Swept) -> None:
    folder = swept(*ASKED["one setting"])
    manifest = json.loads((folder / "manifest.json").read_text())
    outcomes = pd.read_parquet(folder / "outcomes.parquet").assign(indicator="x" * 3000)
    with whole_folder(folder, {k: v for k, v in manifest.items() if k not in OF_THE_WRITER}) as new:
        for table in folder.glob("*.parquet"):
            (new / table.name).write_bytes(table.read_bytes())
        outcomes.to_parquet(new / "outcomes.parquet", index=False)
    shown = runner.invoke(app, ["report", str(folder)])
    assert shown.exit_code == 2
    assert "no column xxx" in shown.stderr
    assert len(shown.stderr) < 400 + len(str(folder))
