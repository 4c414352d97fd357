"""The tree of dataclasses that every configuration is laid over.

Rules and levers are found, not listed: a module with a dataclass `Parameters` is a part of the
tree under its own name.
"""

import dataclasses
import importlib
import pkgutil
import types
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, is_dataclass, make_dataclass
from functools import cache
from typing import Any, NamedTuple, Union, cast, get_args, get_origin, get_type_hints

from omegaconf import MISSING

from sim.parameters.quantity import ConfigurationError, check_field, choices, quantity
from sim.text.incoming import FULL_WIDTH_COLON
from sim.text.outgoing import CITED, cited
from sim.text.suggestions import number_meant

# 25 years: whatever a household may then wait for is a day that two bytes hold, before NEVER.
LONGEST_RUN_DAYS = 9_125


@dataclass
class Strategy:
    """What a strategist should know of a strategy before looking at any number."""

    name: str = MISSING
    title: str = MISSING
    what: str = MISSING
    why: str = MISSING
    cost: str = MISSING
    facts: list[str] = field(default_factory=list)
    budget_yuan_per_customer_month: float = quantity(
        "yuan per customer and month", "most that the levers may spend", 0, 1e6
    )
    scalable: list[str] = choices("levers that share one factor where a total is asked for")
    fund: dict[str, float] = field(default_factory=dict)  # yuan over the run, by lever


@dataclass
class Run:
    """How long a run lasts and when it starts."""

    days: int = quantity("days", "length of the strategy", 1, LONGEST_RUN_DAYS)
    warmup_days: int = quantity("days", "baseline lived through before the strategy", 0, 7_300)
    start_day_of_year: int = quantity("day of the year", "date of the strategy's day 0", 0, 364)
    threads: int = quantity("threads", "threads of one run, 0: one per core", 0, 1024)
    panel_households: int = quantity(
        "households", "in the tables of a larger population, 0: all", 0, 2_000_000_000
    )
    kept_worlds_mib: int = quantity("MiB", "of warmed-up worlds kept on disk, 0: none", 0, 10**6)


@dataclass
class ReplacedRule:
    """A function of one's own that stands in for a rule; see `sim.rules.replacing`."""

    file: str = MISSING
    function: str = MISSING
    sha256: str = MISSING  # of the source
    source: str = MISSING  # the whole file, so that a stored configuration says all


@dataclass
class Change:
    """Settings that hold on some days or in some places; see `sim.operator.schedule`."""

    from_day: int = quantity("day", "first on which it holds", 0, LONGEST_RUN_DAYS, 0)
    until_day: int = quantity(
        "day", "first on which it no longer holds", 0, LONGEST_RUN_DAYS, LONGEST_RUN_DAYS
    )
    regions: list[str] = choices("regions where it holds, by name")
    city_tiers: list[str] = choices("tiers of the cities where it holds, as in audiences")
    operator: dict[str, Any] = field(default_factory=dict)
    budget_yuan_per_customer_month: float | None = quantity(
        "yuan per customer and month", "most that the levers may spend", 0, 1e6, optional=True
    )


@dataclass
class Simulation:
    """One run's configuration. `schema()` gives the parts that are `Any` here their real types."""

    strategy: Strategy
    population: Any
    behaviour: Any
    community: Any
    operator: Any
    shocks: Any
    market: Any
    run: Run
    before: Any  # the operator during the warm-up: that of the scenario named by BEFORE
    rules: dict[str, ReplacedRule] = field(default_factory=dict)  # by name of the rule
    schedule: list[Change] = field(default_factory=list)  # a later one lies over an earlier one


def parameters_of(package: str) -> dict[str, type]:
    """Every module of a package that declares `Parameters`, by its name."""
    home = importlib.import_module(package)
    found = {}
    for item in pkgutil.iter_modules(home.__path__):
        module = importlib.import_module(f"{package}.{item.name}")
        if is_dataclass(getattr(module, "Parameters", None)):
            found[item.name] = module.Parameters
    return dict(sorted(found.items()))


def schema_of(
    population: type,
    rules: Mapping[str, type],
    community: type,
    operator: Mapping[str, type],
    shocks: Mapping[str, type],
    market: type,
) -> type[Simulation]:
    """A `Simulation` with these parts."""
    behaviour = make_dataclass("Behaviour", list(rules.items()))
    operators = make_dataclass("Operator", list(operator.items()))
    parts: list[tuple[str, type]] = [
        ("population", population),
        ("behaviour", behaviour),
        ("community", community),
        ("operator", operators),
        ("shocks", make_dataclass("Shocks", list(shocks.items()))),
        ("market", market),
        ("before", operators),
    ]
    return make_dataclass("Simulation", parts, bases=(Simulation,))


def keys_of(kind: Any, path: str = "") -> set[str]:
    """Every key of a schema; that of a list of parts, or of a group with names of its own, twice,
    the second time with `[]`.
    """
    found = set()
    for name, hint in _hints(kind).items():
        key = _join(path, name)
        found.add(key)
        if is_dataclass(hint):
            found |= keys_of(hint, key)
        elif get_origin(hint) is dict or any(map(is_dataclass, get_args(hint))):
            found.add(f"{key}[]")
    return found


class Single(NamedTuple):
    """A setting that is one number, one word or one switch, as its dataclass declares it.

    Attributes
    ----------
    kind
        Of its value: float, int, bool or str.
    item
        The field of the dataclass; a member of a list has that of the list.
    """

    kind: type
    item: Any


def single_of(schema: Any, key: str) -> Single | None:
    """How a setting is declared; None where the key is of several, or of none."""
    hint, item = schema, None
    for part in key.split("."):
        if get_origin(hint) is list:
            hint = get_args(hint)[0] if part.isdecimal() else None
        elif is_dataclass(hint) and part in {each.name for each in dataclasses.fields(hint)}:
            item, hint = _declared(hint, part)
            hint = _wanted(hint)
        else:
            return None
    if item is not None and "words" in item.metadata:
        return Single(str, item)
    several = item is not None and "several" in item.metadata
    return Single(hint, item) if hint in _ACCEPTED and not several else None


def with_single(part: Any, key: str, value: Any) -> Any:
    """A dataclass with another value for a single setting in it; all else is shared with the first.

    Raises
    ------
    ConfigurationError
        When the value is not of its kind or out of its range, or a list has no such place.
    """
    return _with_single(type(part), None, part, key.split("."), value, key)


def _with_single(hint: Any, item: Any, part: Any, path: list[str], value: Any, key: str) -> Any:
    if not path:
        made = _as(hint, value, key, item.metadata.get("unit", ""))
        check_field(item, made, key)
        return made
    name, *below = path
    if isinstance(part, list):
        if not int(name) < len(part):
            raise ConfigurationError(f"{cited(key, 2 * CITED)} is not there: it counts from 0.")
        place, members = int(name), [*part]
        kind = get_args(hint)[0]
        members[place] = _with_single(kind, item, part[place], below, value, key)
        return members
    own, kind = _declared(type(part), name)
    made = _with_single(kind, own, getattr(part, name), below, value, key)
    return dataclasses.replace(part, **{name: made})


def _declared(kind: Any, name: str) -> tuple[Any, Any]:
    """Field and type of a name in a dataclass."""
    return next(each for each in dataclasses.fields(kind) if each.name == name), _hints(kind)[name]


class UnknownKeyError(LookupError):
    """A key that the tree does not have."""


def built(kind: type, values: Mapping[str, Any], path: str = "") -> Any:
    """A dataclass made from plain values, and all within it.

    Raises
    ------
    UnknownKeyError
        With the full key.
    ConfigurationError
        When a value is missing or not of its type.
    """
    hints = _hints(kind)
    for name in values:
        if name not in hints:
            raise UnknownKeyError(_join(path, name))
    made = {}
    for item in dataclasses.fields(kind):
        key = _join(path, item.name)
        if item.name not in values and item.default_factory is not dataclasses.MISSING:
            continue
        value = values.get(item.name, item.default)
        if value is dataclasses.MISSING and is_dataclass(hints[item.name]):
            value = {}  # all of it as it is declared
        if value is dataclasses.MISSING or value == MISSING:
            raise ConfigurationError(f"{key} has no value: give it one in conf/.")
        made[item.name] = _as(hints[item.name], value, key, item.metadata.get("unit", ""))
    return kind(**made)


def resolved(config: Any) -> dict[str, Any]:
    """A configuration, or a part of one, as plain dictionaries, lists, numbers and words."""
    return cast(dict[str, Any], _plain(config))


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return {name: _plain(getattr(value, name)) for name in value.__dataclass_fields__}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    return value


def laid_over(under: Any, over: Any) -> Any:
    """Two trees as one; where both have a value, that of the upper one."""
    if not (isinstance(under, dict) and isinstance(over, dict)):
        return over
    return {**under, **{key: laid_over(under.get(key), value) for key, value in over.items()}}


def like(usual: Any, value: Any, key: str = "") -> Any:
    """The value, if it and all within it are of the kinds that are usual there.

    Raises
    ------
    UnknownKeyError
        With the full key of what is not usual at all.
    ConfigurationError
        Naming the key, the value and the kind.
    """
    if isinstance(usual, Mapping) and isinstance(value, Mapping):
        for name in value:
            if name not in usual:
                raise UnknownKeyError(_join(key, name))
        return {name: like(kept, value.get(name), _join(key, name)) for name, kept in usual.items()}
    kinds: dict[type, Any] = {dict: dict[str, Any], list: list[str]}
    return _as(kinds.get(type(usual), type(usual)), value, key)


def _as(hint: Any, value: Any, key: str, unit: str = "") -> Any:
    """The value, if it is of the type."""
    origin = get_origin(hint)
    if hint is Any:
        return value
    if origin in (Union, types.UnionType):
        return None if value is None else _as(_wanted(hint), value, key, unit)
    if is_dataclass(hint) and isinstance(hint, type):
        if isinstance(value, Mapping):
            return built(hint, value, key)
    elif origin is list:
        if isinstance(value, list):
            return [_as(get_args(hint)[0], each, f"{key}[{i}]") for i, each in enumerate(value)]
    elif origin is dict:
        if isinstance(value, Mapping):
            return {
                name: _as(get_args(hint)[1], each, f"{key}.{name}") for name, each in value.items()
            }
    elif hint is str and isinstance(value, float):
        pass  # would be told by other letters than it was written in: 1e3, 0E0, .nan
    elif isinstance(value, _ACCEPTED[hint]) and (hint is bool) == isinstance(value, bool):
        with suppress(OverflowError):  # hundreds of digits
            return hint(value)
    guess = number_meant(value, unit, whole=hint is int) if hint in (int, float) else ""
    end = f"; did you mean {cited(guess)}?" if guess else "."
    if is_dataclass(hint) and isinstance(value, str) and FULL_WIDTH_COLON in value:
        end = f", and {FULL_WIDTH_COLON} is a letter of its name: write `:` and a space."
    raise ConfigurationError(
        f"{cited(key, 2 * CITED)} = {cited(repr(value))} is not possible: it must be "
        f"{_in_words(hint)}{end}"
    )


def _wanted(hint: Any) -> Any:
    """The type of a value that need not be given."""
    if get_origin(hint) not in (Union, types.UnionType):
        return hint
    return next(part for part in get_args(hint) if part is not type(None))


_ACCEPTED: dict[Any, Any] = {float: int | float, int: int, bool: bool, str: str | int | float}


def _in_words(hint: Any) -> str:
    words = {
        float: "a number",
        int: "a whole number",
        bool: "true or false",
        str: "a word, in quotes if it looks like a number",
    }
    return words.get(hint, "a list" if get_origin(hint) is list else "a group of settings")


@cache
def _hints(kind: type) -> dict[str, Any]:
    names = {item.name for item in dataclasses.fields(kind)}
    return {name: hint for name, hint in get_type_hints(kind).items() if name in names}


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
