"""The tables of a validation, as text in the reader's language."""

import shlex

from sim.report.again import asked_again
from sim.report.estimates import cell
from sim.report.tables import Shown, shown_of
from sim.report.validate import answer
from sim.report.validate.reading import SHOPS, Number, Row, Validation
from sim.report.words import Words

LAST_STATES = 4  # that stand beside today's
GROUPS = ("second_year_switched_off", "second_year_as_it_is")
AGES = ("age_lower", "age_median", "age_upper")


def facts(validation: Validation, words: Words, role: str) -> Shown:
    """Facts of a role: reported, measured, verdict."""
    rows = [_row(row, words, row.who) for row in validation.of_role(role)]
    return shown_of(words, "validate", f"facts_{role}", _head(words, "worlds", "verdict"), rows)


def regularities(validation: Validation, words: Words, kind: str) -> Shown:
    """What is beyond the facts, of a kind: expected, measured, verdict, whose regularity it is."""
    rows = []
    for row in validation.of_kind(kind):
        rows.append([*_row(row, words, row.who), row.source])
    head = _head(words, "worlds", "verdict", "source")
    return shown_of(words, "validate", kind.replace(" ", "_").replace("-", "_"), head, rows)


def _head(words: Words, *rest: str) -> list[str]:
    keys = ("what", "reported", "measured", *rest)
    return [words(f"validate.tables.{key}") for key in keys]


def _row(row: Row, words: Words, who: str) -> list[str]:
    english = words.language == "en"
    told = words.own("facts", row.id, row.what)
    unit = words.own("units", row.unit)
    about = words("comma").join([who, unit] if english else [unit])
    verdict = words(f"tables.facts.verdicts.{row.verdict}")
    return [
        f"{row.id} {told}\n{about}",
        cell(row.reported, words, signed=False),
        cell(row.measured, words, signed=False),
        str(row.worlds),
        verdict,
    ]


def history(validation: Validation, words: Words) -> Shown:
    """What earlier states measured of each fact, and today's."""
    states = dict(list(validation.states.items())[-LAST_STATES:])
    rows = []
    for row in validation.rows:
        before = [_then(words, told.get(row.id)) for told in states.values()]
        now = (row.measured.mean, row.verdict) if row.worlds else None
        if now or any(row.id in told for told in states.values()):
            rows.append([row.id, *before, _then(words, now)])
    head = [words("validate.tables.id"), *(name.replace("\n", " ") for name in states)]
    return shown_of(
        words, "validate", "history", [*head, words("validate.tables.now")], rows if states else []
    )


def _then(words: Words, told: tuple[float, str] | None) -> str:
    if told is None:
        return "–"
    return f"{words.number(told[0])}\n{words(f'tables.facts.verdicts.{told[1]}')}"


def shops(validation: Validation, words: Words) -> Shown:
    """The operator and its rivals by buyers and purchases, beside the fitted Dirichlet."""
    buyers = {each.item: each for each in validation.numbers("buyers")}
    often = {each.item: each for each in validation.numbers("purchases_of_a_buyer")}
    rows = [
        [
            words(f"validate.shops.{shop}"),
            *_against(words, buyers[shop], "share"),
            *_against(words, often[shop]),
        ]
        for shop in SHOPS
        if shop in buyers and shop in often
    ]
    keys = ("shop", "buyers", "expected", "ratio", "purchases", "expected", "ratio")
    return shown_of(
        words, "validate", "shops", [words(f"validate.tables.{key}") for key in keys], rows
    )


def _against(words: Words, number: Number, unit: str = "") -> list[str]:
    """A number, what is expected, and the one over the other."""
    found = words.number(number.found.mean, unit)
    return [found, words.number(number.expected, unit), words.number(_over(number))]


def _over(number: Number) -> float:
    return number.found.mean / number.expected if number.expected else float("nan")


def ages(validation: Validation, words: Words) -> Shown:
    """Quartiles of the child's age at purchase, here and in the records."""
    by_measure = {name: {n.item: n for n in validation.numbers(name)} for name in AGES}
    rows = []
    for category in by_measure["age_median"]:
        key = f"validate.categories.{category}"
        cells = [words(key) if words.says(key) else category]
        for name in AGES:
            number = by_measure[name].get(category)
            if number is not None:
                cells += [words.number(number.found.mean), words.number(number.expected)]
        rows.append(cells)
    head = [words("validate.tables.category")]
    for name in AGES:
        told = words(f"validate.tables.{name}")
        head += [told, words("validate.tables.records", what=told)]
    return shown_of(words, "validate", "ages", head, rows)


def second_year(validation: Validation, words: Words) -> Shown:
    """Purchases of the second year by those of the first: switched off, and as it is."""
    found = [validation.numbers(name) for name in GROUPS]
    rows = []
    for numbers in zip(*found, strict=False):
        cells = [words(f"validate.repeats.{'more' if numbers[0].item == '5' else 'so_many'}",
                       count=numbers[0].item)]  # fmt: skip
        for number in numbers:
            cells += [words.number(number.found.mean), words.number(number.expected)]
        rows.append(cells)
    keys = ("repeats", *("off_made", "off_forecast", "as_it_is_made", "as_it_is_forecast"))
    return shown_of(
        words, "validate", "second_year", [words(f"validate.tables.{key}") for key in keys], rows
    )


def cells(validation: Validation, words: Words) -> Shown:
    """Four cells of validation."""
    head = [words(f"validate.tables.{key}") for key in ("cell", "speaks", "against")]
    return shown_of(words, "validate", "cells", head, answer.cells(validation, words), prose=True)


def relevance(validation: Validation, words: Words) -> Shown:
    """The level of empirical relevance claimed for each output."""
    head = [words(f"validate.tables.{key}") for key in ("output", "level", "why")]
    said = answer.relevance(((row.kind, row.verdict) for row in validation.rows), words)
    return shown_of(words, "validate", "relevance", head, said, prose=True)


def limits(validation: Validation, words: Words) -> Shown:
    """What the model does not tell."""
    head = [words(f"validate.tables.{key}") for key in ("not_told", "so")]
    return shown_of(words, "validate", "limits", head, answer.limits(validation, words), prose=True)


def asked(validation: Validation, words: Words) -> Shown:
    """How it was done, so that it can be done again."""
    manifest = validation.manifest
    rows = [
        [words("asked_again.strategy"), words.strategy(str(manifest["scenario"]))],
        [words("asked_again.seeds"), words("comma").join(map(str, manifest["seeds"]))],
    ]
    return asked_again(rows, command(validation), words)


def command(validation: Validation) -> str:
    """What to type for the same results."""
    told = validation.manifest
    options = ["-n", str(told["replications"]), "--most", str(told["most_replications"])]
    options += ["--seed", str(told["seed"])]
    words = ["repurchase", "validate", str(told["scenario"]), *options]
    return shlex.join([*words, *map(str, told["overrides"])])


__all__ = [
    "ages",
    "asked",
    "cells",
    "command",
    "facts",
    "history",
    "limits",
    "regularities",
    "relevance",
    "second_year",
    "shops",
]
