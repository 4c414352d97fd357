"""The default comparison: eight strategies, six worlds of 20,000 households, 36 months."""

import tempfile
from pathlib import Path
from statistics import median

from tests.benchmarks.line import Line
from tests.benchmarks.shell import compare_seconds


def measure(small: bool = False) -> list[Line]:
    """From an empty cache; then with compiled code and warmed-up worlds, results thrown away."""
    words = ("population.households=2000", "-n", "2") if small else ()
    with tempfile.TemporaryDirectory() as home:
        cache = Path(home) / "cache"
        cold = compare_seconds(cache, Path(home) / "first", words)
        warm = [
            compare_seconds(cache, Path(home) / f"again{i}", words)
            for i in range(1 if small else 3)
        ]
    what = "default compare" if not small else "compare, 2,000 households, 2 replications"
    return [
        Line(f"{what}, from a cold start", cold, "s", 60.0, note="compilation included"),
        Line(
            f"{what}, warm",
            median(warm),
            "s",
            10.0,
            note="compiled and warmed up before, no results",
        ),
    ]
