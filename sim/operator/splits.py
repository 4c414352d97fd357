"""Random splits of households, the same whenever they are asked for: the basis of A/B tests."""

import numpy as np
from numpy.typing import NDArray

from sim.compilation.compiled import entry_point
from sim.operator.discovery import LEVERS
from sim.world.draws import HOUSEHOLD, named_purpose, uniform

Places = NDArray[np.integer]


def in_split(
    seed: int, lever: str, households: Places, families: Places, share: float
) -> NDArray[np.bool_]:
    """Who was drawn into a lever's random share.

    Parameters
    ----------
    seed
        Seed of the run.
    lever
        Name of the lever that made the split.
    households, families
        Places and families, shape (n,).
    share
        Share that was drawn.

    Returns
    -------
    bool array, shape (n,)
    """
    if lever not in LEVERS:
        raise KeyError(lever)
    drawn = np.zeros(len(households), np.bool_)
    _draw_split(seed, named_purpose(lever), households, families, share, drawn)
    return drawn


@entry_point
def _draw_split(
    seed: int,
    purpose: int,
    households: Places,
    families: Places,
    share: float,
    drawn: NDArray[np.bool_],
) -> None:
    for i in range(len(households)):
        drawn[i] = uniform(seed, HOUSEHOLD, households[i], families[i], purpose) < share
