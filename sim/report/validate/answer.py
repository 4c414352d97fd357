"""What a validation comes to, in sentences; and the four things that validity is asked of."""

from collections import Counter
from collections.abc import Iterable, Sequence

from sim.report.validate.reading import (
    BACK_CAST,
    INSIDE,
    KNOWN_MODEL,
    NOT_MEASURED,
    OUTSIDE,
    REGULARITY,
    VERDICTS,
    Row,
    Validation,
    counted,
)
from sim.report.words import Words

# Micro-face, macro-face, empirical input and empirical output validation: Bianchi and others 2007,
# after Rand & Rust 2011.
CELLS = ("micro_face", "macro_face", "input", "output")
# Outputs with the level of empirical relevance that is claimed (Axtell & Epstein 1994).
RELEVANCE = (
    ("differences", 1),
    ("levels", 2),
    ("cohorts", 1),
    ("shops", 1),
    ("communities", 1),
    ("households", 1),
    ("markets", 0),
)
# What the model does not tell, and the fact that shows it; where that is met nothing is said.
LIMITS = {
    "differences": "",
    "learning_deals": "",
    "word_of_mouth": "X11",
    "cohorts": "P11",
    "chats": "C14",
    "rivals": "",
    "numbers": "",
    "years": "",
}


def sentences(validation: Validation, words: Words) -> list[str]:
    """How many rows of each kind are met, missed and undecided."""
    said = [
        _counts(words, "fit", validation.of_role("fit")),
        _counts(words, "check", validation.of_role("check")),
        _counts(words, "regularity", validation.of_kind(REGULARITY)),
        _counts(words, "known_model", validation.of_kind(KNOWN_MODEL)),
        _counts(words, "back_cast", validation.of_kind(BACK_CAST)),
    ]
    missed = [row for row in validation.of_role("check") if row.verdict == OUTSIDE]
    if missed:
        said.append(words("validate.answer.missed", ids=words.listed([row.id for row in missed])))
    if int(validation.facts["worlds"].max()) < 2:
        said.append(words("answer.one_replication"))
    return [sentence for sentence in said if sentence]


def _counts(words: Words, key: str, rows: Sequence[Row]) -> str:
    if not rows:
        return ""
    counts = {verdict.replace(" ", "_"): number for verdict, number in counted(rows).items()}
    return words(f"validate.answer.{key}", rows=len(rows), **counts)


def cells(validation: Validation, words: Words) -> list[list[str]]:
    """What speaks for the model, and what against it, in each of four cells."""
    counts = {
        "inputs": counted(validation.of_role("input"))["inside"],
        "all_inputs": _told(validation.of_role("input")),
        "checks": counted(validation.of_role("check"))["inside"],
        "all_checks": _told(validation.of_role("check")),
        "models": counted(validation.of_kind(KNOWN_MODEL))["inside"],
        "all_models": _told(validation.of_kind(KNOWN_MODEL)),
        "others": counted(validation.of_kind(REGULARITY))["inside"],
        "all_others": _told(validation.of_kind(REGULARITY)),
    }
    parts = ("name", "speaks", "against")
    return [[words(f"validate.cells.{cell}.{part}", **counts) for part in parts] for cell in CELLS]


def _told(rows: Sequence[Row]) -> int:
    """How many rows some run tells."""
    return len(rows) - counted(rows)[NOT_MEASURED]


def relevance(facts: Iterable[tuple[str, str]], words: Words) -> list[list[str]]:
    """Which level of empirical relevance is claimed for each output, and why.

    Parameters
    ----------
    facts
        Kind and verdict of each.
    words
        The reader's language.
    """
    found = Counter(facts)
    counts = {}
    for key, kind in (("levels", "level"), ("effects", "causal")):
        by_verdict = {verdict: found[kind, verdict] for verdict in VERDICTS}
        counts[key] = by_verdict[INSIDE]
        counts[f"all_{key}"] = sum(by_verdict.values()) - by_verdict[NOT_MEASURED]
    return [
        [
            words(f"validate.relevance.{key}.name"),
            str(level),
            words(f"validate.relevance.{key}.why", **counts),
        ]
        for key, level in RELEVANCE
    ]


def limits(validation: Validation, words: Words) -> list[list[str]]:
    """What the model does not tell, as far as the facts that would show it are not met."""
    facts = {row.id: row for row in validation.rows}
    said = []
    for key, fact in LIMITS.items():
        values = {}
        if fact:
            row = facts.get(fact)
            if row is None or row.verdict in (INSIDE, NOT_MEASURED):
                continue
            values = {
                "here": words.number(row.measured.mean),
                "reported": words.number(row.reported.mean),
            }
        said.append(
            [words(f"validate.limits.{key}.what"), words(f"validate.limits.{key}.so", **values)]
        )
    return said


__all__ = ["CELLS", "LIMITS", "RELEVANCE", "cells", "limits", "relevance", "sentences"]
