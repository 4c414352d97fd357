"""Which runs an experiment needs."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.engine.panel import one_in
from sim.store.runs import identity, key_of, run_key

if TYPE_CHECKING:
    from sim.config.loading import Simulation


@dataclass(frozen=True)
class PlannedRun:
    """One run to be done or found done.

    Attributes
    ----------
    label
        What a reader calls it, such as ``koc_led, replication 3``.
    config
        The resolved configuration, plain, so that it travels to another process.
    seed
        The run's seed.
    keep_orders
        Whether the order log is kept.
    key
        Its name in the store.
    orders_of_warmup
        Whether the order log has the orders of the warm-up, which the run then lives itself.
    """

    label: str
    config: dict[str, Any]
    seed: int
    keep_orders: bool
    key: str
    orders_of_warmup: bool = False

    @property
    def household_days(self) -> int:
        """What there is to simulate; of a warm-up only one that is surely lived through."""
        return int(self.config["population"]["households"]) * self.days

    @property
    def days(self) -> int:
        """Days there are to live: those of the strategy, and `days_before`."""
        return self.days_before + int(self.config["run"]["days"])

    @property
    def days_before(self) -> int:
        """Days of a warm-up that is never found on disk: the population is large, or orders of it
        are kept.
        """
        run = self.config["run"]
        large = one_in(self.config["population"]["households"], run["panel_households"]) > 1
        return int(run["warmup_days"]) if large or self.orders_of_warmup else 0


def planned(
    config: "Simulation",
    seed: int,
    label: str = "",
    keep_orders: bool = False,
    orders_of_warmup: bool = False,
) -> PlannedRun:
    """Plan one run of a configuration; to keep orders of the warm-up is to keep orders."""
    from sim.config.loading import resolved

    return planned_from(resolved(config), seed, label, keep_orders, orders_of_warmup)


def planned_from(
    values: dict[str, Any],
    seed: int,
    label: str = "",
    keep_orders: bool = False,
    orders_of_warmup: bool = False,
) -> PlannedRun:
    """Plan one run of a resolved configuration; see `planned`."""
    keep_orders = keep_orders or orders_of_warmup
    key = run_key(values, seed, keep_orders, orders_of_warmup)
    return PlannedRun(label, values, seed, keep_orders, key, orders_of_warmup)


def planned_in(config: "Simulation", seeds: Sequence[int], label: str) -> list[PlannedRun]:
    """Plan the replications of a configuration, which is written down once for all of them."""
    from sim.config.loading import resolved

    values = resolved(config)
    same = identity(values)
    return [
        PlannedRun(f"{label}, replication {i}", values, seed, False, key_of(same, seed))
        for i, seed in enumerate(seeds, 1)
    ]


def replication_seeds(seed: int, replications: int) -> list[int]:
    """Seeds of an experiment's replications.

    The first ten of twenty are the ten of ten, so more replications add to what is there; and
    experiments with different seeds share no world, so that one can confirm the other.
    """
    return [
        int(np.random.SeedSequence([seed, number]).generate_state(1, np.uint32)[0])
        for number in range(replications)
    ]


__all__ = ["PlannedRun", "planned", "planned_from", "planned_in", "replication_seeds"]
