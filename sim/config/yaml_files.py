"""What a file of settings says: YAML without its surprises.

Scenarios and settings may have been written by anybody. They are read as words, decimal numbers,
switches, lists and groups, and as nothing else: no references to other places, no types of
Python's, nothing that is filled in. A parser's events are read one after the other, so a text
of any shape costs what its length costs.
"""

import math
import re
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from sim.parameters.quantity import ConfigurationError
from sim.text.incoming import FULL_WIDTH_COLON, FULL_WIDTH_COMMA, UnreadableError, read_text
from sim.text.outgoing import cited

DEEPEST, MOST_VALUES = 30, 20_000  # groups in groups; words and groups in all
LONGEST, LONGEST_NUMBER = 20_000, 100  # characters of a text; of what can still be a number
FILLED_IN = "${"  # how other programs ask for a value from elsewhere, such as the environment
# The same parser in C, twenty times as fast, where it was built.
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_SWITCHES = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}
_FOLLOWING = "nothing may follow the line `...` or `---` that ends the file"
_NOTHING = ("", "~", "null")
_WHOLE = re.compile(r"[-+]?(0|[1-9][0-9_]*)")
_NUMBER = re.compile(r"[-+]?([0-9][0-9_]*(\.[0-9_]*)?|\.[0-9][0-9_]*)([eE][-+]?[0-9]+)?")
_ENDLESS = re.compile(r"([-+]?)\.(inf|nan)", re.IGNORECASE)
_OTHER_NOTATION = re.compile(  # octal, hexadecimal, binary; of base sixty
    r"[-+]?(0[0-9_]+|0[oxb][0-9a-f_]+|[0-9][0-9_]*(:[0-9]{1,2})+(\.[0-9_]*)?)", re.IGNORECASE
)


def read_settings(path: Path) -> Any:
    """What a file says, as plain groups, lists, words, numbers and switches; not to be changed.

    Raises
    ------
    ConfigurationError
        In a sentence with the file and the line, if the file cannot be read or says something
        that settings cannot say.
    """
    try:
        return settings_in(read_text(path))
    except UnreadableError as error:
        raise ConfigurationError(f"{path} cannot be read: {error}.") from None
    except OSError as error:
        raise ConfigurationError(f"{path} cannot be read: {error.strerror}.") from None


@cache
def settings_in(text: str) -> Any:
    """What a text says; kept, since reading it takes a hundred times as long as fetching it.

    Raises
    ------
    UnreadableError
        With the line.
    """
    reader = _Reader()
    try:
        for event in yaml.parse(text, _LOADER):
            reader.take(event)
    except yaml.YAMLError as error:
        raise UnreadableError(_misread(error, text)) from None
    if not (reader.ended or text.endswith("\n") or not text.strip()):
        raise UnreadableError(
            f"line {text.count(chr(10)) + 1} looks cut off: if the file is whole, end it with a "
            "line break"
        )
    return reader.value


class _Reader:
    """Makes values from a parser's events, with the groups and lists that are open on a stack."""

    def __init__(self) -> None:
        self.value: Any = None
        self.ended = False  # whether the text itself says that here is its end
        self._began = self._marked = False  # whether it began, and said so itself
        self._open: list[Any] = []
        self._keys: list[str | None] = []  # of each open group, the key whose value comes next
        self._values = 0

    def take(self, event: Any) -> None:
        """The next event."""
        line = f"line {event.start_mark.line + 1}"
        if isinstance(event, yaml.DocumentStartEvent):
            if self._began:
                raise UnreadableError(f"{line}: {_FOLLOWING}")
            self._began = True
            self._marked = bool(event.explicit)
        elif isinstance(event, yaml.DocumentEndEvent):
            self.ended = bool(event.explicit)
            if self._marked and not self.ended:
                raise UnreadableError(
                    f"{line} looks cut off: a file that begins with `---` ends with a line `...`"
                )
        elif isinstance(event, yaml.NodeEvent):
            self._refuse_references(event, line)
            self._take_node(event, line)
        elif isinstance(event, yaml.CollectionEndEvent):
            self._open.pop()
            self._keys.pop()

    def _refuse_references(self, event: Any, line: str) -> None:
        if isinstance(event, yaml.AliasEvent) or event.anchor is not None:
            raise UnreadableError(
                f"{line}: settings do not refer to one another (& and *): write the value, in "
                "quotes if it is text"
            )
        if event.tag not in (None, "!"):  # `!` is how a parser may note quotes
            raise UnreadableError(
                f"{line}: settings have no tags such as {cited(event.tag)}: write the value, in "
                "quotes if it is text"
            )

    def _take_node(self, event: Any, line: str) -> None:
        self._values += 1
        if self._values > MOST_VALUES:
            raise UnreadableError(f"{line}: more than {MOST_VALUES:,} values")
        inside = self._open[-1] if self._open else None
        if isinstance(inside, dict) and self._keys[-1] is None:
            self._keys[-1] = _key(event, inside, line)
            return
        value: Any = _word(event, line) if isinstance(event, yaml.ScalarEvent) else None
        if isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
            value = {} if isinstance(event, yaml.MappingStartEvent) else []
        if isinstance(inside, dict):
            inside[self._keys[-1]] = value
            self._keys[-1] = None
        elif isinstance(inside, list):
            inside.append(value)
        else:
            self.value = value
        if isinstance(value, dict | list):
            self._open.append(value)
            self._keys.append(None)
            if len(self._open) > DEEPEST:
                raise UnreadableError(f"{line}: more than {DEEPEST} levels deep")


def _key(event: Any, known: dict[str, Any], line: str) -> str:
    """The name of a setting: its letters, whatever else they might mean."""
    if not isinstance(event, yaml.ScalarEvent):
        raise UnreadableError(f"{line}: the name of a setting is a word")
    name = _text(event, line)
    if FULL_WIDTH_COLON in name and not event.style:
        raise UnreadableError(
            f"{line}: {cited(name)} has a colon at full width: write `:` and a space"
        )
    if name == "<<":
        raise UnreadableError(f"{line}: settings are not merged by <<: write them out")
    if name in known:
        raise UnreadableError(f"{line}: {cited(name)} is there twice")
    return name


def _word(event: Any, line: str) -> Any:
    """A switch, a number, nothing, or text; always text in quotes."""
    text = _text(event, line)
    if event.style or not event.implicit[0] or len(text) > LONGEST_NUMBER:
        return text
    small = text.lower()
    if small in _NOTHING:
        return None
    if small in _SWITCHES:
        return _SWITCHES[small]
    if _WHOLE.fullmatch(text):
        return int(text.replace("_", ""))
    if _OTHER_NOTATION.fullmatch(text):
        raise UnreadableError(
            f"{line}: {cited(text)} can be read as more than one number: write it in tens, or "
            "in quotes if it is text"
        )
    digits = text.lower().partition("e")[0]
    if _NUMBER.fullmatch(text) and any(map(str.isdigit, digits)):
        number = float(text.replace("_", ""))
        if abs(number) in (0.0, math.inf) and re.search("[1-9]", digits):
            raise UnreadableError(f"{line}: {cited(text)} is further from 1 than numbers can tell")
        return number
    if found := _ENDLESS.fullmatch(text):
        return float(found[1] + found[2])
    return text


def _text(event: Any, line: str) -> str:
    text = str(event.value)
    if len(text) > LONGEST:
        raise UnreadableError(f"{line}: more than {LONGEST:,} characters in one piece")
    if FILLED_IN in text:
        raise UnreadableError(
            f"{line}: {cited(text)} asks for something to be filled in, which is never done: "
            f"write what is meant, without {FILLED_IN}"
        )
    return text


def _misread(error: yaml.YAMLError, text: str) -> str:
    """What a parser did not understand and where, in one line."""
    mark, problem = getattr(error, "problem_mark", None), getattr(error, "problem", None)
    where = f"line {mark.line + 1}: " if mark else ""
    if "<document start>" in str(problem):
        return where + _FOLLOWING
    told = where + str(problem or error).strip().splitlines()[0].rstrip(".")
    line = "".join(text.splitlines()[mark.line : mark.line + 1]) if mark else ""
    wide = [sign for sign in (FULL_WIDTH_COLON, FULL_WIDTH_COMMA) if sign in line]
    end = f"; {' and '.join(wide)} there is a letter to it: write `:` or `,`" if wide else ""
    return told + end


__all__ = ["FILLED_IN", "read_settings", "settings_in"]
