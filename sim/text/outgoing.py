"""Text that somebody else may have written, on its way to whoever reads it.

A title can hold what a terminal obeys: colours, a moved cursor, a window's name, letters told
backwards. Such characters are shown by their codes, and so change nothing.
"""

import re
from typing import Any

CITED = 60  # characters of a value in a sentence

# Control characters but tab and line feed, invisible ones, those that turn the direction of
# writing, and lone halves of a pair, which no file in UTF-8 can hold.
OBEYED = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff"
    "\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]"
)


def visible(text: object) -> str:
    """Text in which nothing is left to obey: such characters are told by their codes."""
    return OBEYED.sub(lambda found: _code(found[0]), str(text))


def in_one_line(text: object) -> str:
    """The same, with line feeds and tabs told by their codes too."""
    return visible(text).replace("\n", "\\n").replace("\t", "\\t")


def cited(value: Any, at_most: int = CITED) -> str:
    """A value as a sentence tells it: in one line, and cut short."""
    text = value if isinstance(value, str) else repr(value)
    shown = in_one_line(text[: at_most + 1])
    return shown if len(shown) <= at_most else f"{shown[: at_most - 1]}…"


def visible_in_json(text: str) -> str:
    """JSON whose strings, when read, are `visible`."""
    return OBEYED.sub(lambda found: "\\" + _code(found[0]), text)


def _code(letter: str) -> str:
    return letter.encode("unicode_escape").decode()


__all__ = ["CITED", "OBEYED", "cited", "in_one_line", "visible", "visible_in_json"]
