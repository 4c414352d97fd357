"""Runs on other machines: the same bytes, nothing lost with a worker, plain words."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from sim.config.loading import load
from sim.console.progress import Standing
from sim.experiments import executors
from sim.experiments.batch import Batch, RunsInterrupted
from sim.experiments.clusters import CLUSTERS, dask, reaching
from sim.experiments.clusters.contract import Described
from sim.experiments.clusters.job import Done, Refused, do_job, job_of
from sim.experiments.executors import ExecutionSettings, run_missing
from sim.experiments.plan import PlannedRun, planned
from sim.parameters.quantity import ConfigurationError
from sim.store.folders import claimed
from sim.store.provenance import code
from sim.store.runs import ResultsError, Store
from tests import ROOT, faraway
from tests.conftest import toy_environment

HERE = Described(queue="here")
TOWN = ["population.households=300", "run.days=20", "run.warmup_days=30"]


def plan(*seeds: int) -> list[PlannedRun]:
    config = load("baseline", TOWN)
    return [planned(config, seed, f"baseline, seed {seed}") for seed in seeds]


def on(results: Path, executor: str, workers: int = 2) -> ExecutionSettings:
    return ExecutionSettings(results, executor, workers, cluster=HERE)


def stored(results: Path, runs: list[PlannedRun]) -> dict[str, bytes]:
    folders = [Store(results).folder(run.key) for run in runs]
    return {
        f"{folder.name}/{path.name}": path.read_bytes()
        for folder in folders
        for path in sorted(folder.glob("*.parquet"))
    }


@pytest.fixture(autouse=True)
def found_by_workers(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv("FARAWAY_MARK", str(tmp_path / "mark"))


@pytest.mark.parametrize("executor", CLUSTERS)
def test_the_model_lives_the_same_bytes_there(tmp_path: Path, executor: str) -> None:
    runs = plan(1, 2, 3)
    run_missing(runs, ExecutionSettings(tmp_path / "here"))
    assert run_missing(runs, on(tmp_path / "there", executor)) == 3
    assert stored(tmp_path / "there", runs) == stored(tmp_path / "here", runs)
    manifest = Store(tmp_path / "there").manifest(runs[0].key)
    assert manifest["done_on"]["processors"] >= 1
    assert manifest["configuration"] == runs[0].config
    assert run_missing(runs, on(tmp_path / "there", executor)) == 0


@pytest.mark.parametrize("executor", CLUSTERS)
def test_a_worker_that_dies_costs_its_run_only(tmp_path: Path, executor: str) -> None:
    runs, mark = plan(1, 2, 3, 4), tmp_path / "mark"
    assert run_missing(runs, on(tmp_path, executor), compute=faraway.killed_once) == 4
    assert mark.exists(), "one was killed"
    run_missing(runs, ExecutionSettings(tmp_path / "here"), compute=faraway.quick)
    assert stored(tmp_path, runs) == stored(tmp_path / "here", runs)
    assert not list(tmp_path.glob("jobs/*")), "what jobs needed is gone"


@pytest.mark.parametrize(("executor", "said"), [("dask", "over the same run"), ("slurm", "seed 2")])
def test_a_run_that_kills_every_worker_is_given_up(
    tmp_path: Path, executor: str, said: str
) -> None:
    runs = plan(1, 2)
    with pytest.raises(ResultsError) as caught:
        run_missing(runs, on(tmp_path, executor, workers=1), compute=faraway.always_killed)
    told = str(caught.value)
    assert said in told
    assert "died 3 times" in told
    assert "1 of 2 runs are finished and kept; the same command continues." in told
    assert run_missing(runs, on(tmp_path, "serial"), compute=faraway.quick) == 1


@pytest.mark.parametrize("executor", CLUSTERS)
def test_what_a_run_refuses_is_said_as_here(tmp_path: Path, executor: str) -> None:
    with pytest.raises(ConfigurationError, match=r"^seed 2 is unlucky\.$"):
        run_missing(plan(1, 2), on(tmp_path, executor), compute=faraway.unlucky)


@pytest.mark.parametrize("executor", CLUSTERS)
def test_progress_is_told_while_runs_are_under_way(
    tmp_path: Path, executor: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FARAWAY_SECONDS", "2")
    told: list[Standing] = []
    run_missing(plan(1), on(tmp_path, executor), told.append, compute=faraway.quick)
    assert told[-1] == Standing(1, 1, 6_000, 6_000)
    lived = [standing.lived for standing in told]
    assert any(0 < each < 6_000 for each in lived), "in the middle of a run, too"


def test_runs_of_another_command_are_waited_for(tmp_path: Path) -> None:
    runs = plan(1, 2)
    batch = Batch(2, 0, runs, on(tmp_path, "slurm"), None)
    with claimed(Store(tmp_path).folder(runs[0].key)) as ours:
        assert ours

        def stop(standing: Standing) -> None:
            if standing == Standing(1, 2, 6_000, 6_000, elsewhere=1):
                raise KeyboardInterrupt

        batch.on_progress = stop
        with pytest.raises(RunsInterrupted, match="1 of 2 runs are finished and kept"):
            batch.do(faraway.quick, lambda: None)
    assert run_missing(runs, on(tmp_path, "slurm"), compute=faraway.quick) == 1


# -- what is checked there -----------------------------------------------------------------


def test_a_worker_with_other_code_does_nothing() -> None:
    (run,) = plan(1)
    back = do_job(job_of(0, run, faraway.quick, 1)._replace(code="another"), lambda day: None)
    assert isinstance(back, Refused)
    assert back.sentence == (
        f"A worker has other code ({code()}) than this machine (another): install the same "
        "versions of the package, NumPy and Numba there, and start its workers anew."
    )


def test_a_configuration_that_arrived_otherwise_is_not_lived() -> None:
    (run,) = plan(1)
    other = replace(run, config={**run.config, "run": {**run.config["run"], "days": 21}})
    job = job_of(0, run, faraway.quick, 1)
    back = do_job(job._replace(run=other), lambda day: None)
    assert isinstance(back, Refused)
    assert "did not arrive at a worker as it was sent" in back.sentence
    assert isinstance(do_job(job, lambda day: None), Done)
    readings = job_of(0, replace(run, key="of something else"), faraway.quick, 1)
    assert isinstance(do_job(readings, lambda day: None), Done), "of the same world"


# -- what cannot be reached ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("executor", "described", "workers", "said"),
    [
        ("dask", Described(address="tcp://127.0.0.1:9"), 0, "does not answer: start it there"),
        ("dask", Described(address="nonsense"), 0, "does not answer"),
        ("dask", Described(address="tcp://127.0.0.1:9"), 2, "workers=2 says nothing"),
        ("slurm", Described(), 0, "There is no Slurm on this machine"),
    ],
)
def test_nobody_there(
    tmp_path: Path,
    executor: str,
    described: Described,
    workers: int,
    said: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))  # without srun, should there be one
    monkeypatch.setattr(dask, "ANSWER_SECONDS", 0.5)
    settings = ExecutionSettings(tmp_path, executor, workers, cluster=described)
    with pytest.raises(ConfigurationError, match=said):
        run_missing(plan(1), settings, compute=faraway.quick)
    assert not list(tmp_path.glob("jobs/*"))


def test_a_queue_that_is_not_known() -> None:
    with pytest.raises(ConfigurationError, match="no queue there; there are slurm, here"):
        Described(queue="there")


@pytest.mark.parametrize("what", [{"minutes": 0}, {"memory_gib": 0.0}])
def test_a_job_needs_time_and_memory(what: dict[str, int]) -> None:
    with pytest.raises(ConfigurationError, match="must be above 0"):
        Described(**what)  # type: ignore[arg-type]


@pytest.mark.parametrize("executor", CLUSTERS)
def test_the_package_that_reaches_it_may_be_missing(
    tmp_path: Path, executor: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reaching, "find_spec", lambda name: None)
    with pytest.raises(ConfigurationError, match=r"pip install 'repurchase\[cluster\]'"):
        run_missing(plan(1), on(tmp_path, executor), compute=faraway.quick)


def test_rules_of_ones_own_stay_on_this_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (run,) = plan(1)
    own = {"file": "mine.py", "function": "f", "sha256": "", "source": ""}
    mine = replace(run, config={**run.config, "rules": {"judge.experience": own}})
    monkeypatch.setattr(executors, "_check_rules", lambda runs: None)
    with pytest.raises(ConfigurationError, match="dask does no runs by rules of your own"):
        run_missing([mine], on(tmp_path, "dask"), compute=faraway.quick)


# -- as users start them -------------------------------------------------------------------


@contextmanager
def started(*words: str, cwd: Path) -> Iterator["subprocess.Popen[str]"]:
    cwd.mkdir(exist_ok=True)
    environment = toy_environment({"FARAWAY_SECONDS": "0.7"})
    command = [sys.executable, "-m", "distributed.cli." + words[0], *words[1:]]
    process = subprocess.Popen(
        command, cwd=cwd, env=environment, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    try:
        yield process
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def test_a_scheduler_with_two_workers_of_which_one_is_killed(tmp_path: Path) -> None:
    runs, address_file = plan(*range(1, 11)), tmp_path / "scheduler.json"
    about = ("--scheduler-file", str(address_file))
    worker = ("dask_worker", *about, "--nthreads", "1", "--no-dashboard", "--no-nanny")
    with (
        started("dask_scheduler", *about, "--port", "0", "--no-dashboard", cwd=tmp_path / "s"),
        started(*worker, cwd=tmp_path / "a") as first,
        started(*worker, cwd=tmp_path / "b"),
    ):
        address = _address(address_file)
        settings = ExecutionSettings(tmp_path / "there", "dask", cluster=Described(address=address))
        killed: list[int] = []

        def kill_half_way(standing: Standing) -> None:
            if standing.finished >= 3 and not killed:
                os.killpg(first.pid, signal.SIGKILL)
                killed.append(standing.finished)

        _wait_for_workers(address, 2)
        assert run_missing(runs, settings, kill_half_way, compute=faraway.quick) == 10
    assert killed
    assert killed[0] < 10, "half-way"
    run_missing(runs, ExecutionSettings(tmp_path / "here"), compute=faraway.quick)
    assert stored(tmp_path / "there", runs) == stored(tmp_path / "here", runs)
    assert not list((tmp_path / "a").rglob("*.parquet")), "no disk is shared, and none is needed"


def _address(file: Path) -> str:
    import json

    while not file.exists():
        time.sleep(0.1)
    address: str = json.loads(file.read_text())["address"]
    return address


def _wait_for_workers(address: str, count: int) -> None:
    import distributed

    with distributed.Client(address, set_as_default=False) as client:
        client.wait_for_workers(count, timeout=60)


@pytest.mark.parametrize(
    "executor", ["dask", pytest.param("slurm executor.queue=here", marks=pytest.mark.slow)]
)
def test_ctrl_c_keeps_what_is_finished(tmp_path: Path, executor: str) -> None:
    words = ["sweep", "baseline", "operator.coupons.strength=0,0.2,0.4,0.6,0.8,1", "-n", "40"]
    town = ["population.households=1500", "run.days=200", "run.warmup_days=30"]
    command = [sys.executable, "-m", "sim", *words, *town, *f"executor={executor}".split()]
    process = subprocess.Popen(
        [*command, "--results", "results"],
        cwd=tmp_path,
        env=toy_environment({}),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    until = time.monotonic() + 120
    finished = "results/runs/[!.]*/manifest.json"  # a run that is being written begins with a dot
    while time.monotonic() < until and len(list(tmp_path.glob(finished))) < 2:
        time.sleep(0.1)
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: everybody hears it
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert said.count("\n") == 1, said
    kept = len(list(tmp_path.glob(finished)))
    assert kept >= 2
    assert f"{kept} of 240 runs are finished and kept; the same command continues." in said
    assert not list(tmp_path.glob("results/jobs/*"))
    assert not list(tmp_path.glob("results/runs/.partial*"))
