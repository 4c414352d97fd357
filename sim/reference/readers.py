"""Who reads a parameter: the functions of the model in whose text it stands.

Found in the source, so that the reference cannot name a reader that is not there. A parameter is
read where its name follows something known to be its part: an argument of its type, a variable
set from `world.levers.coupons`, or anything in the file that declares it.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from sim.store.sources import PACKAGE, own_modules

ROOMS = ("world", "behaviour", "operator", "shocks", "engine", "experiments/simulate.py")
OWN_ROOMS = {"levers": "operator.levers", "shocks": "shocks"}  # of the user's own, by kind
POWER = {"power": "strength"}  # a lever's strength, throttled by the budget, is read as its power
ANY_NAME = "*"  # what `getattr` with a variable reads


@dataclass(frozen=True)
class Reading:
    """An attribute read in a function.

    Attributes
    ----------
    module, function
        Where, such as ``behaviour.believe`` and ``trust_after``.
    part
        Last name before the attribute, or of what the variable before it was set from; empty
        when neither is known.
    name
        The attribute.
    """

    module: str
    function: str
    part: str
    name: str


def readers(module: str, part: str, name: str) -> tuple[str, ...]:
    """Functions that read a parameter, each as ``file.function``.

    Parameters
    ----------
    module
        Module that declares it, such as ``sim.operator.levers.coupons``.
    part
        Its part's own name, such as ``coupons``.
    name
        The parameter.
    """
    home = module.removeprefix("sim.")
    named = [found for found in _readings() if found.name == name]
    known = [found for found in named if found.part == part or found.module == home]
    by_any_name = [f for f in _readings() if f.module == home and f.name == ANY_NAME]
    there = known or named or by_any_name
    return tuple(sorted({f"{f.module.rpartition('.')[2]}.{f.function}" for f in there}))


@cache
def _readings() -> tuple[Reading, ...]:
    paths = [path for room in ROOMS for path in _files(PACKAGE / room)]
    files = [(".".join(path.relative_to(PACKAGE).with_suffix("").parts), path) for path in paths]
    files += [(f"{OWN_ROOMS[kind]}.{path.stem}", path) for kind, path in own_modules()]
    return tuple(reading for module, path in files for reading in _readings_in(module, path))


def _files(place: Path) -> list[Path]:
    return [place] if place.suffix else sorted(place.rglob("*.py"))


def _readings_in(module: str, path: Path) -> Iterator[Reading]:
    for function in _functions(ast.parse(path.read_text(encoding="utf-8"))):
        meaning = dict(_variables(function))
        for node in ast.walk(function):
            if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
                part = _last_name(node.value)
                name = POWER.get(node.attr, node.attr)
                yield Reading(module, function.name, meaning.get(part, part), name)
            elif isinstance(node, ast.Call) and _last_name(node.func) == "getattr":
                yield Reading(module, function.name, "", ANY_NAME)


def _functions(tree: ast.Module) -> Iterator[ast.FunctionDef]:
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            yield node
        elif isinstance(node, ast.ClassDef):
            yield from (each for each in node.body if isinstance(each, ast.FunctionDef))


def _variables(function: ast.FunctionDef) -> Iterator[tuple[str, str]]:
    """Variables set from an attribute, with the attribute's name: `own = world.levers.coupons`."""
    for node in ast.walk(function):
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Attribute):
            for target in node.targets:
                if isinstance(target, ast.Name):
                    yield target.id, node.value.attr


def _last_name(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


__all__ = ["readers"]
