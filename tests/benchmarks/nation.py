"""All of China: 40 million households, a year. Long; recorded once and told again.

`python -m tests.benchmarks nation` lets them live and writes `nation.json` beside this file.
"""

import json
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.benchmarks.line import Line
from tests.benchmarks.machine import described, machine
from tests.benchmarks.memory import peak_bytes
from tests.benchmarks.worlds import THREADS, live, living

RECORD = Path(__file__).with_name("nation.json")
HOUSEHOLDS, WARMUP_DAYS, DAYS = 40_000_000, 0, 365
GIB = 2**30


def run(
    households: int = HOUSEHOLDS,
    days: int = DAYS,
    record: Path | None = RECORD,
    tell: Callable[[str], None] = print,
) -> dict[str, Any]:
    """Make a nation and let it live; the record of what that took."""
    began = time.perf_counter()
    model = living(households, WARMUP_DAYS, days)
    made = time.perf_counter() - began
    tell(f"{households:,} households made in {made:.0f} s")
    for first in range(0, days, 30):
        live(model, min(30, days - first))
        seconds = time.perf_counter() - began
        tell(f"day {model.day}: {seconds:.0f} s, {peak_bytes() / GIB:.1f} GiB")
    told = {
        "households": households,
        "days": days,
        "threads": THREADS,
        "seconds": round(time.perf_counter() - began, 1),
        "making_seconds": round(made, 1),
        "peak_gib": round(peak_bytes() / GIB, 2),
        "orders": sum(int(row["orders"]) for row in model.daily),
        "date": datetime.now(UTC).date().isoformat(),
        "machine": machine(),
    }
    if record is not None:
        record.write_text(json.dumps(told, indent=1) + "\n")
    return told


def measure(small: bool = False) -> list[Line]:
    """What was recorded when the nation last lived; nothing is measured now."""
    try:
        told = json.loads(RECORD.read_text())
    except FileNotFoundError:
        never = "never run here: python -m tests.benchmarks nation"
        return [
            Line("40 million households, 365 days", None, "minutes", 20.0, note=never),
            Line("40 million households, peak memory", None, "GiB", 24.0),
        ]
    recorded = (
        f"recorded {told['date']}, not measured in this run; {told['threads']} threads on "
        f"{described(told['machine'])}"
    )
    size = f"{told['households'] / 1e6:g} million households"
    return [
        Line(f"{size}, {told['days']} days", told["seconds"] / 60, "minutes", 20.0, note=recorded),
        Line(f"{size}, peak memory", told["peak_gib"], "GiB", 24.0),
    ]
