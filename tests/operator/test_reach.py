"""Whom levers reach: what is noted is what happened, step by step, and changes nothing."""

from functools import cache
from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sim.config.loading import load
from sim.experiments.simulate import simulate
from sim.indicators.reach import OF_REACH
from sim.operator.contract import LeverError, check
from sim.operator.discovery import LEVERS
from sim.operator.steps import STEPS
from sim.store.result import Result
from tests.whole_worlds import eventful

# So that every lever is at work on every day.
RICH = "strategy.budget_yuan_per_customer_month=1000"
SIZE = ("population.households=1500", "run.days=60", "run.warmup_days=60")


@cache
def run(scenario: str, *overrides: str) -> Result:
    return simulate(load(scenario, [*SIZE, *overrides]), 1, warm_start=False)


def steps(result: Result, lever: str, what: str = "households") -> dict[str, float]:
    assert result.reach is not None
    table = result.reach[result.reach["lever"] == lever]
    return dict(zip(table["step"].astype(str), table[what], strict=True))


@cache
def lively() -> Result:
    return simulate(eventful(1500, RICH), 3, warm_start=False)


def test_steps_have_one_order() -> None:
    assert OF_REACH == STEPS


@pytest.mark.parametrize("lever", LEVERS)
def test_each_step_is_taken_by_some_who_took_the_one_before(lever: str) -> None:
    found, declared = steps(lively(), lever), LEVERS[lever].REACH
    assert {step for step, count in found.items() if not np.isnan(count)} == set(declared)
    assert 0 < found["reached"] <= found["eligible"]
    for step in ("seen", "acted", "ordered"):
        assert not found[step] > found["reached"]


def test_what_is_counted_is_what_the_daily_table_counts() -> None:
    result = lively()
    daily = result.daily.sum()
    reminders = steps(result, "reminders", "times")["reached"]
    # Who takes consent back on that day is not charged, who gives it is, unreminded.
    assert daily["reminders"] == pytest.approx(reminders, rel=0.02)
    assert reminders > 0
    assert daily["check_ins"] == steps(result, "check_in", "times")["acted"] > 0
    assert daily["livestream_viewers"] == steps(result, "livestream", "times")["seen"] > 0
    assert daily["entered_private_domain"] == steps(result, "funnel", "times")["acted"] > 0
    assert daily["deal_visits"] == steps(result, "acquisition", "times")["acted"] > 0
    assert daily["tickets"] == steps(result, "service_desk", "times")["reached"] > 0
    solved = daily["tickets"] - daily["unsolved_tickets"]
    assert solved == steps(result, "service_desk", "times")["acted"] > 0


def test_messages_sent_are_those_that_are_paid_for() -> None:
    everybody = "operator.broadcast.recipients=subscribers"
    result = run("baseline", everybody, "operator.broadcast.yuan_per_message=1")
    sent = steps(result, "broadcast", "times")["reached"]
    assert sent == pytest.approx(result.daily["cost_broadcast_yuan"].sum())
    assert sent > 50
    held = run("baseline", everybody, "operator.broadcast.held_out_share=1.0")
    assert steps(held, "broadcast")["reached"] < steps(result, "broadcast")["reached"]


def test_orders_are_those_of_the_order_log() -> None:
    result = simulate(eventful(1500, RICH), 3, warm_start=False, keep_orders=True)
    assert result.orders is not None
    for cause, lever in (("reminder", "reminders"), ("livestream", "livestream")):
        log = result.orders[result.orders["cause"] == cause]
        assert len(log) == steps(result, lever, "times")["ordered"] > 0
        who = len(log[["household", "family"]].drop_duplicates())
        assert who == steps(result, lever)["ordered"]


def test_a_lever_that_is_off_has_no_row() -> None:
    result = run("baseline")
    assert result.reach is not None
    there = set(result.reach["lever"])
    off = set(LEVERS) - there
    assert {"reminders", "livestream"} <= off
    assert all(result.daily[f"cost_{name}_yuan"].sum() == 0 for name in off)


def test_before_its_first_day_a_lever_reaches_nobody() -> None:
    many = "population.households=6000"
    result = run("reminders", many, "operator.reminders.from_day=60")
    assert result.reach is not None
    assert "reminders" not in set(result.reach["lever"])
    late, always = (
        run("reminders", many, *said) for said in (["operator.reminders.from_day=59"], [])
    )
    assert steps(late, "reminders")["reached"] < 0.2 * steps(always, "reminders")["reached"]


def test_more_of_a_lever_reaches_more() -> None:
    for key, lever, doses in (
        ("broadcast.per_week", "broadcast", (0.2, 1, 3)),
        ("coupons.days_between", "coupons", (300, 60, 10)),
        ("livestream.per_week", "livestream", (0.5, 2, 7)),
    ):
        reached = [
            steps(run("integrated", f"operator.{key}={dose}"), lever, "times")["reached"]
            for dose in doses
        ]
        assert reached == sorted(set(reached)), (lever, reached)


def test_an_audience_reaches_none_but_its_own() -> None:
    large = "population.households=5000"
    everybody = steps(run("reminders", large), "reminders")
    some = steps(run("reminders", large, "operator.reminders.audience.lot=0.5"), "reminders")
    assert 0 < some["reached"] < everybody["reached"]
    assert some["eligible"] == pytest.approx(everybody["eligible"] / 2, rel=0.2)


def test_threads_and_steps_note_the_same() -> None:
    size = ("population.households=17000", "run.days=8", "run.warmup_days=8")
    tables = [
        simulate(load("integrated", [*size, f"run.threads={n}"]), 2, warm_start=False).reach
        for n in (1, 2)
    ]
    pd.testing.assert_frame_equal(*tables)


def test_of_a_panel_each_counts_for_all_it_stands_for() -> None:
    whole, part = (run("integrated", f"run.panel_households={most}") for most in (1500, 500))
    for lever in ("reminders", "content"):
        every, some = steps(whole, lever), steps(part, lever)
        assert some["reached"] % 3 == 0
        assert some["eligible"] == pytest.approx(every["eligible"], rel=0.3)


def test_families_that_leave_are_counted_and_begin_anew() -> None:
    result = simulate(eventful(600, "run.days=400"), 3, warm_start=False)
    people = len(result.households)
    assert people > 600
    assert steps(result, "koc")["eligible"] == people  # every family of the run


def lever(**own: Any) -> ModuleType:
    """The reminders with other declarations."""
    module = ModuleType("reminders")
    vars(module).update({**vars(LEVERS["reminders"]), **own})
    return module


@pytest.mark.parametrize(
    ("own", "said"),
    [
        ({"REACH": {"reachd": "was reached"}}, "there are eligible, reached"),
        (
            {"REACH": {"eligible": "a customer"}, "REACH_IN_CHINESE": {}},
            "does not say what reached means",
        ),
        ({"REACH": {}, "REACH_IN_CHINESE": {}}, "does not say what eligible means"),
        ({"REACH": "all"}, "must be a dictionary of texts"),
        ({"REACH_IN_CHINESE": {"seen": "看到"}}, "there are eligible, reached, ordered"),
    ],
)
def test_a_lever_that_says_nothing_of_its_steps_is_refused(own: Any, said: str) -> None:
    check("reminders", LEVERS["reminders"])
    with pytest.raises(LeverError, match=said):
        check("reminders", lever(**own))
