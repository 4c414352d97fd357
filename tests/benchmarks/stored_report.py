"""The page of a stored comparison, made again with every figure as PNG and SVG."""

import tempfile
from pathlib import Path
from statistics import median

from tests.benchmarks.line import Line
from tests.benchmarks.shell import compare_seconds, seconds

# What the page costs hangs on strategies and replications: its tables have no row per household.
WORDS = ("population.households=2000",)


def measure(small: bool = False) -> list[Line]:
    """`repurchase report` of eight strategies and ten replications."""
    words = (*WORDS, "-n", "2") if small else WORDS
    with tempfile.TemporaryDirectory() as home:
        cache, results = Path(home) / "cache", Path(home) / "results"
        compare_seconds(cache, results, words)
        taken = [seconds(cache, "report", str(results)) for _ in range(1 if small else 3)]
        (page,) = results.glob("compare/*/report.html")
        size = page.stat().st_size / 1e6
    what = "report of the default comparison" if not small else "report of 2 replications"
    return [
        Line(f"{what}, every figure", median(taken), "s", 20.0, note="from stored results"),
        Line("its page", size, "MB", 5.0),
    ]
