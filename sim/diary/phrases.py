"""What sentences of a diary are made of: numbers, amounts, things and places in words."""

from sim.diary.entries import Diary
from sim.world.household import CATEGORIES

PLACES = ("private channel", "public channel", "platform", "specialist", "shops nearby")
THINGS = tuple(name.replace("_", " ") for name in CATEGORIES)


def count(number: float, thing: str) -> str:
    """So many of a thing."""
    return f"{number:g} {thing}{'' if number == 1 else 's'}"


def sentence(words: str) -> str:
    """Words as a sentence."""
    return f"{words[0].upper()}{words[1:]}."


def by_stock(diary: Diary, category: int) -> bool:
    """Whether a category runs down with use."""
    return bool(diary.config.population.categories[category].renewal == "stock")


def lasts(days: int) -> str:
    """How long stock lasts."""
    if days > 0:
        return f"lasts {count(days, 'more day')}"
    return "used up" if days == 0 else f"used up {count(-days, 'day')} ago"


def signed(number: float) -> str:
    """A number with its sign, as printers set it."""
    return f"{number:+.2f}".replace("-", "−")


def money(fen: float) -> str:
    """An amount in yuan."""
    return f"{fen / 100:,.2f} yuan"


def the(place: str) -> str:
    """A place with its article, if it takes one."""
    return place if place == "shops nearby" else f"the {place}"


__all__ = [
    "PLACES",
    "THINGS",
    "by_stock",
    "count",
    "lasts",
    "money",
    "sentence",
    "signed",
    "the",
]
