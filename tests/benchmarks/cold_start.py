"""A start from nothing: a small comparison, compiled anew and compiled before."""

import tempfile
from pathlib import Path
from statistics import median

from tests.benchmarks.line import Line
from tests.benchmarks.shell import compare_seconds

WORDS = ("population.households=200",)


def measure(small: bool = False) -> list[Line]:
    """The same command with an empty cache, then with compiled code but no worlds or results."""
    with tempfile.TemporaryDirectory() as home:
        cache = Path(home) / "cache"
        cold = compare_seconds(cache, Path(home) / "first", WORDS)
        warm = []
        for i in range(1 if small else 3):
            for world in (cache / "worlds").glob("*"):
                world.unlink()
            warm.append(compare_seconds(cache, Path(home) / f"again{i}", WORDS))
    what = "compare of 200 households"
    return [
        Line(f"{what}, not compiled before", cold, "s", 45.0),
        Line(f"{what}, compiled before", median(warm), "s", 8.0),
    ]
