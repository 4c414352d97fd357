"""`repurchase plan`: what a command will take, before it does anything."""

import subprocess
import sys
from pathlib import Path

import pytest

from sim.config.loading import load
from sim.experiments.estimate import Estimate, estimate
from sim.experiments.executors import (
    ExecutionSettings,
    OnlyPlanned,
    only_planned,
    run_missing,
)
from sim.experiments.plan import planned
from sim.store.runs import Store
from tests.conftest import toy_environment

TOWN = ("population.households=400", "run.warmup_days=20")


def asked(place: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "sim", "plan", *words]
    return subprocess.run(
        command, cwd=place, capture_output=True, text=True, env=toy_environment({})
    )


def test_a_sweep_is_planned_and_nothing_is_done(tmp_path: Path) -> None:
    words = ("sweep", "baseline", "operator.coupons.strength=0,0.5,1", "-n", "4", "run.days=30")
    done = asked(tmp_path, *words, *TOWN)
    assert done.returncode == 0, done.stderr
    assert "12, of which 0 are stored" in done.stdout
    assert "worlds to warm up first" in done.stdout
    assert "seconds" in done.stdout
    assert "GiB" in done.stdout or "MiB" in done.stdout
    assert "These are the first" not in done.stdout
    assert not (tmp_path / "results" / "runs").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("report",), "report is no command that does runs; these are: run, compare, sweep"),
        (("cache", "clear"), "cache is no command that does runs"),
        (("nothing",), "nothing is no command that does runs"),
        (("compare", "no_such_strategy"), "no_such_strategy"),
        (("sweep", "baseline", "operator.coupons.strengt=0,1"), "operator.coupons.strength"),
        (("compare", "--no-such-option"), "no-such-option"),
    ],
)
def test_what_cannot_be_planned(tmp_path: Path, words: tuple[str, ...], said: str) -> None:
    done = asked(tmp_path, *words)
    assert done.returncode != 0
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_more_may_follow_what_is_seen(tmp_path: Path) -> None:
    done = asked(tmp_path, "validate", *TOWN)
    assert done.returncode == 0, done.stderr
    assert "These are the first runs: worlds are added for facts" in done.stdout


def test_runs_are_told_and_not_done(tmp_path: Path) -> None:
    runs = [planned(load("baseline", [*TOWN, "run.days=5"]), seed) for seed in (1, 2)]
    settings = ExecutionSettings(tmp_path)
    with only_planned(), pytest.raises(OnlyPlanned) as told:
        run_missing(runs, settings)
    assert told.value.runs == runs
    assert list(tmp_path.iterdir()) == []
    before = estimate(runs, settings)
    assert (before.runs, before.stored, len(before.lasting)) == (2, 0, 2)
    assert before.disk_bytes > 1000
    assert run_missing(runs[:1], settings) == 1, "outside of the block they are done"
    after = estimate([*runs, runs[0]], settings)
    assert (after.runs, after.stored, len(after.lasting)) == (2, 1, 1)
    found = Store(tmp_path).folder(runs[0].key)
    on_disk = sum(path.stat().st_size for path in found.glob("*.parquet"))
    assert 0.2 * on_disk < before.disk_bytes / 2 < 5 * on_disk, "of the right size"
    assert estimate(runs[:1], settings).seconds(1) == 0.0


def test_more_workers_help_until_the_longest_run_is_left() -> None:
    work = Estimate(4, 0, [10.0, 10.0, 10.0, 30.0], [5.0], 1, 100, 7, 0)
    assert work.seconds(1) == 65.0
    assert work.seconds(2) == 35.0, "the longest, and the world it waits for"
    assert work.seconds(64) == 35.0
    assert work.memory(3, together=True) == 121
    assert work.memory(3, together=False) == 321
