"""Configuration: what is composed, what is refused and in which words."""

from pathlib import Path

import pytest

from sim.config.loading import (
    experiment,
    fingerprint,
    from_resolved,
    load,
    resolved,
    strategy_titles,
)
from sim.parameters.quantity import ConfigurationError
from tests import toy


def refusal(*overrides: str, scenario: str = "baseline", config_dir: Path | None = None) -> str:
    with pytest.raises(ConfigurationError) as caught:
        load(scenario, overrides, config_dir)
    message = str(caught.value)
    assert "\n" not in message
    return message


def test_scenario_lies_over_the_levers_own_values(laboratory: Path) -> None:
    config = load("koc_led")
    assert config.operator.coupons.strength == 0.1
    assert config.operator.coupons.depth_percent == 10
    assert config.strategy.name == "koc_led"
    assert config.run.days == 365
    assert isinstance(config.population.regions[0], toy.Region)


def test_overrides_win_and_groups_are_chosen(laboratory: Path) -> None:
    changes = [
        "population=city",
        "operator.coupons.strength=0.75",
        "behaviour.look.visits_per_day=1",
    ]
    config = load("koc_led", changes)
    assert config.population.households == 5000
    assert config.operator.coupons.strength == 0.75
    assert config.behaviour.look.visits_per_day == 1
    assert load("baseline", ["population.households=7"]).population.households == 7


def test_the_time_before_is_the_baseline_whatever_the_strategy(laboratory: Path) -> None:
    config = load("reminders", ["operator.reminders.strength=0.3"])
    assert config.operator.reminders.strength == 0.3
    assert config.before == load("baseline").operator


@pytest.mark.parametrize(
    ("override", "meant"),
    [
        ("operator.coupns.strength=0.5", "operator.coupons.strength"),
        ("operator.coupons.strenght=0.5", "operator.coupons.strength"),
        ("+operator.coupons.strenght=0.5", "operator.coupons.strength"),
        ("populaton=city", "population"),
        ("population.household=5", "population.households"),
        ("coupons.depth_percent=5", "operator.coupons.depth_percent"),
    ],
)
def test_misspelt_key_names_what_was_meant(laboratory: Path, override: str, meant: str) -> None:
    message = refusal(override)
    assert override.lstrip("+").split("=")[0] in message
    assert "did you mean" in message
    assert meant in message.split("did you mean")[1]


def test_misspelt_key_in_a_scenario(laboratory: Path) -> None:
    text = toy.scenario("mine", "{coupons: {strenght: 1.0}}")
    (laboratory / "scenarios" / "mine.yaml").write_text(text)
    message = refusal(scenario="mine")
    assert "mine.yaml: There is no setting operator.coupons.strenght;" in message
    assert "did you mean operator.coupons.strength" in message


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("defaults: [mine, _self_]", "mine.yaml builds on itself, by way of mine"),
        ("defaults: [other, _self_]", "mine.yaml builds on itself, by way of mine and other"),
        ("defaults: [koc_lead, _self_]", "mine.yaml: there is no scenario koc_lead; did you mean"),
        ("defaults:", "mine.yaml: `defaults` must be a list"),
        ("defaults: baseline", "mine.yaml: `defaults` must be a list"),
        ("defaults: [null]", "mine.yaml: `defaults` must be a list"),
        ("before: {coupons: {strength: 1.0}}", "mine sets `before`, which nobody can"),
    ],
)
def test_what_a_scenario_cannot_build_on(laboratory: Path, text: str, said: str) -> None:
    (laboratory / "scenarios" / "mine.yaml").write_text(f"{toy.scenario('Mine')}{text}\n")
    other = f"{toy.scenario('Other')}defaults: [mine, _self_]\n"
    (laboratory / "scenarios" / "other.yaml").write_text(other)
    assert said in refusal(scenario="mine")


def test_a_misspelt_key_of_another_file_is_not_blamed_on_the_scenario(laboratory: Path) -> None:
    own = laboratory / "own"
    (own / "population").mkdir(parents=True)
    (own / "population" / "village.yaml").write_text("defaults: [town]\nhousehold: 5\n")
    message = refusal("population=village", config_dir=own)
    assert message.startswith("There is no setting population.household;")


def test_a_setting_like_no_other_is_told_where_all_stand(laboratory: Path) -> None:
    assert "`repurchase reference` lists them" in refusal("zzzzzz=1")


@pytest.mark.parametrize(
    ("override", "words"),
    [
        ("operator.coupons.strength=2", ["operator.coupons.strength", "between 0 and 1"]),
        ("population.households=0", ["population.households", "0"]),
        ("population.households=many", ["population.households", "many"]),
        ("population.regions=[{name: East, share: 1.5}]", ["population.regions[0].share", "1.5"]),
        ("run.days=1.5", ["run.days"]),
        ("population=village", ["village", "town", "city"]),
        ("population=1", ["population=1 names no file", "conf/population/"]),
        ("population=[town,city]", ["names no file"]),
        ("operator.coupons.strength=0.1,0.2", ["sweep"]),
        ("operator.coupons.strength=", ["operator.coupons.strength"]),
        ("population.households", ["key=value"]),
        (
            "population.households=9000000000",
            ["population.households", "between 1 and 100,000,000"],
        ),
        ("rules=my_rules.py", ["rules needs the name of a rule"]),
    ],
)
def test_impossible_value(laboratory: Path, override: str, words: list[str]) -> None:
    message = refusal(override)
    for word in words:
        assert word in message


def test_files_that_others_build_on_are_no_choices() -> None:
    assert refusal("population=villlage").endswith("; there are city, nation, town.")


def test_unknown_scenario_names_near_ones(laboratory: Path) -> None:
    assert "did you mean koc_led" in refusal(scenario="koc_lead")
    assert "baseline, koc_led, reminders" in refusal(scenario="xyz")


def test_missing_value_is_named(laboratory: Path) -> None:
    (laboratory / "conf" / "lever" / "coupons.yaml").write_text("strength: 0.0\n")
    assert "operator.coupons.depth_percent" in refusal()


def test_a_scenario_may_choose_groups(laboratory: Path) -> None:
    text = toy.scenario("Large", "{reminders: {strength: 0.4}}")
    header, _, rest = text.partition("\n")
    chosen = f"{header}\ndefaults: [{{override /population: city}}]\n{rest}"
    (laboratory / "scenarios" / "large.yaml").write_text(chosen)
    config = load("large")
    assert (config.population.name, config.operator.reminders.strength) == ("city", 0.4)
    assert load("large", ["operator.reminders.strength=0.5"]).operator.reminders.strength == 0.5


def test_a_folder_of_ones_own_adds_and_comes_first(laboratory: Path) -> None:
    own = laboratory / "it's mine, ours"
    (own / "scenarios").mkdir(parents=True)
    (own / "scenarios" / "mine.yaml").write_text(
        toy.scenario("Mine", "{reminders: {strength: 0.2}}")
    )
    (own / "population").mkdir()
    (own / "population" / "hamlet.yaml").write_text("defaults: [town, _self_]\nhouseholds: 9\n")
    (own / "population" / "city.yaml").write_text("defaults: [town, _self_]\nhouseholds: 8\n")
    config = load("mine", ["population=hamlet"], own)
    assert (config.operator.reminders.strength, config.population.households) == (0.2, 9)
    assert load("koc_led", ["population=city"], own).population.households == 8
    assert strategy_titles(own)["mine"] == "Mine"
    assert "not a folder" in refusal(config_dir=laboratory / "nowhere")


def test_resolved_and_back(laboratory: Path) -> None:
    config = load("koc_led", ["population=city"])
    assert from_resolved(resolved(config)) == config
    assert fingerprint(config) == fingerprint(resolved(config))
    assert fingerprint(config) != fingerprint(load("koc_led"))


def test_experiment_settings_apart_from_the_simulation(laboratory: Path) -> None:
    words = ["experiment.replications=3", "executor=processes", "executor.workers=4", "run.days=9"]
    values, executor, rest = experiment("compare", words)
    assert values["replications"] == 3
    assert (executor["name"], executor["workers"]) == ("processes", 4)
    assert rest == ["run.days=9"]
    with pytest.raises(ConfigurationError, match="magic"):
        experiment("compare", ["executor=magic"])


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ("experiment.strategies=baseline", "must be a list"),
        ("experiment.strategies=null", "must be a list"),
        ("experiment.reference=[baseline]", "must be a word"),
        ("experiment.replications=true", "must be a whole number"),
        ("experiment=1", "must be a group of settings"),
        ("~experiment.seed=1", "every setting is needed"),
        ("executor.workers=1.5", "must be a whole number"),
        ("executor.threads_per_run=null", "must be a whole number"),
        ("+executor.wrokers=2", "There is no setting executor.wrokers; did you mean"),
        ("executor=null", "names no file"),
        ("report=1", "names no file"),
        ("~report=default", "every setting is needed"),
    ],
)
def test_experiment_settings_are_of_their_kind(laboratory: Path, setting: str, said: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        experiment("compare", [setting])
    assert said in str(caught.value)
    values, _, _ = experiment("compare", ["experiment.strategies=[koc_led]"])
    assert values["strategies"] == ["koc_led"]
