"""`python -m tests.faults <place> <bench> [<fault>...]`: under the shim, tells a line per fault."""

import json
import os
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

from tests.faults.benches import BENCHES
from tests.faults.judging import FAULTS, HARMLESS, Judge
from tests.faults.memory import MEMORY
from tests.faults.power import cut
from tests.faults.preload import built
from tests.faults.serving import told
from tests.faults.walking import throughout, walk

# Where there is no time for all: {"every": 5, "chances": 40}
CHOICE: dict[str, int] = json.loads(os.environ.get("FAULTS_CHOICE", "{}"))


def main(place: str, name: str, *faults: str) -> None:
    folder = Path(place).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    if "FAULTS_SHIM" not in os.environ:
        environment = {**os.environ, "FAULTS_SHIM": "1", "LD_PRELOAD": str(built(folder))}
        words = [sys.executable, "-m", "tests.faults", place, name, *faults]
        sys.exit(subprocess.run(words, env=environment).returncode)
    bench = replace(BENCHES[name](folder), **CHOICE)
    judge = Judge(bench)
    began = time.monotonic()
    for each, fault in HARMLESS.items():
        told({"fault": each, "problems": throughout(bench, judge, fault)})
    names = faults or (*FAULTS, "power", *MEMORY)
    tallies = walk(bench, judge, {each: FAULTS[each] for each in names if each in FAULTS})
    if "power" in names:
        tallies["power"] = cut(bench, judge)
    tallies |= {each: MEMORY[each](bench, judge) for each in names if each in MEMORY}
    for each, tally in tallies.items():
        told({"fault": each, **tally.told()})
    told({"bench": name, "seconds": round(time.monotonic() - began, 1)})


if __name__ == "__main__":
    main(*sys.argv[1:])
