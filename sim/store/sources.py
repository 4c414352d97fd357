"""What is computed by which code: the package's files, levers and shocks of the user's own."""

import functools
import hashlib
import os
from importlib import metadata
from pathlib import Path

PACKAGE = Path(__file__).parents[1]
# Folders inside a folder of the user's own whose code may run, and the environment variables that
# name them, here and in the worker processes that inherit these. Commands set a variable where
# `--config-dir` has such code and the user vouches for it; from Python it is set before anything of
# `sim` is imported.
OWN_CODE = {"levers": "REPURCHASE_LEVERS", "shocks": "REPURCHASE_SHOCKS"}


def own_folders(kind: str) -> list[Path]:
    """Folders of the user's own with code of a kind in `OWN_CODE` that may run."""
    named = os.environ.get(OWN_CODE[kind], "")
    return [Path(folder) for folder in named.split(os.pathsep) if folder]


def own_modules() -> list[tuple[str, Path]]:
    """All files of the user's own whose code may run, each with its kind."""
    return [
        (kind, file) for kind in OWN_CODE for home in own_folders(kind) for file in modules(home)
    ]


def modules(folder: Path) -> list[Path]:
    """The modules of a folder of levers or shocks."""
    return [path for path in sorted(folder.glob("*.py")) if not path.name.startswith(("_", "."))]


def let_own_code_run(config_dir: Path) -> None:
    """From now on levers and shocks of a folder of the user's own are like any others.

    It must be said before the model is imported, in this process or in those it starts.
    """
    for kind, variable in OWN_CODE.items():
        folder, known = (config_dir / kind).resolve(), own_folders(kind)
        if folder.is_dir() and modules(folder) and folder not in known:
            os.environ[variable] = os.pathsep.join([*map(str, known), str(folder)])


@functools.cache
def source_fingerprint(only: tuple[str, ...] = (), beside: tuple[str, ...] = ()) -> str:
    """Hash of the source files of the package, or of the rooms `only`, and of the user's own.

    Those in the rooms `beside` are left out.
    """
    digest = hashlib.sha256(metadata.version("numba").encode())
    for path in sorted(PACKAGE.rglob("*.py")):
        inside = path.relative_to(PACKAGE)
        if (not only or inside.parts[0] in only) and inside.parts[0] not in beside:
            digest.update(inside.as_posix().encode())
            digest.update(path.read_bytes())
    for kind, path in own_modules():
        digest.update(f"{kind}/{path.name}".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


__all__ = [
    "OWN_CODE",
    "PACKAGE",
    "let_own_code_run",
    "modules",
    "own_folders",
    "own_modules",
    "source_fingerprint",
]
