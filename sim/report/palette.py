"""One colour and marker per strategy, the same in every figure and report."""

from collections.abc import Iterable
from typing import NamedTuple

REFERENCE_COLOUR = "#777777"
# Paul Tol's "muted" scheme, told apart with any colour vision and in print.
COLOURS = (
    "#332288",
    "#CC6677",
    "#117733",
    "#88CCEE",
    "#882255",
    "#DDCC77",
    "#44AA99",
    "#AA4499",
    "#999933",
)
# His "light" scheme, for what is no strategy: levers, reasons, ways.
PARTS = (
    "#77AADD",
    "#EE8866",
    "#44BB99",
    "#EEDD88",
    "#FFAABB",
    "#AAAA00",
    "#99DDFF",
    "#BBCC33",
    "#BBBBBB",
)
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "<", ">")
# The strategies that come with the project keep theirs whatever they are compared with.
PLACES = (
    "integrated",
    "promotion_blast",
    "expert_community",
    "reminders",
    "koc_led",
    "membership",
    "service_first",
    "live_and_checkin",
    "baseline",
)


class Look(NamedTuple):
    """Colour and marker of a strategy."""

    colour: str
    marker: str


def looks(strategies: Iterable[str], reference: str) -> dict[str, Look]:
    """Look of every strategy: the reference grey, the project's own fixed, others what is free.

    With more strategies than colours, colours come again with other markers.
    """
    names = list(dict.fromkeys(strategies))
    found = {reference: Look(REFERENCE_COLOUR, "o")}
    taken = {PLACES.index(name) for name in names if name in PLACES and name != reference}
    free = [i for i in range(len(COLOURS)) if i not in taken]
    spare = 0
    for name in sorted(set(names) - {reference}):
        if name in PLACES:
            place, again = PLACES.index(name), 0
        else:
            pool = free or list(range(len(COLOURS)))
            place, again = pool[spare % len(pool)], spare // len(pool) + (not free)
            spare += 1
        found[name] = Look(COLOURS[place], MARKERS[(place + again) % len(MARKERS)])
    return {name: found[name] for name in [*names, reference]}


__all__ = ["COLOURS", "PARTS", "REFERENCE_COLOUR", "Look", "looks"]
