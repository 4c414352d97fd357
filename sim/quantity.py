"""Parameters that know their unit, range and meaning.

A rule or a lever declares its parameters as a dataclass of quantities; `conf/` gives the
values, each with its source. From the same declaration come the check of ranges, the record
that compiled code reads, and the reference for readers.
"""

import math
from dataclasses import field, fields, is_dataclass
from typing import Any

import numpy as np
import omegaconf

from sim.visible import cited


class ConfigurationError(ValueError):
    """A configuration that cannot be meant; the message names the key and the mend."""


def quantity(
    unit: str, about: str, low: float = -math.inf, high: float = math.inf, default: Any = None
) -> Any:
    """A dataclass field for one number.

    Parameters
    ----------
    unit
        Its unit, in words.
    about
        What it means, one line.
    low, high
        Bounds, both allowed.
    default
        Leave out where `conf/` gives the value, as it should for every number with a source.
    """
    value = omegaconf.MISSING if default is None else default
    return field(default=value, metadata={"unit": unit, "about": about, "low": low, "high": high})


def check_ranges(parameters: Any, path: str = "") -> None:
    """Refuse any quantity outside its bounds.

    Raises
    ------
    ConfigurationError
        Naming the key, the value and the bounds.
    """
    for item in fields(parameters):
        value = getattr(parameters, item.name)
        key = f"{path}.{item.name}" if path else item.name
        if is_dataclass(value):
            check_ranges(value, key)
        elif isinstance(value, list):
            for i, member in enumerate(value):
                if is_dataclass(member):
                    check_ranges(member, f"{key}[{i}]")
                else:
                    _check(item, member, f"{key}[{i}]")
        else:
            _check(item, value, key)


def _check(item: Any, value: Any, key: str) -> None:
    if "low" not in item.metadata or isinstance(value, str | bool):
        return
    low, high, unit = (item.metadata[name] for name in ("low", "high", "unit"))
    if not (isinstance(value, int | float) and low <= value <= high):
        raise ConfigurationError(
            f"{key} = {cited(value)} is impossible: it must lie between {in_words(low)} and "
            f"{in_words(high)} ({unit})."
        )


def in_words(value: float) -> str:
    """A bound as a sentence tells it."""
    whole = math.isfinite(value) and value == int(value)
    return f"{int(value):,}" if whole else f"{value:g}"


def record_type(schema: Any) -> np.dtype[Any]:
    """Layout of the record that compiled code reads for a dataclass of quantities."""
    parts: list[Any] = []
    for item in fields(schema):
        if is_dataclass(item.type):
            parts.append((item.name, record_type(item.type)))
        elif item.type in (float, "float"):
            parts.append((item.name, "f8"))
        elif item.type in (int, bool, "int", "bool"):
            parts.append((item.name, "i8"))
    return np.dtype(parts, align=True)


def as_record(parameters: Any) -> Any:
    """The numbers of a dataclass as one `np.record`, nested dataclasses nested."""
    record = np.zeros(1, record_type(type(parameters)))
    _fill(record[0], parameters)
    return record.view(np.recarray)[0]


def _fill(record: Any, parameters: Any) -> None:
    for name in record.dtype.names:
        value = getattr(parameters, name)
        if is_dataclass(value):
            _fill(record[name], value)
        else:
            record[name] = value


__all__ = [
    "ConfigurationError",
    "as_record",
    "check_ranges",
    "in_words",
    "quantity",
    "record_type",
]
