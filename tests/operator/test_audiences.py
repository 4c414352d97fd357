"""Whom levers are for: nobody, everybody, some by word and some by lot."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from sim.agents.model import RepurchaseModel
from sim.config.loading import Simulation, load, read
from sim.engine.warm_up import begin_strategy
from sim.operator.audiences import (
    CHANNELS,
    CITY_TIERS,
    FREQUENCIES,
    RECENCIES,
    SPENDINGS,
    Audience,
    frequency_of,
    recency_of,
    spending_of,
)
from sim.operator.discovery import BY_AUDIENCE, LEVERS
from sim.operator.schedule import in_force
from sim.parameters.quantity import ConfigurationError
from sim.strategy.changes import changes, in_words
from sim.strategy.meaning import sentence
from sim.world.household import (
    COHORTS,
    FIRST_SLOT,
    PERSONAS,
    PRESCHOOL_DAYS,
    STAGES,
    TIERS,
    TODDLER_DAYS,
)
from tests.whole_worlds import begun, differences, eventful

EVERY_NAME = {
    "stages": [*STAGES],
    "city_tiers": [*CITY_TIERS],
    "cohorts": [*COHORTS],
    "personas": [*PERSONAS],
    "channels": [*CHANNELS],
    "tiers": [*TIERS],
    "recencies": [*RECENCIES],
    "frequencies": [*FREQUENCIES],
    "spendings": [*SPENDINGS],
}
TO_SOME = [name for name, module in LEVERS.items() if not hasattr(module, "FOR_EVERYBODY")]


def world(**audiences: Audience) -> Simulation:
    """A lively world whose levers are for these."""
    config = eventful(300, "run.warmup_days=20", "run.days=60")
    own = {
        name: replace(getattr(config.operator, name), audience=audience)
        for name, audience in audiences.items()
    }
    return replace(config, operator=replace(config.operator, **own))


def lived(config: Simulation, days: int = 30, threads: int = 1) -> RepurchaseModel:
    """So many days from the first of the warm-up on, the operator at work."""
    model = begun(config, 3, threads)
    for _ in range(days):
        model.step()
    return model


@pytest.fixture(scope="module")
def usual() -> RepurchaseModel:
    return lived(world())


@pytest.mark.parametrize("lever", LEVERS)
def test_a_lever_for_nobody_is_as_good_as_absent(lever: str) -> None:
    config = world()
    own = replace(getattr(config.operator, lever), strength=0.0)
    absent = lived(replace(config, operator=replace(config.operator, **{lever: own})))
    nobody = Audience(lot=0.0) if lever < "d" else Audience(stages=[])
    model = RepurchaseModel(world(**{lever: nobody}), 3)
    model.populate()
    model.operate(in_force(model.config.operator, 0), np.inf)
    for _ in range(30):
        model.step()
    assert differences(absent, model) == []
    assert sum(int(row[f"cost_{lever}"]) for row in model.daily) == 0


@pytest.mark.parametrize("lever", TO_SOME)
def test_every_word_by_name_is_everybody(lever: str, usual: RepurchaseModel) -> None:
    model = lived(world(**{lever: Audience(**EVERY_NAME)}))
    # What would hold for those left out is planned too; nobody is.
    unlike = [n for n in differences(usual, model) if not n.startswith(("today", "pressure"))]
    assert unlike == []
    assert not model.households["left_out"].any()


def test_coupons_for_one_stage_are_held_by_no_other() -> None:
    model = lived(world(coupons=Audience(stages=["toddler"])), 50)
    line = model.world.levers["coupons"]["line"]
    given = (model.households["coupon_percent"] > 0) & (model.households["coupon_line"] == line)
    assert given.sum() > 3
    age = model.day - model.households["birth_day"][given]
    assert ((age >= TODDLER_DAYS) & (age < PRESCHOOL_DAYS + 50)).all()


def test_customers_are_sorted_by_recency_frequency_and_money() -> None:
    p = load("baseline").operator.operations

    def sorted_as(days: int, orders: int, yuan: float) -> tuple[str, str, str]:
        parent = SimpleNamespace(orders=orders, last_order_day=-days, spending_fen=100 * yuan)
        return (
            RECENCIES[recency_of(parent, 0, p)],
            FREQUENCIES[frequency_of(parent, p)],
            SPENDINGS[spending_of(parent, p)],
        )

    assert sorted_as(5, 0, 0) == ("never", "none", "none")
    assert sorted_as(90, 1, 499) == ("active", "once", "low")
    assert sorted_as(91, 2, 500) == ("cooling", "repeat", "middle")
    assert sorted_as(180, 4, 1999) == ("cooling", "repeat", "middle")
    assert sorted_as(181, 5, 2000) == ("dormant", "frequent", "high")
    assert sorted_as(365, 60, 9e5)[0] == "dormant"
    assert sorted_as(366, 60, 9e5)[0] == "lost"


def test_coupons_to_win_back_are_held_by_none_but_the_dormant() -> None:
    dormant = Audience(recencies=["dormant", "lost"], frequencies=["repeat", "frequent"])
    config = world(coupons=dormant)
    own = replace(config.operator.operations, active_days=5, cooling_days=10)
    config = replace(config, operator=replace(config.operator, operations=own))
    model = begun(config, 3)
    seen = 0
    for _ in range(50):
        before = model.households["coupon_until"].copy()
        last, orders = model.households["last_order_day"].copy(), model.households["orders"].copy()
        model.step()
        day = model.day - 1
        line = model.world.levers["coupons"]["line"]
        sent = (model.households["coupon_until"] > before) & (
            model.households["coupon_until"] > day
        )
        sent &= model.households["coupon_line"] == line
        assert (day - last[sent] > 10).all()
        assert (orders[sent] >= 2).all()
        seen += int(sent.sum())
    assert seen > 3


def test_a_lot_is_kept_for_good_and_has_its_share() -> None:
    model = lived(world(broadcast=Audience(lot=0.3)), 40)
    out = model.households["left_out"] > 0
    # 300 draws of .7: outside of four standard deviations in 1 of 16,000 worlds.
    assert abs(out.mean() - 0.7) < 4 * np.sqrt(0.21 / 300)
    again = lived(world(broadcast=Audience(lot=0.3)), 20).households["left_out"] > 0
    assert (again == out).mean() > 0.98  # but for families that have moved in


def test_messages_for_one_region_reach_no_other(usual: RepurchaseModel) -> None:
    model = lived(world(broadcast=Audience(regions=["East"])), 30)
    east = model.regions.index("East")
    households, wake_schedules = model.households, model.wake_schedules
    out = households["left_out"] > 0
    assert (out == (households["region"] != east)).all()
    assert ((wake_schedules["audience"] >= FIRST_SLOT) == out).all()
    sent = [sum(int(row["cost_broadcast"]) for row in each.daily) for each in (usual, model)]
    assert 0 < sent[1] < 0.6 * sent[0]
    own = model.world.pressure[:FIRST_SLOT, 29] - model.world.pressure[FIRST_SLOT:, 29][:FIRST_SLOT]
    assert (own >= 0).all()
    assert own.max() > 1  # messages that those elsewhere never had to digest


def test_a_visit_prompted_for_members_of_gold_prompts_nobody_else() -> None:
    model = lived(world(livestream=Audience(tiers=["gold"])), 30)
    today = model.world.today[0]
    plans = model.plans
    assert plans.slots[list(LEVERS).index("livestream")] == 0
    assert (today.prompt[FIRST_SLOT : 2 * FIRST_SLOT] <= today.prompt[:FIRST_SLOT]).all()


def test_windows_threads_and_engine_agree_on_audiences_that_change() -> None:
    some = {
        "broadcast": Audience(lot=0.5),
        "livestream": Audience(stages=["weaning", "toddler"]),
        "coupons": Audience(channels=["private_domain", "group_chat"]),
    }
    config = world(**some)
    change = "schedule=[{from_day: 12, operator: {broadcast: {audience: {regions: [East]}}}}]"
    config = replace(config, schedule=load("baseline", [change]).schedule)
    models = [RepurchaseModel(config, 3, threads=threads) for threads in (1, 2, 1)]
    for model in models:
        begin_strategy(model, keep=False)
    models[2].by_windows = True
    models[1].live_until(17)
    for model in models:
        while model.day < 18:
            model.step()
    assert differences(models[0], models[1]) == []
    assert differences(models[0], models[2]) == []


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("operator.coupons.audience.stages=[newborns]", "newborn"),
        ("operator.coupons.audience.regions=[Easst]", "East"),
        ("operator.coupons.audience.lot=2", "between 0 and 1"),
        ("operator.content.audience.lot=0.5", "cannot be kept to some"),
        ("operator.coupons.audience.stagess=[newborn]", "stages"),
    ],
)
def test_what_cannot_be_meant_is_refused(said: str, why: str) -> None:
    with pytest.raises(ConfigurationError, match=why):
        read("baseline", [said])


def test_three_levers_that_reach_sleepers_cannot_each_have_their_own() -> None:
    said = [f"operator.{name}.audience.lot=0.5" for name in BY_AUDIENCE[:3]]
    on = [f"operator.{name}.strength=1" for name in BY_AUDIENCE[:3]]
    read("baseline", [*said[:2], *on[:2]])
    with pytest.raises(ConfigurationError, match="only 2"):
        read("baseline", [*said, *on])


def test_check_tells_whom_a_lever_is_for() -> None:
    said = ["operator.coupons.audience={stages: [newborn, weaning], lot: 0.25}"]
    config: Any = read("baseline", said)
    told = sentence(config, "coupons")
    assert told.endswith("Only for: stages newborn or weaning; 25% of them, by lot.")
    assert in_words(changes(config, read("baseline"))) == [
        "coupons: stages all → newborn, weaning, lot 1 → 0.25 share"
    ]
    assert "Only for" not in sentence(read("baseline"), "coupons")
