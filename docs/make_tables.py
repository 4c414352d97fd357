"""Write the documents' tables anew: docs/reference.md, docs/tables.md, and those of docs/odd.md.

    python docs/make_tables.py

In odd.md a table stands between `<!-- begin: name -->` and `<!-- end: name -->`. A test holds all
to what this script writes.
"""

import re
from collections.abc import Callable, Iterable
from itertools import groupby
from pathlib import Path

from sim.dictionary import document
from sim.reference.document import household, reference, row
from sim.reference.parameters import parameters
from sim.strategy.explaining import Step, phases, questions, steps
from sim.text.markdown import markdown

HERE = Path(__file__).parent


def odd(text: str) -> str:
    """The ODD description with its tables anew."""
    for name, table in TABLES.items():
        between = re.compile(rf"(<!-- begin: {name} -->\n).*?(<!-- end: {name} -->)", re.DOTALL)
        made = table()
        text, found = between.subn(lambda match: f"{match[1]}\n{made}\n{match[2]}", text)  # noqa: B023
        if found != 1:
            raise ValueError(f"docs/odd.md has {found} places for the table {name}, not one.")
    return text


def _numbered(found: Iterable[Step], asks: str) -> str:
    rows = (
        (number, f"[`{step.name}`](../{step.file})", step.what, ", ".join(step.asks))
        for number, step in enumerate(found, 1)
    )
    return markdown(("", "step", "what it does", asks), rows)


def _phases() -> str:
    rows = (
        (i, f"[`{each.name}`](../{each.file})", each.what) for i, each in enumerate(phases(), 1)
    )
    return markdown(("", "phase", "what it does"), rows)


def _questions() -> str:
    rows = ((each.what, f"[{each.name}](../{each.file})", _plain(each)) for each in questions())
    return markdown(("question", "file", "rules"), rows)


def _plain(question: Step) -> str:
    return ", ".join(f"`{rule.partition('.')[2]}`" for rule in question.asks)


def _parameters() -> str:
    mine = [each for each in parameters() if each.key.startswith("behaviour.")]
    parts = []
    for place, members in groupby(mine, lambda each: each.part):
        rows = []
        for each in members:
            _, default, unit, what, bounds, source, readers = row(each)
            rows.append((f"`{each.name}`", default, unit, what, bounds, source, readers))
        heads = ("parameter", "default", "unit", "what", "range", "source", "read by")
        parts.append(f"**{place.rpartition('.')[2]}**\n\n{markdown(heads, rows)}")
    return "\n".join(parts)


TABLES: dict[str, Callable[[], str]] = {
    "record": household,
    "phases": _phases,
    "steps": lambda: _numbered(steps(), "questions it turns on"),
    "questions": _questions,
    "parameters": _parameters,
}


if __name__ == "__main__":
    (HERE / "reference.md").write_text(reference(), encoding="utf-8")
    (HERE / "tables.md").write_text(document(), encoding="utf-8")
    described = HERE / "odd.md"
    described.write_text(odd(described.read_text(encoding="utf-8")), encoding="utf-8")
