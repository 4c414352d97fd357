"""Ends of sentences that refuse a name: what may have been meant, or what there is."""

import difflib
import math
import re
from collections.abc import Iterable

from sim.text.outgoing import CITED, cited

_NUMBER = r"(\d{1,9}(?:\.\d{1,6})?)"
_SPAN = re.compile(rf"\s*{_NUMBER}\s*(?:-|–|—|~|～|\.\.+|…|to|至|到)\s*{_NUMBER}\s*")
_THOUSANDS = re.compile(r"\d{1,3}(?:[,，]\d{3}){1,4}(?:\.\d+)?")
_STEPS = (1.0, 2.0, 5.0, 10.0)  # times a power of ten
_BETWEEN = 3  # values at most that are suggested between the ends of a span


def number_meant(value: object, unit: str = "", whole: bool = False) -> str:
    """What may have been meant where a number is wanted; empty where nothing can be guessed.

    Parameters
    ----------
    value
        As it was written, or read: ``5-30`` (a list of several), ``20,000`` (one number), or 0.2
        where a number of this unit is a percentage.
    unit
        Of the number that is wanted.
    whole
        Whether it is a whole number.
    """
    if isinstance(value, float) and unit in ("percent", "per cent") and 0 < abs(value) < 1:
        return f"{100 * value:g}"
    if isinstance(value, int | float) and unit == "share" and 5 <= value <= 100:
        return f"{value / 100:g}"
    text = value if isinstance(value, str) else ""
    if _THOUSANDS.fullmatch(text.strip()):
        return re.sub("[,，]", "", text.strip())
    span = _SPAN.fullmatch(text)
    return _listed(float(span[1]), float(span[2]), whole) if span else ""


def _listed(low: float, high: float, whole: bool) -> str:
    """A list from one end to the other, with round numbers between."""
    if not low < high:
        return ""
    least = max((high - low) / (_BETWEEN + 1), 1.0 if whole else 0.0)
    power = 10.0 ** math.floor(math.log10(least))
    step = next(each * power for each in _STEPS if each * power >= least * (1 - 1e-9))
    first = math.floor(low / step + 1e-9) + 1
    between = [step * k for k in range(first, math.ceil(high / step - 1e-9))]
    return ",".join(f"{each:.9g}" for each in (low, *between, high))


def unknown(key: str, known: Iterable[str]) -> str:
    """The sentence that refuses a setting that does not exist."""
    end = instead(key, known)
    if end == ".":
        end = "; `repurchase reference` lists them."
    return f"There is no setting {cited(key, 2 * CITED)}{end}"


def instead(word: str, known: Iterable[str]) -> str:
    """End of a sentence: near misses, or all there is when nothing is near and there is little."""
    names = sorted(known)
    if (end := meant(word, names)) != ".":
        return end
    return f"; there are {', '.join(map(cited, names))}." if 0 < len(names) <= 20 else "."


def meant(word: str, known: Iterable[str]) -> str:
    """End of a sentence: near misses, if there are any."""
    names, word = sorted(known), word[: 2 * CITED].casefold()
    folded = {name.casefold(): name for name in names}  # KOC is koc
    near = difflib.get_close_matches(word, folded, n=2, cutoff=0.7)
    if len(near) == 2 and _likeness(word, near[0]) > _likeness(word, near[1]) + 0.05:
        near = near[:1]
    if not near:  # the last word of a key may be right and its place wrong
        last = word.rpartition(".")[2]
        near = [name for name in folded if name.rpartition(".")[2] == last][:3]
    near = [folded[name] for name in near]
    return f"; did you mean {' or '.join(map(cited, near))}?" if near else "."


def _likeness(word: str, other: str) -> float:
    return difflib.SequenceMatcher(None, word, other).ratio()


__all__ = ["instead", "meant", "number_meant", "unknown"]
