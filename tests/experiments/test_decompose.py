"""A strategy taken apart: players, shares, pairs, and what the command says of them."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from sim import compare
from sim.commands.program import app
from sim.config.loading import load
from sim.experiments.coalitions import REST, mixed, players_of
from sim.experiments.decompose import decompose
from sim.experiments.executors import ExecutionSettings
from sim.experiments.goals import GOALS
from sim.report.decompose import in_words
from sim.store.folders import verify
from sim.store.runs import read_manifest, read_table
from tests import toy

runner = CliRunner()
BOTH = "{coupons: {strength: 1.0}, reminders: {strength: 0.5}, operations: {price_ratio: 2.0}}"
SMALL = ("population.households=600", "run.days=60", "run.warmup_days=60")


def told(words: list[str]) -> tuple[str, Path]:
    """What a command says, in one line, and the folder that it names."""
    shown = runner.invoke(app, words)
    assert shown.exit_code == 0, shown.output
    return " ".join(shown.stdout.split()), Path(shown.stdout.split("Results: ")[1].strip())


def within(yuan: Any) -> Any:
    """So many yuan: accounts are in fen."""
    return pytest.approx(yuan, abs=0.02)


def shares_of(folder: Path, outcome: str) -> pd.DataFrame:
    """Means by player and measure."""
    table = read_table(folder, "shares")
    return table[table["outcome"] == outcome].pivot(
        index="player", columns="measure", values="mean"
    )


def contributing(found: Any, yuan: float) -> Any:
    """A run of the toy with so many orders, each of which contributes a yuan."""
    found.daily["orders"] = yuan / len(found.daily)
    found.daily["contribution_yuan"] = yuan / len(found.daily)
    found.ladder.loc[found.ladder["line"] == "contribution", "fen"] = round(100 * yuan)
    return found


@pytest.fixture
def acting_together(laboratory: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A laboratory in which coupons and reminders bring orders, and more of them together."""

    def compute(run: Any, on_day: Any) -> Any:
        found = toy.compute(run, on_day)
        operator = run.config["operator"]
        coupons = 2 * operator["coupons"]["strength"] - 1
        reminders = 2 * operator["reminders"]["strength"]
        luck = np.random.default_rng(run.seed).random()
        price = operator["operations"]["price_ratio"] - 1
        yuan = 1000 + 30 * coupons + 20 * reminders - 10 * price
        yuan += (60 + luck) * coupons * reminders
        return contributing(found, yuan)

    monkeypatch.setattr("sim.experiments.executors.simulate_planned", compute)
    (laboratory / "scenarios/both.yaml").write_text(toy.scenario("Both", BOTH))
    return laboratory


def test_a_strategy_is_taken_apart(acting_together: Path) -> None:
    shown, folder = told(["decompose", "both", "--goal", "contribution", "run.days=1", "-n", "5"])
    verify(folder)
    manifest = read_manifest(folder)
    assert manifest["players"] == ["coupons", "reminders", "rest"]
    assert manifest["permutations"] == 0
    luck = np.mean([np.random.default_rng(seed).random() for seed in manifest["seeds"]])
    shares = shares_of(folder, "contribution") / 100  # per 10,000 of the toy's 100 households
    # what two do together is shared evenly; half of it is lacking at last
    assert shares["add_one_in"].tolist() == within([30, 20, -10])
    assert shares["leave_one_out"].tolist() == within([90 + luck, 80 + luck, -10])
    assert shares["shapley"].tolist() == within([60 + luck / 2, 50 + luck / 2, -10])
    total = read_table(folder, "total").set_index("outcome")
    assert shares["shapley"].sum() * 100 == pytest.approx(total["mean"]["contribution"])
    low, mean, high = total.loc["contribution", ["low", "mean", "high"]]
    assert low < mean < high
    pairs = read_table(folder, "interactions").query("outcome == 'contribution'")
    pair = pairs.set_index(["first", "second"])["mean"] / 100
    assert pair["coupons", "reminders"] == within(60 + luck)
    assert pair["coupons", "rest"] == within(0)
    assert pair["coupons", "all others"] == within(60 + luck)
    assert pair["rest", "all others"] == within(0)
    yuan = "yuan of contribution per 10,000 households alone"
    assert f"coupons and reminders: +3,000 and +2,000 {yuan}" in shown
    assert shown.count("more than the sum") == 1
    assert f"coupons: +3,000 {yuan}, +9," in shown
    assert "over 1 days: Contribution, yuan per 10,000 households; beside it" in shown
    assert "rest: " not in shown
    assert "Rest, which is no lever: operator.operations.price_ratio 1 → 2." in shown
    assert "all orders in which levers can join" in shown
    what = read_table(folder, "players").set_index("player")["what"]
    assert what["coupons"] == "strength 0.5 → 1"
    assert len(read_table(folder, "runs")) == 8 * 5
    for end in ("png", "svg"):
        assert (folder / "figures" / f"waterfall.{end}").stat().st_size > 5000


def test_many_levers_join_in_orders_drawn_for_each_world(acting_together: Path) -> None:
    words = ["decompose", "both", "--goal", "contribution", "run.days=1", "-n", "5"]
    _, every = told(words)
    shown, drawn = told([*words, "experiment.exact_players=2", "--permutations", "2"])
    assert every != drawn
    assert "2 orders in which levers join, drawn for each world by itself" in shown
    # two at a time is all that acts together here, and a pair of orders shares that exactly
    for measure in ("add_one_in", "leave_one_out", "shapley"):
        exact, found = (shares_of(folder, "contribution")[measure] for folder in (every, drawn))
        assert found.tolist() == pytest.approx(exact.tolist(), abs=1)
    error = read_table(drawn, "shares").query("measure == 'shapley'")["error"]
    assert error.isna().all(), "one pair of orders tells no error of its own"
    assert (read_table(every, "shares")["error"] == 0).all()


def test_each_goal_of_a_comparison_is_told_first(acting_together: Path) -> None:
    for goal, about in GOALS.items():
        words = ["decompose", "both", "run.days=365", "-n", "2"]
        _, folder = told([*words, "--goal", goal])
        assert told([*words, f"goal={goal}"])[1] == folder, "the same words as of a comparison"
        manifest, table = read_manifest(folder), read_table(folder, "shares")
        assert (manifest["goal"], manifest["goals"]) == (goal, {goal: 1.0})
        assert table["outcome"].iloc[0] == goal
        assert table["unit"].iloc[0] == about.unit
        assert about.outcome not in set(table["outcome"]) - {goal}, "nothing is told twice"
        assert {"orders"} < set(table["outcome"])


def test_a_goal_of_ones_own_is_what_its_parts_are_worth(acting_together: Path) -> None:
    words = ["decompose", "both", "run.days=365", "-n", "2"]
    own = ["goal.contribution=0.5", "goal.repurchasing_households=3"]
    shown, folder = told([*words, *own])
    assert read_manifest(folder)["goal"] == "own"
    parts = {}
    for goal in ("repurchasing_households", "contribution"):
        parts[goal] = shares_of(told([*words, f"goal={goal}"])[1], goal)["shapley"]
    worth = 0.5 * parts["contribution"] + 3 * parts["repurchasing_households"]
    assert shares_of(folder, "own")["shapley"].tolist() == pytest.approx(worth.tolist())
    assert (parts["repurchasing_households"] != 0).any()
    assert "of worth alone" in shown


def test_a_goal_is_what_a_comparison_reads_of_the_same_runs(tmp_path: Path) -> None:
    """Units and definitions are one thing, and so are the numbers."""
    small = ("population.households=600", "run.days=365", "run.warmup_days=365")
    own = {"contribution": 0.01, "churn": 2.0}
    asked = ["goal=contribution", *(f"goal.{name}={worth}" for name, worth in own.items())]
    compared = compare(
        ["reminders", "baseline"], replications=2, overrides=[*small, *asked], results=tmp_path,
        executor="serial",
    )  # fmt: skip
    aims = compared.goals[compared.goals["strategy"] == "reminders"].set_index("goal")
    settings = ExecutionSettings(tmp_path)
    for goal in (*GOALS, own):
        folder = decompose(
            "reminders", settings, reference="baseline", goal=goal, replications=2,
            permutations=2, exact_players=6, overrides=small,
        )  # fmt: skip
        row = read_table(folder, "total").iloc[0]
        asked = goal if isinstance(goal, str) else "own"
        assert (row["outcome"], row["unit"]) == (asked, aims["unit"][asked])
        assert row["mean"] == pytest.approx(aims["extra"][asked], rel=1e-7)
        assert row["level"] == pytest.approx(aims["mean"][asked], rel=1e-7)
    assert len(list((tmp_path / "runs").glob("[!.]*"))) == 4, "all read the same runs"


def test_one_lever_has_the_whole_effect_and_no_pair(laboratory: Path) -> None:
    shown, folder = told(["decompose", "koc_led", "run.days=365", "-n", "3"])
    table = read_table(folder, "shares")
    means = table.pivot(index="outcome", columns="measure", values="mean")
    total = read_table(folder, "total").set_index("outcome")["mean"]
    for measure in means:
        assert means[measure].to_dict() == pytest.approx(total[means.index].to_dict())
    assert read_table(folder, "interactions").empty
    assert "the sum" not in shown
    assert "coupons" in shown


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["baseline"], "baseline does what baseline does: there is nothing to take apart."),
        (["twin"], "twin does what baseline does: there is nothing to take apart."),
        (["koc_lead"], "There is no scenario koc_lead; did you mean koc_led?"),
        (["koc_led", "--reference", "bas"], "There is no scenario bas"),
        (["koc_led", "reminders"], "One scenario at a time"),
        (["koc_led", "--goal", "orders"], "There is no goal=orders; there are churn, contrib"),
        (["koc_led", "goal=orders"], "There is no goal=orders; there are churn, contrib"),
        (["koc_led", "goal.orders=1"], "There is no setting goal.orders"),
        (["koc_led", "goal.repurchasing_households=0"], "Nothing is worth anything: give one of"),
        (["koc_led"], "households cannot be read in runs of 2 days: let run.days be at least 365."),
        (["koc_led", "goal=churn"], "churn cannot be read in runs of 2 days: let run.days be at"),
        (["koc_led", "--permutations", "7"], "an order and its reverse; give it 8."),
        (["koc_led", "experiment.permutations=0"], "from 2 to 10,000"),
        (["koc_led", "experiment.exact_players=40"], "from 1 to 12"),
    ],
)
def test_what_cannot_be_taken_apart_is_one_sentence(
    laboratory: Path, words: list[str], said: str
) -> None:
    twin = toy.scenario("Twin", "{coupons: {strength: 0.5}}")
    (laboratory / "scenarios/twin.yaml").write_text(twin)
    shown = runner.invoke(app, ["decompose", *words, "run.days=2"])
    assert shown.exit_code == 2, shown.output
    assert said in shown.stderr
    assert len(shown.stderr.strip().splitlines()) == 1
    assert not (laboratory / "results").exists()


def test_a_coalition_that_cannot_be_paid_for_is_named(
    laboratory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sim.parameters.quantity import ConfigurationError

    def check(config: Any) -> None:
        if (
            config.operator.reminders.strength
            and config.strategy.budget_yuan_per_customer_month < 5
        ):
            raise ConfigurationError("Too dear.")

    monkeypatch.setattr("sim.experiments.evaluation.check_affordable", check)
    rich = toy.scenario("Rich", "{coupons: {strength: 0.5}, reminders: {strength: 1.0}}")
    (laboratory / "scenarios/rich.yaml").write_text(rich.replace("month: 2.0", "month: 9.0"))
    shown = runner.invoke(app, ["decompose", "rich", "run.days=365"])
    assert shown.exit_code == 2, shown.output
    assert "rich cannot be taken apart, for with reminders alone" in shown.stderr
    assert "Too dear." in shown.stderr


def test_pairs_are_named_only_where_worlds_tell_them_apart() -> None:
    row = {
        "first": "a", "second": "b", "outcome": "orders", "first_alone": 1.7, "second_alone": 1.5,
        "together": 9.1, "mean": 5.9, "low": 2.0, "high": 9.8,
    }  # fmt: skip
    nothing = pd.DataFrame(columns=["player", "beside", "low", "high"])
    pairs = pd.DataFrame([row, {**row, "first": "c", "low": -1.0}, {**row, "outcome": "x"}])
    assert in_words(pairs, nothing, "orders") == [
        "a and b: +1.70 and +1.50 orders per 1,000 households alone, +9.10 together, "
        "5.90 (2.00 to 9.80) more than the sum."
    ]
    less = pairs.head(1).assign(mean=-5.9, low=-9.8, high=-2.0)
    assert "5.90 (2.00 to 9.80) less than the sum" in in_words(less, nothing, "orders")[0]
    (none,) = in_words(pairs.iloc[1:2], nothing, "orders")
    assert none.startswith("No pair does clearly more or less together")
    assert none.endswith(
        "Farthest from it: c and b: +1.70 and +1.50 orders per 1,000 households "
        "alone, +9.10 together, 5.90 (−1.00 to 9.80) more than the sum."
    )
    others = less.assign(second="all others", together=2.0)
    assert in_words(pd.concat([pairs, others]), nothing, "orders")[0] == (
        "a: +1.70 orders per 1,000 households alone, +0.50 beside all others, "
        "5.90 (2.00 to 9.80) less."
    )
    (few,) = in_words(pairs.assign(low=np.nan, high=np.nan), nothing, "orders")
    assert "cannot be said" in few
    many = in_words(pd.DataFrame([row] * 13), nothing, "orders")
    assert len(many) == 11
    assert many[-1] == "3 more pairs are in the table `interactions`."


def test_a_pair_is_told_what_the_one_does_to_what_the_other_is_for() -> None:
    pair = {
        "first": "a", "second": "b", "outcome": "orders", "first_alone": 1.7, "second_alone": 1.5,
        "together": 9.1, "mean": 5.9, "low": 2.0, "high": 9.8,
    }  # fmt: skip
    moved = {
        "player": "a", "meant_for": "visits", "beside": "b", "unit": "visits per 1,000 households",
        "alone": 20.0, "together": 50.0, "low": 25.0, "high": 35.0,
    }  # fmt: skip
    unsure = {**moved, "player": "b", "beside": "a", "low": -1.0}
    others = {**moved, "beside": "c"}
    purposes = pd.DataFrame([moved, unsure, others])
    (told,) = in_words(pd.DataFrame([pair]), purposes, "orders")
    assert told.endswith(
        "than the sum. Beside b, a moves visits by +50.00, alone by +20.00 visits per 1,000 "
        "households."
    )


def test_what_a_lever_is_for_is_measured_beside_every_other(acting_together: Path) -> None:
    words = ["decompose", "both", "run.days=1", "-n", "3", "--goal", "contribution"]
    # the toy's orders are what its coupons are for
    (acting_together / "conf/levers.yaml").write_text(
        (acting_together / "conf/levers.yaml").read_text().replace("repurchase_rate_90d", "orders")
    )
    _, folder = told(words)
    table = read_table(folder, "purposes").query("player == 'coupons'").set_index("beside")
    total = read_table(folder, "interactions").query("outcome == 'orders'")
    pairs = total.set_index(["first", "second"])["mean"]
    assert table["alone"].tolist() == pytest.approx([300, 300])
    assert table["mean"]["reminders"] == pytest.approx(pairs["coupons", "reminders"])
    assert table["mean"]["rest"] == pytest.approx(0)
    assert (table["unit"] == "orders per 1,000 households").all()
    assert read_manifest(folder)["for"]["coupons"] == "orders"


def test_players_are_levers_and_the_rest_and_mix_back_to_both_strategies() -> None:
    base, rollout = load("baseline"), load("phased_rollout")
    assert players_of(rollout, base) == ["advisors", REST], "the schedule is no lever"
    assert players_of(base, base) == []
    assert players_of(load("service_first"), base) == ["service_desk"]
    players = players_of(rollout, base)
    assert mixed(rollout, base, players, []) == base
    assert mixed(rollout, base, players, players) == rollout
    half = mixed(rollout, base, players, ["advisors"])
    assert half.operator.advisors == rollout.operator.advisors
    assert half.schedule == base.schedule


def test_a_lever_without_strength_gets_exactly_nothing(tmp_path: Path) -> None:
    scenario = tmp_path / "mine/scenarios/idle.yaml"
    scenario.parent.mkdir(parents=True)
    scenario.write_text(
        "defaults: [reminders, _self_]\nstrategy: {title: Idle}\n"
        "operator:\n  koc: {strength: 0.0, commercial_share: 0.9}\n  content: {strength: 1.0}\n"
    )
    settings = ExecutionSettings(tmp_path / "results", config_dir=tmp_path / "mine")
    folder = decompose(
        "idle", settings, reference="baseline", goal="contribution", replications=2, permutations=4,
        exact_players=2, overrides=SMALL,
    )  # fmt: skip
    shares = read_table(folder, "shares")
    assert set(shares["player"]) == {"content", "koc", "reminders"}
    idle = shares[(shares["player"] == "koc") & (shares["outcome"] != "churn_rate_365d")]
    assert (idle[["mean", "error"]] == 0).all(axis=None), "bit for bit"
    assert len(idle) == 9
    total = read_table(folder, "total").set_index("outcome")["mean"]
    own = shares[shares["measure"] == "shapley"].groupby("outcome")["mean"].sum()
    assert total["orders"] != 0
    for outcome in ("orders", "contribution", "repurchasing_households"):
        assert own[outcome] == pytest.approx(total[outcome], rel=1e-8, abs=1e-8)
