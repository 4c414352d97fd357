"""Tests; compiled code and warmed-up worlds that they make stay in the checkout, in `.cache`."""

import os
from pathlib import Path

os.environ.setdefault("REPURCHASE_CACHE", str(Path(__file__).parents[1] / ".cache"))
