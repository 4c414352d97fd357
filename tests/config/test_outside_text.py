"""Settings that somebody else wrote: what a text may say, and that nothing in it is filled in."""

import os
import time
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from sim.commands.program import app
from sim.config.loading import load
from sim.config.yaml_files import read_settings, settings_in
from sim.parameters.quantity import ConfigurationError
from sim.text.incoming import UnreadableError
from sim.text.outgoing import cited, in_one_line
from tests import ROOT, shipped, toy

runner = CliRunner()
BOMB = "a0: &a0 [x, x]\n" + "".join(
    f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]\n" for i in range(1, 12)
)
SECRET = "it-is-a-secret-of-the-environment"


def refusal(config_dir: Path | None, scenario: str = "baseline", *overrides: str) -> str:
    with pytest.raises(ConfigurationError) as caught:
        load(scenario, overrides, config_dir)
    return str(caught.value)


# -- what a text says -----------------------------------------------------------------------


def test_words_numbers_switches_and_groups_are_read() -> None:
    text = "a: {b: [1, 2.5, -3e2, yes, off, null, ~, x y, '1', _0, ._0]}\nno: 1_000\n2: .inf\n"
    values: dict[str, Any] = {
        "a": {"b": [1, 2.5, -300.0, True, False, None, None, "x y", "1"]},
        "no": 1000,
    }
    values["a"]["b"] += ["_0", "._0"]
    assert settings_in(text) == {**values, "2": float("inf")}
    assert settings_in("") is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: 1\nb: 010\n", "line 2: 010 can be read as more than one number"),
        ("a: 0o10\n", "line 1: 0o10 can be read"),
        ("a: 0x1F\n", "line 1: 0x1F can be read"),
        ("a: 1:30\n", "line 1: 1:30 can be read"),
        ("a: 1\nb: 1e-400\n", "line 2: 1e-400 is further from 1 than numbers can tell"),
        ("a: -2.5e309\n", "line 1: -2.5e309 is further from 1 than numbers can tell"),
        ("a: 1\na: 2\n", "line 2: a is there twice"),
        ("a: &x 1\nb: *x\n", "line 1: settings do not refer"),
        ("a: 1\nb: *x\n", "line 2: settings do not refer"),
        (BOMB, "line 1: settings do not refer"),
        ("a: 1\n<<: {b: 2}\n", "line 2: settings are not merged"),
        ("a: !!python/object/apply:os.getcwd []\n", "line 1: settings have no tags"),
        ("a: !!binary aGk=\n", "line 1: settings have no tags"),
        ("a: !!str 1\n", "line 1: settings have no tags"),
        ("? [a, b]\n: 1\n", "line 1: the name of a setting is a word"),
        ("a: ${oc.env:HOME}\n", "line 1: ${oc.env:HOME} asks for something to be filled in"),
        ("a: 'x ${b}'\n", "asks for something to be filled in"),
        ("${a}: 1\n", "asks for something to be filled in"),
        ("a: [1\nb: 2\n", "line 2"),
        ("a: " + "[" * 150 + "\n", "levels deep"),
        ("a: " + "[" * 5000 + "\n", "dep"),  # deep, or the depth that the parser allows
        ("a: [" + "1, " * 30_000 + "]\n", "more than 20,000 values"),
        ("a: " + "x" * 30_000 + "\n", "more than 20,000 characters"),
        ("a: 1\n--- \nb: 2\n", "line 2: nothing may follow"),
        ("---\na: 1\n...\nb: 2\n", "line 4: nothing may follow"),
        ("---\na: 1\n", "looks cut off"),
        ("a: 1\nb: 2", "line 2 looks cut off"),
    ],
)
def test_what_a_text_cannot_say_is_refused_with_its_line(text: str, said: str) -> None:
    begin = time.perf_counter()
    with pytest.raises(UnreadableError) as caught:
        settings_in(text)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)
    assert time.perf_counter() - begin < 2


def test_every_file_of_the_package_is_read_as_it_was_meant() -> None:
    root = ROOT
    for path in [*root.glob("conf/**/*.yaml"), *shipped.FILES]:
        assert isinstance(read_settings(path), dict), path


@pytest.mark.parametrize("name", shipped.SHIPPED)
def test_a_scenario_cut_anywhere_is_noticed(name: str, tmp_path: Path) -> None:
    whole = (shipped.HOME / f"{name}.yaml").read_bytes()
    path = tmp_path / "scenarios" / f"{name}.yaml"
    path.parent.mkdir()
    for end in range(0, len(whole) - len("\n"), 7):
        path.write_bytes(whole[:end])
        assert f"{name}.yaml" in refusal(tmp_path, name)


def test_a_value_is_cited_short_and_without_what_a_terminal_obeys() -> None:
    assert cited("x" * 500) == "x" * 59 + "…"
    assert cited([1, 2]) == "[1, 2]"
    assert in_one_line("a\x1b[31m\n\udcff温和") == "a\\x1b[31m\\n\\udcff温和"


# -- nothing is filled in -------------------------------------------------------------------

FILLED = "${oc.env:TOLD}"


@pytest.mark.parametrize(
    "defaults", ["", "defaults: [{override /population: city}, _self_]\n"], ids=["plain", "groups"]
)
@pytest.mark.parametrize("filled", [FILLED, "${oc.decode:${oc.env:TOLD}}", "${run.days}"])
def test_a_scenario_never_learns_of_the_environment(
    laboratory: Path, monkeypatch: pytest.MonkeyPatch, defaults: str, filled: str
) -> None:
    monkeypatch.setenv("TOLD", SECRET)
    text = toy.scenario(f'"{filled}"') + defaults
    (laboratory / "scenarios" / "mine.yaml").write_text(text)
    for words in (["run", "mine", "run.days=3"], ["check", "mine"], ["scenarios"]):
        shown = runner.invoke(app, words)
        assert "mine.yaml cannot be read: line 4" in " ".join(shown.output.split())
        assert SECRET not in shown.output
    for path in (laboratory / "results").rglob("*"):
        assert path.is_dir() or SECRET.encode() not in path.read_bytes()


@pytest.mark.parametrize(
    "setting",
    [
        f"strategy.title={FILLED}",
        f"strategy.title='{FILLED}'",
        "strategy.title=$\\{oc.env:TOLD\\}",
        f"population.regions=[{{name: '{FILLED}', share: 1}}]",
        f"population={FILLED}",
        f"experiment.scenario={FILLED}",
        f"executor.name={FILLED}",
    ],
)
def test_a_setting_never_learns_of_the_environment(
    laboratory: Path, monkeypatch: pytest.MonkeyPatch, setting: str
) -> None:
    monkeypatch.setenv("TOLD", SECRET)
    shown = runner.invoke(app, ["run", "run.days=3", setting])
    assert shown.exit_code == 2, shown.output
    assert SECRET not in shown.output
    assert len(shown.stderr.splitlines()) == 1
    assert not (laboratory / "results").exists()


def test_a_folder_of_ones_own_never_learns_of_the_environment(
    laboratory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOLD", SECRET)
    own = laboratory / "own" / "population"
    own.mkdir(parents=True)
    (own / "village.yaml").write_text(f"defaults: [town]\nname: {FILLED}\n")
    message = refusal(laboratory / "own", "baseline", "population=village")
    assert "village.yaml cannot be read: line 2" in message
    (own / "village.yaml").write_text(f"defaults: ['{FILLED}']\n")
    assert "village.yaml cannot be read: line 1" in refusal(
        laboratory / "own", "baseline", "population=village"
    )


# -- a folder of one's own ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("households: [", "village.yaml cannot be read: line"),
        ("- 1\n", "village.yaml has no settings"),
        ("defaults: town\n", "village.yaml: `defaults` must be a list"),
        ("defaults: [[town]]\n", "village.yaml: `defaults` must be a list"),
        ("defaults: [{a: b, c: d}]\n", "village.yaml: `defaults` must be a list"),
        ("defaults: [village]\n", "build on one another in a circle"),
        ("defaults: [../../simulation]\n", "There is no"),
        ("hydra: {run: {dir: x}}\n", "village.yaml: hydra is no setting"),
        ("# @package a b c\nhouseholds: 3\n", "village.yaml begins oddly"),
        (BOMB, "village.yaml cannot be read: line 1"),
        ("households: \udcff\n", "village.yaml cannot be read: line 1 is not UTF-8"),
        ("defaults: [town]\nhouseholds: .nan\n", "population.households"),
        ("x" * (2 << 20), "village.yaml cannot be read: it is larger than"),
    ],
)
def test_a_fault_in_a_folder_of_ones_own_is_one_sentence(
    laboratory: Path, text: str, said: str
) -> None:
    folder = laboratory / "own" / "population"
    folder.mkdir(parents=True)
    (folder / "village.yaml").write_bytes(text.encode(errors="surrogateescape"))
    shown = runner.invoke(app, ["explain", "population=village", "--config-dir", "own"])
    assert shown.exit_code == 2, shown.output
    assert said in shown.stderr
    assert len(shown.stderr.splitlines()) == 1


def test_a_pipe_is_not_waited_for(laboratory: Path) -> None:
    (laboratory / "own" / "population").mkdir(parents=True)
    os.mkfifo(laboratory / "own" / "population" / "village.yaml")
    os.mkfifo(laboratory / "scenarios" / "piped.yaml")
    (laboratory / "scenarios" / "endless.yaml").symlink_to("/dev/zero")
    said = refusal(laboratory / "own", "baseline", "population=village")
    assert "village.yaml cannot be read: it is no ordinary file" in said
    shown = runner.invoke(app, ["scenarios"])
    assert shown.exit_code == 0
    assert " ".join(shown.output.split()).count("ordinary file") == 2


def test_a_bomb_is_listed_in_no_time(laboratory: Path) -> None:
    (laboratory / "scenarios" / "bomb.yaml").write_text(BOMB + toy.scenario("Bomb"))
    begin = time.perf_counter()
    shown = runner.invoke(app, ["scenarios"])
    assert "bomb.yaml cannot be read: line 1" in " ".join(shown.output.split())
    assert time.perf_counter() - begin < 5


def test_a_reference_of_files_that_build_on_each_other_ends(laboratory: Path) -> None:
    folder = laboratory / "own" / "population"
    folder.mkdir(parents=True)
    (folder / "town.yaml").write_text("defaults: [a/../town, other]\nhouseholds: 3\n")
    (folder / "other.yaml").write_text("defaults: [town]\nhouseholds: 3\n")
    shown = runner.invoke(app, ["reference", "households", "--config-dir", "own"])
    assert shown.exit_code == 2, shown.output
    assert len(shown.stderr.splitlines()) == 1


# -- facts of one's own ---------------------------------------------------------------------

HEADER = "id,kind,kpi,who,condition,value,low,high,unit,role,source,note\n"


def test_facts_of_ones_own_come_first(tmp_path: Path) -> None:
    from sim.evidence.facts import load_facts
    from sim.strategy.meaning import facts_of

    (tmp_path / "evidence").mkdir()
    table = tmp_path / "evidence" / "facts.csv"
    table.write_text(HEADER + "I07,input,mine,w,,.5,0,1,share,input,R1,\n")
    assert [fact.kpi for fact in load_facts(config_dir=tmp_path)] == ["mine"]
    told, unknown = facts_of(load("baseline", (), tmp_path), tmp_path)
    assert ([fact.kpi for fact in told], "I12" in unknown) == (["mine"], True)
    shown = runner.invoke(app, ["check", "--config-dir", str(tmp_path)])
    assert "mine, w: 0.5 share" in shown.output
    for row, said in (
        ("I07,input,a,w,,nan,0,1,share,input,R1,\n", "line 2: the value of I07 lies outside"),
        ("I07,input,a,w,,1,-inf,1,share,input,R1,\n", "line 2: the value of I07 lies outside"),
        ("I07,input,a\n", "line 2 has more or fewer cells"),
        ("I07,input,a,w,,1,0,1,share,input,R1,,x\n", "line 2 has more or fewer cells"),
        ('I07,input,"a\n', "cannot be read: unexpected end"),
    ):
        table.write_text(HEADER + row)
        shown = runner.invoke(app, ["check", "--config-dir", str(tmp_path)])
        assert shown.exit_code == 2, shown.output
        assert said in shown.stderr
        assert len(shown.stderr.splitlines()) == 1
