"""A power cut: the disks it may leave, from the operations that came before it.

What was not flushed may be there or not. Of a file: what it held when it was last flushed, then
nothing, zeros, half, or all of what was written since. Of a folder: names that came, went or moved
since it was last flushed, in any choice, each move whole. This is less than any file system in use
promises.
"""

import os
import random
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.faults.judging import CHANGES, Judge, Tally
from tests.faults.preload import COUNT, KINDS, control, note
from tests.faults.serving import Bench, clear, command, in_a_child

HEAD = struct.Struct("8q")


@dataclass(frozen=True)
class Operation:
    """One line of the log."""

    kind: str
    file: int
    flags: int
    offset: int
    path: str
    other: str
    data: bytes


@dataclass
class File:
    """What was flushed of a file, and what was written to it since."""

    safe: bytes = b""
    content: bytes = b""

    def write(self, offset: int, data: bytes) -> None:
        filled = self.content.ljust(offset, b"\0")
        self.content = filled[:offset] + data + filled[offset + len(data) :]

    def left(self, how: str) -> bytes:
        """What may be left of it."""
        if self.safe == self.content:
            return self.content
        new = len(self.content)
        return {
            "flushed": self.safe,
            "zeros": self.safe[:new].ljust(new, b"\0"),
            "half": self.content[: new // 2],
            "all": self.content,
        }[how]


@dataclass
class Folder:
    """Names in it that were flushed, and those that are there."""

    safe: "dict[str, Node]" = field(default_factory=dict)
    names: "dict[str, Node]" = field(default_factory=dict)


Node = File | Folder
Change = list[tuple[Folder, str, Node | None]]  # of names, all or none of it


class Disk:
    """Lives through the operations and knows what is flushed."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.root = Folder()
        self.opened: dict[int, Node] = {}
        self.unsafe: list[Change] = []
        self._stands(home, self.root)

    def _stands(self, place: Path, folder: Folder) -> None:
        for path in place.iterdir():
            node: Node = Folder() if path.is_dir() else File(*[path.read_bytes()] * 2)
            folder.names[path.name] = folder.safe[path.name] = node
            if isinstance(node, Folder):
                self._stands(path, node)

    def do(self, each: Operation) -> None:
        getattr(self, f"_{each.kind}")(each)

    def _find(self, path: str) -> tuple[Folder, str]:
        *folders, name = Path(path).relative_to(self.home).parts
        folder = self.root
        for part in folders:
            inside = folder.names[part]
            assert isinstance(inside, Folder)
            folder = inside
        return folder, name

    def _node(self, path: str) -> Node | None:
        if Path(path) == self.home:
            return self.root
        folder, name = self._find(path)
        return folder.names.get(name)

    def _change(self, change: Change) -> None:
        for folder, name, node in change:
            if node is None:
                folder.names.pop(name)
            else:
                folder.names[name] = node
        self.unsafe.append(change)

    def _open(self, each: Operation) -> None:
        if each.flags & os.O_TMPFILE == os.O_TMPFILE:
            self.opened[each.file] = File()
            return
        node = self._node(each.path)
        if node is None:
            node = File()
            self._change([(*self._find(each.path), node)])
        elif each.flags & os.O_TRUNC and isinstance(node, File):
            node.content = b""
        self.opened[each.file] = node

    def _write(self, each: Operation) -> None:
        file = self.opened[each.file]
        assert isinstance(file, File)
        file.write(each.offset, each.data)

    def _truncate(self, each: Operation) -> None:
        file = self.opened[each.file]
        assert isinstance(file, File)
        file.content = file.content[: each.offset].ljust(each.offset, b"\0")

    def _fsync(self, each: Operation) -> None:
        node = self.opened[each.file]
        if isinstance(node, File):
            node.safe = node.content
            return
        for change in [each for each in self.unsafe if any(folder is node for folder, *_ in each)]:
            _settle(change)
            self.unsafe.remove(change)

    def _close(self, each: Operation) -> None:
        del self.opened[each.file]

    def _mkdir(self, each: Operation) -> None:
        self._change([(*self._find(each.path), Folder())])

    def _unlink(self, each: Operation) -> None:
        self._change([(*self._find(each.path), None)])

    def _rename(self, each: Operation) -> None:
        (before, old), (after, new) = self._find(each.path), self._find(each.other)
        other = after.names.get(new) if each.flags & 2 else None  # they change places
        change: Change = [(before, old, other), (after, new, before.names[old])]
        self._change(change)

    def _link(self, each: Operation) -> None:
        self._change([(*self._find(each.other), self._node(each.path))])

    def _note(self, each: Operation) -> None:
        pass

    def leaves(self, place: Path, changes: list[Change], how: "dict[int, str] | str") -> None:
        """Lay out the disk after a power cut: of names these changes came through."""
        clear(place)
        names = {}
        for change in changes:
            for folder, name, node in change:
                names.setdefault(id(folder), dict(folder.safe))[name] = node
        _lay(place, self.root, names, how)


def _settle(change: Change) -> None:
    for folder, name, node in change:
        if node is None:
            folder.safe.pop(name, None)
        else:
            folder.safe[name] = node


def _lay(
    place: Path,
    folder: Folder,
    changed: dict[int, dict[str, Node | None]],
    how: "dict[int, str] | str",
) -> None:
    for name, node in changed.get(id(folder), folder.safe).items():
        if isinstance(node, Folder):
            (place / name).mkdir()
            _lay(place / name, node, changed, how)
        elif node is not None:
            (place / name).write_bytes(
                node.left(how if isinstance(how, str) else how[id(node) % 64])
            )


def recorded(bench: Bench) -> list[Operation]:
    """Give a command and write down all it does to the disk, and when each run was stored."""
    bench.lay_out()
    log = bench.home.with_name("log")
    with log.open("wb") as file:
        control().log = file.fileno()
        control().arm(COUNT, kinds=CHANGES)
        ended = in_a_child(lambda: _noting(bench.words), bench.home)
        control().log = -1
    assert ended.code == 0, ended.said
    return list(_read(log.read_bytes()))


def _noting(words: tuple[str, ...]) -> int:
    from sim.store.runs import Store

    write = Store.write

    def noted(self: Store, key: str, *rest: object) -> None:
        write(self, key, *rest)  # type: ignore[arg-type]
        note(key)

    Store.write = noted  # type: ignore[method-assign,assignment]
    return command(words)


def _read(log: bytes) -> Iterator[Operation]:
    place = 0
    while place < len(log):
        kind, file, flags, offset, first, second, size, _ = HEAD.unpack_from(log, place)
        place += HEAD.size
        parts = []
        for length in (first, second, size):
            parts.append(log[place : place + length])
            place += length
        paths = [os.fsdecode(part) for part in parts[:2]]
        yield Operation(KINDS[kind], file, flags, offset, *paths, parts[2])


LEFT = ("flushed", "zeros", "half", "all")


def cut(bench: Bench, judge: Judge, chances: int = 2) -> Tally:
    """Cut the power after every operation; each time look at several disks it may leave."""
    luck = random.Random(1)
    operations = recorded(bench)
    bench.lay_out()
    disk, tally, stored = Disk(bench.home), Tally(), list[str]()
    for number, each in enumerate(operations, 1):
        disk.do(each)
        stored += [each.path] if each.kind == "note" else []
        choices = [([], "flushed"), (disk.unsafe, "flushed"), (disk.unsafe, "zeros")]
        for _ in range(chances):
            some = [change for change in disk.unsafe if luck.random() < 0.5]
            choices.append((some, dict(enumerate(luck.choices(LEFT, k=64)))))
        for changes, how in choices:
            disk.leaves(bench.home, changes, how)
            wrong = judge.whole() + _lost(bench, stored)
            after, given = judge.again()
            tally.injected += 1
            tally.again += given
            tally.problems += [f"{each.kind} {number}: {what}" for what in wrong + after]
        tally.kinds[each.kind] += 1
    disk.leaves(bench.home, disk.unsafe, "all")
    tally.problems += [f"not all was seen: {what}" for what in judge.differences()]
    return tally


def _lost(bench: Bench, stored: list[str]) -> list[str]:
    from sim.store.runs import Store

    there = Store(bench.results)
    return [f"{key} was stored and is lost" for key in stored if not there.folder(key).exists()]
