"""What a validation says beyond the facts: regularities, models that come back, the years before.

Part of `repurchase validate`, for it reads the same worlds and judges by the same verdicts; a few
worlds are its own. Its rows take as many worlds as the facts took at last and add none.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from sim.evidence.facts import Fact
from sim.evidence.regularities import BESIDE, BEYOND, CENSUS_DAYS, Beside
from sim.experiments.critical import CONFIDENCE
from sim.experiments.judging import Evidence, row_of
from sim.experiments.statistics import mean_intervals

COLUMNS = (
    "id", "kind", "role", "kpi", "who", "condition", "unit", "reported", "low", "high", "value",
    "low95", "high95", "worlds", "verdict", "why", "source", "note",
)  # fmt: skip
BESIDE_COLUMNS = ("measure", "item", "unit", "expected", "value", "low95", "high95", "worlds")


def worlds_needed(rows: Sequence[Fact]) -> set[str]:
    """Names of the worlds that these rows are read in, and those shown beside them."""
    ids = {row.id for row in rows} & set(BEYOND)
    found = {world for name in ids for world in BEYOND[name].worlds}
    return found | {each.world for each in BESIDE if each.read_as in ids}


def censuses(evidence: Evidence) -> dict[str, Sequence[int]]:
    """Runs that are read beyond the facts, by key: on which mornings everybody is looked at."""
    return {
        run.key: CENSUS_DAYS.get(world, ())
        for (world, _), run in evidence.runs.items()
        if world in evidence.beyond
    }


def tables(
    rows: Sequence[Fact], evidence: Evidence, seeds: Sequence[int]
) -> dict[str, pd.DataFrame]:
    """A row for each regularity, and the numbers that are shown one by one, from finished runs.

    Parameters
    ----------
    rows
        As `load_regularities` gives them.
    evidence, seeds
        The runs, and the worlds to read.
    """
    by_world = replace(evidence, confidence=CONFIDENCE)
    told = []
    for row in rows:
        about = {"source": row.source, "note": row.note}
        told.append(row_of(row, by_world, seeds) | about)
    ids = {row.id for row in rows}
    shown = [
        each
        for beside in BESIDE
        if beside.read_as in ids and by_world.why_not([beside.world]) is None
        for each in rows_beside(beside, by_world, seeds)
    ]
    return {
        "regularities": pd.DataFrame(told, columns=list(COLUMNS)),
        "beside": pd.DataFrame(shown, columns=list(BESIDE_COLUMNS)),
    }


def rows_beside(beside: Beside, evidence: Evidence, seeds: Sequence[int]) -> list[dict[str, Any]]:
    """A row for each number, means over the worlds."""
    read = np.array(evidence.readings(beside.read_as, beside.world, seeds), float)
    found = mean_intervals(read[:, beside.found], CONFIDENCE)
    if isinstance(beside.expected, slice):
        expected = mean_intervals(read[:, beside.expected], CONFIDENCE).mean
    else:
        expected = np.array(beside.expected, float)
    return [
        {
            "measure": beside.measure,
            "item": item,
            "unit": beside.unit,
            "expected": float(expected[i]),
            "value": float(found.mean[i]),
            "low95": float(found.low[i]),
            "high95": float(found.high[i]),
            "worlds": int(found.n[i]),
        }
        for i, item in enumerate(beside.items)
    ]


__all__ = ["COLUMNS", "censuses", "rows_beside", "tables", "worlds_needed"]
