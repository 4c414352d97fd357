"""Finished runs on disk: each stored as it finishes, never computed again."""

import hashlib
import json
import os
import secrets
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from sim.store import provenance
from sim.store.folders import (
    MANIFEST,
    MOVE_IT_AWAY,
    ResultsError,
    Tables,
    make_folder,
    plain_errors,
    read_manifest,
    read_table,
    readable,
    remove_leftovers,
    steadily,
    tables_in,
    unreadable,
    verify,
    whole_folder,
)
from sim.store.result import Result
from sim.store.tables import as_parquet, write_parquet, write_tables
from sim.text.outgoing import visible

TABLES = (
    "indicators",
    "daily",
    "monthly",
    "households",
    "groups",
    "lives",
    "neighbours",
    "ladder",
    "accounts",
    "reach",
    "orders",
)
PROSE = ("name", "title", "what", "why", "cost", "facts")  # of a strategy; moves no number
ASKED = ("scalable", "fund")  # of a strategy; by which strengths are found that runs then have
COMPUTING = ("threads", "kept_worlds_mib")  # of a run; moves none either


@dataclass(frozen=True)
class Store:
    """Finished runs under ``<results>/runs/<key>/``."""

    results: Path

    def folder(self, key: str) -> Path:
        """Where the run of this key lies or will lie."""
        return self.results / "runs" / key

    def write(self, key: str, result: Result, about: Mapping[str, Any]) -> None:
        """Store one finished run.

        Raises
        ------
        ResultsError
            When the folder cannot be written or the disk is full; nothing is left half-written.
        """
        self.put(key, packed(result), {"info": result.info, **about})

    def put(self, key: str, tables: Mapping[str, bytes], about: Mapping[str, Any]) -> None:
        """Store a finished run whose tables are Parquet already; see `packed` and `write`."""
        with whole_folder(self.folder(key), {"key": key, **about}) as folder:
            for name, content in tables.items():
                _write(content, folder / f"{name}.parquet")

    def finished(self, key: str) -> bool:
        """Whether the run is there, every byte of it.

        Raises
        ------
        ResultsError
            When something is there that is not the whole run.
        """
        with readable(self.results):
            try:
                os.lstat(self.folder(key))
            except (FileNotFoundError, NotADirectoryError):
                return False
        steadily(self.folder(key), lambda: verify(self.folder(key), self._manifest(key)))
        return True

    def manifest(self, key: str) -> dict[str, Any]:
        """What the run says of itself."""
        return steadily(self.folder(key), lambda: self._manifest(key))

    def _manifest(self, key: str) -> dict[str, Any]:
        manifest = read_manifest(self.folder(key))
        if manifest.get("key") != key:
            raise unreadable(self.folder(key), "it holds another run")
        return manifest

    def tables(self, key: str) -> Tables:
        """The tables of a run, each read and verified when it is asked for; see `TABLES`."""
        return steadily(self.folder(key), lambda: self._tables(key))

    def _tables(self, key: str) -> Tables:
        return tables_in(self.folder(key), self._manifest(key))

    def table(self, key: str, name: str) -> pd.DataFrame:
        """One table of a run, verified; see `TABLES`."""
        return steadily(self.folder(key), lambda: self._tables(key).read(name))

    def read(self, key: str) -> Result:
        """A whole run."""
        return steadily(self.folder(key), lambda: self._read(key))

    def _read(self, key: str) -> Result:
        manifest = self._manifest(key)
        tables = tables_in(self.folder(key), manifest)
        present = [name for name in TABLES if f"{name}.parquet" in tables.sums]
        return Result(**{name: tables.read(name) for name in present}, info=manifest["info"])

    def whole(self, key: str) -> bool:
        """Whether the run is there; what cannot be read is set aside and said.

        For whoever claimed the run: another might put it in place meanwhile.
        """
        try:
            return self.finished(key)
        except ResultsError as error:
            aside = self._set_aside(key)
            what = str(error).removesuffix(MOVE_IT_AWAY)
            what += f" It was moved to {aside.name} and is computed again."
            sys.stderr.write(f"{visible(what)}\n")
            return False

    def _set_aside(self, key: str) -> Path:
        aside = self.folder(key).with_name(f"{key}.unreadable-{secrets.token_hex(4)}")
        with plain_errors(self.folder(key)):
            self.folder(key).rename(aside)
        return aside

    def clean(self) -> None:
        """Remove what killed processes of this machine left half-written."""
        remove_leftovers(self.results)

    def check_writable(self) -> None:
        """Refuse a folder that takes no results, before anything is lived through for it."""
        runs = self.results / "runs"
        with plain_errors(runs):
            make_folder(runs)
            tempfile.TemporaryFile(dir=runs).close()


def _write(content: bytes, path: Path) -> None:
    path.write_bytes(content)


def packed(result: Result) -> dict[str, bytes]:
    """The tables of a run as they are stored, by name."""
    tables = {name: getattr(result, name) for name in TABLES}
    return {name: as_parquet(table) for name, table in tables.items() if table is not None}


def run_key(
    config: Mapping[str, Any], seed: int, keep_orders: bool = False, orders_of_warmup: bool = False
) -> str:
    """Name of a run: equal for two runs exactly if they must give the same result.

    Parameters
    ----------
    config
        A resolved configuration. A strategy's name and prose, the number of threads, how much is
        kept and the place of a file that replaces a rule do not enter: they change no result.
    seed
        The run's seed.
    keep_orders, orders_of_warmup
        Whether the order log is kept, and whether it has the orders of the warm-up.
    """
    return key_of(identity(config), seed, keep_orders, orders_of_warmup)


def identity(config: Mapping[str, Any]) -> str:
    """Hash of what a resolved configuration and the code have to do with a result."""
    told = json.dumps([what_counts(config), provenance.code()], sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()


def what_counts(config: Mapping[str, Any]) -> dict[str, Any]:
    """What of a resolved configuration has to do with a result."""
    what = {**config, "run": {k: v for k, v in config["run"].items() if k not in COMPUTING}}
    what["strategy"] = {k: v for k, v in config["strategy"].items() if k not in (*PROSE, *ASKED)}
    rules = config.get("rules", {}).items()
    what["rules"] = {name: {k: v for k, v in own.items() if k != "file"} for name, own in rules}
    return what


def key_of(
    identity: str, seed: int, keep_orders: bool = False, orders_of_warmup: bool = False
) -> str:
    """Name of the run of a configuration with this identity; see `run_key`."""
    told = [identity, seed, keep_orders, *(["orders of the warm-up"] if orders_of_warmup else [])]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:32]


__all__ = [
    "MANIFEST",
    "PROSE",
    "TABLES",
    "ResultsError",
    "Store",
    "Tables",
    "identity",
    "key_of",
    "packed",
    "plain_errors",
    "read_manifest",
    "read_table",
    "run_key",
    "verify",
    "what_counts",
    "whole_folder",
    "write_parquet",
    "write_tables",
]
