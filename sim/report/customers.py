"""Segments of the customers of a day: what they are called, in which order, in which colour."""

from collections.abc import Iterable, Mapping

from sim.report.palette import COLOURS, REFERENCE_COLOUR, Look
from sim.report.words import Words

ALL = "all"
DIVISIONS = ("past_orders", "stage", "won_by", "region")
Segment = tuple[str, str]  # division, part


def named(there: Iterable[Segment], words: Words) -> dict[Segment, str]:
    """What the segments are called, everybody first, in the order in which they are shown."""
    places = set(there)
    found = {(ALL, ALL): words("customers.everybody")}
    for by in DIVISIONS:
        for each in words.ordered(by, {segment for which, segment in places if which == by}):
            of, told = words.name("customer_divisions", by), words.name(by, each)
            found[by, each] = words("customers.segment", of=of, segment=told)
    return {place: label for place, label in found.items() if place in places}


def looks(names: Mapping[Segment, str]) -> dict[str, Look]:
    """A colour for each division, by what segments are called; everybody grey."""
    colours = dict(zip((ALL, *DIVISIONS), (REFERENCE_COLOUR, *COLOURS), strict=False))
    return {label: Look(colours[by], "o") for (by, _), label in names.items()}


__all__ = ["ALL", "DIVISIONS", "Segment", "looks", "named"]
