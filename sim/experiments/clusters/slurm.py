"""Runs as jobs of Slurm, by submitit; or, to try them out, as the same jobs on this machine.

A job finds what it is to do, and leaves what came of it, in a folder of the results, which the
machines must share; the store is written from here all the same.
"""

import secrets
import shutil
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import submitit

from sim.experiments.clusters.contract import MOST_LOST, Described, LostCluster
from sim.experiments.clusters.job import Back, Job, do_job
from sim.experiments.workers import PATIENCE_SECONDS, Stopped, ctrl_c_later
from sim.parameters.quantity import ConfigurationError
from sim.store.folders import make_folder, plain_errors
from sim.store.provenance import processors
from sim.text.outgoing import cited

STOP = "stop"  # a file that tells jobs to end
LOOK_SECONDS = 0.05  # how often one looks whether a job is done
TELL_SECONDS = 0.5  # how often a job tells how far it is, and looks whether it shall end
MOST_JOBS = 500  # in the queue at once, where nobody says otherwise


class Slurm:
    """Jobs of a queue; see `contract.Cluster`."""

    def __init__(
        self, executor: "submitit.AutoExecutor", folder: Path, at_once: int, here: bool
    ) -> None:
        self._executor, self._folder, self.at_once = executor, folder, at_once
        self._here = here  # no file server's delay
        self._jobs: dict[int, tuple[Job, Any]] = {}
        self._lost: dict[int, int] = {}

    def start(self, job: Job) -> None:
        """Put a run into the queue."""
        with ctrl_c_later(), plain_errors(self._folder):
            self._jobs[job.number] = (job, self._executor.submit(_do, job, str(self._folder)))

    def finished(self, seconds: float) -> Iterable[tuple[int, Back]]:
        """What came back; a job that was lost is put into the queue again."""
        until = time.monotonic() + seconds
        while True:
            done = [index for index, (_, job) in self._jobs.items() if job.done()]
            for index in done:
                job, queued = self._jobs.pop(index)
                back = self._taken(job, queued)
                if back is not None:
                    yield index, back
            if done or time.monotonic() >= until:
                return
            time.sleep(LOOK_SECONDS)

    def _taken(self, job: Job, queued: Any) -> Back | None:
        try:
            if self._here and not queued.paths.result_pickle.exists():
                raise submitit.core.utils.UncompletedJobError  # for which submitit waits long
            back: Back = queued.result()
            return back
        except submitit.core.utils.FailedJobError as error:
            told = str(error).strip().splitlines()
            raise LostCluster(
                f"{job.run.label} failed as a job ({cited(told[-1] if told else '')}); it tells "
                f"more in {cited(queued.paths.stderr)}."
            ) from None
        except submitit.core.utils.UncompletedJobError:
            lost = self._lost[job.number] = self._lost.get(job.number, 0) + 1
            if lost >= MOST_LOST:
                raise LostCluster(
                    f"The job of {job.run.label} died {lost} times (killed, out of memory or of "
                    "time): raise executor.memory_gib or executor.minutes; it tells more in "
                    f"{cited(queued.paths.stderr)}."
                ) from None
            self.start(job)
            return None

    def day(self, index: int) -> int:
        """How many days a run has lived, as far as its job has told."""
        try:
            return int(_days_file(self._folder, index).read_text())
        except (OSError, ValueError):  # not begun, or just being written
            return -1

    def stop(self) -> None:
        """Take back what waits, and have what is under way end at its next day."""
        if not self._jobs:
            return
        (self._folder / STOP).touch()
        for _, job in self._jobs.values():
            with suppress(Exception):  # whatever a queue says to that: it is gone, or will be
                job.cancel()
        until = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < until and not all(job.done() for _, job in self._jobs.values()):
            time.sleep(LOOK_SECONDS)


@contextmanager
def slurm_cluster(
    described: Described, results: Path, workers: int, threads: int
) -> Iterator[Slurm]:
    """A queue for jobs, until the block ends; what jobs left is removed unless one failed."""
    here = described.queue == "here"
    folder = results / "jobs" / secrets.token_hex(6)
    with plain_errors(folder):
        make_folder(folder)
    try:
        executor = submitit.AutoExecutor(folder, cluster="local" if here else "slurm")
    except RuntimeError:
        shutil.rmtree(folder, ignore_errors=True)
        raise ConfigurationError(
            "There is no Slurm on this machine (no command srun): run this where jobs are sent "
            "from, or say executor.queue=here to try the jobs out."
        ) from None
    executor.update_parameters(
        name="repurchase",
        timeout_min=described.minutes,
        mem_gb=described.memory_gib,
        cpus_per_task=max(threads, 1),
        **({"slurm_partition": described.partition} if described.partition else {}),
    )
    cluster = Slurm(executor, folder, workers or (processors() if here else MOST_JOBS), here)
    try:
        yield cluster
    except LostCluster:  # it names a file of the folder
        cluster.stop()
        raise
    except BaseException:
        cluster.stop()
        shutil.rmtree(folder, ignore_errors=True)
        raise
    shutil.rmtree(folder, ignore_errors=True)


def _days_file(folder: Path, index: int) -> Path:
    return folder / f"days-{index}"


def _do(job: Job, folder: str) -> Back:
    """Do a run in a job."""
    place, last = Path(folder), 0.0

    def on_day(day: int) -> None:
        nonlocal last
        if time.monotonic() - last > TELL_SECONDS:
            _days_file(place, job.number).write_text(str(max(day + 1, 0)))
            last = time.monotonic()
            if (place / STOP).exists():
                raise Stopped

    return do_job(job, on_day)


__all__ = ["Slurm", "slurm_cluster"]
