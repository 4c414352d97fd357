"""Commands as a user gives them: a process of its own, with its own caches and results."""

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent


def compare_seconds(cache: Path, results: Path, words: Sequence[str] = ()) -> float:
    """Seconds that `repurchase compare` takes, from the command to its last line."""
    return seconds(cache, "compare", *words, "--results", str(results))


def seconds(cache: Path, *words: str) -> float:
    """Seconds that `repurchase` takes with these words."""
    command = [sys.executable, "-m", "sim", *words]
    environment = {**os.environ, "REPURCHASE_CACHE": str(cache)}
    began = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, env=environment)
    taken = time.perf_counter() - began
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command)} failed:\n{done.stderr}")
    return taken
