"""Write the tables of docs/validation.md that can be generated: `make measured`.

    python docs/make_validation.py [RESULTS]

Given a folder of results, what its newest validation says beyond the facts is kept in
docs/validated/. What stands between `<!-- begin: name -->` and `<!-- end: name -->` is then written
from that, from conf/evidence/measured.csv and conf/evidence/history.csv, and nothing else; a test
holds the document to it.
"""

import json
import re
import sys
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pandas as pd

from sim.evidence.facts import KINDS, load_facts
from sim.evidence.history import load_history
from sim.evidence.measured import beside
from sim.report.terminal import WORDS
from sim.report.validate import answer
from sim.report.validate.reading import SHOPS, VERDICTS
from sim.store.runs import read_manifest, read_table
from sim.store.tables import write_csv
from sim.text.markdown import markdown

HERE = Path(__file__).parent
DOCUMENT, KEPT = HERE / "validation.md", HERE / "validated"
TABLES = ("regularities", "beside")
ROLES = ("fit", "check", "input")
TOLD = {"level": "levels", "contrast": "contrasts", "causal": "experiments", "pattern": "patterns",
        "input": "inputs"}  # fmt: skip


def newest(results: Path) -> Path:
    """The newest validation in a folder of results."""
    folders = [path.parent for path in results.glob("validate/*/manifest.json")]
    if not folders:
        raise SystemExit(f"{results} holds no validation: run `repurchase validate` first.")
    return max(folders, key=lambda folder: str(read_manifest(folder)["created"]))


def keep(folder: Path) -> None:
    """Keep what a validation says beyond the facts, and of which worlds."""
    KEPT.mkdir(exist_ok=True)
    for name in TABLES:
        with (KEPT / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            write_csv(read_table(folder, name), file, float_format="%.6g")
    manifest = read_manifest(folder)
    about = {
        "households": manifest["configuration"]["population"]["households"],
        "worlds": len(manifest["seeds"]),
    }
    (KEPT / "about.json").write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")


def kept(name: str) -> list[dict[str, Any]]:
    """Rows of a table that is kept."""
    table = pd.read_csv(KEPT / f"{name}.csv", keep_default_na=False, na_values=[""])
    return [{str(key): value for key, value in row.items()} for row in table.to_dict("records")]


def verdicts() -> str:
    """How many facts of each role and kind have which verdict, as they are kept."""
    table = beside(load_facts())
    rows = []
    for role in ROLES:
        for kind in KINDS:
            own = table[(table["role"] == role) & (table["kind"] == kind)]
            if len(own):
                counts = [str(int((own["verdict"] == verdict).sum())) for verdict in VERDICTS]
                rows.append([role, TOLD[kind], *counts])
    return markdown(["role", "kind", *VERDICTS], rows)


def _span(low: float, high: float) -> str:
    return f" ({WORDS.number(low)} to {WORDS.number(high)})" if low == low and high == high else ""


def regularities() -> str:
    """Every row beyond the facts: expected, measured, verdict."""
    rows = []
    for row in kept("regularities"):
        expected = f"{WORDS.number(row['reported'])}{_span(row['low'], row['high'])}"
        measured = f"{WORDS.number(row['value'])}{_span(row['low95'], row['high95'])}"
        what = f"{row['kpi']}; {row['condition']}"
        rows.append([row["id"], what, expected, measured, row["verdict"], row["source"]])
    heads = ["", "what", "expected (tolerance)", "measured", "verdict", "after"]
    about = json.loads((KEPT / "about.json").read_text(encoding="utf-8"))
    said = f"{about['worlds']} worlds of {about['households']:,} households.\n\n"
    return said + markdown(heads, rows)


def _numbers(measure: str) -> dict[str, dict[str, Any]]:
    return {str(row["item"]): row for row in kept("beside") if row["measure"] == measure}


def _pair(row: dict[str, Any]) -> list[str]:
    return [WORDS.number(float(row[name])) for name in ("value", "expected")]


def shops() -> str:
    """The operator and its rivals beside the Dirichlet."""
    buyers, often = _numbers("buyers"), _numbers("purchases_of_a_buyer")
    rows = [
        [WORDS(f"validate.shops.{shop}"), *_pair(buyers[shop]), *_pair(often[shop])]
        for shop in SHOPS
    ]
    heads = ["shop", "buyers", "Dirichlet", "purchases of a buyer", "Dirichlet"]
    return markdown(heads, rows)


def cohort() -> str:
    """Who orders in which month after the first order, by months 2 to 4."""
    numbers = _numbers("cohort")
    rows = [
        [who, *(WORDS.number(float(row[name])) for row in numbers.values())]
        for who, name in (("here", "value"), ("grocery records", "expected"))
    ]
    return markdown(["month", *numbers], rows)


def ages() -> str:
    """Quartiles of the child's age at purchase, here and in the records."""
    parts = [_numbers(f"age_{part}") for part in ("lower", "median", "upper")]
    rows = [
        [
            WORDS(f"validate.categories.{item}"),
            *(cell for part in parts for cell in _pair(part[item])),
        ]
        for item in parts[0]
    ]
    heads = [
        "months",
        "lower quartile",
        "records",
        "median",
        "records",
        "upper quartile",
        "records",
    ]
    return markdown(heads, rows)


def second_year() -> str:
    """Purchases of the second year by those of the first, with mechanisms off and on."""
    off, on = (_numbers(f"second_year_{which}") for which in ("switched_off", "as_it_is"))
    last = max(off, key=int)
    rows = [
        [f"{item} and more" if item == last else item, *_pair(off[item]), *_pair(on[item])]
        for item in off
    ]
    heads = ["repeat purchases, first year", "switched off: made", "forecast", "as it is: made"]
    return markdown([*heads, "forecast"], rows)


def history() -> str:
    """Verdicts of every state that was kept, and the facts whose verdict changed."""
    states = list(load_history().groupby(["version", "date"], sort=False))
    rows = [
        [
            f"{version}, {date}",
            str(len(own)),
            *(str((own["verdict"] == v).sum()) for v in VERDICTS[:3]),
        ]
        for (version, date), own in states
    ]
    said = markdown(["state", "facts", *VERDICTS[:3]], rows)
    changed = []
    for (_, before), ((version, _), after) in pairwise(states):
        both = (
            before.set_index("id")["verdict"].to_frame("was").join(after.set_index("id")["verdict"])
        )
        for fact, row in both.dropna().iterrows():
            if row["was"] != row["verdict"]:
                changed.append(f"{fact} from {row['was']} to {row['verdict']} ({version})")
    told = "; ".join(changed) or "none"
    return f"{said}\nChanged since the state before: {told}.\n"


def relevance() -> str:
    """The level of empirical relevance claimed for each output."""
    table = beside(load_facts())
    told = zip(table["kind"], table["verdict"], strict=True)
    return markdown(["output", "level", "why"], answer.relevance(told, WORDS))


MADE: dict[str, Callable[[], str]] = {
    "verdicts": verdicts,
    "relevance": relevance,
    "regularities": regularities,
    "shops": shops,
    "cohort": cohort,
    "ages": ages,
    "second year": second_year,
    "history": history,
}


def document(text: str) -> str:
    """The document with its tables anew."""
    for name, table in MADE.items():
        between = re.compile(rf"(<!-- begin: {name} -->\n).*?(<!-- end: {name} -->)", re.DOTALL)
        made = table()
        text, found = between.subn(lambda match: f"{match[1]}\n{made}\n{match[2]}", text)  # noqa: B023
        if found != 1:
            raise ValueError(
                f"docs/validation.md has {found} places for the table {name}, not one."
            )
    return text


def main(results: Path | None) -> None:
    """Keep the newest validation of a folder of results, if one is given, and write the tables."""
    if results is not None:
        keep(newest(results))
    DOCUMENT.write_text(document(DOCUMENT.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
