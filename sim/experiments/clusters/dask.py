"""Runs by Dask: workers started here for the batch, or those of a scheduler at an address."""

import logging
import secrets
import signal
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from queue import Empty, SimpleQueue

import dask
import distributed

from sim.experiments.clusters.contract import MOST_LOST, Described, LostCluster
from sim.experiments.clusters.job import Back, Job, do_job
from sim.experiments.workers import Stopped, ctrl_c_later
from sim.parameters.quantity import ConfigurationError
from sim.store.provenance import processors
from sim.text.outgoing import cited

ANSWER_SECONDS = 20  # in which a scheduler must answer and have a worker
TELL_SECONDS = 0.5  # how often a run tells how far it is, and asks whether it shall stop
AHEAD = 2  # runs for each worker, so that none waits for the next to arrive


class Dask:
    """Workers of a Dask scheduler; see `contract.Cluster`."""

    def __init__(self, client: "distributed.Client", where: str) -> None:
        self._client, self._where = client, where
        self._topic = f"repurchase-{secrets.token_hex(8)}"
        self._stop = distributed.Event(self._topic, client=client)
        self._futures: dict[int, distributed.Future[Back]] = {}
        self._back: SimpleQueue[tuple[int, distributed.Future[Back]]] = SimpleQueue()
        self._days: dict[int, int] = {}
        self.at_once = AHEAD * max(sum(client.nthreads().values()), 1)
        client.subscribe_topic(self._topic, self._hear)

    def start(self, job: Job) -> None:
        """Give them a run to do."""
        index = job.number
        key = f"{job.run.key}-{secrets.token_hex(4)}"
        future = self._client.submit(_do, job, self._topic, key=key, pure=False)
        self._futures[index] = future
        future.add_done_callback(lambda done: self._back.put((index, done)))

    def finished(self, seconds: float) -> Iterable[tuple[int, Back]]:
        """What came back; a worker that was lost has its runs done by another."""
        wait = seconds
        while True:
            try:
                index, future = self._back.get(timeout=wait)
            except Empty:
                return
            wait = 0.001
            del self._futures[index]
            yield index, self._taken(future)

    def _taken(self, future: "distributed.Future[Back]") -> Back:
        try:
            back: Back = future.result()
            return back
        except distributed.scheduler.KilledWorker:
            raise LostCluster(
                f"Workers of {self._where} died {MOST_LOST} times over the same run: give each "
                "more memory, or take fewer households."
            ) from None
        except distributed.client.FutureCancelledError:
            raise LostCluster(f"{self._where} is gone: start it again.") from None
        except ModuleNotFoundError as error:
            raise ConfigurationError(
                f"A worker of {self._where} has no module {cited(error.name)}: install the same "
                "version of this package there."
            ) from None

    def day(self, index: int) -> int:
        """How many days a run has lived, as far as it has told."""
        return self._days.get(index, -1)

    def _hear(self, event: tuple[float, tuple[int, int]]) -> None:
        _, (index, day) = event
        self._days[index] = day

    def stop(self) -> None:
        """Have no run begun that waits, and those under way end at their next day."""
        if self._futures:
            self._stop.set()
            self._client.cancel(list(self._futures.values()))


@contextmanager
def dask_cluster(described: Described, workers: int) -> Iterator[Dask]:
    """A scheduler and its workers, until the block ends."""
    quiet = {"distributed.scheduler.allowed-failures": MOST_LOST - 1}
    logging.getLogger("distributed").setLevel(logging.CRITICAL)  # what matters is said in sentences
    with ExitStack() as at_hand, dask.config.set(quiet):
        address, where = described.address, "the workers on this machine"
        if address:
            where = f"the Dask scheduler at {cited(address)}"
            if workers:
                raise ConfigurationError(
                    f"workers={workers} says nothing to {where}: it has as many as were started."
                )
        else:
            with ctrl_c_later():  # workers would tell of it; they end with the block
                started = distributed.LocalCluster(
                    n_workers=workers or processors(),
                    threads_per_worker=1,
                    dashboard_address=":0",  # any port: its usual one may be taken
                    silence_logs=logging.CRITICAL,
                )
            at_hand.callback(started.close)
            address = started.scheduler_address
        client = at_hand.enter_context(_connected(address, where))
        if not described.address:
            client.register_plugin(_CtrlCIsOurs())
        cluster = Dask(client, where)
        at_hand.callback(cluster.stop)
        yield cluster


@contextmanager
def _connected(address: str, where: str) -> Iterator["distributed.Client"]:
    try:
        client = distributed.Client(address, timeout=ANSWER_SECONDS, set_as_default=False)
    except (OSError, TimeoutError, ValueError):
        raise ConfigurationError(
            f"{where[0].upper()}{where[1:]} does not answer: start it there with `dask scheduler`, "
            "or correct executor.address (tcp://name:8786)."
        ) from None
    try:
        with client:
            client.wait_for_workers(1, timeout=ANSWER_SECONDS)
            yield client
    except TimeoutError:
        raise ConfigurationError(
            f"{where[0].upper()}{where[1:]} has no workers: start some with `dask worker "
            f"{address}`."
        ) from None


class _CtrlCIsOurs(distributed.WorkerPlugin):
    """Workers of one's own leave Ctrl-C to who started them, and end when that one says so."""

    def setup(self, worker: object) -> None:
        """Called in each worker, also in one that takes the place of one that died."""
        signal.signal(signal.SIGINT, signal.SIG_IGN)


def _do(job: Job, topic: str) -> Back:
    """Do a run in a worker."""
    worker, last = distributed.get_worker(), 0.0
    stop = distributed.Event(topic, client=distributed.get_client())  # the worker's own: not closed

    def on_day(day: int) -> None:
        nonlocal last
        if time.monotonic() - last > TELL_SECONDS:
            worker.log_event(topic, (job.number, max(day + 1, 0)))
            last = time.monotonic()
            if stop.is_set():
                raise Stopped

    return do_job(job, on_day)


__all__ = ["Dask", "dask_cluster"]
