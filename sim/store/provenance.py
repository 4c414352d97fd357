"""Where results come from: versions, code revision, machine and time."""

import hashlib
import os
import platform
import subprocess
from datetime import UTC, datetime
from functools import cache
from importlib import metadata
from typing import Any

from sim.store.sources import PACKAGE, source_fingerprint

# Rooms that ask for runs or show them: no other word on a page lives a world anew.
SHOWING = ("report", "export", "commands", "dictionary")


def origin() -> dict[str, Any]:
    """Where results come from: versions, code revision, machine and time."""
    return {
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "versions": _versions(),
        "code": code(),
        "revision": _revision(),
        "machine": {
            "platform": platform.platform(),
            "processors": processors(),
            "memory_bytes": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"),
        },
    }


def processors() -> int:
    """Processors that this process may use, of those the machine has."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@cache
def _versions() -> dict[str, str]:
    names = ("numpy", "numba", "scipy", "pandas", "pyarrow", "mesa", "hydra-core")
    return {"python": platform.python_version(), **{name: metadata.version(name) for name in names}}


@cache
def code() -> str:
    """Fingerprint of what computes runs: the package's source and data, numpy and numba."""
    digest = hashlib.sha256(source_fingerprint(beside=SHOWING).encode())
    digest.update(f"{metadata.version('numpy')} {metadata.version('numba')}".encode())
    for path in sorted(PACKAGE.rglob("*.csv")):
        digest.update(path.relative_to(PACKAGE).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()[:16]


@cache
def _revision() -> str | None:
    """Git revision of the checkout, with `+` when it was changed since; None in a wheel."""
    home = PACKAGE.parent
    if not (home / ".git").exists():
        return None

    def git(*words: str) -> str:
        command = ["git", "-C", str(home), *words]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()

    try:
        return git("rev-parse", "HEAD") + ("+" if git("status", "--porcelain") else "")
    except (OSError, subprocess.CalledProcessError):
        return None


__all__ = ["code", "origin"]
