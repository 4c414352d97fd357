"""Keep what `repurchase validate` measured in conf/evidence/measured.csv: `make measured`.

    python docs/make_measured.py [RESULTS]

Of the newest validation in a folder of results, what was measured of each fact is kept, so that
comparisons can show it beside the facts their strategies name.
"""

import sys
from pathlib import Path

from sim.evidence.facts import facts_file
from sim.evidence.measured import kept
from sim.store.runs import read_manifest, read_table
from sim.store.tables import write_csv


def main(results: Path) -> None:
    """Keep the newest validation in a folder of results."""
    folders = [path.parent for path in results.glob("validate/*/manifest.json")]
    newest = max(folders, key=lambda folder: str(read_manifest(folder)["created"]))
    households = read_manifest(newest)["configuration"]["population"]["households"]
    table = kept(read_table(newest, "facts"), households)
    with facts_file().with_name("measured.csv").open("w", encoding="utf-8", newline="") as file:
        write_csv(table, file)


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "results"))
