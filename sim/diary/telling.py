"""A whole diary in words: who they are, the days one by one, the quiet ones in between."""

import shutil
import textwrap
from collections.abc import Iterator
from typing import Any

from sim.diary.entries import Diary, Entry
from sim.diary.phrases import THINGS, by_stock, count, lasts, money, sentence
from sim.diary.words import tell
from sim.world.household import COHORTS, FEEDING, NEVER, PERSONAS, STAGES, TIERS, stage_of
from sim.world.market import DAYS_OF_YEAR, MONTH_ENDS

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
HOW_TO_READ = (
    "Figures in brackets after what was heard tell how well it speaks of the operator, 0 to 1; "
    "stores are compared in units of utility, the day's luck included, and the highest is chosen "
    "unless a rule of habit or threshold says otherwise."
)
MARGIN, QUESTION, WIDTH = 2, 10, 100  # characters


def pages(diary: Diary, record: bool = False) -> Iterator[str]:
    """The diary in paragraphs.

    Parameters
    ----------
    diary
        From `keep_diary`.
    record
        Whether every changed field of the record is told too, with its unit and its meaning.
    """
    strategy = diary.config.strategy
    yield (
        f"Household {diary.household} under {strategy.title or strategy.name}, seed {diary.seed}, "
        f"days {diary.first_day} to {diary.end_day - 1}"
    )
    yield _filled(who(diary))
    day, known = diary.first_day, diary.first
    for entry in diary.entries:
        if entry.day > day:
            yield quiet(diary, entry.day - day, entry.day, known)
        yield "\n".join(_lines(diary, entry, record))
        day, known = entry.day + 1, entry.after
    if diary.end_day > day:
        yield quiet(diary, diary.end_day - day, diary.end_day, known)
    yield _filled(HOW_TO_READ)


def as_plain(diary: Diary) -> dict[str, Any]:
    """The diary as dictionaries, lists, numbers and words, ready for JSON."""
    return {
        "scenario": diary.config.strategy.name,
        "seed": diary.seed,
        "household": diary.household,
        "who": who(diary),
        "entries": [_entry(diary, entry) for entry in diary.entries],
    }


def _entry(diary: Diary, entry: Entry) -> dict[str, Any]:
    parts = ("day", "woken_by", "inbox", "today", "event")
    return {
        **{name: getattr(entry, name) for name in parts},
        "told": dict(tell(diary, entry)),
        "changes": [change._asdict() for change in entry.changes],
        "answers": [answer._asdict() for answer in entry.answers],
    }


def _lines(diary: Diary, entry: Entry, record: bool) -> Iterator[str]:
    yield heading(diary, entry.day, entry.before)
    for question, text in tell(diary, entry):
        yield _filled(text, question)
    if record:
        for c in entry.changes:
            change = f"{c.field} {number(c.before)} → {number(c.after)} ({c.unit}): {c.about}"
            yield _filled(change, "record")


def _filled(text: str, question: str = "") -> str:
    if not question:
        return textwrap.fill(text, line_width(WIDTH))
    first = " " * MARGIN + question.ljust(QUESTION)
    return textwrap.fill(
        text,
        line_width(WIDTH),
        initial_indent=first,
        subsequent_indent=" " * (MARGIN + QUESTION),
    )


def line_width(most: int) -> int:
    """As wide as the terminal, up to so many characters."""
    return min(shutil.get_terminal_size((most, 24)).columns, most)


def number(value: float) -> str:
    """A field's value; days that never come are named so."""
    if isinstance(value, int) and abs(value) == NEVER:
        return "never"
    return f"{value:.4g}" if isinstance(value, float) else f"{value}"


def heading(diary: Diary, day: int, record: Any) -> str:
    """Day, date and the child's age."""
    age = day - int(record["birth_day"])
    return f"Day {day}, {date(diary, day)} · child {_age(age)} ({STAGES[stage_of(age)]})"


def date(diary: Diary, day: int) -> str:
    """Date of a day of the run."""
    of_year = (diary.config.run.start_day_of_year + day) % DAYS_OF_YEAR
    month = int(MONTH_ENDS.searchsorted(of_year, side="right"))
    return f"{of_year - (int(MONTH_ENDS[month - 1]) if month else 0) + 1} {MONTHS[month]}"


def _age(days: int) -> str:
    if days < 0:
        return f"due in {count(-days, 'day')}"
    if days < 60:
        return f"{count(days, 'day')} old"
    months = int(days / 30.4375)
    if months < 24:
        return f"{months} months old"
    return f"{count(months // 12, 'year')} {count(months % 12, 'month')} old"


def who(diary: Diary) -> str:
    """Who they are on the first morning, and what they have had to do with the operator."""
    one = diary.first
    region = diary.config.population.regions[int(one["region"])].name
    parent = (
        f"{PERSONAS[one['persona']]} parent born in the {COHORTS[one['cohort']].replace('_', ' ')}",
        f"{'later' if one['later_child'] else 'first'} child, {FEEDING[one['feeding']]} feeding",
        f"{region}, city tier {one['city_tier']}",
        f"income {one['income']:.2f} and price sensitivity {one['price_sensitivity']:.2f} "
        "times the mean",
    )
    dealings = (
        (_orders_before(diary), True),
        ("reads its messages", one["subscribed"]),
        ("is in its private domain", one["in_private_domain"]),
        (f"in chat {one['group']}", one["group"] >= 0),
        (f"a {TIERS[one['tier']]} member", one["loyalty_member"]),
    )
    told = ", ".join(word for word, holds in dealings if holds)
    feels = f"Trusts it {one['trust']:.2f} of 1, engagement {one['engagement']:.2f} of 1."
    return f"{sentence('; '.join(parent))} {sentence(told)} {feels}"


def _orders_before(diary: Diary) -> str:
    one = diary.first
    if one["orders"] == 0:
        return "has never ordered from the operator"
    ago = diary.first_day - int(one["last_order_day"])
    spent = money(int(one["spending_fen"]))
    orders = count(int(one["orders"]), "order")
    return f"has placed {orders} with the operator ({spent}), the last {count(ago, 'day')} before"


def quiet(diary: Diary, days: int, until: int, record: Any) -> str:
    """What can be said of days on which nothing happened."""
    lasting = [
        (int(day) - until, THINGS[c])
        for c, day in enumerate(record["covered_until"])
        if day < NEVER and by_stock(diary, c)
    ]
    text = f"… {count(days, 'quiet day')}"
    if not lasting:
        return text
    left, thing = min(lasting)
    return f"{text}; {thing} {lasts(left)}"


__all__ = ["as_plain", "date", "heading", "number", "pages", "who"]
