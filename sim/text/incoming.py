"""Text that somebody else may have written: scenarios, settings, rules, manifests.

Whatever is read from outside comes through here: an ordinary file, not larger than it can
sensibly be, in UTF-8. A pipe or a device would be waited for without end. What is told of such a
text is cut short, and what a terminal would obey is shown.
"""

import os
import re
import stat
import unicodedata
from collections.abc import Iterable
from io import BufferedReader
from pathlib import Path

AT_MOST_BYTES = 1 << 20  # of a text that people write or read
FULL_WIDTH_COLON, FULL_WIDTH_COMMA = "：", "，"  # signs to a reader, letters to a parser
_QUOTED_OR_NOT = re.compile(r"'[^']*'|\"[^\"]*\"|[^'\"]+|['\"]")
# Letters, digits and signs that an input method for Chinese writes at full width.
_HALF_WIDTH = {code: code - 0xFEE0 for code in range(ord("！"), ord("～") + 1)}
_HALF_WIDTH[ord("、")] = ord(",")  # between the members of a list


class UnreadableError(ValueError):
    """What is wrong with a file, as the end of a sentence that names it."""


def open_ordinary(path: Path) -> BufferedReader:
    """Open an ordinary file that stands under this very name.

    Raises
    ------
    UnreadableError
        When it is no ordinary file.
    OSError
        When it is not there, leads elsewhere, or may not be read.
    """
    return _opened(path, os.O_NOFOLLOW)


def _opened(path: Path, how: int = 0) -> BufferedReader:
    def opener(name: str, usual: int) -> int:
        return os.open(name, usual | os.O_NONBLOCK | how)  # nobody waits for who opens a pipe

    file = open(path, "rb", opener=opener)  # noqa: SIM115 - whoever asks closes it
    if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        file.close()
        raise UnreadableError("it is no ordinary file")
    return file


def read_bytes(path: Path, at_most: int = AT_MOST_BYTES) -> bytes:
    """Content of an ordinary file of at most so many bytes.

    Raises
    ------
    UnreadableError
        When it is no ordinary file or too large.
    OSError
        When it is not there or may not be read.
    """
    with _opened(path) as file:
        size = os.fstat(file.fileno()).st_size
        content = file.read(at_most + 1) if size <= at_most else b""
        if max(size, len(content)) > at_most:
            raise UnreadableError(f"it is larger than {at_most:,} bytes")
        return content


def read_text(path: Path, at_most: int = AT_MOST_BYTES) -> str:
    """Text of an ordinary file of at most so many bytes, in UTF-8.

    Raises
    ------
    UnreadableError
        When it is no ordinary file, too large, or not UTF-8.
    OSError
        When it is not there or may not be read.
    """
    content = read_bytes(path, at_most)
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise UnreadableError(f"line {line} is not UTF-8 text") from None


def same_letters(text: str) -> str:
    """Text in the one form that Unicode has for its letters (NFC), however it was typed."""
    return unicodedata.normalize("NFC", text)


def typed(words: Iterable[str] | None) -> list[str]:
    """Words behind a command in one form: of settings, signs and digits at half width too.

    What stands in quotes is text and keeps its signs.
    """
    return [_typed(same_letters(word)) for word in words or ()]


def _typed(word: str) -> str:
    if not {"=", "＝", FULL_WIDTH_COLON} & set(word):
        return word  # a name
    parts = _QUOTED_OR_NOT.findall(word)
    return "".join(part if part[0] in "'\"" else part.translate(_HALF_WIDTH) for part in parts)


__all__ = [
    "AT_MOST_BYTES",
    "FULL_WIDTH_COLON",
    "FULL_WIDTH_COMMA",
    "UnreadableError",
    "open_ordinary",
    "read_bytes",
    "read_text",
    "same_letters",
    "typed",
]
