"""Dates of levers and a strategy's schedule: phases, what they do, how they are told."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from sim.agents.model import RepurchaseModel
from sim.commands.program import app
from sim.config.loading import load
from sim.experiments.assumptions import phases as told_phases
from sim.experiments.plan import planned
from sim.experiments.simulate import simulate
from sim.operator.budget import check_affordable
from sim.operator.hooks import LEVERS
from sim.operator.schedule import phases
from sim.parameters.quantity import ConfigurationError
from sim.strategy.changes import phases_in_words
from sim.strategy.lint import doubts
from sim.strategy.meaning import levers_on, sentence
from tests.whole_worlds import differences, eventful, lived_in_every_way, started

SMALL = ("population.households=400", "run.days=90", "run.warmup_days=60")
HALVED = "schedule=[{from_day: 40, operator: {acquisition: {strength: 0.5}}}]"
runner = CliRunner()


# -- phases ---------------------------------------------------------------------------------


def test_without_dates_there_is_one_phase() -> None:
    config = load("integrated")
    (only,) = phases(config)
    assert only.first_day == 0
    assert only.operator == config.operator
    assert only.budget_yuan_per_customer_month == config.strategy.budget_yuan_per_customer_month


def test_a_schedule_and_the_dates_of_levers_make_phases() -> None:
    found = phases(load("phased_rollout"))
    assert [phase.first_day for phase in found] == [0, 90, 120, 200, 230]
    assert [phase.operator.acquisition.strength for phase in found] == [1, 0.5, 0.5, 0.5, 0.5]
    assert [phase.operator.advisors.strength for phase in found] == [0, 0, 1, 1, 1]
    assert [phase.operator.coupons.coupon_percent for phase in found] == [10, 10, 10, 20, 10]


def test_a_later_change_lies_over_an_earlier_one_and_both_end_on_their_day() -> None:
    first = "{from_day: 10, until_day: 40, operator: {coupons: {coupon_percent: 20}}}"
    second = "{from_day: 20, until_day: 30, operator: {coupons: {coupon_percent: 30}}}"
    found = phases(load("baseline", [f"schedule=[{first}, {second}]"]))
    told = {phase.first_day: phase.operator.coupons.coupon_percent for phase in found}
    assert told == {0: 10, 10: 20, 20: 30, 30: 20, 40: 10}


def test_days_after_the_last_and_changes_to_the_same_make_no_phase() -> None:
    late = "{from_day: 400, operator: {coupons: {coupon_percent: 20}}}"
    same = "{from_day: 50, operator: {coupons: {coupon_percent: 10}}}"
    assert len(phases(load("baseline", [f"schedule=[{late}, {same}]"]))) == 1


@pytest.mark.parametrize(
    ("schedule", "said"),
    [
        ("[{from_day: 90}]", "schedule[0] changes nothing"),
        (
            "[{from_day: 1, operator: {koc: {strength: 1}}}, {from_day: 2, operator: {coupns: 1}}]",
            "schedule[1]: There is no setting operator.coupns; did you mean operator.coupons?",
        ),
        (
            "[{from_day: 90, operator: {coupons: {strength: 3}}}]",
            "schedule[0].operator.coupons.strength = 3.0 is impossible",
        ),
        (
            "[{from_day: 90, operator: {coupons: {strength: much}}}]",
            "schedule[0].operator.coupons.strength = much",
        ),
        ("[{from_day: 9, until_day: 9, operator: {koc: {strength: 1}}}]", "begins on day 9 and"),
        ("[{from_day: -1, operator: {koc: {strength: 1}}}]", "schedule[0].from_day = -1"),
        ("[{from_day: 9, budget_yuan_per_customer_month: -3}]", "= -3.0 is impossible"),
        ("[{from_day: 9, market: {}}]", "There is no setting schedule[0].market"),
        ("[3]", "schedule[0] = 3 is not possible"),
    ],
)
def test_what_cannot_be_scheduled_gets_a_sentence(schedule: str, said: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        load("baseline", [f"schedule={schedule}"])
    assert said in str(caught.value).replace("'", "")
    assert "\n" not in str(caught.value)


def test_fixed_costs_are_held_to_the_budget_of_every_phase() -> None:
    advisors = "operator: {advisors: {strength: 1}}"
    check_affordable(load("baseline", [f"schedule=[{{from_day: 30, {advisors}}}]"]))
    less = f"{{from_day: 30, {advisors}, budget_yuan_per_customer_month: 1}}"
    with pytest.raises(ConfigurationError, match=r"budget of 1\.00 from day 30 on"):
        check_affordable(load("baseline", [f"schedule=[{less}]"]))


# -- what they do ---------------------------------------------------------------------------


def test_nothing_differs_until_the_day_of_a_change() -> None:
    many = (*SMALL, "population.households=6000")  # whose clicks are more than luck
    plain, changed = started(load("baseline", many)), started(load("baseline", (*many, HALVED)))
    for model in (plain, changed):
        model.live_until(40)
    assert differences(plain, changed) == []
    for model in (plain, changed):
        model.live_until(90)
    clicks = [sum(int(row["deal_visits"]) for row in m.daily[40:]) for m in (plain, changed)]
    assert 0.3 < clicks[1] / clicks[0] < 0.75


def test_a_change_that_ends_is_a_lever_with_its_old_settings() -> None:
    short = "schedule=[{from_day: 20, until_day: 50, operator: {acquisition: {strength: 0}}}]"
    model = started(load("baseline", (*SMALL, short)))
    model.live_until(90)
    clicks = np.array([int(row["deal_visits"]) for row in model.daily])
    assert clicks[:20].sum() > 0
    assert clicks[20:50].sum() == 0
    assert clicks[50:].sum() > 0


@pytest.mark.parametrize("lever", LEVERS)
@pytest.mark.parametrize("dates", [{"until_day": 0}, {"from_day": 60}])
def test_a_lever_outside_its_dates_is_as_good_as_absent(lever: str, dates: dict[str, int]) -> None:
    config = eventful(300, "run.warmup_days=30", "run.days=60")
    own = getattr(config.operator, lever)

    def with_own(changed: object) -> RepurchaseModel:
        model = started(replace(config, operator=replace(config.operator, **{lever: changed})))
        model.live_until(30)
        return model

    absent, outside = with_own(replace(own, strength=0.0)), with_own(replace(own, **dates))
    assert differences(absent, outside) == []
    assert sum(int(row[f"cost_{lever}"]) for row in outside.daily) == 0


def test_every_way_of_living_meets_the_same_phases() -> None:
    dated = "operator.livestream.from_day=15"
    changed = "schedule=[{from_day: 25, until_day: 35, operator: {coupons: {coupon_percent: 40}}}]"
    config = eventful(300, "run.warmup_days=20", "run.days=60", dated)
    config = replace(config, schedule=load("baseline", [changed]).schedule)
    by_steps, *others = lived_in_every_way(config, 22, 40)
    for other in others:
        assert differences(by_steps, other) == []
    assert sum(int(row["cost_livestream"]) for row in by_steps.daily[:15]) == 0
    assert sum(int(row["cost_livestream"]) for row in by_steps.daily[15:]) > 0


def test_what_always_ran_runs_before_the_first_day_and_what_begins_later_does_not() -> None:
    config = load("baseline", (*SMALL, "run.warmup_days=30"))
    dated = replace(config.before, acquisition=replace(config.before.acquisition, from_day=1))
    always, later = (RepurchaseModel(replace(config, before=b), 3) for b in (config.before, dated))
    for model in (always, later):
        model.populate()
        model.live_until(0)
    clicks = [sum(int(row["deal_visits"]) for row in model.daily) for model in (always, later)]
    assert clicks[0] > 0
    assert clicks[1] == 0


def test_a_budget_that_is_cut_holds_the_levers_back_from_that_day_on() -> None:
    stated = "strategy.budget_yuan_per_customer_month=1000"
    cut = "schedule=[{from_day: 45, budget_yuan_per_customer_month: 4}]"
    model = started(load("baseline", (*SMALL, stated, cut)))
    model.live_until(90)
    pace = np.array([row["pace"] for row in model.daily])
    assert (pace[:45] == 1.0).all()
    assert pace[50:].mean() < 0.9
    spent = sum(
        int(row[name]) for row in model.daily[60:] for name in row.dtype.names or ()
        if name.startswith(("cost_", "discount_"))
    )  # fmt: skip
    customers = np.mean([int(row["customers"]) for row in model.daily[60:]])
    assert spent / 100 <= 4.0 * customers * 1.25  # a month's money, and what a day may overshoot


# -- how they are told ----------------------------------------------------------------------


def test_phases_are_told_in_words() -> None:
    found = dict(phases_in_words(load("phased_rollout")))
    assert found[90] == ["acquisition at strength 0.5, was 1"]
    assert found[120] == ["advisors on"]
    assert found[200] == ["coupons: coupon_percent 10 → 20 percent"]
    config = load("phased_rollout")
    assert "advisors" in levers_on(config)
    assert sentence(config, "advisors").endswith(" Only from day 120 on.")
    both = load("baseline", ["operator.coupons.from_day=5", "operator.coupons.until_day=50"])
    assert sentence(both, "coupons").endswith(" Only from day 5 until day 50.")


def test_check_tells_when_a_strategy_changes_and_what_each_phase_costs() -> None:
    shown = runner.invoke(app, ["check", "phased_rollout"])
    assert shown.exit_code == 0, shown.output
    said = " ".join(shown.output.split())
    assert "When it changes day 90 acquisition at strength 0.5, was 1. day 120 advisors on." in said
    assert "From day 120 on: advisors 2.40" in said
    assert "From day 90 on: acquisition has strength 0.5 instead of 1" in said
    listed = " ".join(runner.invoke(app, ["scenarios"]).output.split())
    assert "changes on day 90, 120, 200, 230" in listed


def test_dates_that_no_day_meets_are_doubted() -> None:
    late = "schedule=[{from_day: 400, operator: {coupons: {coupon_percent: 20}}}]"
    found = " ".join(doubts(load("baseline", [late]), load("baseline")))
    assert "schedule[0] begins on day 400 and the run has 365" in found
    never = load("baseline", ["operator.coupons.from_day=50", "operator.coupons.until_day=50"])
    assert "coupons is on but never works" in " ".join(doubts(never, load("baseline")))


def test_a_comparison_keeps_what_changes_on_which_day() -> None:
    table = told_phases({name: load(name) for name in ("baseline", "phased_rollout")})
    assert table["strategy"].unique().tolist() == ["phased_rollout"]
    first = table.iloc[0]
    assert (first["from_day"], first["key"]) == (90, "operator.acquisition.strength")
    assert (first["before"], first["value"]) == ("1", "0.5")
    budget = load("baseline", ["schedule=[{from_day: 9, budget_yuan_per_customer_month: 4}]"])
    (row,) = told_phases({"baseline": budget}).to_dict("records")
    assert (row["key"], row["value"]) == ("strategy.budget_yuan_per_customer_month", "4")


def test_a_schedule_is_part_of_what_names_a_run() -> None:
    config, changed = load("baseline", SMALL), load("baseline", (*SMALL, HALVED))
    assert planned(config, 1, "").key != planned(changed, 1, "").key
    assert planned(changed, 1, "").key == planned(load("baseline", (*SMALL, HALVED)), 1, "").key


def test_a_dated_strategy_starts_from_the_same_warmed_up_world(tmp_path: Path) -> None:
    plain = simulate(load("baseline", SMALL), 1).daily
    changed = simulate(load("baseline", (*SMALL, HALVED)), 1).daily
    assert plain.head(40).equals(changed.head(40))
    assert not plain.equals(changed)
