"""Write the documents' tables anew: docs/reference.md, docs/tables.md, and those of docs/odd.md.

    python docs/make_tables.py

In odd.md a table stands between `<!-- begin: name -->` and `<!-- end: name -->`. A test holds both
files to what this script writes. Fields of records and their types are those of the code; where the
code declares no unit, range and meaning beside them, a line of records.csv does.
"""

import csv
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import fields
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np

from sim.dictionary import document
from sim.operator.budget import BUDGET
from sim.operator.combining import COMBINERS
from sim.operator.discovery import LEVERS
from sim.operator.hooks import levers_type
from sim.operator.operations import OPERATIONS_STATE
from sim.operator.own_records import INBOX, OF_HOUSEHOLDS, OF_OPERATOR, OFFERS
from sim.operator.regional import may_differ
from sim.parameters.quantity import in_words
from sim.reference.document import reference, row, shown
from sim.reference.parameters import Parameter, parameters
from sim.strategy.explaining import Step, day_steps, questions, steps
from sim.text.markdown import markdown
from sim.world import draws
from sim.world.catalogue import CATEGORY
from sim.world.communities import GROUP_RECORD
from sim.world.demography import REGION
from sim.world.household import FIELDS, HOUSEHOLD, WAKE_SCHEDULE, Field
from sim.world.kocs import KOC_RECORD
from sim.world.market import CALENDAR
from sim.world.state import CARRY_OVER, TODAY

HERE = Path(__file__).parent
MET = ("sum", "product", "largest", "1 − Π(1 − x)")  # by the number of the combiner
FOR_GOOD = ("set-up", "founding", "synthesis", "birth")  # who writes what never changes again


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


def _day_steps() -> str:
    rows = (
        (i, f"[`{each.name}`](../{each.file})", each.what) for i, each in enumerate(day_steps(), 1)
    )
    return markdown(("", "step", "what it does"), rows)


def _questions() -> str:
    rows = ((each.what, f"[{each.name}](../{each.file})", _plain(each)) for each in questions())
    return markdown(("question", "file", "rules"), rows)


def _plain(question: Step) -> str:
    return ", ".join(f"`{rule.partition('.')[2]}`" for rule in question.asks)


def _parameters() -> str:
    """Parameters of rules, a table for each file."""
    heads = ("parameter", "default", "unit", "what", "range", "source", "read by")
    tables = []
    for place, members in groupby(_under("behaviour"), lambda each: each.part):
        rows = ((f"`{each.name}`", *row(each)[1:]) for each in members)
        tables.append(f"**{place.rpartition('.')[2]}**\n\n{markdown(heads, rows)}")
    return "\n".join(tables)


def _settings(*parts: str) -> str:
    """Parameters of other parts of the configuration, lists whole; what all levers have, not."""
    rows = []
    for each in (each for part in parts for each in _under(part)):
        key, _, unit, what, bounds, *_ = row(each)
        common = {"from_day", "until_day", "audience"} & set(each.key.split(".")[2:])
        if not common:
            rows.append((key, _whole(each.default), unit, what, bounds))
    return markdown(("parameter", "default", "unit", "what", "range"), rows)


def _under(part: str) -> list[Parameter]:
    return [each for each in parameters() if each.key.startswith(f"{part}.")]


def _whole(value: Any) -> str:
    """A value with all of its members."""
    if isinstance(value, list):
        lists = any(isinstance(each, list) for each in value)
        return ("; " if lists else ", ").join(_whole(each) for each in value)
    return shown(value)


def _household() -> str:
    """The population record: all is declared there."""
    rows = (
        (f"`{f.name}`", _kind(HOUSEHOLD[f.name]), f.unit, _range(f), _changes(f.owner), f.about)
        for f in FIELDS
    )
    return f"One record takes {HOUSEHOLD.itemsize} bytes.\n\n" + markdown(HEADS, rows)


HEADS = ("field", "type", "unit", "range", "changes", "what")


def _range(field: Field) -> str:
    low, high = field.bounds
    if not np.isfinite(high):
        return "any" if not np.isfinite(low) else f"{in_words(low)} up"
    return f"{in_words(low)} to {in_words(high)}"


def _changes(owner: str) -> str:
    """Static, or who changes it."""
    static = all(each in FOR_GOOD for each in owner.split(", "))
    return "static" if static else owner


def _kind(kind: "np.dtype[Any]") -> str:
    if kind.names:
        return "record"
    shape = f"[{', '.join(map(str, kind.shape))}]" if kind.shape else ""
    return f"{kind.base.str.lstrip('<|')}{shape}"


def _every_lever() -> "np.dtype[Any]":
    """What the records of all levers have in common."""
    kinds = [levers_type()[name] for name in levers_type().names or ()]
    common = [n for n in kinds[0].names or () if all(n in (k.names or ()) for k in kinds)]
    return np.dtype([(name, kinds[0][name]) for name in common])


RECORDS = {
    "wake schedule": WAKE_SCHEDULE,
    "group": GROUP_RECORD,
    "koc": KOC_RECORD,
    "operations": OPERATIONS_STATE,
    "budget": BUDGET,
    "carry-over": CARRY_OVER,
    "lever": _every_lever(),
    "today": TODAY,
    "inbox": INBOX,
    "calendar": CALENDAR,
    "category": CATEGORY,
    "region": REGION,
}


def _told() -> dict[tuple[str, str], dict[str, str]]:
    """The lines of records.csv, by record and field."""
    with (HERE / "records.csv").open(encoding="utf-8", newline="") as file:
        return {
            (line["record"], line["field"]): line for line in csv.DictReader(file, delimiter=";")
        }


def _fields(record: str) -> Iterator[tuple[str, str, dict[str, str]]]:
    """Name, type and line of every field; a field without a line, or the reverse, is an error."""
    kind, told = RECORDS[record], _told()
    own = {f"{name}_{each.name}": each for name, each in OFFERS if record == "inbox"}
    for name in kind.names or ():
        if name in own:
            continue  # of a lever from outside the package, which tells of it itself
        if (record, name) not in told:
            raise ValueError(f"docs/records.csv lacks a line for the field {name} of {record}.")
        yield name, _kind(kind[name]), told[record, name]
    for where, name in told:
        if where == record and name not in (kind.names or ()):
            raise ValueError(f"docs/records.csv has a line for {name}, which {record} lacks.")


def _record(record: str) -> str:
    rows = (
        (f"`{name}`", kind, line["unit"], line["range"], _changes(line["written by"]), line["what"])
        for name, kind, line in _fields(record)
    )
    return markdown(HEADS, rows)


def _today() -> str:
    rows = []
    for name, kind, line in _fields("today"):
        met = MET[COMBINERS[name]] if name in COMBINERS else ""
        writer = _changes(line["written by"])
        rows.append((f"`{name}`", kind, line["unit"], line["range"], writer, met, line["what"]))
    return markdown((*HEADS[:-1], "levers meet by", "what"), rows)


def _own_states() -> str:
    """What levers keep from day to day: of each household, or one for the operator."""
    rows = [
        (f"`{name}.{each.name}`", whose, each.stored, each.unit, each.first, each.about)
        for whose, declared in (("household", OF_HOUSEHOLDS), ("operator", OF_OPERATOR))
        for name, each in declared
    ]
    if not rows:
        return "No lever of the package keeps a number of its own.\n"
    return markdown(("field", "kept of", "type", "unit", "at first", "what"), rows)


def _by_place() -> str:
    """Settings of levers that may differ by region or tier."""
    found = {lever: [n for n in _names(lever) if n in may_differ(lever)] for lever in LEVERS}
    rows = [
        (f"`{lever}`", ", ".join(f"`{n}`" for n in own) or "none") for lever, own in found.items()
    ]
    return markdown(("lever", "settings that may differ by region or tier"), rows)


def _names(lever: str) -> list[str]:
    return [item.name for item in fields(LEVERS[lever].Parameters)]


def _purposes() -> str:
    """What a household draws for, by number, as far as the rules have names for it."""
    known = {n: v for n, v in vars(draws).items() if n.isupper() and isinstance(v, int)}
    others = ("WORD", "HOUSEHOLD", "GROUP", "SYNTHESIS", "NEIGHBOURS", "CITY")
    told = sorted((value, name) for name, value in known.items() if name not in others)
    return ", ".join(f"`{name}` {value}" for value, name in told) + ".\n"


TABLES: dict[str, Callable[[], str]] = {
    "record": _household,
    **{record: partial(_record, record) for record in RECORDS if record != "today"},
    "today": _today,
    "own states": _own_states,
    "by place": _by_place,
    "day steps": _day_steps,
    "steps": lambda: _numbered(steps(), "questions it turns on"),
    "purposes": _purposes,
    "inputs": partial(_settings, "market", "population", "run"),
    "questions": _questions,
    "parameters": _parameters,
    "settings": partial(_settings, "operator", "community"),
}


if __name__ == "__main__":
    (HERE / "reference.md").write_text(reference(), encoding="utf-8")
    (HERE / "tables.md").write_text(document(), encoding="utf-8")
    described = HERE / "odd.md"
    described.write_text(odd(described.read_text(encoding="utf-8")), encoding="utf-8")
