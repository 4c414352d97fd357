"""What can always be made again: compiled code, warmed-up worlds, the page's library.

It lies in a folder that belongs to the user and that nobody else may write, since machine code
kept there is run; where there is none, in a fresh one that goes with the process. Every file
stands behind a checksum of its name and content, so what is torn, changed or moved under
another name is made again.
"""

import atexit
import grp
import hashlib
import os
import pwd
import shutil
import stat
import sys
import tempfile
import time
from contextlib import suppress
from functools import cache
from pathlib import Path

PLACE = "REPURCHASE_CACHE"  # environment variable that names another folder
A_DAY_SECONDS = 86_400


def cache_home() -> Path:
    """The folder, private to the user; told on stderr, once, where it must be a passing one."""
    named = os.environ.get(PLACE)
    if named:
        return _private(Path(named))
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return _private(home / "repurchase")


@cache
def _private(folder: Path) -> Path:
    """The folder if it is to be trusted, else a fresh one that all our processes will use."""
    fault = why_not(folder)
    if fault is None:
        return folder
    fresh = Path(tempfile.mkdtemp(prefix="repurchase-"))
    atexit.register(shutil.rmtree, fresh, ignore_errors=True)
    os.environ[PLACE] = str(fresh)  # for processes started from here
    sys.stderr.write(
        f"Nothing is kept in {folder}: {fault}. Everything is compiled anew; mend the folder, or "
        f"name one of your own in {PLACE}.\n"
    )
    return fresh


def why_not(folder: Path) -> str | None:
    """Why code must not be kept in a folder, which is made if it is missing; None if it may.

    The folder must belong to the user, who alone may write to it, and nobody else may put
    another in its place. A group of which nobody else is a member counts as the user.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        here = folder.resolve()
        if here.stat().st_uid != os.geteuid():
            return "it belongs to somebody else"
        if _others_may_write(here.stat()):
            return f"others may write to it (chmod go-w {here})"
        for above in here.parents:
            if _others_may_replace(above.stat()):
                return f"others may put another in its place, through {above}"
        (here / "compiled").mkdir(mode=0o700, exist_ok=True)
        if not os.access(here / "compiled", os.W_OK | os.X_OK):
            return "it cannot be written to"
    except OSError as error:
        return f"it cannot be used ({error.strerror})"
    return None


def _others_may_write(about: os.stat_result) -> bool:
    by_group = about.st_mode & stat.S_IWGRP and not _is_alone_in(about.st_gid)
    return bool(about.st_mode & stat.S_IWOTH or by_group)


def _others_may_replace(about: os.stat_result) -> bool:
    """Whether a folder above lets others rename what is in it; a sticky one does not."""
    trusted = {os.geteuid(), 0, os.stat("/").st_uid}  # a container's root may have another number
    shared = _others_may_write(about) and not about.st_mode & stat.S_ISVTX
    return about.st_uid not in trusted or shared


def _is_alone_in(group: int) -> bool:
    """Whether a group is the user's private one."""
    try:
        user, members = pwd.getpwuid(os.geteuid()), grp.getgrgid(group)
    except KeyError:
        return False
    return members.gr_name == user.pw_name and set(members.gr_mem) <= {user.pw_name}


def keep(path: Path, content: bytes) -> None:
    """Keep a file behind its checksum, whole; where there is no room for it, not at all."""
    partial = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _sweep(path.parent)
        partial.write_bytes(_seal(path, content) + b"\n" + content)
        os.replace(partial, path)
    except OSError:
        with suppress(OSError):
            partial.unlink(missing_ok=True)


def kept(path: Path) -> memoryview | None:
    """Content of a kept file, if every byte of it is there."""
    try:
        whole = path.read_bytes()
    except OSError:
        return None
    end = whole.find(b"\n", 0, 80)
    content = memoryview(whole)[end + 1 :]
    return content if end > 0 and whole[:end] == _seal(path, content) else None


def _seal(path: Path, content: bytes | memoryview) -> bytes:
    digest = hashlib.sha256(path.name.encode() + b"\n")
    digest.update(content)
    return digest.hexdigest().encode()


def _sweep(folder: Path) -> None:
    """Remove what killed processes left half-written."""
    for left in folder.glob(".*.part"):
        with suppress(OSError):
            if time.time() - left.stat().st_mtime > A_DAY_SECONDS:
                left.unlink(missing_ok=True)


__all__ = ["PLACE", "cache_home", "keep", "kept", "why_not"]
