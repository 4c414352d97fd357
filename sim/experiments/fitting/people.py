"""People that were found, as files that every command can take."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from sim.config.composing import understood_all
from sim.experiments.space import Point
from sim.store.folders import whole_file

SIZE = ("population.households",)
PARTS = {"behaviour": "default", "population": "town"}  # and the file that each builds on


def write_people(
    home: Path, name: str, head: str, best: Point, overrides: Sequence[str] = ()
) -> None:
    """Write a behaviour and a population of this name, for ``--config-dir``.

    What was said of people behind the command is part of it, but for how many households there are.

    Parameters
    ----------
    home
        The folder, laid out like `conf/`.
    name
        Of both files.
    head
        A comment for their first line.
    best
        What was found; settings of other parts are passed over.
    overrides
        What was said behind the command.
    """
    said = [each for each in understood_all(overrides) if each.key not in SIZE]
    for part, usual in PARTS.items():
        chosen = [str(each.value) for each in said if each.key == part]
        own = {each.key: each.value for each in said if each.key.startswith(f"{part}.")}
        own |= {key: value for key, value in best.items() if key.startswith(f"{part}.")}
        values = {"defaults": [chosen[-1] if chosen else usual, "_self_"], **nested(part, own)}
        write_yaml(home / part / f"{name}.yaml", head, values)


def nested(part: str, settings: Mapping[str, Any]) -> dict[str, Any]:
    """Settings of a part, a group within a group as their keys say."""
    values: dict[str, Any] = {}
    for key, value in settings.items():
        *path, name = key.removeprefix(f"{part}.").split(".")
        place = values
        for each in path:
            place = place.setdefault(each, {})
        place[name] = value
    return values


def write_yaml(file: Path, head: str, values: Mapping[str, Any]) -> None:
    """Write a file of `conf/`, whole or not at all."""
    file.parent.mkdir(parents=True, exist_ok=True)
    text = yaml.safe_dump(dict(values), allow_unicode=True, sort_keys=False)
    with whole_file(file) as partial:
        partial.write_text(f"{head}\n{text}", "utf-8")


__all__ = ["nested", "write_people", "write_yaml"]
