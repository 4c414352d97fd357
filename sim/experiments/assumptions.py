"""What a comparison rests on: its settings, where each comes from, and what strategies change."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from sim.config import Simulation, resolved
from sim.evidence.facts import load_facts
from sim.reference.parameters import parameters, plain

FACT = re.compile(r"\b[ILCXP]\d\d\b")
FITTED = re.compile(r"(?<!not )\bfitted\b")
PUBLISHED = re.compile(r"\b((19|20)\d\d|[RD]\d|published|law)\b")
KINDS = ("evidence", "fitted", "published", "assumed", "definition")  # what a setting rests on
LEFT_OUT = ("strategy", "before", "run")


def rests_on(source: str) -> str:
    """Which of `KINDS` the comment behind a number tells."""
    if FITTED.search(source):
        return "fitted"
    if source.startswith("assumed") or not source:
        return "assumed"
    if FACT.search(source):
        return "evidence"
    return "published" if PUBLISHED.search(source) else "definition"


def assumptions(config: Simulation, config_dir: Path | None) -> pd.DataFrame:
    """Every setting of the reference with its source.

    Returns
    -------
    pandas.DataFrame
        ``key, value, unit, what, rests_on, facts, source``: facts are ids, source is the comment
        on the setting's line.
    """
    values = resolved(config)
    rows = []
    for each in parameters(config_dir):
        value = _value(values, each.key)
        if each.key.split(".")[0] in LEFT_OUT or value is None:
            continue
        rows.append(
            {
                "key": each.key,
                "value": _told(value),
                "unit": each.unit,
                "what": each.about,
                "rests_on": rests_on(each.source),
                "facts": " ".join(dict.fromkeys(FACT.findall(each.source))),
                "source": each.source,
            }
        )
    return pd.DataFrame(rows)


def _value(values: Any, key: str) -> Any:
    """What stands under a key, of a list's members in all of them; None where nothing does."""
    name, _, rest = key.partition(".")
    below = values.get(name.removesuffix("[]"))
    if below is None:
        return None
    if name.endswith("[]"):
        return [_value(each, rest) for each in below]
    return _value(below, rest) if rest else below


def _told(value: Any) -> str:
    if isinstance(value, list):
        return "; ".join(map(_told, value))
    return plain(value)


def changes(configs: Mapping[str, Simulation], reference: str) -> pd.DataFrame:
    """Settings in which a strategy differs from the reference.

    Returns
    -------
    pandas.DataFrame
        ``strategy, key, value, reference``.
    """
    flat = {
        name: {key: _told(value) for key, value in _leaves(resolved(config), "")}
        for name, config in configs.items()
    }
    rows = [
        (name, key, value, flat[reference].get(key, ""))
        for name, own in flat.items()
        for key, value in own.items()
        if value != flat[reference].get(key) and not key.startswith(LEFT_OUT)
    ]
    return pd.DataFrame(rows, columns=["strategy", "key", "value", "reference"])


def _leaves(values: Any, path: str) -> Iterator[tuple[str, Any]]:
    for name, value in values.items():
        key = f"{path}.{name}" if path else name
        if isinstance(value, Mapping):
            yield from _leaves(value, key)
        elif not (isinstance(value, list) and any(isinstance(each, Mapping) for each in value)):
            yield key, value


def facts(config_dir: Path | None = None) -> pd.DataFrame:
    """The table of facts as it was when the comparison was made."""
    return pd.DataFrame([vars(fact) for fact in load_facts(config_dir=config_dir)])


__all__ = ["KINDS", "assumptions", "changes", "facts", "rests_on"]
