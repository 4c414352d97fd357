"""Copying and clearing whole records, in compiled code and in plain Python.

Numba has no loop over a record's fields that its optimiser can see through, so the compiled
versions are straight-line code, one assignment per field, written out from the record's type.
Arrays are gone through in a loop, which costs a start less than a line for each of their numbers.
"""

import mmap
from contextlib import suppress
from typing import Any

import numpy as np
from numba.core import types

from sim.compilation.compiled import straight_line, written_out


def on_cache_lines(count: int, kind: "np.dtype[Any]") -> Any:
    """So many empty records, the first at the beginning of a cache line.

    A household of three lines that began amid one would touch four. They lie on pages of usual
    size: where a day of a million was slow, it took 15.0 ms on huge ones and 14.5 on these.
    """
    size = count * kind.itemsize
    memory = mmap.mmap(-1, max(size, 1), mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    if hasattr(mmap, "MADV_NOHUGEPAGE"):
        with suppress(OSError):  # a kernel without huge pages
            memory.madvise(mmap.MADV_NOHUGEPAGE)
    return np.frombuffer(memory, np.uint8, size).view(kind).view(np.recarray)


def clear(record: Any) -> None:
    """Set every field of a record to zero."""
    if isinstance(record, np.void):
        for name in record.dtype.names or ():
            record[name] = 0
    else:
        for name, value in vars(record).items():
            setattr(record, name, [0] * len(value) if isinstance(value, list) else 0)


def copy_fields(source: Any, target: Any) -> None:
    """Copy every field of `source` to the field of the same name in `target`."""
    names = source.dtype.names if isinstance(source, np.void) else vars(source)
    for name in names or ():
        value = source[name] if isinstance(source, np.void) else getattr(source, name)
        if isinstance(target, np.void):
            target[name] = value
        else:
            setattr(target, name, value.tolist())


def copy_common(source: Any, target: Any) -> None:
    """Copy those plain fields of `source` that `target` has too."""
    for name in source.dtype.names or ():
        if name in (target.dtype.names or ()):
            target[name] = source[name]


def add_fields(source: Any, target: Any) -> None:
    """Add every field of `source` to the same field of `target`, a record of the same kind."""
    for name in source.dtype.names or ():
        target[name] += source[name]


def _assignments(record: types.Record, target: str, value: str, sign: str = "=") -> list[str]:
    lines = []
    for name, kind in record.fields.items():
        if isinstance(kind.type, types.NestedArray):
            (length,) = kind.type.shape
            each = f"{target}.{name}[i] {sign} {value.format(name=f'{name}[i]')}"
            lines.append(f"for i in range({length}): {each}")
        else:
            lines.append(f"{target}.{name} {sign} {value.format(name=name)}")
    return lines


@written_out(clear)
def _clear(record: Any) -> Any:
    return straight_line("record", _assignments(record, "record", "0"), {})


@written_out(copy_fields)
def _copy_fields(source: Any, target: Any) -> Any:
    return straight_line("source, target", _assignments(source, "target", "source.{name}"), {})


@written_out(copy_common)
def _copy_common(source: Any, target: Any) -> Any:
    common = [name for name in source.fields if name in target.fields]
    lines = [f"target.{name} = source.{name}" for name in common]
    return straight_line("source, target", lines, {})


@written_out(add_fields)
def _add_fields(source: Any, target: Any) -> Any:
    lines = _assignments(source, "target", "source.{name}", "+=")
    return straight_line("source, target", lines, {})
