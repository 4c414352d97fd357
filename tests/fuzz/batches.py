"""Batches of cases, each in a forked process that is watched."""

import json
import os
import random
import resource
import select
import signal
import time
import traceback
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.fuzz.case import Case, from_json
from tests.fuzz.kinds import Kind
from tests.fuzz.sandbox import Sandbox
from tests.fuzz.telling import Tally
from tests.fuzz.trying import Tried, try_many

CASES_OF_A_BATCH, SECONDS_OF_A_BATCH = 200, 15.0
HANGING_SECONDS = 60.0
NICE = 5  # others at the machine come first
MOST_BYTES = 6 << 30  # of memory, lest a case that reads without end takes the whole machine's


@dataclass
class Batch:
    """A process at work, and what is known of it."""

    kind: str
    process: int
    pipe: int
    current: Path
    begun: float
    heard: float
    unread: bytes = b""
    ended: bool = False


def fuzz(
    sandbox: Sandbox,
    there: Mapping[str, Kind],
    tally: Tally,
    workers: int,
    seeded: int,
    shrink: bool = True,
) -> None:
    """Try batches of all kinds, each having its share of the time, until the time is over."""
    luck = random.Random(seeded)
    spent = dict.fromkeys(there, 0.0)
    running: list[Batch] = []
    try:
        while running or tally.seconds_left > 0:
            while len(running) < workers and tally.seconds_left > 0:
                kind = min(spent, key=lambda name: (spent[name] / there[name].share, luck.random()))
                spent[kind] += 1e-3  # so that two workers begin with different kinds
                batch = _begun(sandbox, kind, there[kind], luck.getrandbits(32), tally, shrink)
                running.append(batch)
            _hear(running, tally)
            for batch in [each for each in running if each.ended or _hangs(each)]:
                _end(batch, tally)
                spent[batch.kind] += time.monotonic() - batch.begun
                running.remove(batch)
            if tally.seconds_left < -HANGING_SECONDS:
                break
            tally.tell_now_and_then()
    finally:
        for batch in running:
            _kill(batch)


def _begun(
    sandbox: Sandbox, name: str, kind: Kind, seeded: int, tally: Tally, shrink: bool
) -> Batch:
    """Fork a process that tries a batch."""
    current = sandbox.place / f"current-{seeded}.json"
    reading, writing = os.pipe()
    process = os.fork()
    if process == 0:
        os.close(reading)
        try:
            known = set(tally.failures)
            _work(sandbox, kind, seeded, known, current, writing, tally.deadline, shrink)
            os._exit(0)
        except BaseException:
            _say(writing, {"broken": traceback.format_exc()})
            os._exit(1)
    os.close(writing)
    now = time.monotonic()
    return Batch(name, process, reading, current, now, now)


def _work(
    sandbox: Sandbox,
    kind: Kind,
    seeded: int,
    known: set[str],
    current: Path,
    pipe: int,
    deadline: float,
    shrink: bool,
) -> None:
    os.nice(NICE)
    resource.setrlimit(resource.RLIMIT_AS, (MOST_BYTES, MOST_BYTES))
    os.setsid()  # what a case starts is killed with it

    began = time.monotonic()
    failing: list[Tried] = []

    def before(case: Case) -> None:
        late = time.monotonic() > began + SECONDS_OF_A_BATCH and not failing
        if late or time.monotonic() > deadline:
            for one in failing[-1:]:
                keep(one)
            os._exit(0)
        current.write_text(case.as_json(), encoding="utf-8", errors="surrogatepass")

    worked = time.process_time()

    def after(one: Tried, again: bool) -> None:
        nonlocal worked
        before, worked = worked, time.process_time()
        told = {"code": one.outcome.code, "seconds": one.outcome.seconds, "faults": one.faults}
        _say(pipe, {**told, "again": again, "worked": worked - before})
        if not known.issuperset(one.faults):
            if shrink:
                failing.append(one)  # at the end of the time, the smallest so far
            else:
                keep(one)
                known.update(one.faults)

    def keep(one: Tried) -> None:
        shown = "\n".join((one.outcome.trace, one.outcome.err[-2000:]))
        _say(pipe, {"found": one.case.as_json(), "faults": one.faults, "shown": shown})

    with sandbox.laboratory(kind.laboratory):
        found = try_many(
            sandbox, kind.cases, CASES_OF_A_BATCH, seeded, known, before, after, shrink
        )
    if found:
        keep(found)


def _say(pipe: int, told: Mapping[str, Any]) -> None:
    line = json.dumps(told).encode() + b"\n"
    while line:
        line = line[os.write(pipe, line) :]


def _hear(running: list[Batch], tally: Tally) -> None:
    """Read what processes told since."""
    ready, _, _ = select.select([batch.pipe for batch in running], [], [], 0.5)
    for batch in (each for each in running if each.pipe in ready):
        read = os.read(batch.pipe, 1 << 16)
        batch.ended = not read
        batch.heard = time.monotonic()
        *lines, batch.unread = (batch.unread + read).split(b"\n")
        for line in lines:
            _take(batch, json.loads(line), tally)


def _take(batch: Batch, told: dict[str, Any], tally: Tally) -> None:
    if "broken" in told:
        raise RuntimeError(f"The fuzzer itself failed, in {batch.kind}:\n{told['broken']}")
    if "found" in told:
        tally.keep(told["faults"], from_json(told["found"]), told["shown"])
    else:
        tally.count(batch.kind, told)


def _hangs(batch: Batch) -> bool:
    return time.monotonic() - batch.heard > HANGING_SECONDS


def _end(batch: Batch, tally: Tally) -> None:
    """See to it that a process is gone; one that hung or died takes its case with it."""
    if not batch.ended:
        _kill(batch)
        fault = f"{batch.kind}: hangs for {HANGING_SECONDS:g} seconds"
    else:
        _, status = os.waitpid(batch.process, 0)
        os.close(batch.pipe)
        ended = os.waitstatus_to_exitcode(status)
        fault = f"{batch.kind}: the process ended by {ended}" if ended else ""
    if fault and batch.current.exists():
        case = from_json(batch.current.read_text(encoding="utf-8", errors="surrogatepass"))
        tally.count(batch.kind, {"code": None, "seconds": 0.0, "faults": [fault], "again": False,
                                 "worked": 0.0})  # fmt: skip
        tally.keep([fault], case, "")
    batch.current.unlink(missing_ok=True)


def _kill(batch: Batch) -> None:
    for send in (os.killpg, os.kill):
        try:
            send(batch.process, signal.SIGKILL)
        except ProcessLookupError:
            continue
    os.waitpid(batch.process, 0)
    os.close(batch.pipe)
