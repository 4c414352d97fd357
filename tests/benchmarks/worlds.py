"""Worlds to measure in: the full model under the integrated strategy."""

import time

from sim.agents.model import RepurchaseModel
from sim.config.loading import load

SEED = 1
THREADS = 2  # what the targets are stated for


def living(
    households: int,
    warmup_days: int,
    days: int,
    threads: int = THREADS,
    strategy: str = "integrated",
) -> RepurchaseModel:
    """A model on the first day of the strategy, with room for so many days."""
    config = load(
        strategy,
        [
            f"population.households={households}",
            f"run.warmup_days={warmup_days}",
            f"run.days={days}",
        ],
    )
    model = RepurchaseModel(config, SEED, threads=threads, keep_events=False)
    model.populate()
    live(model, warmup_days)
    model.operate(config.operator, config.strategy.budget_yuan_per_customer_month)
    return model


def live(model: RepurchaseModel, days: int) -> float:
    """Let so many days pass; the seconds they took."""
    began = time.perf_counter()
    model.live_until(model.day + days)
    return time.perf_counter() - began
