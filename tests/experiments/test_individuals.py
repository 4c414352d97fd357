"""Whom a strategy moves: the same customers in both lives, order by order, and for whom it pays."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from sim.commands.program import app
from sim.config.loading import load
from sim.experiments.auditing.records import Dates
from sim.experiments.individuals import changed_table, effects_table, lives_of
from sim.operator.schedule import phases
from sim.parameters.quantity import ConfigurationError
from sim.store.folders import verify
from sim.store.runs import read_table

runner = CliRunner()
DATES = Dates(60, 60, 180)
SMALL = ["population.households=6000", "experiment.index_day=60", "experiment.outcome_days=120"]


def moved(words: list[str], results: Path) -> Path:
    shown = runner.invoke(app, ["individuals", *words, *SMALL, "--results", str(results)])
    assert shown.exit_code == 0, shown.output
    return Path(shown.stdout.split("Results: ")[1].strip())


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return moved(["integrated", "-n", "4"], tmp_path_factory.mktemp("individuals"))


def test_lives_are_alike_until_the_index_day_and_the_strategies_after() -> None:
    base, other = (load(name, ["run.days=180"]) for name in ("baseline", "reminders"))
    lives = lives_of(base, other, DATES)
    before, after = phases(lives["strategy"])
    assert (before.first_day, after.first_day) == (0, 60)
    assert before.operator == phases(base)[0].operator
    assert after.operator == phases(other)[0].operator


def test_won_and_lost_are_who_orders_in_one_life_alone(folder: Path) -> None:
    people, orders = read_table(folder, "households"), read_table(folder, "orders")
    for life in ("reference", "strategy"):
        own = orders[orders["life"].astype(str) == life]
        counted = own.groupby(["seed", "household"]).size()
        key = pd.MultiIndex.from_frame(people[["seed", "household"]])
        told = counted.reindex(key, fill_value=0).to_numpy()
        assert (told == people[f"orders_{life}"].to_numpy()).all()
    one, other = (people[f"orders_{life}"] > 0 for life in ("reference", "strategy"))
    assert ((people["changed"].astype(str) == "won") == (other & ~one)).all()
    assert ((people["changed"].astype(str) == "lost") == (one & ~other)).all()
    assert (people["changed"].astype(str) == "won").sum() > 5


def test_orders_of_both_lives_are_of_days_after_the_index_day(folder: Path) -> None:
    orders = read_table(folder, "orders")
    assert orders["day"].between(60, 179).all()
    assert len(orders) > 100


def test_segments_add_up_to_everybody(folder: Path) -> None:
    changed = read_table(folder, "changed")
    for by in ("stage", "region", "won_by", "past_orders"):
        own = changed[(changed["by"].astype(str) == by) & (changed["what"].astype(str) == "won")]
        everybody = changed[changed["by"].astype(str) == "all"]
        assert own["customers"].sum() >= everybody["customers"].iloc[0] - 1e-6
    shares = changed.groupby(["by", "segment"], observed=True)["mean"].sum()
    assert np.allclose(shares, 10_000)


def test_the_same_strategy_moves_nobody(tmp_path: Path) -> None:
    same = moved(["baseline", "baseline", "-n", "1"], tmp_path)
    people = read_table(same, "households")
    assert (people["changed"].astype(str) == "unmoved").all()
    assert (people["margin_yuan_strategy"] == people["margin_yuan_reference"]).all()
    assert (people["extra_cost_yuan"] == 0).all()


def test_a_tree_finds_whom_it_pays_for_where_that_is_known() -> None:
    from sim.experiments.auditing.policy import Known, policies

    luck = np.random.default_rng(4)
    worlds = []
    for _ in range(4):
        orders = luck.poisson(2.0, 4000).astype(float)
        gain = np.where(orders >= 3, 5.0, -2.0) + luck.normal(0, 1, 4000)
        worlds.append(Known(pd.DataFrame({"orders_30d": orders}), gain))
    leaves, followed = policies(worlds)
    tree = followed.set_index("policy").loc["tree"]
    assert tree["over_low"] > 0
    chosen = leaves[leaves["addressed"]]["rule"]
    assert chosen.str.contains("orders_30d > 2.5").all()


def test_tables_of_means_over_worlds() -> None:
    people = pd.DataFrame(
        {
            "seed": [1, 1, 2, 2],
            "stage": ["weaning"] * 4,
            **{name: ["x"] * 4 for name in ("region", "won_by", "past_orders")},
            "changed": ["won", "unmoved", "unmoved", "unmoved"],
            "orders_reference": [0.0, 1, 1, 1],
            "orders_strategy": [2.0, 1, 1, 2],
            **{f"{n}_{life}": [0.0] * 4 for n in ("repurchased", "margin_yuan")
               for life in ("reference", "strategy")},
        }
    )  # fmt: skip
    won = changed_table(people).query("by == 'all' and what == 'won'").iloc[0]
    assert won["mean"] == 2500
    effect = effects_table(people).query("by == 'all' and outcome == 'orders'").iloc[0]
    assert (effect["reference"], effect["mean"]) == (0.75, 0.75)


def test_the_folder_is_whole(folder: Path) -> None:
    verify(folder)
    assert (folder / "report.html").exists()
    assert len(read_table(folder, "policies")) == 3


def test_what_cannot_be_held_together_is_refused() -> None:
    base = load("baseline", ["run.days=180"])
    dated = load("phased_rollout", ["run.days=180"])
    with pytest.raises(ConfigurationError, match="on days of its own"):
        lives_of(base, dated, DATES)
    other = replace(base, population=replace(base.population, households=7))
    with pytest.raises(ConfigurationError, match="another world"):
        lives_of(base, other, DATES)
    with pytest.raises(ConfigurationError, match="leave run"):
        lives_of(load("baseline", ["run.days=90"]), base, DATES)
