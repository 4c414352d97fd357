"""Large populations: everybody lives, the tables are of a panel."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import sim.engine.model
from sim.config.loading import Simulation
from sim.engine.blocks import BLOCK
from sim.engine.panel import one_in
from sim.engine.warm_up import warm_key
from sim.experiments.plan import planned
from sim.experiments.simulate import observe, simulate
from sim.indicators import Book, Observed, daily_table, monthly_table, order_log, summarise
from sim.store.cache import cache_home
from sim.store.result import Result
from tests.whole_worlds import eventful, same_rows

HOUSEHOLDS, DAYS, ONE_IN = 12 * BLOCK, 70, 3
# A missing factor of three would show. Some indicators rest on few hundred orders, points on some
# seventy of very unlike sizes: the three possible panels tell .68, .93 and 1.39 of the truth.
LUCK, LUCK_OF_POINTS = 0.4, 0.6
OF_EVERYBODY = (
    "lever_cost_yuan",
    "contribution_yuan",
    "contribution_per_customer_month_yuan",
    "spend_yuan",
    "spend_per_customer_month_yuan",
    "return_on_spend",
    "group_silent_share",
    "group_quiet_share",
)


def world(panel_households: int, *changes: str) -> Simulation:
    return eventful(
        HOUSEHOLDS,
        f"run.days={DAYS}",
        "run.warmup_days=20",
        f"run.panel_households={panel_households}",
        *changes,
    )


@pytest.fixture(scope="module")
def full() -> Observed:
    return observe(world(0), 5, warm_start=False)


@pytest.fixture(scope="module")
def panel() -> Observed:
    return observe(world(HOUSEHOLDS // ONE_IN), 5, warm_start=False)


def value(observed: Observed, name: str) -> float:
    table = summarise(observed)
    whole = table[(table["indicator"] == name) & (table["by"] == "all")]
    return float(whole["value"].iloc[0])


def test_of_how_many_households_one_is_in_the_panel() -> None:
    assert [one_in(n, 100) for n in (1, 99, 100, 101, 200, 201, 40_000)] == [1, 1, 1, 2, 2, 3, 400]
    assert one_in(40_000_000, 0) == 1


def test_a_household_of_the_panel_has_the_history_it_has_among_all(
    full: Observed, panel: Observed
) -> None:
    assert panel.panel == ONE_IN
    assert len(panel.start) == HOUSEHOLDS // ONE_IN
    chosen = full.events[full.events["household"] % ONE_IN == 0].copy()
    chosen["household"] //= ONE_IN
    assert len(chosen) > 1_500
    assert same_rows(panel.events, chosen)
    assert (panel.start == full.start[::ONE_IN]).all()
    assert (panel.end == full.end[::ONE_IN]).all()


def test_what_all_share_does_not_depend_on_the_panel(full: Observed, panel: Observed) -> None:
    assert panel.daily.tobytes() == full.daily.tobytes()
    assert panel.groups.tobytes() == full.groups.tobytes()


def test_threads_keep_the_same_panel(panel: Observed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sim.engine.model, "LEAST_BLOCKS", 1)
    threads = world(HOUSEHOLDS // ONE_IN, "run.threads=2")
    assert same_rows(observe(threads, 5, warm_start=False).events, panel.events)


def test_daily_figures_are_of_everybody(full: Observed, panel: Observed) -> None:
    daily = daily_table(panel)
    pd.testing.assert_frame_equal(daily, daily_table(full), check_exact=True)
    assert daily["orders"].sum() > 3 * len(Book(panel).orders.row) / 2


def test_sums_and_stocks_of_months_are_of_everybody(full: Observed, panel: Observed) -> None:
    months, expected = monthly_table(panel), monthly_table(full)
    assert list(months) == list(expected)
    exact = [name for name in months if name.endswith("_yuan") and not name.startswith("average")]
    exact += ["orders", "new_customers", "members", "groups_living"]
    pd.testing.assert_frame_equal(months[exact], expected[exact], check_exact=True)
    for estimated in ("customers", "active_customers_90d", "private_domain_sales_share"):
        np.testing.assert_allclose(months[estimated], expected[estimated], rtol=LUCK)


@pytest.mark.parametrize("name", OF_EVERYBODY)
def test_money_and_groups_of_everybody(full: Observed, panel: Observed, name: str) -> None:
    assert value(panel, name) == pytest.approx(value(full, name), rel=1e-9)


@pytest.mark.parametrize(
    "name",
    [
        "orders",
        "customers",
        "revenue_yuan",
        "points_issued",
        "new_customers",
        "orders_per_customer",
        "average_order_value_yuan",
        "community_share",
        "acquisition_cost_yuan",
    ],
)
def test_the_panel_speaks_for_everybody(full: Observed, panel: Observed, name: str) -> None:
    luck = LUCK_OF_POINTS if name == "points_issued" else LUCK
    assert value(panel, name) == pytest.approx(value(full, name), rel=luck)


def test_every_region_and_stage_has_its_share(full: Observed, panel: Observed) -> None:
    for by in ("region", "stage"):
        names, of_all = Book(full).segments.codes[by]
        of_panel = Book(panel).segments.codes[by][1]
        counted = np.bincount(of_panel[: len(panel.start)], minlength=len(names)) * ONE_IN
        expected = np.bincount(of_all[: len(full.start)], minlength=len(names))
        assert np.abs(counted - expected).max() < 0.005 * HOUSEHOLDS, by


def test_orders_name_places_of_the_population(full: Observed, panel: Observed) -> None:
    mine, every = order_log(panel), order_log(full)
    every = every[every["household"] % ONE_IN == 0].reset_index(drop=True)
    pd.testing.assert_frame_equal(mine, every, check_exact=True)


def tables(result: Result) -> dict[str, pd.DataFrame]:
    names = ("indicators", "daily", "monthly", "households", "groups", "lives", "neighbours")
    return {name: getattr(result, name) for name in names}


def test_up_to_the_stated_size_nothing_changes() -> None:
    small = ("population.households=3000", "run.days=30")
    without = simulate(world(0, *small), 5, warm_start=False)
    just_below = simulate(world(3000, *small), 5, warm_start=False)
    for name, table in tables(just_below).items():
        pd.testing.assert_frame_equal(table, tables(without)[name], check_exact=True, obj=name)
    assert "panel" not in just_below.info


def test_a_run_with_a_panel_says_so_and_leaves_no_world(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REPURCHASE_CACHE", str(tmp_path))
    config = world(2999, "population.households=3000", "run.days=30")
    told: list[int] = []
    result = simulate(config, 5, on_day=told.append)
    assert told == list(range(-20, 30))
    assert str(result.info["panel"]).startswith("Indicators, households, lives and orders are of")
    assert list(result.households["household"].head(1500)) == list(range(0, 3000, 2))
    assert result.neighbours is not None
    assert result.neighbours.empty
    assert "friends" not in result.neighbours  # no exhibit of nobody's ties
    assert not (cache_home() / "worlds" / f"{warm_key(config, 5)}.world").exists()


def test_progress_of_a_large_run_counts_its_warm_up() -> None:
    assert planned(world(0), 5).days == DAYS
    large = planned(world(1000), 5)
    assert (large.days_before, large.days) == (20, DAYS + 20)
    assert large.household_days == HOUSEHOLDS * (DAYS + 20)
