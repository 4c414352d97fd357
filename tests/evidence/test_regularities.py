"""Beyond the facts: shops, who writes, cohorts, ages, models that come back, years of the past."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from sim.config.loading import load, resolved
from sim.evidence import known_models, regularities, shops
from sim.evidence.dirichlet import LARGEST_SHAPE, Dirichlet, nbd_chances, nbd_shape
from sim.evidence.known_models import Bass
from sim.evidence.measure import WORLDS
from sim.evidence.regularities import (
    ALL_WORLDS,
    BESIDE,
    BEYOND,
    BEYOND_WORLDS,
    CENSUS,
    load_regularities,
)
from sim.experiments.beyond import censuses
from sim.experiments.judging import Evidence
from sim.experiments.simulate import observe
from sim.experiments.validate import reading_rows
from sim.indicators import Book
from sim.store.runs import Store
from sim.world.household import CATEGORIES
from tests.small_worlds import event, order, population, random_run, run

ROWS = load_regularities()


def book(*arguments: object, **fields: object) -> Book:
    return Book(run(*arguments, **fields))  # type: ignore[arg-type]


@cache
def lived(world: str, households: int, census_days: Sequence[int] = ()) -> Book:
    """A small world of one of those that are beyond the facts."""
    settings = [f"population.households={households}", "run.warmup_days=200", "run.threads=1"]
    settings += ALL_WORLDS[world].overrides
    return Book(observe(load("baseline", settings), 3, warm_start=False, census_days=census_days))


# The rows


def test_every_row_is_measured_in_worlds_there_are() -> None:
    assert {row.id for row in ROWS} == set(BEYOND)
    assert all(row.source and row.low <= row.value <= row.high for row in ROWS)
    for measurement in BEYOND.values():
        assert set(measurement.worlds) <= set(ALL_WORLDS)
    assert not set(BEYOND_WORLDS) & set(WORLDS)
    for each in BESIDE:
        assert each.world in ALL_WORLDS
        assert each.read_as in BEYOND


def test_readings_are_as_long_whatever_the_run() -> None:
    """A world that says nothing of a row says so in as many numbers."""
    for days in (91, 365, 730):
        any_run = Book(random_run(60, 600, days=days))
        for name, how in BEYOND.items():
            told = how.reading(any_run)
            assert isinstance(told, float | tuple), name
    quiet = book([], days=730)
    assert len(shops.buying(quiet)) == len(shops.NOTHING)
    assert len(known_models.uptake(quiet)) == len(known_models.NO_UPTAKE)
    assert len(known_models.second_year(quiet)) == len(known_models.NO_FORECAST)
    assert np.isnan(BEYOND["B10"].reading(quiet)).all()
    for each in BESIDE:
        found = np.array(BEYOND[each.read_as].reading(quiet))[each.found]
        assert len(found) == len(each.items), each.measure


def test_what_is_kept_of_a_run_is_in_its_key(tmp_path: Path) -> None:
    """A run of the same settings without a census, or not read beyond the facts, is another."""
    config = resolved(load("baseline", ["run.days=91"]))
    configs = {CENSUS: config, "baseline": config}
    plain, beyond = (
        Evidence(Store(tmp_path), {}, configs, {}, 0.95, worlds)
        for worlds in ((), (CENSUS, "baseline"))
    )
    keys = [run.key for each in (plain, beyond) for run in each.missing(configs, [1])]
    assert len(set(keys[:2])) == 1, "read alike they are one"
    assert len(set(keys)) == 3
    days = censuses(beyond)
    assert sorted(map(len, days.values())) == [0, 12]
    assert not censuses(plain), "and cost nobody a fitted model who does not ask"


def test_only_who_asks_reads_beyond_the_facts() -> None:
    any_run = Book(random_run(60, 600, days=365))
    assert not set(BEYOND) & set(reading_rows(any_run)["indicator"])
    assert set(BEYOND) <= set(reading_rows(any_run, BEYOND)["indicator"])


# Shops


def test_heavy_buyers_are_not_left_out_unnoticed() -> None:
    seen = lived("quarter_with_census", 1000, shops.CENSUS_DAYS)
    assert len(shops.purchases(seen)) > 500
    few = lived("quarter_with_census", 1000, (49,))
    assert len(shops.purchases(few)) == 0, "seven weeks of orders can be told of too few"


def test_the_nbd_has_the_mean_and_the_zeros_it_is_fitted_to() -> None:
    shape = nbd_shape(2.5, 0.4)
    chances = nbd_chances(2.5, shape)
    assert chances.sum() == pytest.approx(1.0)
    assert chances @ np.arange(len(chances)) == pytest.approx(2.5)
    assert chances[0] == pytest.approx(0.4)
    assert nbd_shape(2.5, 0.01) == LARGEST_SHAPE, "fewer zeros than any NBD has"


def test_a_dirichlet_market_is_told_by_the_dirichlet() -> None:
    luck = np.random.default_rng(5)
    shares = np.array([0.05, 0.5, 0.3, 0.15])
    total = luck.poisson(luck.gamma(1.5, 4.0 / 1.5, 40_000))
    likings = luck.dirichlet(0.8 * shares, 40_000)
    counts = luck.multinomial(total, likings)
    fitted = Dirichlet.fitted(counts)
    assert fitted.s == pytest.approx(0.8, rel=0.1)
    assert fitted.penetrations == pytest.approx((counts > 0).mean(axis=0), rel=0.05)
    often = counts.sum(axis=0) / (counts > 0).sum(axis=0)
    assert fitted.frequencies == pytest.approx(often, rel=0.05)
    assert fitted.frequencies[0] < fitted.frequencies[1], "double jeopardy"


def test_habits_tell_which_orders_were_made_between() -> None:
    before = np.array([[0.0, 0.0, 1 / 3, 1 / 3, 1 / 3]] * 4)
    after = before.copy()
    made = [[], [2], [4, 2], [1, 1, 3]]
    for habit, stores in zip(after, made, strict=True):
        for store in stores:
            habit *= 0.8
            habit[store] += 0.2
    counts, told = shops.orders_between(before, after, [(s, 0.2) for s in range(5)])
    assert told.all()
    assert counts.tolist() == [np.bincount(np.array(m, int), minlength=5).tolist() for m in made]
    nowhere = before + 0.01
    assert not shops.orders_between(before, nowhere, [(s, 0.2) for s in range(5)])[1].any()


def test_orders_told_from_habits_are_the_recorded_ones() -> None:
    """Of the operator's orders both are known; of all orders the day's counters."""
    world = lived("quarter_with_census", 2000, shops.CENSUS_DAYS)
    counts, stays = shops.purchases(world), world.observed.start["family"]
    stays = (stays == world.observed.end["family"]) & (world.observed.end["birth_day"] < 30000)
    assert len(counts) == stays.sum(), "each week of each household is told"
    own = np.zeros(world.families.count, int)
    seen = (world.orders.day >= 0) & (world.orders.day < world.days)
    np.add.at(own, world.orders.family[seen], 1)
    assert counts[:, 0].tolist() == own[: len(stays)][stays].tolist()
    assert counts[:, 0].sum() > 20
    daily = world.observed.daily
    trips = int(daily["trips"].sum() - daily["waits"].sum())
    assert counts.sum() == pytest.approx(trips * stays.mean(), rel=0.06), (
        "those who left do not count"
    )
    assert BEYOND["B02"].combine(shops.buying(world)) < 0.3


# Who writes


def test_top_share_counts_one_in_part() -> None:
    assert regularities.top_share(np.array([6.0, 2, 1, 1]), 0.25) == 0.6
    assert regularities.top_share(np.array([6.0, 2, 1, 1]), 0.125) == pytest.approx(0.3)
    assert regularities.top_share(np.ones(10), 0.1) == pytest.approx(0.1)


def test_messages_are_those_of_members_and_silent_members_count() -> None:
    start = population(4, group=[0, 0, -1, -1])
    events = [event(0, 5, group=0, help_posts=3), event(3, 9, joined=1)]
    one, ten, silent = regularities.messages_by_share(book(events, start=start, end=start))
    assert silent == 2 / 3, "1 was a member and 3 joined; 2 never was"
    assert (one, ten) == pytest.approx((0.03, 0.3))


# Cohorts and ages


def test_a_cohort_like_that_of_the_records_is_none_off() -> None:
    values = [regularities.GROCERY_CURVE.get(k, 9.0) for k in regularities.MONTHS]
    assert regularities.off_grocery(tuple(values)) == pytest.approx(0.0)
    values[0] += 0.7
    assert regularities.off_grocery(tuple(values)) == pytest.approx(0.1)


def test_ages_at_purchase_by_category() -> None:
    packs = np.zeros(8, int)
    packs[[CATEGORIES.index(name) for name in ("formula", "clothing")]] = 1
    start = population(1, birth_day=[-300])
    told = regularities.ages_at_purchase(book([order(0, 60, packs=packs)], start=start))
    named = dict(zip(regularities.TAOBAO_AGES, np.reshape(told, (-1, 3)), strict=True))
    assert named["food"].tolist() == named["clothing"].tolist() == [12.0] * 3
    assert np.isnan(named["toys"]).all()
    records = tuple(v for _, own in regularities.TAOBAO_AGES.values() for v in own)
    assert regularities.off_taobao(records) == 0.0


# Known models


def test_bass_is_found_where_it_is() -> None:
    days = np.arange(30, 721, 30)
    true = Bass(4e-4, 9e-3)
    fitted = Bass.fitted(days, true.adopted(days))
    assert fitted == pytest.approx(true, rel=1e-3)
    alone = Bass.fitted(days, 1.0 - np.exp(-3e-4 * days))
    assert alone.p == pytest.approx(3e-4, rel=1e-2)
    assert alone.q < 1e-5


def test_bass_comes_back_where_advertising_and_friends_alone_bring_customers() -> None:
    with_friends = known_models.uptake(lived("taken_up", 2000))
    without = known_models.uptake(lived("advertised_alone", 2000))
    assert with_friends[known_models.GAP] < 0.05
    assert with_friends[known_models.ADOPTED][-1] > 0.9
    assert without[known_models.P] == pytest.approx(without[known_models.P_EXPECTED], rel=0.25)
    assert with_friends[known_models.Q] > 5 * without[known_models.Q]
    assert with_friends[known_models.Q] > 5 * with_friends[known_models.P]


def test_bg_nbd_forecasts_a_world_in_which_nothing_is_learnt() -> None:
    told = known_models.second_year(lived("nothing_learnt", 4000))
    ratio = told[known_models.FORECAST] / told[known_models.BOUGHT]
    assert ratio == pytest.approx(1.05, abs=0.12)
    assert told[known_models.APART] < 0.35


def test_the_first_year_is_as_bg_nbd_sees_it() -> None:
    events = [order(0, 10), order(0, 10), order(0, 40), order(0, 400), order(1, 364), order(2, 500)]
    history = known_models.two_years(book(events, days=730))
    assert history.repeats.tolist() == [1, 0], "one purchase a day; 2 came in the second year"
    assert history.recency.tolist() == [30, 0]
    assert history.age.tolist() == [354, 0]
    assert history.later.ravel().tolist() == [1, 0]


# The years before


def test_the_years_before_are_those_of_the_population_s_births() -> None:
    settings = ["market_path=china_2020_2024", "population.reference_year=2020.5"]
    config = load("baseline", settings)
    published = np.array(config.population.births_by_year[4::-1])  # 2020 to 2024
    assert config.market.path.years == list(range(2020, 2025))
    assert config.market.path.births == pytest.approx(published / published[0], abs=5e-4)


def test_infants_and_acquisition_cost_by_year() -> None:
    start, end = population(4, birth_day=-400), population(4, birth_day=[700, 500, 300, -400])
    start["birth_day"][:2] = -100
    daily = np.zeros(730, [("day", "i8"), ("cost_acquisition", "i8"), ("new_customers", "i8")])
    daily["day"] = np.arange(730)
    daily["cost_acquisition"], daily["new_customers"] = 100, 1
    daily["cost_acquisition"][365:] = 125
    told = book([], start=start, end=end, days=730, daily=daily)
    assert regularities.infants_by_start(told) == 2 / 2
    assert regularities.acquisition_cost_by_year(told) == 1.25
