"""Experiments that happened as they lie on disk after a backtest, with made-up predictions."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sim.config.loading import load, resolved
from sim.evidence.backtests import LIVED, TOLD_APART
from sim.evidence.facts import load_facts
from sim.evidence.published import experiments, load_published, load_yardsticks
from sim.experiments.backtest import NOTHING, Prediction, judged, scores
from sim.experiments.keeping import keep

FAR = ("E02", "X11")  # predicted far too small
WRONG = "X05"  # predicted on the other side
NOT_BLIND = {"E01": "X01 was fitted", "E09": "sets behaviour.talk.invite_told"}


def write_backtest(folder: Path, worlds: int = 10, **about: Any) -> Path:
    """Write a backtest in which all is predicted as published but `FAR` and `WRONG`."""
    rows = []
    for each in experiments(load_published(), load_facts()):
        none = 1.0 if each.unit == "ratio" else 0.0
        middle, width = each.effect, (each.high - each.low) / 10
        if each.id in FAR:
            middle, width = none + (each.effect - none) / 20, abs(each.effect - none) / 100
        if each.id == WRONG:
            middle = 2 * none - each.effect
        ends = (middle - width, middle + width) if worlds > 1 else (np.nan, np.nan)
        found = NOTHING if each.yardstick else Prediction(middle, *ends, worlds)
        rows.append(
            {
                **{name: getattr(each, name) for name in TOLD},
                "predicted": found.mean,
                "predicted_low": found.low,
                "predicted_high": found.high,
                "worlds": found.worlds,
                **judged(each, found),
                "blind": each.id not in NOT_BLIND,
                "same_as": each.same_as,
                "fitted": NOT_BLIND.get(each.id, ""),
                "here": LIVED[each.id].here if each.id in LIVED else "",
                "note": each.note,
                "source": each.source,
                "why": TOLD_APART if each.yardstick else "",
            }
        )
    table = pd.DataFrame(rows)
    tables = {
        "experiments": table,
        "score": scores(table),
        "yardsticks": pd.DataFrame([vars(each) for each in load_yardsticks()]),
    }
    manifest = {
        "experiment": "backtest",
        "scenario": "baseline",
        "replications": worlds,
        "seed": 1,
        "seeds": list(range(worlds)),
        "runs": ["0a"],
        "overrides": ["population=<town>"],
        "configuration": resolved(load("baseline")),
    }
    return keep(folder, tables, manifest | about)


TOLD = ("id", "what", "who", "treatment", "outcome", "unit", "effect", "low", "high", "yardstick")

__all__ = ["FAR", "NOT_BLIND", "WRONG", "write_backtest"]
