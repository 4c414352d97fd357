"""Bytes per household: as declared, and as the machine sees them."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np

from sim.world.household import HOUSEHOLD, WAKE_SCHEDULE
from tests.benchmarks.line import Line
from tests.benchmarks.worlds import living

SIZES = (1_000_000, 10_000_000)


def measure(small: bool = False) -> list[Line]:
    """Growth of the process's memory from one size to ten times that."""
    sizes = (20_000, 200_000) if small else SIZES
    less, more = (_resident(size) for size in sizes)
    growth = (more["peak_bytes"] - less["peak_bytes"]) / (sizes[1] - sizes[0])
    arrays = ", ".join(f"{name} {size:.1f}" for name, size in more["arrays"].items())
    return [
        Line("record of a household", HOUSEHOLD.itemsize, "bytes", 192),
        Line(
            "memory per household, ties and all",
            growth,
            "bytes",
            400,
            note=f"growth of peak memory from {sizes[0]:,} to {sizes[1]:,} households over "
            f"{more['days']} days; of that set aside: {arrays}; strong ties are computed, "
            "not stored",
        ),
    ]


def arrays_of(model: Any) -> dict[str, float]:
    """Bytes per household of every array of a model that grows with its population."""
    held = {"record": model.households, "wake_schedule": model.wake_schedules}
    held |= {name: getattr(model.world, name) for name in ("ordered_on", "groups", "kocs")}
    count = len(model.households)
    sizes = {name: np.asarray(array).nbytes / count for name, array in held.items()}
    sizes["buffers of the day"] = sum(np.asarray(each).nbytes for each in model.buffers) / count
    assert sizes["wake_schedule"] == WAKE_SCHEDULE.itemsize
    return sizes


def _resident(households: int) -> dict[str, Any]:
    """What a process of its own needed for a world of that size."""
    command = [sys.executable, "-m", "tests.benchmarks.memory", str(households)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=os.environ)
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def peak_bytes() -> int:
    """Most memory this process ever had."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) * 1024


def _tell(households: int, warmup_days: int = 10, days: int = 10) -> None:
    model = living(households, warmup_days, days)
    while model.day < days:
        model.step()
    told = {"peak_bytes": peak_bytes(), "arrays": arrays_of(model), "days": warmup_days + days}
    print(json.dumps(told))


if __name__ == "__main__":
    _tell(int(sys.argv[1]))
