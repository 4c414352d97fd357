"""Every declared range is honest: a run at each of its ends stays sound."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from sim.agents.model import RepurchaseModel, RunOverError
from sim.config.loading import from_resolved, load, resolved
from sim.engine.warm_up import begin_strategy
from sim.experiments.simulate import simulate
from sim.operator.own_records import KEPT_NAMES
from sim.parameters.quantity import ConfigurationError
from sim.parameters.schema import LONGEST_RUN_DAYS
from sim.world.household import FIELDS, FURTHEST_NEED_DAYS, GRADUATION_DAYS, NEVER
from tests.random_worlds import SIZE, numbers, with_value
from tests.whole_worlds import differences, eventful

SHARES = [field.name for field in FIELDS if field.unit == "0 to 1"]
DAYS = [field.name for field in FIELDS if field.unit == "day"]
COUNTS = [f.name for f in FIELDS if f.type[0] in "iu" and f.name not in (*DAYS, "group")]


def faults(model: RepurchaseModel) -> list[str]:
    """What cannot be in any world, whatever its settings."""
    return [*odd_fields(model), *odd_days(model), *odd_books(model)]


def odd_fields(model: RepurchaseModel) -> Iterator[str]:
    """Numbers that are none, or outside what their field can mean."""
    people = model.households
    for field in FIELDS:
        if not np.isfinite(people[field.name]).all():
            yield f"{field.name} is not finite"
    for name in SHARES:
        if not ((people[name] >= -1e-6) & (people[name] <= 1 + 1e-6)).all():
            yield f"{name} lies outside 0 to 1"
    for name in COUNTS:
        if (people[name] < 0).any():
            yield f"{name} is negative"


def odd_days(model: RepurchaseModel) -> Iterator[str]:
    """Days that wrapped, or lie where they cannot."""
    people = model.households
    for name in DAYS:
        if not (np.abs(people[name].astype(int)) <= NEVER).all():
            yield f"{name} is no day"
    for name in ("first_order_day", "last_order_day", "last_look_day", "last_reaction_day"):
        known = np.abs(people[name].astype(int)) < NEVER
        if (people[name][known] >= model.day).any():
            yield f"{name} lies in the future"
    awaited = people["birth_day"] < NEVER  # in an empty home none is
    if (people["birth_day"][awaited] > model.day + 280).any():
        yield "a birth more than nine months ahead"
    if (people["birth_day"] < model.day - GRADUATION_DAYS).any():
        yield "a child over six"


def odd_books(model: RepurchaseModel) -> Iterator[str]:
    """Books that differ from what is there, or are negative."""
    people, state = model.households, model.operations_state[0]
    belonging = {
        "customers": people["orders"] > 0,
        "members": people["group"] >= 0,
        "private_domain": people["in_private_domain"],
        "loyalty_members": people["loyalty_member"],
    }
    for name, who in belonging.items():
        if state[name] != np.sum(who):
            yield f"{state[name]} {name} are told, {np.sum(who)} are there"
    own = {"day", *KEPT_NAMES}  # days may be before the strategy's; a lever's own numbers any
    for day in model.daily:
        negative = [name for name in day.dtype.names if name not in own and day[name] < 0]
        if negative:
            yield f"day {day['day']}: {', '.join(negative)} negative"


def lived(values: dict[str, Any]) -> RepurchaseModel:
    model = RepurchaseModel(from_resolved(values), 1)
    begin_strategy(model, keep=False)
    model.live_until(model.config.run.days)
    return model


def ends() -> Iterator[tuple[str, Any]]:
    """Each number's key with each end of its range that is one, each choice's with each word."""
    for key, item, _ in numbers(load("integrated")):
        if key.startswith(("before.", "strategy.")):
            continue  # the operator's own are tried; money is given without end
        if words := item.metadata.get("words"):
            yield from ((key, word) for word in words)
            continue
        for end in (item.metadata["low"], item.metadata["high"]):
            if np.isfinite(end):
                yield key, end


PARTS = 8
SOON = 3  # parts of which every change is tested; the others are slow


@pytest.mark.parametrize(
    "part", [*range(SOON), *(pytest.param(n, marks=pytest.mark.slow) for n in range(SOON, PARTS))]
)
def test_a_run_at_each_end_of_each_range_is_sound(part: int) -> None:
    config = resolved(eventful(150, *SIZE[1:]))
    config["strategy"]["budget_yuan_per_customer_month"] = 1e6
    assert sum(1 for _ in ends()) > 500
    unsound, refused = {}, 0
    for number, (key, end) in enumerate(ends()):
        if number % PARTS != part:
            continue
        values = resolved(from_resolved(config))
        old = with_value(values, key, end)
        with_value(values, key, type(old)(end))
        try:
            found = faults(lived(values))
        except ConfigurationError:
            refused += 1  # possible by itself, not beside the others, and said in a sentence
            continue
        if found:
            unsound[f"{key}={end}"] = found
    assert unsound == {}
    assert refused < 12


def test_the_longest_run_is_sound_and_a_longer_one_refused() -> None:
    # what a household may wait for on its last day is still a day before NEVER
    assert LONGEST_RUN_DAYS + 1 + FURTHEST_NEED_DAYS < NEVER
    longest = [f"run.days={LONGEST_RUN_DAYS}", "population.households=60", "run.warmup_days=30"]
    model = lived(resolved(load("integrated", longest)))
    assert faults(model) == []
    assert model.households["family"].max() >= 4
    with pytest.raises(ConfigurationError, match=r"run\.days = .* 1 and 9,125"):
        load("integrated", [f"run.days={LONGEST_RUN_DAYS + 1}"])


def test_the_longest_warm_up_is_sound() -> None:
    model = lived(resolved(load("baseline", [*SIZE, "run.warmup_days=3650"])))
    assert faults(model) == []


def test_one_day_and_no_warm_up_are_enough() -> None:
    short = ["run.days=1", "run.warmup_days=0", "population.households=1"]
    assert len(simulate(load("baseline", short), 2**62 - 1, warm_start=False).daily) == 1


def test_before_anybody_has_settled_nobody_is_noted() -> None:
    """Of a world without a warm-up, whose first day is day 0 before it has households."""
    model = RepurchaseModel(load("integrated", ["run.warmup_days=0"]), 1)
    assert len(model.households) == 0
    assert model.noted.marks.sum() == model.noted.times.sum() == 0
    begin_strategy(model, keep=False)
    assert (model.noted.marks > 0).any()


def test_days_after_the_last_are_refused_in_a_sentence() -> None:
    config = eventful(50, "run.warmup_days=0", "run.days=5")
    model, other = RepurchaseModel(config, 1), RepurchaseModel(config, 1)
    for each in (model, other):
        begin_strategy(each, keep=False)
    model.run_model()
    assert (model.day, model.running) == (5, False)
    with pytest.raises(RunOverError, match="5 days and all of them are lived"):
        model.step()
    assert other.running
    with pytest.raises(RunOverError, match=r"set run\.days"):
        other.live_until(6)
    assert other.day == 0
    other.live_until(5)
    other.events = [events[events["day"] == 4] for events in other.events]
    assert differences(model, other) == []
    assert not other.running
