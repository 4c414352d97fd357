"""Functions that replace rules, tried before anything is lived by them.

Whoever asks, on whichever way, is told the same: a function is refused by its code or, where its
rule's response can be drawn, by its answers over the ranges of what it is given.
"""

import math
from collections.abc import Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from sim.parameters.quantity import ConfigurationError
from sim.responses.inputs import ANSWERS, RANGES, UNITS
from sim.responses.responding import Responses, is_drawable
from sim.responses.typical_world import Reading
from sim.rules.judging import check_function
from sim.rules.reading import cannot_replace

if TYPE_CHECKING:
    from sim.config.loading import Simulation
    from sim.rules.trying import Trial

LUCK = tuple((each + 0.414) / 10 for each in range(10))  # where it decides among a few answers
ALIKE = 1e-6  # some buffers hold numbers in single precision; of luck no tie depends on that


def check_rules(config: "Simulation") -> None:
    """Refuse functions that cannot take the place of the rules they replace.

    Of a rule whose response can be drawn, each thing that it is given takes every value of its
    range, the others their typical ones; parameters are as configured.

    Raises
    ------
    ConfigurationError
        Naming the function, the rule, what is wrong, and what it was given then.
    """
    _check(config, list(config.rules))


def check_rules_asked_for(
    config: "Simulation", overrides: Sequence[str], trust_rules: bool
) -> list[str]:
    """Check only what may run: the rules that the overrides name, or all; returns which."""
    from sim.config.loading import rules_asked_for
    from sim.rules.trusting import trust

    asked = rules_asked_for(config, overrides, trust_rules)
    trust(config.rules[name] for name in asked)
    _check(config, asked)
    return asked


def _check(config: "Simulation", names: Sequence[str]) -> None:
    for name in names:
        own = config.rules[name]
        trial = check_function(name, own.file, own.function, own.source)
        wrong = next(_faults(Responses(name, config), trial), "") if is_drawable(name) else ""
        if wrong:
            raise ConfigurationError(f"{cannot_replace(name, own.file, own.function)}: {wrong}.")


def _faults(responses: Responses, trial: "Trial | None") -> Iterator[str]:
    """What is wrong with answers, each with what was given."""
    try:
        given = list(_given(responses))
    except ConfigurationError:  # it reads what nothing tells the range of
        return
    for each in given:
        wrong = _fault(responses, trial, each)
        if wrong:
            where = [f"where {what} is {value:g}, " for what, value in each.items()][:1]
            yield "".join([*where, wrong])


def _given(responses: Responses) -> Iterator[dict[str, float]]:
    """Values for each thing the rule is given, one thing at a time, after typical ones for all."""
    yield {}
    for known in responses.inputs:
        if not known.name.startswith("behaviour."):
            for value in known.values():
                if responses.answers:
                    yield from ({known.name: value, "u": u} for u in LUCK)
                else:
                    yield {known.name: value}


def _fault(responses: Responses, trial: "Trial | None", given: dict[str, float]) -> str:
    """What is wrong with the answer to what is given; nothing if it is sound."""
    ways = [partial(responses.said, function=responses.function)]
    if trial is not None:
        ways.append(partial(responses.said_compiled, machine=trial.ask))
    answers = []
    for ask in ways:
        try:
            first, again = (ask(Reading(responses.around, responses.name, given)) for _ in range(2))
        except (ZeroDivisionError, ValueError):
            return "it divides by zero or gives no number"
        except OverflowError:  # compiled code goes on with infinity
            continue
        except IndexError as error:
            return f"it reads outside of an array ({error})"
        wrong = _unsound(responses, first, again)
        if wrong:
            return wrong
        answers.append(first)
    plain, machine = (answers[0], answers[-1]) if answers else (0.0, 0.0)
    if not math.isclose(plain, machine, rel_tol=ALIKE, abs_tol=ALIKE):
        return f"it answers {machine:g} when compiled and {plain:g} in Python"
    return ""


def _unsound(responses: Responses, answer: Any, again: Any) -> str:
    """What is wrong with an answer, and with another to the same question."""
    if not isinstance(answer, int | float) and not hasattr(answer, "dtype"):
        return f"it answers with no number, but with {type(answer).__name__}"
    if not math.isfinite(answer):
        return "it divides by zero or gives no number"
    if answer != again:
        return f"it answers {answer:g} and, asked the same again, {again:g}"
    low, high = _range(responses)
    if not low <= answer <= high:
        return f"it answers {answer:g} and must answer between {low:g} and {high:g}"
    return ""


def _range(responses: Responses) -> tuple[float, float]:
    """Where a rule's answers lie, if its unit says so."""
    if responses.answers:
        return 0, len(ANSWERS[responses.name]) - 1
    return RANGES.get(UNITS[responses.name], (-math.inf, math.inf))


__all__ = ["check_rules", "check_rules_asked_for"]
