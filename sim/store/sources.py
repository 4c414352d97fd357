"""The package's own source files, and a fingerprint of them: what was computed by which code."""

import functools
import hashlib
from importlib import metadata
from pathlib import Path

PACKAGE = Path(__file__).parents[1]


@functools.cache
def source_fingerprint(only: tuple[str, ...] = ()) -> str:
    """Hash of the package's source files, or of those under the names in `only`."""
    digest = hashlib.sha256(metadata.version("numba").encode())
    for path in sorted(PACKAGE.rglob("*.py")):
        inside = path.relative_to(PACKAGE)
        if not only or inside.parts[0] in only:
            digest.update(inside.as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


__all__ = ["PACKAGE", "source_fingerprint"]
