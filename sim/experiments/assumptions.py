"""What a comparison rests on: its settings, where each comes from, and what strategies change."""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sim.config.loading import Simulation, resolved
from sim.evidence.facts import load_facts
from sim.evidence.measured import beside
from sim.operator import schedule
from sim.operator.audiences import CITY_TIERS
from sim.operator.regional import tiers_by_region
from sim.parameters.quantity import EVERY_WORD
from sim.reference.parameters import parameters, plain

FACT = re.compile(r"\b[ILCXP]\d\d\b")
FITTED = re.compile(r"(?<!not )\b(?:fitted|calibrated)\b")
PUBLISHED = re.compile(r"\b((19|20)\d\d|[RD]\d|published|law)\b")
KINDS = ("evidence", "fitted", "published", "assumed", "definition")  # what a setting rests on
LEFT_OUT = ("strategy", "before", "run", "schedule")
BUDGET = "strategy.budget_yuan_per_customer_month"


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
        value = value_at(values, each.key)
        if each.key.split(".")[0].removesuffix("[]") in LEFT_OUT or value is None:
            continue
        if not each.file and value == each.default:  # a date that nobody has set
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


def value_at(values: Any, key: str) -> Any:
    """What stands under a key, of a list's members in all of them; None where nothing does."""
    name, _, rest = key.partition(".")
    below = values.get(name.removesuffix("[]"))
    if below is None:
        return None
    if name.endswith("[]"):
        return [value_at(each, rest) for each in below]
    return value_at(below, rest) if rest else below


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
    flat = {name: _flat(config) for name, config in configs.items()}
    rows = [(name, *row) for name, own in flat.items() for row in _differing(own, flat[reference])]
    return pd.DataFrame(rows, columns=["strategy", "key", "value", "reference"])


def phases(configs: Mapping[str, Simulation]) -> pd.DataFrame:
    """What each strategy changes in the course of its run.

    Returns
    -------
    pandas.DataFrame
        ``strategy, from_day, key, value, before``: on that day the setting gets this value.
    """
    rows: list[tuple[Any, ...]] = []
    for name, config in configs.items():
        found = schedule.phases(config)
        lived = [
            {
                **_flat(schedule.configured(config, phase)),
                BUDGET: plain(phase.budget_yuan_per_customer_month),
            }
            for phase in found
        ]
        for phase, before, now in zip(found[1:], lived, lived[1:], strict=False):
            rows += [(name, phase.first_day, *row) for row in _differing(now, before)]
    table = pd.DataFrame(rows, columns=["strategy", "from_day", "key", "value", "before"])
    return table.astype({"from_day": np.int64})


def regional(configs: Mapping[str, Simulation]) -> pd.DataFrame:
    """Settings that have other values in some regions or tiers.

    Returns
    -------
    pandas.DataFrame
        ``strategy, from_day, until_day, regions, city_tiers, key, value, elsewhere``, a row for
        regions that are alike.
    """
    rows: list[tuple[Any, ...]] = []
    for name, config in configs.items():
        regions = [region.name for region in config.population.regions]
        for own in schedule.local_values(config):
            by_tiers: dict[str, list[str]] = {}
            for region, tiers in tiers_by_region(own.cities, regions).items():
                by_tiers.setdefault(_some(tiers, CITY_TIERS), []).append(region)
            days, told = (own.from_day, own.until_day), (_told(own.value), _told(own.elsewhere))
            rows += [
                (name, *days, _some(alike, regions), tiers, own.key, *told)
                for tiers, alike in by_tiers.items()
            ]
    columns = ["strategy", "from_day", "until_day", "regions", "city_tiers"]
    table = pd.DataFrame(rows, columns=[*columns, "key", "value", "elsewhere"])
    return table.astype({"from_day": np.int64, "until_day": np.int64})


def _some(words: Sequence[str], known: Sequence[str]) -> str:
    return EVERY_WORD if len(words) == len(known) else "; ".join(words)


def _flat(config: Simulation) -> dict[str, str]:
    return {key: _told(value) for key, value in _leaves(resolved(config), "")}


def _differing(now: Mapping[str, str], then: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    for key, value in now.items():
        if value != then.get(key) and (key == BUDGET or not key.startswith(LEFT_OUT)):
            yield key, value, then.get(key, "")


def _leaves(values: Any, path: str) -> Iterator[tuple[str, Any]]:
    for name, value in values.items():
        key = f"{path}.{name}" if path else name
        if isinstance(value, Mapping):
            yield from _leaves(value, key)
        elif not (isinstance(value, list) and any(isinstance(each, Mapping) for each in value)):
            yield key, value


def facts(config_dir: Path | None = None) -> pd.DataFrame:
    """The table of facts as it was when the comparison was made, with what was measured of each."""
    return beside(load_facts(config_dir=config_dir), config_dir)


__all__ = [
    "KINDS",
    "LEFT_OUT",
    "assumptions",
    "changes",
    "facts",
    "phases",
    "regional",
    "rests_on",
    "value_at",
]
