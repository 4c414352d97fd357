"""Two lives side by side in words: the day they part, what differs then, what came of it."""

import textwrap
from collections.abc import Callable, Iterator
from typing import Any

from sim.behaviour.weighing import WAIT
from sim.diary.entries import Diary, Entry, changes
from sim.diary.offers import OFFERED
from sim.diary.parting import offers, part, side_by_side
from sim.diary.phrases import PLACES, count, money
from sim.diary.telling import date, line_width, number
from sim.diary.words import tell
from sim.world.events import REASONS

COLUMN, LEAST_COLUMN, MOST_ROWS = 44, 16, 20  # characters a life; days shown side by side
WAKERS = (
    "prompt",
    "deal_visits_per_day",
    "broadcasts",
)  # what wakes a household on an ordinary day

Row = tuple[str, str, str]  # what is compared, and how it is in either life


def comparison(one: Diary, other: Diary) -> Iterator[str]:
    """Two lives in paragraphs.

    Parameters
    ----------
    one, other
        Diaries of the same household, seed and days under two strategies.
    """
    names = [str(each.config.strategy.title or each.config.strategy.name) for each in (one, other)]
    yield f"Household {one.household} under {names[0]} and under {names[1]}, seed {one.seed}"
    parting = part(one, other)
    days = [day for day in parting if day is not None]
    if not days:
        yield f"The two lives are the same on all {one.end_day - one.first_day} days."
        return
    if min(days) > one.first_day:
        yield f"Until day {min(days) - 1} the two lives are the same, field by field."
    entries = {day: (a, b) for day, a, b in side_by_side(one, other)}
    differences = (
        (parting.reached, "something else reaches the household", _offers),
        (parting.became, "it changes the household's record", _fields),
        (parting.acted, "the two lives part", lambda a, b: _acts(one, other, a, b)),
    )
    end = one.end_day if parting.acted is None else parting.acted
    for day, title, rows in differences:
        if day is not None and day <= end:  # what comes later is because the lives have parted
            yield _table(f"Day {day}, {date(one, day)}: {title}", names, rows(*entries[day]))
    if parting.acted is None:
        yield "The household never acts differently."
    yield from _aftermath(one, other, names)


def _offers(one: Entry | None, other: Entry | None) -> list[Row]:
    """What was put before the household, where that differs."""
    if one is None or other is None:
        return []
    found = offers(one, other).items()
    return [(OFFERED[name], _plain(here), _plain(there)) for name, (here, there) in found]


def _plain(value: Any) -> str:
    return ", ".join(_plain(each) for each in value) if isinstance(value, list) else f"{value:.4g}"


def _fields(one: Entry | None, other: Entry | None) -> list[Row]:
    """Fields of the two records that differ that night."""
    found = changes(_tonight(one, other), _tonight(other, one))
    return [(f"{c.field} ({c.unit})", number(c.before), number(c.after)) for c in found]


def _tonight(mine: Entry | None, others: Entry | None) -> Any:
    """The record at the end of a day; who slept on has what the other began with."""
    if mine is not None:
        return mine.after
    assert others is not None, "a day on which neither woke is in neither diary"
    return others.before


def _acts(here: Diary, there: Diary, one: Entry | None, other: Entry | None) -> list[Row]:
    """What either did; and if one slept on, what may have woken the other."""
    if one is not None and other is not None:
        return _words(here, there, one, other)
    day = one.day if one is not None else other.day if other is not None else here.first_day
    held = [diary.todays[day - diary.first_day] for diary in (here, there)]
    calls = [(OFFERED[name], *(today.get(name, 0) for today in held)) for name in WAKERS]
    rows = [(name, _plain(mine), _plain(others)) for name, mine, others in calls if mine != others]
    return [*rows, *_words(here, there, one, other)]


def _words(here: Diary, there: Diary, one: Entry | None, other: Entry | None) -> list[Row]:
    """The same day told twice, question by question, where the telling differs."""
    left = dict(tell(here, one)) if one else {"woke": "Slept on."}
    right = dict(tell(there, other)) if other else {"woke": "Slept on."}
    questions = [*left, *(question for question in right if question not in left)]
    rows = [(question, left.get(question, ""), right.get(question, "")) for question in questions]
    return [row for row in rows if row[1] != row[2]]


def _aftermath(one: Diary, other: Diary, names: list[str]) -> Iterator[str]:
    rows = [
        (str(day), in_short(a), in_short(b))
        for day, a, b in side_by_side(one, other)
        if in_short(a) != in_short(b)
    ]
    if rows:
        left = len(rows) - MOST_ROWS
        more = f" (the first {MOST_ROWS}; {count(left, 'more day')} differ)" if left > 0 else ""
        yield _table(f"Days on which they differ{more}", names, rows[:MOST_ROWS])
    for day in (entry.day for entry in one.entries if entry.event.get("graduated")):
        yield f"On day {day} the child turns six, and another family moves in."
    ends = [(name, say(one.last), say(other.last)) for name, say in IN_THE_END]
    yield _table(f"On the evening of day {one.end_day - 1}", names, ends)


def in_short(entry: Entry | None) -> str:
    """What a household did on a day, in a few words; visits are left out."""
    if entry is None:
        return ""
    event, store = entry.event, entry.event.get("store", -1)
    choices = entry.asked("choose_store")
    said = (
        f"orders for {money(event['paid_fen'])}" if "list_fen" in event else "",
        f"buys at {PLACES[store]}" if store >= 2 else "",
        "order cancelled" if event.get("unfilled") else "",
        "waits" if choices and choices[0].said == WAIT else "",
        "enrols" if event.get("enrolled") else "",
        "enters the private domain" if event.get("entered_private_domain") else "",
        f"joins chat {entry.after['group']}" if event.get("joined") else "",
        "complains" if event.get("complaint_posts") or event.get("ticket") else "",
        f"leaves chat: {REASONS[event['left_group']]}" if event.get("left_group") else "",
        f"leaves: {REASONS[event['left_private']]}" if event.get("left_private") else "",
        f"stops messages: {REASONS[event['unsubscribed']]}" if event.get("unsubscribed") else "",
        "graduates" if event.get("graduated") else "",
    )
    return ", ".join(word for word in said if word)


IN_THE_END: tuple[tuple[str, Callable[[Any], str]], ...] = (
    ("orders with the operator, ever", lambda r: f"{r['orders']}"),
    ("spent with the operator, ever", lambda r: money(int(r["spending_fen"]))),
    ("trust (0 to 1)", lambda r: f"{r['trust']:.3f}"),
    ("satisfaction (0 to 1)", lambda r: f"{r['satisfaction']:.3f}"),
    ("engagement (0 to 1)", lambda r: f"{r['engagement']:.3f}"),
    ("fatigue (messages)", lambda r: f"{r['fatigue']:.1f}"),
    ("in the private domain", lambda r: "yes" if r["in_private_domain"] else "no"),
    ("group chat", lambda r: f"{r['group']}" if r["group"] >= 0 else "none"),
    ("habit of the operator (share)", lambda r: f"{r['habit'][0] + r['habit'][1]:.3f}"),
)


def _table(title: str, names: list[str], rows: list[Row]) -> str:
    """Two columns side by side, what stands in them wrapped."""
    first = min(max((len(row[0]) for row in rows), default=0), 40) + 2
    room = (line_width(first + 2 * COLUMN + 2) - first - 2) // 2
    column = max(room, LEAST_COLUMN)
    lines = [title]
    for head, *cells in [("", *names), *rows]:
        sides = [textwrap.wrap(cell, column) or ["–"] for cell in cells]
        for i in range(max(len(side) for side in sides)):
            left, right = (side[i] if i < len(side) else "" for side in sides)
            name = head if i == 0 else ""
            lines.append(f"{name.ljust(first)}{left.ljust(column + 2)}{right}".rstrip())
    return "\n".join(lines)


__all__ = ["comparison", "in_short"]
