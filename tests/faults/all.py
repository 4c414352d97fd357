"""`make faults`: every fault at every operation of real commands; a line for each kind of fault."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

COMMANDS = ("run", "compare", "half done", "report")
MEMORY = Path("/dev/shm")


def main(*benches: str) -> int:
    wrong = 0
    for bench in benches or COMMANDS:
        with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as place:
            words = [sys.executable, "-m", "tests.faults", place, bench]
            done = subprocess.run(words, stdout=subprocess.PIPE, text=True)
        wrong += done.returncode
        lines = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
        for each in lines:
            problems = each.pop("problems", [])
            wrong += len(problems)
            print(
                bench, *(f"{name}={value}" for name, value in each.items()), *problems, sep="\n  "
            )
    return min(wrong, 1)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
