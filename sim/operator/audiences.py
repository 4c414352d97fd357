"""Random splits of households, the same whenever they are asked for: the basis of A/B tests."""

import numpy as np

from sim.compiled import entry_point
from sim.operator.lever import LEVERS
from sim.world.draws import HOUSEHOLD, named_purpose, uniform


def in_split(
    seed: int, lever: str, households: "np.ndarray", families: "np.ndarray", share: float
) -> "np.ndarray":
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
    return _in_split(seed, named_purpose(lever), households, families, share)


@entry_point
def _in_split(seed, purpose, households, families, share):  # type: ignore[no-untyped-def]
    drawn = np.zeros(len(households), np.bool_)
    for i in range(len(households)):
        drawn[i] = uniform(seed, HOUSEHOLD, households[i], families[i], purpose) < share
    return drawn
