"""Folders of results: whole or not at all.

A folder is written beside its place, checksummed, flushed and renamed, its manifest last; whoever
reads it verifies it. So neither a killed process nor a full disk nor a power cut leaves a half
result that could be read as a whole one.
"""

import errno
import hashlib
import json
import os
import platform
import secrets
import shutil
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from sim import origin
from sim.parquet import Wanted, from_parquet

MANIFEST = "manifest.json"
WRITER = "repurchase"
FLUSHED_AT_ONCE = 16  # files


class ResultsError(RuntimeError):
    """Results that cannot be written or trusted; the message names the folder and the mend."""


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
            if folder.exists():
                read_manifest(folder)  # refuses to replace what is not ours
            make_folder(partial)
            yield partial
            manifest = {**about, **origin.origin(), "seconds": round(time.monotonic() - started, 3)}
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
        _flush(partial)  # or a power cut could leave the name with nothing behind it
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def make_folder(folder: Path) -> None:
    """Make a folder and those it lies in, so that a power cut takes none of them away again."""
    new = [each for each in (folder, *folder.parents) if not each.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    for each in new:
        _flush(each.parent)


def _beside(folder: Path) -> Path:
    """A new name on the same disk that tells who writes there; see `remove_leftovers`."""
    return folder.with_name(f".partial-{_host()}-{os.getpid()}-{secrets.token_hex(4)}")


def _seal(folder: Path, manifest: Mapping[str, Any]) -> None:
    """Checksum and flush every file, then write the manifest, last."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    sums = {path.relative_to(folder).as_posix(): _checksum(path) for path in files}
    text = _laid_out({"writer": WRITER, **manifest, "files": sums})
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")
    # All at once: the disk then writes its journal once for all, not once for each.
    list(_flushing().map(_flush, [*files, folder / MANIFEST, folder]))


def _laid_out(value: Any, levels: int = 3, pad: str = "") -> str:
    """JSON with a line per entry, groups of settings deep inside each in one line."""
    if not (levels and value and isinstance(value, Mapping)):
        return json.dumps(value, default=str)
    entries = (
        f"{pad} {json.dumps(str(name))}: {_laid_out(inside, levels - 1, pad + ' ')}"
        for name, inside in value.items()
    )
    return "{\n" + ",\n".join(entries) + f"\n{pad}}}"


def _put_in_place(partial: Path, folder: Path) -> None:
    """Rename; an earlier folder steps aside first, so at no moment is a half one there."""
    earlier = _beside(folder)
    if folder.exists():
        folder.rename(earlier)
    partial.rename(folder)
    _flush(folder.parent)
    shutil.rmtree(earlier, ignore_errors=True)


def read_manifest(folder: Path) -> dict[str, Any]:
    """Manifest of a folder of results.

    Raises
    ------
    ResultsError
        When the folder is not this program's, or torn.
    """
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise unreadable(folder, "it has no manifest") from error
    except (OSError, ValueError) as error:
        raise unreadable(folder, "its manifest cannot be read") from error
    if not (isinstance(manifest, dict) and manifest.get("writer") == WRITER):
        raise unreadable(folder, "another program wrote it")
    if not isinstance(manifest.get("files"), dict):
        raise unreadable(folder, "its manifest is torn")
    return manifest


def verify(folder: Path, manifest: Mapping[str, Any] | None = None) -> None:
    """Compare every file with the manifest; raise `ResultsError` when one differs."""
    told = read_manifest(folder) if manifest is None else manifest
    for name, expected in told["files"].items():
        with _readable(folder, name):
            _compare(folder, name, _checksum(folder / name), expected)


def _compare(folder: Path, name: str, found: str, expected: str) -> None:
    if found != expected:
        raise unreadable(folder, f"{name} is torn or was changed")


@contextmanager
def _readable(folder: Path, name: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise unreadable(folder, f"{name} is missing or cannot be read") from error


@dataclass(frozen=True)
class Tables:
    """The Parquet tables of a folder of results whose manifest was read."""

    folder: Path
    sums: Mapping[str, str]  # checksum of each file
    seconds: float  # that the results took

    def read(self, name: str, wanted: Wanted | None = None) -> pd.DataFrame:
        """One of them, or its columns that are wanted; the bytes that are read are verified."""
        file = f"{name}.parquet"
        if file not in self.sums:
            raise unreadable(self.folder, f"it has no table {name}")
        with _readable(self.folder, file):
            content = (self.folder / file).read_bytes()
        _compare(self.folder, file, hashlib.sha256(content).hexdigest(), self.sums[file])
        return from_parquet(content, wanted)


def read_table(folder: Path, name: str) -> pd.DataFrame:
    """One Parquet table of a folder of results, verified against its manifest."""
    return tables_in(folder, read_manifest(folder)).read(name)


def tables_in(folder: Path, manifest: Mapping[str, Any]) -> Tables:
    """The tables of a folder with this manifest."""
    return Tables(folder, manifest["files"], manifest.get("seconds", 0.0))


@contextmanager
def plain_errors(written: Path) -> Iterator[None]:
    """Say in one sentence that the disk refused what was to be `written`."""
    try:
        yield
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        if full or "No space left" in str(error):
            raise ResultsError(
                f"The disk of {written.parent} is full; finished runs are kept: free some space "
                "and give the same command again."
            ) from error
        raise ResultsError(
            f"{written.parent} cannot be written to ({error.strerror or error}): make it "
            "writable or name another folder (--results of a command that has it)."
        ) from error


def _checksum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@cache
def _flushing() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(FLUSHED_AT_ONCE, "flush")


os.register_at_fork(after_in_child=_flushing.cache_clear)  # a forked process has no such threads


def _flush(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def remove_leftovers(home: Path) -> None:
    """Remove what killed processes of this machine left half-written in the folders of `home`."""
    for left in home.glob("*/.partial-*-*-*"):
        _, host, pid, _ = left.name.split("-")
        if host == _host() and not _alive(int(pid)):
            _remove(left)


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


MOVE_IT_AWAY = " Move it away; the command that makes it makes it again."


def unreadable(folder: Path, why: str) -> ResultsError:
    """What to say of a folder that cannot be trusted."""
    return ResultsError(f"{folder} cannot be used: {why}.{MOVE_IT_AWAY}")


__all__ = [
    "MANIFEST",
    "MOVE_IT_AWAY",
    "ResultsError",
    "Tables",
    "make_folder",
    "plain_errors",
    "read_manifest",
    "read_table",
    "remove_leftovers",
    "tables_in",
    "unreadable",
    "verify",
    "whole_file",
    "whole_folder",
]
