"""Which settings are assumptions, and how far each may be off: low, as it is, high.

Nobody has stated a range for each of these numbers, so one rule holds for all of them: half and
twice the number, which is about how far guesses of a quantity that cannot be negative go astray.
Whatever has a natural scale is moved as far on that scale, so that no range leaves what is
possible: a share or chance has its odds halved and doubled; a logit or utility that may have
either sign is an exponent, where half and twice are minus and plus ln 2. Whole numbers are
rounded, and no number leaves its declared bounds.
"""

import math
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from sim.config.loading import Simulation, resolved
from sim.experiments.assumptions import LEFT_OUT, rests_on, value_at
from sim.parameters.quantity import ConfigurationError
from sim.reference.parameters import Parameter, parameters
from sim.text.outgoing import cited
from sim.text.suggestions import instead

MOVED = ("odds", "shifted", "multiplied")
GUESSED = ("assumed", "fitted")
SOURCED = ("evidence", "published")
EXPONENTS = ("logit", "utility", "log ratio")  # units of what is added within an exponential
WHY_NOT = (  # a setting is no assumption that is moved
    "choice in words",
    "by definition",
    "has a source",
    "differs between strategies",
    "zero",
    "no range",
    "contradicts another setting",
)
MOST_FACTOR = 100
DIGITS = 6  # significant ones of an end


class Assumption(NamedTuple):
    """A setting with its range.

    Attributes
    ----------
    key, unit, what, rests_on
        As the reference of settings and their sources have them.
    moved
        On which scale, one of `MOVED`.
    low, value, high
        Its three points; an end that its bounds do not allow is where they allow it.
    """

    key: str
    unit: str
    what: str
    rests_on: str
    moved: str
    low: float
    value: float
    high: float


def scale_of(parameter: Parameter, value: float) -> str:
    """On which scale a number is moved, one of `MOVED`.

    Parameters
    ----------
    parameter
        What it is, with its unit and bounds.
    value
        The number as it is.
    """
    if parameter.low >= 0 and parameter.high <= 1 and not isinstance(value, int):
        return "odds"
    signed = parameter.low < 0 and parameter.unit in EXPONENTS
    return "shifted" if signed else "multiplied"


def ends(parameter: Parameter, value: float, factor: float) -> tuple[float, float]:
    """The low and the high end of a number's range.

    Parameters
    ----------
    parameter
        What it is, with its unit and bounds.
    value
        The number as it is; the ends are whole if it is.
    factor
        How often the high end is the number, and the number the low end.
    """
    scale = scale_of(parameter, value)
    found = sorted(_moved(scale, value, times) for times in (1 / factor, factor))
    low, high = (_possible(parameter, value, end) for end in found)
    return low, high


def _moved(scale: str, value: float, times: float) -> float:
    if scale == "odds":
        return times * value / (1.0 - value + times * value)
    return value + math.log(times) if scale == "shifted" else value * times


def _possible(parameter: Parameter, value: float, end: float) -> float:
    """The nearest to an end that may be set; a half is rounded up, lest 1 becomes 0."""
    within = min(max(end, parameter.low), parameter.high)
    return math.floor(within + 0.5) if isinstance(value, int) else float(f"{within:.{DIGITS}g}")


def ranged(
    configs: Mapping[str, Simulation],
    config_dir: Path | None,
    *,
    only: str,
    everything: bool,
    factor: float,
) -> tuple[list[Assumption], dict[str, int]]:
    """The assumptions there are, with their ranges, and how many settings were left out.

    Parameters
    ----------
    configs
        Strategies; what they do not have in common is no assumption but what they do.
    config_dir
        One's own settings, if any.
    only
        A part of the settings, such as ``behaviour.choose``, or one of them.
    everything
        Whether those with a source in the literature are moved too. What is so by definition
        is never moved.
    factor
        See `ends`.

    Returns
    -------
    tuple
        Assumptions in the order of the settings; and the number of those left out, by the reason.

    Raises
    ------
    ConfigurationError
        In one sentence.
    """
    if isinstance(factor, bool) or not isinstance(factor, int | float) or not (
        1 < factor <= MOST_FACTOR
    ):  # fmt: skip
        raise ConfigurationError(
            f"factor = {cited(factor)} is impossible: it must be a number above 1, at most "
            f"{MOST_FACTOR}."
        )
    asked = _below(only, config_dir)
    wanted = (*GUESSED, *SOURCED) if everything else GUESSED
    values = [resolved(config) for config in configs.values()]
    found, left_out = [], Counter(dict.fromkeys(WHY_NOT, 0))
    for each in asked:
        numbers = [value_at(own, each.key) for own in values]
        if reason := _why_not(each, numbers, wanted, factor):
            left_out[reason] += 1
        else:
            found.append(_assumption(each, numbers[0], factor))
    if not found:
        raise ConfigurationError(
            f"{cited(only)} has no number above or below zero that is assumed or fitted and the "
            "same in all strategies; --all takes those with a source too."
        )
    return found, dict(left_out)


def settable(
    assumed: Sequence[Assumption], possible: Callable[[Mapping[str, float]], bool]
) -> list[Assumption]:
    """Assumptions that can be moved by themselves.

    Parameters
    ----------
    assumed
        From `ranged`.
    possible
        Whether the strategies can be set to values by key, all others as they are.

    Returns
    -------
    list of Assumption
        An end that contradicts another setting is as it is; without any other end, an assumption is
        left out.
    """
    found = []
    for each in assumed:
        low, high = (
            end if possible({each.key: end}) else each.value for end in (each.low, each.high)
        )
        if {low, high} != {each.value}:
            found.append(each._replace(low=low, high=high))
    return found


def _below(only: str, config_dir: Path | None) -> list[Parameter]:
    """Settings of a part; refuse what is no part."""
    known = [each for each in parameters(config_dir) if not each.key.startswith(LEFT_OUT)]
    found = [each for each in known if f"{each.key}.".startswith(f"{only}.")]
    if not found:
        names = {name for each in known for name in (each.key, each.part, each.key.split(".")[0])}
        raise ConfigurationError(f"There is no assumption {cited(only)}{instead(only, names)}")
    return found


def _why_not(
    parameter: Parameter, values: list[Any], wanted: Collection[str], factor: float
) -> str:
    """Why a setting is not moved, one of `WHY_NOT`; empty where it is."""
    value, source = values[0], rests_on(parameter.source)
    if not parameter.is_number or isinstance(value, bool) or not isinstance(value, int | float):
        return "choice in words"
    if source not in wanted:
        return "has a source" if source in SOURCED else "by definition"
    if any(other != value for other in values):
        return "differs between strategies"
    if value == 0:
        return "zero"
    return "no range" if {*ends(parameter, value, factor)} == {value} else ""


def _assumption(parameter: Parameter, value: float, factor: float) -> Assumption:
    low, high = ends(parameter, value, factor)
    about = (parameter.key, parameter.unit, parameter.about, rests_on(parameter.source))
    return Assumption(*about, scale_of(parameter, value), low, value, high)


__all__ = ["GUESSED", "MOVED", "SOURCED", "Assumption", "ends", "ranged", "scale_of", "settable"]
