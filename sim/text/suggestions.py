"""Ends of sentences that refuse a name: what may have been meant, or what there is."""

import difflib
from collections.abc import Iterable

from sim.text.outgoing import CITED, cited


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
    names, word = sorted(known), word[: 2 * CITED]
    near = difflib.get_close_matches(word, names, n=2, cutoff=0.7)
    if len(near) == 2 and _likeness(word, near[0]) > _likeness(word, near[1]) + 0.05:
        near = near[:1]
    if not near:  # the last word of a key may be right and its place wrong
        last = word.rpartition(".")[2]
        near = [name for name in names if name.rpartition(".")[2] == last][:3]
    return f"; did you mean {' or '.join(map(cited, near))}?" if near else "."


def _likeness(word: str, other: str) -> float:
    return difflib.SequenceMatcher(None, word, other).ratio()


__all__ = ["instead", "meant", "unknown"]
