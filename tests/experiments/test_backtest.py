"""Experiments that happened, predicted: directions, scores, what is blind, and the command."""

import math
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from typer.testing import CliRunner, Result

from sim.commands.program import app
from sim.config.composing import CONF
from sim.config.loading import load
from sim.evidence import backtests
from sim.evidence.facts import load_facts
from sim.evidence.measure import Measurement
from sim.evidence.pairs import record
from sim.evidence.published import Published, load_published, scale_of
from sim.experiments import backtest
from sim.experiments.backtest import (
    BLIND,
    NOT_BLIND,
    NOT_PREDICTED,
    NOTHING,
    Prediction,
    judged,
    scores,
    together,
)
from sim.experiments.executors import ExecutionSettings
from sim.experiments.plan import PlannedRun
from sim.experiments.predictions import (
    NO_DIRECTION,
    RIGHT,
    UNDECIDED,
    WRONG,
    accuracy,
    correlation,
    direction,
    direction_of_mean,
    overlap,
)
from sim.experiments.simulate import observe
from sim.experiments.validate import reading_rows
from sim.indicators import Book, daily_table, household_table, monthly_table
from sim.store.folders import read_manifest, verify
from sim.store.result import Result as StoredResult
from sim.store.runs import read_table
from tests.small_worlds import random_run

runner = CliRunner()
NAN = math.nan


# Directions


@pytest.mark.parametrize(
    ("published", "none", "predicted", "said", "by_mean"),
    [
        (1.2, 1.0, (1.1, 1.05, 1.15), RIGHT, RIGHT),
        (1.2, 1.0, (0.9, 0.8, 0.95), WRONG, WRONG),
        (0.7, 1.0, (0.9, 0.8, 0.95), RIGHT, RIGHT),
        (1.2, 1.0, (1.1, 0.9, 1.3), UNDECIDED, RIGHT),
        (1.2, 1.0, (0.99, 0.9, 1.3), UNDECIDED, WRONG),
        (1.2, 1.0, (1.1, 1.0, 1.2), UNDECIDED, RIGHT),
        (1.2, 1.0, (1.1, NAN, NAN), UNDECIDED, RIGHT),
        (1.2, 1.0, (1.0, 1.0, 1.0), UNDECIDED, UNDECIDED),
        (1.0, 1.0, (1.1, 1.05, 1.15), NO_DIRECTION, NO_DIRECTION),
        (0.2, 0.0, (-0.1, -0.2, -0.05), WRONG, WRONG),
        (-0.2, 0.0, (-0.1, -0.2, -0.05), RIGHT, RIGHT),
    ],
)
def test_a_direction_is_right_wrong_or_undecided(
    published: float, none: float, predicted: Sequence[float], said: str, by_mean: str
) -> None:
    assert direction(published, none, *predicted) == said
    assert direction_of_mean(published, none, predicted[0]) == by_mean


def test_accuracy_is_of_what_is_told_at_all() -> None:
    told = accuracy([RIGHT] * 7 + [WRONG] * 2 + [UNDECIDED] * 3 + [NO_DIRECTION])
    exact = stats.binomtest(7, 9).proportion_ci(method="exact")
    assert (told.value, told.n) == (7 / 9, 9)
    assert (told.low, told.high) == pytest.approx((exact.low, exact.high))
    assert accuracy([RIGHT, RIGHT]).high == 1.0
    assert accuracy([WRONG]).low == 0.0
    nothing = accuracy([UNDECIDED, NO_DIRECTION])
    assert nothing.n == 0
    assert math.isnan(nothing.value)


def test_correlation_is_pearsons_with_fishers_interval() -> None:
    luck = np.random.default_rng(3)
    one = luck.normal(size=12)
    other = one + luck.normal(size=12)
    told = correlation([*one, NAN, 1.0], [*other, 1.0, NAN])
    expected = stats.pearsonr(one, other)
    interval = expected.confidence_interval()
    assert told.n == 12
    assert told.value == pytest.approx(expected.statistic)
    assert (told.low, told.high) == pytest.approx((interval.low, interval.high))


def test_of_few_no_correlation_is_told() -> None:
    assert math.isnan(correlation([1.0, 2.0], [1.0, 2.0]).value), "two always lie on a line"
    three = correlation([1.0, 2.0, 4.0], [1.0, 3.0, 2.0])
    assert math.isnan(three.low)
    assert not math.isnan(three.value)
    assert math.isnan(correlation([1.0, 1.0, 1.0], [1.0, 3.0, 2.0]).value), "nothing varies"


def test_intervals_overlap_where_they_touch() -> None:
    assert overlap(1.0, 2.0, 2.0, 3.0)
    assert overlap(1.0, 2.0, 0.0, 9.0)
    assert not overlap(1.0, 2.0, 2.1, 3.0)
    assert not overlap(1.0, 2.0, NAN, NAN)


# What comes of a prediction

EXPERIMENT = next(each for each in load_published() if each.id == "E02")  # 1.85 (1.4 to 2.3)


def test_a_prediction_is_held_against_what_was_found() -> None:
    told = judged(EXPERIMENT, Prediction(1.3, 1.1, 1.5, 5))
    assert (told["direction"], told["overlap"]) == (RIGHT, "yes")
    assert told["log_effect"] == math.log(1.85)
    assert told["log_predicted"] == math.log(1.3)
    assert judged(EXPERIMENT, Prediction(1.2, 1.1, 1.3, 5))["overlap"] == "no"
    assert judged(EXPERIMENT, Prediction(1.2, NAN, NAN, 1))["overlap"] == UNDECIDED
    wide = judged(replace(EXPERIMENT, low=0.9), Prediction(1.3, 1.1, 1.5, 5))
    assert wide["direction"] == NO_DIRECTION, "the experiment itself found none"
    assert judged(replace(EXPERIMENT, low=1.0), Prediction(1.3, 1.1, 1.5, 5))["direction"] == RIGHT
    nothing = judged(EXPERIMENT, NOTHING)
    assert {nothing[name] for name in ("direction", "overlap")} == {NOT_PREDICTED}


def test_a_slope_and_a_level_are_no_effects_that_correlate() -> None:
    slope = replace(EXPERIMENT, effect=0.2, low=0.1, high=0.4, unit="elasticity")
    told = judged(slope, Prediction(0.1, 0.05, 0.15, 5))
    assert (told["direction"], told["overlap"]) == (RIGHT, "yes")
    assert math.isnan(told["log_predicted"])
    level = judged(EXPERIMENT, Prediction(1.3, 1.1, 1.5, 5), level=True)
    assert (level["direction"], level["overlap"]) == (NO_DIRECTION, "yes")
    assert math.isnan(level["log_effect"])


def made_up(
    predicted: Sequence[tuple[float, float, float, bool]],
) -> pd.DataFrame:
    """Predictions of experiments that found twice as much (bounds 1.5 to 2.5)."""
    rows = []
    for i, (mean, low, high, blind) in enumerate(predicted):
        found = replace(EXPERIMENT, effect=2.0 + i / 10, low=1.5, high=2.5 + i / 10)
        rows.append({**judged(found, Prediction(mean, low, high, 5)), "blind": blind})
    return pd.DataFrame(rows)


def test_scores_of_known_predictions_blind_and_not_apart() -> None:
    told = made_up(
        [
            (1.2, 1.1, 1.3, True),  # right, too low
            (1.6, 1.4, 1.8, True),  # right
            (0.8, 0.7, 0.9, True),  # wrong
            (1.1, 0.9, 1.6, True),  # undecided
            (NAN, NAN, NAN, True),  # not predicted
            (2.0, 1.9, 2.1, False),  # right
        ]
    )
    score = scores(told).set_index("who")
    blind, other = score.loc[BLIND], score.loc[NOT_BLIND]
    assert (blind["experiments"], other["experiments"]) == (4, 1)
    assert (blind["right"], blind["wrong"], blind["undecided"]) == (2, 1, 1)
    assert blind["accuracy"] == pytest.approx(2 / 3)
    assert blind["accuracy_of_mean"] == pytest.approx(3 / 4)
    assert (blind["overlapping"], blind["compared"], blind["overlap"]) == (2, 4, 0.5)
    published = np.log([2.0, 2.1, 2.2, 2.3])
    expected = np.corrcoef(published, np.log([1.2, 1.6, 0.8, 1.1]))[0, 1]
    assert (blind["correlation"], blind["correlated"]) == (pytest.approx(expected), 4)
    assert (other["right"], other["accuracy"], other["overlap"]) == (1, 1.0, 1.0)
    assert math.isnan(other["correlation"])


def test_what_is_fitted_or_put_in_is_not_blind() -> None:
    facts = load_facts()
    fitted = {each.id: backtest._fitted(each, facts) for each in load_published()}
    assert fitted["E01"] == "X01 was fitted"
    assert fitted["E05"] == "X04 was fitted"
    assert fitted["E09"] == "sets behaviour.talk.invite_told"
    assert {name for name, why in fitted.items() if why} == {"E01", "E05", "E09"}
    checks = [replace(fact, role="fit") if fact.id == "X02" else fact for fact in facts]
    assert backtest._fitted(EXPERIMENT, checks) == "X02 was fitted"


# What is small in each world is added up


def test_worlds_are_added_up_before_they_are_compared() -> None:
    readings = np.array([[[17.0], [10.0], [0.0]], [[170.0], [100.0], [0.0]], [[5.0], [NAN], [0.0]]])
    told = together(backtests.by_messages, readings)
    assert told.mean == pytest.approx(1.7)
    assert told.worlds == 2, "one has no reading"
    assert together(backtests.by_messages, readings[:1]).mean == pytest.approx(1.7)
    assert math.isnan(together(backtests.by_messages, readings[:1]).low)
    assert together(backtests.by_messages, readings[2:]) == NOTHING


def test_the_interval_of_what_is_added_up_is_the_jackknifes() -> None:
    luck = np.random.default_rng(1)
    none = luck.normal(100, 3, (8, 1))
    readings = np.stack([none + 17, none + 10, none], axis=1)
    told = together(backtests.by_messages, readings)
    assert (told.mean, told.low, told.high) == pytest.approx((1.7, 1.7, 1.7)), "the same in each"
    noisy = readings + luck.normal(0, 1, readings.shape)
    wide = together(backtests.by_messages, noisy)
    assert wide.low < 1.7 < wide.high


# A treatment of zero

SMALL = ("population.households=2000", "run.warmup_days=365")
TOO_WEAK = (
    "behaviour.choose.message_recall=0",
    "behaviour.look.click_through=0",
    "behaviour.look.message_fatigue=0",
    "behaviour.believe.message_weight=0",
)
ZERO: dict[str, Sequence[str]] = {
    "E01": TOO_WEAK,  # a message that nobody heeds
    "E02": TOO_WEAK,
    "E09": ("behaviour.talk.invite_told=0", "population.households=24000"),
    "E11": ("operator.broadcast.strength=0", "run.days=200"),
    "X05": ("operator.points.strength=0", "run.days=200"),
}


@pytest.mark.parametrize("name", ZERO)
def test_a_treatment_of_zero_has_exactly_no_effect(name: str) -> None:
    lived = backtests.LIVED[name]
    assert isinstance(lived.how, Measurement)
    readings = []
    for world in (backtests.ALL_WORLDS[each] for each in lived.how.worlds):
        said = [*SMALL, *ZERO[name], *world.overrides]
        config = load(world.scenario or "baseline", said)
        value = lived.how.reading(Book(observe(config, 3)))
        readings.append(value if isinstance(value, tuple) else (value,))
    assert np.any(readings), "something was there to be changed"
    unit = "share" if name == "X05" else "ratio"
    assert lived.effect(lived.how.combine(*readings)) == scale_of(unit).none


# The command


def typed(*words: str) -> Result:
    return runner.invoke(app, ["backtest", *words])


def test_the_command_on_a_tiny_town(tmp_path: Path) -> None:
    town = ("population.households=500", "run.warmup_days=60", "run.days=60", "-n", "2")
    shown = typed(*town, "--results", str(tmp_path))
    assert shown.exit_code == 0, shown.output
    said = " ".join(shown.stdout.split())
    for words in (
        "nothing fitted to it",
        "here, not blind",
        "SimGym",
        "77.0%",
        "`repurchase audit`",
    ):
        assert words in said
    (folder,) = (tmp_path / "backtest").iterdir()
    verify(folder)
    manifest = read_manifest(folder)
    assert (manifest["experiment"], manifest["replications"]) == ("backtest", 2)
    found = read_table(folder, "experiments").set_index("id")
    assert len(found) == 18
    assert found.loc["E12", "direction"] == NOT_PREDICTED
    assert "audit" in found.loc["E12", "why"]
    assert not found.loc["E05", "blind"]
    assert found.loc["E06", "blind"]
    assert found.loc["X11", "same_as"] == "X11"
    assert (found["why"] != "")[found["direction"] == NOT_PREDICTED].all()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["basline"], "There is no scenario basline; did you mean baseline?"),
        (["baseline", "koc_led"], "One scenario at a time"),
        (["-n", "100001"], "from 1 to 100,000"),
        (["behaviour=mine"], "There is no behaviour=mine; there are default."),
        (["operator.coupns.strength=1"], "did you mean operator.coupons.strength?"),
        (["--executor", "none"], "There is no executor=none; there are dask"),
    ],
)
def test_bad_input_is_one_sentence(words: list[str], said: str, tmp_path: Path) -> None:
    shown = typed(*words, "--results", str(tmp_path))
    assert shown.exit_code == 2, shown.output
    assert said in shown.stderr
    assert len(shown.stderr.strip().splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


def test_a_faulty_list_is_refused_before_anything_is_lived(tmp_path: Path) -> None:
    (tmp_path / "mine/evidence").mkdir(parents=True)
    (tmp_path / "mine/evidence/experiments.csv").write_text("id,effect\nE01,2\n")
    shown = typed("--config-dir", str(tmp_path / "mine"), "--results", str(tmp_path / "results"))
    assert shown.exit_code == 2, shown.output
    assert "must have the columns id, what, who" in shown.stderr
    assert len(shown.stderr.strip().splitlines()) == 1
    assert not (tmp_path / "results").exists()


# Made-up runs


def _random_result(planned: PlannedRun, on_day: object) -> StoredResult:
    told = Book(random_run(50, 600, planned.seed % 1000))
    return StoredResult(
        indicators=reading_rows(told),
        daily=daily_table(told),
        monthly=monthly_table(told),
        households=household_table(told),
        groups=pd.DataFrame(),
        orders=record(told),
    )


@pytest.fixture
def made_up_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backtest, "measured_run", _random_result)


def lived(tmp_path: Path, config_dir: Path | None = None, *overrides: str) -> Path:
    settings = ExecutionSettings(tmp_path / "results", config_dir=config_dir)
    return backtest.backtest("baseline", 3, 1, overrides, settings)


def test_any_behaviour_that_is_chosen_predicts(tmp_path: Path, made_up_runs: None) -> None:
    (tmp_path / "mine/behaviour").mkdir(parents=True)
    usual = (CONF / "behaviour/default.yaml").read_text(encoding="utf-8")
    other = usual.replace("invite_told: 0.19", "invite_told: 0.29")
    assert other != usual
    (tmp_path / "mine/behaviour/posterior.yaml").write_text(other, encoding="utf-8")
    chosen = lived(tmp_path, tmp_path / "mine", "behaviour=posterior")
    usually = lived(tmp_path, tmp_path / "mine")
    assert chosen != usually
    told: list[dict[str, Any]] = [read_manifest(each) for each in (chosen, usually)]
    values = [each["configuration"]["behaviour"]["talk"]["invite_told"] for each in told]
    assert values == [0.29, 0.19]
    assert not set(told[0]["runs"]) & set(told[1]["runs"]), "in each of its worlds"


def test_the_same_command_gives_the_same_bytes(tmp_path: Path, made_up_runs: None) -> None:
    folder = lived(tmp_path)
    before = {path.name: path.read_bytes() for path in folder.glob("*.csv")}
    assert lived(tmp_path) == folder
    assert {path.name: path.read_bytes() for path in folder.glob("*.csv")} == before


def test_what_nobody_has_said_how_to_live_is_told(tmp_path: Path, made_up_runs: None) -> None:
    (tmp_path / "mine/evidence").mkdir(parents=True)
    text = (CONF / "evidence/experiments.csv").read_text(encoding="utf-8")
    (tmp_path / "mine/evidence/experiments.csv").write_text(
        f"{text}E13,price rise,parents,dearer / not by lot,orders,0.8,0.7,0.9,ratio,S1,mine\n",
        encoding="utf-8",
    )
    found = read_table(lived(tmp_path, tmp_path / "mine"), "experiments").set_index("id")
    assert found.loc["E13", "why"] == backtests.NOT_YET
    assert found.loc["E13", "direction"] == NOT_PREDICTED


def test_a_world_that_cannot_be_composed_costs_its_experiments_only(
    tmp_path: Path, made_up_runs: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = replace(backtests.ALL_WORLDS["membership"], scenario="nowhere")
    monkeypatch.setattr(backtest, "ALL_WORLDS", {**backtests.ALL_WORLDS, "membership": gone})
    found = read_table(lived(tmp_path), "experiments").set_index("id")
    assert "There is no scenario nowhere" in found.loc["X05", "why"]
    assert found.loc["E01", "why"] == ""


def test_the_row_says_what_the_source_and_we_say(tmp_path: Path, made_up_runs: None) -> None:
    found = read_table(lived(tmp_path), "experiments").set_index("id")
    published: dict[str, Published] = {each.id: each for each in load_published()}
    for name, each in published.items():
        assert found.loc[name, "note"] == each.note
    assert "e-mail" in found.loc["E06", "here"]
    assert found.loc["E12", "yardstick"] == "0.29 / 0.18 / 0.05"
