"""`repurchase explain`: the day, the questions, the settings with their sources."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from sim.commands.program import app
from sim.engine.model import DAY_STEPS
from sim.reference.parameters import parameters
from sim.rules.finding import rules
from sim.strategy.explaining import day_steps, questions, settings, steps
from tests import ROOT

runner = CliRunner()


def test_steps_of_a_day_and_of_a_household_are_those_of_the_code() -> None:
    assert [each.name for each in day_steps()] == [step.__name__ for step in DAY_STEPS]
    names = [each.name for each in steps()]
    assert names[0] == "day.graduate"
    assert names.index("visiting.visit") < names.index("shopping.go_shopping")
    assert names[-1] == "day.consider_leaving"
    for each in [*day_steps(), *steps(), *questions()]:
        assert each.what.endswith((".", "?")), each
        assert (ROOT / each.file).is_file()


def test_eleven_questions_are_answered_by_rules() -> None:
    found = questions()
    assert len(found) == 11
    assert all("?" in each.what for each in found)
    assert {rule for each in found for rule in each.asks} <= set(rules())
    asked = {question for each in steps() for question in each.asks}
    assert asked == {each.name for each in found}


def test_every_setting_has_value_unit_and_source() -> None:
    found = {each.key: each for each in settings("koc_led", ["behaviour.believe.kind=exponential"])}
    assert set(found) == {each.key for each in parameters()}
    assert found["behaviour.believe.bad_news_factor"].source.startswith("Baumeister")
    assert found["behaviour.believe.kind"].value == "exponential"
    assert found["behaviour.believe.kind"].source == "set on the command line"
    assert found["operator.koc.strength"].source == "scenarios/koc_led.yaml: assumed"
    assert found["operator.acquisition.strength"].value == "0.5"
    assert all(each.unit for each in found.values())
    assert [each.key for each in found.values() if not each.source] == []


def test_explain_prints_it_all() -> None:
    shown = runner.invoke(app, ["explain", "koc_led"])
    assert shown.exit_code == 0, shown.output
    for word in ("plan_day", "visiting.visit", "Do I stay?", "behaviour.stay.worthless"):
        assert word in shown.output


def test_replaced_rules_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("own.py").write_text("def habit_after(habit, chosen, weight):\n    return chosen\n")
    words = ["explain", "rules.choose.habit_after=own.py", "--part", "rules"]
    shown = runner.invoke(app, words)
    assert "own.py:habit_after" in shown.output
    assert "sha256" in shown.output


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["koc_lead"], "did you mean koc_led?"),
        (["koc_led", "baseline"], "One scenario at a time"),
        (["--part", "behaviour.beleve"], "did you mean behaviour.believe?"),
    ],
)
def test_bad_words_get_a_sentence(words: list[str], said: str) -> None:
    shown = runner.invoke(app, ["explain", *words])
    assert shown.exit_code == 2
    assert said in shown.stderr
    assert len(shown.stderr.strip().splitlines()) == 1
