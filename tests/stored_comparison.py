"""A comparison of made-up runs as it lies on disk, with real strategies and settings."""

from collections.abc import Iterable
from pathlib import Path

from sim.config.loading import load, resolved
from sim.experiments import compare
from tests.comparison_example import COST, STRATEGIES, result


def write_comparison(
    folder: Path,
    strategies: Iterable[str] = STRATEGIES,
    seeds: Iterable[int] = range(8),
    title: str | None = None,
) -> Path:
    """Write a comparison; `title` is what every strategy is called if given."""
    names, numbers = list(strategies), list(seeds)
    runs = {(name, seed): result(name, seed, size=600) for name in names for seed in numbers}
    configs = {name: load(name) for name in names}
    found = compare.tables(
        lambda name, seed, table: getattr(runs[name, seed], table),
        names,
        numbers,
        "baseline",
        {name: COST.get(name, 1.0) for name in names},
    )
    found |= compare.background(configs, "baseline", None)
    if title is not None:
        found["strategies"]["title"] = title
    manifest = {
        "experiment": "compare",
        "reference": "baseline",
        "strategies": names,
        "replications": len(numbers),
        "seed": 1,
        "budget": "own",
        "goal": "repurchasing_households",
        "goals": {"repurchasing_households": 1.0},
        "precision": 0.2,
        "overrides": ["population=<town>"],
        "run_seconds": 2.0,
        "configurations": {name: resolved(config) for name, config in configs.items()},
    }
    compare.write(folder, found, manifest)
    return folder
