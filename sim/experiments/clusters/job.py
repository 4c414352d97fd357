"""One run on another machine: what goes there, what is checked there, what comes back.

Tables travel as the Parquet that is stored, so that they are the same bytes wherever they were
made, and whether or not the machines share a disk.
"""

from collections.abc import Mapping
from typing import NamedTuple

from sim.experiments.plan import PlannedRun
from sim.experiments.workers import Compute, OnDay, lived
from sim.parameters.quantity import ConfigurationError
from sim.store import provenance
from sim.store.result import Result
from sim.store.runs import packed, run_key


class Job(NamedTuple):
    """A run to be done elsewhere.

    Attributes
    ----------
    number
        Of the run in its batch.
    run, compute, threads
        What is done, by which function, with how many threads; 0 for what the run says.
    code
        Fingerprint of the code here, which must be that there.
    sent
        Of the configuration, as it is sent; see `job_of`.
    """

    number: int
    run: PlannedRun
    compute: Compute
    threads: int
    code: str
    sent: str


def job_of(number: int, run: PlannedRun, compute: Compute, threads: int) -> Job:
    """The job of a run; its key may be that of something else that is kept of the same world."""
    return Job(number, run, compute, threads, provenance.code(), _told(run))


def _told(run: PlannedRun) -> str:
    return run_key(run.config, run.seed, run.keep_orders, run.orders_of_warmup)


class Done(NamedTuple):
    """A run that was done: its tables as they are stored, what it took, and on which machine."""

    tables: Mapping[str, bytes]
    info: Mapping[str, float | str]
    seconds: float
    machine: Mapping[str, str | int]


class Refused(NamedTuple):
    """A run that was not done, and why, in one sentence."""

    sentence: str


Back = Done | Refused


def do_job(job: Job, on_day: OnDay) -> Back:
    """Do a run, on the machine where this is called."""
    try:
        _check(job)
        result, seconds = lived(job.run, job.compute, job.threads, on_day)
    except ConfigurationError as error:
        return Refused(str(error))
    return _packed(result, seconds)


def _check(job: Job) -> None:
    """Refuse a run that this machine would do otherwise than the one that asked for it."""
    here = provenance.code()
    if here != job.code:
        raise ConfigurationError(
            f"A worker has other code ({here}) than this machine ({job.code}): install the same "
            "versions of the package, NumPy and Numba there, and start its workers anew."
        )
    if _told(job.run) != job.sent:
        raise ConfigurationError(
            f"The configuration of {job.run.label} did not arrive at a worker as it was sent: "
            "start the workers anew, with the same versions as here."
        )


def _packed(result: Result, seconds: float) -> Done:
    return Done(packed(result), result.info, seconds, provenance.origin()["machine"])


__all__ = ["Back", "Done", "Job", "Refused", "do_job", "job_of"]
