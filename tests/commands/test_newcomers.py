"""What newcomers typed: each is understood, or told in one sentence what to write instead."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from sim.commands.program import app
from sim.config.loading import load
from sim.text.incoming import typed
from sim.text.suggestions import number_meant
from tests import toy

runner = CliRunner()
DEPTH = "operator.coupons.depth_percent"
PERCENT = "operator.coupons.coupon_percent"  # of the real laboratory
NO_STRATEGY = "`defaults: [baseline, _self_]` and `strategy: {title: mine}`"


def refused(words: list[str]) -> str:
    """The one sentence that a command says instead of doing anything."""
    shown = runner.invoke(app, words)
    assert shown.exit_code == 2, shown.output
    assert shown.stdout == ""
    assert len(shown.stderr.strip().splitlines()) == 1
    return shown.stderr.strip()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["sweep", f"{DEPTH}=5-30"], "did you mean 5,10,20,30?"),
        (["dose", f"{DEPTH}=5-30"], "did you mean 5,10,20,30?"),
        (["run", f"{DEPTH}=5..30"], "did you mean 5,10,20,30?"),
        (["sweep", f"{DEPTH}=5~30"], f"did you mean {DEPTH}=5,10,20,30?"),
        (["sweep", f"{DEPTH}=5－30"], "did you mean 5,10,20,30?"),
        (["decompose", "goal=chun"], "There is no goal=chun; did you mean churn?"),
        (["assumptions", "goal=chun"], "There is no goal=chun; did you mean churn?"),
        (["compare", "goal=chun"], "There is no goal=chun; did you mean churn?"),
        (["compare", "--goal", "chun"], "There is no goal=chun; did you mean churn?"),
        (["audit", "outcome=oders"], "There is no outcome oders; did you mean orders?"),
        (["audit", "COUPONS"], "did you mean coupons?"),
        (["abtest", "COUPONS"], "did you mean coupons?"),
        (["compare", "replications=0"], "from 1 to 100,000"),
        (["sweep", "community.size_cap=1-3"], "did you mean 1,2,3?"),
        (["run", "population.households=20,000"], "did you mean population.households=20000?"),
        (["levers", "population.households=20,000"], "mean population.households=20000?"),
        (["sweep", "population.households=20,000"], "mean population.households=20000?"),
        (["sweep", "population.households=20，000"], "mean population.households=20000?"),
        (["run", "operator.coupons.strength=50"], "between 0 and 1 (share); did you mean 0.5?"),
        (["run", "population.households：2000"], "did you mean population.households=2000?"),
        (["run", "population.households:2000"], "did you mean population.households=2000?"),
        (
            ["run", "population.households=2000，run.days=3"],
            "settings stand apart, as in population.households=2000 run.days=3.",
        ),
        (["run", "KOC_LED"], "did you mean koc_led?"),
        (["run", "KOC-led"], "did you mean koc_led?"),
        (["levers", "COUPONS"], "did you mean coupons?"),
        (["run", "operator.Coupons.strength=1"], "did you mean operator.coupons.strength?"),
        (["run", "mine"], NO_STRATEGY),
        (["decompose", "mine"], NO_STRATEGY),
        (["assumptions", "mine"], NO_STRATEGY),
        (["run", "wide"], "its colons are at full width (：): write `:` and a space."),
        (["run", "inner"], "its colons are at full width (：): write `:` and a space."),
        (["run", "mixed"], "line 3: strength：1.0"),
        (["run", "below"], "it must be a group of settings, and ： is a letter of its name"),
        (["run", "comma"], "， there is a letter to it: write `:` or `,`."),
    ],
)
def test_it_is_told_what_to_write(laboratory: Path, words: list[str], said: str) -> None:
    home = laboratory / "scenarios"
    (home / "mine.yaml").write_text("operator: {coupons: {strength: 1.0}}\n")
    (home / "wide.yaml").write_text("strategy：\n  title： Wide\n")
    (home / "inner.yaml").write_text("strategy:\n  title： Inner\n")
    (home / "below.yaml").write_text(toy.scenario("B", "\n  coupons:\n    strength： 1.0"))
    (home / "comma.yaml").write_text(toy.scenario("C", "{coupons: {strength: 1，depth: 2}}"))
    (home / "mixed.yaml").write_text("strategy: {title: M}\noperator:\n  {strength：1.0: 2}\n")
    assert said in refused(words)
    assert not (laboratory / "results").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["check", f"{PERCENT}=0.2"], "it must be a whole number; did you mean 20?"),
        (["sweep", f"{PERCENT}=0.05,0.1"], "it must be a whole number; did you mean 5?"),
        (["run", f"{PERCENT}=5-30"], "it must be a whole number; did you mean 5,10,20,30?"),
    ],
)
def test_a_percentage_is_asked_for_where_a_share_was_written(words: list[str], said: str) -> None:
    assert said in refused(words)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ["compare", "baseline", "--budget", "15"],
            "write --budget 15/customer-month, or name a larger sum.",
        ),
        (["compare", "baseline", "--budget", "１５"], "for 15 yuan per customer and month write"),
        (["compare", "baseline", "--budget", "3,000,000"], "did you mean 3000000?"),
        (
            ["compare", "baseline", "--budget", "-5"],
            "budget = -5 is none: write `own`, `equal`, what a world",
        ),
        (
            ["compare", "baseline", "--budget", "0/customer-month"],
            "budget = 0/customer-month is none",
        ),
        (["compare", "baseline", "--budget", "15 yuan"], "budget = 15 yuan is none"),
        (["compare", "baseline", "--budget", "１５元"], "or 17.5/customer-month"),
        (
            ["compare", "baseline", "budget=90/customer-month"],
            "and is to spend 90: raise strategy.budget",
        ),
        (
            ["compare", "baseline", "--budget", "90000", "strategy.fund.coupons=95000"],
            "more than the 90,000 that all its levers are to spend",
        ),
        (["run", "strategy.fund.koc=200000"], "strategy.fund.koc is for a lever that is off in"),
        (["run", "strategy.fund.KOC=200000"], "names KOC, which is no lever; did you mean koc?"),
        (["check", "strategy.fund.coupons=-2"], "what the lever spends over the run, in yuan, and"),
        (["run", "strategy.fund.coupons=much"], "must be a number"),
        (["run", "strategy.scalable=[coupon]"], "is no lever; did you mean coupons?"),
        (["sweep", "strategy.fund.coupons=9000", f"{PERCENT}=5,10"], "is found by living through"),
    ],
)
def test_money_that_cannot_be_meant_is_named(
    words: list[str], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert said in refused(words)
    assert not (tmp_path / "results").exists()


@pytest.mark.parametrize(
    "words",
    [
        ["run", "population.households＝50", "run.days=３"],
        ["sweep", f"{DEPTH}=5，10", "run.days=3"],
        ["sweep", f"{DEPTH}=5、10", "run.days=3"],
        ["dose", f"{DEPTH}＝5，10，20", "run.days=3", "-n", "1"],
    ],
)
def test_signs_at_full_width_are_understood(laboratory: Path, words: list[str]) -> None:
    shown = runner.invoke(app, words)
    assert shown.exit_code == 0, shown.output


def test_the_example_that_is_shown_is_a_scenario(laboratory: Path) -> None:
    home = laboratory / "scenarios"
    text = "defaults: [baseline, _self_]\nstrategy: {title: mine}\n"
    (home / "mine.yaml").write_text(text)
    assert load("mine").strategy.title == "mine"
    assert runner.invoke(app, ["run", "mine", "run.days=3"]).exit_code == 0


def test_a_drafted_title_keeps_its_capitals(laboratory: Path) -> None:
    for name, title in (("KOC_first", "KOC first"), ("my_KOC", "My KOC"), ("gentle", "Gentle")):
        assert runner.invoke(app, ["new", name]).exit_code == 0
        assert load(name).strategy.title == title
    assert "KOC first" in runner.invoke(app, ["scenarios"]).stdout


def test_text_in_quotes_and_names_keep_their_signs() -> None:
    words = ["strategy.title='温和，好：１'", "a＝“1”", "温，和", 'b="，"，2', "c='x", "５"]
    assert typed(words) == [
        "strategy.title='温和，好：１'", "a=“1”", "温，和", 'b="，",2', "c='x", "５",
    ]  # fmt: skip
    assert typed(None) == []


@pytest.mark.parametrize(
    ("value", "unit", "whole", "meant"),
    [
        ("5-30", "", True, "5,10,20,30"),
        ("0-1", "share", False, "0,0.5,1"),
        ("1-3", "", True, "1,2,3"),
        ("0.1 to 0.5", "", False, "0.1,0.2,0.3,0.4,0.5"),
        ("100-1000", "", True, "100,500,1000"),
        ("30-5", "", True, ""),
        ("-5", "", True, ""),
        ("20,000", "", True, "20000"),
        ("1,234,567.5", "", False, "1234567.5"),
        ("2,00", "", True, ""),
        (0.2, "percent", True, "20"),
        (0.2, "share", False, ""),
        (20, "share", False, "0.2"),
        (2, "share", False, ""),
        (20, "percent", True, ""),
        ("many", "percent", True, ""),
        (None, "percent", True, ""),
    ],
)
def test_what_is_meant_by_a_number(value: object, unit: str, whole: bool, meant: str) -> None:
    assert number_meant(value, unit, whole) == meant


def test_a_list_may_look_like_one_number(laboratory: Path) -> None:
    shown = runner.invoke(app, ["sweep", "population.households=100,200", "run.days=3", "-n", "1"])
    assert shown.exit_code == 0, shown.output
