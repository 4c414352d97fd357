"""Both lives of made-up customers as they lie on disk, whose every figure is known."""

from pathlib import Path
from typing import Any

import pandas as pd

from sim.config.loading import load, resolved
from sim.experiments.compare import settled
from sim.experiments.individuals import changed_table, effects_table
from sim.experiments.keeping import keep
from tests.stored_audit import leaves, policies

CUSTOMERS = 100  # of a world: ten won, five lost


def write_moved(folder: Path, **about: Any) -> Path:
    """Write what `repurchase individuals` would; `about` is what its manifest tells otherwise."""
    people = pd.DataFrame(
        [_customer(seed, number) for seed in range(5) for number in range(CUSTOMERS)]
    )
    tables = {
        "changed": changed_table(people),
        "effects": effects_table(people),
        "households": people,
        "orders": people[["seed", "household"]],
        "leaves": leaves(),
        "policies": policies(),
        "runs": pd.DataFrame({"life": ["strategy"], "seed": [1], "key": ["0"]}),
    }
    manifest = {
        "experiment": "individuals",
        "strategy": "integrated",
        "reference": "baseline",
        "index_day": 180,
        "end": 540,
        "replications": 5,
        "seed": 1,
        "overrides": ["population=<town>"],
        "configuration": resolved(load("baseline")),
        "seeds": list(range(5)),
    }
    return keep(folder, {name: settled(own) for name, own in tables.items()}, manifest | about)


def _customer(seed: int, number: int) -> dict[str, Any]:
    won, lost = number < 10 + (seed - 2), number >= 95
    return {
        "seed": seed,
        "household": number,
        "stage": "toddler" if number % 2 else "newborn",
        "region": "East",
        "won_by": "deal",
        "past_orders": "1",
        "changed": "won" if won else "lost" if lost else "unmoved",
        "orders_reference": float(lost),
        "orders_strategy": float(won),
        "repurchased_reference": float(lost),
        "repurchased_strategy": float(won),
        "margin_yuan_reference": 0.0,
        "margin_yuan_strategy": 0.0,
        "extra_cost_yuan": 7.0,
    }


__all__ = ["write_moved"]
