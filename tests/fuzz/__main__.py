"""`make fuzz`: as many cases as the time holds, and what was wrong with them.

The coordinator reads the package once and forks a process for every batch of cases, so that
nothing one batch left in memory is there for the next. It watches: a process that comes to no end
is killed, and its case counts as a failure, as does one whose process died. Failures are told once
for each signature, with the smallest case that was found, which `--again` tries anew.
"""

import argparse
import json
import multiprocessing
import os
import secrets
import shutil
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

from tests.fuzz.case import from_json
from tests.fuzz.kinds import kinds
from tests.fuzz.sandbox import Sandbox
from tests.fuzz.telling import Tally
from tests.fuzz.trying import tried


def main() -> int:
    """Fuzz for a while, or try one case again."""
    words = argparse.ArgumentParser("make fuzz", description=__doc__)
    words.add_argument("--minutes", type=float, default=60.0)
    words.add_argument("--workers", type=int, default=2)
    words.add_argument("--seed", type=int, default=secrets.randbits(32))
    words.add_argument("--kinds", nargs="*", help="only kinds whose names begin so")
    words.add_argument("--as-found", action="store_true", help="do not make failing cases small")
    words.add_argument("--out", type=Path, default=Path(".fuzz"), help="where failing cases go")
    words.add_argument("--again", type=Path, nargs="*", help="try cases of that folder once more")
    asked = words.parse_args()
    sys.dont_write_bytecode = True
    memory = Path("/dev/shm")
    home = Path(
        tempfile.mkdtemp(prefix="fuzz-", dir=memory if os.access(memory, os.W_OK) else None)
    )
    try:
        sandbox = Sandbox(home)
        if asked.again:
            return _again(sandbox, asked.again)
        return _fuzz(sandbox, asked)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _fuzz(sandbox: Sandbox, asked: argparse.Namespace) -> int:
    from tests.fuzz.batches import fuzz

    sys.stderr.write(f"Seed {asked.seed}; reading the package.\n")
    there = kinds(sandbox)
    chosen = tuple(asked.kinds or [""])
    there = {name: kind for name, kind in there.items() if name.startswith(chosen)}
    if not there:
        sys.stderr.write(f"There is no kind {' or '.join(chosen)}.\n")
        return 2
    tally = Tally(asked.out, asked.minutes * 60, asked.seed)
    with suppress(KeyboardInterrupt):  # then what there is is told
        fuzz(sandbox, there, tally, asked.workers, asked.seed, not asked.as_found)
    print(tally.summary())
    return 1 if tally.failures else 0


def _again(sandbox: Sandbox, paths: list[Path]) -> int:
    """Try kept cases once more, telling all that came of them."""
    failed = 0
    there = kinds(sandbox)
    for path in paths:
        case = from_json(path.read_text(encoding="utf-8"))
        with sandbox.laboratory(there[case.kind].laboratory):
            one = tried(sandbox, case)
        failed += bool(one.faults)
        told = {"words": case.words, "code": one.outcome.code, "seconds": one.outcome.seconds}
        print(json.dumps({"file": path.name, **told, "faults": one.faults}))
        print(one.outcome.out + one.outcome.err + one.outcome.trace)
    return 1 if failed else 0


if __name__ == "__main__":
    multiprocessing.set_start_method("spawn")
    raise SystemExit(main())
