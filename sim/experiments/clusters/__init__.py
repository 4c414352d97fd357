"""Machines beside this one that do runs: one file for each way to reach them."""

from sim.experiments.clusters.reaching import CLUSTERS, at_cluster

__all__ = ["CLUSTERS", "at_cluster"]
