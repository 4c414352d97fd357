"""What common random numbers save: paired differences against independent ones."""

from concurrent.futures import ThreadPoolExecutor

import pandas as pd

from sim.config import load
from sim.experiments.statistics import variance_reduction
from sim.simulate import simulate
from tests.benchmarks.line import Line
from tests.benchmarks.worlds import THREADS

STRATEGIES = ("baseline", "integrated")
INDICATOR = "repurchase_rate_365d"


def measure(small: bool = False) -> list[Line]:
    """The same seeds under two strategies."""
    households, replications = (1000, 4) if small else (20_000, 20)
    words = [f"population.households={households}", "run.threads=1"]
    configs = [load(name, words) for name in STRATEGIES]

    def lived(seed: int) -> list[float]:
        return [_level(simulate(config, seed).indicators) for config in configs]

    with ThreadPoolExecutor(THREADS) as pool:
        pairs = list(pool.map(lived, range(1, replications + 1)))
    first, second = zip(*pairs, strict=True)
    return [
        Line(
            "replications saved by common random numbers",
            variance_reduction(first, second),
            "ratio",
            10.0,
            "higher",
            f"(var a + var b) / var(a - b) of {INDICATOR}, {' and '.join(STRATEGIES)}, "
            f"{replications} worlds of {households:,} households",
        )
    ]


def _level(indicators: pd.DataFrame) -> float:
    chosen = (indicators["indicator"] == INDICATOR) & (indicators["by"] == "all")
    return float(indicators.loc[chosen, "value"].iloc[0])
