"""What a batch asks of a cluster, and how a cluster is described."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from sim.experiments.clusters.job import Back, Job
from sim.parameters.quantity import ConfigurationError
from sim.text.outgoing import cited

QUEUES = ("slurm", "here")
MOST_LOST = 3  # times that a run's worker may be lost before it is the run that is blamed


@dataclass(frozen=True)
class Described:
    """What `conf/executor/` says of a cluster; each kind reads what concerns it.

    Attributes
    ----------
    address
        Of a Dask scheduler that runs; empty: workers on this machine, started for the batch.
    queue
        ``slurm``, or ``here``: the same jobs as processes of this machine, to try them out.
    partition
        Of Slurm; empty: its usual one.
    minutes
        That a job may take.
    memory_gib
        Memory that a job may use.
    """

    address: str = ""
    queue: str = "slurm"
    partition: str = ""
    minutes: int = 60
    memory_gib: float = 4.0

    def __post_init__(self) -> None:
        if self.queue not in QUEUES:
            raise ConfigurationError(
                f"There is no queue {cited(self.queue)}; there are {', '.join(QUEUES)}."
            )
        if self.minutes < 1 or not self.memory_gib > 0:
            raise ConfigurationError("executor.minutes and executor.memory_gib must be above 0.")


class LostCluster(Exception):
    """A cluster is gone, or loses one run again and again; the message is a sentence."""


class Cluster(Protocol):
    """Machines that do runs; made by `at_cluster`, which lets go of them at the end."""

    at_once: int  # runs that it is worth giving them before any comes back

    def start(self, job: Job) -> None:
        """Give them a run to do."""

    def finished(self, seconds: float) -> Iterable[tuple[int, Back]]:
        """What came back, by the runs' indexes; waits at most so long for something to."""

    def day(self, index: int) -> int:
        """How many days a run has lived, as far as is known; -1 before it starts."""


__all__ = ["MOST_LOST", "QUEUES", "Cluster", "Described", "LostCluster"]
