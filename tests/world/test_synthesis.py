import math
from types import SimpleNamespace

import numpy as np
import pytest
from scipy.stats import norm

from sim.parameters.quantity import ConfigurationError, check_ranges
from sim.world.births import (
    births_by_day,
    first_birth_day,
    first_births,
    pregnancy_days,
)
from sim.world.household import COHORTS, FIELDS, GRADUATION_DAYS, HOUSEHOLD, PARENT, PERSONAS
from sim.world.records import copy_fields, on_cache_lines
from sim.world.synthesis import demography, found_family, region_records, region_starts, synthesise
from tests.machine import as_machine, machine
from tests.worlds import FIRST_DAY, START_DAY_OF_YEAR, population

SEED = 20250101
N = 60_000
WHO_THEY_ARE = [f.name for f in FIELDS if "synthesis" in f.owner or f.owner == "birth"]


@pytest.fixture(scope="module")
def people():
    return synthesise(population(N), SEED, FIRST_DAY, START_DAY_OF_YEAR)


def assert_share(found, expected, n=N):
    """Within 4.5 standard errors: a right program fails once in 150,000 seeds."""
    assert abs(found - expected) < 4.5 * math.sqrt(expected * (1 - expected) / n)


@pytest.mark.parametrize(
    ("name", "households"), [("town", 20_000), ("city", 10**6), ("nation", 40_000_000)]
)
def test_named_sizes_differ_in_size_alone(name, households):
    named, town = population(name=name), population()
    check_ranges(named, "population")
    assert named.households == households
    named.name, named.households = town.name, town.households
    assert named == town


def test_personas_are_as_published(people):  # I01 to I03
    given = population()
    for persona, share in zip(
        PERSONAS,
        [given.persona_new_share, given.persona_experienced_share, given.persona_shopping_share],
        strict=True,
    ):
        assert_share((people.persona == PERSONAS.index(persona)).mean(), share)
    first = people[people.later_child == 0]
    assert (first.persona == 0).mean() > 5 * (people[people.later_child == 1].persona == 0).mean()


def test_city_tiers_cohorts_and_worries_are_as_published(people):
    assert 0.50 < (people.city_tier >= 3).mean() < 0.56  # I04
    assert 0.65 < (people.cohort >= COHORTS.index("early_1990s")).mean() < 0.72  # I05
    assert_share((people.privacy_concern > 0.5).mean(), 0.63)  # I06


def test_children_are_as_given(people):
    given = population()
    assert_share(people.later_child.mean(), given.later_child_share)
    for mode, share in enumerate(given.feeding_shares):
        assert_share((people.feeding == mode).mean(), share)
    assert_share((people.toilet_training_days > 730).mean(), 0.087)
    assert np.median(people.toilet_training_days) == pytest.approx(580, rel=0.01)


def test_later_children_have_older_parents(people):
    later = people.later_child == 1
    assert people.cohort[~later].mean() > people.cohort[later].mean() + 0.3


def test_regions_have_their_shares_and_follow_one_another(people):
    given = population(N)
    starts = region_starts(given)
    assert starts[0] == 0
    assert starts[-1] == N
    for r, region in enumerate(given.regions):
        assert (people.region[starts[r] : starts[r + 1]] == r).all()
        assert abs((starts[r + 1] - starts[r]) / N - region.share) < 1 / N


def test_ratios_have_a_mean_of_one_and_tastes_their_spread(people):
    for name in ("income", "price_sensitivity", "use_pace"):
        values = people[name].astype(float)
        assert abs(values.mean() - 1) < 4.5 * values.std() / math.sqrt(N)
    assert people.platform_taste.std() == pytest.approx(population().rival_taste_spread, rel=0.02)
    assert np.corrcoef(np.log(people.income), np.log(people.price_sensitivity))[0, 1] < -0.3
    assert people.income[people.city_tier == 1].mean() > people.income[people.city_tier == 5].mean()


def test_liking_for_the_operator_goes_with_sociability_and_region(people):
    given = population()
    pulls = np.array([region.operator_pull for region in given.regions])
    own = people.operator_taste - pulls[people.region]
    correlation = np.corrcoef(own, people.sociability)[0, 1]
    assert abs(correlation - given.taste_sociability_correlation) < 4.5 / math.sqrt(N)
    assert abs(own.mean()) < 4.5 * own.std() / math.sqrt(N)
    for rival in ("platform_taste", "specialist_taste", "offline_taste"):
        assert abs(np.corrcoef(people[rival], people.operator_taste)[0, 1]) < 4.5 / math.sqrt(N)


@pytest.mark.parametrize("share", [0.0, 0.5, 1.0])
def test_a_circle_shares_its_part_of_liking_and_no_other_does(share):
    given = population(N)
    given.circle_places, given.circle_taste_share = 7, share
    people = synthesise(given, SEED, FIRST_DAY, START_DAY_OF_YEAR)
    pull = np.array([region.operator_pull for region in given.regions])[people.region]
    liking = (people.operator_taste - pull - given.operator_standing) / given.operator_taste_spread
    whole = liking[: N - N % 7].reshape(-1, 7)
    shared = np.corrcoef(whole[:, 0], whole[:, 6])[0, 1]
    beside = np.corrcoef(whole[:-1, 6], whole[1:, 0])[0, 1]
    assert abs(shared - share) < 4.5 * max(1.0 - share**2, 1e-5) / math.sqrt(len(whole))
    assert abs(beside) < 4.5 / math.sqrt(len(whole))
    assert abs(liking.std() - 1.0) < 4.5 * math.sqrt(7 / (2 * N))  # at worst, one draw a circle


def test_a_circle_of_one_is_independent_of_its_share():
    given = population(2000)
    given.circle_places, given.circle_taste_share = 1, 0.5
    alone = synthesise(given, SEED, FIRST_DAY, START_DAY_OF_YEAR)
    assert abs(np.corrcoef(alone.operator_taste[:-1], alone.operator_taste[1:])[0, 1]) < 0.1


def test_an_operator_s_standing_is_liking_that_everybody_has(people):
    known = synthesise(population(N, operator_standing=0.3), SEED, FIRST_DAY, START_DAY_OF_YEAR)
    assert (known.operator_taste - people.operator_taste).tolist() == pytest.approx(
        [0.3] * N, abs=1e-5
    )
    for name in ("platform_taste", "income", "sociability", "birth_day"):
        assert (known[name] == people[name]).all()


def test_ages_run_from_expecting_to_graduation_in_order_within_the_region(people):
    age = FIRST_DAY - people.birth_day.astype(int)
    assert -270 <= age.min() < -230
    assert GRADUATION_DAYS - 10 < age.max() < GRADUATION_DAYS
    for region in range(people.region.max() + 1):
        assert (np.diff(people.birth_day[people.region == region].astype(int)) >= 0).all()


def test_births_have_their_season(people):
    earliest, cumulative = first_births(population(), FIRST_DAY, START_DAY_OF_YEAR)
    born = people.birth_day[people.birth_day < FIRST_DAY].astype(int)
    month = ((START_DAY_OF_YEAR + born) % 365) // 30.42
    winter = np.isin(month, [9, 10, 11, 0, 1]).mean()
    assert winter > 5 / 12 + 0.015
    expected = np.diff(cumulative)[: FIRST_DAY - earliest]
    found = np.bincount(born - earliest, minlength=len(expected))[: len(expected)] / N
    assert np.abs(np.cumsum(found) - np.cumsum(expected)).max() < 1e-3  # stratified: no lottery


def test_ages_as_in_the_published_years_can_be_asked_for():
    given = population(N, births_trend="historical")
    people = synthesise(given, SEED, FIRST_DAY, START_DAY_OF_YEAR)
    age = FIRST_DAY - people.birth_day.astype(int)
    eldest, youngest = ((age >= 1825) & (age < 2190)).sum(), ((age >= 0) & (age < 365)).sum()
    assert eldest / youngest == pytest.approx(14.65 / 9.54, rel=0.02)


def test_what_is_not_synthesised_stays_zero(people):
    for field in FIELDS:
        if field.name not in [*WHO_THEY_ARE, "privacy_concern"]:
            assert not people[field.name].any()


def test_a_family_depends_on_seed_place_and_number_alone():
    given = population(500)
    one = synthesise(given, SEED)
    assert (one == synthesise(given, SEED)).all()
    other = synthesise(given, SEED + 1)
    assert (one.operator_taste != other.operator_taste).all()
    more = synthesise(population(501), SEED)
    same = one.region == more.region[:500]
    assert (one.operator_taste[same] == more.operator_taste[:500][same]).all()


def test_later_families_are_new_but_the_place_stays():
    given = population(4000)
    given.circle_taste_share = 0.0  # what neighbours share stays with the place
    known, regions = demography(given), region_records(given)
    people = synthesise(given, SEED)
    later = people.copy()

    @as_machine
    def succeed(households, seed, known, regions):
        for i in range(len(households)):
            found_family(households[i], 1, i, seed, known, regions)

    succeed(later, SEED, known, regions)
    assert (later.family == 1).all()
    for name in ("region", "city_tier", "birth_day"):
        assert (later[name] == people[name]).all()
    for name in ("operator_taste", "income", "sociability"):
        # income shares the tier: unrelated but for it
        assert abs(np.corrcoef(later[name], people[name])[0, 1]) < 0.25
        assert (later[name] != people[name]).mean() > 0.99
    assert abs(later.operator_taste.std() - people.operator_taste.std()) < 0.06


def test_compiled_plain_wide_and_packed_families_are_the_same():
    given = population(300)
    known, regions = demography(given), region_records(given)
    packed = synthesise(given, SEED, FIRST_DAY, START_DAY_OF_YEAR)
    earliest, cumulative = first_births(given, FIRST_DAY, START_DAY_OF_YEAR)
    twin, born = machine(found_family), machine(first_birth_day)
    for i in range(0, 300, 7):
        region = regions[int(packed.region[i])]
        place, places = int(region.first_place), int(region.places)
        assert born(i, SEED, place, places, earliest, cumulative) == packed.birth_day[i]
        parent = np.zeros(1, PARENT).view(np.recarray)[0]
        parent.region, parent.birth_day = packed.region[i], packed.birth_day[i]
        twin(parent, 0, i, SEED, known, regions)
        stored = np.zeros(1, HOUSEHOLD)[0]
        copy_fields(parent, stored)
        assert stored == packed[i]
        wide = np.zeros(1, PARENT).view(np.recarray)
        wide[0].region, wide[0].birth_day = packed.region[i], packed.birth_day[i]
        found_family(wide[0], 0, i, SEED, known, regions)
        assert wide[0].tobytes() == parent.tobytes()  # to the last bit, in double precision


def test_any_object_with_the_attributes_can_be_a_parent():
    given = population(50)
    parent = SimpleNamespace(region=2, birth_day=-100)
    found_family(parent, 3, 20, SEED, demography(given), region_records(given))
    assert parent.family == 3
    assert parent.city_tier <= 3


@as_machine
def _live(birth_day, family, seed, days, today, start, known):
    """Families succeed one another for so many days; births counted by day of the year."""
    births = np.zeros(365, np.int64)
    for day in range(today, today + days):
        for place in range(len(birth_day)):
            if day - birth_day[place] >= 2190:
                family[place] += 1
                of_year = (start + day) % 365
                wait = pregnancy_days(place, family[place], seed, of_year, known)
                birth_day[place] = day + wait
            if birth_day[place] == day:
                births[(start + day) % 365] += 1
    return births


def test_ages_and_the_season_of_births_are_stationary():
    given = population(30_000)
    known = demography(given)
    birth_day = synthesise(given, SEED, 0, START_DAY_OF_YEAR).birth_day.astype(np.int64)
    family = np.zeros(len(birth_day), np.int64)
    edges = [-300, 0, 180, 365, 1095, 2190]
    before = np.histogram(-birth_day, edges)[0] / len(birth_day)
    births = _live(birth_day, family, SEED, 8 * 365, 0, START_DAY_OF_YEAR, known)
    after = np.histogram(8 * 365 - birth_day, edges)[0] / len(birth_day)
    assert family.min() >= 1  # everybody was succeeded
    assert np.abs(after - before).max() < 0.005
    expected = births_by_day(given)
    half_years = np.array([births[:182].sum(), births[182:].sum()]) / births.sum()
    assert half_years[0] == pytest.approx(expected[:182].sum() / expected.sum(), abs=0.01)
    winter = np.r_[0:59, 273:365]
    assert births[winter].sum() / births.sum() == pytest.approx(
        expected[winter].sum() / expected.sum(), abs=0.01
    )


def test_pregnancies_last_as_long_as_given():
    given = population()
    known = demography(given)
    waits = [pregnancy_days(i, 1, SEED, i % 365, known) for i in range(5000)]
    assert min(waits) > 100
    assert max(waits) <= 280
    assert np.mean(waits) == pytest.approx(195, abs=4)
    twin = machine(pregnancy_days)
    assert [twin(i, 1, SEED, i % 365, known) for i in range(200)] == waits[:200]


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"feeding_shares": [0.5, 0.4, 0.3]}, "feeding_shares"),
        ({"persona_new_share": 0.5}, "persona"),
        ({"later_child_share": 0.95}, "persona_new_share"),
        ({"toilet_training_median_days": 900.0}, "toilet_training_median_days"),
        ({"income_by_tier": [1.0]}, "income_by_tier"),
        ({"births_by_month": [1.0]}, "births_by_month"),
        ({"pregnancy_shortest_days": 270}, "pregnancy_shortest_days"),
    ],
)
def test_contradictions_are_refused_by_name(change, named):
    with pytest.raises(ConfigurationError, match=named):
        synthesise(population(100, **change), SEED)


def test_region_shares_must_add_up():
    broken = population(100)
    broken.regions[0].share = 0.9
    with pytest.raises(ConfigurationError, match="regions"):
        synthesise(broken, SEED)


def test_diapers_at_24_months_set_the_spread_of_toilet_training():
    known = demography(population())
    late = 1 - norm.cdf((math.log(730) - known.log_training_median) / known.training_spread)
    assert late == pytest.approx(0.087, abs=1e-9)


@pytest.mark.parametrize("count", [0, 1, 7, 5000])
def test_households_begin_on_cache_lines_and_start_empty(count: int) -> None:
    households = on_cache_lines(count, HOUSEHOLD)
    assert households.shape == (count,)
    assert households.ctypes.data % 64 == 0
    assert not households.view(np.ndarray).view(np.uint8).any()
    households["orders"] = 3
    assert households.flags.writeable
    assert (households.orders == 3).all()
