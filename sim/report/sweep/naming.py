"""How settings, their values and points are called."""

from collections.abc import Mapping
from typing import Any

from sim.report.sweep.reading import Sweep
from sim.report.words import Words, minus


def short(key: str) -> str:
    """A setting by the last two parts of its key, as the terminal shows it."""
    return ".".join(key.split(".")[-2:])


def described(sweep: Sweep, words: Words, key: str) -> str:
    """A setting with what it means and its unit, as far as they are known."""
    about = sweep.settings.set_index("key").loc[key]
    english = words.language == "en"  # in which settings and units are told where they are declared
    what = words.own("settings", key, str(about["what"]) if english else "")
    unit = words.own("units", str(about["unit"]), str(about["unit"]) if english else "")
    told = words("comma").join(part for part in (what, unit) if part)
    return words("sweep.setting", setting=short(key), what=told) if told else short(key)


def shown_value(value: Any) -> str:
    """A value of a setting; numbers to four digits."""
    if isinstance(value, float):
        return minus(f"{value:,.4g}" if abs(value) < 1e4 else f"{value:,.0f}")
    return str(value)


def point_of(sweep: Sweep, words: Words, values: Mapping[str, Any]) -> str:
    """A point, or a part of one, by the values of its settings."""
    return words("comma").join(
        f"{short(key)} = {shown_value(values[key])}" for key in sweep.keys if key in values
    )


__all__ = ["described", "point_of", "short", "shown_value"]
