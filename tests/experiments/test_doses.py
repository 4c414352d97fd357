"""Levers one at a time, dose curves, standing still: tables, verdicts, kills that lose little."""

import os
import subprocess
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from sim.commands.program import app
from sim.experiments.dose import Curve, dose, kept, varied
from sim.experiments.executors import ExecutionSettings
from sim.experiments.levers import levers
from sim.experiments.optimum import optimum
from sim.experiments.space import Choice
from sim.experiments.standstill import LEVELS, drift, standstill
from sim.parameters.quantity import ConfigurationError
from sim.report.dose import sentences
from sim.store.folders import verify
from sim.store.runs import Store, read_manifest, read_table
from tests.conftest import toy_command, toy_environment

runner = CliRunner()
DEPTH = "operator.coupons.depth_percent"


def told(words: list[str]) -> tuple[str, Path]:
    """What a command says, and the folder that it names."""
    shown = runner.invoke(app, words)
    assert shown.exit_code == 0, shown.output
    return shown.stdout, Path(shown.stdout.split("Results: ")[1].strip())


def test_every_lever_is_moved_by_itself(laboratory: Path) -> None:
    shown, folder = told(["levers", "run.days=3", "-n", "4"])
    verify(folder)
    effects = read_table(folder, "effects")
    places = effects[["lever", "strength", "as_it_is"]].drop_duplicates().to_numpy().tolist()
    # coupons are half on in the toy's baseline, reminders off: two rows only
    assert places == [
        ["coupons", 0.0, False], ["coupons", 0.5, True], ["coupons", 1.0, False],
        ["reminders", 0.0, True], ["reminders", 1.0, False],
    ]  # fmt: skip
    contribution = effects[effects["outcome"] == "contribution_yuan"].set_index(
        ["lever", "strength"]
    )
    # a full strength of ten per cent: 10 × 20 against 5 × 25; per day and 100 households
    assert contribution["low"]["coupons", 1.0] > 0
    assert contribution["mean"]["coupons", 1.0] == pytest.approx(
        contribution["level"]["coupons", 1.0] * 75 / 200
    )
    assert contribution["high"]["coupons", 0.0] < 0
    assert contribution["mean"]["reminders", 1.0] == 0
    churn = effects[effects["outcome"] == "churn_rate_365d"].set_index(["lever", "strength"])
    assert churn["mean"]["coupons", 1.0] == pytest.approx(-0.5), "points"
    assert "as it is" in shown
    assert len(read_table(folder, "runs")) == 5 * 4


def test_a_lever_as_it_is_differs_by_exactly_nothing(laboratory: Path) -> None:
    folder = levers(
        ["coupons"], "baseline", ExecutionSettings(laboratory / "results"), replications=1,
        overrides=["run.days=3"], purposes={"coupons": "repurchase_rate_365d"},
    )  # fmt: skip
    effects = read_table(folder, "effects")
    usual = effects[effects["as_it_is"]]
    assert (usual[["mean", "low", "high"]] == 0).all(axis=None)
    assert usual["strength"].unique().tolist() == [0.5]
    moved = effects[~effects["as_it_is"]]
    assert moved["low"].isna().all(), "one world has no interval"
    own = moved[moved["outcome"] == "repurchase_rate_365d"].set_index("strength")["mean"]
    assert own.tolist() == pytest.approx([-0.5, 0.5])
    counted = moved.pivot(index="strength", columns="outcome", values="mean")
    assert (counted["won"] - counted["lost"]).tolist() == pytest.approx(
        counted["repurchasing_households"].tolist()
    )


def test_what_a_lever_keeps_is_averaged_over_days_and_not_added_up(tmp_path: Path) -> None:
    size = ["population.households=2000", "operator_age=young", "run.days=60"]
    folder = levers(
        ["paid_membership"], "baseline", ExecutionSettings(tmp_path), replications=1,
        overrides=size, purposes={"paid_membership": "paid_membership_members"},
    )  # fmt: skip
    effects = read_table(folder, "effects")
    members = effects[effects["outcome"] == "paid_membership_members"].set_index("strength")
    runs = read_table(folder, "runs")
    key = runs.loc[runs["strength"] == 1, "key"].iloc[0]
    daily = Store(tmp_path).tables(key).read("daily")["paid_membership_members"]
    assert 0 < daily.mean() < daily.max(), "they grow from none"
    assert members["level"][1.0] == pytest.approx(daily.mean() / 2), "per 1,000 households"


def test_a_dose_curve_has_its_best_inside(laboratory: Path) -> None:
    words = ["dose", f"{DEPTH}=0,10,15,25,40", "operator.coupons.strength=1", "run.days=3"]
    shown, folder = told([*words, "-n", "4"])
    verify(folder)
    curves = read_table(folder, "curves")
    money = curves[curves["outcome"] == "contribution_yuan"]
    assert money["dose"].tolist() == [0, 10, 15, 25, 40]
    assert money["as_it_is"].tolist() == [False, True, False, False, False]
    assert money["mean"].tolist()[1] == 0
    best = read_table(folder, "optima").set_index("outcome").loc["contribution_yuan"]
    assert (best["best"], best["low"], best["high"]) == (15, 15, 15)
    assert best["verdict"] == "inside"
    assert best["probability"] > 0.9
    assert "contribution is best at 15, inside the range of 0 to 40 (for certain)" in shown
    for end in ("png", "svg"):
        assert (folder / "figures" / f"{DEPTH}.{end}").stat().st_size > 5000


def test_doses_may_be_multiples_of_what_there_is(laboratory: Path) -> None:
    keys = (DEPTH, "operator.coupons.strength")
    curve = Curve("both", "Both", keys, (0.0, 2.0), True, ("community.size_cap=5",))
    folder = dose(
        [curve], "baseline", ExecutionSettings(laboratory / "results"), replications=1,
        overrides=["run.days=3"],
    )  # fmt: skip
    assert read_table(folder, "curves")["dose"].unique().tolist() == [0, 1, 2]
    points = read_manifest(folder)["parameters"]
    assert [point[DEPTH] for point in points] == [0, 10, 20]
    assert [point["operator.coupons.strength"] for point in points] == [0, 0.5, 1]
    assert {point["community.size_cap"] for point in points} == {5}
    assert "times the usual; usual 1" in sentences(folder)["both"]


def test_curves_of_the_configuration_are_read_as_settings_are() -> None:
    about = {"title": "T", "settings": ["a.b"], "values": "3,0.5,1", "multiples": False, "also": []}
    (curve,) = kept({"x": about, "y": {}}, ["x"])
    assert curve == Curve("x", "T", ("a.b",), (0.5, 1.0, 3.0))
    assert varied({"a.b": Choice((2, 1))}) == [Curve("a.b", "a.b", ("a.b",), (1.0, 2.0))]
    with pytest.raises(ConfigurationError, match="a curve has several"):
        kept({"x": {**about, "values": "3"}}, [])


def test_a_best_dose_is_told_only_where_the_worlds_tell_it() -> None:
    luck = np.random.default_rng(3).normal(size=(12, 1))
    noise = 0.1 * np.random.default_rng(4).normal(size=(12, 5))
    doses = [0.0, 1.0, 2.0, 3.0, 4.0]
    hill = np.array([0.0, 2.0, 4.0, 2.0, 0.0])
    assert optimum(hill + luck + noise, doses)[:3] == (2, 2, 2)
    assert optimum(hill + luck + noise, doses).verdict == "inside"
    assert optimum(hill + luck + noise, doses, better=-1).verdict == "cannot be told", "both ends"
    rising = np.arange(5.0)
    assert optimum(rising + luck + noise, doses).verdict == "at the upper edge"
    assert optimum(rising + luck + noise, doses, better=-1).verdict == "at the lower edge"
    flat = optimum(luck + noise, doses)
    assert (flat.verdict, flat.low, flat.high) == ("cannot be told", 0, 4)
    one = optimum(hill[None], doses)
    assert (one.best, one.low, one.high, one.verdict) == (2, 0, 4, "cannot be told")
    assert optimum(np.full((3, 5), np.nan), doses).verdict == "cannot be told"


@given(
    st.lists(st.lists(st.floats(-5, 5), min_size=4, max_size=4), min_size=2, max_size=6),
    st.sampled_from([1, -1]),
)
def test_an_optimum_agrees_with_itself(values: list[list[float]], better: int) -> None:
    found = optimum(np.array(values), [0.0, 1.0, 2.0, 3.0], better)
    assert 0 <= found.low <= found.best <= found.high <= 3
    assert (found.verdict == "inside") == (found.low > 0 and found.high < 3)
    if found.verdict.startswith("at"):
        assert found.low == found.high == found.best in (0, 3)


def world(**paths: list[float]) -> pd.DataFrame:
    """Levels of a world, still but for those that are given."""
    still = {level.name: [50.0, 50.0, 50.0] for level in LEVELS}
    return pd.DataFrame(still | paths, index=pd.Index([13, 14, 15], name="month"))


def test_a_level_moves_when_it_leaves_its_bound() -> None:
    worlds = [
        world(repurchase_rate_365d=[40, 41, 41.8], churn_rate_365d=[20, 23, 20],
              average_order_value_yuan=[500, 510, 520], contribution_yuan=[10, 10, 11]),
        world(repurchase_rate_365d=[42, 43, 44], churn_rate_365d=[20, 22, 20],
              average_order_value_yuan=[500, 510, 524], contribution_yuan=[10, 10, 10],
              members=[1.0, np.nan, 1.0]),
    ]  # fmt: skip
    found = drift(worlds).set_index("level")
    verdicts = found["verdict"].to_dict()
    moving = {name for name, verdict in verdicts.items() if verdict == "moves"}
    # churn comes back and was too far all the same; what is not known cannot stand still
    assert moving == {"churn_rate_365d", "members"}
    assert found["drift"]["repurchase_rate_365d"] == pytest.approx(1.9)
    assert found["low"]["repurchase_rate_365d"] < 1.9 < found["high"]["repurchase_rate_365d"]
    assert found["farthest"]["churn_rate_365d"] == pytest.approx(2.5)
    assert found["drift"]["churn_rate_365d"] == 0
    assert found["drift"]["average_order_value_yuan"] == pytest.approx(4.4), "per cent"
    assert found["drift"]["contribution_yuan"] == pytest.approx(5.0)
    assert set(found["first_month"]) == {13}
    assert set(found["last_month"]) == {15}
    further = drift([world(contribution_yuan=[10, 10, 10.6])]).set_index("level")
    assert further["verdict"]["contribution_yuan"] == "moves"
    assert np.isnan(further["low"]["contribution_yuan"]), "one world has no interval"


def test_a_world_that_began_low_by_luck_counts_as_any_other() -> None:
    worlds = [world(contribution_yuan=[1, 1, 2]), world(contribution_yuan=[9, 9, 8.2])]
    found = drift(worlds).set_index("level")
    assert found["drift"]["contribution_yuan"] == pytest.approx(2.0), "of 5 on average, not of each"
    assert found["farthest"]["contribution_yuan"] == pytest.approx(2.0)


def test_levels_are_those_of_the_years_to_each_month(tmp_path: Path) -> None:
    small = ["population.households=6000", "run.days=740", "run.warmup_days=30"]
    settings = ExecutionSettings(tmp_path / "results")
    folder = standstill("baseline", settings, replications=1, overrides=small)
    verify(folder)
    levels = read_table(folder, "levels").pivot(index="month", columns="level", values="mean")
    assert levels.index.tolist() == list(range(13, 25))
    shares = levels[[level.name for level in LEVELS if level.unit.startswith("%")]]
    assert ((shares >= 0) & (shares <= 100)).all(axis=None)
    # A run that ends with that year knows the same levels.
    again = standstill(
        "baseline", settings, replications=1, overrides=[*small[:1], *small[2:], "run.days=730"]
    )
    same = read_table(again, "levels").pivot(index="month", columns="level", values="mean")
    pd.testing.assert_frame_equal(same, levels.loc[:24])
    from sim.config.loading import load
    from sim.experiments.simulate import simulate

    whole = simulate(load("baseline", [*small[:1], *small[2:], "run.days=720"]), _seed(folder))
    told = whole.indicators.query("by == 'all'").set_index("indicator")["value"]
    for name in ("repurchase_rate_365d", "churn_rate_365d", "points_redemption_rate"):
        assert levels[name][24] == pytest.approx(100 * told[name]), name


def _seed(folder: Path) -> int:
    return int(read_manifest(folder)["seeds"][0])


@pytest.mark.parametrize(
    "words",
    [
        ["levers"],
        ["dose", f"{DEPTH}=5,10,20,30"],
        ["decompose", "reminders", "goal=contribution"],
        ["assumptions", "reminders", "goal=contribution"],
    ],
)
def test_a_kill_costs_the_runs_under_way_alone(laboratory: Path, words: list[str]) -> None:
    command = toy_command(
        laboratory, *words, "-n", "3", "run.days=5", "--executor", "processes", "--workers", "2"
    )
    log = laboratory / "log"

    def lived(**environment: str) -> "subprocess.CompletedProcess[str]":
        given = toy_environment({"TOY_LOG": str(log), **environment})
        return subprocess.run(command, capture_output=True, text=True, env=given, cwd=laboratory)

    killed = lived(TOY_KILL="5")
    assert killed.returncode == 2, killed.stderr
    assert "the same command continues" in killed.stderr
    done = lived()
    assert done.returncode == 0, done.stderr
    runs = {os.path.basename(path) for path in (laboratory / "results/runs").glob("[!.]*")}
    begun = log.read_text().split()
    assert set(begun) == runs
    assert len(begun) <= len(runs) + 2, "more than those under way were lived again"
    before = len(begun)
    assert lived().stdout == done.stdout
    assert len(log.read_text().split()) == before, "a finished experiment lives nothing anew"
