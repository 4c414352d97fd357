"""A made-up calibration as it lies on disk, whose every figure is known."""

from pathlib import Path
from typing import Any

import pandas as pd

from sim.config.loading import experiment, load, resolved
from sim.evidence.facts import load_facts
from sim.experiments.keeping import keep

PINNED, UNEVEN = "behaviour.basket.deal_base", "behaviour.choose.recall"


def write_calibration(folder: Path, left: float = 0.25, **about: Any) -> Path:
    """Write a calibration to all facts marked fit, every third of which the best point misses.

    Parameters
    ----------
    folder
        Where to.
    left
        Share of the last wave's points that bear all facts.
    about
        What its manifest has otherwise.
    """
    asked = experiment("calibrate")[0]
    facts = [fact for fact in load_facts() if fact.role == "fit"]
    targets = pd.DataFrame(
        [
            {
                "id": fact.id, "kpi": fact.kpi, "unit": fact.unit, "reported": fact.value,
                "low": fact.low, "high": fact.high, "observed_sd": 0.1, "discrepancy_sd": 0.1,
                "noise_sd": 0.01, "usual": fact.value,
                "best": fact.high + 9 * (fact.high - fact.low) if i % 3 == 2 else fact.value,
                "inside": i % 3 != 2, "told_low": fact.low, "told_high": fact.high,
                "above": 0.5, "covered": i % 2 == 0, "without_low": fact.low,
                "without_high": fact.high, "worst_without": 4.0 + i, "emulator_error": 1.2,
            }
            for i, fact in enumerate(facts)
        ]
    )  # fmt: skip
    ranges = {each.partition("=")[0]: each.partition("(")[2] for each in asked["settings"]}
    settings = []
    for key, text in ranges.items():
        low, high = (float(each.rstrip(")")) for each in text.split(",")[:2])
        settings.append(
            {
                "setting": key, "what": "what it means", "unit": "share", "usual": low,
                "lowest": low, "highest": high, "best": (low * high) ** 0.5 if low > 0 else low,
                "mean": low, "low": low, "high": high, "pinned": 0.7 if key == PINNED else 0.1,
                "even": 0.01 if key == UNEVEN else 0.6,
            }
        )  # fmt: skip
    long = pd.DataFrame([{"draw": 1, "setting": key, "value": 1.0} for key in ranges])
    tables = {
        "targets": targets,
        "settings": pd.DataFrame(settings),
        "correlations": pd.DataFrame(
            [
                {"first": PINNED, "second": UNEVEN, "correlation": 0.4},
                {"first": PINNED, "second": "behaviour.need.cover_days", "correlation": -0.6},
            ]
        ),
        "waves": pd.DataFrame(
            [
                {"wave": 1, "points": 160, "left": 0.1, "inside": 0.0},
                {"wave": 2, "points": 80, "left": 0.02, "inside": left},
            ]
        ),
        "draws": long,
        "ranks": long.rename(columns={"value": "rank"}),
        "points": long.rename(columns={"draw": "point"}),
    }
    manifest = {
        "experiment": "calibrate",
        "scenario": "baseline",
        "seed": 1,
        "search": {
            "settings": list(asked["settings"]),
            "facts": [],
            "discrepancy": {"usual": 0.05},
            "waves": 1,
            "cutoff": 3.0,
        },
        "overrides": ["population=<town>"],
        "facts": {fact.id: fact.value for fact in facts},
        "walkers_agree": 1.08,
        "emulators_off": 0.7,
        "points": 240,
        "configuration": resolved(load("baseline")),
    }
    return keep(folder, tables, manifest | about)


__all__ = ["PINNED", "UNEVEN", "write_calibration"]
