"""Where the market goes: a path laid over the calendar, and who lives by it."""

from dataclasses import replace
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.agents.model import RepurchaseModel
from sim.behaviour.weighing import PLATFORM, rival_utility
from sim.config.consistency import check_world
from sim.config.loading import load
from sim.diary import keep_diary, tell
from sim.engine.warm_up import begin_strategy
from sim.parameters.quantity import ConfigurationError
from sim.world.demography import demography
from sim.world.household import NEVER
from sim.world.market import calendar, market_days
from sim.world.market_path import COLUMNS, MarketPath, date_of, value_on
from tests.scene import DAY, Scene
from tests.worlds import market, population

about = pytest.approx
CHINA = "market_path=china_2025_2030"
YEARS = [2025, 2026, 2028]
LEVEL = {"births": 1.0, "advertising_cost": 1.0, "rivals_appeal": 0.0, "rivals_prices": 1.0}
SMALL = ("population.households=4000", "run.warmup_days=200", "run.days=420", "run.threads=1")


def path(**columns: list[float]) -> MarketPath:
    """A path that moves some columns in 2025, 2026 and 2028."""
    still = {name: [level] * len(YEARS) for name, level in LEVEL.items()}
    return MarketPath(YEARS, **(still | columns))


def days_along(given: MarketPath, first: int = 0, days: int = 1500) -> Any:
    return market_days(replace(market(), path=given), demography(population()), first, days, 0)


# -- the calendar --------------------------------------------------------------------------


def test_a_market_without_a_path_stands_still() -> None:
    still = market_days(market(), demography(population()), -200, 2000, 30)
    assert still.tobytes() == calendar(market(), -200, 2000, 30).tobytes()
    assert (still.ad_cost == 1.0).all()
    assert (still.places_refilled == 1.0).all()
    assert (still.rival_appeal == 0.0).all()


def test_a_path_that_goes_nowhere_changes_nothing() -> None:
    assert days_along(path()).tobytes() == calendar(market(), 0, 1500, 0).tobytes()


def test_day_0_is_the_first_of_january_2025() -> None:
    config = load("baseline")
    assert date_of(config.population.reference_year, config.run.start_day_of_year) == 2025.0
    assert date_of(2025.5, 73) == about(2025.2)


def test_a_value_holds_for_the_middle_of_its_year_and_lines_join_them() -> None:
    given = path(advertising_cost=[1.0, 1.2, 1.6])
    when = np.array([1990.0, 2025.0, 2025.5, 2026.0, 2026.5, 2027.5, 2028.5, 2029.0, 2100.0])
    found = value_on(given, "advertising_cost", when)
    assert found == about([1.0, 1.0, 1.0, 1.1, 1.2, 1.4, 1.6, 1.6, 1.6])
    only = MarketPath([2027], [0.5], [2.0], [0.1], [0.9])
    assert value_on(only, "births", when) == about([0.5] * len(when))


@pytest.mark.parametrize("column", COLUMNS)
def test_from_one_day_to_the_next_nothing_jumps(column: str) -> None:
    given = load("baseline", [CHINA]).market.path
    values = getattr(given, column)
    when = 2025.0 + np.arange(2190) / 365
    found = value_on(given, column, when)
    most = max(abs(later - sooner) for sooner, later in pairwise(values))
    assert np.abs(np.diff(found)).max() <= most / 365 * 1.001
    assert (found[0], found[-1]) == about((values[0], values[-1]))


def test_each_column_moves_its_own_part_of_the_calendar_and_no_other() -> None:
    moved = {
        "births": ([1.0, 0.9, 0.8], {"places_refilled"}),
        "advertising_cost": ([1.0, 1.2, 1.6], {"ad_cost"}),
        "rivals_appeal": ([0.0, 0.1, 0.2], {"rival_appeal"}),
        "rivals_prices": ([1.0, 0.9, 0.8], {"rival_price", "rival_log_price"}),
    }
    assert set(moved) == set(COLUMNS)
    usual = calendar(market(), 0, 1500, 0)
    for column, (values, fields) in moved.items():
        found = days_along(path(**{column: values}))
        names = found.dtype.names or ()
        changed = {n for n in names if found[n].tobytes() != usual[n].tobytes()}
        assert changed == fields, column


def test_prices_of_rivals_and_their_logarithms_go_together() -> None:
    found = days_along(path(rivals_prices=[1.0, 0.9, 0.8]))
    assert found.rival_log_price == about(np.log(found.rival_price), abs=1e-12)
    usual = calendar(market(), 0, 1500, 0)
    assert found.rival_price[-1] == about(0.8 * usual.rival_price[-1])
    assert (found.rival_discount == usual.rival_discount).all(), "their own sales are as before"


def test_a_place_is_refilled_as_births_stand_to_those_of_six_years_before() -> None:
    given = path(births=[1.0, 0.9, 0.8])
    pregnancy = 195  # halfway between the shortest and the longest
    found = days_along(given, days=4000)
    born = value_on(given, "births", 2025.0 + (np.arange(4000) + pregnancy) / 365)
    left = value_on(given, "births", 2025.0 + (np.arange(4000) - 2190) / 365)
    assert found.places_refilled == about(born / left)
    assert found.places_refilled[1500] == about(0.8)
    assert found.places_refilled[-1] == about(1.0), "who leaves was few already"


# -- what is refused -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ("market.path.births=[1,1]", "market.path.births has 2 values and market.path.years 6"),
        ("market.path.years=[2025,2027,2026,2028,2029,2030]", "later than the one before"),
        ("market.path.births=[1,1,1,1.2,1,1]", "births may not exceed those of six years before"),
        ("market.path.births=[1,1,1,0,1,1]", "must lie between"),
        ("market.path.rivals_appeal=[0,0,0,0,0,9]", "must lie between -5 and 5"),
        ("market.path.years=[1,2,3,4,5,6]", "must lie between"),
        ("market.path.birth=[1]", "There is no setting market.path.birth"),
        ("market_path=mars", "There is no market_path=mars"),
    ],
)
def test_what_cannot_be_meant_is_refused_in_one_sentence(said: str, wrong: str) -> None:
    with pytest.raises(ConfigurationError, match=wrong) as refused:
        check_world(load("baseline", [CHINA, "run.days=2190", said]))
    assert "\n" not in str(refused.value)


def test_the_shipped_path_is_one_that_can_be_lived_to_the_longest_run() -> None:
    check_world(load("baseline", [CHINA, "run.days=9125"]))


def test_a_scenario_may_choose_a_path_and_a_folder_may_have_one_of_its_own(tmp_path: Path) -> None:
    for folder in ("scenarios", "market_path"):
        (tmp_path / folder).mkdir()
    (tmp_path / "market_path" / "ours.yaml").write_text(
        "# @package market.path\nyears: [2026]\nbirths: [1.0]\nadvertising_cost: [2.0]\n"
        "rivals_appeal: [0.0]\nrivals_prices: [1.0]\n"
    )
    (tmp_path / "scenarios" / "falling.yaml").write_text(
        "defaults: [baseline, {override /market_path: ours}]\nstrategy: {title: Falling}\n"
    )
    assert load("falling", config_dir=tmp_path).market.path.advertising_cost == [2.0]
    chosen = load("falling", [CHINA], tmp_path)
    assert chosen.market.path == load("baseline", [CHINA]).market.path


# -- those who live by it ------------------------------------------------------------------


@cache
def lived(*said: str, scenario: str = "baseline") -> RepurchaseModel:
    model = RepurchaseModel(load(scenario, [*SMALL, *said]), 5)
    begin_strategy(model, keep=False)
    model.live_until(420)
    return model


def moved(column: str, *values: float) -> tuple[str, ...]:
    """Overrides of a path that moves one column, from one value to the last within 2025."""
    still = [f"market.path.{n}=[{v},{v},{v}]" for n, v in LEVEL.items() if n != column]
    told = ",".join(map(str, values))
    return ("market.path.years=[2024,2025,2026]", f"market.path.{column}=[{told}]", *still)


def total(model: RepurchaseModel, name: str) -> int:
    return int(sum(row[name] for row in model.daily))


def same(one: RepurchaseModel, other: RepurchaseModel) -> bool:
    own, others = one.state, other.state
    return all(own[name].tobytes() == others[name].tobytes() for name in own)


def empty(model: RepurchaseModel) -> np.ndarray[Any, Any]:
    return np.asarray(model.households["birth_day"] == NEVER)


def test_no_path_is_the_world_as_it_was() -> None:
    assert same(lived(), lived("market_path=none"))
    assert same(lived(), lived(*moved("births", 1.0, 1.0, 1.0)))


def test_dearer_advertising_costs_more_and_moves_nobody_who_may_spend_it() -> None:
    usual, dear = lived(), lived(*moved("advertising_cost", 1.0, 1.0, 2.0))
    assert total(dear, "new_customers") == total(usual, "new_customers")
    paid = [np.array([row["cost_acquisition"] for row in m.daily]) for m in (usual, dear)]
    assert (paid[0] > 0).all()
    # But for a day of many deals, whose price cuts are booked with it and grow no dearer.
    as_dear = np.isclose(paid[1] / paid[0], dear.world.calendar.ad_cost[-421:-1], rtol=2e-2)
    assert as_dear.mean() > 0.99
    assert dear.world.calendar.ad_cost[-2] > 1.5


def test_dearer_advertising_within_a_budget_wins_fewer_customers() -> None:
    budget = "strategy.budget_yuan_per_customer_month=2"
    usual = lived(budget)
    dear = lived(budget, *moved("advertising_cost", 1.0, 1.0, 4.0))
    assert total(dear, "new_customers") < total(usual, "new_customers")


@pytest.mark.parametrize(
    "said", [moved("rivals_appeal", 0.0, 0.0, 1.0), moved("rivals_prices", 1.0, 1.0, 0.8)]
)
def test_stronger_and_cheaper_rivals_take_orders(said: tuple[str, ...]) -> None:
    assert total(lived(*said), "orders") < total(lived(), "orders")


def test_what_makes_rivals_stronger_speaks_for_each_of_them(scene: Scene) -> None:
    before = rival_utility(scene.parent, scene.world, DAY, PLATFORM)
    scene.world.today[0].rival_appeal = 0.3
    assert rival_utility(scene.parent, scene.world, DAY, PLATFORM) == about(before + 0.3)


FEWER = moved("births", 1.0, 1.0, 0.2)


def test_fewer_births_leave_places_empty_and_fewer_families_with_small_children() -> None:
    usual, fewer = lived(), lived(*FEWER)
    gone = empty(fewer)
    assert not empty(usual).any()
    graduated = total(usual, "graduated")
    assert total(fewer, "graduated") == graduated, "nobody leaves sooner or later for it"
    assert 0.2 * graduated < gone.sum() < 0.8 * graduated
    young = [(m.households["birth_day"] > m.day - 182) & ~empty(m) for m in (usual, fewer)]
    assert young[1].sum() < young[0].sum()
    # Whoever comes is the family that would have come anyway.
    for name in ("birth_day", "operator_taste", "income", "persona"):
        alike = fewer.households[name] == usual.households[name]
        assert alike[~gone].all(), name


def test_who_is_born_hangs_on_no_strategy() -> None:
    other = lived(*FEWER, scenario="integrated")
    assert total(other, "orders") != total(lived(*FEWER), "orders")
    for name in ("birth_day", "family", "income"):
        assert (other.households[name] == lived(*FEWER).households[name]).all(), name


def test_nobody_lives_in_an_empty_place() -> None:
    model = lived(*FEWER, scenario="integrated")
    gone = np.flatnonzero(empty(model))
    home = model.households[gone]
    assert len(gone) > 50
    for name in ("orders", "in_private_domain", "loyalty_member", "posts"):
        assert (home[name] == 0).all(), name
    assert (home["group"] == -1).all()
    assert (home["covered_until"] == NEVER).all()
    left: dict[int, int] = {}
    for day in model.events:
        left |= {int(e["household"]): int(e["day"]) for e in day[day["graduated"] > 0]}
    for day in model.events:
        late = [e for e in day if e["day"] > left.get(int(e["household"]), NEVER)]
        assert not [e for e in late if e["household"] in gone], "something happened there"


def test_a_diary_says_that_nobody_moved_in_and_then_falls_silent() -> None:
    said = ["population.households=200", "run.warmup_days=10", "run.days=40"]
    births = moved("births", 1.0, 0.02, 0.01)
    config = load("baseline", [*said, "operator.acquisition.clicks_per_day=0.5", *births])
    model = RepurchaseModel(config, 5)
    begin_strategy(model, keep=False)
    model.live_until(40)
    place = int(np.flatnonzero(empty(model))[0])
    diary = keep_diary(config, 5, place)
    last = diary.entries[-1]
    assert last.event["graduated"] == 1
    assert "No other moves in" in str(tell(diary, last))
    assert last.day < 35, "days were left on which a deal could find nobody at home"


def test_day_by_day_in_plain_python_it_is_the_same_world() -> None:
    said = ["population.households=200", "run.warmup_days=10", "run.days=8", *FEWER]
    said += ["market.path.years=[2023,2024,2025]", "population.pregnancy_shortest_days=200"]
    models = []
    for windows in (False, True):
        model = RepurchaseModel(load("integrated", said), 5)
        begin_strategy(model, keep=False)
        model.by_windows = windows
        for _ in range(8):
            model.step()
        models.append(model)
    assert empty(models[0]).any()
    assert same(*models)
