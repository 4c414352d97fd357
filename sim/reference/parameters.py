"""Every parameter of a configuration, as the schemas declare it and `conf/` sets it."""

import dataclasses
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, get_args, get_origin, get_type_hints

import omegaconf

from sim.config import composing
from sim.config import loading as config
from sim.parameters.quantity import SOME, SWITCH, ConfigurationError
from sim.reference.readers import readers
from sim.reference.sources import Line, Sources, sources_in
from sim.text.outgoing import cited

PLACE = re.compile(r"\[\d+\]")


@dataclass(frozen=True)
class Parameter:
    """One number, word, switch or list that can be set.

    Attributes
    ----------
    key
        What is written before `=`, such as ``operator.coupons.coupon_percent``; in a list of
        parts, such as regions, ``population.regions[].share``.
    unit, about
        Its unit, or the words there are to choose from; and its meaning, in words.
    low, high
        Bounds, both allowed.
    words
        What there is to choose from, if it is a choice.
    default
        Its value where no scenario sets it; a list for all members of a list; None if there is
        none.
    source
        Where the default comes from: a fact's id, a publication, or ``assumed``.
    file
        The file that sets the default, below `conf/` or one's own folder; empty if none does.
    declared
        The file below `sim/` that declares it.
    """

    key: str
    unit: str
    about: str
    low: float
    high: float
    words: tuple[str, ...]
    default: Any
    source: str
    file: str
    declared: str

    @property
    def part(self) -> str:
        """What it belongs to, such as ``operator.coupons``."""
        return self.key.rpartition(".")[0]

    @property
    def name(self) -> str:
        """Its own name."""
        return self.key.rpartition(".")[2]

    @property
    def read_by(self) -> tuple[str, ...]:
        """Functions of the model that read it."""
        module = self.declared.removesuffix(".py").replace("/", ".")
        return readers(module, self.part.removesuffix("[]").rpartition(".")[2], self.name)

    @property
    def is_number(self) -> bool:
        """Whether it has a unit and a range; words and switches have none."""
        return not self.words and self.unit != SWITCH and not self.unit.startswith(SOME)

    @property
    def bounds(self) -> str:
        """The range, in words."""
        if not self.is_number:
            return "one of these"
        return f"{plain(self.low)} to {plain(self.high)}"


def plain(value: Any) -> str:
    """A value as one would write it: no exponent, no digits without meaning."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:,.6f}".rstrip("0").rstrip(".") if abs(value) < 1e15 else "any"
    return f"{value:,}" if isinstance(value, int) else str(value)


def parameters(config_dir: Path | None = None) -> tuple[Parameter, ...]:
    """All there are, in the order of the schema; what was the operator's before day 0 left out."""
    kind: Any = config.schema()
    return _parameters(kind, config_dir)


@cache
def _parameters(schema: type, config_dir: Path | None) -> tuple[Parameter, ...]:
    return tuple(_within(schema, "", config.without_scenario(config_dir), config_dir))


def find(part: str, config_dir: Path | None = None) -> list[Parameter]:
    """The parameter of this key, or all that belong to a part by its full or its own name.

    Raises
    ------
    ConfigurationError
        If there is none, with the nearest names.
    """
    known = parameters(config_dir)
    asked = part.strip(".").replace("[]", "")
    inside = [each for each in known if f"{_plain_key(each)}.".startswith(f"{asked}.")]
    named = [each for each in known if f".{asked}." in f".{_plain_key(each)}."]
    found = inside or named
    if not found and asked:
        own_names = {each.part.rpartition(".")[2] for each in known}
        names = own_names | {word for each in known for word in (each.key, each.part, each.name)}
        raise ConfigurationError(
            f"There is no parameter {cited(part)}{composing.instead(part, names)}"
        )
    return found or list(known)


def _plain_key(parameter: Parameter) -> str:
    return parameter.key.replace("[]", "")


def _within(kind: Any, path: str, values: Any, config_dir: Path | None) -> Iterator[Parameter]:
    hints = get_type_hints(kind)
    for item in dataclasses.fields(kind):
        key = f"{path}.{item.name}" if path else item.name
        below = _below(values, item.name)
        member = _member(hints[item.name])
        if key == "before":
            continue
        if member is not None:
            yield from _within(member[0], key + member[1], below, config_dir)
        elif "unit" in item.metadata:
            yield _parameter(kind, item, key, below, config_dir)


def _member(hint: Any) -> tuple[Any, str] | None:
    """The dataclass of a nested part or of a list's members."""
    if dataclasses.is_dataclass(hint):
        return hint, ""
    inside = get_args(hint)
    if get_origin(hint) is list and dataclasses.is_dataclass(inside[0]):
        return inside[0], "[]"
    return None


def _below(values: Any, name: str) -> Any:
    """What stands under a name; in a list of parts, what stands there in each of them."""
    if isinstance(values, list):
        return [_below(each, name) for each in values]
    return values.get(name) if isinstance(values, Mapping) else None


def _parameter(kind: Any, item: Any, key: str, default: Any, config_dir: Path | None) -> Parameter:
    file, inside = place_of(key)
    homes = [*([config_dir] if config_dir else []), composing.CONF]
    there = [home / file for home in homes if (home / file).exists()]
    lines = _lines(_sources(there[0]), inside) if there else []  # a lever may need no file
    comments = [line.comment for line in lines if line.comment]
    declared = item.default
    if item.default_factory is not dataclasses.MISSING:
        declared = item.default_factory()
    elif declared is omegaconf.MISSING:
        declared = None
    if not lines:  # needs no line in `conf/`: seldom set
        comments = ["as a scenario says" if declared is None else "assumed, where it is declared"]
    return Parameter(
        key=key,
        **{name: item.metadata[name] for name in ("unit", "about", "low", "high")},
        words=item.metadata.get("words", ()),
        default=declared if default is None else default,
        source="; ".join(dict.fromkeys(comments)),
        file="/".join(lines[0].file.parts[-2:]) if lines else "",
        declared=kind.__module__.replace(".", "/") + ".py",
    )


def place_of(key: str) -> tuple[str, str]:
    """The file below `conf/` that sets a parameter, and its key in there."""
    first, _, rest = key.partition(".")
    if first == "operator":
        part, _, inside = rest.partition(".")
        folder = f"lever/{part}" if part in composing.lever_names() else f"{part}/default"
        return f"{folder}.yaml", inside
    if first == "shocks":
        part, _, inside = rest.partition(".")
        return f"shock/{part}.yaml", inside
    if rest.startswith("path."):
        return "market_path/none.yaml", rest.removeprefix("path.")
    if first in ("run", "strategy", "schedule[]"):
        return "simulation.yaml", key
    return ("population/town.yaml" if first == "population" else f"{first}/default.yaml"), rest


@cache
def _sources(path: Path) -> Sources:
    return sources_in(path)


def _lines(sources: Sources, key: str) -> list[Line]:
    """The line of a key; of a list, those of its members, if it is not in one line."""
    if key in sources and sources[key].comment:
        return [sources[key]]
    members = (key, f"{key}[]")
    return [line for name, line in sources.items() if PLACE.sub("[]", name) in members]


__all__ = ["Parameter", "find", "parameters", "place_of", "plain"]
