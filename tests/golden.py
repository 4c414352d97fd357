"""The tables of small runs, as they were before the code around the rules was rebuilt.

``python -m tests.golden`` records them anew, which only a change that is meant to change results
may do; `test_golden` compares. Every column of numbers has a checksum of its own, so that a
difference names the columns. Columns that came later are no difference.
"""

import hashlib
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from sim.config.loading import experiment, load
from sim.experiments.compare import compare
from sim.experiments.executors import ExecutionSettings
from sim.experiments.simulate import simulate
from sim.experiments.space import Choice
from sim.experiments.sweep import sweep
from sim.experiments.validate import validate
from sim.store.folders import read_table
from sim.store.runs import TABLES
from tests.shipped import SHIPPED

RECORD = Path(__file__).with_name("golden.json")
EXPERIMENTS = ("compare", "sweep", "validate")
LARGE = "default comparison"
SMALL = ("population.households=600", "run.days=120", "run.warmup_days=120")
# A column as it was recorded, and what it is called today.
RENAMED: dict[str, str] = {}


def of_run(scenario: str) -> dict[str, str]:
    """Checksums of one small run's tables, the order log among them."""
    result = simulate(load(scenario, SMALL), 1, warm_start=False, keep_orders=True)
    tables = {name: getattr(result, name) for name in TABLES}
    return dict(_columns(tables))


def of_experiment(command: str) -> dict[str, str]:
    """Checksums of the tables of a small experiment, or of the default comparison."""
    with tempfile.TemporaryDirectory() as place:
        settings = ExecutionSettings(results=Path(place), executor="threads")
        if command == LARGE:
            asked, _, _ = experiment("compare")
            named = (asked[name] for name in ("strategies", "replications", "seed", "reference"))
            folder = compare(*named, (f"run.days={asked['days']}",), settings)
        elif command == "compare":
            folder = compare(("baseline", "integrated"), 2, 1, "baseline", SMALL, settings)
        elif command == "sweep":
            points = {"operator.coupons.coupon_percent": Choice((5, 20))}
            folder = sweep(points, ["baseline"], settings, replications=2, overrides=SMALL)
        else:
            folder = validate("baseline", 2, 1, SMALL, settings)
        names = sorted(path.stem for path in folder.glob("*.parquet"))
        return dict(_columns({name: read_table(folder, name) for name in names}))


def _columns(tables: dict[str, pd.DataFrame]) -> Iterator[tuple[str, str]]:
    for name, table in tables.items():
        for column in table.columns:
            values = table[column].to_numpy()
            if values.dtype.kind in "iufb":
                kept = np.ascontiguousarray(values, "<f8").tobytes()
                yield f"{name}.{column}", hashlib.sha256(kept).hexdigest()[:16]


def recorded() -> dict[str, dict[str, str]]:
    """What was recorded, under today's names of columns."""
    record = json.loads(RECORD.read_text())
    return {
        part: {RENAMED.get(column, column): found for column, found in columns.items()}
        for part, columns in record.items()
    }


def main() -> None:
    """Record all."""
    record = {scenario: of_run(scenario) for scenario in SHIPPED}
    record |= {command: of_experiment(command) for command in (*EXPERIMENTS, LARGE)}
    RECORD.write_text(json.dumps(record, indent=1, sort_keys=True) + "\n")


if __name__ == "__main__":
    main()
