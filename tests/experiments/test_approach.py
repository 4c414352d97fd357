"""The factor at which something is spent: found in few steps, or the nearest there is."""

import math
from collections.abc import Callable

import pytest

from sim.experiments.approach import MOST_STEPS, Asked, Wanted, approach, meet, meets


def found(spent: Callable[[float], float], target: float, largest: float = 10.0) -> list[float]:
    """The factors that were tried, and last the one that was chosen."""
    search, tried = approach(target, 1.0, largest), []
    factor = next(search)
    while True:
        tried.append(factor)
        try:
            factor = search.send(spent(factor))
        except StopIteration as end:
            return [*tried, end.value]


@pytest.mark.parametrize("target", [1.0, 40.0, 99.0, 100.0, 104.0, 170.0, 350.0])
@pytest.mark.parametrize(
    "spent",
    [
        lambda factor: 100.0 * factor,
        lambda factor: 0.5 + 99.5 * factor**2,
        lambda factor: 160.0 * factor / (0.6 + factor) if factor < 1 else 100.0 * factor**0.6,
        lambda factor: 100.0 * factor + 0.2 * math.sin(300.0 * factor),
    ],
    ids=["in proportion", "slow, then fast", "fast, then slow", "unsteady"],
)
def test_it_is_found_in_a_few_steps(spent: Callable[[float], float], target: float) -> None:
    *tried, chosen = found(spent, target)
    assert meets(spent(chosen), target)
    assert len(tried) <= 8
    assert len(set(tried)) == len(tried)


def test_what_meets_it_as_it_is_stays_as_it_is() -> None:
    assert found(lambda factor: 100.4 * factor, 100.0) == [1.0, 1.0]


def test_beyond_the_largest_there_is_nothing_to_try() -> None:
    *tried, chosen = found(lambda factor: 100.0 * min(factor, 3.0), 1000.0, largest=3.0)
    assert chosen == tried[-1] == 3.0
    assert len(tried) == 2


def test_turned_off_it_may_still_spend_too_much() -> None:
    *tried, chosen = found(lambda factor: 50.0 + 50.0 * factor, 20.0)
    assert chosen == tried[-1] == 0.0


def test_of_steps_the_nearest_is_chosen() -> None:
    *tried, chosen = found(lambda factor: 40.0 * math.floor(factor * 2.5), 100.0)
    assert 40.0 * math.floor(chosen * 2.5) in (80.0, 120.0)
    assert len(tried) <= MOST_STEPS + 1


def test_of_what_levels_off_the_limit_is_tried() -> None:
    *tried, chosen = found(lambda factor: 100.0 * min(factor, 1.2), 130.0)
    assert 100.0 * min(chosen, 1.2) == 120.0
    assert len(tried) <= MOST_STEPS + 1


@pytest.mark.parametrize("few", [True, False])
def test_several_are_met_together_though_each_moves_the_others(few: bool) -> None:
    def told(asked: Asked) -> dict[str, float]:
        a, b, shared = (asked.factors[name] for name in ("a", "b", ""))
        luck = 1.02 if asked.everywhere else 1.0
        own = {"a": 10.0 * a * (1 + 0.1 * shared), "b": 20.0 * b * (1 + 0.05 * a)}
        return {**own, "": (sum(own.values()) + 70.0 * shared) * luck}

    targets = {"a": 15.0, "b": 12.0, "": 80.0}
    search = meet(lambda everywhere: [Wanted(n, t, 9.0) for n, t in targets.items()], few)
    asked = next(search)
    seen = {asked.everywhere}
    while True:
        try:
            asked = search.send(told(asked))
            seen.add(asked.everywhere)
        except StopIteration as end:
            spent = told(Asked("", end.value, True))
            break
    assert all(meets(spent[name], target) for name, target in targets.items())
    assert seen == ({True, False} if few else {True})


def test_nothing_wanted_is_nothing_asked() -> None:
    with pytest.raises(StopIteration) as end:
        next(meet(lambda everywhere: [], True))
    assert end.value.value == {}
