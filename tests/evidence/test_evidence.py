"""Facts, their measurement in runs worked out on paper, and the verdicts."""

import json
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from sim.behaviour.judge import experience
from sim.commands import validate as command
from sim.config.loading import load
from sim.console.progress import OnProgress, Standing
from sim.evidence import (
    contrasts,
    landmarks,
    measure,
    pairs,
    patterns,
    programmes,
    readings,
    regularities,
    trials,
    waiting,
)
from sim.evidence.facts import load_facts
from sim.experiments import judging, validate, verdicts
from sim.experiments.executors import ExecutionSettings
from sim.experiments.simulate import observe
from sim.indicators import Book, daily_table, household_table, monthly_table
from sim.parameters.quantity import ConfigurationError
from sim.reference.parameters import parameters
from sim.store.folders import read_manifest
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
    assert len(FACTS) == 92
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
    not_yet = {*waiting.WAITS_FOR, *waiting.PUT_IN}
    assert measured | not_yet == {fact.id for fact in FACTS}
    assert not measured & not_yet
    assert all(lever for lever, _ in map(waiting.why_not, waiting.WAITS_FOR))
    put_in = {fact.id for fact in FACTS if fact.role == "input"} & set(waiting.PUT_IN)
    assert put_in == set(waiting.PUT_IN), "what is no input waits for a lever"
    settings = {each.key for each in parameters()}
    assert set(waiting.PUT_IN.values()) <= settings
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
    assert landmarks.rates_by_channel_at_first_order(book(events)) == (1.0, 0.5)


def test_who_enters_the_private_domain_later_counts_where_they_began() -> None:
    # Three customers of the year, all outside after their first order. The first two stay long
    # enough to enter later; counting them as private made that rate 1 and the other 0.
    events = [order(0, 1), order(0, 9, entered_private_domain=1), event(0, 20, in_private_domain=1)]
    events += [order(1, 1), order(1, 200, entered_private_domain=1), order(2, 1)]
    events += [order(3, 5, entered_private_domain=1)]  # on the day of the first order: inside
    private, public = landmarks.rates_by_channel_at_first_order(book(events))
    assert private == 0
    assert public == 2 / 3
    left = [order(3, 5, in_private_domain=1, unsubscribed=1), order(3, 6)]  # and out by evening
    assert landmarks.rates_by_channel_at_first_order(book(left))[1] == 1


def test_a_ticket_is_followed_from_its_day_on() -> None:
    events = [order(0, 10), order(0, 20), event(0, 100, ticket=2)]  # all orders came before it
    events += [order(1, 10), event(1, 100, ticket=1), order(1, 465)]  # on the last day followed
    events += [order(2, 10), event(2, 100, ticket=1), order(2, 466)]  # a day too late
    events += [event(3, 400, ticket=1), order(3, 401)]  # not followed for a year
    told = book(events, days=730)
    assert landmarks.repurchase_after_ticket(told) == 1 / 3
    assert np.isnan(landmarks.repurchase_after_ticket(book(events, days=365)))


def test_a_family_that_leaves_the_market_is_not_followed() -> None:
    events = [event(0, 100, ticket=1), event(0, 300, graduated=1)]
    events += [event(1, 100, ticket=1), order(1, 120)]
    end = population(5)
    end["family"][0] = 1
    told = book(events, days=730, end=end)
    assert landmarks.repurchase_after_ticket(told) == 1


def test_margin_is_of_what_was_paid() -> None:
    assert readings.gross_margin_share(book([order(0, 1, 100), order(1, 2, 300)])) == 0.3


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
        order(4, 10, cause=deal, entered_private_domain=1),
        event(4, 60, left_private=REASONS.index("privacy")),
    ]
    assert contrasts.churn_of_welfare_members(book(events)) == 2 / 4


def test_who_left_or_fell_silent_over_privacy() -> None:
    over = REASONS.index("privacy")
    in_chat = {"in_private_domain": 1, "group": 0}
    start = population(7, **in_chat)
    start["in_private_domain"][6] = 0
    end = population(7, privacy_tolerance=0.5, privacy_concern=0.8, **in_chat)
    end["last_reaction_day"] = [300, 100, 100, -91, -90, 274, 100]
    end["privacy_concern"][2] = 0.5  # as much as it can live with
    events = [event(0, 60, unsubscribed=over)]  # gone, though it writes in the chat
    told = programmes.lost_over_privacy(book(events, start=start, end=end))
    assert told == 4 / 6, "0 left; 1, 4 and 5 wrote and do so no more; 3 wrote too long ago"
    end["last_reaction_day"][5] = 275  # within 90 days
    assert programmes.lost_over_privacy(book(events, start=start, end=end)) == 3 / 6
    end["group"][1] = -1  # went from the chat for a reason of its own
    assert programmes.lost_over_privacy(book(events, start=start, end=end)) == 2 / 6


def test_satisfaction_with_the_service_after_a_wait() -> None:
    def ticket(place: int, minutes: float, code: int) -> np.void:
        return event(place, 100, ticket=code, defect=1, wait_minutes=minutes)

    judge = load("baseline").behaviour.judge
    events = [ticket(0, 15, 1), ticket(1, 15, 2), ticket(2, 3, 1), ticket(3, 7, 1)]
    told = contrasts.satisfaction_by_wait(book(events, judge=judge))
    long = [experience(0.0, 1.0, 1.0, solved, 15.0, judge) for solved in (1.0, 0.0)]
    short = experience(0.0, 1.0, 1.0, 1.0, 3.0, judge)
    assert told == pytest.approx((np.mean(long), short)), "a wait of seven minutes is neither"
    assert contrasts.satisfaction_by_wait(book(events[:1], judge=judge))[0] < short
    assert np.isnan(contrasts.satisfaction_by_wait(book(events))).all(), "nobody knows the rule"


def test_satisfaction_does_not_hang_on_waits_that_do_not_matter() -> None:
    judge = replace(load("baseline").behaviour.judge, wait_loss=0.0)
    events = [event(i, 9, ticket=1, defect=1, wait_minutes=w) for i, w in enumerate((15, 3))]
    told = contrasts.satisfaction_by_wait(book(events, judge=judge))
    assert measure.ratio_within(told) == 1


def test_an_invitation_by_lot_is_read_from_the_lot() -> None:
    start = population(400, orders=1, last_order_day=-5, first_order_day=-5)
    plain = book([], start=start)
    invited = trials.drawn(plain, "community", 0.5)
    assert 120 < invited.sum() < 280
    events = [order(int(h), 9, 300 if invited[h] else 200) for h in range(400)]
    told = trials.spending_by_invitation(0.5)(book(events, start=start))
    assert measure.ratio_within(told) == 1.5


def test_incidence_after_a_message() -> None:
    start = population(6, orders=1, last_order_day=-60, first_order_day=-60)
    start["last_order_day"][[3, 4]] = -10, -400
    start["subscribed"][5] = 0
    events = [order(0, 27), order(1, 40), order(2, 26), order(3, 30), order(4, 30), order(5, 30)]
    told = book(events, start=start, days=55)
    # Of all on the list who bought in the year: 0 to 3, of whom 2 bought a day too early to count.
    assert trials.incidence_after_message([27], 28, silent=False)(told) == (3 / 4,)
    # Silent: 0, 1 and 3, whose last order was 37 days ago.
    assert trials.incidence_after_message([27], 28, silent=True)(told) == (1,)
    assert trials.incidence_after_message([27], 13, silent=True)(told) == (2 / 3,)
    assert np.isnan(trials.incidence_after_message([27, 28], 28, silent=True)(told)[1])


def test_each_message_is_held_against_the_same_days_without_it() -> None:
    without, first, second = (0.2, 0.3), (0.3, float("nan")), (0.2, 0.5)
    assert measure.ratio_by_message(without, first, second) == pytest.approx(0.8 / 0.5)
    assert measure.difference_by_message(without, first, second) == pytest.approx(0.15)


def test_one_message_is_sent_to_the_same_customers_or_not_at_all() -> None:
    small = ["population.households=2000", "run.warmup_days=60"]
    small += ["strategy.budget_yuan_per_customer_month=1000"]  # so few have much to share

    def lived(name: str) -> Book:
        return Book(observe(load("baseline", [*small, *measure.WORLDS[name].overrides]), 3))

    without, *worlds = map(lived, measure.MESSAGES)
    assert not without.observed.daily["cost_broadcast"].any()
    for day, with_one in zip(measure.SENT_DAYS, worlds, strict=True):
        on_list, others = (trials.on_list(each, day) for each in (with_one, without))
        assert on_list.sum() == others.sum() > 0
        last, same = (each.history(day).last_order_day for each in (with_one, without))
        assert np.sort(last[on_list]).tolist() == np.sort(same[others]).tolist()
        sent = np.flatnonzero(with_one.observed.daily["cost_broadcast"])
        assert sent.tolist() == [day], "one message"
        assert with_one.days == day + 28 <= without.days


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
    assert measure.steps((0.5, 0.25, 0.75)) == (-0.25, 0.5)


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


def test_short_gaps() -> None:
    events = [order(0, d) for d in (0, 14, 29)] + [order(1, 5)]
    assert patterns.short_gaps(book(events)) == 1 / 2


def test_cohorts_decay() -> None:
    # Won on day 10. The second period after it is days 41 to 70, the tenth 281 to 310.
    events = [order(0, 10), order(0, 41), order(0, 70), order(0, 280)]
    events += [order(1, 10), order(1, 40), order(1, 100), order(1, 281), order(1, 370)]
    events += [order(2, 500)]  # not followed to the end of the twelfth
    late, early = patterns.late_and_early_months(book(events, days=730))
    assert early == pytest.approx((1 / 2 + 1 / 2 + 0) / 3)
    assert late == pytest.approx((1 / 2 + 0 + 1 / 2) / 3)


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
        "run": {"days": 365, "threads": 1, "warmup_days": 0},
        "strategy": {"title": ""},
        "population": {"households": 50},
    }
    configs = {name: {**config, "world": name} for name in regularities.ALL_WORLDS}
    refused = {name: f"There is no scenario {name}." for name in ("reminders", "membership")}
    for name in refused:
        del configs[name]
    monkeypatch.setattr(validate, "composed", lambda *_: (configs, refused))
    monkeypatch.setattr(validate, "measured_run", _random_result)
    return validate.validate("baseline", 3, 1, [], ExecutionSettings(tmp_path), most=6)


def _random_result(planned: object, on_day: object, further: object = None) -> Result:
    told = Book(random_run(50, 600, planned.seed))  # type: ignore[attr-defined]
    rows = validate.reading_rows(told, regularities.BEYOND)
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
    assert set(table["verdict"]) == {"inside", "outside", "undecided", "not measured"}
    missing = table[table["verdict"] == "not measured"]
    assert missing["why"].str.len().min() > 10
    level = table.loc["L01"]
    assert level["low95"] < level["value"] < level["high95"]
    assert level["verdict"] == "outside"
    assert "no scenario reminders" in table.loc["C08", "why"]
    assert "tools" in table.loc["I16", "waits_for"]
    assert "put in" in table.loc["I17", "why"]
    counts = read_table(validated, "summary")
    assert counts[list(verdicts.VERDICTS)].to_numpy().sum() == len(FACTS)


def test_beyond_the_facts_each_row_has_its_verdict_in_as_many_worlds(validated: Path) -> None:
    table = read_table(validated, "regularities").set_index("id")
    assert set(table.index) == set(regularities.BEYOND)
    assert table.loc["Y03", "worlds"] == 6, "as many as the facts took at last"
    assert table.loc["Y03", "verdict"] == "outside"
    assert table.loc["B01", "verdict"] == "not measured", "no census in runs that are made up"
    assert "nobody" in table.loc["B01", "why"]
    beside = read_table(validated, "beside")
    assert set(beside["measure"]) == {each.measure for each in regularities.BESIDE}
    ages = beside[beside["measure"] == "age_median"].set_index("item")
    assert ages.loc["clothing", "expected"] == 22.5
    assert ages.loc["clothing", "value"] > 0
    assert len(read_table(validated, "history")) > 100


def test_worlds_are_added_where_rows_are_undecided(validated: Path) -> None:
    looks = read_table(validated, "looks")
    table = read_table(validated, "facts").set_index("id")
    assert looks["replications"].tolist() == [3, 6]
    assert looks["runs"].iloc[0] == 3 * (len(measure.WORLDS) - 2)  # two cannot be composed
    undecided = table["verdict"] == "undecided"
    assert looks["undecided"].iloc[-1] == undecided.sum() > 0
    assert looks["undecided"].is_monotonic_decreasing
    assert table.loc["L01", "worlds"] == 3, "decided at the first look, and left as it was"
    assert (table.loc[undecided, "worlds"] > 3).any()
    stopped = read_manifest(validated)["stopped"]
    assert stopped == (
        "6 worlds: the budget is spent (experiment.most_replications), "
        f"{undecided.sum()} rows are undecided"
    )
    assert validate.why_stopped([{"replications": 5, "undecided": 0}]).startswith("5 worlds: every")


def test_progress_counts_on_from_look_to_look(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def two_runs(runs: object, settings: object, tell: OnProgress, compute: object) -> None:
        tell(Standing(2, 2, 50, 60, elsewhere=1))

    monkeypatch.setattr(validate, "run_missing", two_runs)
    seen: list[Standing] = []
    settings, standing = ExecutionSettings(tmp_path), Standing(0, 0, 0, 0)
    for stage in ("look 1: ", "look 2: "):
        standing = validate._run([], settings, seen.append, standing, stage, {})
    assert seen[-1] == Standing(4, 4, 100, 120, 1, "look 2: ")
    assert seen[-1].told == "look 2: 4 of 4 runs, 1 by another process"


def test_a_row_held_in_points_says_so(validated: Path) -> None:
    row = read_table(validated, "facts").set_index("id").loc["X02"]
    assert row["unit"] == "share points"
    assert (row["low"], row["reported"], row["high"]) == pytest.approx(
        (0.4 * 0.0057, 0.85 * 0.0057, 1.3 * 0.0057)
    )


def test_a_condition_that_is_not_met_is_no_inside() -> None:
    told = {"P01": [(0.56, 0.5, 0.7, 0.8)] * 5}
    evidence = judging.Evidence(None, {}, {}, {}, 0.95)  # type: ignore[arg-type]
    how = measure.MEASUREMENTS["P01"]
    object.__setattr__(evidence, "readings", lambda fact, world, seeds: told[fact])
    assert evidence.demanded(how, "P01", range(5)) == ("outside", measure.RISING.wrong)
    told["P01"] = [(0.5, 0.6, 0.7, 0.8)] * 5
    assert evidence.demanded(how, "P01", range(5)) == ("inside", "")


def test_the_same_command_gives_the_same_table(validated: Path) -> None:
    before = read_table(validated, "facts")
    settings = ExecutionSettings(validated.parents[1])
    again = validate.validate("baseline", 3, 1, [], settings, most=6)
    assert again == validated
    pd.testing.assert_frame_equal(read_table(again, "facts"), before)


def test_verdicts_are_told_as_json(validated: Path) -> None:
    tables = {name: read_table(validated, name) for name in ("facts", "summary", "looks")}
    told = json.loads(command.as_text("2 worlds", tables))
    assert told["stopped"] == "2 worlds"
    rows = {row["id"]: row for row in told["facts"]}
    assert rows["C06"]["value"] is None
    assert rows["L01"]["verdict"] == "outside"


def test_the_terminal_says_value_bounds_and_verdict(validated: Path) -> None:
    shown = command.shown(read_table(validated, "facts")).set_index("id")
    assert shown.loc["L01", "what"] == "repurchase_rate_365d; customers"
    assert shown.loc["L01", "bounds"] == "0.35 to 0.482"
    assert shown.loc["L01", "verdict"] == "outside"
    assert shown.loc["I16", "95% interval"] == ""
    assert "tools" in shown.loc["I16", "verdict"]


def test_a_setting_is_scaled_or_refused() -> None:
    values = {"operator": {"operations": {"desk": 4.0}}}
    validate.scale(values, "operator.operations.desk", 0.5)
    assert values["operator"]["operations"]["desk"] == 2
    with pytest.raises(ConfigurationError, match=r"operator\.operations\.desks"):
        validate.scale(values, "operator.operations.desks", 0.5)


def test_a_trip_on_which_nothing_was_bought_counts_against_who_led_to_it() -> None:
    """Only what was bought has a row of its own; trips and clicks are counted by the day."""
    names = ("day", "list_fen", "unfilled", "advertised", "clicked", "by_koc")
    told = [
        (3, 100, 0, 1, 0, 0),  # an advertisement, and an order
        (3, 100, 0, 0, 1, 0),  # a deal that was clicked, and an order
        (4, 100, 0, 0, 0, 1),  # a KOC, and an order
        (4, 100, 1, 0, 0, 1),  # a KOC, and an empty shelf
        (4, 100, 0, 0, 0, 0),  # need alone
        (1, 100, 0, 0, 0, 1),  # before the year
    ]
    events = np.array(told, [(name, "i8") for name in names])
    days = [(0, 0, 0, 0), (1, 50, 50, 50), (2, 0, 0, 0), (3, 6, 14, 0), (4, 0, 0, 5)]
    daily = np.array(days, [(n, "i8") for n in ("day", "advertised", "deal_visits", "by_koc")])
    observed = SimpleNamespace(events=events, daily=daily, days=5)
    book = SimpleNamespace(observed=observed, first=2)
    by_koc, by_ad = contrasts.conversion_of_koc_and_ad(book)  # type: ignore[arg-type]
    assert (by_koc, by_ad) == (1 / 5, 2 / 20)
