"""The records of a day with what levers add of their own, and the arrays that levers keep.

All is derived from what levers and shocks declare (`sim.operator.contract`); where none declares
anything these are the common records.
"""

from collections import namedtuple
from collections.abc import Collection
from typing import Any

import numpy as np
from numba import types

from sim.compilation.compiled import straight_line, written_out
from sim.operator.contract import KINDS, state_type
from sim.operator.discovery import MODULES
from sim.store.sources import own_modules
from sim.world import events, state

Declared = list[tuple[str, Any]]


def declared(what: str) -> Declared:
    """All that levers and shocks declare of one sort, each with its lever's or shock's name."""
    return [(name, each) for name, module in MODULES.items() for each in getattr(module, what, ())]


def _with_own(common: np.dtype[np.void], own: Declared, kind: str) -> np.dtype[np.void]:
    fields = [(name, common[name]) for name in common.names or ()]
    return np.dtype([*fields, *((f"{n}_{each.name}", kind) for n, each in own)], align=True)


OFFERS, EVENTS = declared("OFFERS"), declared("EVENTS")
EVENT_NAMES = tuple(f"{name}_{event.name}" for name, event in EVENTS)
INBOX = _with_own(state.INBOX, OFFERS, KINDS[float]) if OFFERS else state.INBOX
EVENT = _with_own(events.EVENT, EVENTS, "u1") if EVENTS else events.EVENT

OF_HOUSEHOLDS, OF_OPERATOR = declared("OF_HOUSEHOLDS"), declared("OF_OPERATOR")


def shared(name: str) -> str:
    """Where the operator's own numbers of a lever are kept."""
    return f"{name}_shared"


def _layouts() -> dict[str, np.dtype[np.void]]:
    layouts = {}
    for where, own in ((str, OF_HOUSEHOLDS), (shared, OF_OPERATOR)):
        for name in dict(own):
            layouts[where(name)] = state_type(state for lever, state in own if lever == name)
    return layouts or {"none": state_type(())}


LAYOUTS = _layouts()
_named: Any = namedtuple  # whose fields are known only now
States = _named("States", tuple(LAYOUTS))
# Of a lever that keeps something, where to see whether it is in use.
KEEPING = {
    name: next(n for n in (name, shared(name)) if n in LAYOUTS)
    for name in MODULES
    if name in LAYOUTS or shared(name) in LAYOUTS
}


# Of these, what is not at work everywhere: where none of it is, none of it is compiled. What is the
# user's own is there because it is wanted.
EVERYDAY = {name for name in KEEPING if getattr(MODULES[name], "EVERYDAY", False)}
SELDOM = frozenset(KEEPING) - EVERYDAY - {file.stem for _, file in own_modules()}


def has_code(states: Any, name: str) -> bool:
    """Whether code that is compiled for `States` of this type has what a lever or shock does."""
    if name not in KEEPING:
        return True
    kept = dict(zip(states.fields, states.types, strict=True))[KEEPING[name]]
    return not isinstance(kept, types.NoneType)


def states_in(world: Any) -> Any:
    """The type of `States` in the type of a `World`."""
    return dict(zip(world.fields, world.types, strict=True))["states"]


# The operator's own numbers as columns of the daily table: what they are when the day is over.
KEPT_NAMES = {f"{name}_{own.name}": own.stored for name, own in OF_OPERATOR}


def copy_kept(states: Any, row: Any) -> None:
    """Copy the operator's own numbers, of whatever is in use, to the day's figures."""
    for name, own in OF_OPERATOR:
        kept = getattr(states, shared(name))
        if kept is not None and len(kept) > 0:
            setattr(row, f"{name}_{own.name}", getattr(kept[0], own.name))


@written_out(copy_kept)
def _copy_kept(states: Any, row: Any) -> Any:
    lines = [
        f"if len(states.{shared(name)}) > 0: "
        f"row.{name}_{own.name} = states.{shared(name)}[0].{own.name}"
        for name, own in OF_OPERATOR
        if has_code(states, name)
    ]
    return straight_line("states, row", lines, {})


def states_for(
    households: int, in_use: Collection[str], before: Any = None, *, seldom: bool = True
) -> Any:
    """What levers keep: arrays for those in use, nothing for all others.

    Parameters
    ----------
    households
        How many there are.
    in_use
        Names of levers.
    before
        What was kept until now, which goes on.
    seldom
        Whether any of `SELDOM` is in use, ever; their code is compiled then.

    Returns
    -------
    States
        By lever an array of shape (households,), and (1,) of what the operator's is; (0,) where the
        lever is not in use, and None of all that are `SELDOM` where none of them is.
    """
    made: dict[str, Any] = {}
    for place, layout in LAYOUTS.items():
        name = place.removesuffix(shared(""))
        if name in SELDOM and not seldom:
            made[place] = None
            continue
        kept = getattr(before, place, None)
        kept = () if kept is None else kept
        declares, size = (OF_HOUSEHOLDS, households) if place == name else (OF_OPERATOR, 1)
        if len(kept) == 0 and name in in_use:
            kept = np.zeros(size, layout).view(np.recarray)
            for own in (state for lever, state in declares if lever == name):
                kept[own.name] = own.first
        elif len(kept) == 0:
            kept = np.zeros(0, layout).view(np.recarray)
        made[place] = kept
    return States(**made)


__all__ = [
    "EVENT",
    "EVENTS",
    "EVENT_NAMES",
    "INBOX",
    "KEEPING",
    "KEPT_NAMES",
    "OFFERS",
    "OF_HOUSEHOLDS",
    "OF_OPERATOR",
    "SELDOM",
    "States",
    "copy_kept",
    "declared",
    "has_code",
    "shared",
    "states_for",
    "states_in",
]
