"""Parameters that know their unit, range and meaning.

A rule or a lever declares its parameters as a dataclass of quantities, choices and switches;
`conf/` gives the values, each with its source. From the same declaration come the check of
ranges, the record that compiled code reads, and the reference for readers.
"""

import math
from collections.abc import Sequence
from dataclasses import field, fields, is_dataclass, replace
from typing import Any

import numpy as np
import omegaconf

from sim.text.outgoing import cited
from sim.text.suggestions import meant, number_meant

SWITCH = "true or false"
SOME = "some of "  # of several words
EVERY_WORD = "all"  # of `choices`
Choice = Any  # a word in a configuration; in the record made of it, its place among the words


class ConfigurationError(ValueError):
    """A configuration that cannot be meant; the message names the key and the mend."""


def quantity(
    unit: str,
    about: str,
    low: float = -math.inf,
    high: float = math.inf,
    default: Any = None,
    *,
    optional: bool = False,
) -> Any:
    """A dataclass field for one number.

    Parameters
    ----------
    unit
        Its unit, in words.
    about
        What it means, one line.
    low, high
        Bounds, both allowed.
    default
        Leave out where `conf/` gives the value, as it should for every number with a source.
    optional
        Whether there may be no such number (None), which is then the default.
    """
    value = omegaconf.MISSING if default is None and not optional else default
    told = {"unit": unit, "about": about, "low": low, "high": high, "optional": optional}
    return field(default=value, metadata=told)


def switch(about: str) -> Any:
    """A dataclass field that is true or false; `about` says what is so when it is true."""
    return quantity(SWITCH, about, 0, 1)


def choice(about: str, words: Sequence[str], default: str = omegaconf.MISSING) -> Any:
    """A dataclass field for one of a few words.

    Configurations hold the word. Records, and so compiled code, hold its place among the words,
    counted from 0, with which rules compare.

    Parameters
    ----------
    about
        What is chosen, one line.
    words
        All there are, as they are written in a scenario.
    default
        Leave out where `conf/` gives the word.

    Examples
    --------
    >>> TOPICS = ("unsorted", "stage", "region", "both")
    >>> UNSORTED, BY_STAGE, BY_REGION, BY_BOTH = range(len(TOPICS))
    >>> @dataclass
    ... class Parameters:
    ...     topic: Choice = choice("what chats are about", TOPICS)
    """
    declared = {"unit": listed(words), "low": 0, "high": len(words) - 1, "words": tuple(words)}
    return field(default=default, metadata={**declared, "about": about})


def choices(about: str, words: Sequence[str] = ()) -> Any:
    """A dataclass field for some of a few words, as a list; `all` of them where nothing is said.

    Records hold them as bits, the first word the lowest; the empty list is none of them.

    Parameters
    ----------
    about
        What is chosen, one line.
    words
        All there are, as they are written in a scenario; left out where they depend on other
        settings, which then see to them.
    """
    unit = f"{SOME}{', '.join(words) or 'their names'}; or all"
    declared = {"unit": unit, "low": 0, "high": 2.0 ** len(words)}
    return field(
        default_factory=lambda: [EVERY_WORD],
        metadata={**declared, "several": tuple(words), "about": about},
    )


def listed(words: Sequence[str]) -> str:
    """Words as a sentence lists them: ``logit, threshold or habit_first``."""
    return " or ".join(filter(None, [", ".join(words[:-1]), words[-1]]))


def check_ranges(parameters: Any, path: str = "") -> None:
    """Refuse any quantity outside its bounds, and any choice that is none of its words.

    Raises
    ------
    ConfigurationError
        Naming the key, the value and the bounds or words.
    """
    for item in fields(parameters):
        key = f"{path}.{item.name}" if path else item.name
        check_field(item, getattr(parameters, item.name), key)


def check_field(item: Any, value: Any, key: str) -> None:
    """The same of one field of a dataclass, and of all within it."""
    if "words" in item.metadata:
        _check_word(item.metadata["words"], value, key)
    elif "several" in item.metadata:
        for member in value if item.metadata["several"] else ():
            _check_word((EVERY_WORD, *item.metadata["several"]), member, key)
    elif is_dataclass(value):
        check_ranges(value, key)
    elif isinstance(value, list):
        for i, member in enumerate(value):
            if is_dataclass(member):
                check_ranges(member, f"{key}[{i}]")
            else:
                _check(item, member, f"{key}[{i}]")
    else:
        _check(item, value, key)


def _check_word(words: Sequence[str], value: Any, key: str) -> None:
    if not (isinstance(value, str) and value in words):
        raise ConfigurationError(
            f"{key} = {cited(value)} is not possible: it must be "
            f"{listed(words)}{meant(str(value).lower(), words)}"
        )


def _check(item: Any, value: Any, key: str) -> None:
    if "low" not in item.metadata or isinstance(value, str | bool):
        return
    if value is None and item.metadata["optional"]:
        return
    low, high, unit = (item.metadata[name] for name in ("low", "high", "unit"))
    if not (isinstance(value, int | float) and low <= value <= high):
        guess = number_meant(value, unit)
        end = f"; did you mean {guess}?" if guess else "."
        raise ConfigurationError(
            f"{key} = {cited(value)} is impossible: it must lie between {in_words(low)} and "
            f"{in_words(high)} ({unit}){end}"
        )


def in_words(value: float) -> str:
    """A bound as a sentence tells it."""
    whole = math.isfinite(value) and value == int(value)
    return f"{int(value):,}" if whole else f"{value:g}"


def record_type(schema: Any) -> np.dtype[Any]:
    """Layout of the record that compiled code reads for a dataclass of parameters."""
    parts: list[Any] = []
    for item in fields(schema):
        if is_dataclass(item.type):
            parts.append((item.name, record_type(item.type)))
        elif item.type in (float, "float"):
            parts.append((item.name, "f8"))
        elif (
            item.type in (int, bool, "int", "bool")
            or "words" in item.metadata
            or item.metadata.get("several")
        ):
            parts.append((item.name, "i8"))
    return np.dtype(parts, align=True)


def as_record(parameters: Any) -> Any:
    """The numbers of a dataclass as one `np.record`, nested dataclasses nested."""
    record = np.zeros(1, record_type(type(parameters)))
    fill(record[0], parameters)
    return record.view(np.recarray)[0]


def as_numbers(parameters: Any) -> Any:
    """The same dataclass with numbers for choices: what rules want that run as plain Python."""
    values = {item.name: (item, getattr(parameters, item.name)) for item in fields(parameters)}
    return replace(
        parameters,
        **{
            name: as_numbers(value) if is_dataclass(value) else number(item, value)
            for name, (item, value) in values.items()
        },
    )


def fill(record: Any, parameters: Any) -> None:
    """Write the numbers of a dataclass into the fields of a record that have their names."""
    for item in fields(parameters):
        if item.name not in record.dtype.names:
            continue
        value = getattr(parameters, item.name)
        if is_dataclass(value):
            fill(record[item.name], value)
        else:
            record[item.name] = number(item, value)


def number(item: Any, value: Any) -> Any:
    """What rules read of a field: of a word its place among all, of several words their bits."""
    if "several" in item.metadata:
        words = item.metadata["several"]
        chosen = (i for i, word in enumerate(words) if {word, EVERY_WORD} & set(value))
        return sum(1 << i for i in chosen)
    return item.metadata["words"].index(value) if "words" in item.metadata else value


__all__ = [
    "EVERY_WORD",
    "SOME",
    "SWITCH",
    "Choice",
    "ConfigurationError",
    "as_numbers",
    "as_record",
    "check_field",
    "check_ranges",
    "choice",
    "choices",
    "fill",
    "in_words",
    "listed",
    "number",
    "quantity",
    "record_type",
    "switch",
]
