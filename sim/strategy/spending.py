"""What a strategy will spend: what is fixed, what depends on behaviour, and an estimate."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from sim.config.loading import Simulation
from sim.console.progress import OnProgress
from sim.experiments.executors import ExecutionSettings, run_missing
from sim.experiments.plan import planned, replication_seeds
from sim.operator.budget import monthly_cost_yuan
from sim.operator.discovery import LEVERS
from sim.operator.hooks import MONTH_DAYS
from sim.store.runs import Store
from sim.strategy.meaning import levers_on


def fixed_yuan(operator: Any) -> dict[str, float]:
    """Yuan per customer and month that each lever costs whatever anybody does."""
    return monthly_cost_yuan(operator, 1.0)


def by_what_runs(config: Simulation) -> list[str]:
    """Levers in use that pay for each chat, KOC or message they keep going."""
    return [name for name in levers_on(config) if hasattr(LEVERS[name], "daily_cost_yuan")]


def by_what_parents_do(config: Simulation) -> list[str]:
    """Levers in use that pay, or give up price, for each click, order or reply."""
    return [name for name in levers_on(config) if hasattr(LEVERS[name], "charge")]


@dataclass(frozen=True)
class Estimate:
    """What one world spent, per customer and month.

    Attributes
    ----------
    households, days
        Size of the world and length of the run.
    levers
        By lever: `paid`, money paid out, and `given_up`, price cuts, in yuan per customer and
        month.
    held_back_days
        Days on which the budget slowed the levers down.
    least_pace
        Slowest pace of the run: 1 is full strength.
    """

    households: int
    days: int
    levers: pd.DataFrame
    held_back_days: int
    least_pace: float

    @property
    def total(self) -> float:
        """Yuan per customer and month that count against the budget."""
        return float(self.levers.to_numpy().sum())


def estimates(
    configs: Sequence[Simulation],
    seed: int,
    settings: ExecutionSettings,
    on_progress: OnProgress | None = None,
) -> list[Estimate]:
    """Let the same world live through each configuration, and count what it spent.

    It is the first world of a comparison with this seed, which finds the runs done.
    """
    world = replication_seeds(seed, 1)[0]
    runs = [planned(config, world, config.strategy.name) for config in configs]
    run_missing(runs, settings, on_progress)
    store = Store(settings.results)
    return [
        estimate(store.table(run.key, "daily"), config)
        for run, config in zip(runs, configs, strict=True)
    ]


def estimate(daily: pd.DataFrame, config: Simulation) -> Estimate:
    """What a run spent, from its table of days."""
    months = float(daily["customers"].sum()) / MONTH_DAYS or float("nan")
    rows = {
        name: {
            "paid": float(daily[f"cost_{name}_yuan"].sum()) / months,
            "given_up": float(daily[f"discount_{name}_yuan"].sum()) / months,
        }
        for name in levers_on(config)
    }
    table = pd.DataFrame.from_dict(rows, orient="index", columns=["paid", "given_up"])
    held_back = daily["pace"] < 1.0
    return Estimate(
        households=config.population.households,
        days=len(daily),
        levers=table,
        held_back_days=int(held_back.sum()),
        least_pace=float(daily["pace"].min()),
    )


__all__ = [
    "Estimate",
    "by_what_parents_do",
    "by_what_runs",
    "estimate",
    "estimates",
    "fixed_yuan",
]
