"""Configurations drawn at random, every number and choice anywhere in its declared range."""

import re
from collections.abc import Iterator
from dataclasses import Field, fields, is_dataclass
from typing import Any

import numpy as np

from sim.agents.model import RepurchaseModel
from sim.config.loading import Simulation, from_resolved, load, resolved
from sim.parameters.quantity import ConfigurationError
from tests.shipped import SHIPPED

SIZE = ["population.households=150", "run.warmup_days=40", "run.days=35"]
FIXED = {"run", "population.households"}  # how large and long a test is
TOGETHER = re.compile(
    r"regions\.\d+\.share|(from|to)_month|persona_\w+_share"
)  # must fit one another
PART = 0.1  # of all numbers that are drawn


def numbers(part: Any, path: str = "") -> Iterator[tuple[str, Field[Any], Any]]:
    """Key, declaration and value of every number with a range, and every choice."""
    for item in fields(part):
        value, key = getattr(part, item.name), f"{path}.{item.name}".lstrip(".")
        if key in FIXED or TOGETHER.search(key):
            continue
        if is_dataclass(value):
            yield from numbers(value, key)
        elif isinstance(value, list):
            for i, member in enumerate(value):
                if is_dataclass(member):
                    yield from numbers(member, f"{key}.{i}")
        elif "low" in item.metadata and not isinstance(value, bool):
            yield key, item, value


def with_value(values: Any, key: str, value: Any) -> Any:
    """Put a value into a resolved configuration; returns the one that stood there."""
    *path, last = key.split(".")
    for part in path:
        values = values[int(part)] if isinstance(values, list) else values[part]
    before, values[last] = values[last], value
    return before


def drawn(item: Field[Any], value: Any, luck: np.random.Generator) -> Any:
    """Another value of the same kind within the declared range, its ends now and then."""
    low, high = item.metadata["low"], item.metadata["high"]
    if words := item.metadata.get("words"):
        return words[drawn_whole(low, high, luck)]
    low, high = max(low, -1e6), min(high, 1e6)
    if isinstance(value, int):
        return drawn_whole(low, high, luck)
    return float(luck.choice([low, high, luck.uniform(low, high), luck.uniform(low, high)]))


def drawn_whole(low: float, high: float, luck: np.random.Generator) -> int:
    """A whole number of a range, its ends now and then."""
    return int(luck.choice([low, high, luck.integers(int(low), int(high) + 1)]))


def random_configuration(seed: int) -> Simulation:
    """A strategy of the project's with a tenth of all its numbers drawn anew."""
    luck = np.random.default_rng(seed)
    names = SHIPPED
    while True:
        config = load(str(luck.choice(names)), SIZE)
        values = resolved(config)
        for key, item, value in numbers(config):
            if luck.random() < PART:
                with_value(values, key, drawn(item, value, luck))
        values["strategy"]["budget_yuan_per_customer_month"] = 1e6
        try:
            drawn_config = from_resolved(values)
            RepurchaseModel(drawn_config, seed)
            return drawn_config
        except ConfigurationError:
            continue  # numbers that are possible each by itself, and not together
