"""A validation as one self-contained page: four cells, facts, what is beyond them, limits."""

from pathlib import Path

from sim.report.figure import Exhibit
from sim.report.page import UNLINKED, Beside, figure, plain_page, sections_of, write_pages
from sim.report.validate import tables
from sim.report.validate.answer import sentences
from sim.report.validate.figures import exhibits
from sim.report.validate.reading import (
    BACK_CAST,
    KNOWN_MODEL,
    REGULARITY,
    ROLES,
    Validation,
    read_validation,
)
from sim.report.words import Words


def write_page(directory: Path, language: str = "en") -> Path:
    """Draw the figures and write the page, as `sim.report.page.write_page` does.

    Parameters
    ----------
    directory
        A folder that `repurchase validate` wrote; nothing else is read.
    language
        As for a comparison; so are the page's place and what is refused.
    """
    return write_pages(directory, language, read_validation, exhibits, rendered)


def rendered(
    validation: Validation,
    made: list[Exhibit],
    words: Words,
    lying: Beside = UNLINKED,
) -> str:
    """The page's text, which links to what lies beside it."""
    drawn = {each.name: figure(each, words, lying.slides) for each in made}
    beyond = {
        kind: tables.regularities(validation, words, kind)
        for kind in (REGULARITY, KNOWN_MODEL, BACK_CAST)
    }
    parts = {
        "cells": ([], [tables.cells(validation, words), tables.relevance(validation, words)]),
        "facts": (
            [drawn.get("facts_fit"), drawn.get("facts_check")],
            [tables.facts(validation, words, role) for role in ROLES],
        ),
        "beyond": (
            [drawn.get("cohort")],
            [beyond[REGULARITY], tables.shops(validation, words), tables.ages(validation, words)],
        ),
        "models": (
            [drawn.get("adopted")],
            [beyond[KNOWN_MODEL], tables.second_year(validation, words)],
        ),
        "years": ([], [beyond[BACK_CAST]]),
        "history": ([], [tables.history(validation, words)]),
        "limits": ([], [tables.limits(validation, words)]),
        "origin": ([], [tables.asked(validation, words)]),
    }
    title = words("validate.title", scenario=words.strategy(str(validation.manifest["scenario"])))
    shown = sections_of(words, "validate", parts)
    return plain_page(validation, made, words, lying, title, sentences(validation, words), shown)


__all__ = ["rendered", "write_page"]
