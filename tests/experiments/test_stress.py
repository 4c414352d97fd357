"""Strategies put through shocks: what is reckoned, what is kept, what the command says."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from sim.commands.program import app
from sim.experiments.jackknife import intervals, pooled
from sim.experiments.statistics import mean_interval
from sim.indicators.shocks import Resilience, kept, resilience
from sim.store.folders import verify
from sim.store.runs import read_table

runner = CliRunner()
DAYS, FIRST = 200, 50
CALM = np.full(DAYS, 10.0)


def told(*words: str) -> tuple[str, Path]:
    """What the command says, and the folder that it names."""
    shown = runner.invoke(app, ["stress", *words], env={"COLUMNS": "200"})
    assert shown.exit_code == 0, shown.output
    return shown.stdout, Path(shown.stdout.split("Results: ")[1].strip())


def refused(*words: str) -> str:
    """The sentence with which the command refuses."""
    shown = runner.invoke(app, ["stress", *words])
    assert shown.exit_code == 2
    assert shown.stderr.count("\n") <= 2, "one sentence"
    return shown.stderr


def struck(until: int, share: float) -> np.ndarray:
    """Orders of which a share is missing from the first day of a shock until another."""
    orders = CALM.copy()
    orders[FIRST:until] *= 1.0 - share
    return orders


# -- what is reckoned -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("orders", "found"),
    [
        (CALM, Resilience(0.0, 0.0, 0.0, 0.0)),
        # half is missing for 40 days: 30 days of which one or two are struck miss 1/60 or 2/60,
        # within 5 %, and the first such 30 days begin 37 days after the shock
        (struck(90, 0.5), Resilience(0.5, 37.0, 0.0, 20 / 150)),
        (struck(DAYS, 0.2), Resilience(0.2, float("nan"), 0.2, 0.2)),
        (struck(DAYS, 0.04), Resilience(0.04, 0.0, 0.04, 0.04)),
        (struck(DAYS, -0.5), Resilience(-0.5, 0.0, -0.5, -0.5)),
    ],
)
def test_resilience_is_as_reckoned_by_hand(orders: np.ndarray, found: Resilience) -> None:
    assert resilience(orders, CALM, FIRST, 0.95) == pytest.approx(found, nan_ok=True)


def test_what_it_is_held_against_is_the_undisturbed_self_of_the_same_days() -> None:
    season = CALM * (1.0 + np.arange(DAYS) / 100.0)  # it grows, with the shock and without
    assert resilience(season * 0.9, season, FIRST) == pytest.approx(
        Resilience(0.1, float("nan"), 0.1, 0.1), nan_ok=True
    )
    assert kept(season * 0.9, season, FIRST) == pytest.approx(np.full(DAYS - FIRST - 29, 0.9))


def test_of_nothing_there_is_no_share() -> None:
    assert np.isnan(resilience(CALM, np.zeros(DAYS), FIRST)).all()


def test_pooled_means_of_independent_worlds_have_the_usual_interval() -> None:
    worlds = np.random.default_rng(1).normal(5.0, 2.0, (8, 1))
    found = intervals(*pooled(lambda total: total / len(worlds), worlds))
    usual = mean_interval(worlds[:, 0])  # leaving out a world of a sum over a fixed number
    half = usual["high"] - usual["mean"]
    assert found.mean[0] == pytest.approx(usual["mean"])
    assert found.high[0] - found.mean[0] == pytest.approx(half * (len(worlds) - 1) / len(worlds))


def test_the_interval_of_a_ratio_holds_as_often_as_it_says() -> None:
    luck, held = np.random.default_rng(3), 0
    for _ in range(400):
        base = luck.gamma(5.0, 20.0, 12)
        own = luck.poisson(base * 0.7)
        got = intervals(*pooled(lambda both: both[:1] / both[1:], np.array([own, base]).T))
        held += got.low[0] <= 0.7 <= got.high[0]
    assert 0.91 < held / 400 < 0.98


def test_one_world_has_no_interval() -> None:
    got = intervals(*pooled(lambda total: total, np.array([[3.0]])))
    assert got.mean[0] == 3.0
    assert np.isnan(got.low[0])


# -- as a user types it ---------------------------------------------------------------------

WORDS = ("run.days=120", "shocks.storm.from_day=30", "shocks.storm.until_day=60", "-n", "3")


def test_a_storm_takes_half_and_passes(laboratory: Path) -> None:
    shown, folder = told(*WORDS)
    verify(folder)
    table = read_table(folder, "resilience")
    orders = table[table["outcome"] == "orders"].set_index("measure")
    assert orders["mean"]["depth"] == pytest.approx(0.5), "thirty days without half"
    assert 25 <= orders["mean"]["duration"] <= 30
    assert orders["mean"]["permanent"] == 0.0
    assert orders["n"].tolist() == [3] * 4
    effects = read_table(folder, "effects").set_index("outcome")["mean"]
    daily = [
        pd.read_parquet(laboratory / "results/runs" / key / "daily.parquet")["orders"]
        for key in read_table(folder, "runs")["key"]
    ]
    calm, stormy = daily[:3], daily[3:]
    lost = np.mean([one.sum() - other.sum() for one, other in zip(calm, stormy, strict=True)])
    assert effects["orders"] == pytest.approx(-lost / 0.1), "per 1,000, of 100 households"
    courses = read_table(folder, "courses")
    assert courses["day"].min() == 30
    assert courses["mean"].between(0.49, 1.0).all()
    assert "50.0% of orders missing in the worst 30 days" in shown
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert "Half of all orders are not made." in page
    assert (folder / "figures/courses_orders.svg").exists()


def test_the_same_again_lives_nothing_and_says_the_same(laboratory: Path) -> None:
    first, folder = told(*WORDS)
    runs = sorted((laboratory / "results/runs").iterdir())
    table = (folder / "resilience.csv").read_bytes()
    again, same = told(*WORDS)
    assert (again, same) == (first, folder)
    assert sorted((laboratory / "results/runs").iterdir()) == runs
    assert (folder / "resilience.csv").read_bytes() == table


def test_strategies_are_compared_by_the_outcome_asked_for(laboratory: Path) -> None:
    shown, folder = told(
        "baseline", "koc_led", *WORDS, "--outcome", "contribution", "--shock", "storm"
    )
    compared = read_table(folder, "compared")
    assert set(compared["strategy"]) == {"koc_led"}
    own = compared.set_index(["outcome", "measure"])
    # the toy's storm takes the same orders under every strategy, and no contribution
    assert own["mean"]["orders", "lost"] == pytest.approx(0.0)
    assert own["mean"]["orders", "depth"] == pytest.approx(0.0)
    assert "No shock takes clearly more or less from" in shown
    assert "contribution" in shown


def test_a_storm_of_no_size_takes_nothing(laboratory: Path) -> None:
    _, folder = told(*WORDS, "--size", "0")
    table = read_table(folder, "resilience")
    assert (table["mean"] == 0.0).all()
    assert read_table(folder, "runs")["key"].nunique() == 3, "both lives are one"


def test_a_page_in_chinese_is_made_from_the_folder(laboratory: Path) -> None:
    _, folder = told(*WORDS)
    shown = runner.invoke(app, ["report", str(folder), "report.language=zh"])
    assert shown.exit_code == 0, shown.output
    page = (folder / "report.zh.html").read_text(encoding="utf-8")
    assert "与未受冲击的自己相比" in page
    assert "stress." not in page.split("<script")[0]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--shock", "strom"), "There is no shock strom; did you mean storm?"),
        (("basline",), "basline"),
        (("--outcome", "happiness"), "There is no outcome happiness"),
        (("--size", "-1"), "must lie between 0 and 100"),
        (("--size", "large"), "--size"),
        (("run.days=40", "shocks.storm.from_day=30"), "is told from 30 days on"),
        (("shocks.storm.from_day=30", "shocks.storm.until_day=20"), "before it begins"),
        (("shocks.storm.size=1",), "disturbed already (storm)"),
        (("shocks.storm.lost_shore=1",), "lost_shore"),
        (("-n", "0"), "--replications"),
    ],
)
def test_what_cannot_be_is_refused(words: tuple[str, ...], sentence: str, laboratory: Path) -> None:
    assert sentence in refused(*words)
    assert not (laboratory / "results").exists()


def test_a_changed_folder_is_not_shown(laboratory: Path) -> None:
    _, folder = told(*WORDS)
    (folder / "courses.parquet").write_bytes(b"")
    shown = runner.invoke(app, ["report", str(folder)])
    assert shown.exit_code == 2
