"""Emulators: what a figure would be at points that nobody has lived, and how sure that is.

Each figure has a Gaussian process over the points lived so far (Sacks, Welch, Mitchell & Wynn
1989); the luck of worlds is noise to it, and part of what it is unsure of.
"""

import warnings
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
MOST_POINTS = 400  # a process learns from; its time grows with their third power
LEAST_POINTS = 12  # from fewer nothing is learnt: the figure is emulated by mean and spread alone
CLIPPED = 6.0  # robust standard deviations: beyond, a figure says "far off" and no more
OF_NORMAL = 1.4826  # median absolute deviation to standard deviation


class Emulators:
    """What figures would be.

    Parameters
    ----------
    places
        Points that were lived, each a row of numbers from 0 to 1; the latest last.
    figures
        A row per point, a column per figure; missing where it was not measured.
    """

    def __init__(self, places: Floats, figures: Floats) -> None:
        self._own = [_Emulator(places, own) for own in figures.T]

    def told(self, places: Floats) -> tuple[Floats, Floats]:
        """Figures at other places and their standard deviations, a row per place."""
        from threadpoolctl import threadpool_limits

        with threadpool_limits(1):  # sums of one thread are the same everywhere
            both = [own.told(places) for own in self._own]
        return np.array([mean for mean, _ in both]).T, np.array([sd for _, sd in both]).T


class _Emulator:
    """One figure."""

    def __init__(self, places: Floats, figure: Floats) -> None:
        there = np.flatnonzero(np.isfinite(figure))[-MOST_POINTS:]
        self._process: Any = None
        if len(there) == 0:
            self._centre, self._scale = np.nan, np.inf
            return
        own = figure[there]
        self._centre = float(np.median(own))
        robust = OF_NORMAL * float(np.median(np.abs(own - self._centre)))
        self._scale = robust or float(own.std()) or 1e-9
        if len(there) >= LEAST_POINTS:
            scaled = np.clip((own - self._centre) / self._scale, -CLIPPED, CLIPPED)
            self._process = _fitted(places[there], scaled)

    def told(self, places: Floats) -> tuple[Floats, Floats]:
        if self._process is None:
            return np.full(len(places), self._centre), np.full(len(places), self._scale)
        mean, sd = self._process.predict(places, return_std=True)
        return mean * self._scale + self._centre, sd * self._scale


def _fitted(places: Floats, scaled: Floats) -> Any:
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.gaussian_process import GaussianProcessRegressor
    from sklearn.gaussian_process.kernels import RBF, ConstantKernel, DotProduct, WhiteKernel
    from threadpoolctl import threadpool_limits

    kernel = (
        ConstantKernel(1.0) * RBF(2.0, (0.4, 20.0))
        + ConstantKernel(0.3) * DotProduct(1.0)
        + WhiteKernel(0.1, (1e-3, 2.0))
    )
    with warnings.catch_warnings(), threadpool_limits(1):
        warnings.simplefilter("ignore", ConvergenceWarning)  # a bound of a scale is no matter
        return GaussianProcessRegressor(kernel).fit(places, scaled)


__all__ = ["Emulators"]
