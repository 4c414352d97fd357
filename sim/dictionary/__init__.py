"""What the columns of every table mean: declared once, told by documents and by folders."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from sim.dictionary.ab_test import AB_TEST
from sim.dictionary.audit import AUDIT, INDIVIDUALS
from sim.dictionary.backtest import BACKTEST
from sim.dictionary.calibrate import CALIBRATE
from sim.dictionary.column import TYPES, Column, Declared
from sim.dictionary.experiments import COMPARE, RULE, SWEEP, VALIDATE, of_points
from sim.dictionary.fit import FIT
from sim.dictionary.one_setting import ASSUMPTIONS, DECOMPOSE, DOSE, LEVERS, STANDSTILL
from sim.dictionary.robustness import RELEVEL, ROBUSTNESS
from sim.dictionary.runs import RUN
from sim.dictionary.stress import STRESS
from sim.store.tables import DICTIONARY
from sim.text.markdown import markdown

KINDS: Mapping[str, Declared] = {
    "run": RUN,
    "compare": COMPARE,
    "sweep": SWEEP,
    "levers": LEVERS,
    "dose": DOSE,
    "decompose": DECOMPOSE,
    "assumptions": ASSUMPTIONS,
    "robustness": ROBUSTNESS,
    "stress": STRESS,
    "standstill": STANDSTILL,
    "validate": VALIDATE,
    "backtest": BACKTEST,
    "fit": FIT,
    "calibrate": CALIBRATE,
    "relevel": RELEVEL,
    "audit": AUDIT,
    "abtest": AB_TEST,
    "individuals": INDIVIDUALS,
    "rule": RULE,
}
HEADS = {
    "run": "A run",
    "compare": "A comparison",
    "sweep": "A sweep",
    "levers": "Levers one at a time",
    "dose": "Dose curves",
    "decompose": "A strategy taken apart",
    "assumptions": "Assumptions over their ranges",
    "robustness": "Conclusions under other assumptions",
    "stress": "Strategies put through shocks",
    "standstill": "Whether a strategy stands still",
    "validate": "A validation",
    "backtest": "Experiments that happened, predicted",
    "fit": "An operator fitted to its order log",
    "calibrate": "Behaviour estimated from the evidence",
    "relevel": "Alternatives brought to level",
    "audit": "What is observed and what is caused",
    "abtest": "An A/B test inside runs",
    "individuals": "Which customers a strategy moves",
    "rule": "The responses of a rule",
}


def described(kind: str, tables: Mapping[str, pd.DataFrame]) -> dict[str, dict[str, Any]]:
    """What is known of every column of tables that are written.

    Parameters
    ----------
    kind
        One of `KINDS`.
    tables
        All of a folder, or some; of a sweep, `settings` and `outcomes` name columns of `points`.
    """
    found = {}
    for name, table in tables.items():
        known = {column.name: column for column in _columns(kind, name, tables)}
        found[name] = {
            str(column): known[str(column)].told() for column in table if str(column) in known
        }
    return found


def _columns(kind: str, name: str, tables: Mapping[str, pd.DataFrame]) -> tuple[Column, ...]:
    columns = KINDS[kind].get(name, ())
    if (kind, name) != ("sweep", "points") or not {"settings", "outcomes"} <= set(tables):
        return columns
    varied, outcomes = (tables[each].astype(str) for each in ("settings", "outcomes"))
    settings = {
        key: (unit, what)
        for key, unit, what in zip(varied["key"], varied["unit"], varied["what"], strict=True)
    }
    units = dict(zip(outcomes["indicator"], outcomes["unit"], strict=True))
    of_words = {key for key in settings if tables[name][key].dtype.kind not in "if"}
    own = of_points(settings, units)
    return (*columns, *(c._replace(type="word") if c.name in of_words else c for c in own))


def write_dictionary(folder: Path, kind: str, tables: Mapping[str, pd.DataFrame]) -> None:
    """Put what the columns of a folder's tables mean beside them, as `columns.json`."""
    text = json.dumps(described(kind, tables), indent=1, ensure_ascii=False)
    (folder / DICTIONARY).write_text(text + "\n", encoding="utf-8")


def document() -> str:
    """The data dictionary in Markdown, as docs/tables.md has it."""
    parts = [INTRODUCTION]
    for kind, declared in KINDS.items():
        parts.append(f"## {HEADS[kind]}\n")
        for name, columns in declared.items():
            rows = (
                (f"`{c.name}`", c.type, c.unit, c.meaning, ", ".join(filter(None, c.labels)))
                for c in columns
            )
            heads = ("column", "type", "unit", "meaning", "words")
            parts.append(f"### {HEADS[kind]}: {name}\n\n{markdown(heads, rows)}")
    return "\n".join(parts)


INTRODUCTION = """# Tables

Every column of every table that is written. `make reference` writes this document from the
declarations in `sim/dictionary/`; each folder of results has the same of its own tables in
`columns.json`.

Types: *whole*, a whole number; *number*, one that may have a fraction or be missing; *switch*,
true or false; *word*, a name, one of those in the last column where they are always the same;
*text*, prose or a list. Days count from the strategy's first, day 0; months have 30 days.
"""

__all__ = ["KINDS", "TYPES", "Column", "described", "document", "write_dictionary"]
