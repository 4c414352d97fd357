"""How levers meet on a quantity of the day: no order matters, and nobody overwrites."""

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import sim.engine.model
from sim.engine.day_start import plan_day
from sim.operator import hooks
from sim.operator.combining import (
    ANY,
    COMBINERS,
    NEUTRAL,
    PLAN,
    blank,
    combine,
    met,
    plans_for,
)
from sim.world.household import FIRST_SLOT
from sim.world.state import TODAY
from tests.whole_worlds import differences, eventful, lived

SHARES = st.floats(0, 1)


@given(st.sampled_from(sorted(NEUTRAL)), SHARES, SHARES)
def test_two_levers_meet_alike_from_either_side(combiner: int, one: float, other: float) -> None:
    assert met(combiner, one, other) == met(combiner, other, one)
    assert met(combiner, NEUTRAL[combiner], one) == one


@given(SHARES, SHARES)
def test_a_chance_of_any_is_a_chance_and_no_smaller_than_either(one: float, other: float) -> None:
    both = met(ANY, one, other)
    assert max(one, other) <= both + 1e-15
    assert both <= 1.0 + 1e-15


def test_plans_meet_in_their_places_and_blank_ones_change_nothing() -> None:
    today = np.zeros(1, TODAY).view(np.recarray)
    today.prompt = 1.0
    today.festival = 0.25  # which no lever plans
    today.defect_share = 0.02
    before = today.copy()
    plans = plans_for(3)
    blank(plans)
    combine(plans, today[0])
    assert today.tobytes() == before.tobytes()
    for line, pull in enumerate((1.5, 2.0, 3.0)):
        plans.own[line].prompt[1] = pull
        plans.own[line].group_expert_per_day = pull
        plans.own[line].cut_public = pull / 10
        plans.own[line].ad_reach = 0.5
    plans.own[0].defect_share = 0.5
    combine(plans, today[0])
    assert today[0].prompt[:3].tolist() == [1.0, 9.0, 1.0]
    assert today[0].group_expert_per_day == 6.5
    assert today[0].cut_public == 0.3
    assert (today[0].ad_reach[:FIRST_SLOT] == 0.875).all()
    assert not today[0].ad_reach[FIRST_SLOT:].any()  # audiences that nobody belongs to
    assert today[0].defect_share == 0.01
    assert today[0].festival == 0.25


def test_a_plan_has_no_quantity_that_levers_cannot_meet_on() -> None:
    assert set(PLAN.names or ()) == set(COMBINERS)
    with pytest.raises(AttributeError):
        plans_for(1).own[0].festival = 1.0


def _otherwise(functions: tuple[object, ...]) -> tuple[object, ...]:
    """Backwards, and then every other one first."""
    backwards = functions[::-1]
    return backwards[::2] + backwards[1::2]


def test_the_order_in_which_levers_are_asked_changes_no_bit(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    config = eventful(300, "run.warmup_days=0", "run.days=90")
    usual, shuffled = lived(config, 50), lived(config, 50)
    monkeypatch.setattr(sim.engine.model, "plan_day", plan_day.py_func)
    for name in ("PLANNING", "OFFERING", "CHARGING"):
        there = getattr(hooks, name)
        assert _otherwise(there) != there
        monkeypatch.setattr(hooks, name, _otherwise(there))
    shuffled.by_windows = True
    for _ in range(20):
        shuffled.step()
    monkeypatch.undo()
    for _ in range(20):
        usual.step()
    assert differences(usual, shuffled) == []


def test_three_plans_add_up_the_same_in_every_order_that_the_ledger_could_have() -> None:
    """A sum of three depends on its order in the last bit, so there is one: the ledger's."""
    parts = (0.1, 0.2, 0.3)
    sums = set()
    for order in permutations(range(3)):
        today = np.zeros(1, TODAY).view(np.recarray)
        plans = plans_for(3)
        blank(plans)
        for line in order:  # asked in this order; each has its own line
            plans.own[line].group_expert_per_day = parts[line]
        combine(plans, today[0])
        sums.add(float(today[0].group_expert_per_day))
    assert len(sums) == 1
