"""When levers learn from what they have noted: in the morning, every so many days, in plain Python.

A lever's hook `study` sees its settings and what it keeps, of households and of its own, and
nothing else of the world: whatever it learns, it learns from what its other hooks have written
down. It may write on what it keeps.
"""

from collections.abc import Iterator
from typing import Any

from sim.operator.discovery import LEVERS, hooks
from sim.operator.own_records import shared
from sim.world.state import World

STUDIES = hooks("study")


def learning(operator: Any) -> Iterator[tuple[str, int]]:
    """Levers at work that learn, each with the days from one study to the next."""
    for name in STUDIES:
        own = getattr(operator, name)
        if own.strength > 0.0:
            yield name, getattr(own, LEVERS[name].STUDIES_EVERY)


def next_study(operator: Any, day: int, until: int) -> int:
    """The first day after `day` on which a lever learns; `until` if that comes before."""
    return min([until, *((day // every + 1) * every for _, every in learning(operator))])


def study(operator: Any, world: World, day: int) -> None:
    """Let every lever learn whose day it is."""
    for name, every in learning(operator):
        if day % every == 0:
            kept: Any = getattr(world.states, name, None)
            own: Any = getattr(world.states, shared(name), None)
            STUDIES[name](world.levers[name], kept, None if own is None else own[0], day)


__all__ = ["learning", "next_study", "study"]
