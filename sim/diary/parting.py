"""Two lives of one household under two strategies: the day they part."""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from sim.diary.entries import Diary, Entry, changes

# Fields of an event record that tell what the household was that morning, not what it did.
STATES = ("household", "day", "family", "group", "in_private_domain", "loyalty_member", "tier")


class Parting(NamedTuple):
    """The first day of each kind of difference; None if there was none.

    Attributes
    ----------
    reached
        Something else was put before the household, or held for everyone.
    became
        Its records are no longer the same.
    acted
        It did something else.
    """

    reached: int | None
    became: int | None
    acted: int | None


def part(one: Diary, other: Diary) -> Parting:
    """When two lives of the same household part.

    Parameters
    ----------
    one, other
        Diaries of the same household, seed and days under two strategies.
    """
    return Parting(
        _first(one, other, lambda a, b: a is not None and b is not None and bool(offers(a, b))),
        _first(one, other, _differ_in_record),
        _first(one, other, lambda a, b: _event_of(a) != _event_of(b)),
    )


def _first(
    one: Diary, other: Diary, differ: Callable[[Entry | None, Entry | None], bool]
) -> int | None:
    return next((day for day, a, b in side_by_side(one, other) if differ(a, b)), None)


def side_by_side(one: Diary, other: Diary) -> Iterator[tuple[int, Entry | None, Entry | None]]:
    """Every day on which either woke, with both entries; None for a quiet day."""
    lives = [{entry.day: entry for entry in diary.entries} for diary in (one, other)]
    for day in sorted(set(lives[0]) | set(lives[1])):
        yield day, lives[0].get(day), lives[1].get(day)


def offers(one: Entry, other: Entry) -> dict[str, tuple[Any, Any]]:
    """What one was offered and the other was not, or not as much."""
    here, there = (_everything(entry) for entry in (one, other))
    names = [name for name in here | there if here.get(name) != there.get(name)]
    return {name: (here.get(name, 0), there.get(name, 0)) for name in names}


def _everything(entry: Entry) -> dict[str, Any]:
    # Whether there is a livestream at all is in the chance to meet it.
    today = {name: value for name, value in entry.today.items() if name != "livestream"}
    return today | entry.inbox


def _differ_in_record(one: Entry | None, other: Entry | None) -> bool:
    # Until the first difference both have the same record, so a quiet day is a change of none.
    if one is None or other is None:
        return bool(one and one.changes) or bool(other and other.changes)
    return any(changes(one.after, other.after))


def _event_of(entry: Entry | None) -> dict[str, Any]:
    if entry is None:
        return {}
    nothing = {"store": -1}.items()
    done = {name: value for name, value in entry.event.items() if name not in STATES}
    return dict(done.items() - nothing) if done == dict(nothing) else done


__all__ = ["Parting", "offers", "part", "side_by_side"]
