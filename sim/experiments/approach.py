"""The factors at which a strategy spends what it is to spend: bracketed, then narrowed down.

Pure functions that ask for factors and are told what was spent; who lives through them, and with
how many others at once, is not their business.
"""

from collections.abc import Callable, Generator, Mapping, Sequence
from typing import NamedTuple

TOLERANCE = 0.005  # of what is to be spent: half of the 1% that is promised
ROUGHLY = 0.02  # the same in a first round, where others are still to be found: assumed
MOST_STEPS = 12  # changes of a factor before it is given up, in all rounds together
FIRST_STEPS = 8  # of these in a few worlds, where all have the last word
MOST_ROUNDS = 6  # over all factors of a strategy, since what one spends depends on the others
DOWNWARD = 4  # guesses in proportion that still spend too much, before nothing is tried
NARROWEST = 1e-3  # of a factor: a bracket as narrow as that holds a step
LEAST_STEP, LARGEST_STEP = 0.005, 4.0  # beyond the last factor (twice as far each time), times it
DIGITS = 6  # significant digits of a factor; more would mean nothing
INSIDE = 0.02  # of a bracket's width, how near to its ends is not looked: assumed

Told = Mapping[str, float]  # what is spent, by name of what is looked for


class Wanted(NamedTuple):
    """A factor that is looked for.

    Attributes
    ----------
    name
        Of the lever that it is for; empty for the factor that levers share.
    target
        What is to be spent.
    largest
        Factor beyond which there is no more of it.
    """

    name: str
    target: float
    largest: float


class Asked(NamedTuple):
    """Factors by name that shall be lived through, in a few worlds or in all.

    Attributes
    ----------
    name
        Of the factor that is being looked for.
    """

    name: str
    factors: dict[str, float]
    everywhere: bool


def meets(spent: float, target: float, tolerance: float = TOLERANCE) -> bool:
    """Whether that is what was to be spent, as near as can be told."""
    return abs(spent - target) <= tolerance * target


def approach(
    target: float,
    first: float,
    largest: float,
    steps: int = MOST_STEPS,
    tolerance: float = TOLERANCE,
) -> Generator[float, float, float]:
    """Ask for one factor after another; return the one whose spending is nearest to the target.

    Spending rises with the factor, as a rule, and roughly in proportion: so the next guess is in
    proportion until the target lies between two, then by regula falsi with Illinois' halving
    (Dowell & Jarratt 1971), which does not get stuck at one end. After so many `steps` it is given
    up, and where spending jumps over the target.
    """
    tried: dict[float, float] = {}  # factor: what was spent too much
    low: tuple[float, float] | None = None
    high: tuple[float, float] | None = None
    factor, stuck = _rounded(first, largest), 0
    while factor not in tried and len(tried) <= steps:
        spent = yield factor
        excess = tried[factor] = spent - target
        if meets(spent, target, tolerance):
            break
        if excess < 0:
            low, stuck = (factor, excess), min(stuck, 0) - 1
            high = (high[0], high[1] / 2) if high and stuck < -1 else high
        else:
            high, stuck = (factor, excess), max(stuck, 0) + 1
            low = (low[0], low[1] / 2) if low and stuck > 1 else low
        if low and high:
            if abs(high[0] - low[0]) <= NARROWEST * high[0]:
                break
            factor = _between(low, high)
        elif low:
            least = 1.0 + LEAST_STEP * 2.0 ** len(tried)
            ratio = target / spent if spent > 0.0 else LARGEST_STEP
            factor *= min(max(ratio, least), LARGEST_STEP)
        else:
            factor = factor * target / spent if len(tried) < DOWNWARD else 0.0
        factor = _rounded(factor, largest)
    return min(tried, key=lambda each: abs(tried[each]))


def _between(low: tuple[float, float], high: tuple[float, float]) -> float:
    """Where a straight line through two points meets zero, not quite at either of them."""
    share = -low[1] / (high[1] - low[1])
    return low[0] + min(max(share, INSIDE), 1.0 - INSIDE) * (high[0] - low[0])


def _rounded(factor: float, largest: float) -> float:
    return min(float(f"{factor:.{DIGITS}g}"), largest)


def meet(
    wanted: Callable[[bool], Sequence[Wanted]], few: bool
) -> Generator[Asked, Told, dict[str, float]]:
    """Ask for factors of one strategy until all spend what they are to; return them.

    Parameters
    ----------
    wanted
        What is looked for, given whether it is told in all worlds; in the order in which it is.
    few
        Whether there are fewer worlds than all to look in first; then all have the last word.
    """
    found = {each.name: 1.0 for each in wanted(True)}
    left = dict.fromkeys(found, 0)
    for everywhere in (False, True) if few else (True,):
        more = MOST_STEPS if not few else MOST_STEPS - FIRST_STEPS if everywhere else FIRST_STEPS
        left = {name: steps + more for name, steps in left.items()}
        for number in range(MOST_ROUNDS):
            rough = number == 0 and len(found) > 1
            before = dict(found)
            for each in wanted(everywhere):
                search = approach(
                    each.target,
                    found[each.name],
                    each.largest,
                    left[each.name],
                    ROUGHLY if rough else TOLERANCE,
                )
                factor, changes = next(search), -1
                while True:
                    changes += 1
                    told = yield Asked(each.name, {**found, each.name: factor}, everywhere)
                    try:
                        factor = search.send(told[each.name])
                    except StopIteration as end:
                        found[each.name] = end.value
                        break
                left[each.name] -= changes
            if not rough and (found == before or len(found) == 1):
                break
    return found


__all__ = ["MOST_STEPS", "TOLERANCE", "Asked", "Told", "Wanted", "approach", "meet", "meets"]
