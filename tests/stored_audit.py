"""An audit of made-up worlds as it lies on disk, whose every figure is known."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from sim.config.loading import load, resolved
from sim.experiments import audit
from sim.experiments.auditing.policy import RECENT
from sim.experiments.auditing.records import OUTCOMES
from sim.experiments.auditing.subjects import SUBJECTS
from sim.experiments.compare import settled
from sim.experiments.keeping import keep

CAUSED = 0.2  # orders of a customer, as the other figures
WORLDS = range(5)
SAYS = {  # and the error that each method states
    "naive": (2.0, 0.01),
    "before_after": (-0.3, 0.01),
    "diff_in_diff": (0.05, 0.01),
    "matching": (0.9, 0.01),
    "regression": (0.15, 0.01),
    "double_ml": (0.22, 0.5),
    "ab_test": (0.04, 0.3),
    "ab_test_treated": (0.19, 0.3),
}
SEGMENTS = (
    ("all", "all"),
    ("past_orders", "1"),
    ("stage", "newborn"),
    ("won_by", "deal"),
    ("region", "East"),
)


def write_audit(
    folder: Path,
    subject: str = "community",
    says: Mapping[str, tuple[float, float]] = SAYS,
    worlds: Sequence[int] = WORLDS,
    **about: Any,
) -> Path:
    """Write an audit; `about` is what its manifest tells otherwise."""
    own, config = SUBJECTS[subject], load(SUBJECTS[subject].scenario)
    tables = audit.tables_of([_rows(seed, says) for seed in worlds])
    tables["leaves"], tables["policies"] = leaves(), policies()
    tables["runs"] = pd.DataFrame({"life": ["with"], "seed": [1], "key": ["0"]})
    manifest = {
        "experiment": "audit",
        "scenario": own.scenario,
        "replications": len(worlds),
        "seed": 1,
        "overrides": ["population=<town>"],
        "subject": own.name,
        "lever": own.lever,
        "outcome": "orders",
        "who": own.who,
        "why": own.why,
        "index_day": 180,
        "landmark": 270,
        "end": 450,
        "withheld": "is withheld",
        "no_test": "",
        "configuration": resolved(config),
        "seeds": list(worlds),
    }
    return keep(folder, {each: settled(own) for each, own in tables.items()}, manifest | about)


def leaves() -> pd.DataFrame:
    """A tree that picks three in ten."""
    about = {"leaf": 1, "rule": "orders_90d > 1.5", "addressed": True, "share": 0.3}
    return pd.DataFrame([{**about, "learnt": 3.0, "mean": 2.0, "low": 1.0, "high": 3.0, "n": 2}])


def policies() -> pd.DataFrame:
    """The tree brings two yuan a customer more than everybody, surely."""
    rows = [
        {"policy": name, "share": share, "mean": mean, "low": mean - 0.5, "high": mean + 0.5}
        | {"n": 2, "over_mean": mean - 1.0, "over_low": mean - 1.5, "over_high": mean - 0.5}
        for name, share, mean in (("everybody", 1.0, 1.0), ("tree", 0.3, 3.0), (RECENT, 0.5, 1.5))
    ]
    return pd.DataFrame(rows)


def _rows(seed: int, says: Mapping[str, tuple[float, float]]) -> dict[str, list[dict[str, Any]]]:
    """What one world tells; worlds lie about the figures above, a hundredth apart."""
    luck = (seed - 2) / 100.0
    found: dict[str, list[dict[str, Any]]] = {
        name: [] for name in ("worlds", "gaps", "effects", "tests", "months", "changed")
    }
    for outcome in OUTCOMES:
        of = {"seed": seed, "outcome": outcome}
        for method, (value, error) in says.items():
            whom, truth = ("offered", 0.05) if method == "ab_test" else ("treated", CAUSED)
            told = {"value": value + 2 * luck, "error": error, "caused": truth + luck, "level": 2.5}
            found["worlds"].append({**of, "method": method, "of": whom, **told})
        for method, parts in {
            "naive": {"caused": CAUSED, "who_takes_part": 1.85, "effect_on_others": -0.05},
            "before_after": {"caused": CAUSED, "changed_anyway": -0.5},
            "diff_in_diff": {"caused": CAUSED, "changed_anyway": -0.1, "effect_on_others": -0.05},
        }.items():
            for part, value in parts.items():
                named = {"outcome": outcome, "method": method, "part": part}
                found["gaps"].append({**named, "value": value + luck})
        for by, segment in SEGMENTS:
            for who, value in (("treated", CAUSED), ("others", 0.05)):
                place = {"outcome": outcome, "by": by, "segment": segment, "who": who}
                numbers = {"customers": 40, "without": 1.0, "value": value + luck}
                found["effects"].append({**place, **numbers})
        test = {"customers": 2000, "treated_share": 0.2, "variance": 2.0, "variance_without": 2.0}
        found["tests"].append({"outcome": outcome, **test, "value": 0.05 + luck})
    for month in range(3):
        for who in ("treated", "others"):
            found["months"].append({"month": month, "who": who, "value": 0.01 * month + luck})
    for by, segment in SEGMENTS:
        for what, value in (("won", 300.0), ("lost", 100.0), ("unmoved", 9600.0)):
            place = {"by": by, "segment": segment, "what": what, "customers": 2000}
            found["changed"].append({**place, "value": value + luck})
    return found


__all__ = ["CAUSED", "SAYS", "SEGMENTS", "leaves", "policies", "write_audit"]
