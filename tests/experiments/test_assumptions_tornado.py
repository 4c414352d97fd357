"""Assumptions over their ranges: how far each is moved, how wide its bar is, what it changes."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from sim.commands.program import app
from sim.config.loading import load
from sim.experiments.effects import MAIN
from sim.experiments.evaluation import Evaluation
from sim.experiments.executors import ExecutionSettings
from sim.experiments.goals import GOALS, aimed, weights
from sim.experiments.ranges import Assumption, ends, ranged, scale_of, settable
from sim.experiments.tornado import USUAL, Lived, choice_of, tornado, tornado_of
from sim.parameters.quantity import ConfigurationError
from sim.reference.parameters import Parameter
from sim.report.tornado import in_words, sentences, tornado_tables
from sim.store.folders import verify
from sim.store.runs import read_manifest, read_table
from tests import toy

runner = CliRunner()
NET = MAIN[0]
SHORT = ["run.days=2", "-n", "5"]


def parameter(unit: str, low: float, high: float) -> Parameter:
    return Parameter("behaviour.x.y", unit, "", low, high, (), None, "assumed", "", "")


def odds(share: float) -> float:
    return share / (1 - share)


@pytest.mark.parametrize("factor", [2.0, 5.0])
@pytest.mark.parametrize("value", [0.01, 0.5, 0.962])
def test_shares_have_their_odds_halved_and_doubled(value: float, factor: float) -> None:
    share = parameter("share", 0, 1)
    assert scale_of(share, value) == "odds"
    low, high = ends(share, value, factor)
    assert 0 < low < value < high < 1
    assert odds(low) == pytest.approx(odds(value) / factor, rel=1e-4)
    assert odds(high) == pytest.approx(odds(value) * factor, rel=1e-4)


def test_numbers_are_halved_and_doubled_and_exponents_shifted() -> None:
    assert ends(parameter("days", 1, 5000), 85.9, 2) == (42.95, 171.8)
    assert ends(parameter("sd", -20, 20), -0.3, 2) == (-0.6, -0.15)
    # what may have either sign is an exponent; what only adds to one is a number like others
    assert ends(parameter("logit", -20, 20), 0.2, 2) == pytest.approx(
        (0.2 - np.log(2), 0.2 + np.log(2)), rel=1e-4
    )
    assert ends(parameter("utility", 0, 20), 4.0, 2) == (2.0, 8.0)
    assert ends(parameter("logit per sd", -5, 5), 1.0, 2) == (0.5, 2.0)


def test_bounds_are_kept_and_whole_numbers_stay_whole() -> None:
    assert ends(parameter("ratio", 1.5, 3), 2.0, 2) == (1.5, 3)
    assert ends(parameter("share", 0.2, 0.6), 0.5, 4) == (0.2, 0.6)
    found = ends(parameter("days", 1, 1000), 365, 2)
    assert found == (183, 730)
    assert all(isinstance(each, int) for each in found)
    assert ends(parameter("friends", 0, 10), 1, 2) == (1, 2), "one is not halved to none"


def test_what_is_guessed_in_common_is_an_assumption() -> None:
    configs = {name: load(name) for name in ("integrated", "baseline")}
    asked: dict[str, Any] = {"only": "behaviour.choose", "everything": False, "factor": 2}
    found, left_out = ranged(configs, None, **asked)
    names = {each.key.rpartition(".")[2]: each for each in found}
    assert {each.rests_on for each in found} == {"assumed", "fitted"}
    assert "recall" in names
    assert not {"kind", "habit_smoothing", "benefit_effect"} & set(names)
    assert left_out["choice in words"] == 2
    assert left_out["has a source"] == 2
    assert left_out["by definition"] == 1
    every, _ = ranged(configs, None, **{**asked, "everything": True})
    assert {each.key for each in every} - {each.key for each in found} == {
        "behaviour.choose.habit_smoothing",
        "behaviour.choose.proof_effect",
    }
    nothing = {"off": load("baseline", ["behaviour.choose.recall=0"])}
    found, left_out = ranged(nothing, None, **asked)
    assert left_out["zero"] == 2, "recall; first impressions, which are off"
    assert "behaviour.choose.recall" not in {each.key for each in found}
    apart = {**configs, "own": load("baseline", ["behaviour.choose.recall=1"])}
    assert ranged(apart, None, **asked)[1]["differs between strategies"] == 1


def test_an_end_that_contradicts_another_setting_is_as_it_is(tmp_path: Path) -> None:
    key = "population.toilet_training_median_days"
    lives = Evaluation(["baseline"], [], [1], ExecutionSettings(tmp_path))
    config = lives.as_they_are()
    found, _ = ranged(config, None, only=key, everything=False, factor=2)
    (moved,) = settable(found, lives.possible)
    assert (moved.low, moved.high) == (found[0].low, found[0].value) != (moved.value, moved.value)
    assert settable([moved._replace(low=found[0].high)], lives.possible) == []
    with pytest.raises(ConfigurationError, match="contradict each other"):
        lives.run([{key: moved.low}, {key: found[0].high}])
    assert not (tmp_path / "runs").exists(), "nothing is lived through before all is checked"


def assumption(name: str) -> Assumption:
    return Assumption(name, "share", "", "assumed", "odds", 0.1, 0.2, 0.3)


def made_up(worlds: int = 5, better: int = 1, **ends_of: tuple[float, float]) -> Lived:
    """`one` 10 above the reference and `two` 4; assumptions move `two` to what they say."""
    luck = np.random.default_rng(1).random((3, worlds))

    def levels(two: float) -> dict[str, Any]:
        heights = {"one": 10.0, "two": two, "base": 0.0}
        return {
            name: better * (100 + h) + x for (name, h), x in zip(heights.items(), luck, strict=True)
        }

    usual = levels(4.0)
    found: Any = {USUAL: usual}
    for key, pair in ends_of.items():
        found[key, "as it is"] = usual
        found |= {(key, end): levels(two) for end, two in zip(("low", "high"), pair, strict=True)}
    outcome = NET._replace(better=better)
    return Lived(outcome, ["one", "two"], "base", found)


def told(lived: Lived) -> tuple[str, pd.DataFrame, pd.DataFrame]:
    keys = [key for key, point in lived.levels if point == "low"]
    assumed = [assumption(key) for key in keys]
    choice, bars = choice_of(lived, assumed), tornado_of(lived, assumed)
    return " ".join(in_words(choice, bars, "base")), choice, bars


def test_the_longest_bar_comes_first() -> None:
    _, _, bars = told(made_up(narrow=(4.0, 5.0), wide=(1.0, 9.0), middle=(6.0, 1.0)))
    own = bars[bars["strategy"] == "two"]
    assert list(dict.fromkeys(own["assumption"])) == ["wide", "middle", "narrow"]
    assert own["width"].tolist() == pytest.approx([8.0] * 3 + [5.0] * 3 + [1.0] * 3)
    change = own.set_index(["assumption", "point"])["change"]
    assert change["middle", "low"] == pytest.approx(2.0)
    assert change["middle", "high"] == pytest.approx(-3.0)
    assert change["middle", "as it is"] == 0
    assert (bars[bars["strategy"] == "one"]["width"] == 0).all()


@pytest.mark.parametrize("better", [1, -1])
def test_the_assumption_that_changes_who_comes_first_is_named(better: int) -> None:
    said, choice, _ = told(made_up(better=better, idle=(3.0, 5.0), mighty=(4.0, 30.0)))
    assert "1 of 2 assumptions changes the choice: as it is, one comes first." in said
    assert "With mighty at 0.3 two comes first, " in said
    assert "better than one." in said
    assert "idle" not in said
    changed = choice[choice["changes_first"]]
    assert changed[["assumption", "point", "first"]].values.tolist() == [["mighty", "high", "two"]]
    assert (changed["mean"] > 0).all()


def test_a_difference_that_turns_its_sign_is_named() -> None:
    said, choice, _ = told(made_up(mighty=(-12.0, 4.0)))
    assert choice["changes_sign"].tolist() == ["two", "", ""]
    assert not choice["changes_first"].any()
    assert "With mighty at 0.1 two differs from base by −1" in said
    assert "as it is by +" in said


def test_it_is_said_that_none_changes_the_choice() -> None:
    none = "None of 2 assumptions changes the choice: as it is, one comes first."
    lived = made_up(idle=(3.0, 5.0), dull=(4.0, 2.0))
    said, _, _ = told(lived)
    assert said == none
    for place in lived.levels.values():
        place["two"][:] = place["base"] + [1, -1, 1, -1, 0]
    said, _, _ = told(lived)
    assert said == f"{none} As it is, two does not differ from base beyond luck."


def test_luck_changes_no_choice_and_one_world_tells_none() -> None:
    said, choice, _ = told(made_up(mighty=(4.0, 10.2)))
    luck = np.random.default_rng(1).random((3, 5)).mean(axis=1)
    assert 10.2 + luck[1] > 10 + luck[0], "two is ahead on average"
    assert "None of 1 assumption changes the choice" in said
    assert "Within luck another one comes first at an end: two with mighty." in said
    assert not choice["changes_first"].any()
    said, _, _ = told(made_up(worlds=1, mighty=(4.0, 30.0)))
    assert said.startswith("There is no interval")


@pytest.fixture
def credulous(laboratory: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A laboratory in which coupons bring yuan while bad news weighs little."""

    def compute(run: Any, on_day: Any) -> Any:
        found = toy.compute(run, on_day)
        weight = run.config["behaviour"]["believe"]["bad_news_factor"]
        luck = np.random.default_rng(run.seed).random()
        strength = run.config["operator"]["coupons"]["strength"]
        yuan = 1000 + (30 + luck) * (3 - weight) * strength
        found.ladder.loc[found.ladder["line"] == "contribution", "fen"] = round(100 * yuan)
        return found

    monkeypatch.setattr("sim.experiments.executors.simulate_planned", compute)
    return laboratory


def invoked(words: list[str]) -> tuple[str, Path]:
    shown = runner.invoke(app, words)
    assert shown.exit_code == 0, shown.output
    return " ".join(shown.stdout.split()), Path(shown.stdout.split("Results: ")[1].strip())


def test_the_command_as_it_is_typed(credulous: Path) -> None:
    words = ["assumptions", "reminders", "koc_led", "--goal", "contribution", *SHORT]
    shown, folder = invoked(words)
    verify(folder)
    manifest = read_manifest(folder)
    assert [each["key"] for each in manifest["assumptions"]] == [
        "behaviour.believe.bad_news_factor",
        "behaviour.look.visits_per_day",
    ]
    bars = read_table(folder, "tornado").set_index(["strategy", "assumption", "point"]).sort_index()
    luck = np.mean([np.random.default_rng(seed).random() for seed in manifest["seeds"]])
    # 100 households, told per 10,000; the baseline's coupons are at a half, of reminders at none
    lost = -100 * (30 + luck) * 0.5
    key = "behaviour.believe.bad_news_factor"
    own = bars.loc["reminders", key].loc[["low", "as it is", "high"]]
    assert own["value"].to_dict() == {"low": 1, "as it is": 2, "high": 4}
    assert own["mean"].tolist() == pytest.approx([2 * lost, lost, -lost], abs=2)
    assert own["change"].tolist() == pytest.approx([lost, 0, -2 * lost], abs=2)
    assert set(own["unit"]) == {"yuan per 10,000 households"}
    assert (own["change_low"] <= own["change"]).all()
    assert own["width"].iloc[0] == pytest.approx(-3 * lost, abs=2)
    # what nobody reads in these runs moves nothing, to the last bit
    idle = bars.xs("behaviour.look.visits_per_day", level="assumption")
    assert (idle["width"] == 0).all()
    assert (idle[["change", "change_low", "change_high"]] == 0).all(axis=None)
    assert "1 of 2 assumptions changes the choice: as it is, baseline comes first." in shown
    assert f"With {key} at 4 reminders comes first" in shown
    assert f"With {key} at 4 koc_led differs from baseline by +" in shown
    assert len(read_table(folder, "runs")) == 5 * 3 * 5
    for strategy in ("reminders", "koc_led"):
        for end in ("png", "svg"):
            drawn = folder / "figures" / f"tornado_{strategy}.{end}"
            assert drawn.stat().st_size > 5000
    again, same = invoked(words)
    assert (again, same) == (shown, folder)


def test_a_part_and_a_factor_are_asked_for(credulous: Path) -> None:
    part = ["--only", "behaviour.look", "--factor", "4"]
    shown, folder = invoked(["assumptions", "koc_led", *part, "goal=contribution", *SHORT])
    bars = read_table(folder, "tornado")
    assert bars["value"].tolist() == [0.125, 0.5, 2.0]
    assert "None of 1 assumption changes the choice" in shown


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["kok_led"], "did you mean koc_led?"),
        (["koc_led", "--only", "behaviour.lok"], "There is no assumption behaviour.lok; did you"),
        (["koc_led", "--only", ""], "There is no assumption"),
        (["koc_led", "--only", "behaviour.look.visits"], "did you mean behaviour.look.visits_per"),
        (["koc_led", "--goal", "money"], "There is no goal=money; there are churn, contribut"),
        (["koc_led", "goal=contributio"], "There is no goal=contributio; did you mean contribut"),
        (["koc_led", "--goal", "churn"], "let run.days be at least 90."),
        (["koc_led", "--factor", "1"], "factor = 1.0 is impossible"),
        (["koc_led", "--factor", "nan"], "factor = nan is impossible"),
        (["baseline"], "baseline is what strategies are compared with: name another one."),
        (["koc_led", "--only", "operator.coupons.strength"], "has no number above or below zero"),
    ],
)
def test_what_cannot_be_is_refused_in_one_sentence(
    laboratory: Path, words: list[str], said: str
) -> None:
    shown = runner.invoke(app, ["assumptions", *words, *SHORT])
    assert shown.exit_code == 2, shown.output
    assert said in shown.stderr
    assert len(shown.stderr.splitlines()) == 1
    assert not list((laboratory / "results").glob("runs/*"))


@pytest.mark.parametrize("goal", [*GOALS, {"contribution": 1.0, "churn": 500.0}])
def test_assumptions_are_judged_by_each_goal_of_a_comparison(
    credulous: Path, goal: str | dict[str, float]
) -> None:
    asked: dict[str, Any] = {"reference": "baseline", "goal": goal, "replications": 2}
    asked |= {"only": "behaviour.look", "overrides": ["run.days=365"]}
    folder = tornado(["koc_led"], ExecutionSettings(credulous / "results"), **asked)
    about = aimed(goal)
    manifest, bars = read_manifest(folder), read_table(folder, "tornado")
    assert manifest["goal"] == (goal if isinstance(goal, str) else "own")
    assert manifest["goals"] == weights(goal)
    assert set(bars["unit"]) == {about.unit}
    assert set(bars["outcome"]) == {manifest["goal"]}
    assert bars["mean"].notna().all()
    assert "changes the choice" in " ".join(sentences(folder))
    assert [*tornado_tables(folder)]


def test_a_goal_of_whose_people_there_is_nobody_is_refused_early(tmp_path: Path) -> None:
    small = ("population.households=20", "run.days=90", "run.warmup_days=20")
    with pytest.raises(ConfigurationError, match="there is nobody by whom the goal churn can be"):
        tornado(
            ["koc_led"],
            ExecutionSettings(tmp_path, "serial"),
            reference="baseline",
            goal="churn",
            replications=1,
            only="behaviour.need.retry_days",
            overrides=small,
        )
    assert len(list((tmp_path / "runs").glob("[!.]*"))) == 2


@pytest.mark.parametrize(
    ("key", "read"),
    [("behaviour.rewards.check_in_base", False), ("behaviour.need.cover_days", True)],
)
def test_the_engine_is_moved_by_what_it_reads_alone(tmp_path: Path, key: str, read: bool) -> None:
    folder = tornado(
        ["koc_led"],  # without check-ins, as the baseline is
        ExecutionSettings(tmp_path, "serial"),
        reference="baseline",
        goal="contribution",
        replications=2,
        only=key,
        overrides=("population.households=300", "run.days=60", "run.warmup_days=60"),
    )
    bars = read_table(folder, "tornado")
    assert (bars["mean"] != 0).all()
    assert (bars["width"] > 0).all() if read else (bars["width"] == 0).all()
