"""What levers and shocks keep of every household: how many bytes it takes, and that it fits."""

from functools import cache
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from sim.agents.model import RepurchaseModel
from sim.config.composing import shock_names
from sim.operator.contract import (
    COUNT,
    DAY,
    FEN,
    FEW,
    FLAG,
    MOST_KEPT,
    MOST_OF_FEW,
    PLACE,
    State,
    Whole,
    state_type,
)
from sim.operator.discovery import LEVERS
from sim.operator.levers import distribution, honours, recommendation
from sim.operator.own_records import LAYOUTS, OF_HOUSEHOLDS, states_for
from sim.world.household import HOUSEHOLD, NEVER
from sim.world.records import copy_fields
from tests.whole_worlds import eventful

# Bytes a household with every lever on, and with every shock as well: to grow, say so here.
OF_LEVERS, OF_SHOCKS = 234, 9


def bytes_of(levers: bool) -> int:
    """Of a household, with all levers or with all shocks."""
    keeping = {name for name in dict(OF_HOUSEHOLDS) if (name in LEVERS) == levers}
    return sum(LAYOUTS[name].itemsize for name in keeping)


def test_a_household_takes_no_more_bytes_than_are_told() -> None:
    assert (bytes_of(levers=True), bytes_of(levers=False)) == (OF_LEVERS, OF_SHOCKS)
    assert HOUSEHOLD.itemsize == 192


@cache
def busy() -> RepurchaseModel:
    """Every lever and every shock at work, from days before the first to well after it."""
    shocks = [f"shocks.{name}.{end}" for name in shock_names() for end in ("size=1", "from_day=5")]
    size = ("run.warmup_days=40", "run.days=60", "operator.prediction.refresh_days=30")
    config = eventful(1500, *size, *shocks)
    model = RepurchaseModel(config, 3)
    model.populate()
    model.operate(config.operator, 1e5)
    for _ in range(90):
        model.step()
    return model


def test_whatever_is_kept_lies_where_it_is_said_to() -> None:
    moved = 0
    for name, own in OF_HOUSEHOLDS:
        kept = getattr(busy().world.states, name)[own.name]
        assert kept.dtype == np.dtype(own.stored)
        moved += int((kept != own.first).any())
        if isinstance(own.kind, Whole):
            assert own.kind.least <= kept.min(), f"{name}.{own.name}"
            assert kept.max() <= own.kind.most, f"{name}.{own.name}"
    assert moved > 0.8 * len(OF_HOUSEHOLDS), "else little is tried"


def test_arrays_of_a_world_take_what_the_layouts_say() -> None:
    model = busy()
    kept = [part for part in model.world.states._asdict().values() if len(part) > 1]
    assert sum(part.nbytes for part in kept) == (OF_LEVERS + OF_SHOCKS) * len(model.households)


@pytest.mark.parametrize(
    ("kind", "stored"),
    [
        *((FLAG, "i1"), (FEW, "i1"), (DAY, "i2"), (COUNT, "i2"), (PLACE, "i4"), (FEN, "i4")),
        *((Whole(0, 127), "i1"), (Whole(0, 128), "i2"), (Whole(-129, 0), "i2")),
        *((Whole(0, 2**31), "i8"), (int, "i8"), (float, "f8")),
    ],
)
def test_a_number_is_kept_in_as_few_bytes_as_hold_it(kind: Any, stored: str) -> None:
    assert State("n", "times", "it did", kind).stored == stored


def test_compiled_code_never_meets_an_unsigned_number() -> None:
    """Of an unsigned and a signed whole number it makes a fraction."""
    kinds = {layout[name].kind for layout in LAYOUTS.values() for name in layout.names or ()}
    assert kinds == {"i", "f"}


def test_the_widest_come_first_and_no_gap_is_left() -> None:
    named = zip("abcd", (FLAG, DAY, float, PLACE), strict=True)
    layout = state_type(State(name, "times", "it did", kind) for name, kind in named)
    assert layout.names == ("c", "d", "b", "a")
    assert layout.itemsize == 8 + 4 + 2 + 1


@pytest.mark.parametrize("much", [NEVER + 10_000, -NEVER - 10_000])
def test_plain_python_refuses_what_the_bytes_do_not_hold(much: int) -> None:
    """By day it lives on paper, whose numbers are copied to the row when the day is over."""
    row = states_for(1, ["milestones"]).milestones[0]
    paper = SimpleNamespace(letter_day=0)
    copy_fields(paper, row)
    paper.letter_day = much
    with pytest.raises(OverflowError):
        copy_fields(paper, row)
    assert row.letter_day == 0


def order(known: int) -> int:
    """Orders that recommendations have learnt from, after one more."""
    row = states_for(1, ["recommendation"]).recommendation[0]
    kept = SimpleNamespace(known=known, bought=0)
    own = SimpleNamespace(power=1.0, needs_consent=0)
    world: Any = SimpleNamespace(
        levers=SimpleNamespace(recommendation=own), states=SimpleNamespace(recommendation=[kept])
    )
    inbox = SimpleNamespace(recommendation_taken=0.0, recommendation_seen=0.0)
    event = SimpleNamespace(graduated=0, list_fen=100, packs=[1])
    recommendation.charge(None, 0, world, 3, inbox, event, None)
    row.known = kept.known
    return int(row.known)


def post(wrote: int) -> int:
    """Posts that honours count for a writer, after three more in the night."""
    world: Any = SimpleNamespace(
        levers=SimpleNamespace(honours=SimpleNamespace(power=1.0)),
        states=states_for(1, ["honours"]),
    )
    world.states.honours.wrote[0] = wrote
    event: Any = SimpleNamespace(household=0, group=4, help_posts=1, story_posts=2)
    honours.notice(world, 3, event)
    return int(world.states.honours.wrote[0])


def call(calls: int) -> int:
    """Calls of distributors, after one more friend's in the night."""
    states = states_for(1, ["distribution"])
    states.distribution.called_day[0], states.distribution.calls[0] = 4, calls
    own = SimpleNamespace(everybody=1, link_days=3)
    world: Any = SimpleNamespace(
        levers=SimpleNamespace(distribution=own), states=states, ties=None, seed=1
    )
    wakes = [SimpleNamespace(wake_day=NEVER)]
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(distribution, "friends_of", lambda *_: 1)
        patched.setattr(distribution, "nobody_lives_with", lambda _: False)
        patched.setattr(distribution, "addressed", lambda *_: True)
        distribution._call_friends(world, [None], wakes, [0], 0, 3)
    return int(states.distribution.calls[0])


@pytest.mark.parametrize(
    ("once_more", "more", "most"),
    [(order, 1, MOST_KEPT), (post, 3, MOST_KEPT), (call, 1, MOST_OF_FEW)],
)
def test_what_is_counted_stops_at_the_most(once_more: Any, more: int, most: int) -> None:
    assert once_more(5) == 5 + more
    assert once_more(most - more) == most
    assert once_more(most - more + 1) == most
    assert once_more(most) == most
