"""Writing a folder of results, and removing what killed processes left half-written."""

import ctypes
import errno
import hashlib
import os
import platform
import re
import secrets
import shutil
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any

from sim.store import provenance
from sim.store.folders.claims import abandoned, claimed
from sim.store.folders.lasting import flush, make_folder
from sim.store.folders.manifests import MANIFEST, is_ours, read_manifest, sealed
from sim.store.folders.reading import steadily
from sim.store.folders.refusals import plain_errors

FLUSHED_AT_ONCE = 16  # files
PARTIAL = re.compile(r"\.partial-(?P<host>[^-]+)-(?P<pid>\d{1,9})-[0-9a-f]+")
TRIES = 20  # at taking the place of a folder that others renew


@contextmanager
def whole_folder(folder: Path, about: Mapping[str, Any]) -> Iterator[Path]:
    """A folder that appears complete, with its manifest, or not at all.

    Parameters
    ----------
    folder
        Where it shall appear. An earlier one that this program wrote is replaced.
    about
        What its manifest shall say beside checksums, versions, revision, machine and duration.

    Yields
    ------
    Path
        An empty folder beside it, to write the files into.

    Raises
    ------
    ResultsError
        When it cannot be written, or when a foreign folder stands in its place.
    """
    started = time.monotonic()
    partial = _beside(folder)
    try:
        with plain_errors(folder):
            if os.path.lexists(folder) and not is_ours(folder):
                steadily(folder, lambda: read_manifest(folder))  # says why it is not replaced
            make_folder(partial)
            yield partial
            manifest = {
                **about,
                **provenance.origin(),
                "seconds": round(time.monotonic() - started, 3),
            }
            manifest |= {k: v for k, v in about.items() if k == "seconds"}
            _seal(partial, manifest)
            _put_in_place(partial, folder)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """A file that appears complete or not at all; an earlier one is replaced.

    Parameters
    ----------
    path
        Where it shall appear.

    Yields
    ------
    Path
        A name beside it, to write the file under.
    """
    partial = _beside(path)
    try:
        yield partial
        flush(partial)  # or a power cut could leave the name with nothing behind it
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def _beside(folder: Path) -> Path:
    """A new name on the same disk that tells who writes there; see `remove_leftovers`."""
    return folder.with_name(f".partial-{_host()}-{os.getpid()}-{secrets.token_hex(4)}")


def _seal(folder: Path, manifest: Mapping[str, Any]) -> None:
    """Checksum and flush every file, then write the manifest, last."""
    files = sorted(folder.iterdir())
    sums = {path.name: _checksum(path) for path in files}
    (folder / MANIFEST).write_text(sealed({**manifest, "files": sums}), encoding="utf-8")
    # All at once: the disk then writes its journal once for all, not once for each.
    list(_flushing().map(flush, [*files, folder / MANIFEST, folder]))


def _put_in_place(partial: Path, folder: Path) -> None:
    """Rename; so at no moment is a half folder there, though others may do the same.

    An earlier folder changes places with the new one, or where the system cannot do that, steps
    aside first.
    """
    aside: list[Path] = []
    for tries_left in reversed(range(TRIES)):
        try:
            partial.rename(folder)
            break
        except OSError as error:
            if error.errno not in (errno.ENOTEMPTY, errno.EEXIST) or not tries_left:
                raise
        if _exchange(partial, folder):
            break
        with suppress(FileNotFoundError):  # another process took it away
            aside.append(folder.rename(_beside(folder)))
    flush(folder.parent)
    for earlier in aside:
        shutil.rmtree(earlier, ignore_errors=True)


def _exchange(one: Path, other: Path) -> bool:
    """Let two folders change places at once, where the system can."""
    here, at_once = -100, 2  # AT_FDCWD, RENAME_EXCHANGE of Linux
    if platform.system() != "Linux" or (rename := _renameat2()) is None:
        return False
    return bool(rename(here, os.fsencode(one), here, os.fsencode(other), at_once) == 0)


@cache
def _renameat2() -> Any:
    return getattr(ctypes.CDLL(None), "renameat2", None)


def _checksum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@cache
def _flushing() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(FLUSHED_AT_ONCE, "flush")


os.register_at_fork(after_in_child=_flushing.cache_clear)  # a forked process has no such threads


def remove_leftovers(home: Path) -> None:
    """Remove what killed processes of this machine left half-written in the folders of `home`.

    What this program never writes stays, and so does what may not be removed.
    """
    with suppress(OSError):
        for left in home.glob("*/.partial-*"):
            who = PARTIAL.fullmatch(left.name)
            if who and who["host"] == _host() and not _alive(int(who["pid"])):
                _remove(left)
        for folder in abandoned(home):
            with claimed(folder):  # which removes the claim, unless its owner lives
                pass


def _remove(left: Path) -> None:
    if left.is_dir():
        shutil.rmtree(left, ignore_errors=True)
    else:
        with suppress(OSError):
            left.unlink()


def _host() -> str:
    return platform.node().replace("-", "_") or "here"


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


__all__ = ["remove_leftovers", "whole_file", "whole_folder"]
