"""Manifests: what a folder of results says of itself, under a checksum of its own.

The last entry is the checksum of all text before it; so a manifest that is read says what was
written, bit for bit. It is no signature: whoever wants to can write another one, so what it says is
looked at all the same before anybody relies on it.
"""

import hashlib
import json
import math
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sim.store.folders.kinds import EVERY, kind_of, misfit
from sim.store.folders.refusals import unreadable
from sim.text.incoming import UnreadableError, read_text
from sim.text.outgoing import cited

MANIFEST = "manifest.json"
WRITER = "repurchase"
CHECKSUM = "checksum"
AT_MOST_BYTES = 64 << 20  # a large sweep lists a million runs
LONGEST_NUMBER = 25  # digits
SHA256 = re.compile("[0-9a-f]{64}")


def sealed(manifest: Mapping[str, Any]) -> str:
    """Text of a manifest, its checksum last."""
    told = _laid_out({"writer": WRITER, **manifest}).removesuffix("\n}")
    return told + _end(told)


def _end(told: str) -> str:
    return f',\n "{CHECKSUM}": "{hashlib.sha256(told.encode()).hexdigest()}"\n}}\n'


def _laid_out(value: Any, levels: int = 3, pad: str = "") -> str:
    """JSON with a line per entry, groups of settings deep inside each in one line."""
    if not (levels and value and isinstance(value, Mapping)):
        return json.dumps(value, default=str, allow_nan=False)
    entries = (
        f"{pad} {json.dumps(str(name))}: {_laid_out(inside, levels - 1, pad + ' ')}"
        for name, inside in value.items()
    )
    return "{\n" + ",\n".join(entries) + f"\n{pad}}}"


def read_manifest(folder: Path) -> dict[str, Any]:
    """Manifest of a folder of results.

    Raises
    ------
    ResultsError
        When the folder is not this program's, or its manifest damaged, or tells too little.
    """
    try:
        text = read_text(folder / MANIFEST, AT_MOST_BYTES)
        manifest = json.loads(
            text,
            object_pairs_hook=_unique,
            parse_int=_int,
            parse_float=_finite,
            parse_constant=_finite,
        )
    except FileNotFoundError as error:
        raise unreadable(folder, "it has no manifest") from error
    except UnreadableError as error:
        raise unreadable(folder, f"its manifest cannot be read, {error}") from error
    except (OSError, ValueError, RecursionError) as error:
        raise unreadable(folder, "its manifest cannot be read") from error
    if not (isinstance(manifest, dict) and manifest.get("writer") == WRITER):
        raise unreadable(folder, "another program wrote it")
    if wrong := _damaged(text, manifest) or _lacking(manifest):
        raise unreadable(folder, wrong)
    return manifest


def is_ours(folder: Path) -> bool:
    """Whether this program wrote a folder, be it damaged since or of an earlier version."""
    try:
        manifest = json.loads(read_text(folder / MANIFEST, AT_MOST_BYTES))
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(manifest, dict) and manifest.get("writer") == WRITER


def _damaged(text: str, manifest: Mapping[str, Any]) -> str | None:
    told, between, _ = text.rpartition(f',\n "{CHECKSUM}": ')
    if text == told + _end(told):
        return None
    if between or CHECKSUM in manifest:
        return "its manifest is torn or was changed"
    return "its manifest has no checksum, an earlier version of the program wrote it"


def _lacking(manifest: Mapping[str, Any]) -> str | None:
    """What a reader would miss, as the end of a sentence."""
    kind = kind_of(manifest)
    if wrong := misfit(manifest, EVERY) or misfit(manifest, kind.tells):
        return wrong
    files = manifest["files"]
    for name, checksum in files.items():
        if not _is_plain(name):
            return f"its manifest names a file outside it, {cited(name)}"
        if not SHA256.fullmatch(checksum):
            return f"its manifest has no checksum of {cited(name)}"
    missing = [name for name in kind.tables if f"{name}.parquet" not in files]
    return f"its manifest does not name the table {missing[0]}" if missing else None


def _is_plain(name: str) -> bool:
    return name.isprintable() and Path(name).name == name and name not in ("", "..", MANIFEST)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice")
    return found


def _int(text: str) -> int:
    if len(text) > LONGEST_NUMBER:
        raise ValueError("a number is too long")
    return int(text)


def _finite(text: str) -> float:
    if not math.isfinite(number := float(text)):
        raise ValueError("a number is not finite")
    return number


__all__ = ["MANIFEST", "is_ours", "read_manifest", "sealed"]
