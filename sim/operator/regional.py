"""Settings that have other values in some regions, or in cities of some tiers.

An entry of a strategy's `schedule` may name regions and city tiers; what it changes then holds for
households that live there. Only what a lever reads in a household's own day can differ: what it
plans, arranges or pays for everybody at once has one value. Which is which is read from the source
of its hooks, so that it is true of a lever of the user's own, too.
"""

import ast
import inspect
import textwrap
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from functools import cache
from types import FunctionType, ModuleType
from typing import Any

from sim.compilation.compiled import straight_line, written_in_place
from sim.operator.audiences import ALL, CITY_TIERS, Audience, city_of
from sim.operator.contract import HOOKS
from sim.operator.discovery import LEVERS, MODULES
from sim.parameters.quantity import ConfigurationError, listed
from sim.parameters.schema import Change
from sim.text.outgoing import cited
from sim.text.suggestions import meant
from sim.world.protocols import Operator, Parent
from sim.world.state import World

OF_A_HOUSEHOLD = ("lasting", "offer", "charge", "eligible", "reach")  # hooks of its own day
FOR_ALL = tuple(hook for hook in HOOKS if hook not in (*OF_A_HOUSEHOLD, "odd"))
WHOM = ("strength", "from_day", "until_day", "audience")  # whom a lever is for, and when
EVERY_NAME = "*"  # what `getattr` with a variable reads


@dataclass(frozen=True)
class Local:
    """Cities in which the operator works otherwise than everywhere else.

    Attributes
    ----------
    cities
        Their numbers (`sim.operator.audiences.city_of`).
    operator
        The operator's settings there.
    """

    cities: tuple[int, ...]
    operator: Operator


# -- where ----------------------------------------------------------------------------------


def everywhere(change: Change) -> bool:
    """Whether an entry of the schedule holds wherever a household lives."""
    return ALL in change.regions and ALL in change.city_tiers


def cities_of(change: Change | Audience, regions: Iterable[str]) -> list[int]:
    """Numbers of the cities where an entry of the schedule, or a lever, is for somebody."""
    return [
        city_of(region, tier)
        for region, name in enumerate(regions)
        for tier, word in enumerate(CITY_TIERS, 1)
        if {ALL, name} & set(change.regions) and {ALL, word} & set(change.city_tiers)
    ]


def tiers_by_region(cities: Collection[int], regions: Iterable[str]) -> dict[str, list[str]]:
    """The tiers of some cities in words, by region; without regions that have none of them."""
    found = {
        name: [word for tier, word in enumerate(CITY_TIERS, 1) if city_of(region, tier) in cities]
        for region, name in enumerate(regions)
    }
    return {name: tiers for name, tiers in found.items() if tiers}


def where_in_words(cities: Collection[int], regions: Collection[str]) -> str:
    """Some cities, as the middle of a sentence tells them."""
    found = tiers_by_region(cities, regions)
    alike = list(found.values())[:1] * len(found) == list(found.values())
    if not alike:
        return "; ".join(f"{name}: tiers {', '.join(tiers)}" for name, tiers in found.items())
    tiers = next(iter(found.values()), [])
    told = [", ".join(found)] if len(found) < len(regions) else []
    told += [f"tiers {', '.join(tiers)}"] if len(tiers) < len(CITY_TIERS) else []
    return "; ".join(told) or "every city"


def own_values(local: Local, usual: Operator) -> dict[str, dict[str, Any]]:
    """What some cities have otherwise than everywhere: by lever, settings with their values."""
    return {
        name: {key: value for key, value in vars(there).items() if value != getattr(own, key)}
        for name, there in vars(local.operator).items()
        if there != (own := getattr(usual, name))
    }


def entries(
    cities: Collection[int], regions: Iterable[str], days: tuple[int, int], own: Mapping[str, Any]
) -> list[Change]:
    """Entries of a schedule that give some cities settings of their own, on some days."""
    return [
        Change(*days, regions=[name], city_tiers=tiers, operator=dict(own))
        for name, tiers in tiers_by_region(cities, regions).items()
    ]


# -- what -----------------------------------------------------------------------------------


def check_local(change: Change, regions: Collection[str], where: str) -> None:
    """Refuse an entry for places that there are not, or of what cannot differ by place.

    Raises
    ------
    ConfigurationError
        In one sentence: which key, why not, and what to do instead.
    """
    known = {"regions": [*regions], "city_tiers": [*CITY_TIERS]}
    for line, words in known.items():
        given = getattr(change, line)
        for word in given:
            if word not in (ALL, *words):
                raise ConfigurationError(
                    f"{where}.{line}: there is no {cited(word)}{meant(word, words)} It must be "
                    f"{listed([*words, ALL])}."
                )
        if not given:
            raise ConfigurationError(f"{where}.{line} names none, so the entry is for nobody.")
    if everywhere(change):
        return
    if change.budget_yuan_per_customer_month is not None:
        raise ConfigurationError(
            f"{where} has a budget for some places, and the budget is one for the whole operator: "
            "give it in an entry without regions and city_tiers."
        )
    for lever, own in change.operator.items():
        for name in own if isinstance(own, Mapping) else ():
            if why := why_not(lever, name):
                raise ConfigurationError(f"{where}.operator.{lever}.{name} {why}")


def why_not(lever: str, name: str) -> str:
    """Why a setting cannot differ by place, as the end of a sentence; empty where it can."""
    if lever not in LEVERS:
        return (
            "cannot differ by place: stock, desk and terms of sale are the whole operator's. Give "
            "it in an entry without regions and city_tiers."
        )
    if name in WHOM:
        return (
            "says whom a lever is for, and when, which is one for all places: say in "
            f"operator.{lever}.audience, by its regions and city_tiers, where it works."
        )
    if name in may_differ(lever) or name not in _settings(lever):  # which is refused elsewhere
        return ""
    hook = read_for_all(lever).get(name, "")
    why = f"is read in `{hook}`, for everybody at once" if hook else "no household's day reads"
    others = sorted(may_differ(lever))
    mend = f"of {lever} {' and '.join(others)} can differ" if others else f"none of {lever} can"
    return (
        f"cannot differ by place: it {why}. Give it one value, and say in "
        f"operator.{lever}.audience where the lever works ({mend})."
    )


def may_differ(lever: str) -> frozenset[str]:
    """Settings of a lever that may differ by place: those that households' own days alone read."""
    own = _read_in(OF_A_HOUSEHOLD).get(lever, {})
    return frozenset(own.keys() & set(_settings(lever)) - read_for_all(lever).keys())


def read_for_all(lever: str) -> Mapping[str, str]:
    """Settings of a lever that are read for everybody at once, each with the hook that does."""
    own = dict(_read_in(FOR_ALL).get(lever, {}))
    if every := getattr(LEVERS[lever], "STUDIES_EVERY", None):
        own[every] = "study"
    if EVERY_NAME in own:
        own = dict.fromkeys(_settings(lever), own[EVERY_NAME]) | own
    return own


def _settings(lever: str) -> list[str]:
    names = [item.name for item in fields(LEVERS[lever].Parameters)]
    return [name for name in names if name not in WHOM]


@cache
def _read_in(hooks: tuple[str, ...]) -> Mapping[str, Mapping[str, str]]:
    """What hooks of these names read of levers: by lever the settings, each with a hook."""
    found: dict[str, dict[str, str]] = {}
    for name, module in MODULES.items():
        for hook in (each for each in hooks if hasattr(module, each)):
            for lever, setting in _reads(getattr(module, hook), name, set()):
                found.setdefault(lever, {}).setdefault(setting, hook)
    return found


def _reads(
    function: FunctionType, asking: str, seen: set[FunctionType]
) -> Iterator[tuple[str, str]]:
    """Levers' settings that a function reads, and whatever it calls: (lever, setting).

    A setting is an attribute of `world.levers.<lever>`, or of a variable set from that. That of
    any other variable may be the asking lever's, or of the lever in whose file the function is.
    """
    if function in seen:
        return
    seen.add(function)
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    meaning = dict(_variables(tree))
    arguments = inspect.signature(function).parameters
    unknown = {asking, function.__module__.rpartition(".")[2]}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
            own, known = node.value, _lever_of(node.value)
            if isinstance(own, ast.Name):
                known = meaning.get(own.id, "")
            if known or isinstance(own, ast.Name):
                yield from ((lever, node.attr) for lever in ({known} if known else unknown))
        elif isinstance(node, ast.Call) and _name(node.func) == "getattr":
            given = _name(node.args[0])
            if given in {*meaning, *arguments}:
                known = meaning.get(given, "")
                yield from ((lever, EVERY_NAME) for lever in ({known} if known else unknown))
        called = _meant(node, function.__globals__)
        if isinstance(called, FunctionType) and called.__module__.startswith("sim."):
            yield from _reads(called, asking, seen)


def _name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else ""


def _meant(node: ast.AST, known: Mapping[str, Any]) -> object:
    """What a name means, also one behind that of a module: `deals.put_coupon`."""
    if isinstance(node, ast.Attribute) and isinstance(known.get(_name(node.value)), ModuleType):
        return getattr(known[_name(node.value)], node.attr, None)
    return known.get(node.id) if isinstance(node, ast.Name) else None


def _variables(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """Variables set from `world.levers.<lever>`, with the lever's name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                pairs = [(target, node.value)]
                if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
                    pairs = list(zip(target.elts, node.value.elts, strict=False))
                for variable, value in pairs:
                    if isinstance(variable, ast.Name) and _lever_of(value):
                        yield variable.id, _lever_of(value)


def _lever_of(node: ast.expr) -> str:
    """The lever that `world.levers.<lever>` names; empty for anything else."""
    own = node.value if isinstance(node, ast.Attribute) else None
    named = isinstance(own, ast.Attribute) and own.attr == "levers"
    return node.attr if named and isinstance(node, ast.Attribute) else ""


# -- in a household's day -------------------------------------------------------------------


def at_home(parent: Parent, world: World) -> World:
    """The world as a household meets it: levers have the values of its own city."""
    row = world.local_row[city_of(parent.region, parent.city_tier)]
    return world if row < 0 else world._replace(levers=world.local_levers[row])


# The same for compiled code: it knows no `_replace`.


@written_in_place(at_home)
def _at_home(parent: Any, world: Any) -> Any:
    others = (name for name in World._fields if name != "levers")
    parts = ", ".join(["levers=levers", *(f"{name}=world.{name}" for name in others)])
    lines = [
        "if len(world.local_levers) == 0: return world",
        "row = world.local_row[city_of(parent.region, parent.city_tier)]",
        "levers = world.local_levers[row] if row >= 0 else world.levers",
        f"return World({parts})",
    ]
    return straight_line("parent, world", lines, {"World": World, "city_of": city_of})


__all__ = [
    "FOR_ALL",
    "OF_A_HOUSEHOLD",
    "WHOM",
    "Local",
    "at_home",
    "check_local",
    "cities_of",
    "entries",
    "everywhere",
    "may_differ",
    "own_values",
    "read_for_all",
    "tiers_by_region",
    "where_in_words",
    "why_not",
]
