"""The order log with the orders of the warm-up: one log more, and nothing else."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sim.agents.model import RepurchaseModel
from sim.config.loading import load, resolved
from sim.engine.warm_up import warm_up
from sim.experiments.executors import ExecutionSettings
from sim.experiments.plan import planned
from sim.experiments.run import run
from sim.experiments.simulate import simulate
from sim.store.result import Result
from sim.store.runs import TABLES, Store, key_of, read_table, run_key
from tests.whole_worlds import eventful

WARMUP_DAYS = 100
DAYS = (f"run.warmup_days={WARMUP_DAYS}", "run.days=40")
SMALL = ["population.households=1000", *DAYS]


@pytest.fixture(scope="module")
def both() -> tuple[Result, Result]:
    """The same run, with the orders from day 0 and with those of its warm-up."""
    config = eventful(400, *DAYS)
    return (
        simulate(config, 3, warm_start=False, keep_orders=True),
        simulate(config, 3, keep_orders=True, orders_of_warmup=True),
    )


def test_the_log_begins_with_the_warm_up_and_goes_on_as_usual(both: tuple[Result, Result]) -> None:
    usual, whole = (each.orders for each in both)
    assert usual is not None
    assert whole is not None
    early = whole[whole["day"] < 0]
    assert -WARMUP_DAYS <= early["day"].min() < -WARMUP_DAYS / 2
    assert len(early) > len(usual) / 2
    later = whole[whole["day"] >= 0].reset_index(drop=True)
    pd.testing.assert_frame_equal(later, usual, check_exact=True)
    assert whole["day"].is_monotonic_increasing
    assert usual["day"].min() >= 0


def test_no_other_table_knows_of_it(both: tuple[Result, Result]) -> None:
    usual, whole = both
    for name in TABLES:
        if name != "orders":
            first, second = getattr(usual, name), getattr(whole, name)
            pd.testing.assert_frame_equal(first, second, check_exact=True, obj=name)


def test_they_are_all_orders_of_the_warm_up(both: tuple[Result, Result]) -> None:
    model = RepurchaseModel(eventful(400, *DAYS), 3)
    warm_up(model, keep=False)
    whole = both[1].orders
    assert whole is not None
    early = whole[whole["day"] < 0]
    lived = pd.Series({int(day["day"]): int(day["orders"]) for day in model.daily})
    filled = np.concatenate(model.events)
    unfilled = filled[(filled["unfilled"] > 0) & (filled["list_fen"] > 0)]
    assert len(early) >= lived.sum() > 100
    counted = early.groupby("day").size().reindex(lived.index, fill_value=0)
    more = pd.Series(unfilled["day"]).value_counts().reindex(lived.index, fill_value=0)
    assert ((counted == lived) | (counted == lived + more)).all()


def test_first_orders_before_day_0_are_in_the_log(both: tuple[Result, Result]) -> None:
    whole, households = both[1].orders, both[1].households
    assert whole is not None
    began = whole.groupby(["household", "family"])["day"].min().rename("first_in_log")
    known = households[
        (households["first_order_day"] < 0) & (households["first_order_day"] >= -WARMUP_DAYS)
    ]
    joined = known.join(began, on=["household", "family"])
    assert len(joined) > 30
    assert (joined["first_in_log"] <= joined["first_order_day"]).all()
    assert (joined["first_in_log"] == joined["first_order_day"]).mean() > 0.9


def test_a_panel_keeps_those_of_its_households() -> None:
    config = eventful(400, *DAYS, "run.panel_households=200")
    log = simulate(config, 3, keep_orders=True, orders_of_warmup=True).orders
    assert log is not None
    early = log[log["day"] < 0]
    assert len(early) > 20
    assert (log["household"] % 2 == 0).all()
    assert early["household"].max() > 200


def test_without_a_warm_up_there_are_none() -> None:
    config = eventful(400, "run.warmup_days=0", "run.days=40")
    log = simulate(config, 3, orders_of_warmup=True).orders
    assert log is not None
    assert (log["day"] >= 0).all()


def test_runs_as_usual_keep_their_keys() -> None:
    config = load("baseline", SMALL)
    values = resolved(config)
    plain, with_log, whole = (
        planned(config, 1, keep_orders=keep, orders_of_warmup=early).key
        for keep, early in ((False, False), (True, False), (True, True))
    )
    assert len({plain, with_log, whole}) == 3
    assert planned(config, 1, orders_of_warmup=True).keep_orders
    assert (plain, with_log) == (run_key(values, 1), run_key(values, 1, True))
    assert "orders_of_warmup" not in str(values)
    # as it was when there was no such choice
    assert key_of("same", 1, True) == "f77517a7d87e4c75397a9fc4bc987b57"


def test_the_command_stores_such_a_run_beside_the_usual_one(tmp_path: Path) -> None:
    settings = ExecutionSettings(tmp_path)
    usual = run("baseline", 1, SMALL, settings, keep_orders=True)
    whole = run("baseline", 1, SMALL, settings, keep_orders=True, orders_of_warmup=True)
    assert usual != whole
    assert len(list((tmp_path / "runs").iterdir())) == 2
    assert read_table(usual, "orders")["day"].min() >= 0
    log = read_table(whole, "orders")
    assert log["day"].min() < 0
    (key,) = {path.name for path in (tmp_path / "runs").iterdir()} - {
        planned(load("baseline", SMALL), 1, keep_orders=True).key
    }
    assert Store(tmp_path).read(key).orders is not None
