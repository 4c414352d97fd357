"""The tables of an audit, as text in the reader's language."""

import pandas as pd

from sim.report.again import again, asked_again
from sim.report.audit.answer import (
    done,
    judged,
    moved,
    pays,
    test_needed,
    who,
    why,
    yardstick,
)
from sim.report.audit.figures import MONTH_DAYS
from sim.report.audit.reading import (
    CAUSED,
    LOST,
    OTHERS,
    OUTCOMES,
    TREATED,
    WHO,
    WON,
    Audit,
    Finding,
)
from sim.report.estimates import cell, estimate, rows_of
from sim.report.tables import Shown
from sim.report.words import Words, whole


def methods(audit: Audit, words: Words) -> Shown:
    """Every method side by side, and what was caused."""
    rows = [
        [
            f"{words(f'audit.methods.{name}')}\n{words(f'audit.how.{name}')}",
            cell(found.says, words),
            cell(found.caused, words),
            cell(found.gap, words),
            held(found),
            f"{judged(found, words)}\n{words(f'audit.verdicts.{found.verdict}')}",
            why(audit, words, name),
        ]
        for name, found in audit.findings.items()
    ]
    caused = cell(audit.naive.caused, words)
    rows.append(
        [words(f"audit.methods.{CAUSED}"), "", caused, "", "", "", why(audit, words, CAUSED)]
    )
    note = words.joined(done(audit, words), words("audit.tables.of_methods.note"))
    keys = ("method", "says", "caused", "gap", "holds", "judged", "why")
    return _shown(words, "methods", keys, rows, words.joined(note, yardstick(audit, words)), True)


def held(found: Finding) -> str:
    """In how many worlds the method's own interval holds what was caused."""
    return f"{100 * found.covered:.0f}%" if found.covered == found.covered else "–"


def effects(audit: Audit, words: Words) -> Shown:
    """What was caused, by segment: on the treated, on the others, and who orders again."""
    treated, others = (audit.effects_on(who) for who in WHO)
    counts = [audit.counts(who) for who in (TREATED, OTHERS)]
    won, lost = (audit.moved(what) for what in (WON, LOST))
    rows = [
        [
            label,
            *(whole(each[place]) for each in counts),
            *(cell(each[place], words) for each in (treated, others)),
            *(cell(each[place], words, signed=False) for each in (won, lost)),
        ]
        for place, label in audit.segments(words).items()
    ]
    keys = ("segment", "treated_count", "others_count", "on_treated", "on_others", "won", "lost")
    note = words("audit.tables.of_effects.note", unit=words(f"audit.titles.{audit.outcome}"))
    return _shown(words, "effects", keys, rows, words.joined(note, moved(audit, words)))


def months(audit: Audit, words: Words) -> Shown:
    """What was caused by month from the index day."""
    treated, others = (audit.by_month(who) for who in WHO)
    rows = []
    for month in sorted(treated):
        first = int(audit.manifest["index_day"]) + MONTH_DAYS * month
        days = words("range", low=f"{first:,}", high=f"{first + MONTH_DAYS - 1:,}")
        told = words("audit.month", month=month + 1, days=days)
        rows.append([told, cell(treated[month], words), cell(others[month], words)])
    return _shown(words, "months", ("month", "on_treated", "on_others"), rows)


def policies(audit: Audit, words: Words) -> Shown:
    """For whom it pays, checked in worlds that the tree has not seen."""
    return followed(audit.policies, pays(audit, words), words)


def followed(table: pd.DataFrame, note: str, words: Words) -> Shown:
    """What it brings to follow a policy, in worlds that the tree has not seen.

    Parameters
    ----------
    table
        `policies` of `sim.experiments.auditing.policy.policies`.
    note, words
        What stands above, and the language.
    """
    rows = [
        [
            words.name("policies", str(row["policy"])),
            words.number(row["share"], "share"),
            cell(estimate(row, 1.0), words),
            cell(estimate(row, 1.0, "over_mean", "over_"), words),
        ]
        for row in rows_of(table)
    ]
    keys = ("policy", "share", "brings", "over")
    return _shown(words, "policies", keys, rows, note)


def tests(audit: Audit, words: Words) -> Shown:
    """How large a test has to be, by outcome."""
    rows = []
    for outcome in OUTCOMES:
        if outcome not in audit.needed:
            continue
        own = audit.needed[outcome]
        arm = whole(own.per_arm) if own.caused.differs else words("audit.not_told")
        share = words.number(own.treated_share, "share")
        caused, least = cell(own.caused, words), words.number(own.detectable)
        name = words(f"audit.titles.{outcome}")
        rows.append([name, whole(own.customers), share, caused, arm, least])
    keys = ("outcome", "customers", "treated_share", "caused_all", "arm", "seen")
    note = words.joined(test_needed(audit, words), words("audit.tables.of_tests.note"))
    return _shown(words, "tests", keys, rows, note)


def asked(audit: Audit, words: Words) -> Shown:
    """How it was done, so that it can be done again."""
    manifest = audit.manifest
    title = words.prose(str(manifest["configuration"]["strategy"]["title"]))
    about = {
        "lever": words.name("levers", str(manifest["lever"])),
        "strategy": f"{words.strategy(str(manifest['scenario']))}\n{title}",
        "lives": words(
            "audit.asked.lives_value",
            day=manifest["index_day"],
            withheld=words.prose(str(manifest["withheld"])),
        ),
        "treated": words(
            "audit.asked.treated_value",
            who=who(audit, words),
            index=manifest["index_day"],
            landmark=manifest["landmark"],
        ),
        "outcome": words(
            "audit.asked.outcome_value",
            outcome=words(f"audit.titles.{audit.outcome}"),
            landmark=manifest["landmark"],
            end=manifest["end"],
        ),
        "seeds": words("comma").join(map(str, manifest["seeds"])),
    }
    rows = [[words(f"asked_again.{name}"), value] for name, value in about.items()]
    return asked_again(rows, command(audit), words)


def command(audit: Audit) -> str:
    """What to type for the same results."""
    manifest = audit.manifest
    index, landmark, end = (int(manifest[name]) for name in ("index_day", "landmark", "end"))
    settings = {
        "index_day": index,
        "exposure_days": landmark - index,
        "outcome_days": end - landmark,
    }
    names = [str(manifest[name]) for name in ("subject", "scenario")]
    return again(names, manifest, {"outcome": audit.outcome}, settings)


def _shown(
    words: Words,
    name: str,
    keys: tuple[str, ...],
    rows: list[list[str]],
    note: str = "",
    prose: bool = False,
) -> Shown:
    head = [words(f"audit.tables.{key}") for key in keys]
    title = words(f"audit.tables.of_{name}.title")
    said = note or words(f"audit.tables.of_{name}.note")
    return Shown(name, title, said, head, rows, prose)


__all__ = [
    "asked",
    "command",
    "effects",
    "followed",
    "held",
    "methods",
    "months",
    "policies",
    "tests",
]
