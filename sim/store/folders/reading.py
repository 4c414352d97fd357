"""Reading a folder of results: what is read is verified, also while another process renews it."""

import hashlib
import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import pandas as pd

from sim.store.folders.kinds import kind_of
from sim.store.folders.manifests import read_manifest
from sim.store.folders.refusals import ResultsError, unreadable
from sim.store.tables import Wanted, from_parquet
from sim.text.incoming import UnreadableError, open_ordinary
from sim.text.outgoing import cited

T = TypeVar("T")
TRIES = 20  # at reading a folder that others renew
PAUSE_SECONDS = 0.02  # longer than a folder is away where two cannot change places at once


@dataclass(frozen=True)
class Tables:
    """The Parquet tables of a folder of results whose manifest was read."""

    folder: Path
    sums: Mapping[str, str]  # checksum of each file
    seconds: float  # that the results took
    columns: Mapping[str, tuple[str, ...]]  # of a table, that it must have

    def read(self, name: str, wanted: Wanted | None = None) -> pd.DataFrame:
        """One of them, or its columns that are wanted; the bytes that are read are verified."""
        file = f"{name}.parquet"
        if file not in self.sums:
            raise unreadable(self.folder, f"it has no table {name}")
        with _readable(self.folder, file), open_ordinary(self.folder / file) as opened:
            content = opened.read()
        _compare(self.folder, file, hashlib.sha256(content).hexdigest(), self.sums[file])
        try:
            table = from_parquet(content, wanted)
        except (ValueError, OSError, NotImplementedError) as error:  # as Arrow's errors are
            raise unreadable(self.folder, f"{file} is no table") from error
        needed = filter(
            wanted, self.columns.get(name, ())
        )  # without `wanted`: all that have a name
        if lacking := [column for column in needed if column not in table]:
            raise unreadable(self.folder, f"its table {name} has no column {lacking[0]}")
        return table


def read_table(folder: Path, name: str) -> pd.DataFrame:
    """One Parquet table of a folder of results, verified against its manifest."""
    return steadily(folder, lambda: tables_in(folder, read_manifest(folder)).read(name))


def tables_in(folder: Path, manifest: Mapping[str, Any]) -> Tables:
    """The tables of a folder with this manifest."""
    columns = kind_of(manifest).columns
    return Tables(folder, manifest["files"], manifest.get("seconds", 0.0), columns)


def verify(folder: Path, manifest: Mapping[str, Any] | None = None) -> None:
    """Compare every file with the manifest; raise `ResultsError` when one differs."""
    told = read_manifest(folder) if manifest is None else manifest
    for name, expected in told["files"].items():
        with _readable(folder, name), open_ordinary(folder / name) as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
        _compare(folder, name, found, expected)


def steadily(folder: Path, read: Callable[[], T]) -> T:
    """What is read from a folder; read anew when another process renewed the folder meanwhile."""
    for _ in range(TRIES):
        before = _identity(folder)
        try:
            return read()
        except ResultsError:
            if before is not None and before == _identity(folder):
                raise
        time.sleep(PAUSE_SECONDS)
    return read()


def _identity(folder: Path) -> tuple[int, ...] | None:
    """Which folder stands under this name now: its number, which a later one may have, and when."""
    try:
        about = os.stat(folder)
    except OSError:
        return None
    return about.st_dev, about.st_ino, about.st_ctime_ns


def _compare(folder: Path, name: str, found: str, expected: str) -> None:
    if found != expected:
        raise unreadable(folder, f"{cited(name)} is torn or was changed")


@contextmanager
def _readable(folder: Path, name: str) -> Iterator[None]:
    try:
        yield
    except UnreadableError as error:
        raise unreadable(folder, f"{cited(name)} cannot be read, {error}") from error
    except OSError as error:
        raise unreadable(folder, f"{cited(name)} is missing or cannot be read") from error


__all__ = ["Tables", "read_table", "steadily", "tables_in", "verify"]
