"""Sweeps: settings, samplers, the tables, and three kills that change nothing."""

import itertools
import os
import re
import signal
import subprocess
import time
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from sim.commands.program import app
from sim.experiments.evaluation import Evaluation
from sim.experiments.executors import ExecutionSettings
from sim.experiments.paired import at_once
from sim.experiments.plan import replication_seeds
from sim.experiments.samplers import Evaluated, Grid, Hypercube
from sim.experiments.space import Choice, Range, Space
from sim.experiments.sweep import sweep
from sim.experiments.varied import constraint, fitting, parsed
from sim.parameters.quantity import ConfigurationError
from sim.store.runs import read_manifest, read_table
from tests import ROOT
from tests.conftest import toy_command, toy_environment

runner = CliRunner()


RECORDED = ROOT / "tests" / "recorded" / "sweep"


def test_what_varies_and_what_does_not() -> None:
    words = ["a.b=1,2", "c=interval(0.5, 2)", "population=town,city", "d=[1,2]", "e=3"]
    settings, same = parsed([*words, "f=true,0.5,'1'", "g=interval(1,100,log)"])
    assert settings == {
        "a.b": Choice((1, 2)),
        "c": Range(0.5, 2.0),
        "population": Choice(("town", "city")),
        "f": Choice((True, 0.5, "1")),
        "g": Range(1.0, 100.0, "log"),
    }
    assert [type(value) for value in settings["f"].values] == [bool, float, str]
    assert same == ["d=[1,2]", "e=3"]
    for wrong in ("c=interval(2,1)", "c=interval(a,b)", "c=interval(0,1,log)"):
        with pytest.raises(ConfigurationError, match="interval"):
            parsed([wrong])
    with pytest.raises(ConfigurationError, match="a=null is no value to vary"):
        parsed(["a=1,null"])


def test_an_interval_has_the_kind_of_its_setting() -> None:
    now = {"run": {"days": 365}, "a": 0.5, "on": False}
    assert fitting({"run.days": Range(2.5, 9.5)}, now) == {"run.days": Range(3, 9, whole=True)}
    assert fitting({"a": Range(0, 1)}, now) == {"a": Range(0, 1)}
    for key, ends in (("on", (0, 1)), ("run.days", (2.2, 2.8))):
        with pytest.raises(ConfigurationError, match="write a list"):
            fitting({key: Range(*ends)}, now)


@given(
    low=st.floats(-1e6, 1e6), width=st.floats(1, 1e6), places=st.lists(st.floats(0, 1), min_size=2)
)
def test_a_range_keeps_to_its_ends_and_order(low: float, width: float, places: list[float]) -> None:
    for found in (
        Range(low, low + width),
        Range(low, low + width, whole=True),
        Range(abs(low) + 1, abs(low) + 1 + width, "log"),
        Range(abs(low) + 1, abs(low) + 1 + width, "log", whole=True),
    ):
        values = [found.at(place) for place in sorted(places)]
        assert values == sorted(values)
        slack = 0 if found.whole else 1e-5 * max(abs(found.low), abs(found.high))
        assert all(found.low - slack <= value <= found.high + slack for value in values)
        assert all(isinstance(value, int) == found.whole for value in values)


def test_equal_ratios_count_alike_on_a_log_scale() -> None:
    assert Range(1, 100, "log").at(0.5) == 10
    assert Range(1, 3, whole=True).at(0.5) == 2
    assert Range(1, 3, whole=True).at(1) == 3
    assert Choice(("x", "y")).at(1) == "y"


def test_grid_is_every_combination() -> None:
    points = Grid(Space({"a": Choice((1, 2)), "b": Choice(("x", "y", "z"))})).ask()
    assert len(points) == 6
    assert points[1] == {"a": 1, "b": "y"}
    with pytest.raises(ConfigurationError, match="--lhs"):
        Grid(Space({"a": Range(0, 1)}))
    with pytest.raises(ConfigurationError, match="Nothing varies"):
        Grid(Space({}))
    with pytest.raises(ConfigurationError, match="points"):
        Grid(Space({name: Choice((1,) * 100) for name in "abc"}))


@given(st.lists(st.lists(st.integers(), min_size=1, max_size=4, unique=True), max_size=4))
def test_grid_covers_every_combination_once(lists: list[list[int]]) -> None:
    space = Space({str(i): Choice(tuple(values)) for i, values in enumerate([[0], *lists])})
    points = [tuple(point.values()) for point in Grid(space).ask()]
    assert points == list(itertools.product([0], *lists))


def test_latin_hypercube_has_one_point_in_every_layer() -> None:
    space = Space({"a": Range(2, 4), "b": Choice(("x", "y")), "c": Range(1, 1e20, "log")})
    points = Hypercube(space, 20, seed=3).ask()
    for layer in (
        [int((point["a"] - 2) / 2 * 20) for point in points],
        [int(np.log10(point["c"])) for point in points],
    ):
        assert sorted(layer) == list(range(20))
    assert Counter(point["b"] for point in points) == {"x": 10, "y": 10}
    assert points == Hypercube(space, 20, seed=3).ask()
    assert points != Hypercube(space, 20, seed=4).ask()
    for samples in (0, 100_001):
        with pytest.raises(ConfigurationError, match="--lhs"):
            Hypercube(space, samples, seed=3)
    with pytest.raises(ConfigurationError, match="Nothing varies"):
        Hypercube(Space({}), 2, seed=3)


def test_samplers_are_done_once_everything_was_asked_for() -> None:
    space = Space({"a": Choice((1, 2, 3))})
    for sampler in (Grid(space), Hypercube(space, 5, seed=1)):
        points = sampler.ask()
        assert points
        sampler.tell([Evaluated(point, {"churn_rate_365d": 0.1}) for point in points])
        assert not sampler.ask()


def test_points_keep_to_constraints() -> None:
    settings = {"a": Choice((1, 2, 3)), "b": Choice((1, 2, 3))}
    ordered = Space(settings, [constraint("a<=b"), constraint("b >= 2")])
    for sampler in (Grid(ordered), Hypercube(ordered, 40, seed=1)):
        points = sampler.ask()
        assert points
        assert all(point["a"] <= point["b"] >= 2 for point in points)
    assert len(Grid(ordered).ask()) == 5
    assert constraint("a<=b").weights == {"a": 1, "b": -1}
    with pytest.raises(ConfigurationError, match="No point keeps"):
        Grid(Space(settings, [constraint("a>=4")]))
    with pytest.raises(ConfigurationError, match="does not vary"):
        Space(settings, [constraint("a<=c")])
    with pytest.raises(ConfigurationError, match="cannot be read"):
        constraint("a<b")
    with pytest.raises(ConfigurationError, match="no number"):
        Grid(Space({"a": Choice(("x", "y"))}, [constraint("a<=1")]))


class Climber:
    """Takes steps that halve towards whatever was better."""

    def __init__(self) -> None:
        self.told: list[tuple[float, float]] = []
        self.points = [0.2, 0.8]

    def ask(self) -> list[dict[str, float]]:
        return [{"operator.coupons.strength": place} for place in self.points]

    def tell(self, evaluated: list[Evaluated]) -> None:
        key = "operator.coupons.strength"
        self.told += [(e.point[key], e.outcomes["repurchase_rate_365d"]) for e in evaluated]
        best = max(self.told, key=lambda pair: pair[1])[0]
        self.points = [(best + 1) / 2] if len(self.told) < 4 else []


def test_a_sampler_is_told_what_came_of_its_points(laboratory: Path) -> None:
    found = []
    for place in ("results", "again"):
        settings = ExecutionSettings(laboratory / place)
        lives = Evaluation(["baseline", "koc_led"], ["run.days=3"], [1, 2], settings)
        climber = Climber()
        lives.explore(climber)
        assert [place for place, _ in climber.told] == pytest.approx([0.2, 0.8, 0.9, 0.95])
        rates = [rate for _, rate in climber.told]
        assert np.diff(rates) == pytest.approx([0.006, 0.001, 0.0005])
        assert [each.number for each in lives.trials] == [0, 0, 1, 1, 2, 2, 3, 3]
        found.append(climber.told)
    assert found[0] == found[1]


def test_the_experiment_of_the_documents_finds_what_it_looks_for(laboratory: Path) -> None:
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    section = text[text.index("## A new experiment") :]
    code = re.search(r"```python\n(.*?)```", section, re.S)
    assert code
    names: dict[str, Any] = {}
    # the toy measures no rate of thirty days
    exec(code[1].replace("repurchase_rate_30d", "repurchase_rate_365d"), names)
    assert names["search"].middle == 1, "the more coupons, the more return to the toy"
    assert len(names["lives"].trials) == 9


def test_tables_are_those_that_were_recorded(laboratory: Path) -> None:
    """To the last digit what the program printed before settings were numbers."""
    words = ["operator.coupons.strength=0,0.5,1", "population=town,city"]
    commands = {
        "grid": ["koc_led", *words, "community.size_cap=5,1_0", "run.days=3", "-n", "3"],
        "hypercube": ["--lhs", "7", "operator.coupons.depth_percent=interval(1,33)",
                      "behaviour.believe.bad_news_factor=interval(1,3)", "population=town,city",
                      "run.days=3", "-n", "2", "--seed", "5"],
    }  # fmt: skip
    for name, asked in commands.items():
        shown = runner.invoke(app, ["sweep", *asked])
        assert shown.exit_code == 0, shown.output
        folder = Path(shown.stdout.split("Results: ")[1].strip())
        points = (folder / "points.csv").read_bytes()
        assert points == (RECORDED / f"{name}.points.csv").read_bytes()
        runs = pd.read_csv(folder / "runs.csv").drop(columns="key")  # which names a configuration
        pd.testing.assert_frame_equal(runs, pd.read_csv(RECORDED / f"{name}.runs.csv")[[*runs]])


def test_several_strategies_meet_the_same_worlds_at_every_point(laboratory: Path) -> None:
    folder = sweep(
        {"operator.coupons.depth_percent": Choice((1, 2))},
        ["baseline", "koc_led", "reminders"],
        ExecutionSettings(laboratory / "results"),
        replications=5,
        overrides=["run.days=3"],
    )
    points, runs, found = (read_table(folder, name) for name in ("points", "runs", "differences"))
    assert points["strategy"].tolist() == ["baseline", "koc_led", "reminders"] * 2
    assert points["point"].tolist() == [0, 0, 0, 1, 1, 1]
    assert (runs.groupby(["point", "strategy"])["seed"].agg(list).map(tuple).nunique()) == 1
    rates = found[found["indicator"] == "repurchase_rate_365d"]
    assert rates["strategy"].tolist() == ["koc_led", "reminders"] * 2
    # what coupons cause, without the luck of the worlds: .1 and 0 against .5 of them
    assert rates["mean"].tolist() == pytest.approx([-0.004, -0.005] * 2)
    assert rates["low"].tolist() == pytest.approx(rates["mean"].tolist(), abs=1e-9)
    assert set(found["reference"]) == {"baseline"}
    alone = sweep(
        {"operator.coupons.strength": Choice((0, 1))},
        ["koc_led"],
        ExecutionSettings(laboratory / "results"),
        replications=5,
        overrides=["run.days=3"],
    )
    assert len(read_table(alone, "differences")) == 0
    steps = read_table(alone, "steps")
    steps = steps[steps["indicator"] == "churn_rate_365d"]
    assert steps["point"].tolist() == [1]
    assert steps["mean"].tolist() == pytest.approx([-0.01])
    assert "strategy" not in read_table(alone, "points")


def test_intervals_hold_for_all_points_at_once() -> None:
    luck = np.random.default_rng(7)
    missed = 0
    for _ in range(300):
        noise = luck.normal(size=(6, 5))
        noise[0, 4] = np.nan
        got = at_once(noise)
        assert got["low"].isna().tolist() == [False] * 4 + [True]
        missed += bool(((got["low"] > 0) | (got["high"] < 0)).any())
    assert 0.02 < missed / 300 < 0.09
    assert at_once(noise[:1, :2])["low"].isna().all()


def test_table_has_means_and_intervals(laboratory: Path) -> None:
    folder = sweep(
        {"operator.coupons.strength": Choice((0, 1)), "population": Choice(("town", "city"))},
        ["baseline"],
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
        sweep({"operator.coupons.strenght": Choice((0, 1))}, ["baseline"], settings)
    with pytest.raises(ConfigurationError, match="between 0 and 1"):
        sweep({"operator.coupons.strength": Choice((0, 7))}, ["baseline"], settings)
    with pytest.raises(ConfigurationError, match="must be a number"):
        sweep({"operator.coupons.strength": Choice((0, "0.5"))}, ["baseline"], settings)
    with pytest.raises(ConfigurationError, match="never done"):
        sweep({"strategy.title": Choice(("${oc.env:HOME}", "x"))}, ["baseline"], settings)
    with pytest.raises(ConfigurationError, match="names no file"):
        sweep({"population": Choice(("town", "../town"))}, ["baseline"], settings)
    with pytest.raises(ConfigurationError, match="There is no scenario"):
        sweep({"operator.coupons.strength": Choice((0, 1))}, ["baseline", "none"], settings)
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
