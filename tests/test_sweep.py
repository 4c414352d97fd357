"""Sweeps: the points, the table, and three kills that change nothing."""

import os
import signal
import subprocess
import time
from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sim.experiments.executors import ExecutionSettings
from sim.experiments.plan import replication_seeds
from sim.experiments.sweep import Interval, grid, latin_hypercube, parsed, sweep
from sim.quantity import ConfigurationError
from sim.store import read_manifest, read_table
from tests.conftest import toy_command, toy_environment


def test_what_varies_and_what_does_not() -> None:
    words = ["a.b=1,2", "c=interval(0.5, 2)", "population=town,city", "d=[1,2]", "e=3"]
    parameters, same = parsed(words)
    assert parameters == {
        "a.b": ["1", "2"],
        "c": Interval(0.5, 2.0),
        "population": ["town", "city"],
    }
    assert same == ["d=[1,2]", "e=3"]
    for wrong in ("c=interval(2,1)", "c=interval(a,b)"):
        with pytest.raises(ConfigurationError, match="interval"):
            parsed([wrong])


def test_grid_is_every_combination() -> None:
    points = grid({"a": ["1", "2"], "b": ["x", "y", "z"]})
    assert len(points) == 6
    assert points[1] == {"a": "1", "b": "y"}
    with pytest.raises(ConfigurationError, match="--lhs"):
        grid({"a": Interval(0, 1)})
    with pytest.raises(ConfigurationError, match="Nothing varies"):
        grid({})
    with pytest.raises(ConfigurationError, match="points"):
        grid({name: ["1"] * 100 for name in "abc"})


def test_latin_hypercube_has_one_point_in_every_layer() -> None:
    points = latin_hypercube({"a": Interval(2, 4), "b": ["x", "y"]}, 20, seed=3)
    layers = np.sort([int((float(point["a"]) - 2) / 2 * 20) for point in points])
    assert layers.tolist() == list(range(20))
    assert Counter(point["b"] for point in points) == {"x": 10, "y": 10}
    assert points == latin_hypercube({"a": Interval(2, 4), "b": ["x", "y"]}, 20, seed=3)
    assert points != latin_hypercube({"a": Interval(2, 4), "b": ["x", "y"]}, 20, seed=4)
    with pytest.raises(ConfigurationError, match="--lhs"):
        latin_hypercube({"a": Interval(2, 4)}, 0, seed=3)


def test_table_has_means_and_intervals(laboratory: Path) -> None:
    folder = sweep(
        {"operator.coupons.strength": ["0", "1"], "population": ["town", "city"]},
        "baseline",
        ExecutionSettings(laboratory / "results"),
        replications=4,
        overrides=["run.days=3"],
    )
    table = read_table(folder, "points")
    assert table["operator.coupons.strength"].tolist() == [0, 0, 1, 1]
    assert table["population"].tolist() == ["town", "city", "town", "city"]
    assert table["replications"].tolist() == [4] * 4
    luck = np.array(
        [0.3 + 0.01 * np.random.default_rng(seed).random() for seed in replication_seeds(1, 4)]
    )
    half = 3.182446 * luck.std(ddof=1) / 2  # t(3) at 97.5%, four runs
    assert table["repurchase_rate_365d"][0] == pytest.approx(luck.mean())
    assert table["repurchase_rate_365d_low"][0] == pytest.approx(luck.mean() - half)
    assert table["repurchase_rate_365d_high"][0] == pytest.approx(luck.mean() + half)
    effect = table["repurchase_rate_365d"][2] - table["repurchase_rate_365d"][0]
    assert effect == pytest.approx(0.01)
    pd.testing.assert_frame_equal(pd.read_csv(folder / "points.csv"), table, check_dtype=False)
    manifest = read_manifest(folder)
    assert manifest["seeds"] == replication_seeds(1, 4)
    assert len(manifest["runs"]) == 16


def test_misspelt_parameter_is_refused_before_any_run(laboratory: Path) -> None:
    settings = ExecutionSettings(laboratory / "results")
    with pytest.raises(ConfigurationError, match=r"operator\.coupons\.strength"):
        sweep({"operator.coupons.strenght": ["0", "1"]}, "baseline", settings)
    with pytest.raises(ConfigurationError, match="between 0 and 1"):
        sweep({"operator.coupons.strength": ["0", "7"]}, "baseline", settings)
    assert not (laboratory / "results").exists()


@pytest.mark.parametrize("points", [10, pytest.param(100, marks=pytest.mark.slow)])
def test_three_kills_change_nothing(laboratory: Path, points: int) -> None:
    """Kill a worker, then the whole program, then a worker again; the tables are the same."""
    values = ",".join(str(number / 2) for number in range(points))
    words = ["sweep", f"operator.coupons.depth_percent={values}", "-n", "2", "run.days=5"]
    command = toy_command(laboratory, *words, "--executor", "processes", "--workers", "2")
    log = laboratory / "log"
    runs = 2 * points
    plain = {"TOY_LOG": str(log)}

    def begun() -> Counter[str]:
        return Counter(log.read_text().split()) if log.exists() else Counter()

    def killed_worker(after: int) -> None:
        environment = toy_environment({**plain, "TOY_KILL": str(after)})
        done = subprocess.run(
            command, capture_output=True, text=True, env=environment, cwd=laboratory
        )
        assert done.returncode == 2, done.stderr
        assert len(done.stderr.splitlines()) == 1
        assert "the same command continues" in done.stderr

    killed_worker(runs // 4)
    slowly = toy_environment({**plain, "TOY_SECONDS": "0.2"})
    process = subprocess.Popen(command, env=slowly, cwd=laboratory, start_new_session=True)
    before = sum(begun().values())
    while sum(begun().values()) < before + runs // 4:
        assert process.poll() is None, "it ended before it could be killed"
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    killed_worker(sum(begun().values()) + 2)
    finished = len(
        [path for path in (laboratory / "results/runs").iterdir() if path.name[0] != "."]
    )
    assert 0 < finished < runs
    last = subprocess.run(
        command, capture_output=True, text=True, env=toy_environment(plain), cwd=laboratory
    )
    assert last.returncode == 0, last.stderr
    assert sum(begun().values()) <= runs + 3 * 2  # each kill costs at most the two under way
    undisturbed = [*command, "--results", str(laboratory / "undisturbed")]
    subprocess.run(undisturbed, check=True, env=toy_environment({}), cwd=laboratory)
    for name in ("points.csv", "runs.csv"):
        tables = [
            next((laboratory / home / "sweep").glob(f"*/{name}")).read_bytes()
            for home in ("results", "undisturbed")
        ]
        assert tables[0] == tables[1]
    assert not list((laboratory / "results/runs").glob(".partial-*"))
