"""Starsim's SIR example, an agent-based model that does far less per agent and step."""

import importlib.util
import os
import time
from statistics import median

from tests.benchmarks.line import Line
from tests.benchmarks.worlds import THREADS, live, living

AGENTS = 200_000
WHAT = "the engine over Starsim's SIR example"


def measure(small: bool = False) -> list[Line]:
    """Agent-steps a second of Starsim, household-days a second of the engine; the same number."""
    if importlib.util.find_spec("starsim") is None:
        missing = "Starsim is not installed: pip install -r requirements-bench.lock."
        return [Line(WHAT, None, "ratio", 10.0, "higher", missing)]
    agents = 10_000 if small else AGENTS
    theirs = median(_starsim_speed(agents) for _ in range(1 if small else 3))
    days = 5 if small else 60
    model = living(agents, days, days + 30)
    live(model, 30)
    ours = agents * days / live(model, days)
    return [
        Line(
            WHAT,
            ours / theirs,
            "ratio",
            10.0,
            "higher",
            f"{agents:,} agents; {ours:,.0f} household-days/s with {THREADS} threads over "
            f"{theirs:,.0f} agent-steps/s as Starsim runs by itself",
        )
    ]


def _starsim_speed(agents: int) -> float:
    """Agent-steps a second of the example in its documentation: random contacts, SIR."""
    os.environ.setdefault("STARSIM_INSTALL_FONTS", "0")
    import starsim

    sim = starsim.Sim(n_agents=agents, networks="random", diseases="sir", verbose=0)
    sim.init()
    began = time.perf_counter()
    sim.run()
    return float(agents * len(sim.t.timevec) / (time.perf_counter() - began))
