"""Random splits of households, the same whenever they are asked for: the basis of A/B tests."""

import numpy as np
from numpy.typing import NDArray

from sim.compilation.compiled import entry_point
from sim.operator.audiences import OF_LOT
from sim.operator.discovery import LEVERS
from sim.world.draws import HOUSEHOLD, named_purpose, uniform

Places = NDArray[np.integer]


def in_lot(
    seed: int, lever: str, households: Places, families: Places, share: float
) -> NDArray[np.bool_]:
    """Who is of the lot of a lever's audience, as `in_split` has the others."""
    return in_split(seed, lever, households, families, share, OF_LOT)


def in_split(
    seed: int, lever: str, households: Places, families: Places, share: float, draw: int = 0
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
    draw
        Which of the lever's draws; `OF_LOT` decides the lot of its audience.

    Returns
    -------
    bool array, shape (n,)
    """
    if lever not in LEVERS:
        raise KeyError(lever)
    drawn = np.zeros(len(households), np.bool_)
    _draw_split(seed, named_purpose(lever) + draw, households, families, share, drawn)
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
