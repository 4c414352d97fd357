"""Memory that is refused: one request of Python's, or all that native code makes from then on.

Python asks for memory a million times in a command, so a choice of these requests is refused: as
many early ones, where a command differs most from moment to moment, as evenly spread ones. What
native code asks for goes to the system; it is refused by a limit on the process's own memory, in
steps. Libraries are imported and code is compiled before.
"""

import faulthandler
import resource
import signal
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from tests.faults.judging import Fault, Judge, Tally, note
from tests.faults.preload import REFUSE
from tests.faults.serving import Bench, Ended, command, in_a_child

try:  # CPython brings it for its own tests, and some systems leave it out
    import _testcapi  # type: ignore[import-not-found]
except ImportError:
    _testcapi = None

LONGEST = 20  # seconds of a command
MOST = 2**24  # requests of one command
MANY = 1000  # more than anybody tries again
FIRST = 10  # before it, requests are of this test's own
STEP = 2**21  # bytes
REFUSED = Fault(REFUSE)


def refused(bench: Bench, judge: Judge) -> Tally:
    """Refuse one request for memory, the n-th, for a choice of n."""
    tally = Tally()
    for number in spread(_requests(bench), bench.chances):
        _meet(bench, judge, tally, number, partial(_refuse, number, number + 1))
    return tally


def limited(bench: Bench, judge: Judge) -> Tally:
    """Let the process have little more than it has, by steps of two megabytes."""
    tally = Tally()
    for number in range(bench.chances // 3):
        _meet(bench, judge, tally, number, partial(_limit, number * STEP))
    return tally


def spread(last: int, samples: int) -> Iterator[int]:
    """Numbers up to the last: half of them evenly spread, half by equal factors."""
    half = samples // 2
    evenly = {FIRST + last * place // half for place in range(half)}
    factors = {max(FIRST, round(last ** (place / half))) for place in range(half)}
    yield from sorted(evenly | factors)


def _meet(
    bench: Bench, judge: Judge, tally: Tally, number: int, prepare: Callable[[], None]
) -> None:
    ended = _given(bench, prepare)
    wrong = judge.ended(ended, REFUSED) if ended.code == 0 else []
    wrong += judge.whole()
    after, given = judge.again()
    note(tally, "memory", ended, given)
    if ended.code and judge.ended(ended, REFUSED):
        tally.sentences -= ended.code > 0
        tally.unsaid[_where(ended)] += 1
    tally.problems += [f"memory {number}: {each}" for each in wrong + after]


def _given(bench: Bench, prepare: Callable[[], None]) -> Ended:
    def work() -> int:
        faulthandler.enable()  # which tells where a crash was
        faulthandler.register(signal.SIGALRM, chain=True)  # and where it hangs
        signal.alarm(LONGEST)
        prepare()
        try:
            return command(bench.words)
        finally:
            if _testcapi:
                _testcapi.remove_mem_hooks()

    bench.lay_out()
    return in_a_child(work, bench.home)


def _requests(bench: Bench) -> int:
    """How often the command asks for memory, at most: later refusals let it complete."""
    number = MOST // 2
    while not _given(bench, partial(_refuse, number, number + MANY)).code:
        number //= 2
    return 2 * number


def _refuse(first: int, last: int) -> None:
    _testcapi.set_nomemory(first, last)


def _limit(more: int) -> None:
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    most = pages * resource.getpagesize() + more
    resource.setrlimit(resource.RLIMIT_AS, (most, most))


def _where(ended: Ended) -> str:
    """What was said in place of a sentence: the last place in a file, and the error."""
    lines = ended.said.splitlines() or [""]
    places = [line.strip() for line in lines if line.strip().startswith("File ")]
    return f"{ended.code}: {' / '.join([*places[:1], *places[-1:], lines[0], *lines[-1:]])[-300:]}"


MEMORY = {"little memory": limited, **({"memory": refused} if _testcapi else {})}
