"""In a market that stands still the average operator stands still; a young one grows towards it."""

from functools import cache
from pathlib import Path
from typing import Any

import pytest

from sim.config.loading import load
from sim.engine.model import Engine
from sim.engine.warm_up import begin_strategy
from sim.experiments.executors import ExecutionSettings
from sim.experiments.standstill import LEVELS, STILL, standstill
from sim.store.runs import read_table

YEAR = 365
PLACES = 4000


@pytest.mark.slow
def test_the_baseline_stands_still_for_24_months(tmp_path: Path) -> None:
    settings = ExecutionSettings(results=tmp_path, executor="threads")
    # In worlds of 20,000 luck moves the thin rest that contribution is by more than its bound.
    large = ["population.households=200000", "run.days=730"]
    folder = standstill("baseline", settings, replications=10, overrides=large)
    found = read_table(folder, "drift").set_index("level")
    assert set(found.index) == {level.name for level in LEVELS}
    moving = found[found["verdict"] != STILL]
    assert moving.empty, moving[["first", "last", "farthest", "bound"]].to_string()


class Years:
    """What an operator of an age comes to in each of the three years from day 0 on."""

    def __init__(self, age: str, standing: float | None = None) -> None:
        said = [f"operator_age={age}", f"population.households={PLACES}", f"run.days={3 * YEAR}"]
        if standing is not None:
            said.append(f"population.operator_standing={standing}")
        self.model = Engine(load("baseline", said), 7, keep_events=False)
        begin_strategy(self.model, keep=False)
        self.before = self.ordering()
        self.model.live_until(3 * YEAR)

    def ordering(self) -> Any:
        """Households that have ordered twice or more, of those that ever did, as a share."""
        orders = self.model.households["orders"]
        return (orders >= 2).sum() / (orders >= 1).sum()

    def total(self, name: str, year: int = 0) -> float:
        """Sum of a column of the daily table over a year."""
        return float(sum(row[name] for row in self.model.daily[year * YEAR : (year + 1) * YEAR]))

    def recalled(self, year: int = 0) -> float:
        """Share of shopping trips on which the operator came to mind: how well it is known."""
        return self.total("recalled", year) / self.total("trips", year)

    def share(self, year: int = 0) -> float:
        """Its orders over all shopping trips: what it has of the market."""
        return self.total("orders", year) / self.total("trips", year)


@cache
def years(age: str, standing: float | None = None) -> Years:
    return Years(age, standing)


def test_the_older_an_operator_the_more_customers_orders_and_memory_it_has() -> None:
    young, average, mature = (years(age) for age in ("young", "average", "mature"))
    assert young.total("customers") < 0.7 * average.total("customers")
    assert average.total("customers") < mature.total("customers")
    assert young.total("orders") < 0.7 * average.total("orders")
    assert 1.05 * average.total("orders") < mature.total("orders")
    assert young.recalled() < 0.85 * average.recalled()
    assert average.recalled() < mature.recalled()
    assert young.share() < 0.7 * average.share() < 0.7 * mature.share()
    assert young.before < average.before < mature.before, "who ordered twice, on day 0"


def test_a_young_operator_still_has_more_customers_to_win() -> None:
    young, average = years("young"), years("average")
    assert young.total("new_customers") > 1.05 * average.total("new_customers")
    older = young.total("new_customers", 2) / young.total("new_customers")
    assert older < 0.95, "and fewer, the more it has won"


@pytest.mark.parametrize("measure", ["customers", "orders"])
def test_left_alone_a_young_operator_drifts_towards_the_average_one(measure: str) -> None:
    young, average = years("young"), years("average")
    grown = young.total(measure, 2) / young.total(measure, 0)
    assert grown > 1.2
    assert abs(average.total(measure, 2) / average.total(measure, 0) - 1.0) < 0.1
    assert young.total(measure, 2) < average.total(measure, 2)


def test_a_longer_history_is_worth_little_once_customers_graduate_as_fast_as_they_come() -> None:
    older, average = years("mature", 0.0), years("average")
    for measure in ("customers", "orders"):
        assert older.total(measure) == pytest.approx(average.total(measure), rel=0.2), measure


def test_a_better_name_alone_brings_customers_and_orders() -> None:
    better, average = years("average", 0.3), years("average")
    assert better.total("customers") > average.total("customers")
    assert better.total("orders") > 1.05 * average.total("orders")
