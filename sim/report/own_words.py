"""What levers are called, and settings of levers and shocks mean, as their own files say.

A page is made from what is written down alone: the files are read as text and nothing in them runs.
"""

import ast
from contextlib import suppress
from functools import cache
from pathlib import Path

from sim.store.sources import OWN_CODE, PACKAGE, modules, own_folders
from sim.text.incoming import read_text

HOMES = {"levers": PACKAGE / "operator" / "levers", "shocks": PACKAGE / "shocks"}
KEYS = {"levers": "operator", "shocks": "shocks"}  # under which a configuration has them
SETTINGS = {"zh": "IN_CHINESE"}  # what settings mean, in languages but that of their declaration
STEPS = {"zh": "REACH_IN_CHINESE"}  # what the steps mean by which a lever reaches households
WORDS = ("NAMES", *SETTINGS.values(), *STEPS.values())


def own_names(language: str) -> dict[str, str]:
    """Names of levers; in English where there is none in this language."""
    declared = {name: own.get("NAMES", {}) for (_, name), own in _declared().items()}
    names = {name: own.get(language) or own.get("en") for name, own in declared.items()}
    return {name: told for name, told in names.items() if told}


def own_settings(language: str) -> dict[str, str]:
    """Meanings of settings by dotted key, in a language other than English."""
    declared = _declared().items() if language in SETTINGS else ()
    return {
        f"{KEYS[kind]}.{name}.{setting}": told
        for (kind, name), own in declared
        for setting, told in own.get(SETTINGS[language], {}).items()
    }


def own_reach(language: str) -> dict[str, dict[str, str]]:
    """Meanings of a lever's steps, in a language other than English."""
    if language not in STEPS:
        return {}
    return {name: own.get(STEPS[language], {}) for (_, name), own in _declared().items()}


@cache
def _declared() -> dict[tuple[str, str], dict[str, dict[str, str]]]:
    """Words that each lever and shock declares, by its kind and name."""
    return {
        (kind, file.stem): _written_out(file)
        for kind in OWN_CODE
        for home in (HOMES[kind], *own_folders(kind))
        for file in modules(home)
    }


def _written_out(file: Path) -> dict[str, dict[str, str]]:
    """Those of a file's declarations that are words, where they are written out there."""
    found = {}
    with suppress(SyntaxError, ValueError):  # whoever runs the file is told what is wrong with it
        for node in ast.parse(read_text(file)).body:
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                name = node.targets[0].id
                if name in WORDS and isinstance(node.value, ast.Dict):
                    found[name] = ast.literal_eval(node.value)
    return found


__all__ = ["own_names", "own_reach", "own_settings"]
