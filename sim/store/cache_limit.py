"""What lies in the cache: how much of each kind, and what is taken away again.

A file is used last when it was written or taken up last, whichever is later. Whoever reads a file
that is taken away has read it or makes it again, so others may be at work meanwhile.
"""

import os
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

KINDS = {
    "compiled": "machine code of the engine, by version of its source",
    "worlds": "warmed-up worlds",
    "page": "the library that draws a page's figures",
    "rules": "replaced rules, as they are read",
}
ALL = "all"
MIB = 1 << 20


@dataclass(frozen=True)
class File:
    """A file of the cache."""

    path: Path
    size: int
    used_ns: int


def files_of(home: Path, kind: str) -> list[File]:
    """The files of a kind, the one used longest ago first; no link is followed."""
    found = list(_files(home / kind))
    return sorted(found, key=lambda file: (file.used_ns, file.path))


def _files(folder: Path) -> Iterator[File]:
    if folder.is_symlink():
        return
    for inside, _, names in os.walk(folder):
        for name in names:
            path = Path(inside, name)
            with suppress(OSError):  # another process took it away
                about = path.lstat()
                yield File(path, about.st_size, max(about.st_atime_ns, about.st_mtime_ns))


def used(path: Path) -> None:
    """Note that a file is used now; when it was written stays as it is."""
    with suppress(OSError):
        os.utime(path, ns=(time.time_ns(), path.stat().st_mtime_ns))


def trim(home: Path, kind: str, most_bytes: int) -> int:
    """Take away what was used longest ago until no more lies there; how many files that were."""
    files = files_of(home, kind)
    size, gone = sum(file.size for file in files), 0
    for file in files:
        if size <= most_bytes:
            break
        with suppress(OSError):
            file.path.unlink(missing_ok=True)
            size, gone = size - file.size, gone + 1
    return gone


def clear(home: Path, kind: str) -> int:
    """Take away all of a kind; how many files that were."""
    gone = trim(home, kind, -1)
    if not (home / kind).is_symlink():
        for inside, _, _ in os.walk(home / kind, topdown=False):
            with suppress(OSError):  # not empty: another process keeps something there
                Path(inside).rmdir()
    return gone


__all__ = ["ALL", "KINDS", "MIB", "File", "clear", "files_of", "trim", "used"]
