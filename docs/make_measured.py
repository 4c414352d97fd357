"""Keep what `repurchase validate` measured in conf/evidence/measured.csv: `make measured`.

    python docs/make_measured.py [RESULTS]

Of the newest validation in a folder of results, what was measured of each fact is kept, so that
comparisons can show it beside the facts their strategies name; and appended to
conf/evidence/history.csv as the newest state. A state that has been appended before is made anew.
"""

import sys
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

from sim.evidence.facts import facts_file
from sim.evidence.history import history_file, load_history, with_state
from sim.evidence.measured import kept
from sim.store.runs import read_manifest, read_table
from sim.store.tables import write_csv


def main(results: Path) -> None:
    """Keep the newest validation in a folder of results."""
    folders = [path.parent for path in results.glob("validate/*/manifest.json")]
    newest = max(folders, key=lambda folder: str(read_manifest(folder)["created"]))
    manifest = read_manifest(newest)
    households = manifest["configuration"]["population"]["households"]
    table = kept(read_table(newest, "facts"), households)
    history = with_state(load_history(), table, state(manifest), manifest["created"][:10])
    for file, what in ((facts_file().with_name("measured.csv"), table), (history_file(), history)):
        with file.open("w", encoding="utf-8", newline="") as opened:
            write_csv(what, opened)


def state(manifest: Mapping[str, Any]) -> str:
    """What the state of the project is called that a validation was made by: version and commit."""
    revision = manifest["revision"] or manifest["code"]
    changed = "+" if revision.endswith("+") else ""  # of a checkout with changes of its own
    return f"{version('repurchase')}+{revision[:7]}{changed}"


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "results"))
