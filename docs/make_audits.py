"""Write the numbers of docs/observed_and_caused.md: `make audits`.

    python docs/make_audits.py [RESULTS]

Given a folder of results, what `repurchase audit` left in it is kept in docs/audits/: of each
subject the tables of methods, gaps and tests, and the figure of one. What stands between
`<!-- begin: name -->` and `<!-- end: name -->` is then written from what is kept, and nothing
else; a test holds the document to it.
"""

import json
import shutil
import sys
from pathlib import Path
from typing import Any

import pandas as pd

from sim.report.audit.reading import METHODS
from sim.report.estimates import estimate, estimated
from sim.report.terminal import WORDS
from sim.store.runs import read_manifest, read_table
from sim.text.markdown import markdown

HERE = Path(__file__).parent
DOCUMENT, KEPT = HERE / "observed_and_caused.md", HERE / "audits"
TABLES = ("methods", "gaps", "tests")
FIRST = ("community", "coupons", "service")
DRAWN = "coupons"  # whose figure is shown
PER = 1000.0  # customers, of whom orders are told
TOLD = ("subject", "who", "why", "scenario", "index_day", "landmark", "end", "replications")


def keep(results: Path) -> None:
    """Keep the newest audit of each subject."""
    KEPT.mkdir(exist_ok=True)
    newest: dict[str, tuple[str, Path]] = {}
    for path in (results / "audit").glob("*/manifest.json"):
        manifest = read_manifest(path.parent)
        found = (str(manifest["created"]), path.parent)
        newest[manifest["subject"]] = max(newest.get(manifest["subject"], found), found)
    for subject, (_, folder) in newest.items():
        manifest = read_manifest(folder)
        about = {name: manifest[name] for name in TOLD}
        about["households"] = manifest["configuration"]["population"]["households"]
        (KEPT / f"{subject}.json").write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")
        for name in TABLES:
            read_table(folder, name).to_csv(KEPT / f"{subject}_{name}.csv", index=False)
        if subject == DRAWN:
            shutil.copy(folder / "figures/observed_and_caused.png", KEPT / f"{subject}.png")


def subjects() -> list[str]:
    """What is kept, the three that are told first before the others."""
    found = [path.stem for path in sorted(KEPT.glob("*.json"))]
    return sorted(found, key=lambda name: FIRST.index(name) if name in FIRST else len(FIRST))


def about(subject: str) -> dict[str, Any]:
    """How an audit was done."""
    found: dict[str, Any] = json.loads((KEPT / f"{subject}.json").read_text(encoding="utf-8"))
    return found


def rows(subject: str, table: str) -> list[dict[str, Any]]:
    """A kept table's rows about orders, numbers per 1,000 customers."""
    found = pd.read_csv(KEPT / f"{subject}_{table}.csv").query("outcome == 'orders'")
    names = "mean low high caused caused_low caused_high gap_mean gap_low gap_high detectable"
    for name in set(names.split()) & set(found):
        found[name] *= PER
    return [{str(key): value for key, value in row.items()} for row in found.to_dict("records")]


def methods(names: list[str]) -> str:
    """A row per method, a column per subject, and the effect caused at last."""
    own = {name: {row["method"]: row for row in rows(name, "methods")} for name in names}
    body = [
        [WORDS(f"audit.methods.{method}"), *(_said(own[name].get(method)) for name in names)]
        for method in METHODS
        if method != "ab_test"
    ]
    body.append(
        [
            "**caused**",
            *(f"**{_level(own[name]['naive'], 'caused', 'caused_')}**" for name in names),
        ]
    )
    heads = ["", *(name.replace("_", " ") for name in names)]
    return markdown(heads, body)


def _said(row: dict[str, Any] | None) -> str:
    if row is None or row["mean"] != row["mean"]:
        return "–"  # too few treated, or no test by household
    said = _level(row)
    return f"{said}; {row['verdict']}"


def _level(row: dict[str, Any], mean: str = "mean", ends: str = "") -> str:
    return estimated(estimate(row, 1.0, mean, ends), WORDS)


def gaps() -> str:
    """What the naive contrast of each subject consists of."""
    body = []
    for name in subjects():
        parts = {row["part"]: row for row in rows(name, "gaps") if row["method"] == "naive"}
        cells = [_level(parts[part]) for part in ("caused", "who_takes_part")]
        spill = WORDS.number(parts["effect_on_others"]["mean"], signed=True)
        body.append([name.replace("_", " "), *cells, spill, about(name)["why"]])
    return markdown(["subject", "caused", "who takes part", "others", "why they differ"], body)


def tests() -> str:
    """How large a test has to be."""
    body = []
    for name in subjects():
        row = rows(name, "tests")[0]
        known = row["low"] > 0.0 or row["high"] < 0.0
        body.append(
            [
                name.replace("_", " "),
                f"{row['customers']:,.0f}",
                f"{100 * row['treated_share']:.1f}%",
                _level(row),
                f"{row['per_arm']:,.0f}" if known else "not told from nothing",
                WORDS.number(row["detectable"]),
            ]
        )
    heads = ["subject", "customers", "treated", "caused, all", "in each arm", "all of them see"]
    return markdown(heads, body)


def yardstick() -> str:
    """Lifts, as the published comparison has them."""
    body = []
    for name in subjects():
        own = {row["method"]: row for row in rows(name, "methods")}
        lifts = [own[each]["lift"] for each in ("naive", "matching", "double_ml")]
        truth = own["naive"]["caused_lift"]
        mean = {each: own[each]["mean"] for each in ("naive", "matching", "double_ml")}
        least = min(mean["naive"], mean["matching"])
        holds = least >= mean["double_ml"] >= own["naive"]["caused"]
        if any(lift != lift for lift in lifts):
            continue
        told = [f"{100 * lift:+.0f}%".replace("-", "−") for lift in (*lifts, truth)]
        body.append([name.replace("_", " "), *told, "yes" if holds else "no"])
    heads = ["subject", "naive", "matching", "double machine learning", "caused", "order holds"]
    return markdown(heads, body)


def sizes() -> str:
    """How large the audits were."""
    own = about(subjects()[0])
    return (
        f"*{own['replications']} worlds of {own['households']:,} households each; index day "
        f"{own['index_day']}, landmark {own['landmark']}, end {own['end']}.*\n"
    )


def written(text: str) -> str:
    """The document with every part written anew."""
    others = [name for name in subjects() if name not in FIRST]
    half = -(-len(others) // 2)
    parts = {
        "sizes": sizes(),
        "first": methods([name for name in subjects() if name in FIRST]),
        "others": "\n".join(methods(names) for names in (others[:half], others[half:]) if names),
        "gaps": gaps(),
        "tests": tests(),
        "yardstick": yardstick(),
    }
    for name, part in parts.items():
        begin, end = f"<!-- begin: {name} -->", f"<!-- end: {name} -->"
        before, _, rest = text.partition(begin)
        text = f"{before}{begin}\n\n{part}\n{end}{rest.partition(end)[2]}"
    return text


def main() -> None:
    """Keep, if a folder is named, and write."""
    if len(sys.argv) > 1:
        keep(Path(sys.argv[1]))
    text = DOCUMENT.read_text(encoding="utf-8")
    DOCUMENT.write_text(written(text), encoding="utf-8")


if __name__ == "__main__":
    main()
