"""What a diary is made of: days, what changed on them, and which rules were asked."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sim.world.household import CATEGORIES, FIELDS, STORES

if TYPE_CHECKING:
    from sim.config.loading import Simulation

PARTS = {"habit": STORES, "covered_until": CATEGORIES}  # names of the parts of a field


class Answer(NamedTuple):
    """One rule asked on one day.

    Attributes
    ----------
    rule
        Its name.
    given
        The numbers it was given, by name.
    said
        Its answer.
    within
        The rules that were asking, outermost first.
    shelf
        Until when each category lasted when it was asked; None for rules that read no record.
    """

    rule: str
    given: dict[str, float]
    said: Any
    within: tuple[str, ...]
    shelf: tuple[int, ...] | None


class Change(NamedTuple):
    """A field of the household's record before and after."""

    field: str
    before: float
    after: float
    unit: str
    about: str


@dataclass(frozen=True)
class Entry:
    """A day on which the household woke, or on which its record changed.

    Attributes
    ----------
    day
        Day of the run.
    woken_by
        One of WOKEN_BY.
    before, lived, after
        The household's record in the morning, as it went to sleep, and after the night, in which
        it may have been shown to a chat.
    inbox, today
        What the operator put before it, and what held for everyone; only what is not zero.
    event
        What it left behind (`sim.world.events.EVENT`); only what is not zero, and `store`.
    answers
        Every rule that was asked, in the order of answering.
    """

    day: int
    woken_by: str
    before: Any
    lived: Any
    after: Any
    inbox: dict[str, Any]
    today: dict[str, Any]
    event: dict[str, Any]
    answers: tuple[Answer, ...]

    @property
    def changes(self) -> list[Change]:
        """Every field that is not what it was in the morning."""
        return list(changes(self.before, self.after))

    def asked(self, rule: str) -> list[Answer]:
        """Every time a rule was asked."""
        return [answer for answer in self.answers if answer.rule == rule]


@dataclass(frozen=True)
class Diary:
    """One household under one strategy.

    Attributes
    ----------
    config
        What was run.
    seed, household
        Which world, and which place in it.
    first_day, end_day
        First day told of, and the first that is not.
    first, last
        The record on the first morning, and at the end.
    entries
        The days that left something to tell; on all others nothing changed.
    todays
        What held for everyone on each day, asleep or awake.
    """

    config: "Simulation"
    seed: int
    household: int
    first_day: int
    end_day: int
    first: Any
    last: Any
    entries: list[Entry]
    todays: list[dict[str, Any]]


def changes(before: Any, after: Any) -> Iterator[Change]:
    """Fields in which two records differ, part by part."""
    if before.tobytes() == after.tobytes():
        return
    for field in FIELDS:
        values = zip(np.ravel(before[field.name]), np.ravel(after[field.name]), strict=True)
        for part, (old, new) in enumerate(values):
            if old.tobytes() != new.tobytes():
                name = f"{field.name}[{PARTS[field.name][part]}]" if field.shape else field.name
                yield Change(name, old.item(), new.item(), field.unit, field.about)


__all__ = ["Answer", "Change", "Diary", "Entry", "changes"]
