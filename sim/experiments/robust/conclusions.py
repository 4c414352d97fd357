"""What follows of strategies under each assumption, and whether it follows under all of them.

A conclusion is what the behaviour as it is says of two strategies by a goal, or which of all is
best. Under another assumption it holds, is reversed, or is undecided: there the interval over
worlds has zero in it.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from sim.experiments import statistics
from sim.experiments.robust.alternatives import AS_IT_IS

BETTER, WORSE, UNDECIDED = SIDES = ("better", "worse", "undecided")
HOLDS, REVERSED = "holds", "reversed"
SIGN, ORDER, BEST = ("sign", "order", "best")  # against the reference, of two others, of all
IN_ALL, HANGS, UNSURE, OPEN = ("holds in all", "hangs on", "not reversed", "open")


class Aimed(NamedTuple):
    """A goal under an assumption: what strategies come to in every world."""

    values: statistics.Floats  # strategies, worlds
    unit: str
    better: int  # 1: more is, -1: less is


Lived = Mapping[str, Mapping[str, Aimed]]  # by assumption and goal


def differences(lived: Lived, strategies: Sequence[str], asked: str) -> pd.DataFrame:
    """What every strategy differs by from every other, in the same worlds, under each assumption.

    Intervals of all differences to one strategy hold at once, as in a comparison.

    Returns
    -------
    pandas.DataFrame
        ``assumption, goal, asked, unit, better, strategy, against, mean, low, high, n, side``.
    """
    rows = []
    for assumption, by_goal in lived.items():
        for goal, aim in by_goal.items():
            about = {"assumption": assumption, "goal": goal, "asked": goal == asked}
            about |= {"unit": aim.unit, "better": "higher" if aim.better > 0 else "lower"}
            for place, against in enumerate(strategies):
                got = statistics.paired_differences(aim.values.T, place)
                others = [name for name in strategies if name != against]
                for k, strategy in enumerate(others):
                    ends = {"mean": got.mean[k], "low": got.low[k], "high": got.high[k]}
                    said = {"n": got.n, "side": side(ends["low"], ends["high"], aim.better)}
                    rows.append({**about, "strategy": strategy, "against": against, **ends, **said})
    return pd.DataFrame(rows)


def side(low: float, high: float, better: int) -> str:
    """On which side of nothing an interval lies: better, worse, or undecided."""
    if low > 0 or high < 0:
        return BETTER if (low > 0) == (better > 0) else WORSE
    return UNDECIDED


class _Under:
    """The differences by one goal: which side each pair is on under each assumption."""

    def __init__(self, table: pd.DataFrame, strategies: Sequence[str]) -> None:
        self.assumptions = list(dict.fromkeys(table["assumption"]))
        self.strategies = list(strategies)
        columns = ("assumption", "strategy", "against")
        places = list(zip(*(table[name] for name in columns), strict=True))
        self._side = dict(zip(places, table["side"], strict=True))
        sign = np.where(table["better"] == "higher", 1.0, -1.0)
        self._ahead = dict(zip(places, (sign * table["mean"]).tolist(), strict=True))

    def side(self, assumption: str, strategy: str, against: str) -> str:
        return str(self._side[assumption, strategy, against])

    def is_ahead(self, assumption: str, strategy: str, against: str) -> bool:
        """By the mean alone."""
        return bool(self._ahead[assumption, strategy, against] > 0)

    def first(self, assumption: str) -> str:
        """The strategy with the best mean, the earlier of equal ones."""
        return next(
            name
            for name in self.strategies
            if not any(self.is_ahead(assumption, o, name) for o in self.strategies if o != name)
        )

    def best(self, assumption: str, strategy: str) -> str:
        """Whether a strategy is the best of all: better, worse where another clearly is better."""
        sides = {self.side(assumption, o, strategy) for o in self.strategies if o != strategy}
        if sides == {WORSE}:
            return BETTER
        return WORSE if BETTER in sides else UNDECIDED


def conclusions(
    table: pd.DataFrame, strategies: Sequence[str], reference: str, asked: str
) -> pd.DataFrame:
    """Every conclusion by every goal, and the assumptions under which it holds.

    Parameters
    ----------
    table
        That of `differences`.
    strategies, reference, asked
        All of them, the one that the others are compared with, and the goal that decides.

    Returns
    -------
    pandas.DataFrame
        ``goal, asked, kind, strategy, against, as_it_is, holds, reversed, undecided, verdict``;
        assumptions are told by name with spaces between.
    """
    rows = []
    for goal, own in table.groupby("goal", sort=False):
        under = _Under(own, strategies)
        for kind, strategy, against in _asked_of(under, reference):
            sides = {
                each: under.best(each, strategy)
                if kind == BEST
                else under.side(each, strategy, against)
                for each in under.assumptions
            }
            about = {"goal": goal, "asked": goal == asked, "kind": kind, "strategy": strategy}
            rows.append({**about, "against": against, **_judged(sides)})
    return pd.DataFrame(rows)


def _asked_of(under: _Under, reference: str) -> Iterator[tuple[str, str, str]]:
    """Kind, strategy and the one it is held against; of two others the one that leads as it is."""
    yield BEST, under.first(AS_IT_IS), ""
    others = [name for name in under.strategies if name != reference]
    for name in others:
        yield SIGN, name, reference
    for place, one in enumerate(others):
        for other in others[place + 1 :]:
            behind = under.is_ahead(AS_IT_IS, other, one)
            yield (ORDER, other, one) if behind else (ORDER, one, other)


def _judged(sides: Mapping[str, str]) -> dict[str, Any]:
    """Under which assumptions what is said as it is holds, is reversed, or is undecided."""
    said = sides[AS_IT_IS]
    states: dict[str, list[str]] = {HOLDS: [], REVERSED: [], UNDECIDED: []}
    for assumption, found in sides.items():
        if found == UNDECIDED:
            states[UNDECIDED].append(assumption)
        elif said != UNDECIDED:
            states[HOLDS if found == said else REVERSED].append(assumption)
    if said == UNDECIDED:
        verdict = OPEN
    elif states[REVERSED]:
        verdict = HANGS
    else:
        verdict = UNSURE if states[UNDECIDED] else IN_ALL
    return {
        "as_it_is": said,
        **{state: " ".join(names) for state, names in states.items()},
        "verdict": verdict,
    }


def firsts(table: pd.DataFrame, strategies: Sequence[str], asked: str) -> pd.DataFrame:
    """Which strategy comes first under each assumption by each goal, and whether that is sure."""
    rows = []
    for goal, own in table.groupby("goal", sort=False):
        under = _Under(own, strategies)
        for assumption in under.assumptions:
            first = under.first(assumption)
            sure = under.best(assumption, first) == BETTER
            about = {"goal": goal, "asked": goal == asked, "assumption": assumption}
            rows.append({**about, "strategy": first, "sure": sure})
    return pd.DataFrame(rows)


__all__ = [
    "BEST",
    "HANGS",
    "IN_ALL",
    "OPEN",
    "ORDER",
    "SIDES",
    "SIGN",
    "UNDECIDED",
    "UNSURE",
    "Aimed",
    "Lived",
    "conclusions",
    "differences",
    "firsts",
    "side",
]
