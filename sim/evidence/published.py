"""Experiments that really happened, with what each found: what a model can be held against.

The list lies in ``conf/evidence/experiments.csv``, or in ``evidence/experiments.csv`` of the user's
folder; ``docs/evidence/sources.md`` says what the sources are. An experiment that is the same as a
fact is told of once. One whose fact was looked at while numbers were chosen is not blind.
"""

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.evidence.facts import Fact
from sim.evidence.lists import check_once, list_file, number_in, rows_of
from sim.parameters.quantity import ConfigurationError
from sim.text.outgoing import cited

WORDS = ("id", "what", "who", "treatment", "outcome", "unit", "source", "note")
NUMBERS = ("effect", "low", "high")
COLUMNS = (*WORDS[:5], *NUMBERS, *WORDS[5:])
CAUSAL = "causal"  # the kind of facts that are effects of experiments
SAME = re.compile(r"\bthe same as (\w+)")


@dataclass(frozen=True)
class Published:
    """An experiment that happened.

    Attributes
    ----------
    id, what
        Its name, and what was tried.
    who, treatment, outcome
        On whom, against what, and what was read.
    effect, low, high, unit
        What was found and the bounds it holds within; NaN of a yardstick.
    source, note
        Ids in the list of sources, and the source's own remark.
    same_as
        The fact that is the same experiment, by its id; empty if none is.
    yardstick
        What is told where no single effect was found; empty otherwise.
    """

    id: str
    what: str
    who: str
    treatment: str
    outcome: str
    effect: float
    low: float
    high: float
    unit: str
    source: str
    note: str
    same_as: str = ""
    yardstick: str = ""


@dataclass(frozen=True)
class Scale:
    """How a unit counts effects.

    Attributes
    ----------
    none
        The figure where a treatment does nothing.
    log
        The effect as a logarithm of with over without; None where the figure does not tell that.
    """

    none: float
    log: Callable[[float], float] | None = None


def _log(ratio: float) -> float:
    return math.log(ratio) if ratio > 0 else math.nan


SCALES = {
    "ratio": Scale(1.0, _log),
    "relative change": Scale(0.0, lambda change: _log(1.0 + change)),
    # of what is there, the part that only is because of the treatment
    "share": Scale(0.0, lambda share: -_log(1.0 - share)),
}
DIFFERENCE = Scale(0.0)


def scale_of(unit: str) -> Scale:
    """How a unit counts effects; what is none of `SCALES` is a difference."""
    return SCALES.get(unit, DIFFERENCE)


def load_published(config_dir: Path | None = None) -> tuple[Published, ...]:
    """Read and check the list of experiments.

    Parameters
    ----------
    config_dir
        A folder of the user's own, laid out like `conf/`.

    Raises
    ------
    ConfigurationError
        Naming the row and what is wrong with it.
    """
    file = list_file("experiments.csv", config_dir)
    rows = rows_of(file, "experiments", COLUMNS)
    found = tuple(_published(row, where) for row, where in rows)
    check_once((each.id for each in found), file)
    return found


def _published(row: dict[str, str], where: str) -> Published:
    """A row as an experiment; where it stands is told if it is none."""
    told = {name: row[name].strip() for name in COLUMNS}
    words: dict[str, Any] = {name: told[name] for name in WORDS}
    if same := SAME.search(told["note"]):
        words["same_as"] = same[1]
    if not told["id"]:
        raise ConfigurationError(f"{where} has no id: give each row its own.")
    if not told["low"] and not told["high"]:
        nothing: dict[str, Any] = dict.fromkeys(NUMBERS, math.nan)
        return Published(**words, **nothing, yardstick=told["effect"])
    numbers: dict[str, Any] = {name: number_in(told, name, where) for name in NUMBERS}
    low, effect, high = (numbers[name] for name in ("low", "effect", "high"))
    if not (low <= effect <= high and math.isfinite(high - low)):
        raise ConfigurationError(
            f"{where}: the effect of {cited(told['id'])} lies outside its bounds, mend one of the "
            "three."
        )
    if told["unit"] == "ratio" and low <= 0.0:
        raise ConfigurationError(
            f"{where}: {cited(told['id'])} is a ratio, whose bounds must be above 0."
        )
    return Published(**words, **numbers)


def of_fact(fact: Fact) -> Published:
    """A causal fact as an experiment."""
    return Published(
        id=fact.id,
        what=fact.kpi,
        who=fact.who,
        treatment=fact.condition,
        outcome=fact.kpi,
        effect=fact.value,
        low=fact.low,
        high=fact.high,
        unit=fact.unit,
        source=fact.source,
        note=fact.note,
        same_as=fact.id,
    )


def experiments(published: Sequence[Published], facts: Sequence[Fact]) -> tuple[Published, ...]:
    """Every experiment there is, each once: those published, then causal facts that are no other.

    Raises
    ------
    ConfigurationError
        When an experiment is said to be the same as a fact that is none, or has its id.
    """
    causal = {fact.id: fact for fact in facts if fact.kind == CAUSAL}
    for each in published:
        if each.same_as and each.same_as not in causal:
            raise ConfigurationError(
                f"The experiment {cited(each.id)} is said to be the same as {cited(each.same_as)}, "
                "which is no causal fact."
            )
        if each.id in causal:
            raise ConfigurationError(
                f"{cited(each.id)} is the id of an experiment and of a fact: give one another."
            )
    told = {each.same_as for each in published}
    return (*published, *(of_fact(causal[name]) for name in causal if name not in told))


@dataclass(frozen=True)
class Yardstick:
    """What a simulator of customers that was published reaches.

    Attributes
    ----------
    name, tests, what
        Who it is, on how many tests, and of what.
    accuracy, correlation
        Share of directions told rightly; correlation of effects, NaN where none is told.
    source
        Where it was published.
    """

    name: str
    tests: float
    what: str
    accuracy: float
    correlation: float
    source: str


def load_yardsticks(config_dir: Path | None = None) -> tuple[Yardstick, ...]:
    """What published simulators of customers reach, from ``evidence/yardsticks.csv``.

    Raises
    ------
    ConfigurationError
        Naming the row and what is wrong with it.
    """
    file = list_file("yardsticks.csv", config_dir)
    columns = ("name", "tests", "what", "accuracy", "correlation", "source")
    return tuple(
        Yardstick(
            name=row["name"],
            tests=number_in(row, "tests", where),
            what=row["what"],
            accuracy=number_in(row, "accuracy", where),
            correlation=number_in(row, "correlation", where) if row["correlation"] else math.nan,
            source=row["source"],
        )
        for row, where in rows_of(file, "yardsticks", columns)
    )


__all__ = [
    "COLUMNS",
    "Published",
    "Scale",
    "Yardstick",
    "experiments",
    "load_published",
    "load_yardsticks",
    "scale_of",
]
