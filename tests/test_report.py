"""The page needs nothing but itself, the figures say what they show, the words say the truth."""

import base64
import io
import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from rich.console import Console

from sim.experiments import compare
from sim.report import answer, figures, style, words
from sim.report.page import write_page
from sim.report.reading import read_comparison
from sim.report.terminal import comparison_table
from sim.store import ResultsError, whole_folder, write_tables
from tests.comparison_example import COST, STRATEGIES, result


def write_comparison(folder, strategies=STRATEGIES, seeds=range(8)):
    runs = {(name, seed): result(name, seed, size=600) for name in strategies for seed in seeds}
    tables = compare.tables(
        lambda name, seed, table: getattr(runs[name, seed], table),
        strategies,
        seeds,
        "baseline",
        {name: COST.get(name, 1.0) for name in strategies},
    )
    about = pd.DataFrame({"strategy": strategies, "title": "A <title>", "what": "what & how"})
    about = about.assign(why="why", cost="cost", facts="X01")
    configuration = {
        "population": {"name": "town", "households": 600},
        "run": {"days": 360, "warmup_days": 30},
    }
    manifest = {
        "experiment": "compare",
        "reference": "baseline",
        "strategies": list(strategies),
        "replications": len(seeds),
        "seed": 1,
        "budget": "own",
        "overrides": ["a=1"],
        "run_seconds": 2.0,
        "configurations": dict.fromkeys(strategies, configuration),
    }
    with whole_folder(folder, manifest) as home:
        write_tables(home, {"strategies": about, **tables})
    return folder


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return write_comparison(tmp_path_factory.mktemp("results") / "comparison")


@pytest.fixture(scope="module")
def page(folder):
    return write_page(folder).read_text(encoding="utf-8")


def test_page_is_self_contained(page):
    sources = re.findall(r'(?:src|href)="([^"]*)"', page)
    assert sources
    assert all(source.startswith("data:") for source in sources)
    assert not re.search(r"https?://|url\(|@import|<script|<link", page)


def test_every_figure_is_embedded_as_it_lies_on_disk(folder, page):
    images = re.findall(r'src="data:image/svg\+xml;base64,([^"]+)"', page)
    names = [make.__name__ for make in figures.FIGURES]
    assert len(images) == len(names)
    for name, image in zip(names, images, strict=True):
        assert base64.b64decode(image) == (folder / "figures" / f"{name}.svg").read_bytes()
        assert (folder / "figures" / f"{name}.png").read_bytes().startswith(b"\x89PNG")


def test_page_starts_with_the_answer_and_ends_with_the_origin(page):
    body = page[page.index("<body>") :]
    assert body.index("With integrated") < body.index("<img") < body.index("<table")
    assert body.index("<table") < body.index("Where this comes from")
    assert "600 (town)" in body
    assert "a=1" in body


def test_page_escapes_what_users_wrote(page):
    assert "A &lt;title&gt;" in page
    assert "what &amp; how" in page


def test_same_results_give_same_figures(folder, page, tmp_path):
    again = figures.levels(read_comparison(folder))
    png, svg = style.save(again.figure, tmp_path, "levels")
    assert svg.read_bytes() == (folder / "figures" / "levels.svg").read_bytes()
    assert png.read_bytes() == (folder / "figures" / "levels.png").read_bytes()


def test_figures_have_titles_labels_and_captions(folder):
    for drawn in figures.draw(read_comparison(folder)):
        assert len(drawn.caption) > 40
        for axes in drawn.figure.axes:
            assert axes.get_title(loc="left"), drawn.name
            assert axes.get_xlabel(), drawn.name
            ticks = [tick.get_text() for tick in axes.get_yticklabels()]
            # names of strategies, on this panel or the one it shares them with, or a label
            shared = len(axes.get_shared_y_axes().get_siblings(axes)) > 1
            assert axes.get_ylabel() or "integrated" in ticks or shared, drawn.name


def test_labels_beside_do_not_cover_each_other():
    rng = np.random.default_rng(1)
    for _ in range(50):
        wanted = np.sort(rng.random(9) ** 3)
        got = figures.spread(wanted, 0.06)
        assert np.diff(got).min() >= 0.06 - 1e-12
    apart = np.array([0.1, 0.5, 0.9])
    assert figures.spread(apart, 0.06) == pytest.approx(apart)


def test_a_strategy_has_one_colour_everywhere():
    few = style.looks(["baseline", "membership"], "baseline")
    many = style.looks([*STRATEGIES, "mine", "yours"], "baseline")
    assert few["membership"] == many["membership"]
    assert few["baseline"].colour == many["baseline"].colour == style.REFERENCE_COLOUR
    assert len({look.colour for look in many.values()}) == len(many)
    crowd = style.looks([f"s{i}" for i in range(25)], "s0")
    assert len(set(crowd.values())) == 25


def test_answer_says_what_was_built_in(folder):
    text = " ".join(answer.sentences(read_comparison(folder)))
    assert "best of the 5 is over 99%" in text
    assert "Churn is lowest with integrated" in text
    assert "Worse than baseline: promotion blast." in text
    assert "stage newborn" in text  # where the effect is twice as large
    assert "less than baseline" in text  # its contribution
    assert "nan" not in text


def test_answer_of_one_replication_admits_ignorance(tmp_path):
    folder = write_comparison(tmp_path / "one", seeds=range(1))
    text = " ".join(answer.sentences(read_comparison(folder)))
    assert "One replication cannot tell" in text
    assert "interval" not in text
    assert write_page(folder).exists()


def test_answer_when_the_reference_is_best(tmp_path):
    folder = write_comparison(tmp_path / "two", strategies=("baseline", "promotion_blast"))
    text = " ".join(answer.sentences(read_comparison(folder)))
    assert "No strategy repurchases more than baseline." in text
    assert write_page(folder).exists()


def test_reference_alone_has_a_page(tmp_path):
    folder = write_comparison(tmp_path / "alone", strategies=("baseline",))
    assert "With baseline" in write_page(folder).read_text(encoding="utf-8")
    assert comparison_table(folder).row_count == 1


def test_terminal_table_has_every_strategy_best_first(folder):
    console = Console(width=160, record=True, file=io.StringIO())
    console.print(comparison_table(folder))
    text = console.export_text()
    places = [text.index(words.label(name)) for name in ("integrated", "membership", "baseline")]
    assert places == sorted(places)
    assert "over 99%" in text


def test_what_is_no_comparison_is_refused(tmp_path):
    with whole_folder(tmp_path / "run", {"experiment": "run"}):
        pass
    with pytest.raises(ResultsError, match="not a comparison"):
        write_page(tmp_path / "run")


def test_torn_table_is_refused(tmp_path):
    folder = write_comparison(tmp_path / "torn", seeds=range(2))
    with (folder / "levels.parquet").open("ab") as file:
        file.write(b"x")
    with pytest.raises(ResultsError, match=r"levels\.parquet"):
        write_page(folder)


@pytest.mark.parametrize(
    ("value", "unit", "signed", "text"),
    [
        (0.4231, "share", False, "42.3%"),
        (-0.012, "share", True, "−1.2 points"),
        (12345.6, "yuan", False, "12,346"),
        (-3.14159, "yuan", True, "−3.14"),
        (float("nan"), "share", False, "–"),
    ],
)
def test_numbers_in_words(value, unit, signed, text):
    assert words.number(value, unit, signed) == text


def test_probabilities_never_claim_certainty():
    assert words.probability(1.0) == "over 99%"
    assert words.probability(0.0) == "under 1%"
    assert words.probability(0.42) == "42%"


def test_runs_too_short_for_a_year_have_a_page_that_says_so(folder):
    full = read_comparison(folder)
    nothing = full.levels.assign(mean=float("nan"))
    short = replace(full, levels=nothing, monthly=full.monthly.assign(mean=float("nan")))
    assert [drawn.name for drawn in figures.draw(short)] == ["won_lost", "money"]
    assert answer.sentences(short) == [
        "The runs are too short to measure repurchase and churn: both need 365 days (run.days=365)."
    ]


def test_a_rate_that_rises_while_households_are_lost_is_said(folder):
    full = read_comparison(folder)
    name = next(n for n in full.names if n != full.reference)
    whole = full.differences["by"] == "all"
    rises = whole & (full.differences["strategy"] == name)
    table = full.differences.copy()
    table.loc[rises, ["mean", "low", "high"]] = [0.05, 0.04, 0.06]
    fewer = full.won_lost.copy()
    fewer.loc[fewer["strategy"] == name, ["won", "lost"]] = [3.0, 90.0]
    said = " ".join(answer.sentences(replace(full, differences=table, won_lost=fewer)))
    assert f"opposite ways with {words.label(name)} (3 won, 90 lost)" in said
