"""`repurchase rule`: rules are listed, and their responses tabulated and drawn."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from PIL import Image
from typer.testing import CliRunner

from sim.behaviour import believe
from sim.commands.program import app
from sim.config.loading import load
from sim.parameters.quantity import ConfigurationError
from sim.responses.checking import check_rules
from sim.responses.inputs import ANSWERS, UNITS
from sim.responses.responding import Responses, is_drawable
from sim.rules.finding import rules

runner = CliRunner()
DRAWABLE = [name for name in rules() if is_drawable(name)]
CONFIG = load("baseline")


def test_rules_are_listed_under_their_questions() -> None:
    shown = runner.invoke(app, ["rule"])
    assert shown.exit_code == 0
    for name in rules():
        assert name in shown.output
    assert "Whom do I believe?" in shown.output
    assert "(visiting.visit)" in shown.output


@pytest.mark.parametrize("name", DRAWABLE)
def test_everything_a_rule_reads_has_a_range_and_its_answer_a_unit(name: str) -> None:
    responses = Responses(name, CONFIG)
    assert responses.unit
    assert responses.inputs
    for known in responses.inputs:
        assert known.unit
        assert known.about
        assert known.low <= known.typical <= known.high, known
        assert len(known.values()) > 1


def test_units_and_answers_are_of_rules_that_are_drawn() -> None:
    assert set(UNITS) == set(DRAWABLE)
    assert set(ANSWERS) <= set(DRAWABLE)


def test_the_table_holds_what_the_rule_says() -> None:
    responses = Responses("believe.trust_after", CONFIG)
    table = responses.table
    assert set(table["input"]) == {
        "trust", "weight", "evidence", "evidence_weight", "behaviour.believe.kind",
        "behaviour.believe.bad_news_factor", "behaviour.believe.smoothing",
    }  # fmt: skip
    p = CONFIG.behaviour.believe
    rows = table[table["input"] == "evidence"]
    said = [believe.trust_after(0.6, 5.0, each, 1.0, p) for each in rows["value"]]
    assert np.array_equal(rows["response"], said)
    assert (np.diff(rows["response"]) > 0).all()


def test_shares_of_luck_are_the_hazards() -> None:
    responses = Responses("stay.reason_to_leave", CONFIG)
    p = CONFIG.behaviour.stay
    given = {"worth": -1.0, "days": 30.0, "burden": 0.0, "concern_above_tolerance": 0.0}
    shares = responses.answer(given | {"outgrown": 0.0, "trust": 1.0})
    assert shares.sum() == pytest.approx(1)
    named = dict(zip(responses.answers, shares, strict=True))
    assert named["worthless"] == pytest.approx(p.worthless, abs=0.01)
    silence = (1 - p.worthless) * (1 - np.exp(-30 * p.silence))
    assert named["silence"] == pytest.approx(silence, abs=0.01)


def test_settings_reach_the_rule() -> None:
    plain = Responses("choose.price_utility", CONFIG).answer({})
    twice = 2 * CONFIG.behaviour.choose.price_effect
    dearer = load("baseline", [f"behaviour.choose.price_effect={twice}"])
    assert Responses("choose.price_utility", dearer).answer({}) == pytest.approx(2 * plain)


def test_figure_and_table_are_written(tmp_path: Path) -> None:
    words = ["rule", "look.visits_per_day", "--results", str(tmp_path)]
    shown = runner.invoke(app, words)
    assert shown.exit_code == 0, shown.output
    folder = tmp_path / "rule" / "look.visits_per_day"
    assert str(folder) in shown.output.replace("\n", "")
    names = {path.name for path in folder.iterdir()}
    assert {"figure.png", "figure.svg", "responses.csv", "manifest.json"} <= names
    with Image.open(folder / "figure.png") as picture:
        assert min(picture.size) > 400
    table = pd.read_csv(folder / "responses.csv")
    told = json.loads((folder / "columns.json").read_text())["responses"]
    assert set(told) == set(table)
    assert {"input", "unit", "value", "response"} <= set(table.columns)
    assert runner.invoke(app, words).exit_code == 0  # again, in its place


def test_ones_own_function_is_drawn_beside_the_package_s(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("own.py").write_text("def habit_after(habit, chosen, weight):\n    return chosen\n")
    config = load("baseline", ["rules.choose.habit_after=own.py"])
    responses = Responses("choose.habit_after", config)
    table = responses.table
    assert (table["response"] != table["package"]).any()
    assert set(table["input"]) == {"habit", "chosen", "weight"}
    assert responses.answer({"chosen": 0.0}) == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["believe.trust"], "did you mean believe.trust_after?"),
        (["visiting.visit"], "no response to draw"),
        (["choose.gumbel", "twice"], "twice is no setting"),
        (["choose.gumbel", "9" * 400], "999… is no setting"),
        (["choose.gumbel", "behaviour.chose.kind=logit"], "did you mean behaviour.choose.kind?"),
    ],
)
def test_bad_words_get_a_sentence(words: list[str], said: str, tmp_path: Path) -> None:
    shown = runner.invoke(app, ["rule", *words, "--results", str(tmp_path)])
    assert shown.exit_code == 2
    assert said in shown.stderr
    assert len(shown.stderr.strip().splitlines()) == 1


def test_a_scene_is_told_what_it_asks() -> None:
    with pytest.raises(ConfigurationError, match=r"it asks look\.worth_of_visit"):
        Responses("visiting.visit", CONFIG)


def dividing(folder: Path, answer: str) -> str:
    """The setting that replaces a rule by a function with this answer."""
    (folder / "own.py").write_text(
        "import math\n\n\n"
        f"def own(trust, weight, evidence, evidence_weight, p):\n    return {answer}\n"
    )
    return f"rules.believe.trust_after={folder}/own.py:own"


@pytest.mark.parametrize(
    ("answer", "where"),
    [
        (
            "0.5 * evidence_weight / evidence_weight",
            "where evidence_weight is 0, it divides by zero",
        ),
        ("max(0.0, min(1.0, trust / (evidence - trust)))", "where trust is 0.3,"),
        ("math.sqrt(trust - 0.5)", "where trust is 0,"),
        ("(trust - 0.5) ** 0.5", "where trust is 0,"),
        ("math.nan", "gives no number"),
    ],
)
def test_nonsense_is_refused_before_it_is_lived_by(
    answer: str, where: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    setting = dividing(tmp_path, answer)
    for words in (["run"], ["check"], ["diary", "--household", "3"]):
        shown = runner.invoke(app, [*words, "population.households=50", setting])
        assert shown.exit_code == 2, shown.output
        assert "own.py:own cannot replace believe.trust_after" in shown.stderr
        assert where in shown.stderr
        assert len(shown.stderr.splitlines()) == 1
    assert not (tmp_path / "results").exists()
    drawn = Responses("believe.trust_after", load("baseline", [setting])).table
    assert drawn["response"].isna().any()


def test_nonsense_at_any_point_of_a_sweep_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    setting = dividing(tmp_path, "trust / p.own_weight * p.own_weight")
    small = ["population.households=50", "run.days=3", "run.warmup_days=2", "-n", "1"]
    shown = runner.invoke(app, ["sweep", "behaviour.believe.own_weight=1,0", setting, *small])
    assert shown.exit_code == 2, shown.output
    assert "own.py:own cannot replace believe.trust_after" in shown.stderr


@pytest.mark.parametrize("answer", ["trust / p.own_weight", "min(1.0, math.exp(1000.0 * weight))"])
def test_sense_is_not_refused(answer: str, tmp_path: Path) -> None:
    """What only other parameters would divide by zero, and what is too large and cut."""
    check_rules(load("baseline", [dividing(tmp_path, answer)]))


@pytest.mark.parametrize("name", DRAWABLE)
def test_no_rule_of_the_package_is_nonsense(name: str, tmp_path: Path) -> None:
    file = rules()[name].__module__.rpartition(".")[2]
    arguments = ", ".join(each for each in rules()[name].__annotations__ if each != "return")
    short = name.partition(".")[2]
    (tmp_path / "own.py").write_text(
        f"from sim.behaviour.{file} import {short} as as_it_is\n\n\n"
        f"def {short}({arguments}):\n    return as_it_is({arguments})\n"
    )
    check_rules(load("baseline", [f"rules.{name}={tmp_path}/own.py"]))
