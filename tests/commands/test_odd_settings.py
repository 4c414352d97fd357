"""Odd things said behind a command, or as a name: one sentence each, and nothing done."""

import unicodedata
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sim.commands.program import app
from sim.config.loading import experiment, load, read
from sim.config.overrides import put, setting, understood
from sim.experiments.space import Range
from sim.experiments.varied import parsed
from sim.parameters.quantity import ConfigurationError
from sim.strategy.draft import draft
from tests import toy

runner = CliRunner()
GROUPS = {"population"}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["strategy=null"], "strategy = None is not possible"),
        (["strategy=[]"], "strategy = [] is not possible"),
        (["population.regions.99.share=1"], "population.regions has places 0 to 1"),
        (["population.regions.x.share=1"], "population.regions has places 0 to 1"),
        (["population.regions.0.share.x=1"], "population.regions.0.share is 0.6"),
        (["population.regions=[]", "population.regions.0.share=1"], "has no places"),
        (["~behaviour=[]"], "every setting is needed"),
        (["~behaviour"], "There is no scenario ~behaviour"),
        (["~operator.coupons.strength="], "every setting is needed"),
        (["population.households=" + "9" * 400], "population.households = 9999"),
        (["operator.coupons.strength=" + "9" * 400], "operator.coupons.strength = 9999"),
        (["operator.coupons.strength=" + "9" * 5000], "operator.coupons.strength=9999"),
        (["operator.coupons.strength=nan"], "between 0 and 1"),
        (["strategy.name=foo"], "a strategy has the name of its file"),
        (["population.regions=extend_list(a)"], "cannot be read"),
        (["strategy.title=" + "x" * 20_000], "longer than 10,000 characters"),
        (["strategy.title=温和"], "letters other than a to z stand in quotes"),
        (["population=../town"], "names no file"),
        (["@A=0"], "There is no setting @A"),
        (["a@b=c"], "There is no setting a@b"),
        (["population@=1"], "names no file"),
        (["strategy.title=1e309"], "must be a word"),
        (["strategy.title=nan"], "must be a word"),
        (["strategy.budget_yuan_per_customer_month=" + "x" * 3000], "must be a number"),
        (["x" * 3000 + "=1"], "There is no setting xxx"),
        (["lever@a:b=coupons"], "lever"),
        (["x" * 3000], "There is no scenario xxx"),
        (["--executor", "${oc.env:HOME}"], "never done"),
        (["--executor", "x'y\\"], "names no file"),
        (["--config-dir", "x" * 5000], "is not a folder"),
        (["strategy.title='\x1b[31m'", "run.days=\x1b"], "run.days=\\x1b"),
    ],
)
def test_an_odd_setting_is_refused_in_a_short_sentence(
    laboratory: Path, words: list[str], said: str
) -> None:
    shown = runner.invoke(app, ["run", *words])
    assert shown.exit_code == 2, shown.output
    assert said in shown.stderr
    assert len(shown.stderr.splitlines()) == 1
    assert len(shown.stderr) < 500
    assert shown.stderr.strip().isprintable()
    assert not (laboratory / "results").exists()


@pytest.mark.parametrize("ends", ["1,inf", "-inf,1", "nan,1", "-1e308,1e308", "2,1"])
def test_an_interval_has_two_ends(ends: str) -> None:
    with pytest.raises(ConfigurationError, match="interval"):
        parsed([f"run.days=interval({ends})"])
    assert parsed(["run.days=interval(1,2)"])[0] == {"run.days": Range(1, 2)}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("defaults: [[baseline]]\n", "`defaults` must be a list of scenarios"),
        ("defaults: [{population: city}]\n", "as in {override /population: city}"),
        ("defaults: [{override /population: [city]}]\n", "as in {override /population: city}"),
        ("defaults: [{override /population: ../../x}]\n", "as in {override /population: city}"),
        ("defaults: [{override /population: villlage}]\n", "There is no population=villlage"),
        ("defaults: [{a: b, c: d}]\n", "`defaults` must be a list of scenarios"),
    ],
)
def test_what_a_scenario_cannot_build_on(laboratory: Path, text: str, said: str) -> None:
    (laboratory / "scenarios" / "mine.yaml").write_text(toy.scenario("Mine") + text)
    with pytest.raises(ConfigurationError) as caught:
        load("mine")
    assert said in str(caught.value)


def test_a_command_line_chooses_over_a_scenario_over_its_base(laboratory: Path) -> None:
    home = laboratory / "scenarios"
    chosen = toy.scenario("Large") + "defaults: [{override /population: city}]\n"
    (home / "large.yaml").write_text(chosen)
    (home / "on_it.yaml").write_text(toy.scenario("On it") + "defaults: [large, _self_]\n")
    assert load("on_it").population.name == "city"
    assert load("on_it", ["population=town"]).population.name == "town"
    assert load("on_it", ["population.households=7"]).population.households == 7


def test_a_strategy_has_the_name_of_its_file(laboratory: Path) -> None:
    path = laboratory / "scenarios" / "mine.yaml"
    path.write_text(toy.scenario("Mine").replace("strategy:", "strategy:\n  name: other"))
    with pytest.raises(ConfigurationError, match=r"mine.yaml: strategy.name is other"):
        load("mine")
    path.write_text(toy.scenario("Mine").replace("strategy:", "strategy:\n  name: mine"))
    assert load("mine").strategy.name == "mine"


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ("population.regions=[]", "name one region at least"),
        ("population.regions.0.share=0.9", "shares that add up to 1"),
        ("population.feeding_shares=[0.5,0.5]", "3 shares that add up to 1"),
        ("population.births_by_month=[1]", "births_by_month needs 12 values"),
        ("market.season_by_month=[]", "give 12"),
        ("market.rivals=[]", "name exactly"),
        ("population.categories=[]", "name exactly"),
    ],
)
def test_check_refuses_what_makes_no_world(setting: str, said: str) -> None:
    shown = runner.invoke(app, ["check", setting])
    assert shown.exit_code == 2, shown.output
    assert said in shown.stderr
    assert len(shown.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    "words",
    [
        ["frob"],
        ["run", "--frob"],
        ["run", "--seed", "x" * 3000],
        ["run", "--seed", "-1"],
        ["new"],
        ["new", "-x"],
        ["scenarios", "too", "many\x1b[31m"],
        ["compare", "-n"],
        ["--frob"],
    ],
)
def test_a_wrong_command_is_told_in_two_plain_lines(words: list[str]) -> None:
    shown = runner.invoke(app, words)
    assert shown.exit_code == 2, shown.output
    assert shown.stdout == ""
    told, more = shown.stderr.splitlines()
    assert len(told) <= 200
    assert told.isprintable()
    assert more.endswith("--help` says more.")


# -- names ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["x" * 300, "温" * 50, "_self_", "a\x1b", "-a", "../a", "\ud800"])
def test_a_name_that_no_file_should_have(tmp_path: Path, name: str) -> None:
    shown = runner.invoke(app, ["new", "--config-dir", str(tmp_path), "--", name])
    assert shown.exit_code == 2, shown.output
    assert "name of a scenario" in shown.stderr
    assert len(shown.stderr.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


def test_a_name_is_the_same_however_its_letters_were_typed(laboratory: Path) -> None:
    typed, kept = (unicodedata.normalize(form, "été") for form in ("NFD", "NFC"))
    (laboratory / "scenarios" / f"{typed}.yaml").write_text(toy.scenario("Summer"))
    assert load(kept).strategy.name == load(typed).strategy.name == kept
    assert runner.invoke(app, ["run", typed, "run.days=3"]).exit_code == 0
    for name in (kept, typed):
        with pytest.raises(ConfigurationError, match="already a scenario"):
            draft(name, "baseline")
        values, _, _ = experiment("compare", [setting("experiment.reference", name)])
        assert values["reference"] == kept


def test_a_file_whose_name_is_no_text_is_listed_and_breaks_nothing(laboratory: Path) -> None:
    (laboratory / "scenarios" / "caf\udce9.yaml").write_text(toy.scenario("Coffee"))
    (laboratory / "scenarios" / ".hidden.yaml").write_text("no scenario")
    shown = runner.invoke(app, ["scenarios"])
    assert shown.exit_code == 0, shown.output
    assert "caf\\udce9" in shown.output
    assert "hidden" not in shown.output


@pytest.mark.parametrize("value", ["温和", "it's", "a\\", "a\\'", "", "x, z=[", "1", "\\\\'"])
def test_any_text_can_be_given_as_a_setting(value: str) -> None:
    read = understood(setting("strategy.title", value), GROUPS)
    assert (read.key, read.value) == ("strategy.title", value)
    values = {"strategy": {"title": "before"}}
    put(values, read)
    assert values == {"strategy": {"title": value}}


def test_a_drafted_scenario_says_where_it_ends(tmp_path: Path) -> None:
    path = draft("mine", "baseline", tmp_path)
    text = path.read_text()
    assert text.startswith("---\n")
    assert text.endswith("\n...\n")
    path.write_text(text[: len(text) // 2])
    with pytest.raises(ConfigurationError, match=r"mine.yaml cannot be read: line \d+"):
        load("mine", (), tmp_path)


@pytest.mark.parametrize("number", ["0E0", "1e3", "1.50", ".nan"])
def test_a_number_is_no_text_for_it_would_be_told_by_other_letters(
    tmp_path: Path, number: str
) -> None:
    path = tmp_path / "scenarios" / "mine.yaml"
    path.parent.mkdir()
    lines = {"title": "Mine", "what": "It does.", "why": "To see.", "cost": number}
    told = "\n".join(f"  {name}: {text}" for name, text in lines.items())
    budget = "  budget_yuan_per_customer_month: 2.0\n"
    path.write_text(f"strategy:\n{told}\n  facts: [I07]\n{budget}")
    with pytest.raises(ConfigurationError, match=r"strategy\.cost .* in quotes"):
        read("mine", config_dir=tmp_path)
    path.write_text(path.read_text().replace(number, f"'{number}'"))
    assert read("mine", config_dir=tmp_path).strategy.cost == number
