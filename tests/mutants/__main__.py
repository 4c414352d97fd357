"""`make mutants`: plant mistakes into the rules, and say which of them no test notices.

Mistakes are planted into copies of the package that two workers have in a temporary folder. Those
that change nothing anybody could see are listed with the reason in `equivalent.yaml`, and neither
planted nor counted. First all tests must pass without a mistake. The exit code is 1 where less
than 85 % are noticed.
"""

import argparse
import sys
from collections import Counter
from pathlib import Path

import yaml

from tests.mutants.planting import Mutant, drawn, mutants_of
from tests.mutants.together import NotSoundError, tried
from tests.mutants.trying import BY_ROOM, Verdict

ROOT = Path(__file__).parents[2]
EQUIVALENT = Path(__file__).with_name("equivalent.yaml")
LEAST_SHARE = 0.85
COUNT = 240


def main() -> int:
    """Try mutants; tell survivors and the share that was killed."""
    words = argparse.ArgumentParser("make mutants", description=__doc__)
    words.add_argument("files", nargs="*", metavar="FILES", help="only of these files or folders")
    words.add_argument("--count", type=int, default=COUNT, help="how many, of all files")
    words.add_argument("--seed", type=int, default=1, help="another seed draws others")
    words.add_argument("--like", help="all whose source before or after has this in it, instead")
    words.add_argument("--verbose", action="store_true", help="tell what noticed each")
    asked = words.parse_args()
    by_file = {file: mutants_of(ROOT, file) for file in _files(asked.files)}
    if not by_file:
        sys.stderr.write("None of these files is in " + ", ".join(BY_ROOM) + "\n")
        return 2
    known = equivalents()
    every = {file: [m for m in mutants if m.told not in known] for file, mutants in by_file.items()}
    if asked.like:
        chosen = [m for all_of in every.values() for m in all_of if asked.like in str(m.told)]
    else:
        chosen = drawn(every, asked.count, asked.seed)
    found: list[tuple[Mutant, Verdict]] = []
    try:
        for mutant, verdict in tried(ROOT, chosen):
            found.append((mutant, verdict))
            alive = sum(not each.killed for _, each in found)
            sys.stderr.write(f"\r{len(found)} of {len(chosen)} tried, {alive} alive ")
            if asked.verbose:
                what = "killed" if verdict.killed else "ALIVE"
                sys.stderr.write(
                    f"{what} {_line(mutant)}  [{verdict.by}, {verdict.seconds:.1f} s]\n"
                )
            sys.stderr.flush()
    except NotSoundError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    sys.stderr.write("\n")
    return told(sorted(found, key=lambda each: (each[0].file, each[0].line)))


def _files(asked: list[str]) -> list[str]:
    there = sorted(path for room in BY_ROOM for path in (ROOT / room).rglob("*.py"))
    names = [path.relative_to(ROOT).as_posix() for path in there]
    return [name for name in names if not asked or name.startswith(tuple(asked))]


def equivalents() -> set[tuple[str, str, str, str]]:
    """Mutants that change nothing, by file and source text."""
    listed = yaml.safe_load(EQUIVALENT.read_text(encoding="utf-8")) or []
    return {
        (each["file"], each["inside"], each["before"], after)
        for each in listed
        for after in ([each["after"]] if isinstance(each["after"], str) else each["after"])
    }


def _line(mutant: Mutant) -> str:
    return f"{mutant.file}:{mutant.line}: {mutant.inside}: {mutant.before}  ->  {mutant.after}"


def told(found: list[tuple[Mutant, Verdict]]) -> int:
    """Print survivors, and the share of each folder and of all; returns the exit code."""
    for mutant, verdict in found:
        if not verdict.killed:
            print(_line(mutant))
    rooms = Counter(next(r for r in BY_ROOM if m.file.startswith(r)) for m, _ in found)
    killed = Counter(next(r for r in BY_ROOM if m.file.startswith(r)) for m, v in found if v.killed)
    for room, count in rooms.items():
        print(f"{room} {killed[room]} of {count} killed, {killed[room] / count:.0%}")
    share = killed.total() / max(rooms.total(), 1)
    print(f"{killed.total()} of {rooms.total()} mutants killed, {share:.1%}")
    return 0 if share >= LEAST_SHARE else 1


if __name__ == "__main__":
    raise SystemExit(main())
