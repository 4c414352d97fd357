"""Who does what, where several processes work in one folder of results.

A claim is an empty file `.claim-<name>` beside a folder, under a lock of the operating system that
ends with its owner, however that ended. So nothing has to expire: no clock and no number of a
process is compared, and a file server keeps the lock for all its machines. Where a file system
has no locks every claim is granted: work may be done twice then, and folders are whole all the
same.
"""

import errno
import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from sim.store.folders.lasting import make_folder

CLAIM = ".claim-"
TICK_SECONDS = 0.05  # how often one looks whether another has done
TAKEN = (errno.EWOULDBLOCK, errno.EACCES)  # the latter where a file server keeps the locks


@contextmanager
def claimed(folder: Path) -> Iterator[bool]:
    """Claim the making of a folder.

    Yields
    ------
    bool
        Whether it is ours until the block ends; if not, somebody who is alive makes it.
    """
    claim = folder.with_name(CLAIM + folder.name)
    held, ours = None, True
    with suppress(OSError):  # no locks here; whether anything can be written is not asked here
        held = _opened(claim)
        ours = held is not None
    try:
        yield ours
    finally:
        if held is not None:
            with suppress(OSError), held:
                claim.unlink()


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Be the only one who puts files into a folder: wait for another who does."""
    while True:
        with claimed(folder) as ours:
            if ours:
                yield
                return
        time.sleep(TICK_SECONDS)


def abandoned(home: Path) -> Iterator[Path]:
    """Folders below `home` that were claimed, perhaps by somebody who died."""
    for claim in home.glob(f"*/{CLAIM}*"):
        if claim.is_file() and not claim.stat().st_size:
            yield claim.with_name(claim.name.removeprefix(CLAIM))


def _opened(claim: Path) -> IO[bytes] | None:
    """The claim's file, locked; None when another holds it."""
    make_folder(claim.parent)
    while True:
        file = claim.open("ab")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            file.close()
            if error.errno in TAKEN:
                return None
            raise
        if _stands(claim, file):
            return file
        file.close()  # its owner let go of it after we opened it, and removed it: once more


def _stands(claim: Path, file: IO[bytes]) -> bool:
    """Whether the file is still the one that others find under its name."""
    try:
        return os.path.samestat(os.fstat(file.fileno()), os.lstat(claim))
    except FileNotFoundError:
        return False


__all__ = ["abandoned", "alone", "claimed"]
