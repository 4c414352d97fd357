"""Survival, first orders and neighbours: what a comparison tells of lives and of news."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.config.loading import load
from sim.experiments import survival
from sim.experiments.assumptions import assumptions, changes, rests_on
from sim.experiments.simulate import observe
from sim.indicators import Book, daily_table, lives_table, monthly_table, order_log, retention_table
from sim.indicators.churn import customer_lives, customer_survival
from sim.indicators.neighbours import neighbour_table
from sim.indicators.people import WAYS, group_table, household_table, of_day_0
from sim.world.ties import friendships

RUN = ("baseline", 1)
SETTINGS = ["population.households=1200", "run.days=400", "run.warmup_days=60", "run.threads=1"]


@pytest.fixture(scope="module")
def config():
    return load("baseline", SETTINGS)


@pytest.fixture(scope="module")
def book(config):
    return Book(observe(config, seed=5, warm_start=False))


def test_active_members_of_a_month_are_those_of_its_last_day():
    config = load("expert_community", [*SETTINGS, "population.households=8000", "run.days=60"])
    book = Book(observe(config, seed=5, warm_start=False))
    last = monthly_table(book).iloc[-1]
    assert last["members"] == book.member_at_end.sum()
    assert last["active_members"] == book.active_member_at_end.sum() > 0


def test_curves_are_those_of_the_indicators(book):
    lives = lives_table(book)
    assert lives["customers"].sum() == len(customer_lives(book).days)
    spells = {("baseline", 1): survival.customer_spells(lives)}
    chats = {("baseline", 1): survival.chat_spells(group_table(book))}
    curve = survival.survival(spells, chats).query("of == 'customers'")
    own = customer_survival(book)
    days = curve["day"].to_numpy(int)
    assert len(days) > 15
    np.testing.assert_allclose(curve["share"], own[days], atol=1e-12)
    assert (curve["low"] <= curve["share"] + 1e-12).all()
    assert (curve["at_risk"] >= survival.FEW).all()


def test_worlds_are_pooled(book):
    spells = survival.customer_spells(lives_table(book))
    nobody = {("baseline", 1): survival.chat_spells(group_table(book)).head(0)}
    once = survival.survival({("baseline", 1): spells}, nobody)
    twice = survival.survival({("baseline", 1): spells, ("baseline", 2): spells}, nobody)
    both = once.merge(twice, on=["of", "strategy", "day"])
    np.testing.assert_allclose(both["share_x"], both["share_y"], atol=1e-12)
    later = both[both["day"] > 100]
    assert (later["high_y"] - later["low_y"] < later["high_x"] - later["low_x"]).all()


def test_first_orders_of_the_run_have_a_way(book):
    people = of_day_0(household_table(book))
    new = people["first_order_day"] >= 0
    assert new.any()
    assert (people["way"].notna() == new).all()
    counted = {("baseline", 1): survival.first_orders(people)}
    table = survival.news(counted)
    assert set(table["way"]) == set(WAYS)
    assert table["mean"].sum() == new.sum()
    assert new.sum() <= daily_table(book)["new_customers"].sum()  # later families come beside


def test_every_order_of_a_lived_run_joins_to_one_family(book):
    log, families = order_log(book), household_table(book)
    assert len(log.merge(of_day_0(families), on=["household", "family"])) < len(log)
    joined = log.merge(families, on=["household", "family"], how="left", validate="many_to_one")
    assert joined["customer"].notna().all()
    assert (joined["day"] >= joined["entered_day"].fillna(0)).all()
    assert (joined["day"] <= joined["left_day"].fillna(book.days)).all()


def test_months_carry_the_retention_of_their_cohorts(book):
    monthly = monthly_table(book).set_index("month")
    table = retention_table(book).set_index(["cohort_month", "months_since"])["share"]
    for since in (1, 5):
        found = monthly[f"ordering_after_{since}m"].dropna()
        assert len(found)
        for month, share in found.items():
            assert share == table[month, since]


def test_neighbours_know_each_other_and_their_stories(book, config):
    table = neighbour_table(book, friendships(config.population, 5)).set_index("household")
    assert (table["role"] == "neighbour").sum() == 120
    friends = {place: set(map(int, text.split())) for place, text in table["friends"].items()}
    assert sum(map(len, friends.values())) > 400
    for place, others in friends.items():
        assert all(place in friends[other] for other in others)
    kocs = set(table.index[table["role"] == "koc"])
    for text in table["follows"]:
        assert set(map(int, text.split())) <= kocs
    people = of_day_0(household_table(book)).set_index("household").loc[table.index]
    pd.testing.assert_series_equal(
        table["first_order_day"],
        people["first_order_day"].astype(float),
        check_index_type=False,
    )


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        ("I12", "evidence"),
        ("X02 as a guide: visits .106", "evidence"),
        ("fitted: L14, L10", "fitted"),
        ("assumed; calibrated: L18", "fitted"),
        ("assumed; I06 sets the concern", "assumed"),
        ("assumed; sales follow from it (P10 is a check, not fitted)", "assumed"),
        ("", "assumed"),
        ("NBS 2023", "published"),
        ("off unless a strategy turns it on", "definition"),
    ],
)
def test_what_a_setting_rests_on(source, kind):
    assert rests_on(source) == kind


def test_assumptions_hold_the_values_that_were_used():
    config = load("baseline", ["operator.coupons.coupon_percent=17"])
    table = assumptions(config, None).set_index("key")
    assert table.loc["operator.coupons.coupon_percent", "value"] == "17"
    assert table.loc["operator.operations.commission_share", "facts"] == "I12"
    told = changes({"baseline": load("baseline"), "reminders": load("reminders")}, "baseline")
    assert ("reminders", "operator.reminders.strength", "1", "0") in set(
        told.itertuples(index=False, name=None)
    )


def spells_of(*told: tuple[int, int, bool]) -> pd.DataFrame:
    entry, days, ended = zip(*told, strict=True)
    return pd.DataFrame({"entry_days": entry, "days": days, "ended": ended, "count": 1})


@given(st.lists(st.tuples(st.integers(1, 60), st.booleans()), min_size=1, max_size=40))
def test_without_late_entry_a_curve_is_the_product_of_those_who_stay(told):
    spells = spells_of(*((0, days, ended) for days, ended in told))
    curve = survival.survival({RUN: spells}, {RUN: spells[:0]}).set_index("day")
    for day, share in curve["share"].items():
        stay = 1.0
        for when in range(1, int(day) + 1):
            watched = sum(days >= when for days, _ in told)
            gone = sum(ended and days == when for days, ended in told)
            stay *= 1.0 - gone / watched if watched else 1.0
        assert share == pytest.approx(stay, abs=1e-12)
    bounded = curve[curve["low"].notna()]
    assert (bounded["low"] <= bounded["share"] + 1e-12).all()
    assert (bounded["share"] <= bounded["high"] + 1e-12).all()


def test_a_curve_that_would_mean_nothing_is_left_out():
    watched_too_late = spells_of((0, 3, True), *((10, 10 + i, True) for i in range(1, 30)))
    usual = spells_of((0, 30, True), (0, 40, False))
    table = survival.survival({RUN: watched_too_late}, {RUN: usual})
    assert set(table["of"]) == {"chats"}
