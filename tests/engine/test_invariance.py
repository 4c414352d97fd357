"""What must change nothing: a lever at zero, a stranger, another strategy's births."""

from collections.abc import Iterator
from dataclasses import Field, fields, replace
from typing import Any

import numpy as np
import pytest

from sim.agents.model import RepurchaseModel
from sim.engine.blocks import blank_buffers
from sim.engine.warm_up import warm_up
from sim.operator.hooks import LEVERS
from sim.operator.reaching import nothing_noted
from sim.world.household import FIELDS, NEVER
from tests.whole_worlds import begun, differences, eventful, lived, unlike

WARM_UP = 60  # days with everything on, so that there are chats, points, tiers, coupons


def another(item: Field[Any], value: Any) -> Any:
    """Another possible value of a parameter, far from this one."""
    if isinstance(value, bool):
        return not value
    if words := item.metadata.get("words"):
        return words[-1] if value != words[-1] else words[0]
    if item.name == "audience":
        return replace(value, stages=["toddler"])
    low, high = item.metadata["low"], min(item.metadata["high"], 1000)
    far = high if value < (low + high) / 2 else low
    return type(value)(far)


@pytest.mark.parametrize("lever", LEVERS)
def test_a_lever_at_strength_zero_is_as_good_as_absent(lever: str) -> None:
    config = eventful(300, "run.warmup_days=0", "run.days=100")
    off = replace(getattr(config.operator, lever), strength=0.0)
    others = {
        item.name: another(item, getattr(off, item.name))
        for item in fields(off)
        if item.name != "strength"
    }
    absent, idle = lived(config, WARM_UP), lived(config, WARM_UP)
    absent.operate(replace(config.operator, **{lever: off}), 300.0)
    idle.operate(replace(config.operator, **{lever: replace(off, **others)}), 300.0)
    for _ in range(30):
        absent.step()
        idle.step()
        assert differences(absent, idle) == []
    assert sum(int(row[f"cost_{lever}"]) for row in idle.daily[WARM_UP:]) == 0


@pytest.mark.parametrize("lever", LEVERS)
def test_a_lever_does_something(lever: str) -> None:
    config = eventful(300, "run.warmup_days=0", "run.days=100")
    off = replace(getattr(config.operator, lever), strength=0.0)
    here, without = lived(config, WARM_UP), lived(config, WARM_UP)
    without.operate(replace(config.operator, **{lever: off}), np.inf)
    here.operate(config.operator, np.inf)
    for _ in range(30):
        here.step()
        without.step()
    assert any(name.startswith("household.") for name in differences(here, without))


def add_a_hermit(model: RepurchaseModel) -> None:
    """One more household, behind all others: no friends, no liking for the operator."""
    more = np.append(np.arange(len(model.households)), len(model.households) - 1)
    model.households, model.wake_schedules = model.households[more], model.wake_schedules[more]
    model.households["operator_taste"][-1] = -1000
    model.buffers = blank_buffers(len(model.households), model.threads)
    model.noted = nothing_noted(len(model.households), len(model.buffers.counts), model.panel)
    unseen = np.append(model.world.ordered_on, np.int16(-NEVER))
    kept = {
        name: part[more] if len(part) == len(more) - 1 else part
        for name, part in model.world.states._asdict().items()
    }
    states = model.world.states._replace(**kept)
    model.world = model.world._replace(ordered_on=unseen, states=states)


def test_one_isolated_household_more_changes_nobody_elses_life() -> None:
    config = eventful(500, "run.warmup_days=0", "run.days=100")
    alone, joined = begun(config), begun(config)
    add_a_hermit(joined)
    for _ in range(90):
        alone.step()
        joined.step()
        for name in ("households", "wake_schedules", "operations_state"):
            here, there = getattr(joined, name)[: len(getattr(alone, name))], getattr(alone, name)
            assert unlike(here, there) == []
    differing = {name.split(".")[0] for name in differences(alone, joined)}
    assert differing <= {"household", "wake_schedule", "ordered_on", "event", "daily"}
    hermit = joined.households[-1]
    assert hermit["orders"] == 0
    assert (hermit["covered_until"] != begun(config).households[-1]["covered_until"]).any()


def births(model: RepurchaseModel) -> Iterator[tuple[int, int, int]]:
    """Who graduated when."""
    for events in model.events:
        for event in events[events["graduated"] > 0]:
            yield int(event["household"]), int(event["day"]), int(event["family"])


def test_births_and_graduations_break_no_pairing() -> None:
    config = eventful(500, "run.warmup_days=0", "run.days=400")
    busy = lived(config, 400)
    quiet = begun(config)
    nothing = {name: replace(getattr(config.operator, name), strength=0.0) for name in LEVERS}
    quiet.operate(replace(config.operator, **nothing), np.inf)
    for _ in range(400):
        quiet.step()
    assert list(births(busy)) == list(births(quiet))
    assert len(list(births(busy))) > 50
    who_they_are = [each.name for each in FIELDS if each.owner.startswith(("synthesis", "birth"))]
    for name in who_they_are:
        assert (busy.households[name] == quiet.households[name]).all(), name
    assert (busy.households["orders"] != quiet.households["orders"]).any()


def test_a_strategys_own_house_does_not_reach_into_the_warm_up() -> None:
    config = eventful(300, "run.warmup_days=30", "run.days=1")
    operations = replace(config.operator.operations, first_stock_days=200.0, defect_share=0.9)
    other = replace(config, operator=replace(config.operator, operations=operations))
    one, two = RepurchaseModel(config, 5), RepurchaseModel(other, 5)
    for model in (one, two):
        warm_up(model, keep=False)
    assert differences(one, two) == []
