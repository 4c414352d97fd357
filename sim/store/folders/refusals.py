"""What is said of results that cannot be read or written: one sentence, with the mend."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sim.text.outgoing import cited

MOVE_IT_AWAY = " Move it away; the command that makes it makes it again."
LONGEST_PATH = 1_000  # characters; no system takes many more
LONGEST_NAME = 255  # of these; no file has a longer one
LONGEST_REASON = 200  # characters; a table that somebody else wrote can name its columns at length


class ResultsError(RuntimeError):
    """Results that cannot be written or trusted; the message names the folder and the mend."""


def unreadable(folder: Path, why: str) -> ResultsError:
    """What to say of a folder that cannot be trusted."""
    told = cited(why, LONGEST_REASON)
    return ResultsError(f"{folder} cannot be used: {told}.{MOVE_IT_AWAY}")


@contextmanager
def plain_errors(written: Path) -> Iterator[None]:
    """Say in one sentence that the disk refused what was to be `written`."""
    try:
        yield
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        if full or "No space left" in str(error):
            raise ResultsError(
                f"The disk of {_place(written.parent)} is full; finished runs are kept: free some "
                "space and give the same command again."
            ) from error
        raise ResultsError(
            f"{_place(written.parent)} cannot be written to ({error.strerror or error}): make it "
            "writable or name another folder (--results of a command that has it)."
        ) from error


@contextmanager
def readable(read: Path) -> Iterator[None]:
    """Say in one sentence that the disk refused what was to be `read`."""
    try:
        yield
    except OSError as error:
        raise ResultsError(
            f"{_place(read)} cannot be read ({error.strerror or error}): make it readable or name "
            "another folder."
        ) from error


def _place(path: Path) -> str:
    """A path as it can be given to another program, unless no program would take it."""
    possible = len(str(path)) < LONGEST_PATH and all(len(n) <= LONGEST_NAME for n in path.parts)
    return str(path) if possible else cited(str(path))


__all__ = [
    "MOVE_IT_AWAY",
    "ResultsError",
    "plain_errors",
    "readable",
    "unreadable",
]
