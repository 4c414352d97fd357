"""`python -m tests.benchmarks`: every line of the table "Speed and size", with its target."""

import argparse
import csv
import json
import os
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tests.benchmarks import (
    cold_start,
    common_luck,
    default_compare,
    growth,
    memory,
    nation,
    plain_agents,
    point,
    speed,
    starsim_sir,
    stored_report,
)
from tests.benchmarks.line import Line
from tests.benchmarks.machine import described, machine

MEASUREMENTS: dict[int, Callable[[bool], list[Line]]] = {
    1: speed.measure,
    2: cold_start.measure,
    3: growth.measure,
    4: memory.measure,
    5: nation.measure,
    6: plain_agents.measure,
    7: starsim_sir.measure,
    8: default_compare.measure,
    9: common_luck.measure,
    10: stored_report.measure,
    11: point.measure,
}


def main() -> None:
    """Measure what is asked for and tell it."""
    asked = _words()
    about = machine()
    if asked.what == "nation":
        print(described(about))
        size = (100_000, 30, None) if asked.small else ()
        print(json.dumps(nation.run(*size), indent=1))
        return
    print(f"{described(about)}; load {os.getloadavg()[0]:.1f} at the start\n", flush=True)
    lines: list[Line] = []
    for number in asked.only or MEASUREMENTS:
        began = time.perf_counter()
        for line in MEASUREMENTS[number](asked.small):
            print(line, flush=True)
            lines.append(line)
        print(f"    [{number}: {time.perf_counter() - began:.0f} s]", flush=True)
    missed = [line for line in lines if line.reached is False]
    print(f"\n{len(missed)} of {len(lines)} figures missed their target.")
    if asked.write:
        write(asked.write, lines, about)


def write(path: Path, lines: list[Line], about: dict[str, Any]) -> None:
    """The figures as CSV, or with the machine as JSON, by the name's ending."""
    rows = [{**asdict(line), "reached": line.reached} for line in lines]
    with path.open("w", newline="", encoding="utf-8") as file:
        if path.suffix == ".csv":
            table = csv.DictWriter(file, list(rows[0]))
            table.writeheader()
            table.writerows(rows)
        else:
            json.dump({"machine": about, "lines": rows}, file, indent=1)


def _words() -> argparse.Namespace:
    told = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    told.add_argument("what", nargs="?", choices=["table", "nation"], default="table")
    told.add_argument(
        "--only",
        type=lambda text: [int(number) for number in text.split(",")],
        help="numbers of measurements, as in --only 1,4",
    )
    told.add_argument("--write", type=Path, help="a file for the figures, .json or .csv")
    told.add_argument("--small", action="store_true", help="tiny sizes: does it run at all?")
    asked = told.parse_args()
    unknown = set(asked.only or ()) - set(MEASUREMENTS)
    if unknown:
        told.error(
            f"there is no measurement {sorted(unknown)[0]}; there are 1 to {len(MEASUREMENTS)}"
        )
    return asked


if __name__ == "__main__":
    main()
