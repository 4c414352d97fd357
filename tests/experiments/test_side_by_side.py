"""Several processes in one folder of results: each run is computed once, and nobody is refused."""

import ctypes
import errno
import io
import os
import resource
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pandas as pd
import pytest

import sim.store.folders.claims
import sim.store.folders.writing
from sim.commands import program
from sim.config.loading import load
from sim.console.progress import Standing
from sim.experiments import compare
from sim.experiments.executors import EXECUTORS, ExecutionSettings, run_missing
from sim.experiments.plan import PlannedRun, planned
from sim.report.page import write_page
from sim.store.folders import (
    ResultsError,
    alone,
    claimed,
    read_manifest,
    read_table,
    steadily,
    whole_folder,
)
from sim.store.runs import Store, write_tables
from tests import toy
from tests.conftest import toy_command, toy_environment
from tests.stored_comparison import write_comparison

SWEEP = ("sweep", "operator.coupons.depth_percent=1,2,3", "-n", "2", "run.days=30")


def started(folder: Path, *words: str, **environment: str) -> "subprocess.Popen[str]":
    environment = {"TOY_LOG": str(folder / "log"), **environment}
    return subprocess.Popen(
        toy_command(folder, *words),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=toy_environment(environment),
        cwd=folder,
    )


def begun(folder: Path) -> Counter[str]:
    log = folder / "log"
    return Counter(log.read_text().split()) if log.exists() else Counter()


def wait_until(happened: Callable[[], bool]) -> None:
    until = time.monotonic() + 60
    while not happened():
        assert time.monotonic() < until
        time.sleep(0.01)


def hidden(folder: Path) -> list[Path]:
    return list(folder.rglob(".*"))


def test_what_is_claimed_lies_in_folders_that_last(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    flushed = []
    monkeypatch.setattr(os, "fsync", lambda handle: flushed.append(os.fstat(handle).st_ino))
    with claimed(tmp_path / "results" / "compare" / "some"):
        pass
    assert flushed == [(tmp_path / "results").stat().st_ino, tmp_path.stat().st_ino]


def test_a_claim_that_cannot_be_closed_is_given_up_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Stubborn(io.FileIO):
        def close(self) -> None:
            super().close()
            raise OSError(errno.EIO, "the file server is gone")

    monkeypatch.setattr(sim.store.folders.claims, "_opened", lambda claim: Stubborn(claim, "w"))
    with claimed(tmp_path / "some") as ours:
        assert ours
    assert hidden(tmp_path) == []


@pytest.mark.parametrize("number", [3, pytest.param(10, marks=pytest.mark.slow)])
def test_many_processes_compute_every_run_once(tmp_path: Path, number: int) -> None:
    toy.write(tmp_path)
    how = [("--executor", EXECUTORS[i % 3], "--workers", "2") for i in range(number)]
    processes = [started(tmp_path, *SWEEP, *words, TOY_SECONDS="0.5") for words in how]
    ended = [(*process.communicate(timeout=240), process.returncode) for process in processes]
    assert [(said, code) for _, said, code in ended] == [("", 0)] * number
    assert len({shown for shown, _, _ in ended}) == 1
    assert len(begun(tmp_path)) == 6
    assert set(begun(tmp_path).values()) == {1}
    assert hidden(tmp_path / "results") == []
    (folder,) = (tmp_path / "results" / "sweep").iterdir()
    assert len(read_table(folder, "runs")) == 6


@pytest.mark.parametrize("executor", ["serial", "threads"])
def test_a_run_is_taken_over_when_who_did_it_dies(tmp_path: Path, executor: str) -> None:
    toy.write(tmp_path)
    first = started(tmp_path, *SWEEP, "--executor", "serial", TOY_DEAF="1")
    wait_until(lambda: sum(begun(tmp_path).values()) == 1)
    second = started(tmp_path, *SWEEP, "--executor", executor)
    wait_until(lambda: sum(begun(tmp_path).values()) == 6)  # all but the one that is claimed
    time.sleep(0.5)
    assert second.poll() is None
    assert set(begun(tmp_path).values()) == {1}
    first.kill()
    _, said = second.communicate(timeout=60)
    assert (second.returncode, said) == (0, "")
    assert sorted(begun(tmp_path).values()) == [1, 1, 1, 1, 1, 2]
    first.communicate()


@pytest.mark.parametrize("executor", ["serial", "threads"])
def test_ctrl_c_ends_the_waiting_for_another(tmp_path: Path, executor: str) -> None:
    toy.write(tmp_path)
    first = started(tmp_path, *SWEEP, "--executor", "serial", TOY_DEAF="1")
    try:
        wait_until(lambda: sum(begun(tmp_path).values()) == 1)
        second = started(tmp_path, *SWEEP, "--executor", executor)
        wait_until(lambda: len(list((tmp_path / "results/runs").glob("[!.]*"))) == 5)
        time.sleep(0.5)
        second.send_signal(signal.SIGINT)
        _, said = second.communicate(timeout=60)
        assert said == "Stopped: 5 of 6 runs are finished and kept; the same command continues.\n"
        assert second.returncode == 130
    finally:
        first.kill()
        first.communicate()


def plan(replications: int) -> list[PlannedRun]:
    config = load("baseline", ["run.days=10"])
    return [planned(config, seed, f"seed {seed}") for seed in range(replications)]


@pytest.mark.parametrize("executor", ["serial", "threads"])
def test_progress_tells_what_another_process_does(laboratory: Path, executor: str) -> None:
    runs, told = plan(3), list[Standing]()
    store = Store(laboratory / "results")

    def other() -> None:
        with claimed(store.folder(runs[1].key)) as ours:
            assert ours
            taken.set()
            wait_until(lambda: bool(told) and told[-1].finished == 2)
            time.sleep(0.3)
            store.write(runs[1].key, toy.compute(runs[1], lambda day: None), {})

    taken = threading.Event()
    thread = threading.Thread(target=other)
    thread.start()
    assert taken.wait(10)
    settings = ExecutionSettings(store.results, executor, 2)
    assert run_missing(runs, settings, told.append, compute=toy.compute) == 2
    thread.join()
    waiting = next(each for each in told if each.finished == 2)
    assert waiting == Standing(2, 3, lived=2000, to_live=2000, elsewhere=1)
    assert waiting.told == "2 of 3 runs, 1 by another process"
    assert told[-1] == Standing(3, 3, lived=2000, to_live=2000)


def test_a_claim_ends_with_its_owner_and_leaves_nothing(tmp_path: Path) -> None:
    place = tmp_path / "runs" / "abc"
    text = (
        "import os, sys, time; from pathlib import Path; from sim.store.folders import claimed\n"
        f"with claimed(Path({str(place)!r})) as ours:\n"
        "    print(ours, flush=True); time.sleep(60)"
    )
    owner = subprocess.Popen([sys.executable, "-c", text], stdout=subprocess.PIPE, text=True)
    assert owner.stdout
    assert owner.stdout.readline() == "True\n"
    with claimed(place) as ours:
        assert not ours
    owner.kill()
    owner.communicate()
    assert len(hidden(tmp_path)) == 1
    Store(tmp_path).clean()
    assert hidden(tmp_path) == []
    with claimed(place) as ours, claimed(place) as again:
        assert (ours, again) == (True, False)
    assert hidden(tmp_path) == []


def test_without_locks_every_claim_is_granted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none(*_: object) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(sim.store.folders.claims.fcntl, "flock", none)
    with claimed(tmp_path / "a") as ours, claimed(tmp_path / "a") as again, alone(tmp_path / "a"):
        assert (ours, again) == (True, True)


def test_what_others_put_below_results_blocks_nothing(laboratory: Path) -> None:
    runs = laboratory / "results" / "runs"
    host = sim.store.folders.writing._host()
    foreign = [".partial-a-b-c-d", f".partial-{host}-x-0a", f".partial-{host}-{10**12}-0a"]
    for name in (*foreign, ".claim-folder", "thesis"):
        (runs / name).mkdir(parents=True)
    (runs / ".claim-thesis").write_text("mine")
    (runs / ".partial-x").symlink_to("nowhere")
    (laboratory / "results" / "loop").symlink_to("loop")
    (laboratory / "results" / "notes.txt").write_text("mine")
    before = sorted(hidden(laboratory / "results"))
    assert run_missing(plan(2), ExecutionSettings(laboratory / "results"), compute=toy.compute) == 2
    assert sorted(hidden(laboratory / "results")) == before


@pytest.mark.parametrize("kind", ["file", "dangling", "empty"])
def test_what_stands_in_the_place_of_a_run_is_set_aside(laboratory: Path, kind: str) -> None:
    (run,) = plan(1)
    settings = ExecutionSettings(laboratory / "results")
    place = Store(settings.results).folder(run.key)
    place.parent.mkdir(parents=True)
    {"file": place.touch, "empty": place.mkdir, "dangling": lambda: place.symlink_to("no")}[kind]()
    assert run_missing([run], settings, compute=toy.compute) == 1
    assert Store(settings.results).finished(run.key)


@pytest.fixture(params=[(2, "exchanged"), (1, "one after the other")], ids=str)
def renewing(
    tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Path]:
    """A folder that another thread renews all the time, in each of two ways."""
    if request.param[1] != "exchanged":
        monkeypatch.setattr(sim.store.folders.writing, "_exchange", lambda one, other: False)
    folder, stopped, failed = tmp_path / "a", threading.Event(), list[BaseException]()

    def renew() -> None:
        number = 0
        try:
            while not stopped.is_set():
                number += 1
                with whole_folder(folder, {"number": number}) as home:
                    write_tables(home, {"t": pd.DataFrame({"x": [number] * 1_000})})
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=renew) for _ in range(request.param[0])]
    for thread in threads:
        thread.start()
    wait_until(folder.exists)
    yield folder
    stopped.set()
    for thread in threads:
        thread.join()
    assert failed == []
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def test_readers_bear_a_folder_that_is_renewed(renewing: Path) -> None:
    seen = {int(read_table(renewing, "t")["x"].iloc[0]) for _ in range(200)}
    assert len(seen) > 1


def test_a_renewed_folder_of_the_same_number_is_another(tmp_path: Path) -> None:
    """File systems give the number of a removed folder to the next one."""
    asked: list[int] = []

    def read() -> int:
        asked.append(tmp_path.stat().st_ino)
        if len(asked) == 1:
            time.sleep(0.02)
            tmp_path.chmod(0o755)  # as if another stood there: the same number, a later time
            raise ResultsError("torn")
        return asked[-1]

    assert steadily(tmp_path, read) == asked[0]
    assert len(asked) == 2
    with pytest.raises(ResultsError, match="torn"):
        steadily(tmp_path, lambda: (_ for _ in ()).throw(ResultsError("torn")))


def test_a_report_beside_comparisons(tmp_path: Path) -> None:
    folder = write_comparison(tmp_path / "compare" / "a", ("baseline", "membership"), range(2))
    told = {k: v for k, v in read_manifest(folder).items() if k not in ("files", "checksum")}
    found = {path.stem: read_table(folder, path.stem) for path in folder.glob("*.parquet")}
    failed: list[ResultsError] = []

    def report() -> None:
        try:
            for _ in range(3):
                write_page(tmp_path, all_slides=False)
                time.sleep(0.2)  # who comes back at once keeps the others out
        except ResultsError as error:
            failed.append(error)

    thread = threading.Thread(target=report)
    thread.start()
    renewed = 0
    while thread.is_alive():
        compare.write(folder, found, told)
        renewed += 1
        time.sleep(0.2)
    assert failed == []
    assert renewed > 1
    assert (folder / "manifest.json").exists()


def test_folders_without_rights_get_a_sentence(tmp_path: Path) -> None:
    toy.write(tmp_path)
    for name in ("results", "mine"):
        (tmp_path / name).mkdir(mode=0)
    for words in (SWEEP, ("report", "results"), (*SWEEP, "--config-dir", "mine")):
        done = subprocess.run(
            toy_command(tmp_path, *words),
            capture_output=True,
            text=True,
            env=toy_environment({}),
            cwd=tmp_path,
            preexec_fn=heed_modes,
        )
        assert done.returncode == 2, done.stderr
        assert len(done.stderr.splitlines()) == 1, done.stderr
        assert "Permission denied" in done.stderr or "mine" in done.stderr


def heed_modes() -> None:
    """Heed the modes of files and folders as anybody else, also as root."""
    drop, may_write, may_read = 24, 1, 2  # PR_CAPBSET_DROP, CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH
    for right in (may_write, may_read):
        ctypes.CDLL(None).prctl(drop, right)


def test_short_memory_gets_a_sentence(tmp_path: Path) -> None:
    """So little that not even what the program imports finds place."""
    toy.write(tmp_path)
    command = [sys.executable, "-m", "sim", "run", "run.days=3"]
    bytes_ = 300 << 20
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        env=toy_environment({"OPENBLAS_NUM_THREADS": "1"}),
        cwd=tmp_path,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (bytes_, bytes_)),
    )
    assert done.returncode == 2, done.stderr
    assert "Traceback" not in done.stderr
    assert "memory does not suffice" in done.stderr


@pytest.mark.parametrize(
    "error",
    [
        OSError(12, "Cannot allocate memory"),
        RuntimeError("FT_Load_Glyph (ft2font.cpp line 9) failed with error 0x55: "
                     "invalid stream operation"),
        RuntimeError("can't start new thread"),
    ],
)  # fmt: skip
def test_memory_refused_to_libraries_gets_the_sentence(
    error: Exception, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Libraries tell it in their own words, FreeType as a font that cannot be read."""

    def refuse(**_: object) -> None:
        raise error

    monkeypatch.setattr(program, "app", refuse)
    with pytest.raises(SystemExit, match="2"):
        program.main()
    assert "memory does not suffice" in capsys.readouterr().err
