"""What households did with levers that have events of their own, in every segment."""

from functools import partial

import numpy as np

from sim.indicators.book import Book
from sim.indicators.registry import Indicator, Measured, total


def own_events(book: Book) -> list[Indicator]:
    """One indicator for each event that the run's levers declare."""
    return [
        Indicator(
            name=name,
            unit=unit,
            numerator=f"{about}, in the measurement year",
            denominator="one",
            measure=partial(_counted, name=name),
        )
        for name, (unit, about) in book.observed.own_events.items()
    ]


def _counted(book: Book, name: str) -> Measured:
    times = book.column(name)
    rows = np.flatnonzero(times)
    day, family = book.column("day")[rows], book.event_family[rows]
    here = (day >= book.first) & (day < book.days) & (family >= 0)
    return total(book, book.per_family(family[here], times[rows[here]]))


__all__ = ["own_events"]
