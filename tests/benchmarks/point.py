"""A point of a design: a call of the simulator, beside the days that it lives."""

import time
from collections.abc import Callable
from statistics import median
from typing import Any

from sim import Simulator
from sim.config.loading import load
from sim.engine.model import Engine
from sim.engine.warm_up import WorldsInMemory, begin_strategy
from sim.store.cache_limit import MIB
from tests.benchmarks.line import Line
from tests.benchmarks.worlds import SEED, live

LEVER, BEHAVIOUR = "operator.coupons.strength", "behaviour.choose.recall"
OUTCOMES = ("repurchase_rate_365d", "churn_rate_365d", "contribution_yuan")


def measure(small: bool = False) -> list[Line]:
    """New points of a lever, of behaviour, and the days alone, by turns; medians of CPU time."""
    households, days, rounds = (500, 365, 2) if small else (2000, 365, 25)
    words = [f"population.households={households}", f"run.days={days}", "run.threads=1"]
    simulator = Simulator("baseline", [LEVER, BEHAVIOUR], OUTCOMES, words)
    alone, memory = load("baseline", words), WorldsInMemory(64 * MIB)
    usual = {LEVER: 0.0, BEHAVIOUR: alone.behaviour.choose.recall}
    simulator(usual, SEED)  # its world stays in memory, and what is called is compiled
    taken: dict[str, list[float]] = {"lever": [], "behaviour": [], "days": []}
    for number in range(1, rounds + 1):
        part = number / (rounds + 1)
        lever = {**usual, LEVER: part}
        behaviour = {**usual, BEHAVIOUR: usual[BEHAVIOUR] * (1.0 + part / 10)}
        taken["lever"].append(_milliseconds(lambda point=lever: simulator(point, SEED)))
        taken["behaviour"].append(_milliseconds(lambda point=behaviour: simulator(point, SEED)))
        model = Engine(alone, SEED)
        begin_strategy(model, memory=memory)
        taken["days"].append(_milliseconds(lambda model=model: live(model, days)))
    typical = {name: median(values) for name, values in taken.items()}
    a_point = f"a point of a lever, {households:,} households, {days} days"
    told = f"CPU, medians of {rounds} rounds by turns; {typical['days']:.1f} ms of it are the days"
    return [
        Line(a_point, typical["lever"], "ms", 60.0, note=told),
        Line("the same over its days alone", typical["lever"] / typical["days"], "ratio", 3.0),
        Line(
            "a point of behaviour, its warm-up lived, over its days alone",
            typical["behaviour"] / typical["days"],
            "ratio",
            note=f"{typical['behaviour']:.1f} ms; {alone.run.warmup_days:,} days of warm-up",
        ),
    ]


def _milliseconds(work: Callable[[], Any]) -> float:
    """Of this process's CPU time."""
    began = time.process_time()
    work()
    return (time.process_time() - began) * 1e3
