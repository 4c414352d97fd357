"""What is not known about people, carried through a comparison."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from sim.commands.program import app
from sim.config.loading import load, resolved
from sim.experiments.compare import compare
from sim.experiments.executors import ExecutionSettings
from sim.experiments.next_test import COLUMNS
from sim.experiments.plausible import (
    LEAST_WORLDS,
    Sample,
    in_worlds,
    lay,
    plausible,
    sample_of,
    worth_knowing,
    write_sample,
)
from sim.parameters.quantity import ConfigurationError
from sim.report.plausible import told
from sim.report.reading import read_comparison
from sim.report.words import Words
from sim.store.runs import Store, read_manifest, read_table

TOWN = ["population.households=1500", "run.days=365", "run.warmup_days=60"]
NEED = "behaviour.need.cover_days"
REACH = "operator.acquisition.reach_share"
UNIT = "households per 10,000"


def sample_file(folder: Path, text: str) -> Path:
    (folder / "behaviour").mkdir(parents=True, exist_ok=True)
    (folder / "behaviour" / "doubtful.yaml").write_text("defaults: [default, _self_]\n")
    (folder / "behaviour" / "doubtful.csv").write_text(text)
    return folder


# -- a sample ------------------------------------------------------------------------------


def test_each_world_has_settings_as_often_as_their_weights_say() -> None:
    points = [{"a": 1.0}, {"a": 2.0}, {"a": 3.0}]
    sample = Sample("x", points, np.array([0.5, 0.0, 0.5]))
    drawn = [point["a"] for point in in_worlds(sample, 64)]
    assert drawn.count(1.0) == 32
    assert drawn.count(2.0) == 0
    assert drawn[:10] == [point["a"] for point in in_worlds(sample, 10)], "more worlds only add"
    uneven = Sample("x", points, np.array([0.7, 0.2, 0.1]))
    shares = pd.Series([point["a"] for point in in_worlds(uneven, 1000)]).value_counts() / 1000
    assert shares.to_dict() == pytest.approx({1.0: 0.7, 2.0: 0.2, 3.0: 0.1}, abs=0.005)


def test_a_sample_is_written_and_read_back(tmp_path: Path) -> None:
    sample_file(tmp_path, "")
    points = [{NEED: 31.25, REACH: 0.01}, {NEED: 90.0, REACH: 0.02}]
    write_sample(tmp_path / "behaviour" / "doubtful.csv", points, np.array([0.25, 0.75]))
    found = sample_of(["run.days=9", "behaviour=doubtful"], tmp_path)
    assert found is not None
    assert (found.name, found.points) == ("doubtful", points)
    assert found.weights.tolist() == [0.25, 0.75]
    assert sample_of(["behaviour=default"], tmp_path) is None
    assert sample_of(["behaviour.need.lead_days=2"], tmp_path) is None
    assert sample_of([], None) is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"{NEED}\n40\n", "needs a column weight and one for each setting"),
        ("weight\n1\n", "needs a column weight and one for each setting"),
        (f"weight,{NEED}\n1,40\n1,many\n", "no number in row 2, column behaviour.need.cover_days"),
        (f"weight,{NEED}\n0,40\n", "weights"),
        (f"weight,{NEED}\n-1,40\n2,50\n", "weights"),
        ("", "is no table"),
    ],
)
def test_a_sample_that_is_none(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(ConfigurationError, match=said):
        sample_of(["behaviour=doubtful"], sample_file(tmp_path, text))


def test_the_operators_market_is_the_same_before_but_for_what_a_strategy_sets() -> None:
    usual = resolved(load("baseline", TOWN))
    there = lay(resolved(load("baseline", [*TOWN, f"{REACH}=0.05"])), {REACH: 0.05}, usual)
    assert there["before"]["acquisition"]["reach_share"] == 0.05
    assert there["operator"]["acquisition"]["reach_share"] == 0.05
    own = resolved(load("baseline", [*TOWN, f"{REACH}=0.09"]))
    there = lay(resolved(load("baseline", [*TOWN, f"{REACH}=0.05"])), {REACH: 0.05}, own)
    assert there["before"]["acquisition"]["reach_share"] == 0.05
    assert there["operator"]["acquisition"]["reach_share"] == 0.09, "as the strategy says"


# -- what comes of it ----------------------------------------------------------------------


def test_shares_of_worlds_and_regrets() -> None:
    values = np.array([[1.0, 5.0, 2.0, 4.0], [3.0, 1.0, 2.0, 0.0]])
    table = plausible(values, ["a", "b"], 1, "contribution", "yuan").set_index("strategy")
    assert table.loc["a", "best"] == 2.5, "ties are shared"
    assert table.loc["b", "best_share"] == pytest.approx(1.5 / 4)
    assert table.loc["a", "regret"] == pytest.approx(2.0 / 4)
    assert table.loc["b", "regret"] == pytest.approx(8.0 / 4)
    assert table.loc["a", "regret_high"] <= 2.0
    less = plausible(values, ["a", "b"], -1, "churn", "points").set_index("strategy")
    assert less.loc["b", "regret"] == pytest.approx(2.0 / 4)
    assert less["best"].sum() == 4.0


def test_only_a_setting_that_turns_the_choice_is_worth_knowing() -> None:
    rng = np.random.default_rng(1)
    turning, idle = rng.uniform(-1, 1, 400), rng.uniform(-1, 1, 400)
    noise = rng.standard_normal((2, 400))
    values = np.stack([10 * turning, np.zeros(400)]) + noise
    points = [{"turning": a, "idle": b, "fixed": 1.0} for a, b in zip(turning, idle, strict=True)]
    table = worth_knowing(values, points, 1, "contribution", "yuan").set_index("setting")
    assert table.loc["turning", "worth"] == pytest.approx(2.5, abs=0.4)  # E max(10 x, 0), x even
    assert table.loc["idle", "worth"] < 0.4, "luck alone"
    assert "fixed" not in table.index
    level = np.stack([10 * turning + 30, np.zeros(400)]) + noise
    never = worth_knowing(level, points, 1, "contribution", "yuan").set_index("setting")
    assert never.loc["turning", "worth"] < 0.1, "it moves much, and the choice never turns"
    few = worth_knowing(values[:, : LEAST_WORLDS - 1], points, 1, "contribution", "yuan")
    assert few.empty


# -- a comparison --------------------------------------------------------------------------


@pytest.fixture(scope="module")
def doubtful(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("doubtful")
    rows = [f"{weight},{days},{reach}" for weight, days, reach in ((1, 45, 0.02), (1, 90, 0.03))]
    return sample_file(home, "\n".join([f"weight,{NEED},{REACH}", *rows]) + "\n")


@pytest.fixture(scope="module")
def compared(doubtful: Path) -> Path:
    settings = ExecutionSettings(doubtful / "results", "threads", 2, config_dir=doubtful)
    overrides = ["behaviour=doubtful", *TOWN]
    return compare(["reminders"], 4, 1, "baseline", overrides, settings)


def test_worlds_differ_in_what_is_not_known_and_strategies_are_paired(compared: Path) -> None:
    manifest = read_manifest(compared)
    assert manifest["sample"] == "doubtful"
    store = Store(compared.parents[1])
    configs = {name: store.manifest(key)["configuration"] for name, key in manifest["runs"].items()}
    days = {name: config["behaviour"]["need"]["cover_days"] for name, config in configs.items()}
    assert sorted(set(days.values())) == [45.0, 90.0]
    for seed in manifest["seeds"]:
        assert days[f"baseline, seed {seed}"] == days[f"reminders, seed {seed}"]
    for config in configs.values():
        reach = 0.02 if config["behaviour"]["need"]["cover_days"] == 45.0 else 0.03
        assert config["before"]["acquisition"]["reach_share"] == reach
    table = read_table(compared, "plausible")
    assert table["best"].sum() == pytest.approx(4.0)
    assert table["worlds"].eq(4).all()
    assert read_table(compared, "worth_knowing").empty, "four worlds are too few"


@pytest.mark.parametrize(
    ("language", "said"), [("en", "plausible settings of its own"), ("zh", "可信的设置")]
)
def test_the_page_says_how_sure_a_choice_is(compared: Path, language: str, said: str) -> None:
    from sim.report.page import write_page

    assert said in write_page(compared, language).read_text("utf-8")


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "that of reminders against baseline, 2,000 customers drawn by lot"),
        ("zh", "以“补货提醒”对“基线”、每组随机抽取 2,000 位老客"),
    ],
)
def test_the_page_says_which_pilot_to_run_next(compared: Path, language: str, said: str) -> None:
    comparison = read_comparison(compared)
    assert comparison.worth_trying.empty, "four worlds are too few"
    rows = [
        ("reminders", "day0_repurchase", 12, size, "repurchasing_households", UNIT, worth, 0.3, 40)
        for size, worth in ((8000, 5.0), (2000, 4.6), (500, 3.0))
    ]
    tried = replace(comparison, worth_trying=pd.DataFrame(rows, columns=COLUMNS))
    assert said in told(tried, Words(language)), "the smallest that is worth nearly as much"
    idle = replace(tried, worth_trying=tried.worth_trying.assign(worth=0.0))
    assert Words(language)("plausible.no_pilot") in told(idle, Words(language))


def test_equal_money_is_refused(doubtful: Path) -> None:
    settings = ExecutionSettings(doubtful / "results", config_dir=doubtful)
    with pytest.raises(ConfigurationError, match="take --budget own"):
        compare(["reminders"], 2, 1, "baseline", ["behaviour=doubtful", *TOWN], settings, "3000")


def test_a_setting_that_nobody_knows_is_refused_before_anything_is_lived(tmp_path: Path) -> None:
    sample_file(tmp_path, "weight,behaviour.need.cover_day\n1,40\n")
    words = ["compare", "baseline", "reminders", "behaviour=doubtful", *TOWN]
    shown = CliRunner().invoke(
        app, [*words, "--config-dir", str(tmp_path), "--results", str(tmp_path / "results")]
    )
    assert shown.exit_code == 2
    assert "did you mean behaviour.need.cover_days" in shown.stderr
    assert not (tmp_path / "results" / "runs").exists()
