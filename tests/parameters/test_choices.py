"""Choices are words in whatever people read and write, and numbers in compiled code alone."""

import re
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from sim.agents.model import RepurchaseModel
from sim.behaviour import believe, choose
from sim.commands.program import app
from sim.config.loading import from_resolved, load, read, resolved
from sim.config.overrides import setting, understood
from sim.config.yaml_files import settings_in
from sim.engine.warm_up import begin_strategy
from sim.operator.hooks import lever_records
from sim.operator.levers import broadcast, community
from sim.parameters.quantity import ConfigurationError, as_numbers, as_record, check_ranges
from sim.reference.document import row
from sim.reference.parameters import parameters
from sim.responses.responding import Responses
from sim.responses.writing import summary
from sim.strategy.meaning import sentence
from sim.world.household import COMMUNITY, PRIVATE, SUBSCRIBED
from tests.random_worlds import with_value
from tests.whole_worlds import differences, eventful

runner = CliRunner()
AUDIENCES_ALIKE = re.compile(r"operator\.(?!coupons\.)\w+\.audience\.")  # one lever's will do
CHOICES = {
    each.key: each.words
    for each in parameters()
    if each.words and not AUDIENCES_ALIKE.match(each.key)
}
EACH_WORD = [(key, word) for key, words in CHOICES.items() for word in words]
SMALL = ["population.households=150", "run.days=20", "run.warmup_days=20"]


def at(values: Any, key: str) -> Any:
    for part in key.split("."):
        values = values[part]
    return values


def test_the_choices_of_the_model() -> None:
    assert set(CHOICES) == {
        "behaviour.believe.kind",
        "behaviour.choose.diffusion",
        "behaviour.choose.kind",
        "operator.broadcast.recipients",
        "operator.community.topic",
        "operator.consent_design.design",
        "operator.coupons.audience.lot_by",
        "operator.prediction.pick",
        "population.births_trend",
    }


def test_no_unit_tells_what_numbers_stand_for() -> None:
    numbered = [each.key for each in parameters() if re.match(r"\d+ (?!to \d|per )", each.unit)]
    assert numbered == []


@pytest.mark.parametrize(("key", "word"), EACH_WORD)
def test_a_word_is_itself_in_files_overrides_and_stored_configurations(key: str, word: str) -> None:
    assert settings_in(f"here: {word}\n") == {"here": word}
    for text in (f"{key}={word}", setting(key, word)):
        assert understood(text, ()).value == word
        config = read("baseline", [text])
        values = resolved(config)
        assert at(values, key) == word
        assert from_resolved(values) == config


@pytest.mark.parametrize("key", CHOICES)
@pytest.mark.parametrize("odd", [0, 1, "1", 1.0, True, None, "", [], ["logit"], {"a": 1}, "nil"])
def test_what_is_no_word_is_refused_and_the_words_are_named(key: str, odd: Any) -> None:
    values = resolved(read("baseline"))
    with_value(values, key, odd)
    with pytest.raises(ConfigurationError) as caught:
        from_resolved(values)
    said = str(caught.value)
    assert said.startswith(f"{key} = ")
    assert all(word in said for word in CHOICES[key])
    assert "\n" not in said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "operator.community.topic=1",
            "operator.community.topic = 1 is not possible: it must be unsorted, stage, region or "
            "both.",
        ),
        ("operator.community.topic=stgae", "; did you mean stage?"),
        ("operator.community.topic=STAGE", "; did you mean stage?"),
        ("behaviour.choose.kind='habit first'", "; did you mean habit_first?"),
        ("behaviour.choose.kind=2", "it must be logit, threshold or habit_first."),
        ("behaviour.believe.kind=Beta", "it must be beta or exponential; did you mean beta?"),
    ],
)
def test_a_refusal_says_what_is_near(text: str, said: str) -> None:
    shown = runner.invoke(app, ["check", "baseline", text])
    assert shown.exit_code == 2
    assert shown.stderr.strip().endswith(said)


def test_a_scenario_with_an_old_number_is_refused(tmp_path: Path) -> None:
    assert runner.invoke(app, ["new", "mine", "--config-dir", str(tmp_path)]).exit_code == 0
    path = tmp_path / "scenarios" / "mine.yaml"
    text = path.read_text()
    assert "    topic: unsorted  # unsorted, stage, region or both: what chats are about" in text
    path.write_text(text.replace("topic: unsorted", "topic: 2"))
    with pytest.raises(ConfigurationError, match=r"topic = 2 .* unsorted, stage, region or both"):
        read("mine", (), tmp_path)


def test_a_word_put_in_from_python_is_checked() -> None:
    with pytest.raises(ConfigurationError, match="kind = probit is not possible"):
        check_ranges(replace(load("baseline").behaviour.choose, kind="probit"))


@pytest.mark.parametrize(("key", "word"), EACH_WORD)
def test_a_record_holds_the_place_of_the_word(key: str, word: str) -> None:
    config = read("baseline", [f"{key}={word}"])
    part, *path = key.split(".")
    if part == "operator":
        record = lever_records(config.operator)[path[0]]
        for inner in path[1:-1]:
            record = record[inner]
    else:
        record = as_record(getattr(config, part))
        record = record[path[0]] if len(path) > 1 else record
    assert record[path[-1]] == CHOICES[key].index(word)
    if part == "behaviour":
        assert getattr(getattr(as_numbers(config.behaviour), path[0]), path[1]) == record[path[-1]]


@pytest.mark.parametrize(("key", "word"), EACH_WORD)
def test_windows_live_by_each_word_as_the_engine_does(key: str, word: str) -> None:
    config = eventful(150, "run.days=30", "run.warmup_days=40", f"{key}={word}")
    engine, windows = RepurchaseModel(config, 1), RepurchaseModel(config, 1)
    for model in (engine, windows):
        begin_strategy(model, keep=False)
    windows.by_windows = True
    for _ in range(10):
        engine.step()
        windows.step()
        assert differences(engine, windows) == []


def test_what_rules_compare_with_is_the_place_of_the_word_of_its_name() -> None:
    for module, words in (
        (choose, choose.KINDS),
        (choose, choose.DIFFUSIONS),
        (believe, believe.KINDS),
    ):
        for word in words:
            assert getattr(module, word.upper()) == words.index(word)
    assert community.TOPICS[community.UNSORTED] == "unsorted"
    for word in ("stage", "region", "both"):
        assert getattr(community, f"BY_{word.upper()}") == community.TOPICS.index(word)
    needed = dict(zip(CHOICES["operator.broadcast.recipients"], broadcast.NEEDED, strict=True))
    assert needed == {
        "subscribers": SUBSCRIBED,
        "private_domain": PRIVATE,
        "group_members": COMMUNITY,
    }


def test_every_number_and_switch_is_still_in_its_record() -> None:
    config = read("integrated")
    for name, own in vars(config.operator).items():
        if name == "operations":
            continue
        record = lever_records(config.operator)[name]
        for item in fields(own):
            if "words" not in item.metadata and item.name != "audience":
                assert record[item.name] == getattr(own, item.name), (name, item.name)


def test_each_word_of_a_lever_has_its_own_sentence() -> None:
    for key, words in CHOICES.items():
        if not key.startswith("operator."):
            continue
        some = "operator.coupons.audience.lot=0.5"  # else there is nobody to be drawn together
        told = {
            sentence(read("baseline", [f"{key}={word}", some]), key.split(".")[1]) for word in words
        }
        assert len(told) == len(words), key


def test_reference_and_explain_tell_words() -> None:
    (topic,) = (each for each in parameters() if each.key == "operator.community.topic")
    cells = row(topic)
    assert cells[1:3] == ("unsorted", "unsorted, stage, region or both")
    told = runner.invoke(app, ["reference", topic.key]).output
    assert "one of       unsorted, stage, region or both" in told
    told = runner.invoke(app, ["explain", "integrated", "--part", "operator.community"]).output
    assert "stage" in told
    told = runner.invoke(app, ["reference", "operator.reminders.needs_consent"]).output
    assert "one of       true or false" in told


def test_a_rule_s_response_over_a_choice_is_told_by_words() -> None:
    responses = Responses("believe.trust_after", read("baseline", ["behaviour.believe.kind=beta"]))
    ends = summary(responses).set_index("input").loc["behaviour.believe.kind"]
    assert list(ends[["from", "typical", "to"]]) == ["beta", "beta", "exponential"]
    table = responses.table
    mine = table[table["input"] == "behaviour.believe.kind"]
    assert list(mine["word"]) == ["beta", "exponential"]
    assert mine["response"].nunique() == 2
    assert set(table.loc[table["input"] == "trust", "word"]) == {""}
    other = Responses(
        "believe.trust_after", read("baseline", ["behaviour.believe.kind=exponential"])
    )
    assert np.isclose(other.answer({}), mine["response"].iloc[1])


def test_a_sweep_over_words(tmp_path: Path) -> None:
    words = ["sweep", "operator.community.topic=unsorted,stage", "-n", "1", *SMALL]
    shown = runner.invoke(app, [*words, "--results", str(tmp_path), "--executor", "serial"])
    assert shown.exit_code == 0, shown.output
    (table,) = tmp_path.glob("sweep/*/points.csv")
    assert list(pd.read_csv(table)["operator.community.topic"]) == ["unsorted", "stage"]
    refused = runner.invoke(app, ["sweep", "operator.community.topic=0,1", *SMALL])
    assert refused.exit_code == 2
    assert "must be unsorted, stage, region or both" in refused.stderr
