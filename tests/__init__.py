"""Tests; compiled code and warmed-up worlds that they make stay in the checkout, in `.cache`.

A folder for each room of `sim/`, and `project/` for what is true of the whole. What several of
them share lies here; `faults`, `fuzz`, `mutants` and `benchmarks` are programs of their own.
"""

import os
from pathlib import Path

ROOT = Path(__file__).parents[1]  # of the checkout

os.environ.setdefault("REPURCHASE_CACHE", str(ROOT / ".cache"))
