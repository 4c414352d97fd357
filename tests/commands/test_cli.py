"""The command line: help, tables, one clear sentence and the exit code."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from rich.table import Table
from typer.testing import CliRunner

from sim.commands.output import print_table, show
from sim.commands.program import app, main
from tests import ROOT, toy
from tests.conftest import Shell, toy_command, toy_environment

runner = CliRunner()


COMMANDS = [
    "run",
    "compare",
    "sweep",
    "validate",
    "backtest",
    "levers",
    "dose",
    "decompose",
    "audit",
    "abtest",
    "individuals",
    "fit",
    "assumptions",
    "robustness",
    "relevel",
    "standstill",
]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_examples(command: str) -> None:
    shown = runner.invoke(app, [command, "--help"], terminal_width=200)
    assert shown.exit_code == 0
    assert f"repurchase {command} " in shown.output
    for option in ("--results", "--config-dir", "--executor", "--seed"):
        assert option in shown.output


def test_a_narrow_terminal_shortens_no_cell(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    monkeypatch.setenv("COLUMNS", "40")
    show("Much", pd.DataFrame({f"heading{i}": [1234.0, 77.25] for i in range(9)}))
    told = re.sub(r"\x1b\[[0-9;]*m", "", capsys.readouterr().out)
    assert told.count("1,234") == told.count("77.25") == 9
    assert "heading8" in told
    assert "…" not in told


def test_a_column_that_does_not_wrap_keeps_its_words(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    table = Table(title="Much")
    for name in ("first", "second", "third"):
        table.add_column(name, no_wrap=True)
    table.add_row("57.3%\n56.7 to 57.9%", "12.7%\n12.1 to 13.3%", "a sentence\nof two lines")
    for columns, one in (("60", "56.7 to 57.9% │ 12.1"), ("44", "57.3%, 56.7 to 57.9%")):
        monkeypatch.setenv("COLUMNS", columns)
        print_table(table)
        told = re.sub(r"\x1b\[[0-9;]*m", "", capsys.readouterr().out)
        assert one in told
        assert "…" not in told


@pytest.mark.parametrize("command", ["run", "check", "diary"])
def test_what_lives_in_one_world_has_the_seed_of_one(command: str) -> None:
    shown = runner.invoke(app, [command, "--help"], terminal_width=200)
    assert "Seed of the world:" in shown.output
    assert "replication" not in shown.output


def test_help_swallows_no_word() -> None:
    shown = runner.invoke(app, ["rule", "--help"], terminal_width=200)
    assert "rules.RULE=my_rules.py" in shown.output


def test_help_imports_nothing_heavy() -> None:
    heavy = "numba pandas matplotlib hydra scipy mesa"
    code = (
        "import sys; from typer.testing import CliRunner; from sim.commands.program import app;"
        "assert CliRunner().invoke(app, ['compare', '--help']).exit_code == 0;"
        f"print(*[name for name in {heavy.split()} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


def test_scenarios_are_listed(laboratory: Path) -> None:
    shown = runner.invoke(app, ["scenarios"])
    assert shown.exit_code == 0
    titles = [line.split()[0] for line in shown.output.splitlines() if line[0] != " "]
    assert titles == sorted(toy.STRATEGIES)
    assert "coupons at strength 0.1, was 0.5" in shown.output


def test_a_scenario_that_cannot_be_read_is_listed_with_its_fault(laboratory: Path) -> None:
    (laboratory / "scenarios" / "torn.yaml").write_text("strategy: {title: Torn\noperator: [")
    shown = runner.invoke(app, ["scenarios"])
    assert shown.exit_code == 0
    assert "torn.yaml cannot be read: line 2" in " ".join(shown.output.split())


def test_scenarios_of_the_working_folder_are_found(
    laboratory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = laboratory / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    assert "mine" not in runner.invoke(app, ["scenarios"]).output
    assert runner.invoke(app, ["new", "mine", "--from", "koc_led"]).exit_code == 0
    assert (elsewhere / "scenarios" / "mine.yaml").exists()
    assert "\nmine " in runner.invoke(app, ["scenarios"]).output
    assert "mine" in runner.invoke(app, ["run", "mine", "run.days=3"]).output


def test_commands_shown_to_be_typed_quote_their_paths(laboratory: Path) -> None:
    (laboratory / "my own").mkdir()
    shown = runner.invoke(app, ["new", "mine", "--config-dir", "my own"])
    assert "repurchase check mine --config-dir 'my own'" in shown.stdout


def test_reference_is_narrowed(laboratory: Path) -> None:
    shown = runner.invoke(app, ["reference", "coupons"])
    assert "depth_percent" in shown.output
    assert "visits_per_day" not in shown.output
    shown = runner.invoke(app, ["reference", "look.visits_per_day"])
    assert "of a fully engaged parent" in shown.output
    shown = runner.invoke(app, ["reference", "--write", "all.md"])
    assert (laboratory / "all.md").read_text().startswith("# Reference")


def test_an_endless_word_is_cited_short(laboratory: Path) -> None:
    shown = runner.invoke(app, ["reference", "9" * 400])
    assert shown.exit_code == 2
    assert "There is no parameter 9999" in shown.stderr
    assert len(shown.stderr) < 200


def test_a_reference_goes_into_a_pipe_not_over_it(laboratory: Path) -> None:
    os.mkfifo("pipe")
    reader = os.open("pipe", os.O_RDONLY | os.O_NONBLOCK)
    assert runner.invoke(app, ["reference", "--write", "pipe"]).exit_code == 0
    assert os.read(reader, 100).startswith(b"# Reference")
    os.close(reader)


@pytest.mark.parametrize("words", ["compare ko", "compare --reference ko", "diary --against ko"])
def test_scenario_names_complete(shell: Shell, words: str) -> None:
    done = shell(
        _REPURCHASE_COMPLETE="complete_bash",
        COMP_WORDS=f"repurchase {words}",
        COMP_CWORD=str(len(words.split())),
    )
    assert done.stdout.split() == ["koc_led"]


def test_run_shows_a_table_and_the_folder(laboratory: Path) -> None:
    shown = runner.invoke(app, ["run", "koc_led", "run.days=3", "--seed", "5", "--keep-orders"])
    assert shown.exit_code == 0, shown.output
    assert "repurchase_rate_365d" in shown.stdout
    folder = Path(shown.stdout.split("Results: ")[1].strip())
    names = {path.name for path in folder.iterdir()}
    assert {"manifest.json", "daily.csv", "daily.parquet", "orders.parquet"} <= names
    again = runner.invoke(app, ["run", "scenarios=koc_led", "run.days=3", "--seed", "5"])
    assert "koc_led" in again.stdout


def test_sweep_shows_a_row_per_point(laboratory: Path) -> None:
    words = ["sweep", "koc_led", "operator.coupons.strength=0,0.5,1", "run.days=3", "-n", "2"]
    shown = runner.invoke(app, words)
    assert shown.exit_code == 0, shown.output
    assert "coupons.strength" in shown.stdout
    assert "rate, 365 days" in shown.stdout
    lines = shown.stdout.splitlines()
    assert len([line for line in lines if " to " in line]) == 3
    assert len([line for line in lines if re.search(r"│ +\d+\.\d% │", line)]) == 3, "as compare"
    shown = runner.invoke(app, [*words[:-1], "1"])
    assert " to " not in shown.stdout, "one world has no interval"
    sampled = ["sweep", "--lhs", "4", "operator.coupons.strength=interval(0,1)", "run.days=3"]
    shown = runner.invoke(app, sampled)
    assert shown.exit_code == 0, shown.output


def test_a_working_folder_that_is_gone_is_told_in_a_sentence(tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    script = 'cd "$1" && rmdir "$1" && shift && exec "$@"'
    command = ["sh", "-c", script, "sh", str(gone), sys.executable, "-m", "sim", "scenarios"]
    root = str(ROOT)
    environment = {**os.environ, "PYTHONPATH": root}
    done = subprocess.run(command, env=environment, text=True, capture_output=True)
    assert done.returncode == 2
    assert done.stderr == "The folder you work in is gone: change to one that is there.\n"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["run", "koc_lead"], "did you mean koc_led?"),
        (["check", "koc_lead"], "did you mean koc_led?"),
        (["new", "mine", "--from", "koc_lead"], "did you mean koc_led?"),
        (["new", "koc_led"], "not overwritten"),
        (["new", "KOC_led"], "not overwritten"),
        (["new", "a/b"], "cannot be the name"),
        (["reference", "coupns"], "did you mean coupons?"),
        (["scenarios", "--config-dir", "nowhere"], "nowhere is not a folder"),
        (["run", "operator.coupns.strength=1"], "did you mean operator.coupons.strength?"),
        (["run", "operator.coupons.strength=3"], "between 0 and 1"),
        (["run", "baseline", "koc_led"], "One scenario at a time"),
        (["run", "--executor", "magic"], "magic"),
        (["run", "--config-dir", "nowhere"], "nowhere is not a folder"),
        (["run", "--seed", str(2**62)], "seed = 4611686018427387904 is impossible"),
        (["compare", "-n", "100001"], "from 1 to 100,000"),
        (["compare", "experiment.replications=0"], "replications = 0 is impossible"),
        (["compare", "report.language=fr", "run.days=3"], "there are en, zh"),
        (["report", "report.language=fr"], "report.language = fr is impossible"),
        (["run", "executor.workers=null"], "executor.workers = None is not possible"),
        (["run", "experiment.keep_orders=maybe"], "must be true or false"),
        (["report", "report=1"], "report=1 names no file"),
        (["report", "results", "results"], "results cannot be read: write key=value"),
        (["report", "report.langauge=fr"], "did you mean report.language?"),
        (["reference", "--write", "conf/simulation.yaml/all.md"], "name another file with --write"),
        (["reference", "--write", "."], "name another file with --write"),
        (["sweep"], "Nothing varies"),
        (["sweep", "run.days=range(1,3)"], "'run.days=interval(1,3)' with --lhs"),
        (["sweep", "--lhs", "2", "run.days=interval(1)"], "'run.days=interval(1,3)' with --lhs"),
        (["sweep", "operator.coupns.strength=1,2"], "did you mean operator.coupons.strength?"),
        (["sweep", "operator.coupons.strength=interval(0,1)"], "--lhs"),
        (
            ["sweep", "--lhs", "2", "run.days=interval(3.1,4.5)"],
            "takes whole numbers only, and this interval has no two of them: write a list, as in "
            "run.days=4,5.",
        ),
        (["sweep", "baseline", "koc_lead", "run.days=1,2"], "did you mean koc_led?"),
        (["sweep", "run.days=1,2", "--reference", "koc_lead"], "did you mean koc_led?"),
        (["sweep", "run.days=1,2", "--where", "run.days"], "--where 'KEY<=KEY'"),
        (["sweep", "run.days=1,2", "--where", "run.days>=3"], "No point keeps"),
        (["levers", "cupons"], "There is no lever cupons; did you mean coupons?"),
        (["levers", "experiment.scenario=base"], "There is no scenario base"),
        (["levers", "experiment.purposes.coupons=visit"], "did you mean visits?"),
        (["dose", "cupons"], "There is no dose curve cupons; did you mean coupons?"),
        (["dose", "operator.coupns.strength=0,1"], "did you mean operator.coupons.strength?"),
        (["dose", "operator.coupons.strength=0"], "did you mean"),
        (["dose", "population=town,city"], "A dose is a number"),
        (["dose", "operator.coupons.strength=1,1"], "A dose is a number, and a curve has several"),
        (["standstill", "run.days=400"], "run.days = 400 is too short to see a drift"),
    ],
)
def test_bad_input_is_one_sentence_and_exit_code_2(
    laboratory: Path, words: list[str], said: str
) -> None:
    shown = runner.invoke(app, words)
    assert shown.exit_code == 2, shown.output
    assert said in shown.stderr
    assert len(shown.stderr.strip().splitlines()) == 1
    assert shown.stdout == ""


def test_unwritable_results(laboratory: Path) -> None:
    (laboratory / "taken").write_text("a file")
    shown = runner.invoke(app, ["run", "run.days=3", "--results", "taken"])
    assert shown.exit_code == 2, shown.output
    assert "--results" in shown.stderr
    assert len(shown.stderr.strip().splitlines()) == 1
    assert (laboratory / "taken").read_text() == "a file"


def test_an_unwritable_folder_is_found_before_anything_is_lived(
    laboratory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = []
    monkeypatch.setattr("sim.experiments.executors.simulate_planned", begun.append)
    (laboratory / "taken").write_text("a file")
    shown = runner.invoke(app, ["run", "run.days=3", "--results", "taken"])
    assert shown.exit_code == 2, shown.output
    assert begun == []


def test_a_terminal_that_lacks_a_character_shows_another(shell: Shell) -> None:
    done = shell("scenarios", PYTHONIOENCODING="ascii", LC_ALL="C")
    assert done.returncode == 0, done.stderr
    assert "koc_led" in done.stdout
    done = shell("run", "run.days=3", "--config-dir", "我的", PYTHONIOENCODING="ascii", LC_ALL="C")
    assert done.returncode == 2
    assert done.stderr.strip().splitlines() == ["--config-dir ?? is not a folder."]


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes everywhere")
def test_read_only_results(laboratory: Path) -> None:
    (laboratory / "locked").mkdir(mode=0o500)
    shown = runner.invoke(app, ["run", "run.days=3", "--results", "locked/results"])
    assert shown.exit_code == 2
    assert "make it writable" in shown.stderr


def test_full_disk(laboratory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    assert runner.invoke(app, ["run", "run.days=3"]).exit_code == 0
    monkeypatch.setattr("sim.store.runs._write", full)
    shown = runner.invoke(app, ["run", "run.days=4"])
    assert shown.exit_code == 2
    assert "is full; finished runs are kept" in shown.stderr
    assert len(list((laboratory / "results" / "runs").iterdir())) == 1


def test_too_little_memory(
    laboratory: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def compute(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr("sim.experiments.executors.simulate_planned", compute)
    monkeypatch.setattr(
        "sim.commands.program.own_process", lambda: None
    )  # it is pytest's, and so is
    monkeypatch.setattr(
        "sim.commands.program.own_environment", lambda: None
    )  # what its processes see
    monkeypatch.setattr("sys.argv", ["repurchase", "run", "run.days=3"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
    told = capsys.readouterr().err
    assert "fewer households" in told
    assert len(told.strip().splitlines()) == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a disk that is always full")
def test_what_is_shown_goes_to_a_full_disk_or_nowhere(tmp_path: Path) -> None:
    toy.write(tmp_path)
    for target, code in (("> /dev/full", 2), (">&-", 0)):
        line = shlex.join(toy_command(tmp_path, "run", "run.days=3"))
        done = subprocess.run(
            ["sh", "-c", f"{line} {target}"],
            cwd=tmp_path,
            env=toy_environment({}),
            stderr=subprocess.PIPE,
            text=True,
        )
        assert done.returncode == code, done.stderr
        assert len(done.stderr.splitlines()) == (1 if code else 0), done.stderr


def test_no_bar_where_there_is_no_terminal(shell: Shell) -> None:
    done = shell("sweep", "operator.coupons.strength=0,1", "run.days=3", "--executor", "serial")
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
