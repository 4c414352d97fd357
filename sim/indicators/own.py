"""What households did with levers that have events of their own, in every segment."""

from functools import partial

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
    times, day = book.column(name), book.column("day")
    here = (day >= book.first) & (day < book.days) & (times > 0)
    here &= book.event_family >= 0
    return total(book, book.per_family(book.event_family[here], times[here]))


__all__ = ["own_events"]
