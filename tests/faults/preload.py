"""The shim: built, loaded before everything else, and told what to do."""

import ctypes
import errno
import os
import shutil
import subprocess
from collections.abc import Iterable
from functools import cache
from pathlib import Path

SOURCE = Path(__file__).with_name("shim.c")
KINDS = [
    "note",
    "open",
    "read",
    "write",
    "fsync",
    "rename",
    "mkdir",
    "link",
    "unlink",
    "truncate",
    "close",
]  # as in shim.c
COUNT, REFUSE, FULL, SHORT, KILL, TORN = range(6)
ROOTS = 4


class Control(ctypes.Structure):
    """What the shim shares with all processes forked from the one that loaded it."""

    _fields_ = (
        ("kinds", ctypes.c_int64),
        ("mode", ctypes.c_int64),
        ("strike", ctypes.c_int64),
        ("error", ctypes.c_int64),
        ("log", ctypes.c_int64),
        ("count", ctypes.c_int64),
        ("struck", ctypes.c_int64),
        ("root", (ctypes.c_char * 512) * ROOTS),
    )

    def watch(self, *roots: Path) -> None:
        for place, root in enumerate(roots):
            self.root[place].value = os.fsencode(root)

    def arm(
        self, mode: int, strike: int = 0, error: int = errno.EIO, kinds: Iterable[str] = ()
    ) -> None:
        """Meet the operation number `strike` of these kinds; every second one if it is -1."""
        self.mode, self.strike, self.error, self.count, self.struck = mode, strike, error, 0, 0
        self.kinds = sum(1 << KINDS.index(kind) for kind in kinds)

    def rest(self) -> None:
        self.kinds = 0


def compiler() -> str | None:
    return shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")


def built(folder: Path) -> Path:
    """The shim as a library."""
    library = folder / "shim.so"
    words = ["-O2", "-Wall", "-Werror", "-shared", "-fPIC", "-pthread", "-o", str(library)]
    subprocess.run([str(compiler()), *words, str(SOURCE)], check=True)
    return library


@cache
def control() -> Control:
    """The shim of this process, which was started with it."""
    shim = ctypes.CDLL(None)
    shim.faults_control.restype = ctypes.POINTER(Control)
    found: Control = shim.faults_control().contents
    return found


Asked = ctypes.CFUNCTYPE(None, ctypes.c_int64, ctypes.c_int64)


def ask(whom: "ctypes._FuncPointer | None") -> None:
    """Have a function of type `Asked` called before every operation that counts."""
    ctypes.CDLL(None).faults_ask(whom)


def note(text: str) -> None:
    """Write a note into the log of operations."""
    ctypes.CDLL(None).faults_note(text.encode())
