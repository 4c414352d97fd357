"""Two workers side by side: first the tests without a mistake, then mutants as they come."""

import multiprocessing
import os
import queue
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.mutants.planting import Mutant
from tests.mutants.trying import BY_ROOM, SLOWEST, Verdict, Worker

WORKERS = 2
PATIENCE = 4.0  # times what the tests take without a mistake; longer goes round in circles
LEAST_SECONDS = 20.0  # of that


class NotSoundError(RuntimeError):
    """The tests fail without any mistake, or cannot be run; the message says which."""


def tried(root: Path, chosen: list[Mutant]) -> Iterator[tuple[Mutant, Verdict]]:
    """Each of them as it is done with, those first that need the engine, which take longest.

    Raises
    ------
    NotSoundError
        If a test fails without a mistake.
    """
    from sim.compilation.compiled import ENGINE
    from sim.store.sources import source_fingerprint

    spawn = multiprocessing.get_context("spawn")
    to_do: Any = spawn.Queue()
    done: Any = spawn.Queue()
    for number, mutant in sorted(enumerate(chosen), key=lambda each: not each[1].machine_code):
        to_do.put((number, mutant))
    for _ in range(WORKERS):
        to_do.put(None)
    rooms = [room for room in BY_ROOM if any(mutant.file.startswith(room) for mutant in chosen)]
    gate = spawn.Barrier(WORKERS)
    shared = (root, source_fingerprint(ENGINE), gate, to_do, done)
    parts = [rooms[worker::WORKERS] for worker in range(WORKERS)]
    homes = [Path(tempfile.mkdtemp(prefix="mutants-")) for _ in range(WORKERS)]
    processes = [
        spawn.Process(target=_work, args=(part, home, *shared), daemon=True)
        for part, home in zip(parts, homes, strict=True)
    ]
    for process in processes:
        process.start()
    left = len(chosen)
    try:
        while left:
            try:
                number, verdict = done.get(timeout=2.0)
            except queue.Empty:
                if any(process.exitcode for process in processes):
                    raise NotSoundError("A worker came to a bad end.") from None
                continue
            if isinstance(number, int):
                left -= 1
                yield chosen[number], verdict
                continue
            sys.stderr.write(f"Without a mistake, tests for {number}: {verdict.by}\n")
            if verdict.killed:
                raise NotSoundError("First all tests must pass.")
    finally:
        to_do.cancel_join_thread()
        for process in processes:
            process.terminate()
            process.join()
        for home in homes:
            shutil.rmtree(home, ignore_errors=True)


def _work(
    rooms: list[str], home: Path, root: Path, world: str, gate: Any, to_do: Any, done: Any
) -> None:
    """The life of a worker: its part of the tests without a mistake, then mutants."""
    worker = Worker(root, world, home)
    longest = LEAST_SECONDS
    for room in rooms:
        verdict = worker.run(BY_ROOM[room], SLOWEST)
        done.put((room, verdict))
        longest = max(longest, verdict.seconds)
    gate.wait()
    boss = os.getppid()
    while (job := to_do.get()) is not None:
        if os.getppid() != boss:
            return  # nobody waits for more
        number, mutant = job
        done.put((number, worker.tried(mutant, longest * PATIENCE)))
