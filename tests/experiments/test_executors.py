"""Runs one after the other, in threads, in processes; stopped, killed, resumed."""

import os
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from sim.config.loading import load
from sim.console.progress import Standing
from sim.experiments.clusters import CLUSTERS
from sim.experiments.executors import EXECUTORS, ExecutionSettings, run_missing
from sim.experiments.plan import PlannedRun, planned, replication_seeds
from sim.parameters.quantity import ConfigurationError
from sim.store.result import Result
from sim.store.runs import TABLES, ResultsError, Store
from tests import toy
from tests.conftest import toy_command, toy_environment

HERE = [name for name in EXECUTORS if name not in CLUSTERS]


def plan(*scenarios: str, replications: int = 2) -> list[PlannedRun]:
    return [
        planned(load(name, ["run.days=10"]), seed, f"{name}, seed {seed}")
        for name in scenarios
        for seed in range(1, replications + 1)
    ]


def begun(log: Path) -> Counter[str]:
    return Counter(log.read_text().split()) if log.exists() else Counter()


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TOY_LOG", str(tmp_path / "log"))
    return tmp_path / "log"


@pytest.mark.parametrize("executor", HERE)
def test_same_results_whatever_the_executor(laboratory: Path, executor: str) -> None:
    runs = plan("baseline", "koc_led")
    plain = [toy.compute(run, lambda day: None) for run in runs]
    settings = ExecutionSettings(laboratory / "results", executor, 2)
    assert run_missing(runs, settings, compute=toy.compute) == 4
    for run, expected in zip(runs, plain, strict=True):
        found = Store(settings.results).read(run.key)
        for name in TABLES[:-1]:
            pd.testing.assert_frame_equal(getattr(found, name), getattr(expected, name))


def test_only_what_is_missing_is_computed(laboratory: Path, log: Path) -> None:
    settings = ExecutionSettings(laboratory / "results", "threads", 2)
    runs = plan("baseline", replications=2)
    assert run_missing([*runs, *runs], settings) == 2
    assert run_missing(runs, settings) == 0
    assert run_missing(plan("baseline", replications=5), settings) == 3
    assert run_missing(plan("baseline", "koc_led", replications=5), settings) == 5
    assert set(begun(log).values()) == {1}


def test_torn_run_is_said_and_computed_again(
    laboratory: Path, log: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = ExecutionSettings(laboratory / "results")
    runs = plan("baseline", replications=3)
    run_missing(runs, settings)
    torn = Store(settings.results).folder(runs[1].key)
    (torn / "daily.parquet").write_bytes(b"torn")
    assert run_missing(runs, settings) == 1
    said = capsys.readouterr().err
    assert "daily.parquet is torn" in said
    assert len(said.splitlines()) == 1
    assert begun(log)[runs[1].key] == 2
    assert run_missing(runs, settings) == 0


def test_an_error_in_a_run_is_told_and_others_are_kept(laboratory: Path) -> None:
    runs = plan("baseline", replications=4)

    def compute(run: PlannedRun, on_day: Callable[[int], None]) -> Result:
        if run.seed == 3:
            raise ConfigurationError("seed 3 is unlucky.")
        return toy.compute(run, on_day)

    settings = ExecutionSettings(laboratory / "results")
    with pytest.raises(ConfigurationError, match="unlucky"):
        run_missing(runs, settings, compute=compute)
    store = Store(settings.results)
    assert [store.finished(run.key) for run in runs] == [True, True, False, False]


@pytest.mark.parametrize(("executor", "threads"), [("serial", 5), ("threads", 1), ("processes", 1)])
def test_threads_inside_a_run(laboratory: Path, executor: str, threads: int) -> None:
    assert ExecutionSettings(laboratory, executor, 2).threads == (0 if executor == "serial" else 1)
    if executor == "processes":
        return
    seen = []

    def compute(run: PlannedRun, on_day: Callable[[int], None]) -> Result:
        seen.append(run.config["run"]["threads"])
        return toy.compute(run, on_day)

    run = planned(load("baseline", ["run.threads=5", "run.days=3"]), 1)
    run_missing([run], ExecutionSettings(laboratory / "results", executor, 2), compute=compute)
    assert seen == [threads]


def test_progress_counts_household_days(laboratory: Path) -> None:
    told: list[Standing] = []
    run_missing(plan("baseline"), ExecutionSettings(laboratory / "results"), told.append)
    assert told[-1] == Standing(finished=2, runs=2, lived=2000, to_live=2000)
    lived = [standing.lived for standing in told]
    assert lived == sorted(lived)
    assert 500 in lived


def test_replications_extend_and_seeds_share_no_world() -> None:
    assert replication_seeds(1, 20)[:10] == replication_seeds(1, 10)
    assert len({*replication_seeds(1, 50), *replication_seeds(2, 50)}) == 100


def test_unknown_executor() -> None:
    with pytest.raises(ConfigurationError, match="serial, threads, processes"):
        ExecutionSettings(Path("results"), "magic")


def test_killed_worker_is_named_and_finished_runs_are_kept(
    laboratory: Path, log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOY_KILL", "4")
    runs = plan("baseline", "koc_led", replications=3)
    settings = ExecutionSettings(laboratory / "results", "processes", 1)
    with pytest.raises(ResultsError) as caught:
        run_missing(runs, settings)
    assert "koc_led, seed 1" in str(caught.value)
    assert "3 of 6 runs are finished and kept; the same command continues" in str(caught.value)
    assert run_missing(runs, settings) == 3


def interrupted(command: list[str], when: Callable[[], bool], **environment: str) -> str:
    """What a sweep of the toy says that meets Ctrl-C at a moment."""
    folder = Path(command[3])
    process = subprocess.Popen(
        command,
        stderr=subprocess.PIPE,
        text=True,
        env=toy_environment({"TOY_LOG": str(folder / "log"), **environment}),
        cwd=folder,
    )
    _wait_for(process, when)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130, said
    return said


def a_sweep(folder: Path, executor: str, workers: int, worlds: int) -> list[str]:
    toy.write(folder)
    words = ["sweep", "operator.coupons.depth_percent=1,2,3", "-n", str(worlds), "run.days=30"]
    return toy_command(folder, *words, "--executor", executor, "--workers", str(workers))


@pytest.mark.parametrize("executor", HERE)
def test_interrupt_keeps_what_is_finished(tmp_path: Path, executor: str) -> None:
    command, log = a_sweep(tmp_path, executor, workers=2, worlds=2), tmp_path / "log"
    said = interrupted(command, lambda: sum(begun(log).values()) >= 4, TOY_SECONDS="0.3")
    kept = len(list((tmp_path / "results" / "runs").iterdir()))
    assert 0 < kept < 6
    assert said == f"Stopped: {kept} of 6 runs are finished and kept; the same command continues.\n"
    finished = subprocess.run(command, env=toy_environment({"TOY_LOG": str(log)}), cwd=tmp_path)
    assert finished.returncode == 0
    assert sum(begun(log).values()) <= 6 + 2  # only those under way began twice


@pytest.mark.parametrize("executor", ["threads", "processes"])
def test_an_interrupt_does_not_wait_for_a_run_that_compiles(tmp_path: Path, executor: str) -> None:
    command, log = a_sweep(tmp_path, executor, workers=1, worlds=1), tmp_path / "log"
    said = interrupted(command, lambda: sum(begun(log).values()) == 3, TOY_DEAF="3")
    assert said == "Stopped: 2 of 3 runs are finished and kept; the same command continues.\n"


@pytest.mark.parametrize("executor", ["threads", "processes"])
def test_an_interrupt_waits_for_a_run_that_has_lived(tmp_path: Path, executor: str) -> None:
    command = a_sweep(tmp_path, executor, workers=1, worlds=1)
    said = interrupted(command, (tmp_path / "log.lived").exists, TOY_RECKONS="6")
    assert said == "Stopped: 1 of 3 runs are finished and kept; the same command continues.\n"


def test_workers_leave_when_their_parent_is_killed(tmp_path: Path) -> None:
    toy.write(tmp_path)
    words = ["sweep", "operator.coupons.depth_percent=1,2,3", "-n", "4", "--executor", "processes"]
    environment = {"TOY_LOG": str(tmp_path / "log"), "TOY_SECONDS": "0.5"}
    command = toy_command(tmp_path, *words)
    process = subprocess.Popen(command, env=toy_environment(environment), cwd=tmp_path, text=True)
    _wait_for(process, lambda: sum(begun(tmp_path / "log").values()) >= 1)
    process.kill()
    process.wait()
    time.sleep(2.5)
    quiet = begun(tmp_path / "log")
    time.sleep(1.5)
    assert begun(tmp_path / "log") == quiet
    assert sum(quiet.values()) < 12


def _wait_for(process: "subprocess.Popen[str]", happened: Callable[[], bool]) -> None:
    while not happened():
        assert process.poll() is None, "it ended before anything happened"
        time.sleep(0.02)


def test_processes_do_not_inherit_ctrl_c(laboratory: Path) -> None:
    """Ctrl-C on a terminal reaches the workers too; the parent alone answers it."""
    runs = plan("baseline", replications=1)
    settings = ExecutionSettings(laboratory / "results", "processes", 1)
    assert run_missing(runs, settings, compute=interrupt_oneself) == 1


def interrupt_oneself(run: PlannedRun, on_day: Callable[[int], None]) -> Result:
    os.kill(os.getpid(), signal.SIGINT)
    return toy.compute(run, on_day)
