"""What proposes the points of an experiment, one way per file, all under the same contract."""

from sim.experiments.samplers.base import Evaluated, Sampler
from sim.experiments.samplers.grid import Grid
from sim.experiments.samplers.hypercube import Hypercube

__all__ = ["Evaluated", "Grid", "Hypercube", "Sampler"]
