"""Make the reference comparison in results/reference/ anew: `make results`.

    python docs/make_results.py

A few strategies live in a few small worlds, in a folder that is forgotten. Of what comes of it
tables, page, one figure and the unchanging part of the manifest are kept in git; a test holds that
today's code gives the same tables. Nothing that is kept tells time, machine or revision, so making
it twice gives the same bytes.
"""

import hashlib
import json
import shutil
import tempfile
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any

from markupsafe import escape

from sim import compare
from sim.api import Results
from sim.report.figure import Exhibit
from sim.report.figures import exhibits
from sim.report.page import Beside, rendered, write_pages
from sim.report.reading import Comparison, read_comparison
from sim.report.words import Words
from sim.store.tables import write_csv

KEPT = Path(__file__).parents[1] / "results" / "reference"
STRATEGIES = ("baseline", "koc_led", "membership", "reminders")
WORLDS = 4  # with three, differences that happen to be equal have no interval
SIZE = ("population.households=1000", "run.days=1095")  # three years, enough for every horizon
COMMAND = " ".join(["repurchase compare", *STRATEGIES, f"-n {WORLDS}", *SIZE])
# Tables that a reader opens; the rest is on the page, in conf/, or of single households.
TABLES = (
    "strategies", "changes", "goals", "people", "horizon", "ladder", "payback", "ranking",
    "levels", "differences", "precision", "money", "won_lost",
)  # fmt: skip
FIGURE = "differences"
# What the manifest tells that does not change from one time, machine or revision to the next.
LASTING = (
    "experiment", "reference", "strategies", "replications", "seed", "seeds", "budget",
    "precision", "goal", "goals", "overrides",
)  # fmt: skip
BESIDE = (
    "This page is kept in the repository: beside it lie some of its tables as CSV and one of its "
    f"figures. All of them, and the full configuration, come of {COMMAND}"
)


def compared(results: Path) -> Results:
    """The reference comparison, lived through by today's code."""
    return compare(
        STRATEGIES, replications=WORLDS, overrides=SIZE, results=results, executor="threads"
    )


def tables(found: Results) -> dict[str, str]:
    """The tables that are kept, as CSV; levels of all households alone, not by segment."""
    texts = {}
    for name in TABLES:
        table, text = getattr(found, name), StringIO()
        write_csv(table[table["by"] == "all"] if name == "levels" else table, text)
        texts[name] = text.getvalue()
    return texts


def manifest(found: Results) -> dict[str, Any]:
    """What is kept of the manifest, but for versions and checksums."""
    return {"command": COMMAND} | {name: found.manifest[name] for name in LASTING}


def write(found: Results, home: Path) -> None:
    """Put everything that is kept into an empty folder."""
    write_pages(home, "en", lambda _: _lasting(found), exhibits, _page, _is_kept)
    for name, text in tables(found).items():
        (home / f"{name}.csv").write_text(text, encoding="utf-8")
    files = sorted(path for path in home.rglob("*") if path.is_file())
    sums = {path.relative_to(home).as_posix(): checksum(path) for path in files}
    told = manifest(found) | {"versions": found.manifest["versions"], "files": sums}
    (home / "manifest.json").write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")


def checksum(path: Path) -> str:
    """SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _lasting(found: Results) -> Comparison:
    """What the page is made of, without time, machine and revision."""
    told = {name: found.manifest[name] for name in (*LASTING, "configurations", "versions")}
    return replace(read_comparison(found.folder), manifest=told)


def _page(comparison: Comparison, made: list[Exhibit], words: Words, lying: Beside) -> str:
    """The page, which says what lies beside this one."""
    text = rendered(comparison, made, words, lying)
    usual = words("page.beside", figures="figures/", manifest="manifest.json")
    for told, instead in ((usual, BESIDE), (words("page.no_slides"), "")):
        if str(escape(told)) not in text:
            raise ValueError(f"The page no longer says: {told}")
        text = text.replace(str(escape(told)), str(escape(instead)))
    return text


def _is_kept(exhibit: Exhibit) -> bool:
    return exhibit.name == FIGURE


def main() -> None:
    """Make all of it, and put it in the place of what was kept."""
    with tempfile.TemporaryDirectory() as place:
        home = Path(place) / "reference"
        home.mkdir()
        write(compared(Path(place)), home)
        shutil.rmtree(KEPT, ignore_errors=True)
        shutil.copytree(home, KEPT)


if __name__ == "__main__":
    main()
