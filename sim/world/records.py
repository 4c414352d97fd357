"""Copying and clearing whole records, in compiled code and in plain Python.

Numba has no loop over a record's fields that its optimiser can see through, so the compiled
versions are straight-line code, one assignment per field, written out from the record's type.
"""

from types import SimpleNamespace
from typing import Any

import numpy as np
from numba.core import types
from numba.extending import overload

from sim.compiled import straight_line


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


def on_paper(record: Any) -> SimpleNamespace:
    """A record as a plain object, ten times as fast to read and write in plain Python.

    Its arrays are the record's own; what is written on its other fields stays on paper.
    """
    fields = {name: record[name] for name in record.dtype.names or ()}
    return SimpleNamespace(
        **{name: value if value.shape else value.item() for name, value in fields.items()}
    )


def pages(records: Any) -> list[SimpleNamespace]:
    """Every record of an array on paper."""
    names = records.dtype.names or ()
    return [SimpleNamespace(**dict(zip(names, row, strict=True))) for row in records.tolist()]


class SameNames:
    """Copies the fields that two kinds of record have in common, as whole numbers.

    Parameters
    ----------
    source, target
        Record types; the fields in common are plain numbers of eight bytes.
    """

    def __init__(self, source: np.dtype[Any], target: np.dtype[Any]) -> None:
        common = [name for name in source.names or () if name in (target.names or ())]
        self.places = [
            np.array([kind.fields[name][1] // 8 for name in common])  # type: ignore[index]
            for kind in (source, target)
        ]

    def copy(self, source: Any, target: Any) -> None:
        """From an array of one record to an array of one record."""
        here, there = self.places
        np.asarray(target).view(np.int64)[there] = np.asarray(source).view(np.int64)[here]


def _assignments(record: types.Record, target: str, value: str) -> list[str]:
    lines = []
    for name, kind in record.fields.items():
        if isinstance(kind.type, types.NestedArray):
            (length,) = kind.type.shape
            lines += [
                f"{target}.{name}[{i}] = {value.format(name=f'{name}[{i}]')}" for i in range(length)
            ]
        else:
            lines.append(f"{target}.{name} = {value.format(name=name)}")
    return lines


@overload(clear, strict=False)
def _clear(record: Any) -> Any:
    return straight_line("record", _assignments(record, "record", "0"), {})


@overload(copy_fields, strict=False)
def _copy_fields(source: Any, target: Any) -> Any:
    return straight_line("source, target", _assignments(source, "target", "source.{name}"), {})
