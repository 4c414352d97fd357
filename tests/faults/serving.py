"""One process that has imported and compiled everything, and forks a child for each command."""

import json
import os
import shutil
import signal
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from tests.faults.drawing import drawn_once
from tests.faults.preload import control

LONGEST = 60  # seconds of a command

Tree = dict[str, str]  # checksum of each file by its name in a folder


@dataclass(frozen=True)
class Ended:
    """How a command ended: its exit code, or minus the signal; and what it said on stderr."""

    code: int
    said: str


@dataclass(frozen=True)
class Bench:
    """A command, what lies in its folder before it, and the folder.

    Attributes
    ----------
    words
        The command.
    home
        Where it is given; it has results in ``results`` and a cache in ``cache``.
    start
        A folder that looks as `home` does before the command.
    chances
        How often it meets what cannot be met everywhere.
    every
        Whether each of its operations is met (1), or each second one (2), and so on.
    """

    words: tuple[str, ...]
    home: Path
    start: Path
    chances: int = 150
    every: int = 1

    @property
    def results(self) -> Path:
        return self.home / "results"

    def lay_out(self) -> None:
        clear(self.home)
        shutil.copytree(self.start, self.home, symlinks=True, dirs_exist_ok=True)

    def give(self) -> Ended:
        """Give the command in a child; the shim does what it was told to."""
        return in_a_child(lambda: command(self.words), self.home)

    def give_again(self) -> Ended:
        """Give it undisturbed; figures that were drawn before are only written."""
        with drawn_once():
            return self.give()


def clear(folder: Path) -> None:
    """An empty folder, itself the same."""
    folder.mkdir(parents=True, exist_ok=True)
    for path in folder.iterdir():
        shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()


def in_a_child(work: Callable[[], int], home: Path) -> Ended:
    """What becomes of a piece of work in a forked process."""
    told = home.with_name(f"{home.name}.told")
    sys.stdout.flush()
    sys.stderr.flush()
    child = os.fork()
    if not child:
        with told.open("w") as file:
            os.dup2(file.fileno(), 1)
            os.dup2(file.fileno(), 2)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        os.chdir(home)
        signal.alarm(LONGEST)  # which ends it
        os._exit(_code_of(work))
    _, status = os.waitpid(child, 0)
    control().rest()
    return Ended(os.waitstatus_to_exitcode(status), told.read_text(errors="replace"))


def _code_of(work: Callable[[], int]) -> int:
    code = 1
    try:
        code = work()
    except BaseException:
        traceback.print_exc()
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except OSError:
        code = 1
    return code


def command(words: tuple[str, ...]) -> int:
    """Give a command in this process."""
    from sim.commands.program import main

    sys.argv = ["repurchase", *words]
    try:
        main()
    except SystemExit as ended:
        return int(ended.code or 0)
    return 0


def tree(folder: Path) -> Tree:
    """The files below a folder, and folders that are empty."""
    found = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file():
            found[name] = sha256(path.read_bytes()).hexdigest()
        elif path.is_dir() and not any(path.iterdir()):
            found[name + "/"] = ""
    return found


def forget(process: int) -> None:
    """Hold a process for dead: what it began, children of it that died have left behind."""
    kill = os.kill

    def killed(each: int, signal: int) -> None:
        if each == process and not signal:
            raise ProcessLookupError
        kill(each, signal)

    os.kill = killed


def stop_the_clock() -> None:
    """Let what is written tell no time, and flush files in turn: the same bytes.

    What forks in the middle of an operation must be the only thread.
    """
    import sim.store.provenance

    still: Any = SimpleNamespace(monotonic=lambda: 0.0, perf_counter=lambda: 0.0)
    for name in (
        "sim.store.folders.writing",
        "sim.experiments.workers",
        "sim.experiments.simulate",
    ):
        import_module(name).time = still  # type: ignore[attr-defined]
    import_module("sim.store.folders.writing")._flushing = lambda: SimpleNamespace(map=map)  # type: ignore[attr-defined]
    told = {**sim.store.provenance.origin(), "created": "2026-01-01T00:00:00+00:00"}
    sim.store.provenance.origin = lambda: dict(told)


def told(what: Any) -> None:
    """Something for whoever started this process, as a line of JSON."""
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()
