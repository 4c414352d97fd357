"""Runs that tests have done on other machines: workers find these functions by name."""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pandas as pd

from sim.experiments.plan import PlannedRun
from sim.parameters.quantity import ConfigurationError
from sim.store.result import Result

OnDay = Callable[[int], None]


def quick(run: PlannedRun, on_day: OnDay) -> Result:
    """A run that follows from its seed and takes FARAWAY_SECONDS."""
    for day in range(10):
        time.sleep(float(os.environ.get("FARAWAY_SECONDS", "0")) / 10)
        on_day(day)
    table = pd.DataFrame({"seed": [run.seed], "word": pd.Categorical(["a"]), "share": [1 / 3]})
    info: dict[str, float | str] = {"household_days": 1.0}
    return Result(table, table, table, table, table, info=info)


def killed_once(run: PlannedRun, on_day: OnDay) -> Result:
    """The same, but the first time that seed 2 is lived, its worker dies."""
    mark = Path(os.environ["FARAWAY_MARK"])
    if run.seed == 2 and not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return quick(run, on_day)


def always_killed(run: PlannedRun, on_day: OnDay) -> Result:
    """The same, but whoever lives seed 2 dies."""
    if run.seed == 2:
        os.kill(os.getpid(), signal.SIGKILL)
    return quick(run, on_day)


def unlucky(run: PlannedRun, on_day: OnDay) -> Result:
    """The same, but seed 2 is refused."""
    if run.seed == 2:
        raise ConfigurationError("seed 2 is unlucky.")
    return quick(run, on_day)
