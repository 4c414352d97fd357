"""Runs that are stored nowhere, side by side: in order, stopped, killed."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sim.experiments.batch import RunsInterrupted
from sim.experiments.unstored import EXECUTORS, Asked, Outcomes, lived_side_by_side
from sim.experiments.workers import OnDay
from sim.parameters.quantity import ConfigurationError
from sim.store.runs import ResultsError
from tests import ROOT

DAYS = 20
POOLS = ["threads", "processes"]


def live(asked: Asked, threads: int | None = None, on_day: OnDay | None = None) -> Outcomes:
    """A life of some days, of as many seconds as its point says, that may end badly."""
    assert isinstance(asked.point["seconds"], float)
    if asked.point.get("dies"):
        os._exit(3)
    if asked.point.get("refused"):
        raise ConfigurationError(f"seed {asked.seed} is unlucky.")
    log = asked.point.get("log")
    if isinstance(log, str):
        with Path(log).open("a") as file:
            file.write(f"{asked.seed}\n")
    for day in range(DAYS):
        time.sleep(asked.point["seconds"] / DAYS)
        if on_day is not None:
            on_day(day)
    return {"seed": float(asked.seed), "threads": float(threads or 0)}


def some(count: int, **point: float | str | bool) -> list[Asked]:
    return [Asked({"seconds": 0.01, **point}, seed) for seed in range(count)]


@pytest.mark.parametrize("executor", EXECUTORS)
def test_outcomes_come_in_the_order_in_which_they_were_asked_for(executor: str) -> None:
    asked = some(1, seconds=0.3) + some(9)[1:]  # the first is the last to finish
    found = lived_side_by_side(live, asked, 1, executor, 3)
    assert [each["seed"] for each in found] == list(range(9))
    assert {each["threads"] for each in found} == {0.0 if executor == "serial" else 1.0}
    assert lived_side_by_side(live, [], 1, executor, 3) == []


@pytest.mark.parametrize("executor", EXECUTORS)
def test_what_is_wrong_with_one_is_told_and_stops_the_others(executor: str, tmp_path: Path) -> None:
    log = tmp_path / "log"
    asked = some(1, refused=True) + some(40, seconds=0.2, log=str(log))[1:]
    began = time.monotonic()
    with pytest.raises(ConfigurationError, match="seed 0 is unlucky"):
        lived_side_by_side(live, asked, 1, executor, 2)
    assert time.monotonic() - began < 30
    time.sleep(0.5)
    assert len(log.read_text().split() if log.exists() else []) < 10


def test_a_worker_that_dies_is_told_in_a_sentence() -> None:
    with pytest.raises(ResultsError) as caught:
        lived_side_by_side(live, some(2) + some(1, dies=True), 1, "processes", 1)
    assert "A worker process died" in str(caught.value)
    assert "of 3 runs were finished, and a batch keeps none" in str(caught.value)


SCRIPT = """
import sys
from sim.experiments.batch import RunsInterrupted
from sim.experiments.unstored import lived_side_by_side
from tests.experiments.test_unstored import live, some
try:
    lived_side_by_side(live, some(50, seconds=0.3, log=sys.argv[1]), 1, sys.argv[2], 2)
except RunsInterrupted as error:
    print(error)
"""


@pytest.mark.parametrize("executor", EXECUTORS)
def test_ctrl_c_ends_a_batch_in_a_sentence(executor: str, tmp_path: Path) -> None:
    log = tmp_path / "log"
    process = subprocess.Popen(
        [sys.executable, "-c", SCRIPT, str(log), executor],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    while not log.exists() or len(log.read_text().split()) < 5:
        assert process.poll() is None
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    told, complained = process.communicate(timeout=30)
    assert told.startswith("Stopped: "), complained
    assert told.endswith("of 50 runs were finished, and a batch keeps none.\n")
    assert complained == ""
    begun = len(log.read_text().split())
    time.sleep(0.7)
    assert len(log.read_text().split()) == begun < 50, "nothing goes on behind it"


def test_ctrl_c_within_a_run_of_this_process_is_told_too(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(
        asked: Asked, threads: int | None = None, on_day: OnDay | None = None
    ) -> Outcomes:
        if asked.seed == 2:
            raise KeyboardInterrupt
        return live(asked, threads, on_day)

    with pytest.raises(RunsInterrupted, match="2 of 5 runs were finished"):
        lived_side_by_side(interrupted, some(5), 1, "serial", 0)
