"""An A/B test of made-up worlds as it lies on disk, whose every figure is known."""

from pathlib import Path
from typing import Any

import pandas as pd

from sim.config.loading import load, resolved
from sim.experiments import ab_test
from sim.experiments.compare import settled
from sim.experiments.keeping import keep

SAYS = {"household": (0.16, 0.02), "chat": (0.19, 0.08)}  # and the error that each states


def write_test(folder: Path, **about: Any) -> Path:
    """Write a test of challenges; `about` is what its manifest tells otherwise."""
    worlds = pd.DataFrame(
        [
            _row(seed, unit, outcome)
            for seed in range(5)
            for unit in SAYS
            for outcome in ab_test.OUTCOMES
        ]
    )
    runs = pd.DataFrame({"life": ["with"], "seed": [1], "key": ["0"]})
    tables = {"tests": ab_test.tests_of(worlds), "worlds": worlds, "runs": runs}
    manifest = {
        "experiment": "abtest",
        "scenario": "live_and_checkin",
        "replications": 5,
        "seed": 1,
        "overrides": ["population=<town>"],
        "lever": "check_in",
        "draw_by": list(SAYS),
        "share": 0.5,
        "of_whom": "members",
        "outcome": "visited",
        "index_day": 60,
        "end": 240,
        "starts": True,
        "configuration": resolved(load("live_and_checkin")),
        "seeds": list(range(5)),
    }
    return keep(folder, {name: settled(own) for name, own in tables.items()}, manifest | about)


def _row(seed: int, unit: str, outcome: str) -> dict[str, Any]:
    """What one world tells; worlds lie a hundredth apart."""
    luck, (says, error) = (seed - 2) / 100.0, SAYS[unit]
    spills = unit == "household"
    return {
        "seed": seed,
        "draw_by": unit,
        "outcome": outcome,
        "customers": 1000.0,
        "units": 1000.0 if spills else 30.0,
        "offered_share": 0.5,
        "without": 1.0,
        "value": says + luck,
        "error": error,
        "caused": 0.2 + luck / 10,
        "on_offered": 0.19 + luck / 10,
        "on_others": 0.03 * spills + luck / 10,
        "lacking": 0.01 * spills,
    }


__all__ = ["SAYS", "write_test"]
