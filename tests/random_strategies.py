"""Strategies drawn at random: which levers are on, how strongly, and with which numbers."""

from dataclasses import fields
from pathlib import Path

import numpy as np
import yaml

from sim.config.loading import load

ON = 0.6  # chance that a lever is on
LEAST, MOST = 0.5, 1.5  # times the usual value, within the declared range


def write_random_strategies(folder: Path, seeds: list[int]) -> list[str]:
    """Put scenarios into a folder of one's own; returns their names."""
    (folder / "scenarios").mkdir(parents=True)
    names = []
    for seed in seeds:
        names.append(f"random_{seed}")
        told = yaml.safe_dump(random_strategy(seed), sort_keys=False)
        (folder / "scenarios" / f"{names[-1]}.yaml").write_text(f"# @package _global_\n{told}")
    return names


def random_strategy(seed: int) -> dict[str, object]:
    """A scenario: levers of any strength, each number around its usual value."""
    luck, levers = np.random.default_rng(seed), {}
    for name, own in vars(load("baseline").operator).items():
        if not hasattr(own, "strength"):
            continue
        strength = float(luck.uniform()) if luck.uniform() < ON else 0.0
        levers[name] = {"strength": strength}
        for item in fields(own):
            value = getattr(own, item.name)
            if isinstance(value, float) and item.name != "strength":
                low, high = item.metadata["low"], item.metadata["high"]
                drawn = value * luck.uniform(LEAST, MOST)
                levers[name][item.name] = float(min(max(drawn, low), high))
    about = {"title": f"Random {seed}", "what": "Anything.", "why": "To see.", "cost": "Any."}
    return {"defaults": ["baseline", "_self_"], "strategy": about, "operator": levers}
