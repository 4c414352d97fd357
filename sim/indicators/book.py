"""The operator's book: a run's orders by family and day, and what was known on any day."""

from collections.abc import Callable
from functools import cached_property
from typing import Any, NamedTuple, TypeVar

import numpy as np

from sim.indicators.families import Families, Segments, families_of, segments_of
from sim.indicators.observed import (
    ACTIVE_DAYS,
    MONTH_DAYS,
    REACTED_DAYS,
    Array,
    Observed,
)
from sim.world.household import NEVER

Answer = TypeVar("Answer")


class Orders(NamedTuple):
    """The operator's filled orders, sorted by family, then day."""

    row: Array  # of each in `events`
    family: Array
    day: Array
    next_day: Array  # the family's next order, NEVER if none was seen
    paid_fen: Array
    goods_cost_fen: Array
    store: Array


class Events(NamedTuple):
    """Event records of one kind in the measurement year."""

    row: Array  # of each in `events`
    family: Array
    day: Array
    value: Array  # of the field that makes them of this kind


class History(NamedTuple):
    """What was known of each family at the start of a day; one entry per family."""

    orders: Array  # ever
    last_order_day: Array  # -NEVER if none


class Book:
    """A run as indicators read it; everything is computed once, when first asked for.

    Parameters
    ----------
    observed
        The run.
    """

    def __init__(self, observed: Observed) -> None:
        self.observed = observed
        self.days, self.first = observed.days, observed.first
        self._known: dict[Any, Any] = {}

    def once(self, question: Callable[..., Answer], *arguments: Any) -> Answer:
        """`question(book, *arguments)`, computed when first asked and remembered."""
        key = (question, arguments)
        if key not in self._known:
            self._known[key] = question(self, *arguments)
        answer: Answer = self._known[key]
        return answer

    @cached_property
    def families(self) -> Families:
        """Who is counted."""
        return families_of(self.observed)

    @cached_property
    def segments(self) -> Segments:
        """The segments they belong to."""
        return segments_of(self.observed, self.families)

    @cached_property
    def event_family(self) -> Array:
        """Family of each event record, -1 for one that left before day 0."""
        return self.families.index(self.column("household"), self.column("family"))

    def column(self, name: str) -> Array:
        """A field of every event, gathered once: reading wide records again and again is slow."""
        return self.once(_column, name)

    @cached_property
    def orders(self) -> Orders:
        """The operator's filled orders of families that lived on day 0 or later."""
        events = self.observed.events
        store = self.column("store")
        row = np.flatnonzero((store >= 0) & (store <= 1))
        filled = (events["list_fen"][row] > 0) & (self.column("unfilled")[row] == 0)
        row = row[filled & (self.event_family[row] >= 0)]
        family, day = self.event_family[row], self.column("day")[row].astype(np.int64)
        order = np.argsort(family * 2 * NEVER + day, kind="stable")
        row, family, day = row[order], family[order], day[order]
        following = np.full(len(row), NEVER)
        same = family[1:] == family[:-1]
        following[:-1][same] = day[1:][same]
        return Orders(
            row=row,
            family=family,
            day=day,
            next_day=following,
            paid_fen=events["paid_fen"][row].astype(np.int64),
            goods_cost_fen=events["goods_cost_fen"][row].astype(np.int64),
            store=store[row],
        )

    @cached_property
    def year(self) -> Array:
        """Which orders fell in the measurement year."""
        return (self.orders.day >= self.first) & (self.orders.day < self.days)

    @cached_property
    def orders_in_year(self) -> Array:
        """Orders of each family in the measurement year."""
        return self.per_family(self.orders.family[self.year])

    def per_family(self, family: Array, weight: Array | None = None) -> Array:
        """Count (or sum a weight over) events by family; shape (families,)."""
        return np.bincount(family, weight, minlength=self.families.count)

    def events(self, field: str) -> Events:
        """Event records of the measurement year in which `field` is not 0."""
        return self.once(_events, field)

    def history(self, day: int) -> History:
        """Orders ever and last order day of each family before `day` (0 or later)."""
        return self.once(_history, day)

    def lasting(self, name: str) -> Array:
        """What birth or synthesis gave each family: read at day 0, of later ones at the end."""
        return self.once(_lasting, name)

    @cached_property
    def first_order_day(self) -> Array:
        """Day each family became a customer, NEVER if it did not; shape (families,)."""
        start, families = self.observed.start, self.families
        known = np.where(
            (families.generation == 0) & (start["orders"][families.place] > 0),
            start["first_order_day"][families.place],
            NEVER,
        ).astype(np.int64)
        later = self.orders.day >= 0
        family, day = self.orders.family[later][::-1], self.orders.day[later][::-1]
        earliest = np.full(families.count, NEVER)
        earliest[family] = day
        return np.asarray(np.minimum(known, earliest))

    @cached_property
    def at_end(self) -> Array:
        """Index of the family living in each place at the end; shape (households,)."""
        last = np.flatnonzero(self.families.is_last)
        index: Array = np.empty(len(self.observed.end), np.int64)
        index[self.families.place[last]] = last
        return index

    def from_end(self, value: Array) -> Array:
        """A number per place at the end as a number per family, 0 for those that left."""
        out = np.zeros(self.families.count)
        out[self.at_end] = value
        return out

    @cached_property
    def member_at_end(self) -> Array:
        """Places whose family is in a group chat at the end."""
        return np.asarray(self.observed.end["group"] >= 0)

    @cached_property
    def active_member_at_end(self) -> Array:
        """Of those, who reacted to what they read, posted or checked in in the last 30 days."""
        recent = self.observed.end["last_reaction_day"] >= self.days - REACTED_DAYS
        return np.asarray(self.member_at_end & recent)

    def active_members(self, first: int, after: int) -> Array:
        """Whether each family reacted in a group chat on a day from `first` to before `after`.

        Both within the measurement year.
        """
        reactions = self.events("reacted")
        here = (reactions.day >= first) & (reactions.day < after)
        here &= self.observed.events["group"][reactions.row] >= 0
        active = np.zeros(self.families.count, bool)
        active[reactions.family[here]] = True
        return active

    def months(self) -> range:
        """First days of the whole 30-day months of the measurement year."""
        return range(self.first, self.days - MONTH_DAYS + 1, MONTH_DAYS)

    def active_customers(self, day: int) -> Array:
        """Families that ordered in the 90 days before `day`."""
        return self.history(day).last_order_day >= day - ACTIVE_DAYS


def _column(book: Book, name: str) -> Array:
    events = book.observed.events
    if events.dtype[name] != np.uint8 or not events.flags.c_contiguous:
        return np.ascontiguousarray(events[name])
    place = events.dtype.fields[name][1]  # type: ignore[index]
    first, block = book.once(_bytes)
    return np.asarray(block[:, place - first])


def _bytes(book: Book) -> tuple[int, Array]:
    """The one-byte fields of every event, side by side, and where in the record they begin."""
    events = book.observed.events
    fields = (events.dtype.fields or {}).values()
    places = [place for kind, place, *_ in fields if kind == np.uint8]
    width = events.dtype.itemsize
    raw = events.view(np.uint8).reshape(len(events), width)
    return min(places), raw[:, min(places) : max(places) + 1].copy()


def _history(book: Book, day: int) -> History:
    start, families, orders = book.observed.start, book.families, book.orders
    first = families.generation == 0
    count = np.where(first, start["orders"][families.place], 0).astype(np.int64)
    last = np.where(first, start["last_order_day"][families.place], -NEVER).astype(np.int64)
    seen = (orders.day >= 0) & (orders.day < day)
    count += book.per_family(orders.family[seen])
    # Sorted by day within a family: of several writes to one place the last one stays.
    last[orders.family[seen]] = orders.day[seen]
    return History(count, last)


def _lasting(book: Book, name: str) -> Array:
    place, first = book.families.place, book.families.generation == 0
    start, end = book.observed.start[name], book.observed.end[name]
    return np.where(first, start[place], end[place]).astype(np.int64)


def _events(book: Book, field: str) -> Events:
    value = book.column(field)
    row = np.flatnonzero(value)
    day = book.column("day")[row].astype(np.int64)
    counted = (day >= book.first) & (day < book.days) & (book.event_family[row] >= 0)
    row, day = row[counted], day[counted]
    return Events(row, book.event_family[row], day, value[row].astype(np.int64))


__all__ = ["Book", "Events", "History", "Orders"]
