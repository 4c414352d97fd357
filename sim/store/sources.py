"""What is computed by which code: the package's source files, and levers of the user's own."""

import functools
import hashlib
import os
from importlib import metadata
from pathlib import Path

PACKAGE = Path(__file__).parents[1]
# Environment variable that names folders of levers whose code may run, here and in the worker
# processes that inherit it. Commands set it where `--config-dir` has levers and the user vouches
# for them; from Python it is set before anything of `sim` is imported.
OWN_LEVERS = "REPURCHASE_LEVERS"
LEVERS = "levers"  # the folder inside a folder of the user's own


def own_levers() -> list[Path]:
    """Folders of levers of the user's own."""
    named = os.environ.get(OWN_LEVERS, "")
    return [Path(folder) for folder in named.split(os.pathsep) if folder]


@functools.cache
def source_fingerprint(only: tuple[str, ...] = ()) -> str:
    """Hash of the package's source files and own levers, or of those in the rooms `only`."""
    digest = hashlib.sha256(metadata.version("numba").encode())
    for path in sorted(PACKAGE.rglob("*.py")):
        inside = path.relative_to(PACKAGE)
        if not only or inside.parts[0] in only:
            digest.update(inside.as_posix().encode())
            digest.update(path.read_bytes())
    for path in (file for folder in own_levers() for file in lever_files(folder)):
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def let_levers_run(config_dir: Path) -> None:
    """From now on the levers of a folder of the user's own are levers like any others.

    It must be said before the model is imported, in this process or in those it starts.
    """
    folder = (config_dir / LEVERS).resolve()
    if folder.is_dir() and lever_files(folder) and folder not in own_levers():
        os.environ[OWN_LEVERS] = os.pathsep.join([*map(str, own_levers()), str(folder)])


def lever_files(folder: Path) -> list[Path]:
    """The modules of a folder of levers."""
    return [path for path in sorted(folder.glob("*.py")) if not path.name.startswith(("_", "."))]


__all__ = [
    "LEVERS",
    "OWN_LEVERS",
    "PACKAGE",
    "let_levers_run",
    "lever_files",
    "own_levers",
    "source_fingerprint",
]
