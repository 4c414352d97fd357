"""The code of levers and shocks that are seldom at work: compiled where they are, told nowhere."""

import numpy as np
import pytest

from sim.agents.model import RepurchaseModel
from sim.config.loading import load
from sim.engine.warm_up import warm_up
from sim.operator.own_records import EVERYDAY, KEEPING, LAYOUTS, OF_OPERATOR, SELDOM, shared
from tests.whole_worlds import differences

SHORT = [
    *("population.households=1500", "run.warmup_days=40", "run.days=90"),
    *("behaviour.choose.operator_appeal=2", "operator.acquisition.reach_share=0.4"),
]
# At work only after these days are over, so that its code is compiled and does nothing.
TO_COME = [
    *("operator.group_buying.strength=1", "operator.group_buying.from_day=80"),
    *("shocks.privacy_breach.size=1", "shocks.privacy_breach.from_day=80"),
]
DAYS = 40


def lived(*more: str, by_windows: bool = False) -> RepurchaseModel:
    model = RepurchaseModel(load("integrated", [*SHORT, *more]), 11)
    warm_up(model, keep=False)
    model.operate(model.schedule[0].operator, 300.0)
    model.by_windows = by_windows
    for _ in range(DAYS):
        model.step()
    return model


def test_everyday_levers_are_those_that_the_reference_strategies_have_on() -> None:
    assert {"points", "tiers"} == EVERYDAY
    assert KEEPING.keys() - EVERYDAY == SELDOM
    for strategy in ("baseline", "promotion_blast", "koc_led", "integrated"):
        assert not RepurchaseModel(load(strategy, SHORT), 1).seldom, strategy


def test_code_that_is_compiled_for_later_changes_nothing() -> None:
    without, here = lived(), lived(*TO_COME)
    assert not without.seldom
    assert here.seldom
    for name in (*SELDOM & LAYOUTS.keys(), *(shared(n) for n in dict(OF_OPERATOR) if n in SELDOM)):
        assert getattr(without.world.states, name) is None
        assert getattr(here.world.states, name).shape == (0,)
    assert without.households["orders"].sum() > 200
    assert differences(without, here) == []
    assert without.state.keys() == here.state.keys()


@pytest.mark.parametrize("more", [(), TO_COME], ids=["without", "compiled"])
def test_windows_live_either_to_the_same_bits(more: list[str]) -> None:
    small = (*more, "population.households=150", "run.warmup_days=20")
    assert differences(lived(*small), lived(*small, by_windows=True)) == []


def test_whoever_works_a_model_by_hand_may_take_up_any_lever() -> None:
    later = load("integrated", [*SHORT, "operator.member_days.strength=1"])
    model = lived()
    model.operate(later.operator, np.inf)
    assert model.seldom
    assert len(model.world.states.member_days_shared) == 1
    model.live_until(DAYS + 40)
    without = lived()
    without.operate(without.operator, np.inf)
    without.live_until(DAYS + 40)
    assert differences(model, without) != []
