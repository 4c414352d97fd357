"""What is said behind a command: settings in Hydra's syntax, read and held to what can be meant."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sim.config.yaml_files import FILLED_IN
from sim.parameters.quantity import ConfigurationError
from sim.text.incoming import same_letters
from sim.text.outgoing import CITED, cited
from sim.text.suggestions import number_meant, unknown

LONGEST = 10_000  # characters of one setting: a list of parts with all their settings is shorter
_TWO = re.compile(r"([a-z_.]+=[^,=]*),([a-z_.]+=[^=]*)")  # settings with a comma between
FILE = re.compile(r"\w[\w.-]*")  # what chooses a file of a group is its name


@dataclass(frozen=True)
class Override:
    """One setting that is changed, or one file of `conf/` that is chosen.

    Attributes
    ----------
    text
        As it was written.
    key, value
        What is changed, and the plain value it gets.
    """

    text: str
    key: str
    value: Any


def key_of(text: str) -> str:
    """What an override changes."""
    return text.split("=", 1)[0].lstrip("+~")


def setting(key: str, value: object) -> str:
    """The override that gives a key this value, whatever letters a text has."""
    if not isinstance(value, str):
        return f"{key}={value}"
    value = same_letters(value)
    escaped = re.sub(r"(\\*)'", r"\1\1\\'", value)  # backslashes count before quotes alone
    ending = re.search(r"\\*$", escaped)
    return f"{key}='{escaped}{ending[0] if ending else ''}'"


def is_group(key: str, groups: Collection[str]) -> bool:
    """Whether a key is chosen by the name of a file."""
    return "@" in key or key in groups


def understood(text: str, groups: Collection[str]) -> Override:
    """An override, read; refuses one that cannot be meant.

    Parameters
    ----------
    text
        Such as ``population.households=2000`` or ``population=city``.
    groups
        What is chosen by the name of a file.

    Raises
    ------
    ConfigurationError
        In one sentence.
    """
    read = _parsed(text)
    key = f"{read.key_or_group}@{read.package}" if read.package else str(read.key_or_group)
    if read.is_sweep_override():
        raise ConfigurationError(
            f"{cited(text)} gives several values: that is what `repurchase sweep` is for"
            f"{_end(text, '.')}"
        )
    if read.is_delete():
        raise ConfigurationError(
            f"{cited(text)} takes something away, and every setting is needed: give it another "
            "value."
        )
    value = read.value()
    _check_value(text, key, value, groups)
    return Override(text, key, value)


def changed(key: str, value: Any, groups: Collection[str]) -> Override:
    """The override that gives a key a value which is no text to be read.

    Raises
    ------
    ConfigurationError
        In one sentence, as for `understood`.
    """
    told = str(value).lower() if isinstance(value, bool) else str(value)
    text = f"{key}={told}"
    _check_value(text, key, value, groups)
    return Override(text, key, value)


def _check_value(text: str, key: str, value: Any, groups: Collection[str]) -> None:
    """Refuse a value that asks for something, and one that is none of what its key can be."""
    if FILLED_IN in text or _asks(value):
        raise ConfigurationError(
            f"{cited(text)} asks for something to be filled in, which is never done: write what "
            f"is meant, without {FILLED_IN}"
        )
    if not _plain(value):
        raise ConfigurationError(f"{cited(text)} cannot be read: write {cited(key)}=value.")
    if "@" in key and key.partition("@")[0] not in groups:
        raise ConfigurationError(unknown(key, groups))
    if is_group(key, groups) and not (isinstance(value, str) and FILE.fullmatch(value)):
        raise ConfigurationError(
            f"{cited(text)} names no file: {cited(key)} is chosen by one of conf/{cited(key)}/."
        )


def _parsed(text: str) -> Any:
    """What Hydra reads in an override."""
    from hydra.core.override_parser.overrides_parser import OverridesParser
    from hydra.errors import HydraException

    if len(text) > LONGEST:
        raise ConfigurationError(f"{cited(text)} is longer than {LONGEST:,} characters.")
    try:
        return OverridesParser.create().parse_override(text)
    except (HydraException, ValueError, RecursionError) as error:
        quotes = "" if text.isascii() else "; letters other than a to z stand in quotes"
        usual = f": write key=value, as in population.households=2000{quotes}."
        raise ConfigurationError(f"{cited(text)} cannot be read{_end(text, usual)}") from error


def _end(text: str, usual: str) -> str:
    """End of a sentence: what may have been meant, if a number, a list or two settings were."""
    key, _, value = text.partition("=")
    if meant := number_meant(value):
        return f"; did you mean {cited(f'{key}={meant}')}?"
    if apart := _TWO.fullmatch(text):
        return f": settings stand apart, as in {cited(apart[1])} {cited(apart[2])}."
    return usual


def _plain(value: Any) -> bool:
    """Whether a value is a word, a number, a switch, nothing, or made of those alone."""
    if isinstance(value, dict):
        return all(isinstance(name, str) and _plain(each) for name, each in value.items())
    if isinstance(value, list):
        return all(map(_plain, value))
    return value is None or isinstance(value, str | int | float)


def _asks(value: Any) -> bool:
    """Whether something in a value asks to be filled in."""
    if isinstance(value, dict):
        return any(map(_asks, [*value, *value.values()]))
    if isinstance(value, list):
        return any(map(_asks, value))
    return isinstance(value, str) and FILLED_IN in value


def put(values: Any, override: Override) -> None:
    """Give a key in a tree of values another value; refuses a place that is not there."""
    *path, last = override.key.split(".")
    for depth, part in enumerate(path):
        place = _place(values, part, override, depth)
        values = values[place] if isinstance(values, list) else values.setdefault(place, {})
    values[_place(values, last, override, len(path))] = override.value


def _place(values: Any, part: str, override: Override, depth: int) -> Any:
    """Under what a part of a key stands: a name, or a place in a list."""
    if isinstance(values, dict):
        return part
    above = ".".join(override.key.split(".")[:depth])
    if not isinstance(values, list):
        raise ConfigurationError(
            f"{cited(override.text)}: {cited(above, 2 * CITED)} is {cited(values)}, which has no "
            "settings of its own."
        )
    if part.isdecimal() and len(part) < 10 and int(part) < len(values):
        return int(part)
    places = f"places 0 to {len(values) - 1}" if values else "no places"
    raise ConfigurationError(f"{cited(override.text)}: {cited(above, 2 * CITED)} has {places}.")


__all__ = ["FILE", "Override", "changed", "is_group", "key_of", "put", "setting", "understood"]
