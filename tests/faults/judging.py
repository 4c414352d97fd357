"""What an operation can meet, and what must hold after it."""

import errno
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.faults.preload import FULL, KILL, KINDS, REFUSE, SHORT, TORN
from tests.faults.serving import Bench, Ended, Tree, tree

CHANGES = tuple(kind for kind in KINDS if kind not in ("note", "read"))


@dataclass(frozen=True)
class Fault:
    """A way to fail: what the shim does to an operation, of which kinds, with which error."""

    mode: int
    error: int = errno.EIO
    kinds: tuple[str, ...] = CHANGES
    harmless: bool = False  # whether the command must complete all the same


FAULTS = {
    "no space": Fault(REFUSE, errno.ENOSPC),  # once, as when somebody tidies up at that moment
    "full": Fault(FULL, kinds=("open", "write", "mkdir", "rename", "link")),  # from then on
    "broken": Fault(REFUSE, errno.EIO),
    "too many": Fault(REFUSE, errno.EMFILE, ("open",)),
    "unread": Fault(REFUSE, errno.EIO, ("read",)),
    "killed": Fault(KILL),
    "torn": Fault(TORN, kinds=("write",)),  # killed in the middle of a write
}
HARMLESS = {
    "short": Fault(SHORT, kinds=("write",), harmless=True),
    "interrupted": Fault(REFUSE, errno.EINTR, ("open", "read", "write"), harmless=True),
}


@dataclass
class Tally:
    """What came of the faults of one way."""

    injected: int = 0
    kinds: Counter[str] = field(default_factory=Counter)  # of operations that were met
    sentences: int = 0
    unsaid: Counter[str] = field(default_factory=Counter)  # how else it ended, and where
    completed: int = 0
    killed: int = 0
    again: int = 0  # different states in which the command was given again
    problems: list[str] = field(default_factory=list)

    def told(self) -> dict[str, Any]:
        return {**self.__dict__, "kinds": dict(self.kinds), "unsaid": dict(self.unsaid)}


class Judge:
    """Knows how the results must look, and looks."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        bench.lay_out()
        ended = bench.give()
        assert ended.code == 0, ended.said
        self.reference = tree(bench.results)
        self.before = tree(bench.start / bench.results.name)
        self.known: dict[frozenset[tuple[str, str]], list[str]] = {}

    def ended(self, ended: Ended, fault: Fault) -> list[str]:
        """What is wrong with how a command ended."""
        if fault.mode in (KILL, TORN) and ended.code == -9:
            return []
        if ended.code == 0:  # though it may have failed to remove what is hidden
            return self._differences(_shown(tree(self.bench.results)), _shown(self.reference))
        lines = ended.said.splitlines()
        if fault.harmless or ended.code != 2 or not lines or "Traceback" in ended.said:
            return [f"it ended with {ended.code}: {' / '.join(lines[-3:])}"]
        return [f"no sentence: {line}" for line in lines if not line.endswith(".")]

    def whole(self) -> list[str]:
        """What the laboratory takes for whole though it is not what it should be."""
        shown = _shown(tree(self.bench.results))
        wrong = [
            f"{folder} is taken for whole: {each}"
            for folder in _accepted(self.bench.results)
            for each in self._differences(_inside(shown, folder), _inside(self.reference, folder))
            if not _is_drawn(each)
        ]
        for name, checksum in shown.items():
            if not _is_drawn(name):
                continue
            if checksum not in (self.reference.get(name), self.before.get(name)):
                wrong.append(f"{name} is shown and is not whole")
        return wrong

    def again(self) -> tuple[list[str], bool]:
        """What is wrong after the same command, undisturbed; and whether it had to be given."""
        state = frozenset(_state(self.bench.home))
        if state in self.known:
            return self.known[state], False
        kept = {name: self._stamp(name) for name in _accepted(self.bench.results, "runs")}
        ended = self.bench.give_again()
        wrong = [] if ended.code == 0 else [f"again it ended with {ended.code}: {ended.said}"]
        wrong += [f"again: {each}" for each in self._differences(tree(self.bench.results))]
        for name, stamp in kept.items():
            if self._stamp(name) != stamp:
                wrong.append(f"{name} was finished and was computed again")
        self.known[state] = wrong
        return wrong, True

    def differences(self) -> list[str]:
        """What of the results is not as it should be."""
        return self._differences(tree(self.bench.results))

    def _stamp(self, name: str) -> tuple[int, int] | None:
        with suppress(OSError):
            about = (self.bench.results / name / "manifest.json").stat()
            return about.st_ino, about.st_mtime_ns
        return None

    def _differences(self, found: Tree, expected: Tree | None = None) -> list[str]:
        expected = self.reference if expected is None else expected
        found = {name: sum_ for name, sum_ in found.items() if ".unreadable-" not in name}
        names = sorted(found.keys() | expected.keys())
        return [
            f"{'missing' if name not in found else 'too much' if name not in expected else 'other'}"
            f" {name}"
            for name in names
            if found.get(name) != expected.get(name)
        ]


def _shown(files: Tree) -> Tree:
    """The files that a reader sees, not those that somebody left unfinished."""
    hidden = (name for name in files if name.endswith("/") or "/." in f"/{name}")
    return {name: files[name] for name in files.keys() - set(hidden)}


def _is_drawn(name: str) -> bool:
    """Whether it is a page or a figure, which stand outside the manifest."""
    return "figures" in name or name.endswith(("report.html", "report.zh.html"))


def _inside(files: Tree, folder: str) -> Tree:
    return {name: sum_ for name, sum_ in files.items() if name.startswith(f"{folder}/")}


def _accepted(results: Path, room: str = "*") -> Iterator[str]:
    """Folders of results that the laboratory takes for whole."""
    from sim.store.runs import ResultsError, Store, verify

    for manifest in results.glob(f"{room}/*/manifest.json"):
        folder = manifest.parent
        if folder.name.startswith(".") or ".unreadable-" in folder.name:
            continue
        with suppress(ResultsError):
            verify(folder)
            if folder.parent.name != "runs" or Store(results).finished(folder.name):
                yield folder.relative_to(results).as_posix()


def _state(home: Path) -> Iterator[tuple[str, str]]:
    """All that lies in a folder; of what a process left unfinished, only that it is there."""
    for name, checksum in tree(home).items():
        parts = name.split("/")
        hidden = [place for place, part in enumerate(parts) if part.startswith(".")]
        yield ("/".join([*parts[: hidden[0]], "."]), "") if hidden else (name, checksum)


def note(tally: Tally, kind: str, ended: Ended, given: bool) -> None:
    tally.injected += 1
    tally.kinds[kind] += 1
    tally.again += given
    tally.killed += ended.code < 0
    tally.completed += ended.code == 0
    tally.sentences += ended.code > 0
