"""Random splits of households, the same whenever they are asked for: the basis of A/B tests."""

import numpy as np
from numpy.typing import NDArray

from sim.compilation.compiled import entry_point
from sim.operator.audiences import (
    BY_CHAT,
    BY_CITY,
    BY_FRIENDS,
    BY_HOUSEHOLD,
    FRIENDS_TOGETHER,
    LOT_UNITS,
    OF_LOT,
    lot_of,
)
from sim.operator.discovery import LEVERS
from sim.world.draws import named_purpose

Places = NDArray[np.integer]


def in_split(
    seed: int, lever: str, households: Places, families: Places, share: float, draw: int = 0
) -> NDArray[np.bool_]:
    """Who was drawn, each household alone, into a lever's random share.

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
    nothing = np.zeros_like(households)
    purpose = _purpose(lever) + draw
    return _lots(seed, purpose, BY_HOUSEHOLD, households, families, nothing, nothing) < share


def in_lot(
    seed: int,
    lever: str,
    households: Places,
    families: Places,
    share: float,
    *,
    by: str = "household",
    chats: Places | None = None,
    cities: Places | None = None,
) -> NDArray[np.bool_]:
    """Who is of the lot of a lever's audience.

    Parameters
    ----------
    seed, lever, households, families, share
        As in `in_split`.
    by
        Who is drawn together, one of `LOT_UNITS`.
    chats, cities
        The chat each is in (-1 for none) and the number of its cities (`city_of`), shape (n,);
        where they are what is drawn.

    Returns
    -------
    bool array, shape (n,)
    """
    nothing = np.zeros_like(households)
    chats = np.full_like(nothing, -1) if chats is None else chats
    cities = nothing if cities is None else cities
    purpose = _purpose(lever) + OF_LOT
    unit = LOT_UNITS.index(by)
    return _lots(seed, purpose, unit, households, families, chats, cities) < share


def units(by: str, households: Places, chats: Places, cities: Places) -> NDArray[np.int64]:
    """Numbers of the units in which households are drawn, shape (n,): alike where together."""
    own, together = np.asarray(households, np.int64), np.asarray(chats, np.int64)
    return {
        BY_HOUSEHOLD: own,
        BY_CHAT: np.where(together >= 0, -1 - together, own),
        BY_FRIENDS: own // FRIENDS_TOGETHER,
        BY_CITY: np.asarray(cities, np.int64),
    }[LOT_UNITS.index(by)]


def _purpose(lever: str) -> int:
    if lever not in LEVERS:
        raise KeyError(lever)
    return named_purpose(lever)


def _lots(
    seed: int,
    purpose: int,
    unit: int,
    households: Places,
    families: Places,
    chats: Places,
    cities: Places,
) -> NDArray[np.float64]:
    lots = np.zeros(len(households))
    _draw_lots(seed, purpose, unit, households, families, chats, cities, lots)
    return lots


@entry_point
def _draw_lots(
    seed: int,
    purpose: int,
    unit: int,
    households: Places,
    families: Places,
    chats: Places,
    cities: Places,
    lots: NDArray[np.float64],
) -> None:
    for i in range(len(households)):
        who = int(households[i])
        lots[i] = lot_of(seed, unit, who, int(families[i]), int(chats[i]), int(cities[i]), purpose)


__all__ = ["in_lot", "in_split", "units"]
