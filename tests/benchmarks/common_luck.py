"""What common random numbers save: paired differences against independent ones."""

from concurrent.futures import ThreadPoolExecutor
from statistics import median

import pandas as pd
import yaml

from sim.config.loading import load
from sim.experiments.paired import ordered
from sim.experiments.simulate import simulate
from sim.experiments.statistics import variance_reduction
from tests.benchmarks.line import Line
from tests.benchmarks.shell import ROOT
from tests.benchmarks.worlds import THREADS

INDICATOR = "repurchase_rate_365d"


def measure(small: bool = False) -> list[Line]:
    """The same seeds under the strategies of the default comparison, each against its reference.

    How much is saved hangs on how many households a strategy moves: those it leaves alone cancel
    out, those it moves bring their own luck into the difference.
    """
    households, replications = (1000, 4) if small else (20_000, 40)
    words = [f"population.households={households}", "run.threads=1"]
    asked = yaml.safe_load((ROOT / "conf" / "compare.yaml").read_text())["experiment"]
    reference, *others = ordered(asked["strategies"], asked["reference"])
    configs = {name: load(name, words) for name in (reference, *others)}

    def lived(seed: int) -> dict[str, float]:
        return {name: _level(simulate(each, seed).indicators) for name, each in configs.items()}

    with ThreadPoolExecutor(THREADS) as pool:
        levels = pd.DataFrame(list(pool.map(lived, range(1, replications + 1))))
    saved = {name: variance_reduction(levels[name], levels[reference]) for name in others}
    each = ", ".join(f"{name} {ratio:.1f}" for name, ratio in saved.items())
    return [
        Line(
            "replications saved by common random numbers",
            median(saved.values()),
            "ratio",
            10.0,
            "higher",
            f"median of the default comparison's strategies: (var a + var b) / var(a - b) of "
            f"{INDICATOR}, {replications} worlds of {households:,} households; {each}",
        )
    ]


def _level(indicators: pd.DataFrame) -> float:
    chosen = (indicators["indicator"] == INDICATOR) & (indicators["by"] == "all")
    return float(indicators.loc[chosen, "value"].iloc[0])
