"""Reach a cluster of the kind that was asked for."""

from contextlib import AbstractContextManager
from importlib.util import find_spec
from pathlib import Path

from sim.experiments.clusters.contract import Cluster, Described
from sim.parameters.quantity import ConfigurationError

CLUSTERS = {"dask": "distributed", "slurm": "submitit"}  # and the package that reaches them


def at_cluster(
    kind: str, described: Described, results: Path, workers: int, threads: int
) -> AbstractContextManager[Cluster]:
    """The machines that do runs, until the block ends; what is under way then is stopped.

    Parameters
    ----------
    kind
        One of `CLUSTERS`.
    described
        What `conf/executor/` says of it.
    results
        Folder of results; what jobs need on a shared disk goes into it.
    workers
        Runs side by side; 0 for as many as there are processors, or as the cluster has.
    threads
        That each run uses.

    Raises
    ------
    ConfigurationError
        When the package that reaches it is not installed, or nobody answers.
    """
    if find_spec(CLUSTERS[kind]) is None:
        raise ConfigurationError(
            f"executor={kind} needs {CLUSTERS[kind]}: install it with `pip install "
            "'repurchase[cluster]'`, or in a checkout with `pip install --editable '.[cluster]'`."
        )
    if kind == "dask":
        from sim.experiments.clusters.dask import dask_cluster

        return dask_cluster(described, workers)
    from sim.experiments.clusters.slurm import slurm_cluster

    return slurm_cluster(described, results, workers, threads)


__all__ = ["CLUSTERS", "at_cluster"]
