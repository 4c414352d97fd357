"""Facts, their measurement in runs worked out on paper, and the verdicts."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sim.commands import validate as command
from sim.config.loading import load
from sim.evidence import contrasts, measure, pairs, patterns, readings, trials
from sim.evidence.facts import load_facts
from sim.experiments import validate
from sim.experiments.executors import ExecutionSettings
from sim.experiments.simulate import observe
from sim.indicators import Book, daily_table, household_table, monthly_table
from sim.parameters.quantity import ConfigurationError
from sim.store.result import Result
from sim.store.runs import read_table
from sim.world.communities import GROUP_RECORD
from sim.world.events import CAUSES, REASONS
from sim.world.household import CATEGORIES
from tests.small_worlds import event, order, population, random_run, run

FACTS = load_facts()
DIAPERS = CATEGORIES.index("diapers")
FESTIVAL = CAUSES.index("festival")


def book(*arguments: object, **fields: object) -> Book:
    return Book(run(*arguments, **fields))  # type: ignore[arg-type]


# The table


def test_the_facts_are_read() -> None:
    assert len(FACTS) == 86
    fact = next(fact for fact in FACTS if fact.id == "L01")
    assert (fact.value, fact.low, fact.high, fact.role) == (0.423, 0.35, 0.482, "fit")
    assert fact.holds(0.35)
    assert not fact.holds(0.483)


HEADER = "id,kind,kpi,who,condition,value,low,high,unit,role,source,note\n"


@pytest.mark.parametrize(
    ("row", "complaint"),
    [
        ("A,level,k,w,,x,0,1,share,fit,R1,", "value of A is 'x'"),
        ("A,levle,k,w,,0.5,0,1,share,fit,R1,", "levle"),
        ("A,level,k,w,,0.5,0,1,share,test,R1,", "test"),
        ("A,level,k,w,,2,0,1,share,fit,R1,", "outside its bounds"),
        ("A,level,k,w,,0,0,1,share,fit,R1,\nA,level,k,w,,0,0,1,share,fit,R1,", "twice"),
    ],
)
def test_a_faulty_row_is_named(tmp_path: Path, row: str, complaint: str) -> None:
    file = tmp_path / "facts.csv"
    file.write_text(HEADER + row + "\n", encoding="utf-8")
    with pytest.raises(ConfigurationError, match=complaint):
        load_facts(file)


def test_a_table_with_other_columns_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "facts.csv"
    file.write_text("id,value\n", encoding="utf-8")
    with pytest.raises(ConfigurationError, match="columns"):
        load_facts(file)
    with pytest.raises(ConfigurationError, match="cannot be read"):
        load_facts(tmp_path / "none.csv")


def test_every_fact_is_measured_or_says_why_not() -> None:
    measured = set(measure.MEASUREMENTS) | set(measure.PAIRED)
    assert measured | set(measure.NOT_YET) == {fact.id for fact in FACTS}
    assert not measured & set(measure.NOT_YET)
    for measurement in [*measure.MEASUREMENTS.values(), *measure.PAIRED.values()]:
        assert set(measurement.worlds) <= set(measure.WORLDS)


def test_every_reading_copes_with_any_run() -> None:
    for days in (40, 365, 730):
        told = measure.readings_of(Book(random_run(60, 600, days=days)))
        assert set(told) == set(measure.MEASUREMENTS)
    empty = measure.readings_of(book([]))
    assert np.isnan(empty["L01"][0])


# Levels


def test_repeat_orders() -> None:
    events = [order(0, d) for d in range(7)] + [order(1, 0), order(1, 1), order(2, 0)]
    assert readings.repeat_orders(book(events)) == (6 + 1) / 2
    assert readings.heavy_share(book(events)) == 1 / 2


def test_regions_and_counties() -> None:
    start = population(3, region=[0, 0, 2], city_tier=[1, 2, 4])
    told = book([order(0, 1), order(0, 2), order(1, 1), order(2, 1)], start=start)
    assert readings.rate_in_regions("east")(told) == 1 / 2
    assert readings.rate_in_counties(told) == 0


def test_interpurchase_time_of_frequent_buyers_of_staples() -> None:
    packs = np.eye(8, dtype=int)[DIAPERS]
    events = [order(0, d, packs=packs) for d in (0, 20, 50)]
    events += [order(0, 30)]  # holds none
    events += [order(1, d, packs=packs) for d in (0, 5)]  # two purchases only
    assert readings.staple_interpurchase(book(events)) == 25


def test_monthly_rates_by_activity_and_channel() -> None:
    events = [
        order(0, 0, group=3, reacted=1, in_private_domain=1),
        order(0, 20, group=3),
        order(1, 0, in_private_domain=1),
        order(2, 0),
    ]
    assert readings.monthly_rate_of_active(book(events)) == 1
    assert readings.monthly_rate_private(book(events)) == 1 / 2


def test_reasons_leave_graduation_out() -> None:
    why = [REASONS.index(name) for name in ("worthless", "privacy", "graduated")]
    events = [event(i, 5, left_group=code) for i, code in enumerate(why)]
    assert readings.reasons_share("worthless")(book(events)) == 1 / 2


# Contrasts


def test_active_members_against_others() -> None:
    # Customer 0 orders twice in the month in which she reacts, 1 once in twelve quiet months.
    events = [order(0, 0, group=1, reacted=1), order(0, 5), order(1, 40)]
    active, others = contrasts.orders_by_activity(book(events))
    assert active == 2
    assert others == 1 / (11 + 12)


def test_order_value_by_membership() -> None:
    events = [order(0, 1, 130, group=2), order(1, 1, 100)]
    assert measure.ratio_within(contrasts.order_value_by_membership(book(events))) == 1.3


def test_private_against_public_only() -> None:
    events = [order(0, 1, in_private_domain=1), order(0, 9), order(1, 1), order(1, 3), order(2, 1)]
    assert readings.private_rates(book(events)) == (1.0, 0.5)


def test_members_won_with_welfare_offers() -> None:
    deal = CAUSES.index("deal")
    events = [
        order(0, 10, cause=deal, entered_private_domain=1),
        event(0, 50, unsubscribed=1),
        order(1, 10, cause=deal, entered_private_domain=1),
        event(1, 150, unsubscribed=1),  # later than 90 days
        order(2, 10, entered_private_domain=1),  # came for a need
        order(3, 10, cause=deal, entered_private_domain=1),
        event(3, 50, left_group=REASONS.index("closed")),  # nobody's choice
    ]
    assert contrasts.churn_of_welfare_members(book(events)) == 1 / 3


def test_satisfaction_after_a_wait() -> None:
    end = population(2, satisfaction=[0.4, 0.8])
    events = [event(0, 360, ticket=1, wait_minutes=15), event(1, 360, ticket=1, wait_minutes=3)]
    told = contrasts.satisfaction_by_wait(book(events, start=population(2), end=end))
    assert measure.ratio_within(told) == pytest.approx(0.5)


def test_an_ab_test_compares_incidence_in_a_window() -> None:
    orders = np.array([0, 0, 1, 3]), np.array([5, 6, 20, 7])
    treated = np.array([True, True, False, False])
    assert trials.ab_test(orders, treated, (0, 10)) == (1 / 2, 1 / 2)
    assert trials.ab_test(orders, treated, (0, 6)) == (1 / 2, 0)
    base = np.array([True, True, True, False])
    assert trials.ab_test(orders, treated, (0, 10), base) == (1 / 2, 0)


def test_an_invitation_by_lot_is_read_from_the_lot() -> None:
    start = population(400, orders=1, last_order_day=-5, first_order_day=-5)
    plain = book([], start=start)
    invited = trials.drawn(plain, "community", 0.5)
    assert 120 < invited.sum() < 280
    events = [order(int(h), 9, 300 if invited[h] else 200) for h in range(400)]
    told = trials.spending_by_invitation(0.5)(book(events, start=start))
    assert measure.ratio_within(told) == 1.5


def test_one_message_of_silent_customers() -> None:
    start = population(400, orders=1, last_order_day=-60, first_order_day=-60)
    written_to = ~trials.drawn(book([], start=start), "broadcast", 0.5)
    events = [order(int(h), 3) for h in np.flatnonzero(written_to)]
    assert trials.message_test(14, 1, True, 0.5)(book(events, start=start)) == (1, 0)
    start["last_order_day"] = -10  # not silent: nobody left to ask
    told = trials.message_test(14, 1, True, 0.5)(book(events, start=start))
    assert np.isnan(told).all()


def test_a_message_is_tried_on_who_is_on_the_list() -> None:
    start = population(4, subscribed=[1, 1, 0, 0], orders=1, last_order_day=-100)
    events = [
        event(1, 5, unsubscribed=1),
        event(2, 6, entered_private_domain=1),
        order(3, 7, first_order=1),
    ]
    told = book(events, start=start)
    assert trials.on_list(told, 0).tolist() == [True, True, False, False]
    assert trials.on_list(told, 5).tolist() == [True, True, False, False]
    assert trials.on_list(told, 8).tolist() == [True, False, True, True]


def test_the_list_is_who_gets_messages() -> None:
    busy = ["population.households=2000", "run.warmup_days=60", "run.days=60"]
    lived = Book(observe(load("integrated", busy), 3, warm_start=False))
    on_list = trials.on_list(lived, lived.days)[lived.at_end]
    assert on_list.tolist() == (lived.observed.end["subscribed"] > 0).tolist()
    assert 0 < on_list.sum() < len(on_list)


def test_elasticity_and_shares_between_worlds() -> None:
    assert measure.elasticity((120.0, 150.0), (100.0, 100.0)) == pytest.approx(
        np.log(1.2) / np.log(1.5)
    )
    assert np.isnan(measure.elasticity((1.0, 1.0), (1.0, 1.0)))
    assert measure.loss_at_four((68.0,), (100.0,), (84.0,)) == pytest.approx(-0.32)
    assert measure.share_of_sales_from_points((102.0, 50.0), (100.0, 0.0)) == 0.04


def test_a_recovered_failure_is_followed_in_both_worlds() -> None:
    failing = [order(0, 5), event(0, 10, ticket=1), order(1, 5), event(1, 10, ticket=1)]
    failing += [order(0, 50), order(2, 364)]
    flawless = [order(0, 5), order(1, 5), order(0, 50), order(1, 60), order(2, 364)]
    one, other = (pairs.record(book(events)) for events in (failing, flawless))
    assert pairs.repurchase_after_recovery(one, other) == 1 / 2
    assert pairs.repurchase_after_recovery(other, other) != 1 / 2


def test_the_delay_after_an_unfilled_order() -> None:
    short = pairs.record(book([order(0, 10, unfilled=1), order(0, 32)]))
    stocked = pairs.record(book([order(0, 10), order(0, 30)]))
    assert pairs.delay_after_unfilled(short, stocked) == pytest.approx(0.1)
    assert np.isnan(pairs.delay_after_unfilled(stocked, stocked))


# Patterns


def test_chances_of_a_next_purchase() -> None:
    counts = (1, 1, 2, 3, 5)
    events = [order(h, 10 * k) for h, count in enumerate(counts) for k in range(count)]
    assert patterns.chances_of_next(book(events)) == (3 / 5, 2 / 3, 1 / 2, 1)
    assert measure.rising((0.5, 0.6, 0.7)) is None
    complaint = measure.rising((0.5, 0.4, 0.7))
    assert complaint is not None
    assert "0.40" in complaint


def test_second_purchase_after_a_festival() -> None:
    events = [order(0, 10, cause=FESTIVAL), order(0, 190), order(1, 10, cause=FESTIVAL)]
    events += [order(2, 10), order(2, 11), order(3, 300, cause=FESTIVAL)]
    assert patterns.second_after_festival(book(events)) == 1 / 2


def test_gini_of_known_counts() -> None:
    assert patterns.gini_of_counts(book([order(h, 0) for h in range(4)])) == 0
    unequal = [order(0, d) for d in range(3)] + [order(1, 0)]
    assert patterns.gini_of_counts(book(unequal, days=365)) == pytest.approx(0.25)


@pytest.mark.parametrize("shape", [1, 3])
def test_regularity_finds_the_shape_of_gamma_gaps(shape: int) -> None:
    luck = np.random.default_rng(7)
    packs = np.eye(8, dtype=int)[DIAPERS]
    gaps = luck.gamma(shape, 60 / shape, (3000, 2)).round().clip(1, 150).astype(int)
    days = np.c_[np.zeros(3000, int), gaps.cumsum(axis=1)]
    events = [order(h, int(d), packs=packs) for h in range(3000) for d in days[h]]
    assert patterns.regularity(book(events, households=3000)) == pytest.approx(shape, rel=0.15)


def test_orders_before_birth_and_messages_of_members() -> None:
    start = population(2, birth_day=[50, -100])
    told = book([order(0, 10), order(0, 60), order(1, 5), order(1, 6)], start=start)
    assert patterns.before_birth(told) == 1 / 4
    groups = np.zeros(1, GROUP_RECORD)
    groups["member_posts"], groups["operator_posts"] = 27, 73
    assert patterns.user_messages(book([], groups=groups)) == 0.27


def test_sales_of_the_eleventh_of_november() -> None:
    events = [order(0, d) for d in range(365)] + [order(1, 314, 900)]
    assert patterns.eleventh_november(book(events)) == pytest.approx(1000 / (37400 / 365))
    later = patterns.eleventh_november(book(events, start_day_of_year=100))
    assert later == pytest.approx(100 / (37400 / 365))


# Verdicts


@pytest.fixture
def validated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A validation of random runs, with two worlds that cannot be composed."""
    config = {
        "run": {"days": 365, "threads": 1},
        "strategy": {},
        "population": {"households": 50},
    }
    configs = {name: {**config, "world": name} for name in measure.WORLDS}
    refused = {name: f"There is no scenario {name}." for name in ("reminders", "membership")}
    for name in refused:
        del configs[name]
    monkeypatch.setattr(validate, "_composed", lambda *_: (configs, refused))
    monkeypatch.setattr(validate, "measured_run", _random_result)
    return validate.validate("baseline", 3, 1, [], ExecutionSettings(tmp_path))


def _random_result(planned: object, on_day: object) -> Result:
    told = Book(random_run(50, 600, planned.seed))  # type: ignore[attr-defined]
    rows = validate.reading_rows(told)
    return Result(
        indicators=rows,
        daily=daily_table(told),
        monthly=monthly_table(told),
        households=household_table(told),
        groups=pd.DataFrame(),
        orders=pairs.record(told),
    )


def test_validation_writes_every_fact_with_its_verdict(validated: Path) -> None:
    table = read_table(validated, "facts").set_index("id")
    assert len(table) == len(FACTS)
    assert set(table["verdict"]) <= {"inside", "outside", "cannot be measured yet"}
    missing = table[table["verdict"] == "cannot be measured yet"]
    assert missing["why"].str.len().min() > 10
    level = table.loc["L01"]
    assert level["low95"] < level["value"] < level["high95"]
    assert level["verdict"] == "outside"
    assert "no scenario reminders" in table.loc["C08", "why"]
    assert table.loc["C04", "why"] == measure.NOT_YET["C04"]
    counts = read_table(validated, "summary")
    assert counts[["inside", "outside", "cannot be measured yet"]].to_numpy().sum() == len(FACTS)


def test_the_terminal_says_value_bounds_and_verdict(validated: Path) -> None:
    shown = command.shown(read_table(validated, "facts")).set_index("id")
    assert shown.loc["L01", "what"] == "repurchase_rate_365d; customers"
    assert shown.loc["L01", "bounds"] == "0.35 to 0.482"
    assert shown.loc["L01", "verdict"] == "outside"
    assert shown.loc["C04", "95% interval"] == ""
    assert "recommendation" in shown.loc["C04", "verdict"]


def test_a_setting_is_scaled_or_refused() -> None:
    values = {"operator": {"operations": {"desk": 4.0}}}
    validate._scale(values, "operator.operations.desk", 0.5)
    assert values["operator"]["operations"]["desk"] == 2
    with pytest.raises(ConfigurationError, match=r"operator\.operations\.desks"):
        validate._scale(values, "operator.operations.desks", 0.5)
