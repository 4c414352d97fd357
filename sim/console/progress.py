"""How far a batch of runs has come, and a bar that shows it on a terminal."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sim.text.outgoing import visible


@dataclass(frozen=True)
class Standing:
    """Where a batch of runs stands.

    Attributes
    ----------
    finished, runs
        Runs that are stored, and all of them.
    lived, to_live
        Household-days simulated so far by finished and running runs, and all that this command
        has to simulate; runs found on disk count in neither, nor do those of other processes.
    elsewhere
        Runs that another process is doing, which are waited for.
    stage
        Which part of a longer task these runs are, in words; empty where there is only one.
    """

    finished: int
    runs: int
    lived: int
    to_live: int
    elsewhere: int = 0
    stage: str = ""

    @property
    def told(self) -> str:
        """How many runs are done, and whether others do some."""
        told = f"{self.stage}{self.finished} of {self.runs} runs"
        return told + f", {self.elsewhere} by another process" * bool(self.elsewhere)


OnProgress = Callable[[Standing], None]


@contextmanager
def bar(label: str) -> Iterator[OnProgress | None]:
    """A progress bar on stderr with the time left; None where stderr is no terminal.

    The time left follows household-days, not runs: it is right from the first run on, and stays
    so when runs differ in size.
    """
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TextColumn("{task.fields[runs]}"),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(visible(label), total=None, runs="")

        def show(standing: Standing) -> None:
            progress.update(
                task,
                total=standing.to_live,
                completed=standing.lived,
                runs=standing.told,
            )

        yield show


__all__ = ["OnProgress", "Standing", "bar"]
