"""Code that scenarios and folders of others name runs only when the user has said so."""

import json
import multiprocessing
import os
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sim import (
    RepurchaseModel,
    Simulator,
    compare,
    load_results,
    simulate,
    sweep,
    validate,
)
from sim.commands.program import app
from sim.config.loading import from_resolved, load, read, resolved
from sim.experiments.executors import ExecutionSettings, run_missing
from sim.experiments.plan import planned
from sim.parameters.quantity import ConfigurationError
from sim.parameters.schema import ReplacedRule
from sim.rules import trusting
from sim.rules.replacing import function_in
from sim.rules.trusting import UntrustedRuleError, trust_as, trusted
from tests import ROOT

runner = CliRunner()
RULE = "believe.trust_after"
MARKER = "has-run"
# It marks that it ran, and is then refused, before an engine is compiled for it.
CODE = f"""open({MARKER!r}, "w").close()
def trust_after(trust, weight, evidence, evidence_weight, p):
    print(trust)
    return trust
"""
MAILED = """# @package _global_
defaults: [baseline, _self_]
strategy: {title: Mailed}
rules:
  believe: {trust_after: notes.txt}
"""
SMALL = ["population.households=50", "run.days=3", "run.warmup_days=2"]
LIVING = {
    "run": ["run", "mailed"],
    "compare": ["compare", "baseline", "mailed", "-n", "1"],
    "equal": ["compare", "baseline", "mailed", "-n", "1", "--budget", "equal"],
    "reference": ["compare", "baseline", "--reference", "mailed", "-n", "1"],
    "sweep": ["sweep", "mailed", "operator.coupons.strength=0,1", "-n", "1"],
    "validate": ["validate", "mailed", "-n", "1"],
    "diary": ["diary", "mailed", "--household", "1"],
    "against": ["diary", "baseline", "--against", "mailed", "--household", "1"],
    "check --try": ["check", "mailed", "--try"],
    "built on it": ["run", "built"],
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with a mailed scenario, in a process that trusts nothing yet."""
    (tmp_path / "scenarios").mkdir()
    (tmp_path / "scenarios" / "mailed.yaml").write_text(MAILED)
    (tmp_path / "scenarios" / "built.yaml").write_text(
        "# @package _global_\ndefaults: [mailed, _self_]\nstrategy: {title: Built}\n"
    )
    (tmp_path / "notes.txt").write_text(f"{CODE}# {tmp_path}")  # a text not met before
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(trusting, "_may_run", set())
    monkeypatch.setenv("COLUMNS", "200")
    return tmp_path


def has_run(folder: Path) -> bool:
    """Whether the mailed code has run; forgotten once it is told."""
    there = (folder / MARKER).exists()
    (folder / MARKER).unlink(missing_ok=True)
    return there


@pytest.mark.parametrize("words", LIVING.values(), ids=LIVING)
def test_what_would_live_by_mailed_code_asks_first(folder: Path, words: list[str]) -> None:
    shown = runner.invoke(app, [*words, *SMALL])
    assert not has_run(folder)
    assert shown.exit_code == 2, shown.output
    assert f"{folder}/scenarios/mailed.yaml, line 5, replaces {RULE}" in shown.stderr
    assert f"read {folder.resolve()}/notes.txt" in shown.stderr
    assert "--trust-rules" in shown.stderr
    assert len(shown.stderr.strip().splitlines()) == 1
    assert not (folder / "results").exists()


@pytest.mark.parametrize("words", LIVING.values(), ids=LIVING)
def test_it_runs_when_the_user_says_so(folder: Path, words: list[str]) -> None:
    shown = runner.invoke(app, [*words, *SMALL, "--trust-rules"])
    assert has_run(folder)
    assert shown.exit_code == 2
    assert f"notes.txt:trust_after cannot replace {RULE}: it prints" in shown.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["scenarios"], "the code of its rules is not run"),
        (["check", "mailed"], "in notes.txt replaces it; not run: read the file"),
        (["explain", "mailed", "--part", "rules"], "not run: read it, and --trust-rules tries it"),
        (["new", "own", "--from", "mailed"], "Edit it"),
        (["reference", "behaviour.believe.kind"], "believe"),
    ],
)
def test_listing_and_checking_never_run_it(folder: Path, words: list[str], said: str) -> None:
    shown = runner.invoke(app, words)
    assert not has_run(folder)
    assert shown.exit_code == 0, shown.output
    assert said in " ".join(shown.output.split())


@pytest.mark.parametrize("words", [["check", "mailed"], ["explain", "mailed"]])
def test_checking_tries_it_when_the_user_says_so(folder: Path, words: list[str]) -> None:
    shown = runner.invoke(app, [*words, "--trust-rules"])
    assert has_run(folder)
    assert "it prints" in shown.stderr


def test_a_rule_given_on_the_command_line_is_trusted_and_no_other(folder: Path) -> None:
    (folder / "scenarios" / "mailed.yaml").write_text(
        MAILED.replace("{trust_after: notes.txt}", "{weight_after: notes.txt:other}")
    )
    (folder / "notes.txt").write_text(
        f"{CODE}# {folder}\n" + "def other(weight, later_weight): return weight\n"
    )
    (folder / "mine.py").write_text(CODE.replace(MARKER, "mine-has-run") + f"# {folder}")
    shown = runner.invoke(app, ["run", "mailed", *SMALL, f"rules.{RULE}=mine.py"])
    assert shown.exit_code == 2
    assert not has_run(folder)
    assert not (folder / "mine-has-run").exists()
    shown = runner.invoke(app, ["run", "baseline", *SMALL, f"rules.{RULE}=mine.py"])
    assert (folder / "mine-has-run").exists()
    assert "mine.py:trust_after cannot replace" in shown.stderr


@pytest.mark.parametrize(
    "rules",
    [
        "{believe: {trust_after: notes.txt}}",
        "{believe.trust_after: notes.txt}",
        "{believe: {heard: own.py}, believe.trust_after: notes.txt}",
    ],
)
def test_what_is_given_stands_in_for_what_the_scenario_names(folder: Path, rules: str) -> None:
    (folder / "own.py").write_text("def heard(trust, evidence, evidence_weight, p): return 1.0\n")
    text = MAILED.partition("rules:")[0] + f"rules: {rules}\n"
    (folder / "scenarios" / "mailed.yaml").write_text(text)
    given = ["rules.believe.trust_after=own.py:other", "rules.believe.heard=own.py"]
    with (folder / "own.py").open("a") as file:
        file.write("def other(trust, weight, evidence, evidence_weight, p): return trust\n")
    config = load("mailed", given)
    assert {own.file for own in config.rules.values()} == {"own.py"}
    with pytest.raises(ConfigurationError):
        load("mailed", ["rules.believe.heard=own.py", "~rules.believe.trust_after"])


def test_a_group_of_a_folder_is_not_trusted_either(folder: Path) -> None:
    own = folder / "own"
    (own / "market").mkdir(parents=True)
    (own / "market" / "odd.yaml").write_text(
        "# @package _global_\ndefaults:\n  - default@market\n  - _self_\n"
        f"rules:\n  {RULE}: {folder}/notes.txt\n"
    )
    words = ["run", "market=odd", *SMALL, "--config-dir", str(own)]
    shown = runner.invoke(app, words)
    assert not has_run(folder)
    assert shown.exit_code == 2
    assert "odd.yaml, line 6, replaces" in shown.stderr
    runner.invoke(app, [*words, "--trust-rules"])
    assert has_run(folder)


def test_the_command_that_draws_rules_asks_first_too(folder: Path) -> None:
    text = (ROOT / "scenarios" / "baseline.yaml").read_text()
    named = text.replace("strategy:", f"rules: {{{RULE}: notes.txt}}\nstrategy:", 1)
    (folder / "scenarios" / "baseline.yaml").write_text(named)
    words = ["rule", RULE]
    shown = runner.invoke(app, words)
    assert not has_run(folder)
    assert shown.exit_code == 2
    assert "baseline.yaml, line" in shown.stderr
    assert "it prints" in runner.invoke(app, [*words, "--trust-rules"]).stderr
    assert has_run(folder)


ASKED: list[Callable[..., object]] = [
    lambda **how: simulate("mailed", SMALL, **how),
    lambda **how: compare(["mailed"], reference="mailed", overrides=SMALL, **how),
    lambda **how: RepurchaseModel.of("mailed", SMALL, **how),
    lambda **how: sweep({"operator.coupons.strength": [0, 1]}, ["mailed"], overrides=SMALL, **how),
    lambda **how: validate("mailed", overrides=SMALL, **how),
    lambda rules={}, **how: Simulator(
        "mailed",
        ["operator.coupons.strength"],
        ["orders"],
        [*SMALL, *(f"rules.{name}={file}" for name, file in rules.items())],
        **how,
    ),
]
NAMES = ["simulate", "compare", "model", "sweep", "validate", "simulator"]


@pytest.mark.parametrize("asked", ASKED, ids=NAMES)
def test_from_python_too(folder: Path, asked: Callable[..., object]) -> None:
    with pytest.raises(UntrustedRuleError, match=r"mailed.yaml, line 5, .*trust_rules=True"):
        asked()
    assert not has_run(folder)
    with pytest.raises(ConfigurationError, match="it prints"):
        asked(trust_rules=True)
    assert has_run(folder)
    with pytest.raises(ConfigurationError, match="it prints"):
        asked(rules={RULE: "notes.txt"})


def test_what_results_say_is_never_run(folder: Path) -> None:
    config = from_resolved(resolved(read("mailed", SMALL)))
    with pytest.raises(UntrustedRuleError, match=r"code of notes\.txt is not run unasked"):
        run_missing([planned(config, 1)], ExecutionSettings(folder / "results"))
    home = folder / "results" / "compare" / "mailed"
    home.mkdir(parents=True)
    manifest = {"configurations": {"mailed": resolved(config)}, "files": {}}
    (home / "manifest.json").write_text(json.dumps(manifest))
    runner.invoke(app, ["report", str(home)])
    with pytest.raises(Exception):  # noqa: B017, PT011
        load_results(home).levels  # noqa: B018
    assert not has_run(folder)


def may_run_elsewhere(source: str) -> bool:
    try:
        function_in("notes.txt", "trust_after", source)
    except UntrustedRuleError:
        return False
    return True


def test_worker_processes_trust_what_their_parent_trusts(folder: Path) -> None:
    trusting.trust([ReplacedRule("notes.txt", "trust_after", "", CODE)])
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, context, trust_as, (trusted(),)) as other:
        told = other.map(may_run_elsewhere, [CODE, f"{CODE}# of somebody else"])
        assert list(told) == [True, False]


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda path: os.mkfifo(path), "it is no ordinary file"),
        (lambda path: path.symlink_to("/dev/zero"), "it is no ordinary file"),
        (lambda path: path.write_bytes(b"#" * (1 << 21)), "larger than"),
        (lambda path: path.write_bytes(b"x = '\xff'\n"), "line 1 is not UTF-8"),
        (lambda path: path.mkdir(), "cannot be read"),
        (lambda path: path.write_text("-" * 100_000 + "1"), "cannot be loaded"),
        (lambda path: path.write_text("x" + "()" * 50_000), "cannot"),
        (lambda path: path.write_text("x = 1\0"), "cannot be loaded"),
        (lambda path: path.write_text("async def g(): pass\n"), "has no function trust_after"),
        (lambda path: path.write_text("def trust_after(a): pass\n"), "it takes (a) and must take"),
    ],
)
def test_odd_files_are_told_of_and_never_waited_for(
    folder: Path, make: Callable[[Path], object], said: str
) -> None:
    (folder / "notes.txt").unlink()
    make(folder / "notes.txt")
    with pytest.raises(ConfigurationError, match=r"notes\.txt") as refused:
        read("mailed")
    assert said in str(refused.value)
    assert len(str(refused.value)) < 300


def test_a_link_is_told_by_where_it_leads(folder: Path) -> None:
    (folder / "notes.txt").rename(folder / "elsewhere.txt")
    (folder / "notes.txt").symlink_to("elsewhere.txt")
    with pytest.raises(UntrustedRuleError, match=r"read \S*/elsewhere.txt, and"):
        load("mailed")
