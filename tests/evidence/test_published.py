"""Experiments that happened: the list, how each is lived, and its readings worked out on paper."""

import csv
import math
from dataclasses import replace
from pathlib import Path

import pytest

from sim.evidence import backtests, measure, pairs, programmes, trials
from sim.evidence.facts import load_facts
from sim.evidence.published import (
    COLUMNS,
    Published,
    experiments,
    load_published,
    load_yardsticks,
    scale_of,
)
from sim.indicators import Book
from sim.operator.discovery import CAUSES
from sim.operator.own_records import EVENT
from sim.parameters.quantity import ConfigurationError
from sim.reference.parameters import parameters
from tests import ROOT
from tests.small_worlds import event, order, population, run

SOURCE = ROOT.parent / "shared" / "evidence"
LIST = load_published()
FACTS = load_facts()


def test_the_list_is_read() -> None:
    found = {each.id: each for each in LIST}
    assert list(found) == [f"E{number:02}" for number in range(1, 13)]
    email = found["E02"]
    assert (email.effect, email.low, email.high, email.unit) == (1.85, 1.4, 2.3, "ratio")
    assert (email.same_as, email.source, email.yardstick) == ("X02", "A7", "")
    assert found["E04"].same_as == ""
    assert found["E11"].same_as == "X10", "said in the middle of a remark"
    assert math.isnan(found["E12"].effect)
    assert found["E12"].yardstick == "0.29 / 0.18 / 0.05"


@pytest.mark.skipif(not SOURCE.exists(), reason="the lists that these are copies of are not here")
@pytest.mark.parametrize("name", ["experiments.csv", "facts.csv"])
def test_the_copy_is_the_source(name: str) -> None:
    copy, source = (
        list(csv.reader((folder / name).open(encoding="utf-8", newline="")))
        for folder in (ROOT / "conf/evidence", SOURCE)
    )
    assert copy == source


def test_every_experiment_is_there_once() -> None:
    found = experiments(LIST, FACTS)
    names = [each.id for each in found]
    assert names[:12] == [each.id for each in LIST]
    assert names[12:] == ["X05", "X06", "X07", "X08", "X11", "X12"]
    assert [each.same_as for each in found[12:]] == names[12:]
    causal = {fact.id for fact in FACTS if fact.kind == "causal"}
    told = [each.same_as for each in found if each.same_as]
    assert sorted(told) == sorted(causal), "none is left out, and none told twice"


def test_every_experiment_is_lived_or_told_apart() -> None:
    found = experiments(LIST, FACTS)
    lived = {each.id for each in found if not each.yardstick}
    assert lived == set(backtests.LIVED)
    settings = {each.key: each for each in parameters()}
    for name, how in backtests.LIVED.items():
        assert set(how.how.worlds) <= set(backtests.ALL_WORLDS), name
        known = {**measure.MEASUREMENTS, **measure.PAIRED, **backtests.OWN}
        assert how.read_as in known or isinstance(how.how, measure.PairedMeasurement), name
        assert how.here
    for name, key in backtests.PUT_IN.items():
        source = settings[key].source
        assert "Gershon & Jiang 2024" in source, f"{name} is the study that {key} was taken from"


HEADER = ",".join(COLUMNS) + "\n"


@pytest.mark.parametrize(
    ("row", "complaint"),
    [
        ("A,w,p,t,o,x,1,2,ratio,S,", "effect of A is 'x', it must be a number"),
        ("A,w,p,t,o,1,,2,ratio,S,", "low of A is '', it must be a number"),
        ("A,w,p,t,o,3,1,2,ratio,S,", "effect of A lies outside its bounds"),
        ("A,w,p,t,o,1,0,2,ratio,S,", "A is a ratio, whose bounds must be above 0"),
        ("A,w,p,t,o,1,1,inf,ratio,S,", "lies outside its bounds"),
        (",w,p,t,o,1,1,2,ratio,S,", "has no id"),
        ("A,w,p,t,o,1,1,2,ratio,S", "more or fewer cells"),
        ("A,w,p,t,o,1,1,2,ratio,S,\nA,w,p,t,o,1,1,2,ratio,S,", "has A twice"),
    ],
)
def test_a_faulty_row_is_named(tmp_path: Path, row: str, complaint: str) -> None:
    (tmp_path / "evidence").mkdir()
    (tmp_path / "evidence" / "experiments.csv").write_text(HEADER + row + "\n", encoding="utf-8")
    with pytest.raises(ConfigurationError, match=complaint):
        load_published(tmp_path)


def test_what_is_said_to_be_the_same_must_be_there() -> None:
    with pytest.raises(ConfigurationError, match="E01 is said to be the same as L01"):
        experiments([replace(LIST[0], same_as="L01")], FACTS)
    with pytest.raises(ConfigurationError, match="X05 is the id of an experiment and of a fact"):
        experiments([replace(LIST[0], id="X05")], FACTS)


def test_yardsticks_say_where_they_come_from(tmp_path: Path) -> None:
    gym, pages = load_yardsticks()
    assert (gym.tests, gym.accuracy, gym.correlation) == (50, 0.77, 0.55)
    assert (pages.tests, pages.accuracy) == (47, 0.67)
    assert math.isnan(pages.correlation)
    assert all("arXiv" in each.source for each in (gym, pages))
    (tmp_path / "evidence").mkdir()
    file = tmp_path / "evidence" / "yardsticks.csv"
    file.write_text("name,tests,what,accuracy,correlation,source\nA,many,w,1,1,s\n")
    with pytest.raises(ConfigurationError, match="tests of A is 'many'"):
        load_yardsticks(tmp_path)


def test_effects_as_logarithms() -> None:
    def log(unit: str, figure: float) -> float:
        scale = scale_of(unit)
        assert scale.log is not None
        return scale.log(figure)

    assert log("ratio", 2.0) == math.log(2.0)
    assert log("relative change", -0.5) == math.log(0.5)
    assert log("share", 0.2) == pytest.approx(math.log(1.0 / 0.8)), "a fifth of it is new"
    assert math.isnan(log("ratio", -1.0))
    assert [scale_of(unit).none for unit in ("ratio", "share", "elasticity")] == [1.0, 0.0, 0.0]
    assert scale_of("elasticity").log is None


# Readings


def test_what_messages_bring() -> None:
    none, one, two = (100.0,), (110.0,), (117.0,)
    assert backtests.by_messages(two, one, none) == 1.7
    assert math.isnan(backtests.by_messages(two, none, none)), "a share of nothing"


def test_revenue_is_of_who_was_on_the_list() -> None:
    start = population(4, orders=1, last_order_day=-9, first_order_day=-9)
    start["subscribed"][1], start["orders"][2] = 0, 0
    events = [order(0, 5, 70), order(0, 300, 30), order(1, 5), order(2, 5), order(3, 7, 20.5)]
    assert trials.revenue_of_listed(Book(run(events, start=start))) == 120.5


def wished(household: int, day: int) -> object:
    return event(household, day, referral_wished=1)


def test_referrals_of_who_came_by_a_friend(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.small_worlds.EVENT", EVENT)  # with what levers add to it
    friend = CAUSES.index("referral")
    events = [order(0, 10, cause=friend), order(1, 10), order(2, 300, cause=friend)]
    events += [wished(0, 20), wished(0, 30), wished(1, 20), wished(2, 364)]
    events += [event(3, 40, referral_wished=1)]  # no customer
    made, days = programmes.referrals_of_referred(Book(run(events)))  # type: ignore[arg-type]
    assert made == 3
    assert days == (365 - 11) + (365 - 301)
    assert backtests.ratio_of_rates((3.0, 100.0), (2.0, 100.0)) == 1.5


def test_without_the_lever_nobody_can_tell_of_referrals() -> None:
    assert all(map(math.isnan, programmes.referrals_of_referred(Book(run([order(0, 1)])))))


def test_the_price_after_a_coupon_is_that_of_the_same_families() -> None:
    early, late = pairs.SENT_FROM, pairs.GONE_DAY
    spent = [order(0, early, coupon_fen=500), order(1, late, coupon_fen=500)]  # 1: run out
    spent += [order(2, early - 1, coupon_fen=500)]  # of before
    after = [order(0, late, 90, list_fen=10_000), order(0, late + 29, 70, list_fen=10_000)]
    after += [order(0, late + 30, 10, list_fen=10_000), order(1, late, 10, list_fen=10_000)]
    usual = [order(0, late + 3, 100), order(1, late, 50, list_fen=10_000)]
    usual += [order(0, early, 10, list_fen=10_000)]  # not in the month after
    one, other = (pairs.record(Book(run(events))) for events in ([*spent, *after], usual))
    assert pairs.price_after_coupon(one, other) == pytest.approx((90 + 70) / 200)
    assert math.isnan(pairs.price_after_coupon(other, other)), "nobody spent a coupon"


def test_an_order_that_was_not_filled_was_not_paid() -> None:
    told = pairs.record(Book(run([order(0, 40, unfilled=1), order(1, 40, 30, coupon_fen=7)])))
    assert told["list_fen"].tolist() == [0, 3000]
    assert told["paid_fen"].tolist() == [0, 3000]
    assert told["coupon_fen"].tolist() == [0, 7]


def test_a_fact_is_told_as_an_experiment() -> None:
    fact = next(fact for fact in FACTS if fact.id == "X05")
    found = next(each for each in experiments([], FACTS) if each.id == "X05")
    assert isinstance(found, Published)
    assert (found.what, found.treatment) == (fact.kpi, fact.condition)
    assert (found.effect, found.low, found.high) == (fact.value, fact.low, fact.high)
