"""A made-up validation as it lies on disk, whose every figure is known."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sim.config.loading import load, resolved
from sim.evidence.facts import load_facts
from sim.evidence.regularities import BESIDE, load_regularities
from sim.experiments import beyond
from sim.experiments.keeping import keep
from sim.experiments.validate import summary

VERDICTS = ("inside", "outside", "undecided")


def write_validation(folder: Path, **about: Any) -> Path:
    """Write a validation whose verdicts take turns; `about` is what its manifest has otherwise."""
    facts = _rows(load_facts())
    regularities = _rows(load_regularities())
    tables = {
        "facts": facts.drop(columns=["source", "note"]),
        "summary": summary(facts),
        "looks": pd.DataFrame([{"look": 1, "replications": 5, "runs": 9, "undecided": 3}]),
        "regularities": regularities[list(beyond.COLUMNS)],
        "beside": pd.DataFrame(
            [
                {
                    "measure": each.measure, "item": item, "unit": each.unit,
                    "expected": np.nan if (each.measure, item) == ("cohort", "9") else 0.5,
                    "value": 0.6, "low95": 0.55, "high95": 0.65, "worlds": 5,
                }
                for each in BESIDE
                for item in each.items
            ]
        ),
        "history": pd.DataFrame(
            [
                {"id": "L01", "version": v, "date": "2026-01-01", "measured": m, "verdict": verdict}
                for v, m, verdict in (("0.1", 0.3, "outside"), ("0.2", 0.4, "inside"))
            ]
        ),
    }  # fmt: skip
    manifest = {
        "experiment": "validate",
        "scenario": "baseline",
        "replications": 5,
        "most_replications": 20,
        "seed": 1,
        "seeds": list(range(5)),
        "overrides": ["population=<town>"],
        "configuration": resolved(load("baseline")),
        "stopped": "5 worlds: every row is decided",
    }
    return keep(folder, tables, manifest | about)


def _rows(facts: Any) -> pd.DataFrame:
    rows = []
    for i, fact in enumerate(facts):
        put_in = fact.id == "I09"
        value = {"inside": fact.value, "outside": fact.high + 9.0, "undecided": fact.high}
        verdict = "not measured" if put_in else VERDICTS[i % 3]
        middle = value.get(verdict, np.nan)
        rows.append(
            {
                "id": fact.id, "kind": fact.kind, "role": fact.role, "kpi": fact.kpi,
                "who": fact.who, "condition": fact.condition, "unit": fact.unit,
                "reported": fact.value, "low": fact.low, "high": fact.high, "value": middle,
                "low95": middle - 0.01, "high95": middle + 0.01, "worlds": 0 if put_in else 5,
                "verdict": verdict, "worlds_needed": np.nan, "waits_for": "", "why": "",
                "source": fact.source, "note": fact.note,
            }
        )  # fmt: skip
    return pd.DataFrame(rows)


__all__ = ["write_validation"]
