"""The n-th operation fails, for all n, at the price of one command.

A process gives the command undisturbed. Before each operation it forks a child for each fault; the
child meets it there and goes on to its end, while the walker waits, has what is left judged, puts
the folder back as it was, and takes the next.
"""

import fcntl
import os
import shutil
import signal
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path

from tests.faults.judging import Fault, Judge, Tally, note
from tests.faults.preload import COUNT, KINDS, Asked, ask, control
from tests.faults.serving import LONGEST, Bench, Ended, clear, command, forget


def walk(bench: Bench, judge: Judge, faults: Mapping[str, Fault]) -> dict[str, Tally]:
    """Let every operation of a command meet each of the faults."""
    tallies = {name: Tally() for name in faults}
    here, there = Pipe()
    bench.lay_out()
    walker = os.fork()
    if not walker:
        here.close()
        os._exit(_Walker(bench, faults, there).go())
    there.close()
    try:
        forget(walker)
        while True:
            number, kind, name, ended = here.recv()
            fault, tally = faults[name], tallies[name]
            wrong = judge.ended(ended, fault) + judge.whole()
            after, given = judge.again()
            note(tally, kind, ended, given)
            if number % 100 == 0 and name == next(iter(faults)):
                sys.stderr.write(f"{number} operations\n")
            tally.problems += [f"{kind} {number}: {each}" for each in wrong + after]
            here.send(None)
    except EOFError:
        here.close()
    code = os.waitstatus_to_exitcode(os.waitpid(walker, 0)[1])
    assert code == 0, f"the walker ended with {code}: {_told(bench)}"
    return tallies


def throughout(bench: Bench, judge: Judge, fault: Fault) -> list[str]:
    """What is wrong when every second operation meets something that must do no harm."""
    bench.lay_out()
    control().arm(fault.mode, -1, fault.error, fault.kinds)
    ended = bench.give()
    return judge.ended(ended, fault) + judge.whole()


def _told(bench: Bench) -> str:
    return bench.home.with_name("told").read_text(errors="replace")


@dataclass
class _Walker:
    bench: Bench
    faults: Mapping[str, Fault]
    judged: Connection
    number: int = 0

    def go(self) -> int:
        with self.bench.home.with_name("told").open("w") as file:
            os.dup2(file.fileno(), 2)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        os.chdir(self.bench.home)
        self.count()
        self.asked = Asked(self.meet)
        ask(self.asked)
        return command(self.bench.words)

    def meet(self, kind: int, flags: int) -> None:
        control().rest()
        self.number += 1
        if self.number % self.bench.every:
            self.count()
            return
        there = _Standing(self.bench.home)
        for name, fault in self.faults.items():
            if KINDS[kind] not in fault.kinds:
                continue
            os.truncate(2, 0)
            os.lseek(2, 0, os.SEEK_SET)
            child = os.fork()
            if not child:
                self.suffer(fault)
                return
            there.let_go()  # at once: a lock that both hold, the child could not give up
            code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
            control().rest()
            self.judged.send((self.number, KINDS[kind], name, Ended(code, _told(self.bench))))
            self.judged.recv()
            there.come_back()
        self.count()

    def count(self) -> None:
        control().arm(COUNT, kinds={kind for fault in self.faults.values() for kind in fault.kinds})

    def suffer(self, fault: Fault) -> None:
        """Let this process, a child, meet the fault at this very operation."""
        self.judged.close()
        signal.alarm(LONGEST)  # which ends it
        ask(None)
        control().arm(fault.mode, 1, fault.error, fault.kinds)


class _Standing:
    """A folder as it is now, with what this process has open in it."""

    def __init__(self, home: Path) -> None:
        self.home, self.copy = home, home.with_name("copy")
        clear(self.copy)
        shutil.copytree(home, self.copy, symlinks=True, dirs_exist_ok=True)
        self.opened = [each for each in map(_opened, os.listdir("/proc/self/fd")) if each]
        self.opened = [each for each in self.opened if each.path.startswith(f"{home}/")]

    def let_go(self) -> None:
        """Hold nothing open: as if this process were the child that ended, locks included."""
        nothing = os.open(os.devnull, os.O_RDWR)
        for each in self.opened:
            os.dup2(nothing, each.number, inheritable=False)
        os.close(nothing)

    def come_back(self) -> None:
        """Put everything back; what was open is opened anew."""
        clear(self.home)
        shutil.copytree(self.copy, self.home, symlinks=True, dirs_exist_ok=True)
        for each in self.opened:
            fresh = os.open(each.path, each.flags & ~(os.O_CREAT | os.O_EXCL | os.O_TRUNC))
            if not each.folder:
                os.lseek(fresh, each.place, os.SEEK_SET)
            if each.locked:
                fcntl.flock(fresh, fcntl.LOCK_EX)
            os.dup2(fresh, each.number, inheritable=False)
            os.close(fresh)


@dataclass(frozen=True)
class _Opened:
    number: int
    path: str
    flags: int
    folder: bool
    place: int
    locked: bool


def _opened(name: str) -> _Opened | None:
    """What a descriptor of this process stands for, if it has a name."""
    number, about = int(name), Path("/proc/self/fdinfo") / name
    try:
        path = os.readlink(f"/proc/self/fd/{name}")
        if not os.path.exists(path):
            return None  # a pipe, or a file without a name
        folder = os.path.isdir(path)
        place = 0 if folder else os.lseek(number, 0, os.SEEK_CUR)
        locked = "FLOCK" in about.read_text()
        return _Opened(number, path, fcntl.fcntl(number, fcntl.F_GETFL), folder, place, locked)
    except OSError:
        return None  # what listed the descriptors, or cannot be sought in
