"""The n-th operation fails, for all n, at the price of one command.

A process gives the command undisturbed. Before each operation it forks a child for each fault; the
child meets it there and goes on to its end, while the walker waits, has what is left judged, puts
the folder back as it was, and takes the next.
"""

import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path

from tests.faults.judging import Fault, Judge, Tally, note
from tests.faults.preload import COUNT, KINDS, Asked, ask, control
from tests.faults.serving import Bench, Ended, clear, command, forget



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
        ask(None)
        control().arm(fault.mode, 1, fault.error, fault.kinds)


class _Standing:
    """A folder as it is now, with what this process has open in it."""

    def __init__(self, home: Path) -> None:
        self.home, self.copy = home, home.with_name("copy")
        clear(self.copy)
        shutil.copytree(home, self.copy, symlinks=True, dirs_exist_ok=True)
        self.opened = list(self._opened())

    def _opened(self) -> "list[tuple[int, str, int, int]]":
        import fcntl

        found = []
        for name in os.listdir("/proc/self/fd"):
            try:
                path = os.readlink(f"/proc/self/fd/{name}")
            except OSError:
                continue  # the list itself
            if path.startswith(f"{self.home}/") and not path.endswith("(deleted)"):
                flags = fcntl.fcntl(int(name), fcntl.F_GETFL)
                place = 0 if os.path.isdir(path) else os.lseek(int(name), 0, os.SEEK_CUR)
                found.append((int(name), path, flags, place))
        return found

    def come_back(self) -> None:
        """Put everything back; what is open is opened anew, since others wrote into it."""
        clear(self.home)
        shutil.copytree(self.copy, self.home, symlinks=True, dirs_exist_ok=True)
        for number, path, flags, place in self.opened:
            fresh = os.open(path, flags & ~(os.O_CREAT | os.O_EXCL | os.O_TRUNC))
            os.lseek(fresh, place, os.SEEK_SET)
            os.dup2(fresh, number, inheritable=False)
            os.close(fresh)
