"""Numbers, names and sentences in the reader's language.

All words lie in `texts/<language>.yaml`, one file per language with the same keys, so that a
sentence is whole in each of them and numbers fall where its grammar wants them; those of levers and
shocks in their own files.
"""

import math
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from sim.parameters.quantity import ConfigurationError
from sim.report.own_words import own_names, own_settings

TEXTS = Path(__file__).parent / "texts"
LANGUAGES = tuple(sorted(path.stem for path in TEXTS.glob("*.yaml")))


class Words:
    """What is said in one language.

    Parameters
    ----------
    language
        One of `LANGUAGES`.

    Raises
    ------
    ConfigurationError
        When there is no such language.
    """

    def __init__(self, language: str = "en") -> None:
        if language not in LANGUAGES:
            raise ConfigurationError(
                f"report.language = {language} is impossible: there are {', '.join(LANGUAGES)}."
            )
        self.language = language
        self._texts = texts(language)

    def __call__(self, key: str, **values: Any) -> str:
        """The text under a dotted key, with values put in."""
        found = self._found(key)
        if not isinstance(found, str):
            raise KeyError(f"{self.language}.yaml has no text {key}")
        return found.format(**values)

    def says(self, key: str) -> bool:
        """Whether there is a text under a dotted key."""
        return isinstance(self._found(key), str)

    def name(self, kind: str, name: str) -> str:
        """What something is called; what has no name in this language keeps its own."""
        found = self._texts.get(kind, {}).get(str(name))
        return str(found) if found else str(name).replace("_", " ")

    def ordered(self, kind: str, names: Iterable[str]) -> list[str]:
        """Names of a kind in the order in which they are listed here, others behind."""
        there = {str(name) for name in names}
        known = [str(name) for name in self._texts.get(kind, {}) if str(name) in there]
        return [*known, *sorted(there - set(known))]

    def strategy(self, name: str) -> str:
        """A strategy's name."""
        return self.name("strategies", name)

    def indicator(self, name: str) -> str:
        """An indicator's name."""
        return self.name("indicators", name)

    def segment(self, by: str, segment: str) -> str:
        """A segment with what it is a segment of, such as `stage newborn`."""
        if by == "all":
            return self("segments_all")
        return self("segment", by=self.name("divisions", by), segment=self.name(by, segment))

    def among(self, by: str, segment: str) -> str:
        """The people of a segment, such as `private-domain customers`."""
        kind = self._texts.get("among", {}).get(by, {})
        return str(kind[segment]) if segment in kind else self.segment(by, segment)

    def prose(self, text: str) -> str:
        """What a scenario says of itself: in this language if it is known there, else as it is."""
        return self.own("prose", text)

    def own(self, kind: str, key: str, otherwise: str | None = None) -> str:
        """What only some languages say of a key, such as a unit's name; else what is given."""
        found = self._texts.get(kind, {}).get(key)
        return str(found) if found is not None else key if otherwise is None else otherwise

    def setting(self, key: str) -> str:
        """A setting's name in this language, where it has one; else its key."""
        room, _, rest = key.partition(".")
        lever, _, common = rest.partition(".")
        shared = self._texts.get("every_lever", {}).get(common)
        if room in ("operator", "shocks") and shared:
            return self("setting_of", lever=self.name("levers", lever), setting=shared)
        return self.own("settings", key)

    def number(self, value: float, unit: str = "", signed: bool = False) -> str:
        """A value with as many digits as mean something; shares in per cent.

        A signed share is a difference and told in percentage points.
        """
        if value is None or not math.isfinite(value):
            return "–"
        sign = "+" if signed else ""
        if unit == "share":
            told = _unsigned_zero(f"{100 * value:{sign}.1f}")
            return minus(self("points", number=told) if signed else f"{told}%")
        size = abs(value)
        digits = 0 if size >= 1000 else 1 if size >= 100 else 2
        return minus(_unsigned_zero(f"{value:{sign},.{digits}f}"))

    def count(self, value: float) -> str:
        """A signed difference of households or yuan, whole where that is fine enough."""
        if not math.isfinite(value):
            return "–"
        return _counted(value, abs(value))

    def counts(self, low: float, high: float) -> str:
        """The ends of an interval of such a difference."""
        size = max(abs(low), abs(high))
        return self("range", low=_counted(low, size), high=_counted(high, size))

    def interval(self, low: float, high: float, unit: str = "", signed: bool = False) -> str:
        """An interval, its unit told once."""
        if not (math.isfinite(low) and math.isfinite(high)):
            return self("no_interval")
        if unit != "share":
            ends = (self.number(end, unit, signed) for end in (low, high))
            return self("range", **dict(zip(("low", "high"), ends, strict=True)))
        sign = "+" if signed else ""
        ends = (minus(_unsigned_zero(f"{100 * end:{sign}.1f}")) for end in (low, high))
        told = self("range", **dict(zip(("low", "high"), ends, strict=True)))
        return told if signed else f"{told}%"

    def level(self, mean: float, low: float, high: float, unit: str = "") -> tuple[str, str]:
        """A mean and its interval, empty where there is none.

        An interval of a share that is no difference ends at none and at all.
        """
        told = self.number(mean, unit)
        if not (math.isfinite(low) and math.isfinite(high)):
            return told, ""
        if unit == "share":
            low, high = max(low, 0.0), min(high, 1.0)
        return told, self.interval(low, high, unit)

    def probability(self, value: float) -> str:
        """A probability in per cent that never claims certainty."""
        if not math.isfinite(value):
            return "–"
        if value > 0.99:
            return self("over", share="99%")
        return self("under", share="1%") if value < 0.01 else f"{100 * value:.0f}%"

    def listed(self, words: Sequence[str]) -> str:
        """Words joined with commas and a last `and`."""
        if len(words) < 2:
            return "".join(words)
        return self("list", first=self("comma").join(words[:-1]), last=words[-1])

    def joined(self, *sentences: str) -> str:
        """Sentences one after the other."""
        return self("space").join(sentence for sentence in sentences if sentence)

    def _found(self, key: str) -> Any:
        found: Any = self._texts
        for part in key.split("."):
            found = found.get(part) if isinstance(found, dict) else None
        return found


@cache
def texts(language: str) -> dict[str, Any]:
    """All texts of a language, nested by key."""
    text = (TEXTS / f"{language}.yaml").read_text(encoding="utf-8")
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the same, seven times as fast
    found = dict(yaml.load(text, loader))
    found["levers"] = own_names(language) | found["levers"]
    if own := own_settings(language):
        found["settings"] = found["settings"] | own
    return found


def whole(value: float) -> str:
    """A count, rounded, with thousands apart."""
    return minus(f"{value:,.0f}") if math.isfinite(value) else "–"


def minus(text: str) -> str:
    """A hyphen before a digit is a minus sign."""
    return text.replace("-", "−")


def _counted(value: float, size: float) -> str:
    return minus(_unsigned_zero(f"{value:+,.{0 if size >= 10 else 1}f}"))


def _unsigned_zero(text: str) -> str:
    """What rounds to nothing is neither more nor less."""
    return text.lstrip("+-") if not text.strip("+-0.") else text


def capital(text: str) -> str:
    """The text as a sentence begins."""
    return text[:1].upper() + text[1:]


__all__ = ["LANGUAGES", "Words", "capital", "minus", "texts", "whole"]
